//! One target, from nothing to an AMI.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cloud::calls::{self, AmiState, Cloud, NewAmi, NewSnapshot, SnapshotState, Which};
use cloud::{CloudError, Kind};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use wire::proto::SnapshotRecord;

use super::decide::Basis;
use super::journal::Journal;
use super::naming::token;
use super::run::{Step, TargetRun};
use super::source::Source;
use super::undo::Records;

/// Puts under way in one target: 1,000 a second at 100 ms each, the quota.
const PUTS_MAX: usize = 128;

/// How often a state is looked at.
const POLL: Duration = Duration::from_millis(1500);

/// How long AWS may take to finish a snapshot, or an AMI.
const WAIT: Duration = Duration::from_secs(4 * 3600);

/// Minutes after the last block until AWS gives up on a snapshot: long enough to resume a run.
const TIMEOUT_MINUTES: u32 = 24 * 60;

/// Blocks that are read back and compared unless all are.
const PROVED: usize = 16;

/// What a target works with.
#[derive(Debug)]
pub struct Work<C> {
    /// The calls.
    pub cloud: Arc<C>,
    /// The disk.
    pub source: Arc<Source>,
    /// The run's record.
    pub journal: Arc<Journal>,
    /// imaged's records of snapshots.
    pub records: Arc<Records>,
    /// Puts under way in all targets.
    pub puts: Arc<Semaphore>,
    /// The target's place in the run.
    pub index: usize,
    /// Blocks to put.
    pub blocks: Vec<u32>,
}

/// Why a target failed.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// AWS said so.
    #[error("{}; {}", .0, .0.next_step())]
    Cloud(#[from] CloudError),
    /// Anything else.
    #[error("{message}")]
    Other {
        /// For a person.
        message: String,
        /// The exit code.
        exit_code: u8,
    },
}

impl Failed {
    pub(super) fn other(message: impl Into<String>, exit_code: u8) -> Self {
        Self::Other { message: message.into(), exit_code }
    }

    /// The exit code of a run in which every target failed like this.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Cloud(error) => match error.kind {
                Kind::NotFound => 3,
                Kind::Throttled | Kind::Unavailable => 6,
                Kind::Denied | Kind::Duplicate | Kind::InUse | Kind::Quota => 4,
                Kind::Invalid => 1,
            },
            Self::Other { exit_code, .. } => *exit_code,
        }
    }
}

impl From<anyhow::Error> for Failed {
    fn from(error: anyhow::Error) -> Self {
        let exit_code = crate::failure::exit_code(&error);
        Self::other(format!("{error:#}"), exit_code)
    }
}

type Result<T> = std::result::Result<T, Failed>;

impl<C: Cloud> Work<C> {
    /// Takes the target from where its record says it is to its end.
    ///
    /// # Errors
    /// [`Failed`]; what was made stays, to be gone on with or undone.
    pub async fn run(&self) -> Result<()> {
        loop {
            let now = self.journal.target(self.index);
            let started = Instant::now();
            let next = match now.step {
                Step::Planned => match &now.basis {
                    Some(Basis::Same { .. }) => Step::Registering,
                    _ => Step::Starting,
                },
                Step::Starting => self.start(&now).await?,
                Step::Putting => self.put(&now).await?,
                Step::Completing => self.complete(&now).await?,
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

    async fn change(&self, change: impl FnOnce(&mut TargetRun)) -> Result<()> {
        let change = |run: &mut super::run::Run| change(&mut run.targets[self.index]);
        Ok(self.journal.change(change).await?)
    }

    async fn start(&self, now: &TargetRun) -> Result<Step> {
        let run = self.journal.run();
        let basis = match &now.basis {
            Some(Basis::Plain) | None => calls::Basis::Plain,
            Some(Basis::Encrypted { key }) => calls::Basis::Encrypted(key.clone()),
            Some(Basis::Parent { snapshot } | Basis::Same { snapshot }) => {
                calls::Basis::Parent(snapshot.clone())
            }
        };
        let new = NewSnapshot {
            token: token(&run.id, &now.target, "snapshot", now.attempt),
            size_gib: run.size_gib,
            description: format!("{} by imprint", run.image).chars().take(255).collect(),
            tags: run.options.tags.clone(),
            basis,
            timeout_minutes: TIMEOUT_MINUTES,
        };
        let id = self.cloud.start_snapshot(&new).await?;
        self.change(|target| target.snapshot = Some(id)).await?;
        Ok(Step::Putting)
    }

    /// The snapshot that is being made.
    fn snapshot(now: &TargetRun) -> Result<&str> {
        match (&now.basis, &now.snapshot) {
            (Some(Basis::Same { snapshot }), _) | (_, Some(snapshot)) => Ok(snapshot),
            _ => Err(Failed::other("the run's record names no snapshot", 5)),
        }
    }

    /// Puts all blocks, so many at a time.
    async fn put(&self, now: &TargetRun) -> Result<Step> {
        let id = Self::snapshot(now)?.to_owned();
        let mut puts: JoinSet<Result<()>> = JoinSet::new();
        for index in self.blocks.iter().copied() {
            while puts.len() >= PUTS_MAX {
                ended(puts.join_next().await)?;
            }
            let place = Arc::clone(&self.puts).acquire_owned().await;
            let place = place.map_err(|error| Failed::other(error.to_string(), 1))?;
            let (cloud, source, id) =
                (Arc::clone(&self.cloud), Arc::clone(&self.source), id.clone());
            puts.spawn(async move {
                let _place = place;
                let held = source.block(index).await;
                let held = held.map_err(|error| Failed::other(error.to_string(), 5))?;
                let hash = source.map().hashes()[index as usize];
                cloud.put_block(&id, index, held.bytes.clone(), &hash).await?;
                Ok(())
            });
        }
        while let Some(done) = puts.join_next().await {
            ended(Some(done))?;
        }
        Ok(Step::Completing)
    }

    async fn complete(&self, now: &TargetRun) -> Result<Step> {
        let id = Self::snapshot(now)?;
        let mut hasher = Sha256::new();
        for index in &self.blocks {
            hasher.update(self.source.map().hashes()[*index as usize]);
        }
        let count = u32::try_from(self.blocks.len()).unwrap_or(u32::MAX);
        match self.cloud.complete_snapshot(id, count, &hasher.finalize().into()).await {
            // Refused because it was completed before, and the answer was lost: its state will tell.
            Ok(()) => Ok(Step::Waiting),
            Err(error) if error.kind == Kind::Invalid => {
                let found = self.cloud.snapshots(&Which::Id(id.to_owned())).await?;
                match found.first().map(|snapshot| snapshot.state) {
                    Some(SnapshotState::Pending | SnapshotState::Completed) => Ok(Step::Waiting),
                    _ => Err(error.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until AWS has finished the snapshot, and asserts that it is what was asked for.
    async fn wait(&self, now: &TargetRun) -> Result<Step> {
        let id = Self::snapshot(now)?;
        let started = Instant::now();
        let found = loop {
            let found = self.cloud.snapshots(&Which::Id(id.to_owned())).await?;
            let is_early = started.elapsed() < cloud::retry::VISIBLE_WITHIN;
            match found.into_iter().next() {
                Some(found) if found.state == SnapshotState::Completed => break found,
                Some(found) if found.state == SnapshotState::Pending => {}
                None if is_early => {}
                found => {
                    let why = found.map_or("it is gone".to_owned(), |found| found.message);
                    return Err(Failed::other(format!("snapshot {id} failed: {why}"), 6));
                }
            }
            if started.elapsed() > WAIT {
                let message = format!("snapshot {id} is not complete after {} s", WAIT.as_secs());
                return Err(Failed::other(message, 6));
            }
            tokio::time::sleep(POLL).await;
        };
        let wants_key = !matches!(now.basis, Some(Basis::Plain) | None);
        if wants_key && found.key.is_none() {
            return Err(Failed::other(format!("snapshot {id} is not encrypted"), 5));
        }
        self.prove(id).await?;
        Ok(Step::Recording)
    }

    /// Reads blocks back and compares them.
    async fn prove(&self, id: &str) -> Result<()> {
        let hashes = self.source.map().hashes();
        let mut next = None;
        let mut there = Vec::new();
        loop {
            let page = self.cloud.list_blocks(id, next.as_deref()).await?;
            there.extend(page.blocks);
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        let is_all = self.journal.run().options.prove_all;
        let step = if is_all { 1 } else { there.len().div_ceil(PROVED).max(1) };
        for block in there.iter().step_by(step) {
            let bytes = self.cloud.get_block(id, block).await?;
            let wanted = hashes.get(block.index as usize);
            if wanted != Some(&Sha256::digest(&bytes).into()) {
                let message = format!("block {} of snapshot {id} is not what was put", block.index);
                return Err(Failed::other(message, 5));
            }
        }
        Ok(())
    }

    /// Records the snapshot as the next one's parent.
    async fn record(&self, now: &TargetRun) -> Result<Step> {
        let id = Self::snapshot(now)?;
        let run = self.journal.run();
        let found = self.cloud.snapshots(&Which::Id(id.to_owned())).await?;
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
            created_at_ms: crate::context::now_ms(),
            ..SnapshotRecord::default()
        };
        self.records.add(record).await?;
        Ok(Step::Registering)
    }

    async fn register(&self, now: &TargetRun) -> Result<Step> {
        let run = self.journal.run();
        let snapshot = Self::snapshot(now)?;
        let new = NewAmi {
            name: run.options.ami_name.clone(),
            description: format!("{} by imprint", run.image).chars().take(255).collect(),
            architecture: run.options.architecture.clone(),
            boot_mode: run.options.boot_mode(),
            snapshot: snapshot.to_owned(),
            size_gib: run.size_gib,
            tags: run.options.tags.clone(),
        };
        // Looked for first: an answer that was lost is no reason to make another.
        let id = match self.registered(&run.id, snapshot, &new.name).await? {
            Some(id) => id,
            None => match self.cloud.register(&new).await {
                Ok(id) => id,
                Err(error) if error.kind == Kind::Duplicate => {
                    let found = self.registered(&run.id, snapshot, &new.name).await?;
                    found.ok_or(error)?
                }
                Err(error) => return Err(error.into()),
            },
        };
        self.records.use_by(now, snapshot, &id, &run).await?;
        self.change(|target| target.ami = Some(id)).await?;
        Ok(Step::Finishing)
    }

    /// Finds the AMI that this run registered.
    async fn registered(&self, run: &str, snapshot: &str, name: &str) -> Result<Option<String>> {
        let found = self.cloud.amis(&Which::Named(name.to_owned())).await?;
        let is_ours = |ami: &calls::Ami| {
            ami.snapshots == [snapshot] && ami.tags.get("imprint:run").is_some_and(|r| r == run)
        };
        Ok(found.into_iter().find(is_ours).map(|ami| ami.id))
    }

    async fn finish(&self, now: &TargetRun) -> Result<Step> {
        let missing = || Failed::other("the run's record names no AMI", 5);
        let id = now.ami.as_deref().ok_or_else(missing)?;
        let started = Instant::now();
        loop {
            let found = self.cloud.amis(&Which::Id(id.to_owned())).await?;
            match found.first().map(|ami| ami.state) {
                Some(AmiState::Available) => break,
                Some(AmiState::Unusable) => {
                    return Err(Failed::other(format!("{id} failed"), 6));
                }
                _ if started.elapsed() > WAIT => {
                    return Err(Failed::other(format!("{id} is not available"), 6));
                }
                _ => tokio::time::sleep(POLL).await,
            }
        }
        let options = self.journal.run().options;
        let sharees = options.sharees();
        if !sharees.is_empty() {
            let account = |sharee: &calls::Sharee| match sharee {
                calls::Sharee::Account(id) => Some(id.clone()),
                calls::Sharee::Organization(_) => None,
            };
            let accounts: Vec<String> = sharees.iter().filter_map(account).collect();
            if !accounts.is_empty() {
                self.cloud.share_snapshot(Self::snapshot(now)?, &accounts).await?;
            }
            self.cloud.share_ami(id, &sharees).await?;
        }
        if let Some(at) = &options.deprecate_at {
            self.cloud.deprecate_ami(id, at).await?;
        }
        Ok(Step::Done)
    }
}

/// What a put came to.
fn ended(done: Option<std::result::Result<Result<()>, tokio::task::JoinError>>) -> Result<()> {
    match done {
        None => Ok(()),
        Some(Ok(result)) => result,
        Some(Err(error)) => Err(Failed::other(format!("a put ended: {error}"), 1)),
    }
}
