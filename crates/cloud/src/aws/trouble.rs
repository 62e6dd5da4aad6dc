//! Converts errors of the SDK and of AWS to [`CloudError`].

use std::error::Error as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::attempt::Attempts;
use super::credentials::OtherAccount;
use crate::error::{CloudError, CloudErrorKind, classify};

impl Attempts {
    pub(super) fn timed_out(&self, call: &'static str, after: Duration) -> CloudError {
        let message = format!("AWS did not answer within {} s", after.as_secs());
        self.failure(call, CloudErrorKind::Unavailable, "timeout", message)
    }

    /// Makes the error for a request or a response that makes no sense.
    pub(super) fn invalid(&self, call: &'static str, message: String) -> CloudError {
        self.failure(call, CloudErrorKind::Invalid, "invalid", message)
    }

    /// Makes the error for bytes to send that could not be read on this machine.
    pub(super) fn unread(&self, call: &'static str, message: String) -> CloudError {
        self.failure(call, CloudErrorKind::Local, "not read", message)
    }

    /// Makes the error for a response that does not match its checksum or length.
    pub(super) fn damaged(&self, call: &'static str, message: String) -> CloudError {
        self.failure(call, CloudErrorKind::Unavailable, "damaged", message)
    }

    fn failure(
        &self,
        call: &'static str,
        kind: CloudErrorKind,
        code: &str,
        message: String,
    ) -> CloudError {
        CloudError::found_here(call, self.target.clone(), kind, code, shortened(message))
    }

    pub(super) fn error<E>(
        &self,
        call: &'static str,
        error: &SdkError<E, HttpResponse>,
    ) -> CloudError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let Some(response) = error.raw_response() else {
            return self.no_answer(call, error);
        };
        let status = response.status().as_u16();
        let meta = error.as_service_error().map(ProvideErrorMetadata::meta);
        let code = meta.and_then(|meta| meta.code());
        // Errors of AWS have a code. A response without one is from a captive portal or a proxy.
        if code.is_none() && status < 500 && status != 429 && status != 408 {
            let message = format!("HTTP status {status}: {}", chain(error));
            return self.failure(call, CloudErrorKind::Unreachable, "not AWS", message);
        }
        let code = code.map_or_else(
            || format!("HTTP status {status}"),
            // Strip the namespace that JSON protocols may put before the code.
            |code| code.rsplit('#').next().unwrap_or(code).to_owned(),
        );
        let message =
            meta.and_then(|meta| meta.message()).map_or_else(|| chain(error), str::to_owned);
        let reason = reason(response);
        let header = |name: &str| response.headers().get(name).map(str::to_owned);
        let after = header("x-amz-retry-after").and_then(|text| text.parse().ok());
        let message = shortened(message);
        CloudError {
            call,
            target: self.target.clone(),
            kind: classify(&code, &reason, status, &message),
            message: message + &skew(&code, header("date").as_deref()),
            code,
            reason,
            request_id: header("x-amzn-requestid").unwrap_or_default(),
            retry_after: after.map(Duration::from_millis),
            attempt: 1,
        }
    }

    /// Makes the error for missing credentials: none were found, the caller is not allowed to assume the role, or STS
    /// did not respond.
    fn no_credentials(&self, call: &'static str, error: &CredentialsError) -> CloudError {
        type Assuming = SdkError<AssumeRoleError, HttpResponse>;
        let mut source = error.source();
        while let Some(cause) = source {
            if cause.is::<OtherAccount>() {
                return self.failure(
                    call,
                    CloudErrorKind::Denied,
                    "WrongAccount",
                    cause.to_string(),
                );
            }
            if let Some(assuming) = cause.downcast_ref::<Assuming>() {
                let found = self.error(call, assuming);
                if found.kind == CloudErrorKind::Denied {
                    let message = format!("{}: {}", found.code, found.message);
                    return CloudError { code: "AssumeRole".to_owned(), message, ..found };
                }
                let message = format!("AssumeRole: {}", found.message);
                return CloudError { message, ..found };
            }
            source = cause.source();
        }
        let words = chain(error);
        let (kind, code) = credentials_kind(error, &words);
        self.failure(call, kind, code, words)
    }

    /// Makes the error for a request that was never sent, or whose response never came.
    fn no_answer<E>(&self, call: &'static str, error: &SdkError<E, HttpResponse>) -> CloudError
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let mut source = error.source();
        while let Some(cause) = source {
            if let Some(credentials) = cause.downcast_ref::<CredentialsError>() {
                return self.no_credentials(call, credentials);
            }
            source = cause.source();
        }
        let words = chain(error);
        if matches!(error, SdkError::ConstructionFailure(_)) {
            return self.failure(call, CloudErrorKind::Invalid, "no answer", words);
        }
        match unreachable_code(&words) {
            Some(code) => self.failure(call, CloudErrorKind::Unreachable, code, words),
            None => self.failure(call, CloudErrorKind::Unavailable, "no answer", words),
        }
    }
}

/// Limit in bytes on a message. Messages go into run records and to the terminal.
const MESSAGE_LEN_MAX: usize = 2000;

fn shortened(mut message: String) -> String {
    if message.len() > MESSAGE_LEN_MAX {
        message.truncate(message.floor_char_boundary(MESSAGE_LEN_MAX));
        message.push('…');
    }
    message
}

/// Classifies missing credentials by the text of the provider's error, which has no other accessible structure.
fn credentials_kind(error: &CredentialsError, words: &str) -> (CloudErrorKind, &'static str) {
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if let Some(code) = unreachable_code(words) {
        return (CloudErrorKind::Unreachable, code);
    }
    if has(&["was not defined", "No profiles were defined", "profile `"]) {
        return (CloudErrorKind::Denied, "profile");
    }
    // Temporary: logins by web identity and SSO sometimes fail for a moment.
    const PASSING: &[&str] = &[
        "IDPCommunicationError",
        "Couldn't retrieve verification key",
        "InternalFailure",
        "InternalError",
        "InternalServerException",
        "ServiceUnavailable",
        "Throttling",
        "TooManyRequests",
        "dispatch failure",
        "timeout",
    ];
    // The login is missing or has ended. Or another program was just writing the login's cache file, and the next
    // attempt can read the file.
    const LOGIN: &[&str] = &[
        "cached SSO token",
        "/sso/cache/",
        "/login/cache/",
        "invalid JSON in cached",
        "expected a JSON document",
        "refresh cached Login token",
        "eauthenticate",
    ];
    match error {
        // The provider is silent: retry no longer than for any other unreachable server.
        CredentialsError::ProviderTimedOut(_) => (CloudErrorKind::Unreachable, "credentials"),
        _ if has(PASSING) => (CloudErrorKind::Unavailable, "credentials"),
        _ if has(LOGIN) => (CloudErrorKind::Expired, "login"),
        // A credential process is retried a few times, since some fail once, for example when their cache is locked.
        // Identity Center rejects a token (`UnauthorizedException`) after the end of the token or its session.
        _ if has(&["ExpiredToken", "expired", "external process", "UnauthorizedException"]) => {
            (CloudErrorKind::Expired, "credentials")
        }
        _ => (CloudErrorKind::Denied, "credentials"),
    }
}

/// Classifies a failed connection by the error text of the layers below, because they export no types for such errors.
fn unreachable_code(words: &str) -> Option<&'static str> {
    const BY_WORDS: &[(&str, &str)] = &[
        ("certificate", "certificate"),
        ("tunnel", "proxy"),
        ("proxy", "proxy"),
        ("dns error", "name"),
        ("failed to lookup address", "name"),
        ("Connection refused", "refused"),
        ("connect timeout", "connect timeout"),
    ];
    let found = BY_WORDS.iter().find(|(part, _)| words.contains(part));
    found.map(|(_, code)| *code)
}

/// Reads the `Reason` of an error of the EBS direct APIs from the response's body. The SDK has the reason only in a
/// separate type for each call.
fn reason(response: &HttpResponse) -> String {
    #[derive(serde::Deserialize)]
    struct Body {
        #[serde(rename = "Reason")]
        reason: Option<String>,
    }
    let body = response.body().bytes().unwrap_or_default();
    let parsed = serde_json::from_slice::<Body>(body).ok();
    parsed.and_then(|body| body.reason).unwrap_or_default()
}

/// Describes this machine's clock skew if the skew may be why AWS rejects the signature; otherwise returns an empty
/// text.
fn skew(code: &str, date: Option<&str>) -> String {
    const NOTABLE_S: u64 = 60;
    let is_about_time =
        code.contains("Signature") || code.contains("Time") || code.contains("Expired");
    let Some(date) = date.filter(|_| is_about_time) else { return String::new() };
    let format = aws_smithy_types::date_time::Format::HttpDate;
    let Ok(theirs) = aws_smithy_types::DateTime::from_str(date, format) else {
        return String::new();
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let off = now.cast_signed() - theirs.secs();
    match off.unsigned_abs() {
        0..NOTABLE_S => String::new(),
        by if off > 0 => format!(" (this machine's clock is {by} s ahead of AWS's)"),
        by => format!(" (this machine's clock is {by} s behind AWS's)"),
    }
}

/// Joins the texts of an error and its causes; leaves out a text that the line already ends with.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = cause.to_string();
        if !text.ends_with(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        source = cause.source();
    }
    text
}
