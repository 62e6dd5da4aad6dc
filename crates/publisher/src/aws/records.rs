//! imaged's records of snapshots and their block maps: the base of the next run, and a list of the snapshots in use.

use rpc::client::call_failed;
use rpc::services::publish_service_client::PublishServiceClient;
use rpc::status::class;
use tonic::transport::Channel;
use wire::ErrorClass;
use wire::blockmap::BlockMap;
use wire::proto::{
    GetBlockMapRequest, ListSnapshotsRequest, PutSnapshotRequest, RemoveSnapshotRequest,
    SnapshotRecord,
};
use wire::run::{Run, TargetRun};

use crate::error::{PublishError, Reason, Result};

/// Attempts to change a record that others change at the same time.
const ATTEMPTS: u32 = 20;

/// Client for imaged's records of one stream's snapshots.
#[derive(Debug)]
pub struct Records {
    client: PublishServiceClient<Channel>,
    stream: String,
}

impl Records {
    /// Makes a client for the records of `stream`, without making a call yet.
    pub fn new(client: PublishServiceClient<Channel>, stream: &str) -> Self {
        Self { client, stream: stream.to_owned() }
    }

    /// Lists all records of the stream, the latest last.
    ///
    /// # Errors
    /// imaged does not respond, or refuses.
    pub async fn list(&self) -> Result<Vec<SnapshotRecord>> {
        self.ask(ListSnapshotsRequest::default()).await
    }

    async fn ask(&self, of: ListSnapshotsRequest) -> Result<Vec<SnapshotRecord>> {
        let request = ListSnapshotsRequest { stream: self.stream.clone(), ..of };
        let answer = self.client.clone().list_snapshots(request).await;
        Ok(answer.map_err(failed("records of snapshots"))?.into_inner().records)
    }

    /// Finds the record of a snapshot; `None` if there is none.
    ///
    /// # Errors
    /// imaged does not respond, or refuses.
    pub async fn find(
        &self,
        account_id: &str,
        region: &str,
        snapshot_id: &str,
    ) -> Result<Option<SnapshotRecord>> {
        let of = ListSnapshotsRequest {
            account_id: account_id.to_owned(),
            region: region.to_owned(),
            snapshot_id: snapshot_id.to_owned(),
            ..ListSnapshotsRequest::default()
        };
        Ok(self.ask(of).await?.into_iter().next())
    }

    /// Fetches a block map of the stream; `None` if it is lost or damaged.
    ///
    /// # Errors
    /// imaged does not respond, or refuses.
    pub async fn map(&self, digest: &[u8]) -> Result<Option<BlockMap>> {
        let request =
            GetBlockMapRequest { digest: digest.to_vec().into(), stream: self.stream.clone() };
        match self.client.clone().get_block_map(request).await {
            Ok(answer) => {
                let map = BlockMap::decode(&answer.into_inner().map).ok();
                Ok(map.filter(|map| map.digest()[..] == *digest))
            }
            Err(status) if class(&status) == ErrorClass::NotFound => Ok(None),
            Err(status) => Err(failed("block maps")(status)),
        }
    }

    /// Adds a record; succeeds if the snapshot already has one.
    ///
    /// # Errors
    /// imaged does not respond, or refuses.
    pub async fn add(&self, record: SnapshotRecord) -> Result<()> {
        let SnapshotRecord { account_id, region, snapshot_id, .. } = record.clone();
        let is_there = || async {
            Ok::<_, PublishError>(self.find(&account_id, &region, &snapshot_id).await?.is_some())
        };
        let request = PutSnapshotRequest { record: Some(record), follows: 0 };
        match self.client.clone().put_snapshot(request).await {
            Ok(_) => Ok(()),
            Err(status) if class(&status) == ErrorClass::Conflict && is_there().await? => Ok(()),
            Err(status) => Err(failed("records of snapshots")(status)),
        }
    }

    /// Changes a record, and tries again if somebody else changed it meanwhile; `None` if there is no record.
    pub(crate) async fn change(
        &self,
        target: &TargetRun,
        id: &str,
        change: impl Fn(&mut SnapshotRecord),
    ) -> Result<Option<SnapshotRecord>> {
        let (account_id, region) = (&target.account_id, target.target.region.as_str());
        for _ in 0..ATTEMPTS {
            let Some(mut record) = self.find(account_id, region, id).await? else {
                return Ok(None);
            };
            let follows = record.version;
            change(&mut record);
            let request = PutSnapshotRequest { record: Some(record.clone()), follows };
            match self.client.clone().put_snapshot(request).await {
                Ok(answer) => {
                    record.version = answer.into_inner().version;
                    return Ok(Some(record));
                }
                Err(status) if class(&status) == ErrorClass::Conflict => {}
                Err(status) => return Err(failed("records of snapshots")(status)),
            }
        }
        let message = format!(
            "others changed the record of {id} at each of {ATTEMPTS} attempts: try again later"
        );
        Err(PublishError::new(Reason::RecordTaken, message))
    }

    /// Records that an AMI uses a snapshot.
    ///
    /// # Errors
    /// imaged does not respond, or refuses.
    pub async fn use_by(&self, target: &TargetRun, id: &str, ami: &str, run: &Run) -> Result<()> {
        let note = |record: &mut SnapshotRecord| {
            record.amis.insert(ami.to_owned(), run.id.clone());
        };
        self.change(target, id, note).await.map(drop)
    }

    pub(crate) async fn remove(&self, record: &SnapshotRecord) -> Result<()> {
        let SnapshotRecord { stream, account_id, region, snapshot_id, version, .. } =
            record.clone();
        let request =
            RemoveSnapshotRequest { stream, account_id, region, snapshot_id, follows: version };
        self.client.clone().remove_snapshot(request).await.map_err(failed("records"))?;
        Ok(())
    }
}

fn failed(what: &str) -> impl Fn(tonic::Status) -> PublishError {
    move |status| {
        let error = PublishError::from(call_failed(&status, "imaged"));
        error.context(format!("a call for imaged's {what} failed"))
    }
}
