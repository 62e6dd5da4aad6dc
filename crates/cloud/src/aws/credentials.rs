//! How an account's credentials are come by, and come by anew.

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

use super::accounts::Source;
use super::login::Turn;
use crate::target::Region;

/// What sessions of assumed roles are called in an account's logs.
const SESSION: &str = "imprint";

/// Credentials that end sooner are renewed first: a call may take its time.
const RENEWED_BEFORE: Duration = Duration::from_secs(300);

/// How often newer ones are asked for then: a provider that keeps a session to its end gives the same ones, and may be
/// a process that has to be run.
const RENEWED_EVERY: Duration = Duration::from_secs(30);

/// Ones that end sooner are not used at all.
const USED_UNTIL: Duration = Duration::from_secs(10);

/// How long a provider may take to give any, with its own retries.
const GIVEN_WITHIN: Duration = Duration::from_secs(15);

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
    /// The turn at the login that they come from, where they come from one.
    pub turn: Option<Turn>,
}

/// Credentials that are kept until they end, and that can be forgotten: what AWS calls expired is read anew, since
/// somebody may have logged in again.
#[derive(Debug)]
pub(super) struct Renewable {
    recipe: Recipe,
    kept: Mutex<Kept>,
    /// Whose they were when AWS was first asked: they stay that account's.
    owner: OnceLock<String>,
}

/// Credentials that became another account's while they were in use, as after another login.
#[derive(Debug, thiserror::Error)]
#[error("the credentials were of account {before} until now, and are of account {now} ({arn})")]
pub(super) struct OtherAccount {
    before: String,
    now: String,
    arn: String,
}

#[derive(Debug, Default)]
struct Kept {
    provider: Option<SharedCredentialsProvider>,
    credentials: Option<(Credentials, Instant)>,
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
        Self { recipe, kept: Mutex::default(), owner: OnceLock::new() }
    }

    /// Takes note of whose the credentials are, the first time.
    pub(super) fn belong_to(&self, account_id: &str) {
        self.owner.get_or_init(|| account_id.to_owned());
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
        // One that failed may have read a file that is mended by the next time.
        kept.provider = found.is_ok().then_some(provider);
        kept.credentials = found.as_ref().ok().map(|found| (found.clone(), Instant::now()));
        found
    }

    /// Makes sure that credentials are of the account that those before were of. A role's always are: its account
    /// stands in its ARN.
    async fn check(&self, new: &Credentials) -> Result<(), CredentialsError> {
        let Some(before) = self.owner.get() else { return Ok(()) };
        if matches!(self.recipe.source, Source::Role { .. }) {
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

/// Whether credentials that were asked for some time ago are used on.
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
