//! How an account's credentials are come by, and come by anew.

use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use tokio::sync::Mutex;

use super::accounts::Source;
use crate::target::Region;

/// What sessions of assumed roles are called in an account's logs.
const SESSION: &str = "imprint";

/// Credentials that end sooner are renewed first: a call may take its time.
const RENEWED_BEFORE: Duration = Duration::from_secs(300);

/// How an account's credentials are made.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub source: Source,
    /// Where roles are assumed.
    pub home: Region,
    /// What providers call STS and SSO with: with retries of their own, since one hiccup there must not end a run.
    pub providers: ProviderConfig,
    /// The same for a role's provider.
    pub base: SdkConfig,
    /// Keys that stand in for the ambient identity.
    pub keys: Option<SharedCredentialsProvider>,
}

/// Credentials that are kept until they end, and that can be forgotten: what AWS calls expired is read anew, since
/// somebody may have logged in again.
#[derive(Debug)]
pub(super) struct Renewable {
    recipe: Recipe,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    provider: Option<SharedCredentialsProvider>,
    credentials: Option<Credentials>,
    /// How often they were forgotten.
    generation: u64,
}

impl Recipe {
    async fn ambient(&self) -> SharedCredentialsProvider {
        match &self.keys {
            Some(keys) => keys.clone(),
            None => {
                let chain = DefaultCredentialsChain::builder().configure(self.providers.clone());
                SharedCredentialsProvider::new(chain.build().await)
            }
        }
    }

    async fn provider(&self) -> SharedCredentialsProvider {
        match &self.source {
            Source::Ambient => self.ambient().await,
            // Alone: the default chain would take what the environment holds before the profile.
            Source::Profile(name) => SharedCredentialsProvider::new(
                ProfileFileCredentialsProvider::builder()
                    .configure(&self.providers)
                    .profile_name(name)
                    .build(),
            ),
            Source::Role { role, external_id } => {
                let ambient = self.ambient().await;
                let base = self.base.clone().into_builder().credentials_provider(ambient).build();
                let role = AssumeRoleProvider::builder(role.arn(&self.home));
                let role = role.session_name(SESSION).configure(&base);
                let role = match external_id {
                    Some(id) => role.external_id(id),
                    None => role,
                };
                SharedCredentialsProvider::new(role.build().await)
            }
        }
    }
}

impl Renewable {
    pub(super) fn new(recipe: Recipe) -> Self {
        Self { recipe, kept: Mutex::default() }
    }

    /// Which ones are in use: to be named to [`Self::forget`].
    pub(super) async fn generation(&self) -> u64 {
        self.kept.lock().await.generation
    }

    /// Forgets credentials that AWS calls expired, unless somebody else did meanwhile.
    pub(super) async fn forget(&self, generation: u64) {
        let mut kept = self.kept.lock().await;
        if kept.generation == generation {
            *kept = Kept { generation: generation + 1, ..Kept::default() };
        }
    }

    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let mut kept = self.kept.lock().await;
        let soon = SystemTime::now() + RENEWED_BEFORE;
        let lasts = |found: &&Credentials| found.expiry().is_none_or(|end| end > soon);
        if let Some(found) = kept.credentials.as_ref().filter(lasts) {
            return Ok(found.clone());
        }
        let provider = match &kept.provider {
            Some(provider) => provider.clone(),
            None => self.recipe.provider().await,
        };
        let found = provider.provide_credentials().await;
        // One that failed may have read a file that is mended by the next time.
        kept.provider = found.is_ok().then_some(provider);
        kept.credentials = found.as_ref().ok().cloned();
        found
    }
}

impl ProvideCredentials for Renewable {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}
