//! Where an image is published: accounts by the name that the configuration gives them, and regions.

use std::fmt;
use std::str::FromStr;

/// The longest name of an account in the configuration, or of a region.
const NAME_LEN_MAX: usize = 64;

/// What the configuration calls an account; what AWS calls it is a number that results do not show.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct AccountName(String);

/// A region's name: `eu-central-1`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Region(String);

/// A name that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{name}' is no name of {what}: letters, digits, '-', '_' and '.', at most 64")]
pub struct NameError {
    name: String,
    what: &'static str,
}

fn check(name: String, what: &'static str) -> Result<String, NameError> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.len() > NAME_LEN_MAX || !name.chars().all(is_allowed) {
        return Err(NameError { name, what });
    }
    Ok(name)
}

macro_rules! name {
    ($type:ident, $what:literal) => {
        impl $type {
            /// The name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $type {
            type Error = NameError;
            fn try_from(name: String) -> Result<Self, NameError> {
                check(name, $what).map(Self)
            }
        }

        impl FromStr for $type {
            type Err = NameError;
            fn from_str(name: &str) -> Result<Self, NameError> {
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
    /// Whether the name has the form of all of AWS's: `eu-central-1`, `us-gov-east-1`. One that has not is misspelt.
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

/// Where an image is published: one region of one account. Shown as `account/region`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Target {
    /// The account.
    pub account: AccountName,
    /// The region.
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
