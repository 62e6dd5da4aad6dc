//! One shot: patching or verifying a volume without a daemon.

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
use wire::digest::{Algorithm, Digest};
use wire::name::ImageName;
use wire::proto::UnpackReport;

use crate::UnpackError;
use crate::imaged::{ImagedSource, Origin, open_store};

/// An image that is ready to be patched onto volumes.
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

/// Finds an image.
///
/// # Errors
/// [`UnpackError`]: an unknown image, a store that is none, a server that does not answer.
pub fn open(
    origin: &Origin,
    image: &ImageName,
    runtime: &tokio::runtime::Runtime,
) -> Result<SourceImage, UnpackError> {
    let (store, source): (Arc<Store>, Box<dyn ObjectSource>) = match origin {
        Origin::Store(path) => (open_store(path)?, Box::new(LocalStoreOnly)),
        Origin::Imaged { address, tls_dir, cache } => {
            let imaged = ImagedSource::connect(address, tls_dir, runtime)?;
            let record = imaged.0.image(image)?;
            let digest: Digest = record.manifest.parse().map_err(|error| UnpackError::Damaged {
                what: format!("the record of image {image}"),
                problem: format!("{error}"),
            })?;
            let store = Store::open_or_create(cache, digest.algorithm())?;
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

/// How to apply.
#[derive(Debug, Clone, Copy)]
pub struct ApplyOptions<'a> {
    /// How the volume is, or shall be, divided.
    pub layout: Layout,
    /// Whether to format the volume even where it holds a filesystem.
    pub is_format: bool,
    /// Whether to hash everything instead of believing a ledger.
    pub verify_full: bool,
    /// Whether to plan only.
    pub is_dry_run: bool,
    /// Where the ledger is, unless it is beside an image file.
    pub ledger: Option<&'a Path>,
    /// How steps are carried out.
    pub engine: EngineChoice,
    /// The filesystem; by default what the volume has, or ext4.
    pub filesystem: Option<Filesystem>,
    /// What happens to data that the patch frees.
    pub freed: FreedPolicy,
    /// What kernels are told; by default what the image itself tells them, and ours.
    pub kernel_arguments: Option<&'a str>,
    /// Another number gives other UUIDs than the stream's, which are zero's.
    pub own_uuids: u64,
}

/// Patches a volume to an image.
///
/// A ledger is kept where the options say, else beside an image file as `FILE.ledger`; beside a
/// block device there is none, and everything is hashed.
///
/// # Errors
/// [`UnpackError`].
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

/// The name of the ledger beside an image file: another for each name, also for those that are no text.
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

/// Opens the folder that a file is in, and returns the file's name there.
fn open_folder_of(path: &Path) -> Result<(Dir, String), UnpackError> {
    let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let dir = Dir::open(folder).map_err(UnpackError::io("open folder", folder))?;
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| UnpackError::NoFileName(path.to_owned()))?;
    Ok((dir, name.to_owned()))
}

/// How to verify: as it was applied.
#[derive(Debug, Clone, Copy)]
pub struct VerifyOptions<'a> {
    /// How the volume is divided.
    pub layout: Layout,
    /// What kernels are told; by default what the image itself tells them, and ours.
    pub kernel_arguments: Option<&'a str>,
    /// Which UUIDs it has.
    pub own_uuids: u64,
    /// How data is read.
    pub engine: EngineChoice,
}

/// Compares a volume with an image and what makes it boot, reading everything.
///
/// # Errors
/// [`UnpackError`]; differences are the result, not an error.
pub fn verify(
    image: &SourceImage,
    volume: &Path,
    options: VerifyOptions<'_>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Vec<Difference>, UnpackError> {
    let layout = options.layout;
    let stream = image.name.stream();
    let identity = Identity { stream: &stream, own: options.own_uuids };
    let filesystem = Device::open_to_look(volume)?.our_filesystem(layout)?;
    let target = BootTarget {
        identity,
        filesystem: filesystem.unwrap_or(Filesystem::Ext4),
        layout,
        kernel_arguments: options.kernel_arguments,
    };
    let want = expected_tree(&image.manifest, target, image.objects())?;
    Ok(verify_volume(volume, target, &want, options.engine.engine()?, progress)?)
}

/// Returns whether the volume must be formatted, and its filesystem; refuses to format what somebody could miss.
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

/// Nothing is recorded: a volume that was left half-patched has no ledger, which says enough.
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
