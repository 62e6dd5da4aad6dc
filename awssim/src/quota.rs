//! Rate limits: a token bucket for each kind of call, account and region.

use std::collections::HashMap;
use std::time::Instant;

use crate::config::Quota;

/// Seconds in which an empty bucket becomes full. So a bucket's capacity is its rate times this number.
const BURST_S: f64 = 1.0;

/// Token buckets by account, region and kind of call. A bucket is the number of its tokens and the time of its last
/// use.
#[derive(Debug, Default)]
pub(crate) struct Buckets(HashMap<(String, String, &'static str), (f64, Instant)>);

/// Names the bucket that a call takes its token from; the calls of one kind share a bucket.
fn kind(service: &str, call: &str) -> &'static str {
    match (service, call) {
        ("ebs", "PutSnapshotBlock") => "put",
        ("ebs", "GetSnapshotBlock") => "get",
        ("ebs", "StartSnapshot") => "start",
        ("ebs", "CompleteSnapshot") => "complete",
        ("ebs", _) => "list",
        _ => "call",
    }
}

impl Buckets {
    /// Takes a token for a call; returns false if the bucket is empty.
    pub(crate) fn take(
        &mut self,
        quota: &Quota,
        place: (&str, &str),
        service: &str,
        call: &str,
    ) -> bool {
        let kind = kind(service, call);
        let rate = match kind {
            "put" | "get" => quota.blocks_per_s,
            "start" | "complete" => quota.snapshots_per_s,
            "list" => quota.lists_per_s,
            _ => quota.calls_per_s,
        };
        let now = Instant::now();
        let key = (place.0.to_owned(), place.1.to_owned(), kind);
        let (tokens, at) = self.0.entry(key).or_insert((rate * BURST_S, now));
        let passed = now.duration_since(*at).as_secs_f64();
        *tokens = (*tokens + passed * rate).min(rate * BURST_S);
        *at = now;
        let is_there = *tokens >= 1.0;
        if is_there {
            *tokens -= 1.0;
        }
        is_there
    }
}
