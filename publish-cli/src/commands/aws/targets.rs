//! `publish-cli targets …`, `selftest`, and what targets are meant by names and stars.

use std::collections::BTreeMap;

use cloud::aws::{AccountSpec, Accounts, Aws, Source};
use cloud::calls::Cloud;
use cloud::selftest;
use cloud::target::{AccountName, Region, RegionState, Selection, Selector, Target, select};
use rpc::status::Meaning;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use crate::cli::TargetsCommand;
use crate::context::Context;
use crate::direct::run::Problem;
use crate::direct::steps::Failed;
use crate::failure::Failure;
use crate::settings::{AccountToml, AwsToml};

/// Where accounts are asked for their regions unless the configuration says.
const REGION: &str = "us-east-1";

/// The account that there is without a configuration: whoever the environment says.
const DEFAULT_ACCOUNT: &str = "default";

/// Accounts, and what the configuration says of targets.
pub(super) struct Aim {
    pub accounts: Accounts,
    region: Region,
    groups: BTreeMap<String, Vec<String>>,
    /// Keys by account and region.
    keys: BTreeMap<(String, String), String>,
}

/// What selectors came to, with accounts that could not be asked.
pub(super) struct Resolved {
    pub selection: Selection,
    pub failed: Vec<(AccountName, Problem)>,
}

impl Aim {
    /// Reads the configuration.
    pub(super) fn of(settings: &AwsToml) -> anyhow::Result<Self> {
        let mut specs = Vec::new();
        for (name, account) in &settings.accounts {
            let source = source(name, account, settings)?;
            specs.push(AccountSpec { name: name.parse()?, source });
        }
        if specs.is_empty() {
            specs.push(AccountSpec { name: DEFAULT_ACCOUNT.parse()?, source: Source::Ambient });
        }
        let region: Region = settings.region.as_deref().unwrap_or(REGION).parse()?;
        let accounts = Accounts::new(specs, region.clone());
        let of = |(name, account): (&String, &AccountToml)| {
            let name = name.clone();
            let keys = account.kms_keys.clone().into_iter();
            keys.map(move |(region, key)| ((name.clone(), region), key)).collect::<Vec<_>>()
        };
        let keys = settings.accounts.iter().flat_map(of).collect();
        Ok(Self { accounts, region, groups: settings.groups.clone(), keys })
    }

    /// The key that the configuration names for a target.
    pub(super) fn key(&self, target: &Target) -> Option<&str> {
        let name = (target.account.to_string(), target.region.to_string());
        self.keys.get(&name).map(String::as_str)
    }

    /// Reads selectors, with groups of the configuration in their place.
    pub(super) fn selectors(&self, texts: &[String]) -> anyhow::Result<Vec<Selector>> {
        let mut found = Vec::new();
        for text in texts {
            let group = text.strip_prefix('@').map(|name| {
                let group = self.groups.get(name);
                group.ok_or_else(|| Failure::usage(format!("there is no group {text}")))
            });
            let parts = match group.transpose()? {
                Some(group) => group.clone(),
                None => vec![text.clone()],
            };
            for part in parts {
                let parsed = Selector::parse_list(&part);
                found.extend(parsed.map_err(|error| Failure::usage(error.to_string()))?);
            }
        }
        Ok(found)
    }

    /// Finds the targets that selectors mean. Accounts are asked for their regions only for a `*`.
    pub(super) async fn resolve(
        &self,
        wanted: &[Selector],
        skipped: &[Selector],
    ) -> anyhow::Result<Resolved> {
        for account in wanted.iter().filter_map(Selector::account) {
            if !self.accounts.names().any(|name| name == account) {
                let message = format!("account {account} is not in the configuration");
                return Err(Failure::usage(message));
            }
        }
        let mut known: Vec<(AccountName, Vec<RegionState>)> = Vec::new();
        let mut failed = Vec::new();
        for name in self.accounts.names() {
            let is_meant = |selector: &&Selector| selector.account().is_none_or(|a| a == name);
            let needs_list =
                wanted.iter().filter(is_meant).any(|selector| selector.region().is_none());
            let mut regions = Vec::new();
            if needs_list && let Some(aws) = self.accounts.connect(name, &self.region).await {
                match aws.regions().await {
                    Ok(found) => regions = found,
                    Err(error) => failed.push((name.clone(), Failed::from(error).into())),
                }
            }
            known.push((name.clone(), regions));
        }
        Ok(Resolved { selection: select(wanted, skipped, &known), failed })
    }

    /// Asks each account whom it takes us for.
    async fn callers(&self) -> Vec<(String, Result<String, String>)> {
        let mut callers = Vec::new();
        for name in self.accounts.names() {
            let answer = match self.accounts.connect(name, &self.region).await {
                Some(aws) => aws.caller().await,
                None => continue,
            };
            let answer = answer.map(|caller| caller.arn).map_err(|e| Failed::from(e).to_string());
            callers.push((name.to_string(), answer));
        }
        callers
    }

    /// Returns a way to call in a target.
    pub(super) async fn connect(&self, target: &Target) -> anyhow::Result<Aws> {
        let found = self.accounts.connect(&target.account, &target.region).await;
        let message = || format!("account {} is not in the configuration", target.account);
        found.ok_or_else(|| Failure::usage(message()))
    }
}

/// How to come by an account's credentials.
fn source(name: &str, account: &AccountToml, settings: &AwsToml) -> anyhow::Result<Source> {
    let usage = |problem: &str| Failure::usage(format!("configuration: account {name} {problem}"));
    match (&account.profile, &account.id) {
        (Some(profile), None) => Ok(Source::Profile(profile.clone())),
        (None, Some(id)) => {
            let role = account.role.as_ref().or(settings.role.as_ref());
            let role = role.ok_or_else(|| usage("has an id, but no role to assume"))?;
            let external_id = account.external_id.clone().or_else(|| settings.external_id.clone());
            Ok(Source::Role { arn: format!("arn:aws:iam::{id}:role/{role}"), external_id })
        }
        (Some(_), Some(_)) => Err(usage("has both a profile and an id: one of them")),
        (None, None) => Err(usage("has neither a profile nor an id")),
    }
}

/// Asks each account of the configuration whom it takes us for.
pub(super) fn callers(context: &Context) -> anyhow::Result<Vec<(String, Result<String, String>)>> {
    let aim = Aim::of(&context.settings.aws)?;
    Ok(context.runtime.block_on(aim.callers()))
}

/// Runs a command on targets.
pub(super) fn run(context: &Context, command: TargetsCommand) -> anyhow::Result<u8> {
    let TargetsCommand::List { targets } = command;
    let aim = Aim::of(&context.settings.aws)?;
    let targets = if targets.is_empty() { vec!["*/*".to_owned()] } else { targets };
    let wanted = aim.selectors(&targets)?;
    let (rows, code) = context.runtime.block_on(list(&aim, &wanted))?;
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let target = format!("{}/{}", text("account"), text("region"));
            format!(
                "{target:<32} {}",
                if row["error"].is_null() { text("arn") } else { text("error") }
            )
        })
        .collect();
    context.output.result(json!({"targets": rows}), || lines.join("\n"))?;
    Ok(code)
}

async fn list(aim: &Aim, wanted: &[Selector]) -> anyhow::Result<(Vec<Value>, u8)> {
    let resolved = aim.resolve(wanted, &[]).await?;
    let mut calls = JoinSet::new();
    for target in &resolved.selection.targets {
        let (aws, target) = (aim.connect(target).await?, target.clone());
        calls.spawn(async move {
            let row = |rest: Value| {
                let mut row =
                    json!({"account": target.account, "region": target.region, "error": null});
                if let (Some(row), Value::Object(rest)) = (row.as_object_mut(), rest) {
                    row.extend(rest);
                }
                row
            };
            match aws.caller().await {
                Ok(caller) => row(json!({"account_id": caller.account_id, "arn": caller.arn})),
                Err(error) => row(json!({"error": Failed::from(error).to_string()})),
            }
        });
    }
    let mut rows = calls.join_all().await;
    for target in &resolved.selection.not_opted_in {
        let error = "not opted in";
        rows.push(json!({"account": target.account, "region": target.region, "error": error}));
    }
    let code = resolved.failed.first().map(|(_, problem)| problem.exit_code);
    for (account, problem) in resolved.failed {
        rows.push(json!({"account": account, "region": "*", "error": problem.message}));
    }
    rows.sort_by_key(|row| (row["account"].to_string(), row["region"].to_string()));
    let is_error = |row: &Value| !row["error"].is_null() && row["error"] != "not opted in";
    let code = match (rows.iter().any(is_error), rows.iter().all(is_error), code) {
        (false, _, _) => 0,
        (true, true, Some(code)) => code,
        (true, _, _) => 7,
    };
    Ok((rows, code))
}

/// Runs `selftest`.
pub(super) fn selftest(context: &Context, target: &str) -> anyhow::Result<u8> {
    let aim = Aim::of(&context.settings.aws)?;
    let selectors = aim.selectors(&[target.to_owned()])?;
    let run = format!("{:x}", crate::context::now_ms());
    let mut checks = Vec::new();
    let outcome = context.runtime.block_on(async {
        let resolved = aim.resolve(&selectors, &[]).await?;
        let [target] = &resolved.selection.targets[..] else {
            return Err(Failure::usage(format!("'{target}' is not one target")));
        };
        let aws = aim.connect(target).await?;
        let tell = |name: &'static str, outcome: &selftest::Outcome| {
            let word = if outcome.is_ok() { "ok" } else { "FAILED" };
            context.output.note(&format!("{word:<7} {name}"));
            checks.push(json!({"check": name, "problem": outcome.as_ref().err()}));
        };
        Ok(selftest::run(&aws, |bytes| Sha256::digest(bytes).into(), &run, tell).await)
    })?;
    context.output.result(json!({"checks": checks}), String::new)?;
    outcome.map(|()| 0).map_err(|problem| Failure::error(Meaning::Refused, problem))
}
