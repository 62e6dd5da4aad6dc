//! The thread engine: plain system calls, sharded by directory.
//!
//! Creates and removals in one directory serialise on its lock, so a directory's steps are one
//! task and threads take tasks of different directories. Phases follow the plan's order with a
//! barrier between them.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use store::codec::Decoder;
use store::{StoreError, inode};
use sysio::Dir;
use wire::Manifest;
use wire::manifest::tree::Scatter;
use wire::manifest::{Inode, NodeId};
use wire::object::Kind;

use super::{Engine, Work};
use crate::error::UnpackError;
use crate::plan::{Before, LinkSource};

/// Threads for each processor: half of them wait for the device at any moment.
const THREADS_PER_CPU: usize = 2;

/// Steps of one task at most: a directory of 100,000 files is shared by all threads, and each
/// opens it once.
const TASK_LEN: usize = 256;

/// The thread engine.
#[derive(Debug)]
pub struct Threads {
    count: usize,
}

impl Threads {
    /// Makes the engine for this machine.
    pub fn new() -> Self {
        let cpus = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { count: cpus * THREADS_PER_CPU }
    }
}

impl Default for Threads {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine for Threads {
    fn name(&self) -> &'static str {
        "threads"
    }

    fn apply(&self, work: &Work<'_>) -> Result<(), UnpackError> {
        let phases = Phases { work: *work, count: self.count };
        phases.stage()?;
        phases.delete()?;
        phases.create_dirs()?;
        phases.create()?;
        phases.link()?;
        phases.write()?;
        phases.attributes()
    }
}

struct Phases<'a> {
    work: Work<'a>,
    count: usize,
}

/// Steps in one directory: the directory's inode, and a range of a phase's sorted steps.
struct Task {
    directory: u32,
    steps: Range<usize>,
}

impl Phases<'_> {
    fn open(&self, manifest: &Manifest, directory: u32) -> Result<Dir, UnpackError> {
        let path = manifest.path(manifest.inode(directory).first_node());
        Ok(self.work.root.open_beneath(&path).map_err(StoreError::tree("open directory", &path))?)
    }

    /// Runs a step for each node, in order within a directory, on all threads. `nodes` are sorted
    /// by directory here.
    fn each<S: Copy + Sync>(
        &self,
        manifest: &Manifest,
        mut steps: Vec<(NodeId, S)>,
        action: &'static str,
        run: impl Fn(&mut Worker, &Dir, NodeId, S) -> Result<(), UnpackError> + Sync,
    ) -> Result<(), UnpackError> {
        // Nodes are numbered directory by directory.
        steps.sort_by_key(|(node, _)| *node);
        let tasks = tasks(manifest, &steps);
        let next = AtomicUsize::new(0);
        let failure: Mutex<Option<UnpackError>> = Mutex::new(None);
        let body = || -> Result<(), UnpackError> {
            let mut worker = Worker::new()?;
            while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                let dir = self.open(manifest, task.directory)?;
                for (node, step) in &steps[task.steps.clone()] {
                    run(&mut worker, &dir, *node, *step)?;
                }
                self.work.progress.add(task.steps.len());
            }
            Ok(())
        };
        let guarded = || {
            if let Err(error) = body() {
                // The other threads find no more tasks.
                next.store(tasks.len(), Ordering::Relaxed);
                let mut failure = failure.lock().unwrap_or_else(PoisonError::into_inner);
                failure.get_or_insert(error);
            }
        };
        let threads = self.count.min(tasks.len());
        if threads <= 1 {
            guarded();
        } else {
            std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(guarded))));
        }
        let failure = failure.into_inner().unwrap_or_else(PoisonError::into_inner);
        tracing::debug!(action, steps = steps.len(), tasks = tasks.len(), "phase done");
        failure.map_or(Ok(()), Err)
    }

    fn stage(&self) -> Result<(), UnpackError> {
        let Work { plan, have, root, .. } = self.work;
        if plan.stage.is_empty() {
            return Ok(());
        }
        let name = &plan.staging_name;
        root.create_dir(name, 0o700).map_err(StoreError::tree("create directory", name))?;
        let staging = root.open_beneath(name).map_err(StoreError::tree("open", name))?;
        for (index, node) in plan.stage.iter().enumerate() {
            let dir = self.open(have, have.parent(*node))?;
            staging
                .link(&staged_name(index), &dir, have.name(*node))
                .map_err(StoreError::tree("stage", &have.path(*node)))?;
        }
        self.work.progress.add(plan.stage.len());
        Ok(())
    }

    fn delete(&self) -> Result<(), UnpackError> {
        let Work { plan, have, .. } = self.work;
        let unlink = plan.unlink.iter().map(|node| (*node, ())).collect();
        self.each(have, unlink, "unlink", |_, dir, node, ()| {
            Ok(dir.remove(have.name(node)).map_err(StoreError::tree("remove", &have.path(node)))?)
        })?;
        // Deepest first, so not shared among threads.
        let mut open: Option<(u32, Dir)> = None;
        for node in &plan.remove_dirs {
            let parent = have.parent(*node);
            if open.as_ref().is_none_or(|(directory, _)| *directory != parent) {
                open = Some((parent, self.open(have, parent)?));
            }
            if let Some((_, dir)) = &open {
                dir.remove_dir(have.name(*node))
                    .map_err(StoreError::tree("remove directory", &have.path(*node)))?;
            }
        }
        self.work.progress.add(plan.remove_dirs.len());
        Ok(())
    }

    fn create_dirs(&self) -> Result<(), UnpackError> {
        let Work { plan, want, .. } = self.work;
        let mut open: Option<(u32, Dir)> = None;
        for node in &plan.create_dirs {
            let parent = want.parent(*node);
            if open.as_ref().is_none_or(|(directory, _)| *directory != parent) {
                open = Some((parent, self.open(want, parent)?));
            }
            if let Some((_, dir)) = &open {
                inode::create(dir, want.name(*node), want.node_inode(*node))
                    .map_err(StoreError::tree("create directory", &want.path(*node)))?;
            }
        }
        self.work.progress.add(plan.create_dirs.len());
        Ok(())
    }

    fn create(&self) -> Result<(), UnpackError> {
        let Work { plan, want, .. } = self.work;
        let steps = plan.create.iter().map(|node| (*node, ())).collect();
        self.each(want, steps, "create", |_, dir, node, ()| {
            let created = inode::create(dir, want.name(node), want.node_inode(node));
            Ok(created.map_err(StoreError::tree("create", &want.path(node)))?)
        })
    }

    fn link(&self) -> Result<(), UnpackError> {
        let Work { plan, want, root, .. } = self.work;
        let staging = if plan.stage.is_empty() {
            None
        } else {
            let name = &plan.staging_name;
            Some(root.open_beneath(name).map_err(StoreError::tree("open", name))?)
        };
        for (node, source) in &plan.link {
            let dir = self.open(want, want.parent(*node))?;
            let name = want.name(*node);
            let linked = match (source, &staging) {
                (LinkSource::Staged(index), Some(staging)) => {
                    dir.rename(name, staging, &staged_name(*index))
                }
                (LinkSource::Staged(_), None) => Err(std::io::ErrorKind::NotFound.into()),
                (LinkSource::Node(source), _) => {
                    let source_dir = self.open(want, want.parent(*source))?;
                    dir.link(name, &source_dir, want.name(*source))
                }
            };
            linked.map_err(StoreError::tree("link", &want.path(*node)))?;
        }
        if staging.is_some() {
            let name = &plan.staging_name;
            root.remove_dir(name).map_err(StoreError::tree("remove directory", name))?;
        }
        self.work.progress.add(plan.link.len());
        Ok(())
    }

    fn write(&self) -> Result<(), UnpackError> {
        let Work { plan, want, store, .. } = self.work;
        let steps = plan.write.iter().map(|i| (want.inode(*i).first_node(), ())).collect();
        self.each(want, steps, "write", |worker, dir, node, ()| {
            worker.write(store, dir, want.name(node), want.node_inode(node), &want.path(node))
        })
    }

    fn attributes(&self) -> Result<(), UnpackError> {
        let Work { plan, want, have, root, .. } = self.work;
        let set = |dir: &Dir, name: &[u8], node: NodeId, before: Before| {
            let inode = want.node_inode(node);
            let names: Vec<Vec<u8>>;
            let before = match before {
                Before::Fresh => inode::Before::Fresh,
                Before::Inherited => inode::Before::Inherited,
                Before::Have(index) => {
                    let xattrs = have.inode(index).xattrs();
                    names = xattrs.map(|(name, _)| name.to_vec()).collect();
                    inode::Before::Known(&names)
                }
            };
            inode::set_attributes(dir, name, inode, before)
                .map_err(StoreError::tree("set attributes of", &want.path(node)))
        };
        let steps = plan
            .attributes
            .iter()
            .filter(|(index, _)| *index != 0)
            .map(|(index, before)| (want.inode(*index).first_node(), *before))
            .collect();
        self.each(want, steps, "attributes", |_, dir, node, before| {
            Ok(set(dir, want.name(node), node, before)?)
        })?;
        if let Some((_, before)) = plan.attributes.iter().find(|(index, _)| *index == 0) {
            set(root, b".", 0, *before)?;
        }
        Ok(())
    }
}

fn staged_name(index: usize) -> Vec<u8> {
    index.to_string().into_bytes()
}

/// Cuts sorted steps into tasks, each in one directory.
fn tasks<S>(manifest: &Manifest, steps: &[(NodeId, S)]) -> Vec<Task> {
    let mut tasks: Vec<Task> = Vec::new();
    for (index, (node, _)) in steps.iter().enumerate() {
        let directory = manifest.parent(*node);
        match tasks.last_mut() {
            Some(task) if task.directory == directory && task.steps.len() < TASK_LEN => {
                task.steps.end = index + 1;
            }
            _ => tasks.push(Task { directory, steps: index..index + 1 }),
        }
    }
    tasks
}

/// What one thread keeps between steps.
struct Worker {
    decoder: Decoder,
    content: Vec<u8>,
}

impl Worker {
    fn new() -> Result<Self, UnpackError> {
        Ok(Self { decoder: Decoder::new()?, content: Vec::new() })
    }

    /// Writes a file's data around its holes, in place of what it holds.
    fn write(
        &mut self,
        store: &store::Store,
        dir: &Dir,
        name: &[u8],
        inode: Inode<'_>,
        path: &[u8],
    ) -> Result<(), UnpackError> {
        let file = dir.open_file_for_writing(name).map_err(StoreError::tree("open", path))?;
        let set_len =
            |len| sysio::file::set_len(&file, len).map_err(StoreError::tree("set length of", path));
        set_len(0)?;
        let mut scatter = Scatter::new(inode.size(), &inode.holes());
        let mut put = |piece: &[u8]| {
            scatter.place(piece, |offset, part| {
                sysio::file::write_all_at(&file, part, offset)
                    .map_err(StoreError::tree("write", path))
            })
        };
        // A file without a digest is one without data: all hole.
        if let Some(digest) = inode.digest() {
            let location = store.locate(&digest).ok_or(StoreError::MissingObject(digest))?;
            match location.kind {
                Kind::Data => {
                    store.read_data(&digest, &mut self.decoder, &mut self.content)?;
                    put(&self.content)?;
                }
                Kind::FrameList => {
                    let mut pieces = store.pieces(&digest)?;
                    while let Some(piece) = pieces.next_piece()? {
                        put(piece)?;
                    }
                }
            }
            if !scatter.is_complete() {
                let problem = "it is shorter than the manifest says".to_owned();
                return Err(StoreError::DamagedObject { digest, problem }.into());
            }
        }
        if !inode.hole_bytes().is_empty() {
            set_len(inode.size())?;
        }
        Ok(())
    }
}
