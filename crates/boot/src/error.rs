//! Errors of boot set-up.

use std::io;
use std::path::PathBuf;

use diskfs::DiskError;
use wire::ErrorClass;
use wire::manifest::ManifestError;

/// An error of boot set-up. A problem of the image itself is a result, not an error.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// A system call failed.
    #[error("{action} {path}: {source}", path = path.display())]
    Io {
        /// The operation that failed.
        action: &'static str,
        /// The file or device.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The image has no directory where a folder for boot files must be.
    #[error("a folder for boot files is no directory")]
    NoFolder,
    /// The image's tree with the boot files breaks a rule of manifests.
    #[error("manifest: {0}")]
    Manifest(#[from] ManifestError),
    /// The volume could not be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl BootError {
    /// Returns the class of the error, which decides the caller's reaction.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Io { source, .. } => ErrorClass::of_io(source),
            Self::NoFolder | Self::Manifest(_) => ErrorClass::Refused,
            Self::Disk(error) => error.class(),
        }
    }
}
