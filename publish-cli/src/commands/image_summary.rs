//! Summary of the differences between two images, by directory and by package.

use std::collections::BTreeMap;

use wire::Manifest;
use wire::manifest::Inode;
use wire::manifest::diff::Change;
use wire::units::format_len;
use wire::units::show_path;

use crate::document::{
    ChangeDocument, CountsDocument, DiffDocument, PackageChangesDocument, UpgradeDocument,
};
use crate::packages::{Changes, Package};

/// Depth of the directories in the summary: `usr/lib` is one line, with everything below it.
const DEPTH: usize = 2;

/// Limit on the named directories, and on the named packages of each kind of change. The others are only counted.
const NAMED_MAX: usize = 20;

/// Inodes and bytes that were added, removed and changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub added: u64,
    pub removed: u64,
    pub changed: u64,
    pub added_bytes: u64,
    pub removed_bytes: u64,
}

impl From<Counts> for CountsDocument {
    fn from(counts: Counts) -> Self {
        let Counts { added, removed, changed, added_bytes, removed_bytes } = counts;
        Self { added, removed, changed, added_bytes, removed_bytes }
    }
}

impl Counts {
    fn add(&mut self, old: &Manifest, new: &Manifest, change: Change) {
        let len = |inode: Inode<'_>| if inode.is_regular() { inode.size() } else { 0 };
        match change {
            Change::Added(node) => {
                self.added += 1;
                self.added_bytes += len(new.node_inode(node));
            }
            Change::Removed(node) => {
                self.removed += 1;
                self.removed_bytes += len(old.node_inode(node));
            }
            Change::Changed { old: a, new: b, fields } => {
                self.changed += 1;
                if fields.content || fields.kind {
                    self.removed_bytes += len(old.node_inode(a));
                    self.added_bytes += len(new.node_inode(b));
                }
            }
        }
    }

    fn line(&self) -> String {
        format!(
            "{} added ({}), {} removed ({}), {} changed",
            self.added,
            format_len(self.added_bytes),
            self.removed,
            format_len(self.removed_bytes),
            self.changed
        )
    }
}

/// Summary of all differences: in total, by directory and by package.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub all: Counts,
    by_directory: BTreeMap<String, Counts>,
    packages: Changes,
}

impl Summary {
    pub(super) fn of(
        old: &Manifest,
        new: &Manifest,
        changes: &[Change],
        packages: Changes,
    ) -> Self {
        let mut summary = Self { packages, ..Self::default() };
        for change in changes.iter().copied() {
            summary.all.add(old, new, change);
            let path = match change {
                Change::Added(node) | Change::Changed { new: node, .. } => new.path(node),
                Change::Removed(node) => old.path(node),
            };
            let directory = directory_of(&path);
            summary.by_directory.entry(directory).or_default().add(old, new, change);
        }
        summary
    }

    /// Makes the JSON document for `a` and `b`; `changes` are the changed paths.
    pub(super) fn document<'a>(
        &'a self,
        a: &'a str,
        b: &'a str,
        changes: Vec<ChangeDocument>,
    ) -> DiffDocument<'a> {
        let packages = &self.packages;
        let upgrade = |(before, now): &'a (Package, Package)| UpgradeDocument {
            name: &now.name,
            arch: &now.arch,
            from: &before.version,
            to: &now.version,
        };
        let directories = self.by_directory.iter();
        DiffDocument {
            a,
            b,
            all: self.all.into(),
            changes,
            packages: PackageChangesDocument {
                added: &packages.added,
                removed: &packages.removed,
                changed: packages.changed.iter().map(upgrade).collect(),
            },
            directories: directories.map(|(path, counts)| (&**path, (*counts).into())).collect(),
        }
    }

    /// Formats the summary for the terminal: packages, directories by changed bytes, totals.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.packages.is_empty() {
            lines.push("packages".to_owned());
            let line = |sign: char| move |p: &Package| format!("  {sign} {} {}", p.name, p.version);
            lines.extend(named(self.packages.added.iter().map(line('+'))));
            lines.extend(named(self.packages.removed.iter().map(line('-'))));
            let changed = self.packages.changed.iter();
            let changed =
                changed.map(|(a, b)| format!("  ! {} {} → {}", b.name, a.version, b.version));
            lines.extend(named(changed));
        }
        if !self.by_directory.is_empty() {
            lines.push("directories".to_owned());
            let mut directories: Vec<_> = self.by_directory.iter().collect();
            directories.sort_by_key(|(_, counts)| {
                std::cmp::Reverse(counts.added_bytes + counts.removed_bytes)
            });
            let line =
                |(path, counts): (&String, &Counts)| format!("  /{path:<24} {}", counts.line());
            lines.extend(named(directories.into_iter().map(line)));
        }
        lines.push(self.all.line());
        lines
    }
}

/// Returns the first [`NAMED_MAX`] lines; if there are more, adds a line with the number of the others.
fn named(lines: impl ExactSizeIterator<Item = String>) -> Vec<String> {
    let more = lines.len().saturating_sub(NAMED_MAX);
    let mut named: Vec<String> = lines.take(NAMED_MAX).collect();
    named.extend((more > 0).then(|| format!("  … and {more} more")));
    named
}

/// Returns the directory that a path counts towards.
fn directory_of(path: &[u8]) -> String {
    let mut parts: Vec<&[u8]> = path.split(|byte| *byte == b'/').collect();
    parts.pop();
    parts.truncate(DEPTH);
    show_path(&parts.join(&b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_counted_with_their_directories() {
        for (path, directory) in
            [("etc/motd", "etc"), ("usr/lib/x/y/z", "usr/lib"), ("file", ""), ("", "")]
        {
            assert_eq!(directory_of(path.as_bytes()), directory);
        }
    }

    #[test]
    fn many_lines_are_counted() {
        let lines: Vec<String> = (0..30).map(|number| number.to_string()).collect();
        let named = named(lines.into_iter());
        assert_eq!((named.len(), named[20].as_str()), (21, "  … and 10 more"));
    }
}
