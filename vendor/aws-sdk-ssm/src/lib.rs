#![allow(warnings, clippy::all, clippy::pedantic)]
#[doc(inline)]
pub use config::Config;
pub mod client;
pub mod config;
pub mod error;
mod error_type_registry;
pub mod meta;
pub mod operation;
pub mod primitives;
mod type_registry;
pub mod types;
pub(crate) mod client_idempotency_token;
mod idempotency_token;
mod observability_feature;
mod sdk_feature_tracker;
mod serde_util;
mod endpoint_lib;
mod lens;
#[doc(inline)]
pub use client::Client;
