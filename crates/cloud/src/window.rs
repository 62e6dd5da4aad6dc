//! Window: the number of blocks in flight, learned from the latency of responses.
//!
//! ```text
//!              latency flat (≤ 2.5 × the least)   latency higher       an attempt timed out
//! slow start   one more for each response         slow start ends      halved, and slow start ends
//! afterwards   one more for each windowful        unchanged            halved, once for all attempts
//!                                                                      that were in flight together
//! ```
//!
//! All targets share the site's uplink, and beyond the uplink each target has its own path. So there is one window over
//! all targets and one for each target, and a block in flight needs a place in both windows. A timeout narrows the
//! window of its target. It narrows the shared window only if other responses are slow or missing, too: one region in
//! trouble is no reason to slow the others down.

use std::time::{Duration, Instant};

/// A latency up to this multiple of the least one counts as flat; a moderately filled queue gives 2.
const FLAT: f64 = 2.5;

/// Upper limit for a single response's slowness (multiple of the least latency): one response says little of the link.
const SLOW_MAX: f64 = 8.0;

/// Weight of the last response in the moving average.
const WEIGHT: f64 = 0.1;

/// The least latency rises towards a higher latency that was measured with nothing else in flight: by this fraction of
/// the difference.
const RISE: f64 = 0.5;

/// Deadline of an attempt as a multiple of the average latency, and the bounds of the deadline. To send a block of
/// 512 KiB within the longest deadline, 14 kbit/s are enough.
const DEADLINE: f64 = 8.0;
const DEADLINE_MIN: Duration = Duration::from_secs(25);
const DEADLINE_MAX: Duration = Duration::from_secs(300);

/// Deadline before the first response. To send the first 8 blocks within this minute, 560 kbit/s are enough.
const DEADLINE_FIRST: Duration = Duration::from_secs(60);

/// Bounds of a window, in blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Initial size, from which slow start grows.
    pub first: usize,
    /// Largest size, however flat the latency stays.
    pub max: usize,
}

/// The number of blocks that may be in flight.
#[derive(Clone, Debug)]
pub struct Window {
    size: f64,
    max: f64,
    is_beginning: bool,
    /// Moving average of latencies, as a multiple of the least.
    slowness: f64,
    /// Time of the last narrowing. An attempt that began before this time does not narrow the window again if it times
    /// out.
    narrowed: Option<Instant>,
}

impl Window {
    /// Starts a window at its initial size, in slow start.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            size: bounds.first.min(bounds.max).max(1) as f64,
            max: bounds.max.max(1) as f64,
            is_beginning: true,
            slowness: 1.0,
            narrowed: None,
        }
    }

    /// Returns the number of blocks that may be in flight: at least one.
    pub fn size(&self) -> usize {
        self.size as usize
    }

    /// Returns whether responses are about as quick as the link allows.
    pub fn is_flat(&self) -> bool {
        self.slowness <= FLAT
    }

    /// Reports a response with a latency of `slowness` times the least, while `under_way` others were in flight.
    pub fn answered(&mut self, slowness: f64, under_way: usize) {
        self.slowness += WEIGHT * (slowness.min(SLOW_MAX) - self.slowness);
        if !self.is_flat() {
            self.is_beginning = false;
            return;
        }
        // A window that is not full says nothing about a wider one.
        if under_way + 1 < self.size() {
            return;
        }
        let more = if self.is_beginning { 1.0 } else { 1.0 / self.size };
        self.size = (self.size + more).min(self.max);
    }

    /// Reports that an attempt which began at `begun` timed out.
    pub fn timed_out(&mut self, begun: Instant, now: Instant) {
        if self.narrowed.is_some_and(|when| begun < when) {
            return;
        }
        self.size = (self.size / 2.0).max(1.0);
        self.is_beginning = false;
        self.narrowed = Some(now);
    }
}

/// Latency of one target's path.
#[derive(Clone, Debug, Default)]
pub struct Latency {
    least: Option<f64>,
    average: Option<f64>,
}

impl Latency {
    /// Records a response's latency and returns it as a multiple of the least. A response that was alone in flight
    /// measures the path itself, so it may raise the least latency: the path may have become longer.
    pub fn answered(&mut self, took: Duration, was_alone: bool) -> f64 {
        let took = took.as_secs_f64().max(0.001);
        let rise = |least: f64| if was_alone { least + RISE * (took - least) } else { least };
        let least = self.least.map_or(took, |least| rise(least).min(took));
        self.least = Some(least);
        let average = self.average.get_or_insert(took);
        *average += WEIGHT * (took - *average);
        took / least
    }

    /// Records a timeout: the next deadline is at least twice as long.
    pub fn timed_out(&mut self, deadline: Duration) {
        let doubled = deadline.as_secs_f64() * 2.0 / DEADLINE;
        self.average = Some(self.average.unwrap_or(0.0).max(doubled));
    }

    /// Returns the deadline of the next attempt: 60 s before the first response, then between 25 s and 5 minutes.
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

    /// Simulates a full window on a link that carries `rate` blocks a second and adds `base` seconds of latency;
    /// returns the widest and the last window.
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
        // The window recovers slowly.
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
