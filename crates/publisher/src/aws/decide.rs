//! Decides on the base of a target's snapshot, and on the blocks to put.

use cloud::calls::{DefaultEncryption, Snapshot, SnapshotState};
use wire::blockmap::{BlockIndex, BlockMap};
use wire::proto::SnapshotRecord;
use wire::run::{Encryption, SnapshotBase};

/// Facts about a target that decide its plan.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'a> {
    /// Account number, as AWS reports it.
    pub account_id: &'a str,
    /// Encryption of snapshots whose request does not say how to encrypt them.
    pub default: &'a DefaultEncryption,
    /// ARN of the key that the order or the configuration names.
    pub kms_key: Option<&'a str>,
    /// Whether snapshots may be unencrypted if the account allows it.
    pub may_be_plain: bool,
    /// imaged's record of the stream's last snapshot in the target; `None` if it has none.
    pub record: Option<&'a SnapshotRecord>,
    /// Block map of that snapshot; `None` if it is lost.
    pub known: Option<&'a BlockMap>,
    /// That snapshot as AWS describes it now; `None` if it is gone.
    pub snapshot: Option<&'a Snapshot>,
}

/// How a target's snapshot is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Initial content and encryption of the snapshot.
    pub base: SnapshotBase,
    /// Indexes of the blocks to put, ascending.
    pub blocks: Vec<BlockIndex>,
    /// Reason for a full upload; `None` for an incremental one.
    pub why_full: Option<String>,
    /// Encryption that the finished snapshot must have.
    pub encryption: Encryption,
}

impl Facts<'_> {
    /// Returns the encryption that the finished snapshot must have.
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

/// Makes the plan. A snapshot becomes the parent only if imaged's record names it, and only while AWS describes it as
/// the record does.
pub(super) fn decide(map: &BlockMap, facts: Facts<'_>) -> Plan {
    let mut encryption = facts.encryption();
    match parent(map, facts, &encryption) {
        Ok((record, known)) => {
            let snapshot = record.snapshot_id.clone();
            // A child snapshot has its parent's key.
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
            // In an encrypted snapshot a missing block reads as garbage, so zero blocks must be put, too.
            Plan { base, blocks: map.all(is_encrypted), why_full: Some(why), encryption }
        }
    }
}

/// Finds the parent and its block map, or the reason why there is none.
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

/// Checks whether the last snapshot can be the parent, by everything that is known without the disk.
///
/// # Errors
/// The reason for a full upload.
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
        return differs("is archived, pending or failed");
    }
    if found.size_gib != record.size_gib {
        return differs("has another size than was recorded");
    }
    let key = found.key.as_deref().unwrap_or_default();
    if key != record.key {
        return differs("does not have the encryption that its record says");
    }
    if encryption.is_encrypted && key.is_empty() {
        return differs("is not encrypted");
    }
    if record.key_asked != encryption.asked {
        return differs("was made for another key than the order names");
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
        assert_eq!(plan.blocks, [1, 3].map(BlockIndex));
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
            assert_eq!(plan.blocks, [0, 1, 2, 3].map(BlockIndex));
            assert!(plan.why_full.is_some());
        }
        // Without encryption a missing block reads as zeros.
        let plan = decided(None, None, None, false);
        assert_eq!(
            (plan.base, plan.blocks),
            (SnapshotBase::Plain, [0, 1].map(BlockIndex).to_vec())
        );
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
