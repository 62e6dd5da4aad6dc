//! Functions on manifests: results of `stat`, and the data and holes of files.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wire::Manifest;
use wire::manifest::layout::{S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFSOCK};
use wire::manifest::{Hole, Inode, Timestamp};

/// Length of a block in bytes. `statfs` counts blocks, and a file takes whole blocks, as on ext4.
pub const BLOCK_LEN: u64 = 4096;

/// Type of an inode, as `stat` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A directory, in an image or above the images.
    Directory,
    /// A regular file, or an inode whose mode has no known type.
    Regular,
    /// A symbolic link, which takes no blocks.
    Symlink,
    /// A character device, shown but unusable (`nodev`).
    CharDevice,
    /// A block device, shown but unusable (`nodev`).
    BlockDevice,
    /// A named pipe, of length 0.
    Fifo,
    /// A socket, of length 0.
    Socket,
}

impl FileKind {
    /// Returns the type of a manifest's inode, from the type bits of its mode.
    pub fn of(inode: &Inode<'_>) -> Self {
        match inode.kind() {
            S_IFDIR => Self::Directory,
            S_IFLNK => Self::Symlink,
            S_IFCHR => Self::CharDevice,
            S_IFBLK => Self::BlockDevice,
            S_IFIFO => Self::Fifo,
            S_IFSOCK => Self::Socket,
            _ => Self::Regular,
        }
    }
}

/// The result of `stat` for one inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// Type of the inode; only regular files and directories take blocks.
    pub kind: FileKind,
    /// Permission bits, including suid, sgid and sticky.
    pub permissions: u32,
    /// User id of the owner. What the mount adds belongs to root or to the mounting user.
    pub uid: u32,
    /// Group id; 0 for everything that the mount adds.
    pub gid: u32,
    /// Count of hard links. For a directory: 2 plus the count of its subdirectories, or 1 if they are not counted.
    pub links: u32,
    /// Length in bytes; 4096 for a directory.
    pub size: u64,
    /// Space that the data takes, in units of 512 bytes. Holes take none.
    pub blocks: u64,
    /// Time of the last change; shown as atime and ctime, too.
    pub mtime: SystemTime,
    /// Major and minor number of a device; (0, 0) for any other type.
    pub device: (u32, u32),
}

impl Attributes {
    /// Returns the attributes of an inode of a manifest. For a directory, counts its subdirectories.
    pub fn of(manifest: &Manifest, inode: &Inode<'_>) -> Self {
        let kind = FileKind::of(inode);
        let (size, blocks, links) = match kind {
            FileKind::Directory => (BLOCK_LEN, BLOCK_LEN / 512, directory_links(manifest, inode)),
            FileKind::Regular => (inode.size(), blocks(inode.data_len()), inode.link_count()),
            FileKind::Symlink => (inode.size(), 0, inode.link_count()),
            _ => (0, 0, inode.link_count()),
        };
        let device = match kind {
            FileKind::CharDevice | FileKind::BlockDevice => inode.device(),
            _ => (0, 0),
        };
        Self {
            kind,
            permissions: inode.permissions(),
            uid: inode.uid(),
            gid: inode.gid(),
            links,
            size,
            blocks,
            mtime: time(inode.mtime()),
            device,
        }
    }

    /// Returns the attributes of a directory outside of any image. Root owns it, and it has `folders` subdirectories.
    pub fn of_folder(changed: SystemTime, folders: u32) -> Self {
        Self {
            kind: FileKind::Directory,
            permissions: 0o755,
            uid: 0,
            gid: 0,
            links: 2 + folders,
            size: BLOCK_LEN,
            blocks: BLOCK_LEN / 512,
            mtime: changed,
            device: (0, 0),
        }
    }

    /// Returns the attributes of a directory that only the user who mounted may look into.
    pub fn of_private_folder(changed: SystemTime) -> Self {
        let uid = sysio::effective_user();
        Self { permissions: 0o700, uid, ..Self::of_folder(changed, 0) }
    }

    /// Returns the attributes of an image's record, a text of `len` bytes. Only the mounting user may read the text,
    /// because it can name paths in directories that other users must not look into.
    pub fn of_document(changed: SystemTime, len: u64) -> Self {
        Self {
            kind: FileKind::Regular,
            permissions: 0o400,
            uid: sysio::effective_user(),
            links: 1,
            size: len,
            blocks: blocks(len),
            ..Self::of_folder(changed, 0)
        }
    }
}

/// Returns the link count of a directory: one for its name, one for its `.`, and one for the `..` of each subdirectory.
fn directory_links(manifest: &Manifest, inode: &Inode<'_>) -> u32 {
    let children = manifest.children(inode.index());
    2 + children.filter(|node| manifest.node_inode(*node).is_directory()).count() as u32
}

fn blocks(data_len: u64) -> u64 {
    data_len.div_ceil(BLOCK_LEN) * (BLOCK_LEN / 512)
}

/// Converts a manifest's time. A time that `SystemTime` cannot hold becomes the epoch.
fn time(stamp: Timestamp) -> SystemTime {
    let whole = Duration::from_secs(stamp.secs.unsigned_abs());
    let second = match stamp.secs {
        0.. => UNIX_EPOCH.checked_add(whole),
        _ => UNIX_EPOCH.checked_sub(whole),
    };
    let nanos = Duration::from_nanos(u64::from(stamp.nanos));
    second.and_then(|second| second.checked_add(nanos)).unwrap_or(UNIX_EPOCH)
}

/// A run of bytes of a file, which lies either in a hole or in data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Length in bytes of a run of zeros, in a hole.
    Hole(u64),
    /// Bytes of data. The file's object holds all its data, without the holes.
    Data {
        /// Offset of the run's first byte within the data.
        at: u64,
        /// Length of the run in bytes.
        len: u64,
    },
}

/// Returns the runs that make up `len` bytes of a file from `offset` on, cut at the end of the file.
pub fn runs(size: u64, holes: &[Hole], offset: u64, len: u64) -> Vec<Run> {
    let end = offset.saturating_add(len).min(size);
    let (mut at, mut skipped, mut runs) = (offset, 0, Vec::new());
    for hole in holes {
        let hole_end = hole.offset + hole.len;
        if hole_end <= at {
            skipped += hole.len;
            continue;
        }
        if hole.offset >= end || at >= end {
            break;
        }
        if at < hole.offset {
            runs.push(Run::Data { at: at - skipped, len: hole.offset - at });
            at = hole.offset;
        }
        runs.push(Run::Hole(hole_end.min(end) - at));
        at = hole_end;
        skipped += hole.len;
    }
    if at < end {
        runs.push(Run::Data { at: at - skipped, len: end - at });
    }
    runs
}

/// Target of a search from an offset on, as in lseek(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seek {
    /// The next byte of data.
    Data,
    /// The next hole; the end of the file counts as one.
    Hole,
}

/// Returns the offset of the next data or hole; `None` (ENXIO) if there is none before the end of the file.
pub fn seek(size: u64, holes: &[Hole], offset: u64, whence: Seek) -> Option<u64> {
    if offset >= size {
        return None;
    }
    let inside = holes.iter().find(|hole| (hole.offset..hole.offset + hole.len).contains(&offset));
    match (whence, inside) {
        (Seek::Hole, Some(_)) | (Seek::Data, None) => Some(offset),
        (Seek::Hole, None) => {
            let next = holes.iter().map(|hole| hole.offset).find(|start| *start > offset);
            Some(next.unwrap_or(size))
        }
        (Seek::Data, Some(hole)) => Some(hole.offset + hole.len).filter(|end| *end < size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOLES: [Hole; 2] = [Hole { offset: 4096, len: 4096 }, Hole { offset: 12288, len: 4000 }];

    #[test]
    fn data_and_holes_are_found_as_a_filesystem_would() {
        let seek = |offset, whence| seek(16288, &HOLES, offset, whence);
        assert_eq!(seek(0, Seek::Data), Some(0));
        assert_eq!(seek(0, Seek::Hole), Some(4096));
        assert_eq!(seek(5000, Seek::Data), Some(8192));
        assert_eq!(seek(5000, Seek::Hole), Some(5000));
        assert_eq!(seek(8192, Seek::Hole), Some(12288));
        assert_eq!(seek(12288, Seek::Data), None);
        assert_eq!(seek(16288, Seek::Hole), None);
    }

    #[test]
    fn times_of_any_manifest_can_be_shown() {
        for secs in [i64::MIN, -1, 0, 1, i64::MAX] {
            time(Timestamp { secs, nanos: 999_999_999 });
        }
        let before = time(Timestamp { secs: -2, nanos: 800_000_000 });
        assert_eq!(UNIX_EPOCH.duration_since(before).unwrap(), Duration::new(1, 200_000_000));
    }

    proptest! {
        /// Compares with a model: each byte is zero if a hole covers it, else it is the next byte of the data.
        #[test]
        fn runs_are_what_each_byte_is(
            cuts in proptest::collection::btree_set(0u64..40, 0..10),
            tail in 0u64..4096,
            offset in 0u64..200_000,
            len in 0u64..200_000,
        ) {
            let cuts: Vec<u64> = cuts.into_iter().map(|cut| cut * 4096).collect();
            let size = 40 * 4096 + tail;
            let holes: Vec<Hole> = cuts.chunks_exact(2)
                .map(|cut| Hole { offset: cut[0], len: cut[1] - cut[0] })
                .collect();
            let is_hole = |at: u64| holes.iter().any(|h| (h.offset..h.offset + h.len).contains(&at));
            let mut expected = Vec::new();
            let mut data_at = 0;
            for at in 0..size {
                let byte = if is_hole(at) { None } else { data_at += 1; Some(data_at - 1) };
                if (offset..offset.saturating_add(len)).contains(&at) {
                    expected.push(byte);
                }
            }
            let mut found = Vec::new();
            for run in runs(size, &holes, offset, len) {
                match run {
                    Run::Hole(len) => found.extend((0..len).map(|_| None)),
                    Run::Data { at, len } => found.extend((at..at + len).map(Some)),
                }
            }
            prop_assert_eq!(found, expected);
        }
    }
}
