//! What can go wrong while boot set-up is made.

use std::io;
use std::path::PathBuf;

use diskfs::DiskError;
use wire::ErrorClass;
use wire::manifest::ManifestError;

/// An error of making boot set-up; what is wrong with an image is a result, not an error.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// A system call failed.
    #[error("{action} {path}: {source}", path = path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file or device.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The image has something else where a folder for boot files must be.
    #[error("a folder for boot files is no directory")]
    NoFolder,
    /// The tree with boot files breaks a rule of manifests.
    #[error("manifest: {0}")]
    Manifest(#[from] ManifestError),
    /// The volume could not be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl BootError {
    /// Returns what the error means for the caller.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Io { source, .. } => ErrorClass::of_io(source),
            Self::NoFolder | Self::Manifest(_) => ErrorClass::Refused,
            Self::Disk(error) => error.class(),
        }
    }
}
