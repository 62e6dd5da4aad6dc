//! Errors of calls, classified by their consequence for the caller.

use std::time::Duration;

use crate::target::Target;

/// Error codes for a signature that AWS rejects, because of a wrong secret or a wrong clock.
pub(crate) const SIGNATURE: &[&str] = &[
    "InvalidSignatureException",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
];

/// Class of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The object does not exist, or not yet: AWS takes a while to know a new object everywhere.
    NotFound,
    /// Too many calls; retried more slowly.
    Throttled,
    /// Too much work in progress; the same call works once some of it has ended.
    Busy,
    /// AWS did not respond in time, or reported an internal error.
    Unavailable,
    /// No connection is possible: a name, proxy or certificate is wrong, or nothing listens.
    Unreachable,
    /// The caller is unknown or lacks a permission.
    Denied,
    /// The caller's credentials have expired.
    Expired,
    /// The name or token is already taken.
    Duplicate,
    /// Something else uses the object.
    InUse,
    /// The object's state does not allow the call.
    State,
    /// A limit of the account is reached.
    Quota,
    /// The request is malformed; retrying is useless.
    Invalid,
    /// The bytes to send could not be read on this machine.
    Local,
}

/// A failed call, as the user sees it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{target}: {call}: {code}{}: {message}{}", because(reason), request(request_id))]
pub struct CloudError {
    /// Name of the API operation.
    pub call: &'static str,
    /// Account and region of the call.
    pub target: Target,
    /// Decides whether to retry, and the advice.
    pub kind: Kind,
    /// AWS's error code; our own code if AWS did not respond.
    pub code: String,
    /// AWS's `Reason` beside the code; empty if there is none.
    pub reason: String,
    /// AWS's message, or our own if AWS did not respond.
    pub message: String,
    /// AWS's id of the request, for its support; empty if it did not respond.
    pub request_id: String,
    /// Wait that AWS asks for before the next attempt.
    pub retry_after: Option<Duration>,
    /// Number of the last attempt, from 1. If it is above 1, an earlier attempt may have taken effect without a
    /// response.
    pub attempt: u32,
}

fn request(id: &str) -> String {
    if id.is_empty() { String::new() } else { format!(" (request {id})") }
}

fn because(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(" ({reason})") }
}

impl CloudError {
    /// Makes an error that this crate detects itself, without an error response from AWS.
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
}

/// Classifies an error response by code, reason, HTTP status and message.
///
/// *Source:* the documented error codes of EC2, SSM, STS and the EBS direct APIs; the AWS SDKs' lists of retryable
/// codes.
pub fn classify(code: &str, reason: &str, status: u16, message: &str) -> Kind {
    // EC2's codes end with the kind of error: `InvalidSnapshot.NotFound`.
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

/// Classifies a `ValidationException` of the EBS direct APIs: some are no fault of the request.
fn invalid(reason: &str, message: &str) -> Kind {
    match reason {
        "WRITE_REQUEST_TIMEOUT" => Kind::Unavailable,
        // On a slow link AWS gives up reading the block, and blames the request.
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
