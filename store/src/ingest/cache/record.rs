//! The bytes of an ingest cache: a header, records of fixed length, and a SHA-256 of all that.
//!
//! ```text
//! magic and version  8 | count u64
//! for each file: dev u64 | ino u64 | size u64 | ctime i64 u32 | mtime i64 u32 | program u32 | is bare u32 | hash
//! SHA-256 of everything before
//! ```
//!
//! All numbers are little-endian. `program` is 0 if the file is no program; `is bare` is 1 if it has no extended
//! attributes, otherwise 0.

use std::collections::HashMap;

use wire::digest::{Algorithm, Digest};

use super::{FileKey, KnownFile};
use crate::ingest::facts::Head;

const MAGIC: &[u8; 8] = b"IMPCACH2";
const HEAD_LEN: usize = 16;
const SUM_LEN: usize = 32;
/// Length of a record without its hash.
const FIXED_LEN: usize = 56;

pub(super) fn encode(files: &HashMap<FileKey, KnownFile>, algorithm: Algorithm) -> Vec<u8> {
    let record_len = FIXED_LEN + algorithm.hash_len();
    let mut bytes = Vec::with_capacity(HEAD_LEN + files.len() * record_len + SUM_LEN);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&(files.len() as u64).to_le_bytes());
    for (key, known) in files {
        for number in [key.dev, key.ino, key.size] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        for (seconds, nanos) in [key.ctime, key.mtime] {
            bytes.extend_from_slice(&seconds.to_le_bytes());
            bytes.extend_from_slice(&nanos.to_le_bytes());
        }
        let program = known.program.map_or(0, Head::to_number);
        bytes.extend_from_slice(&program.to_le_bytes());
        bytes.extend_from_slice(&u32::from(known.is_bare).to_le_bytes());
        bytes.extend_from_slice(known.digest.hash());
    }
    let sum = Algorithm::Sha256.digest(&bytes);
    bytes.extend_from_slice(sum.hash());
    bytes
}

/// Decodes a cache; `None` if it is damaged, or of another version or algorithm.
pub(super) fn decode(bytes: &[u8], algorithm: Algorithm) -> Option<HashMap<FileKey, KnownFile>> {
    let (content, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM_LEN)?)?;
    if Algorithm::Sha256.digest(content).hash() != sum {
        return None;
    }
    let mut rest = content.strip_prefix(MAGIC)?;
    let count = u64::from_le_bytes(take(&mut rest)?);
    let record_len = FIXED_LEN + algorithm.hash_len();
    if rest.len() as u64 != count.checked_mul(record_len as u64)? {
        return None;
    }
    rest.chunks_exact(record_len).map(|record| decode_record(record, algorithm)).collect()
}

fn decode_record(mut record: &[u8], algorithm: Algorithm) -> Option<(FileKey, KnownFile)> {
    let record = &mut record;
    let mut number = || Some(u64::from_le_bytes(take(record)?));
    let (dev, ino, size) = (number()?, number()?, number()?);
    let mut time = || Some((i64::from_le_bytes(take(record)?), u32::from_le_bytes(take(record)?)));
    let (ctime, mtime) = (time()?, time()?);
    let program = Head::of_number(u32::from_le_bytes(take(record)?));
    let is_bare = u32::from_le_bytes(take(record)?) == 1;
    let digest = Digest::new(algorithm, record).ok()?;
    Some((FileKey { dev, ino, size, ctime, mtime }, KnownFile { digest, program, is_bare }))
}

fn take<const LEN: usize>(bytes: &mut &[u8]) -> Option<[u8; LEN]> {
    let (head, rest) = bytes.split_first_chunk::<LEN>()?;
    *bytes = rest;
    Some(*head)
}
