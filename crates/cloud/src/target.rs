//! Accounts and regions: selecting targets, and the partitions of regions.

use std::str::FromStr;

pub use wire::target::{AccountName, Region, Target, TargetNameError};

/// A part of AWS with its own accounts, keys and endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partition {
    /// The standard partition, with most regions.
    Aws,
    /// Regions `cn-…`.
    China,
    /// GovCloud: regions `us-gov-…`.
    UsGov,
    /// The European sovereign cloud: regions `eusc-…`.
    EuSovereign,
    /// Regions without a connection to the internet; holds the partition's name.
    Isolated(&'static str),
}

impl Partition {
    /// Returns the partition of a region. *Source:* the `regionRegex` in AWS's list of partitions.
    pub fn of(region: &Region) -> Self {
        const BY_PREFIX: [(&str, Partition); 7] = [
            ("cn-", Partition::China),
            ("us-gov-", Partition::UsGov),
            ("eusc-", Partition::EuSovereign),
            ("us-iso-", Partition::Isolated("aws-iso")),
            ("us-isob-", Partition::Isolated("aws-iso-b")),
            ("eu-isoe-", Partition::Isolated("aws-iso-e")),
            ("us-isof-", Partition::Isolated("aws-iso-f")),
        ];
        let found = BY_PREFIX.iter().find(|(prefix, _)| region.as_str().starts_with(prefix));
        found.map_or(Self::Aws, |(_, partition)| *partition)
    }

    /// Returns the partition's name as used in ARNs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::China => "aws-cn",
            Self::UsGov => "aws-us-gov",
            Self::EuSovereign => "aws-eusc",
            Self::Isolated(name) => name,
        }
    }
}

/// A pattern of targets as users write it: `ACCOUNT/REGION`, where each part is a name or `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    account: Option<AccountName>,
    region: Option<Region>,
}

/// Reason that a text is not a selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// The text has neither `/` nor `,` between an account and a region.
    #[error("'{0}' is not a target: expected ACCOUNT/REGION, each a name or *")]
    Parts(String),
    /// A part is neither `*` nor a valid name.
    #[error(transparent)]
    Name(#[from] TargetNameError),
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let parts = text.split_once(['/', ',']);
        let (account, region) = parts.ok_or_else(|| SelectorError::Parts(text.to_owned()))?;
        let named = |part: &str| (part.trim() != "*").then(|| part.trim().to_owned());
        Ok(Self {
            account: named(account).map(AccountName::try_from).transpose()?,
            region: named(region).map(Region::try_from).transpose()?,
        })
    }
}

impl Selector {
    /// Parses Dominator's list format, `account,region;account,region`.
    ///
    /// # Errors
    /// The error of the first part that cannot be parsed.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, SelectorError> {
        text.split(';').filter(|part| !part.trim().is_empty()).map(str::parse).collect()
    }

    /// Returns whether the pattern matches a target.
    pub fn matches(&self, target: &Target) -> bool {
        self.account.as_ref().is_none_or(|account| *account == target.account)
            && self.region.as_ref().is_none_or(|region| *region == target.region)
    }

    /// Returns the account to match; `None` for `*`.
    pub fn account(&self) -> Option<&AccountName> {
        self.account.as_ref()
    }

    /// Returns the region to match; `None` for `*`.
    pub fn region(&self) -> Option<&Region> {
        self.region.as_ref()
    }
}

/// A region as listed for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionState {
    /// AWS's name, such as `eu-central-1`.
    pub region: Region,
    /// Whether the account may use the region.
    pub is_opted_in: bool,
}

/// Targets that selectors match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Matching targets to use, sorted, without duplicates.
    pub targets: Vec<Target>,
    /// Targets that only a `*` matches, in regions that are not opted in; nothing is published there.
    pub not_opted_in: Vec<Target>,
}

/// Expands selectors to targets, among the regions of each account.
///
/// A region given by name is selected even if the account has not opted in to it or does not list it: the calls then
/// fail with AWS's own error. `*` skips such regions.
pub fn select(
    wanted: &[Selector],
    skipped: &[Selector],
    accounts: &[(AccountName, Vec<RegionState>)],
) -> Selection {
    let mut selection = Selection::default();
    let is_skipped = |target: &Target| skipped.iter().any(|selector| selector.matches(target));
    for selector in wanted {
        let is_meant = |name: &AccountName| selector.account().is_none_or(|wanted| wanted == name);
        for (account, regions) in accounts.iter().filter(|(name, _)| is_meant(name)) {
            let target =
                |region: &Region| Target { account: account.clone(), region: region.clone() };
            match selector.region() {
                Some(region) => selection.targets.push(target(region)),
                None => {
                    for state in regions {
                        let list = if state.is_opted_in {
                            &mut selection.targets
                        } else {
                            &mut selection.not_opted_in
                        };
                        list.push(target(&state.region));
                    }
                }
            }
        }
    }
    for list in [&mut selection.targets, &mut selection.not_opted_in] {
        list.retain(|target| !is_skipped(target));
        list.sort_unstable();
        list.dedup();
    }
    let targets = &selection.targets;
    selection.not_opted_in.retain(|target| targets.binary_search(target).is_err());
    selection
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts() -> Vec<(AccountName, Vec<RegionState>)> {
        let region =
            |name: &str, is_opted_in| RegionState { region: name.parse().unwrap(), is_opted_in };
        let regions = vec![region("us-east-1", true), region("af-south-1", false)];
        ["dev", "prod"].map(|name| (name.parse().unwrap(), regions.clone())).to_vec()
    }

    fn selected(wanted: &str, skipped: &str) -> (Vec<String>, Vec<String>) {
        let parse = |text| Selector::parse_list(text).unwrap();
        let Selection { targets, not_opted_in } =
            select(&parse(wanted), &parse(skipped), &accounts());
        let names = |list: Vec<Target>| list.iter().map(Target::to_string).collect();
        (names(targets), names(not_opted_in))
    }

    #[test]
    fn stars_leave_out_what_is_not_opted_in() {
        let (targets, left_out) = selected("*,*", "");
        assert_eq!(targets, ["dev/us-east-1", "prod/us-east-1"]);
        assert_eq!(left_out, ["dev/af-south-1", "prod/af-south-1"]);
        let (targets, left_out) = selected("*/*;prod/af-south-1", "dev/*");
        assert_eq!(targets, ["prod/af-south-1", "prod/us-east-1"]);
        assert_eq!(left_out, [] as [&str; 0]);
        assert_eq!(selected("dev,eu-west-9", "").0, ["dev/eu-west-9"]);
    }

    #[test]
    fn partitions_follow_from_regions() {
        for (region, partition) in [
            ("eu-central-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("eusc-de-east-1", "aws-eusc"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
        ] {
            assert_eq!(Partition::of(&region.parse().unwrap()).name(), partition, "{region}");
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for bad in ["", "dev", "/", "dev/", "de v/x", "dev/u s"] {
            assert!(bad.parse::<Selector>().is_err(), "{bad}");
        }
        assert!("../x".parse::<AccountName>().is_err());
    }
}
