//! The calls to AWS that Imprint makes, in its own types.
//!
//! ```text
//! target   accounts and regions, and which of them are meant     pure
//! advice   what the user can do about an error                    pure
//! error    what a call came to, by what it means for the caller  pure
//! retry    whether to call again, and when                       pure
//! limit    how fast to call: rates that learn from throttling    pure
//! window   how many blocks to have under way                     pure
//! flow     places for blocks that are under way
//! calls    the trait of the calls, and what they take and give
//! aws      the trait over the AWS SDK                            feature `sdk`
//! selftest  whether a target does what is relied on               any implementation
//! ```
//!
//! # Retries
//! One budget a call, here and nowhere below: the SDK's own retries are off. Each attempt has a deadline.
//!
//! # Locks
//! One a rate and one a window, held for a few additions; nothing is awaited under them.
#![forbid(unsafe_code)]

mod advice;
#[cfg(feature = "sdk")]
pub mod aws;
pub mod calls;
pub mod error;
pub mod flow;
pub mod limit;
pub mod retry;
pub mod selftest;
pub mod target;
pub mod window;

pub use calls::Cloud;
pub use error::{CloudError, Kind};
pub use target::{AccountName, Region, Target};
