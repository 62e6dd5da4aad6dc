//! Rate limits that adapt to AWS's throttling: one for each class of calls in a target.

use std::time::{Duration, Instant};

/// Factor that throttling applies to the rate.
const SLOWER: f64 = 0.7;

/// Recovery per second without throttling, as a fraction of the highest rate.
const FASTER: f64 = 0.02;

/// Throttled responses within this time count once: their calls were in flight together.
const LESSON: Duration = Duration::from_millis(500);

/// Bounds within which throttling moves a rate.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Highest rate in calls per second: the documented quota.
    pub max: f64,
    /// Lowest rate in calls per second, however much AWS throttles.
    pub min: f64,
    /// Number of calls that may be made at once after a pause.
    pub burst: f64,
}

/// The rate limit of one class of calls in one target.
#[derive(Clone, Debug)]
pub struct Limit {
    rates: Rates,
    /// Current rate in calls per second.
    rate: f64,
    /// Time of the next call if no burst is saved up.
    next: Instant,
    /// Time of the last decrease.
    slowed: Option<Instant>,
    /// Time from which the next recovery counts.
    raised: Instant,
}

impl Limit {
    /// Starts at the highest rate.
    pub fn new(rates: Rates, now: Instant) -> Self {
        Self { rates, rate: rates.max, next: now, slowed: None, raised: now }
    }

    /// Reserves a call and returns the time at which to make it.
    pub fn reserve(&mut self, now: Instant) -> Instant {
        self.recover(now);
        let interval = Duration::from_secs_f64(1.0 / self.rate);
        let saved = interval.mul_f64(self.rates.burst);
        let earliest = now.checked_sub(saved).unwrap_or(now);
        let turn = self.next.max(earliest);
        self.next = turn + interval;
        turn.max(now)
    }

    /// Reports a throttled call: lowers the rate, once for calls that were in flight together.
    pub fn throttled(&mut self, now: Instant) {
        if self.slowed.is_some_and(|when| now.duration_since(when) < LESSON) {
            return;
        }
        self.rate = (self.rate * SLOWER).max(self.rates.min);
        self.slowed = Some(now);
        self.raised = now;
        // Discard the saved burst.
        self.next = self.next.max(now);
    }

    /// Returns the current rate in calls per second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    fn recover(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.raised).as_secs_f64();
        self.rate = (self.rate + passed * FASTER * self.rates.max).min(self.rates.max);
        self.raised = self.raised.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: Rates = Rates { max: 100.0, min: 1.0, burst: 10.0 };

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
        let now = Instant::now();
        let mut limit = Limit::new(RATES, now - Duration::from_secs(1));
        let turns: Vec<f64> = (0..30).map(|_| (limit.reserve(now) - now).as_secs_f64()).collect();
        assert!(turns[..10].iter().all(|turn| *turn == 0.0), "{turns:?}");
        assert!((turns[29] - 0.19).abs() < 0.011, "{turns:?}");
    }

    #[test]
    fn throttling_is_learned_once_and_forgotten_slowly() {
        let now = Instant::now();
        let mut limit = Limit::new(RATES, now);
        for _ in 0..50 {
            limit.throttled(now);
        }
        assert!((limit.rate() - 70.0).abs() < 0.1);
        limit.throttled(now + LESSON);
        assert!((limit.rate() - 49.0).abs() < 0.1);
        limit.reserve(now + LESSON + Duration::from_secs(10));
        assert!((limit.rate() - 69.0).abs() < 0.1);
        for second in 0..100 {
            limit.throttled(now + Duration::from_secs(second));
        }
        assert!(limit.rate() >= RATES.min);
    }
}
