//! Errors of the store, one variant for each meaning.

use std::io;
use std::path::PathBuf;

use wire::ErrorClass;
use wire::digest::{Algorithm, Digest};
use wire::manifest::ManifestError;
use wire::object::ObjectError;
use wire::units::show_path;

use crate::refusal::Refusal;

/// An error of the store, of ingest or of export.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A system call failed on a file of the store, or on the source of an ingest.
    #[error("cannot {action} {path}: {source}", path = path.display())]
    Io {
        /// The operation that failed, such as "open folder".
        action: &'static str,
        /// Path of the file or folder that the operation was for.
        path: PathBuf,
        /// The system's error, which decides the class.
        source: io::Error,
    },
    /// A system call failed on a file of a tree, or on a disk.
    #[error("cannot {action} '{path}': {source}")]
    Tree {
        /// The operation that failed, such as "read".
        action: &'static str,
        /// Path inside the tree, escaped for display; for a disk, its name.
        path: String,
        /// The system's error, which decides the class.
        source: io::Error,
    },
    /// The folder is missing, or holds no store.
    #[error("{path} holds no imprint store", path = .0.display())]
    NoStore(PathBuf),
    /// The store's description has a version or feature that needs a newer build.
    #[error("{what} needs {need}, which this build does not know: upgrade imprint")]
    Unsupported {
        /// What needs a newer build: `the store`, or only `writing to the store`.
        what: String,
        /// The feature or version that this build does not know.
        need: String,
    },
    /// A file holds something else than the ingest cache says, although its times have not changed.
    #[error(
        "'{0}' changed, and its times did not: its filesystem keeps no times to go by; add with --no-cache"
    )]
    WrongCache(String),
    /// Another process has the store open for writing.
    #[error("the store {path} is in use by another process: stop it, or use another store", path = .0.display())]
    Locked(PathBuf),
    /// Work on the whole store runs already, and excludes other such work.
    #[error("{0} already: wait for the end of that")]
    Busy(&'static str),
    /// The caller opened the store for reading only.
    #[error("the store {path} was opened for reading only", path = .0.display())]
    ReadOnly(PathBuf),
    /// An object is not in the store, although a caller, an image or a list of frames refers to it.
    #[error("object {0} is not in the store")]
    MissingObject(Digest),
    /// A digest uses another algorithm than the store.
    #[error("digest {digest} does not fit a store with digests of {algorithm}")]
    WrongAlgorithm {
        /// Digest of the object to put.
        digest: Digest,
        /// Algorithm of all digests in the store.
        algorithm: Algorithm,
    },
    /// The system failed to read an object's stored bytes.
    #[error("cannot read object {digest} from its pack: {source}")]
    ReadObject {
        /// Digest of the object. Its bytes on the disk can still be sound.
        digest: Digest,
        /// The system's error, which decides the class.
        source: io::Error,
    },
    /// An object's stored bytes have a wrong checksum, length, kind or digest.
    #[error(
        "object {digest} is damaged: {problem}; restore its pack from a backup, or move the pack away, rebuild the index and add the image again"
    )]
    DamagedObject {
        /// Digest of the content that the object should have.
        digest: Digest,
        /// The problem, such as `its content has the digest sha256:…`.
        problem: String,
    },
    /// A pack's header, footer or trailer is damaged.
    #[error("pack {pack} is damaged: {problem}")]
    DamagedPack {
        /// Name of the file in the folder `packs`.
        pack: String,
        /// The problem, in words that follow `is damaged:`.
        problem: String,
    },
    /// An image file or the store's description is damaged.
    #[error("{what} is damaged: {problem}")]
    Damaged {
        /// The file, such as `the image file of base/debian-12/1`.
        what: String,
        /// The problem, such as `its header is damaged`.
        problem: String,
    },
    /// Content has another digest than its sender claimed.
    #[error("the content that came as {expected} has the digest {found}")]
    WrongContent {
        /// Digest that the sender claimed.
        expected: Digest,
        /// Digest of the bytes that came.
        found: Digest,
    },
    /// A manifest, or a tree that is to be encoded as a manifest, breaks a rule of manifests.
    #[error("the manifest breaks a rule: {0}")]
    Manifest(#[from] ManifestError),
    /// A list of frames that another process sent is malformed.
    #[error("the received object {digest} is malformed: {source}")]
    Received {
        /// Digest of the list, as the sender claimed it.
        digest: Digest,
        /// The rule of frame lists that the received bytes break.
        source: ObjectError,
    },
    /// A received list names a frame that is no data object, or states a wrong length for it.
    #[error("frame {frame} does not fit list {list}")]
    UnfitFrame {
        /// Digest of the frame, as the list names it.
        frame: Digest,
        /// Digest of the list.
        list: Digest,
    },
    /// A file changed during ingest.
    #[error("'{0}' changed while it was read: add the image again when nothing writes to the tree")]
    Changed(String),
    /// The source, or a request for an image, is refused; another attempt would fail in the same
    /// way.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// An image of that name exists, with other content.
    #[error(
        "image {name} exists with another manifest ({found}): images are immutable, choose another leaf"
    )]
    ImageExists {
        /// Name of the image: stream and leaf.
        name: String,
        /// Digest of the existing image's manifest.
        found: String,
    },
    /// The store has no image of that name, `STREAM/LEAF`.
    #[error("no image is named {0}")]
    MissingImage(String),
    /// An earlier write to the same batch failed, so the batch refuses everything.
    #[error("an earlier write to the store failed: {message}")]
    EarlierFailure {
        /// Message of the error that spoilt the batch.
        message: String,
        /// Class of that error; this error has the same class.
        class: ErrorClass,
    },
    /// A thread of this process ended early, or another thread's error stopped it.
    #[error("{0}")]
    Stopped(&'static str),
    /// The sink that takes the objects, such as an upload, has failed.
    #[error("{error}")]
    Sink {
        /// Class of the sink's error.
        class: ErrorClass,
        /// The sink's own error; callers may downcast it.
        error: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StoreError {
    /// Returns the class of the error, which decides a client's reaction and a program's exit code.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Io { source, .. }
            | Self::Tree { source, .. }
            | Self::ReadObject { source, .. } => ErrorClass::of_io(source),
            Self::NoStore(_) | Self::MissingImage(_) => ErrorClass::NotFound,
            Self::Locked(_) | Self::Busy(_) | Self::ReadOnly(_) | Self::ImageExists { .. } => {
                ErrorClass::Conflict
            }
            Self::MissingObject(_)
            | Self::DamagedObject { .. }
            | Self::DamagedPack { .. }
            | Self::Damaged { .. } => ErrorClass::Damaged,
            Self::Unsupported { .. }
            | Self::WrongAlgorithm { .. }
            | Self::WrongContent { .. }
            | Self::Manifest(_)
            | Self::Received { .. }
            | Self::UnfitFrame { .. }
            | Self::Changed(_)
            | Self::WrongCache(_)
            | Self::Refused(_) => ErrorClass::Refused,
            Self::EarlierFailure { class, .. } | Self::Sink { class, .. } => *class,
            Self::Stopped(_) => ErrorClass::Internal,
        }
    }

    /// Wraps an error from outside the store, such as that of an upload, with its class.
    pub fn sink(class: ErrorClass, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Sink { class, error: Box::new(error) }
    }

    /// Wraps a system error on one of the store's files.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// Wraps a system error on a path inside a tree.
    pub fn tree(action: &'static str, path: &[u8]) -> impl FnOnce(io::Error) -> Self {
        let path = show_path(path);
        move |source| Self::Tree { action, path, source }
    }
}
