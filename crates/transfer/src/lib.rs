//! Objects between a store and an imaged.
//!
//! It is a crate of its own because whoever meets imaged needs it: unpackd and publish-cli
//! [`fetch`] (and so will replicas), publish-cli [`upload`]s; and none of them may depend on
//! another. What arrives is verified before it is put, what leaves is proved or sent.
//!
//! Both directions are synchronous at their face and run on threads that may block; the network
//! lives on the tokio runtime whose handle they are given.
#![forbid(unsafe_code)]

pub mod fetch;
pub mod upload;

use rpc::client::CallError;
use store::StoreError;
use wire::ErrorClass;

/// Why objects could not be moved.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// imaged could not be reached, or refused.
    #[error(transparent)]
    Call(#[from] CallError),
    /// An error of the local store, or of an object on its way into it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// imaged answered what it should not.
    #[error("{0}")]
    Protocol(String),
}

impl TransferError {
    /// Returns what the error means for the caller.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Call(error) => error.class,
            Self::Protocol(_) => ErrorClass::Damaged,
            Self::Store(error) => error.class(),
        }
    }
}
