//! KMS: names of keys, and their state.

use serde_json::json;

use crate::answer::{Answer, Refusal};
use crate::config::Key;
use crate::request::{Request, Scope};
use crate::sim::Sim;
use crate::world::{DEFAULT_KEY_ALIAS, default_key, partition};

pub(crate) fn answer(
    sim: &Sim,
    scope: &Scope,
    call: &str,
    request: &Request,
) -> Result<Answer, Refusal> {
    let body = request.json()?;
    let name = body["KeyId"].as_str().filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Refusal::new(400, "ValidationException", "KeyId"))?;
    match call {
        "DescribeKey" => describe(sim, scope, name),
        _ => Err(Refusal::new(400, "UnknownOperationException", call)),
    }
}

/// Describes a key that the caller names by its id, alias or ARN. The caller can name a key of another account only by
/// an ARN. The key's policy must allow the caller.
fn describe(sim: &Sim, scope: &Scope, name: &str) -> Result<Answer, Refusal> {
    let Scope { account, region, .. } = scope;
    let here = format!("arn:{}:kms:{region}:", partition(region));
    if name.starts_with("arn:") && !name.starts_with(&here) {
        let message = format!("Invalid arn {}", name.split(':').nth(3).unwrap_or_default());
        return Err(Refusal::new(400, "NotFoundException", &message));
    }
    let of_aws = default_key(account, region);
    let alias = |alias: &str| format!("{here}{account}:{alias}");
    if [DEFAULT_KEY_ALIAS, &alias(DEFAULT_KEY_ALIAS), &of_aws].contains(&name) {
        let key = Key { arn: of_aws, ..Key::default() };
        return Ok(metadata(&key, "AWS"));
    }
    let is_named = |key: &&Key, owner: &str| {
        let is_own = owner == account;
        let alias = key.alias.as_deref().unwrap_or_default();
        let is_here = key.arn.starts_with(&here);
        let id = key.arn.rsplit('/').next().unwrap_or_default();
        is_here
            && (key.arn == name
                || !alias.is_empty() && format!("{here}{owner}:{alias}") == name
                || is_own && (alias == name && !alias.is_empty() || id == name))
    };
    let all = sim.config.accounts.iter();
    let mut keys = all.flat_map(|(owner, spec)| spec.keys.iter().map(move |key| (owner, key)));
    let found = keys.find(|(owner, key)| is_named(key, owner)).map(|(_, key)| key);
    let Some(key) = found else {
        let message = if name.contains("alias/") {
            format!(
                "Alias {} is not found.",
                if name.starts_with("arn:") { name.to_owned() } else { alias(name) }
            )
        } else {
            format!(
                "Key '{}' does not exist",
                if name.starts_with("arn:") {
                    name.to_owned()
                } else {
                    format!("{here}{account}:key/{name}")
                }
            )
        };
        return Err(Refusal::new(400, "NotFoundException", &message));
    };
    if key.is_denied {
        let message = format!(
            "User: arn:aws:iam::{account}:user/publisher is not authorized to perform: \
             kms:DescribeKey on resource: {} because no resource-based policy allows the \
             kms:DescribeKey action",
            key.arn
        );
        return Err(Refusal::new(400, "AccessDeniedException", &message));
    }
    Ok(metadata(key, "CUSTOMER"))
}

fn metadata(key: &Key, manager: &str) -> Answer {
    let parts: Vec<&str> = key.arn.splitn(6, ':').collect();
    let id = key.arn.rsplit('/').next().unwrap_or_default();
    let is_symmetric = key.spec == "SYMMETRIC_DEFAULT";
    Answer::json(
        200,
        &json!({"KeyMetadata": {
            "AWSAccountId": parts.get(4),
            "Arn": key.arn,
            "KeyId": id,
            "Enabled": key.state == "Enabled",
            "KeyState": key.state,
            "KeyManager": manager,
            "KeySpec": key.spec,
            "KeyUsage": if is_symmetric { "ENCRYPT_DECRYPT" } else { "SIGN_VERIFY" },
            "Origin": "AWS_KMS",
            "MultiRegion": id.starts_with("mrk-"),
        }}),
    )
}
