//! What there is to say of arguments and lines that were left out: some lines of a report, whatever the image holds.

/// Notes that are kept: a report is read by people, and the rest is more of the same.
const KEPT_MAX: usize = 32;

/// The longest note, in bytes: enough for what was left out and the reason. 32 of them take 16 KiB, and 96 KiB where all
/// of it must be escaped.
const LEN_MAX: usize = 500;

/// Notes for a report.
#[derive(Debug, Default)]
pub(super) struct Notes {
    kept: Vec<String>,
    more: usize,
}

impl Notes {
    /// Adds one.
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

    /// Returns them; the last says how many more there were.
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
        let mut notes = Notes::default();
        (0..KEPT_MAX + 3).for_each(|_| notes.add("ä".repeat(1000)));
        let kept = notes.into_vec();
        assert_eq!(kept.len(), KEPT_MAX + 1);
        assert!(kept[0].len() < 510 && kept[0].ends_with('…'));
        assert!(kept[KEPT_MAX].starts_with("and 3 more"));
    }
}
