//! The simulator's clock. It decides when snapshots, AMIs and parameters change their state.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;

/// A clock that tests can move forward and speed up.
#[derive(Debug)]
pub struct Clock(Mutex<Setting>);

#[derive(Debug)]
struct Setting {
    /// The time that the clock showed when it was last set, in milliseconds since the epoch.
    shown: i64,
    /// The real time when the clock was last set.
    at: Instant,
    /// Milliseconds that pass on the clock per real millisecond.
    speed: f64,
}

impl Clock {
    /// Makes a clock that starts at the real time and runs `speed` times as fast.
    pub fn new(speed: f64) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let shown = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Self(Mutex::new(Setting { shown, at: Instant::now(), speed }))
    }

    /// Returns the clock's time in milliseconds since the epoch.
    pub fn now_ms(&self) -> i64 {
        self.0.lock().now()
    }

    /// Returns an expiry time: `seconds` after the clock's present time, in milliseconds since the epoch.
    pub fn after_s(&self, seconds: u64) -> i64 {
        self.now_ms().saturating_add_unsigned(seconds.saturating_mul(1000))
    }

    /// Moves the clock forward by milliseconds.
    pub fn advance_ms(&self, by: u64) {
        let mut setting = self.0.lock();
        setting.shown = setting.shown.saturating_add_unsigned(by);
    }

    /// Sets the speed relative to real time; 0 stops the clock.
    pub fn set_speed(&self, speed: f64) {
        let mut setting = self.0.lock();
        *setting = Setting { shown: setting.now(), at: Instant::now(), speed };
    }
}

impl Setting {
    fn now(&self) -> i64 {
        self.shown + (self.at.elapsed().as_secs_f64() * self.speed * 1000.0) as i64
    }
}

/// Formats a time, in milliseconds since the epoch, as AWS does: `2026-11-23T16:20:00.000Z`.
pub fn rfc3339(ms: i64) -> String {
    let (days, in_day) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    let (year, month, day) = civil(days);
    let (hours, minutes) = (in_day / 3_600_000, in_day / 60_000 % 60);
    let (seconds, millis) = (in_day / 1000 % 60, in_day % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{millis:03}Z")
}

/// Parses a time such as `2026-11-23T16:20:00Z` to milliseconds since the epoch; ignores fractions of a second.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let days = days(number(0..4)?, number(5..7)?, number(8..10)?);
    let in_day = number(11..13)? * 3600 + number(14..16)? * 60 + number(17..19)?;
    text.ends_with('Z').then_some((days * 86_400 + in_day) * 1000)
}

/// Returns the days from the epoch to a date of the Gregorian calendar.
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    let (shifted, year) = ((month + 9) % 12, year - i64::from(month <= 2));
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Returns the Gregorian date (year, month, day) of a day since the epoch.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_like_aws_writes_them() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(951_782_400_123), "2000-02-29T00:00:00.123Z");
        assert_eq!(rfc3339(1_795_450_800_000), "2026-11-23T16:20:00.000Z");
        for text in
            ["1970-01-01T00:00:00.000Z", "2000-02-29T00:00:00.000Z", "2026-11-23T16:20:00.000Z"]
        {
            assert_eq!(parse_rfc3339(text).map(rfc3339).as_deref(), Some(text));
        }
        assert_eq!(parse_rfc3339("2026-11-23"), None);
    }

    #[test]
    fn it_moves_and_hurries() {
        let clock = Clock::new(1.0);
        let before = clock.now_ms();
        clock.advance_ms(60_000);
        assert!(clock.now_ms() >= before + 60_000);
        clock.set_speed(0.0);
        assert_eq!(clock.now_ms(), clock.now_ms());
    }
}
