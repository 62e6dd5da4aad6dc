//! Virtual views: directories beside the images, derived from their content.
//!
//! ```text
//! /.diff/STREAM/A..B/{added,changed,removed}/…   what differs between two images of a stream
//! /.diff/STREAM/A..STREAM/B/…                    … or of two streams
//! /.by-digest/DIGEST                             a file with that content
//! /STREAM/LEAF/.imprint.json                     the image's record
//! ```
//!
//! Functions on [`Names`] say which directories there are and where their names lead. [`pairs`] compares images,
//! [`document`] holds records.

pub mod document;
pub mod pairs;

use std::collections::HashMap;

use parking_lot::{Mutex, MutexGuard};

use super::ino::{ORDINAL_MAX, Place};
use super::names::{Entry, Names, ROOT_FOLDER};

/// Separator of the two images of a pair.
const BETWEEN: &str = "..";

/// A directory of a virtual view, by what it shows. [`Views`] gives it a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ViewDirectory {
    /// `.diff`, or the directory below it that mirrors the folder with this number.
    Diff(u32),
    /// `A..` followed by the first folders of B's full name, up to this folder.
    DiffFrom {
        /// Ordinal of the earlier image.
        a: u32,
        /// Number of the folder reached so far.
        folder: u32,
    },
    /// `A..B`, which holds the differences of a pair.
    Pair(Pair),
    /// `.by-digest`, which finds files by their digests.
    ByDigest,
}

/// Two images that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    /// Ordinal of the earlier image.
    pub a: u32,
    /// Ordinal of the later image.
    pub b: u32,
    /// Whether the path names B with its stream. The path with the stream and the path without it lead to the same two
    /// images, but each has its own directory, because a directory may have only one parent.
    pub is_whole: bool,
}

/// Names and places of the views at the top of the mount.
pub const TOP: [(&str, ViewDirectory); 2] =
    [(".by-digest", ViewDirectory::ByDigest), (".diff", ViewDirectory::Diff(ROOT_FOLDER))];

/// Numbers of the directories of views; a number is never reused.
#[derive(Debug, Default)]
pub struct Views {
    known: Mutex<NumberedViews>,
}

#[derive(Debug, Default)]
struct NumberedViews {
    numbers: HashMap<ViewDirectory, u32>,
    views: Vec<ViewDirectory>,
}

impl Views {
    fn known(&self) -> MutexGuard<'_, NumberedViews> {
        self.known.lock()
    }

    /// Returns the place of a directory, and numbers the directory on first use; `None` once the mount's numbers are
    /// used up.
    pub fn place(&self, view: ViewDirectory) -> Option<Place> {
        let mut known = self.known();
        if let Some(number) = known.numbers.get(&view) {
            return Some(Place::View(*number));
        }
        let number = u32::try_from(known.views.len()).ok().filter(|number| *number <= ORDINAL_MAX);
        let Some(number) = number else {
            tracing::error!("not shown: the mount's numbers are used up; mount again");
            return None;
        };
        known.views.push(view);
        known.numbers.insert(view, number);
        Some(Place::View(number))
    }

    /// Returns the directory with a number; `None` for a number not given out yet.
    pub fn get(&self, number: u32) -> Option<ViewDirectory> {
        self.known().views.get(number as usize).copied()
    }
}

/// Finds a name among the subdirectories of a directory.
pub fn find(names: &Names, at: ViewDirectory, name: &str) -> Option<ViewDirectory> {
    match at {
        ViewDirectory::Diff(folder) => match names.find(folder, name) {
            Some(Entry::Folder(found)) => Some(ViewDirectory::Diff(found)),
            _ => find_pair(names, folder, name),
        },
        ViewDirectory::DiffFrom { a, folder } => match names.find(folder, name)? {
            Entry::Folder(folder) => Some(ViewDirectory::DiffFrom { a, folder }),
            Entry::Image(b) => Some(ViewDirectory::Pair(Pair { a, b, is_whole: true })),
        },
        ViewDirectory::Pair(_) | ViewDirectory::ByDigest => None,
    }
}

/// Parses `A..B`, or `A..` followed by the first folder of B's name. Leaves may contain dots, so tries each `..` as the
/// separator.
fn find_pair(names: &Names, folder: u32, name: &str) -> Option<ViewDirectory> {
    (0..name.len()).find_map(|at| {
        // Uses `get`, because the name may be any text, and an index inside a character would panic.
        let rest = name.get(at..)?.strip_prefix(BETWEEN)?;
        let Some(Entry::Image(a)) = names.find(folder, &name[..at]) else { return None };
        if let Some(Entry::Image(b)) = names.find(folder, rest) {
            return Some(ViewDirectory::Pair(Pair { a, b, is_whole: false }));
        }
        match names.find(ROOT_FOLDER, rest)? {
            Entry::Folder(folder) => Some(ViewDirectory::DiffFrom { a, folder }),
            Entry::Image(_) => None,
        }
    })
}

/// Lists the subdirectories of a directory. A [`ViewDirectory::Diff`] lists only pairs of successive images; other
/// pairs are found by name.
pub fn list(names: &Names, at: ViewDirectory) -> Vec<(String, ViewDirectory)> {
    let folders = |folder: u32, view: fn(u32) -> ViewDirectory| {
        let entries = names.list(folder).into_iter();
        entries.filter_map(move |(name, entry)| match entry {
            Entry::Folder(folder) => Some((name, view(folder))),
            Entry::Image(_) => None,
        })
    };
    match at {
        ViewDirectory::Diff(folder) => {
            let images = names.revisions(folder);
            let pairs = images.windows(2).map(|two| {
                let ((a, earlier), (b, later)) = (two[0], two[1]);
                let name = format!("{}{BETWEEN}{}", earlier.name.leaf(), later.name.leaf());
                (name, ViewDirectory::Pair(Pair { a, b, is_whole: false }))
            });
            // If leaves contain dots, a pair's name may lead to another pair or to a folder. Leaves out such a pair.
            let pairs = pairs.filter(|(name, pair)| find(names, at, name) == Some(*pair));
            folders(folder, ViewDirectory::Diff).chain(pairs).collect()
        }
        ViewDirectory::DiffFrom { a, folder } => {
            let entries = names.list(folder).into_iter();
            let view = |entry| match entry {
                Entry::Folder(folder) => ViewDirectory::DiffFrom { a, folder },
                Entry::Image(b) => ViewDirectory::Pair(Pair { a, b, is_whole: true }),
            };
            entries.map(|(name, entry)| (name, view(entry))).collect()
        }
        ViewDirectory::Pair(_) | ViewDirectory::ByDigest => Vec::new(),
    }
}

/// Returns the directory above a directory; `None` if that is the mount's root.
pub fn parent(names: &Names, at: ViewDirectory) -> Option<ViewDirectory> {
    let above = |folder| names.about(folder).map_or(ROOT_FOLDER, |(parent, _)| parent);
    match at {
        ViewDirectory::Diff(ROOT_FOLDER) | ViewDirectory::ByDigest => None,
        ViewDirectory::Diff(folder) => Some(ViewDirectory::Diff(above(folder))),
        ViewDirectory::DiffFrom { a, folder } if above(folder) == ROOT_FOLDER => {
            Some(ViewDirectory::Diff(names.folder_of(a)))
        }
        ViewDirectory::DiffFrom { a, folder } => {
            Some(ViewDirectory::DiffFrom { a, folder: above(folder) })
        }
        ViewDirectory::Pair(Pair { a, b, is_whole: true }) => {
            Some(ViewDirectory::DiffFrom { a, folder: names.folder_of(b) })
        }
        ViewDirectory::Pair(Pair { a, .. }) => Some(ViewDirectory::Diff(names.folder_of(a))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::Image;
    use super::*;
    use std::time::UNIX_EPOCH;
    use wire::digest::Algorithm;

    fn names(images: &[(&str, i64)]) -> Names {
        let image = |(name, created_at_ms): &(&str, i64)| Image {
            name: name.parse().unwrap(),
            manifest: Algorithm::Sha256.digest(name.as_bytes()),
            created_at_ms: *created_at_ms,
            is_disk: false,
        };
        let mut names = Names::new(UNIX_EPOCH);
        names.show(&images.iter().map(image).collect::<Vec<_>>(), UNIX_EPOCH);
        names
    }

    fn walk(names: &Names, path: &str) -> Option<ViewDirectory> {
        path.split('/').try_fold(ViewDirectory::Diff(ROOT_FOLDER), |at, name| find(names, at, name))
    }

    #[test]
    fn pairs_are_named_by_leaves_or_by_whole_names() {
        let names = names(&[("a/b/9", 1), ("a/b/10", 2), ("a/b/1..2", 3), ("c/1", 4)]);
        let Some(ViewDirectory::Pair(pair)) = walk(&names, "a/b/9..10") else { panic!() };
        assert_eq!((pair.a, pair.b, pair.is_whole), (1, 2, false));
        let Some(ViewDirectory::Pair(pair)) = walk(&names, "a/b/10..c/1") else { panic!() };
        assert_eq!((pair.a, pair.b, pair.is_whole), (2, 4, true));
        let Some(ViewDirectory::Pair(whole)) = walk(&names, "a/b/9..a/b/10") else { panic!() };
        assert_eq!((whole.a, whole.b, whole.is_whole), (1, 2, true));
        let Some(ViewDirectory::Pair(dots)) = walk(&names, "a/b/1..2..9") else { panic!() };
        assert_eq!((dots.a, dots.b), (3, 1));
        for nothing in [
            "a/b/ä",
            "a/b/9..ä",
            "a/b/ä..9",
            "a/b/9..",
            "a/b/..9",
            "a/b/9..11",
            "a/b/9.10",
            "a/b/9",
            "x",
            "a/b/9..a/x",
        ] {
            assert_eq!(walk(&names, nothing), None, "{nothing}");
        }
    }

    #[test]
    fn those_that_followed_one_another_are_listed() {
        let names = names(&[("a/b/9", 1), ("a/b/10", 2), ("a/b/8", 3), ("c/1", 4)]);
        let listed = |path: &str| {
            let at = walk(&names, path).unwrap();
            list(&names, at)
                .into_iter()
                .map(|(name, view)| {
                    assert_eq!(find(&names, at, &name), Some(view));
                    name
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(listed("a/b"), ["9..10", "10..8"]);
        assert_eq!(listed("a"), ["b"]);
        assert_eq!(listed("a/b/9..c"), ["1"]);
        let top = list(&names, ViewDirectory::Diff(ROOT_FOLDER));
        assert_eq!(top.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "c"]);
    }

    #[test]
    fn a_pair_whose_name_means_another_is_not_listed() {
        let names = names(&[("a/1", 1), ("a/2..9", 2), ("a/1..2", 3), ("a/9", 4)]);
        let at = walk(&names, "a").unwrap();
        let listed = list(&names, at);
        assert!(listed.iter().all(|(name, view)| find(&names, at, name) == Some(*view)));
        assert_eq!(listed.len(), 2);
    }

    #[test]
    fn each_directory_is_below_the_one_that_leads_to_it() {
        let names = names(&[("a/b/1", 1), ("a/b/2", 2), ("c/d/1", 4)]);
        for path in ["a", "a/b", "a/b/1..2", "a/b/1..c", "a/b/1..c/d", "a/b/1..c/d/1"] {
            let at = walk(&names, path).unwrap();
            let above = path
                .rsplit_once('/')
                .map_or(Some(ViewDirectory::Diff(ROOT_FOLDER)), |(above, _)| walk(&names, above));
            assert_eq!(parent(&names, at), above, "{path}");
        }
        assert_eq!(parent(&names, ViewDirectory::Diff(ROOT_FOLDER)), None);
    }

    #[test]
    fn a_directory_keeps_its_number() {
        let views = Views::default();
        let first = views.place(ViewDirectory::ByDigest).unwrap();
        let second = views.place(ViewDirectory::Diff(3)).unwrap();
        assert_ne!(first, second);
        assert_eq!(views.place(ViewDirectory::ByDigest), Some(first));
        let Place::View(number) = second else { panic!() };
        assert_eq!(views.get(number), Some(ViewDirectory::Diff(3)));
        assert_eq!(views.get(2), None);
    }
}
