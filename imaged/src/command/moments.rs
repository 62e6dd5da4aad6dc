//! Days and times, as commands take and print them: in UTC.

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};

pub(super) fn day(seconds: i64) -> String {
    moment(seconds).chars().take(10).collect()
}

pub(super) fn moment(seconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(seconds).ok();
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_else(|| seconds.to_string())
}

/// Parses a day or a time, into seconds since the epoch.
pub(super) fn parse_time(text: &str) -> Result<i64, String> {
    let day = || Date::parse(text, format_description!("[year]-[month]-[day]")).ok();
    let midnight = |day: Date| day.midnight().assume_offset(UtcOffset::UTC);
    let time = OffsetDateTime::parse(text, &Rfc3339).ok().or_else(|| day().map(midnight));
    let time = time.ok_or_else(|| {
        format!("'{text}' is no time, such as 2026-11-28 or 2026-11-28T10:00:00Z")
    })?;
    Ok(time.unix_timestamp())
}
