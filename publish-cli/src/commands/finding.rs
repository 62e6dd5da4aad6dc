//! Prints findings about images to a terminal.

use wire::proto::LintFinding;

/// Describes a finding in one line. Control characters are replaced, because the path is untrusted and must not move
/// the terminal's cursor.
pub(super) fn describe_finding(finding: &LintFinding) -> String {
    let line = format!("{}: {} ({})", finding.path, finding.problem, finding.rule);
    line.chars().map(|character| if character.is_control() { '?' } else { character }).collect()
}
