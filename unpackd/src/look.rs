//! Looking at a volume: everything on it is read, nothing is written.

use std::path::Path;

use store::ingest::Progress;
use sysio::Dir;
use sysio::mount::PrivateMount;
use wire::Manifest;
use wire::digest::Algorithm;

use crate::device::{Device, Root};
use crate::engine::Engine;
use crate::error::UnpackError;
use crate::filesystem::Purpose;
use crate::layout::Layout;
use crate::patch::warm;
use crate::scan::{Mounted, scan};

/// A volume that is mounted read-only where nobody else reaches it. Nobody patches it as long as this lives: it
/// holds the volume's lock.
#[derive(Debug)]
pub struct LockedVolume {
    /// Before what it stands on, so that it goes first.
    mount: PrivateMount,
    _root: Root,
    _device: Device,
}

impl LockedVolume {
    /// Returns its root directory.
    pub fn root(&self) -> &Dir {
        self.mount.root()
    }
}

/// What is on a volume.
#[derive(Debug)]
pub struct Looked {
    /// Its tree.
    pub manifest: Manifest,
    /// Paths of inodes that are immutable or append-only, which no manifest says.
    pub locked: Vec<Vec<u8>>,
    /// The filesystem's UUID, by which a machine finds its root.
    pub uuid: [u8; 16],
}

/// Reads all that is on a volume. `counters` says how far it has come.
///
/// # Errors
/// A volume that is in use, that holds no filesystem, or that was not unmounted cleanly; errors of reading it.
pub fn look(
    path: &Path,
    layout: Layout,
    algorithm: Algorithm,
    engine: Engine,
    counters: &Progress,
) -> Result<(Looked, LockedVolume), UnpackError> {
    let device = Device::open_to_look(path)?;
    let root = device.root(layout)?;
    let mark = root.mark()?.ok_or_else(|| UnpackError::Damaged {
        what: format!("the volume {}", path.display()),
        problem: "it holds neither ext4 nor xfs: was anything unpacked onto it?".to_owned(),
    })?;
    let filesystem = mark.filesystem;
    if filesystem.needs_replay(root.path())? {
        return Err(UnpackError::Refused(format!(
            "{} was not unmounted cleanly: its journal must be replayed first, by a patch or \
             e2fsck or xfs_repair",
            path.display()
        )));
    }
    let mount = root.mount(filesystem, Purpose::Look)?;
    warm(filesystem, &root);
    let reader = device.reader()?;
    let mounted = Mounted { root: mount.root(), device: (&reader, root.offset()) };
    let have = scan(mounted, algorithm, None, engine, counters)?;
    let manifest = have.manifest.into_owned();
    let looked = Looked { manifest, locked: have.locked, uuid: mark.uuid };
    Ok((looked, LockedVolume { mount, _root: root, _device: device }))
}
