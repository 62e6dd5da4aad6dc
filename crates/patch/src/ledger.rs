//! The ledger of a volume. For each inode of the manifest on the volume, it has the filesystem's inode number and the
//! time of the inode's last change. It also has the proof that nobody has written to the volume since.
//!
//! ```text
//! header  144 B   magic "IMPRLEDG", version u16, digest tag u8, zero, feature sets 3 × u32,
//!                 inode count u64 at 24, layout version u32 at 32, witness kind u32 at 36,
//!                 witness 6 × u64 at 40, superblock_digest [32] at 88, flags u32 at 120 (1: superblock_digest,
//!                 2: scrubbed), length of the boot set-up u32, next inode to hash again u64 at 128,
//!                 crc32 of the rest at 136, crc32 of the 140 bytes before
//! digest          of the manifest: hash
//! records  24 B   one for each inode of the manifest with generated files: ino u64 · ctime secs i64 ·
//!                 ctime nanos u32 · zero u32
//! boot set-up     a StoredBoot message (crates/wire/proto/imprint.proto)
//! ```
//!
//! A ledger is written after the volume is durable, and removed before the first write to the volume. So a ledger that
//! exists describes the state in which the volume was left.

use std::path::Path;

use boot::BootRecord;
use sysio::{Dir, Stat};
use wire::bytes::{u32_at, u64_at};
use wire::digest::{Algorithm, Digest};

use crate::PatchError;
use crate::block_cache::BlockHashCache;
use crate::device::Device;

const MAGIC: [u8; 8] = *b"IMPRLEDG";
const VERSION: u16 = 3;
const HEADER_LEN: usize = 144;
const HAS_SUPERBLOCK_DIGEST: u32 = 1;
const IS_SCRUBBED: u32 = 2;
const RECORD_LEN: usize = 24;

/// Number of a filesystem's inode, and time of its last change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Inode number; zero if unknown.
    pub ino: u64,
    /// Time of the last change of the inode: seconds and nanoseconds.
    pub ctime: (i64, u32),
}

impl Stamp {
    /// Takes the stamp from an inode's `stat` result.
    pub fn of(stat: &Stat) -> Self {
        Self { ino: stat.ino, ctime: stat.ctime }
    }
}

/// Values that change when anybody writes to a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// Of an image file: inode number, length, mtime and ctime.
    File([u64; 6]),
    /// Of a block device: a hash of the boot's identity, the device's sequence number since boot, and counts of writes
    /// and discards.
    Counters([u64; 6]),
}

impl Witness {
    /// Takes the witness of a volume. The volume must be durable, and no Imprint process may have it mounted. `None` if
    /// the kernel does not provide the counters.
    pub fn of(device: &Device) -> Option<Self> {
        let stat = sysio::dir::stat_fd(std::os::fd::AsFd::as_fd(device.file())).ok()?;
        if stat.is_regular() {
            return Some(Self::File([
                stat.ino,
                stat.size,
                stat.mtime.0.cast_unsigned(),
                stat.mtime.1.into(),
                stat.ctime.0.cast_unsigned(),
                stat.ctime.1.into(),
            ]));
        }
        let counters = sysio::block::counters(device.path()).ok()?;
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let mut boot_hash = [0; 8];
        boot_hash.copy_from_slice(&Algorithm::Sha256.digest(boot.as_bytes()).hash()[..8]);
        let [writes, sectors, discards, discarded] = counters.written;
        let boot = u64::from_le_bytes(boot_hash);
        Some(Self::Counters([boot, counters.disk_sequence, writes, sectors, discards, discarded]))
    }

    fn encode(self) -> (u32, [u64; 6]) {
        match self {
            Self::File(values) => (1, values),
            Self::Counters(values) => (2, values),
        }
    }

    fn decode(kind: u32, values: [u64; 6]) -> Option<Self> {
        match kind {
            1 => Some(Self::File(values)),
            2 => Some(Self::Counters(values)),
            _ => None,
        }
    }
}

/// The content that the last patch left on a volume, and the evidence by which the next patch knows that the content is
/// still the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Digest of the manifest of the image on the volume.
    pub manifest: Digest,
    /// The files that boot set-up added to the image, and the loaders before the root partition.
    pub boot: BootRecord,
    /// A stamp for each inode of the tree: the image with the added files.
    pub stamps: Vec<Stamp>,
    /// Proof that nobody has written since; `None` if the kernel provides no counters.
    pub witness: Option<Witness>,
    /// Digest of the metadata that every mount for writing changes
    /// ([`superblock_digest`](diskfs::OfflineFilesystem::superblock_digest)).
    pub superblock_digest: Option<Digest>,
    /// Whether the patch scrubbed, so that no freed data is left on the volume.
    pub is_scrubbed: bool,
    /// Index of the inode from which the next patch hashes content again, if that patch relies on `superblock_digest`.
    pub next_hashed: u32,
}

impl Ledger {
    /// Encodes the ledger in the format that the head of this module shows.
    pub fn encode(&self) -> Vec<u8> {
        let mut rest = self.manifest.hash().to_vec();
        for stamp in &self.stamps {
            rest.extend_from_slice(&stamp.ino.to_le_bytes());
            rest.extend_from_slice(&stamp.ctime.0.to_le_bytes());
            rest.extend_from_slice(&stamp.ctime.1.to_le_bytes());
            rest.extend_from_slice(&[0; 4]);
        }
        let boot = self.boot.encode();
        rest.extend_from_slice(&boot);
        let (kind, values) = self.witness.map_or((0, [0; 6]), Witness::encode);
        let mut bytes = vec![0; HEADER_LEN];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..10].copy_from_slice(&VERSION.to_le_bytes());
        bytes[10] = self.manifest.algorithm().tag();
        bytes[24..32].copy_from_slice(&(self.stamps.len() as u64).to_le_bytes());
        bytes[32..36].copy_from_slice(&diskfs::LAYOUT_VERSION.to_le_bytes());
        bytes[36..40].copy_from_slice(&kind.to_le_bytes());
        for (index, value) in values.into_iter().enumerate() {
            bytes[40 + 8 * index..48 + 8 * index].copy_from_slice(&value.to_le_bytes());
        }
        let mut flags = 0;
        // This digest is always SHA-256, because it is only compared, never looked up.
        if let Some(superblock_digest) = self.superblock_digest
            && let Some(place) = bytes.get_mut(88..88 + superblock_digest.hash().len())
        {
            place.copy_from_slice(superblock_digest.hash());
            flags |= HAS_SUPERBLOCK_DIGEST;
        }
        flags |= if self.is_scrubbed { IS_SCRUBBED } else { 0 };
        bytes[120..124].copy_from_slice(&flags.to_le_bytes());
        bytes[124..128].copy_from_slice(&(boot.len() as u32).to_le_bytes());
        bytes[128..136].copy_from_slice(&u64::from(self.next_hashed).to_le_bytes());
        bytes[136..140].copy_from_slice(&crc32fast::hash(&rest).to_le_bytes());
        let crc = crc32fast::hash(&bytes[..140]);
        bytes[140..144].copy_from_slice(&crc.to_le_bytes());
        bytes.extend_from_slice(&rest);
        bytes
    }

    /// Decodes a ledger, and checks its checksums, version and layout.
    ///
    /// # Errors
    /// A description of what is wrong with the bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, String> {
        let (header, rest) = bytes.split_first_chunk::<HEADER_LEN>().ok_or("it is truncated")?;
        if header[..8] != MAGIC || crc32fast::hash(&header[..140]) != u32_at(header, 140) {
            return Err("its header is damaged".to_owned());
        }
        let version = u16::from_le_bytes([header[8], header[9]]);
        if version != VERSION || u32_at(header, 20) != 0 {
            return Err(format!("version {version} is not known to this build"));
        }
        if u32_at(header, 32) != diskfs::LAYOUT_VERSION {
            return Err(format!("it is of layout {}", u32_at(header, 32)));
        }
        let algorithm = Algorithm::from_tag(header[10]).ok_or("its algorithm is unknown")?;
        if crc32fast::hash(rest) != u32_at(header, 136) {
            return Err("its checksum does not match".to_owned());
        }
        let (hash, records) =
            rest.split_at_checked(algorithm.hash_len()).ok_or("it is truncated")?;
        let boot_at = records.len().checked_sub(u32_at(header, 124) as usize);
        let (records, boot) = records.split_at(boot_at.ok_or("it is truncated")?);
        if Some(records.len() as u64) != u64_at(header, 24).checked_mul(RECORD_LEN as u64) {
            return Err("its length is wrong".to_owned());
        }
        let mut values = [0; 6];
        for (index, value) in values.iter_mut().enumerate() {
            *value = u64_at(header, 40 + 8 * index);
        }
        Ok(Self {
            manifest: Digest::new(algorithm, hash).map_err(|error| error.to_string())?,
            boot: BootRecord::decode(boot)?,
            stamps: records
                .chunks_exact(RECORD_LEN)
                .map(|record| Stamp {
                    ino: u64_at(record, 0),
                    ctime: (u64_at(record, 8).cast_signed(), u32_at(record, 16)),
                })
                .collect(),
            witness: Witness::decode(u32_at(header, 36), values),
            superblock_digest: match u32_at(header, 120) & HAS_SUPERBLOCK_DIGEST {
                0 => None,
                _ => Digest::new(Algorithm::Sha256, &header[88..120]).ok(),
            },
            is_scrubbed: u32_at(header, 120) & IS_SCRUBBED != 0,
            next_hashed: u32::try_from(u64_at(header, 128)).unwrap_or(0),
        })
    }

    /// Reads a ledger; `None` if it is missing or unusable. Logs why it is unusable.
    pub fn load(folder: &Dir, name: &str) -> Option<Self> {
        let mut bytes = Vec::new();
        let mut file = folder.open_file(name.as_bytes()).ok()?;
        std::io::Read::read_to_end(&mut file, &mut bytes).ok()?;
        Self::decode(&bytes)
            .inspect_err(|problem| tracing::warn!(ledger = name, "ignoring a ledger: {problem}"))
            .ok()
    }

    /// Returns the SHA-256 of the encoded ledger. It identifies the ledger.
    pub fn digest(&self) -> Digest {
        Algorithm::Sha256.digest(&self.encode())
    }

    /// Writes the ledger. The volume must already be durable.
    ///
    /// # Durability
    /// The ledger survives a power loss once this returned.
    ///
    /// # Errors
    /// [`PatchError::Io`].
    pub fn save(&self, folder: &Dir, name: &str) -> Result<(), PatchError> {
        sysio::publish::replace(folder, name.as_bytes(), &self.encode())
            .map_err(PatchError::io("write ledger", Path::new(name)))
    }

    /// Durably removes a ledger and the cached block hashes, before the first write to the volume.
    ///
    /// # Errors
    /// [`PatchError::Io`].
    pub fn remove(folder: &Dir, name: &str) -> Result<(), PatchError> {
        BlockHashCache::remove(folder, name)?;
        sysio::publish::remove(folder, name.as_bytes())
            .map_err(PatchError::io("remove ledger", Path::new(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use boot::{GeneratedEntry, InstalledLoaders};

    #[test]
    fn ledgers_round_trip_and_find_every_flipped_bit() {
        let ledger = Ledger {
            manifest: Algorithm::Sha256.digest(b"manifest"),
            boot: BootRecord {
                generated: vec![
                    GeneratedEntry { path: "boot/efi".to_owned(), content: None },
                    GeneratedEntry {
                        path: "etc/fstab".to_owned(),
                        content: Some(b"text"[..].into()),
                    },
                ],
                loaders: InstalledLoaders {
                    inputs: Some(Algorithm::Sha256.digest(b"inputs")),
                    area: Algorithm::Sha256.digest(b"area"),
                    mode: Ok("uefi".to_owned()),
                },
            },
            stamps: vec![
                Stamp { ino: 2, ctime: (-1, 999) },
                Stamp::default(),
                Stamp { ino: u64::MAX, ctime: (i64::MAX, 1) },
            ],
            witness: Some(Witness::File([1, 2, 3, 4, 5, 6])),
            superblock_digest: Some(Algorithm::Sha256.digest(b"superblock_digest")),
            is_scrubbed: true,
            next_hashed: 7,
        };
        let bytes = ledger.encode();
        assert_eq!(Ledger::decode(&bytes), Ok(ledger));
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(Ledger::decode(&damaged).is_err(), "bit {bit}");
        }
    }
}
