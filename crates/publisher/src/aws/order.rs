//! The user's order: an image and the wanted AMIs, checked as far as possible without AWS.

use std::path::{Path, PathBuf};
use std::time::Duration;

use store::lint::SECRETS;
use wire::Architecture;
use wire::name::ImageName;
use wire::proto::{ImageFacts, ImageRecord, LintFinding};
use wire::run::{AmiOptions, ParameterKind, PublishOptions};

use super::ami::{self, UEFI_DATA_LEN_MAX, sharee};
use super::naming;
use crate::add::Addition;
use crate::error::{PublishError, Reason, Result};
use crate::observer::Observer;

/// An image to publish as AMIs, with options. [`AwsOrder::new`] has the usual choice: AMIs with the image's name,
/// encrypted with each account's default key.
#[derive(Clone, Debug)]
pub struct AwsOrder {
    /// The image to publish; with `from`, it is added first.
    pub image: ImageName,
    /// Source to add the image from before publishing.
    pub from: Option<PathBuf>,
    /// Architecture of the added image, if its content does not show it.
    pub architecture: Option<Architecture>,
    /// Publish the image even if it cannot boot.
    pub no_boot: bool,
    /// Template of the AMIs' name, in which `{image}`, `{stream}`, `{leaf}`, `{arch}` and `{run}` are replaced;
    /// default: the image's name.
    pub ami_name: Option<String>,
    /// Tags of snapshots and AMIs, as pairs of key and value.
    pub tags: Vec<(String, String)>,
    /// KMS key to encrypt with (id, ARN or alias), instead of each account's default.
    pub kms_key: Option<String>,
    /// Create unencrypted snapshots where the account allows it.
    pub unencrypted: bool,
    /// Account numbers, and ARNs of organisations and their units, that may launch the AMIs.
    pub share: Vec<String>,
    /// Let everybody launch the AMIs.
    pub public: bool,
    /// Watermark for the AMIs: a template as for their name.
    pub watermark: Option<String>,
    /// Time after which AMIs are deprecated: from 10 minutes to 3650 days.
    pub expires_in: Option<Duration>,
    /// Protect the AMIs from being deregistered.
    pub protect: bool,
    /// SSM parameter to set to the AMI in each account and region: a template as for the AMI's name.
    pub parameter: Option<String>,
    /// Data type of the parameter; AWS checks the parameter's value against it.
    pub parameter_kind: ParameterKind,
    /// Properties of the AMIs and their root volume.
    pub ami: AmiOptions,
    /// Read every block back instead of a sample.
    pub prove_all: bool,
    /// Folder in which the disk is assembled; it needs space for the volume's data.
    pub work_dir: PathBuf,
    /// Take the stream's leases over from another publisher.
    pub steal: bool,
}

impl AwsOrder {
    /// Makes an order with all options off.
    pub fn new(image: ImageName) -> Self {
        Self {
            image,
            from: None,
            architecture: None,
            no_boot: false,
            ami_name: None,
            tags: Vec::new(),
            kms_key: None,
            unencrypted: false,
            share: Vec::new(),
            public: false,
            watermark: None,
            expires_in: None,
            protect: false,
            parameter: None,
            parameter_kind: ParameterKind::Ami,
            ami: AmiOptions::default(),
            prove_all: false,
            work_dir: PathBuf::from("/var/tmp"),
            steal: false,
        }
    }

    /// Returns the addition that precedes publishing, if there is one.
    pub(crate) fn addition(&self) -> Option<Addition> {
        let source = self.from.clone()?;
        let addition = Addition::new(self.image.clone(), source);
        Some(Addition { architecture: self.architecture, ..addition })
    }

    /// Returns the options for the run's record, for an image of this architecture.
    pub(crate) fn options(
        &self,
        architecture: &str,
        manifest: &str,
        run: &str,
    ) -> Result<PublishOptions> {
        let image = &self.image;
        let refused = |message: String| PublishError::new(Reason::Unbootable, message);
        let wrong = |message: String| PublishError::new(Reason::Argument, message);
        if architecture.is_empty() {
            return Err(refused(format!(
                "image {image} has no programs that tell its architecture: add it under another leaf with --arch"
            )));
        }
        // Records made by older versions of Imprint have the architecture as the user spelled it.
        let architecture: Architecture = architecture.parse().map_err(|error| {
            refused(format!("image {image}: {error}; add it under another leaf with --arch"))
        })?;
        let arch = architecture.name();
        for who in &self.share {
            sharee(who).map_err(wrong)?;
        }
        let now = time::OffsetDateTime::now_utc();
        let deprecate_at = self.expires_in.map(|after| naming::deprecation(now, after));
        ami::check(&self.ami, arch, None, None).map_err(wrong)?;
        let watermark =
            self.watermark.as_ref().map(|name| naming::watermark(name, image, arch, run));
        let parameter =
            self.parameter.as_ref().map(|name| naming::parameter_name(name, image, arch, run));
        let (own, of_ami) = (self.tags.clone(), ami::tags(&self.ami));
        Ok(PublishOptions {
            ami_name: naming::ami_name(self.ami_name.as_deref(), image, arch, run)
                .map_err(wrong)?,
            architecture: arch.to_owned(),
            boot_mode: String::new(),
            no_boot: self.no_boot,
            tags: naming::tags(image, manifest, run, own, of_ami).map_err(wrong)?,
            kms_key: self.kms_key.clone(),
            may_be_plain: self.unencrypted,
            share: self.share.clone(),
            public: self.public,
            watermark: watermark.transpose().map_err(wrong)?,
            deprecate_at: deprecate_at.transpose().map_err(wrong)?,
            protect: self.protect,
            parameter: parameter.transpose().map_err(wrong)?,
            parameter_kind: self.parameter_kind,
            ami: self.ami.clone(),
            prove_all: self.prove_all,
        })
    }

    /// Refuses an image of another architecture than the order names.
    pub(crate) fn check_architecture(&self, facts: &ImageFacts) -> Result<()> {
        let Some(wanted) = self.architecture else { return Ok(()) };
        if facts.architecture.parse() == Ok(wanted) {
            return Ok(());
        }
        let message = format!(
            "{} exists already, for {}, but --arch names {}: add the image under another leaf",
            self.image,
            facts.architecture,
            wanted.name()
        );
        Err(PublishError::new(Reason::ImageDiffers, message))
    }

    /// Refuses to make an image public if a secret was found in it.
    pub(crate) fn check_secrets(
        &self,
        record: &ImageRecord,
        observer: &dyn Observer,
    ) -> Result<()> {
        if !self.public {
            return Ok(());
        }
        if record.kind == "disk" {
            observer.note("a disk image is not searched for secrets: what is in it will be public");
        }
        let is_secret = |finding: &&LintFinding| SECRETS.contains(&finding.rule.as_str());
        let Some(found) = record.findings.iter().find(is_secret) else { return Ok(()) };
        let LintFinding { rule, path, problem } = found;
        let message = format!(
            "--public refuses the secret {path} ({rule}): {problem}; remove it from the source, and add the image under another leaf"
        );
        Err(PublishError::new(Reason::SecretFound, message))
    }
}

/// Reads a file of UEFI variables in AWS's base64 format.
///
/// # Errors
/// [`Reason::Argument`]: the file cannot be read, is not base64, or is too long.
pub fn read_uefi_data(path: &Path) -> Result<String> {
    let problem = |what: &str| {
        PublishError::new(Reason::Argument, format!("--uefi-data {}: {what}", path.display()))
    };
    let text = std::fs::read_to_string(path).map_err(|error| problem(&error.to_string()))?;
    let text: String = text.split_ascii_whitespace().collect();
    if text.is_empty() {
        return Err(problem("it is empty"));
    }
    if data_encoding::BASE64.decode(text.as_bytes()).is_err() {
        return Err(problem("it is no base64: `uefivars -i … -o aws` writes such a file"));
    }
    if text.len() > UEFI_DATA_LEN_MAX {
        let what = format!(
            "it has {} characters, and at most {UEFI_DATA_LEN_MAX} are allowed",
            text.len()
        );
        return Err(problem(&what));
    }
    Ok(text)
}
