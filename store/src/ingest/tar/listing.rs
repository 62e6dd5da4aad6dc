//! Lists the members of a plain tar in a file, with the offsets of their contents; the contents are
//! not read.

use std::fs::File;
use std::io::BufReader;

use super::member::{Kind, Members};
use super::stream::Stream;
use crate::error::StoreError;

#[derive(Debug)]
pub(in crate::ingest) struct TarEntry {
    pub path: Vec<u8>,
    pub what: ListedKind,
}

/// The place of a member's content, or the target of its link.
#[derive(Debug)]
pub(in crate::ingest) enum ListedKind {
    /// A file's content: its offset in the tar and its length, in bytes.
    Data(u64, u64),
    Symlink(Vec<u8>),
    HardLink(Vec<u8>),
    /// Any other kind: folders, devices, and sparse files, whose content is in pieces.
    Other,
}

/// Lists members one by one, and seeks past their contents.
pub(in crate::ingest) struct Listing<'a> {
    members: Members,
    stream: Stream<BufReader<&'a File>>,
}

impl<'a> Listing<'a> {
    /// Starts at the file's current position, which must be the tar's beginning.
    pub(in crate::ingest) fn new(file: &'a File) -> Self {
        Self { members: Members::default(), stream: Stream::new(BufReader::new(file)) }
    }

    /// Returns the next member; `None` at the tar's end.
    pub(in crate::ingest) fn next(&mut self) -> Result<Option<TarEntry>, StoreError> {
        let Some(member) = self.members.next(&mut self.stream)? else { return Ok(None) };
        let what = match member.kind {
            Kind::Regular { size, map } => match map.as_slice() {
                [whole] if whole.offset == 0 && whole.len == size => {
                    ListedKind::Data(self.stream.position(), size)
                }
                _ => ListedKind::Other,
            },
            Kind::Symlink => ListedKind::Symlink(member.link),
            Kind::HardLink => ListedKind::HardLink(member.link),
            _ => ListedKind::Other,
        };
        self.stream.seek_past_content()?;
        Ok(Some(TarEntry { path: member.path, what }))
    }
}
