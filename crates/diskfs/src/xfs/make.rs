//! Makes an XFS as docs/formats/layout-xfs.md describes it, and computes the room that an image
//! needs.

use std::path::Path;
use std::process::Command;

use wire::Manifest;

use crate::tool::run_tool;
use crate::{DiskError, Identity, LABEL};

/// The exact features, whatever the host's xfsprogs would choose. Kernels since 5.15 support them.
/// Reflinks are on. The reverse map is off, because every patch would dirty it.
const META: &str = "crc=1,finobt=1,reflink=1,bigtime=1,inobtcount=1,rmapbt=0";

/// Smallest log that mkfs.xfs makes, in bytes.
const LOG_LEN: u64 = 64 << 20;

/// Smallest volume that mkfs.xfs accepts, in bytes.
const VOLUME_LEN_MIN: u64 = 300 << 20;

const INODE_LEN: u64 = 512;

/// Longest allocation group in bytes, less 1 MiB so that the last group is not too short. *Source:*
/// XFS_AG_MAX_BYTES, xfs_fs.h.
const GROUP_LEN_MAX: u64 = (1 << 40) - (1 << 20);

/// Returns the least length in bytes that an image needs. It counts data, inodes and log, and 3 %
/// for everything else.
pub(super) fn needed_len(manifest: &Manifest) -> u64 {
    const BLOCK: u64 = 4096;
    let content: u64 = (0..manifest.inode_count())
        .map(|index| manifest.inode(index))
        .map(|inode| {
            let data = if inode.is_directory() {
                inode.size() * 64
            } else if inode.is_regular() {
                inode.data_len()
            } else {
                0
            };
            data.next_multiple_of(BLOCK) + INODE_LEN
        })
        .sum();
    (content + content / 33 + LOG_LEN).max(VOLUME_LEN_MIN)
}

/// Formats a device; the label is final at once.
///
/// # Errors
/// [`DiskError::Tool`] with mkfs.xfs's output.
pub(super) fn make(device: &Path, len: u64, identity: Identity<'_>) -> Result<(), DiskError> {
    let uuid = identity.uuid("root");
    // Makes as few allocation groups as the limit of their length allows, but at least two. Few
    // groups are better, because each has its own maps, which patches dirty.
    let groups = format!("agcount={}", len.div_ceil(GROUP_LEN_MAX).max(2));
    let mut command = Command::new("mkfs.xfs");
    command
        .args(["-q", "-f", "-L", LABEL, "-m", &format!("{META},uuid={uuid}")])
        .args(["-b", "size=4096", "-d", &groups])
        .args(["-l", &format!("size={LOG_LEN}"), "-i", &format!("size={INODE_LEN},sparse=1")])
        .arg(device);
    run_tool("mkfs.xfs", "xfsprogs", &mut command).map(drop)
}
