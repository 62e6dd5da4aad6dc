//! The identity of a caller: the common name of its client certificate.

/// A caller, named by its certificate's common name. TLS has verified the certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller(pub(crate) String);

impl Caller {
    /// Returns the common name, as grants in policy.toml refer to it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
