//! What a call came to, by what it means for whoever made it.

use crate::target::Target;

/// What an error means for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No such thing, or not yet: what was just made takes a while to be known everywhere.
    NotFound,
    /// Too many calls.
    Throttled,
    /// AWS did not answer, or with an error of its own.
    Unavailable,
    /// The caller may not, or is not known.
    Denied,
    /// There is one of this name or token already.
    Duplicate,
    /// It is in use.
    InUse,
    /// A limit of the account is reached.
    Quota,
    /// The request is wrong, or does not fit the state of things.
    Invalid,
}

/// An error of a call.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{target}: {call}: {code}: {message}{}", request(request_id))]
pub struct CloudError {
    /// What was called.
    pub call: &'static str,
    /// Where.
    pub target: Target,
    /// What it means.
    pub kind: Kind,
    /// AWS's code; what went wrong on the way, where AWS said nothing.
    pub code: String,
    /// AWS's words.
    pub message: String,
    /// By which AWS finds it, if it answered.
    pub request_id: String,
}

fn request(id: &str) -> String {
    if id.is_empty() { String::new() } else { format!(" (request {id})") }
}

impl CloudError {
    /// What whoever runs the command can do.
    pub fn next_step(&self) -> &'static str {
        match self.kind {
            Kind::Denied => "check the account's credentials and the policy of its publishing role",
            Kind::Throttled => "try again with fewer targets or a lower --concurrency",
            Kind::Unavailable => "try again; AWS's health dashboard says whether the region is up",
            Kind::Quota => "remove what is not needed, or ask for a higher quota",
            Kind::Duplicate => "use another --ami-name, or remove the one that has it",
            Kind::InUse => "remove what uses it first",
            Kind::NotFound => "see whether somebody removed it",
            Kind::Invalid => "report this: Imprint asked for something that AWS does not accept",
        }
    }
}

/// Classifies an answer by its code and HTTP status.
///
/// *Source:* the documented error codes of EC2 and the EBS direct APIs.
pub fn classify(code: &str, status: u16) -> Kind {
    const THROTTLED: &[&str] = &[
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SnapshotCreationPerVolumeRateExceeded",
        "Throttling",
        "ThrottlingException",
        "TooManyUpdates",
    ];
    const DENIED: &[&str] = &[
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "OptInRequired",
        "SignatureDoesNotMatch",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    ];
    if THROTTLED.contains(&code) || status == 429 {
        return Kind::Throttled;
    }
    if DENIED.contains(&code) {
        return Kind::Denied;
    }
    let ends = |suffixes: &[&str]| suffixes.iter().any(|suffix| code.ends_with(suffix));
    if ends(&["NotFound", "Unavailable", "NotFoundException"]) && status < 500 {
        return Kind::NotFound;
    }
    if ends(&["Duplicate", "AlreadyExists", "ConflictException", "IdempotentParameterMismatch"]) {
        return Kind::Duplicate;
    }
    if ends(&["InUse"]) {
        return Kind::InUse;
    }
    if ends(&["LimitExceeded", "QuotaExceededException", "LimitExceededException"]) {
        return Kind::Quota;
    }
    if status >= 500 || status == 408 {
        return Kind::Unavailable;
    }
    Kind::Invalid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_mean_what_documentation_says() {
        for (code, status, kind) in [
            ("InvalidSnapshot.NotFound", 400, Kind::NotFound),
            ("InvalidAMIID.Unavailable", 400, Kind::NotFound),
            ("ResourceNotFoundException", 404, Kind::NotFound),
            ("RequestLimitExceeded", 503, Kind::Throttled),
            ("RequestThrottledException", 400, Kind::Throttled),
            ("SnapshotLimitExceeded", 400, Kind::Quota),
            ("ServiceQuotaExceededException", 402, Kind::Quota),
            ("InvalidAMIName.Duplicate", 400, Kind::Duplicate),
            ("InvalidSnapshot.InUse", 400, Kind::InUse),
            ("UnauthorizedOperation", 403, Kind::Denied),
            ("Unavailable", 503, Kind::Unavailable),
            ("InternalError", 500, Kind::Unavailable),
            ("InvalidParameterValue", 400, Kind::Invalid),
        ] {
            assert_eq!(classify(code, status), kind, "{code}");
        }
    }
}
