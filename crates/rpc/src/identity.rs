//! The identity of a caller: the common name of its client certificate.
//!
//! Machines that join by a token are `ROLE/NAME`.

/// A caller, named by its certificate's common name. TLS has verified the certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller(pub(crate) String);

impl Caller {
    /// Returns the caller of a certificate with this common name.
    pub fn of_certificate(common_name: &str) -> Self {
        Self(common_name.to_owned())
    }

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

/// What identities of machines that imaged itself may sign begin with. Every verifier refuses another identity in a
/// certificate of imaged's own, and the policy grants such machines no role but `read`.
pub const MACHINES: &str = "machine/";

/// Returns whether an identity is one of those that imaged itself may sign.
pub fn is_machine(identity: &str) -> bool {
    identity.starts_with(MACHINES)
}

/// Checks an identity that a token can be for: `ROLE/NAME`, where the name may have several components.
///
/// # Errors
/// The problem in words.
pub fn check_identity(identity: &str) -> Result<(), String> {
    let is_simple = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_part = |part: &str| {
        part.bytes().all(|c| is_simple(c) || b"._-".contains(&c))
            && part.bytes().next().is_some_and(is_simple)
    };
    if identity.len() <= 64 && identity.contains('/') && identity.split('/').all(is_part) {
        return Ok(());
    }
    Err(format!(
        "'{identity}' cannot be the identity of a machine: use up to 64 characters, ROLE/NAME, of components with \
         lower-case letters, digits, dots, hyphens and underscores, a letter or digit first"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_of_machines_have_a_role_and_a_name() {
        for good in ["unpackd/i-0abc", "unpackd/123456789012/eu-west-1/i-0abc", "machine/a"] {
            check_identity(good).unwrap();
        }
        let long = format!("machine/{}", "a".repeat(57));
        for bad in ["", "unpackd", "unpackd/", "/a", "a//b", "a/../b", "a/B", "a/*", "a/-b", &long]
        {
            let said = check_identity(bad).unwrap_err();
            assert!(said.contains("ROLE/NAME"), "{bad}: {said}");
        }
    }
}
