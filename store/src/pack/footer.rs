//! Encodes and decodes a pack's header, footer and trailer.

use wire::bytes::{u32_at, u64_at};
use wire::digest::{Algorithm, Digest};
use wire::object::{Kind, PAYLOAD_LEN_MAX};

/// Length of a pack's header in bytes.
pub const HEADER_LEN: usize = 32;
/// Length of a pack's trailer in bytes.
pub const TRAILER_LEN: usize = 32;

const HEADER_MAGIC: [u8; 8] = *b"IMPRPACK";
const TRAILER_MAGIC: [u8; 8] = *b"IMPRPEND";
const VERSION: u16 = 1;
/// Length of a footer record without its hash, in bytes.
const RECORD_REST_LEN: usize = 24;

/// A footer's record of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Digest of the object's content.
    pub digest: Digest,
    /// Whether the payload is data or a list of frames.
    pub kind: Kind,
    /// Offset of the payload in the pack, in bytes.
    pub offset: u64,
    /// Length of the stored payload in bytes.
    pub payload_len: u32,
    /// Length of the decoded content in bytes.
    pub content_len: u64,
}

pub(super) fn encode_header(algorithm: Algorithm) -> [u8; HEADER_LEN] {
    let mut bytes = [0; HEADER_LEN];
    bytes[..8].copy_from_slice(&HEADER_MAGIC);
    bytes[8..10].copy_from_slice(&VERSION.to_le_bytes());
    bytes[10] = algorithm.tag();
    let crc = crc32fast::hash(&bytes[..28]);
    bytes[28..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

/// Decodes a pack's header, and returns the algorithm of the pack's digests.
///
/// # Errors
/// The problem, in words.
pub(super) fn decode_header(bytes: &[u8; HEADER_LEN]) -> Result<Algorithm, String> {
    if bytes[..8] != HEADER_MAGIC {
        return Err("the header's magic is unknown".to_owned());
    }
    if crc32fast::hash(&bytes[..28]) != u32_at(bytes, 28) {
        return Err("the header's checksum does not match".to_owned());
    }
    let version = u16::from_le_bytes([bytes[8], bytes[9]]);
    if version != VERSION || u32_at(bytes, 20) != 0 {
        return Err(format!("version {version} or its features are not known to this build"));
    }
    Algorithm::from_tag(bytes[10]).ok_or_else(|| format!("unknown digest algorithm {}", bytes[10]))
}

/// Encodes footer and trailer. `entries` must be sorted by digest; `offset` is where the footer
/// begins.
pub fn encode_footer(entries: &[Entry], offset: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend_from_slice(entry.digest.hash());
        bytes.extend_from_slice(&entry.offset.to_le_bytes());
        bytes.extend_from_slice(&entry.payload_len.to_le_bytes());
        bytes.extend_from_slice(&[entry.kind as u8, 0, 0, 0]);
        bytes.extend_from_slice(&entry.content_len.to_le_bytes());
    }
    let mut trailer = Vec::with_capacity(TRAILER_LEN);
    trailer.extend_from_slice(&offset.to_le_bytes());
    trailer.extend_from_slice(&(entries.len() as u64).to_le_bytes());
    trailer.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
    trailer.extend_from_slice(&crc32fast::hash(&trailer).to_le_bytes());
    trailer.extend_from_slice(&TRAILER_MAGIC);
    bytes.extend_from_slice(&trailer);
    bytes
}

/// Decodes the last bytes of a pack; returns the footer's offset, its length in bytes, and its
/// checksum.
///
/// # Errors
/// The problem, in words.
pub fn decode_trailer(
    bytes: &[u8; TRAILER_LEN],
    file_len: u64,
    algorithm: Algorithm,
) -> Result<(u64, usize, u32), String> {
    if bytes[24..] != TRAILER_MAGIC {
        return Err("the trailer's magic is unknown: the file is truncated or not a pack".into());
    }
    if crc32fast::hash(&bytes[..20]) != u32_at(bytes, 20) {
        return Err("the trailer's checksum does not match".to_owned());
    }
    let (offset, count) = (u64_at(bytes, 0), u64_at(bytes, 8));
    let len = count.checked_mul((algorithm.hash_len() + RECORD_REST_LEN) as u64);
    let expected = len.and_then(|len| len.checked_add(offset)?.checked_add(TRAILER_LEN as u64));
    match len {
        Some(len) if expected == Some(file_len) && offset >= HEADER_LEN as u64 => {
            Ok((offset, len as usize, u32_at(bytes, 16)))
        }
        _ => Err(format!("the trailer's {count} objects do not fit a file of {file_len} bytes")),
    }
}

/// Decodes a footer, and checks it against the checksum from the trailer.
///
/// # Errors
/// The problem, in words: a wrong checksum, an unknown kind, an unsorted footer, or a payload
/// outside of the range of payloads.
pub fn decode_footer(
    bytes: &[u8],
    crc: u32,
    footer_offset: u64,
    algorithm: Algorithm,
) -> Result<Vec<Entry>, String> {
    if crc32fast::hash(bytes) != crc {
        return Err("the footer's checksum does not match".to_owned());
    }
    let record_len = algorithm.hash_len() + RECORD_REST_LEN;
    let mut entries: Vec<Entry> = Vec::with_capacity(bytes.len() / record_len);
    for record in bytes.chunks_exact(record_len) {
        let (hash, rest) = record.split_at(algorithm.hash_len());
        let digest = Digest::new(algorithm, hash).map_err(|error| error.to_string())?;
        let kind = Kind::from_tag(rest[12]).ok_or_else(|| format!("unknown kind {}", rest[12]))?;
        let entry = Entry {
            digest,
            kind,
            offset: u64_at(rest, 0),
            payload_len: u32_at(rest, 8),
            content_len: u64_at(rest, 16),
        };
        let end = entry.offset.checked_add(entry.payload_len.into());
        if entry.payload_len as usize > PAYLOAD_LEN_MAX
            || entry.offset < HEADER_LEN as u64
            || end.is_none_or(|end| end > footer_offset)
        {
            return Err(format!("the place of object {digest} is outside of the payloads"));
        }
        if entries.last().is_some_and(|last| last.digest >= digest) {
            return Err("the footer is not sorted".to_owned());
        }
        entries.push(entry);
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Vec<Entry> {
        let mut entries: Vec<Entry> = (0..3u64)
            .map(|i| Entry {
                digest: Algorithm::Sha256.digest(&[i as u8]),
                kind: if i == 1 { Kind::FrameList } else { Kind::Data },
                offset: 32 + 10 * i,
                payload_len: 10,
                content_len: 100 * i,
            })
            .collect();
        entries.sort_by_key(|entry| entry.digest);
        entries
    }

    fn decode(bytes: &[u8]) -> Result<Vec<Entry>, String> {
        let (footer, trailer) = bytes.split_last_chunk::<TRAILER_LEN>().ok_or("short")?;
        let file_len = 62 + bytes.len() as u64;
        let (offset, len, crc) = decode_trailer(trailer, file_len, Algorithm::Sha256)?;
        if (offset, len) != (62, footer.len()) {
            return Err("another place".to_owned());
        }
        decode_footer(footer, crc, offset, Algorithm::Sha256)
    }

    #[test]
    fn golden_footer_and_header() {
        insta::assert_snapshot!(data_encoding::HEXLOWER.encode(&encode_header(Algorithm::Sha256)));
        insta::assert_snapshot!(data_encoding::HEXLOWER.encode(&encode_footer(&example(), 62)));
    }

    #[test]
    fn footers_round_trip_and_find_every_flipped_bit() {
        let bytes = encode_footer(&example(), 62);
        assert_eq!(decode(&bytes).unwrap(), example());
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&damaged).is_err(), "bit {bit}");
        }
        let header = encode_header(Algorithm::Sha256);
        assert_eq!(decode_header(&header), Ok(Algorithm::Sha256));
        for bit in 0..header.len() * 8 {
            let mut damaged = header;
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(decode_header(&damaged).is_err(), "bit {bit}");
        }
    }
}
