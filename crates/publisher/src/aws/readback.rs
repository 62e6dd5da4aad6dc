//! Reads snapshots back and compares them with a block map.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use cloud::calls::{BlockRef, Cloud};
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use wire::blockmap::{BlockHash, BlockIndex, BlockMap, ZEROS};

use crate::error::{PublishError, Reason, Result};

/// Number of blocks to compare in a sample.
const SAMPLED: usize = 16;

/// Limit on blocks being read, for all targets together. At 60 ms for each block, 64 concurrent reads reach the quota
/// of 1,000 a second. They take 32 MiB of memory.
const GETS_MAX: usize = 64;

/// Places for blocks being read. All targets share one set, which limits their memory in total.
#[derive(Clone, Debug)]
pub struct Places(Arc<Semaphore>);

impl Default for Places {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(GETS_MAX)))
    }
}

impl Places {
    async fn one(&self) -> Result<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.0).acquire_owned().await;
        place.map_err(|closed| {
            PublishError::new(
                Reason::Internal,
                format!("the task that reads blocks back ended: {closed}"),
            )
        })
    }
}

/// The blocks to read. The whole list of blocks is compared in any case.
#[derive(Clone, Debug)]
pub enum Sample {
    /// All blocks of the snapshot.
    All,
    /// Only these; [`Sample::of`] chooses 16 at most.
    Some(BTreeSet<BlockIndex>),
}

impl Sample {
    /// Chooses at most 16 of `blocks`, evenly spread; the offset depends on `seed`.
    pub fn of(blocks: &[BlockIndex], seed: &str) -> Self {
        let first = Sha256::digest(seed.as_bytes())[0] as usize;
        let step = blocks.len().div_ceil(SAMPLED).max(1);
        Self::Some(blocks.iter().skip(first % step).step_by(step).copied().collect())
    }

    fn has(&self, index: BlockIndex) -> bool {
        match self {
            Self::All => true,
            Self::Some(blocks) => blocks.contains(&index),
        }
    }
}

/// Result of [`compare`] for a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadBack {
    /// Number of blocks of the sample that were read.
    pub read: u32,
    /// The wrong block with the lowest index, and what is wrong.
    pub wrong: Option<(BlockIndex, &'static str)>,
    /// Number of wrong blocks, including missing ones.
    pub wrong_count: u32,
}

impl ReadBack {
    fn wrong(&mut self, index: BlockIndex, why: &'static str) {
        let first = self.wrong.filter(|(first, _)| *first <= index);
        self.wrong = first.or(Some((index, why)));
        self.wrong_count += 1;
    }

    /// Records blocks missing from the snapshot. Without encryption a missing block reads as zeros, which may be
    /// correct; with encryption it reads as garbage.
    fn absent(&mut self, range: Range<u32>, map: &BlockMap, is_encrypted: bool) {
        for index in range.map(BlockIndex) {
            if is_encrypted || map.hash(index) != Some(&ZEROS) {
                self.wrong(index, "is missing");
            }
        }
    }

    fn compared(&mut self, (index, hash): (BlockIndex, BlockHash), map: &BlockMap) {
        self.read += 1;
        if map.hash(index) != Some(&hash) {
            self.wrong(index, "is not what was put");
        }
    }
}

/// Limit on consecutive empty pages in a list of blocks; AWS may send some.
pub const EMPTY_PAGES_MAX: u32 = 1000;

/// Lists a snapshot's blocks, reads a sample of them, and compares both with the hashes of a block map. Only one page
/// of the list is in memory at a time.
///
/// # Errors
/// [`PublishError`]: the blocks cannot be listed or read.
pub async fn compare<C: Cloud>(
    cloud: &Arc<C>,
    places: &Places,
    snapshot: &str,
    is_encrypted: bool,
    map: &BlockMap,
    sample: &Sample,
) -> Result<ReadBack> {
    let mut found = ReadBack::default();
    let mut reads = JoinSet::new();
    let (mut next_block, mut next_page, mut empty_pages) = (0, None, 0);
    loop {
        let page = cloud.list_blocks(snapshot, next_page.as_deref()).await?;
        empty_pages = if page.blocks.is_empty() { empty_pages + 1 } else { 0 };
        if empty_pages > EMPTY_PAGES_MAX {
            let message = format!("the list of blocks of {snapshot} does not end");
            return Err(PublishError::new(Reason::EndlessList, message));
        }
        for block in page.blocks {
            if map.hash(block.index).is_none() || block.index.0 < next_block {
                found.wrong(block.index, "lies beyond the disk, or AWS listed it twice");
                return Ok(found);
            }
            found.absent(next_block..block.index.0, map, is_encrypted);
            next_block = block.index.0 + 1;
            if !sample.has(block.index) {
                continue;
            }
            while let Some(done) = reads.try_join_next() {
                found.compared(ended(done)?, map);
            }
            let place = places.one().await?;
            reads.spawn(hash_of(Arc::clone(cloud), place, snapshot.to_owned(), block));
        }
        next_page = page.next;
        if next_page.is_none() {
            break;
        }
    }
    found.absent(next_block..map.hashes().len() as u32, map, is_encrypted);
    while let Some(done) = reads.join_next().await {
        found.compared(ended(done)?, map);
    }
    Ok(found)
}

/// Reads and hashes one block; its place is free again once the bytes are dropped.
async fn hash_of<C: Cloud>(
    cloud: Arc<C>,
    place: OwnedSemaphorePermit,
    snapshot: String,
    block: BlockRef,
) -> Result<(BlockIndex, BlockHash)> {
    let bytes = cloud.get_block(&snapshot, &block).await?;
    let hash = tokio::task::spawn_blocking(move || {
        let hash = Sha256::digest(&bytes).into();
        drop((bytes, place));
        hash
    });
    Ok((
        block.index,
        hash.await.map_err(|error| PublishError::new(Reason::Internal, error.to_string()))?,
    ))
}

fn ended<T>(done: std::result::Result<Result<T>, tokio::task::JoinError>) -> Result<T> {
    done.map_err(|error| {
        PublishError::new(
            Reason::Internal,
            format!("the task that reads blocks back ended: {error}"),
        )
    })?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_few_and_of_what_was_put() {
        let blocks: Vec<BlockIndex> = (100..1100).map(BlockIndex).collect();
        let Sample::Some(one) = Sample::of(&blocks, "one") else { panic!("a few") };
        assert!(one.len() >= SAMPLED - 1 && one.len() <= SAMPLED, "{one:?}");
        assert!(one.iter().all(|block| blocks.contains(block)));
        let Sample::Some(two) = Sample::of(&blocks, "two") else { panic!("a few") };
        assert_ne!(one, two);
        let Sample::Some(few) = Sample::of(&[7, 9].map(BlockIndex), "one") else { panic!("a few") };
        assert_eq!(few.len(), 2);
    }
}
