//! The steps of one target, up to the finished snapshot; [`register`](super::register) has the rest.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cloud::CloudErrorKind;
use cloud::calls::{
    self, AmiQuery, BlockLease, Cloud, NewSnapshot, SnapshotQuery, SnapshotState, WhileInUse,
};
use cloud::poll::poll_until;
use sha2::{Digest, Sha256};
use sysio::clock::now_ms;
use tokio::task::JoinSet;
use wire::blockmap::BlockIndex;
use wire::proto::SnapshotRecord;
use wire::run::{BlocksPut, RUN_TAG, Run, SnapshotBase, Step, TargetRun};

use super::blocks::PublishedDisk;
use super::journal::Journal;
use super::naming::token;
use super::progress::UploadProgress;
use super::readback::{self, Sample};
use super::records::Records;
use crate::error::{PublishError, Reason, Result};

/// Limit on unfinished puts in one target: the most that can ever be in flight there. Waiting puts hold no memory.
const WAITING_MAX: usize = 128;

/// Time that AWS may take to finish a snapshot or an AMI.
pub(crate) const WAIT: Duration = Duration::from_secs(4 * 3600);

/// Time to wait for a snapshot whose completion AWS refused. If an earlier attempt succeeded, the snapshot is complete
/// soon.
const DOUBT: Duration = Duration::from_secs(60);

/// Minutes after the last block until AWS gives up on a snapshot. Three hours suffice to resume a run. A longer limit
/// would let abandoned snapshots occupy places among the 100 pending snapshots that AWS allows.
const TIMEOUT_MINUTES: u32 = 3 * 60;

/// One target of a run, with everything needed to publish there.
#[derive(Debug)]
pub(super) struct TargetPublisher<C> {
    pub cloud: Arc<C>,
    /// Block map and blocks of the disk, shared with other targets.
    pub source: Arc<PublishedDisk>,
    /// The run's record, shared with other targets.
    pub journal: Arc<Journal>,
    /// imaged's records of the stream's snapshots.
    pub records: Arc<Records>,
    /// Places for blocks being read back, shared with other targets.
    pub gets: readback::Places,
    /// Index of the target in [`Run::targets`], by which the journal finds it.
    pub index: usize,
    /// Indexes of the blocks to put, in order of upload.
    pub blocks: Vec<BlockIndex>,
    /// Blocks put so far, shown by the observer.
    pub put: Arc<UploadProgress>,
}

/// Checks that a target still belongs to the account in its record.
///
/// # Errors
/// The account differs, or could not be asked.
pub(super) async fn check_account<C: Cloud>(cloud: &C, target: &TargetRun) -> Result<()> {
    let caller = cloud.caller().await?;
    if target.account_id.is_empty() || caller.account_id == target.account_id {
        return Ok(());
    }
    let message = format!(
        "{} is account {} in this configuration, but the run published to account {}: use the configuration of the run",
        target.target, caller.account_id, target.account_id
    );
    Err(PublishError::new(Reason::AccountDiffers, message))
}

impl<C: Cloud> TargetPublisher<C> {
    /// Runs the steps of the target, from the recorded one to the end.
    ///
    /// # Errors
    /// [`PublishError`]; what was made stays, for a resume or an undo.
    pub(super) async fn run(&self) -> Result<()> {
        check_account(&*self.cloud, &self.journal.target(self.index)).await?;
        self.restart_if_abandoned().await?;
        for id in &self.journal.target(self.index).discarded {
            // An earlier process may have recorded the snapshot as discarded without deleting it. If this fails, undo
            // deletes it.
            if let Err(error) = self.cloud.delete_snapshot(id, WhileInUse::Refuse).await {
                tracing::warn!(snapshot = id, "a snapshot that was given up is left: {error}");
            }
        }
        let begun_at = self.journal.target(self.index).step;
        self.check_still_there().await?;
        loop {
            let now = self.journal.target(self.index);
            let started = Instant::now();
            let next = match now.step {
                Step::Planned if now.was_there => Step::Finishing,
                Step::Planned => match &now.base {
                    Some(SnapshotBase::Same { .. }) => Step::Registering,
                    _ => Step::Starting,
                },
                Step::Starting => self.start(&now).await?,
                Step::Putting => self.put(&now).await?,
                Step::Completing => self.complete(&now, begun_at == Step::Completing).await?,
                Step::Waiting => self.wait(&now).await?,
                Step::Recording => self.record(&now).await?,
                Step::Registering => self.register(&now).await?,
                Step::Finishing => self.finish(&now).await?,
                Step::Done | Step::Undoing | Step::Undone => return Ok(()),
            };
            let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.change(|target| {
                *target.phase_ms.entry(now.step.name().to_owned()).or_default() += took;
                target.step = next;
            })
            .await?;
        }
    }

    pub(crate) async fn change(&self, change: impl FnOnce(&mut TargetRun)) -> Result<()> {
        let change = |run: &mut Run| change(&mut run.targets[self.index]);
        self.journal.change(change).await
    }

    /// Starts another snapshot if AWS has given up on the interrupted run's snapshot.
    async fn restart_if_abandoned(&self) -> Result<()> {
        let now = self.journal.target(self.index);
        let is_being_made = matches!(now.step, Step::Putting | Step::Completing | Step::Waiting);
        let Some(id) = now.snapshot.filter(|_| is_being_made) else { return Ok(()) };
        let found = self.cloud.snapshots(&SnapshotQuery::Id(id.clone())).await?;
        if found.first().is_none_or(|found| found.state != SnapshotState::Unusable) {
            return Ok(());
        }
        let discarded = id.clone();
        self.change(|target| {
            target.discarded.push(discarded);
            target.snapshot = None;
            target.put = BlocksPut::default();
            target.attempt += 1;
            target.step = Step::Starting;
        })
        .await?;
        Ok(self.cloud.delete_snapshot(&id, WhileInUse::Refuse).await?)
    }

    /// Refuses to continue if somebody removed the complete snapshot or the finished AMI.
    async fn check_still_there(&self) -> Result<()> {
        let now = self.journal.target(self.index);
        let run = self.journal.run().id;
        let gone = |what: &str, next: &str| {
            Err(PublishError::new(
                Reason::Removed,
                format!("{what} is gone, because somebody removed it: {next}"),
            ))
        };
        match (now.step, &now.ami) {
            (Step::Recording | Step::Registering, _) => {
                let id = Self::snapshot(&now)?;
                if self.cloud.snapshots(&SnapshotQuery::Id(id.to_owned())).await?.is_empty() {
                    let next = format!(
                        "undo the run (`publish-cli runs undo {run} --yes`), then publish again"
                    );
                    return gone(&format!("snapshot {id}"), &next);
                }
            }
            (Step::Done, Some(id))
                if self.cloud.amis(&AmiQuery::Id(id.clone())).await?.is_empty() =>
            {
                return gone(id, "publish the image again");
            }
            _ => {}
        }
        Ok(())
    }

    async fn start(&self, now: &TargetRun) -> Result<Step> {
        let run = self.journal.run();
        let id = match self.cloud.start_snapshot(&new_snapshot(&run, now)).await {
            Ok(id) => id,
            // Another version of Imprint began this run with the same token but other parameters: use the snapshot that
            // it started.
            Err(error) if error.kind == CloudErrorKind::Duplicate => {
                let tag = SnapshotQuery::Tagged(RUN_TAG.to_owned(), run.id.clone());
                let found = self.cloud.snapshots(&tag).await?;
                let is_ours = |found: &calls::Snapshot| {
                    found.state == SnapshotState::Pending
                        && found.size_gib == run.size_gib
                        && !now.discarded.contains(&found.id)
                };
                found.into_iter().find(is_ours).map(|found| found.id).ok_or(error)?
            }
            Err(error) => return Err(error.into()),
        };
        self.change(|target| target.snapshot = Some(id)).await?;
        Ok(Step::Putting)
    }

    /// Returns the id of the snapshot that the target's AMI is made of.
    pub(crate) fn snapshot(now: &TargetRun) -> Result<&str> {
        match (&now.base, &now.snapshot) {
            (Some(SnapshotBase::Same { snapshot }), _) | (_, Some(snapshot)) => Ok(snapshot),
            _ => {
                Err(PublishError::new(Reason::RecordDamaged, "the run's record names no snapshot"))
            }
        }
    }

    /// Puts all blocks, except those that the record names as put.
    async fn put(&self, now: &TargetRun) -> Result<Step> {
        let id: Arc<str> = Self::snapshot(now)?.into();
        self.put.begin(now.put.clone());
        let is_left = |(place, _): &(u32, BlockIndex)| !now.put.has(*place);
        let mut left = (0..).zip(self.blocks.iter().copied()).filter(is_left);
        // Put the first block alone: AWS rejects all blocks of a new snapshot until it knows the snapshot everywhere.
        if let Some(first) = left.next() {
            self.put_one(&id, first).await?;
        }
        let mut puts: JoinSet<Result<()>> = JoinSet::new();
        for block in left {
            while puts.len() >= WAITING_MAX || !puts.is_empty() && self.put.is_far_from_gap(block.0)
            {
                ended(puts.join_next().await)?;
            }
            puts.spawn(self.put_one(&id, block));
        }
        while let Some(done) = puts.join_next().await {
            ended(Some(done))?;
        }
        let known = self.put.known();
        self.change(|target| target.put = known).await?;
        Ok(Step::Completing)
    }

    /// Puts a block, given as its place in the order of upload and its index.
    fn put_one(
        &self,
        id: &Arc<str>,
        (place, index): (u32, BlockIndex),
    ) -> impl Future<Output = Result<()>> + Send + use<C> {
        let (cloud, source) = (Arc::clone(&self.cloud), Arc::clone(&self.source));
        let (id, put) = (Arc::clone(id), Arc::clone(&self.put));
        async move {
            let hash = source.map().hashes()[index.position()];
            // Bytes are leased for a single attempt, so that a waiting target does not hold up others.
            cloud.put_block(&id, index, &hash, || lease_block(&source, index)).await?;
            put.note(place);
            Ok(())
        }
    }

    /// Completes the snapshot. With `may_be_done`, an interrupted run may already have completed the snapshot.
    async fn complete(&self, now: &TargetRun, may_be_done: bool) -> Result<Step> {
        let id = Self::snapshot(now)?;
        let mut hasher = Sha256::new();
        for index in &self.blocks {
            hasher.update(self.source.map().hashes()[index.position()]);
        }
        let count = u32::try_from(self.blocks.len()).unwrap_or(u32::MAX);
        match self.cloud.complete_snapshot(id, count, &hasher.finalize().into()).await {
            Ok(()) => Ok(Step::Waiting),
            // An earlier attempt succeeded, and its response was lost; AWS is still finishing the snapshot.
            Err(error)
                if error.reason == "INVALID_SNAPSHOT_ID" && (may_be_done || error.attempt > 1) =>
            {
                Ok(Step::Waiting)
            }
            // Perhaps an earlier attempt succeeded: then the snapshot is complete soon.
            Err(error)
                if error.kind == CloudErrorKind::Invalid && (may_be_done || error.attempt > 1) =>
            {
                let found = self.completed(id, DOUBT).await;
                found.map(|_| Step::Waiting).map_err(|_| error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until AWS has finished the snapshot, and checks it against the plan.
    async fn wait(&self, now: &TargetRun) -> Result<Step> {
        let id = Self::snapshot(now)?;
        let found = self.completed(id, WAIT).await?;
        self.assert_as_expected(now, &found)?;
        self.prove(id, found.key.is_some()).await?;
        Ok(Step::Recording)
    }

    /// Waits up to `limit` until a snapshot is complete. A snapshot that is not listed counts as new for two minutes.
    async fn completed(&self, id: &str, limit: Duration) -> Result<calls::Snapshot> {
        let (started, query) = (Instant::now(), SnapshotQuery::Id(id.to_owned()));
        let query = &query;
        let look = || async move {
            let is_early = started.elapsed() < cloud::retry::VISIBLE_WITHIN;
            match self.cloud.snapshots(query).await?.into_iter().next() {
                Some(found) if found.state == SnapshotState::Completed => Ok(Some(found)),
                Some(found) if found.state == SnapshotState::Pending => Ok(None),
                None if is_early => Ok(None),
                found => {
                    let why = found.map_or("it is gone".to_owned(), |found| found.message);
                    let message = format!("AWS could not complete snapshot {id}: {why}");
                    Err(PublishError::new(Reason::MakingFailed, message))
                }
            }
        };
        poll_until(limit, look).await?.ok_or_else(|| {
            let message = format!(
                "snapshot {id} is not complete after {} s: resume the run later",
                limit.as_secs()
            );
            PublishError::new(Reason::TimedOut, message)
        })
    }

    /// Checks owner, size and encryption of a snapshot before anything is built on it.
    fn assert_as_expected(&self, now: &TargetRun, found: &calls::Snapshot) -> Result<()> {
        let fail = |what: &str| {
            Err(PublishError::new(Reason::SnapshotDiffers, format!("snapshot {} {what}", found.id)))
        };
        let expected = &now.encryption;
        if found.owner != now.account_id {
            return fail("belongs to another account");
        }
        if found.size_gib != self.journal.run().size_gib {
            return fail("has another size than was asked for");
        }
        match (expected.is_encrypted, &found.key) {
            (true, None) => fail("is not encrypted"),
            (false, Some(_)) => fail(
                "is encrypted, and the plan was a snapshot without encryption: undo the run, and publish again",
            ),
            (_, key) if expected.key.is_some() && expected.key != *key => {
                fail("is encrypted with another key than was asked for")
            }
            _ => Ok(()),
        }
    }

    /// Reads blocks back and compares them with the disk.
    async fn prove(&self, id: &str, is_encrypted: bool) -> Result<()> {
        let run = self.journal.run();
        let map = self.source.map();
        let all;
        // Sample the blocks to put; if the plan has none, the whole disk.
        let blocks = match &self.blocks[..] {
            [] => {
                all = map.all(false);
                &all
            }
            blocks => blocks,
        };
        let sample = match run.options.prove_all {
            true => Sample::All,
            false => Sample::of(blocks, &run.id),
        };
        let found =
            readback::compare(&self.cloud, &self.gets, id, is_encrypted, map, &sample).await?;
        match found.wrong {
            None => Ok(()),
            Some((index, why)) => Err(PublishError::new(
                Reason::SnapshotDiffers,
                format!("block {index} of snapshot {id} {why}: undo the run, and publish again"),
            )),
        }
    }

    /// Records the snapshot, so that it can be the next run's parent.
    async fn record(&self, now: &TargetRun) -> Result<Step> {
        let id = Self::snapshot(now)?;
        let run = self.journal.run();
        let found = self.cloud.snapshots(&SnapshotQuery::Id(id.to_owned())).await?;
        let key = found.into_iter().next().and_then(|snapshot| snapshot.key).unwrap_or_default();
        let record = SnapshotRecord {
            stream: run.stream.clone(),
            account_id: now.account_id.clone(),
            region: now.target.region.to_string(),
            snapshot_id: id.to_owned(),
            manifest: run.manifest.clone(),
            map_digest: self.source.map().digest().to_vec().into(),
            size_gib: run.size_gib,
            key,
            key_asked: now.encryption.asked.clone(),
            created_at_ms: now_ms(),
            ..SnapshotRecord::default()
        };
        self.records.add(record).await?;
        Ok(Step::Registering)
    }
}

/// Leases a block for one attempt. Until the attempt ends, the block stays in memory, and other targets can use it,
/// too.
async fn lease_block(
    source: &PublishedDisk,
    index: BlockIndex,
) -> std::result::Result<BlockLease, String> {
    let held = source.block(index).await.map_err(|error| error.to_string())?;
    Ok(BlockLease { bytes: held.bytes.clone(), permit: Box::new(held) })
}

/// Builds the parameters of a target's snapshot; repeated requests must be identical.
pub(crate) fn new_snapshot(run: &Run, target: &TargetRun) -> NewSnapshot {
    let base = match &target.base {
        Some(SnapshotBase::Plain) | None => calls::UploadBase::Plain,
        Some(SnapshotBase::Encrypted { key }) => calls::UploadBase::Encrypted(key.clone()),
        Some(SnapshotBase::Parent { snapshot } | SnapshotBase::Same { snapshot }) => {
            calls::UploadBase::Parent(snapshot.clone())
        }
    };
    NewSnapshot {
        token: token(&run.id, &target.target, "snapshot", target.attempt),
        size_gib: run.size_gib,
        description: format!("{} by imprint", run.image).chars().take(255).collect(),
        tags: run.options.tags.clone(),
        base,
        timeout_minutes: TIMEOUT_MINUTES,
    }
}

/// Unwraps the result of a put; `None` is success.
fn ended(done: Option<std::result::Result<Result<()>, tokio::task::JoinError>>) -> Result<()> {
    match done {
        None => Ok(()),
        Some(Ok(result)) => result,
        Some(Err(error)) => Err(PublishError::new(
            Reason::Internal,
            format!("the task that puts a block ended: {error}"),
        )),
    }
}
