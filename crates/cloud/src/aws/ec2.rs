//! Calls of EC2: snapshots, AMIs and account settings.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{
    ArchitectureValues, BlockDeviceMapping, BootModeValues, CreateVolumePermission,
    CreateVolumePermissionModifications, EbsBlockDevice, Filter, ImageState, ImageWatermark,
    ImdsSupportValues, LaunchPermission, LaunchPermissionModifications, PermissionGroup,
    ResourceType, SnapshotAttributeName, SnapshotState as State, Tag, TagSpecification,
    TpmSupportValues, VolumeType,
};

use super::attempt::{Attempts, Class};
use crate::calls::{
    Ami, AmiQuery, AmiState, BootMode, DefaultEncryption, NewAmi, Result, Root, Sharee, Snapshot,
    SnapshotQuery, SnapshotState, Tags,
};
use crate::error::CloudErrorKind;
use crate::retry::Budget;
use crate::target::RegionState;

/// Entries per page of a list. *Source:* the API's maximum.
const PAGE_LEN: i32 = 1000;

/// Accounts per request when sharing. *Source:* the API's maximum for a snapshot; for an AMI it is 10,000.
const SHAREES_MAX: usize = 500;

pub(super) async fn regions(attempts: &Attempts, client: &Client) -> Result<Vec<RegionState>> {
    let call = || client.describe_regions().all_regions(true).send();
    let answer = attempts.call("DescribeRegions", Class::Read, Budget::USUAL, call).await?;
    let state = |region: &aws_sdk_ec2::types::Region| {
        let is_opted_in = region.opt_in_status() != Some("not-opted-in");
        Some(RegionState { region: region.region_name()?.parse().ok()?, is_opted_in })
    };
    Ok(answer.regions().iter().filter_map(state).collect())
}

pub(super) async fn default_encryption(
    attempts: &Attempts,
    client: &Client,
) -> Result<DefaultEncryption> {
    let call = || client.get_ebs_encryption_by_default().send();
    let name = "GetEbsEncryptionByDefault";
    let is_on = attempts.call(name, Class::Read, Budget::USUAL, call).await?;
    let call = || client.get_ebs_default_kms_key_id().send();
    let key = attempts.call("GetEbsDefaultKmsKeyId", Class::Read, Budget::USUAL, call).await?;
    Ok(DefaultEncryption {
        is_on: is_on.ebs_encryption_by_default() == Some(true),
        key: key.kms_key_id().unwrap_or_default().to_owned(),
    })
}

fn filter(name: &str, value: &str) -> Filter {
    Filter::builder().name(name).values(value).build()
}

fn tags_of(tags: &[Tag]) -> Tags {
    let pair =
        |tag: &Tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()));
    tags.iter().filter_map(pair).collect()
}

pub(super) async fn snapshots(
    attempts: &Attempts,
    client: &Client,
    query: &SnapshotQuery,
) -> Result<Vec<Snapshot>> {
    let mut found = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let call = || {
            let call = client.describe_snapshots();
            match query {
                SnapshotQuery::Id(id) => call.snapshot_ids(id).send(),
                SnapshotQuery::Tagged(key, value) => {
                    let call = call.owner_ids("self").max_results(PAGE_LEN);
                    let call = call.filters(filter(&format!("tag:{key}"), value));
                    call.set_next_token(next.clone()).send()
                }
            }
        };
        let answer = attempts.call("DescribeSnapshots", Class::Read, Budget::USUAL, call).await;
        let answer = match answer {
            Err(error) if error.kind == CloudErrorKind::NotFound => return Ok(found),
            answer => answer?,
        };
        found.extend(answer.snapshots().iter().map(snapshot));
        next = answer.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
        if next.is_none() {
            return Ok(found);
        }
    }
}

fn snapshot(from: &aws_sdk_ec2::types::Snapshot) -> Snapshot {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let is_archived = from.storage_tier().is_some_and(|tier| tier.as_str() == "archive");
    Snapshot {
        id: text(from.snapshot_id()),
        owner: text(from.owner_id()),
        state: match from.state() {
            Some(State::Completed) if !is_archived => SnapshotState::Completed,
            Some(State::Pending) => SnapshotState::Pending,
            _ => SnapshotState::Unusable,
        },
        message: text(from.state_message()),
        size_gib: from.volume_size().and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
        key: from.kms_key_id().filter(|_| from.encrypted() == Some(true)).map(str::to_owned),
        tags: tags_of(from.tags()),
    }
}

pub(super) async fn share_snapshot(
    attempts: &Attempts,
    client: &Client,
    snapshot: &str,
    accounts: &[String],
) -> Result<()> {
    for accounts in accounts.chunks(SHAREES_MAX) {
        let call = || {
            let one = |account: &String| CreateVolumePermission::builder().user_id(account).build();
            let add = accounts.iter().map(one).collect();
            let changes = CreateVolumePermissionModifications::builder().set_add(Some(add)).build();
            client
                .modify_snapshot_attribute()
                .snapshot_id(snapshot)
                .attribute(SnapshotAttributeName::CreateVolumePermission)
                .create_volume_permission(changes)
                .send()
        };
        let name = "ModifySnapshotAttribute";
        attempts.call(name, Class::Write, Budget::OF_NEW, call).await?;
    }
    Ok(())
}

/// Mode of a request: a real change, or a dry run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Make the change. The request counts as a write, and is retried while AWS does not know a new snapshot.
    Do,
    /// Have AWS check the permission and the parameters only (`DryRun`).
    Rehearse,
}

pub(super) async fn register(
    attempts: &Attempts,
    client: &Client,
    new: &NewAmi,
    mode: Mode,
) -> Result<String> {
    let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let root = EbsBlockDevice::builder()
        .snapshot_id(&new.snapshot)
        .volume_size(i32::try_from(new.root.size_gib).unwrap_or(i32::MAX))
        .volume_type(VolumeType::Gp3)
        .set_iops(new.root.iops.map(number))
        .set_throughput(new.root.throughput.map(number))
        .set_volume_initialization_rate(new.root.initialization_rate.map(number))
        .delete_on_termination(true)
        .build();
    let root = BlockDeviceMapping::builder().device_name(&new.root.device).ebs(root).build();
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags = TagSpecification::builder()
        .resource_type(ResourceType::Image)
        .set_tags(Some(new.tags.iter().map(tag).collect()))
        .build();
    let boot_mode = match new.boot_mode {
        BootMode::LegacyBios => BootModeValues::LegacyBios,
        BootMode::Uefi => BootModeValues::Uefi,
        BootMode::UefiPreferred => BootModeValues::UefiPreferred,
    };
    let tpm = new.has_tpm.then_some(TpmSupportValues::V20);
    let imds = new.requires_imds_v2.then_some(ImdsSupportValues::V20);
    let call = || {
        client
            .register_image()
            .name(&new.name)
            .description(&new.description)
            .architecture(ArchitectureValues::from(new.architecture.as_str()))
            .virtualization_type("hvm")
            .root_device_name(&new.root.device)
            .block_device_mappings(root.clone())
            .ena_support(true)
            .set_imds_support(imds.clone())
            .set_uefi_data(new.uefi_data.clone())
            .boot_mode(boot_mode.clone())
            .set_tpm_support(tpm.clone())
            .tag_specifications(tags.clone())
            .set_dry_run((mode == Mode::Rehearse).then_some(true))
            .send()
    };
    let name = "RegisterImage";
    let (class, budget) = match mode {
        Mode::Do => (Class::Write, Budget::OF_NEW),
        Mode::Rehearse => (Class::Read, Budget::USUAL),
    };
    let answer = attempts.call(name, class, budget, call).await?;
    let id = answer.image_id().filter(|id| !id.is_empty()).map(str::to_owned);
    id.ok_or_else(|| attempts.invalid(name, "the answer names no AMI".to_owned()))
}

pub(super) async fn amis(
    attempts: &Attempts,
    client: &Client,
    query: &AmiQuery,
) -> Result<Vec<Ami>> {
    let mut found = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let call = || {
            let call = client.describe_images().include_deprecated(true).include_disabled(true);
            let ours = |name: &str, value: &str| {
                let call = call.clone().owners("self");
                let call = call.max_results(PAGE_LEN).filters(filter(name, value));
                call.set_next_token(next.clone())
            };
            match query {
                AmiQuery::Id(id) => call.clone().image_ids(id),
                AmiQuery::Tagged(key, value) => ours(&format!("tag:{key}"), value),
                AmiQuery::Named(name) => ours("name", name),
                AmiQuery::OfSnapshot(id) => ours("block-device-mapping.snapshot-id", id),
            }
            .send()
        };
        let answer = attempts.call("DescribeImages", Class::Read, Budget::USUAL, call).await;
        let answer = match answer {
            Err(error) if error.kind == CloudErrorKind::NotFound => return Ok(found),
            answer => answer?,
        };
        // EC2 lists a deregistered AMI for a while.
        let is_there =
            |ami: &&aws_sdk_ec2::types::Image| ami.state() != Some(&ImageState::Deregistered);
        found.extend(answer.images().iter().filter(is_there).map(ami));
        next = answer.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
        if next.is_none() {
            return Ok(found);
        }
    }
}

fn ami(from: &aws_sdk_ec2::types::Image) -> Ami {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let mappings = from.block_device_mappings().iter();
    let snapshots = mappings.filter_map(|mapping| mapping.ebs()?.snapshot_id());
    let number = |number: Option<i32>| number.and_then(|number| u32::try_from(number).ok());
    let root = from.block_device_mappings().iter().find_map(|mapping| {
        let device = mapping.device_name().filter(|name| from.root_device_name() == Some(name))?;
        let ebs = mapping.ebs()?;
        Some(Root {
            device: device.to_owned(),
            size_gib: number(ebs.volume_size()).unwrap_or_default().into(),
            iops: number(ebs.iops()),
            throughput: number(ebs.throughput()),
            initialization_rate: None,
        })
    });
    Ami {
        id: text(from.image_id()),
        name: text(from.name()),
        owner: text(from.owner_id()),
        state: match from.state() {
            Some(ImageState::Available) => AmiState::Available,
            Some(ImageState::Pending | ImageState::Transient) => AmiState::Pending,
            Some(ImageState::Disabled) => AmiState::Disabled,
            _ => AmiState::Unusable,
        },
        message: text(from.state_reason().and_then(|reason| reason.message())),
        architecture: text(from.architecture().map(ArchitectureValues::as_str)),
        boot_mode: text(from.boot_mode().map(BootModeValues::as_str)),
        has_tpm: from.tpm_support().is_some(),
        requires_imds_v2: from.imds_support().is_some(),
        root,
        snapshots: snapshots.map(str::to_owned).collect(),
        tags: tags_of(from.tags()),
        deprecated_at: from.deprecation_time().map(str::to_owned),
        is_protected: from.deregistration_protection().is_some_and(|state| state != "disabled"),
        created_at: text(from.creation_date()),
        watermarks: from.image_watermarks().iter().filter_map(watermark).collect(),
    }
}

/// Returns a watermark's key, `ACCOUNT:NAME`.
fn watermark(from: &ImageWatermark) -> Option<String> {
    from.watermark_key().map(str::to_owned)
}

pub(super) async fn share_ami(
    attempts: &Attempts,
    client: &Client,
    ami: &str,
    with: &[Sharee],
) -> Result<()> {
    let one = |sharee: &Sharee| {
        let permission = LaunchPermission::builder();
        match sharee {
            Sharee::Account(id) => permission.user_id(id).build(),
            Sharee::Organization(arn) => permission.organization_arn(arn).build(),
            Sharee::Unit(arn) => permission.organizational_unit_arn(arn).build(),
            Sharee::All => permission.group(PermissionGroup::All).build(),
        }
    };
    for with in with.chunks(SHAREES_MAX) {
        let call = || {
            let add = with.iter().map(one).collect();
            let changes = LaunchPermissionModifications::builder().set_add(Some(add)).build();
            client.modify_image_attribute().image_id(ami).launch_permission(changes).send()
        };
        let name = "ModifyImageAttribute";
        attempts.call(name, Class::Write, Budget::OF_NEW, call).await?;
    }
    Ok(())
}
