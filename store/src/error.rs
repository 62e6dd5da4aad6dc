//! What can go wrong in a store, by meaning.

use std::io;
use std::path::PathBuf;

use wire::ErrorClass;
use wire::digest::{Algorithm, Digest};
use wire::manifest::ManifestError;
use wire::object::ObjectError;
use wire::units::show_path;

/// An error of the store, of ingest or of export.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A system call failed on one of the store's files.
    #[error("{action} {path}: {source}", path = path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A system call failed on a file of a tree.
    #[error("{action} '{path}' in the tree: {source}")]
    Tree {
        /// What was tried.
        action: &'static str,
        /// The path inside the tree.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The folder holds no store.
    #[error("{path} holds no imprint store", path = .0.display())]
    NoStore(PathBuf),
    /// The store's description or a pack needs a newer build.
    #[error("{what} needs {need}, which this build does not know: upgrade imprint")]
    Unsupported {
        /// Which file.
        what: String,
        /// What it needs.
        need: String,
    },
    /// Another process writes to the store.
    #[error("the store {path} is in use by another process: stop it, or use another store", path = .0.display())]
    Locked(PathBuf),
    /// The store was opened for reading.
    #[error("the store {path} was opened for reading only", path = .0.display())]
    ReadOnly(PathBuf),
    /// An object is not in the store.
    #[error("object {0} is not in the store")]
    MissingObject(Digest),
    /// A digest of another algorithm than the store's.
    #[error("digest {digest} does not belong into a store of {algorithm}")]
    WrongAlgorithm {
        /// The digest.
        digest: Digest,
        /// The store's algorithm.
        algorithm: Algorithm,
    },
    /// The system did not read an object's stored bytes.
    #[error("read object {digest} from its pack: {source}")]
    ReadObject {
        /// Which object.
        digest: Digest,
        /// What the system said.
        source: io::Error,
    },
    /// An object's stored bytes are damaged.
    #[error(
        "object {digest} is damaged: {problem}; restore its pack from a backup, or move the pack away, rebuild the index and add the image again"
    )]
    DamagedObject {
        /// Which object.
        digest: Digest,
        /// What is wrong.
        problem: String,
    },
    /// A pack's own structure is damaged.
    #[error("pack {pack} is damaged: {problem}")]
    DamagedPack {
        /// The pack's name.
        pack: String,
        /// What is wrong.
        problem: String,
    },
    /// Another file of the store is damaged.
    #[error("{what} is damaged: {problem}")]
    Damaged {
        /// Which file.
        what: String,
        /// What is wrong.
        problem: String,
    },
    /// Content does not have the digest that it came with.
    #[error("the content that came as {expected} has the digest {found}")]
    WrongContent {
        /// The digest it came with.
        expected: Digest,
        /// The digest it has.
        found: Digest,
    },
    /// A manifest is not valid.
    #[error("manifest: {0}")]
    Manifest(#[from] ManifestError),
    /// A received object is not valid.
    #[error("received object {digest}: {source}")]
    Received {
        /// Which object.
        digest: Digest,
        /// What is wrong.
        source: ObjectError,
    },
    /// A file changed while it was read.
    #[error("'{0}' changed while it was read: add the image again when nothing writes to the tree")]
    Changed(String),
    /// A source cannot become an image.
    #[error("{0}")]
    Refused(String),
    /// An image with that name and another content is there.
    #[error(
        "image {name} exists with another manifest ({found}): images are immutable, choose another leaf"
    )]
    ImageExists {
        /// The image's name.
        name: String,
        /// The manifest it has.
        found: String,
    },
    /// No image has that name.
    #[error("no image is named {0}")]
    MissingImage(String),
    /// An earlier write of the same batch failed, so that nothing more is taken.
    #[error("an earlier write to the store failed: {message}")]
    EarlierFailure {
        /// What the first error said.
        message: String,
        /// What it means.
        class: ErrorClass,
    },
    /// Something that the work was handed to has failed, and says why.
    #[error("{0}")]
    Sink(String),
    /// The server that objects were handed to has refused, failed or gone.
    #[error("{message}")]
    Remote {
        /// For a person.
        message: String,
        /// What it means.
        class: ErrorClass,
    },
}

impl StoreError {
    /// Returns what the error means for the caller.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Io { source, .. }
            | Self::Tree { source, .. }
            | Self::ReadObject { source, .. } => ErrorClass::of_io(source),
            Self::NoStore(_) | Self::MissingImage(_) => ErrorClass::NotFound,
            Self::Locked(_) | Self::ReadOnly(_) | Self::ImageExists { .. } => ErrorClass::Conflict,
            Self::MissingObject(_)
            | Self::DamagedObject { .. }
            | Self::DamagedPack { .. }
            | Self::Damaged { .. } => ErrorClass::Damaged,
            Self::Unsupported { .. }
            | Self::WrongAlgorithm { .. }
            | Self::WrongContent { .. }
            | Self::Manifest(_)
            | Self::Received { .. }
            | Self::Changed(_)
            | Self::Refused(_) => ErrorClass::Refused,
            Self::EarlierFailure { class, .. } | Self::Remote { class, .. } => *class,
            Self::Sink(_) => ErrorClass::Internal,
        }
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
