//! Packs: sealed files of many objects.
//!
//! ```text
//! header    32 B   magic "IMPRPACK", version, algorithm, feature sets, crc32
//! payloads         of the objects, one after another, as wire::object lays them out
//! footer           one record per object, sorted by hash:
//!                  hash · offset u64 · payload_len u32 · kind u8 · zero [3] · content_len u64
//! trailer   32 B   footer offset u64, object count u64, crc32 of the footer, crc32 of the
//!                  trailer's first 20 bytes, magic "IMPRPEND"
//! ```
//!
//! A pack is written without a name, and published durably when it is sealed: at [`SEAL_LEN`], or
//! at the end of a batch. So a visible pack is whole. Its name is a hash of its footer and trailer.
//! Checksums cover every byte: those of the frames cover the payloads, and the three above cover
//! the rest. `docs/formats/pack.md` explains why a crash does no harm.

mod footer;
mod reader;
mod writer;

use data_encoding::HEXLOWER;

pub use footer::{Entry, HEADER_LEN, TRAILER_LEN, decode_footer, decode_trailer, encode_footer};
pub use reader::PackFile;
pub use writer::{PackWriter, SealedPack};

/// Length of payloads, in bytes, at which a pack is sealed. Packs of 16–64 MiB suit object storage
/// and sequential reads. With SHA-256, a pack stays within that range even if its last object is
/// the largest frame list (36 MiB). With SHA-512, that list has 68 MiB.
pub const SEAL_LEN: u64 = 24 << 20;

/// Length of a pack's id in bytes.
pub const ID_LEN: usize = 16;

/// A pack's id: the first bytes of the SHA-256 of its footer and trailer. The id in hex names the
/// file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackId(pub [u8; ID_LEN]);

impl PackId {
    /// Returns the name of the pack's file: the id in hex and `.pack`.
    pub fn file_name(&self) -> String {
        format!("{}.pack", HEXLOWER.encode(&self.0))
    }

    /// Parses the name of a pack's file; `None` for any other name.
    pub fn from_file_name(name: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(name).ok()?.strip_suffix(".pack")?;
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

impl std::fmt::Debug for PackId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}
