//! What a call came to, by what it means for the caller.

use std::time::Duration;

use crate::advice::{SIGNATURE, advice};
use crate::target::Target;

/// What an error means for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No such thing, or not yet: what was just made takes a while to be known everywhere.
    NotFound,
    /// Too many calls.
    Throttled,
    /// Too much is under way: the same call works once some of it has ended.
    Busy,
    /// AWS did not answer, or with an error of its own.
    Unavailable,
    /// There is no way to it: a name, a proxy or a certificate is wrong, or nobody listens.
    Unreachable,
    /// The caller may not, or is not known.
    Denied,
    /// The caller's credentials have expired.
    Expired,
    /// There is one of this name or token already.
    Duplicate,
    /// It is in use.
    InUse,
    /// It is in a state in which this cannot be done.
    State,
    /// A limit of the account is reached.
    Quota,
    /// The request is wrong.
    Invalid,
    /// What was to be sent could not be read here.
    Local,
}

/// An error of a call.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{target}: {call}: {code}{}: {message}{}", because(reason), request(request_id))]
pub struct CloudError {
    /// What was called.
    pub call: &'static str,
    /// Where.
    pub target: Target,
    /// What it means.
    pub kind: Kind,
    /// AWS's code; what went wrong on the way, where AWS said nothing.
    pub code: String,
    /// AWS's closer word, where it has one.
    pub reason: String,
    /// AWS's words.
    pub message: String,
    /// By which AWS finds it, if it answered.
    pub request_id: String,
    /// How long AWS asks to wait.
    pub retry_after: Option<Duration>,
    /// Which attempt it ended, from 1: after the first one, an attempt before may have worked without an answer.
    pub attempt: u32,
}

fn request(id: &str) -> String {
    if id.is_empty() { String::new() } else { format!(" (request {id})") }
}

fn because(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(" ({reason})") }
}

impl CloudError {
    /// An error that is found here, before, instead of or after a call: AWS said nothing of it.
    #[cfg(feature = "sdk")]
    pub(crate) fn found_here(
        call: &'static str,
        target: Target,
        kind: Kind,
        code: &str,
        message: String,
    ) -> Self {
        let (code, reason, request_id) = (code.to_owned(), String::new(), String::new());
        Self {
            call,
            target,
            kind,
            code,
            reason,
            message,
            request_id,
            retry_after: None,
            attempt: 1,
        }
    }

    /// What the user of the command can do.
    pub fn next_step(&self) -> &'static str {
        advice(self.kind, &self.code, &self.reason)
    }
}

/// Classifies an answer by its code, its reason and its HTTP status.
///
/// *Source:* the documented error codes of EC2, SSM, STS and the EBS direct APIs; the lists of what the AWS
/// SDKs retry.
pub fn classify(code: &str, reason: &str, status: u16, message: &str) -> Kind {
    // EC2's codes have endings that say what they are of: `InvalidSnapshot.NotFound`.
    let ends = |endings: &[&str]| endings.iter().any(|ending| code.ends_with(ending));
    let is = |codes: &[&str]| codes.contains(&code);
    match code {
        "ValidationException" => return invalid(reason, message),
        _ if status == 429 || is(THROTTLED) => return Kind::Throttled,
        _ if is(EXPIRED) => return Kind::Expired,
        _ if is(SIGNATURE) || is(DENIED) => return Kind::Denied,
        _ if is(BUSY) => return Kind::Busy,
        _ if is(STATE) => return Kind::State,
        _ if is(TRANSIENT) => return Kind::Unavailable,
        _ => {}
    }
    if ends(&["NotFound", "Unavailable", "NotFoundException"]) && status < 500 {
        return Kind::NotFound;
    }
    if ends(&["Duplicate", "AlreadyExists", "ConflictException", "IdempotentParameterMismatch"]) {
        return Kind::Duplicate;
    }
    if ends(&["InUse"]) {
        return Kind::InUse;
    }
    if ends(&["LimitExceeded", "QuotaExceeded", "QuotaExceededException", "LimitExceededException"])
    {
        return Kind::Quota;
    }
    if status >= 500 || status == 408 {
        return Kind::Unavailable;
    }
    Kind::Invalid
}

/// A ValidationException of the EBS direct APIs: some of them are no fault of the request.
fn invalid(reason: &str, message: &str) -> Kind {
    match reason {
        "WRITE_REQUEST_TIMEOUT" => Kind::Unavailable,
        // On a slow line AWS gives up reading a block, and says that the request is wrong.
        "INVALID_PARAMETER_VALUE" if message.contains("Failed to read block data") => {
            Kind::Unavailable
        }
        "CONFLICTING_BLOCK_UPDATE" => Kind::Busy,
        "INVALID_CUSTOMER_KEY" => Kind::Denied,
        _ => Kind::Invalid,
    }
}

const THROTTLED: &[&str] = &[
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "SnapshotCreationPerVolumeRateExceeded",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TooManyUpdates",
    "TransactionInProgressException",
];

const EXPIRED: &[&str] =
    &["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];

const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "Blocked",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "OptInRequired",
    "PendingVerification",
    "UnauthorizedOperation",
    "UnrecognizedClientException",
];

const BUSY: &[&str] =
    &["ConcurrentLimitExceededException", "ConcurrentTagAccess", "PriorRequestNotComplete"];

const STATE: &[&str] = &["IncorrectState", "OperationNotPermitted"];

const TRANSIENT: &[&str] = &[
    "IDPCommunicationError",
    "IDPCommunicationErrorException",
    "InternalError",
    "InternalFailure",
    "InternalServerException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_mean_what_documentation_says() {
        for (code, status, kind) in [
            ("InvalidSnapshot.NotFound", 400, Kind::NotFound),
            ("InvalidAMIID.Unavailable", 400, Kind::NotFound),
            ("ResourceNotFoundException", 404, Kind::NotFound),
            ("ParameterNotFound", 400, Kind::NotFound),
            ("RequestLimitExceeded", 503, Kind::Throttled),
            ("RequestThrottledException", 400, Kind::Throttled),
            ("ThrottledException", 400, Kind::Throttled),
            ("EC2ThrottledException", 400, Kind::Throttled),
            ("TooManyRequestsException", 400, Kind::Throttled),
            ("SlowDown", 503, Kind::Throttled),
            ("BandwidthLimitExceeded", 509, Kind::Throttled),
            ("PriorRequestNotComplete", 400, Kind::Busy),
            ("RequestTimeout", 400, Kind::Unavailable),
            ("RequestTimeoutException", 400, Kind::Unavailable),
            ("SnapshotLimitExceeded", 400, Kind::Quota),
            ("AMIQuotaExceeded", 400, Kind::Quota),
            ("ResourceLimitExceeded", 400, Kind::Quota),
            ("ServiceQuotaExceededException", 402, Kind::Quota),
            ("ParameterMaxVersionLimitExceeded", 400, Kind::Quota),
            ("ConcurrentLimitExceededException", 400, Kind::Busy),
            ("ConcurrentTagAccess", 400, Kind::Busy),
            ("IncorrectState", 400, Kind::State),
            ("OperationNotPermitted", 400, Kind::State),
            ("InvalidAMIName.Duplicate", 400, Kind::Duplicate),
            ("ConflictException", 409, Kind::Duplicate),
            ("InvalidSnapshot.InUse", 400, Kind::InUse),
            ("UnauthorizedOperation", 403, Kind::Denied),
            ("MissingAuthenticationToken", 403, Kind::Denied),
            ("IncompleteSignature", 400, Kind::Denied),
            ("Blocked", 400, Kind::Denied),
            ("PendingVerification", 400, Kind::Denied),
            ("InvalidSignatureException", 400, Kind::Denied),
            ("RequestTimeTooSkewed", 403, Kind::Denied),
            ("RequestExpired", 400, Kind::Expired),
            ("ExpiredToken", 403, Kind::Expired),
            ("ExpiredTokenException", 403, Kind::Expired),
            ("Unavailable", 503, Kind::Unavailable),
            ("InternalError", 500, Kind::Unavailable),
            ("InvalidParameterValue", 400, Kind::Invalid),
        ] {
            assert_eq!(classify(code, "", status, ""), kind, "{code}");
        }
    }

    #[test]
    fn the_reason_of_a_validation_tells_whose_fault_it_is() {
        let of =
            |reason: &str, message: &str| classify("ValidationException", reason, 400, message);
        assert_eq!(of("INVALID_PARAMETER_VALUE", "Failed to read block data"), Kind::Unavailable);
        assert_eq!(of("INVALID_PARAMETER_VALUE", "BlockIndex"), Kind::Invalid);
        assert_eq!(of("WRITE_REQUEST_TIMEOUT", ""), Kind::Unavailable);
        assert_eq!(of("CONFLICTING_BLOCK_UPDATE", ""), Kind::Busy);
        assert_eq!(of("INVALID_CUSTOMER_KEY", ""), Kind::Denied);
        assert_eq!(of("INVALID_TAG", ""), Kind::Invalid);
    }

    #[test]
    fn only_what_cannot_be_explained_is_to_be_reported() {
        let error = |code: &str, reason: &str, status| CloudError {
            call: "x",
            target: Target { account: "a".parse().unwrap(), region: "us-east-1".parse().unwrap() },
            kind: classify(code, reason, status, ""),
            code: code.to_owned(),
            reason: reason.to_owned(),
            message: String::new(),
            request_id: String::new(),
            retry_after: None,
            attempt: 1,
        };
        for list in [THROTTLED, EXPIRED, DENIED, SIGNATURE, BUSY, STATE, TRANSIENT] {
            for code in list {
                let step = error(code, "", 400).next_step();
                assert!(!step.starts_with("report"), "{code}: {step}");
            }
        }
        assert!(error("InvalidParameterValue", "", 400).next_step().starts_with("report"));
        let key = error("AccessDeniedException", "DEPENDENCY_ACCESS_DENIED", 403);
        assert!(key.next_step().contains("kms:"));
    }
}
