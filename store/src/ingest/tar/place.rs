//! Where paths lead in a tree that is being built: through its symlinks, and never out of it.
//!
//! A member's name may lead through a symlink of a layer below, or of the same tar: `lib/x` is `usr/lib/x` where `lib`
//! is a link to `usr/lib`. The tree is in memory, so that nothing of this machine is ever followed: an absolute target
//! begins at the image's root, and `..` at the root stays there. *Source:* path_resolution(7) below a root of its own.

use wire::manifest::{Content, DEPTH_MAX, Tree};

use crate::error::show;
use crate::finding::Findings;

/// Links on the way to one file. *Source:* MAXSYMLINKS, Linux.
const LINKS_MAX: usize = 40;

/// Where a path to a directory leads.
#[derive(Debug)]
pub(super) struct Place {
    /// The directories on the way, with their names, but the root.
    found: Vec<(Vec<u8>, usize)>,
    /// Names of those below that are not there.
    pub missing: Vec<Vec<u8>>,
    /// The first link that was followed, by its path.
    pub through: Option<Vec<u8>>,
}

impl Place {
    /// Returns the last directory on the way that is there.
    pub(super) fn directory(&self) -> usize {
        self.found.last().map_or(0, |(_, index)| *index)
    }

    /// Returns the path of a name in that place, free of links.
    pub(super) fn path(&self, name: &[u8]) -> Vec<u8> {
        let found = self.found.iter().map(|(name, _)| name.as_slice());
        let missing = self.missing.iter().map(Vec::as_slice);
        found.chain(missing).chain([name]).collect::<Vec<_>>().join(&b'/')
    }

    fn depth(&self) -> usize {
        self.found.len() + self.missing.len()
    }
}

/// Members whose names led through symlinks.
#[derive(Debug, Default)]
pub(super) struct Followed {
    count: u64,
    /// The first one's path, and the link.
    first: Option<[Vec<u8>; 2]>,
}

impl Followed {
    /// Notes a member that led to a place.
    pub(super) fn note(&mut self, path: &[u8], place: &Place) {
        if let Some(link) = &place.through {
            self.count += 1;
            self.first.get_or_insert_with(|| [path.to_vec(), link.clone()]);
        }
    }

    /// Tells how many there were.
    pub(super) fn tell(&self, findings: &mut Findings) {
        if let Some([path, link]) = &self.first {
            let problem = format!(
                "{} names in the tar lead through symlinks of the image, this one through '/{}'",
                self.count,
                show(link)
            );
            findings.add("through-symlink", path, &problem);
        }
    }
}

/// Finds where a path to a directory leads. What is not there is taken for directories that are to be made.
///
/// # Errors
/// What is on the way and is no directory; too many links, or directories.
pub(super) fn find(tree: &Tree, path: &[u8]) -> Result<Place, String> {
    let mut place = Place { found: Vec::new(), missing: Vec::new(), through: None };
    let mut pending: Vec<&[u8]> = path.split(|byte| *byte == b'/').rev().collect();
    let mut links = 0;
    while let Some(name) = pending.pop() {
        match name {
            b"" | b"." => continue,
            b".." => {
                if place.missing.pop().is_none() {
                    place.found.pop();
                }
                continue;
            }
            _ => {}
        }
        if place.depth() + 1 >= DEPTH_MAX {
            return Err("it is nested too deep".to_owned());
        }
        let child = match &tree.inodes[place.directory()].content {
            Content::Directory(children) if place.missing.is_empty() => children.get(name),
            _ => None,
        };
        match child.map(|index| (*index, &tree.inodes[*index].content)) {
            None => place.missing.push(name.to_vec()),
            Some((index, Content::Directory(_))) => place.found.push((name.to_vec(), index)),
            Some((_, Content::Symlink(target))) => {
                links += 1;
                if links > LINKS_MAX {
                    return Err(format!(
                        "it leads through more than {LINKS_MAX} symlinks, '{}' the last",
                        show(&place.path(name))
                    ));
                }
                let link = place.path(name);
                place.through.get_or_insert(link);
                if target.starts_with(b"/") {
                    place.found.clear();
                }
                pending.extend(target.split(|byte| *byte == b'/').rev());
            }
            Some(_) => {
                let link = show(&place.path(name));
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
