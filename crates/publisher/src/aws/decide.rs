//! What a target's snapshot begins with, and which blocks it needs.

use cloud::calls::{DefaultEncryption, Snapshot, SnapshotState};
use wire::blockmap::BlockMap;
use wire::proto::SnapshotRecord;
use wire::run::{Encryption, SnapshotBase};

/// What is known of a target before anything is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'a> {
    /// The account's number.
    pub account_id: &'a str,
    /// What happens to snapshots that do not say.
    pub default: &'a DefaultEncryption,
    /// The key that is asked for.
    pub kms_key: Option<&'a str>,
    /// Whether snapshots may do without encryption where the account lets them.
    pub may_be_plain: bool,
    /// Our record of the last snapshot of the stream there.
    pub record: Option<&'a SnapshotRecord>,
    /// Its block map.
    pub known: Option<&'a BlockMap>,
    /// That snapshot, as AWS describes it now.
    pub snapshot: Option<&'a Snapshot>,
}

/// A target's plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// What the snapshot begins with.
    pub base: SnapshotBase,
    /// Blocks to put, in order.
    pub blocks: Vec<u32>,
    /// Why everything is put, where it is.
    pub why_full: Option<String>,
    /// What the snapshot must turn out to be.
    pub encryption: Encryption,
}

impl Facts<'_> {
    /// What a snapshot must turn out to be.
    pub(super) fn encryption(&self) -> Encryption {
        let is_encrypted = !self.may_be_plain || self.default.is_on || self.kms_key.is_some();
        let asked = match self.kms_key {
            Some(key) => key.to_owned(),
            None if is_encrypted => self.default.key.clone(),
            None => String::new(),
        };
        let key = asked.contains(":key/").then(|| asked.clone());
        Encryption { is_encrypted, key, asked }
    }
}

/// Decides. Only a snapshot that our own record names is ever a parent, and only as long as nothing about
/// it is otherwise than the record says.
pub(super) fn decide(map: &BlockMap, facts: Facts<'_>) -> Plan {
    let mut encryption = facts.encryption();
    match parent(map, facts, &encryption) {
        Ok((record, known)) => {
            let snapshot = record.snapshot_id.clone();
            // A child has its parent's key.
            encryption.key = Some(record.key.clone()).filter(|key| !key.is_empty());
            let is_same = known.digest() == map.digest();
            let base = if is_same {
                SnapshotBase::Same { snapshot }
            } else {
                SnapshotBase::Parent { snapshot }
            };
            Plan { base, blocks: map.changed_since(known), why_full: None, encryption }
        }
        Err(why) => {
            let is_encrypted = encryption.is_encrypted;
            let base = if is_encrypted {
                SnapshotBase::Encrypted { key: facts.kms_key.map(str::to_owned) }
            } else {
                SnapshotBase::Plain
            };
            // Under encryption a block that is not there reads as garbage.
            Plan { base, blocks: map.all(is_encrypted), why_full: Some(why), encryption }
        }
    }
}

/// Finds the parent and its map, or says why there is none.
fn parent<'a>(
    map: &BlockMap,
    facts: Facts<'a>,
    encryption: &Encryption,
) -> Result<(&'a SnapshotRecord, &'a BlockMap), String> {
    let record = usable(facts, encryption)?;
    let why =
        |what: &str| format!("the block map of the last snapshot {} {what}", record.snapshot_id);
    let known = facts.known.ok_or_else(|| why("is gone"))?;
    if known.hashes().len() > map.hashes().len() {
        return Err(why("is of a larger disk"));
    }
    Ok((record, known))
}

/// Finds the last snapshot if it can be a parent, as far as that is known without the disk, or says why not.
///
/// # Errors
/// For a person: why everything must be put.
pub(super) fn usable<'a>(
    facts: Facts<'a>,
    encryption: &Encryption,
) -> Result<&'a SnapshotRecord, String> {
    let record = facts.record.ok_or("no snapshot of this stream is known here")?;
    let id = &record.snapshot_id;
    let found = facts.snapshot.ok_or_else(|| format!("the last snapshot {id} is gone"))?;
    let differs = |what: &str| Err(format!("the last snapshot {id} {what}"));
    if found.id != *id || found.owner != facts.account_id {
        return differs("belongs to another account");
    }
    if found.state != SnapshotState::Completed {
        return differs("is archived, or failed");
    }
    if found.size_gib != record.size_gib {
        return differs("has another size than was recorded");
    }
    let key = found.key.as_deref().unwrap_or_default();
    if key != record.key {
        return differs("is encrypted otherwise than was recorded");
    }
    if encryption.is_encrypted && key.is_empty() {
        return differs("is not encrypted");
    }
    if record.key_asked != encryption.asked {
        return differs("is encrypted with another key than is wanted now");
    }
    Ok(record)
}

#[cfg(test)]
mod tests {
    use wire::blockmap::ZEROS;

    use super::*;

    fn map(numbers: &[u8]) -> BlockMap {
        let hash = |number: &u8| if *number == 0 { ZEROS } else { [*number; 32] };
        BlockMap::new(numbers.iter().map(hash).collect()).unwrap()
    }

    fn record() -> SnapshotRecord {
        SnapshotRecord {
            snapshot_id: "snap-1".to_owned(),
            size_gib: 1,
            key: "arn:k".to_owned(),
            key_asked: "alias/k".to_owned(),
            ..SnapshotRecord::default()
        }
    }

    fn snapshot() -> Snapshot {
        Snapshot {
            id: "snap-1".to_owned(),
            owner: "1".to_owned(),
            state: SnapshotState::Completed,
            message: String::new(),
            size_gib: 1,
            key: Some("arn:k".to_owned()),
            tags: Default::default(),
        }
    }

    fn decided(
        record: Option<&SnapshotRecord>,
        snapshot: Option<&Snapshot>,
        kms_key: Option<&str>,
        is_on: bool,
    ) -> Plan {
        let default = DefaultEncryption { is_on, key: "alias/k".to_owned() };
        let known = map(&[1, 2, 0]);
        let facts = Facts {
            account_id: "1",
            default: &default,
            kms_key,
            may_be_plain: !is_on,
            record,
            known: Some(&known),
            snapshot,
        };
        decide(&map(&[1, 3, 0, 0]), facts)
    }

    #[test]
    fn a_parent_that_is_as_recorded_saves_blocks() {
        let plan = decided(Some(&record()), Some(&snapshot()), None, true);
        assert_eq!(plan.base, SnapshotBase::Parent { snapshot: "snap-1".to_owned() });
        assert_eq!(plan.blocks, [1, 3]);
        assert_eq!(plan.why_full, None);
        assert_eq!(
            (plan.encryption.is_encrypted, plan.encryption.key.as_deref()),
            (true, Some("arn:k"))
        );
    }

    #[test]
    fn anything_else_is_a_full_upload() {
        let other = |change: fn(&mut Snapshot)| {
            let mut snapshot = snapshot();
            change(&mut snapshot);
            decided(Some(&record()), Some(&snapshot), None, true)
        };
        let full = [
            decided(None, None, None, true),
            decided(Some(&record()), None, None, true),
            decided(Some(&record()), Some(&snapshot()), Some("other"), true),
            other(|s| s.owner = "2".to_owned()),
            other(|s| s.state = SnapshotState::Unusable),
            other(|s| s.state = SnapshotState::Pending),
            other(|s| s.key = None),
            other(|s| s.key = Some("other".to_owned())),
            other(|s| s.size_gib = 2),
        ];
        for plan in full {
            assert!(matches!(plan.base, SnapshotBase::Encrypted { .. }), "{plan:?}");
            assert_eq!(plan.blocks, [0, 1, 2, 3]);
            assert!(plan.why_full.is_some());
        }
        // Without encryption what is not there reads as zeros.
        let plan = decided(None, None, None, false);
        assert_eq!((plan.base, plan.blocks), (SnapshotBase::Plain, vec![0, 1]));
        let (key, key_asked) = (String::new(), String::new());
        let unencrypted = SnapshotRecord { key, key_asked, ..record() };
        let plain = Snapshot { key: None, ..snapshot() };
        let plan = decided(Some(&unencrypted), Some(&plain), None, true);
        assert!(plan.why_full.unwrap().contains("is not encrypted"));
    }

    #[test]
    fn the_same_content_needs_nothing() {
        let default = DefaultEncryption { is_on: true, key: "alias/k".to_owned() };
        let (record, snapshot, known) = (record(), snapshot(), map(&[1, 2, 0]));
        let facts = Facts {
            account_id: "1",
            default: &default,
            kms_key: None,
            may_be_plain: false,
            record: Some(&record),
            known: Some(&known),
            snapshot: Some(&snapshot),
        };
        let plan = decide(&known, facts);
        assert_eq!(plan.base, SnapshotBase::Same { snapshot: "snap-1".to_owned() });
        assert!(plan.blocks.is_empty());
    }
}
