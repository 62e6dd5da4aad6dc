//! Keeps long work on a store below a rate, so that others are served meanwhile.

use std::time::{Duration, Instant};

/// Work that is counted in bytes.
#[derive(Debug)]
pub(crate) struct Pace {
    rate: Option<u64>,
    began: Instant,
    spent: u64,
}

impl Pace {
    /// Begins work at no more than `rate` bytes per second; `None`: as fast as it goes.
    pub(crate) fn new(rate: Option<u64>) -> Self {
        Self { rate, began: Instant::now(), spent: 0 }
    }

    /// Counts bytes, and waits until the rate allows them.
    pub(crate) fn spend(&mut self, bytes: u64) {
        self.spent += bytes;
        let Some(rate) = self.rate else { return };
        let due = self.began + Duration::from_secs_f64(self.spent as f64 / rate.max(1) as f64);
        let left = || due.checked_duration_since(Instant::now()).filter(|left| !left.is_zero());
        while let Some(left) = left() {
            std::thread::park_timeout(left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_holds() {
        let mut pace = Pace::new(Some(1 << 20));
        let began = Instant::now();
        for _ in 0..4 {
            pace.spend(64 << 10);
        }
        assert!(began.elapsed() >= Duration::from_millis(249), "{:?}", began.elapsed());
        Pace::new(None).spend(u64::MAX);
    }
}
