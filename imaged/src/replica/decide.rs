//! What a change at the primary asks for here.

use std::collections::HashMap;

use rpc::policy::glob_matches;
use wire::name::{ImageName, StreamName};
use wire::proto::ImageRecord;
use wire::proto::image_change::State;

/// Which changes of images a replica follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Follows {
    /// All.
    #[default]
    Everything,
    /// New images and tags: an archive keeps what the primary removes or lets expire.
    AllButRemovals,
}

/// What a replica follows.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Globs of streams that are followed; empty: all.
    pub include: Vec<String>,
    /// Globs of streams that are left out, even if `include` matches them.
    pub exclude: Vec<String>,
    /// Whether removals and expiry are followed.
    pub follows: Follows,
}

impl Selection {
    /// Returns whether a stream is followed.
    pub(super) fn selects(&self, stream: &StreamName) -> bool {
        let matches =
            |globs: &[String]| globs.iter().any(|glob| glob_matches(glob, stream.as_str()));
        (self.include.is_empty() || matches(&self.include)) && !matches(&self.exclude)
    }
}

/// What the catalog here has for a name.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Here {
    Nothing,
    Image(Box<ImageRecord>),
    /// An image had the name and was removed.
    Removed,
}

/// What is to be done here.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    Nothing,
    Add(ImageName, Box<ImageRecord>),
    /// Sets tags and expiry.
    Change(ImageName, HashMap<String, String>, i64),
    Remove(ImageName),
    /// Primary and replica name different things alike: a person must look. Says what.
    Disagree(String),
}

/// Decides about one change; `look` tells what is here.
///
/// # Errors
/// The error of `look`.
pub(super) fn decide<E>(
    state: State,
    selection: &Selection,
    look: impl FnOnce(&ImageName) -> Result<Here, E>,
) -> Result<Action, E> {
    let is_archive = selection.follows == Follows::AllButRemovals;
    let text = match &state {
        State::Image(record) => &record.name,
        State::Removed(removed) => &removed.name,
    };
    let Ok(name) = text.parse::<ImageName>() else {
        return Ok(Action::Disagree(format!(
            "the primary names an image '{text}', which is no name of an image"
        )));
    };
    if !selection.selects(&name.stream()) {
        return Ok(Action::Nothing);
    }
    let here = look(&name)?;
    Ok(match (state, here) {
        (State::Removed(_), Here::Nothing | Here::Removed) => Action::Nothing,
        (State::Removed(_), Here::Image(_)) if is_archive => Action::Nothing,
        (State::Removed(removed), Here::Image(record)) if removed.manifest != record.manifest => {
            disagree(&name, &record.manifest, &removed.manifest)
        }
        (State::Removed(_), Here::Image(_)) => Action::Remove(name),
        (State::Image(mut record), Here::Nothing) => {
            if is_archive {
                record.expires_at_ms = 0;
            }
            Action::Add(name, Box::new(record))
        }
        // An archive decides for itself what it removes.
        (State::Image(_), Here::Removed) if is_archive => Action::Nothing,
        (State::Image(_), Here::Removed) => Action::Disagree(format!(
            "image {name} was removed here, and the primary has it: the name stays removed here"
        )),
        (State::Image(theirs), Here::Image(ours)) if theirs.manifest != ours.manifest => {
            disagree(&name, &ours.manifest, &theirs.manifest)
        }
        (State::Image(theirs), Here::Image(ours)) => {
            let expires = if is_archive { ours.expires_at_ms } else { theirs.expires_at_ms };
            if (&theirs.tags, expires) == (&ours.tags, ours.expires_at_ms) {
                Action::Nothing
            } else {
                Action::Change(name, theirs.tags, expires)
            }
        }
    })
}

fn disagree(name: &ImageName, ours: &str, theirs: &str) -> Action {
    Action::Disagree(format!(
        "image {name} is {ours} here and {theirs} at the primary: this server keeps its own; find out who added the other"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::proto::RemovedImage;

    fn record(manifest: &str, expires_at_ms: i64) -> ImageRecord {
        let (name, manifest) = ("s/1".to_owned(), manifest.to_owned());
        ImageRecord { name, manifest, expires_at_ms, ..ImageRecord::default() }
    }

    fn removed(manifest: &str) -> State {
        State::Removed(RemovedImage { name: "s/1".to_owned(), manifest: manifest.to_owned() })
    }

    fn decided(state: State, here: Here, selection: &Selection) -> Action {
        decide(state, selection, |_| Ok::<_, ()>(here)).expect("a decision")
    }

    #[test]
    fn a_replica_follows_all_and_an_archive_keeps_all() {
        let (all, archive) = (
            Selection::default(),
            Selection { follows: Follows::AllButRemovals, ..Selection::default() },
        );
        let name: ImageName = "s/1".parse().expect("a name");
        let here = |expires| Here::Image(Box::new(record("m", expires)));
        let image = |expires| State::Image(record("m", expires));
        assert_eq!(
            decided(image(5), Here::Nothing, &all),
            Action::Add(name.clone(), Box::new(record("m", 5)))
        );
        assert_eq!(
            decided(image(5), Here::Nothing, &archive),
            Action::Add(name.clone(), Box::new(record("m", 0)))
        );
        assert_eq!(decided(image(5), here(5), &all), Action::Nothing);
        let changed = Action::Change(name.clone(), HashMap::new(), 7);
        assert_eq!(decided(image(7), here(5), &all), changed);
        assert_eq!(decided(image(7), here(0), &archive), Action::Nothing);
        assert_eq!(decided(removed("m"), here(0), &all), Action::Remove(name));
        assert_eq!(decided(removed("m"), here(0), &archive), Action::Nothing);
        assert_eq!(decided(removed("m"), Here::Nothing, &all), Action::Nothing);
        assert_eq!(decided(removed("m"), Here::Removed, &all), Action::Nothing);
        assert_eq!(decided(image(0), Here::Removed, &archive), Action::Nothing);
    }

    #[test]
    fn what_has_another_content_is_neither_replaced_nor_removed() {
        let here = || Here::Image(Box::new(record("m", 0)));
        let all = Selection::default();
        for state in [State::Image(record("other", 0)), removed("other")] {
            assert!(matches!(decided(state, here(), &all), Action::Disagree(_)));
        }
        let again = decided(State::Image(record("m", 0)), Here::Removed, &all);
        assert!(matches!(again, Action::Disagree(_)), "{again:?}");
        let nameless = State::Image(ImageRecord { name: "../x".to_owned(), ..record("m", 0) });
        assert!(matches!(decided(nameless, Here::Nothing, &all), Action::Disagree(_)));
    }

    #[test]
    fn globs_select_streams() {
        let selection = Selection {
            include: vec!["base/**".to_owned()],
            exclude: vec!["base/secret/*".to_owned()],
            follows: Follows::Everything,
        };
        let selects = |stream: &str| selection.selects(&stream.parse().expect("a stream"));
        assert!(selects("base/debian") && !selects("other/debian"));
        assert!(!selects("base/secret/keys") && selects("base/secrets"));
        assert!(Selection::default().selects(&"any/thing".parse().expect("a stream")));
    }
}
