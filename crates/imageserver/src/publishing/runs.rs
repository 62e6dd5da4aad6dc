//! Runs of publishing: for each run, the last state that its publisher wrote.

use prost::Message;
use redb::{ReadableDatabase, ReadableTable};
use wire::proto::{Run, StreamLease};

use super::{LEASES, Publishing, PublishingError, RUNS, Result, STATES, check_version, db, decode};

/// The maximum length of a run's state in bytes: 10,000 targets of 1 KiB.
pub const RUN_STATE_LEN_MAX: usize = 10 << 20;

impl Publishing {
    /// Writes a run and its state; returns the run's new version. `follows` is the version on which the caller based
    /// the change, and 0 for the first write of a run. `epoch` is the epoch of the caller's lease of the stream: a
    /// publisher that lost the lease cannot write any more.
    ///
    /// # Errors
    /// [`PublishingError::Changed`], [`PublishingError::Overtaken`], [`PublishingError::Invalid`];
    /// [`PublishingError::Missing`] if the run belongs to another stream.
    pub fn put_run(&self, mut run: Run, follows: u64, epoch: u64, now_ms: i64) -> Result<u64> {
        if run.id.is_empty() || run.id.len() > 64 || run.state.len() > RUN_STATE_LEN_MAX {
            return Err(PublishingError::Invalid("a run's id or state is too long".to_owned()));
        }
        let what = format!("run {}", run.id);
        let transaction = self.database.begin_write().map_err(db)?;
        let version = {
            let mut table = transaction.open_table(RUNS).map_err(db)?;
            let found = table.get(run.id.as_str()).map_err(db)?;
            let found = found.map(|value| decode::<Run>(&what, value.value())).transpose()?;
            // A publisher of one stream may neither change another stream's run nor learn that it exists.
            if found.as_ref().is_some_and(|found| found.stream != run.stream) {
                return Err(PublishingError::Missing(what));
            }
            check_version(&what, found.as_ref().map_or(0, |run| run.version), follows)?;
            let leases = transaction.open_table(LEASES).map_err(db)?;
            let lease = leases.get(run.stream.as_str()).map_err(db)?;
            let lease = lease.map(|value| decode::<StreamLease>("a lease", value.value()));
            let lease = lease.transpose()?.unwrap_or_default();
            // A lease that expired still counts as held, as long as nobody else took it.
            if lease.epoch != epoch || epoch == 0 {
                let by = |holder: &String| format!(" by {holder}");
                let holder = Some(&lease.holder).filter(|h| !h.is_empty()).map(by);
                let (stream, holder) = (run.stream, holder.unwrap_or_default());
                return Err(PublishingError::Overtaken { stream, holder, what });
            }
            run.version = follows + 1;
            run.created_at_ms = found.map_or(now_ms, |run| run.created_at_ms);
            run.changed_at_ms = now_ms;
            let mut states = transaction.open_table(STATES).map_err(db)?;
            let state = std::mem::take(&mut run.state);
            states.insert(run.id.as_str(), &state[..]).map_err(db)?;
            table.insert(run.id.as_str(), run.encode_to_vec().as_slice()).map_err(db)?;
            run.version
        };
        transaction.commit().map_err(db)?;
        Ok(version)
    }

    /// Returns a run with its state.
    ///
    /// # Errors
    /// [`PublishingError::Missing`].
    pub fn run(&self, id: &str) -> Result<Run> {
        let read = self.database.begin_read().map_err(db)?;
        let table = read.open_table(RUNS).map_err(db)?;
        let found = table.get(id).map_err(db)?;
        let found = found.ok_or_else(|| PublishingError::Missing(format!("run {id}")))?;
        let mut run: Run = decode(&format!("run {id}"), found.value())?;
        let states = read.open_table(STATES).map_err(db)?;
        if let Some(state) = states.get(id).map_err(db)? {
            run.state = state.value().to_vec().into();
        }
        Ok(run)
    }

    /// Returns all runs without their states, the newest first.
    ///
    /// # Errors
    /// [`PublishingError::Database`].
    pub fn runs(&self) -> Result<Vec<Run>> {
        let read = self.database.begin_read().map_err(db)?;
        let table = read.open_table(RUNS).map_err(db)?;
        let mut runs = Vec::new();
        for entry in table.iter().map_err(db)? {
            let (id, value) = entry.map_err(db)?;
            runs.push(decode::<Run>(id.value(), value.value())?);
        }
        runs.sort_by_key(|run| std::cmp::Reverse((run.created_at_ms, run.id.clone())));
        Ok(runs)
    }
}

#[cfg(test)]
mod tests {
    use wire::name::StreamName;

    use super::super::tests::open;
    use super::*;

    #[test]
    fn runs_are_changed_by_one_at_a_time() {
        let (_folder, publishing) = open();
        let (id, status) = ("r1".to_owned(), "running".to_owned());
        let state = b"state".to_vec().into();
        let run = Run { id, status, stream: "s".to_owned(), state, ..Run::default() };
        let stream: StreamName = "s".parse().unwrap();
        let epoch = publishing.lease(&stream, "one", 9, false, 0).unwrap().epoch;
        assert_eq!(publishing.put_run(run.clone(), 0, epoch, 1).unwrap(), 1);
        assert!(matches!(
            publishing.put_run(run.clone(), 0, epoch, 2),
            Err(PublishingError::Changed { found: 1, expected: 0, .. })
        ));
        let stolen = Run { stream: "t".to_owned(), ..run.clone() };
        assert!(matches!(
            publishing.put_run(stolen, 1, epoch, 2),
            Err(PublishingError::Missing(_))
        ));
        assert_eq!(publishing.put_run(run.clone(), 1, epoch, 3).unwrap(), 2);
        let found = publishing.run("r1").unwrap();
        assert_eq!((found.created_at_ms, found.changed_at_ms, found.version), (1, 3, 2));
        assert_eq!(found.state, run.state);
        assert!(publishing.run("r2").is_err());
        let listed = publishing.runs().unwrap();
        assert_eq!((listed.len(), listed[0].state.len()), (1, 0));
        // A publisher that slept while another took the stream can write nothing more.
        publishing.lease(&stream, "two", 9, true, 4).unwrap();
        let late = publishing.put_run(run.clone(), 2, epoch, 5).unwrap_err();
        assert!(late.to_string().contains("taken over by two"), "{late}");
        assert_eq!(publishing.put_run(run, 2, epoch + 1, 5).unwrap(), 3);
    }
}
