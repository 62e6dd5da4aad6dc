//! Blobs of a container image, each checked against its digest and length.

use std::io::{self, Read};

use data_encoding::HEXLOWER;
use wire::digest::{Digest, Hasher};

use super::document::{LEN_MAX, refused};
use super::files::ContainerFiles;
use crate::error::StoreError;

/// Rule for the file names of blobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// An OCI image layout: `blobs/sha256/…`.
    Layout,
    /// A folder of skopeo's `dir:`. The name is the bare hex digits, or `….manifest.json` for a
    /// document that a list names, or `ALGORITHM-…`.
    Directory,
}

/// The blobs of a container image, found by digest.
#[derive(Debug)]
pub(super) struct Blobs {
    pub files: ContainerFiles,
    pub naming: Naming,
}

impl Blobs {
    fn names(&self, digest: &Digest) -> Vec<String> {
        let (algorithm, digits) = (digest.algorithm(), HEXLOWER.encode(digest.hash()));
        match self.naming {
            Naming::Layout => vec![format!("blobs/{algorithm}/{digits}")],
            Naming::Directory => vec![
                format!("{digits}.manifest.json"),
                digits.clone(),
                format!("{algorithm}-{digits}"),
            ],
        }
    }

    pub(super) fn has(&self, digest: &Digest) -> bool {
        self.names(digest).iter().any(|name| self.files.has(name))
    }

    /// Opens a blob, whose length must be `len`. The caller reads it and then calls
    /// [`Checked::check`].
    pub(super) fn blob(&self, digest: &Digest, len: u64) -> Result<Checked<'_>, StoreError> {
        let mut opened = Err(io::Error::from(io::ErrorKind::NotFound));
        for name in self.names(digest) {
            opened = self.files.open_file(&name);
            if !opened.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
                break;
            }
        }
        let (source, found) = opened.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => refused(format!("blob {digest} is not in it")),
            _ => refused(format!("blob {digest} cannot be read: {error}")),
        })?;
        if found != len {
            return Err(refused(format!("blob {digest} has {found} bytes instead of {len}")));
        }
        Ok(Checked::new(format!("blob {digest}"), source, *digest))
    }

    /// Reads and checks a blob that is a document of at most [`LEN_MAX`] bytes.
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

/// A reader that hashes what is read.
pub(super) struct Checked<'a> {
    what: String,
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

impl<'a> Checked<'a> {
    /// Wraps a source whose content must have `digest`; `what` names the source in errors.
    pub(super) fn new(what: String, source: Box<dyn Read + 'a>, digest: Digest) -> Self {
        Self { what, source, hasher: digest.algorithm().hasher(), digest }
    }

    /// Reads the rest, and compares the whole with its digest.
    pub(super) fn check(mut self) -> Result<(), StoreError> {
        let (what, digest) = (self.what.clone(), self.digest);
        io::copy(&mut self, &mut io::sink())
            .map_err(|error| refused(format!("{what} cannot be read: {error}")))?;
        let found = self.hasher.finish();
        if found != digest {
            let expected = if what.contains(&digest.to_string()) {
                String::new()
            } else {
                format!(" instead of {digest}")
            };
            return Err(refused(format!("{what} has the digest {found}{expected}: it is damaged")));
        }
        Ok(())
    }
}
