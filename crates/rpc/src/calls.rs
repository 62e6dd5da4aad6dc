//! Counts of calls by method and result, for metrics.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// The result of a call that its caller gave up.
const GIVEN_UP: &str = "given_up";

/// Counts of ended calls. Clones share the counts.
///
/// The counts take bounded memory: methods come from the table of methods, and results from the classes of errors.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    ended: Arc<Mutex<BTreeMap<(&'static str, &'static str), CallTotals>>>,
}

/// Totals of the calls of one method that had one result.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CallTotals {
    /// Number of calls.
    pub calls: u64,
    /// Time that all of them took, to the last byte of the answer.
    pub time: Duration,
}

impl Calls {
    /// Returns the totals by method and result; the method as `SERVICE/METHOD` without its package.
    pub fn totals(&self) -> Vec<(&'static str, &'static str, CallTotals)> {
        let ended = self.ended.lock();
        ended.iter().map(|((method, result), totals)| (*method, *result, *totals)).collect()
    }

    /// Begins to count a call. It counts as given up if it is dropped before it ended.
    pub(crate) fn begin(&self, method: &'static str) -> OpenCall {
        OpenCall { calls: self.clone(), method, begun: Instant::now(), has_ended: false }
    }
}

/// A call that has not ended yet.
#[derive(Debug)]
pub(crate) struct OpenCall {
    calls: Calls,
    method: &'static str,
    begun: Instant,
    has_ended: bool,
}

impl OpenCall {
    /// Counts the call with its result, once.
    pub(crate) fn end(&mut self, result: &'static str) {
        if std::mem::replace(&mut self.has_ended, true) {
            return;
        }
        let method = self.method.rsplit_once('.').map_or(self.method, |(_, method)| method);
        let mut ended = self.calls.ended.lock();
        let totals = ended.entry((method, result)).or_default();
        totals.calls += 1;
        totals.time += self.begun.elapsed();
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        self.end(GIVEN_UP);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_counts_once() {
        let calls = Calls::default();
        let mut answered = calls.begin("imprint.v1.ImageService/GetImage");
        answered.end("ok");
        answered.end("internal");
        drop(answered);
        drop(calls.begin("imprint.v1.ImageService/GetImage"));
        let totals = calls.totals();
        let counts: Vec<_> =
            totals.iter().map(|(name, result, sum)| (*name, *result, sum.calls)).collect();
        assert_eq!(
            counts,
            [("ImageService/GetImage", GIVEN_UP, 1), ("ImageService/GetImage", "ok", 1)]
        );
    }
}
