//! Reads the plain assignments of a shell file. A value may consist of words, quoted text and the
//! values of other settings.

use std::collections::{BTreeMap, BTreeSet};

use crate::boot::notes::SettingNotes;

/// The settings that callers read; other settings matter only where these refer to them.
pub(super) const ASKED: [&str; 2] = ["GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT"];

/// Limit on the settings that are kept; those of [`ASKED`] are kept in any case. With values of
/// [`VALUE_LEN_MAX`] the settings take 1 MiB. Distributions set about a dozen.
const SETTINGS_MAX: usize = 256;

/// Limit on the length of a value, in bytes; kernels take lines of 2048 bytes. The limit also stops
/// a value that grows because every line appends it to itself.
const VALUE_LEN_MAX: usize = 4096;

/// The values of variables after all assignments in the texts that were read.
#[derive(Debug, Default)]
pub(super) struct Settings {
    values: BTreeMap<String, String>,
    /// Notes on values of [`ASKED`] settings that could not be resolved.
    pub not_understood: SettingNotes,
}

impl Settings {
    /// Reads texts in the order in which a shell would run them.
    pub(super) fn read<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut settings = Self::default();
        for text in texts {
            // A backslash at a line's end continues the line.
            for line in text.replace("\\\n", "").lines() {
                settings.assign(line.trim());
            }
        }
        settings
    }

    /// Returns a setting's value; empty if unset.
    pub(super) fn value(&self, key: &str) -> &str {
        self.values.get(key).map(String::as_str).unwrap_or_default()
    }

    fn assign(&mut self, line: &str) {
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((key, value)) = line.split_once('=') else { return };
        let (key, is_more) = match key.strip_suffix('+') {
            Some(key) => (key, true),
            None => (key, false),
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if key.is_empty() || !key.chars().all(is_name) {
            return;
        }
        let is_asked = ASKED.contains(&key);
        let mut unknown = BTreeSet::new();
        let word = self.word(value, &mut unknown).map(|word| match is_more {
            true => self.value(key).to_owned() + &word,
            false => word,
        });
        let has_room = self.values.contains_key(key) || self.values.len() < SETTINGS_MAX;
        let is_kept = is_asked || has_room;
        match word.filter(|word| is_kept && word.len() <= VALUE_LEN_MAX) {
            Some(word) => drop(self.values.insert(key.to_owned(), word)),
            None if is_asked => {
                let problem = "its value is no plain text, or too long";
                self.not_understood.add(format!("{key} is left out: {problem}: {value}"));
            }
            // The assignment replaced the old value, and the new one is unknown.
            None => drop(self.values.remove(key)),
        }
        if is_asked {
            for name in unknown {
                let note = format!("${name} in {key} is left out: its value is not known");
                self.not_understood.add(note);
            }
        }
    }

    /// Evaluates one shell word: removes quotes and inserts other settings' values. A name without
    /// a known value goes into `unknown` and becomes empty. Returns `None` if the word is too long,
    /// if a quote stays open, or if a shell would have to run something.
    fn word(&self, text: &str, unknown: &mut BTreeSet<String>) -> Option<String> {
        let mut word = String::new();
        let mut quote = None;
        let mut rest = text.chars().peekable();
        while let Some(next) = rest.next() {
            match (next, quote) {
                (c, Some(open)) if c == open => quote = None,
                (c @ ('"' | '\''), None) => quote = Some(c),
                (c, None) if c.is_whitespace() || c == '#' || c == ';' => break,
                ('`', Some('"') | None) => return None,
                ('\\', None) => word.push(rest.next()?),
                ('\\', Some('"')) => match rest.next()? {
                    c @ ('$' | '`' | '"' | '\\') => word.push(c),
                    c => word.extend(['\\', c]),
                },
                ('$', Some('"') | None) => {
                    let is_braced = rest.next_if_eq(&'{').is_some();
                    let mut name = String::new();
                    while let Some(c) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                        name.push(c);
                    }
                    if name.is_empty() || is_braced && rest.next() != Some('}') {
                        return None;
                    }
                    match self.values.get(&name) {
                        Some(value) => word.push_str(value),
                        // Add no note: a setting in `ASKED` may be unset, or a note on it exists
                        // already.
                        None if ASKED.contains(&name.as_str()) => {}
                        None => drop(unknown.insert(name)),
                    }
                }
                (c, _) => word.push(c),
            }
            if word.len() > VALUE_LEN_MAX {
                return None;
            }
        }
        quote.is_none().then_some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Settings {
        Settings::read([text].into_iter())
    }

    #[test]
    fn settings_are_read_as_a_shell_would() {
        let settings = Settings::read(
            [
                "# GRUB_CMDLINE_LINUX=no\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX=\"a=1 b\" # more\n",
                "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX c\"\nexport GRUB_CMDLINE_LINUX+=' d'\n",
                "GRUB_CMDLINE_LINUX_DEFAULT='quiet'\\ splash\nGRUB_CMDLINE_LINUX+=\" e \\\n f\"\n",
            ]
            .into_iter(),
        );
        assert_eq!(settings.value("GRUB_CMDLINE_LINUX"), "a=1 b c d e  f");
        assert_eq!(settings.value("GRUB_CMDLINE_LINUX_DEFAULT"), "quiet splash");
        assert_eq!(settings.not_understood.into_vec(), [] as [String; 0]);
        for text in ["`id`", "\"$(id)\"", "\"open", "${a:-b}", "\"$\""] {
            let settings = read(&format!("GRUB_CMDLINE_LINUX={text}\n"));
            let told = settings.not_understood.into_vec();
            assert_eq!((settings.values.len(), told.len()), (0, 1), "{text}");
        }
        let settings = read("GRUB_CMDLINE_LINUX=\"a=\\\"b c\\\" \\d\"");
        assert_eq!(settings.value("GRUB_CMDLINE_LINUX"), "a=\"b c\" \\d");
    }

    #[test]
    fn other_settings_have_values_and_what_has_none_is_told() {
        let settings = read(
            "CONSOLE=\"console=ttyS0\"\nNAME=`hostname`\n\
             GRUB_CMDLINE_LINUX=\"$CONSOLE ${GONE} name=$NAME x\"\n",
        );
        assert_eq!(settings.value("GRUB_CMDLINE_LINUX"), "console=ttyS0  name= x");
        let told = settings.not_understood.into_vec();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("$GONE in GRUB_CMDLINE_LINUX is left out"), "{told:?}");
        assert!(told[1].starts_with("$NAME in GRUB_CMDLINE_LINUX is left out"), "{told:?}");
        // The last assignment of `A` cannot be resolved, so `A` has no value.
        let settings = read("A=old\nA=$(id)\nGRUB_CMDLINE_LINUX=$A\n");
        assert_eq!(settings.value("GRUB_CMDLINE_LINUX"), "");
        assert_eq!(settings.not_understood.into_vec().len(), 1);
    }

    #[test]
    fn what_grows_ends() {
        let twice = "GRUB_CMDLINE_LINUX=xx$GRUB_CMDLINE_LINUX$GRUB_CMDLINE_LINUX\n".repeat(64);
        assert!(read(&twice).value("GRUB_CMDLINE_LINUX").len() <= VALUE_LEN_MAX);
        let many: String = (0..1000).map(|n| format!("A{n}={}\n", "x".repeat(4000))).collect();
        let settings = read(&format!("{many}GRUB_CMDLINE_LINUX=x\n"));
        assert_eq!(settings.values.len(), SETTINGS_MAX + 1);
        assert_eq!(settings.value("GRUB_CMDLINE_LINUX"), "x");
    }
}
