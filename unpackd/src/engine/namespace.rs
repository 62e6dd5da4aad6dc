//! Names and attributes: plain system calls, sharded by directory.
//!
//! Creates and removals in one directory serialise on its lock, so a directory's steps are one
//! task and threads take tasks of different directories. Phases follow the plan's order with a
//! barrier between them.

use std::ops::Range;

use store::StoreError;
use store::inode::{self, Birth, Target};
use sysio::Dir;
use wire::Manifest;
use wire::manifest::NodeId;

use super::{Work, pool};
use crate::error::UnpackError;
use crate::plan::{Before, LinkSource};

/// Steps of one task at most: a directory of 100,000 files is shared by all threads, and each
/// opens it once.
const TASK_LEN: usize = 256;

/// Nobody else can look into a volume that is being patched.
const BIRTH: Birth = Birth::Final;

pub(super) struct Namespace<'a> {
    pub work: Work<'a>,
    pub threads: usize,
}

/// Steps in one directory: the directory's inode, and a range of a phase's sorted steps.
struct Task {
    directory: u32,
    steps: Range<usize>,
}

/// Opens a directory of a manifest.
pub(crate) fn open(root: &Dir, manifest: &Manifest, directory: u32) -> Result<Dir, UnpackError> {
    let path = manifest.path(manifest.inode(directory).first_node());
    Ok(root.open_beneath(&path).map_err(StoreError::tree("open directory", &path))?)
}

/// Adds path and action to an error of a step.
pub(super) fn at<T>(
    result: std::io::Result<T>,
    action: &'static str,
    manifest: &Manifest,
    node: NodeId,
) -> Result<T, UnpackError> {
    result.map_err(|error| StoreError::tree(action, &manifest.path(node))(error).into())
}

/// What the store calls what a plan says that an inode has.
pub(super) fn known(have: &Manifest, before: Before) -> inode::Before<'_> {
    match before {
        Before::Fresh => inode::Before::Fresh(BIRTH),
        Before::Inherited => inode::Before::Inherited,
        Before::Have(index) => inode::Before::Known(have.inode(index)),
    }
}

impl Namespace<'_> {
    fn open(&self, manifest: &Manifest, directory: u32) -> Result<Dir, UnpackError> {
        open(self.work.root, manifest, directory)
    }

    /// Runs a step for each node, in order within a directory, on all threads.
    fn each<S: Copy + Sync>(
        &self,
        manifest: &Manifest,
        mut steps: Vec<(NodeId, S)>,
        run: impl Fn(&Dir, NodeId, S) -> Result<(), UnpackError> + Sync,
    ) -> Result<(), UnpackError> {
        // Nodes are numbered directory by directory.
        steps.sort_by_key(|(node, _)| *node);
        let tasks = tasks(manifest, &steps);
        pool::run(
            self.threads,
            &tasks,
            || Ok(()),
            |(), task| {
                let dir = self.open(manifest, task.directory)?;
                for (node, step) in &steps[task.steps.clone()] {
                    run(&dir, *node, *step)?;
                }
                self.work.progress.add(task.steps.len());
                Ok(())
            },
        )
    }

    /// Runs a step for each node one after another, keeping the last directory open.
    fn in_turn(
        &self,
        manifest: &Manifest,
        nodes: &[NodeId],
        run: impl Fn(&Dir, NodeId) -> Result<(), UnpackError>,
    ) -> Result<(), UnpackError> {
        let mut open: Option<(u32, Dir)> = None;
        for node in nodes {
            let parent = manifest.parent(*node);
            let dir = match open.take() {
                Some((directory, dir)) if directory == parent => dir,
                _ => self.open(manifest, parent)?,
            };
            run(&dir, *node)?;
            open = Some((parent, dir));
        }
        self.work.progress.add(nodes.len());
        Ok(())
    }

    pub(super) fn stage(&self) -> Result<(), UnpackError> {
        let Work { plan, have, root, .. } = self.work;
        if plan.stage.is_empty() {
            return Ok(());
        }
        let name = &plan.staging_name;
        root.create_dir(name, 0o700).map_err(StoreError::tree("create directory", name))?;
        let staging = root.open_beneath(name).map_err(StoreError::tree("open", name))?;
        for (index, node) in plan.stage.iter().enumerate() {
            let dir = self.open(have, have.parent(*node))?;
            let linked = staging.link(&staged_name(index), &dir, have.name(*node));
            at(linked, "stage", have, *node)?;
        }
        self.work.progress.add(plan.stage.len());
        Ok(())
    }

    pub(super) fn delete(&self) -> Result<(), UnpackError> {
        let Work { plan, have, .. } = self.work;
        let unlink = plan.unlink.iter().map(|node| (*node, ())).collect();
        self.each(have, unlink, |dir, node, ()| {
            at(dir.remove(have.name(node)), "remove", have, node)
        })?;
        // Deepest first, so not shared among threads.
        self.in_turn(have, &plan.remove_dirs, |dir, node| {
            at(dir.remove_dir(have.name(node)), "remove directory", have, node)
        })
    }

    pub(super) fn create_dirs(&self) -> Result<(), UnpackError> {
        let Work { plan, want, .. } = self.work;
        self.in_turn(want, &plan.create_dirs, |dir, node| {
            let created = inode::create(dir, want.name(node), want.node_inode(node), BIRTH);
            at(created, "create directory", want, node)
        })
    }

    /// Creates what is no directory; what gets no data later gets its attributes at once.
    pub(super) fn create(&self) -> Result<(), UnpackError> {
        let Work { plan, want, have, .. } = self.work;
        let steps = plan.create.iter().map(|create| (create.node, *create)).collect();
        self.each(want, steps, |dir, node, create| {
            let (name, inode) = (want.name(node), want.node_inode(node));
            let birth = if create.before == Before::Inherited { Birth::Hidden } else { BIRTH };
            at(inode::create(dir, name, inode, birth), "create", want, node)?;
            if create.has_data {
                return Ok(());
            }
            let target = Target::Name(dir, name);
            let set = inode::set_attributes(target, inode, known(have, create.before));
            at(set, "set attributes of", want, node)
        })
    }

    pub(super) fn link(&self) -> Result<(), UnpackError> {
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
            at(linked, "link", want, *node)?;
        }
        if staging.is_some() {
            let name = &plan.staging_name;
            root.remove_dir(name).map_err(StoreError::tree("remove directory", name))?;
        }
        self.work.progress.add(plan.link.len());
        Ok(())
    }

    pub(super) fn attributes(&self) -> Result<(), UnpackError> {
        let Work { plan, want, have, root, .. } = self.work;
        let set = |dir: &Dir, name: &[u8], node: NodeId, before: Before| {
            let target = Target::Name(dir, name);
            let set = inode::set_attributes(target, want.node_inode(node), known(have, before));
            at(set, "set attributes of", want, node)
        };
        let steps = plan
            .attributes
            .iter()
            .filter(|(index, _)| *index != 0)
            .map(|(index, before)| (want.inode(*index).first_node(), *before))
            .collect();
        self.each(want, steps, |dir, node, before| set(dir, want.name(node), node, before))?;
        match plan.attributes.iter().find(|(index, _)| *index == 0) {
            Some((_, before)) => set(root, b".", 0, *before),
            None => Ok(()),
        }
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
