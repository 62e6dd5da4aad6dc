//! XFS: implements [`FilesystemKind`], with one module per task.

mod bytes;
mod group;
mod inode;
mod limits;
mod log;
mod make;
mod offline;
mod read;
mod repair;
mod scrub;
mod slack;
mod superblock;
mod tree;

use std::path::Path;

use wire::Manifest;
use wire::manifest::Inode;

use crate::kind::{FilesystemFacts, FilesystemKind};
use crate::{
    DiskError, Identity, Medium, OfflineFilesystem, Purpose, SUPERBLOCK_AREA_LEN, Superblock,
};

#[derive(Debug)]
pub(crate) struct XfsKind;

impl FilesystemKind for XfsKind {
    fn facts(&self) -> &'static FilesystemFacts {
        &FilesystemFacts {
            name: "xfs",
            grub_module: "xfs",
            features: "",
            fstab_check: "0 0",
            fstab_option: None,
            // *Source:* xfs(5).
            options_known: &["prjquota", "pquota", "pqnoenforce"],
            options_refused: &[],
            with_image: "an xfs filesystem with the image (at least 300 MiB)",
            has_reflinks: true,
            is_filled_without_journal: false,
        }
    }

    fn problem(&self, inode: Inode<'_>) -> Option<String> {
        limits::problem(inode)
    }

    fn needed_len(&self, manifest: &Manifest) -> u64 {
        make::needed_len(manifest)
    }

    fn beside_data_len(&self, _: &Manifest) -> u64 {
        // Attributes and targets are mostly in inodes, which are allocated as needed.
        0
    }

    fn make(
        &self,
        device: &Path,
        len: u64,
        identity: Identity<'_>,
        _: &Manifest,
    ) -> Result<(), DiskError> {
        make::make(device, len, identity)
    }

    fn mount_options(&self, purpose: Purpose) -> &'static [(&'static str, &'static str)] {
        match purpose {
            Purpose::Read | Purpose::Run => &[("norecovery", ""), ("nouuid", "")],
            // Volumes of one stream share a UUID, and two of them can be mounted at the same time.
            Purpose::Patch | Purpose::Fill => &[("nouuid", ""), ("allocsize", "4096")],
        }
    }

    fn tune(&self, _: &Path) {
        // XFS has no allocator settings.
    }

    fn finish_filling(&self, _: &Medium) -> Result<(), DiskError> {
        // mkfs already set the final label: even the first patch has a log.
        Ok(())
    }

    fn grow(&self, device: &Path, len: u64) -> Result<(), DiskError> {
        repair::grow(device, len)
    }

    fn repair(&self, _: &Path) -> Result<bool, DiskError> {
        // XFS records no errors on disk.
        Ok(false)
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
        Ok(Box::new(read::Xfs::open(medium)?))
    }
}
