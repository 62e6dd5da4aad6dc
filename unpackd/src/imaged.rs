//! imaged as the source of objects for patches and mounts.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use imagefs::{ImageServer, ServerError};
use patch::{CallerError, ObjectSource};
use rpc::image_signature::{ImageSigners, SignatureError};
use rpc::tls::TlsDir;
use store::{Batch, Store};
use transfer::TransferError;
use transfer::fetch::Remote;
use wire::ErrorClass;
use wire::digest::{Algorithm, Digest};
use wire::name::ImageName;
use wire::object::FrameList;
use wire::proto::{ImageRecord, ListImagesResponse};

use crate::UnpackError;

/// An imaged as a source of objects for patches, and as the image server of mounts.
///
/// The imaged is not trusted: the signature of an image's record is verified before the image is used, and each object
/// is hashed.
#[derive(Debug)]
pub struct ImagedSource {
    remote: Remote,
    /// `None` accepts every image: only for tests whose connections have no certificates.
    signers: Option<ImageSigners>,
}

impl ImagedSource {
    /// Connects to an imaged. After the first connection, the channel reconnects by itself. If the TLS folder has a
    /// policy, images are accepted that an identity signed which may add to their stream; otherwise those that any
    /// identity of the CA signed.
    ///
    /// # Errors
    /// [`UnpackError::Tls`]; the server does not answer, or it refuses the client.
    pub fn connect(
        address: &str,
        tls_dir: &Path,
        runtime: &tokio::runtime::Runtime,
    ) -> Result<Self, UnpackError> {
        let tls = TlsDir::load(tls_dir)?;
        let signers = ImageSigners::of_folder(&tls)?;
        let channel = runtime.block_on(rpc::client::connect(address, &tls))?;
        let remote = Remote::new(address.to_owned(), channel, runtime.handle().clone());
        Ok(Self::new(remote, Some(signers)))
    }

    /// Uses a connection to an imaged, and accepts images of these signers.
    pub fn new(remote: Remote, signers: Option<ImageSigners>) -> Self {
        Self { remote, signers }
    }

    /// Returns the connection.
    pub(crate) fn remote(&self) -> &Remote {
        &self.remote
    }

    /// Returns the digest algorithm that a store for the imaged's objects must use.
    pub(crate) fn store_algorithm(&self) -> Result<Algorithm, UnpackError> {
        Ok(self.remote.algorithm()?)
    }

    fn verified(&self, record: ImageRecord) -> Result<ImageRecord, SignatureError> {
        if let Some(signers) = &self.signers {
            signers.verify(&record)?;
        }
        Ok(record)
    }
}

fn caller_error(error: TransferError) -> CallerError {
    CallerError::new(error.class(), error)
}

fn server_error(error: TransferError) -> ServerError {
    match error {
        TransferError::Store(error) => ServerError::Store(error),
        other => ServerError::Call { class: other.class(), message: other.to_string() },
    }
}

impl ObjectSource for ImagedSource {
    fn image(&self, name: &ImageName) -> Result<ImageRecord, CallerError> {
        let record = self.remote.image(name).map_err(caller_error)?;
        self.verified(record).map_err(|error| CallerError::new(error.class(), error))
    }

    fn wait_for_image(&self, name: &ImageName, wait: Duration) -> Result<(), CallerError> {
        self.remote.wait_image(name, wait).map(drop).map_err(caller_error)
    }

    fn fetch(
        &self,
        image: &ImageName,
        digests: &[Digest],
        batch: &Batch,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<u64, CallerError> {
        self.remote.fetch(image, digests, batch, progress).map_err(caller_error)
    }
}

impl ImageServer for ImagedSource {
    fn check(&self, image: &ImageName, manifest: &Digest) -> Result<(), ServerError> {
        if self.signers.is_none() {
            return Ok(());
        }
        let record = ImageServer::image(self, image)?;
        if record.manifest == manifest.to_string() {
            return Ok(());
        }
        let message = format!(
            "{} lists image {image} with another manifest than its signer stated",
            self.remote.address()
        );
        Err(ServerError::Call { class: ErrorClass::Damaged, message })
    }

    fn algorithm(&self) -> Result<Algorithm, ServerError> {
        self.remote.algorithm().map_err(server_error)
    }

    fn images(&self, seen: u64, wait: Duration) -> Result<ListImagesResponse, ServerError> {
        self.remote.images(seen, wait).map_err(server_error)
    }

    fn image(&self, name: &ImageName) -> Result<ImageRecord, ServerError> {
        let record = self.remote.image(name).map_err(server_error)?;
        let refused = |error: SignatureError| ServerError::Call {
            class: error.class(),
            message: error.to_string(),
        };
        self.verified(record).map_err(refused)
    }

    fn fetch(
        &self,
        image: &ImageName,
        digests: &[Digest],
        batch: &Batch,
    ) -> Result<(), ServerError> {
        self.remote.fetch(image, digests, batch, &|_, _| {}).map(drop).map_err(server_error)
    }

    fn frame_list(
        &self,
        image: &ImageName,
        digest: &Digest,
        batch: &Batch,
    ) -> Result<Option<FrameList>, ServerError> {
        self.remote.frame_list(image, digest, batch).map_err(server_error)
    }
}

/// The source of images for a command without a daemon.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A store on this machine: imaged's, unpackd's, or a server's data directory.
    Store(PathBuf),
    /// An imaged; what is fetched from it stays in a store on this machine.
    Imaged {
        /// Address, `HOST:PORT`.
        address: String,
        /// Folder with the client's certificate and key.
        tls_dir: PathBuf,
        /// Path of the store that keeps fetched objects.
        cache: PathBuf,
    },
}

/// Opens a store for reading; `path` is the store itself, or a daemon's data directory with the store in it.
pub(crate) fn open_store(path: &Path) -> Result<Arc<Store>, UnpackError> {
    let inside = path.join("store");
    let path = if inside.is_dir() { &inside } else { path };
    Ok(Arc::new(Store::open_read_only(path)?))
}
