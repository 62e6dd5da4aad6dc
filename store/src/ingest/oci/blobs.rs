//! Blobs of an OCI image: in a folder laid out so, or in a tar of such a folder.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use sysio::Dir;
use wire::digest::{Digest, Hasher};

use super::document::{LEN_MAX, refused};
use crate::error::StoreError;

/// Members of an archive at most: an image has some hundred blobs.
const MEMBERS_MAX: usize = 1 << 16;

/// Where blobs are.
#[derive(Debug)]
pub(super) enum Blobs {
    Folder(Dir),
    /// A tar, and where each member's bytes are in it.
    Archive(File, HashMap<String, (u64, u64)>),
}

impl Blobs {
    /// Opens a folder or an archive; `None` for anything else.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, StoreError> {
        let failed = || StoreError::io("read source", path);
        let found = std::fs::metadata(path).map_err(failed())?;
        if !found.is_dir() && !found.is_file() {
            // A pipe can be read once, and not here.
            return Ok(None);
        }
        if found.is_dir() {
            let folder = Dir::open(path).map_err(failed())?;
            let has = |name: &[u8]| folder.stat(name).is_ok_and(|stat| stat.is_regular());
            let is_layout = has(b"oci-layout") && has(b"index.json");
            return Ok(is_layout.then_some(Self::Folder(folder)));
        }
        let file = File::open(path).map_err(failed())?;
        let members = members(&file).map_err(failed())?;
        Ok(members
            .filter(|found| found.contains_key("index.json"))
            .map(|found| Self::Archive(file, found)))
    }

    /// Opens a file by its path in the layout; its length is known.
    fn file(&self, path: &str) -> io::Result<(Box<dyn Read + '_>, u64)> {
        match self {
            Self::Folder(folder) => {
                let (parent, name) = path.rsplit_once('/').unwrap_or((".", path));
                let file = match parent {
                    "." => folder.open_file(name.as_bytes())?,
                    parent => folder.open_beneath(parent.as_bytes())?.open_file(name.as_bytes())?,
                };
                let len = file.metadata()?.len();
                Ok((Box::new(file), len))
            }
            Self::Archive(file, members) => {
                let (offset, len) = members.get(path).ok_or(io::ErrorKind::NotFound)?;
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(*offset))?;
                Ok((Box::new(file.take(*len)), *len))
            }
        }
    }

    /// Reads `index.json`.
    pub(super) fn index(&self) -> Result<Vec<u8>, StoreError> {
        let (source, _) = self
            .file("index.json")
            .map_err(|error| refused(format!("its index.json cannot be read: {error}")))?;
        let mut bytes = Vec::new();
        let read = source.take(LEN_MAX + 1).read_to_end(&mut bytes);
        read.map_err(|error| refused(format!("its index.json cannot be read: {error}")))?;
        if bytes.len() as u64 > LEN_MAX {
            return Err(refused(format!("its index.json has more than {LEN_MAX} bytes")));
        }
        Ok(bytes)
    }

    /// Opens a blob, to be read to its end and then checked.
    pub(super) fn blob(&self, digest: &Digest, len: u64) -> Result<Checked<'_>, StoreError> {
        let text = digest.to_string();
        let path = format!("blobs/{}", text.replacen(':', "/", 1));
        let (source, found) = self.file(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => refused(format!("blob {text} is not in it")),
            _ => refused(format!("blob {text} cannot be read: {error}")),
        })?;
        if found != len {
            return Err(refused(format!("blob {text} has {found} bytes instead of {len}")));
        }
        Ok(Checked { source, hasher: digest.algorithm().hasher(), digest: *digest })
    }

    /// Reads a document that is a blob.
    pub(super) fn document(&self, digest: &Digest, len: u64) -> Result<Vec<u8>, StoreError> {
        if len > LEN_MAX {
            return Err(refused(format!(
                "document {digest} has {len} bytes, at most {LEN_MAX} are allowed"
            )));
        }
        let mut blob = self.blob(digest, len)?;
        let mut bytes = Vec::new();
        blob.read_to_end(&mut bytes)
            .map_err(|error| refused(format!("blob {digest} cannot be read: {error}")))?;
        blob.check()?;
        Ok(bytes)
    }
}

/// Lists the members of a tar that is an archive of a layout; `None` for any other file. It is given up at the
/// first member that a layout cannot have, so that a tar of a tree costs one header. Extended headers are stepped
/// over: names in a layout are short, and what such a header holds could have any length.
fn members(file: &File) -> io::Result<Option<HashMap<String, (u64, u64)>>> {
    let mut archive = tar::Archive::new(file);
    let mut found = HashMap::new();
    let Ok(entries) = archive.entries_with_seek() else { return Ok(None) };
    for entry in entries.raw(true) {
        let Ok(entry) = entry else { return Ok(None) };
        let kind = entry.header().entry_type();
        if kind.is_pax_local_extensions() || kind.is_pax_global_extensions() {
            continue;
        }
        let Ok(path) = String::from_utf8(entry.path_bytes().into_owned()) else { return Ok(None) };
        let path = path.trim_start_matches("./").trim_end_matches('/').to_owned();
        let is_known = matches!(
            path.as_str(),
            "" | "oci-layout" | "index.json" | "manifest.json" | "repositories"
        ) || path == "blobs"
            || path.starts_with("blobs/");
        if !is_known || found.len() >= MEMBERS_MAX {
            return Ok(None);
        }
        if kind.is_file() {
            found.insert(path, (entry.raw_file_position(), entry.size()));
        }
    }
    Ok(Some(found))
}

/// A blob that is hashed as it is read.
pub(super) struct Checked<'a> {
    source: Box<dyn Read + 'a>,
    hasher: Hasher,
    digest: Digest,
}

impl Read for Checked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.source.read(buffer)?;
        self.hasher.update(&buffer[..len]);
        Ok(len)
    }
}

impl Checked<'_> {
    /// Reads what is left, and compares the whole with its digest.
    pub(super) fn check(mut self) -> Result<(), StoreError> {
        let digest = self.digest;
        io::copy(&mut self, &mut io::sink())
            .map_err(|error| refused(format!("blob {digest} cannot be read: {error}")))?;
        let found = self.hasher.finish();
        if found != digest {
            return Err(refused(format!("blob {digest} has the digest {found}: it is damaged")));
        }
        Ok(())
    }
}
