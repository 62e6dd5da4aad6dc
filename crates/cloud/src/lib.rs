//! The AWS calls that Imprint makes, in types of its own.
//!
//! ```text
//! target    accounts and regions, and selecting them              pure
//! advice    advice to the user on errors                          pure
//! error     errors by their consequence for the caller            pure
//! retry     whether and when to retry                             pure
//! limit     rate limits that adapt to throttling                  pure
//! window    number of blocks in flight                            pure
//! poll      waiting for what AWS delivers later
//! flow      places for blocks in flight
//! calls     the trait of the calls, and its types
//! aws       the trait over the AWS SDK                            feature `sdk`
//! selftest  checks that a target behaves as Imprint relies on     any implementation
//! ```
//!
//! # Retries
//! Each call has one budget, in this crate only: the SDK's own retries are off. Each attempt has a deadline.
//!
//! # Locks
//! There is one lock for each rate and one for each window, held for a few additions; no await happens under them.
//! Loading credentials holds two locks across awaits: the lock of the account's credentials, then that of their login.
#![forbid(unsafe_code)]

mod advice;
#[cfg(feature = "sdk")]
pub mod aws;
pub mod calls;
pub mod error;
pub mod flow;
pub mod limit;
pub mod poll;
pub mod retry;
pub mod selftest;
pub mod target;
pub mod window;

pub use calls::Cloud;
pub use error::{CloudError, CloudErrorKind};
pub use target::{AccountName, Region, Target};
