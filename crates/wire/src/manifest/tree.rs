//! A tree of inodes in memory: what ingest builds and [`Tree::encode`](super::tree::Tree::encode)
//! turns into a manifest.

use std::collections::BTreeMap;

use super::layout::{S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK};
use crate::digest::Digest;
use crate::units::PAGE_LEN;

/// A time since the epoch; seconds may be negative, nanoseconds count forward from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp {
    /// Whole seconds.
    pub secs: i64,
    /// Nanoseconds, below 10⁹.
    pub nanos: u32,
}

/// A range of a file that has no blocks and reads as zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hole {
    /// Where it begins, a multiple of 4 KiB.
    pub offset: u64,
    /// Its length in bytes: a multiple of 4 KiB, or up to the end of the file.
    pub len: u64,
}

/// A whole tree. `inodes[0]` is the root directory; a directory's entries name inodes by index,
/// and several entries with one index are hard links.
#[derive(Clone, Debug)]
pub struct Tree {
    /// All inodes; each but the root must be named by at least one entry.
    pub inodes: Vec<TreeInode>,
}

/// One inode of a [`Tree`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeInode {
    /// Permission bits with suid, sgid and sticky: `0o7777` at most.
    pub permissions: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Time of the last change of content.
    pub mtime: Timestamp,
    /// Extended attributes, by name.
    pub xattrs: BTreeMap<Vec<u8>, Vec<u8>>,
    /// What kind of inode it is, and what it holds.
    pub content: Content,
}

/// What an inode holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Entries: names and indices into [`Tree::inodes`].
    Directory(BTreeMap<Vec<u8>, usize>),
    /// A file.
    Regular {
        /// Its logical length in bytes.
        size: u64,
        /// Sorted, neither overlapping nor touching; see [`align_holes`].
        holes: Vec<Hole>,
        /// The digest of its data outside of holes; `None` where it has none.
        digest: Option<Digest>,
    },
    /// A symbolic link and its target.
    Symlink(Vec<u8>),
    /// A character device: major, minor.
    CharDevice(u32, u32),
    /// A block device: major, minor.
    BlockDevice(u32, u32),
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
}

impl TreeInode {
    /// Returns the mode: type and permission bits.
    pub fn mode(&self) -> u32 {
        let kind = match self.content {
            Content::Directory(_) => S_IFDIR,
            Content::Regular { .. } => S_IFREG,
            Content::Symlink(_) => S_IFLNK,
            Content::CharDevice(..) => S_IFCHR,
            Content::BlockDevice(..) => S_IFBLK,
            Content::Fifo => S_IFIFO,
            Content::Socket => S_IFSOCK,
        };
        kind | (self.permissions & !S_IFMT)
    }
}

impl Tree {
    /// Makes a tree of one empty directory.
    pub fn new(root: TreeInode) -> Self {
        Self { inodes: vec![root] }
    }

    /// Adds an inode and returns its index; some entry must still name it.
    pub fn push(&mut self, inode: TreeInode) -> usize {
        self.inodes.push(inode);
        self.inodes.len() - 1
    }

    /// Drops inodes that no entry names any more: what later members of a tar replaced.
    #[must_use]
    pub fn pruned(self) -> Self {
        let mut is_named = vec![false; self.inodes.len()];
        let mut pending = vec![0];
        while let Some(index) = pending.pop() {
            if !std::mem::replace(&mut is_named[index], true)
                && let Content::Directory(children) = &self.inodes[index].content
            {
                pending.extend(children.values());
            }
        }
        let mut next = 0..;
        let renumbered: Vec<Option<usize>> =
            is_named.iter().map(|named| if *named { next.next() } else { None }).collect();
        let mut inodes = Vec::with_capacity(self.inodes.len());
        for (mut inode, index) in self.inodes.into_iter().zip(&renumbered) {
            if index.is_none() {
                continue;
            }
            if let Content::Directory(children) = &mut inode.content {
                for child in children.values_mut() {
                    // What a named directory names is named.
                    *child = renumbered[*child].unwrap_or(*child);
                }
            }
            inodes.push(inode);
        }
        Self { inodes }
    }
}

/// Returns what a file of `size` bytes has left of `holes` when they shrink to whole 4 KiB pages.
///
/// Sources report holes at their own granularity; manifests keep them at 4 KiB, so that the same
/// tree gives the same manifest from any of them.
pub fn align_holes(size: u64, holes: &[Hole]) -> Vec<Hole> {
    let mut aligned: Vec<Hole> = Vec::with_capacity(holes.len());
    for hole in holes {
        let Some(begin) = hole.offset.checked_next_multiple_of(PAGE_LEN) else {
            continue;
        };
        let end = hole.offset.saturating_add(hole.len).min(size);
        let end = if end == size { size } else { end - end % PAGE_LEN };
        if begin >= end {
            continue;
        }
        match aligned.last_mut() {
            Some(last) if last.offset + last.len == begin => last.len += end - begin,
            _ => aligned.push(Hole { offset: begin, len: end - begin }),
        }
    }
    aligned
}

/// Returns the ranges of a file of `size` bytes that are not holes, as (offset, length) in order.
pub fn data_extents(size: u64, holes: &[Hole]) -> Vec<(u64, u64)> {
    let mut extents = Vec::with_capacity(holes.len() + 1);
    let mut position = 0;
    for hole in holes {
        if hole.offset > position {
            extents.push((position, hole.offset - position));
        }
        position = hole.offset + hole.len;
    }
    if size > position {
        extents.push((position, size - position));
    }
    extents
}

/// Places a file's data, which comes piece by piece, around its holes.
#[derive(Clone, Debug)]
pub struct Scatter {
    /// Extents that are still to be filled, as (offset, length), in reverse order.
    pending: Vec<(u64, u64)>,
}

impl Scatter {
    /// Begins with a file of `size` bytes.
    pub fn new(size: u64, holes: &[Hole]) -> Self {
        let mut pending = data_extents(size, holes);
        pending.reverse();
        Self { pending }
    }

    /// Calls `put` with each part of the next piece and its offset in the file. What is more than
    /// the file has room for is left out.
    ///
    /// # Errors
    /// Those of `put`.
    pub fn place<E>(
        &mut self,
        mut piece: &[u8],
        mut put: impl FnMut(u64, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        while !piece.is_empty() {
            let Some((offset, left)) = self.pending.last_mut() else { return Ok(()) };
            let len = (*left).min(piece.len() as u64);
            let (part, rest) = piece.split_at(len as usize);
            put(*offset, part)?;
            piece = rest;
            *offset += len;
            *left -= len;
            if *left == 0 {
                self.pending.pop();
            }
        }
        Ok(())
    }

    /// Returns where the next data goes, and how much may go there: offset and length.
    pub fn next_extent(&self) -> Option<(u64, u64)> {
        self.pending.last().copied()
    }

    /// Counts data as come without placing it.
    pub fn skip(&mut self, mut len: u64) {
        while let Some((offset, left)) = self.pending.last_mut() {
            let part = (*left).min(len);
            *offset += part;
            *left -= part;
            len -= part;
            if *left > 0 {
                return;
            }
            self.pending.pop();
        }
    }

    /// Returns whether all data has come.
    pub fn is_complete(&self) -> bool {
        self.pending.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(size: u64, holes: &[(u64, u64)], expect: &[(u64, u64)]) {
        let to_hole = |&(offset, len): &(u64, u64)| Hole { offset, len };
        let holes: Vec<_> = holes.iter().map(to_hole).collect();
        let expect: Vec<_> = expect.iter().map(to_hole).collect();
        assert_eq!(align_holes(size, &holes), expect);
    }

    #[test]
    fn holes_shrink_to_pages() {
        check(10_000, &[(0, 4096)], &[(0, 4096)]);
        check(10_000, &[(1, 4096)], &[]);
        check(10_000, &[(1, 9000)], &[(4096, 4096)]);
        check(10_000, &[(8192, 1808)], &[(8192, 1808)]);
        check(10_000, &[(8192, u64::MAX)], &[(8192, 1808)]);
        check(10_000, &[(0, 4096), (4096, 4096)], &[(0, 8192)]);
        check(0, &[], &[]);
    }

    #[test]
    fn data_is_placed_around_holes() {
        let holes = [Hole { offset: 0, len: 4096 }, Hole { offset: 8192, len: 4096 }];
        let mut scatter = Scatter::new(12290, &holes);
        let mut file = vec![0; 12290];
        for piece in [&[1; 4000][..], &[2; 98], &[3; 50]] {
            let placed: Result<(), ()> = scatter.place(piece, |offset, part| {
                file[offset as usize..offset as usize + part.len()].copy_from_slice(part);
                Ok(())
            });
            placed.unwrap();
        }
        assert!(scatter.is_complete());
        assert_eq!((file[4095], file[4096], file[8095], file[8096]), (0, 1, 1, 2));
        assert_eq!((file[8191], file[8192], file[12287], &file[12288..]), (2, 0, 0, &[2, 2][..]));
    }

    #[test]
    fn extents_are_what_holes_leave() {
        let holes = [Hole { offset: 0, len: 4096 }, Hole { offset: 8192, len: 4096 }];
        assert_eq!(data_extents(20_000, &holes), [(4096, 4096), (12288, 7712)]);
        assert_eq!(data_extents(12288, &holes), [(4096, 4096)]);
        assert_eq!(data_extents(5, &[]), [(0, 5)]);
        assert_eq!(data_extents(0, &[]), []);
    }
}
