//! The files of a container image, in a folder or in an uncompressed tar of a folder.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::error::StoreError;
use crate::ingest::tar::{ListedKind, Listing, TarEntry};

/// Limit on members of an archive: an image has some hundred blobs.
const MEMBERS_MAX: usize = 1 << 16;

/// Limit on links on the way to one member: in older archives, one image's layer may be a link to
/// another image's.
const LINKS_MAX: usize = 8;

/// Access to the files of a container image.
#[derive(Debug)]
pub(super) enum ContainerFiles {
    Folder(PathBuf),
    /// A tar, its members by path, and the folder that holds all members. `folder` is empty or ends
    /// in a slash.
    Archive {
        file: File,
        members: HashMap<String, ArchiveMember>,
        folder: String,
    },
}

/// A file or link of an archive; the listing leaves out all other members.
#[derive(Debug)]
pub(super) enum ArchiveMember {
    /// A file: the offset of its content in the tar, and the content's length, both in bytes.
    Data(u64, u64),
    /// A link: the path to which it leads, from the tar's root. `.` and `..` in the path are not
    /// resolved yet.
    Link(String),
}

impl ContainerFiles {
    /// Opens a folder or an archive; `None` for any other file.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, StoreError> {
        let failed = || StoreError::io("read source", path);
        let found = std::fs::metadata(path).map_err(failed())?;
        if found.is_dir() {
            return Ok(Some(Self::Folder(path.to_owned())));
        }
        if !found.is_file() {
            // A pipe can be read only once, so leave it to the tar reader.
            return Ok(None);
        }
        let file = File::open(path).map_err(failed())?;
        let Some(members) = members(&file) else { return Ok(None) };
        let folder = folder(&members);
        Ok(Some(Self::Archive { file, members, folder }))
    }

    /// Returns whether a file of that name can be opened.
    pub(super) fn has(&self, name: &str) -> bool {
        self.open_file(name).is_ok()
    }

    /// Lists the paths of an archive's files; `None` for a folder.
    pub(super) fn names(&self) -> Option<impl Iterator<Item = &str>> {
        match self {
            Self::Folder(_) => None,
            Self::Archive { members, folder, .. } => Some(
                members.keys().map(move |name| name.strip_prefix(folder.as_str()).unwrap_or(name)),
            ),
        }
    }

    /// Opens a file by its path, and returns its length too. Links are followed. That is safe,
    /// because callers check the digests of blobs and layers.
    pub(super) fn open_file(&self, name: &str) -> io::Result<(Box<dyn Read + '_>, u64)> {
        let name = normal(name).ok_or(io::ErrorKind::InvalidInput)?;
        match self {
            Self::Folder(folder) => {
                let file = sysio::file::open_regular(&folder.join(name))?;
                let len = file.metadata()?.len();
                Ok((Box::new(file), len))
            }
            Self::Archive { file, members, folder } => {
                let mut name = format!("{folder}{name}");
                for _ in 0..LINKS_MAX {
                    match members.get(&name).ok_or(io::ErrorKind::NotFound)? {
                        ArchiveMember::Data(offset, len) => {
                            let mut file = file.try_clone()?;
                            file.seek(SeekFrom::Start(*offset))?;
                            return Ok((Box::new(file.take(*len)), *len));
                        }
                        ArchiveMember::Link(target) => {
                            name = normal(target).ok_or(io::ErrorKind::NotFound)?;
                        }
                    }
                }
                Err(io::Error::other("it leads through too many links"))
            }
        }
    }

    /// Reads a whole file; an error if it has more than `len_max` bytes.
    pub(super) fn read(&self, name: &str, len_max: u64) -> io::Result<Vec<u8>> {
        let (source, _) = self.open_file(name)?;
        let mut bytes = Vec::new();
        source.take(len_max + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > len_max {
            true => Err(io::Error::other(format!("it has more than {len_max} bytes"))),
            false => Ok(bytes),
        }
    }
}

/// Resolves `.` and `..`; `None` if the path leads out of the folder or archive.
fn normal(path: &str) -> Option<String> {
    let mut names = Vec::new();
    for name in path.split('/').filter(|name| !name.is_empty() && *name != ".") {
        match name {
            ".." => drop(names.pop()?),
            name => names.push(name),
        }
    }
    Some(names.join("/"))
}

/// Returns the folder that holds all members of an image's archive, with a slash at its end; an
/// empty string if there is none.
fn folder(members: &HashMap<String, ArchiveMember>) -> String {
    let mut marks = members.keys().filter_map(|name| {
        let (folder, name) = name.rsplit_once('/')?;
        matches!(name, "oci-layout" | "manifest.json").then(|| format!("{folder}/"))
    });
    let is_rooted = ["oci-layout", "manifest.json"].iter().any(|name| members.contains_key(*name));
    match marks.next() {
        Some(folder) if !is_rooted && members.keys().all(|name| name.starts_with(&folder)) => {
            folder
        }
        _ => String::new(),
    }
}

/// Lists the members of a tar; `None` for another kind of file, a damaged tar, or one with too many
/// members.
fn members(file: &File) -> Option<HashMap<String, ArchiveMember>> {
    let mut listing = Listing::new(file);
    let mut found = HashMap::new();
    let mut count = 0;
    while let Some(TarEntry { path, what }) = listing.next().ok()? {
        count += 1;
        if count > MEMBERS_MAX {
            return None;
        }
        let Some(path) = String::from_utf8(path).ok().and_then(|path| normal(&path)) else {
            continue;
        };
        let member = match what {
            ListedKind::Data(offset, len) => Some(ArchiveMember::Data(offset, len)),
            ListedKind::HardLink(target) => String::from_utf8(target).ok().map(ArchiveMember::Link),
            ListedKind::Symlink(target) => String::from_utf8(target).ok().map(|target| {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let is_rooted = target.starts_with('/');
                ArchiveMember::Link(if is_rooted { target } else { format!("{folder}/{target}") })
            }),
            ListedKind::Other => None,
        };
        found.extend(member.map(|member| (path, member)));
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(normal("./a//b/../c").as_deref(), Some("a/c"));
        assert_eq!(normal("/a").as_deref(), Some("a"));
        assert_eq!(normal("a/../../b"), None);
    }

    #[test]
    fn the_folder_of_all_members_is_found() {
        let members = |names: &[&str]| {
            names.iter().map(|name| ((*name).to_owned(), ArchiveMember::Data(0, 0))).collect()
        };
        assert_eq!(folder(&members(&["image/oci-layout", "image/index.json"])), "image/");
        assert_eq!(folder(&members(&["oci-layout", "index.json", "blobs/oci-layout"])), "");
        assert_eq!(folder(&members(&["srv/image/oci-layout", "etc/passwd"])), "");
    }
}
