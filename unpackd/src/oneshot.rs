//! One shot: patching or verifying a volume without a daemon.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rpc::tls::TlsDir;
use store::Store;
use sysio::Dir;
use wire::Manifest;
use wire::digest::{Algorithm, Digest};
use wire::name::ImageName;
use wire::proto::UnpackReport;

use crate::boot::Target;
use crate::device::Device;
use crate::engine::EngineChoice;
use crate::error::UnpackError;
use crate::filesystem::Filesystem;
use crate::freed::Freed;
use crate::layout::{Identity, Layout};
use crate::manager::{Difference, verify_volume};
use crate::patch::{Record, Request, Source, expected_tree, patch};
use transfer::fetch::{Fetch, Nowhere, Remote, manifest_of};

/// Where images come from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A store on this machine: imaged's, unpackd's, or a server's data directory.
    Store(PathBuf),
    /// An imaged, with a folder of certificates; what is fetched is kept in `cache`.
    Imaged {
        /// `HOST:PORT`.
        address: String,
        /// The folder of certificates.
        tls_dir: PathBuf,
        /// A store of our own.
        cache: PathBuf,
    },
}

/// An image that is ready to be patched onto volumes.
pub struct Opened {
    store: Arc<Store>,
    fetch: Box<dyn Fetch>,
    image: ImageName,
    want: Manifest,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").field("image", &self.image).finish_non_exhaustive()
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
) -> Result<Opened, UnpackError> {
    let (store, fetch): (Arc<Store>, Box<dyn Fetch>) = match origin {
        Origin::Store(path) => (open_store(path)?, Box::new(Nowhere)),
        Origin::Imaged { address, tls_dir, cache } => {
            let remote = connect(address, tls_dir, runtime)?;
            let record = remote.image(image)?;
            let digest: Digest = record.manifest.parse().map_err(|error| UnpackError::Damaged {
                what: format!("the record of image {image}"),
                problem: format!("{error}"),
            })?;
            let store = Store::open_or_create(cache, digest.algorithm())?;
            (Arc::new(store), Box::new(remote))
        }
    };
    let (_, want) = manifest_of(&store, fetch.as_ref(), image)?;
    Ok(Opened { store, fetch, image: image.clone(), want })
}

/// Opens a store for reading, or the one in a daemon's folder.
pub(crate) fn open_store(path: &Path) -> Result<Arc<Store>, UnpackError> {
    let inside = path.join("store");
    let path = if inside.is_dir() { &inside } else { path };
    Ok(Arc::new(Store::open_read_only(path)?))
}

/// Connects to an imaged; a connection that came about once comes about again whenever it is lost.
pub(crate) fn connect(
    address: &str,
    tls_dir: &Path,
    runtime: &tokio::runtime::Runtime,
) -> Result<Remote, UnpackError> {
    let tls = TlsDir::load(tls_dir).map_err(|error| UnpackError::Refused(error.to_string()))?;
    let channel = runtime.block_on(rpc::client::connect(address, &tls))?;
    Ok(Remote::new(address.to_owned(), channel, runtime.handle().clone()))
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
    pub freed: Freed,
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
    opened: &Opened,
    volume: &Path,
    options: ApplyOptions<'_>,
    progress: &(dyn Fn(&'static str, u64, u64) + Sync),
) -> Result<UnpackReport, UnpackError> {
    let stream = opened.image.stream();
    let identity = Identity { stream: &stream, own: options.own_uuids };
    let (is_fresh, filesystem) = must_format(volume, identity, options)?;
    let folder = volume.parent().filter(|path| !path.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let name = volume.file_name().map(|name| ledger_name(name.as_encoded_bytes()));
    let beside = name.filter(|_| volume.is_file()).map(|name| folder.join(name));
    let ledger = options.ledger.map(Path::to_owned).or(beside);
    let ledger = ledger.map(|path| open_folder_of(&path)).transpose()?;
    patch(&Request {
        path: volume,
        layout: options.layout,
        stream: &stream,
        own_uuids: options.own_uuids,
        image: &opened.image,
        want: &opened.want,
        is_fresh,
        verify_full: options.verify_full,
        is_dry_run: options.is_dry_run,
        store: &opened.store,
        fetch: opened.fetch.as_ref(),
        engine: options.engine.engine()?,
        filesystem,
        freed: options.freed,
        kernel_arguments: options.kernel_arguments,
        ledger: ledger.as_ref().map(|(dir, name)| (dir, name.as_str())),
        record: &Unrecorded { progress },
    })
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
    let refused = || UnpackError::Refused(format!("{} is no name for a file", path.display()));
    Ok((dir, name.ok_or_else(refused)?.to_owned()))
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
    opened: &Opened,
    volume: &Path,
    options: VerifyOptions<'_>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Vec<Difference>, UnpackError> {
    let layout = options.layout;
    let stream = opened.image.stream();
    let identity = Identity { stream: &stream, own: options.own_uuids };
    let target = Target {
        identity,
        filesystem: Device::open_to_look(volume)?
            .our_filesystem(layout)?
            .unwrap_or(Filesystem::Ext4),
        layout,
        kernel_arguments: options.kernel_arguments,
    };
    let source =
        Source { store: &opened.store, fetch: opened.fetch.as_ref(), image: &opened.image };
    let want = expected_tree(&opened.want, target, source)?;
    verify_volume(volume, (layout, identity), &want, options.engine.engine()?, progress)
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
    Err(UnpackError::Refused(format!(
        "{} holds something that imprint did not make for stream {}: format it with --format, which destroys it, \
         or name another volume",
        volume.display(),
        identity.stream
    )))
}

/// Nothing is recorded: a volume that was left half-patched has no ledger, which says enough.
struct Unrecorded<'a> {
    progress: &'a (dyn Fn(&'static str, u64, u64) + Sync),
}

impl Record for Unrecorded<'_> {
    fn formatting(&self) -> Result<(), UnpackError> {
        Ok(())
    }

    fn patching(&self) -> Result<(), UnpackError> {
        Ok(())
    }

    fn done(&self) -> Result<(), UnpackError> {
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
