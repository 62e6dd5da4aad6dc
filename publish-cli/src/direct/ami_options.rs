//! What AMIs are asked to be, beside what their image says.

use cloud::calls::{BootMode, Root};
use serde::{Deserialize, Serialize};

/// What instances call their root unless the user says: Amazon's own images do, and so do launch templates.
const ROOT_DEVICE: &str = "/dev/xvda";

/// The longest UEFI data, in base64. *Source:* RegisterImage.
pub const UEFI_DATA_LEN_MAX: usize = 64_000;

/// The tag that says by its digest which UEFI variables an AMI has: AWS does not tell.
pub const UEFI_TAG: &str = "imprint:uefi-data";

/// The tag that says how fast an AMI's root is filled: AWS does not tell.
pub const RATE_TAG: &str = "imprint:initialization-rate";

/// Whether instances have a TPM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tpm {
    /// Where the machine boots with UEFI alone and most instance types of its processor have one: not on arm64.
    #[default]
    Auto,
    /// In any case.
    On,
    /// In no case.
    Off,
}

/// Which metadata service instances have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Imds {
    /// Version 2 alone.
    #[default]
    Required,
    /// Version 1, too: old cloud-init knows no other.
    Optional,
}

/// What AMIs are asked to be. The defaults are what runs of earlier versions asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AmiOptions {
    /// The root's size, where it is to be larger than the snapshot.
    pub volume_gib: Option<u64>,
    /// The root's operations a second.
    pub iops: Option<u32>,
    /// The root's MiB a second.
    pub throughput: Option<u32>,
    /// MiB a second at which the root is filled from its snapshot.
    pub initialization_rate: Option<u32>,
    /// Whether instances have a TPM.
    pub tpm: Tpm,
    /// Which metadata service they have.
    pub imds: Imds,
    /// How they boot, where it is to be otherwise than the image says.
    pub boot_mode: Option<String>,
    /// What they call their root.
    pub root_device: Option<String>,
    /// Their UEFI variables, base64.
    pub uefi_data: Option<String>,
}

impl AmiOptions {
    /// Tags that say what AWS does not tell of an AMI.
    pub fn tags(&self) -> Vec<(String, String)> {
        let digest = |data: &String| wire::Algorithm::Sha256.digest(data.as_bytes()).short();
        let uefi = self.uefi_data.as_ref().map(|data| (UEFI_TAG.to_owned(), digest(data)));
        let rate = self.initialization_rate.map(|rate| (RATE_TAG.to_owned(), rate.to_string()));
        uefi.into_iter().chain(rate).collect()
    }

    /// The root disk, on top of a snapshot of a size.
    pub fn root(&self, snapshot_gib: u64) -> Root {
        Root {
            device: self.root_device.clone().unwrap_or_else(|| ROOT_DEVICE.to_owned()),
            size_gib: self.volume_gib.unwrap_or(snapshot_gib).max(snapshot_gib),
            iops: self.iops,
            throughput: self.throughput,
            initialization_rate: self.initialization_rate,
        }
    }

    /// Whether instances have a TPM.
    pub fn has_tpm(&self, architecture: &str, boot_mode: BootMode) -> bool {
        match self.tpm {
            Tpm::Auto => boot_mode == BootMode::Uefi && architecture != "arm64",
            Tpm::On => true,
            Tpm::Off => false,
        }
    }

    /// Checks what is asked for against what the disk can, as far as that is known.
    ///
    /// # Errors
    /// For a person: what does not fit.
    pub fn check(
        &self,
        architecture: &str,
        boots: Option<BootMode>,
        snapshot_gib: Option<u64>,
    ) -> Result<(), String> {
        let wanted = self.boot_mode.as_deref().map(|name| (name, BootMode::parse(name)));
        if let Some((name, Some(wanted))) = wanted
            && architecture == "arm64"
            && wanted != BootMode::Uefi
        {
            return Err(format!("--boot-mode {name}: arm64 boots with uefi alone"));
        }
        // A disk for both boots either way; one for UEFI or BIOS alone has nothing to boot the other way.
        if let (Some((name, Some(wanted))), Some(boots)) = (wanted, boots)
            && boots != BootMode::UefiPreferred
            && wanted != boots
        {
            return Err(format!("--boot-mode {name}: the disk boots with {} alone", boots.name()));
        }
        let mode = wanted.and_then(|(_, mode)| mode).or(boots);
        if self.tpm == Tpm::On && mode.is_some_and(|mode| mode != BootMode::Uefi) {
            return Err("--tpm on: a TPM needs --boot-mode uefi".to_owned());
        }
        if self.uefi_data.is_some() && mode == Some(BootMode::LegacyBios) {
            return Err("--uefi-data: a machine with a BIOS has no UEFI variables".to_owned());
        }
        if let (Some(size), Some(snapshot)) = (self.volume_gib, snapshot_gib)
            && size < snapshot
        {
            return Err(format!("--volume-size {size}: the disk has {snapshot} GiB already"));
        }
        // *Source:* gp3's limits: 500 operations a second for each GiB, and 3,000 in any case.
        let size = self.volume_gib.or(snapshot_gib);
        if let (Some(iops), Some(size)) = (self.iops, size)
            && iops > 3000
            && u64::from(iops) > size * 500
        {
            return Err(format!(
                "--iops {iops}: gp3 has 500 for each GiB: --volume-size {}GiB",
                iops.div_ceil(500)
            ));
        }
        match (self.iops, self.throughput) {
            // *Source:* gp3's limits: a quarter of a MiB a second for each operation a second.
            (iops, Some(throughput)) if throughput > iops.unwrap_or(3000) / 4 => Err(format!(
                "--throughput {throughput}: gp3 has 0.25 MiB/s for each operation a second: --iops {}",
                throughput * 4
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tpm_is_there_where_most_machines_have_one() {
        let with = |tpm| AmiOptions { tpm, ..AmiOptions::default() };
        assert!(with(Tpm::Auto).has_tpm("x86_64", BootMode::Uefi));
        assert!(!with(Tpm::Auto).has_tpm("arm64", BootMode::Uefi));
        assert!(!with(Tpm::Auto).has_tpm("x86_64", BootMode::UefiPreferred));
        assert!(with(Tpm::On).has_tpm("arm64", BootMode::Uefi));
        assert!(!with(Tpm::Off).has_tpm("x86_64", BootMode::Uefi));
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let none = AmiOptions::default();
        let mode = |name: &str| AmiOptions { boot_mode: Some(name.to_owned()), ..none.clone() };
        let both = Some(BootMode::UefiPreferred);
        assert_eq!(none.check("x86_64", both, Some(2)), Ok(()));
        assert_eq!(mode("uefi").check("x86_64", both, Some(2)), Ok(()));
        let bad = [
            (mode("legacy-bios"), "arm64", None),
            (mode("uefi"), "x86_64", Some(BootMode::LegacyBios)),
            (AmiOptions { tpm: Tpm::On, ..none.clone() }, "x86_64", both),
            (AmiOptions { volume_gib: Some(1), ..none.clone() }, "x86_64", both),
            (AmiOptions { throughput: Some(1000), ..none.clone() }, "x86_64", both),
            (AmiOptions { iops: Some(16_000), ..none.clone() }, "x86_64", both),
        ];
        for (options, architecture, boots) in bad {
            assert!(options.check(architecture, boots, Some(2)).is_err(), "{options:?}");
        }
        let fast = AmiOptions { throughput: Some(1000), iops: Some(4000), ..none };
        assert_eq!(fast.check("x86_64", both, Some(8)), Ok(()));
    }

    #[test]
    fn the_root_is_never_smaller_than_its_snapshot() {
        let options = AmiOptions { volume_gib: Some(30), ..AmiOptions::default() };
        assert_eq!((options.root(2).size_gib, options.root(40).size_gib), (30, 40));
        assert_eq!(options.root(2).device, ROOT_DEVICE);
    }
}
