//! ext4: implements [`FilesystemKind`], with one module per task.

mod directory;
mod extents;
mod limits;
mod make;
mod mount;
mod read;
mod repair;
mod scrub;
mod superblock;
mod warm;

use std::path::Path;

use wire::Manifest;
use wire::manifest::Inode;

pub(crate) use self::limits::fits_both_xattrs;
use crate::kind::{FilesystemFacts, FilesystemKind};
use crate::{
    DiskError, Identity, LABEL, Medium, OfflineFilesystem, Purpose, SUPERBLOCK_AREA_LEN, Superblock,
};

/// The exact features of every ext4 that imprint makes, whatever the host's mke2fs.conf says. Some
/// are left out: resize_inode, because it reserves blocks, and orphan_file and metadata_csum_seed,
/// because GRUB cannot read them.
const FEATURES: &str = "none,has_journal,ext_attr,dir_index,filetype,extent,64bit,flex_bg,\
                        sparse_super,large_file,huge_file,dir_nlink,extra_isize,metadata_csum";

#[derive(Debug)]
pub(crate) struct Ext4Kind;

impl FilesystemKind for Ext4Kind {
    fn facts(&self) -> &'static FilesystemFacts {
        &FilesystemFacts {
            name: "ext4",
            grub_module: "ext2",
            features: FEATURES,
            fstab_check: "0 1",
            fstab_option: Some("errors=remount-ro"),
            options_known: &[],
            // Volumes have no project quotas.
            options_refused: &["prjquota"],
            with_image: "an ext4 filesystem with the image",
            has_reflinks: false,
            is_filled_without_journal: true,
        }
    }

    fn problem(&self, inode: Inode<'_>) -> Option<String> {
        limits::problem(inode)
    }

    fn needed_len(&self, manifest: &Manifest) -> u64 {
        make::needed_len(manifest)
    }

    fn beside_data_len(&self, manifest: &Manifest) -> u64 {
        make::beside_data_len(manifest)
    }

    fn make(
        &self,
        device: &Path,
        _: u64,
        identity: Identity<'_>,
        manifest: &Manifest,
    ) -> Result<(), DiskError> {
        make::make(device, identity, manifest)
    }

    fn mount_options(&self, purpose: Purpose) -> &'static [(&'static str, &'static str)] {
        mount::options(purpose)
    }

    fn tune(&self, device: &Path) {
        mount::tune(device);
    }

    fn finish_filling(&self, medium: &Medium) -> Result<(), DiskError> {
        superblock::set_label(medium, LABEL)
    }

    fn grow(&self, device: &Path, _: u64) -> Result<(), DiskError> {
        repair::grow(device)
    }

    fn repair(&self, device: &Path) -> Result<bool, DiskError> {
        repair::repair(device)
    }

    fn needs_replay(&self, device: &Path) -> Result<bool, DiskError> {
        repair::needs_replay(device)
    }

    fn superblock(&self, bytes: &[u8; SUPERBLOCK_AREA_LEN]) -> Option<Superblock> {
        superblock::read(bytes)
    }

    fn open_offline<'m>(
        &self,
        medium: &'m Medium,
    ) -> Result<Box<dyn OfflineFilesystem + 'm>, DiskError> {
        Ok(Box::new(read::Ext4::open(medium)?))
    }
}
