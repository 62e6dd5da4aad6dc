//! Making an ext4 as docs/formats/layout-ext4.md describes it, and the room that an image needs on it.

use std::path::Path;
use std::process::Command;

use wire::Manifest;
use wire::manifest::Inode;

use super::FEATURES;
use super::limits::xattr_blocks;
use crate::tool::run_tool;
use crate::{DiskError, Identity, UNFINISHED_LABEL};

/// The journal's length in MiB: the smallest that ext4 takes, since every patch dirties it.
const JOURNAL_MIB: u64 = 4;

/// Bytes of a block.
const BLOCK: u64 = 4096;

/// The length of one inode in the tables.
const INODE_LEN: u64 = 256;

/// Inodes are made for half as many again as the first image has, in whole units of this many.
const INODE_UNIT: u64 = 8192;

/// Returns the number of inodes that a volume for this image is made with.
pub(super) fn inode_count(manifest: &Manifest) -> u64 {
    let wanted = u64::from(manifest.inode_count());
    (wanted + wanted / 2).max(1).next_multiple_of(INODE_UNIT)
}

/// Returns how many bytes an image needs at least on a fresh filesystem: blocks of files,
/// directories, targets and attributes, inode tables and journal, and 2 % for block maps and bitmaps.
pub(super) fn needed_len(manifest: &Manifest) -> u64 {
    let content: u64 = (0..manifest.inode_count())
        .map(|index| manifest.inode(index))
        .map(|inode| {
            if inode.is_directory() {
                // An average entry of 32 bytes, blocks half full.
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

/// Returns how many bytes of blocks an image takes at least beside the data of its files: attributes, targets, and one
/// block for each directory.
pub(super) fn beside_data_len(manifest: &Manifest) -> u64 {
    let inodes = (0..manifest.inode_count()).map(|index| manifest.inode(index));
    let of_inode = |inode: Inode<'_>| if inode.is_directory() { BLOCK } else { target_len(inode) };
    inodes.map(of_inode).sum::<u64>() + xattr_blocks(manifest) * BLOCK
}

/// The blocks that a symlink's target takes.
fn target_len(inode: Inode<'_>) -> u64 {
    /// What fits into an inode itself: the target of a short symlink.
    const INLINE: u64 = 60;
    u64::from(inode.is_symlink() && inode.size() >= INLINE) * BLOCK
}

/// Makes the filesystem.
///
/// # Errors
/// [`DiskError::Tool`] with what mkfs.ext4 printed.
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
