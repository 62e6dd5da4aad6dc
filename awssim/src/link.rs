//! The way in: how fast bodies come, and how many puts are under way.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The link over which all requests come.
#[derive(Debug)]
pub(crate) struct Link {
    /// Bytes a second.
    bandwidth: Option<f64>,
    /// When it is free again.
    free: Mutex<Instant>,
}

impl Link {
    pub(crate) fn new(bandwidth: Option<f64>) -> Self {
        Self { bandwidth, free: Mutex::new(Instant::now()) }
    }

    /// Waits until so many bytes have passed, behind those that came before.
    pub(crate) async fn pass(&self, len: usize) {
        let Some(bandwidth) = self.bandwidth else { return };
        let until = {
            let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
            *free = (*free).max(Instant::now()) + Duration::from_secs_f64(len as f64 / bandwidth);
            *free
        };
        tokio::time::sleep_until(until.into()).await;
    }
}

/// Puts that are under way, from their first byte to their answer.
#[derive(Debug, Default)]
pub(crate) struct Puts {
    count: AtomicUsize,
    peak: AtomicUsize,
    /// Blocks that are being written, by snapshot and number.
    blocks: Mutex<BTreeSet<(String, String)>>,
}

impl Puts {
    /// Notes that one begins.
    pub(crate) fn begin(&self) -> UnderWay<'_> {
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        self.peak.fetch_max(count, Ordering::Relaxed);
        UnderWay(self)
    }

    /// The most that there were at once.
    pub(crate) fn peak(&self) -> usize {
        self.peak.load(Ordering::Relaxed)
    }

    /// Begins to write a block; `None` while another request writes it.
    pub(crate) fn write(&self, snapshot: &str, index: &str) -> Option<Writing<'_>> {
        let block = (snapshot.to_owned(), index.to_owned());
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let is_free = blocks.insert(block.clone());
        drop(blocks);
        is_free.then(|| Writing { puts: self, block })
    }
}

/// A put that is under way.
#[derive(Debug)]
pub(crate) struct UnderWay<'a>(&'a Puts);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A block that is being written.
#[derive(Debug)]
pub(crate) struct Writing<'a> {
    puts: &'a Puts,
    block: (String, String),
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        let mut blocks = self.puts.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        blocks.remove(&self.block);
    }
}
