//! `publish-cli targets …`, and what targets are meant by names and stars.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::aws::{Accounts, Aws};
use cloud::calls::Cloud;
use cloud::retry::Trouble;
use cloud::target::{AccountName, RegionState, Selection, Selector, Target, select};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::accounts::{check_region, concurrency, specs};
use super::policy;
use crate::cli::TargetsCommand;
use crate::context::Context;
use crate::direct::run::{Problem, common_code};
use crate::direct::steps::Failed;
use crate::failure::Failure;
use crate::output::Output;
use crate::settings::AccountToml;

/// Blocks under way in all targets together, of commands that do not say.
const PUTS_MAX: usize = 1024;

/// The exit code of wrong usage.
const USAGE: u8 = 2;

/// Accounts, and what the configuration says of targets.
#[derive(Clone)]
pub(super) struct Aim {
    pub(super) accounts: Arc<Accounts>,
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
    pub(super) fn of(context: &Context) -> anyhow::Result<Self> {
        Self::with(context, PUTS_MAX)
    }

    /// The same, with at most so many blocks under way in all targets together.
    pub(super) fn with(context: &Context, puts_max: usize) -> anyhow::Result<Self> {
        let settings = &context.settings.aws;
        let specs = specs(settings)?;
        let region = settings.region.as_deref();
        let region = region.map(|name| check_region(name, "configuration: region")).transpose()?;
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            if let Ok(region) = std::env::var(name)
                && !region.is_empty()
            {
                check_region(&region, name)?;
            }
        }
        let room = concurrency(store::raise_open_files(), puts_max);
        if room.puts_max < puts_max {
            context.output.detail(&format!(
                "{} blocks are under way at once, not {puts_max}: no more files may be open",
                room.puts_max
            ));
        }
        let accounts = Accounts::new(specs, region, room);
        let accounts = accounts.map_err(|error| Failure::usage(error.to_string()))?;
        let troubles = Arc::clone(&context.output);
        let accounts = accounts.telling(Arc::new(move |trouble| tell(&troubles, trouble)));
        let of = |(name, account): (&String, &AccountToml)| {
            let name = name.clone();
            let keys = account.kms_keys.clone().into_iter();
            keys.map(move |(region, key)| ((name.clone(), region), key)).collect::<Vec<_>>()
        };
        let keys = settings.accounts.iter().flat_map(of).collect();
        let accounts = Arc::new(accounts);
        Ok(Self { accounts, groups: settings.groups.clone(), keys })
    }

    /// The key that the configuration names for a target.
    pub(super) fn key(&self, target: &Target) -> Option<&str> {
        let name = (target.account.to_string(), target.region.to_string());
        self.keys.get(&name).map(String::as_str)
    }

    /// Whether the configuration names keys for a target's account, and none for the target.
    pub(super) fn has_keys_but(&self, target: &Target) -> bool {
        let mut keys = self.keys.keys();
        self.key(target).is_none() && keys.any(|(name, _)| name == target.account.as_str())
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
        for account in wanted.iter().chain(skipped).filter_map(Selector::account) {
            if !self.accounts.names().any(|name| name == account) {
                let message = format!("account {account} is not in the configuration");
                return Err(Failure::usage(message));
            }
        }
        // All at once: one that does not answer holds up no other.
        let mut lists = JoinSet::new();
        for name in self.accounts.names() {
            let is_meant = |selector: &&Selector| selector.account().is_none_or(|a| a == name);
            let needs_list =
                wanted.iter().filter(is_meant).any(|selector| selector.region().is_none());
            let (accounts, name) = (Arc::clone(&self.accounts), name.clone());
            lists.spawn(async move {
                let regions = if needs_list { regions(&accounts, &name).await } else { Ok(vec![]) };
                (name, regions)
            });
        }
        let mut lists = lists.join_all().await;
        lists.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut known: Vec<(AccountName, Vec<RegionState>)> = Vec::new();
        let mut failed = Vec::new();
        for (name, regions) in lists {
            let regions = regions.unwrap_or_else(|error| {
                failed.push((name.clone(), Failed::from(error).into()));
                Vec::new()
            });
            known.push((name, regions));
        }
        // One that is misspelt would let publish where it was told not to.
        let all = select(wanted, &[], &known);
        let takes_out = |selector: &&Selector| {
            all.targets.iter().chain(&all.not_opted_in).any(|target| selector.matches(target))
        };
        if let (Some(idle), true) = (skipped.iter().find(|s| !takes_out(s)), failed.is_empty()) {
            let account = idle.account().map_or("*", |account| account.as_str());
            let region = idle.region().map_or("*", |region| region.as_str());
            return Err(Failure::usage(format!(
                "--skip-target {account}/{region} takes no target out: is it misspelt?"
            )));
        }
        Ok(Resolved { selection: select(wanted, skipped, &known), failed })
    }

    /// Asks each account whom it takes us for.
    async fn callers(&self) -> Vec<(String, Result<String, String>)> {
        let mut calls = JoinSet::new();
        for name in self.accounts.names() {
            let (accounts, name) = (Arc::clone(&self.accounts), name.clone());
            calls.spawn(async move {
                let answer = match accounts.connect_home(&name).await? {
                    Ok(aws) => aws.caller().await,
                    Err(error) => Err(error),
                };
                let arn = answer.map(|caller| caller.arn).map_err(|e| Failed::from(e).to_string());
                Some((name.to_string(), arn))
            });
        }
        let mut callers: Vec<_> = calls.join_all().await.into_iter().flatten().collect();
        callers.sort();
        callers
    }

    /// Returns a way to call in a target.
    pub(super) async fn connect(&self, target: &Target) -> Result<Aws, Failed> {
        let found = self.accounts.connect(&target.account, &target.region).await;
        let message = || format!("account {} is not in the configuration", target.account);
        Ok(found.ok_or_else(|| Failed::other(message(), USAGE))??)
    }
}

/// Asks an account for its regions.
async fn regions(
    accounts: &Accounts,
    name: &AccountName,
) -> cloud::calls::Result<Vec<RegionState>> {
    match accounts.connect_home(name).await {
        Some(aws) => aws?.regions().await,
        None => Ok(Vec::new()),
    }
}

/// Tells of an attempt that is made again: as an event, with -v, and where nothing was said for a while.
fn tell(output: &Output, trouble: &Trouble) {
    let Trouble { error, attempt, pause } = trouble;
    let event = json!({
        "target": error.target.to_string(), "call": error.call, "code": error.code,
        "reason": error.reason, "message": error.message, "attempt": attempt,
        "pause_ms": u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
    });
    output.event("retry", event);
    output.waiting(&format!("{error}; again in {:.1} s (attempt {attempt})", pause.as_secs_f64()));
}

/// Asks each account of the configuration whom it takes us for.
pub(super) fn callers(context: &Context) -> anyhow::Result<Vec<(String, Result<String, String>)>> {
    let aim = Aim::of(context)?;
    Ok(context.runtime.block_on(aim.callers()))
}

/// Runs a command on targets.
pub(super) fn run(context: &Context, command: TargetsCommand) -> anyhow::Result<u8> {
    let targets = match command {
        TargetsCommand::List { targets } => targets,
        TargetsCommand::Policy { account, partition, caller } => {
            return policy::run(context, account.as_ref(), partition, caller);
        }
    };
    let aim = Aim::of(context)?;
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
        let (aim, target) = (aim.clone(), target.clone());
        calls.spawn(async move {
            let aws = aim.connect(&target).await;
            let row = |rest: Value| {
                let mut row =
                    json!({"account": target.account, "region": target.region, "error": null});
                if let (Some(row), Value::Object(rest)) = (row.as_object_mut(), rest) {
                    row.extend(rest);
                }
                row
            };
            let caller = match aws {
                Ok(aws) => aws.caller().await.map_err(Failed::from),
                Err(error) => Err(error),
            };
            match caller {
                Ok(caller) => (row(json!({"account_id": caller.account_id, "arn": caller.arn})), 0),
                Err(error) => (row(json!({"error": error.to_string()})), error.exit_code()),
            }
        });
    }
    let mut rows = calls.join_all().await;
    for (account, problem) in resolved.failed {
        let row = json!({"account": account, "region": "*", "error": problem.message});
        rows.push((row, problem.exit_code));
    }
    let code = common_code(&rows.iter().map(|(_, code)| *code).collect::<Vec<_>>());
    let mut rows: Vec<Value> = rows.into_iter().map(|(row, _)| row).collect();
    // It is no failure of ours, nor of the account.
    for target in &resolved.selection.not_opted_in {
        let error = "not opted in";
        rows.push(json!({"account": target.account, "region": target.region, "error": error}));
    }
    rows.sort_by_key(|row| (row["account"].to_string(), row["region"].to_string()));
    Ok((rows, code))
}
