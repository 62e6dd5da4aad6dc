//! The accounts of the configuration, and whose they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use tokio::sync::OnceCell;

use super::Aws;
use super::attempt::Shared;
use super::http::BundleError;
use super::open::{OpenError, Opened, Opener};
use crate::calls::{Cloud, Result};
use crate::error::{CloudError, Kind};
use crate::flow::Flow;
use crate::retry::Trouble;
use crate::target::{AccountName, Partition, Region, Target};
use crate::window::Bounds;

/// Blocks that are being read at once in all targets: the quota of 1,000 a second at 60 ms each, and 32 MiB.
const GETS: Bounds = Bounds { first: 8, max: 64 };

/// Blocks under way in one target: 1,000 a second at 100 ms each is the quota.
const PUTS_OF_ONE_MAX: usize = 128;

/// Blocks under way in all targets at first: 4 MiB, which the slowest links carry in a minute.
const PUTS_FIRST: usize = 8;

/// How an account's credentials are come by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// As they are found around: environment, instance profile, and so on.
    Ambient,
    /// A profile of the AWS configuration files, and nothing else.
    Profile(String),
    /// A role that the ambient identity assumes.
    Role {
        /// Which.
        role: Role,
        /// What its trust policy asks for.
        external_id: Option<String>,
    },
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// By its ARN, which is taken as given.
    Arn(String),
    /// By its name in an account, in the partition in which the account is at home.
    Named {
        /// The account's number.
        id: String,
        /// The role's path and name.
        name: String,
    },
}

impl Role {
    /// Its ARN, for an account that is at home in a region.
    pub fn arn(&self, home: &Region) -> String {
        match self {
            Self::Arn(arn) => arn.clone(),
            Self::Named { id, name } => {
                format!("arn:{}:iam::{id}:role/{name}", Partition::of(home).name())
            }
        }
    }
}

/// An account and how to come by its credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSpec {
    /// What the configuration calls it.
    pub name: AccountName,
    /// Its credentials.
    pub source: Source,
    /// Its number, where the configuration says: any other caller is refused.
    pub id: Option<String>,
}

/// How much is to be under way at once, in all targets together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concurrency {
    /// Blocks that are put.
    pub puts_max: usize,
    /// Connections that are kept to each server without being used.
    pub idle_max: usize,
}

/// All accounts. Each one's credentials are asked for once, and kept until they expire.
pub struct Accounts {
    opener: Opener,
    accounts: BTreeMap<AccountName, Account>,
    puts: Flow,
    gets: Flow,
    tell: Option<Tell>,
}

/// Is told of every attempt that failed and is made again.
pub type Tell = Arc<dyn Fn(&Trouble) + Send + Sync>;

struct Account {
    spec: AccountSpec,
    opened: OnceCell<std::result::Result<Opened, OpenError>>,
    /// Whether its number is what the configuration says: asked once, whatever it came to. All of its regions would
    /// wait for the same answer, one after the other.
    checked: OnceCell<Result<()>>,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.names().collect();
        f.debug_struct("Accounts").field("names", &names).finish_non_exhaustive()
    }
}

impl Accounts {
    /// Takes note of accounts; nothing is called. `home` is where roles are assumed and regions asked for; without it
    /// that is AWS_REGION, or the profile's region, or us-east-1.
    ///
    /// # Errors
    /// [`BundleError`]: of the environment's certificates.
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

    /// Calls somewhere else than AWS, whatever the environment says.
    #[must_use]
    pub fn at(mut self, endpoint: &str) -> Self {
        self.opener.endpoint = Some(endpoint.to_owned());
        self
    }

    /// Takes keys as the ambient identity, whatever the environment says.
    #[must_use]
    pub fn with_keys(mut self, id: &str, secret: &str) -> Self {
        let keys = Credentials::new(id, secret, None, None, "given");
        self.opener.keys = Some(SharedCredentialsProvider::new(keys));
        self
    }

    /// Tells of every attempt that failed and is made again.
    #[must_use]
    pub fn telling(self, tell: Tell) -> Self {
        Self { tell: Some(tell), ..self }
    }

    /// The accounts' names.
    pub fn names(&self) -> impl Iterator<Item = &AccountName> {
        self.accounts.keys()
    }

    /// Returns a way to call in a target; `None` for an account that is not known.
    ///
    /// # Errors
    /// An account whose number is another than the configuration says; whether it is could not be learned; an AWS
    /// configuration that cannot be parsed; certificates of a profile that cannot be used.
    pub async fn connect(&self, account: &AccountName, region: &Region) -> Option<Result<Aws>> {
        let account = self.accounts.get(account)?;
        let opened = match self.opened(account).await {
            Ok(opened) => opened,
            Err(problem) => {
                let target = Target { account: account.spec.name.clone(), region: region.clone() };
                let (kind, message) = (Kind::Unreachable, problem.to_string());
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

    /// The same where the account is at home.
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
    ) -> std::result::Result<&'a Opened, &'a OpenError> {
        account.opened.get_or_init(|| self.opener.open(&account.spec.source)).await.as_ref()
    }

    fn aws(&self, spec: &AccountSpec, region: &Region, opened: &Opened) -> Aws {
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

    /// Whether the caller is of the account that the configuration says.
    async fn check(&self, spec: &AccountSpec, id: &str, opened: &Opened) -> Result<()> {
        let aws = self.aws(spec, &opened.home, opened);
        let caller = aws.caller().await?;
        if caller.account_id == id {
            return Ok(());
        }
        let by = match &spec.source {
            Source::Ambient => "the environment's credentials are".to_owned(),
            Source::Profile(name) => format!("profile {name} is"),
            Source::Role { role, .. } => format!("role {} is", role.arn(&opened.home)),
        };
        let message = format!(
            "{by} of account {} ({}), and the configuration says {id}",
            caller.account_id, caller.arn
        );
        let target = aws.target().clone();
        Err(CloudError::found_here(
            "GetCallerIdentity",
            target,
            Kind::Denied,
            "WrongAccount",
            message,
        ))
    }

    /// Where an account is at home; `None` for one that is not known.
    pub async fn home_of(&self, account: &AccountName) -> Option<Region> {
        let spec = &self.accounts.get(account)?.spec;
        Some(self.opener.home(&spec.source).await)
    }
}
