//! The device under an unmounted filesystem.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::DiskError;

/// An open device or partition with an unmounted filesystem.
#[derive(Debug)]
pub struct Medium {
    file: File,
    path: PathBuf,
}

impl Medium {
    /// Opens a device for reading and writing.
    ///
    /// # Errors
    /// [`DiskError::Io`] if it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, DiskError> {
        let file = File::options().read(true).write(true).open(path);
        let file = file.map_err(DiskError::io("open", path))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Opens a device for reading only; writing to it fails.
    ///
    /// # Errors
    /// [`DiskError::Io`] if it cannot be opened.
    pub fn open_read_only(path: &Path) -> Result<Self, DiskError> {
        let file = File::open(path).map_err(DiskError::io("open", path))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Wraps an open device; `path` is for error messages.
    pub fn new(file: File, path: PathBuf) -> Self {
        Self { file, path }
    }

    /// Returns the device's open file; a sync of it makes all writes durable.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Returns the path under which the device was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads exactly `len` bytes at an offset.
    ///
    /// # Errors
    /// [`DiskError::Io`], also if the device ends too early.
    pub fn read(&self, offset: u64, len: usize) -> Result<Vec<u8>, DiskError> {
        let mut bytes = vec![0; len];
        sysio::file::read_exact_at(&self.file, &mut bytes, offset)
            .map_err(DiskError::io("read", &self.path))?;
        Ok(bytes)
    }

    /// Writes all bytes at an offset; durable once the file is synced.
    ///
    /// # Errors
    /// [`DiskError::Io`].
    pub fn write(&self, offset: u64, bytes: &[u8]) -> Result<(), DiskError> {
        sysio::file::write_all_at(&self.file, bytes, offset)
            .map_err(DiskError::io("write", &self.path))
    }

    /// Makes a range read as zeros, in the way that is cheapest for the device.
    ///
    /// # Errors
    /// [`DiskError::Io`].
    pub fn zero(&self, range: Range<u64>) -> Result<(), DiskError> {
        sysio::block::zero(&self.file, range.start, range.end - range.start)
            .map_err(DiskError::io("zero", &self.path))
    }

    /// Makes the error of a filesystem with damaged metadata.
    pub(crate) fn damaged(&self, problem: impl Into<String>) -> DiskError {
        DiskError::Damaged { device: self.path.clone(), problem: problem.into() }
    }
}
