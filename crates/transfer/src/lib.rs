//! Transfer of objects between a local store and an imaged.
//!
//! This is a crate of its own, because several programs need it and must not depend on one another. unpackd, publish-cli
//! and replicas [`fetch`] objects, replicas [`follow`] what changes, publish-cli [`upload`]s objects. A
//! replica fetches whole images ([`fetch::Remote::fetch_image`]), of which a [`watch`]er hears, and relays those that are added there ([`fetch::Remote::relay`]). Received objects are
//! verified before they are put; uploaded objects are proved or sent.
//!
//! The functions of both directions are synchronous, for threads that may block. The network
//! runs on the tokio runtime whose handle the caller gives.
#![forbid(unsafe_code)]

pub mod fetch;
pub mod follow;
mod relay;
mod upkeep;
pub mod upload;
pub mod watch;
mod whole_image;

use rpc::client::CallError;
use store::StoreError;
use wire::ErrorClass;

/// The reason why an upload or a fetch ended early.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// imaged was unreachable, or refused.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The local store failed, or an object on its way into it is damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// imaged sent an answer that breaks the protocol.
    #[error("{0}")]
    Protocol(String),
}

impl TransferError {
    /// Returns the class of the error, for the caller's exit code or status.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Call(error) => error.class,
            Self::Protocol(_) => ErrorClass::Damaged,
            Self::Store(error) => error.class(),
        }
    }
}
