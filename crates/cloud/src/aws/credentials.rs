//! Loads and renews an account's credentials.

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

use aws_config::SdkConfig;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use tokio::sync::Mutex;

use super::login::Turn;
use super::spec::CredentialsSource;
use crate::target::Region;

/// Session name of assumed roles; it appears in the account's CloudTrail logs.
const SESSION: &str = "imprint";

/// Renew credentials this long before they expire, so that they outlast a slow call.
const RENEWED_BEFORE: Duration = Duration::from_secs(300);

/// Interval of renewal attempts when credentials are close to their end. Until a session ends, a provider may return
/// the same session at each attempt, and may have to run a process each time.
const RENEWED_EVERY: Duration = Duration::from_secs(30);

/// Do not use credentials that expire sooner than this.
const USED_UNTIL: Duration = Duration::from_secs(10);

/// Timeout of a provider, including its own retries.
const GIVEN_WITHIN: Duration = Duration::from_secs(15);

/// Everything needed to make an account's credentials provider.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub source: CredentialsSource,
    /// Region in which roles are assumed.
    pub home: Region,
    /// Configuration of the providers' calls to STS and SSO. It has retries of its own, since one hiccup there must not
    /// end a run.
    pub providers: ProviderConfig,
    /// SDK configuration for the provider that assumes a role, and for the check that renewed credentials are of the
    /// same account.
    pub base: SdkConfig,
    /// Keys that replace the ambient identity; `None` outside of tests.
    pub keys: Option<SharedCredentialsProvider>,
    /// Lock of the login from which the credentials come; `None` if there is no login.
    pub turn: Option<Turn>,
}

/// Keeps an account's credentials until they expire. If AWS calls them expired earlier, [`Self::forget`] drops them,
/// and the next use loads new ones, since somebody may have logged in again.
#[derive(Debug)]
pub(super) struct Renewable {
    recipe: Recipe,
    kept: Mutex<CachedCredentials>,
    /// Account of the first credentials; renewed ones must be of the same account.
    owner: OnceLock<String>,
}

/// Renewed credentials belong to another account than before, for example after another login.
#[derive(Debug, thiserror::Error)]
#[error("the credentials were of account {before} until now, and are of account {now} ({arn})")]
pub(super) struct OtherAccount {
    before: String,
    now: String,
    arn: String,
}

#[derive(Debug, Default)]
struct CachedCredentials {
    provider: Option<SharedCredentialsProvider>,
    credentials: Option<(Credentials, Instant)>,
    /// Number of times that [`Renewable::forget`] dropped the credentials.
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
            CredentialsSource::Ambient => self.ambient().await,
            // Not the default chain: it would prefer keys in the environment to the profile.
            CredentialsSource::Profile(name) => SharedCredentialsProvider::new(
                ProfileFileCredentialsProvider::builder()
                    .configure(&self.providers)
                    .profile_name(name)
                    .build(),
            ),
            CredentialsSource::Role { role, external_id } => {
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
        Self { recipe, kept: Mutex::default(), owner: OnceLock::new() }
    }

    /// Records the account that the credentials belong to; later calls change nothing.
    pub(super) fn belong_to(&self, account_id: &str) {
        self.owner.get_or_init(|| account_id.to_owned());
    }

    /// Returns the generation of the credentials in use, for [`Self::forget`].
    pub(super) async fn generation(&self) -> u64 {
        self.kept.lock().await.generation
    }

    /// Drops credentials that AWS called expired, unless another caller has done so since `generation` was read.
    pub(super) async fn forget(&self, generation: u64) {
        let mut kept = self.kept.lock().await;
        if kept.generation == generation {
            *kept =
                CachedCredentials { generation: generation + 1, ..CachedCredentials::default() };
        }
    }

    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let mut kept = self.kept.lock().await;
        if let Some((found, since)) = &kept.credentials
            && last(found.expiry(), since.elapsed(), SystemTime::now())
        {
            return Ok(found.clone());
        }
        let provider = match &kept.provider {
            Some(provider) => provider.clone(),
            None => self.recipe.provider().await,
        };
        let turn = match &self.recipe.turn {
            Some(turn) => Some(turn.lock().await),
            None => None,
        };
        let given = tokio::time::timeout(GIVEN_WITHIN, provider.provide_credentials()).await;
        drop(turn);
        let mut found =
            given.unwrap_or_else(|_| Err(CredentialsError::provider_timed_out(GIVEN_WITHIN)));
        if let Ok(new) = &found
            && let Err(error) = self.check(new).await
        {
            found = Err(error);
        }
        // Drop a provider that failed: it may keep what it read from a wrong file, and somebody may correct that file.
        kept.provider = found.is_ok().then_some(provider);
        kept.credentials = found.as_ref().ok().map(|found| (found.clone(), Instant::now()));
        found
    }

    /// Checks that renewed credentials are of the same account as before. A role needs no check: its ARN names the
    /// account.
    async fn check(&self, new: &Credentials) -> Result<(), CredentialsError> {
        let Some(before) = self.owner.get() else { return Ok(()) };
        if matches!(self.recipe.source, CredentialsSource::Role { .. }) {
            return Ok(());
        }
        let provider = SharedCredentialsProvider::new(new.clone());
        let base = self.recipe.base.clone().into_builder();
        let config = base.credentials_provider(provider).build();
        let sts = aws_sdk_sts::Client::new(&config);
        let answer = sts.get_caller_identity().send().await;
        let answer = answer.map_err(CredentialsError::provider_error)?;
        let now = answer.account().unwrap_or_default().to_owned();
        if now == *before {
            return Ok(());
        }
        let arn = answer.arn().unwrap_or_default().to_owned();
        let before = before.clone();
        Err(CredentialsError::provider_error(OtherAccount { before, now, arn }))
    }
}

/// Returns whether cached credentials that were loaded `asked_ago` before `now` may still be used.
fn last(end: Option<SystemTime>, asked_ago: Duration, now: SystemTime) -> bool {
    let Some(end) = end else { return true };
    end > now + RENEWED_BEFORE || end > now + USED_UNTIL && asked_ago < RENEWED_EVERY
}

impl ProvideCredentials for Renewable {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_near_their_end_are_asked_for_now_and_then() {
        let now = SystemTime::now();
        let (second, minute) = (Duration::from_secs(1), Duration::from_secs(60));
        assert!(last(None, minute, now));
        assert!(last(Some(now + 6 * minute), 60 * minute, now));
        assert!(last(Some(now + minute), second, now));
        assert!(!last(Some(now + minute), minute, now));
        assert!(!last(Some(now + second), Duration::ZERO, now));
    }
}
