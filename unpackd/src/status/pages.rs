//! The page for people.

use maud::{Markup, html};
use statuspage::chart::{Part, Row, rows};
use statuspage::page::{Column, count, duration, moment, page, table, tile, tiles};
use sysio::clock::now_ms;
use wire::proto::UnpackReport;
use wire::units::format_len;

use crate::manager::{Outcome, PatchRun, phases};
use crate::volume::{State, Volume};

/// Limit on the patches in the timeline. The table below it has all patches that the history keeps.
const TIMELINE_MAX: usize = 20;

/// Returns the page of all volumes and the last patches.
pub(super) fn overview(
    volumes: &[Volume],
    patches: &[PatchRun],
    engine: &str,
    certificate: Markup,
    imaged: &str,
) -> Markup {
    let of_state = |name| volumes.iter().filter(|volume| volume.state.name() == name).count();
    let running = patches.iter().filter(|run| matches!(run.outcome, Outcome::Running { .. }));
    let damaged = of_state("damaged");
    let figures = tiles(&[
        tile("Volumes", &count(volumes.len() as u64), &format!("{} ready", of_state("ready"))),
        tile("Patches under way", &count(running.count() as u64), ""),
        tile(
            "Damaged",
            &count(damaged as u64),
            if damaged > 0 { "unpack --verify full" } else { "" },
        ),
        tile("I/O engine", engine, "how volumes are read and written"),
        certificate,
    ]);
    let body = html! {
        (figures)
        h2 { "Volumes" }
        @if volumes.is_empty() {
            p { "There is no volume yet: " code { "publish-cli unpacker add-volume" } " adds one." }
        } @else {
            (table(&VOLUME_COLUMNS, &volumes.iter().map(volume_row).collect::<Vec<_>>()))
        }
        h2 { "Patches" }
        @if patches.is_empty() {
            p { "No patch since the daemon started." }
        } @else {
            @let legend = phases(&UnpackReport::default()).map(|(name, _)| name);
            @let shown: Vec<Row> = patches.iter().take(TIMELINE_MAX).map(timeline).collect();
            (rows("The time of the last patches by phase, the latest above", &legend, &shown))
            br;
            (table(&PATCH_COLUMNS, &patches.iter().map(patch_row).collect::<Vec<_>>()))
        }
    };
    let about = format!("unpackd {} · images from {imaged}", env!("CARGO_PKG_VERSION"));
    page("Volumes", &[], &about, &body)
}

const VOLUME_COLUMNS: [Column; 7] = [
    Column::Text("Volume"),
    Column::Text("Stream"),
    Column::Text("State"),
    Column::Text("Image"),
    Column::Number("Size"),
    Column::Text("Filesystem"),
    Column::Text("Lease"),
];

fn volume_row(volume: &Volume) -> Vec<Markup> {
    let lease = volume.lease_at(now_ms());
    let image = match &volume.state {
        State::Patching { to, .. } => Some(to),
        state => state.revision(),
    };
    vec![
        html! { span title=(volume.path.display()) { (volume.id) } },
        html! { (volume.stream.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string)) },
        html! {
            span.state { (volume.state.name()) }
            @if let State::Damaged(problem) = &volume.state { " " span.bad { (problem) } }
        },
        html! { @if let Some(revision) = image { (revision.image) } @else { "–" } },
        html! { (format_len(volume.size)) },
        html! { (volume.filesystem.name()) ", " (volume.layout.name()) ", " (volume.freed.name()) },
        html! { @if let Some(lease) = lease { (lease.holder) ", until " (moment(lease.expires_at_ms)) } @else { "–" } },
    ]
}

/// Returns a row of the timeline: the phases one after another. Only the total includes the time between phases.
fn timeline(run: &PatchRun) -> Row {
    let label = run.image.to_string();
    match &run.outcome {
        Outcome::Done(report) => {
            let parts = phases(report).into_iter().enumerate().map(|(colour, (name, len))| Part {
                colour,
                name: format!("{name}: {}", duration(len)),
                len,
            });
            let parts = parts.collect();
            Row { label, parts, value: duration(report.elapsed_ms) }
        }
        Outcome::Running { phase, .. } => {
            let value = format!("{phase} …");
            Row { label, parts: Vec::new(), value }
        }
        Outcome::Failed { elapsed_ms, .. } => {
            let value = format!("failed after {}", duration(*elapsed_ms));
            Row { label, parts: Vec::new(), value }
        }
    }
}

const PATCH_COLUMNS: [Column; 8] = [
    Column::Text("Image"),
    Column::Text("Volume"),
    Column::Text("Began"),
    Column::Text("Result"),
    Column::Number("Took"),
    Column::Number("Fetched"),
    Column::Number("Written"),
    Column::Number("Dirty blocks"),
];

fn patch_row(run: &PatchRun) -> Vec<Markup> {
    let report = match &run.outcome {
        Outcome::Done(report) => Some(report.as_ref()),
        Outcome::Running { .. } | Outcome::Failed { .. } => None,
    };
    let shown = |figure: fn(&UnpackReport) -> String| report.map_or_else(|| "–".to_owned(), figure);
    let took = match &run.outcome {
        Outcome::Done(report) => report.elapsed_ms,
        Outcome::Failed { elapsed_ms, .. } => *elapsed_ms,
        Outcome::Running { .. } => u64::try_from(now_ms() - run.started_at_ms).unwrap_or_default(),
    };
    vec![
        html! { (run.image) },
        html! { (run.volume) },
        html! { (moment(run.started_at_ms)) },
        result(&run.outcome),
        html! { (duration(took)) },
        html! { (shown(|report| format_len(report.bytes_fetched))) },
        html! { (shown(|report| format_len(report.bytes_written))) },
        html! { (shown(|report| report.dirty_blocks_512k.map_or_else(|| "–".to_owned(), |blocks| count(blocks.total)))) },
    ]
}

fn result(outcome: &Outcome) -> Markup {
    html! {
        @match outcome {
            Outcome::Running { phase, done, total } => {
                (phase) @if *total > 0 { " " (count(*done)) " of " (count(*total)) }
            }
            Outcome::Done(report) => {
                @if report.is_dry_run { "planned only" } @else { "done" } ", evidence: " (report.evidence)
                small { (phases_text(report)) }
            }
            Outcome::Failed { problem, .. } => span.bad { (problem) },
        }
    }
}

fn phases_text(report: &UnpackReport) -> String {
    let spent = phases(report).into_iter().filter(|(_, ms)| *ms > 0);
    spent.map(|(name, ms)| format!("{name} {}", duration(ms))).collect::<Vec<_>>().join(", ")
}
