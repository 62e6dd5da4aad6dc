//! The filesystems of volumes.
//!
//! To add a filesystem, add a variant of [`Filesystem`], name it in `ALL` and `kind`, and write a
//! folder that implements [`FilesystemKind`]. Also name the filesystem in the command line, and
//! state in `store` which images can mount it.

use std::path::Path;

use sysio::mount::{Access, PrivateMount};
use wire::Manifest;
use wire::manifest::Inode;
use wire::units::show_path;

use crate::ext4::Ext4Kind;
use crate::kind::{FilesystemFacts, FilesystemKind, Purpose};
use crate::limits;
use crate::xfs::XfsKind;
use crate::{DiskError, Identity, Medium, OfflineFilesystem};

/// Kind of a volume's root filesystem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filesystem {
    /// ext4, as docs/formats/layout-ext4.md describes it.
    Ext4,
    /// XFS, as docs/formats/layout-xfs.md describes it.
    Xfs,
}

impl Filesystem {
    /// Every filesystem that a volume can have; the first is the default.
    pub const ALL: [Self; 2] = [Self::Ext4, Self::Xfs];

    pub(crate) fn kind(self) -> &'static dyn FilesystemKind {
        match self {
            Self::Ext4 => &Ext4Kind,
            Self::Xfs => &XfsKind,
        }
    }

    /// Parses a filesystem's name; an empty name means ext4.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Ext4);
        }
        Self::ALL.into_iter().find(|filesystem| filesystem.name() == text)
    }

    /// Returns the name for users, which is also the kernel's.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Returns the facts about every volume with this filesystem.
    pub fn facts(self) -> &'static FilesystemFacts {
        self.kind().facts()
    }

    /// Returns the reason why the filesystem cannot hold an inode exactly; `None` if it can.
    pub fn problem(self, inode: Inode<'_>) -> Option<String> {
        limits::of_linux(inode).or_else(|| self.kind().problem(inode))
    }

    /// Refuses an image that the filesystem cannot hold exactly.
    ///
    /// # Errors
    /// [`DiskError::NotHeld`] for the first inode that does not fit, with its path.
    pub fn check_holds(self, manifest: &Manifest) -> Result<(), DiskError> {
        for index in 0..manifest.inode_count() {
            let inode = manifest.inode(index);
            if let Some(problem) = self.problem(inode) {
                let path = show_path(&manifest.path(inode.first_node()));
                return Err(DiskError::NotHeld { path, problem });
            }
        }
        Ok(())
    }

    /// Refuses a volume longer than 16 TiB.
    ///
    /// # Errors
    /// [`DiskError::TooLong`] with the volume's length.
    pub fn check_len(self, volume: &Path, len: u64) -> Result<(), DiskError> {
        /// 2³² blocks of 4 KiB. A longer ext4 has group descriptors in places where our reader does
        /// not look.
        const LEN_MAX: u64 = 1 << 44;
        match len {
            0..=LEN_MAX => Ok(()),
            _ => Err(DiskError::TooLong { volume: volume.to_owned(), len }),
        }
    }

    /// Returns the least length in bytes that an image needs on a fresh filesystem, with metadata.
    pub fn needed_len(self, manifest: &Manifest) -> u64 {
        self.kind().needed_len(manifest)
    }

    /// Returns the least length in bytes of the blocks that an image needs in addition to its
    /// files' data; 0 if this length cannot be known before the filesystem is made.
    pub fn beside_data_len(self, manifest: &Manifest) -> u64 {
        self.kind().beside_data_len(manifest)
    }

    /// Formats a device of `len` bytes for an image.
    ///
    /// # Errors
    /// [`DiskError::Tool`] with mkfs's output.
    pub fn make(
        self,
        device: &Path,
        len: u64,
        identity: Identity<'_>,
        manifest: &Manifest,
    ) -> Result<(), DiskError> {
        self.kind().make(device, len, identity, manifest)
    }

    /// Mounts the filesystem privately, so that no other process can reach it by a path.
    ///
    /// # Errors
    /// The kernel's error.
    pub fn mount(self, device: &Path, purpose: Purpose) -> std::io::Result<PrivateMount> {
        let (kind, access) = (self.kind(), purpose.access());
        let mount = PrivateMount::open(self.name(), device, access, kind.mount_options(purpose))?;
        if access == Access::ReadWrite {
            kind.tune(device);
        }
        Ok(mount)
    }

    /// Gives a filesystem the label of a finished one, after a first patch without a journal.
    ///
    /// # Durability
    /// None until the device is synced.
    ///
    /// # Errors
    /// [`DiskError::Damaged`]; errors of reading and writing.
    pub fn finish_filling(self, device: &Path) -> Result<(), DiskError> {
        self.kind().finish_filling(&Medium::open(device)?)
    }

    /// Grows an unmounted filesystem to its device's `len` bytes. The journal must be empty.
    ///
    /// # Errors
    /// [`DiskError::Tool`]; the kernel's error.
    pub fn grow(self, device: &Path, len: u64) -> Result<(), DiskError> {
        self.kind().grow(device, len)
    }

    /// Repairs an unmounted filesystem if an error is recorded in it; returns whether one was. The
    /// journal must be empty.
    ///
    /// # Errors
    /// [`DiskError::Damaged`]; errors of reading; [`DiskError::Tool`].
    pub fn repair(self, device: &Path) -> Result<bool, DiskError> {
        self.kind().repair(device)
    }

    /// Returns whether the journal of an unmounted filesystem has anything to replay.
    ///
    /// # Errors
    /// Errors of reading the device; [`DiskError::Tool`].
    pub fn needs_replay(self, device: &Path) -> Result<bool, DiskError> {
        self.kind().needs_replay(device)
    }

    /// Opens an unmounted filesystem for reading its bytes.
    ///
    /// # Errors
    /// [`DiskError::Damaged`] for one that imprint did not make; errors of reading.
    pub fn open_offline(
        self,
        medium: &Medium,
    ) -> Result<Box<dyn OfflineFilesystem + '_>, DiskError> {
        self.kind().open_offline(medium)
    }
}

/// Returns whether an inode's attributes can be replaced one by one, whatever the filesystem is. True if they stay the
/// same, or if the old and the new attributes together fit into one block of ext4, which has the least room of all
/// filesystems. (A new filesystem with less room needs a check here.) If false, the caller must first remove the old
/// attributes. Then the new ones get the places that [`crate::Filesystem::problem`] assumes.
pub fn may_replace_xattrs_in_place(has: Inode<'_>, wants: Inode<'_>) -> bool {
    has.xattr_bytes() == wants.xattr_bytes() || crate::ext4::fits_both_xattrs(has, wants)
}
