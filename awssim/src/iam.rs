//! Evaluation of an account's IAM policy. It covers actions, resources, and the conditions `Null` and `StringEquals`. A
//! condition can test the resource's tags, or the call that creates a tag.

use serde_json::Value;

use crate::answer::Refusal;
use crate::request::{Params, Request, Scope};
use crate::sim::Sim;
use crate::world::{Tags, partition};

/// Actions on a customer's key that a caller needs to start a snapshot. *Source:* AWS's policy for the EBS direct APIs.
const OF_KEY: [&str; 8] = [
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
];

/// An action on a resource, to be allowed or refused.
#[derive(Clone, Debug)]
struct Access {
    action: String,
    /// An ARN, or `*` for an action without a resource.
    resource: String,
    tags: Tags,
    /// The call that creates a tag, such as `RegisterImage`. `None` if the action is not `ec2:CreateTags`, and for the
    /// EBS direct APIs.
    create_action: Option<&'static str>,
}

impl Access {
    fn new(action: &str, resource: String) -> Self {
        Self { action: action.to_owned(), resource, tags: Tags::new(), create_action: None }
    }

    /// Returns the value of a condition key, such as `ec2:CreateAction`; `None` if this access has no value for the
    /// key.
    fn value(&self, key: &str) -> Option<&str> {
        match key.strip_prefix("aws:ResourceTag/") {
            Some(tag) => self.tags.get(tag).map(String::as_str),
            None if key == "ec2:CreateAction" => self.create_action,
            None => None,
        }
    }

    /// Returns whether a policy allows the access; the evaluation ignores `Deny` statements.
    fn is_allowed(&self, policy: &Value) -> bool {
        let statements = policy["Statement"].as_array().map_or(&[][..], Vec::as_slice);
        statements.iter().any(|statement| {
            let any = |name: &str, text: &str| texts(&statement[name]).any(|p| matches(p, text));
            statement["Effect"] == "Allow"
                && any("Action", &self.action)
                && any("Resource", &self.resource)
                && self.fulfils(&statement["Condition"])
        })
    }

    fn fulfils(&self, condition: &Value) -> bool {
        let Some(operators) = condition.as_object() else { return true };
        operators.iter().all(|(operator, keys)| {
            let keys = keys.as_object().into_iter().flatten();
            keys.into_iter().all(|(key, wanted)| match operator.as_str() {
                "Null" => (self.value(key).is_none()) == (wanted == "true"),
                "StringEquals" => {
                    self.value(key).is_some_and(|value| texts(wanted).any(|text| text == value))
                }
                // An operator that the simulator does not know allows nothing.
                _ => false,
            })
        })
    }
}

/// Iterates over a JSON string, or the strings of a JSON list.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let one = value.as_str().into_iter();
    one.chain(value.as_array().into_iter().flatten().filter_map(Value::as_str))
}

/// Returns whether a text matches a policy's pattern: `*` is any text, and nothing else is special.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(first) else { return false };
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    rest.is_empty() || starts.into_iter().any(|at| matches(rest, &text[at..]))
}

/// Returns whether the account's policy allows an access. Records the action, except for STS and the portal.
fn may(sim: &Sim, scope: &Scope, access: &Access) -> bool {
    let policy = sim.config.accounts.get(&scope.account).and_then(|spec| spec.policy.as_ref());
    // STS and the portal need no policy: roles have trust policies, and a login's token says what it allows.
    if ["sts:", "portal:"].iter().any(|service| access.action.starts_with(service)) {
        return true;
    }
    sim.note_action(&access.action);
    policy.is_none_or(|policy| access.is_allowed(policy))
}

/// Returns whether the caller may describe AMIs. A caller that sets an SSM parameter to an AMI needs this, because SSM
/// looks the AMI up with the caller's rights.
pub(crate) fn may_describe(sim: &Sim, scope: &Scope) -> bool {
    may(sim, scope, &Access::new("ec2:DescribeImages", "*".to_owned()))
}

/// Refuses to create a resource with tags if the caller is not allowed to set tags.
pub(crate) fn check_tags(sim: &Sim, scope: &Scope, kind: &str) -> Result<(), Refusal> {
    let Scope { region, service, .. } = scope;
    // The EBS direct APIs set no `ec2:CreateAction`. *Source:* the service authorization reference.
    let create_action = (service == "ec2").then_some("RegisterImage");
    let resource = format!("arn:{}:ec2:{region}::{kind}/new", partition(region));
    let access = Access { create_action, ..Access::new("ec2:CreateTags", resource) };
    if may(sim, scope, &access) {
        return Ok(());
    }
    Err(refusal(scope, &access))
}

/// Refuses a customer's key if the caller's policy does not allow its use.
pub(crate) fn check_key(sim: &Sim, scope: &Scope, arn: &str) -> Result<(), Refusal> {
    for action in OF_KEY {
        let access = Access::new(action, arn.to_owned());
        if !may(sim, scope, &access) {
            let refusal = Refusal::new(403, "AccessDeniedException", &words(scope, &access));
            return Err(refusal.because("DEPENDENCY_ACCESS_DENIED"));
        }
    }
    Ok(())
}

/// Refuses a call that the account's policy does not allow, with the service's own error.
pub(crate) fn check(
    sim: &Sim,
    scope: &Scope,
    call: &str,
    request: &Request,
) -> Result<(), Refusal> {
    for access in accesses(sim, scope, call, request) {
        if !may(sim, scope, &access) {
            return Err(refusal(scope, &access));
        }
    }
    Ok(())
}

fn words(scope: &Scope, access: &Access) -> String {
    let Access { action, resource, .. } = access;
    format!(
        "User: arn:aws:iam::{}:user/publisher is not authorized to perform: {action} on resource: {resource} \
         because no identity-based policy allows the {action} action",
        scope.account
    )
}

fn refusal(scope: &Scope, access: &Access) -> Refusal {
    let words = words(scope, access);
    match scope.service.as_str() {
        "ec2" => Refusal::new(403, "UnauthorizedOperation", &words),
        "ebs" => Refusal::new(403, "AccessDeniedException", &words).because("UNAUTHORIZED_ACCOUNT"),
        "ssm" | "kms" => Refusal::new(400, "AccessDeniedException", &words),
        _ => Refusal::new(403, "AccessDenied", &words),
    }
}

/// Returns the actions and resources that a call needs.
fn accesses(sim: &Sim, scope: &Scope, call: &str, request: &Request) -> Vec<Access> {
    let Scope { account, region, service, .. } = scope;
    let action = format!("{service}:{call}");
    let arn = |rest: &str| format!("arn:{}:{rest}", partition(region));
    let of = |kind: &str, id: &str| {
        let resource = arn(&format!("ec2:{region}::{kind}/{id}"));
        Access { tags: tags_of(sim, scope, id), ..Access::new(&action, resource) }
    };
    match service.as_str() {
        "ec2" => {
            let params = Params::parse(&request.body);
            let is_look = ["Describe", "Get"].iter().any(|word| call.starts_with(word));
            let snapshot = params.get("SnapshotId");
            match (params.get("ImageId"), snapshot) {
                _ if is_look => vec![Access::new(&action, "*".to_owned())],
                (Some(id), _) => vec![of("image", id)],
                (None, Some(id)) => vec![of("snapshot", id)],
                (None, None) if call == "RegisterImage" => {
                    let mappings = params.structs("BlockDeviceMapping");
                    let snapshots = mappings.iter().filter_map(|m| m.get("Ebs.SnapshotId"));
                    let snapshots = snapshots.map(|id| of("snapshot", id));
                    snapshots.chain([of("image", "new")]).collect()
                }
                (None, None) => vec![Access::new(&action, "*".to_owned())],
            }
        }
        "ebs" => {
            let mut parts = request.path.trim_matches('/').split('/').skip(1);
            let id = parts.find(|part| *part != "completion").unwrap_or("new");
            vec![of("snapshot", id)]
        }
        "ssm" | "kms" => {
            let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let resource = match (body["Name"].as_str(), body["KeyId"].as_str()) {
                (Some(name), _) => arn(&format!(
                    "ssm:{region}:{account}:parameter/{}",
                    name.trim_start_matches('/')
                )),
                (None, Some(key)) if key.starts_with("arn:") => key.to_owned(),
                (None, key) => {
                    arn(&format!("kms:{region}:{account}:key/{}", key.unwrap_or_default()))
                }
            };
            vec![Access::new(&action, resource)]
        }
        _ => vec![Access::new(&action, "*".to_owned())],
    }
}

/// Returns the tags of the account's own snapshot or AMI; empty for unknown ids.
fn tags_of(sim: &Sim, scope: &Scope, id: &str) -> Tags {
    let world = sim.world();
    let here = world.places.get(&scope.account).and_then(|regions| regions.get(&scope.region));
    let tags = here.and_then(|place| {
        let snapshot = place.snapshots.get(id).map(|found| &found.tags);
        snapshot.or_else(|| place.amis.get(id).map(|found| &found.tags))
    });
    tags.cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn policies_mean_what_they_say() {
        let policy = json!({"Statement": [
            {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"},
            {"Effect": "Allow", "Action": ["ec2:DeleteSnapshot"],
             "Resource": ["arn:aws:ec2:*::snapshot/*"],
             "Condition": {"Null": {"aws:ResourceTag/ours": "false"}}},
            {"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*",
             "Condition": {"StringEquals": {"ec2:CreateAction": ["RegisterImage"]}}},
        ]});
        let access = |action: &str, resource: &str| Access::new(action, resource.to_owned());
        assert!(access("ec2:DescribeImages", "*").is_allowed(&policy));
        assert!(!access("ec2:RegisterImage", "*").is_allowed(&policy));
        let snapshot = access("ec2:DeleteSnapshot", "arn:aws:ec2:eu-west-1::snapshot/snap-1");
        assert!(!snapshot.is_allowed(&policy));
        let tags = Tags::from([("ours".to_owned(), String::new())]);
        assert!(Access { tags: tags.clone(), ..snapshot.clone() }.is_allowed(&policy));
        let image = access("ec2:DeleteSnapshot", "arn:aws:ec2:eu-west-1::image/ami-1");
        assert!(!Access { tags, ..image }.is_allowed(&policy));
        let tag = access("ec2:CreateTags", "*");
        assert!(!tag.is_allowed(&policy));
        assert!(Access { create_action: Some("RegisterImage"), ..tag }.is_allowed(&policy));
        assert!(matches("a*c*", "abbcd") && !matches("a*c", "abbcd") && matches("*", ""));
    }
}
