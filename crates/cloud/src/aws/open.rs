//! Profiles and roles, as configurations of the SDK.

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

use super::accounts::Source;
use super::credentials::{Recipe, Renewable};
use super::http::{self, Bundle, BundleError};
use super::login::{Turns, login};
use crate::target::Region;

/// The home of accounts that say nothing of one, in no environment that does.
const HOME: &str = "us-east-1";

/// How often providers of credentials ask again by themselves, and how long one attempt may take. Logins by web identity
/// fail for seconds at a time: public threads tell of a dozen attempts, which the call that needs them makes. What is
/// wrong for good is told soon only if they give up soon.
const PROVIDER_ATTEMPTS: u32 = 3;
const PROVIDER_ATTEMPT: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(4);

/// What an account's calls share.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub config: SdkConfig,
    pub home: Region,
    pub credentials: Arc<Renewable>,
}

/// What all accounts are opened with.
pub(super) struct Opener {
    http: SharedHttpClient,
    idle_max: usize,
    /// Clients by the certificates that profiles name: most name the same.
    clients: Mutex<BTreeMap<PathBuf, SharedHttpClient>>,
    turns: Turns,
    /// Where roles are assumed and regions asked for, where the configuration says.
    home: Option<Region>,
    /// Where AWS is, in place of what the environment says.
    pub endpoint: Option<String>,
    /// Keys that stand in for the ambient identity.
    pub keys: Option<SharedCredentialsProvider>,
}

/// Why an account cannot be opened.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The AWS configuration cannot be parsed.
    #[error("{0}")]
    Profiles(String),
}

impl OpenError {
    /// What the error is called.
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

    /// Where a source of credentials is at home.
    pub(super) async fn home(&self, source: &Source) -> Region {
        if let Some(home) = &self.home {
            return home.clone();
        }
        let of_profile = match source {
            Source::Profile(name) => ProfileFileRegionProvider::builder().profile_name(name),
            Source::Ambient | Source::Role { .. } => ProfileFileRegionProvider::builder(),
        };
        let found = match EnvironmentVariableRegionProvider::new().region().await {
            Some(found) => Some(found),
            None => of_profile.build().region().await,
        };
        let named = found.and_then(|found| found.as_ref().parse().ok());
        named.unwrap_or_else(|| HOME.parse().expect("a region's name"))
    }

    /// The client of a source of credentials: with the certificates that its profile trusts, unless the environment
    /// names others.
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

    /// Makes an account's configuration; nothing is called.
    pub(super) async fn open(&self, source: &Source) -> Result<Opened, OpenError> {
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
            Source::Profile(name) => loader.profile_name(name),
            Source::Ambient | Source::Role { .. } => loader,
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
        // Retries and deadlines of calls are ours: one budget a call.
        let config = base
            .into_builder()
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).build())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .credentials_provider(SharedCredentialsProvider::from(provider))
            .build();
        Ok(Opened { config, home, credentials })
    }
}

/// Reads the AWS configuration, with the profile selected that a source of credentials means.
async fn profiles(source: &Source) -> Result<ProfileSet, OpenError> {
    let name = match source {
        Source::Profile(name) => Some(Cow::Owned(name.clone())),
        Source::Ambient | Source::Role { .. } => None,
    };
    // The types of files and environment have no public name elsewhere; the SDK's own loader takes no others.
    let (fs, env) = (Fs::real(), Env::real());
    match aws_config::profile::load(&fs, &env, &Default::default(), name).await {
        Ok(profiles) => Ok(profiles),
        Err(error @ ProfileFileLoadError::ParseError { .. }) => {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            Err(OpenError::Profiles(why.unwrap_or_else(|| error.to_string())))
        }
        // Files that cannot be read count as missing ones, as other tools take them.
        Err(_) => Ok(ProfileSet::default()),
    }
}
