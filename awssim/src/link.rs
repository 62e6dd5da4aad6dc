//! The network into the simulator: bandwidth of request bodies, and the puts under way.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// The link that all requests share.
#[derive(Debug)]
pub(crate) struct Link {
    /// Bytes per second; `None` is unlimited.
    bandwidth: Option<f64>,
    /// Time at which the link will have finished all transfers so far.
    free: Mutex<Instant>,
}

impl Link {
    pub(crate) fn new(bandwidth: Option<f64>) -> Self {
        Self { bandwidth, free: Mutex::new(Instant::now()) }
    }

    /// Waits until the link has transferred `len` bytes. Earlier calls transfer their bytes first.
    pub(crate) async fn pass(&self, len: usize) {
        let Some(bandwidth) = self.bandwidth else { return };
        let until = {
            let mut free = self.free.lock();
            *free = (*free).max(Instant::now()) + Duration::from_secs_f64(len as f64 / bandwidth);
            *free
        };
        tokio::time::sleep_until(until.into()).await;
    }
}

/// The puts under way, each from its first byte to its answer.
#[derive(Debug, Default)]
pub(crate) struct Puts {
    count: AtomicUsize,
    peak: AtomicUsize,
    /// Blocks with a put under way, by snapshot and index.
    blocks: Mutex<BTreeSet<(String, String)>>,
}

impl Puts {
    /// Counts a put until the returned guard is dropped.
    pub(crate) fn begin(&self) -> UnderWay<'_> {
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        self.peak.fetch_max(count, Ordering::Relaxed);
        UnderWay(self)
    }

    /// Returns the highest number of puts that were under way at one time.
    pub(crate) fn peak(&self) -> usize {
        self.peak.load(Ordering::Relaxed)
    }

    /// Reserves a block for a put; `None` if another put of this block is under way.
    pub(crate) fn write(&self, snapshot: &str, index: &str) -> Option<BlockReservation<'_>> {
        let block = (snapshot.to_owned(), index.to_owned());
        let mut blocks = self.blocks.lock();
        let is_free = blocks.insert(block.clone());
        drop(blocks);
        is_free.then(|| BlockReservation { puts: self, block })
    }
}

/// Guard that counts a put as under way.
#[derive(Debug)]
pub(crate) struct UnderWay<'a>(&'a Puts);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Guard that reserves a block for one put.
#[derive(Debug)]
pub(crate) struct BlockReservation<'a> {
    puts: &'a Puts,
    block: (String, String),
}

impl Drop for BlockReservation<'_> {
    fn drop(&mut self) {
        let mut blocks = self.puts.blocks.lock();
        blocks.remove(&self.block);
    }
}
