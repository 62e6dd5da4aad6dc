//! What is on a volume of a daemon on this machine: its files, by their paths on it.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;
use rpc::client::call_failed;
use rpc::services::unpacker_service_client::UnpackerServiceClient;
use rpc::tls::TlsDir;
use store::StoreError;
use store::ingest::Progress;
use tokio::runtime::Runtime;
use tonic::transport::Channel;
use wire::digest::Digest;
use wire::manifest::Inode;
use wire::proto::{GetStatusRequest, VolumeStatus};

use super::images::Loaded;
use super::names::Image;
use crate::engine::{EngineChoice, open_directory};
use crate::error::UnpackError;
use crate::layout::Layout;
use crate::look::{LockedVolume, look};
use crate::manager::now_ms;
use crate::volume::volume_id;

/// Files that are kept open.
const OPEN_MAX: usize = 64;

/// How long the daemon's answer may take.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// Where a volume is.
#[derive(Debug, Clone)]
pub struct VolumeOrigin {
    /// Its id.
    pub id: String,
    /// The daemon, `HOST:PORT`, which runs on this machine.
    pub unpackd: String,
    /// The folder of certificates.
    pub tls_dir: PathBuf,
}

/// A volume that is looked into. Nobody patches it as long as this lives.
#[derive(Debug)]
pub struct OnVolume {
    /// The image that it should hold, with what it does hold.
    loaded: Arc<Loaded>,
    files: Cache<u32, Arc<File>>,
    volume: LockedVolume,
}

impl OnVolume {
    /// Reads all that is on a volume.
    ///
    /// # Errors
    /// [`UnpackError::NoVolume`]; [`UnpackError::Refused`] for a volume that holds no image, is not on this
    /// machine, or is leased; [`UnpackError::InUse`]; errors of the daemon and of reading.
    pub fn open(origin: &VolumeOrigin, runtime: &Runtime) -> Result<Self, UnpackError> {
        let tls = TlsDir::load(&origin.tls_dir)
            .map_err(|error| UnpackError::Refused(error.to_string()))?;
        let channel = runtime.block_on(rpc::client::connect(&origin.unpackd, &tls))?;
        let mut client = UnpackerServiceClient::new(channel);
        let before = status(&mut client, origin, runtime)?;
        let path = Path::new(&before.path);
        if !is_here(path, &origin.id) {
            let (id, path, host) = (&origin.id, path.display(), &origin.unpackd);
            return Err(UnpackError::Refused(format!(
                "volume {id} is not at {path} here: run this on the machine of {host}"
            )));
        }
        let refused = |what: &str| UnpackError::Refused(format!("volume {}: {what}", origin.id));
        let layout = Layout::parse(&before.layout).ok_or_else(|| refused("unknown layout"))?;
        let manifest: Digest =
            before.manifest.parse().map_err(|_| refused("nothing was unpacked to it yet"))?;
        let engine = EngineChoice::Auto.engine()?;
        tracing::info!(volume = origin.id, path = before.path, "reading all that is on it");
        let counters = Progress::default();
        let (looked, volume) = look(path, layout, manifest.algorithm(), engine, &counters)?;
        let found = looked.manifest;
        // Only now nobody changes it any more.
        let after = status(&mut client, origin, runtime)?;
        let name = after.image.parse().map_err(|_| refused("it holds no image"))?;
        let is_exact = after.manifest == found.digest().to_string();
        tracing::info!(
            image = after.image,
            is_exact,
            "read (boot files that a patch generated are on the volume only; `unpacker verify` knows them)"
        );
        let image = Image { name, manifest: found.digest(), created_at_ms: 0, is_disk: false };
        let loaded = Arc::new(Loaded { image, manifest: found, disk: None });
        Ok(Self { loaded, files: Cache::new(OPEN_MAX), volume })
    }

    /// Returns what is on it.
    pub fn loaded(&self) -> &Arc<Loaded> {
        &self.loaded
    }

    /// Opens a file.
    ///
    /// # Errors
    /// As `open(2)`.
    pub fn file(&self, inode: &Inode<'_>) -> Result<Arc<File>, UnpackError> {
        self.files.get_or_insert_with(&inode.index(), || {
            let (node, manifest) = (inode.first_node(), &self.loaded.manifest);
            let above = manifest.parent(node);
            let directory = open_directory(self.volume.root(), manifest, above)?;
            let file = directory.open_file(manifest.name(node));
            Ok(Arc::new(file.map_err(StoreError::tree("open", &manifest.path(node)))?))
        })
    }

    /// Reads at most `len` bytes of a file and hands them to `done`.
    ///
    /// # Errors
    /// Errors of the volume.
    pub fn read<T>(
        &self,
        inode: &Inode<'_>,
        offset: u64,
        len: u32,
        done: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, UnpackError> {
        let file = self.file(inode)?;
        let rest = inode.size().saturating_sub(offset);
        let mut bytes = vec![0; rest.min(u64::from(len)) as usize];
        file.read_exact_at(&mut bytes, offset).map_err(|error| {
            let path = self.loaded.manifest.path(inode.first_node());
            StoreError::tree("read", &path)(error)
        })?;
        Ok(done(&bytes))
    }
}

/// Asks for a volume that nobody holds the lease of.
fn status(
    client: &mut UnpackerServiceClient<Channel>,
    origin: &VolumeOrigin,
    runtime: &Runtime,
) -> Result<VolumeStatus, UnpackError> {
    let mut request = tonic::Request::new(GetStatusRequest {});
    request.set_timeout(ANSWER_MAX);
    let answer = runtime.block_on(client.get_status(request));
    let answer = answer.map_err(|status| call_failed(&status, &origin.unpackd))?.into_inner();
    let volume = answer.volumes.into_iter().find(|volume| volume.id == origin.id);
    let volume = volume.ok_or_else(|| UnpackError::NoVolume(origin.id.clone()))?;
    match &volume.lease {
        Some(lease) if lease.expires_at_ms > now_ms() => Err(UnpackError::LeaseHeld {
            stream: volume.stream.clone(),
            holder: lease.holder.clone(),
            seconds: (lease.expires_at_ms - now_ms()) / 1000,
        }),
        _ => Ok(volume),
    }
}

fn is_here(path: &Path, id: &str) -> bool {
    path.metadata().is_ok_and(|metadata| volume_id(path, metadata.is_file()) == id)
}
