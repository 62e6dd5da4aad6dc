//! Decides whether and when to retry a call.

use std::time::Duration;

use crate::error::{CloudError, CloudErrorKind};

/// Time for which AWS might not know a new object. *Source:* the EBS team named two minutes to the project coldsnap.
pub const VISIBLE_WITHIN: Duration = Duration::from_secs(120);

/// Time for which AWS might still count a released object as in use. *Source:* public threads report seconds to two
/// minutes after DeregisterImage.
pub const FREE_WITHIN: Duration = Duration::from_secs(150);

/// Time to wait for other work to end. An account soon reaches its limit of 100 pending snapshots, but pending
/// snapshots soon finish.
const BUSY_WITHIN: Duration = Duration::from_secs(600);

/// Time to keep trying an endpoint that was never reached: a wrong name stays wrong.
const REACHED_WITHIN: Duration = Duration::from_secs(4);

/// Limit on renewals of expired credentials within one call.
const RENEWALS_MAX: u32 = 3;

/// Upper limit for a wait that AWS asks for.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(60);

/// Limits of one call with its retries.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Limit on attempts that fail by throttling or unavailability.
    pub attempts: u32,
    /// Time limit of all such attempts and pauses together.
    pub total: Duration,
    /// Timeout of one attempt. The wait before it, for the rate limit or for a free place in the window, does not count.
    pub attempt: Duration,
    /// Time for which `NotFound` is retried, because the object may be new; zero if it cannot be new.
    pub unknown: Duration,
    /// Time for which `InUse` is retried, because the user of the object may just have been removed; zero for no
    /// retries.
    pub in_use: Duration,
}

impl Budget {
    /// Budget of ordinary calls: outlasts throttling, but fails soon if a region is down.
    pub const USUAL: Self = Self {
        attempts: 12,
        total: Duration::from_secs(60),
        attempt: Duration::from_secs(20),
        unknown: Duration::ZERO,
        in_use: Duration::ZERO,
    };

    /// Budget of calls on an object that may be new.
    pub const OF_NEW: Self = Self { unknown: VISIBLE_WITHIN, ..Self::USUAL };

    /// Budget of deleting an object whose user, such as an AMI, was just removed.
    pub const OF_FREED: Self = Self { in_use: FREE_WITHIN, ..Self::USUAL };

    /// Budget of writing or reading a block. The link's latency sets the deadline of an attempt, at most 5 minutes;
    /// `attempt` is longer, so that it never ends an attempt first. `total` has room for three of the longest attempts.
    pub const OF_BLOCK: Self = Self {
        total: Duration::from_secs(1200),
        attempt: Duration::from_secs(360),
        ..Self::OF_NEW
    };
}

/// State of a call after a failed attempt.
#[derive(Clone, Copy, Debug)]
pub struct SoFar {
    /// Number of failed attempts of the same group, including this one. The groups are failures, renewals and waits.
    pub attempts: u32,
    /// Time spent on attempts and pauses.
    pub elapsed: Duration,
    /// Wait that AWS asks for; at most a minute of it counts.
    pub retry_after: Option<Duration>,
}

/// A failed attempt that will be retried.
#[derive(Clone, Debug)]
pub struct FailedAttempt {
    /// The attempt's error. The `attempt` in it is always 1; use [`Self::attempt`] instead.
    pub error: CloudError,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// Time until the next attempt.
    pub pause: Duration,
}

/// Decides how to continue after an error: retry after this pause, or give up (`None`).
///
/// `chance`, from 0 to 1, spreads the pauses: callers that fail together must not retry together.
pub fn pause(budget: Budget, kind: CloudErrorKind, so_far: SoFar, chance: f64) -> Option<Duration> {
    const LOOK_AGAIN: Duration = Duration::from_secs(1);
    const IN_USE: Duration = Duration::from_secs(2);
    const BUSY: Duration = Duration::from_secs(5);
    let spread = 0.5 + chance.clamp(0.0, 1.0) / 2.0;
    let within =
        |limit: Duration, pause: Duration| (so_far.elapsed < limit).then(|| pause.mul_f64(spread));
    match kind {
        CloudErrorKind::NotFound => within(budget.unknown, LOOK_AGAIN),
        CloudErrorKind::InUse => within(budget.in_use, IN_USE),
        CloudErrorKind::Busy => within(BUSY_WITHIN, BUSY),
        CloudErrorKind::Unreachable => within(REACHED_WITHIN, LOOK_AGAIN),
        CloudErrorKind::Expired => (so_far.attempts <= RENEWALS_MAX).then_some(LOOK_AGAIN),
        CloudErrorKind::Throttled | CloudErrorKind::Unavailable => again(budget, so_far, spread),
        CloudErrorKind::Denied
        | CloudErrorKind::Duplicate
        | CloudErrorKind::State
        | CloudErrorKind::Quota
        | CloudErrorKind::Invalid
        | CloudErrorKind::Local => None,
    }
}

/// Returns the pause before the next attempt: exponential backoff, or the wait that AWS asks for if it is longer.
fn again(budget: Budget, so_far: SoFar, spread: f64) -> Option<Duration> {
    const FIRST: Duration = Duration::from_millis(200);
    const LONGEST: Duration = Duration::from_secs(10);
    if so_far.attempts >= budget.attempts {
        return None;
    }
    let doubled = FIRST.saturating_mul(1 << so_far.attempts.min(10)).min(LONGEST);
    let asked = so_far.retry_after.unwrap_or_default().min(RETRY_AFTER_MAX);
    let pause = doubled.mul_f64(spread).max(asked);
    (so_far.elapsed + pause < budget.total).then_some(pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: SoFar = SoFar { attempts: 1, elapsed: Duration::ZERO, retry_after: None };

    #[test]
    fn every_call_ends() {
        for (kind, longest) in [
            (CloudErrorKind::Throttled, Budget::OF_NEW.total),
            (CloudErrorKind::Unavailable, Budget::OF_NEW.total),
            (CloudErrorKind::NotFound, VISIBLE_WITHIN),
            (CloudErrorKind::Denied, Duration::ZERO),
            (CloudErrorKind::InUse, FREE_WITHIN),
            (CloudErrorKind::Busy, BUSY_WITHIN),
            (CloudErrorKind::Unreachable, REACHED_WITHIN),
            (CloudErrorKind::Expired, Duration::from_secs(10)),
        ] {
            let mut so_far = FIRST;
            let budget = Budget { in_use: FREE_WITHIN, ..Budget::OF_NEW };
            while let Some(pause) = pause(budget, kind, so_far, 1.0) {
                so_far.attempts += 1;
                so_far.elapsed += pause;
                assert!(so_far.attempts < 200);
            }
            assert!(so_far.elapsed <= longest + Duration::from_secs(5), "{kind:?}");
        }
    }

    #[test]
    fn what_is_wrong_stays_wrong() {
        for kind in [
            CloudErrorKind::Denied,
            CloudErrorKind::Duplicate,
            CloudErrorKind::InUse,
            CloudErrorKind::Quota,
            CloudErrorKind::Invalid,
        ] {
            assert_eq!(pause(Budget::OF_NEW, kind, FIRST, 0.5), None);
        }
        assert_eq!(pause(Budget::USUAL, CloudErrorKind::NotFound, FIRST, 0.5), None);
        assert!(pause(Budget::OF_NEW, CloudErrorKind::NotFound, FIRST, 0.5).is_some());
        assert!(pause(Budget::OF_FREED, CloudErrorKind::InUse, FIRST, 0.5).is_some());
    }

    #[test]
    fn aws_may_ask_for_a_pause() {
        let asked = |seconds| SoFar { retry_after: Some(Duration::from_secs(seconds)), ..FIRST };
        let pause = |so_far| pause(Budget::USUAL, CloudErrorKind::Throttled, so_far, 0.5);
        assert_eq!(pause(asked(7)), Some(Duration::from_secs(7)));
        assert!(pause(FIRST) < Some(Duration::from_secs(1)));
        // AWS asks for more than the call's whole budget.
        assert_eq!(pause(asked(3600)), None);
    }
}
