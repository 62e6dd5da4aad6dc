//! Whether to call again, and when.

use std::time::Duration;

use crate::error::Kind;

/// How long what was just made may be unknown. *Source:* two minutes is what the EBS team told coldsnap.
pub const VISIBLE_WITHIN: Duration = Duration::from_secs(120);

/// What a call may take.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Attempts.
    pub attempts: u32,
    /// Time, all attempts and pauses together.
    pub total: Duration,
    /// Time of one attempt.
    pub attempt: Duration,
    /// Whether what it is about may have been made a moment ago.
    pub is_of_new: bool,
}

impl Budget {
    /// What ordinary calls have: long enough for throttling to pass, and no longer for a region that is down.
    pub const USUAL: Self = Self {
        attempts: 12,
        total: Duration::from_secs(60),
        attempt: Duration::from_secs(20),
        is_of_new: false,
    };

    /// The same for what may have been made a moment ago.
    pub const OF_NEW: Self = Self { is_of_new: true, ..Self::USUAL };
}

/// What happened so far in a call.
#[derive(Clone, Copy, Debug)]
pub struct SoFar {
    /// Attempts, with the last.
    pub attempts: u32,
    /// Time since the first began.
    pub elapsed: Duration,
}

/// Decides what follows an error: `Some` pause before the next attempt, or none.
///
/// `chance` is between 0 and 1: many who fail together must not come back together.
pub fn pause(budget: Budget, kind: Kind, so_far: SoFar, chance: f64) -> Option<Duration> {
    const FIRST: Duration = Duration::from_millis(200);
    const LONGEST: Duration = Duration::from_secs(10);
    const LOOK_AGAIN: Duration = Duration::from_secs(1);
    match kind {
        Kind::NotFound if budget.is_of_new && so_far.elapsed < VISIBLE_WITHIN => Some(LOOK_AGAIN),
        Kind::Throttled | Kind::Unavailable => {
            if so_far.attempts >= budget.attempts {
                return None;
            }
            let doubled = FIRST.saturating_mul(1 << so_far.attempts.min(10)).min(LONGEST);
            let pause = doubled.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0);
            (so_far.elapsed + pause < budget.total).then_some(pause)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_ends() {
        for kind in [Kind::Throttled, Kind::Unavailable, Kind::NotFound, Kind::Denied] {
            let mut so_far = SoFar { attempts: 1, elapsed: Duration::ZERO };
            while let Some(pause) = pause(Budget::OF_NEW, kind, so_far, 1.0) {
                so_far.attempts += 1;
                so_far.elapsed += pause;
                assert!(so_far.attempts < 200);
            }
            assert!(so_far.elapsed <= VISIBLE_WITHIN + Duration::from_secs(1), "{kind:?}");
        }
    }

    #[test]
    fn what_is_wrong_stays_wrong() {
        let first = SoFar { attempts: 1, elapsed: Duration::ZERO };
        for kind in [Kind::Denied, Kind::Duplicate, Kind::InUse, Kind::Quota, Kind::Invalid] {
            assert_eq!(pause(Budget::OF_NEW, kind, first, 0.5), None);
        }
        assert_eq!(pause(Budget::USUAL, Kind::NotFound, first, 0.5), None);
        assert!(pause(Budget::OF_NEW, Kind::NotFound, first, 0.5).is_some());
    }
}
