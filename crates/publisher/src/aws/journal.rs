//! Writes the run's record durably: to imaged, and to a local copy until imaged has it.
//!
//! Changes of many targets are written together: only one write is in flight, and changes made meanwhile share the next
//! one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
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

/// Attempts to write to an imaged that does not respond, and the pause between them.
const ATTEMPTS: u32 = 60;
const PAUSE: Duration = Duration::from_secs(2);

/// A lease of a stream. imaged accepts records under the lease's epoch until another publisher has the lease.
#[derive(Clone, Debug)]
pub struct Lease {
    /// Number of the lease, which grows with each new holder.
    pub epoch: u64,
    /// Set once another publisher may have the stream; the journal then refuses changes.
    pub is_lost: Arc<AtomicBool>,
}

/// A run and the writer of its record.
#[derive(Debug)]
pub struct Journal {
    run: Mutex<(Run, u64)>,
    changed: Notify,
    written: watch::Sender<WriterState>,
    local: PathBuf,
    client: PublishServiceClient<Channel>,
    created_at_ms: i64,
    lease: Lease,
}

/// Durable state of the record.
#[derive(Clone, Debug, Default)]
struct WriterState {
    change: u64,
    version: u64,
    /// The error after which the writer stopped.
    failed: Option<Arc<PublishError>>,
}

impl Journal {
    /// Starts the writer of a run under a lease. `version` is imaged's latest version of the record, 0 for a new run.
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
            written: watch::Sender::new(WriterState { version, ..WriterState::default() }),
            local,
            client,
            created_at_ms: now_ms(),
            lease,
        });
        tokio::spawn(Arc::clone(&journal).write());
        journal
    }

    fn lock(&self) -> MutexGuard<'_, (Run, u64)> {
        self.run.lock()
    }

    /// Returns a copy of the run's present state.
    pub fn run(&self) -> Run {
        self.lock().0.clone()
    }

    /// Returns a copy of a target's present state.
    pub fn target(&self, index: usize) -> TargetRun {
        self.lock().0.targets[index].clone()
    }

    /// Changes the run, and returns once the change is durable.
    ///
    /// # Errors
    /// The record cannot be written, or the lease is lost: the caller must start nothing more.
    pub async fn change(&self, change: impl FnOnce(&mut Run)) -> Result<()> {
        let mut written = self.written.subscribe();
        // Change the copy in memory even if it can no longer be written, so that the results name what was made.
        let mine = {
            let mut run = self.lock();
            change(&mut run.0);
            run.1 += 1;
            run.1
        };
        if self.lease.is_lost.load(Ordering::Relaxed) {
            let message = "the lease on the stream was lost: another publisher took it, or imaged did not answer; `publish-cli runs resume` continues the run";
            return Err(PublishError::new(Reason::LeaseLost, message));
        }
        self.changed.notify_one();
        let is_done = |written: &WriterState| written.change >= mine || written.failed.is_some();
        let ended =
            |_| PublishError::new(Reason::Internal, "the task that writes the run's record ended");
        let found = written.wait_for(is_done).await.map_err(ended)?;
        match &found.failed {
            Some(error) => {
                let message = format!("the run's record cannot be written: {}", error.chain());
                Err(error.again(message))
            }
            None => Ok(()),
        }
    }

    /// Returns the number of the last durable change; `None` if all changes are durable.
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
                Ok(version) => *written = WriterState { change, version, failed: None },
                Err(error) => written.failed = Some(Arc::new(error)),
            });
            if is_failed {
                return;
            }
        }
    }

    /// Writes to the local copy first, then to imaged, and retries while imaged does not respond.
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
            // If only the response was lost, imaged already has what this call wrote.
            if class(&status) == ErrorClass::Conflict && attempts > 1 {
                match self.adopt(run, version).await {
                    Ok(Some(version)) => return Ok(version),
                    Ok(None) => {}
                    Err(unknown) => status = unknown,
                }
            }
            if class(&status) == ErrorClass::Conflict {
                let message = format!(
                    "another publisher changed the record of the run: {}",
                    status.message()
                );
                return Err(PublishError::new(Reason::RecordTaken, message));
            }
            if !is_unanswered(&status) || attempts >= ATTEMPTS {
                return Err(call_failed(&status, "imaged").into());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Returns the number of imaged's version if that version is the one that this journal tried to write.
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

    /// Removes the local copy, once imaged has everything.
    pub fn forget_local(&self) {
        std::fs::remove_file(&self.local).ok();
    }
}

/// Returns the folder of local copies of records.
pub(super) fn folder() -> PathBuf {
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    state.or_else(home).unwrap_or_else(std::env::temp_dir).join("imprint/runs")
}

/// Writes the local copy atomically and durably.
fn keep(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .map_err(PublishError::io(format!("create {}", folder.display())))?;
    whole_file::write(path, bytes)
}

fn encode(run: &Run) -> Result<Vec<u8>> {
    serde_json::to_vec(run).map_err(|error| {
        PublishError::new(Reason::Internal, format!("the run's record cannot be encoded: {error}"))
    })
}
