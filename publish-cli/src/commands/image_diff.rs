//! `publish-cli image diff`, for two trees or two disk images.

use publisher::content::FetchedContent;
use rpc::exit;
use similar::TextDiff;
use store::ImageContent;
use wire::ErrorClass;
use wire::Manifest;
use wire::blockmap::BlockMap;
use wire::digest::Digest;
use wire::manifest::NodeId;
use wire::manifest::diff::{Change, diff};
use wire::name::ImageName;
use wire::units::format_len;
use wire::units::show_path;

use super::image_packages;
use super::image_summary::Summary;
use crate::context::Context;
use crate::document::{ChangeDocument, DiskDiffDocument};
use crate::failure::Failure;
use crate::packages;

/// Longest file in bytes that `--text` shows.
const TEXT_LEN_MAX: u64 = 1 << 20;

/// Limit on differing paths that are listed without `--files`.
const LISTED_MAX: usize = 40;

/// The options of `image diff`.
#[derive(Clone, Copy)]
pub(super) struct DiffHow {
    /// Show text files as unified diffs.
    pub text: bool,
    /// List every path that differs, even if there are more than [`LISTED_MAX`].
    pub files: bool,
    /// Exit with 1 if anything differs.
    pub exit_code: bool,
}

pub(super) fn run(
    context: &Context,
    a: &ImageName,
    b: &ImageName,
    how: DiffHow,
) -> anyhow::Result<u8> {
    let DiffHow { text, files, exit_code } = how;
    let mut fetched = FetchedContent::new(context.client()?, None)?;
    let (old, new) =
        match (fetched.content(context.client()?, a)?, fetched.content(context.client()?, b)?) {
            (ImageContent::Tree(old), ImageContent::Tree(new)) => (old, new),
            (ImageContent::Disk(old), ImageContent::Disk(new)) => {
                return disks(context, (a, &old), (b, &new), exit_code);
            }
            _ => {
                let message = format!(
                    "{a} and {b} cannot be compared: one is a disk image, and the other is a tree"
                );
                return Err(Failure::error(ErrorClass::Refused, message));
            }
        };
    let changes = diff(&old, &new);
    let texts = if text {
        texts(context, &mut fetched, (a, &old), (b, &new), &changes)?
    } else {
        Vec::new()
    };
    let before = image_packages::of(context, &mut fetched, a, &old)?;
    let after = image_packages::of(context, &mut fetched, b, &new)?;
    let summary = Summary::of(&old, &new, &changes, packages::Changes::between(&before, &after));
    let all = changes.iter().map(|change| change_document(&old, &new, *change)).collect();
    let document = summary.document(a.as_str(), b.as_str(), all);
    context.output.document(&document, || {
        let mut lines = Vec::new();
        if files || changes.len() <= LISTED_MAX {
            lines.extend(changes.iter().map(|change| change_line(&old, &new, *change)));
        }
        lines.extend(texts);
        lines.extend(summary.lines());
        if !files && changes.len() > LISTED_MAX {
            lines.push("--files lists every path that differs".to_owned());
        }
        lines.join("\n")
    })?;
    Ok(if exit_code && !changes.is_empty() { exit::DIFFERENT } else { exit::DONE })
}

/// Compares two disks by blocks of 512 KiB.
fn disks(
    context: &Context,
    (a, old): (&ImageName, &BlockMap),
    (b, new): (&ImageName, &BlockMap),
    exit_code: bool,
) -> anyhow::Result<u8> {
    let changed: Vec<u32> = new.changed_since(old).into_iter().map(|index| index.0).collect();
    let document = DiskDiffDocument {
        a: a.as_str(),
        b: b.as_str(),
        a_bytes: old.disk_len(),
        b_bytes: new.disk_len(),
        blocks: new.hashes().len(),
        changed_blocks: changed.len(),
        changes: &changed,
    };
    context.output.document(&document, || {
        let total = new.hashes().len();
        let lens = (format_len(old.disk_len()), format_len(new.disk_len()));
        let grown = match old.disk_len() == new.disk_len() {
            true => String::new(),
            false => format!("; {} became {}", lens.0, lens.1),
        };
        format!("{} of {total} blocks of 512 KiB changed{grown}", changed.len())
    })?;
    Ok(if exit_code && old != new { exit::DIFFERENT } else { exit::DONE })
}

fn change_line(old: &Manifest, new: &Manifest, change: Change) -> String {
    match change {
        Change::Added(node) => format!("+ /{}", show_path(&new.path(node))),
        Change::Removed(node) => format!("- /{}", show_path(&old.path(node))),
        Change::Changed { new: node, fields, .. } => {
            format!("! /{} ({})", show_path(&new.path(node)), fields.names().join(", "))
        }
    }
}

fn change_document(old: &Manifest, new: &Manifest, change: Change) -> ChangeDocument {
    let (change, path, fields) = match change {
        Change::Added(node) => ("added", new.path(node), None),
        Change::Removed(node) => ("removed", old.path(node), None),
        Change::Changed { new: node, fields, .. } => {
            ("changed", new.path(node), Some(fields.names()))
        }
    };
    ChangeDocument { change, path: show_path(&path), fields }
}

/// Returns unified diffs of changed, added and removed text files; binary and long files have none.
fn texts(
    context: &Context,
    fetched: &mut FetchedContent,
    (a, old): (&ImageName, &Manifest),
    (b, new): (&ImageName, &Manifest),
    changes: &[Change],
) -> anyhow::Result<Vec<String>> {
    let digest_of = |manifest: &Manifest, node: NodeId| {
        let inode = manifest.node_inode(node);
        let is_small = inode.is_regular() && inode.size() <= TEXT_LEN_MAX;
        is_small.then(|| inode.digest()).flatten()
    };
    let mut pairs: Vec<(String, Option<Digest>, Option<Digest>)> = Vec::new();
    for change in changes {
        match *change {
            Change::Changed { old: x, new: y, fields } if fields.content => {
                pairs.push((show_path(&new.path(y)), digest_of(old, x), digest_of(new, y)));
            }
            Change::Added(y) => pairs.push((show_path(&new.path(y)), None, digest_of(new, y))),
            Change::Removed(x) => pairs.push((show_path(&old.path(x)), digest_of(old, x), None)),
            Change::Changed { .. } => {}
        }
    }
    let left: Vec<Digest> = pairs.iter().filter_map(|(_, left, _)| *left).collect();
    let right: Vec<Digest> = pairs.iter().filter_map(|(_, _, right)| *right).collect();
    fetched.objects(context.client()?, a, &left)?;
    let store = fetched.objects(context.client()?, b, &right)?;
    let load = |digest: Option<Digest>| -> anyhow::Result<Option<String>> {
        let Some(digest) = digest else {
            return Ok(Some(String::new()));
        };
        let bytes = store.load_content(&digest, TEXT_LEN_MAX)?;
        Ok(String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')))
    };
    let mut texts = Vec::new();
    for (path, left, right) in pairs {
        if left.is_none() && right.is_none() {
            continue;
        }
        if let (Some(x), Some(y)) = (load(left)?, load(right)?) {
            let difference = TextDiff::from_lines(&x, &y);
            let header = (format!("a/{path}"), format!("b/{path}"));
            texts.push(difference.unified_diff().header(&header.0, &header.1).to_string());
        }
    }
    Ok(texts)
}
