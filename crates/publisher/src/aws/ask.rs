//! Asks a target for its state before anything is made there.

use std::collections::BTreeMap;

use cloud::CloudErrorKind;
use cloud::calls::{
    Ami, AmiQuery, Cloud, DefaultEncryption, Key, NewAmi, Parameter, Snapshot, SnapshotQuery,
};
use cloud::target::{Partition, Target};
use tokio::task::JoinSet;
use wire::proto::SnapshotRecord;
use wire::run::PublishOptions;

use super::accounts::Accounts;
use super::decide::Facts;
use super::publisher::AwsPublisher;
use super::{ami, register};
use crate::error::{PublishError, Reason, Result};

/// Id of a snapshot that does not exist. The dry run of a registration needs some id.
const NO_SNAPSHOT: &str = "snap-00000000000000000";

/// State of a target before publishing.
pub(crate) struct TargetState {
    pub account_id: String,
    pub default: DefaultEncryption,
    pub record: Option<SnapshotRecord>,
    pub snapshot: Option<Snapshot>,
    /// AMIs in the account that have the wanted name.
    pub named: Vec<Ami>,
    /// The parameter's present value, if the order sets a parameter.
    pub parameter: Option<Parameter>,
    /// The key to encrypt with, if the order or the configuration names one.
    pub key: Option<EncryptionKey>,
    /// Whether the account forbids public AMIs; asked only for a public order, otherwise `false`.
    pub blocks_public: bool,
}

/// A key to encrypt a target's snapshot with. It is known to be usable only if `is_seen`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EncryptionKey {
    pub arn: String,
    /// Whether AWS manages the key: a snapshot encrypted with it cannot be shared.
    pub is_of_aws: bool,
    /// Whether KMS described the key. A role can be allowed to use a key and still lack `kms:DescribeKey`.
    pub is_seen: bool,
}

/// The part of the order that determines the questions to a target.
struct Question {
    /// The last record of each account in the region. Only the target's answer shows which account the target is in.
    records: Vec<SnapshotRecord>,
    /// The AMI to register, in a dry run only. Its snapshot is [`NO_SNAPSHOT`].
    ami: NewAmi,
    parameter: Option<String>,
    key: Option<String>,
    is_public: bool,
}

impl<A: Accounts> AwsPublisher<'_, A> {
    /// Asks all targets concurrently; results are in the order of `targets`.
    pub(crate) async fn ask<'t>(
        &self,
        targets: impl Iterator<Item = &'t Target>,
        options: &PublishOptions,
        records: &[SnapshotRecord],
    ) -> Vec<Result<TargetState>> {
        let mut asking = JoinSet::new();
        for (index, target) in targets.enumerate() {
            // Several accounts may have records in the region: keep the last of each.
            let mut last: BTreeMap<&str, &SnapshotRecord> = BTreeMap::new();
            let here = records.iter().filter(|record| record.region == target.region.as_str());
            last.extend(here.map(|record| (record.account_id.as_str(), record)));
            let question = Question {
                records: last.into_values().cloned().collect(),
                ami: ami::new_ami(options, NO_SNAPSHOT, 1, String::new()),
                parameter: options.parameter.clone(),
                key: ami::key(options, self.targets.key(target)).map(str::to_owned),
                is_public: options.public,
            };
            let (targets, target) = (self.targets.clone(), target.clone());
            asking.spawn(async move {
                let answer = match targets.connect(&target).await {
                    Ok(aws) => ask(&aws, question).await,
                    Err(error) => Err(error),
                };
                (index, answer)
            });
        }
        let mut asked = asking.join_all().await;
        asked.sort_by_key(|(index, _)| *index);
        asked.into_iter().map(|(_, answer)| answer).collect()
    }
}

async fn ask(aws: &impl Cloud, question: Question) -> Result<TargetState> {
    let caller = aws.caller().await?;
    let default = aws.default_encryption().await?;
    let region = aws.target().region.as_str();
    let is_here = |record: &&SnapshotRecord| {
        record.account_id == caller.account_id && record.region == region
    };
    let record = question.records.iter().rev().find(is_here).cloned();
    let snapshot = match &record {
        None => None,
        Some(record) => {
            let found = aws.snapshots(&SnapshotQuery::Id(record.snapshot_id.clone())).await?;
            found.into_iter().next()
        }
    };
    let named = aws.amis(&AmiQuery::Named(question.ami.name.clone())).await?;
    // If the AMI exists, publishing need not register it.
    if named.is_empty() {
        let may = aws.may_register(&question.ami).await;
        may.map_err(|error| register::failure(&question.ami, error))?;
    }
    let parameter = match &question.parameter {
        Some(name) => aws.parameter(name).await?,
        None => None,
    };
    let key = match &question.key {
        Some(name) => Some(encryption_key(aws, name).await?),
        None => None,
    };
    let blocks_public = question.is_public && aws.blocks_public_amis().await?;
    let account_id = caller.account_id;
    Ok(TargetState { account_id, default, record, snapshot, named, parameter, key, blocks_public })
}

/// Finds a key by id, ARN or alias, and returns its ARN: the EBS direct APIs accept nothing else.
async fn encryption_key(aws: &impl Cloud, name: &str) -> Result<EncryptionKey> {
    let target = aws.target();
    let refused = |message: String| PublishError::new(Reason::Key, message);
    check_place(name, target).map_err(refused)?;
    match aws.key(name).await {
        Ok(Some(key)) => usable(name, key).map_err(refused),
        Ok(None) => Err(refused(format!(
            "{target}: there is no key {name}: `aws kms list-aliases --region {}` lists the names of the keys there",
            target.region
        ))),
        Err(error) if error.kind == CloudErrorKind::Denied && is_arn_of_key(name) => {
            Ok(EncryptionKey { arn: name.to_owned(), is_of_aws: false, is_seen: false })
        }
        Err(error) if error.kind == CloudErrorKind::Denied => Err(refused(format!(
            "{error}; name the key by its ARN, or allow the publishing role to call kms:DescribeKey"
        ))),
        Err(error) => Err(error.into()),
    }
}

/// Checks that KMS can encrypt snapshots with a key.
fn usable(name: &str, key: Key) -> std::result::Result<EncryptionKey, String> {
    if let Some(state) = &key.unusable {
        return Err(format!(
            "the key {name} ({}) is in the state {state}: enable it, or name another",
            key.arn
        ));
    }
    if !key.is_symmetric {
        return Err(format!(
            "the key {name} ({}) is not symmetric: EBS accepts only symmetric keys",
            key.arn
        ));
    }
    Ok(EncryptionKey { arn: key.arn, is_of_aws: key.is_of_aws, is_seen: true })
}

fn is_arn_of_key(name: &str) -> bool {
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    matches!(parts[..], ["arn", _, "kms", _, _, key] if key.starts_with("key/"))
}

/// Refuses an ARN of another region: a key works only in its own region.
fn check_place(name: &str, target: &Target) -> std::result::Result<(), String> {
    if !name.starts_with("arn:") {
        return Ok(());
    }
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    let &["arn", partition, "kms", region, _, _] = &parts[..] else {
        return Err(format!(
            "the key {name} is not the ARN of a key: expected arn:aws:kms:REGION:ACCOUNT:key/…, or …:alias/NAME"
        ));
    };
    if region != target.region.as_str() || partition != Partition::of(&target.region).name() {
        return Err(format!(
            "the key {name} belongs to {region}, but {target} needs a key of its own region: name it as alias/NAME, which means the key of that name in each region, or name one for each region in kms_keys of the configuration"
        ));
    }
    Ok(())
}

/// Collects the facts about a target, except the block map of its last snapshot.
pub(crate) fn facts(asked: &TargetState, may_be_plain: bool) -> Facts<'_> {
    Facts {
        account_id: &asked.account_id,
        default: &asked.default,
        kms_key: asked.key.as_ref().map(|key| key.arn.as_str()),
        may_be_plain,
        record: asked.record.as_ref(),
        known: None,
        snapshot: asked.snapshot.as_ref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_of_the_targets_region() {
        let check = |key: &str, region: &str| {
            let target = Target { account: "a".parse().unwrap(), region: region.parse().unwrap() };
            check_place(key, &target)
        };
        for (key, region) in [
            ("arn:aws:kms:eu-west-1:111111111111:key/x", "eu-west-1"),
            ("arn:aws-cn:kms:cn-north-1:111111111111:key/x", "cn-north-1"),
            ("arn:aws:kms:eu-west-1:111111111111:alias/x", "eu-west-1"),
            ("alias/x", "eu-west-1"),
            ("1234-5678", "eu-west-1"),
        ] {
            assert_eq!(check(key, region), Ok(()), "{key}");
        }
        for (key, region) in [
            ("arn:aws:iam::111111111111:role/x", "eu-west-1"),
            ("arn:aws:kms:eu-west-1:111111111111:key/x", "eu-west-2"),
            ("arn:aws:kms:cn-north-1:111111111111:key/x", "cn-north-1"),
        ] {
            assert!(check(key, region).is_err(), "{key}");
        }
        assert!(is_arn_of_key("arn:aws:kms:eu-west-1:111111111111:key/x"));
        assert!(!is_arn_of_key("arn:aws:kms:eu-west-1:111111111111:alias/x"));
        assert!(!is_arn_of_key("alias/x"));
    }

    #[test]
    fn only_keys_that_encrypt_are_used() {
        let key =
            Key { arn: "arn".to_owned(), unusable: None, is_symmetric: true, is_of_aws: false };
        assert!(usable("k", key.clone()).unwrap().is_seen);
        let off = Key { unusable: Some("PendingDeletion".to_owned()), ..key.clone() };
        assert!(usable("k", off).unwrap_err().contains("PendingDeletion"));
        assert!(usable("k", Key { is_symmetric: false, ..key }).unwrap_err().contains("symmetric"));
    }
}
