//! The HTML pages for people.

use std::time::Duration;

use imageserver::upkeep::Upkeep;
use imageserver::{ImageServer, ReplicaState};
use maud::{Markup, html};
use statuspage::chart::{Part, Row, rows};
use statuspage::page::{Column, ROWS_MAX, count, duration, moment, page, table, tile, tiles};
use wire::units::format_len;

use super::overview::{Overview, Revision, Sums, sums};
use crate::join::TokenCounts;
use crate::replica::Reports;
use crate::upkeep::{Schedule, ago, begun_or, next};

/// A replica reports itself every 15 s; one that was silent so long is marked.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// Maximum number of revisions in a chart; it shows the newest ones.
const CHART_MAX: usize = 40;

/// Figures of what a server does beside keeping images.
pub(super) struct MoreFigures<'a> {
    pub schedule: Schedule,
    pub replica: Option<&'a Reports>,
    pub joins: TokenCounts,
    pub certificate: Markup,
}

/// Renders the page of all streams; its table begins at index `from`.
pub(super) fn overview(
    overview: &Overview,
    server: &ImageServer,
    more_figures: &MoreFigures<'_>,
    from: usize,
) -> Markup {
    let all = overview.sums();
    let stats = &overview.stats;
    let mut figures = vec![
        tile("Images", &count(all.images), &format!("in {} streams", overview.streams.len())),
        tile("Their content", &format_len(all.bytes), "each image by itself"),
        tile("Kept", &format_len(stats.payload_bytes), &less(all.bytes, stats.payload_bytes)),
        tile("Objects", &count(stats.objects), &format!("in {} packs", count(stats.packs))),
        tile("Free", &format_len(overview.free), "where the store is"),
    ];
    figures.extend(upkeep_tiles(server.upkeep(), more_figures.schedule));
    figures.push(more_figures.certificate.clone());
    if let Some(reports) = more_figures.replica {
        figures.push(tile("Follows", &reports.primary, &reports.report().words()));
    }
    figures.extend(tokens_tile(more_figures.joins));
    let replicas = server.replicas();
    let streams: Vec<Vec<Markup>> = overview
        .streams
        .iter()
        .skip(from)
        .take(ROWS_MAX)
        .map(|(name, revisions)| stream_row(name, revisions))
        .collect();
    let columns = [
        Column::Text("Stream"),
        Column::Number("Images"),
        Column::Text("Latest"),
        Column::Text("Added"),
        Column::Number("Content of all"),
        Column::Number("Each alone"),
        Column::Number("Added in all"),
    ];
    let body = html! {
        (tiles(&figures))
        @if !replicas.is_empty() {
            h2 { "Replicas" }
            (table(&REPLICA_COLUMNS, &replicas.iter().map(replica_row).collect::<Vec<_>>()))
        }
        h2 { "What is saved" }
        (sizes(&all, stats.payload_bytes))
        h2 { "Streams" }
        @if overview.streams.is_empty() {
            p { "There is no image yet: " code { "publish-cli image add STREAM/LEAF SOURCE" } " adds one." }
        } @else {
            (table(&columns, &streams))
            (more(from, overview.streams.len()))
        }
    };
    let about = format!("imaged {}", env!("CARGO_PKG_VERSION"));
    page("Images", &[], &about, &body)
}

/// Renders when garbage was collected and everything was checked, what came of it since the start, and when that is due
/// again.
fn upkeep_tiles(upkeep: &Upkeep, schedule: Schedule) -> [Markup; 2] {
    let (times, report) = (upkeep.times(), upkeep.report());
    let collected = match &report.collection {
        None => String::new(),
        Some(Ok(collected)) => format!("freed {}; ", format_len(collected.bytes_freed)),
        Some(Err(problem)) => format!("{problem}; "),
    };
    let checked = match &report.check {
        None => String::new(),
        Some(Ok(found)) if found.damaged == 0 => "no damage; ".to_owned(),
        Some(Ok(found)) => format!("{} damaged, {} healed; ", found.damaged, found.healed),
        Some(Err(problem)) => format!("{problem}; "),
    };
    let next_collection = next(schedule.collect_every, begun_or(times, times.collected_at_ms));
    let next_check = next(schedule.check_every, begun_or(times, times.checked_at_ms));
    [
        tile("Garbage collected", &ago(times.collected_at_ms), &(collected + &next_collection)),
        tile("Everything checked", &ago(times.checked_at_ms), &(checked + &next_check)),
    ]
}

/// Renders the tokens of machines that join, if there is any to tell of.
fn tokens_tile(joins: TokenCounts) -> Option<Markup> {
    let is_any = joins.open + joins.asked + joins.misused > 0;
    let waits = format!("{} wait for an issuer, {} misused", joins.asked, joins.misused);
    is_any.then(|| tile("Open tokens", &count(joins.open), &waits))
}

const REPLICA_COLUMNS: [Column; 7] = [
    Column::Text("Replica"),
    Column::Text("Identity"),
    Column::Text("Version"),
    Column::Number("Lag"),
    Column::Number("Changes behind"),
    Column::Number("Last heard"),
    Column::Text("Notes"),
];

fn replica_row(replica: &ReplicaState) -> Vec<Markup> {
    let ms = |time: Duration| duration(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    vec![
        html! { (replica.place) },
        html! { (replica.identity) },
        html! { (replica.version) },
        html! { @if replica.changes_behind == 0 { "none" } @else { (ms(replica.lag)) } },
        html! { (count(replica.changes_behind)) },
        html! { (ms(replica.silence)) " ago" },
        html! {
            @if replica.silence > SILENCE_MAX { span.bad { "silent" } " " }
            @if replica.has_other_history { span.bad { "follows another history" } " " }
            @if replica.postponed > 0 { span.bad { (replica.postponed) " changes failed" } " " }
            @if !replica.problem.is_empty() { span.bad { (replica.problem) } }
        },
    ]
}

fn less(content: u64, kept: u64) -> String {
    if kept == 0 {
        return String::new();
    }
    format!("{:.1} times less", content as f64 / kept as f64)
}

/// Renders a chart of three sizes of all images: uncompressed, compressed image by image, and deduplicated.
fn sizes(sums: &Sums, kept: u64) -> Markup {
    let row = |label: &str, len: u64, colour: usize| Row {
        label: label.to_owned(),
        parts: vec![Part { colour, name: label.to_owned(), len }],
        value: format_len(len),
    };
    let mut shown = vec![row("as they are", sums.bytes, 5)];
    if sums.unknown == 0 {
        shown.push(row("compressed, each image alone", sums.alone, 1));
    }
    shown.push(row("compressed, each object once: as kept", kept, 0));
    rows("All images, without and with deduplication", &[], &shown)
}

fn stream_row(name: &str, revisions: &[Revision]) -> Vec<Markup> {
    let of_stream = sums(revisions);
    let last = revisions.last();
    let known = |len: u64| if of_stream.unknown == 0 { format_len(len) } else { "–".to_owned() };
    vec![
        html! { a href={ "/stream/" (name) } { (name) } },
        html! { (count(of_stream.images)) },
        html! { (last.map_or("", |last| &last.leaf)) },
        html! { @if let Some(last) = last { (moment(last.created_at_ms)) } },
        html! { (format_len(of_stream.bytes)) },
        html! { (known(of_stream.alone)) },
        html! { (known(of_stream.added)) },
    ]
}

/// Renders links to the rows before and after those of this page.
fn more(from: usize, total: usize) -> Markup {
    html! {
        p.note {
            @if from > 0 { a href={ "?from=" (from.saturating_sub(ROWS_MAX)) } { "before" } " " }
            @if from.saturating_add(ROWS_MAX) < total {
                (count(from as u64 + 1)) " to " (count((from + ROWS_MAX) as u64)) " of " (count(total as u64)) " "
                a href={ "?from=" (from + ROWS_MAX) } { "next" }
            }
        }
    }
}

/// Renders the page of one stream, newest image first; its table begins at index `from`.
pub(super) fn stream(name: &str, revisions: &[Revision], from: usize) -> Markup {
    let of_stream = sums(revisions);
    let added = Some(of_stream.added).filter(|_| of_stream.unknown == 0);
    let figures = tiles(&[
        tile("Images", &count(of_stream.images), ""),
        tile("Their content", &format_len(of_stream.bytes), "each image by itself"),
        tile(
            "Added",
            &added.map_or_else(|| "–".to_owned(), format_len),
            &added.map_or_else(String::new, |added| less(of_stream.bytes, added)),
        ),
    ]);
    let columns = [
        Column::Text("Image"),
        Column::Text("Added"),
        Column::Number("Inodes"),
        Column::Number("Content"),
        Column::Number("Alone"),
        Column::Number("It added"),
        Column::Number("Objects"),
        Column::Text("Expires"),
        Column::Text("Notes"),
    ];
    let images: Vec<Vec<Markup>> =
        revisions.iter().rev().skip(from).take(ROWS_MAX).map(revision_row).collect();
    let last = &revisions[revisions.len().saturating_sub(CHART_MAX)..];
    let body = html! {
        (figures)
        h2 { "What each revision added" }
        (rows("Compressed bytes that the store did not hold before, the latest below", &[], &last.iter().map(bar).collect::<Vec<_>>()))
        h2 { "Revisions" }
        (table(&columns, &images))
        (more(from, revisions.len()))
    };
    page(name, &[("images", "/")], "", &body)
}

fn bar(revision: &Revision) -> Row {
    let added = revision.stored.map(|stored| stored.added_payload_bytes);
    let value = added.map_or_else(|| "not known".to_owned(), format_len);
    Row {
        label: revision.leaf.clone(),
        parts: vec![Part { colour: 0, name: value.clone(), len: added.unwrap_or_default() }],
        value,
    }
}

fn revision_row(revision: &Revision) -> Vec<Markup> {
    let stored = |figure: fn(&wire::proto::StoredSize) -> String| {
        revision.stored.as_ref().map_or_else(|| "–".to_owned(), figure)
    };
    vec![
        html! { span title=(revision.manifest) { (revision.leaf) } },
        html! { (moment(revision.created_at_ms)) },
        html! { @if revision.kind == "disk" { "disk image" } @else { (count(revision.inodes)) } },
        html! { (format_len(revision.bytes)) },
        html! { (stored(|stored| format_len(stored.payload_bytes))) },
        html! { (stored(|stored| format_len(stored.added_payload_bytes))) },
        html! { (stored(|stored| format!("{} of {}", count(stored.added_objects), count(stored.objects)))) },
        html! { @if revision.expires_at_ms > 0 { (moment(revision.expires_at_ms)) } @else { "never" } },
        html! { @if revision.findings > 0 { span.bad { (revision.findings) " findings" } } },
    ]
}
