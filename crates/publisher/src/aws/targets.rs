//! Selects targets by names and `*`, and opens them.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::calls::{Caller, Cloud};
use cloud::target::{AccountName, RegionState, Selection, Selector, Target, select};
use tokio::task::JoinSet;
use wire::run::Problem;

use super::accounts::Accounts;
use crate::error::{PublishError, Reason, Result};

/// Accounts, with the configured groups and keys.
#[derive(Debug)]
pub struct Targets<A> {
    accounts: Arc<A>,
    groups: Arc<BTreeMap<String, Vec<String>>>,
    keys: Arc<BTreeMap<(String, String), String>>,
}

impl<A> Clone for Targets<A> {
    fn clone(&self) -> Self {
        let (groups, keys) = (Arc::clone(&self.groups), Arc::clone(&self.keys));
        Self { accounts: Arc::clone(&self.accounts), groups, keys }
    }
}

/// Selected targets, and accounts that could not be asked.
#[derive(Debug, Default)]
pub struct TargetResolution {
    /// Targets that the selectors match.
    pub selection: Selection,
    /// Accounts whose regions could not be listed, and why.
    pub failed: Vec<(AccountName, Problem)>,
}

impl<A: Accounts> Targets<A> {
    /// Makes targets from accounts, groups of selectors by name, and encryption keys by account and region.
    pub fn new(
        accounts: A,
        groups: BTreeMap<String, Vec<String>>,
        keys: BTreeMap<(String, String), String>,
    ) -> Self {
        Self { accounts: Arc::new(accounts), groups: Arc::new(groups), keys: Arc::new(keys) }
    }

    /// Returns the accounts as given to [`Self::new`].
    pub fn accounts(&self) -> &A {
        &self.accounts
    }

    /// Returns the configured key for a target; `None` if there is none.
    pub fn key(&self, target: &Target) -> Option<&str> {
        let name = (target.account.to_string(), target.region.to_string());
        self.keys.get(&name).map(String::as_str)
    }

    /// Returns whether the configuration has keys for the target's account, but none for the target.
    pub(crate) fn has_key_elsewhere(&self, target: &Target) -> bool {
        let mut keys = self.keys.keys();
        self.key(target).is_none() && keys.any(|(name, _)| name == target.account.as_str())
    }

    /// Parses selectors: `ACCOUNT/REGION`, where each part is a name or `*`; or `@GROUP`.
    ///
    /// # Errors
    /// [`Reason::Argument`]: a malformed selector or an unknown group.
    pub fn selectors(&self, texts: &[String]) -> Result<Vec<Selector>> {
        let wrong = |message: String| PublishError::new(Reason::Argument, message);
        let mut found = Vec::new();
        for text in texts {
            let group = text.strip_prefix('@').map(|name| {
                let group = self.groups.get(name);
                group.ok_or_else(|| wrong(format!("the configuration has no group {text}: add it to [aws.groups], or name the targets")))
            });
            let parts = match group.transpose()? {
                Some(group) => group.clone(),
                None => vec![text.clone()],
            };
            for part in parts {
                let parsed = Selector::parse_list(&part);
                found.extend(parsed.map_err(|error| wrong(error.to_string()))?);
            }
        }
        Ok(found)
    }

    /// Expands selectors to targets. An account is asked for its regions only if a selector has `*` for the region.
    ///
    /// # Errors
    /// [`Reason::Argument`]: an unknown account, or an exclusion that matches nothing.
    pub async fn resolve(
        &self,
        wanted: &[Selector],
        skipped: &[Selector],
    ) -> Result<TargetResolution> {
        let names = self.accounts.names();
        for account in wanted.iter().chain(skipped).filter_map(Selector::account) {
            if !names.contains(account) {
                let message = format!("account {account} is not in the configuration");
                return Err(PublishError::new(Reason::Argument, message));
            }
        }
        // Ask concurrently: an account that does not respond must not delay the others.
        let mut lists = JoinSet::new();
        for name in names {
            let is_meant = |selector: &&Selector| selector.account().is_none_or(|a| *a == name);
            let needs_list =
                wanted.iter().filter(is_meant).any(|selector| selector.region().is_none());
            let accounts = Arc::clone(&self.accounts);
            lists.spawn(async move {
                let regions =
                    if needs_list { regions(&*accounts, &name).await } else { Ok(vec![]) };
                (name, regions)
            });
        }
        let mut lists = lists.join_all().await;
        lists.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut known: Vec<(AccountName, Vec<RegionState>)> = Vec::new();
        let mut failed = Vec::new();
        for (name, regions) in lists {
            let regions = regions.unwrap_or_else(|error| {
                failed.push((name.clone(), Problem::from(PublishError::from(error))));
                Vec::new()
            });
            known.push((name, regions));
        }
        // A misspelt exclusion would publish where the user forbade it.
        let all = select(wanted, &[], &known);
        let takes_out = |selector: &&Selector| {
            all.targets.iter().chain(&all.not_opted_in).any(|target| selector.matches(target))
        };
        if let (Some(idle), true) = (skipped.iter().find(|s| !takes_out(s)), failed.is_empty()) {
            let account = idle.account().map_or("*", |account| account.as_str());
            let region = idle.region().map_or("*", |region| region.as_str());
            let message =
                format!("--skip-target {account}/{region} takes no target out: is it misspelt?");
            return Err(PublishError::new(Reason::Argument, message));
        }
        Ok(TargetResolution { selection: select(wanted, skipped, &known), failed })
    }

    /// Expands a selector that must match exactly one target.
    ///
    /// # Errors
    /// [`Reason::Argument`]: no target, or several.
    pub async fn resolve_one(&self, text: &str) -> Result<Target> {
        let selectors = self.selectors(&[text.to_owned()])?;
        match &self.resolve(&selectors, &[]).await?.selection.targets[..] {
            [target] => Ok(target.clone()),
            _ => Err(PublishError::new(
                Reason::Argument,
                format!("'{text}' must name exactly one target, as ACCOUNT/REGION"),
            )),
        }
    }

    /// Asks AWS for the caller's identity in the home region of each account, in all accounts at once.
    pub async fn callers(&self) -> Vec<(AccountName, Result<Caller>)> {
        let mut calls = JoinSet::new();
        for name in self.accounts.names() {
            let accounts = Arc::clone(&self.accounts);
            calls.spawn(async move {
                let caller = match accounts.connect_home(&name).await? {
                    Ok(cloud) => cloud.caller().await,
                    Err(error) => Err(error),
                };
                Some((name, caller.map_err(PublishError::from)))
            });
        }
        let mut callers: Vec<_> = calls.join_all().await.into_iter().flatten().collect();
        callers.sort_by(|(a, _), (b, _)| a.cmp(b));
        callers
    }

    /// Opens a target for calls.
    ///
    /// # Errors
    /// [`Reason::Argument`]: an unknown account; [`Reason::Cloud`].
    pub async fn connect(&self, target: &Target) -> Result<A::Cloud> {
        let found = self.accounts.connect(target).await;
        let message = || format!("account {} is not in the configuration", target.account);
        Ok(found.ok_or_else(|| PublishError::new(Reason::Argument, message()))??)
    }
}

async fn regions<A: Accounts>(
    accounts: &A,
    name: &AccountName,
) -> cloud::calls::Result<Vec<RegionState>> {
    match accounts.connect_home(name).await {
        Some(cloud) => cloud?.regions().await,
        None => Ok(Vec::new()),
    }
}
