//! Operations on volumes: one at a time on each volume, under leases.

mod add_volume;
mod capture;
mod history;
mod operations;
mod unpack;
mod upkeep;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};
use patch::ObjectSource;
use patch::engine::Engine;
use store::Store;
use sysio::Dir;
use sysio::clock::now_ms;
use wire::digest::{Algorithm, Digest};
use wire::name::StreamName;

use crate::UnpackError;
use crate::volume::{Event, Lease, Registry, State, Volume, volume_id};

pub use add_volume::AddVolume;
pub use capture::CapturedVolume;
pub use history::{Outcome, PatchHistory, PatchRun, phases};
pub use unpack::UnpackOptions;
pub use upkeep::StoreCollection;

/// Lifetime of a lease if the holder asks for no lifetime.
pub const LEASE_DEFAULT: Duration = Duration::from_secs(15 * 60);
/// Limit of the lifetime of a lease; a longer request gets this lifetime.
pub const LEASE_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// A daemon's volumes, store and I/O engine. Many threads can call its operations at once.
pub struct Manager {
    registry: Registry,
    store: Arc<Store>,
    ledgers: Dir,
    source: Box<dyn ObjectSource + Send>,
    engine: Engine,
    state_dir: PathBuf,
    /// This mutex is also held while a volume's record changes.
    claims: Mutex<Claims>,
    claim_released: Condvar,
    /// The manifest of each stream's newest image, as far as it was fetched ahead.
    newest: Mutex<HashMap<StreamName, Digest>>,
    history: PatchHistory,
}

/// Who works now.
#[derive(Debug, Default)]
struct Claims {
    /// Ids of the volumes on which an operation works.
    volumes: HashSet<String>,
    /// Whether the store is being collected. No operation works meanwhile.
    is_collecting: bool,
    /// Operations that wait for the end of the collection.
    waiting: usize,
}

impl std::fmt::Debug for Manager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manager").field("state_dir", &self.state_dir).finish_non_exhaustive()
    }
}

/// An operation's exclusive claim on a volume, released on drop.
struct VolumeClaim<'a> {
    manager: &'a Manager,
    id: String,
}

impl Drop for VolumeClaim<'_> {
    fn drop(&mut self) {
        self.manager.registry_lock().volumes.remove(&self.id);
        self.manager.claim_released.notify_all();
    }
}

impl Manager {
    /// Opens the daemon's state in `state_dir` and creates what is missing. `algorithm` is used only for a new store;
    /// an existing one keeps its own.
    ///
    /// # Errors
    /// Errors of the store, the registry and their folders.
    pub fn open(
        state_dir: &Path,
        algorithm: Algorithm,
        source: Box<dyn ObjectSource + Send>,
        engine: Engine,
    ) -> Result<Self, UnpackError> {
        let folder = |name: &str| {
            let path = state_dir.join(name);
            Dir::create_all(&path).map_err(UnpackError::io("create folder", path))
        };
        folder("")?;
        let store = Store::open_or_create(&state_dir.join("store"), algorithm)?;
        Ok(Self {
            registry: Registry::open(&state_dir.join("state.redb"))?,
            store: Arc::new(store),
            ledgers: folder("ledgers")?,
            source,
            engine,
            state_dir: state_dir.to_owned(),
            claims: Mutex::default(),
            claim_released: Condvar::new(),
            newest: Mutex::default(),
            history: PatchHistory::default(),
        })
    }

    /// Returns the name of the I/O engine, for the status page.
    pub fn engine_name(&self) -> &'static str {
        self.engine.name()
    }

    /// Returns the record of patches since the daemon began.
    pub fn history(&self) -> &PatchHistory {
        &self.history
    }

    /// Returns the store of what was fetched.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Returns whether no operation works on any volume.
    pub fn is_idle(&self) -> bool {
        let claims = self.registry_lock();
        claims.volumes.is_empty() && !claims.is_collecting
    }

    /// Returns all volumes, sorted by id.
    ///
    /// # Errors
    /// Errors of the registry.
    pub fn volumes(&self) -> Result<Vec<Volume>, UnpackError> {
        self.registry.list()
    }

    /// Locks the claims. Code that reads a volume's record and writes it back must hold this lock meanwhile.
    fn registry_lock(&self) -> MutexGuard<'_, Claims> {
        self.claims.lock()
    }

    /// Claims a volume for one operation. If another operation works on the volume, waits up to `wait` for its end. If
    /// it has not ended by then, returns [`UnpackError::Busy`].
    fn claim(&self, id: &str, wait: Duration) -> Result<VolumeClaim<'_>, UnpackError> {
        let deadline = Instant::now() + wait;
        let mut claims = self.registry_lock();
        while claims.is_collecting {
            // The collection ends after its next step.
            claims.waiting += 1;
            self.claim_released.wait(&mut claims);
            claims.waiting -= 1;
        }
        while claims.volumes.contains(id) {
            if Instant::now() >= deadline {
                return Err(UnpackError::Busy(id.to_owned()));
            }
            self.claim_released.wait_until(&mut claims, deadline);
        }
        claims.volumes.insert(id.to_owned());
        Ok(VolumeClaim { manager: self, id: id.to_owned() })
    }

    /// Claims a stream's volume for a holder. Fails if another holds the lease, or another device is at the path.
    fn claim_stream(
        &self,
        stream: &StreamName,
        holder: &str,
        wait: Duration,
    ) -> Result<(VolumeClaim<'_>, Volume), UnpackError> {
        let id = self.registry.of_stream(stream)?.id;
        let claim = self.claim(&id, wait)?;
        let volume = self.registry.of_stream(stream)?;
        if volume.id != id {
            return Err(UnpackError::Busy(id));
        }
        check_lease(&volume, holder)?;
        check_identity(&volume)?;
        Ok((claim, volume))
    }

    /// Changes a volume's record durably. Holds the registry lock from read to write, so that no concurrent change
    /// is lost.
    fn update<T>(
        &self,
        id: &str,
        change: impl FnOnce(&mut Volume) -> Result<T, UnpackError>,
    ) -> Result<T, UnpackError> {
        let _lock = self.registry_lock();
        let mut volume = self.registry.get(id)?;
        let before = volume.state.name();
        let result = change(&mut volume)?;
        self.registry.put(&volume)?;
        if volume.state.name() != before {
            tracing::info!(volume = id, from = before, to = volume.state.name(), "volume state");
        }
        Ok(result)
    }

    /// Grants or renews the lease on a stream's volume. A zero `ttl` means [`LEASE_DEFAULT`]; a `ttl` above
    /// [`LEASE_MAX`] is cut to it.
    ///
    /// # Errors
    /// [`UnpackError::LeaseHeld`] if another holder has the lease and `steal` is not set; [`UnpackError::NoStream`].
    pub fn prepare(
        &self,
        stream: &StreamName,
        holder: &str,
        ttl: Duration,
        steal: bool,
    ) -> Result<Lease, UnpackError> {
        let ttl = if ttl.is_zero() { LEASE_DEFAULT } else { ttl.min(LEASE_MAX) };
        // Takes only the registry lock and no claim, because a holder may renew its lease while its own patch runs.
        let _lock = self.registry_lock();
        let mut volume = self.registry.of_stream(stream)?;
        if !steal {
            check_lease(&volume, holder)?;
        }
        let lease = grant(&mut volume, holder, ttl);
        self.registry.put(&volume)?;
        tracing::info!(%stream, holder, epoch = lease.epoch, steal, "lease granted");
        Ok(lease)
    }

    /// Releases the holder's lease; a captured volume becomes ready for the next patch.
    ///
    /// # Errors
    /// [`UnpackError::LeaseHeld`] if another holds the lease; [`UnpackError::Busy`] during an operation.
    pub fn release(&self, stream: &StreamName, holder: &str) -> Result<(), UnpackError> {
        let (_claim, volume) = self.claim_stream(stream, holder, Duration::ZERO)?;
        self.update(&volume.id, |volume| {
            check_lease(volume, holder)?;
            volume.lease = None;
            advance(volume, Event::Release, "release")
        })
    }
}

/// Moves a volume to its next state. If that state is not `Captured`, no capture is in force, and `captured_epoch`
/// becomes 0.
fn advance(volume: &mut Volume, event: Event, operation: &'static str) -> Result<(), UnpackError> {
    let next = volume.state.transition(event).ok_or_else(|| wrong_state(volume, operation))?;
    if !matches!(next, State::Captured(_)) {
        volume.captured_epoch = 0;
    }
    volume.state = next;
    Ok(())
}

/// Checks that the device at a volume's path still is that volume, because device names move between boots.
fn check_identity(volume: &Volume) -> Result<(), UnpackError> {
    let found = volume_id(&volume.path, volume.is_file);
    if found == volume.id {
        return Ok(());
    }
    let (path, id) = (volume.path.clone(), volume.id.clone());
    Err(UnpackError::OtherDevice { path, found, id })
}

fn check_lease(volume: &Volume, holder: &str) -> Result<(), UnpackError> {
    let now = now_ms();
    match volume.lease_at(now).filter(|lease| lease.holder != holder) {
        None => Ok(()),
        Some(lease) => Err(UnpackError::LeaseHeld {
            stream: volume.stream.as_ref().map(ToString::to_string).unwrap_or_default(),
            holder: lease.holder.clone(),
            seconds: (lease.expires_at_ms - now) / 1000,
        }),
    }
}

/// Gives `holder` the lease for `ttl` from now. If `holder` already has the lease, the epoch stays; otherwise it grows.
fn grant(volume: &mut Volume, holder: &str, ttl: Duration) -> Lease {
    let now = now_ms();
    let is_held = volume.lease_at(now).is_some_and(|lease| lease.holder == holder);
    if !is_held {
        volume.epoch += 1;
    }
    let ttl_ms = i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX);
    let expires_at_ms = now.saturating_add(ttl_ms);
    let lease = Lease { holder: holder.to_owned(), epoch: volume.epoch, expires_at_ms };
    volume.lease = Some(lease.clone());
    lease
}

fn wrong_state(volume: &Volume, operation: &'static str) -> UnpackError {
    let hint = match volume.state.name() {
        "unclaimed" | "needs_scan" => "; unpack an image first",
        "damaged" => "; unpack with --verify full, or remove the volume",
        _ => "",
    };
    let state = volume.state.name().to_owned();
    UnpackError::WrongState { volume: volume.id.clone(), state, operation, hint }
}
