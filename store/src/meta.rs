//! The store's description: the file `imprint-store` in its folder.
//!
//! ```text
//! 0  magic "IMPRSTOR"   8  version u16   10  digest algorithm u8   11  zero
//! 12 compat u32   16 ro-compat u32   20 incompat u32   24 zero [4]   28  crc32 of bytes 0–27
//! ```
//!
//! The file is written once, when the store is created, and published durably. A build that does
//! not know an incompatible feature of a store refuses the store; a build that does not know a
//! read-only-compatible feature refuses to write.

use std::path::Path;

use sysio::Dir;
use wire::digest::Algorithm;

use crate::error::StoreError;

/// Name of the file in the store's folder.
pub const NAME: &[u8] = b"imprint-store";

const MAGIC: [u8; 8] = *b"IMPRSTOR";
const VERSION: u16 = 1;
const LEN: usize = 32;

/// A decoded description of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Algorithm of every digest in the store.
    pub algorithm: Algorithm,
    /// False if the store has a read-only-compatible feature that this build does not know.
    pub is_writable: bool,
}

impl Meta {
    /// Encodes the description of a new store, without any features.
    pub fn encode(algorithm: Algorithm) -> [u8; LEN] {
        let mut bytes = [0; LEN];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..10].copy_from_slice(&VERSION.to_le_bytes());
        bytes[10] = algorithm.tag();
        let crc = crc32fast::hash(&bytes[..28]);
        bytes[28..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Decodes a description, and checks its checksum, version and features.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and [`StoreError::Unsupported`].
    pub fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let damaged = |problem: &str| StoreError::Damaged {
            what: "the store's description, imprint-store,".to_owned(),
            problem: problem.to_owned(),
        };
        let unsupported = |need| StoreError::Unsupported { what: "the store".to_owned(), need };
        let bytes: &[u8; LEN] = bytes.try_into().map_err(|_| damaged("its length is wrong"))?;
        if bytes[..8] != MAGIC {
            return Err(damaged("its magic is unknown"));
        }
        let word = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        if crc32fast::hash(&bytes[..28]) != word(28) {
            return Err(damaged("its checksum does not match"));
        }
        let version = u16::from_le_bytes([bytes[8], bytes[9]]);
        if version != VERSION || word(20) != 0 {
            return Err(unsupported(format!("version {version}, features {:#x}", word(20))));
        }
        let algorithm = Algorithm::from_tag(bytes[10])
            .ok_or_else(|| unsupported(format!("digest algorithm {}", bytes[10])))?;
        Ok(Self { algorithm, is_writable: word(16) == 0 })
    }

    /// Reads a store's description; `None` if the folder has none. `path` names the folder in
    /// errors.
    ///
    /// # Errors
    /// As [`Meta::decode`], and [`StoreError::Io`].
    pub fn load(dir: &Dir, path: &Path) -> Result<Option<Self>, StoreError> {
        match crate::small_file::read_small(dir, path, NAME) {
            Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                Ok(None)
            }
            bytes => Self::decode(&bytes?).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_description() {
        let bytes = Meta::encode(Algorithm::Sha256);
        insta::assert_snapshot!(data_encoding::HEXLOWER.encode(&bytes));
        let meta = Meta::decode(&bytes).unwrap();
        assert_eq!(meta, Meta { algorithm: Algorithm::Sha256, is_writable: true });
    }

    #[test]
    fn a_flipped_bit_is_found() {
        let bytes = Meta::encode(Algorithm::Sha512);
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes;
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(Meta::decode(&damaged).is_err(), "bit {bit}");
        }
    }
}
