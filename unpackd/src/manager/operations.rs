//! The operations on volumes.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use store::ingest::Progress as ScanProgress;
use wire::Manifest;
use wire::manifest::diff::{Change, diff};
use wire::name::{ImageName, StreamName};
use wire::proto::UnpackReport;

use super::{Manager, advance, check_lease, now_ms, wrong_state};
use crate::boot::overlay;
use crate::device::Device;
use crate::engine::Engine;
use crate::error::UnpackError;
use crate::filesystem::Filesystem;
use crate::freed::Freed;
use crate::layout::{Identity, Layout};
use crate::ledger::Ledger;
use crate::look::look;
use crate::patch::{Record, Request, Source, expected_tree, patch};
use crate::volume::{Event, Revision, State, Volume, volume_id};
use transfer::fetch::manifest_of;

/// A volume to add.
#[derive(Debug, Clone)]
pub struct AddVolume {
    /// A block device or an image file.
    pub path: PathBuf,
    /// Whether it is an image file, which is created where it is missing.
    pub is_file: bool,
    /// The length of a file that is created; of one that is there, its length or zero.
    pub size: u64,
    /// How to divide it.
    pub layout: Layout,
    /// Whether it may hold something, which is destroyed by the first unpack.
    pub is_format: bool,
    /// The filesystem that it shall have.
    pub filesystem: Filesystem,
    /// What happens to data that patches free.
    pub freed: Freed,
    /// What kernels are told; by default [`crate::boot::KERNEL_ARGUMENTS`].
    pub kernel_arguments: Option<String>,
    /// Whether its UUIDs are its own, instead of its stream's.
    pub has_own_uuids: bool,
    /// The stream to pin it to.
    pub stream: Option<StreamName>,
}

/// One path at which a volume differs from its image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The path.
    pub path: String,
    /// In what it differs; "missing" or "extra" where only one side has it, "flags" where it is immutable or
    /// append-only on the volume, "uuid" where the filesystem has another than its stream's.
    pub fields: Vec<&'static str>,
}

impl Manager {
    /// Adds a volume.
    ///
    /// # Errors
    /// [`UnpackError::InUse`], [`UnpackError::Refused`], [`UnpackError::TooSmall`].
    pub fn add_volume(&self, request: &AddVolume) -> Result<Volume, UnpackError> {
        if !request.path.is_absolute() {
            return Err(UnpackError::Refused(format!(
                "{} is not an absolute path on unpackd's machine",
                request.path.display()
            )));
        }
        // Held over look and write, so that two requests cannot add one volume.
        let _busy = self.busy();
        let is_created = request.is_file && !request.path.exists();
        if is_created {
            create_file(&request.path, request.size)?;
        }
        let result = self.register(request);
        if result.is_err() && is_created {
            std::fs::remove_file(&request.path).ok();
        }
        result
    }

    fn register(&self, request: &AddVolume) -> Result<Volume, UnpackError> {
        let path = std::fs::canonicalize(&request.path)
            .map_err(UnpackError::io("open volume", &request.path))?;
        if path.to_str().is_none() {
            return Err(UnpackError::Refused(format!(
                "{} leads to a name that is no UTF-8, under which no volume can be kept: rename it",
                request.path.display()
            )));
        }
        let device = Device::open(&path)?;
        request.filesystem.check_len(&path, device.size())?;
        if request.is_file && request.size != 0 && device.size() != request.size {
            return Err(UnpackError::Refused(format!(
                "{} is there with {} bytes, not {}: leave --size out, or name another file",
                path.display(),
                device.size(),
                request.size
            )));
        }
        if device.is_file() != request.is_file {
            let (is, flag) =
                if request.is_file { ("a block device", "--device") } else { ("a file", "--file") };
            let path = path.display();
            return Err(UnpackError::Refused(format!("{path} is {is}: add it with {flag}")));
        }
        device.root(request.layout)?;
        let identity = request.stream.as_ref().map(|stream| Identity { stream, own: 0 });
        if !request.is_format && !device.is_blank_or_ours(identity)? {
            return Err(UnpackError::Refused(format!(
                "{} holds something that imprint did not make: add it with --format, which lets \
                 the first unpack destroy it, or name another volume",
                path.display()
            )));
        }
        let id = volume_id(&path, request.is_file);
        let known = self.registry.list()?;
        let is_same = |volume: &&Volume| volume.id == id || is_one_file(&volume.path, &path);
        if let Some(known) = known.iter().find(is_same) {
            return Err(UnpackError::Refused(format!(
                "{} is volume {} already",
                path.display(),
                known.id
            )));
        }
        if let Some(stream) = &request.stream {
            refuse_second(&known, stream, &id)?;
        }
        let volume = Volume {
            id,
            path,
            is_file: request.is_file,
            size: device.size(),
            layout: request.layout,
            filesystem: request.filesystem,
            freed: request.freed,
            kernel_arguments: request.kernel_arguments.clone(),
            own_uuids: if request.has_own_uuids { own_uuids() } else { 0 },
            stream: request.stream.clone(),
            state: State::Unclaimed,
            epoch: 0,
            lease: None,
            captured_epoch: 0,
        };
        // A ledger of an earlier life of this file says nothing of this one.
        Ledger::remove(&self.ledgers, &volume.id)?;
        self.registry.put(&volume)?;
        tracing::info!(volume = volume.id, path = %volume.path.display(), "volume added");
        Ok(volume)
    }

    /// Forgets a volume; its content stays.
    ///
    /// # Errors
    /// [`UnpackError::NoVolume`]; [`UnpackError::LeaseHeld`].
    pub fn remove_volume(&self, id: &str, holder: &str) -> Result<(), UnpackError> {
        let _busy = self.claim(id, Duration::ZERO)?;
        check_lease(&self.registry.get(id)?, holder)?;
        self.registry.remove(id)?;
        tracing::info!(volume = id, "volume removed");
        Ledger::remove(&self.ledgers, id)
    }

    /// Pins a stream to a volume. What the volume held of another stream is patched away.
    ///
    /// # Errors
    /// [`UnpackError::NoVolume`]; [`UnpackError::Refused`] where either is taken.
    pub fn associate(
        &self,
        stream: &StreamName,
        id: &str,
        holder: &str,
    ) -> Result<Volume, UnpackError> {
        let _busy = self.claim(id, Duration::ZERO)?;
        self.update(id, |volume| {
            check_lease(volume, holder)?;
            refuse_second(&self.registry.list()?, stream, id)?;
            if let Some(other) = volume.stream.as_ref().filter(|other| *other != stream) {
                return Err(UnpackError::Refused(format!(
                    "volume {id} belongs to stream {other}: forget that stream first"
                )));
            }
            volume.stream = Some(stream.clone());
            Ok(volume.clone())
        })
    }

    /// Unpins a stream from its volume, which another stream formats anew.
    ///
    /// # Errors
    /// [`UnpackError::NoStream`]; [`UnpackError::LeaseHeld`].
    pub fn forget(&self, stream: &StreamName, holder: &str) -> Result<String, UnpackError> {
        let (_busy, volume) = self.claim_stream(stream, holder, Duration::ZERO)?;
        Ledger::remove(&self.ledgers, &volume.id)?;
        self.update(&volume.id, |volume| {
            check_lease(volume, holder)?;
            volume.stream = None;
            volume.lease = None;
            volume.captured_epoch = 0;
            // UUIDs are the stream's own, so the next stream begins with a fresh filesystem.
            volume.state = State::Unclaimed;
            Ok(volume.id.clone())
        })
    }

    /// Patches the volume of an image's stream to that image.
    ///
    /// # Errors
    /// [`UnpackError`].
    pub fn unpack(
        &self,
        image: &ImageName,
        holder: &str,
        options: UnpackOptions,
        progress: &(dyn Fn(&'static str, u64, u64) + Sync),
    ) -> Result<UnpackReport, UnpackError> {
        let stream = image.stream();
        let (busy, volume) = self.claim_stream(&stream, holder, options.wait)?;
        let watched = self.recent.begin(&volume.id, image, options.is_dry_run);
        let seen = |phase, done, total| {
            watched.progress(phase, done, total);
            progress(phase, done, total);
        };
        let result = self.patch_claimed(image, &volume, options, &seen);
        watched.end(&result);
        drop(busy);
        result
    }

    /// Patches a volume that is claimed.
    fn patch_claimed(
        &self,
        image: &ImageName,
        volume: &Volume,
        options: UnpackOptions,
        progress: &(dyn Fn(&'static str, u64, u64) + Sync),
    ) -> Result<UnpackReport, UnpackError> {
        let stream = image.stream();
        progress("manifest", 0, 0);
        let (digest, want) = manifest_of(&self.store, self.fetch.as_ref(), image)?;
        let is_fresh = matches!(volume.state, State::Unclaimed);
        let verify_full = options.verify_full || matches!(volume.state, State::Damaged(_));
        let recorder = Recorder {
            manager: self,
            id: volume.id.clone(),
            to: Revision { image: image.clone(), manifest: digest },
            progress,
        };
        let result = patch(&Request {
            path: &volume.path,
            layout: volume.layout,
            stream: &stream,
            own_uuids: volume.own_uuids,
            image,
            want: &want,
            is_fresh,
            verify_full,
            is_dry_run: options.is_dry_run,
            store: &self.store,
            fetch: self.fetch.as_ref(),
            engine: self.engine,
            filesystem: volume.filesystem,
            freed: volume.freed,
            kernel_arguments: volume.kernel_arguments.as_deref(),
            ledger: Some((&self.ledgers, &volume.id)),
            record: &recorder,
        });
        if let Err(error) = &result {
            tracing::error!(volume = volume.id, %image, "failed to patch: {error}");
            recorder.interrupted();
        }
        result
    }

    /// Compares a volume with the image that it should hold, reading everything.
    ///
    /// # Errors
    /// [`UnpackError::WrongState`] where it should hold none.
    pub fn verify(
        &self,
        stream: &StreamName,
        holder: &str,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<(ImageName, Vec<Difference>), UnpackError> {
        let (_busy, volume) = self.claim_stream(stream, holder, Duration::ZERO)?;
        let revision = volume.state.revision().cloned();
        let revision = revision.ok_or_else(|| wrong_state(&volume, "verify"))?;
        let want = self.store.load_manifest(&revision.manifest)?;
        // The files that were generated when it was patched, or would be now.
        let want = match Ledger::load(&self.ledgers, &volume.id) {
            Some(ledger) if ledger.manifest == want.digest() => {
                overlay(&want, &ledger.boot.generated)?
            }
            _ => {
                let (store, fetch) = (&self.store, self.fetch.as_ref());
                let source = Source { store, fetch, image: &revision.image };
                expected_tree(&want, volume.boot_target(stream), source)?.into_owned()
            }
        };
        let made = (volume.layout, volume.boot_target(stream).identity);
        let found = verify_volume(&volume.path, made, &want, self.engine, progress)?;
        Ok((revision.image, found))
    }
}

/// How to unpack.
#[derive(Debug, Clone, Copy)]
pub struct UnpackOptions {
    /// How long to wait for another operation on the volume.
    pub wait: Duration,
    /// Whether to hash everything instead of believing a ledger.
    pub verify_full: bool,
    /// Whether to plan only.
    pub is_dry_run: bool,
}

/// Compares what a volume holds with a manifest, reading everything and writing nothing.
///
/// # Errors
/// Errors of opening, mounting and reading the volume.
pub fn verify_volume(
    path: &Path,
    (layout, identity): (Layout, Identity<'_>),
    want: &Manifest,
    engine: Engine,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Vec<Difference>, UnpackError> {
    let counters = ScanProgress::default();
    let (done, finished) = std::sync::mpsc::channel::<()>();
    let have = std::thread::scope(|scope| {
        let counters = &counters;
        scope.spawn(move || {
            let total = want.header().content_len;
            let every = Duration::from_millis(200);
            while finished.recv_timeout(every) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                progress(counters.bytes.load(std::sync::atomic::Ordering::Relaxed), total);
            }
        });
        let have = look(path, layout, want.algorithm(), engine, counters);
        drop(done);
        have
    });
    let (have, _) = have?;
    let mut found = differences(&have.manifest, want);
    let has_other_uuid = have.uuid != *identity.uuid("root").as_bytes();
    let beside = have.locked.iter().map(|path| (path.as_slice(), "flags"));
    for (path, field) in beside.chain(has_other_uuid.then_some((&b""[..], "uuid"))) {
        let path = store::show(path);
        match found.iter_mut().find(|difference| difference.path == path) {
            Some(known) => known.fields.push(field),
            None => found.push(Difference { path, fields: vec![field] }),
        }
    }
    Ok(found)
}

fn differences(have: &Manifest, want: &Manifest) -> Vec<Difference> {
    diff(want, have)
        .into_iter()
        .map(|change| match change {
            Change::Added(node) => {
                Difference { path: store::show(&have.path(node)), fields: vec!["extra"] }
            }
            Change::Removed(node) => {
                Difference { path: store::show(&want.path(node)), fields: vec!["missing"] }
            }
            Change::Changed { old, fields, .. } => {
                Difference { path: store::show(&want.path(old)), fields: fields.names() }
            }
        })
        .collect()
}

/// Moves a volume's state along with a patch.
struct Recorder<'a> {
    manager: &'a Manager,
    id: String,
    to: Revision,
    progress: &'a (dyn Fn(&'static str, u64, u64) + Sync),
}

impl Recorder<'_> {
    fn advance(&self, event: Event) -> Result<(), UnpackError> {
        self.manager.update(&self.id, |volume| advance(volume, event, "unpack"))
    }

    fn interrupted(&self) {
        if let Err(error) = self.advance(Event::Interrupted) {
            tracing::error!("failed to record an interrupted patch: {error}");
        }
    }
}

impl Record for Recorder<'_> {
    fn formatting(&self) -> Result<(), UnpackError> {
        self.advance(Event::Format)
    }

    fn patching(&self) -> Result<(), UnpackError> {
        self.advance(Event::Patch(self.to.clone()))
    }

    fn done(&self) -> Result<(), UnpackError> {
        self.advance(Event::PatchDone)
    }

    fn progress(&self, phase: &'static str, done: u64, total: u64) {
        (self.progress)(phase, done, total);
    }
}

fn refuse_second(known: &[Volume], stream: &StreamName, id: &str) -> Result<(), UnpackError> {
    match known.iter().find(|volume| volume.stream.as_ref() == Some(stream) && volume.id != id) {
        None => Ok(()),
        Some(other) => Err(UnpackError::Refused(format!(
            "stream {stream} is pinned to volume {} already: forget it first",
            other.id
        ))),
    }
}

/// Returns whether two paths lead to one file, hard links among them, or to one device.
fn is_one_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| {
        let found = std::fs::metadata(path).ok()?;
        let is_device = found.rdev() != 0;
        Some(if is_device { (0, found.rdev()) } else { (found.dev(), found.ino()) })
    };
    identity(a).is_some() && identity(a) == identity(b)
}

/// Returns a number that no other volume has.
fn own_uuids() -> u64 {
    let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), now_ms());
    random.max(1)
}

/// Creates a sparse image file.
fn create_file(path: &Path, size: u64) -> Result<(), UnpackError> {
    if size == 0 {
        return Err(UnpackError::Refused(format!(
            "{} does not exist: say with --size how large to make it",
            path.display()
        )));
    }
    let failed = || UnpackError::io("create volume", path);
    let mut options = File::options();
    std::os::unix::fs::OpenOptionsExt::mode(options.write(true).create_new(true), 0o600);
    let file = options.open(path).map_err(failed())?;
    sysio::file::set_len(&file, size).map_err(failed())?;
    sysio::file::sync(&file).map_err(failed())
}
