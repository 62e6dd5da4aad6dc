//! The registry of volumes between runs: one table, id → StoredVolume; each change is a transaction.

use std::path::Path;

use prost::Message;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use wire::name::StreamName;
use wire::proto::StoredVolume;

use super::{Event, Volume};
use crate::UnpackError;

const VOLUMES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("volumes");

/// The volume records of a daemon, in a redb database.
#[derive(Debug)]
pub struct Registry {
    database: Database,
}

fn db(error: impl Into<redb::Error>) -> UnpackError {
    UnpackError::Database(error.into())
}

impl Registry {
    /// Opens or creates the registry. If the daemon ended during an operation on a volume, the volume gets the state
    /// that follows an interruption.
    ///
    /// # Errors
    /// [`UnpackError::Database`], [`UnpackError::Damaged`].
    pub fn open(path: &Path) -> Result<Self, UnpackError> {
        let database = Database::create(path).map_err(db)?;
        let transaction = database.begin_write().map_err(db)?;
        transaction.open_table(VOLUMES).map_err(db)?;
        transaction.commit().map_err(db)?;
        let registry = Self { database };
        for mut volume in registry.list()? {
            let before = volume.state.name();
            if let Some(state) = volume.state.transition(Event::Interrupted)
                && state != volume.state
            {
                volume.state = state;
                registry.put(&volume)?;
                let after = volume.state.name();
                tracing::warn!(volume = volume.id, before, after, "an operation was interrupted");
            }
        }
        Ok(registry)
    }

    /// Returns all volumes, sorted by id.
    ///
    /// # Errors
    /// [`UnpackError::Database`], [`UnpackError::Damaged`].
    pub fn list(&self) -> Result<Vec<Volume>, UnpackError> {
        let read = self.database.begin_read().map_err(db)?;
        let table = read.open_table(VOLUMES).map_err(db)?;
        let mut found = Vec::new();
        for entry in table.iter().map_err(db)? {
            let (id, value) = entry.map_err(db)?;
            let stored = StoredVolume::decode(value.value()).map_err(|error| {
                let what = format!("the record of volume '{}'", id.value());
                UnpackError::Damaged { what, problem: error.to_string() }
            })?;
            found.push(Volume::from_stored(&stored)?);
        }
        Ok(found)
    }

    /// Returns the volume with this id.
    ///
    /// # Errors
    /// [`UnpackError::NoVolume`]; errors of [`Registry::list`].
    pub fn get(&self, id: &str) -> Result<Volume, UnpackError> {
        let found = self.list()?.into_iter().find(|volume| volume.id == id);
        found.ok_or_else(|| UnpackError::NoVolume(id.to_owned()))
    }

    /// Returns the volume that a stream is associated with.
    ///
    /// # Errors
    /// [`UnpackError::NoStream`]; errors of [`Registry::list`].
    pub fn of_stream(&self, stream: &StreamName) -> Result<Volume, UnpackError> {
        let found = self.list()?.into_iter().find(|volume| volume.stream.as_ref() == Some(stream));
        found.ok_or_else(|| UnpackError::NoStream(stream.to_string()))
    }

    /// Adds or replaces a volume's record.
    ///
    /// # Durability
    /// The record survives a power loss once this returned.
    ///
    /// # Errors
    /// [`UnpackError::Database`].
    pub fn put(&self, volume: &Volume) -> Result<(), UnpackError> {
        let transaction = self.database.begin_write().map_err(db)?;
        {
            let mut table = transaction.open_table(VOLUMES).map_err(db)?;
            let bytes = volume.to_stored().encode_to_vec();
            table.insert(volume.id.as_str(), bytes.as_slice()).map_err(db)?;
        }
        transaction.commit().map_err(db)
    }

    /// Removes a volume's record; an unknown id is no error.
    ///
    /// # Errors
    /// [`UnpackError::Database`].
    pub fn remove(&self, id: &str) -> Result<(), UnpackError> {
        let transaction = self.database.begin_write().map_err(db)?;
        transaction.open_table(VOLUMES).map_err(db)?.remove(id).map_err(db)?;
        transaction.commit().map_err(db)
    }
}
