//! A published snapshot as a disk: its blocks, read through the EBS direct APIs when they are wanted.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use cloud::calls::{BlockRef, Cloud};
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::readback::EMPTY_PAGES_MAX;
use super::steps::Failed;
use crate::output::Output;

/// Blocks that are kept, or on their way: 32 MiB.
const KEPT_MAX: usize = 64;

/// Once it is known, a block or why it could not be read.
type Answer = Option<Result<Bytes, String>>;

/// A snapshot's blocks.
pub struct SnapshotDisk<C> {
    cloud: Arc<C>,
    snapshot: String,
    count: u32,
    /// Those that hold something, in order.
    blocks: Vec<BlockRef>,
    kept: Mutex<Kept>,
    handle: Handle,
    output: Arc<Output>,
}

#[derive(Default)]
struct Kept {
    answers: HashMap<u32, watch::Receiver<Answer>>,
    /// The oldest first.
    order: VecDeque<u32>,
}

impl<C> std::fmt::Debug for SnapshotDisk<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SnapshotDisk").field("snapshot", &self.snapshot).finish_non_exhaustive()
    }
}

impl<C: Cloud> SnapshotDisk<C> {
    /// Lists a completed snapshot's blocks; none is read before it is wanted.
    ///
    /// # Errors
    /// [`Failed`]: it cannot be listed.
    pub async fn open(
        cloud: Arc<C>,
        snapshot: &str,
        size_gib: u64,
        output: Arc<Output>,
    ) -> Result<Self, Failed> {
        let count = u32::try_from(size_gib << 11)
            .map_err(|_| Failed::other(format!("a snapshot of {size_gib} GiB"), 4))?;
        let (mut blocks, mut next): (Vec<BlockRef>, Option<String>) = (Vec::new(), None);
        let mut empty_pages = 0;
        loop {
            let page = cloud.list_blocks(snapshot, next.as_deref()).await?;
            let is_further = !page.blocks.is_empty() || page.next.is_none();
            blocks.extend(page.blocks.into_iter().filter(|block| block.index < count));
            empty_pages = if is_further { 0 } else { empty_pages + 1 };
            if blocks.len() > count as usize || empty_pages > EMPTY_PAGES_MAX {
                let message = format!("the list of blocks of {snapshot} does not end");
                return Err(Failed::other(message, 5));
            }
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        blocks.sort_by_key(|block| block.index);
        let (snapshot, kept, handle) = (snapshot.to_owned(), Mutex::default(), Handle::current());
        Ok(Self { cloud, snapshot, count, blocks, kept, handle, output })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer for a block, which is asked for unless it was.
    fn ask(&self, index: u32) -> Option<watch::Receiver<Answer>> {
        let found = self.blocks.binary_search_by_key(&index, |block| block.index).ok()?;
        let block = self.blocks[found].clone();
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
            // A reader that waits for one that goes has its answer all the same.
            let oldest = kept.order.pop_front();
            oldest.and_then(|oldest| kept.answers.remove(&oldest));
        }
        drop(kept);
        let (cloud, snapshot) = (Arc::clone(&self.cloud), self.snapshot.clone());
        self.handle.spawn(async move {
            let read = cloud.get_block(&snapshot, &block).await;
            tell.send_replace(Some(read.map_err(|error| error.to_string())));
        });
        Some(answer)
    }
}

impl<C: Cloud> unpackd::mount::Blocks for SnapshotDisk<C> {
    fn count(&self) -> u32 {
        self.count
    }

    fn indexes(&self) -> Vec<u32> {
        self.blocks.iter().map(|block| block.index).collect()
    }

    fn read(&self, index: u32, ahead: &[u32]) -> Result<Bytes, String> {
        let mut answer = self.ask(index).ok_or("the snapshot has no such block")?;
        for next in ahead {
            self.ask(*next);
        }
        let known =
            self.handle.block_on(answer.wait_for(Option::is_some)).map(|known| known.clone());
        let read = known.ok().flatten().unwrap_or_else(|| Err("reading it ended".to_owned()));
        // A reader sees no more than an error of input: here is why.
        read.inspect_err(|why| self.output.note(&format!("block {index}: {why}")))
    }
}
