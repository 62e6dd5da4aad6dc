//! One target, back to nothing; and imaged's records of snapshots, which say what is still needed.

use std::sync::Arc;

use anyhow::Context as _;
use cloud::Kind;
use cloud::calls::{Cloud, Which};
use rpc::services::publish_service_client::PublishServiceClient;
use tonic::Code;
use tonic::transport::Channel;
use wire::proto::{
    ListSnapshotsRequest, PutSnapshotRequest, RemoveSnapshotRequest, SnapshotRecord,
};

use super::decide::Basis;
use super::journal::Journal;
use super::run::{Run, Step, TargetRun};
use super::steps::Failed;

/// How often a record is changed again that somebody else changed meanwhile.
const ATTEMPTS: u32 = 20;

/// imaged's records of a stream's snapshots.
#[derive(Debug)]
pub struct Records {
    client: PublishServiceClient<Channel>,
    stream: String,
}

impl Records {
    /// The records of a stream.
    pub fn new(client: PublishServiceClient<Channel>, stream: &str) -> Self {
        Self { client, stream: stream.to_owned() }
    }

    /// All of them, the latest last.
    ///
    /// # Errors
    /// imaged does not answer, or refuses.
    pub async fn list(&self) -> anyhow::Result<Vec<SnapshotRecord>> {
        let request = ListSnapshotsRequest { stream: self.stream.clone() };
        let answer = self.client.clone().list_snapshots(request).await;
        Ok(answer.context("imaged's records of snapshots")?.into_inner().records)
    }

    async fn find(&self, target: &TargetRun, id: &str) -> anyhow::Result<Option<SnapshotRecord>> {
        let is_it = |record: &SnapshotRecord| {
            record.account_id == target.account_id
                && record.region == target.target.region.as_str()
                && record.snapshot_id == id
        };
        Ok(self.list().await?.into_iter().find(is_it))
    }

    /// Adds a record, unless it is there.
    ///
    /// # Errors
    /// imaged does not answer, or refuses.
    pub async fn add(&self, record: SnapshotRecord) -> anyhow::Result<()> {
        let request = PutSnapshotRequest { record: Some(record), follows: 0 };
        match self.client.clone().put_snapshot(request).await {
            Ok(_) => Ok(()),
            Err(status) if status.code() == Code::FailedPrecondition => Ok(()),
            Err(status) => Err(status).context("imaged's records of snapshots"),
        }
    }

    /// Changes a record, whoever else does so at the same time.
    async fn change(
        &self,
        target: &TargetRun,
        id: &str,
        change: impl Fn(&mut SnapshotRecord),
    ) -> anyhow::Result<Option<SnapshotRecord>> {
        for _ in 0..ATTEMPTS {
            let Some(mut record) = self.find(target, id).await? else { return Ok(None) };
            let follows = record.version;
            change(&mut record);
            let request = PutSnapshotRequest { record: Some(record.clone()), follows };
            match self.client.clone().put_snapshot(request).await {
                Ok(answer) => {
                    record.version = answer.into_inner().version;
                    return Ok(Some(record));
                }
                Err(status) if status.code() == Code::FailedPrecondition => {}
                Err(status) => return Err(status).context("imaged's records of snapshots"),
            }
        }
        anyhow::bail!("the record of {id} is being changed by others all the time")
    }

    /// Notes that an AMI uses a snapshot.
    ///
    /// # Errors
    /// imaged does not answer, or refuses.
    pub async fn use_by(
        &self,
        target: &TargetRun,
        id: &str,
        ami: &str,
        run: &Run,
    ) -> anyhow::Result<()> {
        let note = |record: &mut SnapshotRecord| {
            record.amis.insert(ami.to_owned(), run.id.clone());
        };
        self.change(target, id, note).await.map(drop)
    }

    async fn remove(&self, record: &SnapshotRecord) -> anyhow::Result<()> {
        let SnapshotRecord { stream, account_id, region, snapshot_id, version, .. } =
            record.clone();
        let request =
            RemoveSnapshotRequest { stream, account_id, region, snapshot_id, follows: version };
        self.client.clone().remove_snapshot(request).await.context("imaged's records")?;
        Ok(())
    }
}

/// What undoing came to in a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undone {
    /// Nothing is left.
    Gone,
    /// Something is left, for a reason.
    Kept(String),
}

/// Removes what a run made in a target: the AMI, then the snapshot if nothing else needs it.
///
/// # Errors
/// [`Failed`]; what could not be removed is tried again by another undo.
pub async fn undo<C: Cloud>(
    cloud: &C,
    journal: &Arc<Journal>,
    records: &Records,
    index: usize,
) -> Result<Undone, Failed> {
    journal.change(|run| run.targets[index].step = Step::Undoing).await?;
    let run = journal.run();
    let target = journal.target(index);
    for ami in amis(cloud, &run, &target).await? {
        cloud.deregister(&ami).await?;
    }
    let outcome = match &target.basis {
        Some(Basis::Same { snapshot }) => {
            let forget = |record: &mut SnapshotRecord| record.amis.retain(|_, by| *by != run.id);
            records.change(&target, snapshot, forget).await?;
            Undone::Gone
        }
        None => Undone::Gone,
        Some(_) => remove_snapshots(cloud, records, &run, &target).await?,
    };
    if outcome == Undone::Gone {
        journal
            .change(|run| {
                let target = &mut run.targets[index];
                target.step = Step::Undone;
                target.error = None;
            })
            .await?;
    }
    Ok(outcome)
}

/// AMIs that the run made: the one that it knows, and one whose answer was lost.
async fn amis<C: Cloud>(cloud: &C, run: &Run, target: &TargetRun) -> Result<Vec<String>, Failed> {
    let named = cloud.amis(&Which::Named(run.options.ami_name.clone())).await?;
    let is_ours = |tags: &cloud::calls::Tags| tags.get("imprint:run") == Some(&run.id);
    let found = named.into_iter().filter(|ami| is_ours(&ami.tags)).map(|ami| ami.id);
    let mut ids: Vec<String> = found.chain(target.ami.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

async fn remove_snapshots<C: Cloud>(
    cloud: &C,
    records: &Records,
    run: &Run,
    target: &TargetRun,
) -> Result<Undone, Failed> {
    // One whose id was not recorded, because the answer was lost, is known by its tag.
    let tagged = cloud.snapshots(&Which::Tagged("imprint:run".to_owned(), run.id.clone())).await?;
    let found = tagged.into_iter().map(|snapshot| snapshot.id).chain(target.snapshot.clone());
    let mut ids: Vec<String> = found.collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let forget = |record: &mut SnapshotRecord| record.amis.retain(|_, by| *by != run.id);
        let record = records.change(target, &id, forget).await?;
        if let Some(others) = record.as_ref().map(|record| &record.amis).filter(|a| !a.is_empty()) {
            let by: Vec<&str> = others.keys().map(String::as_str).collect();
            return Ok(Undone::Kept(format!("snapshot {id} is used by {}", by.join(", "))));
        }
        match cloud.delete_snapshot(&id).await {
            Ok(()) => {}
            Err(error) if error.kind == Kind::InUse => {
                return Ok(Undone::Kept(format!("snapshot {id} is in use: {}", error.message)));
            }
            Err(error) => return Err(error.into()),
        }
        if let Some(record) = record {
            records.remove(&record).await?;
        }
    }
    Ok(Undone::Gone)
}
