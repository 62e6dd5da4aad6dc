//! An emulated EBS volume. It limits the operations and the bytes per second, and each operation has a latency.

use std::time::{Duration, Instant};

use parking_lot::Mutex;
use testkit::disk::{Op, Policy};

/// Operations and bytes per second that a gp3 volume gives without extra charge.
const IOPS: f64 = 3000.0;
const BYTES_PER_SECOND: f64 = 125e6;
/// Maximum length in bytes of one operation: a longer transfer counts as several.
const OPERATION_LEN: u64 = 256 * 1024;
/// Time that an operation takes on an idle volume.
const LATENCY: Duration = Duration::from_micros(700);

/// A policy with the limits of a gp3 volume.
#[derive(Debug)]
pub(crate) struct Gp3 {
    /// Earliest start of the next operation.
    free_at: Mutex<Instant>,
}

impl Gp3 {
    pub(crate) fn new() -> Self {
        Self { free_at: Mutex::new(Instant::now()) }
    }
}

impl Policy for Gp3 {
    fn admit(&self, op: Op) -> Result<(), i32> {
        let len = match op {
            Op::Read(len) | Op::Write(len) => len,
            Op::Flush => 0,
        };
        let operations = len.div_ceil(OPERATION_LEN).max(1) as f64;
        let cost = (operations / IOPS).max(len as f64 / BYTES_PER_SECOND);
        let begin = {
            let mut free_at = self.free_at.lock();
            let begin = (*free_at).max(Instant::now());
            *free_at = begin + Duration::from_secs_f64(cost);
            begin
        };
        std::thread::park_timeout(begin.saturating_duration_since(Instant::now()) + LATENCY);
        Ok(())
    }
}
