//! What publishers leave here: runs, snapshots with their block maps, and who may publish a stream now.
//!
//! ```text
//! runs       id → Run                     leases   stream → StreamLease
//! snapshots  stream, account, region, snapshot → SnapshotRecord
//! owners     snapshot → stream             whose blocks it holds
//! maps       stream, digest → time, block map     kept while a snapshot names it, and a week without
//! ```
//!
//! Every change is one transaction, and durable once it is answered. A change names the version that it
//! follows; when another one is there, nothing is changed.

use std::collections::BTreeSet;
use std::path::Path;

use prost::Message;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use wire::blockmap::{BlockHash, BlockMap};
use wire::name::StreamName;
use wire::proto::{Run, SnapshotRecord, StreamLease};

const RUNS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("runs");
const LEASES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("leases");
const SNAPSHOTS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("snapshots");
const OWNERS: TableDefinition<'_, &str, &str> = TableDefinition::new("owners");
const MAPS: TableDefinition<'_, &[u8], (i64, &[u8])> = TableDefinition::new("maps");

/// How long a map is kept that no snapshot names: longer than any run takes.
const MAP_KEPT_MS: i64 = 7 * 86_400_000;

/// Runs that are kept; older ones that have ended go first.
const RUNS_MAX: usize = 10_000;

/// The longest state of a run: 10,000 targets of 1 KiB.
pub const RUN_STATE_LEN_MAX: usize = 10 << 20;

/// The records.
#[derive(Debug)]
pub struct Publishing {
    database: Database,
}

/// Why something was refused.
#[derive(Debug, thiserror::Error)]
pub enum PublishingError {
    /// There is none.
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
    /// What was sent is none.
    #[error("{0}")]
    Invalid(String),
    /// The database failed.
    #[error("publishing records: {0}")]
    Database(#[from] redb::Error),
    /// A record in the database is damaged.
    #[error("publishing records: {0} is damaged")]
    Damaged(String),
}

fn db(error: impl Into<redb::Error>) -> PublishingError {
    PublishingError::Database(error.into())
}

type Result<T> = std::result::Result<T, PublishingError>;

fn key(record: &SnapshotRecord) -> String {
    let SnapshotRecord { stream, account_id, region, snapshot_id, .. } = record;
    [stream.as_str(), account_id, region, snapshot_id].join("\0")
}

fn map_key(stream: &str, digest: &[u8]) -> Vec<u8> {
    [stream.as_bytes(), &[0], digest].concat()
}

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

    /// Writes a run's state; returns its new version.
    ///
    /// # Errors
    /// [`PublishingError::Changed`], [`PublishingError::Invalid`].
    pub fn put_run(&self, mut run: Run, follows: u64, now_ms: i64) -> Result<u64> {
        if run.id.is_empty() || run.id.len() > 64 || run.state.len() > RUN_STATE_LEN_MAX {
            return Err(PublishingError::Invalid("a run's id or state is too long".to_owned()));
        }
        let what = format!("run {}", run.id);
        let transaction = self.database.begin_write().map_err(db)?;
        let version = {
            let mut table = transaction.open_table(RUNS).map_err(db)?;
            let found = table.get(run.id.as_str()).map_err(db)?;
            let found = found.map(|value| decode::<Run>(&what, value.value())).transpose()?;
            // Whoever may publish one stream has no say in another's runs, nor learns of them.
            if found.as_ref().is_some_and(|found| found.stream != run.stream) {
                return Err(PublishingError::Missing(what));
            }
            check_version(&what, found.as_ref().map_or(0, |run| run.version), follows)?;
            run.version = follows + 1;
            run.created_at_ms = found.map_or(now_ms, |run| run.created_at_ms);
            run.changed_at_ms = now_ms;
            table.insert(run.id.as_str(), run.encode_to_vec().as_slice()).map_err(db)?;
            run.version
        };
        transaction.commit().map_err(db)?;
        Ok(version)
    }

    /// Returns a run.
    ///
    /// # Errors
    /// [`PublishingError::Missing`].
    pub fn run(&self, id: &str) -> Result<Run> {
        let read = self.database.begin_read().map_err(db)?;
        let table = read.open_table(RUNS).map_err(db)?;
        let found = table.get(id).map_err(db)?;
        let found = found.ok_or_else(|| PublishingError::Missing(format!("run {id}")))?;
        decode(&format!("run {id}"), found.value())
    }

    /// Returns all runs without their state, the latest first.
    ///
    /// # Errors
    /// [`PublishingError::Database`].
    pub fn runs(&self) -> Result<Vec<Run>> {
        let read = self.database.begin_read().map_err(db)?;
        let table = read.open_table(RUNS).map_err(db)?;
        let mut runs = Vec::new();
        for entry in table.iter().map_err(db)? {
            let (id, value) = entry.map_err(db)?;
            let run: Run = decode(id.value(), value.value())?;
            runs.push(Run { state: Vec::new().into(), ..run });
        }
        runs.sort_by_key(|run| std::cmp::Reverse((run.created_at_ms, run.id.clone())));
        Ok(runs)
    }

    /// Keeps a block map; returns its digest.
    ///
    /// # Errors
    /// [`PublishingError::Invalid`] for what is none.
    pub fn put_map(&self, stream: &StreamName, bytes: &[u8], now_ms: i64) -> Result<BlockHash> {
        let map = BlockMap::decode(bytes);
        let digest = map.map_err(|error| PublishingError::Invalid(error.to_string()))?.digest();
        let transaction = self.database.begin_write().map_err(db)?;
        {
            let mut table = transaction.open_table(MAPS).map_err(db)?;
            table
                .insert(map_key(stream.as_str(), &digest).as_slice(), (now_ms, bytes))
                .map_err(db)?;
        }
        transaction.commit().map_err(db)?;
        Ok(digest)
    }

    /// Returns a block map.
    ///
    /// # Errors
    /// [`PublishingError::Missing`].
    pub fn map(&self, stream: &StreamName, digest: &[u8]) -> Result<Vec<u8>> {
        let read = self.database.begin_read().map_err(db)?;
        let table = read.open_table(MAPS).map_err(db)?;
        let found = table.get(map_key(stream.as_str(), digest).as_slice()).map_err(db)?;
        let missing = || PublishingError::Missing("block map of that digest".to_owned());
        Ok(found.ok_or_else(missing)?.value().1.to_vec())
    }

    /// Writes a snapshot's record; returns its new version. Its map must be here.
    ///
    /// # Errors
    /// [`PublishingError::Changed`], [`PublishingError::Missing`].
    pub fn put_snapshot(&self, mut record: SnapshotRecord, follows: u64) -> Result<u64> {
        let what = format!("the record of {}", record.snapshot_id);
        let transaction = self.database.begin_write().map_err(db)?;
        let version = {
            let maps = transaction.open_table(MAPS).map_err(db)?;
            let map = map_key(&record.stream, &record.map_digest);
            if maps.get(map.as_slice()).map_err(db)?.is_none() {
                return Err(PublishingError::Missing("block map of that digest".to_owned()));
            }
            let mut table = transaction.open_table(SNAPSHOTS).map_err(db)?;
            let mut owners = transaction.open_table(OWNERS).map_err(db)?;
            let owner = owners.insert(record.snapshot_id.as_str(), record.stream.as_str());
            // Another stream's holds other blocks than this one's map says.
            if owner.map_err(db)?.is_some_and(|owner| owner.value() != record.stream) {
                let problem = format!("{} is another stream's", record.snapshot_id);
                return Err(PublishingError::Invalid(problem));
            }
            let key = key(&record);
            let found = table.get(key.as_str()).map_err(db)?;
            let found = found.map(|value| decode::<SnapshotRecord>(&what, value.value()));
            check_version(&what, found.transpose()?.map_or(0, |found| found.version), follows)?;
            record.version = follows + 1;
            table.insert(key.as_str(), record.encode_to_vec().as_slice()).map_err(db)?;
            record.version
        };
        transaction.commit().map_err(db)?;
        Ok(version)
    }

    /// Removes a snapshot's record; one that is gone is no error.
    ///
    /// # Errors
    /// [`PublishingError::Changed`].
    pub fn remove_snapshot(&self, record: &SnapshotRecord, follows: u64) -> Result<()> {
        let what = format!("the record of {}", record.snapshot_id);
        let transaction = self.database.begin_write().map_err(db)?;
        {
            let mut table = transaction.open_table(SNAPSHOTS).map_err(db)?;
            let found = table.remove(key(record).as_str()).map_err(db)?;
            if let Some(value) = found {
                let found: SnapshotRecord = decode(&what, value.value())?;
                check_version(&what, found.version, follows)?;
                let mut owners = transaction.open_table(OWNERS).map_err(db)?;
                owners.remove(record.snapshot_id.as_str()).map_err(db)?;
            }
        }
        transaction.commit().map_err(db)
    }

    /// Returns the records of a stream, the latest last.
    ///
    /// # Errors
    /// [`PublishingError::Database`].
    pub fn snapshots(&self, stream: &StreamName) -> Result<Vec<SnapshotRecord>> {
        let read = self.database.begin_read().map_err(db)?;
        let table = read.open_table(SNAPSHOTS).map_err(db)?;
        let prefix = format!("{stream}\0");
        let mut found: Vec<SnapshotRecord> = Vec::new();
        for entry in table.range(prefix.as_str()..).map_err(db)? {
            let (name, value) = entry.map_err(db)?;
            if !name.value().starts_with(&prefix) {
                break;
            }
            found.push(decode("the record of a snapshot", value.value())?);
        }
        found.sort_by_key(|record| record.created_at_ms);
        Ok(found)
    }

    /// Removes maps that nothing needs and the oldest runs that have ended; to be called now and then.
    ///
    /// # Errors
    /// [`PublishingError::Database`].
    pub fn tidy(&self, now_ms: i64) -> Result<()> {
        let transaction = self.database.begin_write().map_err(db)?;
        {
            let mut needed = BTreeSet::new();
            let snapshots = transaction.open_table(SNAPSHOTS).map_err(db)?;
            for entry in snapshots.iter().map_err(db)? {
                let (_, value) = entry.map_err(db)?;
                let record: SnapshotRecord = decode("the record of a snapshot", value.value())?;
                needed.insert(map_key(&record.stream, &record.map_digest));
            }
            let mut maps = transaction.open_table(MAPS).map_err(db)?;
            maps.retain(|key, (put_ms, _)| needed.contains(key) || now_ms - put_ms < MAP_KEPT_MS)
                .map_err(db)?;
            let mut runs = transaction.open_table(RUNS).map_err(db)?;
            let mut ended = Vec::new();
            let mut count = 0;
            for entry in runs.iter().map_err(db)? {
                let (id, value) = entry.map_err(db)?;
                let run: Run = decode(id.value(), value.value())?;
                count += 1;
                if run.status != "running" {
                    ended.push((run.created_at_ms, run.id));
                }
            }
            ended.sort_unstable();
            for (_, id) in ended.iter().take(usize::saturating_sub(count, RUNS_MAX)) {
                runs.remove(id.as_str()).map_err(db)?;
            }
        }
        transaction.commit().map_err(db)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> (tempfile::TempDir, Publishing) {
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

    #[test]
    fn runs_are_changed_by_one_at_a_time() {
        let (_folder, publishing) = open();
        let (id, status) = ("r1".to_owned(), "running".to_owned());
        let run = Run { id, status, stream: "s".to_owned(), ..Run::default() };
        assert_eq!(publishing.put_run(run.clone(), 0, 1).unwrap(), 1);
        assert!(matches!(
            publishing.put_run(run.clone(), 0, 2),
            Err(PublishingError::Changed { found: 1, expected: 0, .. })
        ));
        let stolen = Run { stream: "t".to_owned(), ..run.clone() };
        assert!(matches!(publishing.put_run(stolen, 1, 2), Err(PublishingError::Missing(_))));
        assert_eq!(publishing.put_run(run, 1, 3).unwrap(), 2);
        let found = publishing.run("r1").unwrap();
        assert_eq!((found.created_at_ms, found.changed_at_ms, found.version), (1, 3, 2));
        assert!(publishing.run("r2").is_err());
        assert_eq!(publishing.runs().unwrap().len(), 1);
    }

    #[test]
    fn maps_are_kept_while_snapshots_name_them() {
        let (_folder, publishing) = open();
        let map = BlockMap::new(vec![[7; 32]]).unwrap().encode();
        let (stream, other): (StreamName, StreamName) =
            ("s/t".parse().unwrap(), "s/u".parse().unwrap());
        assert!(publishing.put_map(&stream, b"none", 0).is_err());
        let digest = publishing.put_map(&stream, &map, 0).unwrap();
        assert!(publishing.map(&other, &digest).is_err());
        let record = SnapshotRecord {
            stream: "s/t".to_owned(),
            snapshot_id: "snap-1".to_owned(),
            map_digest: digest.to_vec().into(),
            ..SnapshotRecord::default()
        };
        assert_eq!(publishing.put_snapshot(record.clone(), 0).unwrap(), 1);
        let unknown = SnapshotRecord { map_digest: vec![1; 32].into(), ..record.clone() };
        assert!(matches!(publishing.put_snapshot(unknown, 1), Err(PublishingError::Missing(_))));
        // Another stream has neither the map nor the snapshot.
        let stolen = SnapshotRecord { stream: "s/u".to_owned(), ..record.clone() };
        assert!(matches!(
            publishing.put_snapshot(stolen.clone(), 0),
            Err(PublishingError::Missing(_))
        ));
        publishing.put_map(&other, &map, 0).unwrap();
        assert!(matches!(publishing.put_snapshot(stolen, 0), Err(PublishingError::Invalid(_))));
        assert_eq!(publishing.snapshots(&stream).unwrap().len(), 1);
        assert_eq!(publishing.snapshots(&"s".parse().unwrap()).unwrap().len(), 0);
        publishing.tidy(MAP_KEPT_MS * 2).unwrap();
        assert_eq!(publishing.map(&stream, &digest).unwrap(), map);
        assert!(publishing.remove_snapshot(&record, 5).is_err());
        assert_eq!(publishing.snapshots(&stream).unwrap().len(), 1);
        publishing.remove_snapshot(&record, 1).unwrap();
        publishing.tidy(MAP_KEPT_MS / 2).unwrap();
        assert!(publishing.map(&stream, &digest).is_ok());
        publishing.tidy(MAP_KEPT_MS * 2).unwrap();
        assert!(publishing.map(&stream, &digest).is_err());
    }
}
