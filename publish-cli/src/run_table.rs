//! A run's targets as lines of a table on a terminal.

use std::collections::BTreeMap;
use std::time::Duration;

use wire::run::{Run, Step, TargetRun};
use wire::units::{SNAPSHOT_BLOCK_LEN, format_len};

/// Limit on the targets shown by name. If there are more, failed targets take precedence, then the least advanced.
const NAMED_MAX: usize = 16;

/// Formats the summary line: targets per step, bytes uploaded, elapsed time.
pub(crate) fn summary(run: &Run, put: &[u64], elapsed: Duration) -> String {
    let mut phases: BTreeMap<(bool, Step), usize> = BTreeMap::new();
    for target in &run.targets {
        *phases.entry((target.error.is_some(), target.step)).or_default() += 1;
    }
    let of_phase = |(&(has_failed, step), count): (&(bool, Step), &usize)| match has_failed {
        true => format!("{count} failed in the step '{}'", step.name()),
        false => format!("{count} {}", step.name()),
    };
    let phases: Vec<String> = phases.iter().map(of_phase).collect();
    let (done, total) = (put.iter().sum::<u64>(), blocks(run.targets.iter()));
    let secs = elapsed.as_secs();
    format!(
        "{}: {}; {} of {} put; {}:{:02}",
        run.image,
        phases.join(", "),
        format_len(done * SNAPSHOT_BLOCK_LEN),
        format_len(total * SNAPSHOT_BLOCK_LEN),
        secs / 60,
        secs % 60
    )
}

/// Formats the table: the summary, then failed targets, then unfinished ones, then the present wait.
pub(crate) fn lines(
    run: &Run,
    put: &[u64],
    elapsed: Duration,
    waited_for: Option<String>,
) -> Vec<String> {
    let mut lines = vec![summary(run, put, elapsed)];
    let mut open: Vec<(&TargetRun, u64)> = run
        .targets
        .iter()
        .zip(put.iter().copied().chain(std::iter::repeat(0)))
        .filter(|(target, _)| target.step < Step::Done || target.error.is_some())
        .collect();
    open.sort_by_key(|(target, put)| (target.error.is_none(), target.step, *put));
    let more = open.len().saturating_sub(NAMED_MAX);
    lines.extend(open.into_iter().take(NAMED_MAX).map(|(target, put)| line(target, put)));
    if more > 0 {
        lines.push(format!("  … and {more} more"));
    }
    lines.extend(waited_for.map(|what| cut(&format!("  waiting: {what}"))));
    lines
}

fn line(target: &TargetRun, put: u64) -> String {
    let name = target.target.to_string();
    let what = match (&target.error, target.step) {
        (Some(error), step) => format!("FAILED in the step '{}': {}", step.name(), error.message),
        (None, Step::Putting) => format!("putting {put} of {} blocks", target.blocks),
        (None, step) => step.name().to_owned(),
    };
    cut(&format!("  {name:<32} {what}"))
}

/// Truncates a line: wrapped lines would break the table's redrawing.
fn cut(line: &str) -> String {
    line.chars().take(110).collect()
}

fn blocks<'t>(targets: impl Iterator<Item = &'t TargetRun>) -> u64 {
    targets.map(|target| u64::from(target.blocks)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::run;

    #[test]
    fn trouble_comes_first_and_few_are_named() {
        let mut many = run(&[0; 40]);
        for (index, target) in many.targets.iter_mut().enumerate() {
            target.step = if index < 10 { Step::Done } else { Step::Putting };
            target.blocks = 100;
        }
        many.targets[30].error = run(&[4]).targets[0].error.clone();
        many.targets[20].step = Step::Starting;
        let put: Vec<u64> = (0..40).collect();
        let lines =
            lines(&many, &put, Duration::from_secs(61), Some("x: too many calls".to_owned()));
        assert_eq!(
            lines[0],
            "s/1: 1 starting, 28 putting, 10 done, 1 failed in the step 'putting'; 390 MiB of 1.95 GiB put; 1:01"
        );
        assert!(lines[1].contains("FAILED in the step 'putting'"), "{lines:?}");
        assert!(lines[2].ends_with("starting"), "{lines:?}");
        assert!(lines[3].ends_with("putting 10 of 100 blocks"), "{lines:?}");
        assert_eq!(lines[17..], ["  … and 14 more", "  waiting: x: too many calls"]);
    }
}
