//! Properties of AMIs: checks the image's facts and the user's options, and builds a registration from them.

use cloud::calls::{BootMode, NewAmi, Root, Sharee};
use wire::run::{AmiOptions, Imds, PublishOptions, Tpm};

/// Default device name of the root volume: Amazon's own images and launch templates use it.
const ROOT_DEVICE: &str = "/dev/xvda";

/// Longest UEFI data, in characters of base64. *Source:* RegisterImage.
pub(super) const UEFI_DATA_LEN_MAX: usize = 64_000;

/// Tag with the digest of an AMI's UEFI variables, which EC2 does not report.
pub(super) const UEFI_TAG: &str = "imprint:uefi-data";

/// Tag with the rate at which an AMI's root volume is filled, which EC2 does not report.
pub(super) const RATE_TAG: &str = "imprint:initialization-rate";

/// Returns tags for the options that EC2 does not report.
pub(super) fn tags(options: &AmiOptions) -> Vec<(String, String)> {
    let digest = |data: &String| wire::Algorithm::Sha256.digest(data.as_bytes()).short();
    let uefi = options.uefi_data.as_ref().map(|data| (UEFI_TAG.to_owned(), digest(data)));
    let rate = options.initialization_rate.map(|rate| (RATE_TAG.to_owned(), rate.to_string()));
    uefi.into_iter().chain(rate).collect()
}

/// Makes the root volume; it is never smaller than its snapshot.
fn root(options: &AmiOptions, snapshot_gib: u64) -> Root {
    Root {
        device: options.root_device.clone().unwrap_or_else(|| ROOT_DEVICE.to_owned()),
        size_gib: options.volume_gib.unwrap_or(snapshot_gib).max(snapshot_gib),
        iops: options.iops,
        throughput: options.throughput,
        initialization_rate: options.initialization_rate,
    }
}

/// Decides whether instances have a TPM. With [`Tpm::Auto`] they have one if they boot with UEFI only, except on arm64.
fn has_tpm(options: &AmiOptions, architecture: &str, boot_mode: BootMode) -> bool {
    match options.tpm {
        Tpm::Auto => boot_mode == BootMode::Uefi && architecture != "arm64",
        Tpm::On => true,
        Tpm::Off => false,
    }
}

/// Checks the options against the disk's boot modes and size, if these are known.
///
/// # Errors
/// Names the option that does not fit.
pub(super) fn check(
    options: &AmiOptions,
    architecture: &str,
    boots: Option<BootMode>,
    snapshot_gib: Option<u64>,
) -> Result<(), String> {
    let wanted = options.boot_mode.as_deref().map(|name| (name, BootMode::parse(name)));
    if let Some((name, Some(wanted))) = wanted
        && architecture == "arm64"
        && wanted != BootMode::Uefi
    {
        return Err(format!(
            "--boot-mode {name} does not fit: an arm64 machine boots only with uefi"
        ));
    }
    // A disk for both modes boots in either; a disk for UEFI or BIOS only cannot boot in the other.
    if let (Some((name, Some(wanted))), Some(boots)) = (wanted, boots)
        && boots != BootMode::UefiPreferred
        && wanted != boots
    {
        return Err(format!(
            "--boot-mode {name} does not fit: the disk boots only with {}",
            boots.name()
        ));
    }
    let mode = wanted.and_then(|(_, mode)| mode).or(boots);
    if options.tpm == Tpm::On && mode.is_some_and(|mode| mode != BootMode::Uefi) {
        return Err("--tpm on: a TPM needs --boot-mode uefi".to_owned());
    }
    if options.uefi_data.is_some() && mode == Some(BootMode::LegacyBios) {
        return Err("--uefi-data does not fit the boot mode legacy-bios, which has no UEFI variables: leave it out".to_owned());
    }
    if let (Some(size), Some(snapshot)) = (options.volume_gib, snapshot_gib)
        && size < snapshot
    {
        return Err(format!("--volume-size {size} is too small: the disk has {snapshot} GiB"));
    }
    // *Source:* gp3's limits: 500 IOPS per GiB, and 3,000 in any case.
    let size = options.volume_gib.or(snapshot_gib);
    if let (Some(iops), Some(size)) = (options.iops, size)
        && iops > 3000
        && u64::from(iops) > size * 500
    {
        return Err(format!(
            "--iops {iops} is too much: gp3 allows 500 for each GiB of the volume; set --volume-size to at least {}GiB",
            iops.div_ceil(500)
        ));
    }
    match (options.iops, options.throughput) {
        // *Source:* gp3's limit: 0.25 MiB/s for each IOPS.
        (iops, Some(throughput)) if throughput > iops.unwrap_or(3000) / 4 => Err(format!(
            "--throughput {throughput} is too much: gp3 allows 0.25 MiB/s for each IOPS; raise --iops to {}",
            throughput * 4
        )),
        _ => Ok(()),
    }
}

/// Returns the key to encrypt a target's snapshot with: the order's, else the configured one. The configured key does
/// not apply to an order that allows unencrypted snapshots.
pub(crate) fn key<'a>(options: &'a PublishOptions, configured: Option<&'a str>) -> Option<&'a str> {
    let configured = configured.filter(|_| !options.may_be_plain);
    options.kms_key.as_deref().or(configured)
}

/// Returns the AMI's boot mode: the order's, else the disk's, else one that the architecture has.
pub(crate) fn boot_mode(options: &PublishOptions) -> BootMode {
    // AWS needs a boot mode even for a disk that need not boot: use one that the architecture supports.
    let default = match options.architecture.as_str() {
        "arm64" => BootMode::Uefi,
        _ => BootMode::LegacyBios,
    };
    let wanted = options.ami.boot_mode.as_deref().unwrap_or(&options.boot_mode);
    BootMode::parse(wanted).unwrap_or(default)
}

/// Returns who may launch the AMI: accounts, organisations, their units, or everybody; empty if the AMI stays private.
pub(crate) fn sharees(options: &PublishOptions) -> Vec<Sharee> {
    let named = options.share.iter().filter_map(|text| sharee(text).ok());
    named.chain(options.public.then_some(Sharee::All)).collect()
}

/// Builds the registration of a snapshot as an AMI.
pub(crate) fn new_ami(
    options: &PublishOptions,
    snapshot: &str,
    snapshot_gib: u64,
    description: String,
) -> NewAmi {
    NewAmi {
        name: options.ami_name.clone(),
        description,
        architecture: options.architecture.clone(),
        boot_mode: boot_mode(options),
        snapshot: snapshot.to_owned(),
        root: root(&options.ami, snapshot_gib),
        has_tpm: has_tpm(&options.ami, &options.architecture, boot_mode(options)),
        requires_imds_v2: options.ami.imds == Imds::Required,
        uefi_data: options.ami.uefi_data.clone(),
        tags: options.tags.clone(),
    }
}

/// Parses a recipient: an account's number, or the ARN of an organisation or organisational unit.
///
/// # Errors
/// Lists the accepted forms.
pub(super) fn sharee(text: &str) -> Result<Sharee, String> {
    let is_digits = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits(text) {
        return Ok(Sharee::Account(text.to_owned()));
    }
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    match &parts[..] {
        ["arn", _, "organizations", "", owner, what] if is_digits(owner) => {
            if what.starts_with("organization/o-") {
                return Ok(Sharee::Organization(text.to_owned()));
            }
            if what.starts_with("ou/o-") {
                return Ok(Sharee::Unit(text.to_owned()));
            }
        }
        _ => {}
    }
    Err(format!(
        "--share {text} is malformed: expected an account's twelve digits, or the ARN of an organisation or a unit (arn:aws:organizations::111111111111:organization/o-…, …:ou/o-…/ou-…)"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tpm_is_there_where_most_machines_have_one() {
        let with = |tpm| AmiOptions { tpm, ..AmiOptions::default() };
        assert!(has_tpm(&with(Tpm::Auto), "x86_64", BootMode::Uefi));
        assert!(!has_tpm(&with(Tpm::Auto), "arm64", BootMode::Uefi));
        assert!(!has_tpm(&with(Tpm::Auto), "x86_64", BootMode::UefiPreferred));
        assert!(has_tpm(&with(Tpm::On), "arm64", BootMode::Uefi));
        assert!(!has_tpm(&with(Tpm::Off), "x86_64", BootMode::Uefi));
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let none = AmiOptions::default();
        let mode = |name: &str| AmiOptions { boot_mode: Some(name.to_owned()), ..none.clone() };
        let both = Some(BootMode::UefiPreferred);
        assert_eq!(check(&none, "x86_64", both, Some(2)), Ok(()));
        assert_eq!(check(&mode("uefi"), "x86_64", both, Some(2)), Ok(()));
        let bad = [
            (mode("legacy-bios"), "arm64", None),
            (mode("uefi"), "x86_64", Some(BootMode::LegacyBios)),
            (AmiOptions { tpm: Tpm::On, ..none.clone() }, "x86_64", both),
            (AmiOptions { volume_gib: Some(1), ..none.clone() }, "x86_64", both),
            (AmiOptions { throughput: Some(1000), ..none.clone() }, "x86_64", both),
            (AmiOptions { iops: Some(16_000), ..none.clone() }, "x86_64", both),
        ];
        for (options, architecture, boots) in bad {
            assert!(check(&options, architecture, boots, Some(2)).is_err(), "{options:?}");
        }
        let fast = AmiOptions { throughput: Some(1000), iops: Some(4000), ..none };
        assert_eq!(check(&fast, "x86_64", both, Some(8)), Ok(()));
    }

    #[test]
    fn the_root_is_never_smaller_than_its_snapshot() {
        let options = AmiOptions { volume_gib: Some(30), ..AmiOptions::default() };
        assert_eq!((root(&options, 2).size_gib, root(&options, 40).size_gib), (30, 40));
        assert_eq!(root(&options, 2).device, ROOT_DEVICE);
    }

    #[test]
    fn only_accounts_and_organisations_are_shared_with() {
        let of = |arn: &str| sharee(arn);
        assert_eq!(of("111111111111"), Ok(Sharee::Account("111111111111".to_owned())));
        let organization = "arn:aws:organizations::111111111111:organization/o-abc";
        assert_eq!(of(organization), Ok(Sharee::Organization(organization.to_owned())));
        let unit = "arn:aws-us-gov:organizations::111111111111:ou/o-abc/ou-x-y";
        assert_eq!(of(unit), Ok(Sharee::Unit(unit.to_owned())));
        for bad in
            ["", "1111", "arn:aws:iam::111111111111:role/x", "arn:aws:organizations::x:ou/o-a"]
        {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
