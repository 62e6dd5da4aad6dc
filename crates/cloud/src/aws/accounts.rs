//! The configuration's accounts, their credentials and the checks of their numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use tokio::sync::OnceCell;

use super::Aws;
use super::attempt::Shared;
use super::http::BundleError;
use super::open::{OpenAccount, OpenError, Opener};
pub use super::spec::{AccountSpec, CredentialsSource, Role, Tell};
use crate::calls::{Cloud, Result};
use crate::error::{CloudError, CloudErrorKind};
use crate::flow::Flow;
use crate::target::{AccountName, Region, Target};
use crate::window::Bounds;

/// Limits on the blocks being read in all targets together. At 60 ms for each block, 64 concurrent reads reach the
/// quota of 1,000 a second. They take 32 MiB of memory.
const GETS: Bounds = Bounds { first: 8, max: 64 };

/// Limit on blocks in flight in one target. At 100 ms for each block, 100 in flight reach the quota of 1,000 a second.
const PUTS_OF_ONE_MAX: usize = 128;

/// Initial number of blocks in flight in all targets together: 4 MiB. Even the slowest links carry that in a minute.
const PUTS_FIRST: usize = 8;

/// Limits of concurrency for all targets together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concurrency {
    /// Limit on blocks being written.
    pub puts_max: usize,
    /// Limit on idle connections kept to each server.
    pub idle_max: usize,
}

/// All accounts. Each account's credentials are loaded once, and kept until they expire.
pub struct Accounts {
    opener: Opener,
    accounts: BTreeMap<AccountName, Account>,
    puts: Flow,
    gets: Flow,
    tell: Option<Tell>,
}

struct Account {
    spec: AccountSpec,
    opened: OnceCell<std::result::Result<OpenAccount, OpenError>>,
    /// Outcome of the check of the account's number. The check is made once, and even a failure is kept. Otherwise all
    /// regions of the account would wait for the same failing check, one after the other.
    checked: OnceCell<Result<()>>,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.names().collect();
        f.debug_struct("Accounts").field("names", &names).finish_non_exhaustive()
    }
}

impl Accounts {
    /// Registers accounts without any call to AWS. `home` is the region in which roles are assumed and regions listed;
    /// `None` means AWS_REGION, else the profile's region, else us-east-1.
    ///
    /// # Errors
    /// [`BundleError`]: the certificates named by the environment cannot be used.
    pub fn new(
        specs: Vec<AccountSpec>,
        home: Option<Region>,
        concurrency: Concurrency,
    ) -> std::result::Result<Self, BundleError> {
        let account = |spec: AccountSpec| {
            let name = spec.name.clone();
            (name, Account { spec, opened: OnceCell::new(), checked: OnceCell::new() })
        };
        let Concurrency { puts_max, idle_max } = concurrency;
        let bounds = |max| Bounds { first: PUTS_FIRST, max };
        Ok(Self {
            opener: Opener::new(home, idle_max)?,
            accounts: specs.into_iter().map(account).collect(),
            puts: Flow::new(bounds(puts_max), bounds(PUTS_OF_ONE_MAX.min(puts_max))),
            gets: Flow::new(GETS, GETS),
            tell: None,
        })
    }

    /// Sends all calls to this endpoint, whatever the environment says; for simulators.
    #[must_use]
    pub fn at(mut self, endpoint: &str) -> Self {
        self.opener.endpoint = Some(endpoint.to_owned());
        self
    }

    /// Uses these keys as the ambient identity, whatever the environment says.
    #[must_use]
    pub fn with_keys(mut self, id: &str, secret: &str) -> Self {
        let keys = Credentials::new(id, secret, None, None, "given");
        self.opener.keys = Some(SharedCredentialsProvider::new(keys));
        self
    }

    /// Sets the function to call for every failed attempt that will be retried.
    #[must_use]
    pub fn telling(self, tell: Tell) -> Self {
        Self { tell: Some(tell), ..self }
    }

    /// Returns the names of all accounts, sorted.
    pub fn names(&self) -> impl Iterator<Item = &AccountName> {
        self.accounts.keys()
    }

    /// Opens a target; `None` if the account is not in the configuration.
    ///
    /// # Errors
    /// The account's number differs from the configured one, or could not be learned; the AWS configuration cannot be
    /// parsed; the certificates of a profile cannot be used.
    pub async fn connect(&self, account: &AccountName, region: &Region) -> Option<Result<Aws>> {
        let account = self.accounts.get(account)?;
        let opened = match self.opened(account).await {
            Ok(opened) => opened,
            Err(problem) => {
                let target = Target { account: account.spec.name.clone(), region: region.clone() };
                let (kind, message) = (CloudErrorKind::Unreachable, problem.to_string());
                return Some(Err(CloudError::found_here(
                    "configuration",
                    target,
                    kind,
                    problem.code(),
                    message,
                )));
            }
        };
        let check = || async {
            match &account.spec.id {
                None => Ok(()),
                Some(id) => self.check(&account.spec, id, opened).await,
            }
        };
        if let Err(error) = account.checked.get_or_init(check).await {
            let target = Target { account: account.spec.name.clone(), region: region.clone() };
            return Some(Err(CloudError { target, ..error.clone() }));
        }
        Some(Ok(self.aws(&account.spec, region, opened)))
    }

    /// Opens the account in its home region, for calls that are not about one region.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub async fn connect_home(&self, account: &AccountName) -> Option<Result<Aws>> {
        let found = self.accounts.get(account)?;
        let home = match self.opened(found).await {
            Ok(opened) => opened.home.clone(),
            Err(_) => self.opener.home(&found.spec.source).await,
        };
        self.connect(account, &home).await
    }

    async fn opened<'a>(
        &self,
        account: &'a Account,
    ) -> std::result::Result<&'a OpenAccount, &'a OpenError> {
        account.opened.get_or_init(|| self.opener.open(&account.spec.source)).await.as_ref()
    }

    fn aws(&self, spec: &AccountSpec, region: &Region, opened: &OpenAccount) -> Aws {
        let here = aws_config::Region::new(region.as_str().to_owned());
        let config = opened.config.clone().into_builder().region(here).build();
        let shared = Shared {
            target: Target { account: spec.name.clone(), region: region.clone() },
            credentials: Arc::clone(&opened.credentials),
            puts: self.puts.lane(),
            gets: self.gets.lane(),
            tell: self.tell.clone(),
        };
        Aws::new(shared, &config)
    }

    /// Checks that the caller belongs to the configured account.
    async fn check(&self, spec: &AccountSpec, id: &str, opened: &OpenAccount) -> Result<()> {
        let aws = self.aws(spec, &opened.home, opened);
        let caller = aws.caller().await?;
        if caller.account_id == id {
            return Ok(());
        }
        let by = match &spec.source {
            CredentialsSource::Ambient => "the environment's credentials are".to_owned(),
            CredentialsSource::Profile(name) => format!("profile {name} is"),
            CredentialsSource::Role { role, .. } => format!("role {} is", role.arn(&opened.home)),
        };
        let message = format!(
            "{by} of account {} ({}), and the configuration says {id}",
            caller.account_id, caller.arn
        );
        let target = aws.target().clone();
        Err(CloudError::found_here(
            "GetCallerIdentity",
            target,
            CloudErrorKind::Denied,
            "WrongAccount",
            message,
        ))
    }

    /// Returns an account's home region; `None` if the account is not in the configuration.
    pub async fn home_of(&self, account: &AccountName) -> Option<Region> {
        let spec = &self.accounts.get(account)?.spec;
        Some(self.opener.home(&spec.source).await)
    }
}
