//! Targets of a publish: an account, by its name in the configuration, and a region.

use std::fmt;
use std::str::FromStr;

/// Longest name of an account or region, in characters.
const NAME_LEN_MAX: usize = 64;

/// An account's name in the configuration. Results show this name instead of the AWS account number.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct AccountName(String);

/// A region's name in AWS, such as `eu-central-1`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Region(String);

/// Error for a text that is not a valid name of an account or region.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{name}' is not a name of {what}: up to 64 letters, digits, '-', '_' and '.'")]
pub struct TargetNameError {
    name: String,
    what: &'static str,
}

fn check(name: String, what: &'static str) -> Result<String, TargetNameError> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.len() > NAME_LEN_MAX || !name.chars().all(is_allowed) {
        return Err(TargetNameError { name, what });
    }
    Ok(name)
}

macro_rules! name {
    ($type:ident, $what:literal) => {
        impl $type {
            /// Returns the name as documents and messages show it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $type {
            type Error = TargetNameError;
            fn try_from(name: String) -> Result<Self, TargetNameError> {
                check(name, $what).map(Self)
            }
        }

        impl FromStr for $type {
            type Err = TargetNameError;
            fn from_str(name: &str) -> Result<Self, TargetNameError> {
                Self::try_from(name.to_owned())
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(AccountName, "an account");
name!(Region, "a region");

impl Region {
    /// Returns whether the name has the form of AWS's region names, such as `us-gov-east-1`. A name without this form
    /// is misspelt.
    pub fn has_form(&self) -> bool {
        let parts: Vec<&str> = self.0.split('-').collect();
        let is_word =
            |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
        match &parts[..] {
            [words @ .., number] => {
                words.len() >= 2
                    && words.iter().all(is_word)
                    && (1..=2).contains(&number.len())
                    && number.bytes().all(|byte| byte.is_ascii_digit())
            }
            [] => false,
        }
    }
}

/// A place to publish an image to: one region of one account. Displayed as `account/region`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Target {
    /// The account's name in the configuration.
    pub account: AccountName,
    /// The region within that account.
    pub region: Region,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.region)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_regions_have_a_form() {
        for name in ["us-east-1", "ap-southeast-12", "us-gov-west-1", "eusc-de-east-1"] {
            assert!(name.parse::<Region>().unwrap().has_form(), "{name}");
        }
        for name in ["us-east1", "useast-1", "us-east-", "US-EAST-1", "us_east_1", "eu-central-1a"]
        {
            assert!(!name.parse::<Region>().unwrap().has_form(), "{name}");
        }
    }
}
