//! Reads snapshots back and compares them with a block map.

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::calls::{BlockRef, Cloud};
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use wire::blockmap::{BlockHash, ZEROS};

use crate::error::{PublishError, Reason, Result};

/// Number of blocks to compare in a sample.
const SAMPLED: usize = 16;

/// Limit on blocks being read, for all targets together: at 60 ms each, 64 reach the quota of 1,000 a second; they take
/// 32 MiB.
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
            PublishError::new(Reason::Internal, format!("reading back ended: {closed}"))
        })
    }
}

/// The blocks to read. The whole list of blocks is compared in any case.
#[derive(Clone, Debug)]
pub enum Sample {
    /// All blocks of the snapshot.
    All,
    /// The blocks with these indexes.
    Some(BTreeSet<u32>),
}

impl Sample {
    /// Chooses at most 16 of `blocks`, evenly spread; the offset depends on `seed`.
    pub fn of(blocks: &[u32], seed: &str) -> Self {
        let first = Sha256::digest(seed.as_bytes())[0] as usize;
        let step = blocks.len().div_ceil(SAMPLED).max(1);
        Self::Some(blocks.iter().skip(first % step).step_by(step).copied().collect())
    }

    fn has(&self, index: u32) -> bool {
        match self {
            Self::All => true,
            Self::Some(blocks) => blocks.contains(&index),
        }
    }
}

/// Result of reading back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadBack {
    /// Number of blocks read.
    pub read: u32,
    /// The wrong block with the lowest index, and what is wrong.
    pub wrong: Option<(u32, &'static str)>,
    /// Number of wrong blocks.
    pub wrong_count: u32,
}

impl ReadBack {
    fn wrong(&mut self, index: u32, why: &'static str) {
        let first = self.wrong.filter(|(first, _)| *first <= index);
        self.wrong = first.or(Some((index, why)));
        self.wrong_count += 1;
    }

    /// Records blocks missing from the snapshot. Without encryption a missing block reads as zeros, which may be
    /// correct; with encryption it reads as garbage.
    fn absent(&mut self, begin: usize, end: usize, hashes: &[BlockHash], is_encrypted: bool) {
        for (index, hash) in (begin..).zip(&hashes[begin..end]) {
            if is_encrypted || *hash != ZEROS {
                self.wrong(u32::try_from(index).unwrap_or(u32::MAX), "is missing");
            }
        }
    }

    fn compared(&mut self, (index, hash): (u32, BlockHash), hashes: &[BlockHash]) {
        self.read += 1;
        if hashes.get(index as usize) != Some(&hash) {
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
    hashes: &[BlockHash],
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
            let at = block.index as usize;
            if at >= hashes.len() || at < next_block {
                found.wrong(block.index, "is beyond the disk, or listed twice");
                return Ok(found);
            }
            found.absent(next_block, at, hashes, is_encrypted);
            next_block = at + 1;
            if !sample.has(block.index) {
                continue;
            }
            while let Some(done) = reads.try_join_next() {
                found.compared(ended(done)?, hashes);
            }
            let place = places.one().await?;
            reads.spawn(hash_of(Arc::clone(cloud), place, snapshot.to_owned(), block));
        }
        next_page = page.next;
        if next_page.is_none() {
            break;
        }
    }
    found.absent(next_block, hashes.len(), hashes, is_encrypted);
    while let Some(done) = reads.join_next().await {
        found.compared(ended(done)?, hashes);
    }
    Ok(found)
}

/// Reads and hashes one block; its place is free again once the bytes are dropped.
async fn hash_of<C: Cloud>(
    cloud: Arc<C>,
    place: OwnedSemaphorePermit,
    snapshot: String,
    block: BlockRef,
) -> Result<(u32, BlockHash)> {
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
        PublishError::new(Reason::Internal, format!("reading back ended: {error}"))
    })?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_few_and_of_what_was_put() {
        let blocks: Vec<u32> = (100..1100).collect();
        let Sample::Some(one) = Sample::of(&blocks, "one") else { panic!("a few") };
        assert!(one.len() >= SAMPLED - 1 && one.len() <= SAMPLED, "{one:?}");
        assert!(one.iter().all(|block| blocks.contains(block)));
        let Sample::Some(two) = Sample::of(&blocks, "two") else { panic!("a few") };
        assert_ne!(one, two);
        let Sample::Some(few) = Sample::of(&[7, 9], "one") else { panic!("a few") };
        assert_eq!(few.len(), 2);
    }
}
