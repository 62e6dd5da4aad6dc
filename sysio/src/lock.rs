//! One writer a folder.

use std::fs::File;
use std::io;

use rustix::fs::FlockOperation;

use crate::dir::{Caching, Dir};

/// A lock on a folder, held until it is dropped or the process ends.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the lock, or says at once that somebody has it.
    ///
    /// # Errors
    /// `WouldBlock` where another process (or another handle of this one) holds it.
    pub fn try_take(folder: &Dir, name: &[u8]) -> io::Result<Self> {
        let file = match folder.create_file(name, 0o600) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                folder.open_file_for_writing(name, Caching::Cached)?
            }
            other => other?,
        };
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Self { _file: file })
    }
}

/// Locks an open file for this handle alone, or says at once that somebody has it.
///
/// # Errors
/// `WouldBlock` where another handle holds the lock.
pub fn try_lock_file(file: &File) -> io::Result<()> {
    Ok(rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive)?)
}
