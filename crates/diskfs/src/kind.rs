//! The trait that each filesystem's folder implements, and the facts about a filesystem.

use std::path::Path;

use sysio::mount::Access;
use wire::Manifest;
use wire::manifest::Inode;

use crate::{DiskError, Identity, Medium, OfflineFilesystem, SUPERBLOCK_AREA_LEN, Superblock};

/// Purpose of a mount: it decides the mount options, and whether anything may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To read the filesystem; not even the journal is replayed.
    Read,
    /// To change the filesystem so that it survives a crash.
    Patch,
    /// To fill the filesystem for the first time; after a crash, the filesystem is made anew.
    Fill,
    /// To run the image's own programs; nothing is written.
    Run,
}

impl Purpose {
    /// Returns the access to the device that the purpose needs.
    pub fn access(self) -> Access {
        match self {
            Self::Read => Access::ReadOnly,
            Self::Patch | Self::Fill => Access::ReadWrite,
            Self::Run => Access::Run,
        }
    }
}

/// Facts that hold for every volume with the filesystem.
#[derive(Debug)]
pub struct FilesystemFacts {
    /// Name for users, `mount` and the kernel's driver.
    pub name: &'static str,
    /// GRUB's module that reads the filesystem.
    pub grub_module: &'static str,
    /// Features as mkfs names them, separated by commas, to compare with an image's list of
    /// unsupported features; empty if images have no such list for the filesystem.
    pub features: &'static str,
    /// Last two fields of the root's line in `/etc/fstab`.
    pub fstab_check: &'static str,
    /// Option to add to the root's line in `/etc/fstab`. If the image's line already has an option
    /// with the same name before `=`, the image's option stays and this one is not added.
    pub fstab_option: Option<&'static str>,
    /// Mount options that are kept even if the image's root had another filesystem.
    pub options_known: &'static [&'static str],
    /// Mount options that are dropped even if the image's root had this filesystem.
    pub options_refused: &'static [&'static str],
    /// Name of a fresh filesystem with the image, in a message that says how much room it needs.
    pub with_image: &'static str,
    /// Whether files can share blocks.
    pub has_reflinks: bool,
    /// Whether the first patch uses no journal. The filesystem is labelled as unfinished until that
    /// patch ends.
    pub is_filled_without_journal: bool,
}

/// Everything that differs between filesystems. A device is given by its path, and must be
/// unmounted unless a method says otherwise.
pub(crate) trait FilesystemKind: Sync {
    /// Returns the facts about every volume with this filesystem.
    fn facts(&self) -> &'static FilesystemFacts;

    /// Returns the reason why the filesystem cannot hold an inode; `None` if it can. The caller has
    /// already checked the rules of all Linux filesystems.
    fn problem(&self, inode: Inode<'_>) -> Option<String>;

    /// Returns the least length in bytes that an image needs on a fresh filesystem.
    fn needed_len(&self, manifest: &Manifest) -> u64;

    /// Returns the least length in bytes of the blocks that an image needs in addition to its
    /// files' data; 0 if unknown.
    fn beside_data_len(&self, manifest: &Manifest) -> u64;

    /// Formats a device of `len` bytes for an image.
    fn make(
        &self,
        device: &Path,
        len: u64,
        identity: Identity<'_>,
        manifest: &Manifest,
    ) -> Result<(), DiskError>;

    /// Returns the mount options for a purpose, as name and value. An option with an empty value is
    /// a flag.
    fn mount_options(&self, purpose: Purpose) -> &'static [(&'static str, &'static str)];

    /// Adjusts the allocator of a filesystem mounted for writing; skips settings that the kernel
    /// lacks.
    fn tune(&self, device: &Path);

    /// Gives a filesystem the label of a finished one, after the first patch without a journal.
    /// Durable once the device is synced.
    fn finish_filling(&self, medium: &Medium) -> Result<(), DiskError>;

    /// Grows the filesystem to its device's `len` bytes; its journal must be empty.
    fn grow(&self, device: &Path, len: u64) -> Result<(), DiskError>;

    /// Repairs the filesystem if an error is recorded in it; returns whether one was.
    fn repair(&self, device: &Path) -> Result<bool, DiskError>;

    /// Returns whether the journal has anything to replay, as after an unclean unmount.
    fn needs_replay(&self, device: &Path) -> Result<bool, DiskError>;

    /// Decodes the superblock in a filesystem's first bytes; `None` if it is of another kind.
    fn superblock(&self, bytes: &[u8; SUPERBLOCK_AREA_LEN]) -> Option<Superblock>;

    /// Opens a filesystem for reading and scrubbing its bytes; refuses a geometry that imprint does not make.
    fn open_offline<'m>(
        &self,
        medium: &'m Medium,
    ) -> Result<Box<dyn OfflineFilesystem + 'm>, DiskError>;
}
