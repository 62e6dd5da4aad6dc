//! What an account's callers may do, as a policy's list of actions says.

use crate::answer::Refusal;
use crate::config::Config;
use crate::request::Scope;

/// The action of a call: what a policy calls it.
fn action(service: &str, call: &str) -> String {
    format!("{service}:{call}")
}

/// Whether an action is one that a list allows: `*` stands for any end.
pub(crate) fn is_allowed(allow: &[String], action: &str) -> bool {
    allow.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(beginning) => action.starts_with(beginning),
        None => pattern == action,
    })
}

/// Whether a call's account lets its caller do something.
pub(crate) fn may(config: &Config, account: &str, action: &str) -> bool {
    let allow = config.accounts.get(account).and_then(|spec| spec.allow.as_ref());
    // Who one is may be asked by everybody; who may assume a role is for the role's trust policy to say.
    action.starts_with("sts:") || allow.is_none_or(|allow| is_allowed(allow, action))
}

/// Refuses tags at birth where the caller may not tag.
pub(crate) fn check_tags(config: &Config, scope: &Scope) -> Result<(), Refusal> {
    if may(config, &scope.account, "ec2:CreateTags") {
        return Ok(());
    }
    let message = "You are not authorized to perform this operation: ec2:CreateTags";
    Err(match scope.service.as_str() {
        "ec2" => Refusal::new(403, "UnauthorizedOperation", message),
        _ => Refusal::new(403, "AccessDeniedException", message).because("UNAUTHORIZED_ACCOUNT"),
    })
}

/// Refuses a call that the account's policy does not allow, in the service's words.
pub(crate) fn check(config: &Config, scope: &Scope, call: &str) -> Result<(), Refusal> {
    let action = action(&scope.service, call);
    if may(config, &scope.account, &action) {
        return Ok(());
    }
    let who = format!("arn:aws:iam::{}:user/publisher", scope.account);
    let message = format!(
        "User: {who} is not authorized to perform: {action} because no identity-based policy \
         allows the {action} action"
    );
    Err(match scope.service.as_str() {
        "ec2" => Refusal::new(403, "UnauthorizedOperation", &message),
        "ebs" => {
            Refusal::new(403, "AccessDeniedException", &message).because("UNAUTHORIZED_ACCOUNT")
        }
        "ssm" => Refusal::new(400, "AccessDeniedException", &message),
        _ => Refusal::new(403, "AccessDenied", &message),
    })
}
