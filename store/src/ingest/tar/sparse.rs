//! Sparse files in a tar: the three forms in which GNU tar writes the map of their data.

use std::io::Read;

use tar::{GnuExtSparseHeader, Header};
use wire::manifest::Hole;
use wire::manifest::tree::{align_holes, data_extents};

use super::stream::{BLOCK_LEN, Stream};
use crate::error::StoreError;

/// Limit on segments of one file: 8 Mi × 16 bytes = 128 MiB of map, enough for a hole in every other
/// page of 64 GiB.
const SEGMENTS_MAX: usize = 8 << 20;

/// A range of a file for which the tar has data, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub offset: u64,
    pub len: u64,
}

/// Reads a file's data outside of its holes, in order.
#[derive(Debug)]
pub(super) struct Data {
    holes: Vec<Hole>,
    /// Ranges of the file to read, as (offset, length) in reverse order: the segments, and those
    /// zeros around them that are no hole, because they fill no whole page.
    extents: Vec<(u64, u64)>,
    segments: Vec<Segment>,
    len: u64,
}

impl Data {
    /// Checks the map of a file of `size` bytes, and prepares to read its data.
    pub(super) fn new(size: u64, map: &[Segment]) -> Result<Self, String> {
        let mut holes = Vec::new();
        let mut position = 0;
        for segment in map {
            let end = segment.offset.checked_add(segment.len).filter(|end| *end <= size);
            let (true, Some(end)) = (segment.offset >= position, end) else {
                return Err("its sparse map is unsorted or reaches past its end".to_owned());
            };
            holes.push(Hole { offset: position, len: segment.offset - position });
            position = end;
        }
        holes.push(Hole { offset: position, len: size - position });
        let holes = align_holes(size, &holes);
        let mut extents = data_extents(size, &holes);
        let len = extents.iter().map(|(_, len)| len).sum();
        extents.reverse();
        let segments = map.iter().rev().copied().filter(|segment| segment.len > 0).collect();
        Ok(Self { holes, extents, segments, len })
    }

    /// Returns the length of the data outside of holes, in bytes.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn holes(&self) -> &[Hole] {
        &self.holes
    }

    pub(super) fn into_holes(self) -> Vec<Hole> {
        self.holes
    }

    /// Reads the next `buffer.len()` bytes of data. Zeros between segments are filled in; the
    /// stream does not have them.
    pub(super) fn read<R: Read>(
        &mut self,
        stream: &mut Stream<R>,
        buffer: &mut [u8],
    ) -> Result<(), StoreError> {
        let mut filled = 0;
        while filled < buffer.len() {
            let Some((offset, left)) = self.extents.last_mut() else {
                break;
            };
            let mut len = (*left).min((buffer.len() - filled) as u64);
            match self.segments.last_mut() {
                Some(segment) if segment.offset <= *offset => {
                    len = len.min(segment.len);
                    stream.content(&mut buffer[filled..filled + len as usize])?;
                    segment.offset += len;
                    segment.len -= len;
                    if segment.len == 0 {
                        self.segments.pop();
                    }
                }
                next => {
                    // Zeros up to the next segment.
                    len = next.map_or(len, |segment| len.min(segment.offset - *offset));
                    buffer[filled..filled + len as usize].fill(0);
                }
            }
            filled += len as usize;
            *offset += len;
            *left -= len;
            if *left == 0 {
                self.extents.pop();
            }
        }
        Ok(())
    }
}

/// Parses alternating offsets and lengths, in decimal.
pub(super) fn parse_map<'a>(
    numbers: impl Iterator<Item = &'a [u8]>,
) -> Result<Vec<Segment>, String> {
    let mut map = Vec::new();
    let mut offset = None;
    for text in numbers {
        let number = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
        let number: u64 = number.ok_or("a sparse map holds something else than numbers")?;
        match offset.take() {
            None => offset = Some(number),
            Some(offset) => map.push(Segment { offset, len: number }),
        }
        if map.len() > SEGMENTS_MAX {
            return Err("a sparse map has too many segments".to_owned());
        }
    }
    if offset.is_some() {
        Err("a sparse map ends with an offset without its length".to_owned())
    } else {
        Ok(map)
    }
}

/// Reads the map at the start of a member's content (PAX sparse 1.0): a count, then offsets and
/// lengths, one number a line, padded to a block.
pub(super) fn map_in_content<R: Read>(stream: &mut Stream<R>) -> Result<Vec<Segment>, StoreError> {
    let mut text: Vec<u8> = Vec::new();
    let mut lines_wanted: Option<usize> = None;
    let mut lines = 0;
    while lines_wanted.is_none_or(|wanted| lines < wanted) {
        let mut block = [0; BLOCK_LEN];
        stream.content(&mut block)?;
        lines += block.iter().filter(|byte| **byte == b'\n').count();
        text.extend_from_slice(&block);
        if lines_wanted.is_none() && lines > 0 {
            let count = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let count = std::str::from_utf8(count).ok().and_then(|text| text.parse::<usize>().ok());
            let count = count.filter(|count| *count <= SEGMENTS_MAX);
            let count = count.ok_or_else(|| stream.damaged("a sparse map's count is wrong"))?;
            lines_wanted = Some(1 + 2 * count);
        }
        // The longest number has 20 digits, so the first line ends in the first block.
        if lines_wanted.is_none() && text.len() > BLOCK_LEN {
            return Err(stream.damaged("a sparse map has no count"));
        }
    }
    let numbers = text.split(|byte| *byte == b'\n').take(lines_wanted.unwrap_or(1)).skip(1);
    parse_map(numbers).map_err(|problem| stream.damaged(&problem))
}

/// Reads the map of an old GNU sparse file, and the file's size. The header holds up to four
/// segments, and each block after the header up to 21.
pub(super) fn old_gnu_map<R: Read>(
    stream: &mut Stream<R>,
    header: &Header,
) -> Result<(u64, Vec<Segment>), StoreError> {
    let Some(gnu) = header.as_gnu() else {
        return Err(stream.damaged("a sparse member has no GNU header"));
    };
    let size = gnu.real_size().map_err(|error| stream.damaged(&error.to_string()))?;
    let mut map = Vec::new();
    let mut is_extended = gnu.is_extended();
    let mut add = |descriptor: &tar::GnuSparseHeader| -> std::io::Result<()> {
        if !descriptor.is_empty() {
            map.push(Segment { offset: descriptor.offset()?, len: descriptor.length()? });
        }
        Ok(())
    };
    let mut result = gnu.sparse.iter().try_for_each(&mut add);
    let mut blocks = 0;
    while is_extended && result.is_ok() {
        let mut extension = GnuExtSparseHeader::new();
        extension.as_mut_bytes().copy_from_slice(&stream.block()?);
        result = extension.sparse().iter().try_for_each(&mut add);
        is_extended = extension.is_extended();
        blocks += 1;
        if blocks > SEGMENTS_MAX / 21 {
            return Err(stream.damaged("a sparse map has too many segments"));
        }
    }
    result.map_err(|error| stream.damaged(&error.to_string()))?;
    Ok((size, map))
}
