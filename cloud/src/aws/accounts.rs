//! Profiles and roles, as configurations of the SDK.

use std::collections::BTreeMap;

use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tokio::sync::OnceCell;

use super::Aws;
use crate::target::{AccountName, Region, Target};

/// What sessions of assumed roles are called in an account's logs.
const SESSION: &str = "imprint";

/// How an account's credentials are come by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// As they are found around: environment, instance profile, and so on.
    Ambient,
    /// A profile of the AWS configuration files.
    Profile(String),
    /// A role that the ambient identity assumes.
    Role {
        /// Its ARN.
        arn: String,
        /// What its trust policy asks for.
        external_id: Option<String>,
    },
}

/// An account and how to come by its credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSpec {
    /// What the configuration calls it.
    pub name: AccountName,
    /// Its credentials.
    pub source: Source,
}

/// All accounts. Each one's credentials are asked for once, and kept until they expire.
#[derive(Debug)]
pub struct Accounts {
    http: SharedHttpClient,
    /// Where roles are assumed: a target's region may be down, or unknown.
    home: Region,
    endpoint: Option<String>,
    keys: Option<SharedCredentialsProvider>,
    accounts: BTreeMap<AccountName, (Source, OnceCell<SdkConfig>)>,
}

impl Accounts {
    /// Takes note of accounts, whose roles are assumed in a region; nothing is called.
    pub fn new(specs: Vec<AccountSpec>, home: Region) -> Self {
        let tls = Provider::Rustls(CryptoMode::Ring);
        let http = aws_smithy_http_client::Builder::new().tls_provider(tls).build_https();
        let accounts = specs.into_iter().map(|spec| (spec.name, (spec.source, OnceCell::new())));
        Self { http, home, endpoint: None, keys: None, accounts: accounts.collect() }
    }

    /// Calls somewhere else than AWS, whatever the environment says.
    #[must_use]
    pub fn at(self, endpoint: &str) -> Self {
        Self { endpoint: Some(endpoint.to_owned()), ..self }
    }

    /// Takes keys as the ambient identity, whatever the environment says.
    #[must_use]
    pub fn with_keys(self, id: &str, secret: &str) -> Self {
        let keys = Credentials::new(id, secret, None, None, "given");
        Self { keys: Some(SharedCredentialsProvider::new(keys)), ..self }
    }

    /// The accounts' names.
    pub fn names(&self) -> impl Iterator<Item = &AccountName> {
        self.accounts.keys()
    }

    /// Returns a way to call in a target; `None` for an account that is not known.
    pub async fn connect(&self, account: &AccountName, region: &Region) -> Option<Aws> {
        let (source, config) = self.accounts.get(account)?;
        let config = config.get_or_init(|| self.load(source)).await;
        let here = aws_config::Region::new(region.as_str().to_owned());
        let config = config.clone().into_builder().region(here).build();
        let target = Target { account: account.clone(), region: region.clone() };
        Some(Aws::new(target, &config))
    }

    async fn load(&self, source: &Source) -> SdkConfig {
        let home = aws_config::Region::new(self.home.as_str().to_owned());
        let loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(self.http.clone())
            .region(home.clone())
            // Retries and deadlines are ours: one budget a call.
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        let loader = match &self.endpoint {
            Some(endpoint) => loader.endpoint_url(endpoint),
            None => loader,
        };
        let loader = match &self.keys {
            Some(keys) => loader.credentials_provider(keys.clone()),
            None => loader,
        };
        match source {
            Source::Ambient => loader.load().await,
            Source::Profile(name) => loader.profile_name(name).load().await,
            Source::Role { arn, external_id } => {
                let base = loader.load().await;
                let role = AssumeRoleProvider::builder(arn).session_name(SESSION);
                let role = role.region(home).configure(&base);
                let role = match external_id {
                    Some(id) => role.external_id(id),
                    None => role,
                };
                let provider = SharedCredentialsProvider::new(role.build().await);
                base.into_builder().credentials_provider(provider).build()
            }
        }
    }
}
