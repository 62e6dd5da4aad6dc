//! Findings: remarks on an image's content for people, each with the path that it concerns.

use std::collections::BTreeMap;

use wire::proto::LintFinding;

use wire::units::show_path;

/// Limit on the findings that are kept for one rule. Further findings would repeat the same, so
/// they are only counted.
pub const KEPT_MAX: usize = 8;

/// Longest path in a finding, in bytes: enough to identify the file.
const PATH_LEN_MAX: usize = 300;

/// Longest problem in a finding, in bytes. This crate's texts are several times shorter, but they
/// can quote the image. Escaping may turn each byte of a path into six, so a finding takes at most
/// 3 KiB. With 8 findings for each of some 30 rules, all findings take at most 720 KiB.
const PROBLEM_LEN_MAX: usize = 1000;

/// Cuts arbitrary bytes of an image, such as an over-long name, to [`PATH_LEN_MAX`] bytes, and
/// escapes them for display.
pub(crate) fn show_start(bytes: &[u8]) -> String {
    match bytes.split_at_checked(PATH_LEN_MAX) {
        Some((start, rest)) if !rest.is_empty() => show_path(start) + "…",
        _ => show_path(bytes),
    }
}

/// Remarks on something whose path is not known yet; limited per rule as findings are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    kept: Vec<(&'static str, String)>,
    counts: BTreeMap<&'static str, usize>,
}

impl Notes {
    /// Adds a note; `problem` runs only if the note is kept.
    pub(crate) fn add(&mut self, rule: &'static str, problem: impl FnOnce() -> String) {
        let count = self.counts.entry(rule).or_default();
        *count += 1;
        if *count <= KEPT_MAX {
            self.kept.push((rule, problem()));
        }
    }

    /// Removes and returns the notes of one rule, with their count.
    pub(crate) fn take(&mut self, rule: &'static str) -> Self {
        let is_meant = |note: &mut (&'static str, String)| note.0 == rule;
        let kept = self.kept.extract_if(.., is_meant).collect();
        let counts = self.counts.remove_entry(rule).into_iter().collect();
        Self { kept, counts }
    }
}

/// Findings in the order in which they were added, limited per rule.
#[derive(Debug, Default)]
pub struct Findings {
    kept: Vec<LintFinding>,
    counts: BTreeMap<String, usize>,
}

impl Findings {
    /// Adds a finding. The path is inside the image, without a leading slash.
    pub fn add(&mut self, rule: &str, path: &[u8], problem: &str) {
        let count = self.counts.entry(rule.to_owned()).or_default();
        *count += 1;
        if *count <= KEPT_MAX {
            let path = format!("/{}", show_start(path));
            let end = problem.floor_char_boundary(PROBLEM_LEN_MAX);
            let cut = if end < problem.len() { "…" } else { "" };
            let problem = format!("{}{cut}", &problem[..end]);
            self.kept.push(LintFinding { rule: rule.to_owned(), path, problem });
        }
    }

    /// Adds earlier notes as findings, now that their path is known.
    pub(crate) fn add_all(&mut self, path: &[u8], notes: &Notes) {
        for (rule, problem) in &notes.kept {
            self.add(rule, path, problem);
        }
        for (rule, count) in notes.counts.iter().filter(|(_, count)| **count > KEPT_MAX) {
            *self.counts.entry((*rule).to_owned()).or_default() += count - KEPT_MAX;
        }
    }

    /// Returns the findings. If a rule has more than [`KEPT_MAX`] findings, the last one that was
    /// kept tells how many were left out.
    pub fn into_vec(self) -> Vec<LintFinding> {
        let Self { mut kept, counts } = self;
        for (rule, count) in counts.into_iter().filter(|(_, count)| *count > KEPT_MAX) {
            if let Some(last) = kept.iter_mut().rfind(|finding| finding.rule == rule) {
                last.problem.push_str(&format!("; and {} more of the kind", count - KEPT_MAX));
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_of_a_kind_are_counted_and_long_paths_are_cut() {
        let mut findings = Findings::default();
        for _ in 0..KEPT_MAX + 3 {
            findings.add("rule", &[b'a'; 4096], "wrong");
        }
        findings.add("other", b"b\x1b", "wrong too");
        findings.add("other", b"b", &"ä".repeat(10_000));
        let found = findings.into_vec();
        let long = &found[KEPT_MAX + 1].problem;
        assert!(long.len() < 1010 && long.ends_with('…'), "{long}");
        assert_eq!(found.len(), KEPT_MAX + 2);
        assert_eq!(found[KEPT_MAX - 1].problem, "wrong; and 3 more of the kind");
        assert!(found[0].path.len() < 320 && found[0].path.ends_with('…'));
        assert_eq!(found[KEPT_MAX].path, "/b\\u{1b}");
    }

    #[test]
    fn notes_are_counted_as_findings_are() {
        let mut notes = Notes::default();
        (0..KEPT_MAX + 5).for_each(|_| notes.add("rule", || "wrong".to_owned()));
        notes.add("other", || "wrong too".to_owned());
        let others = notes.take("other");
        let mut findings = Findings::default();
        findings.add_all(b"a", &notes);
        findings.add_all(b"b", &others);
        let found = findings.into_vec();
        assert_eq!(found.len(), KEPT_MAX + 1);
        assert_eq!(found[KEPT_MAX - 1].problem, "wrong; and 5 more of the kind");
        assert_eq!((found[KEPT_MAX].rule.as_str(), found[KEPT_MAX].path.as_str()), ("other", "/b"));
    }
}
