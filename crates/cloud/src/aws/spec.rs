//! Accounts as a configuration describes them: the sources of their credentials, and the function that hears of failed
//! attempts.

use std::sync::Arc;

use crate::retry::FailedAttempt;
use crate::target::{AccountName, Partition, Region};

/// Where an account's credentials come from, at first and at each renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialsSource {
    /// The SDK's default chain: environment, profile, instance profile, and so on.
    Ambient,
    /// A profile of the AWS configuration files, and no other source.
    Profile(String),
    /// A role that the ambient identity assumes.
    Role {
        /// Assumed in the account's home region, with the session name `imprint`.
        role: Role,
        /// External id, if the role's trust policy requires one.
        external_id: Option<String>,
    },
}

/// A role to assume, by ARN or by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The full ARN, used as given.
    Arn(String),
    /// A name in an account; the ARN takes its partition from the account's home region.
    Named {
        /// The account's twelve-digit number.
        id: String,
        /// The role's name, with its path if it has one.
        name: String,
    },
}

impl Role {
    /// Returns the role's ARN in the partition of the region `home`.
    pub fn arn(&self, home: &Region) -> String {
        match self {
            Self::Arn(arn) => arn.clone(),
            Self::Named { id, name } => {
                format!("arn:{}:iam::{id}:role/{name}", Partition::of(home).name())
            }
        }
    }
}

/// An account as the configuration describes it. The account's number is checked when the first of its targets is
/// opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSpec {
    /// The account's name in the configuration and in targets.
    pub name: AccountName,
    /// Source of the account's credentials, which the first call loads.
    pub source: CredentialsSource,
    /// The expected account number; credentials of any other account are an error. `None`: any account.
    pub id: Option<String>,
}

/// Function that is called for every failed attempt that will be retried.
pub type Tell = Arc<dyn Fn(&FailedAttempt) + Send + Sync>;
