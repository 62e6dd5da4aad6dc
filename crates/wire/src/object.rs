//! The encoding of an object's content, in packs and between machines.
//!
//! An [`Encoded`] object is the same bytes in a pack and on the network, so replication and download never
//! compress again. There are two kinds:
//!
//! ```text
//! Data       content of 1 byte to 1 MiB, in frames of at most 256 KiB, one after another:
//!            content_len u32 · stored_len u32 (top bit: raw) · crc32 of all else u32 · stored bytes
//! FrameList  content of any length, as the digests of the Data objects that make it up:
//!            algorithm u8 · zero [3] · count u32 · count × (len u32 · hash) · crc32 of all before u32
//! ```
//!
//! A frame is either a complete zstd frame or, if compression gains nothing, the content
//! itself. Integers are little-endian. Compression itself lives in `store`; this module only
//! knows the layout. The format's document is `docs/formats/pack.md`.

use crate::bytes::u32_at;
use crate::digest::{Algorithm, Digest, HASH_LEN_MAX};
use crate::units::{FRAME_LEN_MAX, OBJECT_WHOLE_LEN_MAX};

/// Length in bytes of the header before each frame's stored bytes.
pub const FRAME_HEADER_LEN: usize = 12;

/// Limit on frames in one frame list. It allows 1 Mi × 256 KiB = 256 GiB of content in one file. The
/// longest list then has 36 MiB (SHA-256), which still fits one pack and memory.
pub const FRAME_LIST_COUNT_MAX: usize = 1 << 20;

/// Longest payload of an object in bytes: a full frame list with the longest hashes.
pub const PAYLOAD_LEN_MAX: usize = 12 + FRAME_LIST_COUNT_MAX * (4 + HASH_LEN_MAX);

const RAW_BIT: u32 = 1 << 31;

/// The kind of an object's payload. The discriminants are the on-disk and on-wire tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// Frames of content.
    Data = 1,
    /// The digests of other objects.
    FrameList = 2,
}

impl Kind {
    /// Returns the kind of a tag; `None` for an unknown tag.
    pub fn from_tag(tag: u8) -> Option<Self> {
        match tag {
            1 => Some(Self::Data),
            2 => Some(Self::FrameList),
            _ => None,
        }
    }
}

/// An object in its stored form, which is also its form on the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The digest that the object claims; it is unproven until the content has been hashed.
    pub digest: Digest,
    /// Tells how to read the payload: as frames of content, or as a list of frames.
    pub kind: Kind,
    /// Length in bytes of the uncompressed content.
    pub content_len: u64,
    /// The payload, in the layout that the module's documentation gives.
    pub payload: Vec<u8>,
}

/// One frame inside a Data payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Length in bytes of the uncompressed content, 1 to [`FRAME_LEN_MAX`].
    pub content_len: usize,
    /// `true` if `stored` is the content itself, `false` for a zstd frame.
    pub is_raw: bool,
    /// The stored bytes. Their checksum has been checked.
    pub stored: &'a [u8],
}

/// Appends one frame to a Data payload.
///
/// # Panics
/// If a length breaks the limits of the format; callers cut content before they encode.
pub fn push_frame(payload: &mut Vec<u8>, content_len: usize, is_raw: bool, stored: &[u8]) {
    assert!(content_len <= FRAME_LEN_MAX && content_len > 0, "frame of {content_len} bytes");
    assert!(stored.len() <= content_len, "frame grew from {content_len} to {}", stored.len());
    let stored_len = stored.len() as u32 | if is_raw { RAW_BIT } else { 0 };
    let begin = payload.len();
    payload.extend_from_slice(&(content_len as u32).to_le_bytes());
    payload.extend_from_slice(&stored_len.to_le_bytes());
    let crc = frame_crc(&payload[begin..], stored);
    payload.extend_from_slice(&crc.to_le_bytes());
    payload.extend_from_slice(stored);
}

/// Splits a Data payload into its frames and checks the checksum of each.
///
/// # Errors
/// [`ObjectError`] for anything that [`push_frame`] does not write, and for frames that do not
/// add up to `content_len`.
pub fn frames(payload: &[u8], content_len: u64) -> Result<Vec<Frame<'_>>, ObjectError> {
    if content_len == 0 || content_len > OBJECT_WHOLE_LEN_MAX as u64 {
        return Err(ObjectError::Length { what: "content of a data object", found: content_len });
    }
    let mut frames = Vec::with_capacity(OBJECT_WHOLE_LEN_MAX / FRAME_LEN_MAX);
    let mut rest = payload;
    let mut total = 0;
    while !rest.is_empty() {
        let (frame, after) = split_frame(rest)?;
        total += frame.content_len as u64;
        if total > content_len {
            return Err(ObjectError::Length { what: "content of all frames", found: total });
        }
        frames.push(frame);
        rest = after;
    }
    if total != content_len {
        return Err(ObjectError::Length { what: "content of all frames", found: total });
    }
    Ok(frames)
}

/// Returns a frame's checksum, over its two lengths and its stored bytes.
fn frame_crc(lengths: &[u8], stored: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(lengths);
    hasher.update(stored);
    hasher.finalize()
}

fn split_frame(bytes: &[u8]) -> Result<(Frame<'_>, &[u8]), ObjectError> {
    let (header, rest) =
        bytes.split_first_chunk::<FRAME_HEADER_LEN>().ok_or(ObjectError::Truncated)?;
    let content_len = u32_at(header, 0) as usize;
    let stored_len = (u32_at(header, 4) & !RAW_BIT) as usize;
    let is_raw = u32_at(header, 4) & RAW_BIT != 0;
    if content_len == 0 || content_len > FRAME_LEN_MAX {
        return Err(ObjectError::Length { what: "content of a frame", found: content_len as u64 });
    }
    if stored_len > content_len || (is_raw && stored_len != content_len) {
        return Err(ObjectError::Length { what: "stored frame", found: stored_len as u64 });
    }
    let (stored, rest) = rest.split_at_checked(stored_len).ok_or(ObjectError::Truncated)?;
    if frame_crc(&header[..8], stored) != u32_at(header, 8) {
        return Err(ObjectError::Checksum);
    }
    Ok((Frame { content_len, is_raw, stored }, rest))
}

/// The Data objects that make up a large object, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameList {
    /// Digest and content length in bytes of each frame; all digests have one algorithm.
    pub frames: Vec<(Digest, u32)>,
}

impl FrameList {
    /// Returns the length in bytes of the whole content: the sum of the frames' lengths.
    pub fn content_len(&self) -> u64 {
        self.frames.iter().map(|(_, len)| u64::from(*len)).sum()
    }

    /// Writes the payload of a frame-list object.
    ///
    /// # Panics
    /// If the list is longer than [`FRAME_LIST_COUNT_MAX`] or mixes algorithms. Neither happens: the
    /// code that cuts files into frames refuses longer files and uses one algorithm.
    pub fn encode(&self) -> Vec<u8> {
        assert!(self.frames.len() <= FRAME_LIST_COUNT_MAX, "{} frames", self.frames.len());
        let algorithm =
            self.frames.first().map_or(Algorithm::Sha256, |(digest, _)| digest.algorithm());
        let mut payload = vec![algorithm.tag(), 0, 0, 0];
        payload.extend_from_slice(&(self.frames.len() as u32).to_le_bytes());
        for (digest, len) in &self.frames {
            assert!(digest.algorithm() == algorithm, "mixed algorithms in a frame list");
            payload.extend_from_slice(&len.to_le_bytes());
            payload.extend_from_slice(digest.hash());
        }
        payload.extend_from_slice(&crc32fast::hash(&payload).to_le_bytes());
        payload
    }

    /// Reads the payload of a frame-list object.
    ///
    /// # Errors
    /// [`ObjectError`] for anything that [`FrameList::encode`] does not write, and for
    /// frames that do not add up to `content_len`.
    pub fn decode(payload: &[u8], content_len: u64) -> Result<Self, ObjectError> {
        let (body, crc) = payload.split_last_chunk::<4>().ok_or(ObjectError::Truncated)?;
        if crc32fast::hash(body) != u32::from_le_bytes(*crc) {
            return Err(ObjectError::Checksum);
        }
        let (header, records) = body.split_first_chunk::<8>().ok_or(ObjectError::Truncated)?;
        let algorithm = Algorithm::from_tag(header[0]).ok_or(ObjectError::Tag(header[0]))?;
        let count = u32_at(header, 4) as usize;
        let record_len = 4 + algorithm.hash_len();
        if count > FRAME_LIST_COUNT_MAX || records.len() != count * record_len {
            return Err(ObjectError::Length { what: "frame list", found: count as u64 });
        }
        let mut list = Self { frames: Vec::with_capacity(count) };
        for record in records.chunks_exact(record_len) {
            let len = u32_at(record, 0);
            if len == 0 || len as usize > FRAME_LEN_MAX {
                return Err(ObjectError::Length { what: "frame in a list", found: u64::from(len) });
            }
            let digest =
                Digest::new(algorithm, &record[4..]).map_err(|_| ObjectError::Truncated)?;
            list.frames.push((digest, len));
        }
        if list.content_len() != content_len {
            return Err(ObjectError::Length { what: "content", found: list.content_len() });
        }
        Ok(list)
    }
}

/// Reason that an object's payload was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// The payload ends inside a header or a frame.
    #[error("the payload is truncated")]
    Truncated,
    /// A checksum does not match: bits have changed since the payload was written.
    #[error("a frame's checksum does not match its bytes")]
    Checksum,
    /// A length is outside the format's limits.
    #[error("{what} has a length of {found}, which the format does not allow here")]
    Length {
        /// What has the refused length, for example `content of a frame`.
        what: &'static str,
        /// The refused length in bytes. For a `frame list`, it is the number of its frames instead.
        found: u64,
    },
    /// An algorithm or kind tag is unknown.
    #[error("unknown tag {0}")]
    Tag(u8),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_round_trip() {
        let mut payload = Vec::new();
        push_frame(&mut payload, 5, true, b"hello");
        push_frame(&mut payload, 9, false, b"abc");
        let found = frames(&payload, 14).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].is_raw, found[0].stored), (true, &b"hello"[..]));
        assert_eq!((found[1].is_raw, found[1].content_len), (false, 9));
    }

    #[test]
    fn every_flipped_bit_and_every_truncation_is_found() {
        let mut payload = Vec::new();
        push_frame(&mut payload, 5, true, b"hello");
        for bit in 0..payload.len() * 8 {
            let mut damaged = payload.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(frames(&damaged, 5).is_err(), "bit {bit}");
        }
        for len in 0..payload.len() {
            assert!(frames(&payload[..len], 5).is_err(), "length {len}");
        }
    }

    #[test]
    fn frame_lists_round_trip_and_find_damage() {
        let frames =
            (0..5u32).map(|i| (Algorithm::Sha256.digest(&i.to_le_bytes()), i + 1)).collect();
        let list = FrameList { frames };
        let payload = list.encode();
        assert_eq!(FrameList::decode(&payload, 15).unwrap(), list);
        assert!(FrameList::decode(&payload, 14).is_err());
        for bit in 0..payload.len() * 8 {
            let mut damaged = payload.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(FrameList::decode(&damaged, 15).is_err(), "bit {bit}");
        }
    }
}
