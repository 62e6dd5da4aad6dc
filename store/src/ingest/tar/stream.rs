//! Reads the blocks of a tar stream. The errors distinguish a stream that ends too early from other
//! failures.

use std::io::{self, Read, Seek};

use super::super::compression::Limit;
use crate::Refusal;
use crate::error::StoreError;

/// Length of a tar's block in bytes.
pub(in super::super) const BLOCK_LEN: usize = 512;

/// A decompressed tar stream, and the position in it.
pub(super) struct Stream<R> {
    source: R,
    /// Number of unread bytes of the current member's content. `padding` further bytes follow them.
    content_left: u64,
    padding: u64,
    position: u64,
}

impl<R: Read> Stream<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, content_left: 0, padding: 0, position: 0 }
    }

    /// Reads the next block outside of a member's content.
    pub(super) fn block(&mut self) -> Result<[u8; BLOCK_LEN], StoreError> {
        let mut block = [0; BLOCK_LEN];
        self.fill(&mut block)?;
        Ok(block)
    }

    /// Reads the next block as [`Stream::block`] does; returns `None` if the stream ends where the
    /// block would begin.
    pub(super) fn block_or_end(&mut self) -> Result<Option<[u8; BLOCK_LEN]>, StoreError> {
        let mut block = [0; BLOCK_LEN];
        let mut filled = 0;
        while filled < BLOCK_LEN {
            match self.source.read(&mut block[filled..]) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(self.damaged("it is truncated")),
                Ok(len) => filled += len,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed(&error)),
            }
        }
        self.position += BLOCK_LEN as u64;
        Ok(Some(block))
    }

    /// Begins a member's content of `len` bytes. The caller must read or skip it before the next
    /// block.
    pub(super) fn begin_content(&mut self, len: u64) {
        self.content_left = len;
        let block_len = BLOCK_LEN as u64;
        self.padding = (block_len - len % block_len) % block_len;
    }

    /// Reads the next `buffer.len()` bytes of the current member's content.
    pub(super) fn content(&mut self, buffer: &mut [u8]) -> Result<(), StoreError> {
        if buffer.len() as u64 > self.content_left {
            return Err(self.damaged("a member's content is shorter than its sparse map says"));
        }
        self.content_left -= buffer.len() as u64;
        self.fill(buffer)
    }

    /// Reads past the rest of the current member and its padding.
    pub(super) fn skip_content(&mut self) -> Result<(), StoreError> {
        let mut left = self.content_left.saturating_add(self.padding);
        (self.content_left, self.padding) = (0, 0);
        let mut sink = [0; 8192];
        while left > 0 {
            let len = left.min(sink.len() as u64) as usize;
            self.fill(&mut sink[..len])?;
            left -= len as u64;
        }
        Ok(())
    }

    /// Returns the offset in the uncompressed tar of the next byte to be read.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Reads to the source's end, so that a compressed stream's checksum is checked.
    pub(super) fn drain(&mut self) -> Result<(), StoreError> {
        let result = io::copy(&mut self.source, &mut io::sink());
        result.map(drop).map_err(|error| self.failed(&error))
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), StoreError> {
        self.source.read_exact(buffer).map_err(|error| self.failed(&error))?;
        self.position += buffer.len() as u64;
        Ok(())
    }

    fn failed(&self, error: &io::Error) -> StoreError {
        if let Some(limit) = error.get_ref().and_then(|inner| inner.downcast_ref::<Limit>()) {
            return Refusal::TarLimit(limit.to_string()).into();
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged("it is truncated"),
            _ => self.damaged(&error.to_string()),
        }
    }

    /// Makes the error of a tar that is damaged near the current position.
    pub(super) fn damaged(&self, problem: &str) -> StoreError {
        Refusal::TarDamaged { at: self.position, problem: problem.to_owned() }.into()
    }
}

impl<R: Read + Seek> Stream<R> {
    /// Seeks past the rest of the current member. A file that ends earlier is noticed only when the
    /// member is read.
    pub(super) fn seek_past_content(&mut self) -> Result<(), StoreError> {
        let left = self.content_left.saturating_add(self.padding);
        (self.content_left, self.padding) = (0, 0);
        let too_far = |_| self.damaged("a member is longer than any file");
        let distance = i64::try_from(left).map_err(too_far)?;
        self.source.seek_relative(distance).map_err(|error| self.failed(&error))?;
        self.position += left;
        Ok(())
    }
}
