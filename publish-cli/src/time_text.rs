//! Times as text.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Formats when an image expires, in milliseconds since the epoch; 0 is never.
pub(crate) fn format_expiry(ms: i64) -> String {
    if ms == 0 { "never".to_owned() } else { format_time(ms) }
}

/// Formats a time in milliseconds since the epoch, to the second, in UTC.
pub(crate) fn format_time(ms: i64) -> String {
    OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000))
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| "unknown".to_owned())
}
