//! Walks a directory through file handles instead of paths.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use sysio::{Dir, Stat};
use wire::manifest::layout::{S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG, S_IFSOCK};
use wire::manifest::{Content, DEPTH_MAX, Timestamp, Tree, TreeInode};
use wire::units::show_path;

use super::Exclude;
use crate::Refusal;
use crate::error::StoreError;

/// Facts about an inode that a visitor knows already, so that the walk need not read them.
#[derive(Debug)]
pub struct KnownInode {
    /// All extended attributes, by name.
    pub xattrs: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The inode's content; `None` for a directory.
    pub content: Option<Content>,
}

/// A non-empty file that a walk found.
#[derive(Debug)]
pub struct FoundFile<'a> {
    /// The file's directory, open.
    pub dir: &'a Arc<Dir>,
    /// The file's name in `dir`. The name need not be UTF-8.
    pub name: &'a [u8],
    /// The file's path from the root, without a leading slash.
    pub path: &'a [u8],
    /// The file's `statx` data, taken before the file is opened.
    pub stat: Stat,
    /// The file's index in the tree. The tree does not have the file's digest and holes yet.
    pub index: usize,
}

/// Receives what a walk finds.
pub trait Visitor {
    /// Counts an inode, for progress; the walk calls this once per inode.
    fn inode(&self);

    /// Receives a file whose content must be read.
    ///
    /// # Errors
    /// Any error ends the walk, which returns it.
    fn file(&self, file: FoundFile<'_>) -> Result<(), StoreError>;

    /// Returns whether a file is known to have no extended attributes; by default nothing is known.
    fn is_bare(&self, _stat: &Stat) -> bool {
        false
    }

    /// Returns an inode's attributes and content if they are known already; by default `None`.
    fn known(&self, _path: &[u8], _stat: &Stat) -> Option<KnownInode> {
        None
    }
}

/// A directory whose entries the walk has not read yet.
struct Pending {
    index: usize,
    path: Vec<u8>,
    stat: Stat,
    depth: usize,
}

/// Walks a tree, and hands its files to a visitor. Visits entries in the order of their names, so
/// that the order of reading and packing does not depend on the filesystem.
///
/// # Errors
/// [`StoreError::Changed`], [`StoreError::Refused`]; errors of reading and of the visitor.
pub fn walk(root: &Dir, exclude: &Exclude, visitor: &dyn Visitor) -> Result<Tree, StoreError> {
    let stat = root.stat_self().map_err(StoreError::tree("stat", b""))?;
    let xattrs = match visitor.known(b"", &stat) {
        Some(known) => known.xattrs,
        None => xattrs(root, b".", b"")?,
    };
    let tree = Tree::new(inode(&stat, xattrs, Content::Directory(BTreeMap::new())));
    visitor.inode();
    let mut walk = Walk { root, exclude, visitor, tree, links: HashMap::new(), device: stat.dev };
    let mut pending = vec![Pending { index: 0, path: Vec::new(), stat, depth: 0 }];
    while let Some(directory) = pending.pop() {
        let begin = pending.len();
        walk.directory(&directory, &mut pending)?;
        pending[begin..].reverse();
    }
    Ok(walk.tree)
}

struct Walk<'a> {
    root: &'a Dir,
    exclude: &'a Exclude,
    visitor: &'a dyn Visitor,
    tree: Tree,
    /// Indexes of inodes with several links, by device and inode number.
    links: HashMap<(u64, u64), usize>,
    device: u64,
}

impl Walk<'_> {
    fn directory(&mut self, at: &Pending, pending: &mut Vec<Pending>) -> Result<(), StoreError> {
        let path = &at.path;
        let dir = self.root.open_beneath(path).map_err(StoreError::tree("open directory", path))?;
        let dir = Arc::new(dir);
        let check = |dir: &Dir| -> Result<(), StoreError> {
            let now = dir.stat_self().map_err(StoreError::tree("stat", path))?;
            let is_same = (at.stat.ino, at.stat.mtime) == (now.ino, now.mtime);
            if is_same { Ok(()) } else { Err(StoreError::Changed(show_path(path))) }
        };
        check(&dir)?;
        let mut names = dir.names().map_err(StoreError::tree("list", path))?;
        names.sort();
        let mut children = BTreeMap::new();
        for name in names {
            let mut child = path.clone();
            if !child.is_empty() {
                child.push(b'/');
            }
            child.extend_from_slice(&name);
            if self.exclude.matches(&child) {
                continue;
            }
            let index = self.entry(&dir, &name, child, at.depth, pending)?;
            children.insert(name, index);
        }
        check(&dir)?;
        self.tree.inodes[at.index].content = Content::Directory(children);
        Ok(())
    }

    /// Adds an entry's inode to the tree, unless an earlier name of the inode has added it. Returns
    /// the inode's index.
    fn entry(
        &mut self,
        dir: &Arc<Dir>,
        name: &[u8],
        path: Vec<u8>,
        depth: usize,
        pending: &mut Vec<Pending>,
    ) -> Result<usize, StoreError> {
        let stat = dir.stat(name).map_err(StoreError::tree("stat", &path))?;
        let is_linked = !stat.is_directory() && stat.nlink > 1;
        if is_linked && let Some(index) = self.links.get(&(stat.dev, stat.ino)) {
            return Ok(*index);
        }
        self.visitor.inode();
        let index = match self.visitor.known(&path, &stat) {
            Some(KnownInode { xattrs, content }) => {
                let content = content.unwrap_or(Content::Directory(BTreeMap::new()));
                let index = self.tree.push(inode(&stat, xattrs, content));
                if stat.is_directory() {
                    pending.push(self.pending(index, path, stat, depth)?);
                }
                index
            }
            None => self.read_entry(dir, name, path, stat, depth, pending)?,
        };
        if is_linked {
            self.links.insert((stat.dev, stat.ino), index);
        }
        Ok(index)
    }

    fn read_entry(
        &mut self,
        dir: &Arc<Dir>,
        name: &[u8],
        path: Vec<u8>,
        stat: Stat,
        depth: usize,
        pending: &mut Vec<Pending>,
    ) -> Result<usize, StoreError> {
        let content = match stat.kind() {
            S_IFDIR => Content::Directory(BTreeMap::new()),
            S_IFREG => Content::Regular { size: stat.size, holes: Vec::new(), digest: None },
            S_IFLNK => {
                let target = dir.read_symlink(name);
                Content::Symlink(target.map_err(StoreError::tree("read link", &path))?)
            }
            S_IFCHR => Content::CharDevice(stat.rdev.0, stat.rdev.1),
            S_IFBLK => Content::BlockDevice(stat.rdev.0, stat.rdev.1),
            S_IFIFO => Content::Fifo,
            S_IFSOCK => Content::Socket,
            kind => {
                return Err(Refusal::FileType { path, kind }.into());
            }
        };
        let is_bare = stat.is_regular() && self.visitor.is_bare(&stat);
        let xattrs = if is_bare { BTreeMap::new() } else { xattrs(dir, name, &path)? };
        let index = self.tree.push(inode(&stat, xattrs, content));
        if stat.is_directory() {
            pending.push(self.pending(index, path, stat, depth)?);
        } else if stat.is_regular() && stat.size > 0 {
            self.visitor.file(FoundFile { dir, name, path: &path, stat, index })?;
        }
        Ok(index)
    }

    fn pending(
        &self,
        index: usize,
        path: Vec<u8>,
        stat: Stat,
        depth: usize,
    ) -> Result<Pending, StoreError> {
        if stat.dev != self.device {
            return Err(Refusal::MountPoint(path).into());
        }
        if depth + 1 >= DEPTH_MAX {
            let path = path[..path.len().min(100)].to_vec();
            return Err(Refusal::TooDeep { path, max: DEPTH_MAX }.into());
        }
        Ok(Pending { index, path, stat, depth: depth + 1 })
    }
}

fn inode(stat: &Stat, xattrs: BTreeMap<Vec<u8>, Vec<u8>>, content: Content) -> TreeInode {
    TreeInode {
        permissions: stat.mode & 0o7777,
        uid: stat.uid,
        gid: stat.gid,
        mtime: Timestamp { secs: stat.mtime.0, nanos: stat.mtime.1 },
        xattrs,
        content,
    }
}

fn xattrs(dir: &Dir, name: &[u8], path: &[u8]) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, StoreError> {
    let found = dir.xattrs(name).map_err(StoreError::tree("read attributes of", path))?;
    Ok(found.into_iter().collect())
}
