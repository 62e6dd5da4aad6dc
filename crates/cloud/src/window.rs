//! How many blocks to have under way: what a link carries is learned from how long its answers take.
//!
//! ```text
//!            latency flat (≤ 2.5 × the least)     latency higher            an attempt timed out
//! at first   one more for each answer             that ends the beginning   half as many, and that ends it
//! later      one more for each windowful          as many as before         half as many, once for all that
//!                                                                           were under way together
//! ```
//!
//! All targets share the way out of the building, and each has a way of its own behind it. So there is a window
//! over all targets and one for each, and a put needs a place in both. A timeout narrows its target's window; it
//! narrows the shared one only if other answers are slow, too, or none comes: one region in trouble is no reason
//! to slow the others down.

use std::time::{Duration, Instant};

/// Up to this many times the least latency counts as flat. Two halves of a second full duplex queue make 2.
const FLAT: f64 = 2.5;

/// A single slow answer counts as this many times the least at most: it says little about the link.
const SLOW_MAX: f64 = 8.0;

/// The weight of the last answer in the average.
const WEIGHT: f64 = 0.1;

/// How far the least latency rises towards one that came while nothing else was under way.
const RISE: f64 = 0.5;

/// The deadline of an attempt, in average latencies, and its bounds: a block a minute needs 70 kbit/s.
const DEADLINE: f64 = 8.0;
const DEADLINE_MIN: Duration = Duration::from_secs(25);
const DEADLINE_MAX: Duration = Duration::from_secs(300);

/// The deadline as long as no answer came: 8 blocks in a minute need 560 kbit/s.
const DEADLINE_FIRST: Duration = Duration::from_secs(60);

/// How wide a window may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// At the beginning.
    pub first: usize,
    /// At most.
    pub max: usize,
}

/// A window: how many may be under way.
#[derive(Clone, Debug)]
pub struct Window {
    size: f64,
    max: f64,
    is_beginning: bool,
    /// Average of latencies, in least ones.
    slowness: f64,
    /// Timeouts of attempts that began before are part of the same lesson.
    narrowed: Option<Instant>,
}

impl Window {
    /// A window as it begins.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            size: bounds.first.min(bounds.max).max(1) as f64,
            max: bounds.max.max(1) as f64,
            is_beginning: true,
            slowness: 1.0,
            narrowed: None,
        }
    }

    /// How many may be under way: at least one.
    pub fn size(&self) -> usize {
        self.size as usize
    }

    /// Whether answers are about as quick as they can be.
    pub fn is_flat(&self) -> bool {
        self.slowness <= FLAT
    }

    /// An answer came, after so many times the least latency, while `under_way` were.
    pub fn answered(&mut self, slowness: f64, under_way: usize) {
        self.slowness += WEIGHT * (slowness.min(SLOW_MAX) - self.slowness);
        if !self.is_flat() {
            self.is_beginning = false;
            return;
        }
        // What is not used says nothing of what would happen if it were.
        if under_way + 1 < self.size() {
            return;
        }
        let more = if self.is_beginning { 1.0 } else { 1.0 / self.size };
        self.size = (self.size + more).min(self.max);
    }

    /// An attempt that began at `begun` had no answer in time.
    pub fn timed_out(&mut self, begun: Instant, now: Instant) {
        if self.narrowed.is_some_and(|when| begun < when) {
            return;
        }
        self.size = (self.size / 2.0).max(1.0);
        self.is_beginning = false;
        self.narrowed = Some(now);
    }
}

/// The latency of one way.
#[derive(Clone, Debug, Default)]
pub struct Latency {
    least: Option<f64>,
    average: Option<f64>,
}

impl Latency {
    /// Notes an answer's, and returns how many times the least it is. What came while nothing else was under way is what
    /// the way itself takes: it may have become a longer one for good.
    pub fn answered(&mut self, took: Duration, was_alone: bool) -> f64 {
        let took = took.as_secs_f64().max(0.001);
        let rise = |least: f64| if was_alone { least + RISE * (took - least) } else { least };
        let least = self.least.map_or(took, |least| rise(least).min(took));
        self.least = Some(least);
        let average = self.average.get_or_insert(took);
        *average += WEIGHT * (took - *average);
        took / least
    }

    /// Notes that there was no answer within the deadline: the next one is twice that.
    pub fn timed_out(&mut self, deadline: Duration) {
        let doubled = deadline.as_secs_f64() * 2.0 / DEADLINE;
        self.average = Some(self.average.unwrap_or(0.0).max(doubled));
    }

    /// How long the next attempt may take, after what the way has shown.
    pub fn deadline(&self) -> Duration {
        match self.average {
            None => DEADLINE_FIRST,
            Some(average) => {
                let seconds = (average * DEADLINE).min(DEADLINE_MAX.as_secs_f64());
                Duration::from_secs_f64(seconds).max(DEADLINE_MIN)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { first: 8, max: 128 };

    /// Answers of a link that carries `rate` blocks a second and takes `base` seconds beside that, for a window
    /// that is always full; returns the widest that it became, and the last.
    fn on_link(rate: f64, base: f64, answers: usize) -> (usize, usize) {
        let (mut window, mut latency) = (Window::new(BOUNDS), Latency::default());
        let mut widest = 0;
        for _ in 0..answers {
            let took = base + window.size() as f64 / rate;
            let slowness = latency.answered(Duration::from_secs_f64(took), false);
            window.answered(slowness, window.size() - 1);
            widest = widest.max(window.size());
        }
        (widest, window.size())
    }

    #[test]
    fn a_wide_link_is_filled_soon() {
        let (widest, _) = on_link(10_000.0, 0.1, 200);
        assert_eq!(widest, BOUNDS.max);
    }

    #[test]
    fn a_narrow_link_is_not_flooded() {
        // 17 Mbit/s with 80 ms: about 4 blocks a second.
        let (widest, _) = on_link(4.0, 0.08, 2000);
        assert!((4..40).contains(&widest), "{widest}");
    }

    #[test]
    fn timeouts_that_belong_together_narrow_once() {
        let now = Instant::now();
        let mut window = Window::new(BOUNDS);
        for _ in 0..8 {
            window.timed_out(now, now + Duration::from_secs(60));
        }
        assert_eq!(window.size(), 4);
        for round in 1..10_u32 {
            let begun = now + Duration::from_secs(61) * round;
            window.timed_out(begun, begun + Duration::from_secs(60));
        }
        assert_eq!(window.size(), 1);
        // It recovers, slowly.
        for _ in 0..3 {
            window.answered(1.0, 0);
        }
        assert!((2..=3).contains(&window.size()), "{}", window.size());
    }

    #[test]
    fn a_few_slow_answers_narrow_nothing() {
        let mut window = Window::new(BOUNDS);
        for number in 0..1000 {
            let slowness = if number % 20 == 19 { 40.0 } else { 1.2 };
            window.answered(slowness, window.size() - 1);
        }
        assert!(window.size() > BOUNDS.first, "{}", window.size());
    }

    #[test]
    fn a_window_that_is_not_used_stays() {
        let mut window = Window::new(BOUNDS);
        for _ in 0..100 {
            window.answered(1.0, 2);
        }
        assert_eq!(window.size(), BOUNDS.first);
    }

    #[test]
    fn deadlines_follow_what_was_seen() {
        let mut latency = Latency::default();
        assert_eq!(latency.deadline(), DEADLINE_FIRST);
        latency.timed_out(latency.deadline());
        assert_eq!(latency.deadline(), DEADLINE_FIRST * 2);
        latency.timed_out(latency.deadline());
        latency.timed_out(latency.deadline());
        assert_eq!(latency.deadline(), DEADLINE_MAX);
        for _ in 0..200 {
            latency.answered(Duration::from_millis(100), false);
        }
        assert_eq!(latency.deadline(), DEADLINE_MIN);
        for _ in 0..200 {
            latency.answered(Duration::from_secs(6), false);
        }
        assert!(latency.deadline() > Duration::from_secs(40), "{:?}", latency.deadline());
    }

    #[test]
    fn a_way_that_became_longer_is_learned_anew() {
        let (mut window, mut latency) = (Window::new(BOUNDS), Latency::default());
        window.answered(latency.answered(Duration::from_millis(100), false), 7);
        for _ in 0..3 {
            window.timed_out(Instant::now(), Instant::now());
        }
        assert_eq!(window.size(), 1);
        for _ in 0..400 {
            let was_alone = window.size() == 1;
            let slowness = latency.answered(Duration::from_secs(1), was_alone);
            window.answered(slowness, window.size() - 1);
        }
        assert!(window.size() > 16, "{}", window.size());
    }
}
