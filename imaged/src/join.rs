//! Tokens with which machines get their certificates. imaged keeps their hashes, hands requests of machines to issuers
//! and certificates to machines, and signs by itself for `machine/…` alone.
//!
//! ```text
//! decide               what a request with a token asks for           (pure)
//! tokens               the tokens, each a file of DATA_DIR/tokens
//! machine_authority    the intermediate that signs for `machine/…`
//! service              the RPCs of issuers, and the one of machines
//! ```

mod decide;
mod machine_authority;
mod service;
mod tokens;

pub use service::Joins;
pub use tokens::TokenCounts;
