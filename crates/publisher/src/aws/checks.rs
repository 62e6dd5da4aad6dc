//! Checks of a target's state before anything is made there.

use std::collections::BTreeMap;

use cloud::calls::{Ami, NewAmi, Root, Tags};
use wire::proto::SnapshotRecord;
use wire::run::{Encryption, IMAGE_TAG, PublishOptions};
use wire::target::Target;

use super::ami::{self, RATE_TAG, UEFI_TAG};
use super::ask::{TargetState, facts};
use super::parameter::check_kind;
use crate::error::{PublishError, Reason, Result};

/// Alias of the key that is an account's default until the account sets another. AWS manages this key, so snapshots
/// encrypted with it cannot be shared.
const DEFAULT_KEY: &str = "alias/aws/ebs";

const NOT_SHARED: &str = "snapshots encrypted with an account's default key cannot be shared, and an account that encrypts by default ignores --unencrypted: set a key with --kms-key, or with kms_keys in the configuration, or leave --share out";

/// Note for `--unencrypted` where it has no effect.
pub const ALL_THE_SAME: &str =
    "snapshots are encrypted despite --unencrypted, because the account encrypts by default here";

/// Use of an AMI's name in a target.
pub(crate) enum NameUse<'a> {
    /// No AMI of the target has the name, so publishing registers one.
    Free,
    /// The AMI was published before: it has the name, a snapshot that imaged's records name, the same disk and the
    /// wanted properties.
    Published { ami: String, record: &'a SnapshotRecord },
    /// An AMI of the same disk has the name, but other properties, which the text describes.
    Differs(&'a Ami, String),
    /// An AMI of somebody else, or of another disk, has the name.
    Taken(&'a Ami),
}

/// Finds the use of an AMI's name in a target. imaged's records tell which disk each snapshot holds.
pub(crate) fn name<'a>(
    asked: &'a TargetState,
    options: &PublishOptions,
    target: &Target,
    records: &'a [SnapshotRecord],
    is_same: impl Fn(&SnapshotRecord) -> bool,
) -> NameUse<'a> {
    let Some(found) = asked.named.first() else { return NameUse::Free };
    let is_its = |record: &&SnapshotRecord| {
        found.snapshots == [record.snapshot_id.as_str()]
            && record.account_id == asked.account_id
            && record.region == target.region.as_str()
            && is_same(record)
    };
    let record = records.iter().find(is_its).filter(|_| found.owner == asked.account_id);
    let Some(record) = record else { return NameUse::Taken(found) };
    let expected = facts(asked, options.may_be_plain).encryption();
    let how = if record.key_asked == expected.asked {
        difference(
            found,
            &ami::new_ami(options, &record.snapshot_id, record.size_gib, String::new()),
        )
    } else {
        let word = |key: &str| {
            if key.is_empty() { "unencrypted".to_owned() } else { format!("encrypted with {key}") }
        };
        Some(format!("it is {}, not {}", word(&record.key_asked), word(&expected.asked)))
    };
    match how {
        Some(how) => NameUse::Differs(found, how),
        None => NameUse::Published { ami: found.id.clone(), record },
    }
}

/// Describes the first difference between an AMI and the wanted one. EC2 reports neither the UEFI variables nor the
/// initialization rate: tags hold them.
fn difference(found: &Ami, new: &NewAmi) -> Option<String> {
    let otherwise = |what: &str, is: &str, asked: &str| {
        (is != asked).then(|| format!("its {what} is {is}, not {asked}"))
    };
    let yes = |is: bool| if is { "on" } else { "off" };
    let number =
        |number: Option<u32>| number.map_or("default".to_owned(), |number| number.to_string());
    let imds = |is_v2: bool| if is_v2 { "required" } else { "optional" };
    let of_root = |root: &Root| {
        otherwise("root device", &root.device, &new.root.device)
            .or_else(|| {
                let (is, asked) = (root.size_gib, new.root.size_gib);
                otherwise("volume size", &format!("{is} GiB"), &format!("{asked} GiB"))
            })
            .or_else(|| {
                new.root
                    .iops
                    .and_then(|_| otherwise("iops", &number(root.iops), &number(new.root.iops)))
            })
            .or_else(|| {
                let asked = new.root.throughput?;
                otherwise("throughput", &number(root.throughput), &asked.to_string())
            })
    };
    otherwise("architecture", &found.architecture, &new.architecture)
        .or_else(|| otherwise("boot mode", &found.boot_mode, new.boot_mode.name()))
        .or_else(|| otherwise("TPM", yes(found.has_tpm), yes(new.has_tpm)))
        .or_else(|| otherwise("IMDS v2", imds(found.requires_imds_v2), imds(new.requires_imds_v2)))
        .or_else(|| found.root.as_ref().and_then(of_root))
        .or_else(|| difference_of_tags(&found.tags, &new.tags))
}

/// Describes the first difference in tags, except in those that name the image, its manifest or the run.
fn difference_of_tags(found: &Tags, asked: &Tags) -> Option<String> {
    if found.get(UEFI_TAG) != asked.get(UEFI_TAG) {
        return Some("its UEFI variables differ from the wanted ones".to_owned());
    }
    let of_run = |key: &str, value: &String| {
        let is_name = key == "Name" && asked.get(IMAGE_TAG) == Some(value);
        is_name || key.starts_with("imprint:") && key != RATE_TAG
    };
    let mut others = asked
        .iter()
        .filter(|(key, value)| !of_run(key, value) && found.get(key.as_str()) != Some(*value));
    let (key, value) = others.next()?;
    let is = found.get(key.as_str()).map_or("nothing", String::as_str);
    Some(format!("its tag {key} is {is}, not {value}"))
}

/// Makes the error for a name whose AMI has the same disk but other properties.
pub(crate) fn differs(name: &str, by: &Ami, how: &str) -> PublishError {
    let message = format!(
        "the AMI name {name} is taken by {}, which has the same disk, but {how}: use another --ami-name, or remove that AMI",
        by.id
    );
    PublishError::new(Reason::NameTaken, message)
}

/// Makes the error for a name that another AMI has; the message names the AMI's image if its tags do.
pub(crate) fn taken(name: &str, by: &Ami) -> PublishError {
    let image = by.tags.get(IMAGE_TAG).map(|image| format!(", of image {image}"));
    let image = image.unwrap_or_default();
    let message = format!(
        "the AMI name {name} is taken by {}{image}: use another --ami-name, or remove that one",
        by.id
    );
    PublishError::new(Reason::NameTaken, message)
}

/// Refuses a target that would fail later, before anything is made there.
///
/// # Errors
/// Describes the conflict and a remedy.
pub(crate) fn check(
    asked: &TargetState,
    options: &PublishOptions,
    expected: &Encryption,
) -> Result<()> {
    let refused = |message: String| Err(PublishError::new(Reason::Sharing, message));
    let is_of_aws = asked.key.as_ref().is_some_and(|key| key.is_of_aws);
    let is_under_default = expected.is_encrypted && (expected.asked == DEFAULT_KEY || is_of_aws);
    if !options.share.is_empty() && is_under_default {
        return refused(NOT_SHARED.to_owned());
    }
    if options.public && expected.is_encrypted {
        return refused(
            "--public: an encrypted AMI cannot be public, and the account encrypts by default here: turn that off (`aws ec2 disable-ebs-encryption-by-default`), or leave the target out"
                .to_owned(),
        );
    }
    if options.public && asked.blocks_public {
        return refused(
            "--public: the account blocks public access to AMIs here: `aws ec2 disable-image-block-public-access` \
             allows it, some minutes later"
                .to_owned(),
        );
    }
    if let Some(name) = &options.parameter {
        check_kind(name, asked.parameter.as_ref(), options.parameter_kind)
            .map_err(|why| PublishError::new(Reason::Parameter, why))?;
    }
    Ok(())
}

/// Refuses a run in which two configured names mean the same account: the run would publish there twice.
///
/// # Errors
/// [`Reason::Argument`]; the message has both names.
pub(crate) fn check_distinct<'a>(
    asked: impl Iterator<Item = (&'a Target, &'a TargetState)>,
) -> Result<()> {
    let mut seen: BTreeMap<&str, &Target> = BTreeMap::new();
    for (target, asked) in asked {
        let other = seen.insert(&asked.account_id, target);
        if let Some(other) = other.filter(|other| other.account != target.account) {
            return Err(PublishError::new(
                Reason::Argument,
                format!(
                    "{other} and {target} are both account {}: correct the configuration, or leave one out",
                    asked.account_id
                ),
            ));
        }
    }
    Ok(())
}
