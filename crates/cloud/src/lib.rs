//! The AWS calls that Imprint makes, with this crate's own types instead of the SDK's.
//!
//! ```text
//! target    accounts and regions, and selecting them              pure
//! advice    advice to the user on errors                          pure
//! error     errors, classified by their consequence               pure
//! retry     whether and when to retry                             pure
//! limit     rate limits that adapt to throttling                  pure
//! window    number of blocks in flight                            pure
//! poll      waiting for what AWS delivers later
//! flow      places for blocks in flight
//! calls     the trait of the calls, and its types
//! aws       implements the trait with the AWS SDK                 feature `sdk`
//! selftest  checks the behaviour of AWS that Imprint relies on    any implementation
//! ```
//!
//! # Retries
//! Only this crate retries calls: the SDK's own retries are off, except for the calls that load credentials. Each call
//! has one budget for all its attempts. Each attempt has a deadline.
//!
//! # Locks
//! Each rate and each window has one lock. It is held only while a few numbers are updated, never across an await.
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
