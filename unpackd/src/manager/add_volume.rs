//! Adding a volume to the registry.

use std::fs::File;
use std::path::{Path, PathBuf};

use diskfs::{Filesystem, Identity, Layout};
use patch::FreedPolicy;
use patch::device::Device;
use patch::ledger::Ledger;
use sysio::clock::now_ms;
use wire::name::StreamName;

use super::Manager;
use super::operations::refuse_second;
use crate::volume::{State, Volume, volume_id};
use crate::{AddRefusal, UnpackError};

/// A request to add a volume. [`Manager::add_volume`] formats nothing; the first patch formats the volume.
#[derive(Debug, Clone)]
pub struct AddVolume {
    /// Absolute path of a block device or an image file.
    pub path: PathBuf,
    /// `true` for an image file; the daemon creates a missing one.
    pub is_file: bool,
    /// Length in bytes of the image file to create. For an existing file: its length, or 0.
    pub size: u64,
    /// Partition layout that the first patch makes.
    pub layout: Layout,
    /// Accept a volume that holds other data. The first unpack destroys the data.
    pub is_format: bool,
    /// Filesystem that the first patch makes.
    pub filesystem: Filesystem,
    /// What patches do with data that they free: scrub it or keep it.
    pub freed: FreedPolicy,
    /// Kernel command line; `None` for the image's own plus [`boot::KERNEL_ARGUMENTS`].
    pub kernel_arguments: Option<String>,
    /// Give the volume UUIDs that differ from those of the stream's other volumes.
    pub has_own_uuids: bool,
    /// The stream to associate the volume with; `None` for none yet.
    pub stream: Option<StreamName>,
}

impl Manager {
    /// Adds a volume; creates a missing image file, and removes that file again if the rest fails.
    ///
    /// # Errors
    /// [`UnpackError::NotAdded`]; [`UnpackError::StreamTaken`]; a volume that is in use, or too small.
    pub fn add_volume(&self, request: &AddVolume) -> Result<Volume, UnpackError> {
        if !request.path.is_absolute() {
            return Err(refused(&request.path, AddRefusal::NotAbsolute));
        }
        // The lock spans check and write, so that two concurrent requests cannot add one volume twice.
        let _lock = self.registry_lock();
        let is_created = request.is_file && !request.path.exists();
        if is_created {
            create_file(&request.path, request.size)?;
        }
        let result = self.register(request);
        if result.is_err() && is_created {
            std::fs::remove_file(&request.path).ok();
        }
        result
    }

    fn register(&self, request: &AddVolume) -> Result<Volume, UnpackError> {
        let path = std::fs::canonicalize(&request.path)
            .map_err(UnpackError::io("open volume", &request.path))?;
        if path.to_str().is_none() {
            return Err(refused(&request.path, AddRefusal::NotText));
        }
        let device = Device::open(&path)?;
        request.filesystem.check_len(&path, device.size())?;
        if request.is_file && request.size != 0 && device.size() != request.size {
            let (found, asked) = (device.size(), request.size);
            return Err(refused(&path, AddRefusal::OtherLength { found, asked }));
        }
        if device.is_file() != request.is_file {
            let (is, flag) =
                if request.is_file { ("a block device", "--device") } else { ("a file", "--file") };
            return Err(refused(&path, AddRefusal::OtherKind { is, flag }));
        }
        device.root(request.layout)?;
        let identity = request.stream.as_ref().map(|stream| Identity { stream, own: 0 });
        if !request.is_format && !device.is_blank_or_ours(identity)? {
            return Err(refused(&path, AddRefusal::NotBlank));
        }
        let id = volume_id(&path, request.is_file);
        let known = self.registry.list()?;
        let is_same = |volume: &&Volume| volume.id == id || is_one_file(&volume.path, &path);
        if let Some(known) = known.iter().find(is_same) {
            return Err(refused(&path, AddRefusal::Known(known.id.clone())));
        }
        if let Some(stream) = &request.stream {
            refuse_second(&known, stream, &id)?;
        }
        let volume = Volume {
            id,
            path,
            is_file: request.is_file,
            size: device.size(),
            layout: request.layout,
            filesystem: request.filesystem,
            freed: request.freed,
            kernel_arguments: request.kernel_arguments.clone(),
            own_uuids: if request.has_own_uuids { own_uuids() } else { 0 },
            stream: request.stream.clone(),
            state: State::Unclaimed,
            epoch: 0,
            lease: None,
            captured_epoch: 0,
        };
        // Removes an older ledger of this id: it describes content from before the volume was added.
        Ledger::remove(&self.ledgers, &volume.id)?;
        self.registry.put(&volume)?;
        tracing::info!(volume = volume.id, path = %volume.path.display(), "volume added");
        Ok(volume)
    }
}

fn refused(path: &Path, refusal: AddRefusal) -> UnpackError {
    UnpackError::NotAdded { path: path.to_owned(), refusal }
}

/// Returns whether two paths lead to the same file (hard links count) or the same device.
fn is_one_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| {
        let found = std::fs::metadata(path).ok()?;
        let is_device = found.rdev() != 0;
        Some(if is_device { (0, found.rdev()) } else { (found.dev(), found.ino()) })
    };
    identity(a).is_some() && identity(a) == identity(b)
}

/// Returns a random number above 0: 0 would mean UUIDs that depend on the stream alone.
fn own_uuids() -> u64 {
    let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), now_ms());
    random.max(1)
}

/// Creates a sparse image file, readable by its owner only.
fn create_file(path: &Path, size: u64) -> Result<(), UnpackError> {
    if size == 0 {
        return Err(refused(path, AddRefusal::NoLength));
    }
    let failed = || UnpackError::io("create volume", path);
    let mut options = File::options();
    std::os::unix::fs::OpenOptionsExt::mode(options.write(true).create_new(true), 0o600);
    let file = options.open(path).map_err(failed())?;
    sysio::file::set_len(&file, size).map_err(failed())?;
    sysio::file::sync(&file).map_err(failed())
}
