//! Resolves paths in a tree under construction: through its symlinks, and never out of it.
//!
//! A member's name may lead through a symlink of the same tar or of a lower layer: if `lib` links
//! to `usr/lib`, `lib/x` is `usr/lib/x`. The tree is in memory, so no link of this machine is ever
//! followed: an absolute target begins at the image's root, and `..` at the root stays there.
//! *Source:* path_resolution(7), with the image's root as the root.

use wire::manifest::{Content, DEPTH_MAX, Tree};
use wire::units::show_path;

use crate::finding::Findings;

/// Limit on links on the way to one file. *Source:* MAXSYMLINKS, Linux.
const LINKS_MAX: usize = 40;

/// The directory that a path leads to.
#[derive(Debug)]
pub(super) struct Place {
    /// The resolved path, without links.
    path: Vec<u8>,
    /// One step per directory of `path`: the length of `path` before that directory, and the
    /// directory's index in the tree, or `None` if it does not exist yet. Below a missing
    /// directory, all directories are missing.
    steps: Vec<(usize, Option<usize>)>,
    /// Path of the first link that was followed; `None` if there was none.
    pub through: Option<Vec<u8>>,
}

impl Place {
    /// Returns the index of the deepest existing directory on the way.
    pub(super) fn directory(&self) -> usize {
        self.steps.iter().rev().find_map(|(_, index)| *index).unwrap_or(0)
    }

    /// Returns whether every directory on the way exists.
    pub(super) fn is_there(&self) -> bool {
        self.steps.last().is_none_or(|(_, index)| index.is_some())
    }

    /// Returns the resolved path of an entry in this directory.
    pub(super) fn path(&self, name: &[u8]) -> Vec<u8> {
        if self.path.is_empty() { name.to_vec() } else { [&self.path[..], name].join(&b'/') }
    }

    /// Returns the names of the missing directories, outermost first.
    pub(super) fn missing(&self) -> impl Iterator<Item = &[u8]> {
        let begin = self.steps.iter().find(|(_, index)| index.is_none()).map(|(begin, _)| *begin);
        let names = self.path[begin.unwrap_or(self.path.len())..].split(|byte| *byte == b'/');
        names.filter(|name| !name.is_empty())
    }

    fn push(&mut self, name: &[u8], index: Option<usize>) {
        self.steps.push((self.path.len(), index));
        if !self.path.is_empty() {
            self.path.push(b'/');
        }
        self.path.extend_from_slice(name);
    }

    fn pop(&mut self) {
        if let Some((len, _)) = self.steps.pop() {
            self.path.truncate(len);
        }
    }

    fn clear(&mut self) {
        self.steps.clear();
        self.path.clear();
    }
}

/// Counts members whose names led through symlinks.
#[derive(Debug, Default)]
pub(super) struct FollowedLinks {
    count: u64,
    /// Path of the first such member, and path of the link.
    first: Option<[Vec<u8>; 2]>,
}

impl FollowedLinks {
    /// Counts a member if its place was reached through a link.
    pub(super) fn note(&mut self, path: &[u8], place: &Place) {
        if let Some(link) = &place.through {
            self.count += 1;
            self.first.get_or_insert_with(|| [path.to_vec(), link.clone()]);
        }
    }

    /// Adds a finding with the count, if it is not zero.
    pub(super) fn add_findings(&self, findings: &mut Findings) {
        if let Some([path, link]) = &self.first {
            let problem = format!(
                "leads through the image's symlink '/{}'; in all, {} names of the tar lead through symlinks",
                show_path(link),
                self.count
            );
            findings.add("through-symlink", path, &problem);
        }
    }
}

/// Resolves a path to a directory. Missing components count as directories that the caller will
/// create.
///
/// # Errors
/// Text for an error that names the member: a component is no directory, or there are too many
/// links or directories.
pub(super) fn find(tree: &Tree, path: &[u8]) -> Result<Place, String> {
    let mut place = Place { path: Vec::new(), steps: Vec::new(), through: None };
    let mut pending: Vec<&[u8]> = path.split(|byte| *byte == b'/').rev().collect();
    let mut links = 0;
    while let Some(name) = pending.pop() {
        match name {
            b"" | b"." => continue,
            b".." => {
                place.pop();
                continue;
            }
            _ => {}
        }
        if place.steps.len() + 1 >= DEPTH_MAX {
            return Err("it is nested too deep".to_owned());
        }
        let directory = place.steps.last().map_or(Some(0), |(_, index)| *index);
        let child = match directory.map(|index| &tree.inodes[index].content) {
            Some(Content::Directory(children)) => children.get(name),
            _ => None,
        };
        match child.map(|index| (*index, &tree.inodes[*index].content)) {
            None => place.push(name, None),
            Some((index, Content::Directory(_))) => place.push(name, Some(index)),
            Some((_, Content::Symlink(target))) => {
                links += 1;
                if links > LINKS_MAX {
                    return Err(format!(
                        "it leads through more than {LINKS_MAX} symlinks, '{}' the last",
                        show_path(&place.path(name))
                    ));
                }
                let link = place.path(name);
                place.through.get_or_insert(link);
                if target.starts_with(b"/") {
                    place.clear();
                }
                pending.extend(target.split(|byte| *byte == b'/').rev());
            }
            Some(_) => {
                let link = show_path(&place.path(name));
                return Err(format!("it leads through '{link}', which is not a directory"));
            }
        }
    }
    Ok(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::tar::implied_directory;

    fn tree(links: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::new(implied_directory());
        let sub = tree.push(implied_directory());
        let mut insert = |directory: usize, name: &str, content: Content| {
            let index = tree.push(crate::ingest::tar::TreeInode { content, ..implied_directory() });
            if let Content::Directory(children) = &mut tree.inodes[directory].content {
                children.insert(name.into(), index);
            }
        };
        for (name, target) in links {
            insert(sub, name, Content::Symlink(target.as_bytes().to_vec()));
        }
        insert(sub, "file", Content::Fifo);
        if let Content::Directory(children) = &mut tree.inodes[0].content {
            children.insert(b"sub".to_vec(), sub);
        }
        tree
    }

    fn check(path: &str, expect: Result<&str, &str>) {
        let tree = tree(&[
            ("up", "../../.."),
            ("abs", "/sub"),
            ("gone", "/no/where"),
            ("loop", "loop"),
            ("back", "../no/../sub/abs"),
        ]);
        match (find(&tree, path.as_bytes()), expect) {
            (Ok(place), Ok(expect)) => {
                assert_eq!(String::from_utf8_lossy(&place.path(b"x")), expect, "{path}");
            }
            (Err(problem), Err(expect)) => assert!(problem.contains(expect), "{path}: {problem}"),
            (found, _) => panic!("{path}: {found:?}"),
        }
    }

    #[test]
    fn links_are_followed_inside_the_tree() {
        check("", Ok("x"));
        check("sub", Ok("sub/x"));
        check("sub/up/sub/abs/up", Ok("x"));
        check("sub/abs/new/er", Ok("sub/new/er/x"));
        check("sub/gone", Ok("no/where/x"));
        check("sub/back", Ok("sub/x"));
        check("sub/loop", Err("more than 40 symlinks, 'sub/loop'"));
        check("sub/file/a", Err("through 'sub/file', which is not a directory"));
    }

    #[test]
    fn depth_is_limited_behind_links_too() {
        let deep = "a/".repeat(2000);
        let tree = tree(&[("one", &deep), ("two", "one/no"), ("three", "two/../no")]);
        assert!(find(&tree, b"sub/one").is_ok());
        let path = format!("sub/one/{deep}{deep}");
        assert!(find(&tree, path.as_bytes()).unwrap_err().contains("too deep"));
    }
}
