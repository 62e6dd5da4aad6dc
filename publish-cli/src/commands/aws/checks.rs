//! What is known of a target before anything is made there, and what that forbids.

use std::collections::BTreeMap;

use cloud::calls::Ami;
use cloud::target::{Partition, Target};
use wire::blockmap::BlockMap;
use wire::proto::SnapshotRecord;

use super::plan::Asked;
use crate::direct::decide::Expected;
use crate::direct::parameter::check_kind;
use crate::direct::run::Options;
use crate::direct::steps::Failed;
use crate::failure::Failure;

/// What the name of a key is that an account has unless somebody sets another: nothing under it can be shared.
const DEFAULT_KEY: &str = "alias/aws/ebs";

/// Why an AMI is not shared.
const NOT_SHARED: &str = "what is encrypted with an account's default key cannot be shared: name a key of its own \
                          with kms_keys in the configuration, or --kms-key, or leave --share out";

/// What an AMI's name is in a target.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Name<'a> {
    /// Free to be used.
    Free,
    /// It is of an AMI of the same disk, which was published before: on a snapshot of ours.
    Published { ami: String, snapshot: String },
    /// Somebody else's.
    Taken(&'a Ami),
}

/// Says what a name is in a target, by our records of what is in each snapshot.
pub(super) fn name<'a>(
    asked: &'a Asked,
    target: &Target,
    records: &[SnapshotRecord],
    map: &BlockMap,
) -> Name<'a> {
    let Some(found) = asked.named.first() else { return Name::Free };
    let is_same = |record: &&SnapshotRecord| {
        found.snapshots == [record.snapshot_id.as_str()]
            && record.account_id == asked.account_id
            && record.region == target.region.as_str()
            && record.map_digest[..] == map.digest()[..]
    };
    let record = records.iter().find(is_same).filter(|_| found.owner == asked.account_id);
    match record {
        Some(record) => {
            Name::Published { ami: found.id.clone(), snapshot: record.snapshot_id.clone() }
        }
        None => Name::Taken(found),
    }
}

/// Why a name that is taken ends a target.
pub(super) fn taken(name: &str, by: &Ami) -> Failed {
    let image = by.tags.get("imprint:image").map(|image| format!(", of image {image}"));
    let image = image.unwrap_or_default();
    let message = format!(
        "the AMI name {name} is taken by {}{image}: use another --ami-name, or remove that one",
        by.id
    );
    Failed::other(message, 4)
}

/// Refuses what cannot end well in a target, before anything is made there.
///
/// # Errors
/// [`Failed`]: what does not go together, and what to do.
pub(super) fn check(
    target: &Target,
    asked: &Asked,
    options: &Options,
    key: Option<&str>,
    expected: &Expected,
) -> Result<(), Failed> {
    let refused = |message: String| Err(Failed::other(message, 4));
    if !options.share.is_empty() && expected.is_encrypted && expected.asked == DEFAULT_KEY {
        return refused(NOT_SHARED.to_owned());
    }
    if let Some(key) = key {
        check_key(key, target).or_else(refused)?;
    }
    if let Some(name) = &options.parameter {
        check_kind(name, asked.parameter.as_ref(), options.parameter_kind).or_else(refused)?;
    }
    Ok(())
}

/// Whether a key can be one of a target: the EBS direct APIs take the ARN of a key alone.
fn check_key(arn: &str, target: &Target) -> Result<(), String> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let &["arn", partition, "kms", region, _, key] = &parts[..] else {
        return Err(key_form(arn));
    };
    if !key.starts_with("key/") {
        return Err(key_form(arn));
    }
    let here = target.region.as_str();
    if region != here || partition != Partition::of(&target.region).name() {
        return Err(format!(
            "the key {arn} is of {region}, and {target} needs one of its own region: kms_keys in the configuration \
             names one for each"
        ));
    }
    Ok(())
}

/// What is wrong with a key that is no ARN of a key, whatever the target.
fn key_form(key: &str) -> String {
    format!(
        "the key {key} is no ARN of a key (arn:aws:kms:REGION:ACCOUNT:key/…), and AWS takes no alias and no id here: \
         `aws kms describe-key --key-id {key} --query KeyMetadata.Arn` tells it"
    )
}

/// Refuses a run in which two names mean the same account: each of its targets would be there twice.
///
/// # Errors
/// Wrong usage, with both names.
pub(super) fn check_distinct<'a>(
    asked: impl Iterator<Item = (&'a Target, &'a Asked)>,
) -> anyhow::Result<()> {
    let mut seen: BTreeMap<(&str, &str), &Target> = BTreeMap::new();
    for (target, asked) in asked {
        if let Some(other) = seen.insert((&asked.account_id, target.region.as_str()), target) {
            return Err(Failure::usage(format!(
                "{other} and {target} are both account {}: correct the configuration, or leave one out",
                asked.account_id
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_arns_of_the_targets_region() {
        let target = |region: &str| Target {
            account: "a".parse().unwrap(),
            region: region.parse().unwrap(),
        };
        let check = |key: &str, region: &str| check_key(key, &target(region));
        assert_eq!(check("arn:aws:kms:eu-west-1:111111111111:key/x", "eu-west-1"), Ok(()));
        assert_eq!(check("arn:aws-cn:kms:cn-north-1:111111111111:key/x", "cn-north-1"), Ok(()));
        for (key, region) in [
            ("alias/x", "eu-west-1"),
            ("arn:aws:kms:eu-west-1:111111111111:alias/x", "eu-west-1"),
            ("1234-5678", "eu-west-1"),
            ("arn:aws:kms:eu-west-1:111111111111:key/x", "eu-west-2"),
            ("arn:aws:kms:cn-north-1:111111111111:key/x", "cn-north-1"),
        ] {
            assert!(check(key, region).is_err(), "{key}");
        }
    }
}
