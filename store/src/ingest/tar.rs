//! Reading a tar stream.
//!
//! Understood are ustar, GNU (long names, sparse files of the old kind) and PAX (long names,
//! nanoseconds, large numbers, `SCHILY.xattr.*`, `SCHILY.acl.*`, sparse files 0.0 to 1.0). The
//! header blocks are taken apart by the `tar` crate; the walk over them is ours because that crate
//! keeps neither the holes of sparse files nor apart what ended a stream.
//!
//! A tar is a program for a file tree: later members replace earlier ones, hard links name
//! earlier members. Tars may be laid over one another, as an OCI image's are ([`layers`]). Nothing here touches a filesystem, so a hostile tar can at most be refused.

mod decompress;
mod layers;
mod member;
mod sparse;
mod stream;

use std::collections::BTreeMap;
use std::io::Read;

use wire::manifest::{Content, DEPTH_MAX, Timestamp, Tree, TreeInode};
use wire::units::{FRAME_LEN_MAX, OBJECT_WHOLE_LEN_MAX};

use self::layers::Layers;
use self::member::{Kind, Member};
use self::stream::Stream;
use super::Options;
use super::facts::is_captured;
use super::workers::{Slot, Workers};
use crate::error::{StoreError, show};

/// Parses a whole tar and hands its files to the workers.
pub(super) fn parse(
    source: impl Read,
    options: &Options<'_>,
    workers: &Workers<'_>,
) -> Result<Tree, StoreError> {
    let mut builder = Builder::new(workers, None);
    if !builder.unpack(source, options)? {
        return Err(StoreError::Refused(
            "the tar has no members: is this the right file?".to_owned(),
        ));
    }
    refuse_container(&builder)?;
    Ok(builder.tree)
}

/// An archive of a container image that comes compressed, or as a stream, is read as a tree of blobs: nobody means
/// that. A plain file with a layout never comes here.
fn refuse_container(builder: &Builder<'_>) -> Result<(), StoreError> {
    let has = |name: &str| builder.child(0, name.as_bytes()).is_some();
    let problem = if has("oci-layout") && has("index.json") && has("blobs") {
        "the tar is an archive of an OCI image: decompress it into a file, and add that"
    } else if has("manifest.json") && has("repositories") {
        "the tar is what `docker save` wrote: add what `skopeo copy docker-archive:FILE oci-archive:NEW` makes of it"
    } else {
        return Ok(());
    };
    Err(StoreError::Refused(problem.to_owned()))
}

/// A tree that is made of tars laid one over another, where a layer may hide what is below it.
pub(super) struct Layered<'a>(Builder<'a>);

impl<'a> Layered<'a> {
    /// Begins with an empty directory.
    pub(super) fn new(workers: &'a Workers<'a>) -> Self {
        Self(Builder::new(workers, Some(Layers::default())))
    }

    /// Lays a tar over what there is. One without members changes nothing.
    pub(super) fn lay(
        &mut self,
        source: impl Read,
        options: &Options<'_>,
    ) -> Result<(), StoreError> {
        if let Some(layers) = &mut self.0.layers {
            layers.begin();
        }
        self.0.unpack(source, options).map(drop)
    }

    /// Returns the tree.
    pub(super) fn into_tree(self) -> Tree {
        self.0.tree
    }
}

/// What a directory has that no member describes.
fn implied_directory() -> TreeInode {
    TreeInode {
        permissions: 0o755,
        uid: 0,
        gid: 0,
        mtime: Timestamp::default(),
        xattrs: BTreeMap::new(),
        content: Content::Directory(BTreeMap::new()),
    }
}

/// Removes `.` and empty components; a path that could lead elsewhere is refused.
fn clean_path(path: &[u8]) -> Result<Vec<u8>, &'static str> {
    if path.first() == Some(&b'/') {
        return Err("its name is absolute: make the tar with relative names");
    }
    let components: Vec<&[u8]> =
        path.split(|byte| *byte == b'/').filter(|c| !c.is_empty() && *c != b".").collect();
    if components.contains(&&b".."[..]) {
        return Err("its name has a '..' component");
    }
    if components.len() > DEPTH_MAX {
        return Err("it is nested too deep");
    }
    Ok(components.join(&b'/'))
}

struct Builder<'a> {
    tree: Tree,
    workers: &'a Workers<'a>,
    /// What belongs to which layer, where there are several.
    layers: Option<Layers>,
}

impl<'a> Builder<'a> {
    fn new(workers: &'a Workers<'a>, layers: Option<Layers>) -> Self {
        workers.count_inode();
        Self { tree: Tree::new(implied_directory()), workers, layers }
    }

    /// Reads a tar to its end, and returns whether it has members.
    fn unpack(&mut self, source: impl Read, options: &Options<'_>) -> Result<bool, StoreError> {
        let (source, is_compressed) = decompress::open(source)?;
        let mut stream = Stream::new(source);
        let mut has_members = false;
        while let Some(member) = member::next(&mut stream)? {
            has_members = true;
            let path = clean_path(&member.path).map_err(|problem| member.refuse(problem))?;
            let is_left_out = options.exclude.matches_or_is_below(&path);
            if !is_left_out && !self.hide(&member, &path)? {
                self.add(&member, &path, &mut stream)?;
            }
            stream.skip_content()?;
        }
        if is_compressed {
            stream.drain()?;
        }
        Ok(has_members)
    }

    fn add<R: Read>(
        &mut self,
        member: &Member,
        path: &[u8],
        stream: &mut Stream<R>,
    ) -> Result<(), StoreError> {
        let refuse = |problem: &str| member.refuse(problem);
        if path.is_empty() {
            if member.kind != Kind::Directory {
                return Err(refuse("it stands for the root, which is a directory"));
            }
            let children = self.take_children(0);
            self.tree.inodes[0] = member.inode(Content::Directory(children));
            return Ok(());
        }
        let (parent, name) = self.parent_of(path).map_err(|problem| refuse(&problem))?;
        let existing = self.child(parent, name);
        if let Kind::HardLink = member.kind {
            let index = self.link_target(member)?;
            return self.set_child(parent, name, index).map_err(|problem| refuse(&problem));
        }
        self.workers.count_inode();
        if member.kind == Kind::Directory
            && let Some(index) = existing.filter(|index| self.is_directory(*index))
        {
            let children = self.take_children(index);
            self.tree.inodes[index] = member.inode(Content::Directory(children));
            self.note(parent, name);
            return Ok(());
        }
        let index = self.tree.push(member.inode(member.content()));
        self.set_child(parent, name, index).map_err(|problem| refuse(&problem))?;
        if let Kind::Regular { .. } = member.kind {
            self.file(member, path, index, stream)?;
        }
        Ok(())
    }

    fn is_directory(&self, index: usize) -> bool {
        matches!(self.tree.inodes[index].content, Content::Directory(_))
    }

    fn child(&self, directory: usize, name: &[u8]) -> Option<usize> {
        match &self.tree.inodes[directory].content {
            Content::Directory(children) => children.get(name).copied(),
            _ => None,
        }
    }

    fn take_children(&mut self, directory: usize) -> BTreeMap<Vec<u8>, usize> {
        match &mut self.tree.inodes[directory].content {
            Content::Directory(children) => std::mem::take(children),
            _ => BTreeMap::new(),
        }
    }

    fn set_child(&mut self, directory: usize, name: &[u8], index: usize) -> Result<(), String> {
        if self.layers.is_some() {
            // A layer's member takes the place of a whole directory below.
            self.hide_below(directory, name);
        }
        if let Some(existing) = self.child(directory, name)
            && let Content::Directory(children) = &self.tree.inodes[existing].content
            && !children.is_empty()
        {
            return Err("it would replace a directory that is not empty".to_owned());
        }
        if let Content::Directory(children) = &mut self.tree.inodes[directory].content {
            children.insert(name.to_vec(), index);
        }
        self.note(directory, name);
        Ok(())
    }

    /// Finds the directory that a path is in; directories that no member described yet are made.
    fn parent_of<'p>(&mut self, path: &'p [u8]) -> Result<(usize, &'p [u8]), String> {
        let (parents, name) = match path.iter().rposition(|byte| *byte == b'/') {
            Some(slash) => (&path[..slash], &path[slash + 1..]),
            None => (&path[..0], path),
        };
        let mut directory = 0;
        for component in parents.split(|byte| *byte == b'/').filter(|c| !c.is_empty()) {
            directory = match self.child(directory, component) {
                Some(index) if self.is_directory(index) => index,
                Some(_) => {
                    return Err(format!(
                        "it leads through '{}', which is not a directory",
                        show(component)
                    ));
                }
                None => {
                    self.workers.count_inode();
                    let index = self.tree.push(implied_directory());
                    self.set_child(directory, component, index)?;
                    index
                }
            };
        }
        Ok((directory, name))
    }

    fn link_target(&self, member: &Member) -> Result<usize, StoreError> {
        let target = clean_path(&member.link).map_err(|problem| member.refuse(problem))?;
        let found = target
            .split(|byte| *byte == b'/')
            .try_fold(0, |directory, name| self.child(directory, name));
        match found {
            Some(index) if !self.is_directory(index) => Ok(index),
            _ => Err(member.refuse(&format!(
                "it is a hard link to '{}', which is not an earlier file",
                show(&target)
            ))),
        }
    }

    /// Reads a file's data and hands it over, with the holes of sparse files left out.
    fn file<R: Read>(
        &self,
        member: &Member,
        path: &[u8],
        index: usize,
        stream: &mut Stream<R>,
    ) -> Result<(), StoreError> {
        let slot = Slot {
            index,
            is_program: member.permissions & 0o111 != 0,
            is_captured: is_captured(path),
        };
        let Kind::Regular { size, map } = &member.kind else {
            return Ok(());
        };
        let mut data = sparse::Data::new(*size, map).map_err(|problem| member.refuse(&problem))?;
        if data.len() <= OBJECT_WHOLE_LEN_MAX as u64 {
            let mut content = vec![0; data.len() as usize];
            data.read(stream, &mut content)?;
            return self.workers.buffer(content, *size, data.into_holes(), slot);
        }
        let mut writer = self.workers.begin_large(slot);
        let mut left = data.len();
        while left > 0 {
            let mut content = vec![0; left.min(FRAME_LEN_MAX as u64) as usize];
            data.read(stream, &mut content)?;
            left -= content.len() as u64;
            self.workers.frame(&mut writer, content)?;
        }
        self.workers.end_large(writer, *size, data.into_holes())
    }
}
