//! The filesystems that volumes have, each with everything that differs between them.

use std::path::Path;

use store::boot::RootFilesystem;
use store::limits::Target;
use sysio::mount::Access;
use wire::Manifest;
use wire::bytes::u32_at;
use wire::units::PAGE_LEN;

use crate::device::Root;
use crate::error::UnpackError;
use crate::layout::{Identity, ext4, xfs};

/// A volume's filesystem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filesystem {
    /// ext4.
    Ext4,
    /// XFS.
    Xfs,
}

/// The label of every filesystem that we made: all twelve characters that XFS has room for.
pub const LABEL: &str = "imprint-root";

/// The label of one that is being filled for the first time, without a journal: after a crash it is
/// made anew.
pub const UNFINISHED_LABEL: &str = "imprint-fill";

/// What a filesystem is mounted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To look only: not even the journal is replayed.
    Look,
    /// To be changed, in a way that survives a crash.
    Patch,
    /// To be filled for the first time: nobody misses anything after a crash.
    Fill,
    /// To run the image's own programs from it; nothing is written.
    Run,
}

impl Purpose {
    /// Returns whether it may be written to.
    pub fn access(self) -> Access {
        match self {
            Self::Look => Access::ReadOnly,
            Self::Patch | Self::Fill => Access::ReadWrite,
            Self::Run => Access::Run,
        }
    }
}

/// What the superblock of a filesystem says, as far as any needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which filesystem it is.
    pub filesystem: Filesystem,
    /// Its UUID.
    pub uuid: [u8; 16],
    /// What its label says.
    pub label: Label,
    /// Its length in bytes.
    pub len: u64,
}

/// What a filesystem's label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// We made it.
    Ours,
    /// We were making it.
    Unfinished,
    /// It is somebody else's.
    Other,
}

/// The length of what [`Mark::read`] looks at.
pub const MARK_LEN: usize = 2048;

impl Mark {
    /// Reads that of a device; `None` where there is none, or it cannot be read.
    pub fn of_device(device: &Path) -> Option<Self> {
        let file = std::fs::File::open(device).ok()?;
        let mut bytes = [0; MARK_LEN];
        sysio::file::read_exact_at(&file, &mut bytes, 0).ok()?;
        Self::read(&bytes)
    }

    /// Reads a filesystem's first [`MARK_LEN`] bytes; `None` for any other than ours.
    /// *Source:* ext4.h, xfs_format.h.
    pub fn read(bytes: &[u8; MARK_LEN]) -> Option<Self> {
        let ext4 = &bytes[1024..];
        let (filesystem, uuid, label, blocks) = if ext4[0x38..0x3a] == [0x53, 0xef] {
            let blocks = u64::from(u32_at(ext4, 0x4)) | u64::from(u32_at(ext4, 0x150)) << 32;
            (Filesystem::Ext4, &ext4[0x68..0x78], &ext4[0x78..0x88], blocks)
        } else if bytes.starts_with(b"XFSB") {
            let mut blocks = [0; 8];
            blocks.copy_from_slice(&bytes[8..16]);
            let blocks = u64::from_be_bytes(blocks);
            (Filesystem::Xfs, &bytes[32..48], &bytes[108..120], blocks)
        } else {
            return None;
        };
        let mut found = [0; 16];
        found.copy_from_slice(uuid);
        let (text, rest) = label.split_at(LABEL.len());
        // mkfs.xfs names a filesystem before it is one. *Source:* xfs_format.h: sb_inprogress.
        let is_in_progress = filesystem == Filesystem::Xfs && bytes[126] != 0;
        let label = match rest.iter().all(|byte| *byte == 0) {
            true if text == LABEL.as_bytes() && is_in_progress => Label::Unfinished,
            true if text == LABEL.as_bytes() => Label::Ours,
            true if text == UNFINISHED_LABEL.as_bytes() => Label::Unfinished,
            _ => Label::Other,
        };
        // Ours have blocks of 4 KiB.
        let len = blocks.saturating_mul(PAGE_LEN);
        Some(Self { filesystem, uuid: found, label, len })
    }
}

impl Filesystem {
    /// What a fresh one needs room for, for a message.
    pub fn with_image(self) -> &'static str {
        match self {
            Self::Ext4 => "an ext4 with the image",
            Self::Xfs => "an xfs with the image (it has 300 MiB at least)",
        }
    }

    /// Reads a filesystem's name; an empty one is the default, ext4.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "" | "ext4" => Some(Self::Ext4),
            "xfs" => Some(Self::Xfs),
            _ => None,
        }
    }

    /// Returns its name, which is also the kernel's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ext4 => "ext4",
            Self::Xfs => "xfs",
        }
    }

    /// Returns what an image is judged for that boots from it.
    pub fn as_root(self) -> RootFilesystem {
        match self {
            Self::Ext4 => RootFilesystem::Ext4,
            Self::Xfs => RootFilesystem::Xfs,
        }
    }

    /// Returns whether files can share blocks.
    pub fn has_reflinks(self) -> bool {
        self == Self::Xfs
    }

    /// Refuses an image that the filesystem cannot hold exactly, by the path at fault.
    ///
    /// # Errors
    /// [`UnpackError::Refused`].
    pub fn check_holds(self, manifest: &Manifest) -> Result<(), UnpackError> {
        let target = match self {
            Self::Ext4 => Target::Ext4,
            Self::Xfs => Target::Xfs,
        };
        for index in 0..manifest.inode_count() {
            let inode = manifest.inode(index);
            if let Some(problem) = target.problem(inode) {
                let path = store::show(&manifest.path(inode.first_node()));
                return Err(UnpackError::Refused(format!("the image's '/{path}': {problem}")));
            }
        }
        Ok(())
    }

    /// Refuses a volume that is longer than what is known to work.
    ///
    /// # Errors
    /// [`UnpackError::Refused`].
    pub fn check_len(self, volume: &Path, len: u64) -> Result<(), UnpackError> {
        /// 2³² blocks of 4 KiB: beyond, group descriptors of ext4 are where nothing of ours looks for them.
        const LEN_MAX: u64 = 1 << 44;
        if len <= LEN_MAX {
            return Ok(());
        }
        Err(UnpackError::Refused(format!(
            "{} has {}, and volumes have 16 TiB at most: use a smaller one, which machines made of it \
             let grow",
            volume.display(),
            wire::units::format_len(len)
        )))
    }

    /// Returns how many bytes an image needs at least on a fresh filesystem.
    pub fn needed_len(self, manifest: &Manifest) -> u64 {
        match self {
            Self::Ext4 => ext4::needed_len(manifest),
            Self::Xfs => xfs::needed_len(manifest),
        }
    }

    /// Returns how many bytes of blocks an image takes at least beside the data of its files; of xfs nothing is known
    /// beforehand, which keeps most of it in inodes.
    pub fn beside_data_len(self, manifest: &Manifest) -> u64 {
        match self {
            Self::Ext4 => ext4::beside_data_len(manifest),
            Self::Xfs => 0,
        }
    }

    /// Makes the filesystem.
    ///
    /// # Errors
    /// [`UnpackError::Tool`] with what mkfs printed.
    pub fn make(
        self,
        root: &Root,
        identity: Identity<'_>,
        manifest: &Manifest,
    ) -> Result<(), UnpackError> {
        match self {
            Self::Ext4 => ext4::make(root.path(), identity, manifest),
            Self::Xfs => xfs::make(root.path(), root.size()?, identity),
        }
    }

    /// Returns whether the first patch of a fresh filesystem goes without a journal, so that until
    /// it ended the filesystem is marked as unfinished.
    pub fn is_filled_without_journal(self) -> bool {
        self == Self::Ext4
    }

    /// Returns the mount options for a purpose.
    pub fn mount_options(self, purpose: Purpose) -> &'static [(&'static str, &'static str)] {
        match (self, purpose) {
            (Self::Ext4, Purpose::Look | Purpose::Run) => &[("noload", "")],
            (Self::Ext4, Purpose::Patch) => &ext4::PATCH_OPTIONS,
            (Self::Ext4, Purpose::Fill) => &ext4::FILL_OPTIONS,
            (Self::Xfs, Purpose::Look | Purpose::Run) => &[("norecovery", ""), ("nouuid", "")],
            // Volumes of one stream have one UUID, and may be worked on at once.
            (Self::Xfs, Purpose::Patch | Purpose::Fill) => &[("nouuid", ""), ("allocsize", "4096")],
        }
    }

    /// Lets an unmounted filesystem, whose journal is empty, fill the device that it is on.
    ///
    /// # Errors
    /// [`UnpackError::Tool`]; what the kernel says.
    pub fn grow(self, root: &Root) -> Result<(), UnpackError> {
        match self {
            Self::Ext4 => ext4::grow(root.path()),
            Self::Xfs => {
                let mount = root.mount(self, Purpose::Patch)?;
                let blocks = root.size()? / PAGE_LEN;
                sysio::file::grow_xfs(mount.root(), blocks)
                    .map_err(UnpackError::io("grow the filesystem of", root.path()))?;
                mount.root().sync_filesystem().map_err(UnpackError::io("sync", root.path()))
            }
        }
    }

    /// Repairs an unmounted filesystem, whose journal is empty, if it says of itself that something
    /// went wrong, and returns whether. XFS keeps no note of that.
    ///
    /// # Errors
    /// [`UnpackError::Damaged`]; errors of reading; [`UnpackError::Tool`].
    pub fn repair(self, device: &Path) -> Result<bool, UnpackError> {
        match self {
            Self::Ext4 => ext4::repair(device),
            Self::Xfs => Ok(false),
        }
    }

    /// Returns whether the journal of an unmounted filesystem holds anything to replay.
    ///
    /// # Errors
    /// Errors of reading the device; [`UnpackError::Tool`].
    pub fn needs_replay(self, device: &Path) -> Result<bool, UnpackError> {
        match self {
            Self::Ext4 => ext4::needs_replay(device),
            Self::Xfs => xfs::needs_replay(device),
        }
    }
}

/// Runs a tool that makes or looks at a filesystem and returns what it printed.
pub(crate) fn run_tool(
    tool: &'static str,
    package: &str,
    command: &mut std::process::Command,
) -> Result<String, UnpackError> {
    let output = command.output().map_err(|error| UnpackError::Tool {
        tool,
        problem: format!("{error}: install the package {package}"),
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    // Some print their whole usage behind the one line that says what is wrong.
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text.lines().take_while(|line| !line.starts_with("Usage:")).collect();
    Err(UnpackError::Tool { tool, problem: lines.join("; ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_and_others_are_not() {
        let mut bytes = [0; MARK_LEN];
        assert_eq!(Mark::read(&bytes), None);
        bytes[1024 + 0x38..1024 + 0x3a].copy_from_slice(&[0x53, 0xef]);
        bytes[1024 + 0x68] = 7;
        assert!(matches!(Mark::read(&bytes), Some(Mark { label: Label::Other, .. })));
        bytes[1024 + 0x78..1024 + 0x84].copy_from_slice(LABEL.as_bytes());
        let mark = Mark::read(&bytes).unwrap();
        assert_eq!((mark.filesystem, mark.uuid[0], mark.label), (Filesystem::Ext4, 7, Label::Ours));
        bytes[1024 + 0x78..1024 + 0x84].copy_from_slice(UNFINISHED_LABEL.as_bytes());
        assert_eq!(Mark::read(&bytes).unwrap().label, Label::Unfinished);
        let mut bytes = [0; MARK_LEN];
        bytes[..4].copy_from_slice(b"XFSB");
        bytes[108..120].copy_from_slice(LABEL.as_bytes());
        let mark = Mark::read(&bytes).unwrap();
        assert_eq!((mark.filesystem, mark.label), (Filesystem::Xfs, Label::Ours));
        bytes[126] = 1;
        assert_eq!(Mark::read(&bytes).unwrap().label, Label::Unfinished);
    }
}
