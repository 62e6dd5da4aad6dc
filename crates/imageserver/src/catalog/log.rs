//! The catalog's log of changes: which names changed since a follower last looked.
//!
//! ```text
//! changes    sequence → name          newest    name → sequence of its newest change
//! histories  ordinal → sequence at which the history begins, its id
//! ```
//!
//! The log holds names, and a follower is sent the present state of each. A change of a name takes the place of the
//! earlier one, so that the log never has more entries than there are names, those of removed images included.
//!
//! A sequence alone is no position: a catalog that was restored from a backup counts on from the backup's last change.
//! Each opening of the catalog begins a *history* with an id of its own, and a position names the history that its
//! sequence belongs to. A history that the catalog does not know, or that ended before the sequence, shows a follower
//! that it has seen changes which this catalog never made.

use std::ops::RangeInclusive;

use redb::{
    ReadTransaction, ReadableTable, ReadableTableMetadata, TableDefinition, WriteTransaction,
};

use super::{CatalogError, db};

const CHANGES: TableDefinition<'_, u64, &str> = TableDefinition::new("changes");
const NEWEST: TableDefinition<'_, &str, u64> = TableDefinition::new("newest");
const HISTORIES: TableDefinition<'_, u64, (u64, [u8; 16])> = TableDefinition::new("histories");

/// Limit on histories: one for each start of the server, and all are read to check a position. A follower whose position is in an older one
/// must compare all images.
const HISTORIES_MAX: u64 = 1_000;

/// A position in a catalog's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Id of the history that the sequence belongs to.
    pub history: [u8; 16],
    /// Sequence of the last change that was seen; 0 before the first.
    pub sequence: u64,
}

/// Names that changed after a position, in the order of their newest change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChangedNames {
    pub names: Vec<String>,
    /// The position after these changes.
    pub position: Position,
}

/// Returns how many names the log has.
pub(super) fn names_count(transaction: &WriteTransaction) -> Result<u64, CatalogError> {
    transaction.open_table(NEWEST).map_err(db)?.len().map_err(db)
}

/// Logs those of the names that the log lacks.
pub(super) fn note_missing(
    transaction: &WriteTransaction,
    names: Vec<String>,
) -> Result<(), CatalogError> {
    for name in names {
        let newest = transaction.open_table(NEWEST).map_err(db)?;
        let is_known = newest.get(name.as_str()).map_err(db)?.is_some();
        drop(newest);
        if !is_known {
            note(transaction, &name)?;
        }
    }
    Ok(())
}

/// Begins a history at the end of the log; returns the sequence of the last change.
pub(super) fn begin_history(transaction: &WriteTransaction) -> Result<u64, CatalogError> {
    let begin = last_sequence(&transaction.open_table(CHANGES).map_err(db)?)?;
    let mut histories = transaction.open_table(HISTORIES).map_err(db)?;
    let last = histories.last().map_err(db)?.map_or(0, |(ordinal, _)| ordinal.value());
    histories.insert(last + 1, (begin, rand::random())).map_err(db)?;
    let oldest_kept = (last + 1).saturating_sub(HISTORIES_MAX - 1);
    histories.retain(|ordinal, _| ordinal >= oldest_kept).map_err(db)?;
    Ok(begin)
}

/// Logs a change of a name, in the transaction that makes the change; returns its sequence.
pub(super) fn note(transaction: &WriteTransaction, name: &str) -> Result<u64, CatalogError> {
    let mut changes = transaction.open_table(CHANGES).map_err(db)?;
    let mut newest = transaction.open_table(NEWEST).map_err(db)?;
    let sequence = last_sequence(&changes)? + 1;
    changes.insert(sequence, name).map_err(db)?;
    let before = newest.insert(name, sequence).map_err(db)?.map(|before| before.value());
    if let Some(before) = before {
        changes.remove(before).map_err(db)?;
    }
    Ok(sequence)
}

/// Returns the names that changed after a position, at most `count_max`; `None` stands for the beginning of the log.
///
/// # Errors
/// [`CatalogError::OtherHistory`].
pub(super) fn names_after(
    transaction: &ReadTransaction,
    after: Option<Position>,
    count_max: usize,
) -> Result<ChangedNames, CatalogError> {
    let changes = transaction.open_table(CHANGES).map_err(db)?;
    let histories = Histories::read(transaction, last_sequence(&changes)?)?;
    if let Some(after) = after {
        histories.check(after)?;
    }
    let seen = after.map_or(0, |after| after.sequence);
    let (mut names, mut sequence) = (Vec::new(), histories.head);
    let mut rows = changes.range(seen + 1..).map_err(db)?;
    while let Some((at, name)) = rows.next().transpose().map_err(db)? {
        if names.len() == count_max {
            break;
        }
        names.push(name.value().to_owned());
        sequence = at.value();
    }
    Ok(ChangedNames { names, position: histories.position(sequence) })
}

/// All histories of a catalog, and the sequence of its last change.
struct Histories {
    rows: Vec<(u64, [u8; 16])>,
    head: u64,
}

impl Histories {
    fn read(transaction: &ReadTransaction, head: u64) -> Result<Self, CatalogError> {
        let table = transaction.open_table(HISTORIES).map_err(db)?;
        let rows = table.iter().map_err(db)?.map(|row| row.map(|(_, history)| history.value()));
        let rows = rows.collect::<Result<_, _>>().map_err(db)?;
        Ok(Self { rows, head })
    }

    /// Returns the first and the last sequence of a history. At the sequence where one ends and the next begins, both
    /// stand for the same state. The oldest history that is kept stands for those before it, too.
    fn range(&self, index: usize) -> RangeInclusive<u64> {
        let begin = if index == 0 { 0 } else { self.rows[index].0 };
        begin..=self.rows.get(index + 1).map_or(self.head, |(begin, _)| *begin)
    }

    /// Checks that a position is in one of these histories.
    fn check(&self, at: Position) -> Result<(), CatalogError> {
        let index = self.rows.iter().position(|(_, id)| *id == at.history);
        let is_ours = index.is_some_and(|index| self.range(index).contains(&at.sequence));
        is_ours.then_some(()).ok_or(CatalogError::OtherHistory)
    }

    /// Returns the position of a sequence, in the oldest history that has it: a backup knows that one rather than a
    /// newer one.
    fn position(&self, sequence: u64) -> Position {
        let index = (0..self.rows.len()).find(|index| self.range(*index).contains(&sequence));
        let history = index.map_or([0; 16], |index| self.rows[index].1);
        Position { history, sequence }
    }
}

fn last_sequence(changes: &impl ReadableTable<u64, &'static str>) -> Result<u64, CatalogError> {
    Ok(changes.last().map_err(db)?.map_or(0, |(sequence, _)| sequence.value()))
}

/// Removes the log, as if a version of imaged without one had written the catalog.
#[cfg(test)]
pub(super) fn forget(database: &redb::Database) {
    let transaction = database.begin_write().expect("a transaction");
    transaction.delete_table(CHANGES).expect("a table");
    transaction.delete_table(NEWEST).expect("a table");
    transaction.delete_table(HISTORIES).expect("a table");
    transaction.commit().expect("a commit");
}
