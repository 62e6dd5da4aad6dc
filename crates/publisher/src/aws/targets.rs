//! The targets that names and stars mean, and the way to call in each.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::calls::{Caller, Cloud};
use cloud::target::{AccountName, RegionState, Selection, Selector, Target, select};
use tokio::task::JoinSet;
use wire::run::Problem;

use super::accounts::Accounts;
use crate::error::{PublishError, Reason, Result};

/// Accounts, and what is configured for targets.
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

/// What selectors came to, with accounts that could not be asked.
#[derive(Debug, Default)]
pub struct Resolved {
    /// The targets that are meant.
    pub selection: Selection,
    /// Accounts that could not be asked for their regions, and why.
    pub failed: Vec<(AccountName, Problem)>,
}

impl<A: Accounts> Targets<A> {
    /// Takes accounts, with groups of selectors by name, and keys to encrypt with by account and region.
    pub fn new(
        accounts: A,
        groups: BTreeMap<String, Vec<String>>,
        keys: BTreeMap<(String, String), String>,
    ) -> Self {
        Self { accounts: Arc::new(accounts), groups: Arc::new(groups), keys: Arc::new(keys) }
    }

    /// The accounts.
    pub fn accounts(&self) -> &A {
        &self.accounts
    }

    /// The key that the configuration names for a target.
    pub fn key(&self, target: &Target) -> Option<&str> {
        let name = (target.account.to_string(), target.region.to_string());
        self.keys.get(&name).map(String::as_str)
    }

    /// Whether the configuration names keys for a target's account, and none for the target.
    pub(crate) fn has_keys_but(&self, target: &Target) -> bool {
        let mut keys = self.keys.keys();
        self.key(target).is_none() && keys.any(|(name, _)| name == target.account.as_str())
    }

    /// Reads selectors: `ACCOUNT/REGION`, each a name or `*`, or `@GROUP`.
    ///
    /// # Errors
    /// [`Reason::Argument`].
    pub fn selectors(&self, texts: &[String]) -> Result<Vec<Selector>> {
        let wrong = |message: String| PublishError::new(Reason::Argument, message);
        let mut found = Vec::new();
        for text in texts {
            let group = text.strip_prefix('@').map(|name| {
                let group = self.groups.get(name);
                group.ok_or_else(|| wrong(format!("there is no group {text}")))
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

    /// Finds the targets that selectors mean. Accounts are asked for their regions only for a `*`.
    ///
    /// # Errors
    /// [`Reason::Argument`]: an account that is not known, or a selector that takes nothing out.
    pub async fn resolve(&self, wanted: &[Selector], skipped: &[Selector]) -> Result<Resolved> {
        let names = self.accounts.names();
        for account in wanted.iter().chain(skipped).filter_map(Selector::account) {
            if !names.contains(account) {
                let message = format!("account {account} is not in the configuration");
                return Err(PublishError::new(Reason::Argument, message));
            }
        }
        // All at once: one that does not answer holds up no other.
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
        // One that is misspelt would let publish where it was told not to.
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
        Ok(Resolved { selection: select(wanted, skipped, &known), failed })
    }

    /// Finds the one target that a text means.
    ///
    /// # Errors
    /// [`Reason::Argument`]: it means another number of targets.
    pub async fn resolve_one(&self, text: &str) -> Result<Target> {
        let selectors = self.selectors(&[text.to_owned()])?;
        match &self.resolve(&selectors, &[]).await?.selection.targets[..] {
            [target] => Ok(target.clone()),
            _ => Err(PublishError::new(Reason::Argument, format!("'{text}' is not one target"))),
        }
    }

    /// Asks each account whom it takes us for.
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

    /// Returns a way to call in a target.
    ///
    /// # Errors
    /// [`Reason::Argument`]: an account that is not known; [`Reason::Cloud`].
    pub async fn connect(&self, target: &Target) -> Result<A::Cloud> {
        let found = self.accounts.connect(target).await;
        let message = || format!("account {} is not in the configuration", target.account);
        Ok(found.ok_or_else(|| PublishError::new(Reason::Argument, message()))??)
    }
}

/// Asks an account for its regions.
async fn regions<A: Accounts>(
    accounts: &A,
    name: &AccountName,
) -> cloud::calls::Result<Vec<RegionState>> {
    match accounts.connect_home(name).await {
        Some(cloud) => cloud?.regions().await,
        None => Ok(Vec::new()),
    }
}
