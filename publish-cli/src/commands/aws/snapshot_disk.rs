//! A published snapshot as a disk: blocks are fetched through the EBS direct APIs as they are read.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use cloud::calls::Cloud;
use parking_lot::{Mutex, MutexGuard};
use publisher::aws::snapshot_blocks::SnapshotBlocks;
use publisher::{PublishError, Reason};
use tokio::runtime::Handle;
use tokio::sync::watch;
use wire::blockmap::BlockIndex;

use crate::output::Output;

/// Limit on cached blocks, including those in flight: 32 MiB.
const KEPT_MAX: usize = 64;

/// `None` until the block has arrived; then the block, or the reason why it could not be read.
type Answer = Option<Result<Bytes, String>>;

/// Reads a snapshot's blocks and caches the latest of them.
pub(super) struct SnapshotDisk<C> {
    snapshot: Arc<SnapshotBlocks<C>>,
    kept: Mutex<RecentBlocks>,
    handle: Handle,
    output: Arc<Output>,
}

#[derive(Default)]
struct RecentBlocks {
    answers: HashMap<BlockIndex, watch::Receiver<Answer>>,
    /// The keys of `answers` in order of request, the oldest first.
    order: VecDeque<BlockIndex>,
}

impl<C> std::fmt::Debug for SnapshotDisk<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SnapshotDisk")
            .field("snapshot", &self.snapshot.id())
            .finish_non_exhaustive()
    }
}

impl<C: Cloud> SnapshotDisk<C> {
    /// Lists a completed snapshot's blocks and reads none of them yet.
    ///
    /// # Errors
    /// [`PublishError`]: the snapshot is too large or cannot be listed.
    pub(super) async fn open(
        cloud: Arc<C>,
        snapshot: &str,
        size_gib: u64,
        output: Arc<Output>,
    ) -> Result<Self, PublishError> {
        let count = u32::try_from(size_gib << 11).map_err(|_| {
            PublishError::new(
                Reason::Argument,
                format!("snapshot {snapshot} has {size_gib} GiB, more than a disk can have"),
            )
        })?;
        let snapshot = Arc::new(SnapshotBlocks::open(cloud, snapshot, count).await?);
        Ok(Self { snapshot, kept: Mutex::default(), handle: Handle::current(), output })
    }

    fn kept(&self) -> MutexGuard<'_, RecentBlocks> {
        self.kept.lock()
    }

    /// Returns the channel of a block's answer; `None` if the snapshot has no such block. Starts to read the block if
    /// it is neither cached nor being read. A failed read is started again.
    fn ask(&self, index: BlockIndex) -> Option<watch::Receiver<Answer>> {
        if !self.snapshot.has(index) {
            return None;
        }
        let mut kept = self.kept();
        let has_failed =
            |answer: &watch::Receiver<Answer>| matches!(*answer.borrow(), Some(Err(_)));
        if let Some(answer) = kept.answers.get(&index).filter(|answer| !has_failed(answer)) {
            return Some(answer.clone());
        }
        let (tell, answer) = watch::channel(None);
        if kept.answers.insert(index, answer.clone()).is_none() {
            kept.order.push_back(index);
        }
        while kept.order.len() > KEPT_MAX {
            // A reader that waits for an evicted block still gets the block through its own receiver.
            let oldest = kept.order.pop_front();
            oldest.and_then(|oldest| kept.answers.remove(&oldest));
        }
        drop(kept);
        let snapshot = Arc::clone(&self.snapshot);
        self.handle.spawn(async move {
            let read = snapshot.read(index).await;
            tell.send_replace(Some(read.map_err(|error| error.to_string())));
        });
        Some(answer)
    }
}

impl<C: Cloud> imagefs::Blocks for SnapshotDisk<C> {
    fn count(&self) -> u32 {
        self.snapshot.count()
    }

    fn indexes(&self) -> Vec<BlockIndex> {
        self.snapshot.indexes()
    }

    fn read(&self, index: BlockIndex, ahead: &[BlockIndex]) -> Result<Bytes, String> {
        let mut answer = self.ask(index).ok_or("the snapshot has no such block")?;
        for next in ahead {
            self.ask(*next);
        }
        let known =
            self.handle.block_on(answer.wait_for(Option::is_some)).map(|known| known.clone());
        let read = known
            .ok()
            .flatten()
            .unwrap_or_else(|| Err("the task that reads it ended early".to_owned()));
        // The reader sees only an I/O error; the reason goes to standard error.
        read.inspect_err(|why| self.output.note(&format!("block {index}: {why}")))
    }
}
