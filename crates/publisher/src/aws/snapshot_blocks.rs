//! Lists a snapshot's blocks and reads them. To read a block, AWS needs the block's token from the list; a token is
//! valid for a week.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use cloud::calls::{BlockRef, Cloud};
use parking_lot::Mutex;
use wire::blockmap::BlockIndex;

use super::readback::EMPTY_PAGES_MAX;
use crate::error::{PublishError, Reason, Result};

/// Time for which the error of a failed renewal of the list is kept, and returned to all readers. Otherwise each reader
/// would retry for minutes.
const FAILURE_KEPT: Duration = Duration::from_secs(10);

/// The blocks that the snapshot stores, sorted by index.
type List = Arc<Vec<BlockRef>>;

/// The blocks of a completed snapshot: their list in memory, and their bytes read on demand.
#[derive(Debug)]
pub struct SnapshotBlocks<C> {
    cloud: Arc<C>,
    id: String,
    count: u32,
    list: Mutex<List>,
    /// Locked while a reader lists the blocks again, so that only one reader does so. Holds the time and the text of
    /// the last failure; `None` if the last renewal did not fail.
    renewal: tokio::sync::Mutex<Option<(Instant, String)>>,
}

impl<C: Cloud> SnapshotBlocks<C> {
    /// Lists the blocks of a snapshot of `count` blocks.
    ///
    /// # Errors
    /// [`PublishError`]: the blocks cannot be listed.
    pub async fn open(cloud: Arc<C>, id: &str, count: u32) -> Result<Self> {
        let (id, list) = (id.to_owned(), Mutex::default());
        let blocks = Self { cloud, id, count, list, renewal: tokio::sync::Mutex::default() };
        blocks.set(blocks.read_list().await?);
        Ok(blocks)
    }

    /// Returns the length of the disk in blocks of 512 KiB.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Returns the indexes of the stored blocks, ascending.
    pub fn indexes(&self) -> Vec<BlockIndex> {
        self.list().iter().map(|block| block.index).collect()
    }

    /// Returns whether the snapshot stores a block.
    pub fn has(&self, index: BlockIndex) -> bool {
        find(&self.list(), index).is_ok()
    }

    /// Reads a block; if its token has expired, lists the blocks again first.
    ///
    /// # Errors
    /// [`PublishError`]: the snapshot does not store the block, or the block cannot be read.
    pub async fn read(&self, index: BlockIndex) -> Result<Bytes> {
        let list = self.list();
        match self.cloud.get_block(&self.id, find(&list, index)?).await {
            Err(error) if error.reason == "INVALID_BLOCK_TOKEN" => self.renew(&list).await?,
            read => return Ok(read?),
        }
        Ok(self.cloud.get_block(&self.id, find(&self.list(), index)?).await?)
    }

    fn list(&self) -> List {
        Arc::clone(&self.list.lock())
    }

    fn set(&self, list: List) {
        *self.list.lock() = list;
    }

    async fn read_list(&self) -> Result<List> {
        let (mut blocks, mut next): (Vec<BlockRef>, Option<String>) = (Vec::new(), None);
        let mut empty_pages = 0;
        loop {
            let page = self.cloud.list_blocks(&self.id, next.as_deref()).await?;
            let is_further = !page.blocks.is_empty() || page.next.is_none();
            blocks.extend(page.blocks.into_iter().filter(|block| block.index.0 < self.count));
            empty_pages = if is_further { 0 } else { empty_pages + 1 };
            if blocks.len() > self.count as usize || empty_pages > EMPTY_PAGES_MAX {
                let message = format!("the list of blocks of {} does not end", self.id);
                return Err(PublishError::new(Reason::EndlessList, message));
            }
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        blocks.sort_by_key(|block| block.index);
        Ok(Arc::new(blocks))
    }

    /// Lists the blocks again, unless another reader has replaced the list `before`.
    async fn renew(&self, before: &List) -> Result<()> {
        let mut last = self.renewal.lock().await;
        if !Arc::ptr_eq(&self.list(), before) {
            return Ok(());
        }
        if let Some((when, why)) = &*last
            && when.elapsed() < FAILURE_KEPT
        {
            return Err(PublishError::new(Reason::TimedOut, why.clone()));
        }
        let read = self.read_list().await;
        *last = read.as_ref().err().map(|error| (Instant::now(), error.to_string()));
        self.set(read?);
        Ok(())
    }
}

impl<C> SnapshotBlocks<C> {
    /// Returns the id of the snapshot as given to [`Self::open`], `snap-…`.
    pub fn id(&self) -> &str {
        &self.id
    }
}

fn find(list: &List, index: BlockIndex) -> Result<&BlockRef> {
    let found = list.binary_search_by_key(&index, |block| block.index);
    found
        .map(|at| &list[at])
        .map_err(|_| PublishError::new(Reason::Missing, "the snapshot has no such block"))
}
