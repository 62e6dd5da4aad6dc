//! Errors of boot set-up.

use std::io;
use std::path::PathBuf;

use diskfs::DiskError;
use wire::ErrorClass;
use wire::manifest::ManifestError;

/// An error of boot set-up. If an image cannot boot, that is a result with a reason, not an error.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// The sandbox for a program of the image could not be made or run.
    #[error("cannot {action} {path}: {source}", path = path.display())]
    Io {
        /// The attempted action, as a verb, for example `run`.
        action: &'static str,
        /// Path of the program in the image, without the leading slash.
        path: PathBuf,
        /// The system's error, which decides the class.
        source: io::Error,
    },
    /// Boot files need a directory at this place, but the image has an inode of another type there.
    #[error("'/{0}' in the image must be a directory, because boot files go there")]
    NoFolder(String),
    /// The image's tree with the boot files breaks a rule of manifests.
    #[error("the image with its boot files breaks a rule of manifests: {0}")]
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
            Self::NoFolder(_) | Self::Manifest(_) => ErrorClass::Refused,
            Self::Disk(error) => error.class(),
        }
    }
}
