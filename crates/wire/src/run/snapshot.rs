//! What a target's snapshot is built on, and how it must turn out to be encrypted.

use serde::{Deserialize, Serialize};

/// What a snapshot begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotBase {
    /// Nothing, without encryption.
    Plain,
    /// Nothing, encrypted with a key, or with the account's default.
    Encrypted {
        /// The key, where one was named.
        key: Option<String>,
    },
    /// The last snapshot of the stream there.
    Parent {
        /// The snapshot.
        snapshot: String,
    },
    /// That snapshot holds just what is wanted: it is used again.
    Same {
        /// The snapshot.
        snapshot: String,
    },
}

/// How a snapshot must turn out to be encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// Whether it is.
    pub is_encrypted: bool,
    /// The key's ARN, where it is known beforehand.
    pub key: Option<String>,
    /// The key as it is asked for: an ARN, the name of the account's default, or nothing.
    pub asked: String,
}
