//! An emulated EBS volume: so many operations and bytes a second, and a latency for each.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use testkit::disk::{Op, Policy};

/// What gp3 has unless more is paid for.
const IOPS: f64 = 3000.0;
const BYTES_PER_SECOND: f64 = 125e6;
/// What counts as one operation.
const OPERATION_LEN: u64 = 256 * 1024;
/// How long an operation takes when nothing waits.
const LATENCY: Duration = Duration::from_micros(700);

/// A gp3 volume.
#[derive(Debug)]
pub(crate) struct Gp3 {
    /// When the next operation may begin.
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
            let mut free_at =
                self.free_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let begin = (*free_at).max(Instant::now());
            *free_at = begin + Duration::from_secs_f64(cost);
            begin
        };
        std::thread::park_timeout(begin.saturating_duration_since(Instant::now()) + LATENCY);
        Ok(())
    }
}
