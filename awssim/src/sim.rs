//! The simulator itself: the state of all accounts, its clock, faults and limits.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use parking_lot::{Mutex, MutexGuard};

use crate::blocks::{BLOCK_LEN, Blocks};
use crate::clock::Clock;
use crate::config::Config;
use crate::faults::Faults;
use crate::link::{Link, Puts};
use crate::quota::Buckets;
use crate::world::World;

/// A simulator: the state that all calls share.
#[derive(Debug)]
pub struct Sim {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) blocks: Blocks,
    world: Mutex<World>,
    faults: Mutex<Faults>,
    pub(crate) buckets: Mutex<Buckets>,
    pub(crate) link: Link,
    pub(crate) puts: Puts,
    /// IAM actions that the calls so far needed, except those of STS and the portal.
    actions: Mutex<BTreeSet<String>>,
    /// Refresh tokens that callers have used.
    used: Mutex<BTreeSet<String>>,
}

impl Sim {
    /// Opens the simulator with the state in a folder; an empty folder means a new state.
    ///
    /// # Errors
    /// The folder cannot be used, or contains no state of the simulator.
    pub fn open(config: Config, state: &Path) -> anyhow::Result<Arc<Self>> {
        let blocks = Blocks::open(state.join("blocks"))?;
        Ok(Arc::new(Self {
            clock: Clock::new(config.speed),
            link: Link::new(config.bandwidth),
            puts: Puts::default(),
            config,
            blocks,
            world: Mutex::new(World::load(&state.join("world.json"))?),
            faults: Mutex::default(),
            buckets: Mutex::default(),
            actions: Mutex::default(),
            used: Mutex::default(),
        }))
    }

    /// Locks the state of all accounts.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock()
    }

    /// Locks the faults and the counts of calls.
    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock()
    }

    /// Returns the configuration that the simulator was opened with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Returns the highest number of puts that were under way at one time, each from its first byte to its answer.
    pub fn puts_peak(&self) -> usize {
        self.puts.peak()
    }

    /// Returns all IAM actions that the calls so far needed, except those of STS and the portal.
    pub fn actions(&self) -> BTreeSet<String> {
        self.actions.lock().clone()
    }

    pub(crate) fn note_action(&self, action: &str) {
        let mut actions = self.actions.lock();
        if !actions.contains(action) {
            actions.insert(action.to_owned());
        }
    }

    /// Records the use of a token; returns false if it was used before.
    pub(crate) fn use_once(&self, token: &str) -> bool {
        self.used.lock().insert(token.to_owned())
    }

    /// Returns the simulator's clock, which decides when states change.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Returns the bytes of a snapshot as a volume made of it shows them. The snapshot may be of any account.
    ///
    /// # Errors
    /// The snapshot does not exist, or a block cannot be read.
    pub fn disk(&self, id: &str) -> anyhow::Result<Vec<u8>> {
        let found = {
            let world = self.world();
            let mut places = world.places.values().flat_map(|regions| regions.values());
            places.find_map(|place| place.snapshots.get(id)).cloned()
        };
        let found = found.ok_or_else(|| anyhow::anyhow!("there is no snapshot {id}"))?;
        let count = u32::try_from(found.size << 11)?;
        let mut disk = vec![0; count as usize * BLOCK_LEN];
        for (index, place) in (0..count).zip(disk.chunks_exact_mut(BLOCK_LEN)) {
            match (found.blocks.get(&index), &found.key) {
                (Some(hash), _) => {
                    let block = self.blocks.get(hash)?;
                    anyhow::ensure!(block.len() == BLOCK_LEN, "block {index} is damaged");
                    place.copy_from_slice(&block);
                }
                (None, Some(key)) => place.copy_from_slice(&crate::blocks::garbage(key, index)),
                (None, None) => {}
            }
        }
        Ok(disk)
    }

    /// Returns AWS's real time in seconds since the epoch: this machine's time plus the configured skew.
    pub(crate) fn real_now_s(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        since.as_secs().cast_signed() + self.config.skew_s
    }

    /// Saves the state if there were calls since the last save; `saved` is the count of calls at that save.
    pub(crate) fn save(&self, state: &Path, saved: &mut usize) {
        let calls = self.faults().counts().values().sum::<u64>() as usize;
        if calls != *saved {
            let world = self.world().clone();
            match world.save(&state.join("world.json")) {
                Ok(()) => *saved = calls,
                Err(error) => tracing::warn!("the state was not kept: {error}"),
            }
        }
    }

    /// Makes a request id from the number of calls so far. So a second run of the same calls gets the same ids and the
    /// same latencies.
    pub(crate) fn request_id(&self) -> String {
        let count = self.faults().counts().values().sum::<u64>();
        format!("5f000000-0000-4000-8000-{count:012x}")
    }
}
