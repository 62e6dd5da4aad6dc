//! How far the primary's log has been followed, in a file.

use std::path::{Path, PathBuf};

use prost::Message;
use wire::proto::ChangePosition;

use super::ReplicaError;

/// Name of the file in the data folder.
const FILE_NAME: &str = "replica.position";

/// The file. A missing file stands for the beginning of the log.
#[derive(Debug)]
pub(super) struct PositionFile {
    folder: PathBuf,
    path: PathBuf,
}

impl PositionFile {
    pub(super) fn new(data_dir: &Path) -> Self {
        Self { folder: data_dir.to_owned(), path: data_dir.join(FILE_NAME) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn read(&self) -> Result<Option<ChangePosition>, ReplicaError> {
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed(error)),
        };
        let damaged = |_| self.failed(std::io::ErrorKind::InvalidData.into());
        ChangePosition::decode(bytes.as_slice()).map(Some).map_err(damaged)
    }

    /// Replaces the file durably.
    pub(super) fn write(&self, position: &ChangePosition) -> Result<(), ReplicaError> {
        let bytes = position.encode_to_vec();
        sysio::Dir::open(&self.folder)
            .and_then(|folder| sysio::publish::replace(&folder, FILE_NAME.as_bytes(), &bytes))
            .map_err(|error| self.failed(error))
    }

    fn failed(&self, source: std::io::Error) -> ReplicaError {
        ReplicaError::Position { path: self.path.clone(), source }
    }
}
