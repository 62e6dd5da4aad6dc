//! How a machine without a certificate gets one: it shows a token, once.
//!
//! ```text
//! token     the token, and what machine, server and issuer derive from it
//! pinned    trust in a server whose CA the token pins
//! machine   the machine's side: key, request, certificate
//! ```
//!
//! ```text
//! issuer    makes a token, gives its hash to imaged, hands it to the machine
//! machine   makes a key; sends a signing request, its HMAC, and the proof that it has the token
//! imaged    checks the proof, keeps the request, tells the issuer
//! issuer    checks the HMAC and signs for the identity that it bound the token to
//! machine   fetches its certificate
//! ```
//!
//! imaged never learns the secret, so it can neither use a token nor forge a request. The machine trusts no server but
//! one that the pinned CA vouches for.

mod machine;
mod pinned;
mod token;

pub use machine::{JoinError, Joining, join};
pub use token::{Hash, JoinToken, Mac, MacKey, Proof, TokenError, TokenId};

/// Longest signing request in bytes. A request with an RSA key of 8,192 bits has about 2,200.
pub const REQUEST_LEN_MAX: usize = 4096;
