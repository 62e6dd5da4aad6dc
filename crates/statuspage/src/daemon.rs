//! What every daemon shows of itself: its certificates and its calls.

use maud::Markup;
use rpc::expiry::ends;
use rpc::gate::Gatekeeper;

use crate::metrics::{Counters, Exposition, Seconds};
use crate::page::{date, tile};

/// Adds the metrics of certificates and calls.
pub fn write(page: &mut Exposition, keeper: &Gatekeeper) {
    let tls = keeper.tls.now();
    let ends = ends(&tls).map(|end| {
        let at = u64::try_from(end.at).unwrap_or_default();
        (vec![("file", end.file.to_owned())], at)
    });
    page.gauges(
        "certificate_end_timestamp_seconds",
        "When a certificate of the TLS folder ends, in seconds since 1970",
        ends,
    );
    let revoked = tls.authority().revoked().iter().count() as u64;
    page.gauge("certificates_revoked", "Certificates that the CA revoked", revoked);
    let (calls, seconds) = (Counters::default(), Seconds::default());
    for (method, result, totals) in keeper.calls.totals() {
        let labels = vec![("method", method.to_owned()), ("result", result.to_owned())];
        calls.get_or_create(&labels).inc_by(totals.calls);
        seconds.get_or_create(&labels).inc_by(totals.time.as_secs_f64());
    }
    page.counters("calls", "Calls that ended, by method and result", &calls);
    page.seconds("call_seconds", "Time that these calls took, to the last byte", &seconds);
}

/// Renders the figure of the certificate that ends first.
pub fn certificate_tile(keeper: &Gatekeeper) -> Markup {
    let ends = ends(&keeper.tls.now());
    let first = if ends[1].at < ends[0].at { ends[1] } else { ends[0] };
    let more = if first.is_soon() {
        format!("{} ends {}: imaged pki renew", first.file, first.words())
    } else {
        format!("{} ends {}", first.file, first.words())
    };
    tile("Certificate", &date(first.at.saturating_mul(1000)), &more)
}
