//! Who asks for what, from headers and parameters.

use bytes::Bytes;
use hyper::{HeaderMap, Method};

use crate::answer::Refusal;
use crate::config::Config;

/// A request, read to its end.
#[derive(Debug)]
pub(crate) struct Request {
    pub method: Method,
    pub path: String,
    pub query: Params,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Request {
    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Who asks, where and for which service: what its signature is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    pub account: String,
    /// The role that was assumed, if one was.
    pub role: Option<String>,
    pub region: String,
    pub service: String,
}

/// Keys of the accounts themselves.
const OWN: &str = "AKIASIM";
/// Keys of assumed roles.
const ASSUMED: &str = "ASIASIM";

impl Scope {
    /// Reads the scope of a request's signature. The signature itself is not checked.
    pub(crate) fn of(request: &Request, config: &Config) -> Result<Self, Refusal> {
        let missing = || Refusal::new(403, "MissingAuthenticationToken", "no signature");
        let header = request.header("authorization").ok_or_else(missing)?;
        let credential = header
            .strip_prefix("AWS4-HMAC-SHA256 ")
            .and_then(|rest| rest.split(", ").find_map(|part| part.strip_prefix("Credential=")))
            .ok_or_else(missing)?;
        let parts: Vec<&str> = credential.split('/').collect();
        let &[key, _, region, service, "aws4_request"] = &parts[..] else { return Err(missing()) };
        let unknown = || {
            let message = "the access key is of no account: AKIASIM and its twelve digits";
            Refusal::new(403, "InvalidClientTokenId", message)
        };
        let (rest, is_assumed) = match (key.strip_prefix(OWN), key.strip_prefix(ASSUMED)) {
            (Some(rest), _) => (rest, false),
            (_, Some(rest)) => (rest, true),
            _ => return Err(unknown()),
        };
        let (account, role) = rest.split_at_checked(12).ok_or_else(unknown)?;
        let spec = config.accounts.get(account).ok_or_else(unknown)?;
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

    /// The access key of a role in an account.
    pub(crate) fn assumed_key(account: &str, role: &str) -> String {
        let role: String = role.chars().filter(char::is_ascii_alphanumeric).collect();
        format!("{ASSUMED}{account}{}", role.to_uppercase())
    }
}

/// Parameters of EC2's protocol: names with numbers in them for lists.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// The value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of a name that must be there.
    pub(crate) fn need(&self, name: &str) -> Result<&str, Refusal> {
        let message = format!("The request must contain the parameter {name}");
        self.get(name).ok_or_else(|| Refusal::new(400, "MissingParameter", &message))
    }

    /// A number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Refusal> {
        let bad = |value: &str| {
            Refusal::new(400, "InvalidParameterValue", &format!("{name}: '{value}' is no number"))
        };
        self.get(name).map(|value| value.parse().map_err(|_| bad(value))).transpose()
    }

    /// The values of `name.1`, `name.2` and so on.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        (1..).map_while(|number| self.get(&format!("{name}.{number}"))).collect()
    }

    /// What stands under `name.1`, `name.2` and so on.
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

    /// Whether something stands under a name.
    pub(crate) fn has(&self, prefix: &str) -> bool {
        self.0.iter().any(|(key, _)| key.starts_with(prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
