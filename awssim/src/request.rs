//! Caller, place and parameters of a request.

use bytes::Bytes;
use hyper::{HeaderMap, Method};

use crate::answer::Refusal;
use crate::sim::Sim;

/// An HTTP request with its whole body.
#[derive(Debug)]
pub(crate) struct Request {
    pub method: Method,
    pub path: String,
    pub query: Params,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Request {
    pub(crate) fn json(&self) -> Result<serde_json::Value, Refusal> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Refusal::new(400, "SerializationException", &error.to_string()))
    }

    /// Returns a header's value; `None` if it is missing or no text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Caller, region and service of a request, from its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    pub account: String,
    /// The assumed role; `None` for the account's own key.
    pub role: Option<String>,
    pub region: String,
    pub service: String,
}

/// Prefix of the accounts' own access keys.
const OWN: &str = "AKIASIM";
/// Prefix of the access keys of assumed roles.
const ASSUMED: &str = "ASIASIM";

impl Scope {
    /// Reads the scope from a request's signature. Checks the time of the signature and of the session, but does not
    /// verify the signature.
    pub(crate) fn of(request: &Request, sim: &Sim) -> Result<Self, Refusal> {
        if is_web_identity(request) {
            return Ok(Self::anonymous("sts"));
        }
        if request.header("authorization").is_none() && portal_call(request).is_some() {
            return Ok(Self::anonymous("portal"));
        }
        let config = sim.config();
        let missing = || Refusal::new(403, "MissingAuthenticationToken", "no signature");
        let header = request.header("authorization").ok_or_else(missing)?;
        let credential = header
            .strip_prefix("AWS4-HMAC-SHA256 ")
            .and_then(|rest| rest.split(", ").find_map(|part| part.strip_prefix("Credential=")))
            .ok_or_else(missing)?;
        let parts: Vec<&str> = credential.split('/').collect();
        let &[key, _, region, service, "aws4_request"] = &parts[..] else { return Err(missing()) };
        let unknown = || {
            let message = "the access key belongs to no account: expected AKIASIM and an account's twelve digits";
            Refusal::new(403, "InvalidClientTokenId", message)
        };
        let (rest, is_assumed) = match (key.strip_prefix(OWN), key.strip_prefix(ASSUMED)) {
            (Some(rest), _) => (rest, false),
            (_, Some(rest)) => (rest, true),
            _ => return Err(unknown()),
        };
        let (account, role) = rest.split_at_checked(12).ok_or_else(unknown)?;
        let spec = config.accounts.get(account).ok_or_else(unknown)?;
        check_time(request, service, sim.real_now_s())?;
        check_session(request, service, sim.clock().now_ms())?;
        let is_region = config.regions.iter().any(|known| known == region);
        if !is_region || spec.not_opted_in.iter().any(|other| other == region) {
            let message = format!("account {account} may not use region {region}");
            return Err(Refusal::new(401, "OptInRequired", &message));
        }
        Ok(Self {
            account: account.to_owned(),
            role: is_assumed.then(|| role.to_owned()),
            region: region.to_owned(),
            service: service.to_owned(),
        })
    }

    /// Returns the scope of an unsigned call. A token in such a call names the caller.
    fn anonymous(service: &str) -> Self {
        let (account, region) = (String::new(), "us-east-1".to_owned());
        Self { account, role: None, region, service: service.to_owned() }
    }

    /// Returns the access key of an assumed role, such as `ASIASIM111111111111PUBLISHER`. [`Scope::of`] reads the
    /// account and the role from this key.
    pub(crate) fn assumed_key(account: &str, role: &str) -> String {
        let role: String = role.chars().filter(char::is_ascii_alphanumeric).collect();
        format!("{ASSUMED}{account}{}", role.to_uppercase())
    }
}

/// Returns whether the request is an unsigned AssumeRoleWithWebIdentity call; its token names the caller.
fn is_web_identity(request: &Request) -> bool {
    request.header("authorization").is_none()
        && Params::parse(&request.body).get("Action") == Some("AssumeRoleWithWebIdentity")
}

/// Refuses a signature that is too old or too new. *Source:* signatures are valid for 5 minutes, EC2's for 15.
fn check_time(request: &Request, service: &str, now_s: i64) -> Result<(), Refusal> {
    const APART_S: u64 = 300;
    const APART_EC2_S: u64 = 900;
    let text = request.header("x-amz-date").unwrap_or_default();
    let signed = signed_at(text).ok_or_else(|| {
        Refusal::new(400, "IncompleteSignature", "Authorization header requires 'X-Amz-Date'")
    })?;
    let apart = signed.abs_diff(now_s);
    match service {
        "ec2" if apart > APART_EC2_S => {
            Err(Refusal::new(400, "RequestExpired", "Request has expired."))
        }
        "ec2" => Ok(()),
        _ if apart > APART_S => {
            let message = format!("Signature expired: {text} is now earlier or later than allowed");
            let code = if service == "sts" {
                "SignatureDoesNotMatch"
            } else {
                "InvalidSignatureException"
            };
            Err(Refusal::new(403, code, &message))
        }
        _ => Ok(()),
    }
}

/// Parses a time such as `20261123T162000Z` to seconds since the epoch.
fn signed_at(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
    let (hour, minute, second) = (number(9..11)?, number(11..13)?, number(13..15)?);
    let days = crate::clock::days(year, month, day);
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Prefix of session tokens; the expiry time in milliseconds follows.
const UNTIL: &str = "until-";

/// Makes the token of a session that expires at a time.
pub(crate) fn session_token(until_ms: i64) -> String {
    format!("{UNTIL}{until_ms}")
}

/// Returns the expiry time of a token. The token can end with an `@` and the name of an account.
pub(crate) fn until(token: &str) -> Option<i64> {
    let until = token.strip_prefix(UNTIL)?;
    until.split_once('@').map_or(until, |(until, _)| until).parse().ok()
}

/// Refuses the session token of an expired session; an account's own key has no token and never expires.
fn check_session(request: &Request, service: &str, now_ms: i64) -> Result<(), Refusal> {
    let token = request.header("x-amz-security-token").unwrap_or_default();
    if until(token).is_none_or(|until| now_ms < until) {
        return Ok(());
    }
    let (status, code) = match service {
        "ec2" => (400, "RequestExpired"),
        "sts" => (403, "ExpiredToken"),
        _ => (403, "ExpiredTokenException"),
    };
    Err(Refusal::new(status, code, "The security token included in the request is expired"))
}

/// Parameters in the form of EC2's protocol, in which lists have numbered names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns the value of a parameter; without it, refuses the call with `MissingParameter`.
    pub(crate) fn need(&self, name: &str) -> Result<&str, Refusal> {
        let message = format!("The request must contain the parameter {name}");
        self.get(name).ok_or_else(|| Refusal::new(400, "MissingParameter", &message))
    }

    /// Parses the value of a parameter as a number. Returns `None` if the parameter is missing; refuses a
    /// value that is no number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Refusal> {
        let bad = |value: &str| {
            Refusal::new(400, "InvalidParameterValue", &format!("{name}: '{value}' is no number"))
        };
        self.get(name).map(|value| value.parse().map_err(|_| bad(value))).transpose()
    }

    /// Returns the values of `name.1`, `name.2` and so on.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        (1..).map_while(|number| self.get(&format!("{name}.{number}"))).collect()
    }

    /// Returns the parameters below `name.1`, below `name.2` and so on, without these prefixes.
    pub(crate) fn structs(&self, name: &str) -> Vec<Self> {
        let under = |prefix: String| {
            let strip = |(key, value): &(String, String)| {
                Some((key.strip_prefix(&prefix)?.to_owned(), value.clone()))
            };
            let found: Vec<_> = self.0.iter().filter_map(strip).collect();
            (!found.is_empty()).then_some(Self(found))
        };
        (1..).map_while(|number| under(format!("{name}.{number}."))).collect()
    }

    /// Returns whether the name of any parameter begins with `prefix`.
    pub(crate) fn has(&self, prefix: &str) -> bool {
        self.0.iter().any(|(key, _)| key.starts_with(prefix))
    }
}

/// Returns the portal's call that a request makes, found by method and path; `None` for other requests.
pub(crate) fn portal_call(request: &Request) -> Option<&'static str> {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/federation/credentials") => Some("GetRoleCredentials"),
        ("POST", "/token") => Some("CreateToken"),
        ("POST", "/v1/token") => Some("CreateOAuth2Token"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_signatures_are_read() {
        assert_eq!(signed_at("20261123T162000Z"), Some(1_795_450_800));
        assert_eq!(signed_at("19700101T000000Z"), Some(0));
        assert_eq!(signed_at("yesterday"), None);
    }

    #[test]
    fn lists_are_found_by_their_numbers() {
        let params = Params::parse(
            b"Action=DescribeImages&ImageId.1=a&ImageId.2=b&Filter.1.Name=n&Filter.1.Value.1=v%2F1",
        );
        assert_eq!(params.get("Action"), Some("DescribeImages"));
        assert_eq!(params.list("ImageId"), ["a", "b"]);
        let filters = params.structs("Filter");
        assert_eq!(filters.len(), 1);
        assert_eq!(filters[0].list("Value"), ["v/1"]);
        assert_eq!(params.list("Owner"), [] as [&str; 0]);
    }
}
