//! Turns profiles and roles into SDK configurations.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::identity::IdentityCache;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::{ProfileFileLoadError, ProfileFileRegionProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::os_shim_internal::{Env, Fs};
use tokio::sync::Mutex;

use super::credentials::{Recipe, Renewable};
use super::http::{self, Bundle, BundleError};
use super::login::{Turns, login};
use super::spec::CredentialsSource;
use crate::target::Region;

/// Home region if neither configuration, environment nor profile names one.
const HOME: &str = "us-east-1";

/// Number of attempts of a credentials provider, and the timeout of each attempt. Providers give up soon so that
/// permanent errors show soon. Web identity logins can fail for a few seconds; the call that needs the credentials is
/// then retried.
const PROVIDER_ATTEMPTS: u32 = 3;
const PROVIDER_ATTEMPT: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(4);

/// An account ready for calls, shared by all its regions.
#[derive(Clone, Debug)]
pub(super) struct OpenAccount {
    pub config: SdkConfig,
    pub home: Region,
    pub credentials: Arc<Renewable>,
}

/// Settings common to all accounts, and caches of what accounts share.
pub(super) struct Opener {
    http: SharedHttpClient,
    idle_max: usize,
    /// Clients by certificate file: most profiles name the same file.
    clients: Mutex<BTreeMap<PathBuf, SharedHttpClient>>,
    turns: Turns,
    /// The configured region for assuming roles and listing regions.
    home: Option<Region>,
    /// Endpoint of all calls, instead of the environment's.
    pub endpoint: Option<String>,
    /// Keys that replace the ambient identity; `None` outside of tests.
    pub keys: Option<SharedCredentialsProvider>,
}

/// Reason that an account cannot be opened.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The AWS configuration files cannot be parsed; holds the parser's text.
    #[error("{0}")]
    Profiles(String),
}

impl OpenError {
    /// Returns the value of `CloudError::code`, which selects the advice.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Bundle(_) => "ca_bundle",
            Self::Profiles(_) => "profile",
        }
    }
}

impl Opener {
    pub(super) fn new(home: Option<Region>, idle_max: usize) -> Result<Self, BundleError> {
        let http = http::client(idle_max, Bundle::of_environment())?;
        let (clients, turns) = (Mutex::default(), Turns::default());
        Ok(Self { http, idle_max, clients, turns, home, endpoint: None, keys: None })
    }

    /// Returns the home region: the configured one, else the environment's, else the profile's, else us-east-1.
    pub(super) async fn home(&self, source: &CredentialsSource) -> Region {
        if let Some(home) = &self.home {
            return home.clone();
        }
        let of_profile = match source {
            CredentialsSource::Profile(name) => {
                ProfileFileRegionProvider::builder().profile_name(name)
            }
            CredentialsSource::Ambient | CredentialsSource::Role { .. } => {
                ProfileFileRegionProvider::builder()
            }
        };
        let found = match EnvironmentVariableRegionProvider::new().region().await {
            Some(found) => Some(found),
            None => of_profile.build().region().await,
        };
        let named = found.and_then(|found| found.as_ref().parse().ok());
        named.unwrap_or_else(|| HOME.parse().expect("a region's name"))
    }

    /// Returns the client for a profile: with the profile's certificates, unless `AWS_CA_BUNDLE` overrides them.
    async fn client(&self, profiles: &ProfileSet) -> Result<SharedHttpClient, BundleError> {
        let of_profile = |path| Bundle::of_profile(profiles.selected_profile(), path);
        let bundle = profiles.get("ca_bundle").and_then(of_profile);
        let Some(bundle) = bundle.filter(|_| Bundle::of_aws().is_none()) else {
            return Ok(self.http.clone());
        };
        let mut clients = self.clients.lock().await;
        if let Some(client) = clients.get(bundle.path()) {
            return Ok(client.clone());
        }
        let path = bundle.path().to_owned();
        let client = http::client(self.idle_max, Some(bundle))?;
        clients.insert(path, client.clone());
        Ok(client)
    }

    /// Builds an account's configuration, without any call to AWS.
    pub(super) async fn open(&self, source: &CredentialsSource) -> Result<OpenAccount, OpenError> {
        let profiles = profiles(source).await?;
        let http = self.client(&profiles).await?;
        let home = self.home(source).await;
        let here = aws_config::Region::new(home.as_str().to_owned());
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(PROVIDER_ATTEMPT)
            .build();
        let retries = RetryConfig::standard().with_max_attempts(PROVIDER_ATTEMPTS);
        let loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http.clone())
            .region(here.clone())
            .retry_config(retries.clone())
            .timeout_config(timeouts.clone())
            .identity_cache(IdentityCache::no_cache())
            .no_credentials();
        let loader = match &self.endpoint {
            Some(endpoint) => loader.endpoint_url(endpoint),
            None => loader,
        };
        let loader = match source {
            CredentialsSource::Profile(name) => loader.profile_name(name),
            CredentialsSource::Ambient | CredentialsSource::Role { .. } => loader,
        };
        let base = loader.load().await;
        let providers = ProviderConfig::without_region()
            .with_region(Some(here))
            .with_http_client(http)
            .with_use_fips(base.use_fips())
            .with_use_dual_stack(base.use_dual_stack())
            .with_retry_config(retries)
            .with_timeout_config(timeouts);
        let recipe = Recipe {
            source: source.clone(),
            home: home.clone(),
            providers,
            base: base.clone(),
            keys: self.keys.clone(),
            turn: login(&profiles).map(|login| self.turns.of(&login)),
        };
        let credentials = Arc::new(Renewable::new(recipe));
        let provider: Arc<dyn ProvideCredentials> = Arc::<Renewable>::clone(&credentials);
        // The SDK's retries and deadlines are off: this crate's budget covers each call.
        let config = base
            .into_builder()
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).build())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .credentials_provider(SharedCredentialsProvider::from(provider))
            .build();
        Ok(OpenAccount { config, home, credentials })
    }
}

/// Loads the AWS configuration files and selects the source's profile.
async fn profiles(source: &CredentialsSource) -> Result<ProfileSet, OpenError> {
    let name = match source {
        CredentialsSource::Profile(name) => Some(Cow::Owned(name.clone())),
        CredentialsSource::Ambient | CredentialsSource::Role { .. } => None,
    };
    // The SDK exports the types of these arguments nowhere else.
    let (fs, env) = (Fs::real(), Env::real());
    match aws_config::profile::load(&fs, &env, &Default::default(), name).await {
        Ok(profiles) => Ok(profiles),
        Err(error @ ProfileFileLoadError::ParseError { .. }) => {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            Err(OpenError::Profiles(why.unwrap_or_else(|| error.to_string())))
        }
        // Unreadable files count as missing, as in other AWS tools.
        Err(_) => Ok(ProfileSet::default()),
    }
}
