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

/// Class of an error. It tells what can help against the error, and decides whether [`crate::retry::pause`] retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloudErrorKind {
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
    /// The caller's credentials have expired; retries load them again.
    Expired,
    /// The name or token is already taken.
    Duplicate,
    /// Something else uses the object. For example, an AMI uses the snapshot that the call would delete.
    InUse,
    /// The object's state does not allow the call: it is protected, locked or archived, for example.
    State,
    /// A limit of the account is reached: something must be removed, or the limit raised.
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
    /// Name of the API operation, such as `StartSnapshot`; `configuration` if no call was made.
    pub call: &'static str,
    /// Account and region of the call.
    pub target: Target,
    /// Class of the error; it decides whether to retry.
    pub kind: CloudErrorKind,
    /// AWS's error code; our own code if AWS did not respond.
    pub code: String,
    /// AWS's `Reason`, which some errors have in addition to the code; empty if there is none.
    pub reason: String,
    /// AWS's message, or our own if AWS did not respond.
    pub message: String,
    /// AWS's id of the request, for questions to AWS's support; empty if AWS did not respond.
    pub request_id: String,
    /// Wait that AWS asks for before the next attempt.
    pub retry_after: Option<Duration>,
    /// Number of the last attempt, from 1. If the number is above 1, an earlier attempt may have taken effect without
    /// a response.
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
        kind: CloudErrorKind,
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
pub fn classify(code: &str, reason: &str, status: u16, message: &str) -> CloudErrorKind {
    // EC2's codes end with the kind of error: `InvalidSnapshot.NotFound`.
    let ends = |endings: &[&str]| endings.iter().any(|ending| code.ends_with(ending));
    let is = |codes: &[&str]| codes.contains(&code);
    match code {
        "ValidationException" => return invalid(reason, message),
        _ if status == 429 || is(THROTTLED) => return CloudErrorKind::Throttled,
        _ if is(EXPIRED) => return CloudErrorKind::Expired,
        _ if is(SIGNATURE) || is(DENIED) => return CloudErrorKind::Denied,
        _ if is(BUSY) => return CloudErrorKind::Busy,
        _ if is(STATE) => return CloudErrorKind::State,
        _ if is(TRANSIENT) => return CloudErrorKind::Unavailable,
        _ => {}
    }
    if ends(&["NotFound", "Unavailable", "NotFoundException"]) && status < 500 {
        return CloudErrorKind::NotFound;
    }
    if ends(&["Duplicate", "AlreadyExists", "ConflictException", "IdempotentParameterMismatch"]) {
        return CloudErrorKind::Duplicate;
    }
    if ends(&["InUse"]) {
        return CloudErrorKind::InUse;
    }
    if ends(&["LimitExceeded", "QuotaExceeded", "QuotaExceededException", "LimitExceededException"])
    {
        return CloudErrorKind::Quota;
    }
    if status >= 500 || status == 408 {
        return CloudErrorKind::Unavailable;
    }
    CloudErrorKind::Invalid
}

/// Classifies a `ValidationException` of the EBS direct APIs. Some of these are not caused by the request.
fn invalid(reason: &str, message: &str) -> CloudErrorKind {
    match reason {
        "WRITE_REQUEST_TIMEOUT" => CloudErrorKind::Unavailable,
        // On a slow link AWS gives up reading the block, and blames the request.
        "INVALID_PARAMETER_VALUE" if message.contains("Failed to read block data") => {
            CloudErrorKind::Unavailable
        }
        "CONFLICTING_BLOCK_UPDATE" => CloudErrorKind::Busy,
        "INVALID_CUSTOMER_KEY" => CloudErrorKind::Denied,
        _ => CloudErrorKind::Invalid,
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
            ("InvalidSnapshot.NotFound", 400, CloudErrorKind::NotFound),
            ("InvalidAMIID.Unavailable", 400, CloudErrorKind::NotFound),
            ("ResourceNotFoundException", 404, CloudErrorKind::NotFound),
            ("ParameterNotFound", 400, CloudErrorKind::NotFound),
            ("RequestLimitExceeded", 503, CloudErrorKind::Throttled),
            ("RequestThrottledException", 400, CloudErrorKind::Throttled),
            ("ThrottledException", 400, CloudErrorKind::Throttled),
            ("EC2ThrottledException", 400, CloudErrorKind::Throttled),
            ("TooManyRequestsException", 400, CloudErrorKind::Throttled),
            ("SlowDown", 503, CloudErrorKind::Throttled),
            ("BandwidthLimitExceeded", 509, CloudErrorKind::Throttled),
            ("PriorRequestNotComplete", 400, CloudErrorKind::Busy),
            ("RequestTimeout", 400, CloudErrorKind::Unavailable),
            ("RequestTimeoutException", 400, CloudErrorKind::Unavailable),
            ("SnapshotLimitExceeded", 400, CloudErrorKind::Quota),
            ("AMIQuotaExceeded", 400, CloudErrorKind::Quota),
            ("ResourceLimitExceeded", 400, CloudErrorKind::Quota),
            ("ServiceQuotaExceededException", 402, CloudErrorKind::Quota),
            ("ParameterMaxVersionLimitExceeded", 400, CloudErrorKind::Quota),
            ("ConcurrentLimitExceededException", 400, CloudErrorKind::Busy),
            ("ConcurrentTagAccess", 400, CloudErrorKind::Busy),
            ("IncorrectState", 400, CloudErrorKind::State),
            ("OperationNotPermitted", 400, CloudErrorKind::State),
            ("InvalidAMIName.Duplicate", 400, CloudErrorKind::Duplicate),
            ("ConflictException", 409, CloudErrorKind::Duplicate),
            ("InvalidSnapshot.InUse", 400, CloudErrorKind::InUse),
            ("UnauthorizedOperation", 403, CloudErrorKind::Denied),
            ("MissingAuthenticationToken", 403, CloudErrorKind::Denied),
            ("IncompleteSignature", 400, CloudErrorKind::Denied),
            ("Blocked", 400, CloudErrorKind::Denied),
            ("PendingVerification", 400, CloudErrorKind::Denied),
            ("InvalidSignatureException", 400, CloudErrorKind::Denied),
            ("RequestTimeTooSkewed", 403, CloudErrorKind::Denied),
            ("RequestExpired", 400, CloudErrorKind::Expired),
            ("ExpiredToken", 403, CloudErrorKind::Expired),
            ("ExpiredTokenException", 403, CloudErrorKind::Expired),
            ("Unavailable", 503, CloudErrorKind::Unavailable),
            ("InternalError", 500, CloudErrorKind::Unavailable),
            ("InvalidParameterValue", 400, CloudErrorKind::Invalid),
        ] {
            assert_eq!(classify(code, "", status, ""), kind, "{code}");
        }
    }

    #[test]
    fn the_reason_of_a_validation_tells_whose_fault_it_is() {
        let of =
            |reason: &str, message: &str| classify("ValidationException", reason, 400, message);
        assert_eq!(
            of("INVALID_PARAMETER_VALUE", "Failed to read block data"),
            CloudErrorKind::Unavailable
        );
        assert_eq!(of("INVALID_PARAMETER_VALUE", "BlockIndex"), CloudErrorKind::Invalid);
        assert_eq!(of("WRITE_REQUEST_TIMEOUT", ""), CloudErrorKind::Unavailable);
        assert_eq!(of("CONFLICTING_BLOCK_UPDATE", ""), CloudErrorKind::Busy);
        assert_eq!(of("INVALID_CUSTOMER_KEY", ""), CloudErrorKind::Denied);
        assert_eq!(of("INVALID_TAG", ""), CloudErrorKind::Invalid);
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
