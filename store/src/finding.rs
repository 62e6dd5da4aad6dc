//! Findings: what somebody should know of an image's content, each with the path that it is about.

use std::collections::BTreeMap;

use wire::proto::LintFinding;

use crate::error::show;

/// Findings that are kept of one rule: the rest is more of the same, and is counted.
pub const KEPT_MAX: usize = 8;

/// The longest path in a finding, in bytes: enough to find it by. 8 of each of some 25 rules take 100 KiB at most.
const PATH_LEN_MAX: usize = 300;

/// Findings, by rule in the order in which rules were first met.
#[derive(Debug, Default)]
pub struct Findings {
    kept: Vec<LintFinding>,
    counts: BTreeMap<String, usize>,
}

impl Findings {
    /// Adds one. The path is one of the image, without a leading slash.
    pub fn add(&mut self, rule: &str, path: &[u8], problem: &str) {
        let count = self.counts.entry(rule.to_owned()).or_default();
        *count += 1;
        if *count <= KEPT_MAX {
            let path = match path.split_at_checked(PATH_LEN_MAX) {
                Some((start, rest)) if !rest.is_empty() => format!("/{}…", show(start)),
                _ => format!("/{}", show(path)),
            };
            let (rule, problem) = (rule.to_owned(), problem.to_owned());
            self.kept.push(LintFinding { rule, path, problem });
        }
    }

    /// Returns what was found; of each rule with more than [`KEPT_MAX`] the last says how many there are.
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
        let found = findings.into_vec();
        assert_eq!(found.len(), KEPT_MAX + 1);
        assert_eq!(found[KEPT_MAX - 1].problem, "wrong; and 3 more of the kind");
        assert!(found[0].path.len() < 320 && found[0].path.ends_with('…'));
        assert_eq!(found[KEPT_MAX].path, "/b\\u{1b}");
    }
}
