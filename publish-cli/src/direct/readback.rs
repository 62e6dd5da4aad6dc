//! Reading snapshots back: whether one holds what a block map says, and what one holds.

use std::sync::Arc;

use cloud::calls::{BlockRef, Cloud};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;
use wire::blockmap::{BlockHash, ZEROS};

use super::steps::Failed;

/// Blocks that are read back and compared unless all are.
const SAMPLED: usize = 16;

/// Blocks that are being read at once: the quota of 1,000 a second at 60 ms each.
const GETS_MAX: usize = 64;

/// What reading back found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadBack {
    /// Blocks that were read.
    pub read: u32,
    /// The first of those that are not as they should be, and why.
    pub wrong: Option<(u32, &'static str)>,
    /// How many are not.
    pub wrong_count: u32,
}

impl ReadBack {
    fn wrong(&mut self, index: u32, why: &'static str) {
        let first = self.wrong.filter(|(first, _)| *first <= index);
        self.wrong = first.or(Some((index, why)));
        self.wrong_count += 1;
    }
}

/// Reads a snapshot's blocks back, all or some, and compares them with a map; what is not there must read as
/// what the map says: zeros without encryption, and nothing at all with it.
///
/// # Errors
/// [`Failed`]: blocks cannot be listed or read.
pub async fn compare<C: Cloud>(
    cloud: &Arc<C>,
    snapshot: &str,
    is_encrypted: bool,
    hashes: &[BlockHash],
    is_all: bool,
) -> Result<ReadBack, Failed> {
    let there = blocks(&**cloud, snapshot).await?;
    let mut found = ReadBack::default();
    let mut next = 0;
    for end in there.iter().map(|block| block.index as usize).chain([hashes.len()]) {
        if end > hashes.len() || end < next {
            found.wrong(u32::try_from(end).unwrap_or(u32::MAX), "is beyond the disk");
            return Ok(found);
        }
        for (absent, hash) in (next..end).zip(&hashes[next..end]) {
            if is_encrypted || *hash != ZEROS {
                found.wrong(absent as u32, "is missing");
            }
        }
        next = end + 1;
    }
    let step = if is_all { 1 } else { there.len().div_ceil(SAMPLED).max(1) };
    let mut reads = JoinSet::new();
    let mut wanted = there.into_iter().step_by(step);
    loop {
        while reads.len() < GETS_MAX
            && let Some(block) = wanted.next()
        {
            let (cloud, snapshot) = (Arc::clone(cloud), snapshot.to_owned());
            reads.spawn(async move {
                let bytes = cloud.get_block(&snapshot, &block).await?;
                let hash = tokio::task::spawn_blocking(move || Sha256::digest(&bytes).into());
                let hash: BlockHash =
                    hash.await.map_err(|error| Failed::other(error.to_string(), 1))?;
                Ok::<_, Failed>((block.index, hash))
            });
        }
        let Some(done) = reads.join_next().await else { return Ok(found) };
        let (index, hash) = done.map_err(|error| Failed::other(error.to_string(), 1))??;
        found.read += 1;
        if hashes[index as usize] != hash {
            found.wrong(index, "is not what was put");
        }
    }
}

/// All blocks of a snapshot, in order.
async fn blocks<C: Cloud>(cloud: &C, snapshot: &str) -> Result<Vec<BlockRef>, Failed> {
    let mut next = None;
    let mut there = Vec::new();
    loop {
        let page = cloud.list_blocks(snapshot, next.as_deref()).await?;
        there.extend(page.blocks);
        next = page.next;
        if next.is_none() {
            return Ok(there);
        }
    }
}
