//! Reads a tar stream into a tree.
//!
//! The reader supports ustar, GNU (long names, sparse files of the old kind, incremental archives)
//! and PAX (long names, nanoseconds, large numbers, defaults in global headers, `SCHILY.xattr.*`,
//! `SCHILY.acl.*`, sparse files 0.0 to 1.0). The `tar` crate decodes header blocks. The walk over
//! them is our own, because the crate neither keeps the holes of sparse files nor tells a cut-off
//! stream from a complete one.
//!
//! A tar works like a program that builds a file tree: later members replace earlier ones, hard
//! links name earlier members, and names lead through symlinks ([`place`]). Tars may be laid over
//! one another, as the layers of an OCI image are ([`layers`]). Nothing here touches a filesystem,
//! so the worst effect of a hostile tar is an error.

mod attributes;
mod extended;
mod layers;
mod listing;
mod member;
mod number;
mod one_disk;
mod place;
mod sparse;
mod stream;

use std::collections::BTreeMap;
use std::io::Read;

use wire::manifest::{Content, DEPTH_MAX, NAME_LEN_MAX, Timestamp, Tree, TreeInode};
use wire::units::show_path;
use wire::units::{FRAME_LEN_MAX, OBJECT_WHOLE_LEN_MAX};

use self::layers::Layers;
use self::member::{GLOBAL_HEADER, Kind, Member, Members};
use self::place::{FollowedLinks, Place};
use self::stream::Stream;
use super::Options;
use super::facts::wanted;
use super::repair;
use super::workers::{Slot, Workers};
use crate::Refusal;
use crate::error::StoreError;
use crate::finding::Findings;

pub(super) use self::stream::BLOCK_LEN;
pub(super) use listing::{ListedKind, Listing, TarEntry};
pub(super) use one_disk::{first_file, is_header, only_member};

/// A tar's bytes without compression.
pub(super) struct PlainTar<'a> {
    pub(super) source: Box<dyn Read + 'a>,
    /// Whether the source was compressed. If so, the source is read to its end even after the
    /// archive has ended, so that the checksum of the compressed stream is checked.
    pub(super) is_compressed: bool,
}

/// Parses a whole tar, and hands its files to the workers.
pub(super) fn parse(
    source: PlainTar<'_>,
    options: &Options<'_>,
    workers: &Workers<'_>,
    findings: &mut Findings,
) -> Result<Tree, StoreError> {
    let mut builder = Builder::new(workers, None, findings);
    if !builder.unpack(source, options)? {
        return Err(Refusal::TarEmpty.into());
    }
    refuse_container(&builder)?;
    Ok(builder.finish())
}

/// Refuses a tar that holds a container image: the result would be a tree of blobs, which nobody
/// wants. Only compressed or streamed archives come here: [`super::oci`] reads those that are
/// uncompressed files.
fn refuse_container(builder: &Builder<'_>) -> Result<(), StoreError> {
    let names = builder.names(0);
    let within = match names.as_slice() {
        [folder] => builder.child(0, folder).unwrap_or(0),
        _ => 0,
    };
    let has =
        |name: &str| [0, within].iter().any(|at| builder.child(*at, name.as_bytes()).is_some());
    let is_layout = has("oci-layout") && has("index.json") && has("blobs");
    let is_archive = has("manifest.json") && names.iter().any(|name| has_blob_name(name));
    if is_layout || is_archive || (has("manifest.json") && has("repositories")) {
        let what = if is_layout { "an OCI image" } else { "a container image" };
        return Err(Refusal::TarOfContainer(what).into());
    }
    Ok(())
}

/// Returns whether a name is a hex digest, possibly after `sha256:` or with a suffix such as
/// `.tar`. Archives of container images give blobs such names.
pub(super) fn has_blob_name(name: &[u8]) -> bool {
    let digits = name.strip_prefix(b"sha256:").unwrap_or(name);
    digits.split_at_checked(64).is_some_and(|(digits, end)| {
        digits.iter().all(u8::is_ascii_hexdigit)
            && matches!(end, b"" | b".json" | b".tar" | b".tar.gz")
    })
}

/// A tree made of layered tars, where a layer may hide names of lower layers.
pub(super) struct Layered<'a>(Builder<'a>);

impl<'a> Layered<'a> {
    /// Begins with an empty root directory.
    pub(super) fn new(workers: &'a Workers<'a>, findings: &'a mut Findings) -> Self {
        Self(Builder::new(workers, Some(Layers::default()), findings))
    }

    /// Lays a tar over the tree; a tar without members changes nothing.
    pub(super) fn lay(
        &mut self,
        source: PlainTar<'_>,
        options: &Options<'_>,
    ) -> Result<(), StoreError> {
        if let Some(layers) = &mut self.0.layers {
            layers.begin();
        }
        self.0.unpack(source, options).map(drop)
    }

    /// Returns the finished tree, and adds a finding on links that were followed.
    pub(super) fn into_tree(self) -> Tree {
        self.0.finish()
    }
}

/// Returns the inode of a directory that no member describes: mode 0755, owned by root, with the
/// modification time 0.
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

/// Removes `.` and empty components, including leading slashes: the tree has its own root. Refuses
/// paths that tar readers interpret in different ways, names that no filesystem holds, and paths
/// that are nested too deep.
fn clean_path(path: &[u8]) -> Result<Vec<u8>, &'static str> {
    let components: Vec<&[u8]> =
        path.split(|byte| *byte == b'/').filter(|c| !c.is_empty() && *c != b".").collect();
    if components.contains(&&b".."[..]) {
        return Err("its name has a '..' component");
    }
    if components.iter().any(|name| name.len() > NAME_LEN_MAX) {
        return Err("a name in it is longer than 255 bytes, which no filesystem holds");
    }
    if components.iter().any(|name| name.contains(&0)) {
        return Err("its name holds a NUL");
    }
    if components.len() > DEPTH_MAX {
        return Err("it is nested too deep");
    }
    Ok(components.join(&b'/'))
}

struct Builder<'a> {
    tree: Tree,
    workers: &'a Workers<'a>,
    /// The layer of each name; `None` for a single tar.
    layers: Option<Layers>,
    findings: &'a mut Findings,
    followed: FollowedLinks,
}

impl<'a> Builder<'a> {
    fn new(workers: &'a Workers<'a>, layers: Option<Layers>, findings: &'a mut Findings) -> Self {
        workers.count_inode();
        Self {
            tree: Tree::new(implied_directory()),
            workers,
            layers,
            findings,
            followed: FollowedLinks::default(),
        }
    }

    /// Returns the tree, and adds a finding on links that were followed.
    fn finish(self) -> Tree {
        self.followed.add_findings(self.findings);
        self.tree
    }

    /// Resolves the links in a path's directories; returns the directory and the last name.
    fn place<'p>(&mut self, path: &'p [u8]) -> Result<(Place, &'p [u8]), String> {
        let (parents, name) = match path.iter().rposition(|byte| *byte == b'/') {
            Some(slash) => (&path[..slash], &path[slash + 1..]),
            None => (&path[..0], path),
        };
        let place = place::find(&self.tree, parents)?;
        self.followed.note(path, &place);
        Ok((place, name))
    }

    /// Reads a tar to its end, and returns whether it has any members.
    fn unpack(&mut self, tar: PlainTar<'_>, options: &Options<'_>) -> Result<bool, StoreError> {
        let PlainTar { source, is_compressed } = tar;
        let mut stream = Stream::new(source);
        let mut members = Members::default();
        let mut has_members = false;
        while let Some(mut member) = members.next(&mut stream)? {
            has_members = true;
            let path = clean_path(&member.path).map_err(|problem| member.refuse(problem))?;
            let is_left_out = options.exclude.matches_or_is_below(&path);
            self.add_findings(&mut member, &path, is_left_out);
            if !is_left_out && !self.hide(&member, &path)? {
                self.add(&member, &path, options, &mut stream)?;
            }
            stream.skip_content()?;
        }
        if is_compressed {
            stream.drain()?;
        }
        Ok(has_members)
    }

    /// Adds the findings on a member. Those on an excluded member are dropped, except the ones on
    /// global headers, which apply to all later members.
    fn add_findings(&mut self, member: &mut Member, path: &[u8], is_left_out: bool) {
        let of_headers = member.notes.take(GLOBAL_HEADER);
        self.findings.add_all(path, &of_headers);
        if !is_left_out {
            self.findings.add_all(path, &member.notes);
        }
    }

    fn add<R: Read>(
        &mut self,
        member: &Member,
        path: &[u8],
        options: &Options<'_>,
        stream: &mut Stream<R>,
    ) -> Result<(), StoreError> {
        let refuse = |problem: &str| member.refuse(problem);
        if path.is_empty() {
            if member.kind != Kind::Directory {
                return Err(refuse("its name means the root, which must be a directory"));
            }
            let children = self.take_children(0);
            self.tree.inodes[0] = member.inode(Content::Directory(children));
            return Ok(());
        }
        let (place, name) = self.place(path).map_err(|problem| refuse(&problem))?;
        let path = place.path(name);
        if place.through.is_some() && options.exclude.matches_or_is_below(&path) {
            return Ok(());
        }
        if member.kind == Kind::HardLink {
            let index = self.link_target(member)?;
            let parent = self.make(&place);
            return self.set_child(parent, name, index).map_err(|problem| refuse(&problem));
        }
        let inode = member.inode(member.content());
        // Refuse a long target now: otherwise each later member whose path leads through the link
        // would resolve the long target.
        if let Some(problem) = repair::refusal(&inode) {
            return Err(refuse(&problem));
        }
        let parent = self.make(&place);
        self.workers.count_inode();
        let existing = self.child(parent, name);
        if member.kind == Kind::Directory
            && let Some(index) = existing.filter(|index| self.is_directory(*index))
        {
            let children = self.take_children(index);
            self.tree.inodes[index] = member.inode(Content::Directory(children));
            self.note(parent, name);
            return Ok(());
        }
        if member.kind == Kind::Directory {
            self.note_lost_link(&path, existing);
        }
        let index = self.tree.push(inode);
        self.set_child(parent, name, index).map_err(|problem| refuse(&problem))?;
        if let Kind::Regular { .. } = member.kind {
            self.file(member, &path, index, stream)?;
        }
        Ok(())
    }

    /// Adds a finding if a directory replaces a symlink through which the names of another
    /// directory were reachable.
    fn note_lost_link(&mut self, path: &[u8], existing: Option<usize>) {
        let Some(Content::Symlink(target)) = existing.map(|index| &self.tree.inodes[index].content)
        else {
            return;
        };
        let led_to = place::find(&self.tree, path).ok().filter(Place::is_there);
        let hidden = led_to.map_or(0, |place| self.count_names(place.directory()));
        if hidden > 0 {
            let problem = format!(
                "a directory replaces the symlink to '{}'; {hidden} names of that directory are no longer seen here",
                show_path(target)
            );
            self.findings.add("lost-symlink", path, &problem);
        }
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
            // A layer's member replaces even a non-empty directory of a lower layer.
            self.hide_below(directory, name);
        }
        // A single tar contradicts itself if a member replaces a non-empty directory; between
        // layers, readers let the later one win.
        if self.layers.is_none()
            && let Some(existing) = self.child(directory, name)
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

    /// Creates the missing directories of a place, and returns the last one.
    fn make(&mut self, place: &Place) -> usize {
        let mut directory = place.directory();
        for name in place.missing() {
            self.workers.count_inode();
            let index = self.tree.push(implied_directory());
            if let Content::Directory(children) = &mut self.tree.inodes[directory].content {
                children.insert(name.to_vec(), index);
            }
            self.note(directory, name);
            directory = index;
        }
        directory
    }

    fn link_target(&self, member: &Member) -> Result<usize, StoreError> {
        let target = clean_path(&member.link).map_err(|problem| member.refuse(problem))?;
        let (parents, name) = match target.iter().rposition(|byte| *byte == b'/') {
            Some(slash) => (&target[..slash], &target[slash + 1..]),
            None => (&target[..0], &target[..]),
        };
        // Do not follow the last name: a hard link may name a symlink itself.
        let place = place::find(&self.tree, parents).ok().filter(Place::is_there);
        match place.and_then(|place| self.child(place.directory(), name)) {
            Some(index) if !self.is_directory(index) => Ok(index),
            _ => Err(member.refuse(&format!(
                "it is a hard link to '{}', which is not an earlier file",
                show_path(&target)
            ))),
        }
    }

    /// Reads a file's data without the holes, and hands the data to the workers.
    fn file<R: Read>(
        &self,
        member: &Member,
        path: &[u8],
        index: usize,
        stream: &mut Stream<R>,
    ) -> Result<(), StoreError> {
        let slot =
            Slot { index, is_program: member.permissions & 0o111 != 0, wanted: wanted(path) };
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
