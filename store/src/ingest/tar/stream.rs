//! The blocks of a tar stream, with exact errors where it ends too early.

use std::io::{self, Read, Seek};

use super::compression::Limit;
use crate::error::StoreError;

/// The unit in which a tar is laid out.
pub(super) const BLOCK_LEN: usize = 512;

/// A tar stream, decompressed.
pub(super) struct Stream<R> {
    source: R,
    /// Bytes of the current member's content that were not read yet, and of its padding.
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

    /// Reads the next block outside of a member's content; `None` where the stream ends before it.
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

    /// Begins a member's content.
    pub(super) fn begin_content(&mut self, len: u64) {
        self.content_left = len;
        let block_len = BLOCK_LEN as u64;
        self.padding = (block_len - len % block_len) % block_len;
    }

    /// Reads the next bytes of the current member's content.
    pub(super) fn content(&mut self, buffer: &mut [u8]) -> Result<(), StoreError> {
        if buffer.len() as u64 > self.content_left {
            return Err(self.damaged("a member's content is shorter than its sparse map says"));
        }
        self.content_left -= buffer.len() as u64;
        self.fill(buffer)
    }

    /// Passes over what is left of the current member.
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

    /// Returns how much of the tar was read, uncompressed: within a member's content, where the rest of it begins.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Reads to the end, so that a compressed stream's own checksum is checked.
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
            return StoreError::Refused(limit.to_string());
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged("it is truncated"),
            _ => self.damaged(&error.to_string()),
        }
    }

    /// Makes the error of a tar that is damaged about here.
    pub(super) fn damaged(&self, problem: &str) -> StoreError {
        StoreError::Refused(format!(
            "the tar is damaged near byte {} (uncompressed): {problem}",
            self.position
        ))
    }
}

impl<R: Read + Seek> Stream<R> {
    /// Passes over what is left of the current member without reading it. What ends before is noticed by what reads
    /// that member.
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
