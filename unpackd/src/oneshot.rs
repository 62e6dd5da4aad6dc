//! Patching or verifying a volume without a daemon, for the commands `apply` and `verify`.

use std::path::Path;
use std::sync::Arc;

use boot::BootTarget;
use diskfs::{Filesystem, Identity, Layout};
use patch::device::Device;
use patch::engine::EngineChoice;
use patch::{
    CallerError, Desired, Difference, FreedPolicy, ImageObjects, LocalStoreOnly, ObjectSource,
    Options, StateRecorder, VolumePlace, expected_tree, patch, verify_volume,
};
use store::Store;
use sysio::Dir;
use wire::Manifest;
use wire::digest::Algorithm;
use wire::name::ImageName;
use wire::proto::UnpackReport;

use crate::UnpackError;
use crate::imaged::{ImagedSource, Origin, open_store};

/// An image whose manifest is loaded, ready to be patched onto volumes.
pub struct SourceImage {
    store: Arc<Store>,
    source: Box<dyn ObjectSource>,
    name: ImageName,
    manifest: Manifest,
}

impl std::fmt::Debug for SourceImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceImage").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Opens an image: finds its record and loads its manifest.
///
/// # Errors
/// An unknown image, a folder that is not a store, a server that does not answer.
pub fn open(
    origin: &Origin,
    image: &ImageName,
    runtime: &tokio::runtime::Runtime,
) -> Result<SourceImage, UnpackError> {
    let (store, source): (Arc<Store>, Box<dyn ObjectSource>) = match origin {
        Origin::Store(path) => (open_store(path)?, Box::new(LocalStoreOnly)),
        Origin::Imaged { address, tls_dir, cache } => {
            let imaged = ImagedSource::connect(address, tls_dir, runtime)?;
            let store = Store::open_or_create(cache, imaged.store_algorithm()?)?;
            (Arc::new(store), Box::new(imaged))
        }
    };
    let objects = ImageObjects { store: &store, source: source.as_ref(), image };
    let (_, manifest) = objects.manifest()?;
    Ok(SourceImage { store, source, name: image.clone(), manifest })
}

impl SourceImage {
    fn objects(&self) -> ImageObjects<'_> {
        ImageObjects { store: &self.store, source: self.source.as_ref(), image: &self.name }
    }
}

/// Options of [`apply`]. A daemon finds some of them in the volume's record; without a daemon there is no record.
#[derive(Debug, Clone, Copy)]
pub struct ApplyOptions<'a> {
    /// Partition layout that the volume has, or gets when it is formatted.
    pub layout: Layout,
    /// Format the volume even if it holds a filesystem; its content is lost.
    pub is_format: bool,
    /// Hash all content of the volume instead of trusting the ledger.
    pub verify_full: bool,
    /// Stop after planning and write nothing.
    pub is_dry_run: bool,
    /// Path of the ledger; `None` for the default, which [`apply`] describes.
    pub ledger: Option<&'a Path>,
    /// I/O engine for reading and writing the volume.
    pub engine: EngineChoice,
    /// Filesystem to format with, or to expect; `None` for the volume's own, or ext4.
    pub filesystem: Option<Filesystem>,
    /// What the patch does with data that it frees: scrub it or keep it.
    pub freed: FreedPolicy,
    /// Kernel command line; `None` for the image's own plus the default consoles.
    pub kernel_arguments: Option<&'a str>,
    /// The volume's UUIDs derive from the stream's name and from this number; with 0, from the name alone.
    pub own_uuids: u64,
}

/// Patches a volume to an image.
///
/// The path of the ledger is [`ApplyOptions::ledger`]; the default for an image file is `FILE.ledger`. A block device
/// has no ledger by default, and then each patch hashes everything.
///
/// # Errors
/// [`UnpackError`], also if the volume holds data and [`ApplyOptions::is_format`] is not set.
pub fn apply(
    image: &SourceImage,
    volume: &Path,
    options: ApplyOptions<'_>,
    progress: &(dyn Fn(&'static str, u64, u64) + Sync),
) -> Result<UnpackReport, UnpackError> {
    let stream = image.name.stream();
    let identity = Identity { stream: &stream, own: options.own_uuids };
    let (is_fresh, filesystem) = must_format(volume, identity, options)?;
    let folder = volume.parent().filter(|path| !path.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let name = volume.file_name().map(|name| ledger_name(name.as_encoded_bytes()));
    let beside = name.filter(|_| volume.is_file()).map(|name| folder.join(name));
    let ledger = options.ledger.map(Path::to_owned).or(beside);
    let ledger = ledger.map(|path| open_folder_of(&path)).transpose()?;
    let report = patch(
        VolumePlace {
            path: volume,
            layout: options.layout,
            filesystem,
            identity,
            ledger: ledger.as_ref().map(|(dir, name)| (dir, name.as_str())),
        },
        Desired {
            manifest: &image.manifest,
            objects: image.objects(),
            kernel_arguments: options.kernel_arguments,
        },
        Options {
            is_fresh,
            verify_full: options.verify_full,
            is_dry_run: options.is_dry_run,
            freed: options.freed,
            engine: options.engine.engine()?,
            recorder: &ProgressOnly { progress },
        },
    );
    Ok(report?)
}

/// Returns the name of an image file's ledger. If the file's name is not UTF-8, the ledger's name contains a digest of
/// it, so that no two files share a ledger.
fn ledger_name(volume: &[u8]) -> String {
    match std::str::from_utf8(volume) {
        Ok(name) => format!("{name}.ledger"),
        Err(_) => {
            let (name, digest) =
                (String::from_utf8_lossy(volume), Algorithm::Sha256.digest(volume));
            format!("{name}.{}.ledger", digest.short())
        }
    }
}

/// Opens the folder of a file and returns it with the file's name. The file itself may be missing.
fn open_folder_of(path: &Path) -> Result<(Dir, String), UnpackError> {
    let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let dir = Dir::open(folder).map_err(UnpackError::io("open folder", folder))?;
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| UnpackError::NoFileName(path.to_owned()))?;
    Ok((dir, name.to_owned()))
}

/// Options of [`verify`]. Their values must be those with which the volume was patched.
#[derive(Debug, Clone, Copy)]
pub struct VerifyOptions<'a> {
    /// Partition layout of the volume.
    pub layout: Layout,
    /// Kernel command line; `None` for the image's own plus the default consoles.
    pub kernel_arguments: Option<&'a str>,
    /// Number from which the volume's UUIDs derive, besides the stream's name; 0 if they derive from the name alone.
    pub own_uuids: u64,
    /// I/O engine for reading the volume.
    pub engine: EngineChoice,
}

/// Compares all content of a volume with an image and the boot files generated for it.
///
/// # Errors
/// [`UnpackError`]. Differences are the result, not an error.
pub fn verify(
    image: &SourceImage,
    volume: &Path,
    options: VerifyOptions<'_>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Vec<Difference>, UnpackError> {
    let layout = options.layout;
    let stream = image.name.stream();
    let identity = Identity { stream: &stream, own: options.own_uuids };
    let filesystem = Device::open_read_only(volume)?.our_filesystem(layout)?;
    let target = BootTarget {
        identity,
        filesystem: filesystem.unwrap_or(Filesystem::Ext4),
        layout,
        kernel_arguments: options.kernel_arguments,
    };
    let want = expected_tree(&image.manifest, target, image.objects())?;
    Ok(verify_volume(volume, target, &want, options.engine.engine()?, progress)?)
}

/// Returns whether to format the volume, and the type of its filesystem. Fails if formatting would destroy somebody's
/// data.
fn must_format(
    volume: &Path,
    identity: Identity<'_>,
    options: ApplyOptions<'_>,
) -> Result<(bool, Filesystem), UnpackError> {
    let wanted = options.filesystem.unwrap_or(Filesystem::Ext4);
    if options.is_format {
        return Ok((true, wanted));
    }
    let device = Device::open(volume)?;
    if let Some(found) = device.our_filesystem(options.layout)? {
        return Ok((false, options.filesystem.unwrap_or(found)));
    }
    if device.is_blank_or_ours(Some(identity))? {
        return Ok((true, wanted));
    }
    let (path, stream) = (volume.to_owned(), identity.stream.clone());
    Err(UnpackError::NotBlank { path, stream })
}

/// Shows progress and records no states: a half-patched volume has no ledger, so its next patch hashes everything.
struct ProgressOnly<'a> {
    progress: &'a (dyn Fn(&'static str, u64, u64) + Sync),
}

impl StateRecorder for ProgressOnly<'_> {
    fn formatting(&self) -> Result<(), CallerError> {
        Ok(())
    }

    fn patching(&self) -> Result<(), CallerError> {
        Ok(())
    }

    fn done(&self) -> Result<(), CallerError> {
        Ok(())
    }

    fn progress(&self, phase: &'static str, done: u64, total: u64) {
        (self.progress)(phase, done, total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_volumes_share_a_ledger() {
        let names: [&[u8]; 4] = [b"a\xff", b"a\xfe", "a\u{fffd}".as_bytes(), b"a"];
        let ledgers: std::collections::BTreeSet<String> =
            names.into_iter().map(ledger_name).collect();
        assert_eq!(ledgers.len(), names.len(), "{ledgers:?}");
        assert_eq!(ledger_name(b"disk.img"), "disk.img.ledger");
    }
}
