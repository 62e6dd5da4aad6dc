//! Records of the snapshots that a stream has in its targets, and the block maps of these snapshots.

use prost::Message;
use redb::{ReadableDatabase, ReadableTable};
use wire::blockmap::{BlockHash, BlockMap};
use wire::name::StreamName;
use wire::proto::SnapshotRecord;

use super::{
    MAPS, OWNERS, Publishing, PublishingError, Result, SNAPSHOTS, check_version, db, decode,
};

/// Selects the records of one account, region or snapshot. An empty account matches all accounts and regions; an empty
/// region matches all regions; an empty snapshot matches all snapshots.
#[derive(Clone, Debug, Default)]
pub struct SnapshotFilter {
    /// Account id of twelve digits, or empty.
    pub account_id: String,
    /// Region such as `eu-west-1`, or empty.
    pub region: String,
    /// Snapshot id such as `snap-...`, unique within a region, or empty.
    pub snapshot_id: String,
}

impl SnapshotFilter {
    /// Returns the common prefix of the keys of all matching records.
    fn prefix(&self, stream: &StreamName) -> String {
        let Self { account_id, region, snapshot_id } = self;
        let mut prefix = format!("{stream}\0");
        for part in [account_id, region].into_iter().take_while(|part| !part.is_empty()) {
            prefix.push_str(part);
            prefix.push('\0');
        }
        if !account_id.is_empty() && !region.is_empty() {
            prefix.push_str(snapshot_id);
        }
        prefix
    }

    /// Compares the snapshot id of a record that has the prefix with the filter's id. This is necessary because the
    /// prefix also matches longer ids. An empty id in the filter matches every record.
    fn matches(&self, record: &SnapshotRecord) -> bool {
        self.snapshot_id.is_empty() || self.snapshot_id == record.snapshot_id
    }
}

fn key(record: &SnapshotRecord) -> String {
    let SnapshotRecord { stream, account_id, region, snapshot_id, .. } = record;
    [stream.as_str(), account_id, region, snapshot_id].join("\0")
}

pub(super) fn map_key(stream: &str, digest: &[u8]) -> Vec<u8> {
    [stream.as_bytes(), &[0], digest].concat()
}

impl Publishing {
    /// Stores a block map; returns its digest. Storing an existing map again restarts the time for which it is kept.
    ///
    /// # Errors
    /// [`PublishingError::Invalid`] for bytes that do not decode as a block map.
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

    /// Returns the encoded block map that was stored for the stream under this digest.
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

    /// Writes a snapshot's record; returns its new version. The block map that the record names must already be stored.
    ///
    /// # Errors
    /// [`PublishingError::Changed`]; [`PublishingError::Missing`] if the block map is not stored;
    /// [`PublishingError::Invalid`] if another stream owns the snapshot.
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
            // If another stream owns the snapshot, its blocks are not those in this stream's block map.
            if owner.map_err(db)?.is_some_and(|owner| owner.value() != record.stream) {
                let problem = format!("snapshot {} belongs to another stream", record.snapshot_id);
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

    /// Removes a snapshot's record; succeeds if there is none.
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

    /// Returns the records of a stream that pass the filter, the oldest first.
    ///
    /// # Errors
    /// [`PublishingError::Database`].
    pub fn snapshots(
        &self,
        stream: &StreamName,
        of: &SnapshotFilter,
    ) -> Result<Vec<SnapshotRecord>> {
        let read = self.database.begin_read().map_err(db)?;
        let table = read.open_table(SNAPSHOTS).map_err(db)?;
        let prefix = of.prefix(stream);
        let mut found: Vec<SnapshotRecord> = Vec::new();
        for entry in table.range(prefix.as_str()..).map_err(db)? {
            let (name, value) = entry.map_err(db)?;
            if !name.value().starts_with(&prefix) {
                break;
            }
            let record = decode("the record of a snapshot", value.value())?;
            found.extend(of.matches(&record).then_some(record));
        }
        found.sort_by_key(|record| record.created_at_ms);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::open;
    use super::super::tidy::MAP_KEPT_MS;
    use super::*;

    #[test]
    fn maps_are_kept_while_snapshots_name_them() {
        let (_folder, publishing) = open();
        let all = SnapshotFilter::default();
        let map = BlockMap::new(vec![[7; 32]]).unwrap().encode();
        let (stream, other): (StreamName, StreamName) =
            ("s/t".parse().unwrap(), "s/u".parse().unwrap());
        assert!(publishing.put_map(&stream, b"none", 0).is_err());
        let digest = publishing.put_map(&stream, &map, 0).unwrap();
        assert!(publishing.map(&other, &digest).is_err());
        let record = SnapshotRecord {
            stream: "s/t".to_owned(),
            account_id: "1".to_owned(),
            region: "r".to_owned(),
            snapshot_id: "snap-1".to_owned(),
            map_digest: digest.to_vec().into(),
            ..SnapshotRecord::default()
        };
        assert_eq!(publishing.put_snapshot(record.clone(), 0).unwrap(), 1);
        let unknown = SnapshotRecord { map_digest: vec![1; 32].into(), ..record.clone() };
        assert!(matches!(publishing.put_snapshot(unknown, 1), Err(PublishingError::Missing(_))));
        // Another stream can use neither the map nor the snapshot.
        let stolen = SnapshotRecord { stream: "s/u".to_owned(), ..record.clone() };
        assert!(matches!(
            publishing.put_snapshot(stolen.clone(), 0),
            Err(PublishingError::Missing(_))
        ));
        publishing.put_map(&other, &map, 0).unwrap();
        assert!(matches!(publishing.put_snapshot(stolen, 0), Err(PublishingError::Invalid(_))));
        assert_eq!(publishing.snapshots(&stream, &all).unwrap().len(), 1);
        assert_eq!(publishing.snapshots(&"s".parse().unwrap(), &all).unwrap().len(), 0);
        let of = |account: &str, snapshot: &str| {
            let [account_id, snapshot_id] = [account, snapshot].map(str::to_owned);
            let of = SnapshotFilter { account_id, region: "r".to_owned(), snapshot_id };
            publishing.snapshots(&stream, &of).unwrap().len()
        };
        assert_eq!((of("1", "snap-1"), of("1", "snap"), of("1", ""), of("11", "")), (1, 0, 1, 0));
        publishing.tidy(MAP_KEPT_MS * 2).unwrap();
        assert_eq!(publishing.map(&stream, &digest).unwrap(), map);
        assert!(publishing.remove_snapshot(&record, 5).is_err());
        assert_eq!(publishing.snapshots(&stream, &all).unwrap().len(), 1);
        publishing.remove_snapshot(&record, 1).unwrap();
        publishing.tidy(MAP_KEPT_MS / 2).unwrap();
        assert!(publishing.map(&stream, &digest).is_ok());
        publishing.tidy(MAP_KEPT_MS * 2).unwrap();
        assert!(publishing.map(&stream, &digest).is_err());
    }
}
