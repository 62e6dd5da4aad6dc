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
    snapshot: Arc<Snapshot<C>>,
    count: u32,
    kept: Mutex<Kept>,
    handle: Handle,
    output: Arc<Output>,
}

/// Blocks that hold something, in order. Each is read with a token, which lasts a week.
type List = Arc<Vec<BlockRef>>;

/// Where the blocks are.
struct Snapshot<C> {
    cloud: Arc<C>,
    id: String,
    count: u32,
    list: Mutex<List>,
    /// Held by who lists the blocks again.
    renewal: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Kept {
    answers: HashMap<u32, watch::Receiver<Answer>>,
    /// The oldest first.
    order: VecDeque<u32>,
}

impl<C> std::fmt::Debug for SnapshotDisk<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SnapshotDisk").field("snapshot", &self.snapshot.id).finish_non_exhaustive()
    }
}

impl<C: Cloud> Snapshot<C> {
    fn list(&self) -> List {
        Arc::clone(&self.list.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lists the blocks.
    async fn read_list(&self) -> Result<List, Failed> {
        let (mut blocks, mut next): (Vec<BlockRef>, Option<String>) = (Vec::new(), None);
        let mut empty_pages = 0;
        loop {
            let page = self.cloud.list_blocks(&self.id, next.as_deref()).await?;
            let is_further = !page.blocks.is_empty() || page.next.is_none();
            blocks.extend(page.blocks.into_iter().filter(|block| block.index < self.count));
            empty_pages = if is_further { 0 } else { empty_pages + 1 };
            if blocks.len() > self.count as usize || empty_pages > EMPTY_PAGES_MAX {
                let message = format!("the list of blocks of {} does not end", self.id);
                return Err(Failed::other(message, 5));
            }
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        blocks.sort_by_key(|block| block.index);
        Ok(Arc::new(blocks))
    }

    /// Lists the blocks again, unless somebody else did since `before` was the list.
    async fn renew(&self, before: &List) -> Result<(), Failed> {
        let _renewal = self.renewal.lock().await;
        if Arc::ptr_eq(&self.list(), before) {
            let list = self.read_list().await?;
            *self.list.lock().unwrap_or_else(PoisonError::into_inner) = list;
        }
        Ok(())
    }

    /// Reads a block, with another token where its own is no longer taken.
    async fn read(&self, index: u32) -> Result<Bytes, Failed> {
        let list = self.list();
        match self.cloud.get_block(&self.id, find(&list, index)?).await {
            Err(error) if error.reason == "INVALID_BLOCK_TOKEN" => self.renew(&list).await?,
            read => return Ok(read?),
        }
        let list = self.list();
        Ok(self.cloud.get_block(&self.id, find(&list, index)?).await?)
    }
}

fn find(list: &List, index: u32) -> Result<&BlockRef, Failed> {
    let found = list.binary_search_by_key(&index, |block| block.index);
    found.map(|at| &list[at]).map_err(|_| Failed::other("the snapshot has no such block", 5))
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
        let (id, list) = (snapshot.to_owned(), Mutex::default());
        let snapshot = Snapshot { cloud, id, count, list, renewal: tokio::sync::Mutex::default() };
        snapshot.renew(&snapshot.list()).await?;
        let (kept, handle) = (Mutex::default(), Handle::current());
        Ok(Self { snapshot: Arc::new(snapshot), count, kept, handle, output })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer for a block, which is asked for unless it was.
    fn ask(&self, index: u32) -> Option<watch::Receiver<Answer>> {
        find(&self.snapshot.list(), index).ok()?;
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
        let snapshot = Arc::clone(&self.snapshot);
        self.handle.spawn(async move {
            let read = snapshot.read(index).await;
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
        self.snapshot.list().iter().map(|block| block.index).collect()
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
