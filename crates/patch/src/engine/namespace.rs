//! Names and attributes: plain system calls, sharded by directory.
//!
//! Creations and removals in one directory wait for each other, because they take the directory's lock. So each task
//! has steps of only one directory, and the threads mostly work in different directories. Phases follow the plan's
//! order with a barrier between them.

use std::ops::Range;

use store::StoreError;
use store::inode::{self, Birth, InodeRef};
use sysio::Dir;
use wire::Manifest;
use wire::manifest::{NodeId, ROOT_NODE};

use super::{ApplyContext, pool};
use crate::PatchError;
use crate::directory_cursor::{DirectoryCursor, open_directory};
use crate::plan::{InodeOrigin, LinkSource};

/// Limit on the steps of one task, so that all threads share the work in a directory of 100,000 files. A thread opens
/// the directory once for each task.
const TASK_LEN: usize = 256;

/// Inodes get their final permissions at once: nobody else can look into a volume that is being patched.
const BIRTH: Birth = Birth::Final;

pub(super) struct Namespace<'a> {
    pub context: ApplyContext<'a>,
    pub threads: usize,
}

/// Steps in one directory: the directory's inode, and a range of a phase's sorted steps.
struct Task {
    directory: u32,
    steps: Range<usize>,
}

/// Adds the action and the path to an error of a step.
pub(super) fn at<T>(
    result: std::io::Result<T>,
    action: &'static str,
    manifest: &Manifest,
    node: NodeId,
) -> Result<T, PatchError> {
    result.map_err(|error| StoreError::tree(action, &manifest.path(node))(error).into())
}

/// Returns the attributes that an inode already has. The store must know them before it sets others.
pub(super) fn prior_attributes(have: &Manifest, before: InodeOrigin) -> inode::PriorAttributes<'_> {
    match before {
        InodeOrigin::Fresh => inode::PriorAttributes::Fresh(BIRTH),
        InodeOrigin::Inherited => inode::PriorAttributes::Inherited,
        InodeOrigin::Have(index) => inode::PriorAttributes::Known(have.inode(index)),
    }
}

impl Namespace<'_> {
    fn open(&self, manifest: &Manifest, directory: u32) -> Result<Dir, PatchError> {
        open_directory(self.context.root, manifest, directory)
    }

    /// Runs a step for each node on all threads; the steps of a task run in order.
    fn each<S: Copy + Sync>(
        &self,
        manifest: &Manifest,
        mut steps: Vec<(NodeId, S)>,
        run: impl Fn(&Dir, NodeId, S) -> Result<(), PatchError> + Sync,
    ) -> Result<(), PatchError> {
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
                self.context.progress.add(task.steps.len());
                Ok(())
            },
        )
    }

    /// Runs a step for each node in order, on this thread, and keeps the last directory open.
    fn in_turn(
        &self,
        manifest: &Manifest,
        nodes: &[NodeId],
        run: impl Fn(&Dir, NodeId) -> Result<(), PatchError>,
    ) -> Result<(), PatchError> {
        let mut directories = DirectoryCursor::new(self.context.root, manifest);
        for node in nodes {
            run(directories.at(manifest.parent(*node))?, *node)?;
        }
        self.context.progress.add(nodes.len());
        Ok(())
    }

    pub(super) fn stage(&self) -> Result<(), PatchError> {
        let ApplyContext { plan, have, root, .. } = self.context;
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
        self.context.progress.add(plan.stage.len());
        Ok(())
    }

    pub(super) fn delete(&self) -> Result<(), PatchError> {
        let ApplyContext { plan, have, .. } = self.context;
        let unlink = plan.unlink.iter().map(|node| (*node, ())).collect();
        self.each(have, unlink, |dir, node, ()| {
            at(dir.remove(have.name(node)), "remove", have, node)
        })?;
        // The deepest directories must go first, so one thread removes them all.
        self.in_turn(have, &plan.remove_dirs, |dir, node| {
            at(dir.remove_dir(have.name(node)), "remove directory", have, node)
        })
    }

    pub(super) fn create_dirs(&self) -> Result<(), PatchError> {
        let ApplyContext { plan, want, .. } = self.context;
        self.in_turn(want, &plan.create_dirs, |dir, node| {
            let created = inode::create(dir, want.name(node), want.node_inode(node), BIRTH);
            at(created, "create directory", want, node)
        })
    }

    /// Creates all inodes except directories. Sets the attributes of those that get no data later.
    pub(super) fn create(&self) -> Result<(), PatchError> {
        let ApplyContext { plan, want, have, .. } = self.context;
        let steps = plan.create.iter().map(|create| (create.node, *create)).collect();
        self.each(want, steps, |dir, node, create| {
            let (name, inode) = (want.name(node), want.node_inode(node));
            let birth = if create.before == InodeOrigin::Inherited { Birth::Hidden } else { BIRTH };
            at(inode::create(dir, name, inode, birth), "create", want, node)?;
            if create.has_data {
                return Ok(());
            }
            let target = InodeRef::Name(dir, name);
            let set = inode::set_attributes(target, inode, prior_attributes(have, create.before));
            at(set, "set attributes of", want, node)
        })
    }

    pub(super) fn link(&self) -> Result<(), PatchError> {
        let ApplyContext { plan, want, root, .. } = self.context;
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
        self.context.progress.add(plan.link.len());
        Ok(())
    }

    pub(super) fn attributes(&self) -> Result<(), PatchError> {
        let ApplyContext { plan, want, have, root, .. } = self.context;
        let set = |dir: &Dir, name: &[u8], node: NodeId, before: InodeOrigin| {
            let target = InodeRef::Name(dir, name);
            let set = inode::set_attributes(
                target,
                want.node_inode(node),
                prior_attributes(have, before),
            );
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
            Some((_, before)) => set(root, b".", ROOT_NODE, *before),
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
