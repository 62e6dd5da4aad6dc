//! Lengths and times in the form that people write, and the sizes on which all formats are built.

use std::time::Duration;

/// Length of an EBS snapshot's block in bytes; AWS bills snapshots by the block. *Source:* EBS direct APIs.
pub const SNAPSHOT_BLOCK_LEN: u64 = 512 * 1024;

/// Longest content of a frame in bytes. A random read decodes at most two frames.
pub const FRAME_LEN_MAX: usize = 256 * 1024;

/// Longest content in bytes of a Data object; longer content is a list of frames, each an object of its own.
pub const OBJECT_WHOLE_LEN_MAX: usize = 4 * FRAME_LEN_MAX;

/// Length of a page in bytes: manifests keep holes at this granularity.
pub const PAGE_LEN: u64 = 4096;

/// Longest duration in seconds that a user may ask for: a hundred years. A time that is computed from such a duration
/// can still be represented.
pub const DURATION_MAX_SECS: u64 = 100 * 366 * 86400;

/// Reason that a size or a duration was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// The text is not a size, or is a size above `u64::MAX` bytes.
    #[error(
        "'{0}' is not a size: expected bytes or a number with KiB, MiB, GiB or TiB, such as 3GiB"
    )]
    Size(String),
    /// The text is not a duration, or is a duration above [`DURATION_MAX_SECS`].
    #[error(
        "'{0}' is not a duration: expected a number with s, m, h or d, such as 15m, of at most 36600d"
    )]
    Duration(String),
}

/// Parses a size: bytes, or a whole number with `KiB`, `MiB`, `GiB` or `TiB`.
///
/// # Errors
/// [`UnitError::Size`] for any other text, and for more than `u64::MAX` bytes.
pub fn parse_size(text: &str) -> Result<u64, UnitError> {
    const UNITS: [(&str, u64); 4] =
        [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)];
    let (digits, unit) = UNITS
        .iter()
        .find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?, *unit)))
        .unwrap_or((text, 1));
    parse_number(digits)
        .and_then(|number| number.checked_mul(unit))
        .ok_or_else(|| UnitError::Size(text.to_owned()))
}

/// Parses a duration: a whole number with `s`, `m`, `h` or `d`.
///
/// # Errors
/// [`UnitError::Duration`] for any other text, and for more than [`DURATION_MAX_SECS`].
pub fn parse_duration(text: &str) -> Result<Duration, UnitError> {
    const UNITS: [(char, u64); 4] = [('s', 1), ('m', 60), ('h', 3600), ('d', 86400)];
    UNITS
        .iter()
        .find_map(|(suffix, seconds)| Some((text.strip_suffix(*suffix)?, *seconds)))
        .and_then(|(digits, seconds)| parse_number(digits)?.checked_mul(seconds))
        .filter(|seconds| *seconds <= DURATION_MAX_SECS)
        .map(Duration::from_secs)
        .ok_or_else(|| UnitError::Duration(text.to_owned()))
}

fn parse_number(digits: &str) -> Option<u64> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// Formats a count with its noun, whose plural ends in s: `1 target`, `2 targets`.
pub fn format_count(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Formats a length in bytes for people: three significant digits and a binary unit.
pub fn format_len(len: u64) -> String {
    const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut value = len as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    match unit {
        0 => format!("{len} B"),
        _ if value < 10.0 => format!("{value:.2} {}", UNITS[unit]),
        _ if value < 100.0 => format!("{value:.1} {}", UNITS[unit]),
        _ => format!("{value:.0} {}", UNITS[unit]),
    }
}

/// Formats a path for people; escapes control characters, backslashes and bytes that are not UTF-8.
pub fn show_path(path: &[u8]) -> String {
    path.utf8_chunks()
        .flat_map(|chunk| {
            let text = chunk.valid().chars().flat_map(|c| {
                match c.is_control() || c == '\\' {
                    true => c.escape_default().to_string(),
                    false => c.to_string(),
                }
                .chars()
                .collect::<Vec<_>>()
            });
            let escaped = chunk
                .invalid()
                .iter()
                .flat_map(|byte| format!("\\x{byte:02x}").chars().collect::<Vec<_>>());
            text.chain(escaped).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, expect) in [
            ("0", Some(0)),
            ("512KiB", Some(SNAPSHOT_BLOCK_LEN)),
            ("3GiB", Some(3 << 30)),
            ("", None),
            ("KiB", None),
            ("+1", None),
            ("1.5GiB", None),
            ("1GB", None),
            ("99999999999TiB", None),
        ] {
            assert_eq!(parse_size(text).ok(), expect, "{text}");
        }
    }

    #[test]
    fn durations() {
        for (text, expect) in
            [("90s", Some(90)), ("15m", Some(900)), ("24h", Some(86400)), ("30d", Some(2_592_000))]
        {
            assert_eq!(parse_duration(text).ok().map(|d| d.as_secs()), expect, "{text}");
        }
        for text in ["", "s", "10", "-1s", "1w", "99999999999999999999d", "40000d"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lengths_for_people() {
        for (len, expect) in
            [(0, "0 B"), (1023, "1023 B"), (1536, "1.50 KiB"), (687 << 20, "687 MiB")]
        {
            assert_eq!(format_len(len), expect);
        }
    }
}
