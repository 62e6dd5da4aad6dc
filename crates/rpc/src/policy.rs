//! Access rights of identities: the file `policy.toml`.
//!
//! ```toml
//! [[grant]]
//! identity = "publish"                  # the common name of a client certificate
//! roles = ["read", "upload", "operate", "publish"]
//! streams = ["**"]                      # globs of streams: * within a component, ** across
//! ```
//!
//! A grant is for an `identity`, or for a `group` of identities:
//!
//! ```toml
//! [[group]]
//! name = "web"
//! members = ["ci-web", "alice"]
//!
//! [[grant]]
//! group = "web"
//! roles = ["own"]
//! streams = ["web/**"]
//! ```
//!
//! Identities and members are globs as well, such as `unpackd/**`: machines that join by a token are `ROLE/NAME`. Those
//! below `machine/` have no role but `read`, whatever a grant says.
//!
//! `unsigned = ["old/**"]` at the beginning of the file lists streams whose images need no signature, for images from
//! before signatures.
//!
//! Anything that no grant allows is refused.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tonic::Status;
use wire::ErrorClass;
use wire::name::StreamName;

use crate::current::Current;
use crate::identity::{Caller, is_machine};

/// Name of the policy file in a daemon's TLS folder.
pub const FILE_NAME: &str = "policy.toml";

/// The policy that `imaged pki init` writes, for the identities that it creates.
pub const DEFAULT: &str = r#"# Who may do what. Identities are the common names of client certificates; streams are globs
# (* within a component of a stream's name, ** across them). What no grant allows is refused.
# Instead of an identity, a grant may name a group: [[group]] with a name and members. Identities may be globs too.
#
#   read       list, show, fetch and mount images; see volumes
#   upload     add images, tag them, let them expire, remove one's own
#   own        read and upload, and remove any image: for those whose streams these are
#   replicate  follow all changes, as a replica does; it needs read as well
#   operate    patch, capture and read volumes
#   publish    keep the records of publishing: runs, snapshots, block maps
#   admin      everything, removal of any image among it

[[grant]]
identity = "read"
roles = ["read"]
streams = ["**"]

[[grant]]
identity = "upload"
roles = ["read", "upload"]
streams = ["**"]

[[grant]]
identity = "replicate"
roles = ["read", "replicate"]
streams = ["**"]

[[grant]]
identity = "publish"
roles = ["read", "upload", "operate", "publish"]
streams = ["**"]

[[grant]]
identity = "admin"
roles = ["admin"]
streams = ["**"]

# imaged follows its primary, and fetches what is damaged from other servers. imaged/** are those that joined by a token.
[[group]]
name = "image servers"
members = ["imaged", "imaged/**"]

[[grant]]
group = "image servers"
roles = ["read", "replicate"]
streams = ["**"]

# unpackd fetches what it patches onto its volumes.
[[group]]
name = "unpackers"
members = ["unpackd", "unpackd/**"]

[[grant]]
group = "unpackers"
roles = ["read"]
streams = ["**"]
"#;

/// A role that a grant can give to an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// List, show, fetch and mount images; see volumes.
    Read,
    /// Add images, tag them, let them expire, remove one's own.
    Upload,
    /// Read, upload and remove any image, without an operator: for the owners of streams.
    Own,
    /// Follow all changes, as a replica does. A replica needs [`Role::Read`] as well, to fetch objects.
    Replicate,
    /// Patch, capture and read volumes.
    Operate,
    /// Keep the records of publishing: runs, snapshots, block maps.
    Publish,
    /// Everything, including removal of other callers' images.
    Admin,
}

impl Role {
    /// Returns whether somebody with this role may do what `other` is for.
    fn includes(self, other: Self) -> bool {
        match self {
            Self::Admin => true,
            Self::Own => matches!(other, Self::Own | Self::Read | Self::Upload),
            _ => self == other,
        }
    }

    /// Returns the role's name in the policy file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Upload => "upload",
            Self::Own => "own",
            Self::Replicate => "replicate",
            Self::Operate => "operate",
            Self::Publish => "publish",
            Self::Admin => "admin",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyToml {
    #[serde(default)]
    grant: Vec<GrantToml>,
    #[serde(default)]
    group: Vec<GroupToml>,
    #[serde(default)]
    unsigned: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantToml {
    identity: Option<String>,
    group: Option<String>,
    roles: Vec<Role>,
    streams: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupToml {
    name: String,
    members: Vec<String>,
}

/// Roles of identities for streams.
#[derive(Debug)]
struct Grant {
    identities: Vec<String>,
    roles: Vec<Role>,
    streams: Vec<String>,
}

impl Grant {
    /// Resolves the group of a grant.
    fn new(grant: GrantToml, groups: &[GroupToml]) -> Result<Self, String> {
        let identities = match (grant.identity, grant.group) {
            (Some(identity), None) => vec![identity],
            (None, Some(name)) => {
                let group = groups.iter().find(|group| group.name == name);
                let group = group.ok_or_else(|| format!("there is no group '{name}'"))?;
                group.members.clone()
            }
            (Some(_), Some(_)) => {
                return Err("a grant is for an identity or for a group, not for both".to_owned());
            }
            (None, None) => return Err("a grant names no identity and no group".to_owned()),
        };
        Ok(Self { identities, roles: grant.roles, streams: grant.streams })
    }

    fn has(&self, role: Role) -> bool {
        self.roles.iter().any(|granted| granted.includes(role))
    }
}

/// The grants of a policy file.
#[derive(Debug)]
pub struct Policy {
    grants: Vec<Grant>,
    unsigned: Vec<String>,
}

/// The reason why a policy file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The file is missing or unreadable.
    #[error("the policy file {path} cannot be read: {source}; `imaged pki init` writes one", path = path.display())]
    Read {
        /// The configured path, or that of `policy.toml` in the TLS folder.
        path: PathBuf,
        /// The error of reading the file, for example that it does not exist.
        source: std::io::Error,
    },
    /// The file is not TOML, or has an unknown key or role.
    #[error("the policy file {path} is malformed: {source}", path = path.display())]
    Malformed {
        /// The configured path, or that of `policy.toml` in the TLS folder.
        path: PathBuf,
        /// The parser's error, with line and column.
        source: Box<toml::de::Error>,
    },
}

impl PolicyError {
    /// Returns the class of all these errors: the operator must correct the file, or name another.
    pub fn class(&self) -> ErrorClass {
        ErrorClass::Refused
    }
}

impl Policy {
    /// Reads a policy file. Unknown keys are errors: if a misspelt key were ignored, a restriction
    /// would silently have no effect.
    ///
    /// # Errors
    /// [`PolicyError`], with the path of the file.
    pub fn load(path: &Path) -> Result<Self, PolicyError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| PolicyError::Read { path: path.to_owned(), source })?;
        Self::parse(&text).map_err(|source| PolicyError::Malformed {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }

    /// Reads a policy file, and reads it again whenever it changes. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn follow(path: &Path) -> Result<Current<Self>, PolicyError> {
        let path = path.to_owned();
        Current::follow(vec![path.clone()], move || Self::load(&path))
    }

    /// Parses the text of a policy file.
    ///
    /// # Errors
    /// The TOML error, with line and column; a grant for a group that is missing.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let PolicyToml { grant, group, unsigned } = toml::from_str(text)?;
        let named_twice = group
            .iter()
            .enumerate()
            .find(|(index, one)| group[..*index].iter().any(|other| other.name == one.name));
        if let Some((_, twice)) = named_twice {
            let problem = format!("there are two groups '{}'", twice.name);
            return Err(serde::de::Error::custom(problem));
        }
        let grants = grant.into_iter().map(|grant| Grant::new(grant, &group));
        let grants = grants.collect::<Result<_, _>>().map_err(serde::de::Error::custom)?;
        Ok(Self { grants, unsigned })
    }

    /// Returns whether images of a stream are accepted without a signature.
    pub fn accepts_unsigned(&self, stream: &StreamName) -> bool {
        self.unsigned.iter().any(|glob| glob_matches(glob, stream.as_str()))
    }

    fn grants_of<'a>(&'a self, caller: &'a Caller) -> impl Iterator<Item = &'a Grant> {
        let is_for = |grant: &&Grant| {
            grant.identities.iter().any(|glob| glob_matches(glob, caller.as_str()))
        };
        self.grants.iter().filter(is_for)
    }

    /// Returns the grants that give a role to a caller. A machine that imaged itself may have signed has no role but
    /// `read`, whatever a grant says.
    fn grants_with<'a>(
        &'a self,
        caller: &'a Caller,
        role: Role,
    ) -> impl Iterator<Item = &'a Grant> {
        let is_possible = role == Role::Read || !is_machine(caller.as_str());
        self.grants_of(caller).filter(move |grant| is_possible && grant.has(role))
    }

    /// Returns whether a caller has a role for a stream; the admin role includes all others.
    pub fn allows(&self, caller: &Caller, role: Role, stream: &StreamName) -> bool {
        self.grants_with(caller, role)
            .any(|grant| grant.streams.iter().any(|glob| glob_matches(glob, stream.as_str())))
    }

    /// Returns whether a caller has a role for every possible stream, by a grant for `**`.
    pub fn allows_everywhere(&self, caller: &Caller, role: Role) -> bool {
        self.grants_with(caller, role).any(|grant| grant.streams.iter().any(|glob| glob == "**"))
    }

    /// Returns whether a caller has a role for at least one stream.
    pub fn allows_somewhere(&self, caller: &Caller, role: Role) -> bool {
        self.grants_with(caller, role).next().is_some()
    }

    /// Returns the names of all roles that an identity has for any stream, sorted.
    pub fn roles_of(&self, identity: &str) -> Vec<&'static str> {
        self.roles(&Caller(identity.to_owned()))
    }

    /// Returns the names of all roles in a caller's grants, sorted.
    pub fn roles(&self, caller: &Caller) -> Vec<&'static str> {
        if is_machine(caller.as_str()) {
            return self
                .allows_somewhere(caller, Role::Read)
                .then_some("read")
                .into_iter()
                .collect();
        }
        let mut names: Vec<_> =
            self.grants_of(caller).flat_map(|grant| &grant.roles).map(|role| role.name()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Checks that a caller has a role for a stream.
    ///
    /// # Errors
    /// `PermissionDenied`; the message names identity, role and stream.
    pub fn check(&self, caller: &Caller, role: Role, stream: &StreamName) -> Result<(), Status> {
        if self.allows(caller, role, stream) {
            return Ok(());
        }
        Err(crate::status::denied(format!(
            "'{caller}' lacks the role '{}' for stream '{stream}': ask the keeper of policy.toml, \
             or use another certificate",
            role.name()
        )))
    }

    /// Checks that a caller has a role for at least one stream.
    ///
    /// # Errors
    /// `PermissionDenied`; the message names identity and role.
    pub fn check_somewhere(&self, caller: &Caller, role: Role) -> Result<(), Status> {
        if self.allows_somewhere(caller, role) {
            return Ok(());
        }
        Err(crate::status::denied(format!(
            "'{caller}' lacks the role '{}' for every stream: ask the keeper of policy.toml, or use \
             another certificate",
            role.name()
        )))
    }
}

/// Matches a stream name against a glob: `*` within a component, `**` across components. Does not use `globset`, which
/// allows `**` only as a whole component and interprets brackets and braces: too much for a file that grants rights.
pub fn glob_matches(glob: &str, text: &str) -> bool {
    bytes_match(glob.as_bytes(), text.as_bytes())
}

/// Works on bytes, because a name in a certificate may have any letters: both signs of a glob are ASCII.
fn bytes_match(glob: &[u8], text: &[u8]) -> bool {
    match glob.iter().position(|byte| *byte == b'*') {
        None => glob == text,
        Some(at) => {
            let Some(rest) = text.strip_prefix(&glob[..at]) else {
                return false;
            };
            let crosses = glob[at..].starts_with(b"**");
            let after = &glob[at + 1 + usize::from(crosses)..];
            let component = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
            let reach = if crosses { rest.len() } else { component };
            (0..=reach).any(|len| bytes_match(after, &rest[len..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (glob, text, expect) in [
            ("**", "a/b/c", true),
            ("base/*", "base/debian", true),
            ("base/*", "base/debian/12", false),
            ("base/**", "base/debian/12", true),
            ("base/**", "based", false),
            ("*/debian-*", "x/debian-12", true),
            ("base", "base", true),
            ("base", "base/x", false),
            ("machine/**", "machine/é", true),
            ("*é*", "aéb", true),
            ("**ü", "müller", false),
        ] {
            assert_eq!(glob_matches(glob, text), expect, "{glob} {text}");
        }
    }

    #[test]
    fn owners_do_everything_with_the_images_of_their_streams_alone() {
        let policy = "[[group]]\nname='web'\nmembers=['alice','ci']\n[[grant]]\ngroup='web'\nroles=['own']\nstreams=['web/**']\n";
        let policy = Policy::parse(policy).unwrap();
        let (own, other) = ("web/shop".parse().unwrap(), "base/debian".parse().unwrap());
        let caller = |name: &str| Caller(name.to_owned());
        for role in [Role::Own, Role::Read, Role::Upload] {
            assert!(policy.allows(&caller("alice"), role, &own));
            assert!(policy.allows(&caller("ci"), role, &own));
            assert!(!policy.allows(&caller("alice"), role, &other));
            assert!(!policy.allows(&caller("bob"), role, &own));
        }
        for role in [Role::Admin, Role::Publish, Role::Operate, Role::Replicate] {
            assert!(!policy.allows(&caller("alice"), role, &own), "{role:?}");
        }
        assert_eq!(policy.roles(&caller("ci")), ["own"]);
    }

    #[test]
    fn machines_have_no_role_but_read() {
        let text = "[[grant]]\nidentity='**'\nroles=['admin']\nstreams=['**']\n";
        let policy = Policy::parse(text).unwrap();
        let stream = "base/debian".parse().unwrap();
        let (machine, other) = (Caller("machine/a".to_owned()), Caller("machines".to_owned()));
        assert!(policy.allows(&machine, Role::Read, &stream));
        assert_eq!(policy.roles(&machine), ["read"]);
        for role in
            [Role::Upload, Role::Own, Role::Replicate, Role::Operate, Role::Publish, Role::Admin]
        {
            assert!(!policy.allows(&machine, role, &stream), "{role:?}");
            assert!(!policy.allows_everywhere(&machine, role), "{role:?}");
            assert!(!policy.allows_somewhere(&machine, role), "{role:?}");
            assert!(policy.allows(&other, role, &stream), "{role:?}");
        }
    }

    #[test]
    fn the_default_policy_grants_what_it_says() {
        let policy = Policy::parse(DEFAULT).unwrap();
        let stream = "base/debian".parse().unwrap();
        for (identity, role, expect) in [
            ("read", Role::Read, true),
            ("read", Role::Upload, false),
            ("upload", Role::Upload, true),
            ("upload", Role::Operate, false),
            ("publish", Role::Operate, true),
            ("admin", Role::Upload, true),
            ("unpackd/1234/eu-west-1/i-0abc", Role::Read, true),
            ("unpackd/a", Role::Replicate, false),
            ("imaged/eu", Role::Replicate, true),
            ("machine/a", Role::Read, false),
            ("stranger", Role::Read, false),
        ] {
            let caller = Caller(identity.to_owned());
            assert_eq!(policy.allows(&caller, role, &stream), expect, "{identity} {role:?}");
        }
        for (text, problem) in [
            ("[[grant]]\ngroup='web'\nroles=['own']\nstreams=[]", "no group 'web'"),
            ("[[grant]]\nroles=['own']\nstreams=[]", "no identity and no group"),
            ("[[grant]]\nidentity='x'\ngroup='y'\nroles=[]\nstreams=[]", "not for both"),
            ("[[group]]\nname='a'\nmembers=[]\n[[group]]\nname='a'\nmembers=[]", "two groups 'a'"),
        ] {
            let said = Policy::parse(text).unwrap_err().to_string();
            assert!(said.contains(problem), "{said}");
        }
        assert!(Policy::parse("[[grant]]\nidentity='x'\nroles=['raed']\nstreams=[]").is_err());
        assert!(Policy::parse("[[grants]]").is_err());
    }
}
