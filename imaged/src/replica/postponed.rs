//! Changes that failed and are tried again: one damaged image must not hold up the others.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use wire::proto::image_change::State;

use super::ReplicaError;

/// Limit on changes that wait. A record has at most some hundred KiB.
pub(super) const COUNT_MAX: usize = 1000;

/// Interval between two attempts.
const RETRY_EVERY: Duration = Duration::from_secs(30);

/// The newest change of each name whose change failed. While there is any, the position in the log stays before it, so
/// that a restart tries again, too.
#[derive(Debug, Default)]
pub(super) struct Postponed {
    changes: BTreeMap<String, State>,
    tried: Option<Instant>,
}

impl Postponed {
    pub(super) fn len(&self) -> usize {
        self.changes.len()
    }

    /// Keeps a change of a name in place of an older one.
    ///
    /// # Errors
    /// [`ReplicaError::TooManyPostponed`].
    pub(super) fn insert(&mut self, name: String, state: State) -> Result<(), ReplicaError> {
        self.changes.insert(name, state);
        self.tried.get_or_insert_with(Instant::now);
        if self.changes.len() > COUNT_MAX { Err(ReplicaError::TooManyPostponed) } else { Ok(()) }
    }

    /// Forgets the change of a name, which a newer one replaced.
    pub(super) fn remove(&mut self, name: &str) {
        self.changes.remove(name);
    }

    /// Takes all changes if it is time to try them again.
    pub(super) fn take_due(&mut self) -> BTreeMap<String, State> {
        if self.tried.is_none_or(|tried| tried.elapsed() < RETRY_EVERY) {
            return BTreeMap::new();
        }
        self.tried = None;
        std::mem::take(&mut self.changes)
    }
}

#[cfg(test)]
mod tests {
    use wire::proto::RemovedImage;

    use super::*;

    #[test]
    fn the_newest_change_of_a_name_waits_and_their_number_is_limited() {
        let mut postponed = Postponed::default();
        let state = |manifest: &str| {
            State::Removed(RemovedImage { name: String::new(), manifest: manifest.to_owned() })
        };
        for number in 0..COUNT_MAX {
            postponed.insert(format!("s/{number}"), state("1")).expect("room");
        }
        postponed.insert("s/0".to_owned(), state("2")).expect("the place of the older one");
        assert!(postponed.take_due().is_empty(), "it is early");
        postponed.insert("s/new".to_owned(), state("1")).expect_err("no room");
        postponed.remove("s/new");
        postponed.tried = Instant::now().checked_sub(RETRY_EVERY);
        let due = postponed.take_due();
        assert_eq!((due.len(), &due["s/0"]), (COUNT_MAX, &state("2")));
        assert_eq!(postponed.len(), 0);
    }
}
