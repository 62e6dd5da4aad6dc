//! The filesystems that volumes have.
//!
//! A new one is a variant of [`Filesystem`] and a folder that implements [`FilesystemKind`]; nothing else names them.

use std::path::Path;

use sysio::mount::{Access, PrivateMount};
use wire::Manifest;
use wire::manifest::Inode;
use wire::units::show_path;

use crate::ext4::Ext4Kind;
use crate::limits;
use crate::xfs::XfsKind;
use crate::{DiskError, Identity, Medium, OfflineFilesystem, SUPERBLOCK_AREA_LEN, Superblock};

/// A volume's filesystem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filesystem {
    /// ext4, as docs/formats/layout-ext4.md has it.
    Ext4,
    /// XFS, as docs/formats/layout-xfs.md has it.
    Xfs,
}

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
    /// Returns how the device is accessed for it.
    pub fn access(self) -> Access {
        match self {
            Self::Look => Access::ReadOnly,
            Self::Patch | Self::Fill => Access::ReadWrite,
            Self::Run => Access::Run,
        }
    }
}

/// What holds of every volume with a filesystem.
#[derive(Debug)]
pub struct FilesystemFacts {
    /// The name that users, `mount` and the kernel's driver have for it.
    pub name: &'static str,
    /// The name of GRUB's module that reads it.
    pub grub_module: &'static str,
    /// Its features as mkfs lists them, separated by commas; empty where images name none.
    pub features: &'static str,
    /// The last two fields of its line in `/etc/fstab`.
    pub fstab_check: &'static str,
    /// An option that its line gets unless the image's own line has one with the same beginning up to `=`.
    pub fstab_option: Option<&'static str>,
    /// Options that it takes although the image's root had another filesystem.
    pub options_known: &'static [&'static str],
    /// Options that a volume of ours refuses although it is the image's own filesystem.
    pub options_refused: &'static [&'static str],
    /// What a fresh one needs room for, for a message.
    pub with_image: &'static str,
    /// Whether files can share blocks.
    pub has_reflinks: bool,
    /// Whether the first patch of a fresh one goes without a journal, so that it is labelled as unfinished until that
    /// patch ends.
    pub is_filled_without_journal: bool,
}

/// Everything that differs between filesystems. Devices are named by their paths, and are not mounted unless a method
/// says so.
pub(crate) trait FilesystemKind: Sync {
    /// Returns what holds of every volume.
    fn facts(&self) -> &'static FilesystemFacts;

    /// Returns what it cannot hold of an inode, beyond what no filesystem of Linux can.
    fn problem(&self, inode: Inode<'_>) -> Option<String>;

    /// Returns how many bytes an image needs at least on a fresh one.
    fn needed_len(&self, manifest: &Manifest) -> u64;

    /// Returns how many bytes of blocks an image takes at least beside the data of its files; zero where that is not
    /// known beforehand.
    fn beside_data_len(&self, manifest: &Manifest) -> u64;

    /// Makes one on a device of `len` bytes.
    fn make(
        &self,
        device: &Path,
        len: u64,
        identity: Identity<'_>,
        manifest: &Manifest,
    ) -> Result<(), DiskError>;

    /// Returns the mount options for a purpose.
    fn mount_options(&self, purpose: Purpose) -> &'static [(&'static str, &'static str)];

    /// Adjusts the allocator of one that is mounted for writing, as far as the kernel lets us.
    fn tune(&self, device: &Path);

    /// Gives one that was filled without a journal the label of what is finished. Durable once the device was synced.
    fn finish_filling(&self, medium: &Medium) -> Result<(), DiskError>;

    /// Lets one fill its device of `len` bytes; its journal is empty.
    fn grow(&self, device: &Path, len: u64) -> Result<(), DiskError>;

    /// Repairs one that says of itself that something went wrong, and returns whether it does.
    fn repair(&self, device: &Path) -> Result<bool, DiskError>;

    /// Returns whether the journal holds anything to replay.
    fn needs_replay(&self, device: &Path) -> Result<bool, DiskError>;

    /// Reads the superblock among a filesystem's first bytes; `None` where there is no superblock of this kind.
    fn superblock(&self, bytes: &[u8; SUPERBLOCK_AREA_LEN]) -> Option<Superblock>;

    /// Opens one to be read as bytes.
    fn open_offline<'m>(
        &self,
        medium: &'m Medium,
    ) -> Result<Box<dyn OfflineFilesystem + 'm>, DiskError>;
}

impl Filesystem {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Ext4, Self::Xfs];

    pub(crate) fn kind(self) -> &'static dyn FilesystemKind {
        match self {
            Self::Ext4 => &Ext4Kind,
            Self::Xfs => &XfsKind,
        }
    }

    /// Reads a filesystem's name; an empty one is the default, ext4.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Ext4);
        }
        Self::ALL.into_iter().find(|filesystem| filesystem.name() == text)
    }

    /// Returns its name, which is also the kernel's.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Returns what holds of every volume with it.
    pub fn facts(self) -> &'static FilesystemFacts {
        self.kind().facts()
    }

    /// Returns what it cannot hold of an inode.
    pub fn problem(self, inode: Inode<'_>) -> Option<String> {
        limits::of_linux(inode).or_else(|| self.kind().problem(inode))
    }

    /// Refuses an image that the filesystem cannot hold exactly, by the path at fault.
    ///
    /// # Errors
    /// [`DiskError::NotHeld`].
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

    /// Refuses a volume that is longer than what is known to work.
    ///
    /// # Errors
    /// [`DiskError::TooLong`].
    pub fn check_len(self, volume: &Path, len: u64) -> Result<(), DiskError> {
        /// 2³² blocks of 4 KiB: beyond, group descriptors of ext4 are where nothing of ours looks for them.
        const LEN_MAX: u64 = 1 << 44;
        match len {
            0..=LEN_MAX => Ok(()),
            _ => Err(DiskError::TooLong { volume: volume.to_owned(), len }),
        }
    }

    /// Returns how many bytes an image needs at least on a fresh filesystem.
    pub fn needed_len(self, manifest: &Manifest) -> u64 {
        self.kind().needed_len(manifest)
    }

    /// Returns how many bytes of blocks an image takes at least beside the data of its files; zero where that is not
    /// known beforehand.
    pub fn beside_data_len(self, manifest: &Manifest) -> u64 {
        self.kind().beside_data_len(manifest)
    }

    /// Makes the filesystem on a device of `len` bytes.
    ///
    /// # Errors
    /// [`DiskError::Tool`] with what mkfs printed.
    pub fn make(
        self,
        device: &Path,
        len: u64,
        identity: Identity<'_>,
        manifest: &Manifest,
    ) -> Result<(), DiskError> {
        self.kind().make(device, len, identity, manifest)
    }

    /// Mounts the filesystem where nobody else can reach it.
    ///
    /// # Errors
    /// What the kernel says.
    pub fn mount(self, device: &Path, purpose: Purpose) -> std::io::Result<PrivateMount> {
        let (kind, access) = (self.kind(), purpose.access());
        let mount = PrivateMount::open(self.name(), device, access, kind.mount_options(purpose))?;
        if access == Access::ReadWrite {
            kind.tune(device);
        }
        Ok(mount)
    }

    /// Gives a filesystem that was filled without a journal the label of what is finished.
    ///
    /// # Durability
    /// Durable once the device was synced.
    ///
    /// # Errors
    /// [`DiskError::Damaged`]; errors of reading and writing.
    pub fn finish_filling(self, device: &Path) -> Result<(), DiskError> {
        self.kind().finish_filling(&Medium::open(device)?)
    }

    /// Lets an unmounted filesystem, whose journal is empty, fill its device of `len` bytes.
    ///
    /// # Errors
    /// [`DiskError::Tool`]; what the kernel says.
    pub fn grow(self, device: &Path, len: u64) -> Result<(), DiskError> {
        self.kind().grow(device, len)
    }

    /// Repairs an unmounted filesystem, whose journal is empty, if it says of itself that something went wrong, and
    /// returns whether it does.
    ///
    /// # Errors
    /// [`DiskError::Damaged`]; errors of reading; [`DiskError::Tool`].
    pub fn repair(self, device: &Path) -> Result<bool, DiskError> {
        self.kind().repair(device)
    }

    /// Returns whether the journal of an unmounted filesystem holds anything to replay.
    ///
    /// # Errors
    /// Errors of reading the device; [`DiskError::Tool`].
    pub fn needs_replay(self, device: &Path) -> Result<bool, DiskError> {
        self.kind().needs_replay(device)
    }

    /// Opens an unmounted filesystem to be read as bytes.
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
