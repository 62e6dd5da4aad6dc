//! How a machine without a certificate gets one: it shows a token, once.
//!
//! ```text
//! token     the token, and what machine, server and issuer derive from it
//! pinned    trust in a server whose CA the token pins
//! attempt   the file of a machine that joins: key, request, answer
//! machine   the machine's side
//! error     why a machine got no certificate
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

mod attempt;
mod error;
mod machine;
mod pinned;
mod token;

pub use error::JoinError;
pub use machine::{JoinPlan, join};
pub use token::{JoinToken, Mac, MacKey, Proof, ProofHash, TokenError, TokenId};

/// Longest signing request in bytes. A request with an RSA key of 8,192 bits has about 2,200.
pub const REQUEST_LEN_MAX: usize = 4096;
