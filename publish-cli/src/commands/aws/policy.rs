//! `publish-cli targets policy`: the IAM policies that publishing needs.

use std::collections::BTreeMap;

use cloud::aws::{AccountSpec, CredentialsSource};
use cloud::target::{AccountName, Partition};
use publisher::aws::policy;
use rpc::exit;
use serde::Serialize;

use super::accounts::specs;
use super::targets;
use crate::context::Context;
use crate::failure::Failure;

#[derive(Serialize)]
struct PolicyDocument {
    policy: serde_json::Value,
}

/// Prints the policy of the publishing roles; with `caller`, the policy of the identity that assumes these roles.
pub(super) fn run(
    context: &Context,
    account: Option<&AccountName>,
    partition: Option<String>,
    caller: bool,
) -> anyhow::Result<u8> {
    let (settings, targets) = (&context.settings.aws, targets::of(context)?);
    let mut specs = specs(settings)?;
    if let Some(account) = account {
        specs.retain(|spec| spec.name == *account);
    }
    let unknown = || {
        let name = account.as_ref().map_or("default", |account| account.as_str());
        Failure::usage(format!("account '{name}' is not in the configuration"))
    };
    let first = specs.first().ok_or_else(unknown)?;
    let home = context.runtime.block_on(targets.accounts().home_of(&first.name));
    let home = home.ok_or_else(unknown)?;
    let document = if caller {
        let role = |spec: &AccountSpec| match &spec.source {
            CredentialsSource::Role { role, .. } => Some(role.arn(&home)),
            CredentialsSource::Ambient | CredentialsSource::Profile(_) => None,
        };
        let roles: Vec<String> = specs.iter().filter_map(role).collect();
        if roles.is_empty() {
            return Err(Failure::usage(
                "no account of the configuration has a role to assume, so no policy for --caller is needed: leave --caller out",
            ));
        }
        policy::caller(&roles)
    } else {
        let named = specs.iter().map(|spec| settings.accounts.get(spec.name.as_str()));
        let keys: Vec<_> = named.map(|account| account.map(|account| &account.kms_keys)).collect();
        // An account without configured keys encrypts with its default key, which may be a customer's key. A policy can
        // name keys only by ARN. So the policy lists keys only if every account has some and all of them are ARNs.
        let is_arn = |key: &String| key.contains(":key/");
        let are_arns =
            |keys: &BTreeMap<String, String>| !keys.is_empty() && keys.values().all(is_arn);
        let keys = match keys.iter().all(|keys| keys.is_some_and(are_arns)) {
            true => keys.into_iter().flatten().flat_map(|keys| keys.values().cloned()).collect(),
            false => Vec::new(),
        };
        let partition = partition.unwrap_or_else(|| Partition::of(&home).name().to_owned());
        policy::publisher(&policy::Scope { partition, keys })
    };
    let text = serde_json::to_string_pretty(&document)?;
    context.output.document(&PolicyDocument { policy: document }, || text)?;
    Ok(exit::DONE)
}
