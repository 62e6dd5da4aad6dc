//! Reads a whole volume, without writing to it.

use std::path::Path;

use diskfs::Layout;
use diskfs::Purpose;
use store::ingest::Progress;
use sysio::Dir;
use sysio::mount::PrivateMount;
use wire::Manifest;
use wire::digest::Algorithm;

use crate::PatchError;
use crate::device::{Device, Root};
use crate::engine::Engine;
use crate::patch::warm;
use crate::scan::{MountedVolume, scan};

/// A volume that is mounted read-only where no other process reaches it. While this value lives, it holds the volume's
/// lock, so that nobody patches the volume.
#[derive(Debug)]
pub struct LockedVolume {
    /// Declared before the fields that it depends on, so that it is dropped first.
    mount: PrivateMount,
    _root: Root,
    _device: Device,
}

impl LockedVolume {
    /// Returns the root directory of the mount.
    pub fn root(&self) -> &Dir {
        self.mount.root()
    }
}

/// The tree on a volume, and properties of the volume that no manifest records.
#[derive(Debug)]
pub struct VolumeTree {
    /// Every inode on the volume, the files of boot set-up included.
    pub manifest: Manifest,
    /// Paths of immutable and append-only inodes; no manifest records these flags.
    pub locked: Vec<Vec<u8>>,
    /// The filesystem's UUID, by which a machine finds its root.
    pub uuid: [u8; 16],
}

/// Reads everything on a volume. `counters` show how far the read has come.
///
/// # Errors
/// A volume that is in use, that holds no filesystem, or that was not unmounted cleanly; errors of reading it.
pub fn read_volume(
    path: &Path,
    layout: Layout,
    algorithm: Algorithm,
    engine: Engine,
    counters: &Progress,
) -> Result<(VolumeTree, LockedVolume), PatchError> {
    let device = Device::open_read_only(path)?;
    let root = device.root(layout)?;
    let superblock = root.superblock()?.ok_or_else(|| PatchError::NoFilesystem(path.to_owned()))?;
    let filesystem = superblock.filesystem;
    if filesystem.needs_replay(root.path())? {
        let path = path.to_owned();
        return Err(PatchError::NotReplayed {
            path,
            how: "unpack an image onto it, or run e2fsck or xfs_repair",
        });
    }
    let mount = root.mount(filesystem, Purpose::Read)?;
    warm(filesystem, &root);
    let reader = device.reader()?;
    let mounted = MountedVolume { root: mount.root(), device: (&reader, root.offset()) };
    let have = scan(mounted, algorithm, None, engine, counters)?;
    let manifest = have.manifest.into_owned();
    let tree = VolumeTree { manifest, locked: have.locked, uuid: superblock.uuid };
    Ok((tree, LockedVolume { mount, _root: root, _device: device }))
}
