//! Reads a volume of the local daemon for mounting, while nobody can patch it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diskfs::Layout;
use imagefs::VolumeFiles;
use patch::engine::EngineChoice;
use patch::volume_tree::read_volume;
use rpc::client::call_failed;
use rpc::services::unpacker_service_client::UnpackerServiceClient;
use rpc::tls::TlsDir;
use store::ingest::Progress;
use sysio::clock::now_ms;
use tokio::runtime::Runtime;
use tonic::transport::Channel;
use wire::digest::Digest;
use wire::proto::{GetStatusRequest, VolumeStatus};

use crate::UnpackError;
use crate::volume::volume_id;

/// Timeout of one call to the daemon.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// A volume of a daemon that runs on this machine.
#[derive(Debug, Clone)]
pub struct VolumeOrigin {
    /// The volume's id in the daemon's registry.
    pub id: String,
    /// Address of the daemon, `HOST:PORT`.
    pub unpackd: String,
    /// Folder with the client's certificate and key.
    pub tls_dir: PathBuf,
}

/// Opens a volume and reads its whole tree.
///
/// # Errors
/// [`UnpackError::NoVolume`]; a volume that holds no image, is not on this machine, is leased or in use; errors of the
/// daemon and of reading.
pub fn open(origin: &VolumeOrigin, runtime: &Runtime) -> Result<VolumeFiles, UnpackError> {
    let tls = TlsDir::load(&origin.tls_dir)?;
    let channel = runtime.block_on(rpc::client::connect(&origin.unpackd, &tls))?;
    let mut client = rpc::client::volumes(channel);
    let before = status(&mut client, origin, runtime)?;
    let path = Path::new(&before.path);
    if !is_here(path, &origin.id) {
        let (id, path, host) = (origin.id.clone(), before.path, origin.unpackd.clone());
        return Err(UnpackError::NotHere { id, path, host });
    }
    let nothing = |problem| UnpackError::NothingToShow { id: origin.id.clone(), problem };
    let layout = Layout::parse(&before.layout)
        .ok_or_else(|| nothing("this unpackd does not know its partition layout"))?;
    let manifest: Digest =
        before.manifest.parse().map_err(|_| nothing("nothing was unpacked to it yet"))?;
    let engine = EngineChoice::Auto.engine()?;
    tracing::info!(volume = origin.id, path = before.path, "reading all that is on it");
    let counters = Progress::default();
    let (tree, volume) = read_volume(path, layout, manifest.algorithm(), engine, &counters)?;
    // `volume` has kept writers off the device since before the read, so this second status describes the content that
    // was read.
    let after = status(&mut client, origin, runtime)?;
    let name = after.image.parse().map_err(|_| nothing("it holds no image"))?;
    let is_exact = after.manifest == tree.manifest.digest().to_string();
    tracing::info!(
        image = after.image,
        is_exact,
        "read (boot files that a patch generated are on the volume only; `unpacker verify` knows them)"
    );
    Ok(VolumeFiles::new(name, tree, volume))
}

/// Returns the daemon's status of the volume; fails if somebody holds its lease.
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
