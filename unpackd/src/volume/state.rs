//! The states of a volume, and the only function that leads from one state to the next.
//!
//! ```text
//! Unclaimed ─▶ Formatting ─▶ Patching(–, to) ─▶ Ready(rev) ─▶ Patching(from, to) ─▶ Ready ─▶ …
//!                  │ error        │ error, crash    ▲  └──▶ Captured(rev) ──release──┘
//!                  ▼              ▼                 │           └──▶ Patching: the capture is void
//!              Unclaimed      NeedsScan ──▶ Patching(–, to)
//! ```
//!
//! A half-patched volume is in `Patching` or `NeedsScan`. Only a successful patch leads from these states to
//! `Captured`.

use wire::proto::StoredVolume;

use super::Revision;

/// A volume's state: its known content, and the operation in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The volume has not been formatted for its stream.
    Unclaimed,
    /// Formatting is under way; the former content is lost.
    Formatting,
    /// The volume holds exactly this image, durably.
    Ready(Revision),
    /// A patch is writing to the volume.
    Patching {
        /// The image that the volume held before; `None` if it was unknown.
        from: Option<Revision>,
        /// The image that the volume will hold.
        to: Revision,
    },
    /// The volume holds this image and a client reads it.
    Captured(Revision),
    /// The volume has the stream's filesystem, with unknown content, because a patch ended half-way.
    NeedsScan,
    /// The volume failed, for this reason. It can be used again after a patch that hashes all content.
    Damaged(String),
}

/// An event that may change a volume's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A patch begins to format the volume.
    Format,
    /// A patch to this image begins to write.
    Patch(Revision),
    /// The patch succeeded and is durable.
    PatchDone,
    /// Formatting or patching failed, or the daemon ended meanwhile.
    Interrupted,
    /// A client captures the volume for reading.
    Capture,
    /// The client stops reading, or gives up the lease.
    Release,
    /// The device turned out to be unusable, for this reason.
    Fail(String),
}

impl State {
    /// Returns the state after an event; `None` if this state does not allow the event.
    pub fn transition(&self, event: Event) -> Option<Self> {
        match (self, event) {
            (_, Event::Fail(problem)) => Some(Self::Damaged(problem)),
            (Self::Unclaimed | Self::Damaged(_), Event::Format) => Some(Self::Formatting),
            (Self::Formatting | Self::NeedsScan | Self::Damaged(_), Event::Patch(to)) => {
                Some(Self::Patching { from: None, to })
            }
            (Self::Ready(from) | Self::Captured(from), Event::Patch(to)) => {
                Some(Self::Patching { from: Some(from.clone()), to })
            }
            (Self::Patching { to, .. }, Event::PatchDone) => Some(Self::Ready(to.clone())),
            (Self::Formatting, Event::Interrupted) => Some(Self::Unclaimed),
            (Self::Patching { .. }, Event::Interrupted) => Some(Self::NeedsScan),
            (Self::Ready(revision) | Self::Captured(revision), Event::Capture) => {
                Some(Self::Captured(revision.clone()))
            }
            (Self::Captured(revision), Event::Release) => Some(Self::Ready(revision.clone())),
            (
                Self::Unclaimed
                | Self::Ready(_)
                | Self::Captured(_)
                | Self::NeedsScan
                | Self::Damaged(_),
                Event::Interrupted,
            )
            | (
                Self::Unclaimed
                | Self::Formatting
                | Self::Ready(_)
                | Self::Patching { .. }
                | Self::NeedsScan
                | Self::Damaged(_),
                Event::Release,
            ) => Some(self.clone()),
            (
                Self::Formatting
                | Self::Ready(_)
                | Self::Patching { .. }
                | Self::Captured(_)
                | Self::NeedsScan,
                Event::Format,
            )
            | (Self::Unclaimed | Self::Patching { .. }, Event::Patch(_))
            | (
                Self::Unclaimed
                | Self::Formatting
                | Self::Ready(_)
                | Self::Captured(_)
                | Self::NeedsScan
                | Self::Damaged(_),
                Event::PatchDone,
            )
            | (
                Self::Unclaimed
                | Self::Formatting
                | Self::Patching { .. }
                | Self::NeedsScan
                | Self::Damaged(_),
                Event::Capture,
            ) => None,
        }
    }

    /// The names of all states, one per metrics label.
    pub const NAMES: [&str; 7] =
        ["unclaimed", "formatting", "ready", "patching", "captured", "needs_scan", "damaged"];

    /// Returns the state's name, as [`State::NAMES`] lists it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unclaimed => "unclaimed",
            Self::Formatting => "formatting",
            Self::Ready(_) => "ready",
            Self::Patching { .. } => "patching",
            Self::Captured(_) => "captured",
            Self::NeedsScan => "needs_scan",
            Self::Damaged(_) => "damaged",
        }
    }

    /// Returns the image that the volume holds, if that image is known to be complete.
    pub fn revision(&self) -> Option<&Revision> {
        match self {
            Self::Ready(revision) | Self::Captured(revision) => Some(revision),
            Self::Unclaimed
            | Self::Formatting
            | Self::Patching { .. }
            | Self::NeedsScan
            | Self::Damaged(_) => None,
        }
    }

    pub(super) fn store_into(&self, stored: &mut StoredVolume) {
        stored.state = self.name().to_owned();
        let put = |revision: &Revision, image: &mut String, manifest: &mut String| {
            *image = revision.image.to_string();
            *manifest = revision.manifest.to_string();
        };
        match self {
            Self::Ready(revision) | Self::Captured(revision) => {
                put(revision, &mut stored.image, &mut stored.manifest);
            }
            Self::Patching { from, to } => {
                if let Some(from) = from {
                    put(from, &mut stored.image, &mut stored.manifest);
                }
                put(to, &mut stored.target_image, &mut stored.target_manifest);
            }
            Self::Damaged(problem) => stored.problem.clone_from(problem),
            Self::Unclaimed | Self::Formatting | Self::NeedsScan => {}
        }
    }

    pub(super) fn from_stored(stored: &StoredVolume) -> Option<Self> {
        let revision = |image: &str, manifest: &str| {
            Some(Revision { image: image.parse().ok()?, manifest: manifest.parse().ok()? })
        };
        let held = || revision(&stored.image, &stored.manifest);
        match stored.state.as_str() {
            "unclaimed" => Some(Self::Unclaimed),
            "formatting" => Some(Self::Formatting),
            "ready" => held().map(Self::Ready),
            "patching" => {
                let to = revision(&stored.target_image, &stored.target_manifest)?;
                Some(Self::Patching { from: held(), to })
            }
            "captured" => held().map(Self::Captured),
            "needs_scan" => Some(Self::NeedsScan),
            "damaged" => Some(Self::Damaged(stored.problem.clone())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::digest::Algorithm;

    fn revision(leaf: &str) -> Revision {
        Revision {
            image: format!("s/{leaf}").parse().unwrap(),
            manifest: Algorithm::Sha256.digest(leaf.as_bytes()),
        }
    }

    /// Tries every event in every reachable state: only a successful patch leads to a capture.
    #[test]
    fn no_way_leads_from_half_patched_to_captured() {
        let events = [
            Event::Format,
            Event::Patch(revision("1")),
            Event::Patch(revision("2")),
            Event::PatchDone,
            Event::Interrupted,
            Event::Capture,
            Event::Release,
            Event::Fail("x".to_owned()),
        ];
        let mut seen = vec![State::Unclaimed];
        let mut next = 0;
        while let Some(state) = seen.get(next).cloned() {
            next += 1;
            for event in &events {
                let Some(after) = state.transition(event.clone()) else {
                    continue;
                };
                if matches!(after, State::Captured(_)) {
                    assert!(matches!(state, State::Ready(_) | State::Captured(_)), "{state:?}");
                }
                if matches!(after, State::Ready(_)) {
                    let is_whole = match &state {
                        State::Patching { .. } => *event == Event::PatchDone,
                        State::Ready(_) | State::Captured(_) => true,
                        _ => false,
                    };
                    assert!(is_whole, "{state:?} {event:?}");
                }
                if !seen.contains(&after) {
                    seen.push(after);
                }
            }
        }
        assert!(seen.len() > 8);
    }
}
