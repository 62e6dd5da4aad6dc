//! The filesystems that volumes have, each with everything that differs between them.

use std::path::Path;

use sysio::mount::Access;
use wire::Manifest;
use wire::name::StreamName;

use crate::error::UnpackError;
use crate::layout::{ext4, xfs};

/// A volume's filesystem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filesystem {
    /// ext4.
    Ext4,
    /// XFS.
    Xfs,
}

/// The label of every filesystem that we make: all twelve characters that XFS has room for.
pub const LABEL: &str = "imprint-root";

/// What the superblock of a filesystem says, as far as any needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which filesystem it is.
    pub filesystem: Filesystem,
    /// Its UUID.
    pub uuid: [u8; 16],
    /// Whether its label is ours.
    pub is_ours: bool,
}

/// The length of what [`Mark::read`] looks at.
pub const MARK_LEN: usize = 2048;

impl Mark {
    /// Reads a filesystem's first [`MARK_LEN`] bytes; `None` for any other than ours.
    /// *Source:* ext4.h, xfs_format.h.
    pub fn read(bytes: &[u8; MARK_LEN]) -> Option<Self> {
        let ext4 = &bytes[1024..];
        let (filesystem, uuid, label) = if ext4[0x38..0x3a] == [0x53, 0xef] {
            (Filesystem::Ext4, &ext4[0x68..0x78], &ext4[0x78..0x88])
        } else if bytes.starts_with(b"XFSB") {
            (Filesystem::Xfs, &bytes[32..48], &bytes[108..120])
        } else {
            return None;
        };
        let mut found = [0; 16];
        found.copy_from_slice(uuid);
        let (ours, rest) = label.split_at(LABEL.len());
        let is_ours = ours == LABEL.as_bytes() && rest.iter().all(|byte| *byte == 0);
        Some(Self { filesystem, uuid: found, is_ours })
    }
}

impl Filesystem {
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

    /// Returns whether files can share blocks.
    pub fn has_reflinks(self) -> bool {
        self == Self::Xfs
    }

    /// Refuses an image that the filesystem cannot hold exactly, by the path at fault.
    ///
    /// # Errors
    /// [`UnpackError::Refused`].
    pub fn check_holds(self, manifest: &Manifest) -> Result<(), UnpackError> {
        for index in 0..manifest.inode_count() {
            let inode = manifest.inode(index);
            let problem = match self {
                Self::Ext4 => ext4::problem(inode),
                Self::Xfs => xfs::problem(inode),
            };
            if let Some(problem) = problem {
                let path = store::show(&manifest.path(inode.first_node()));
                return Err(UnpackError::Refused(format!("the image's '/{path}': {problem}")));
            }
        }
        Ok(())
    }

    /// Returns how many bytes an image needs at least on a fresh filesystem.
    pub fn needed_len(self, manifest: &Manifest) -> u64 {
        match self {
            Self::Ext4 => ext4::needed_len(manifest),
            Self::Xfs => xfs::needed_len(manifest),
        }
    }

    /// Makes the filesystem.
    ///
    /// # Errors
    /// [`UnpackError::Tool`] with what mkfs printed.
    pub fn make(
        self,
        device: &Path,
        stream: &StreamName,
        manifest: &Manifest,
    ) -> Result<(), UnpackError> {
        match self {
            Self::Ext4 => ext4::make(device, stream, manifest),
            Self::Xfs => xfs::make(device, stream),
        }
    }

    /// Returns the mount options for writing, or for looking only: then not even the journal is
    /// replayed.
    pub fn mount_options(self, access: Access) -> &'static [(&'static str, &'static str)] {
        match (self, access) {
            (Self::Ext4, Access::ReadOnly) => &[("noload", "")],
            (Self::Ext4, Access::ReadWrite) => &ext4::MOUNT_OPTIONS,
            (Self::Xfs, Access::ReadOnly) => &[("norecovery", ""), ("nouuid", "")],
            // Volumes of one stream have one UUID, and may be worked on at once.
            (Self::Xfs, Access::ReadWrite) => &[("nouuid", "")],
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
        assert!(matches!(Mark::read(&bytes), Some(Mark { is_ours: false, .. })));
        bytes[1024 + 0x78..1024 + 0x84].copy_from_slice(LABEL.as_bytes());
        let mark = Mark::read(&bytes).unwrap();
        assert_eq!((mark.filesystem, mark.uuid[0], mark.is_ours), (Filesystem::Ext4, 7, true));
        let mut bytes = [0; MARK_LEN];
        bytes[..4].copy_from_slice(b"XFSB");
        bytes[108..120].copy_from_slice(LABEL.as_bytes());
        let mark = Mark::read(&bytes).unwrap();
        assert_eq!((mark.filesystem, mark.is_ours), (Filesystem::Xfs, true));
    }
}
