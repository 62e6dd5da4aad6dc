//! A tree of inodes in memory: ingest builds it, and [`Tree::encode`](super::tree::Tree::encode)
//! turns it into a manifest.

use std::collections::BTreeMap;

use super::layout::{S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK};
use crate::digest::Digest;
use crate::units::PAGE_LEN;

/// A time since 1970. Seconds may be negative; nanoseconds count forward from the seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp {
    /// Whole seconds, rounded down.
    pub secs: i64,
    /// Nanoseconds, below 10⁹.
    pub nanos: u32,
}

/// A range of a file: the range has no blocks and reads as zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hole {
    /// Offset in the file, a multiple of 4 KiB.
    pub offset: u64,
    /// Length in bytes: a multiple of 4 KiB, or up to the end of the file.
    pub len: u64,
}

/// A whole tree. `inodes[0]` is the root directory. Directory entries name inodes by index;
/// several entries with one index are hard links.
#[derive(Clone, Debug)]
pub struct Tree {
    /// All inodes; at least one entry must name each inode except the root.
    pub inodes: Vec<TreeInode>,
}

/// One inode of a [`Tree`], without its names: the names are in the directories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeInode {
    /// Permission bits with suid, sgid and sticky: at most `0o7777`.
    pub permissions: u32,
    /// Numeric id of the owner.
    pub uid: u32,
    /// Numeric id of the group.
    pub gid: u32,
    /// Time of the last change of content.
    pub mtime: Timestamp,
    /// Extended attributes, by name.
    pub xattrs: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The inode's type and the content that goes with the type.
    pub content: Content,
}

/// An inode's type, and what only inodes of this type have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Entries: names and indices into [`Tree::inodes`].
    Directory(BTreeMap<Vec<u8>, usize>),
    /// A regular file. The tree does not hold the file's data, only the digest of the data.
    Regular {
        /// Logical length in bytes, holes included.
        size: u64,
        /// Holes, sorted; no two overlap or touch. See [`align_holes`].
        holes: Vec<Hole>,
        /// Digest of the data outside of holes; `None` if there is no data.
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
    /// A Unix domain socket: a name that no process is bound to.
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
    /// Makes a tree whose only inode is `root`, which must be a directory.
    pub fn new(root: TreeInode) -> Self {
        Self { inodes: vec![root] }
    }

    /// Adds an inode and returns its index; the caller must still add an entry that names it.
    pub fn push(&mut self, inode: TreeInode) -> usize {
        self.inodes.push(inode);
        self.inodes.len() - 1
    }

    /// Drops inodes that no entry names any more, such as members of a tar that later members replaced.
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
                    // A named directory names only named inodes, so `child` has a new number.
                    *child = renumbered[*child].unwrap_or(*child);
                }
            }
            inodes.push(inode);
        }
        Self { inodes }
    }
}

/// Shrinks `holes` of a file of `size` bytes to whole 4 KiB pages and returns those that remain.
///
/// Sources report holes at different granularities. Manifests keep them at 4 KiB, so that the same
/// tree gives the same manifest from any source.
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

/// Returns the data ranges of a file of `size` bytes between its holes, as (offset, length) in order.
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

/// Places a file's data, which arrives piece by piece, between its holes.
#[derive(Clone, Debug)]
pub struct Scatter {
    /// Extents that are not filled yet, as (offset, length), in reverse order.
    pending: Vec<(u64, u64)>,
}

impl Scatter {
    /// Makes the state of a file of `size` bytes that has none of its data yet.
    pub fn new(size: u64, holes: &[Hole]) -> Self {
        let mut pending = data_extents(size, holes);
        pending.reverse();
        Self { pending }
    }

    /// Splits the next piece at holes and calls `put` with each part and its offset in the file. Ignores bytes
    /// beyond the file's data.
    ///
    /// # Errors
    /// Errors of `put`.
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

    /// Returns the extent that the next data fills, as (offset, length); `None` once the file is complete.
    pub fn next_extent(&self) -> Option<(u64, u64)> {
        self.pending.last().copied()
    }

    /// Advances by `len` bytes of data without placing them.
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

    /// Returns whether the file has all its data.
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
