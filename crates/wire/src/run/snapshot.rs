//! The base of a target's snapshot, and the encryption that the snapshot must have.

use serde::{Deserialize, Serialize};

/// The base of a snapshot, which decides the blocks to put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotBase {
    /// No parent and no encryption.
    Plain,
    /// No parent; encrypted with a key, or with the account's default key.
    Encrypted {
        /// The named key; `None` for the account's default.
        key: Option<String>,
    },
    /// The stream's last snapshot in the target, as parent of an incremental snapshot.
    Parent {
        /// Id of the parent, from imaged's record of the stream's last snapshot.
        snapshot: String,
    },
    /// An existing snapshot with exactly the wanted content, which the run uses again.
    Same {
        /// Id of that snapshot, which undo does not remove.
        snapshot: String,
    },
}

/// The encryption that a finished snapshot must have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// `true` for an encrypted snapshot.
    pub is_encrypted: bool,
    /// ARN of the key, if it is known beforehand.
    pub key: Option<String>,
    /// The requested key: an ARN, the alias of the account's default, or empty.
    pub asked: String,
}
