//! When the latest changes became durable, so that the lag of a replica can be told. Kept since the start, in memory.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Changes whose times are kept; of older ones it is known that they are older.
const TIMES_MAX: usize = 4096;

/// The times of the latest changes of a log.
#[derive(Debug)]
pub(super) struct ChangeTimes {
    /// Sequence and time, the latest last.
    times: VecDeque<(u64, Instant)>,
    head: u64,
    begin: Instant,
}

impl ChangeTimes {
    /// Begins with a log whose last change has the sequence `head`.
    pub(super) fn new(head: u64) -> Self {
        Self { times: VecDeque::new(), head, begin: Instant::now() }
    }

    pub(super) fn note(&mut self, sequence: u64) {
        // Two threads may tell of their changes in another order than they made them.
        self.head = self.head.max(sequence);
        self.times.push_back((sequence, Instant::now()));
        if self.times.len() > TIMES_MAX
            && let Some((_, time)) = self.times.pop_front()
        {
            self.begin = time;
        }
    }

    /// Returns how many changes came after a sequence, and how long ago the first of them was made; at least how long, if
    /// that was before the start.
    pub(super) fn behind(&self, sequence: u64) -> (u64, Duration) {
        let count = self.head.saturating_sub(sequence);
        if count == 0 {
            return (0, Duration::ZERO);
        }
        let first = self.times.iter().filter(|(at, _)| *at > sequence).min();
        let since = match first {
            Some((at, time)) if *at == sequence + 1 => *time,
            _ => self.begin,
        };
        (count, since.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_is_counted_from_the_first_change_that_is_missing() {
        let mut times = ChangeTimes::new(7);
        assert_eq!(times.behind(7), (0, Duration::ZERO));
        assert_eq!(times.behind(9), (0, Duration::ZERO));
        assert_eq!(times.behind(5).0, 2);
        std::thread::park_timeout(Duration::from_millis(20));
        times.note(9);
        times.note(8);
        let (count, lag) = times.behind(7);
        assert!(count == 2 && lag < Duration::from_millis(20), "{lag:?}");
        let (count, lag) = times.behind(6);
        assert!(count == 3 && lag >= Duration::from_millis(20), "{lag:?}");
        for sequence in 10..10 + 2 * TIMES_MAX as u64 {
            times.note(sequence);
        }
        assert_eq!(times.times.len(), TIMES_MAX);
        assert!(times.behind(8).1 > Duration::ZERO);
    }
}
