//! Removal of unneeded block maps and of old runs.

use std::collections::BTreeSet;

use redb::{ReadTransaction, ReadableDatabase, ReadableTable, ReadableTableMetadata};
use wire::proto::{Run, SnapshotRecord};

use super::snapshots::map_key;
use super::{MAPS, Publishing, RUNS, Result, SNAPSHOTS, STATES, db, decode};

/// Time in milliseconds for which a stored map is kept even if no snapshot names it. Every run takes less time than
/// this.
pub(super) const MAP_KEPT_MS: i64 = 7 * 86_400_000;

/// Limit on the count of runs. If there are more, the oldest of the runs that have ended are removed; runs that have
/// not ended stay.
const RUNS_MAX: u64 = 10_000;

impl Publishing {
    /// Removes the oldest runs that have ended, and old block maps that no snapshot needs. The daemon calls this
    /// periodically. Writes nothing if there is nothing to remove.
    ///
    /// # Errors
    /// [`super::PublishingError::Database`].
    pub fn tidy(&self, now_ms: i64) -> Result<()> {
        let read = self.database.begin_read().map_err(db)?;
        let (maps, runs) = (old_maps(&read, now_ms)?, old_runs(&read)?);
        if maps.is_empty() && runs.is_empty() {
            return Ok(());
        }
        let transaction = self.database.begin_write().map_err(db)?;
        {
            // A snapshot may have been recorded, or a map stored again, since the read transaction began.
            let needed = needed_maps(&transaction.open_table(SNAPSHOTS).map_err(db)?)?;
            let mut table = transaction.open_table(MAPS).map_err(db)?;
            for key in maps.iter().filter(|key| !needed.contains(*key)) {
                let put_ms = table.get(key.as_slice()).map_err(db)?.map(|found| found.value().0);
                if put_ms.is_some_and(|put_ms| is_old(put_ms, now_ms)) {
                    table.remove(key.as_slice()).map_err(db)?;
                }
            }
            let mut table = transaction.open_table(RUNS).map_err(db)?;
            let mut states = transaction.open_table(STATES).map_err(db)?;
            for id in &runs {
                table.remove(id.as_str()).map_err(db)?;
                states.remove(id.as_str()).map_err(db)?;
            }
        }
        transaction.commit().map_err(db)
    }
}

fn is_old(put_ms: i64, now_ms: i64) -> bool {
    now_ms - put_ms >= MAP_KEPT_MS
}

/// Returns the keys of the maps that snapshots name.
fn needed_maps(
    snapshots: &impl ReadableTable<&'static str, &'static [u8]>,
) -> Result<BTreeSet<Vec<u8>>> {
    let mut needed = BTreeSet::new();
    for entry in snapshots.iter().map_err(db)? {
        let (_, value) = entry.map_err(db)?;
        let record: SnapshotRecord = decode("the record of a snapshot", value.value())?;
        needed.insert(map_key(&record.stream, &record.map_digest));
    }
    Ok(needed)
}

/// Returns the keys of maps that no snapshot names and that are older than [`MAP_KEPT_MS`].
fn old_maps(read: &ReadTransaction, now_ms: i64) -> Result<Vec<Vec<u8>>> {
    let mut old = Vec::new();
    for entry in read.open_table(MAPS).map_err(db)?.iter().map_err(db)? {
        let (key, value) = entry.map_err(db)?;
        if is_old(value.value().0, now_ms) {
            old.push(key.value().to_vec());
        }
    }
    if !old.is_empty() {
        let needed = needed_maps(&read.open_table(SNAPSHOTS).map_err(db)?)?;
        old.retain(|key| !needed.contains(key));
    }
    Ok(old)
}

/// Returns the ids of the runs to remove: the oldest runs that have ended, as many as there are runs in excess of
/// [`RUNS_MAX`].
fn old_runs(read: &ReadTransaction) -> Result<Vec<String>> {
    let table = read.open_table(RUNS).map_err(db)?;
    let surplus = table.len().map_err(db)?.saturating_sub(RUNS_MAX);
    if surplus == 0 {
        return Ok(Vec::new());
    }
    let mut ended = Vec::new();
    for entry in table.iter().map_err(db)? {
        let (id, value) = entry.map_err(db)?;
        let run: Run = decode(id.value(), value.value())?;
        if run.status != "running" {
            ended.push((run.created_at_ms, run.id));
        }
    }
    ended.sort_unstable();
    let surplus = usize::try_from(surplus).unwrap_or(usize::MAX);
    Ok(ended.into_iter().take(surplus).map(|(_, id)| id).collect())
}
