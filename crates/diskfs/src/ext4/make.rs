//! Makes an ext4 as docs/formats/layout-ext4.md describes it, and computes the room that an image
//! needs.

use std::path::Path;
use std::process::Command;

use wire::Manifest;
use wire::manifest::Inode;

use super::FEATURES;
use super::limits::xattr_blocks;
use crate::tool::run_tool;
use crate::{DiskError, Identity, UNFINISHED_LABEL};

/// Length of the journal in MiB: the smallest that ext4 accepts, since every patch dirties the
/// journal.
const JOURNAL_MIB: u64 = 4;

/// Length of a block in bytes.
const BLOCK: u64 = 4096;

/// Length of an inode in the tables, in bytes.
const INODE_LEN: u64 = 256;

/// A new volume gets 1.5 times as many inodes as its first image has, rounded up to a multiple of
/// this.
const INODE_UNIT: u64 = 8192;

/// Returns the number of inodes of a volume that is made for this image.
pub(super) fn inode_count(manifest: &Manifest) -> u64 {
    let wanted = u64::from(manifest.inode_count());
    (wanted + wanted / 2).max(1).next_multiple_of(INODE_UNIT)
}

/// Returns the least length in bytes that an image needs on a fresh filesystem. It counts the
/// blocks of files, directories, targets and attributes, the inode tables and the journal, and 2 %
/// for block maps and bitmaps.
pub(super) fn needed_len(manifest: &Manifest) -> u64 {
    let content: u64 = (0..manifest.inode_count())
        .map(|index| manifest.inode(index))
        .map(|inode| {
            if inode.is_directory() {
                // An average entry has 32 bytes, and blocks are half full.
                (inode.size() * 64).next_multiple_of(BLOCK).max(BLOCK)
            } else if inode.is_regular() {
                inode.data_len().next_multiple_of(BLOCK)
            } else {
                target_len(inode)
            }
        })
        .sum();
    let content = content + xattr_blocks(manifest) * BLOCK;
    let tables = inode_count(manifest) * INODE_LEN + (JOURNAL_MIB << 20);
    content + tables + (content + tables) / 50
}

/// Returns the least length in bytes of the blocks that an image needs in addition to its files'
/// data. It counts attributes, targets, and one block per directory.
pub(super) fn beside_data_len(manifest: &Manifest) -> u64 {
    let inodes = (0..manifest.inode_count()).map(|index| manifest.inode(index));
    let of_inode = |inode: Inode<'_>| if inode.is_directory() { BLOCK } else { target_len(inode) };
    inodes.map(of_inode).sum::<u64>() + xattr_blocks(manifest) * BLOCK
}

/// Returns the length in bytes of the block for a symlink's target; 0 for other inodes, and for a
/// target that fits into the inode.
fn target_len(inode: Inode<'_>) -> u64 {
    /// A target of at least this many bytes does not fit into the inode.
    const INLINE: u64 = 60;
    u64::from(inode.is_symlink() && inode.size() >= INLINE) * BLOCK
}

/// Formats a device, with the label of an unfinished filesystem.
///
/// # Errors
/// [`DiskError::Tool`] with mkfs.ext4's output.
pub(super) fn make(
    device: &Path,
    identity: Identity<'_>,
    manifest: &Manifest,
) -> Result<(), DiskError> {
    let hash_seed = identity.uuid("hash seed");
    let mut command = Command::new("mkfs.ext4");
    command
        .args(["-q", "-F", "-b", "4096", "-m", "1", "-L", UNFINISHED_LABEL])
        .args(["-I", &INODE_LEN.to_string(), "-N", &inode_count(manifest).to_string()])
        .args(["-J", &format!("size={JOURNAL_MIB}"), "-O", FEATURES])
        .args(["-U", &identity.uuid("root").to_string()])
        .arg("-E")
        .arg(format!("lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0,hash_seed={hash_seed}"))
        .arg(device);
    run_tool("mkfs.ext4", "e2fsprogs", &mut command).map(drop)
}
