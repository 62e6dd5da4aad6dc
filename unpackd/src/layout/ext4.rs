//! ext4 as `docs/formats/layout-ext4.md` describes it: options of mkfs and mount.

use std::path::Path;
use std::process::Command;

use store::boot::EXT4_FEATURES;
use wire::Manifest;
use wire::manifest::Inode;

use super::Identity;
use crate::error::UnpackError;
use crate::filesystem::{UNFINISHED_LABEL, run_tool};
use crate::ondisk::Medium;
use crate::ondisk::ext4::Ext4;

/// The journal's length in MiB: the smallest that ext4 takes, since every patch dirties it.
const JOURNAL_MIB: u64 = 4;

/// Bytes of a block.
const BLOCK: u64 = 4096;

/// The length of one inode in the tables.
const INODE_LEN: u64 = 256;

/// Inodes are made for half as many again as the first image has, in whole units of this many.
const INODE_UNIT: u64 = 8192;

/// Mount options: the first fit near the last allocation keeps new data together.
pub const PATCH_OPTIONS: [(&str, &str); 1] = [("mb_optimize_scan", "0")];

/// The same without the journal, which stays empty: a sixth of the time.
pub const FILL_OPTIONS: [(&str, &str); 2] = [("mb_optimize_scan", "0"), ("noload", "")];

/// Allocator settings in `/sys/fs/ext4/<device>`, best effort: they shape what patches dirty, not
/// what they mean.
const TUNING: [(&str, &str); 4] = [
    ("mb_max_to_scan", "1"),
    ("mb_min_to_scan", "1"),
    ("mb_stream_req", "4096"),
    ("mb_group_prealloc", "4096"),
];

/// Returns the number of inodes that a volume for this image is made with.
pub fn inode_count(manifest: &Manifest) -> u64 {
    let wanted = u64::from(manifest.inode_count());
    (wanted + wanted / 2).max(1).next_multiple_of(INODE_UNIT)
}

/// Returns how many bytes an image needs at least on a fresh filesystem: blocks of files,
/// directories, targets and attributes, inode tables and journal, and 2 % for block maps and bitmaps.
pub fn needed_len(manifest: &Manifest) -> u64 {
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
    let content = content + store::limits::ext4_xattr_blocks(manifest) * BLOCK;
    let tables = inode_count(manifest) * INODE_LEN + (JOURNAL_MIB << 20);
    content + tables + (content + tables) / 50
}

/// Returns how many bytes of blocks an image takes at least beside the data of its files: attributes, targets, and one
/// block for each directory.
pub fn beside_data_len(manifest: &Manifest) -> u64 {
    let inodes = (0..manifest.inode_count()).map(|index| manifest.inode(index));
    let of_inode = |inode: Inode<'_>| if inode.is_directory() { BLOCK } else { target_len(inode) };
    inodes.map(of_inode).sum::<u64>() + store::limits::ext4_xattr_blocks(manifest) * BLOCK
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
/// [`UnpackError::Tool`] with what mkfs.ext4 printed.
pub fn make(device: &Path, identity: Identity<'_>, manifest: &Manifest) -> Result<(), UnpackError> {
    let hash_seed = identity.uuid("hash seed");
    let mut command = Command::new("mkfs.ext4");
    command
        .args(["-q", "-F", "-b", "4096", "-m", "1", "-L", UNFINISHED_LABEL])
        .args(["-I", &INODE_LEN.to_string(), "-N", &inode_count(manifest).to_string()])
        .args(["-J", &format!("size={JOURNAL_MIB}"), "-O", EXT4_FEATURES])
        .args(["-U", &identity.uuid("root").to_string()])
        .arg("-E")
        .arg(format!("lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0,hash_seed={hash_seed}"))
        .arg(device);
    run_tool("mkfs.ext4", "e2fsprogs", &mut command).map(drop)
}

/// Returns whether the journal holds anything to replay.
///
/// # Errors
/// Errors of reading the device.
pub fn needs_replay(device: &Path) -> Result<bool, UnpackError> {
    /// `s_feature_incompat` in the superblock, and its bit RECOVER. *Source:* ext4.h.
    const FEATURE_AT: u64 = 1024 + 0x60;
    const RECOVER: u32 = 4;
    let failed = || UnpackError::io("read the superblock of", device);
    let file = std::fs::File::open(device).map_err(failed())?;
    let mut feature = [0; 4];
    sysio::file::read_exact_at(&file, &mut feature, FEATURE_AT).map_err(failed())?;
    Ok(u32::from_le_bytes(feature) & RECOVER != 0)
}

/// Repairs a filesystem that says of itself that something went wrong, as a boot would. Whether it
/// holds what it should is for whoever reads it then. Returns whether there was anything.
///
/// # Errors
/// [`UnpackError::Damaged`]; [`UnpackError::Tool`]; errors of reading.
pub fn repair(device: &Path) -> Result<bool, UnpackError> {
    /// Errors that e2fsck corrected. *Source:* e2fsck(8).
    const CORRECTED: [i32; 4] = [0, 1, 2, 3];
    if !Ext4::open(&Medium::open(device)?)?.has_error()? {
        return Ok(false);
    }
    tracing::warn!(device = %device.display(), "an error was recorded in the filesystem: repairing it");
    let output = Command::new("e2fsck").arg("-fy").arg(device).output();
    let output = output.map_err(|error| UnpackError::Tool {
        tool: "e2fsck",
        problem: format!("{error}: install the package e2fsprogs"),
    })?;
    if output.status.code().is_some_and(|code| CORRECTED.contains(&code)) {
        return Ok(true);
    }
    let problem = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Err(UnpackError::Damaged { what: format!("the filesystem on {}", device.display()), problem })
}

/// Lets an unmounted filesystem fill the device that it is on.
///
/// # Errors
/// [`UnpackError::Tool`] with what resize2fs printed.
pub fn grow(device: &Path) -> Result<(), UnpackError> {
    // Its own check of the whole filesystem first is for filesystems that nobody else checks.
    run_tool("resize2fs", "e2fsprogs", Command::new("resize2fs").arg("-f").arg(device)).map(drop)
}

/// Sets the allocator of a mounted filesystem as the layout wants it.
pub fn tune(device: &Path) {
    let Some(name) = device.file_name() else {
        return;
    };
    let folder = Path::new("/sys/fs/ext4").join(name);
    for (key, value) in TUNING {
        let path = folder.join(key);
        // Procfs-like files are not published; a kernel without one of them is no error.
        let written = std::fs::File::options()
            .write(true)
            .open(&path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, value.as_bytes()));
        if let Err(error) = written {
            tracing::debug!("allocator setting {} is left as it is: {error}", path.display());
        }
    }
}
