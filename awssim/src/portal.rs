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

/// Whether a token has not ended; one that says no end is nobody's.
fn lasts(sim: &Sim, token: &str) -> bool {
    until(token).is_some_and(|until| sim.clock().now_ms() < until)
}

fn end(sim: &Sim, seconds: u64) -> i64 {
    sim.clock().now_ms().saturating_add_unsigned(seconds * 1000)
}

/// A role's keys, for the token of a login.
fn role_credentials(sim: &Sim, request: &Request) -> Result<Answer, Refusal> {
    let bearer = request.header("x-amz-sso_bearer_token").unwrap_or_default();
    if !lasts(sim, bearer) {
        return Err(Refusal::new(
            401,
            "UnauthorizedException",
            "Session token not found or invalid",
        ));
    }
    let account = request.query.need("account_id")?;
    let role = request.query.need("role_name")?;
    let none = || Refusal::new(403, "ForbiddenException", "No access");
    let spec = sim.config.accounts.get(account).ok_or_else(none)?;
    let until = end(sim, spec.session_s);
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

/// The refresh token of a request; it must not have ended.
fn refresh_token(sim: &Sim, body: &Value, refusal: Refusal) -> Result<(), Refusal> {
    let names = ["grantType", "refreshToken", "clientId"];
    let [grant, refresh, client] = names.map(|name| body[name].as_str().unwrap_or_default());
    if grant != "refresh_token" || client.is_empty() || !lasts(sim, refresh) {
        return Err(refusal);
    }
    Ok(())
}

/// Another token of a login to Identity Center.
fn token(sim: &Sim, request: &Request) -> Result<Answer, Refusal> {
    let refusal = Refusal::new(400, "InvalidGrantException", "the refresh token is not valid");
    refresh_token(sim, &request.json()?, refusal)?;
    Ok(Answer::json(
        200,
        &json!({
            "accessToken": session_token(end(sim, 3600)),
            "refreshToken": session_token(end(sim, 86_400)),
            "tokenType": "Bearer",
            "expiresIn": 3600,
        }),
    ))
}

/// Other keys of `aws login`, for who shows to have its private key.
fn login(sim: &Sim, request: &Request) -> Result<Answer, Refusal> {
    let proof = request.header("dpop").unwrap_or_default();
    if proof.split('.').count() != 3 {
        return Err(Refusal::new(400, "ValidationException", "the DPoP proof is missing"));
    }
    let expired = Refusal::new(401, "AccessDeniedException", "The refresh token has expired");
    let body = request.json()?;
    refresh_token(sim, &body, expired.because("TOKEN_EXPIRED"))?;
    // The simulator's refresh tokens name their account, since nothing else of the request does.
    let refresh = body["refreshToken"].as_str().unwrap_or_default();
    let account = refresh.rsplit_once('@').map_or("", |(_, account)| account);
    if !sim.config.accounts.contains_key(account) {
        return Err(Refusal::new(401, "AccessDeniedException", "unknown session"));
    }
    let next = format!("{}@{account}", session_token(end(sim, 12 * 3600)));
    Ok(Answer::json(
        200,
        &json!({
            "accessToken": {
                "accessKeyId": Scope::assumed_key(account, "login"),
                "secretAccessKey": "simulated",
                "sessionToken": session_token(end(sim, LOGIN_S)),
            },
            "tokenType": "aws_sigv4",
            "expiresIn": LOGIN_S,
            "refreshToken": next,
        }),
    ))
}
