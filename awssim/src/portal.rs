//! Where people log in: IAM Identity Center's portal, its tokens, and the sign-in service behind `aws login`. Nothing
//! here is signed with keys; a token says who calls. Of each only what is asked for after the login in a browser.

use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::request::{Request, Scope, session_token, until};
use crate::server::Sim;

/// Seconds that keys of `aws login` last. *Source:* its documentation: the credentials rotate every 15 minutes.
const LOGIN_S: u64 = 900;

/// What a request asks of the portal.
pub(crate) fn call_of(request: &Request) -> Option<&'static str> {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/federation/credentials") => Some("GetRoleCredentials"),
        ("POST", "/token") => Some("CreateToken"),
        ("POST", "/v1/token") => Some("CreateOAuth2Token"),
        _ => None,
    }
}

pub(crate) fn answer(sim: &Sim, call: &str, request: &Request) -> Result<Answer, Refusal> {
    match call {
        "GetRoleCredentials" => role_credentials(sim, request),
        "CreateToken" => token(sim, request),
        "CreateOAuth2Token" => login(sim, request),
        _ => Err(Refusal::new(400, "InvalidRequestException", call)),
    }
}

/// Whether a token has not expired; a token without an end is refused.
fn is_valid(sim: &Sim, token: &str) -> bool {
    until(token).is_some_and(|until| sim.clock().now_ms() < until)
}

fn expiry_ms(sim: &Sim, seconds: u64) -> i64 {
    sim.clock().now_ms().saturating_add_unsigned(seconds * 1000)
}

/// A role's keys, for the token of a login.
fn role_credentials(sim: &Sim, request: &Request) -> Result<Answer, Refusal> {
    let bearer = request.header("x-amz-sso_bearer_token").unwrap_or_default();
    if !is_valid(sim, bearer) {
        let message = "Session token not found or invalid";
        return Err(Refusal::new(401, "UnauthorizedException", message));
    }
    let account = request.query.need("account_id")?;
    let role = request.query.need("role_name")?;
    let none = || Refusal::new(403, "ForbiddenException", "No access");
    let spec = sim.config.accounts.get(account).ok_or_else(none)?;
    let until = expiry_ms(sim, spec.session_s);
    Ok(Answer::json(
        200,
        &json!({"roleCredentials": {
            "accessKeyId": Scope::assumed_key(account, role),
            "secretAccessKey": "simulated",
            "sessionToken": session_token(until),
            "expiration": until,
        }}),
    ))
}

/// Takes the refresh token of a request, which is good for once.
fn refresh_token(sim: &Sim, request: &Request, refusal: Refusal) -> Result<String, Refusal> {
    let body = request.json()?;
    let names = ["grantType", "refreshToken", "clientId"];
    let [grant, refresh, client] = names.map(|name| body[name].as_str().unwrap_or_default());
    let is_right = grant == "refresh_token" && !client.is_empty() && is_valid(sim, refresh);
    if !is_right || !sim.use_once(refresh) {
        return Err(refusal);
    }
    Ok(refresh.to_owned())
}

/// Another token of a login to Identity Center.
fn token(sim: &Sim, request: &Request) -> Result<Answer, Refusal> {
    let refusal = Refusal::new(400, "InvalidGrantException", "the refresh token is not valid");
    refresh_token(sim, request, refusal)?;
    Ok(Answer::json(
        200,
        &json!({
            "accessToken": session_token(expiry_ms(sim, 3600)),
            "refreshToken": session_token(expiry_ms(sim, 86_400)),
            "tokenType": "Bearer",
            "expiresIn": 3600,
        }),
    ))
}

/// Whether a proof of a private key is one for this call. Its signature is not checked.
fn is_proof(proof: &str) -> bool {
    let part = |text: &str| -> Option<Value> {
        let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        serde_json::from_slice(&bytes).ok()
    };
    let parts: Vec<&str> = proof.split('.').collect();
    let &[head, payload, signature] = &parts[..] else { return false };
    let (Some(head), Some(payload)) = (part(head), part(payload)) else { return false };
    let is_for_this = payload["htu"].as_str().is_some_and(|address| address.ends_with("/v1/token"));
    let has_key = head["alg"] == "ES256" && head["jwk"]["x"].is_string();
    has_key && payload["htm"] == "POST" && is_for_this && !signature.is_empty()
}

/// Other keys of `aws login`, for a caller that proves to have its private key.
fn login(sim: &Sim, request: &Request) -> Result<Answer, Refusal> {
    if !is_proof(request.header("dpop").unwrap_or_default()) {
        return Err(Refusal::new(400, "ValidationException", "the DPoP proof is wrong"));
    }
    let expired = Refusal::new(401, "AccessDeniedException", "The refresh token has expired");
    let refresh = refresh_token(sim, request, expired.because("TOKEN_EXPIRED"))?;
    // The simulator's refresh tokens name their account, since nothing else of the request does.
    let account = refresh.rsplit_once('@').map_or("", |(_, account)| account);
    if !sim.config.accounts.contains_key(account) {
        return Err(Refusal::new(401, "AccessDeniedException", "unknown session"));
    }
    let next = format!("{}@{account}", session_token(expiry_ms(sim, 12 * 3600)));
    Ok(Answer::json(
        200,
        &json!({
            "accessToken": {
                "accessKeyId": Scope::assumed_key(account, "login"),
                "secretAccessKey": "simulated",
                "sessionToken": session_token(expiry_ms(sim, LOGIN_S)),
            },
            "tokenType": "aws_sigv4",
            "expiresIn": LOGIN_S,
            "refreshToken": next,
        }),
    ))
}
