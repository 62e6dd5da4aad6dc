//! The catalog: the records of all images, and the names of removed images, which nobody may use again.
//!
//! ```text
//! images    name → ImageRecord         removed   name → manifest digest         log       the names that changed, in order
//! ```
//!
//! ```text
//! add     1 objects durable   2 image file durable   3 images += name
//! remove  1 images −= name, removed += name (one transaction)   2 image file gone
//! ```
//!
//! [`Catalog::open`] repairs a crash between two steps: it adds an image file that the catalog lacks, and deletes
//! an image file whose name was removed. If the catalog's file is lost, `open` rebuilds the catalog from the image
//! files. Only changed tags, changed expiry times and the names of removed images are lost then.

mod log;
mod times;

use std::ops::{Bound, ControlFlow};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use prost::Message;
use redb::{Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition};
use store::{Store, StoreError};
use tokio::sync::watch;
use wire::ErrorClass;
use wire::name::{ImageName, StreamName};
use wire::proto::ImageRecord;

pub use self::log::Position;
use self::times::ChangeTimes;

const IMAGES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("images");
const REMOVED: TableDefinition<'_, &str, &str> = TableDefinition::new("removed");

/// The catalog database of one data folder, and the store that holds the image files.
#[derive(Debug)]
pub struct Catalog {
    database: Database,
    store: Arc<Store>,
    /// Held during all steps of adding or removing an image.
    changing: Mutex<()>,
    /// Sends the catalog's version, which grows with each change, to the callers that wait for a change.
    changes: watch::Sender<u64>,
    times: Mutex<ChangeTimes>,
}

/// The present state of a name that changed.
#[derive(Clone, Debug, PartialEq)]
pub enum CatalogChange {
    /// An image has the name: it was added, or its tags or expiry changed.
    Image(Box<ImageRecord>),
    /// The image that had the name was removed.
    Removed {
        /// The image's name.
        name: String,
        /// The digest of the manifest that it had.
        manifest: String,
    },
}

/// Changes after a position in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogChanges {
    /// In the order in which the names last changed.
    pub changes: Vec<CatalogChange>,
    /// The position after these changes.
    pub position: Position,
}

/// The reason why the catalog refused a request.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// No image has the name now; a removed image may have had it.
    #[error("no image is named {0}")]
    Missing(String),
    /// No image is directly in the stream; images of streams below it do not count.
    #[error("stream {0} has no image")]
    EmptyStream(String),
    /// A removed image had the name. An upload checks this when it begins and again when it is committed.
    #[error(
        "the name {0} belonged to an image that was removed: names are never used again, choose another leaf"
    )]
    Removed(String),
    /// The store failed, or holds another manifest under the same name.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// redb failed: an I/O error, or a database that is damaged or already open.
    #[error("the catalog's database failed: {0}")]
    Database(#[from] redb::Error),
    /// A follower's position is not in the log of this catalog.
    #[error(
        "these changes did not happen here: this server was restored from a backup, or lost its catalog, after it was followed"
    )]
    OtherHistory,
    /// A record in the database cannot be decoded.
    #[error(
        "the catalog's record of {0} is damaged: stop imaged and move catalog.redb away; at its next start, imaged makes the catalog anew from the store"
    )]
    Damaged(String),
}

impl CatalogError {
    /// Maps the error to the class that clients see.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Missing(_) | Self::EmptyStream(_) => ErrorClass::NotFound,
            Self::Removed(_) => ErrorClass::Conflict,
            Self::Store(error) => error.class(),
            Self::OtherHistory => ErrorClass::Conflict,
            Self::Database(_) => ErrorClass::Internal,
            Self::Damaged(_) => ErrorClass::Damaged,
        }
    }
}

/// Converts any of redb's error types.
fn db(error: impl Into<redb::Error>) -> CatalogError {
    CatalogError::Database(error.into())
}

impl Catalog {
    /// Opens the catalog, creating it if it is missing, and finishes changes that a crash interrupted.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::Store`]. A damaged image file is logged and skipped.
    pub fn open(path: &Path, store: Arc<Store>) -> Result<Self, CatalogError> {
        let database = Database::create(path).map_err(db)?;
        let transaction = database.begin_write().map_err(db)?;
        {
            let images = transaction.open_table(IMAGES).map_err(db)?;
            let removed = transaction.open_table(REMOVED).map_err(db)?;
            let count = images.len().map_err(db)? + removed.len().map_err(db)?;
            // A catalog from before the log: otherwise no name is read here.
            if log::names_count(&transaction)? < count {
                log::note_missing(&transaction, names_of(&images)?)?;
                log::note_missing(&transaction, names_of(&removed)?)?;
            }
        }
        let head = log::begin_history(&transaction)?;
        transaction.commit().map_err(db)?;
        let catalog = Self {
            database,
            store,
            changing: Mutex::new(()),
            times: Mutex::new(ChangeTimes::new(head)),
            changes: watch::Sender::new(first_version()),
        };
        catalog.recover()?;
        Ok(catalog)
    }

    fn recover(&self) -> Result<(), CatalogError> {
        for image in self.store.images()? {
            let record = match image {
                Ok(record) => record,
                Err(error) => {
                    tracing::error!("leaving out a damaged image file: {error}");
                    continue;
                }
            };
            let Ok(name) = record.name.parse::<ImageName>() else {
                continue;
            };
            if self.is_removed(&name)? {
                tracing::info!(image = %name, "finishing a removal");
                self.store.remove_image(&name)?;
            } else if self.find(&name)?.is_none() {
                tracing::info!(image = %name, "adding an image that the catalog lacked");
                self.write(&record)?;
            }
        }
        Ok(())
    }

    fn is_removed(&self, name: &ImageName) -> Result<bool, CatalogError> {
        let read = self.database.begin_read().map_err(db)?;
        let table = read.open_table(REMOVED).map_err(db)?;
        Ok(table.get(name.as_str()).map_err(db)?.is_some())
    }

    fn find(&self, name: &ImageName) -> Result<Option<ImageRecord>, CatalogError> {
        let read = self.database.begin_read().map_err(db)?;
        let table = read.open_table(IMAGES).map_err(db)?;
        let value = table.get(name.as_str()).map_err(db)?;
        value.map(|value| decode(name.as_str(), value.value())).transpose()
    }

    fn write(&self, record: &ImageRecord) -> Result<(), CatalogError> {
        let transaction = self.database.begin_write().map_err(db)?;
        {
            let mut table = transaction.open_table(IMAGES).map_err(db)?;
            table.insert(record.name.as_str(), record.encode_to_vec().as_slice()).map_err(db)?;
        }
        let sequence = log::note(&transaction, &record.name)?;
        transaction.commit().map_err(db)?;
        self.tell(sequence);
        Ok(())
    }

    /// Checks that nobody has removed an image of this name; returns the image that has the name now, if any.
    ///
    /// # Errors
    /// [`CatalogError::Removed`], [`CatalogError::Database`], [`CatalogError::Damaged`].
    pub fn check_name(&self, name: &ImageName) -> Result<Option<ImageRecord>, CatalogError> {
        if self.is_removed(name)? {
            return Err(CatalogError::Removed(name.to_string()));
        }
        self.find(name)
    }

    /// Adds an image whose objects are durable. Returns false if the catalog already has this name and manifest.
    ///
    /// # Durability
    /// The image survives a power loss after this call.
    ///
    /// # Errors
    /// [`CatalogError::Removed`]; [`StoreError::ImageExists`] if an image of this name has another manifest.
    pub fn add(&self, name: &ImageName, record: &ImageRecord) -> Result<bool, CatalogError> {
        let _changing = self.changing.lock();
        let existing = self.check_name(name)?;
        // Step 2, the image file: the store refuses another manifest under the same name.
        self.store.put_image(name, record)?;
        if existing.is_some() {
            return Ok(false);
        }
        // Step 3, the catalog.
        self.write(record)?;
        Ok(true)
    }

    /// Reads the first key of the catalog, as a health check; decodes no record.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn check(&self) -> Result<(), CatalogError> {
        let read = self.database.begin_read().map_err(db)?;
        let table = read.open_table(IMAGES).map_err(db)?;
        table.first().map_err(db)?;
        Ok(())
    }

    /// Returns the record of an image, with its present tags and expiry.
    ///
    /// # Errors
    /// [`CatalogError::Missing`].
    pub fn get(&self, name: &ImageName) -> Result<ImageRecord, CatalogError> {
        self.find(name)?.ok_or_else(|| CatalogError::Missing(name.to_string()))
    }

    /// Returns the images of a stream and of all streams below it, sorted by name; `None` means every stream.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::Damaged`].
    pub fn list(&self, stream: Option<&StreamName>) -> Result<Vec<ImageRecord>, CatalogError> {
        let mut found = Vec::new();
        self.visit(stream, "", |record| {
            found.push(record);
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// Visits the images that [`Catalog::list`] returns and whose names come after `after`, until the visitor breaks.
    ///
    /// # Errors
    /// As [`Catalog::list`].
    pub fn visit(
        &self,
        stream: Option<&StreamName>,
        after: &str,
        mut visitor: impl FnMut(ImageRecord) -> ControlFlow<()>,
    ) -> Result<(), CatalogError> {
        let read = self.database.begin_read().map_err(db)?;
        let table = read.open_table(IMAGES).map_err(db)?;
        let prefix = stream.map(|stream| format!("{stream}/")).unwrap_or_default();
        let first = match after {
            "" => Bound::Included(prefix.as_str()),
            after if after < prefix.as_str() => Bound::Included(prefix.as_str()),
            after => Bound::Excluded(after),
        };
        for entry in table.range::<&str>((first, Bound::Unbounded)).map_err(db)? {
            let (name, value) = entry.map_err(db)?;
            if !name.value().starts_with(&prefix) {
                break;
            }
            if visitor(decode(name.value(), value.value())?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Returns the newest image of exactly this stream; images of streams below it do not count.
    ///
    /// # Errors
    /// [`CatalogError::EmptyStream`].
    pub fn latest(&self, stream: &StreamName) -> Result<ImageRecord, CatalogError> {
        let in_stream = |record: &ImageRecord| {
            record.name.parse::<ImageName>().is_ok_and(|name| name.stream() == *stream)
        };
        self.list(Some(stream))?
            .into_iter()
            .filter(in_stream)
            .max_by_key(|record| (record.created_at_ms, record.name.clone()))
            .ok_or_else(|| CatalogError::EmptyStream(stream.to_string()))
    }

    /// Changes an image's record. Callers may change only tags and expiry: nothing else of an image is mutable.
    ///
    /// # Errors
    /// [`CatalogError::Missing`].
    pub fn change(
        &self,
        name: &ImageName,
        change: impl FnOnce(&mut ImageRecord),
    ) -> Result<ImageRecord, CatalogError> {
        let transaction = self.database.begin_write().map_err(db)?;
        let record = {
            let mut table = transaction.open_table(IMAGES).map_err(db)?;
            let found = table.get(name.as_str()).map_err(db)?;
            let found = found.map(|value| decode(name.as_str(), value.value())).transpose()?;
            let mut record = found.ok_or_else(|| CatalogError::Missing(name.to_string()))?;
            change(&mut record);
            table.insert(name.as_str(), record.encode_to_vec().as_slice()).map_err(db)?;
            record
        };
        let sequence = log::note(&transaction, name.as_str())?;
        transaction.commit().map_err(db)?;
        self.tell(sequence);
        Ok(record)
    }

    /// Removes an image. Nobody can add another image under its name afterwards.
    ///
    /// # Durability
    /// The image stays removed across a power loss after this call.
    ///
    /// # Errors
    /// [`CatalogError::Missing`].
    pub fn remove(&self, name: &ImageName) -> Result<(), CatalogError> {
        let _changing = self.changing.lock();
        let record = self.get(name)?;
        let transaction = self.database.begin_write().map_err(db)?;
        {
            let mut images = transaction.open_table(IMAGES).map_err(db)?;
            images.remove(name.as_str()).map_err(db)?;
            let mut removed = transaction.open_table(REMOVED).map_err(db)?;
            removed.insert(name.as_str(), record.manifest.as_str()).map_err(db)?;
        }
        let sequence = log::note(&transaction, name.as_str())?;
        transaction.commit().map_err(db)?;
        self.tell(sequence);
        Ok(self.store.remove_image(name)?)
    }

    /// Removes images whose expiry time has passed, of streams for which `is_ours` is true; returns their number. An
    /// image whose expiry time is 0 never expires.
    ///
    /// # Errors
    /// Those of [`Catalog::remove`].
    pub fn remove_expired(
        &self,
        now_ms: i64,
        is_ours: impl Fn(&StreamName) -> bool,
    ) -> Result<usize, CatalogError> {
        let is_expired = |record: &ImageRecord| (1..=now_ms).contains(&record.expires_at_ms);
        let expired = self.list(None)?.into_iter().filter(is_expired);
        let expired = expired.filter_map(|record| record.name.parse::<ImageName>().ok());
        let expired: Vec<_> = expired.filter(|name| is_ours(&name.stream())).collect();
        for name in &expired {
            self.remove(name)?;
            tracing::info!(image = %name, "removed an expired image");
        }
        Ok(expired.len())
    }

    /// Returns what changed after a position in the log, `None` for its beginning: the present state of at most
    /// `count_max` names, in the order of their newest change. Calling again with the position returned gives the next
    /// names; an empty list means that there is none.
    ///
    /// # Errors
    /// [`CatalogError::OtherHistory`] if the position was not this catalog's.
    pub fn changes_after(
        &self,
        after: Option<Position>,
        count_max: usize,
    ) -> Result<CatalogChanges, CatalogError> {
        let read = self.database.begin_read().map_err(db)?;
        let found = log::names_after(&read, after, count_max)?;
        let images = read.open_table(IMAGES).map_err(db)?;
        let removed = read.open_table(REMOVED).map_err(db)?;
        let mut changes = Vec::with_capacity(found.names.len());
        for name in found.names {
            let image = images.get(name.as_str()).map_err(db)?;
            let change = match image.map(|value| decode(&name, value.value())).transpose()? {
                Some(record) => CatalogChange::Image(Box::new(record)),
                None => {
                    let manifest = removed.get(name.as_str()).map_err(db)?;
                    let manifest = manifest.map(|value| value.value().to_owned());
                    CatalogChange::Removed { name, manifest: manifest.unwrap_or_default() }
                }
            };
            changes.push(change);
        }
        Ok(CatalogChanges { changes, position: found.position })
    }

    /// Notes when a change became durable, and wakes those that wait for news.
    fn tell(&self, sequence: u64) {
        self.times.lock().note(sequence);
        self.changes.send_modify(|count| *count += 1);
    }

    /// Returns how many changes came after a position in the log, and how long ago the first of them was made, as far as it
    /// is known since the start.
    ///
    /// # Errors
    /// [`CatalogError::OtherHistory`] if the position was not this catalog's.
    pub fn behind(&self, position: Option<Position>) -> Result<(u64, Duration), CatalogError> {
        let Some(position) = position else { return Ok(self.times.lock().behind(0)) };
        let read = self.database.begin_read().map_err(db)?;
        log::names_after(&read, Some(position), 0)?;
        Ok(self.times.lock().behind(position.sequence))
    }

    /// Returns a receiver of the catalog's version; the receiver sees every change after this call.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

/// Returns a random value at which the catalog's version starts, so that a version from before a restart never matches.
fn first_version() -> u64 {
    u64::from(rand::random::<u32>()) << 24 | 1
}

fn names_of<V: redb::Value + 'static>(
    table: &impl ReadableTable<&'static str, V>,
) -> Result<Vec<String>, CatalogError> {
    let rows = table.iter().map_err(db)?.map(|row| row.map(|(name, _)| name.value().to_owned()));
    rows.collect::<Result<_, _>>().map_err(db)
}

fn decode(name: &str, bytes: &[u8]) -> Result<ImageRecord, CatalogError> {
    ImageRecord::decode(bytes).map_err(|_| CatalogError::Damaged(name.to_owned()))
}

#[cfg(test)]
mod tests;
