//! XFS as `docs/formats/layout-xfs.md` describes it: options of mkfs. What it cannot hold: `store::limits`.

use std::path::Path;
use std::process::Command;

use wire::Manifest;

use super::Identity;
use crate::error::UnpackError;
use crate::filesystem::{LABEL, run_tool};

/// Exactly these features, whatever the host's xfsprogs would choose: those that kernels since 5.15
/// mount, with reflinks, and without the reverse map, which every patch would dirty.
const META: &str = "crc=1,finobt=1,reflink=1,bigtime=1,inobtcount=1,rmapbt=0";

/// The smallest log that mkfs.xfs makes.
const LOG_LEN: u64 = 64 << 20;

/// The smallest volume that mkfs.xfs takes.
const VOLUME_LEN_MIN: u64 = 300 << 20;

const INODE_LEN: u64 = 512;

/// The longest allocation group, less a MiB for its last one's sake. *Source:* xfs_fs.h: XFS_AG_MAX_BYTES.
const GROUP_LEN_MAX: u64 = (1 << 40) - (1 << 20);

/// Returns how many bytes an image needs at least: data, inodes, log, and 3 % for everything else.
pub fn needed_len(manifest: &Manifest) -> u64 {
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

/// Makes the filesystem.
///
/// # Errors
/// [`UnpackError::Tool`] with what mkfs.xfs printed.
pub fn make(device: &Path, len: u64, identity: Identity<'_>) -> Result<(), UnpackError> {
    let uuid = identity.uuid("root");
    // Two allocation groups, where they may be that long: each has maps of its own, which patches dirty.
    let groups = format!("agcount={}", len.div_ceil(GROUP_LEN_MAX).max(2));
    let mut command = Command::new("mkfs.xfs");
    command
        .args(["-q", "-f", "-L", LABEL, "-m", &format!("{META},uuid={uuid}")])
        .args(["-b", "size=4096", "-d", &groups])
        .args(["-l", &format!("size={LOG_LEN}"), "-i", &format!("size={INODE_LEN},sparse=1")])
        .arg(device);
    run_tool("mkfs.xfs", "xfsprogs", &mut command).map(drop)
}

/// Returns whether the log holds anything to replay.
///
/// # Errors
/// [`UnpackError::Tool`].
pub fn needs_replay(device: &Path) -> Result<bool, UnpackError> {
    let mut command = Command::new("xfs_logprint");
    command.arg("-t").arg(device);
    let text = run_tool("xfs_logprint", "xfsprogs", &mut command)?;
    Ok(!text.contains("state: <CLEAN>"))
}
