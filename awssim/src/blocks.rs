//! Storage of snapshots' bytes. A folder holds each different block once, as a file named by the block's digest.

use std::io::{self, Write};
use std::path::PathBuf;

use sha2::{Digest, Sha256};

/// Length of a block in bytes, as in EBS.
pub const BLOCK_LEN: usize = 512 << 10;

/// The SHA-256 of a block; file names and documents show it as hexadecimal digits.
pub type Hash = [u8; 32];

/// A folder of blocks. Each block is a file named by the block's digest.
#[derive(Debug)]
pub struct Blocks(PathBuf);

impl Blocks {
    /// Opens the folder; creates it if it is missing.
    ///
    /// # Errors
    /// Errors of creating the folder.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    fn path(&self, hash: &Hash) -> PathBuf {
        self.0.join(data_encoding::HEXLOWER.encode(hash))
    }

    /// Stores a block under its hash; does nothing if the block is there. The caller has checked the hash.
    ///
    /// # Errors
    /// Errors of writing.
    pub fn put(&self, hash: &Hash, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(hash);
        if path.exists() {
            return Ok(());
        }
        let mut file = tempfile::NamedTempFile::new_in(&self.0)?;
        file.write_all(bytes)?;
        file.persist(path)?;
        Ok(())
    }

    /// Reads a block from its file. Does not check that the bytes have the hash.
    ///
    /// # Errors
    /// Errors of reading, such as `NotFound` for an unknown block.
    pub fn get(&self, hash: &Hash) -> io::Result<Vec<u8>> {
        std::fs::read(self.path(hash))
    }
}

/// Returns the SHA-256 of bytes: the checksum of the EBS direct APIs, and the source of made-up ids.
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// Returns the content that an encrypted volume shows for a block that its snapshot lacks. At AWS, this is zeros
/// decrypted with the key; pseudo-random bytes imitate it.
pub fn garbage(key: &str, index: u32) -> Vec<u8> {
    let mut state = u64::from_le_bytes(
        *sha256(format!("{key} {index}").as_bytes()).first_chunk().unwrap_or(&[1; 8]),
    );
    let mut bytes = Vec::with_capacity(BLOCK_LEN);
    while bytes.len() < BLOCK_LEN {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.extend_from_slice(&(state ^ (state >> 29)).to_le_bytes());
    }
    bytes
}
