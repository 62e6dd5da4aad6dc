//! The record's durable writer: to imaged, and beside it until it answers.
//!
//! Steps of many targets are written together: one write is under way, and a change that comes meanwhile waits
//! for the next.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rpc::client::call_failed;
use rpc::services::publish_service_client::PublishServiceClient;
use rpc::status::{class, is_unanswered};
use sysio::clock::now_ms;
use tokio::sync::{Notify, watch};
use tonic::transport::Channel;
use wire::ErrorClass;
use wire::proto::{self, PutRunRequest};
use wire::run::{Run, TargetRun};

use crate::error::{PublishError, Reason, Result};
use crate::whole_file;

/// How often imaged is asked again that does not answer, and how long in between.
const ATTEMPTS: u32 = 60;
const PAUSE: Duration = Duration::from_secs(2);

/// A stream that is held: under its epoch records are written, until somebody else has it.
#[derive(Clone, Debug)]
pub struct Lease {
    /// Which holding of the stream it is.
    pub epoch: u64,
    /// Whether somebody else may publish the stream by now.
    pub is_lost: Arc<AtomicBool>,
}

/// A run and its writer.
#[derive(Debug)]
pub struct Journal {
    run: Mutex<(Run, u64)>,
    changed: Notify,
    written: watch::Sender<Written>,
    local: PathBuf,
    client: PublishServiceClient<Channel>,
    created_at_ms: i64,
    lease: Lease,
}

/// How far the record is durable.
#[derive(Clone, Debug, Default)]
struct Written {
    change: u64,
    version: u64,
    /// Why nothing more is written.
    failed: Option<Arc<PublishError>>,
}

impl Journal {
    /// Begins to write a run, which follows a version that imaged has (0 for a new one), under a lease.
    pub fn start(
        run: Run,
        version: u64,
        local: PathBuf,
        client: PublishServiceClient<Channel>,
        lease: Lease,
    ) -> Arc<Self> {
        let journal = Arc::new(Self {
            run: Mutex::new((run, 0)),
            changed: Notify::new(),
            written: watch::Sender::new(Written { version, ..Written::default() }),
            local,
            client,
            created_at_ms: now_ms(),
            lease,
        });
        tokio::spawn(Arc::clone(&journal).write());
        journal
    }

    fn lock(&self) -> MutexGuard<'_, (Run, u64)> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The run as it is now.
    pub fn run(&self) -> Run {
        self.lock().0.clone()
    }

    /// A target as it is now.
    pub fn target(&self, index: usize) -> TargetRun {
        self.lock().0.targets[index].clone()
    }

    /// Changes the run, and returns when the change is durable.
    ///
    /// # Errors
    /// The record cannot be written: nothing more may be begun.
    pub async fn change(&self, change: impl FnOnce(&mut Run)) -> Result<()> {
        let mut written = self.written.subscribe();
        // Known here also where it cannot be written any more: what was made is told.
        let mine = {
            let mut run = self.lock();
            change(&mut run.0);
            run.1 += 1;
            run.1
        };
        if self.lease.is_lost.load(Ordering::Relaxed) {
            let message = "the stream is no longer ours: somebody took it over, or imaged is away";
            return Err(PublishError::new(Reason::LeaseLost, message));
        }
        self.changed.notify_one();
        let is_done = |written: &Written| written.change >= mine || written.failed.is_some();
        let ended = |_| PublishError::new(Reason::Internal, "the record's writer ended");
        let found = written.wait_for(is_done).await.map_err(ended)?;
        match &found.failed {
            Some(error) => {
                let message = format!("the run's record cannot be written: {}", error.chain());
                Err(error.again(message))
            }
            None => Ok(()),
        }
    }

    /// Up to which change the record is durable, where there is a later one that is not.
    pub fn behind(&self) -> Option<u64> {
        let durable = self.written.borrow().change;
        (durable < self.lock().1).then_some(durable)
    }

    async fn write(self: Arc<Self>) {
        loop {
            self.changed.notified().await;
            let (run, change) = self.lock().clone();
            let version = self.written.borrow().version;
            let done = self.write_once(&run, version).await;
            let is_failed = done.is_err();
            self.written.send_modify(|written| match done {
                Ok(version) => *written = Written { change, version, failed: None },
                Err(error) => written.failed = Some(Arc::new(error)),
            });
            if is_failed {
                return;
            }
        }
    }

    /// Writes beside us first, then to imaged, until it answers.
    async fn write_once(&self, run: &Run, version: u64) -> Result<u64> {
        let state = encode(run)?;
        keep(&self.local, &state)?;
        let message = proto::Run {
            id: run.id.clone(),
            stream: run.stream.clone(),
            image: run.image.clone(),
            status: run.status().to_owned(),
            created_at_ms: self.created_at_ms,
            state: state.into(),
            ..proto::Run::default()
        };
        let mut attempts = 0;
        loop {
            let request = PutRunRequest {
                run: Some(message.clone()),
                follows: version,
                lease_epoch: self.lease.epoch,
            };
            let mut status = match self.client.clone().put_run(request).await {
                Ok(answer) => return Ok(answer.into_inner().version),
                Err(status) => status,
            };
            attempts += 1;
            // Perhaps a reply was lost: then what is there is what we wrote.
            if class(&status) == ErrorClass::Conflict && attempts > 1 {
                match self.adopt(run, version).await {
                    Ok(Some(version)) => return Ok(version),
                    Ok(None) => {}
                    Err(unknown) => status = unknown,
                }
            }
            if class(&status) == ErrorClass::Conflict {
                let message = format!("another publisher went on with it: {}", status.message());
                return Err(PublishError::new(Reason::RecordTaken, message));
            }
            if !is_unanswered(&status) || attempts >= ATTEMPTS {
                return Err(call_failed(&status, "imaged").into());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Takes the version after ours for ours, if it is.
    async fn adopt(
        &self,
        run: &Run,
        version: u64,
    ) -> std::result::Result<Option<u64>, tonic::Status> {
        let request = proto::GetRunRequest { id: run.id.clone() };
        let found = self.client.clone().get_run(request).await?.into_inner();
        let state = encode(run).unwrap_or_default();
        let is_ours = found.version == version + 1 && found.state == state;
        Ok(is_ours.then_some(found.version))
    }

    /// Removes the copy beside us: imaged has everything.
    pub fn forget_local(&self) {
        std::fs::remove_file(&self.local).ok();
    }
}

/// Where copies of records are kept until imaged has them.
pub(super) fn folder() -> PathBuf {
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    state.or_else(home).unwrap_or_else(std::env::temp_dir).join("imprint/runs")
}

/// Writes the copy so that it is there whole, also after a crash.
fn keep(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .map_err(PublishError::io(format!("create {}", folder.display())))?;
    whole_file::write(path, bytes)
}

fn encode(run: &Run) -> Result<Vec<u8>> {
    serde_json::to_vec(run)
        .map_err(|error| PublishError::new(Reason::Internal, format!("the run's record: {error}")))
}
