//! The data objects of consecutive files, read ahead of their use.

use std::collections::VecDeque;
use std::sync::Arc;

use store::{DataPlace, StoreError};
use sysio::queue::{IoQueue, PIECE_LEN};
use wire::Manifest;
use wire::digest::Digest;

use crate::plan::{DataSource, FileWrite};
use crate::{ContentSource, PatchError};

/// One data object from which a file is written.
#[derive(Debug)]
pub(super) struct Piece {
    /// Location of the object's payload in a pack.
    pub place: DataPlace,
    /// Offset of the object's content in the file's data.
    pub offset: u64,
    /// The content, if it came a moment ago: then the payload is not read.
    pub content: Option<Arc<Vec<u8>>>,
}

/// The data objects of one file to write, in order.
#[derive(Debug)]
pub(super) struct Objects {
    pending: std::vec::IntoIter<(Digest, u64)>,
}

impl Objects {
    /// Finds the objects that a step writes: those of the whole file, or only those of the changed frames.
    pub(super) fn of(
        content: ContentSource<'_>,
        want: &Manifest,
        write: &FileWrite,
    ) -> Result<Self, PatchError> {
        let mut pending = Vec::new();
        // A file without a digest has no data: it is one hole.
        if let Some(digest) = want.inode(write.index).digest()
            && matches!(write.data, DataSource::Whole | DataSource::Pages(_))
        {
            match content.frame_list(&digest)? {
                None => pending.push((digest, 0)),
                Some(list) => {
                    let mut changed = match &write.data {
                        DataSource::Pages(Some(changed)) => Some(changed.iter().peekable()),
                        _ => None,
                    };
                    let mut offset = 0;
                    for (number, (frame, len)) in list.frames.into_iter().enumerate() {
                        let is_written = changed.as_mut().is_none_or(|changed| {
                            changed.next_if(|next| **next as usize == number).is_some()
                        });
                        if is_written {
                            pending.push((frame, offset));
                        }
                        offset += u64::from(len);
                    }
                }
            }
        }
        Ok(Self { pending: pending.into_iter() })
    }
}

/// Reads the objects of files in order, as far ahead as the queue has room.
#[derive(Debug)]
pub(super) struct Ahead<'a> {
    content: ContentSource<'a>,
    want: &'a Manifest,
    files: std::slice::Iter<'a, FileWrite>,
    objects: Option<Objects>,
    /// Pieces that were found but not taken yet. The number says how many bytes of the piece's payload were requested
    /// so far.
    asked: VecDeque<(Piece, usize)>,
    /// For each file whose pieces were all found: the count of pieces from the first file to the end of that file.
    ends: VecDeque<usize>,
    /// Count of pieces found so far.
    found: usize,
    /// Count of pieces taken so far.
    taken: usize,
}

impl<'a> Ahead<'a> {
    pub(super) fn new(
        content: ContentSource<'a>,
        want: &'a Manifest,
        files: &'a [FileWrite],
    ) -> Self {
        Self {
            content,
            want,
            files: files.iter(),
            objects: None,
            asked: VecDeque::new(),
            ends: VecDeque::new(),
            found: 0,
            taken: 0,
        }
    }

    /// Finds the next piece, in this file or a later one.
    fn find(&mut self) -> Result<Option<Piece>, PatchError> {
        loop {
            if let Some(objects) = &mut self.objects {
                if let Some((digest, offset)) = objects.pending.next() {
                    self.found += 1;
                    let place = self.content.data_place(&digest)?;
                    let content = self.content.take_recent(&digest);
                    return Ok(Some(Piece { place, offset, content }));
                }
                self.objects = None;
                self.ends.push_back(self.found);
            }
            match self.files.next() {
                None => return Ok(None),
                Some(write) => {
                    self.objects = Some(Objects::of(self.content, self.want, write)?);
                }
            }
        }
    }

    /// Requests payloads as long as the queue has room, and up to the first content that is in memory. Contents take no room
    /// in the queue; and what comes after one has hardly arrived, so that its payload is read from the page cache.
    fn fill(&mut self, queue: &mut IoQueue) -> Result<(), PatchError> {
        let is_here = |(piece, _): &(Piece, usize)| piece.content.is_some();
        while queue.has_room() && !self.asked.back().is_some_and(is_here) {
            let is_partial =
                |(piece, asked): &(Piece, usize)| *asked < piece.place.payload_len as usize;
            if !self.asked.back().is_some_and(is_partial) {
                match self.find()? {
                    None => return Ok(()),
                    Some(piece) => self.asked.push_back((piece, 0)),
                }
            }
            let Some((piece, asked)) = self.asked.back_mut() else { return Ok(()) };
            if piece.content.is_some() {
                return Ok(());
            }
            let place = &piece.place;
            let len = PIECE_LEN.min(place.payload_len as usize - *asked);
            queue
                .ask(&place.pack, place.offset + *asked as u64, len)
                .map_err(failed(&place.digest))?;
            *asked += len;
        }
        Ok(())
    }

    /// Returns the next piece of the current file; unless the piece has its content, the payload is in `payload`. Returns
    /// `None` once after the file's last piece; the next call begins with the next file.
    pub(super) fn next(
        &mut self,
        queue: &mut IoQueue,
        payload: &mut Vec<u8>,
    ) -> Result<Option<Piece>, PatchError> {
        self.fill(queue)?;
        if self.ends.front() == Some(&self.taken) {
            self.ends.pop_front();
            return Ok(None);
        }
        payload.clear();
        loop {
            let Some((piece, asked)) = self.asked.front() else { return Ok(None) };
            let (digest, len) = (piece.place.digest, piece.place.payload_len as usize);
            if piece.content.is_some() || payload.len() == len {
                break;
            }
            if payload.len() == *asked {
                // The queue had no room for the whole object, so request the rest.
                self.fill(queue)?;
                continue;
            }
            let expected = PIECE_LEN.min(len - payload.len());
            let found = queue.answer(|bytes| {
                payload.extend_from_slice(bytes);
                bytes.len()
            });
            if found.map_err(failed(&digest))? != expected {
                let problem = "its pack ends too early".to_owned();
                return Err(StoreError::DamagedObject { digest, problem }.into());
            }
        }
        self.taken += 1;
        Ok(self.asked.pop_front().map(|(piece, _)| piece))
    }
}

fn failed(digest: &Digest) -> impl FnOnce(std::io::Error) -> PatchError {
    let digest = *digest;
    move |source| StoreError::ReadObject { digest, source }.into()
}
