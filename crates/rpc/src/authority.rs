//! Access rights of methods. One table gives each method a role and a scope, and `gate` enforces the table.
//!
//! The gate refuses a caller that lacks the method's role. Only the method itself reads the request and knows the
//! stream, so the method first checks with its [`Permit`] that the caller has the role for this stream. Methods outside
//! the table are refused.

use std::sync::Arc;

use tonic::{Request, Status};
use wire::name::StreamName;

use crate::identity::Caller;
use crate::policy::{Policy, Role};

/// The streams for which a caller must have the method's role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The caller needs no role: any certificate of our CA suffices.
    Anybody,
    /// The caller needs the role for at least one stream. The answer covers only streams for which the caller has the
    /// role.
    OwnStreams,
    /// The caller needs the role for at least one stream. All callers get the same answer.
    Any,
    /// The caller needs the role for every stream, by a grant for `**`.
    Everywhere,
    /// The caller needs the role for the stream that the request names.
    Stream,
    /// The caller needs the role for at least one stream. The upload that the request names must be the caller's own.
    OwnUpload,
    /// The caller needs the role for at least one stream. A token that the request names must be the caller's own; admins
    /// may name any.
    OwnTokens,
    /// The caller needs a token instead of a certificate. The gate refuses the method: it is served at another listener.
    Token,
    /// The caller needs the role for the stream of the image that the request names, and must have added this image.
    /// An owner of this stream may act on any of its images.
    OwnImage,
    /// The caller needs the role for at least one stream. If the volume has a stream, the caller also needs the role
    /// for that stream.
    VolumeStream,
}

impl Scope {
    /// Returns the description that docs/security.md uses.
    pub fn words(self) -> &'static str {
        match self {
            Self::Anybody => "any certificate",
            Self::OwnStreams => "some stream: the answer holds the caller's own",
            Self::Any => "some stream",
            Self::Everywhere => "all streams",
            Self::Stream => "the stream of the request",
            Self::OwnUpload => "some stream, in an upload of the caller's own",
            Self::OwnTokens => "some stream; tokens of others need admin",
            Self::Token => "a token, at the join listener",
            Self::OwnImage => "the image's stream; images of others need own",
            Self::VolumeStream => "some stream, and the volume's own",
        }
    }
}

/// The access rule of one method of the RPC schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// HTTP path of the method, without its leading slash.
    pub method: &'static str,
    /// The role that a caller needs; without effect for [`Scope::Anybody`] and [`Scope::Token`].
    pub role: Role,
    /// Another role that suffices.
    pub or: Option<Role>,
    /// The streams for which the caller needs the role.
    pub scope: Scope,
}

const fn rule(method: &'static str, role: Role, scope: Scope) -> Rule {
    Rule { method, role, or: None, scope }
}

/// The rule of a method of uploading. A replica uploads what was added there, signed by the client: the commit checks
/// the signer's role.
const fn upload_rule(method: &'static str, scope: Scope) -> Rule {
    Rule { method, role: Role::Upload, or: Some(Role::Replicate), scope }
}

impl Rule {
    /// Returns the roles that suffice, as docs/security.md names them.
    pub fn role_words(&self) -> String {
        match (self.scope, self.or) {
            (Scope::Anybody | Scope::Token, _) => "–".to_owned(),
            (_, None) => self.role.name().to_owned(),
            (_, Some(or)) => format!("{} or {}", self.role.name(), or.name()),
        }
    }
}

/// The rules of all methods; a test compares the table with the schema.
pub const RULES: &[Rule] = &[
    rule("imprint.v1.ImageService/GetServerInfo", Role::Read, Scope::Anybody),
    upload_rule("imprint.v1.ImageService/BeginUpload", Scope::Stream),
    upload_rule("imprint.v1.ImageService/OfferObjects", Scope::OwnUpload),
    upload_rule("imprint.v1.ImageService/SendObjects", Scope::OwnUpload),
    upload_rule("imprint.v1.ImageService/CommitUpload", Scope::OwnUpload),
    upload_rule("imprint.v1.ImageService/AbortUpload", Scope::OwnUpload),
    rule("imprint.v1.ImageService/ListImages", Role::Read, Scope::OwnStreams),
    rule("imprint.v1.ImageService/GetImage", Role::Read, Scope::Stream),
    rule("imprint.v1.ImageService/GetLatestImage", Role::Read, Scope::Stream),
    rule("imprint.v1.ImageService/WaitImage", Role::Read, Scope::Stream),
    rule("imprint.v1.ImageService/TagImage", Role::Upload, Scope::Stream),
    rule("imprint.v1.ImageService/ExpireImage", Role::Upload, Scope::Stream),
    rule("imprint.v1.ImageService/RemoveImage", Role::Upload, Scope::OwnImage),
    rule("imprint.v1.ImageService/VerifyImage", Role::Read, Scope::Stream),
    rule("imprint.v1.ImageService/GetObjects", Role::Read, Scope::Stream),
    rule("imprint.v1.ImageService/FollowChanges", Role::Replicate, Scope::OwnStreams),
    rule("imprint.v1.ImageService/ReportReplica", Role::Replicate, Scope::Any),
    rule("imprint.v1.StoreService/GetStoreStats", Role::Admin, Scope::Everywhere),
    rule("imprint.v1.StoreService/CollectGarbage", Role::Admin, Scope::Everywhere),
    rule("imprint.v1.StoreService/CheckStore", Role::Admin, Scope::Everywhere),
    rule("imprint.v1.TokenService/PutToken", Role::Operate, Scope::OwnTokens),
    rule("imprint.v1.TokenService/BindToken", Role::Operate, Scope::OwnTokens),
    rule("imprint.v1.TokenService/ListTokens", Role::Operate, Scope::OwnTokens),
    rule("imprint.v1.TokenService/AnswerToken", Role::Operate, Scope::OwnTokens),
    rule("imprint.v1.JoinService/Join", Role::Read, Scope::Token),
    rule("imprint.v1.PublishService/LeaseStream", Role::Publish, Scope::Stream),
    rule("imprint.v1.PublishService/ReleaseStream", Role::Publish, Scope::Stream),
    rule("imprint.v1.PublishService/PutRun", Role::Publish, Scope::Stream),
    rule("imprint.v1.PublishService/GetRun", Role::Publish, Scope::Stream),
    rule("imprint.v1.PublishService/ListRuns", Role::Publish, Scope::OwnStreams),
    rule("imprint.v1.PublishService/PutBlockMap", Role::Publish, Scope::Stream),
    rule("imprint.v1.PublishService/GetBlockMap", Role::Publish, Scope::Stream),
    rule("imprint.v1.PublishService/PutSnapshot", Role::Publish, Scope::Stream),
    rule("imprint.v1.PublishService/RemoveSnapshot", Role::Publish, Scope::Stream),
    rule("imprint.v1.PublishService/ListSnapshots", Role::Publish, Scope::Stream),
    rule("imprint.v1.UnpackerService/GetStatus", Role::Read, Scope::Any),
    rule("imprint.v1.UnpackerService/AddVolume", Role::Operate, Scope::VolumeStream),
    rule("imprint.v1.UnpackerService/RemoveVolume", Role::Operate, Scope::VolumeStream),
    rule("imprint.v1.UnpackerService/Associate", Role::Operate, Scope::Stream),
    rule("imprint.v1.UnpackerService/Forget", Role::Operate, Scope::Stream),
    rule("imprint.v1.UnpackerService/Prepare", Role::Operate, Scope::Stream),
    rule("imprint.v1.UnpackerService/Unpack", Role::Operate, Scope::Stream),
    rule("imprint.v1.UnpackerService/Capture", Role::Operate, Scope::Stream),
    rule("imprint.v1.UnpackerService/Confirm", Role::Operate, Scope::Stream),
    rule("imprint.v1.UnpackerService/Release", Role::Operate, Scope::Stream),
    rule("imprint.v1.UnpackerService/VerifyVolume", Role::Operate, Scope::Stream),
    rule("imprint.v1.UnpackerService/ReadVolume", Role::Operate, Scope::Stream),
];

/// Returns the method of the table that has this name, if there is one.
pub(crate) fn known_method(method: &str) -> Option<&'static str> {
    RULES.iter().map(|rule| rule.method).find(|known| *known == method)
}

/// The rights of a caller in one call. The gate makes the permit and attaches it to the request.
#[derive(Clone, Debug)]
pub struct Permit {
    caller: Caller,
    rule: Rule,
    policy: Arc<Policy>,
}

impl Permit {
    /// Makes the permit for a call, after the checks that need no request body.
    ///
    /// # Errors
    /// `PermissionDenied` if the method is unknown, or if the caller has the method's role for no stream.
    pub fn new(method: &str, caller: Caller, policy: &Arc<Policy>) -> Result<Self, Status> {
        let is_here = |rule: &&Rule| rule.method == method && rule.scope != Scope::Token;
        let rule = RULES.iter().find(is_here);
        let rule = *rule
            .ok_or_else(|| crate::status::denied(format!("this server has no method {method}")))?;
        let has_other = rule.or.is_some_and(|role| policy.allows_somewhere(&caller, role));
        if rule.scope != Scope::Anybody && !has_other {
            policy.check_somewhere(&caller, rule.role)?;
        }
        if rule.scope == Scope::Everywhere && !policy.allows_everywhere(&caller, rule.role) {
            return Err(crate::status::denied(format!(
                "'{caller}' has the role '{}' for some streams alone, and {method} needs it for all",
                rule.role.name()
            )));
        }
        Ok(Self { caller, rule, policy: Arc::clone(policy) })
    }

    /// Returns the method that was called.
    pub(crate) fn method(&self) -> &'static str {
        self.rule.method
    }

    /// Returns the permit that the gate attached to a request.
    ///
    /// # Errors
    /// `PermissionDenied` if the request did not pass the gate.
    pub fn of<T>(request: &Request<T>) -> Result<&Self, Status> {
        request
            .extensions()
            .get()
            .ok_or_else(|| crate::status::denied("the call did not come through the gate"))
    }

    /// Returns the caller. An image that the caller adds records the caller's name as its creator.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Checks that the caller has the method's role for a stream, or the other role that suffices.
    ///
    /// # Errors
    /// `PermissionDenied`; the message names identity, role and stream.
    pub fn check(&self, stream: &StreamName) -> Result<(), Status> {
        if self.rule.or.is_some_and(|role| self.policy.allows(&self.caller, role, stream)) {
            return Ok(());
        }
        self.check_role(stream)
    }

    /// Checks that the caller has the method's own role for a stream.
    ///
    /// # Errors
    /// As [`Permit::check`].
    pub fn check_role(&self, stream: &StreamName) -> Result<(), Status> {
        self.policy.check(&self.caller, self.rule.role, stream)
    }

    /// Checks that the caller may hand over an image that `signer` signed: its own, or any image of a stream that it
    /// replicates.
    ///
    /// # Errors
    /// `PermissionDenied`; the message names both identities.
    pub fn check_relay(&self, signer: &Caller, stream: &StreamName) -> Result<(), Status> {
        if *signer == self.caller || self.policy.allows(&self.caller, Role::Replicate, stream) {
            return Ok(());
        }
        Err(crate::status::denied(format!(
            "the image was signed by '{signer}' and is handed over by '{}', who lacks the role 'replicate'",
            self.caller
        )))
    }

    /// Returns whether the caller has the method's role for a stream. Methods that list things leave out all streams
    /// for which this is false.
    pub fn allows(&self, stream: &StreamName) -> bool {
        self.policy.allows(&self.caller, self.rule.role, stream)
    }

    /// Returns whether the caller owns a stream, as admins do.
    pub fn is_owner(&self, stream: &StreamName) -> bool {
        self.policy.allows(&self.caller, Role::Own, stream)
    }

    /// Returns whether the caller may read every possible stream. If this is false, every object that the caller offers
    /// in an upload needs a proof that the caller has the content.
    pub fn reads_everything(&self) -> bool {
        self.policy.allows_everywhere(&self.caller, Role::Read)
    }

    /// Returns whether the caller is an admin for all streams.
    pub fn is_admin(&self) -> bool {
        self.policy.allows_everywhere(&self.caller, Role::Admin)
    }

    /// Returns the names of all roles that the caller has for any stream.
    pub fn roles(&self) -> Vec<&'static str> {
        self.policy.roles(&self.caller)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_method_of_the_schema_has_its_rule() {
        let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../wire/proto");
        let file = format!("{schema}/imprint.proto");
        let schema = protox::compile([file], [schema]).unwrap();
        let methods: BTreeSet<String> = schema
            .file
            .iter()
            .flat_map(|file| file.service.iter().map(move |service| (file.package(), service)))
            .flat_map(|(package, service)| {
                let name = move |method: &str| format!("{package}.{}/{method}", service.name());
                service.method.iter().map(move |method| name(method.name()))
            })
            .collect();
        let rules: BTreeSet<String> = RULES.iter().map(|rule| rule.method.to_owned()).collect();
        assert!(methods.len() > 30, "{methods:?}");
        assert_eq!((&methods, rules.len()), (&rules, RULES.len()));
    }

    #[test]
    fn a_replica_relays_what_others_signed_and_adds_nothing_of_its_own() {
        let text = "[[grant]]\nidentity='a'\nroles=['replicate']\nstreams=['base/**']\n";
        let policy = Arc::new(Policy::parse(text).unwrap());
        let caller = Caller("a".to_owned());
        let permit = Permit::new("imprint.v1.ImageService/CommitUpload", caller.clone(), &policy);
        let (permit, stream) = (permit.unwrap(), "base/debian".parse().unwrap());
        permit.check(&stream).unwrap();
        permit.check_role(&stream).unwrap_err();
        permit.check_relay(&Caller("builder".to_owned()), &stream).unwrap();
        permit.check_relay(&Caller("builder".to_owned()), &"x".parse().unwrap()).unwrap_err();
        let tag = Permit::new("imprint.v1.ImageService/TagImage", caller, &policy);
        assert!(tag.is_err(), "{tag:?}");
    }

    #[test]
    fn a_permit_is_for_the_streams_of_its_role() {
        let text = "[[grant]]\nidentity='a'\nroles=['upload']\nstreams=['base/**']\n";
        let policy = Arc::new(Policy::parse(text).unwrap());
        let caller = || Caller("a".to_owned());
        let permit = Permit::new("imprint.v1.ImageService/BeginUpload", caller(), &policy).unwrap();
        assert!(permit.check(&"base/debian".parse().unwrap()).is_ok());
        assert!(permit.check(&"other".parse().unwrap()).is_err());
        assert!(!permit.is_owner(&"base/debian".parse().unwrap()));
        for method in ["imprint.v1.ImageService/GetImage", "imprint.v1.ImageService/Unknown", ""] {
            assert!(Permit::new(method, caller(), &policy).is_err(), "{method}");
        }
        assert!(Permit::new("imprint.v1.ImageService/GetServerInfo", caller(), &policy).is_ok());
    }
}
