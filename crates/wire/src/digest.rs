//! Digests: the names of content.
//!
//! A digest is an algorithm and the hash of *uncompressed* content, so identity never depends on
//! how content is compressed or packed. One store uses one algorithm.

use std::fmt;
use std::str::FromStr;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use sha2::Digest as _;

/// The longest hash of any [`Algorithm`], in bytes.
pub const HASH_LEN_MAX: usize = 64;

/// A hash algorithm. The discriminants are the on-disk and on-wire tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Algorithm {
    /// SHA-256, the default: hardware-accelerated on current machines.
    Sha256 = 1,
    /// SHA-512, for stores that must agree with systems that use SHA-512.
    Sha512 = 2,
}

impl Algorithm {
    /// Returns the algorithm of an on-disk tag; `None` for an unknown tag.
    pub fn from_tag(tag: u8) -> Option<Self> {
        match tag {
            1 => Some(Self::Sha256),
            2 => Some(Self::Sha512),
            _ => None,
        }
    }

    /// Returns the tag that stands for the algorithm on disk and on the network.
    pub fn tag(self) -> u8 {
        self as u8
    }

    /// Returns the length of this algorithm's hashes in bytes.
    pub fn hash_len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    /// Returns the algorithm's name in a digest's text form, before the colon.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// Returns a hasher for content that comes in pieces.
    pub fn hasher(self) -> Hasher {
        match self {
            Self::Sha256 => Hasher::Sha256(sha2::Sha256::new()),
            Self::Sha512 => Hasher::Sha512(sha2::Sha512::new()),
        }
    }

    /// Hashes content that is in memory as a whole.
    pub fn digest(self, content: &[u8]) -> Digest {
        let mut hasher = self.hasher();
        hasher.update(content);
        hasher.finish()
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        match text {
            "sha256" => Ok(Self::Sha256),
            "sha512" => Ok(Self::Sha512),
            _ => Err(DigestError::UnknownAlgorithm(text.to_owned())),
        }
    }
}

/// The name of an object: its algorithm and the hash of its uncompressed content.
///
/// The text form is `sha256:` or `sha512:` and lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    algorithm: Algorithm,
    /// The hash, padded with zeros to the longest length.
    hash: [u8; HASH_LEN_MAX],
}

impl Digest {
    /// Makes a digest from a hash that was computed elsewhere.
    ///
    /// # Errors
    /// [`DigestError::WrongLength`] unless `hash` has exactly the algorithm's length.
    pub fn new(algorithm: Algorithm, hash: &[u8]) -> Result<Self, DigestError> {
        if hash.len() != algorithm.hash_len() {
            return Err(DigestError::WrongLength {
                algorithm,
                expected: algorithm.hash_len(),
                found: hash.len(),
            });
        }
        let mut padded = [0; HASH_LEN_MAX];
        padded[..hash.len()].copy_from_slice(hash);
        Ok(Self { algorithm, hash: padded })
    }

    /// Returns the algorithm, which is the same for all digests of a store.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the hash alone, `algorithm().hash_len()` bytes.
    pub fn hash(&self) -> &[u8] {
        &self.hash[..self.algorithm.hash_len()]
    }

    /// Returns the first twelve hexadecimal digits: enough for people, too few to name an object.
    pub fn short(&self) -> String {
        HEXLOWER.encode(&self.hash[..6])
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm, HEXLOWER.encode(self.hash()))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let (algorithm, digits) =
            text.split_once(':').ok_or_else(|| DigestError::Malformed(text.to_owned()))?;
        let hash = HEXLOWER_PERMISSIVE
            .decode(digits.as_bytes())
            .map_err(|_| DigestError::Malformed(text.to_owned()))?;
        Self::new(algorithm.parse()?, &hash)
    }
}

/// Hashes content piece by piece.
#[derive(Clone, Debug)]
pub enum Hasher {
    /// State of SHA-256 after the pieces so far.
    Sha256(sha2::Sha256),
    /// State of SHA-512 after the pieces so far.
    Sha512(sha2::Sha512),
}

impl Hasher {
    /// Hashes the next piece of content.
    pub fn update(&mut self, piece: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(piece),
            Self::Sha512(hasher) => hasher.update(piece),
        }
    }

    /// Returns the digest of all pieces, which does not depend on where the content was cut.
    pub fn finish(self) -> Digest {
        let mut hash = [0; HASH_LEN_MAX];
        let algorithm = match self {
            Self::Sha256(hasher) => {
                hash[..32].copy_from_slice(&hasher.finalize());
                Algorithm::Sha256
            }
            Self::Sha512(hasher) => {
                hash.copy_from_slice(&hasher.finalize());
                Algorithm::Sha512
            }
        };
        Digest { algorithm, hash }
    }
}

/// Reason that a digest was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    /// The text is not `algorithm:hexadecimal`.
    #[error("'{0}' is not a digest: expected sha256:<64 hex digits> or sha512:<128 hex digits>")]
    Malformed(String),
    /// No algorithm has this name. The name was given alone, or before a digest's colon.
    #[error("unknown digest algorithm '{0}': expected sha256 or sha512")]
    UnknownAlgorithm(String),
    /// The hash does not have the length that its algorithm gives.
    #[error("a {algorithm} hash has {expected} bytes, found {found}")]
    WrongLength {
        /// The algorithm that the caller gave together with the hash.
        algorithm: Algorithm,
        /// Length in bytes of the algorithm's hashes.
        expected: usize,
        /// Length of the given hash in bytes.
        found: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_digests_of_known_content() {
        assert_eq!(
            Algorithm::Sha256.digest(b"abc").to_string(),
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(Algorithm::Sha512.digest(b"abc").to_string().starts_with("sha512:ddaf35a19361"));
    }

    #[test]
    fn text_form_round_trips_and_refuses_the_rest() {
        for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
            let digest = algorithm.digest(b"content");
            assert_eq!(digest.to_string().parse::<Digest>(), Ok(digest));
        }
        for text in ["", "sha256", "sha256:", "sha256:zz", "sha256:abc", "md5:00", "sha512:00"] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }
}
