//! Numbers in tar headers: octal digits, base 256, or blank.

use wire::manifest::Timestamp;

use wire::units::show_path;

/// Parses a field: octal digits up to a space or NUL, or signed base 256, which GNU tar uses for
/// large numbers and for times before 1970. A blank field is 0: npm and cargo leave owners blank.
pub(super) fn field(bytes: &[u8]) -> Result<i64, String> {
    let malformed = || format!("'{}' is not a number", show_path(bytes));
    match bytes[0] {
        first @ 0x80.. => {
            // Bit 7 marks base 256; bit 6 is the sign.
            let sign = if first & 0x40 != 0 { -64 } else { 0 };
            let start = i128::from(first & 0x3f) + sign;
            let bytes = &bytes[1..];
            let value = bytes.iter().fold(start, |value, byte| value << 8 | i128::from(*byte));
            i64::try_from(value).map_err(|_| malformed())
        }
        _ => {
            let is_blank = |byte: &u8| matches!(byte, 0 | b' ');
            let begin = bytes.iter().position(|byte| !is_blank(byte)).unwrap_or(bytes.len());
            let digits = bytes[begin..].split(is_blank).next().unwrap_or_default();
            let digit = |byte: &u8| match byte {
                b'0'..=b'7' => Ok(i64::from(byte - b'0')),
                _ => Err(malformed()),
            };
            // The longest field has 12 digits, which is 36 bits, so the shift cannot overflow.
            digits.iter().try_fold(0, |value, byte| Ok(value << 3 | digit(byte)?))
        }
    }
}

/// Parses a field into an unsigned type; `what` names the field in the error.
pub(super) fn count<T: TryFrom<i64>>(what: &str, bytes: &[u8]) -> Result<T, String> {
    let number = field(bytes).map_err(|problem| format!("its {what}: {problem}"))?;
    T::try_from(number).map_err(|_| format!("its {what}, {number}, is out of range"))
}

/// Parses a PAX time such as `1700000000.123456789` or `-5.25`.
pub(super) fn time(value: &[u8]) -> Result<Timestamp, String> {
    let malformed = || format!("'{}' is not a time", show_path(value));
    let text = std::str::from_utf8(value).map_err(|_| malformed())?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let secs: i64 = whole.parse().map_err(|_| malformed())?;
    let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    let nanos: u32 = digits.parse().map_err(|_| malformed())?;
    // -5.25 is a quarter of a second before -5.
    if whole.starts_with('-') && nanos > 0 {
        let secs = secs.checked_sub(1).ok_or_else(malformed)?;
        return Ok(Timestamp { secs, nanos: 1_000_000_000 - nanos });
    }
    Ok(Timestamp { secs, nanos })
}

/// Reads the length of a member's content, as stored in the tar, from its header block.
pub(super) fn stored_len(block: &[u8; super::stream::BLOCK_LEN]) -> Result<u64, String> {
    count("size", &block[124..136])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_before_1970_and_with_fractions() {
        for (text, secs, nanos) in [
            ("0", 0, 0),
            ("1700000000.5", 1_700_000_000, 500_000_000),
            ("-5.25", -6, 750_000_000),
            ("-0.5", -1, 500_000_000),
            ("-5", -5, 0),
            ("1.1234567891", 1, 123_456_789),
        ] {
            assert_eq!(time(text.as_bytes()), Ok(Timestamp { secs, nanos }), "{text}");
        }
        assert!(time(b"x").is_err());
        assert!(time(b"-9223372036854775808.5").is_err());
    }

    #[test]
    fn fields_are_octal_base_256_or_blank() {
        for (bytes, number) in [
            (&b"00000000017\0"[..], 15),
            (b"   17 \0\0", 15),
            (b"0000017\0junk", 15),
            (&[0; 8], 0),
            (b"        ", 0),
            (&[0xff; 12], -1),
            (b"777777777777", (1 << 36) - 1),
            (b"\x80\0\0\x01\0\0\0\0", 1 << 32),
        ] {
            assert_eq!(field(bytes), Ok(number), "{bytes:?}");
        }
        let mut wide = [0; 12];
        (wide[0], wide[3]) = (0x80, 0x40);
        assert!(field(&wide).is_err(), "2^70");
        (wide[0], wide[3]) = (0xff, 0xff);
        assert!(field(&wide).is_err(), "far below zero");
        assert!(field(b"0000018\0").is_err());
        assert!(count::<u32>("owner", &[0xff; 8]).unwrap_err().contains("-1"));
    }
}
