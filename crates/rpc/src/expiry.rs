//! Certificates that end soon: a daemon warns of them while there is time to renew them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::current::Current;
use crate::tls::TlsDir;

/// A certificate that ends within this time is warned of.
pub const WARN_BEFORE: Duration = Duration::from_secs(14 * 24 * 3600);

/// Interval between two warnings of the same certificate.
const WARN_EVERY: Duration = Duration::from_secs(24 * 3600);

/// The end of a certificate of a TLS folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateEnd {
    /// The file in the TLS folder.
    pub file: &'static str,
    /// When it ends, in seconds since the epoch.
    pub at: i64,
}

impl CertificateEnd {
    /// Returns the seconds until a certificate ends; negative if it has ended.
    pub fn seconds_left(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        self.at.saturating_sub(i64::try_from(now).unwrap_or(i64::MAX))
    }

    /// Returns whether it ends within [`WARN_BEFORE`], or has ended.
    pub fn is_soon(&self) -> bool {
        self.seconds_left() < i64::try_from(WARN_BEFORE.as_secs()).unwrap_or(i64::MAX)
    }

    /// Returns the time left in words: `in 12 days`, `in 5 hours`, `ended 3 days ago`.
    pub fn words(&self) -> String {
        let left = self.seconds_left();
        let span = match left.unsigned_abs() / 3600 {
            hours @ 0..48 => format!("{hours} hours"),
            hours => format!("{} days", hours / 24),
        };
        if left < 0 { format!("ended {span} ago") } else { format!("in {span}") }
    }
}

/// Returns the ends of our certificate and of the CA.
pub fn ends(tls: &TlsDir) -> [CertificateEnd; 2] {
    let (own, ca) = (tls.certificate().valid.1, tls.authority().end());
    [CertificateEnd { file: "cert.pem", at: own }, CertificateEnd { file: "ca.pem", at: ca }]
}

/// Writes to the log which certificates end soon, at once and then once a day; never returns.
pub(crate) async fn warn(tls: Current<TlsDir>) {
    loop {
        let now = tls.now();
        for end in ends(&now).iter().filter(|end| end.is_soon()) {
            tracing::warn!(
                file = %now.path().join(end.file).display(),
                "a certificate ends {}: run `imaged pki renew` where the CA's key is, and put the new files here; no \
                 restart is needed",
                end.words()
            );
        }
        tokio::time::sleep(WARN_EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ending_in(seconds: i64) -> CertificateEnd {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        CertificateEnd { file: "cert.pem", at: i64::try_from(now).unwrap() + seconds }
    }

    #[test]
    fn ends_are_told_in_words_and_warned_of_in_time() {
        let day = 24 * 3600;
        let told = |seconds| (ending_in(seconds).words(), ending_in(seconds).is_soon());
        assert_eq!(told(90 * day + 60), ("in 90 days".to_owned(), false));
        assert_eq!(told(14 * day + 60), ("in 14 days".to_owned(), false));
        assert_eq!(told(14 * day - 60), ("in 13 days".to_owned(), true));
        assert_eq!(told(5 * 3600 + 60), ("in 5 hours".to_owned(), true));
        assert_eq!(told(-3 * day - 60), ("ended 3 days ago".to_owned(), true));
        assert!(!CertificateEnd { file: "ca.pem", at: i64::MAX }.is_soon());
    }
}
