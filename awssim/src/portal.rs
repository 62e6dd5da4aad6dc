//! Logins of people: IAM Identity Center's portal with its tokens, and the sign-in service of `aws login`. Requests
//! are not signed: a token names the caller, and `aws login` also needs a proof of the private key. The simulator has
//! only the calls that follow the login in a browser.

use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::request::{Request, Scope, session_token, until};
use crate::sim::Sim;

/// Seconds for which keys of `aws login` are valid. *Source:* AWS's documentation: the credentials rotate every 15
/// minutes.
const LOGIN_S: u64 = 900;

pub(crate) fn answer(sim: &Sim, call: &str, request: &Request) -> Result<Answer, Refusal> {
    match call {
        "GetRoleCredentials" => role_credentials(sim, request),
        "CreateToken" => token(sim, request),
        "CreateOAuth2Token" => login(sim, request),
        _ => Err(Refusal::new(400, "InvalidRequestException", call)),
    }
}

/// Returns whether a token is still valid; a token without an expiry time is not.
fn is_valid(sim: &Sim, token: &str) -> bool {
    until(token).is_some_and(|until| sim.clock().now_ms() < until)
}

/// Returns a role's keys for the access token of a login.
fn role_credentials(sim: &Sim, request: &Request) -> Result<Answer, Refusal> {
    let bearer = request.header("x-amz-sso_bearer_token").unwrap_or_default();
    if !is_valid(sim, bearer) {
        let message = "Session token not found or invalid";
        return Err(Refusal::new(401, "UnauthorizedException", message));
    }
    let account = request.query.need("account_id")?;
    let role = request.query.need("role_name")?;
    let none = || Refusal::new(403, "ForbiddenException", "No access");
    let spec = sim.config.accounts.get(account).filter(|spec| spec.has_role(role));
    let spec = spec.ok_or_else(none)?;
    let until = sim.clock().after_s(spec.session_s);
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

/// Checks and returns the refresh token of a request. A refresh token works only once.
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

/// Returns new tokens for a login to Identity Center.
fn token(sim: &Sim, request: &Request) -> Result<Answer, Refusal> {
    let refusal = Refusal::new(400, "InvalidGrantException", "the refresh token is not valid");
    refresh_token(sim, request, refusal)?;
    Ok(Answer::json(
        200,
        &json!({
            "accessToken": session_token(sim.clock().after_s(3600)),
            "refreshToken": session_token(sim.clock().after_s(86_400)),
            "tokenType": "Bearer",
            "expiresIn": 3600,
        }),
    ))
}

/// Returns whether a DPoP proof is for this call and signed with the key that it contains.
///
/// *Source:* RFC 9449, section 4. AWS accepts only the algorithm ES256.
fn is_proof(proof: &str) -> bool {
    let decode = |text: &str| data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok();
    let part = |text: &str| serde_json::from_slice::<Value>(&decode(text)?).ok();
    let Some((signed, signature)) = proof.rsplit_once('.') else { return false };
    let Some((head, payload)) = signed.split_once('.') else { return false };
    let (Some(head), Some(payload)) = (part(head), part(payload)) else { return false };
    let coordinate = |name: &str| head["jwk"][name].as_str().and_then(decode);
    let (Some(x), Some(y)) = (coordinate("x"), coordinate("y")) else { return false };
    let Some(signature) = decode(signature) else { return false };
    let is_for_this = payload["htu"].as_str().is_some_and(|address| address.ends_with("/v1/token"));
    let is_one = head["typ"] == "dpop+jwt" && head["alg"] == "ES256" && payload["htm"] == "POST";
    // The key is an uncompressed point of the curve: the byte 4, then both coordinates.
    let key = [&[4], &x[..], &y[..]].concat();
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key);
    is_one && is_for_this && key.verify(signed.as_bytes(), &signature).is_ok()
}

/// Returns new keys of `aws login` to a caller that proves that it has the private key.
fn login(sim: &Sim, request: &Request) -> Result<Answer, Refusal> {
    if !is_proof(request.header("dpop").unwrap_or_default()) {
        return Err(Refusal::new(400, "ValidationException", "the DPoP proof is wrong"));
    }
    let expired = Refusal::new(401, "AccessDeniedException", "The refresh token has expired");
    let refresh = refresh_token(sim, request, expired.because("TOKEN_EXPIRED"))?;
    // The simulator's refresh tokens name their account, because nothing else in the request does.
    let account = refresh.rsplit_once('@').map_or("", |(_, account)| account);
    if !sim.config.accounts.contains_key(account) {
        return Err(Refusal::new(401, "AccessDeniedException", "unknown session"));
    }
    let next = format!("{}@{account}", session_token(sim.clock().after_s(12 * 3600)));
    Ok(Answer::json(
        200,
        &json!({
            "accessToken": {
                "accessKeyId": Scope::assumed_key(account, "login"),
                "secretAccessKey": "simulated",
                "sessionToken": session_token(sim.clock().after_s(LOGIN_S)),
            },
            "tokenType": "aws_sigv4",
            "expiresIn": LOGIN_S,
            "refreshToken": next,
        }),
    ))
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};

    use super::*;

    #[test]
    fn a_proof_is_signed_with_the_key_that_it_names() {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).unwrap();
        let proof = |typ: &str, address: &str, is_ours: bool| {
            let point = &key.public_key().as_ref()[1..];
            let [x, y] = [&point[..32], &point[32..]].map(|part| BASE64URL_NOPAD.encode(part));
            let (x, y) = if is_ours { (x, y) } else { (y, x) };
            let head = json!({"typ": typ, "alg": "ES256", "jwk": {"x": x, "y": y}});
            let payload = json!({"htm": "POST", "htu": address});
            let parts =
                [head, payload].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
            let signed = parts.join(".");
            let signature = key.sign(&random, signed.as_bytes()).unwrap();
            format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
        };
        let address = "https://us-east-1.signin.aws.amazon.com/v1/token";
        let good = proof("dpop+jwt", address, true);
        assert!(is_proof(&good));
        assert!(!is_proof(&proof("jwt", address, true)));
        assert!(!is_proof(&proof("dpop+jwt", "https://example.net/", true)));
        assert!(!is_proof(&proof("dpop+jwt", address, false)));
        let signed = good.rsplit_once('.').unwrap().0;
        assert!(!is_proof(&format!("{signed}.{}", BASE64URL_NOPAD.encode(&[7; 64]))));
        for bad in ["", ".", "..", "a.b.c"] {
            assert!(!is_proof(bad), "{bad}");
        }
    }
}
