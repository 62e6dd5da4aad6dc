//! Who calls, and as whom.

use crate::answer::{Answer, Refusal, Xml};
use crate::clock::rfc3339;
use crate::request::{Params, Scope};
use crate::server::Sim;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// How long an assumed role is kept. *Source:* the limit for one role that assumes another.
const SESSION_MS: i64 = 3_600_000;

pub(crate) fn answer(
    sim: &Sim,
    scope: &Scope,
    call: &str,
    params: &Params,
    id: &str,
) -> Result<Answer, Refusal> {
    match call {
        "GetCallerIdentity" => Ok(Answer::xml("GetCallerIdentityResponse", NAMESPACE, |xml| {
            xml.node("GetCallerIdentityResult", |xml| {
                let Scope { account, role, .. } = scope;
                let arn = match role {
                    Some(role) => format!("arn:aws:sts::{account}:assumed-role/{role}/imprint"),
                    None => format!("arn:aws:iam::{account}:user/publisher"),
                };
                xml.leaf("Arn", arn);
                xml.leaf("UserId", "AIDASIM");
                xml.leaf("Account", account);
            });
            metadata(xml, id);
        })),
        "AssumeRole" => assume(sim, params, id),
        _ => Err(Refusal::new(400, "InvalidAction", call)),
    }
}

fn assume(sim: &Sim, params: &Params, id: &str) -> Result<Answer, Refusal> {
    let arn = params.need("RoleArn")?;
    let denied = |message: &str| Refusal::new(403, "AccessDenied", message);
    let parts: Vec<&str> = arn.split(':').collect();
    let &["arn", "aws", "iam", "", account, resource] = &parts[..] else {
        return Err(Refusal::new(400, "ValidationError", &format!("{arn} is invalid")));
    };
    let role = resource.strip_prefix("role/");
    let role = role.ok_or_else(|| Refusal::new(400, "ValidationError", "no role"))?;
    let message = format!("not authorized to perform: sts:AssumeRole on resource: {arn}");
    let spec = sim.config.accounts.get(account).ok_or_else(|| denied(&message))?;
    if spec.external_id.is_some() && spec.external_id.as_deref() != params.get("ExternalId") {
        return Err(denied(&message));
    }
    let session = params.need("RoleSessionName")?.to_owned();
    let until = rfc3339(sim.clock().now_ms() + SESSION_MS);
    Ok(Answer::xml("AssumeRoleResponse", NAMESPACE, |xml| {
        xml.node("AssumeRoleResult", |xml| {
            xml.node("AssumedRoleUser", |xml| {
                xml.leaf("AssumedRoleId", format!("AROASIM:{session}"));
                xml.leaf("Arn", format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"));
            });
            xml.node("Credentials", |xml| {
                xml.leaf("AccessKeyId", Scope::assumed_key(account, role));
                xml.leaf("SecretAccessKey", "simulated");
                xml.leaf("SessionToken", "simulated");
                xml.leaf("Expiration", until);
            });
        });
        metadata(xml, id);
    }))
}

fn metadata(xml: &mut Xml, id: &str) {
    xml.node("ResponseMetadata", |xml| xml.leaf("RequestId", id));
}
