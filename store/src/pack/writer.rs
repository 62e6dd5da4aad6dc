//! Writes a pack.

use std::fs::File;
use std::io;

use sysio::Dir;
use sysio::publish::StagedFile;
use wire::digest::Algorithm;
use wire::object::Encoded;

use super::footer::{Entry, HEADER_LEN, encode_footer, encode_header};
use super::{ID_LEN, PackFile, PackId};

/// Bytes after which the kernel is asked to start writing, so that the final sync has little left
/// to do.
const WRITE_BACK_LEN: u64 = 8 << 20;

/// A pack under construction; it has no name, so nobody can see it.
#[derive(Debug)]
pub struct PackWriter {
    algorithm: Algorithm,
    staged: StagedFile,
    end: u64,
    write_back_from: u64,
    entries: Vec<Entry>,
}

/// A pack that is complete, durable and visible.
#[derive(Debug)]
pub struct SealedPack {
    /// The pack's id, which names the file.
    pub id: PackId,
    /// The file, open for reading.
    pub file: File,
    /// Records of the pack's objects, sorted by digest.
    pub entries: Vec<Entry>,
}

impl PackWriter {
    /// Begins a pack in a folder of packs, and writes the pack's header.
    ///
    /// # Errors
    /// Errors of creating and writing the file.
    pub fn begin(folder: &Dir, algorithm: Algorithm) -> io::Result<Self> {
        let staged = StagedFile::begin(folder)?;
        sysio::file::write_all_at(staged.file(), &encode_header(algorithm), 0)?;
        let end = HEADER_LEN as u64;
        Ok(Self { algorithm, staged, end, write_back_from: 0, entries: Vec::new() })
    }

    /// Appends an object that the pack does not hold yet, and returns its record.
    ///
    /// # Errors
    /// Errors of writing; the pack is then unusable.
    pub fn append(&mut self, object: &Encoded) -> io::Result<Entry> {
        let entry = Entry {
            digest: object.digest,
            kind: object.kind,
            offset: self.end,
            payload_len: u32::try_from(object.payload.len())
                .map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?,
            content_len: object.content_len,
        };
        sysio::file::write_all_at(self.staged.file(), &object.payload, self.end)?;
        self.end += u64::from(entry.payload_len);
        self.entries.push(entry);
        if self.end - self.write_back_from >= WRITE_BACK_LEN {
            self.staged.start_write_back(self.write_back_from, self.end - self.write_back_from);
            self.write_back_from = self.end;
        }
        Ok(entry)
    }

    /// Returns the length of header and payloads so far, in bytes.
    pub fn len(&self) -> u64 {
        self.end
    }

    /// Returns whether the pack has no objects.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns another handle of the file, for reading objects back before the pack is sealed.
    ///
    /// # Errors
    /// As `dup(2)`.
    pub fn file(&self) -> io::Result<File> {
        self.staged.file().try_clone()
    }

    /// Writes the footer, makes the pack durable and publishes it.
    ///
    /// # Durability
    /// The whole pack survives a power loss once this returned.
    ///
    /// # Errors
    /// Errors of writing and of the syncs; a failed sync is never retried.
    pub fn seal(mut self, folder: &Dir) -> io::Result<SealedPack> {
        self.entries.sort_by_key(|entry| entry.digest);
        let footer = encode_footer(&self.entries, self.end);
        sysio::file::write_all_at(self.staged.file(), &footer, self.end)?;
        let mut id = [0; ID_LEN];
        id.copy_from_slice(&Algorithm::Sha256.digest(&footer).hash()[..ID_LEN]);
        debug_assert!(self.entries.iter().all(|entry| entry.digest.algorithm() == self.algorithm));
        let id = PackId(id);
        let name = id.file_name();
        match self.staged.publish(folder, name.as_bytes()) {
            // A pack of the same objects at the same places exists: it can be used instead if it is sound, once its
            // name is durable. A damaged one is replaced, by a pack of which everything is known.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let there = PackFile::from_file(folder.open_file(name.as_bytes())?);
                match there.entries(self.algorithm)?.as_ref() == Ok(&self.entries) {
                    true => folder.sync()?,
                    false => self.staged.publish_over(folder, name.as_bytes())?,
                }
            }
            other => other?,
        }
        let file = self.staged.into_file();
        Ok(SealedPack { id, file, entries: self.entries })
    }
}
