//! Whether to call again, and when.

use std::time::Duration;

use crate::error::{CloudError, Kind};

/// How long what was just made may be unknown. *Source:* two minutes is what the EBS team told coldsnap.
pub const VISIBLE_WITHIN: Duration = Duration::from_secs(120);

/// How long what was just let go may count as used. *Source:* public threads tell of seconds to two minutes after
/// DeregisterImage.
pub const FREE_WITHIN: Duration = Duration::from_secs(150);

/// How long to wait for others' work to end: 100 pending snapshots are soon reached, and soon fewer again.
const BUSY_WITHIN: Duration = Duration::from_secs(600);

/// How long to look for a way to what was never reached: a wrong name stays wrong.
const REACHED_WITHIN: Duration = Duration::from_secs(4);

/// How often credentials that have expired are loaded anew in one call.
const RENEWALS_MAX: u32 = 3;

/// The longest that AWS may ask to wait.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(60);

/// What a call may take.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Attempts.
    pub attempts: u32,
    /// Time, all attempts and pauses together.
    pub total: Duration,
    /// Time of one attempt.
    pub attempt: Duration,
    /// How long what it is about may be unknown, because it may have been made a moment ago.
    pub unknown: Duration,
    /// How long what it is about may be in use, because its user may have been removed a moment ago.
    pub in_use: Duration,
}

impl Budget {
    /// What ordinary calls have: long enough for throttling to pass, and no longer for a region that is down.
    pub const USUAL: Self = Self {
        attempts: 12,
        total: Duration::from_secs(60),
        attempt: Duration::from_secs(20),
        unknown: Duration::ZERO,
        in_use: Duration::ZERO,
    };

    /// The same for what may have been made a moment ago.
    pub const OF_NEW: Self = Self { unknown: VISIBLE_WITHIN, ..Self::USUAL };

    /// The same for deleting what somebody used until a moment ago.
    pub const OF_FREED: Self = Self { in_use: FREE_WITHIN, ..Self::USUAL };

    /// Of a block, in either direction: each attempt has a deadline of its own, which follows what the link has
    /// shown, 5 minutes at most, and three of those must be possible.
    pub const OF_BLOCK: Self = Self {
        total: Duration::from_secs(1200),
        attempt: Duration::from_secs(360),
        ..Self::OF_NEW
    };
}

/// What happened so far in a call.
#[derive(Clone, Copy, Debug)]
pub struct SoFar {
    /// Attempts that ended like the last one, with it.
    pub attempts: u32,
    /// Time since the first began.
    pub elapsed: Duration,
    /// How long AWS asks to wait.
    pub retry_after: Option<Duration>,
}

/// An attempt that failed and is made again.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// What it came to.
    pub error: CloudError,
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// How long until the next.
    pub pause: Duration,
}

/// Decides what follows an error: `Some` pause before the next attempt, or none.
///
/// `chance` is between 0 and 1: many who fail together must not come back together.
pub fn pause(budget: Budget, kind: Kind, so_far: SoFar, chance: f64) -> Option<Duration> {
    const LOOK_AGAIN: Duration = Duration::from_secs(1);
    const IN_USE: Duration = Duration::from_secs(2);
    const BUSY: Duration = Duration::from_secs(5);
    let spread = 0.5 + chance.clamp(0.0, 1.0) / 2.0;
    let within =
        |limit: Duration, pause: Duration| (so_far.elapsed < limit).then(|| pause.mul_f64(spread));
    match kind {
        Kind::NotFound => within(budget.unknown, LOOK_AGAIN),
        Kind::InUse => within(budget.in_use, IN_USE),
        Kind::Busy => within(BUSY_WITHIN, BUSY),
        Kind::Unreachable => within(REACHED_WITHIN, LOOK_AGAIN),
        Kind::Expired => (so_far.attempts <= RENEWALS_MAX).then_some(LOOK_AGAIN),
        Kind::Throttled | Kind::Unavailable => again(budget, so_far, spread),
        Kind::Denied
        | Kind::Duplicate
        | Kind::State
        | Kind::Quota
        | Kind::Invalid
        | Kind::Local => None,
    }
}

/// The pause after a failure that may pass: twice as long each time, or as long as AWS asks for.
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
            (Kind::Throttled, Budget::OF_NEW.total),
            (Kind::Unavailable, Budget::OF_NEW.total),
            (Kind::NotFound, VISIBLE_WITHIN),
            (Kind::Denied, Duration::ZERO),
            (Kind::InUse, FREE_WITHIN),
            (Kind::Busy, BUSY_WITHIN),
            (Kind::Unreachable, REACHED_WITHIN),
            (Kind::Expired, Duration::from_secs(10)),
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
        for kind in [Kind::Denied, Kind::Duplicate, Kind::InUse, Kind::Quota, Kind::Invalid] {
            assert_eq!(pause(Budget::OF_NEW, kind, FIRST, 0.5), None);
        }
        assert_eq!(pause(Budget::USUAL, Kind::NotFound, FIRST, 0.5), None);
        assert!(pause(Budget::OF_NEW, Kind::NotFound, FIRST, 0.5).is_some());
        assert!(pause(Budget::OF_FREED, Kind::InUse, FIRST, 0.5).is_some());
    }

    #[test]
    fn aws_may_ask_for_a_pause() {
        let asked = |seconds| SoFar { retry_after: Some(Duration::from_secs(seconds)), ..FIRST };
        let pause = |so_far| pause(Budget::USUAL, Kind::Throttled, so_far, 0.5);
        assert_eq!(pause(asked(7)), Some(Duration::from_secs(7)));
        assert!(pause(FIRST) < Some(Duration::from_secs(1)));
        // No longer than the call may take at all.
        assert_eq!(pause(asked(3600)), None);
    }
}
