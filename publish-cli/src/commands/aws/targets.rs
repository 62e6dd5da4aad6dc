//! `publish-cli targets …`, and the targets of the configuration.

use std::sync::Arc;

use cloud::aws::Accounts;
use cloud::calls::{Caller, Cloud};
use publisher::PublishError;
use publisher::aws::{TargetResolution, Targets};
use serde::Serialize;
use tokio::task::JoinSet;
use wire::target::Target;

use super::accounts::{check_region, concurrency, specs};
use crate::context::Context;
use crate::failure::{Failure, common_code, publish_code};
use crate::settings::AccountToml;

/// Limit on blocks in flight for commands without `--concurrency`.
const PUTS_MAX: usize = 1024;

/// The configuration's targets, reached through the AWS SDK.
pub(super) type AwsTargets = Targets<Accounts>;

/// Makes the configuration's targets with the default limit of blocks in flight.
pub(super) fn of(context: &Context) -> anyhow::Result<AwsTargets> {
    with(context, PUTS_MAX)
}

/// Makes the configuration's targets; `puts_max` limits the blocks in flight in all targets together.
pub(super) fn with(context: &Context, puts_max: usize) -> anyhow::Result<AwsTargets> {
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
            "at most {} blocks are in flight at once instead of {puts_max}, because this process may open no more files: raise the hard limit (ulimit -Hn)",
            room.puts_max
        ));
    }
    let accounts = Accounts::new(specs, region, room);
    let accounts = accounts.map_err(|error| Failure::usage(error.to_string()))?;
    let reporter = context.reporter();
    let accounts = accounts.telling(Arc::new(move |trouble| reporter.retry(trouble)));
    let of = |(name, account): (&String, &AccountToml)| {
        let name = name.clone();
        let keys = account.kms_keys.clone().into_iter();
        keys.map(move |(region, key)| ((name.clone(), region), key)).collect::<Vec<_>>()
    };
    let keys = settings.accounts.iter().flat_map(of).collect();
    Ok(Targets::new(accounts, settings.groups.clone(), keys))
}

/// Resolves the targets that the command line names; if it names none, all targets of the configuration.
pub(super) fn resolve(
    context: &Context,
    targets: &AwsTargets,
    texts: Vec<String>,
) -> anyhow::Result<TargetResolution> {
    let texts = if texts.is_empty() { vec!["*/*".to_owned()] } else { texts };
    let wanted = targets.selectors(&texts)?;
    Ok(context.runtime.block_on(targets.resolve(&wanted, &[]))?)
}

/// Asks AWS for the identity (ARN) of the caller in each account of the configuration.
pub(in crate::commands) fn callers(
    context: &Context,
) -> anyhow::Result<Vec<(String, Result<String, String>)>> {
    let targets = of(context)?;
    let callers = context.runtime.block_on(targets.callers());
    let told = callers.into_iter().map(|(name, caller)| {
        let arn = caller.map(|caller| caller.arn).map_err(|error| error.chain());
        (name.to_string(), arn)
    });
    Ok(told.collect())
}

#[derive(Serialize)]
struct TargetsDocument {
    targets: Vec<TargetRow>,
}

#[derive(Serialize)]
struct TargetRow {
    account: String,
    region: String,
    #[serde(flatten)]
    caller: Option<CallerRow>,
    error: Option<String>,
}

#[derive(Serialize)]
struct CallerRow {
    account_id: String,
    arn: String,
}

impl TargetRow {
    fn of(target: &Target, caller: Result<Caller, String>) -> Self {
        let (account, region) = (target.account.to_string(), target.region.to_string());
        match caller {
            Ok(Caller { account_id, arn }) => {
                let caller = Some(CallerRow { account_id, arn });
                Self { account, region, caller, error: None }
            }
            Err(error) => Self { account, region, caller: None, error: Some(error) },
        }
    }

    fn line(&self) -> String {
        let target = format!("{}/{}", self.account, self.region);
        let arn = self.caller.as_ref().map(|caller| caller.arn.as_str());
        format!("{target:<32} {}", self.error.as_deref().or(arn).unwrap_or_default())
    }
}

pub(super) fn list(context: &Context, texts: Vec<String>) -> anyhow::Result<u8> {
    let targets = of(context)?;
    let resolved = resolve(context, &targets, texts)?;
    let callers = context.runtime.block_on(ask(&targets, &resolved.selection.targets));
    let (mut rows, mut codes) = (Vec::new(), Vec::new());
    for (target, caller) in callers {
        codes.push(caller.as_ref().map_or_else(publish_code, |_| 0));
        rows.push(TargetRow::of(&target, caller.map_err(|error| error.chain())));
    }
    for (account, problem) in resolved.failed {
        codes.push(problem.exit_code);
        rows.push(TargetRow {
            account: account.to_string(),
            region: "*".to_owned(),
            caller: None,
            error: Some(problem.message),
        });
    }
    // A region that is not opted in is listed, but does not make the exit code an error.
    for target in &resolved.selection.not_opted_in {
        rows.push(TargetRow::of(
            target,
            Err("the account has not opted in to this region".to_owned()),
        ));
    }
    rows.sort_by(|a, b| (&a.account, &a.region).cmp(&(&b.account, &b.region)));
    let lines: Vec<String> = rows.iter().map(TargetRow::line).collect();
    context.output.document(&TargetsDocument { targets: rows }, || lines.join("\n"))?;
    Ok(common_code(&codes))
}

/// Asks AWS for the identity of the caller in all targets at once.
async fn ask(targets: &AwsTargets, of: &[Target]) -> Vec<(Target, Result<Caller, PublishError>)> {
    let mut calls = JoinSet::new();
    for target in of {
        let (targets, target) = (targets.clone(), target.clone());
        calls.spawn(async move {
            let caller = match targets.connect(&target).await {
                Ok(aws) => aws.caller().await.map_err(PublishError::from),
                Err(error) => Err(error),
            };
            (target, caller)
        });
    }
    calls.join_all().await
}
