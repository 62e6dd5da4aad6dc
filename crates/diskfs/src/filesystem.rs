//! The filesystems of volumes.
//!
//! A new filesystem is a variant of [`Filesystem`] and a folder that implements [`FilesystemKind`];
//! no other code names filesystems.

use std::path::Path;

use sysio::mount::{Access, PrivateMount};
use wire::Manifest;
use wire::manifest::Inode;
use wire::units::show_path;

use crate::ext4::Ext4Kind;
use crate::limits;
use crate::xfs::XfsKind;
use crate::{DiskError, Identity, Medium, OfflineFilesystem, SUPERBLOCK_AREA_LEN, Superblock};

/// Kind of a volume's root filesystem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filesystem {
    /// ext4, as docs/formats/layout-ext4.md describes it.
    Ext4,
    /// XFS, as docs/formats/layout-xfs.md describes it.
    Xfs,
}

/// Purpose of a mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To read; not even the journal is replayed.
    Look,
    /// To change it, so that it survives a crash.
    Patch,
    /// To fill it for the first time; after a crash it is made anew.
    Fill,
    /// To run the image's own programs; nothing is written.
    Run,
}

impl Purpose {
    /// Returns the access to the device that the purpose needs.
    pub fn access(self) -> Access {
        match self {
            Self::Look => Access::ReadOnly,
            Self::Patch | Self::Fill => Access::ReadWrite,
            Self::Run => Access::Run,
        }
    }
}

/// Facts about every volume with a filesystem.
#[derive(Debug)]
pub struct FilesystemFacts {
    /// Name for users, `mount` and the kernel's driver.
    pub name: &'static str,
    /// GRUB's module that reads it.
    pub grub_module: &'static str,
    /// Features as mkfs names them, separated by commas; empty if images cannot list unsupported
    /// ones.
    pub features: &'static str,
    /// Last two fields of its line in `/etc/fstab`.
    pub fstab_check: &'static str,
    /// Option that its line gets, unless the image's line has an option with the same name before
    /// `=`.
    pub fstab_option: Option<&'static str>,
    /// Mount options that are kept even if the image's root had another filesystem.
    pub options_known: &'static [&'static str],
    /// Mount options that are dropped even if the image's root had this filesystem.
    pub options_refused: &'static [&'static str],
    /// The content of a fresh filesystem, for a message about the room it needs.
    pub with_image: &'static str,
    /// Whether files can share blocks.
    pub has_reflinks: bool,
    /// Whether the first patch goes without a journal. The filesystem is labelled as unfinished
    /// until that patch ends.
    pub is_filled_without_journal: bool,
}

/// Everything that differs between filesystems. A device is given by its path, and must be
/// unmounted unless a method says otherwise.
pub(crate) trait FilesystemKind: Sync {
    /// Returns the facts about every volume with this filesystem.
    fn facts(&self) -> &'static FilesystemFacts;

    /// Returns the reason why it cannot hold an inode; reasons common to Linux filesystems are
    /// checked before.
    fn problem(&self, inode: Inode<'_>) -> Option<String>;

    /// Returns the least bytes that an image needs on a fresh filesystem.
    fn needed_len(&self, manifest: &Manifest) -> u64;

    /// Returns the least bytes of blocks that an image takes beside the data of its files; 0 if
    /// unknown.
    fn beside_data_len(&self, manifest: &Manifest) -> u64;

    /// Formats a device of `len` bytes for an image.
    fn make(
        &self,
        device: &Path,
        len: u64,
        identity: Identity<'_>,
        manifest: &Manifest,
    ) -> Result<(), DiskError>;

    /// Returns the mount options for a purpose, as name and value.
    fn mount_options(&self, purpose: Purpose) -> &'static [(&'static str, &'static str)];

    /// Adjusts the allocator of a filesystem mounted for writing, as far as the kernel allows it.
    fn tune(&self, device: &Path);

    /// Sets the label of a finished filesystem after the first patch without a journal. Durable
    /// once the device is synced.
    fn finish_filling(&self, medium: &Medium) -> Result<(), DiskError>;

    /// Grows the filesystem to its device's `len` bytes; its journal must be empty.
    fn grow(&self, device: &Path, len: u64) -> Result<(), DiskError>;

    /// Repairs the filesystem if it records an error; returns whether it did.
    fn repair(&self, device: &Path) -> Result<bool, DiskError>;

    /// Returns whether the journal has anything to replay.
    fn needs_replay(&self, device: &Path) -> Result<bool, DiskError>;

    /// Decodes the superblock in a filesystem's first bytes; `None` if it is of another kind.
    fn superblock(&self, bytes: &[u8; SUPERBLOCK_AREA_LEN]) -> Option<Superblock>;

    /// Opens a filesystem for reading its bytes.
    fn open_offline<'m>(
        &self,
        medium: &'m Medium,
    ) -> Result<Box<dyn OfflineFilesystem + 'm>, DiskError>;
}

impl Filesystem {
    /// Every filesystem that a volume may have.
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
        /// 2³² blocks of 4 KiB: beyond, ext4 has group descriptors where our reader does not look.
        const LEN_MAX: u64 = 1 << 44;
        match len {
            0..=LEN_MAX => Ok(()),
            _ => Err(DiskError::TooLong { volume: volume.to_owned(), len }),
        }
    }

    /// Returns the least bytes that an image needs on a fresh filesystem, metadata included.
    pub fn needed_len(self, manifest: &Manifest) -> u64 {
        self.kind().needed_len(manifest)
    }

    /// Returns the least bytes of blocks that an image takes beside the data of its files; 0 if
    /// unknown beforehand.
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

    /// Sets the label of a finished filesystem after a first patch without a journal.
    ///
    /// # Durability
    /// None until the device is synced.
    ///
    /// # Errors
    /// [`DiskError::Damaged`]; errors of reading and writing.
    pub fn finish_filling(self, device: &Path) -> Result<(), DiskError> {
        self.kind().finish_filling(&Medium::open(device)?)
    }

    /// Grows an unmounted filesystem with an empty journal to its device's `len` bytes.
    ///
    /// # Errors
    /// [`DiskError::Tool`]; the kernel's error.
    pub fn grow(self, device: &Path, len: u64) -> Result<(), DiskError> {
        self.kind().grow(device, len)
    }

    /// Repairs an unmounted filesystem with an empty journal if it records an error; returns
    /// whether it did.
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
