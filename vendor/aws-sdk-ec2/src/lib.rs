#![allow(warnings, clippy::all, clippy::pedantic)]
#[doc(inline)]
pub use config::Config;
pub mod client;
pub mod config;
pub mod error;
pub mod meta;
pub mod operation;
pub mod primitives;
pub mod types;
pub(crate) mod client_idempotency_token;
mod idempotency_token;
mod observability_feature;
pub(crate) mod protocol_serde;
mod sdk_feature_tracker;
mod serialization_settings;
mod endpoint_lib;
mod lens;
mod ec2_query_errors;
mod serde_util;
#[doc(inline)]
pub use client::Client;
