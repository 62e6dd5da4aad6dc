//! The records of publishers: runs, snapshots with their block maps, and the leases of streams.
//!
//! ```text
//! runs       id → Run, without its state   states   id → the run's state   leases   stream → StreamLease
//! snapshots  stream, account, region, snapshot → SnapshotRecord
//! owners     snapshot → the stream whose blocks it holds
//! maps       stream, digest → time, block map     kept for a week, and while a snapshot names it
//! ```
//!
//! Every change is one transaction and durable when the call returns. A change to a run or snapshot names the
//! version that it follows; if the record has another version, the call changes nothing.

mod runs;
mod snapshots;
mod tidy;

use std::path::Path;

use prost::Message;
use redb::{Database, ReadableTable, TableDefinition};
use wire::ErrorClass;
use wire::name::StreamName;
use wire::proto::StreamLease;

pub use runs::RUN_STATE_LEN_MAX;
pub use snapshots::SnapshotFilter;

const RUNS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("runs");
const STATES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("states");
const LEASES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("leases");
const SNAPSHOTS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("snapshots");
const OWNERS: TableDefinition<'_, &str, &str> = TableDefinition::new("owners");
const MAPS: TableDefinition<'_, &[u8], (i64, &[u8])> = TableDefinition::new("maps");

/// The database of publishers' records, `publishing.redb` in the data folder.
#[derive(Debug)]
pub struct Publishing {
    database: Database,
}

/// The reason why a request about runs, snapshots, block maps or leases was refused.
#[derive(Debug, thiserror::Error)]
pub enum PublishingError {
    /// The record does not exist, or belongs to another stream.
    #[error("there is no {0}")]
    Missing(String),
    /// Another caller changed the record first.
    #[error("somebody else changed {what}: it has version {found} instead of {expected}")]
    Changed {
        /// Kind and id of the record, for the message.
        what: String,
        /// The record's present version; 0 if there is no record.
        found: u64,
        /// The version on which the caller based the change.
        expected: u64,
    },
    /// Another publisher holds the stream's lease, and the caller did not ask to steal it.
    #[error(
        "stream {stream} is being published by {holder} for another {remaining_s} s: wait, or take it over with --steal"
    )]
    Held {
        /// The stream's name, such as `base/debian`.
        stream: String,
        /// The name under which the holder asked for the lease: `USER@HOST (run …, process …)`.
        holder: String,
        /// Seconds until the lease ends, unless its holder renews it.
        remaining_s: i64,
    },
    /// Another publisher took the stream's lease, or the lease was given back.
    #[error(
        "the lease on stream {stream} was taken over{holder}: {what} cannot be changed any more"
    )]
    Overtaken {
        /// The stream of the run that the caller wanted to write.
        stream: String,
        /// The text `" by "` and the name of the new holder; empty if nobody holds the lease now.
        holder: String,
        /// The record that the caller wanted to change.
        what: String,
    },
    /// The request is malformed, or names another stream's snapshot.
    #[error("{0}")]
    Invalid(String),
    /// redb failed: an I/O error, or a database that is damaged or already open.
    #[error("the database of publishing records failed: {0}")]
    Database(#[from] redb::Error),
    /// A record in the database cannot be decoded.
    #[error("the database of publishing records is damaged: {0} cannot be decoded")]
    Damaged(String),
}

impl PublishingError {
    /// Maps the error to the class that clients see.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Missing(_) => ErrorClass::NotFound,
            Self::Changed { .. } | Self::Overtaken { .. } | Self::Held { .. } => {
                ErrorClass::Conflict
            }
            Self::Invalid(_) => ErrorClass::Refused,
            Self::Damaged(_) => ErrorClass::Damaged,
            Self::Database(_) => ErrorClass::Internal,
        }
    }
}

fn db(error: impl Into<redb::Error>) -> PublishingError {
    PublishingError::Database(error.into())
}

type Result<T> = std::result::Result<T, PublishingError>;

fn decode<M: Message + Default>(what: &str, bytes: &[u8]) -> Result<M> {
    M::decode(bytes).map_err(|_| PublishingError::Damaged(what.to_owned()))
}

fn check_version(what: &str, found: u64, expected: u64) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(PublishingError::Changed { what: what.to_owned(), found, expected })
}

impl Publishing {
    /// Opens the database; creates it if it is missing.
    ///
    /// # Errors
    /// [`PublishingError::Database`].
    pub fn open(path: &Path) -> Result<Self> {
        let database = Database::create(path).map_err(db)?;
        let transaction = database.begin_write().map_err(db)?;
        transaction.open_table(RUNS).map_err(db)?;
        transaction.open_table(STATES).map_err(db)?;
        transaction.open_table(LEASES).map_err(db)?;
        transaction.open_table(SNAPSHOTS).map_err(db)?;
        transaction.open_table(OWNERS).map_err(db)?;
        transaction.open_table(MAPS).map_err(db)?;
        transaction.commit().map_err(db)?;
        Ok(Self { database })
    }

    /// Gives `holder` the lease of a stream for `ttl_ms`, or extends the lease that `holder` has. With `steal`, takes
    /// the lease even from another holder. A new holder gets a new epoch.
    ///
    /// # Errors
    /// [`PublishingError::Held`]; [`PublishingError::Invalid`] for an empty holder.
    pub fn lease(
        &self,
        stream: &StreamName,
        holder: &str,
        ttl_ms: u64,
        steal: bool,
        now_ms: i64,
    ) -> Result<StreamLease> {
        if holder.is_empty() {
            return Err(PublishingError::Invalid("a lease needs a holder".to_owned()));
        }
        let transaction = self.database.begin_write().map_err(db)?;
        let lease = {
            let mut table = transaction.open_table(LEASES).map_err(db)?;
            let found = table.get(stream.as_str()).map_err(db)?;
            let found = found.map(|value| decode::<StreamLease>("a lease", value.value()));
            let found = found.transpose()?.unwrap_or_default();
            let is_ours = found.holder == holder;
            if found.expires_at_ms > now_ms && !is_ours && !steal {
                return Err(PublishingError::Held {
                    stream: stream.to_string(),
                    holder: found.holder,
                    remaining_s: (found.expires_at_ms - now_ms) / 1000,
                });
            }
            let lease = StreamLease {
                stream: stream.to_string(),
                holder: holder.to_owned(),
                epoch: if is_ours { found.epoch } else { found.epoch + 1 },
                expires_at_ms: now_ms.saturating_add_unsigned(ttl_ms),
            };
            table.insert(stream.as_str(), lease.encode_to_vec().as_slice()).map_err(db)?;
            lease
        };
        transaction.commit().map_err(db)?;
        Ok(lease)
    }

    /// Gives back the lease of a stream; does nothing if somebody else holds it.
    ///
    /// # Errors
    /// [`PublishingError::Database`].
    pub fn release(&self, stream: &StreamName, holder: &str) -> Result<()> {
        let transaction = self.database.begin_write().map_err(db)?;
        {
            let mut table = transaction.open_table(LEASES).map_err(db)?;
            let found = table.get(stream.as_str()).map_err(db)?;
            let found = found.map(|value| decode::<StreamLease>("a lease", value.value()));
            let found = found.transpose()?.unwrap_or_default();
            if found.holder == holder {
                // The record stays because of its epoch: the next holder must get a higher epoch.
                let lease = StreamLease { expires_at_ms: 0, holder: String::new(), ..found };
                table.insert(stream.as_str(), lease.encode_to_vec().as_slice()).map_err(db)?;
            }
        }
        transaction.commit().map_err(db)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn open() -> (tempfile::TempDir, Publishing) {
        let folder = testkit::scratch();
        let publishing = Publishing::open(&folder.path().join("publishing.redb")).unwrap();
        (folder, publishing)
    }

    #[test]
    fn one_publisher_a_stream() {
        let (_folder, publishing) = open();
        let stream: StreamName = "base/debian".parse().unwrap();
        let first = publishing.lease(&stream, "one", 1000, false, 5).unwrap();
        assert_eq!(publishing.lease(&stream, "one", 1000, false, 6).unwrap().epoch, first.epoch);
        let held = publishing.lease(&stream, "two", 1000, false, 7).unwrap_err();
        assert!(held.to_string().contains("published by one"), "{held}");
        let stolen = publishing.lease(&stream, "two", 1000, true, 8).unwrap();
        assert_eq!(stolen.epoch, first.epoch + 1);
        // "one" lost the lease before, so its release changes nothing.
        publishing.release(&stream, "one").unwrap();
        assert!(publishing.lease(&stream, "three", 1000, false, 9).is_err());
        publishing.release(&stream, "two").unwrap();
        assert_eq!(publishing.lease(&stream, "three", 9, false, 9).unwrap().epoch, 3);
        // An expired lease needs no `steal`.
        assert_eq!(publishing.lease(&stream, "four", 9, false, 18).unwrap().epoch, 4);
    }
}
