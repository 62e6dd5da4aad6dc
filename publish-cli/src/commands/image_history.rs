//! `publish-cli image history`: the revisions of a stream that changed a path.

use publisher::PublishError;
use publisher::content::FetchedContent;
use rpc::exit;
use serde::Serialize;
use store::ImageContent;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use wire::Manifest;
use wire::manifest::diff::compare;
use wire::name::{ImageName, StreamName};
use wire::proto::ImageRecord;
use wire::units::format_len;
use wire::units::show_path;

use crate::context::Context;
use crate::document::HistoryDocument;
use crate::failure::Failure;

/// A revision's change to the path.
#[derive(Serialize)]
struct HistoryRow {
    image: String,
    created_at_ms: i64,
    /// `added`, `removed` or `changed`.
    change: &'static str,
    /// Properties of the path that differ from the previous revision. Only a `changed` path has any.
    fields: Vec<&'static str>,
    /// Description of the inode in this revision; empty for `removed`.
    now: String,
}

pub(super) fn run(context: &Context, stream: &StreamName, path: &str) -> anyhow::Result<u8> {
    let server = context.imaged()?;
    let mut records = Vec::new();
    context.client()?.list_images(&server, stream.as_str(), |page| {
        records.extend(page);
        Ok::<_, PublishError>(())
    })?;
    records.sort_by(|a, b| (a.created_at_ms, &a.name).cmp(&(b.created_at_ms, &b.name)));
    let mut fetched = FetchedContent::new(context.client()?, None)?;
    let mut rows = Vec::new();
    let mut before: Option<Manifest> = None;
    for record in records {
        let name: ImageName = record.name.parse()?;
        // Skip disk images: they have no paths.
        let ImageContent::Tree(manifest) = fetched.content(context.client()?, &name)? else {
            continue;
        };
        rows.extend(row(before.as_ref(), &manifest, path, &record));
        before = Some(*manifest);
    }
    if rows.is_empty() {
        let message = format!("no image of {stream} has '{path}'");
        return Err(Failure::error(wire::ErrorClass::NotFound, message));
    }
    let document = HistoryDocument { stream: stream.as_str(), path, history: &rows };
    context.output.document(&document, || rows.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    Ok(exit::DONE)
}

/// Compares a path in two successive revisions; returns `None` if the path did not change.
fn row(
    before: Option<&Manifest>,
    now: &Manifest,
    path: &str,
    record: &ImageRecord,
) -> Option<HistoryRow> {
    let old = before.and_then(|before| Some((before, before.lookup(path.as_bytes())?)));
    let new = now.lookup(path.as_bytes());
    let (change, fields) = match (old, new) {
        (None, None) => return None,
        (None, Some(_)) => ("added", Vec::new()),
        (Some(_), None) => ("removed", Vec::new()),
        (Some((before, a)), Some(b)) => {
            let mut fields = compare(before, a, now, b).names();
            let (a, b) = (before.node_inode(a), now.node_inode(b));
            if a.is_directory() && b.is_directory() && a.digest() != b.digest() {
                fields.push("what is below it");
            }
            if fields.is_empty() {
                return None;
            }
            ("changed", fields)
        }
    };
    Some(HistoryRow {
        image: record.name.clone(),
        created_at_ms: record.created_at_ms,
        change,
        fields,
        now: new.map(|node| describe(now, node)).unwrap_or_default(),
    })
}

/// Describes an inode in a few words: kind, permissions, owner, size, digest.
fn describe(manifest: &Manifest, node: wire::manifest::NodeId) -> String {
    let inode = manifest.node_inode(node);
    let owner = format!("{:04o} {}:{}", inode.permissions(), inode.uid(), inode.gid());
    if inode.is_directory() {
        return format!("directory {owner}");
    }
    if inode.is_symlink() {
        return format!("symlink to {}", show_path(inode.target()));
    }
    if inode.is_regular() {
        let digest = inode.digest().map(|digest| digest.to_string()).unwrap_or_default();
        let short: String = digest.chars().take(19).collect();
        return format!("{} {owner} {short}", format_len(inode.size()));
    }
    format!("special file {owner}")
}

fn when(created_at_ms: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(created_at_ms / 1000).ok();
    at.and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default()
}

fn line(row: &HistoryRow) -> String {
    let fields = match &row.fields[..] {
        [] => String::new(),
        fields => format!(" ({})", fields.join(", ")),
    };
    let head = format!("{} {:<32} {}{fields}", when(row.created_at_ms), row.image, row.change);
    if row.now.is_empty() { head } else { format!("{head}: {}", row.now) }
}
