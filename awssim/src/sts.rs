//! STS: identities and role sessions.

use crate::answer::{Answer, Refusal, Xml};
use crate::clock::rfc3339;
use crate::request::{Params, Scope, session_token};
use crate::sim::Sim;
use crate::world::partition;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

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
                let partition = partition(&scope.region);
                let arn = match role {
                    Some(role) => {
                        format!("arn:{partition}:sts::{account}:assumed-role/{role}/imprint")
                    }
                    None => format!("arn:{partition}:iam::{account}:user/publisher"),
                };
                xml.leaf("Arn", arn);
                xml.leaf("UserId", "AIDASIM");
                xml.leaf("Account", account);
            });
            metadata(xml, id);
        })),
        "AssumeRole" => {
            let (account, role) = role(&scope.region, params)?;
            let spec = sim.config.accounts.get(&account).filter(|spec| spec.has_role(&role));
            let external_id = spec.and_then(|spec| spec.external_id.as_deref());
            // A missing role gets the same error as a role that does not trust the caller.
            if spec.is_none() || external_id.is_some() && external_id != params.get("ExternalId") {
                let arn = params.need("RoleArn")?;
                let message =
                    format!("not authorized to perform: sts:AssumeRole on resource: {arn}");
                return Err(Refusal::new(403, "AccessDenied", &message));
            }
            session(sim, scope, "AssumeRole", params, id)
        }
        "AssumeRoleWithWebIdentity" => {
            if params.need("WebIdentityToken")?.split('.').count() != 3 {
                return Err(Refusal::new(400, "InvalidIdentityToken", "The ID Token is not a JWT"));
            }
            session(sim, scope, "AssumeRoleWithWebIdentity", params, id)
        }
        _ => Err(Refusal::new(400, "InvalidAction", call)),
    }
}

/// Returns the account and name of the requested role. Refuses a role that is in another partition than the region.
fn role(region: &str, params: &Params) -> Result<(String, String), Refusal> {
    let arn = params.need("RoleArn")?;
    let wrong = || Refusal::new(400, "ValidationError", &format!("{arn} is invalid"));
    let parts: Vec<&str> = arn.split(':').collect();
    let &["arn", of, "iam", "", account, resource] = &parts[..] else { return Err(wrong()) };
    let role = resource.strip_prefix("role/").filter(|_| of == partition(region));
    Ok((account.to_owned(), role.ok_or_else(wrong)?.to_owned()))
}

/// Answers with the keys of a role's session.
fn session(
    sim: &Sim,
    scope: &Scope,
    call: &str,
    params: &Params,
    id: &str,
) -> Result<Answer, Refusal> {
    let (account, role) = role(&scope.region, params)?;
    let spec = sim.config.accounts.get(&account).filter(|spec| spec.has_role(&role));
    let spec = spec.ok_or_else(|| Refusal::new(403, "AccessDenied", "no such role"))?;
    let session = params.need("RoleSessionName")?.to_owned();
    let until = sim.clock().after_s(spec.session_s);
    let partition = partition(&scope.region);
    Ok(Answer::xml(&format!("{call}Response"), NAMESPACE, |xml| {
        xml.node(&format!("{call}Result"), |xml| {
            xml.node("AssumedRoleUser", |xml| {
                xml.leaf("AssumedRoleId", format!("AROASIM:{session}"));
                let arn = format!("arn:{partition}:sts::{account}:assumed-role/{role}/{session}");
                xml.leaf("Arn", arn);
            });
            xml.node("Credentials", |xml| {
                xml.leaf("AccessKeyId", Scope::assumed_key(&account, &role));
                xml.leaf("SecretAccessKey", "simulated");
                xml.leaf("SessionToken", session_token(until));
                xml.leaf("Expiration", rfc3339(until));
            });
        });
        metadata(xml, id);
    }))
}

fn metadata(xml: &mut Xml, id: &str) {
    xml.node("ResponseMetadata", |xml| xml.leaf("RequestId", id));
}
