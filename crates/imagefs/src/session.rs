//! Mounts a source of images, follows its changes, and ends the mount.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, SystemTime};

use fuser::{Config, INodeNo, MountOption, Notifier, Session, SessionACL, SessionUnmounter};
use parking_lot::RwLock;
use store::Store;
use wire::digest::Algorithm;
use wire::name::ImageName;

use super::blocks::{self, DiskOrigin};
use super::content::Content;
use super::disks::{DiskFiles, read_table};
use super::fetch_cache::FetchCache;
use super::follow::{Follower, image};
use super::fuse::Server;
use super::images::{Images, LoadedImage};
use super::ino::{Numbering, Place};
use super::names::{Image, Names};
use super::objects::Objects;
use super::view::{Files, View, ViewError, VirtualViews};
use super::volume_files::VolumeFiles;
use crate::ImageServer;
use crate::MountError;

/// Limit on the threads that answer the kernel if nothing is fetched: more threads would not read faster.
const THREADS_MAX: usize = 8;

/// Count of threads if objects are fetched: readers that wait for an object must not block the others.
const THREADS_REMOTE: usize = 16;

/// Manifests and decoded frames get a quarter of the memory each. The rest covers loads and replies in flight, and
/// memory that the allocator keeps (a process with 96 MiB of caches took 154 MB).
const KEPT_PART: u64 = 4;

/// Time for which the end of a mount waits for answers under way.
const END_WAIT: Duration = Duration::from_secs(5);

/// Options of [`mount`]: what the mount shows, who may look inside, and how much memory and disk the mount may take.
#[derive(Debug, Clone)]
pub struct MountOptions {
    /// The image to show as the root; `None` shows all images.
    pub image: Option<ImageName>,
    /// Shows virtual views (`.diff`, `.by-digest`, `.imprint.json`) in addition to the images.
    pub views: bool,
    /// Lets users other than the mounting user look inside.
    pub allow_other: bool,
    /// Bytes of memory that the process may take.
    pub memory_len_max: u64,
    /// Bytes of disk that the cache of fetched objects may take; unused without a server.
    pub cache_len_max: u64,
}

/// The event after which [`ImageMount::wait`] returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MountEnd {
    /// Somebody unmounted the filesystem.
    Unmounted,
    /// Somebody called the function from [`ImageMount::stopper`]. The caller must now unmount with [`ImageMount::end`].
    Requested,
}

/// A mounted filesystem. [`ImageMount::end`] unmounts it; dropping it seals the cache.
pub struct ImageMount {
    at: PathBuf,
    view: Arc<View>,
    objects: Option<Arc<Objects>>,
    unmounter: SessionUnmounter,
    ended: Receiver<MountEnd>,
    sender: Sender<MountEnd>,
    is_ending: Arc<AtomicBool>,
    follower: Option<std::thread::JoinHandle<()>>,
}

impl std::fmt::Debug for ImageMount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImageMount").field("at", &self.at).finish_non_exhaustive()
    }
}

/// Source of the images to mount.
#[derive(Debug)]
pub enum ImageOrigin {
    /// A store on this machine. A mount of all its images lists them every second.
    Store(Arc<Store>),
    /// An image server; the mount keeps fetched objects in a store of its own.
    Server {
        /// The image server. The mount's threads call it, and a call may block the calling thread.
        server: Box<dyn ImageServer>,
        /// The folder of the store of fetched objects. This store must hold no images.
        cache: PathBuf,
    },
}

fn objects(origin: ImageOrigin, options: &MountOptions) -> Result<Objects, MountError> {
    Ok(match origin {
        ImageOrigin::Store(store) => Objects::Local(store),
        ImageOrigin::Server { server, cache } => {
            let cache = FetchCache::open(server, &cache, options.cache_len_max)?;
            Objects::Fetched(Box::new(cache))
        }
    })
}

/// What a mount shows: images, a volume, or one disk.
#[derive(Debug)]
pub enum MountContent {
    /// All images of a source, or the one that [`MountOptions::image`] names.
    Images(ImageOrigin),
    /// The files that are on a mounted volume now. Nobody can patch the volume until the mount ends.
    Volume(Box<VolumeFiles>),
    /// One disk, whose blocks come from a source other than a store.
    Disk(DiskOrigin),
}

/// Parts of a mount: the tree that it shows, and the follower of images that come and go.
struct MountBackend {
    view: Arc<View>,
    objects: Option<Arc<Objects>>,
    following: Option<(Follower, Arc<RwLock<Names>>)>,
    images: usize,
    is_remote: bool,
}

/// Mounts content at an empty folder. First detaches a mount that a killed process left there.
///
/// # Errors
/// [`MountError::NotEmpty`]; errors of the store, of the image server and of mounting.
pub fn mount(
    at: &Path,
    content: MountContent,
    options: &MountOptions,
) -> Result<ImageMount, MountError> {
    prepare(at)?;
    let backend = match content {
        MountContent::Images(origin) => image_backend(origin, options)?,
        MountContent::Volume(files) => volume_backend(files),
        MountContent::Disk(origin) => disk_backend(&origin, options)?,
    };
    let (mut session, threads) = open_session(at, &backend.view, options, backend.is_remote)?;
    let is_ending = Arc::new(AtomicBool::new(false));
    let follower = match backend.following {
        None => None,
        Some((follower, names)) => {
            let (notifier, is_ending) = (session.notifier(), is_ending.clone());
            let following = NameFollower { follower, names, notifier, is_ending };
            Some(start("follow-images", move || following.run())?)
        }
    };
    let (sender, ended) = std::sync::mpsc::channel();
    let unmounter = session.unmount_callable();
    let when_ended = sender.clone();
    start("mount", move || {
        if let Err(error) = session.run() {
            tracing::warn!("the mount ended with an error: {error}");
        }
        when_ended.send(MountEnd::Unmounted).ok();
    })?;
    let (view, objects) = (backend.view, backend.objects);
    tracing::info!(at = %at.display(), images = backend.images, threads, "mounted");
    Ok(ImageMount {
        at: at.to_owned(),
        view,
        objects,
        unmounter,
        ended,
        sender,
        is_ending,
        follower,
    })
}

fn image_backend(origin: ImageOrigin, options: &MountOptions) -> Result<MountBackend, MountError> {
    let objects = Arc::new(objects(origin, options)?);
    let is_remote = matches!(*objects, Objects::Fetched(_));
    let names = Arc::new(RwLock::new(Names::new(SystemTime::now())));
    let mut follower = Follower::new(Arc::clone(&objects));
    let first = match &options.image {
        Some(name) => vec![find(&objects, name)?],
        None => follower.images()?,
    };
    let numbering = if options.image.is_some() { Numbering::One } else { Numbering::All };
    names.write().show(&first, SystemTime::now());
    let share = options.memory_len_max / KEPT_PART;
    let images = Images::new(Arc::clone(&names), Arc::clone(&objects), share);
    let files = Files::Objects(Box::new(Content::new(Arc::clone(&objects), share)));
    let extras = options.views.then(|| VirtualViews::new(Arc::clone(&objects)));
    let view = Arc::new(View::new(numbering, Arc::clone(&names), images, files, extras));
    if numbering == Numbering::One {
        // Loads a named image now, so that the mount fails at once if the image cannot be read.
        view.attributes(numbering.number(Place::Inode { ordinal: 1, inode: 0 })).map_err(
            |error| match error {
                ViewError::Failed(error) => error,
                other => MountError::NotReadable(first[0].name.clone(), other.to_string()),
            },
        )?;
    }
    let following = (numbering == Numbering::All).then_some((follower, names));
    Ok(MountBackend { view, objects: Some(objects), following, images: first.len(), is_remote })
}

fn volume_backend(files: Box<VolumeFiles>) -> MountBackend {
    let mut names = Names::new(SystemTime::now());
    names.show(std::slice::from_ref(&files.loaded().image), SystemTime::now());
    let names = Arc::new(RwLock::new(names));
    let images = Images::One(Arc::clone(files.loaded()));
    let files = Files::Volume(files);
    let view = Arc::new(View::new(Numbering::One, names, images, files, None));
    MountBackend { view, objects: None, following: None, images: 1, is_remote: false }
}

fn disk_backend(origin: &DiskOrigin, options: &MountOptions) -> Result<MountBackend, MountError> {
    let objects = Arc::new(Objects::Blocks(Arc::clone(&origin.blocks)));
    let image = Image {
        name: origin.name.clone(),
        manifest: Algorithm::Sha256.digest(origin.name.as_str().as_bytes()),
        created_at_ms: origin.created_at_ms,
        is_disk: true,
    };
    let map = blocks::map(&*origin.blocks)?;
    let table = read_table(&image, &map, &objects)?;
    let (disk, manifest) = DiskFiles::new(&image, map, &table)?;
    let mut names = Names::new(SystemTime::now());
    names.show(std::slice::from_ref(&image), SystemTime::now());
    let images = Images::One(Arc::new(LoadedImage { image, manifest, disk: Some(disk) }));
    let share = options.memory_len_max / KEPT_PART;
    let files = Files::Objects(Box::new(Content::new(Arc::clone(&objects), share)));
    let names = Arc::new(RwLock::new(names));
    let view = Arc::new(View::new(Numbering::One, names, images, files, None));
    Ok(MountBackend { view, objects: Some(objects), following: None, images: 1, is_remote: true })
}

fn start(
    name: &str,
    work: impl FnOnce() + Send + 'static,
) -> Result<std::thread::JoinHandle<()>, MountError> {
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    thread.map_err(MountError::io("start a thread for", name))
}

/// Detaches a dead mount from a folder; refuses a folder that is not empty.
fn prepare(at: &Path) -> Result<(), MountError> {
    if sysio::mount::is_dead(at) {
        tracing::warn!(at = %at.display(), "taking away a mount whose process is gone");
        sysio::mount::detach(at).map_err(MountError::io("unmount", at))?;
    }
    let mut entries = std::fs::read_dir(at).map_err(MountError::io("open folder", at))?;
    if entries.next().is_some() {
        return Err(MountError::NotEmpty(at.to_owned()));
    }
    Ok(())
}

fn find(objects: &Objects, name: &ImageName) -> Result<Image, MountError> {
    image(&objects.record(name)?).ok_or_else(|| MountError::NoManifest(name.clone()))
}

fn open_session(
    at: &Path,
    view: &Arc<View>,
    options: &MountOptions,
    is_remote: bool,
) -> Result<(Session<Server>, usize), MountError> {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    let threads = if is_remote { THREADS_REMOTE } else { processors.clamp(2, THREADS_MAX) };
    let mut config = Config::default();
    config.mount_options = vec![
        MountOption::FSName("imprint".to_owned()),
        MountOption::Subtype("imprint".to_owned()),
        MountOption::RO,
        MountOption::NoDev,
        MountOption::NoSuid,
        MountOption::NoExec,
        MountOption::NoAtime,
        MountOption::DefaultPermissions,
    ];
    config.acl = if options.allow_other { SessionACL::All } else { SessionACL::Owner };
    config.n_threads = Some(threads);
    let session = Session::new(Server::new(Arc::clone(view)), at, &config);
    Ok((session.map_err(MountError::io("mount", at))?, threads))
}

/// Keeps the shown names in step with the source of images.
struct NameFollower {
    follower: Follower,
    names: Arc<RwLock<Names>>,
    notifier: Notifier,
    is_ending: Arc<AtomicBool>,
}

impl NameFollower {
    fn run(mut self) {
        let mut is_failing = false;
        while !self.is_ending.load(Ordering::Relaxed) {
            let images = self.follower.images();
            if self.is_ending.load(Ordering::Relaxed) {
                return;
            }
            match (&images, is_failing) {
                (Err(error), false) => {
                    tracing::warn!("images that come or go now are not seen: {error}");
                }
                (Ok(_), true) => tracing::info!("images are followed again"),
                _ => {}
            }
            is_failing = images.is_err();
            if let Ok(images) = images {
                self.show(&images);
            }
            self.follower.pause(is_failing);
        }
    }

    fn show(&self, images: &[Image]) {
        let changed = {
            let mut names = self.names.write();
            names.show(images, SystemTime::now())
        };
        for (folder, name) in changed {
            tracing::info!(name, "changed");
            let parent = INodeNo(Numbering::All.number(Place::Folder(folder)));
            // A lost notice does little harm: the kernel does not know the name, or forgets it within a second, and
            // drops its list of the folder once the folder's time changes.
            let list = self.notifier.inval_inode(parent, 0, 0);
            if let Err(error) = list.and(self.notifier.inval_entry(parent, name.as_ref())) {
                tracing::debug!(name, "the kernel could not be notified of the change: {error}");
            }
        }
    }
}

impl ImageMount {
    /// Returns the tree that the mount shows, e.g. for its counters.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Returns a function that makes [`ImageMount::wait`] return [`MountEnd::Requested`]; any thread may call it.
    pub fn stopper(&self) -> impl Fn() + Send + 'static {
        let sender = self.sender.clone();
        move || {
            sender.send(MountEnd::Requested).ok();
        }
    }

    /// Waits until somebody unmounts the filesystem or calls the function from [`Self::stopper`].
    pub fn wait(&self) -> MountEnd {
        self.ended.recv().unwrap_or(MountEnd::Requested)
    }

    /// Unmounts, even while somebody is inside, and waits up to 5 s for answers under way.
    ///
    /// # Errors
    /// Errors of unmounting.
    pub fn end(mut self) -> Result<(), MountError> {
        self.stop_following();
        match sysio::mount::detach(&self.at) {
            // This process is not root: the helper that mounted for it (fusermount) also unmounts.
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                self.unmounter.unmount().map_err(MountError::io("unmount", &self.at))?;
            }
            other => other.map_err(MountError::io("unmount", &self.at))?,
        }
        match self.ended.recv_timeout(END_WAIT) {
            Ok(MountEnd::Unmounted) => {}
            _ => tracing::warn!(
                at = %self.at.display(), "a process is still inside the mount: files that it opens end with this process"
            ),
        }
        Ok(())
    }

    fn stop_following(&mut self) {
        self.is_ending.store(true, Ordering::Relaxed);
        if let Some(follower) = self.follower.take() {
            // The thread ends after it gets its next list of images; nobody needs to wait for the thread.
            follower.thread().unpark();
        }
    }
}

impl Drop for ImageMount {
    fn drop(&mut self) {
        self.stop_following();
        if let Some(Err(error)) = self.objects.as_ref().map(|objects| objects.close()) {
            tracing::warn!(
                "the objects that were fetched last could not be kept in the cache: {error}"
            );
        }
    }
}
