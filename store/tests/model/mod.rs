//! A model of layers after the OCI image specification, "Image Layer Filesystem Changeset". The
//! model is a flat map of paths: slow, but short enough to compare with the specification's text.
//! That text does not cover names that lead through symlinks; for these, the model follows
//! path_resolution(7) below its own root.

use std::collections::{BTreeMap, BTreeSet};

/// Kind and content of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File(String),
    Directory,
    Symlink(String),
    HardLink(String),
    Whiteout,
}

/// An entry of a layer, with the fields that a tar's member has.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) kind: Kind,
    pub(crate) mode: u32,
    pub(crate) mtime: u64,
}

/// An inode at a path; hard links have the same number `inode`.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) mode: u32,
    pub(crate) mtime: u64,
    pub(crate) inode: usize,
}

/// The tree after the layers so far, by path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    nodes: BTreeMap<String, Node>,
    /// Paths that the current layer has set, with their parent directories.
    set: BTreeSet<String>,
    inodes: usize,
}

/// The error of an entry that contradicts the tree, so that a valid layer cannot contain the entry.
#[derive(Debug)]
pub(crate) struct Contradiction;

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

impl Model {
    pub(crate) fn begin_layer(&mut self) {
        self.set.clear();
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.nodes.iter().map(|(path, node)| (path.as_str(), node))
    }

    /// Counts the paths of an inode; if there are several, they are hard links.
    pub(crate) fn count(&self, inode: usize) -> usize {
        self.nodes.values().filter(|node| node.inode == inode).count()
    }

    /// Resolves all symlinks in a directory's path.
    fn resolve(&self, path: &str) -> Result<String, Contradiction> {
        let mut rest: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut done = String::new();
        let mut links = 0;
        while let Some(name) = rest.pop() {
            match name.as_str() {
                "" | "." => {}
                ".." => done = done.rsplit_once('/').map_or("", |(above, _)| above).to_owned(),
                name => {
                    let next = join(&done, name);
                    match self.nodes.get(&next).map(|node| &node.kind) {
                        None | Some(Kind::Directory) => done = next,
                        Some(Kind::Symlink(target)) => {
                            links += 1;
                            if links > 40 {
                                return Err(Contradiction);
                            }
                            if target.starts_with('/') {
                                done.clear();
                            }
                            rest.extend(target.split('/').rev().map(str::to_owned));
                        }
                        Some(_) => return Err(Contradiction),
                    }
                }
            }
        }
        Ok(done)
    }

    /// Applies an entry of the current layer.
    pub(crate) fn apply(&mut self, entry: &Entry) -> Result<(), Contradiction> {
        let (folder, name) = entry.path.rsplit_once('/').unwrap_or(("", &entry.path));
        let folder = self.resolve(folder)?;
        if let Some(hidden) = name.strip_prefix(".wh.") {
            let hides = |path: &str| match hidden {
                ".wh..opq" => is_below(path, &folder),
                name => path == join(&folder, name) || is_below(path, &join(&folder, name)),
            };
            // "Files that are present in the same layer as a whiteout file can only be hidden by whiteout files in
            // subsequent layers."
            let set = &self.set;
            self.nodes.retain(|path, _| !hides(path) || set.contains(path));
            return Ok(());
        }
        let mut above = String::new();
        for name in folder.split('/').filter(|name| !name.is_empty()) {
            above = join(&above, name);
            self.make(&above, Kind::Directory, 0o755, 0);
        }
        let path = join(&folder, name);
        let is_directory = |kind: Option<&Kind>| kind == Some(&Kind::Directory);
        let was = self.nodes.get(&path).map(|node| node.kind.clone());
        if !(is_directory(was.as_ref()) && entry.kind == Kind::Directory) {
            self.nodes.retain(|other, _| other != &path && !is_below(other, &path));
        }
        // Resolve a hard link only after the replaced entry is removed: the link must not lead to
        // that entry, into it, or through it.
        match &entry.kind {
            Kind::HardLink(target) => {
                let (folder, name) = target.rsplit_once('/').unwrap_or(("", target));
                let target = join(&self.resolve(folder)?, name);
                let node = self.nodes.get(&target).cloned().ok_or(Contradiction)?;
                if node.kind == Kind::Directory {
                    return Err(Contradiction);
                }
                self.nodes.insert(path.clone(), node);
            }
            kind => {
                self.nodes.remove(&path);
                self.make(&path, kind.clone(), entry.mode, entry.mtime);
            }
        }
        let mut path = path.as_str();
        while !path.is_empty() {
            self.set.insert(path.to_owned());
            path = path.rsplit_once('/').map_or("", |(above, _)| above);
        }
        Ok(())
    }

    fn make(&mut self, path: &str, kind: Kind, mode: u32, mtime: u64) {
        self.inodes += 1;
        let inode = self.inodes;
        self.nodes.entry(path.to_owned()).or_insert(Node { kind, mode, mtime, inode });
    }
}
