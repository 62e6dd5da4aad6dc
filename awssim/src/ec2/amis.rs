//! EC2's calls for AMIs, with the checks of RegisterImage.

use super::filter::{Filtered, matches, page};
use super::{Call, bad_value, tags, write_tags};
use crate::answer::{Answer, Refusal, Xml};
use crate::clock::{parse_rfc3339, rfc3339};
use crate::config::Timing;
use crate::iam;
use crate::request::Params;
use crate::world::{Ami, Place, State, Tags};

fn unknown(id: &str) -> Refusal {
    let message = format!("The image id '[{id}]' does not exist");
    Refusal::new(400, "InvalidAMIID.NotFound", &message)
}

/// Reads a RegisterImage request and checks it as strictly as the documentation allows.
fn parse(call: Call<'_>) -> Result<Ami, Refusal> {
    let params = call.params;
    let name = params.need("Name")?;
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "()[] ./-'@_".contains(c);
    if !(3..=128).contains(&name.len()) || !name.chars().all(is_allowed) {
        let message = "AMI names must be between 3 and 128 characters long";
        return Err(Refusal::new(400, "InvalidAMIName.Malformed", message));
    }
    let description = params.get("Description").unwrap_or_default();
    if description.len() > 255 {
        return Err(bad_value("Description", description));
    }
    let one_of = |name: &str, allowed: &[&str]| match params.get(name) {
        Some(value) if !allowed.contains(&value) => Err(bad_value(name, value)),
        value => Ok(value.map(str::to_owned)),
    };
    let architecture = one_of("Architecture", &["i386", "x86_64", "arm64"])?;
    let virtualization = one_of("VirtualizationType", &["hvm", "paravirtual"])?;
    let boot_mode = one_of("BootMode", &["legacy-bios", "uefi", "uefi-preferred"])?;
    let tpm = one_of("TpmSupport", &["v2.0"])?;
    let imds = one_of("ImdsSupport", &["v2.0"])?;
    let architecture = architecture.unwrap_or_else(|| "i386".to_owned());
    check_combination(call, &architecture, boot_mode.as_deref(), tpm.is_some())?;
    let root_device = params.need("RootDeviceName")?;
    let root = root(params, root_device)?;
    Ok(Ami {
        name: name.to_owned(),
        description: description.to_owned(),
        owner: call.scope.account.clone(),
        architecture,
        virtualization: virtualization.unwrap_or_else(|| "paravirtual".to_owned()),
        boot_mode,
        tpm,
        imds,
        ena: params.get("EnaSupport") == Some("true"),
        root_device: root_device.to_owned(),
        snapshot: root.need("Ebs.SnapshotId")?.to_owned(),
        size: root.number("Ebs.VolumeSize")?.unwrap_or(0),
        volume_type: root.get("Ebs.VolumeType").unwrap_or("gp2").to_owned(),
        delete_on_termination: root.get("Ebs.DeleteOnTermination") != Some("false"),
        iops: in_range(&root, "Ebs.Iops", 3000..=80_000)?,
        throughput: in_range(&root, "Ebs.Throughput", 125..=2000)?,
        initialization_rate: in_range(&root, "Ebs.VolumeInitializationRate", 100..=300)?,
        uefi_data: uefi_data(params)?,
        is_public: false,
        watermarks: Default::default(),
        tags: tags_at_birth(call)?,
        created_ms: call.now,
        available_ms: call.now.saturating_add_unsigned(call.sim.config.timing.ami_ms),
        deprecated_at: None,
        is_protected: false,
        shared_with: Default::default(),
    })
}

/// Checks a RegisterImage request without making the AMI.
pub(super) fn check(call: Call<'_>) -> Result<(), Refusal> {
    parse(call).map(drop)
}

/// Refuses a boot mode that the architecture does not support. Refuses a TPM without the boot mode `uefi`, and a TPM
/// for arm64 in a region that does not support it.
fn check_combination(
    call: Call<'_>,
    architecture: &str,
    boot_mode: Option<&str>,
    has_tpm: bool,
) -> Result<(), Refusal> {
    let refuse = |message: &str| Err(Refusal::new(400, "InvalidParameterCombination", message));
    let is_arm = architecture == "arm64";
    if is_arm && boot_mode.is_some_and(|mode| mode != "uefi") {
        return refuse("arm64 needs the boot mode uefi");
    }
    let without_tpm = &call.sim.config.without_arm_tpm;
    let knows_none = |known: &String| is_arm && call.scope.region.starts_with(known.as_str());
    if has_tpm && without_tpm.iter().any(knows_none) {
        return refuse("Invalid machineArchitecture value 'arm64' for tpmSupport");
    }
    if has_tpm && boot_mode != Some("uefi") {
        return refuse("TpmSupport needs the boot mode uefi");
    }
    Ok(())
}

/// Reads the tags in a RegisterImage request, and checks that the caller may set them.
fn tags_at_birth(call: Call<'_>) -> Result<Tags, Refusal> {
    let mut found = Tags::new();
    for specification in call.params.structs("TagSpecification") {
        if specification.need("ResourceType")? != "image" {
            return Err(bad_value("TagSpecification.ResourceType", "not image"));
        }
        found.extend(tags(&specification.structs("Tag"))?);
        iam::check_tags(call.sim, call.scope, "image")?;
    }
    Ok(found)
}

/// Reads a number from the root's block device mapping and checks that it is in the allowed range.
fn in_range(
    root: &Params,
    name: &str,
    allowed: std::ops::RangeInclusive<u64>,
) -> Result<Option<u64>, Refusal> {
    let found = root.number(name)?;
    match found.filter(|number| !allowed.contains(number)) {
        Some(number) => Err(bad_value(name, &number.to_string())),
        None => Ok(found),
    }
}

/// Reads UEFI variables: at most 64,000 characters of base64. *Source:* the API's reference.
fn uefi_data(params: &Params) -> Result<Option<String>, Refusal> {
    let Some(text) = params.get("UefiData") else { return Ok(None) };
    if text.len() > 64_000 || data_encoding::BASE64.decode(text.as_bytes()).is_err() {
        return Err(bad_value("UefiData", "of this length or form"));
    }
    Ok(Some(text.to_owned()))
}

/// Returns the block device mapping of the root device; refuses a mapping with `Encrypted`.
fn root(params: &Params, name: &str) -> Result<Params, Refusal> {
    let mappings = params.structs("BlockDeviceMapping");
    let found = mappings.into_iter().find(|mapping| mapping.get("DeviceName") == Some(name));
    let missing = || Refusal::new(400, "InvalidBlockDeviceMapping", "the root is not mapped");
    let root = found.ok_or_else(missing)?;
    if root.has("Ebs.Encrypted") {
        let message = "encrypted cannot be said of a mapping with a snapshot";
        return Err(Refusal::new(400, "InvalidBlockDeviceMapping", message));
    }
    Ok(root)
}

pub(super) fn register(call: Call<'_>) -> Result<Answer, Refusal> {
    let mut ami = parse(call)?;
    let mut world = call.sim.world();
    let (account, region) = (&call.scope.account, &call.scope.region);
    let snapshot = world.snapshot(account, region, &ami.snapshot);
    let snapshot = snapshot.ok_or_else(|| {
        let message = format!("The snapshot '{}' does not exist.", ami.snapshot);
        Refusal::new(400, "InvalidSnapshot.NotFound", &message)
    })?;
    if snapshot.state(call.now) != State::Completed {
        let message = format!("Snapshot {} is not completed", ami.snapshot);
        return Err(Refusal::new(400, "IncorrectState", &message));
    }
    if ami.size == 0 {
        ami.size = snapshot.size;
    }
    if ami.size < snapshot.size {
        return Err(bad_value("VolumeSize", &ami.size.to_string()));
    }
    check_root(&ami)?;
    let place = world.place(account, region);
    if let Some((id, _)) = place.amis.iter().find(|(_, other)| other.name == ami.name) {
        let message = format!("AMI name {} is already in use by AMI {id}", ami.name);
        return Err(Refusal::new(400, "InvalidAMIName.Duplicate", &message));
    }
    let id = world.id("ami");
    world.place(account, region).amis.insert(id.clone(), ami);
    Ok(call.answer("RegisterImage", |xml| xml.leaf("imageId", id)))
}

/// Refuses IOPS and throughput beyond the limits of gp3. *Source:* the documented ratios.
fn check_root(ami: &Ami) -> Result<(), Refusal> {
    let refuse = |message: &str| Err(Refusal::new(400, "InvalidParameterCombination", message));
    let iops = ami.iops.unwrap_or(3000);
    if iops > 3000 && iops > ami.size * 500 {
        return refuse("Iops to volume size ratio is too high; maximum is 500");
    }
    if ami.throughput.is_some_and(|throughput| throughput * 4 > iops) {
        return refuse("Throughput (MiBps) to iops ratio is too high; maximum is 0.250000");
    }
    Ok(())
}

/// An AMI's id, the AMI and the present time, for filters.
struct AmiRow<'a>(&'a str, &'a Ami, i64);

fn status(ami: &Ami, now: i64) -> &'static str {
    if now >= ami.available_ms { "available" } else { "pending" }
}

impl Filtered for AmiRow<'_> {
    fn values(&self, name: &str) -> Option<Vec<String>> {
        let Self(id, ami, now) = self;
        let text = match name {
            "image-id" => (*id).to_owned(),
            "name" => ami.name.clone(),
            "state" => status(ami, *now).to_owned(),
            "owner-id" => ami.owner.clone(),
            "architecture" => ami.architecture.clone(),
            "block-device-mapping.snapshot-id" => ami.snapshot.clone(),
            _ => return None,
        };
        Some(vec![text])
    }

    fn tags(&self) -> &Tags {
        &self.1.tags
    }
}

pub(super) fn describe(call: Call<'_>) -> Result<Answer, Refusal> {
    let (account, region) = (&call.scope.account, &call.scope.region);
    let ids = call.params.list("ImageId");
    let owners = call.params.list("Owner");
    let world = call.sim.world();
    let mut seen: Vec<(String, Ami)> = Vec::new();
    for (owner, regions) in &world.places {
        let amis = regions.get(region).into_iter().flat_map(|place| &place.amis);
        let sees = |ami: &Ami| owner == account || ami.shared_with.contains(account);
        seen.extend(amis.filter(|(_, ami)| sees(ami)).map(|(id, ami)| (id.clone(), ami.clone())));
    }
    let here = world.places.get(account).and_then(|regions| regions.get(region));
    let gone = here.into_iter().flat_map(|place| &place.gone_amis);
    let gone = gone.filter(|(_, (_, until))| call.now < *until);
    let gone: Vec<(String, Ami)> = gone.map(|(id, (ami, _))| (id.clone(), ami.clone())).collect();
    drop(world);
    let is_gone = |id: &String| gone.iter().any(|(other, _)| other == id);
    seen.extend(gone.iter().cloned());
    let after = call.sim.config.timing.visible_after_ms;
    seen.retain(|(_, ami)| call.now >= ami.created_ms.saturating_add_unsigned(after));
    if let Some(missing) = ids.iter().find(|id| seen.iter().all(|(seen, _)| seen != *id)) {
        return Err(unknown(missing));
    }
    let is_owned = |ami: &Ami| {
        owners.is_empty()
            || owners
                .iter()
                .any(|owner| *owner == ami.owner || *owner == "self" && ami.owner == *account)
    };
    seen.retain(|(id, ami)| (ids.is_empty() || ids.contains(&id.as_str())) && is_owned(ami));
    let filters = call.params.structs("Filter");
    let mut wanted = Vec::new();
    for (id, ami) in seen {
        if matches(&filters, &AmiRow(&id, &ami, call.now))? {
            wanted.push((id, ami));
        }
    }
    let (wanted, next) = page(call.params, wanted)?;
    Ok(call.answer("DescribeImages", |xml| {
        xml.list("imagesSet", &wanted, |xml, (id, ami)| {
            let state = if is_gone(id) { "deregistered" } else { status(ami, call.now) };
            write(xml, id, ami, state);
        });
        xml.maybe("nextToken", next);
    }))
}

fn write(xml: &mut Xml, id: &str, ami: &Ami, state: &str) {
    xml.leaf("imageId", id);
    xml.leaf("imageLocation", format!("{}/{}", ami.owner, ami.name));
    xml.leaf("imageState", state);
    xml.leaf("imageOwnerId", &ami.owner);
    xml.leaf("isPublic", ami.is_public);
    xml.leaf("architecture", &ami.architecture);
    xml.leaf("imageType", "machine");
    xml.leaf("name", &ami.name);
    xml.leaf("description", &ami.description);
    xml.leaf("rootDeviceType", "ebs");
    xml.leaf("rootDeviceName", &ami.root_device);
    xml.list("blockDeviceMapping", [ami], |xml, ami| {
        xml.leaf("deviceName", &ami.root_device);
        xml.node("ebs", |xml| {
            xml.leaf("snapshotId", &ami.snapshot);
            xml.leaf("volumeSize", ami.size);
            xml.leaf("volumeType", &ami.volume_type);
            xml.maybe("iops", ami.iops);
            xml.maybe("throughput", ami.throughput);
            xml.leaf("deleteOnTermination", ami.delete_on_termination);
        });
    });
    xml.leaf("virtualizationType", &ami.virtualization);
    xml.leaf("enaSupport", ami.ena);
    xml.leaf("creationDate", rfc3339(ami.created_ms));
    xml.maybe("bootMode", ami.boot_mode.as_ref());
    xml.maybe("tpmSupport", ami.tpm.as_ref());
    xml.maybe("imdsSupport", ami.imds.as_ref());
    xml.maybe("deprecationTime", ami.deprecated_at.as_ref());
    xml.list("imageWatermarkSet", &ami.watermarks, |xml, name| {
        xml.leaf("watermarkKey", name);
    });
    let protection = if ami.is_protected { "enabled-without-cooldown" } else { "disabled" };
    xml.leaf("deregistrationProtection", protection);
    write_tags(xml, &ami.tags);
}

/// Applies `change` to an AMI that the caller owns. Refuses an AMI that is too new to be visible.
fn with_own(
    call: Call<'_>,
    name: &str,
    change: impl FnOnce(&mut Ami) -> Result<(), Refusal>,
) -> Result<Answer, Refusal> {
    let id = call.params.need("ImageId")?;
    let mut world = call.sim.world();
    let Place { amis, .. } = world.place(&call.scope.account, &call.scope.region);
    let found = amis.get_mut(id).ok_or_else(|| unknown(id))?;
    let after = call.sim.config.timing.visible_after_ms;
    if call.now < found.created_ms.saturating_add_unsigned(after) {
        return Err(unknown(id));
    }
    change(found)?;
    Ok(call.done(name))
}

pub(super) fn deregister(call: Call<'_>) -> Result<Answer, Refusal> {
    let id = call.params.need("ImageId")?;
    let answer = with_own(call, "DeregisterImage", |ami| {
        if ami.is_protected {
            let message = "the AMI is protected from being deregistered";
            return Err(Refusal::new(400, "OperationNotPermitted", message));
        }
        Ok(())
    })?;
    let timing = &call.sim.config.timing;
    let mut world = call.sim.world();
    let place = world.place(&call.scope.account, &call.scope.region);
    place.forget_gone(call.now);
    if let Some(gone) = place.amis.remove(id) {
        // For some time, the AMI's snapshot still counts as used, and lists still show the AMI.
        let until = |after| call.now.saturating_add_unsigned(after);
        let freed = until(Timing::between(timing.in_use_ms, id));
        let known = place.in_use_until.entry(gone.snapshot.clone()).or_default();
        *known = freed.max(*known);
        place.gone_amis.insert(id.to_owned(), (gone, until(timing.listed_ms)));
    }
    Ok(answer)
}

pub(super) fn share(call: Call<'_>) -> Result<Answer, Refusal> {
    let changes = |name: &str| call.params.structs(&format!("LaunchPermission.{name}"));
    let added = changes("Add").iter().map(|p| sharee(call, p)).collect::<Result<Vec<_>, _>>()?;
    let removed =
        changes("Remove").iter().map(|p| sharee(call, p)).collect::<Result<Vec<_>, _>>()?;
    let (region, world) = (&call.scope.region, call.sim.world());
    let id = call.params.need("ImageId")?;
    let ami =
        world.places.get(&call.scope.account).and_then(|regions| regions.get(region)?.amis.get(id));
    let snapshot = ami.and_then(|ami| world.snapshot(&call.scope.account, region, &ami.snapshot));
    let key = snapshot.and_then(|snapshot| snapshot.key.clone());
    drop(world);
    if key.as_deref().is_some_and(crate::world::is_default_key) {
        let message = "AMIs of snapshots with the EBS default key cannot be shared";
        return Err(Refusal::new(400, "InvalidParameter", message));
    }
    if added.contains(&Sharee::All) {
        let spec = call.sim.config.accounts.get(&call.scope.account);
        if key.is_some() {
            let message = "AMIs of encrypted snapshots cannot be made public";
            return Err(Refusal::new(400, "InvalidParameter", message));
        }
        if spec.is_some_and(|spec| spec.blocks_public_access) {
            let message = "You can\u{2019}t publicly share this image because block public access for AMIs is enabled \
                           for this account. To publicly share the image, you must call the \
                           DisableImageBlockPublicAccess API.";
            return Err(Refusal::new(400, "OperationNotPermitted", message));
        }
    }
    with_own(call, "ModifyImageAttribute", |ami| {
        for sharee in added {
            match sharee {
                Sharee::All => ami.is_public = true,
                Sharee::One(who) => drop(ami.shared_with.insert(who)),
            }
        }
        for sharee in removed {
            match sharee {
                Sharee::All => ami.is_public = false,
                Sharee::One(who) => drop(ami.shared_with.remove(&who)),
            }
        }
        Ok(())
    })
}

/// Those with whom an AMI is shared: all accounts, or one account, organisation or organisational unit.
#[derive(PartialEq, Eq)]
enum Sharee {
    All,
    One(String),
}

/// Reads a launch permission and checks its account or ARN. *Source:* the API's reference.
fn sharee(call: Call<'_>, permission: &Params) -> Result<Sharee, Refusal> {
    if let Some(group) = permission.get("Group") {
        return if group == "all" { Ok(Sharee::All) } else { Err(bad_value("Group", group)) };
    }
    if let Some(account) = permission.get("UserId") {
        let is_number = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || account == call.scope.account {
            return Err(bad_value("UserId", account));
        }
        return Ok(Sharee::One(account.to_owned()));
    }
    for (name, kind) in [("OrganizationArn", "organization/o-"), ("OrganizationalUnitArn", "ou/o-")]
    {
        if let Some(arn) = permission.get(name) {
            let parts: Vec<&str> = arn.splitn(6, ':').collect();
            let is_one = matches!(&parts[..], ["arn", _, "organizations", "", _, rest] if rest.starts_with(kind));
            return if is_one {
                Ok(Sharee::One(arn.to_owned()))
            } else {
                Err(bad_value(name, arn))
            };
        }
    }
    Err(Refusal::new(400, "MissingParameter", "LaunchPermission"))
}

pub(super) fn attribute(call: Call<'_>) -> Result<Answer, Refusal> {
    let id = call.params.need("ImageId")?;
    let mut world = call.sim.world();
    let place = world.place(&call.scope.account, &call.scope.region);
    let ami = place.amis.get(id).ok_or_else(|| unknown(id))?;
    Ok(call.answer("DescribeImageAttribute", |xml| {
        xml.leaf("imageId", id);
        xml.list("launchPermission", &ami.shared_with, |xml, who| match who {
            unit if unit.contains(":ou/") => xml.leaf("organizationalUnitArn", unit),
            organization if organization.starts_with("arn:") => {
                xml.leaf("organizationArn", organization);
            }
            account => xml.leaf("userId", account),
        });
    }))
}

/// Attaches a watermark to an AMI of the caller; public AMIs are refused.
pub(super) fn watermark(call: Call<'_>) -> Result<Answer, Refusal> {
    let name = call.params.need("WatermarkName")?;
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "()[] ./-'@_".contains(c);
    if !(3..=128).contains(&name.len()) || !name.chars().all(is_allowed) {
        return Err(bad_value("WatermarkName", name));
    }
    let key = format!("{}:{name}", call.scope.account);
    with_own(call, "AttachImageWatermark", |ami| {
        if ami.is_public {
            let message = "watermarks cannot be attached to public AMIs";
            return Err(Refusal::new(400, "OperationNotPermitted", message));
        }
        if !ami.watermarks.insert(key.clone()) {
            let message = format!("the watermark {key} is attached already");
            return Err(Refusal::new(400, "InvalidParameterValue", &message));
        }
        Ok(())
    })?;
    Ok(call.answer("AttachImageWatermark", |xml| xml.leaf("watermarkKey", &key)))
}

pub(super) fn deprecate(call: Call<'_>) -> Result<Answer, Refusal> {
    let at = call.params.need("DeprecateAt")?.to_owned();
    // The time, rounded down to the minute, must be in the future and at most ten years ahead.
    // *Source:* the API's reference.
    let ms = parse_rfc3339(&at).map(|ms| ms - ms.rem_euclid(60_000));
    let ten_years = 10 * 366 * 86_400_000;
    if !ms.is_some_and(|ms| ms > call.now && ms <= call.now + ten_years) {
        return Err(bad_value("DeprecateAt", &at));
    }
    with_own(call, "EnableImageDeprecation", |ami| {
        ami.deprecated_at = Some(at);
        Ok(())
    })
}

pub(super) fn protect(call: Call<'_>, is_protected: bool) -> Result<Answer, Refusal> {
    let name = if is_protected {
        "EnableImageDeregistrationProtection"
    } else {
        "DisableImageDeregistrationProtection"
    };
    with_own(call, name, |ami| {
        ami.is_protected = is_protected;
        Ok(())
    })
}
