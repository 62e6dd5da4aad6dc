//! Notes on settings that boot set-up leaves out, limited in number and length whatever the image
//! holds.

/// Limit on the count of notes: people read the report, and further notes would repeat these.
const KEPT_MAX: usize = 32;

/// Longest note, in bytes: enough for the setting and the reason. 32 notes take 16 KiB, or 96 KiB
/// if every byte must be escaped.
const LEN_MAX: usize = 500;

/// Collects notes for a report.
#[derive(Debug, Default)]
pub(super) struct SettingNotes {
    kept: Vec<String>,
    more: usize,
}

impl SettingNotes {
    /// Adds a note, cut to [`LEN_MAX`] and with control characters escaped.
    pub(super) fn add(&mut self, mut note: String) {
        if self.kept.len() == KEPT_MAX {
            self.more += 1;
            return;
        }
        if note.len() > LEN_MAX {
            note.truncate(note.floor_char_boundary(LEN_MAX));
            note.push('…');
        }
        if note.contains(char::is_control) {
            note = wire::units::show_path(note.as_bytes());
        }
        self.kept.push(note);
    }

    /// Returns the notes; a last one counts the notes beyond [`KEPT_MAX`].
    pub(super) fn into_vec(self) -> Vec<String> {
        let Self { mut kept, more } = self;
        if more > 0 {
            kept.push(format!("and {more} more of the kind are left out"));
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_notes_are_counted_and_long_ones_cut() {
        let mut notes = SettingNotes::default();
        (0..KEPT_MAX + 3).for_each(|_| notes.add("ä".repeat(1000)));
        let kept = notes.into_vec();
        assert_eq!(kept.len(), KEPT_MAX + 1);
        assert!(kept[0].len() < 510 && kept[0].ends_with('…'));
        assert!(kept[KEPT_MAX].starts_with("and 3 more"));
    }
}
