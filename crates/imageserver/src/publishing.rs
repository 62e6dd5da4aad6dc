//! What publishers leave here: runs, snapshots with their block maps, and who may publish a stream now.
//!
//! ```text
//! runs       id → Run, without its state   states   id → the run's state   leases   stream → StreamLease
//! snapshots  stream, account, region, snapshot → SnapshotRecord
//! owners     snapshot → stream             whose blocks it holds
//! maps       stream, digest → time, block map     kept while a snapshot names it, and a week without
//! ```
//!
//! Every change is one transaction, and durable once it is answered. A change names the version that it
//! follows; when another one is there, nothing is changed.

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

/// The records.
#[derive(Debug)]
pub struct Publishing {
    database: Database,
}

/// Why something was refused.
#[derive(Debug, thiserror::Error)]
pub enum PublishingError {
    /// No such record.
    #[error("there is no {0}")]
    Missing(String),
    /// Somebody else changed it.
    #[error("{what} was changed by somebody else: version {found} is there, not {expected}")]
    Changed {
        /// What.
        what: String,
        /// The version that is there.
        found: u64,
        /// The version that the change follows.
        expected: u64,
    },
    /// Somebody publishes the stream.
    #[error(
        "stream {stream} is being published by {holder} until {until}: wait, or take it over with --steal"
    )]
    Held {
        /// The stream.
        stream: String,
        /// By whom.
        holder: String,
        /// For so long, in seconds from now.
        until: String,
    },
    /// The stream was taken over.
    #[error("stream {stream} was taken over{holder}: nothing more is done for {what}")]
    Overtaken {
        /// The stream.
        stream: String,
        /// " by" and the new holder; empty where nobody holds it any more.
        holder: String,
        /// What was to be changed.
        what: String,
    },
    /// The request is malformed.
    #[error("{0}")]
    Invalid(String),
    /// The database failed.
    #[error("publishing records: {0}")]
    Database(#[from] redb::Error),
    /// A record in the database is damaged.
    #[error("publishing records: {0} is damaged")]
    Damaged(String),
}

impl PublishingError {
    /// Returns what the error means for the caller.
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
    /// Opens the records, or creates them.
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

    /// Lets somebody publish a stream, or go on doing so.
    ///
    /// # Errors
    /// [`PublishingError::Held`].
    pub fn lease(
        &self,
        stream: &StreamName,
        holder: &str,
        ttl_ms: u64,
        steal: bool,
        now_ms: i64,
    ) -> Result<StreamLease> {
        if holder.is_empty() {
            return Err(PublishingError::Invalid("a lease without a holder".to_owned()));
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
                    until: format!("{} s from now", (found.expires_at_ms - now_ms) / 1000),
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

    /// Gives a stream back; one that somebody else holds by now stays theirs.
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
                // Kept for its epoch: the next one is another.
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
        // Too late: it is no longer theirs to give back.
        publishing.release(&stream, "one").unwrap();
        assert!(publishing.lease(&stream, "three", 1000, false, 9).is_err());
        publishing.release(&stream, "two").unwrap();
        assert_eq!(publishing.lease(&stream, "three", 9, false, 9).unwrap().epoch, 3);
        // And one that expired.
        assert_eq!(publishing.lease(&stream, "four", 9, false, 18).unwrap().epoch, 4);
    }
}
