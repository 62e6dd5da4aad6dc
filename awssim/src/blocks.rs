//! The bytes of snapshots: blocks by digest, each once, in a folder.

use std::io::{self, Write};
use std::path::PathBuf;

use sha2::{Digest, Sha256};

/// The length of a block.
pub const BLOCK_LEN: usize = 512 << 10;

/// A block's SHA-256, in hexadecimal digits where it is written down.
pub type Hash = [u8; 32];

/// A folder of blocks.
#[derive(Debug)]
pub struct Blocks(PathBuf);

impl Blocks {
    /// Opens a folder, which is made where it is missing.
    ///
    /// # Errors
    /// Errors of the filesystem.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    fn path(&self, hash: &Hash) -> PathBuf {
        self.0.join(hex(hash))
    }

    /// Keeps a block.
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

    /// Reads a block.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn get(&self, hash: &Hash) -> io::Result<Vec<u8>> {
        std::fs::read(self.path(hash))
    }
}

/// The SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// What an encrypted volume shows where its snapshot holds nothing: zeros, decrypted with its key.
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

/// Writes bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
