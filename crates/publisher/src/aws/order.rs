//! What is asked for: an image, and what its AMIs are to be; checked as far as it can be without AWS.

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

/// An image that is to be published as AMIs, and how. [`AwsOrder::new`] asks for what most want: AMIs with the image's
/// name, encrypted with each account's default key.
#[derive(Clone, Debug)]
pub struct AwsOrder {
    /// The image.
    pub image: ImageName,
    /// Add the image from this source first.
    pub from: Option<PathBuf>,
    /// The architecture of what is added, where it does not tell.
    pub architecture: Option<Architecture>,
    /// Publish an image that cannot boot.
    pub no_boot: bool,
    /// AMIs' name: a template in which `{image}`, `{stream}`, `{leaf}`, `{arch}` and `{run}` are replaced. Otherwise the
    /// image's name.
    pub ami_name: Option<String>,
    /// Tags of snapshots and AMIs.
    pub tags: Vec<(String, String)>,
    /// The key to encrypt with, instead of each account's default.
    pub kms_key: Option<String>,
    /// Do without encryption where the account lets us.
    pub unencrypted: bool,
    /// Accounts' numbers and organisations' ARNs to share AMIs with.
    pub share: Vec<String>,
    /// Let everybody launch AMIs.
    pub public: bool,
    /// A watermark for AMIs: a template as for their name.
    pub watermark: Option<String>,
    /// When AMIs are deprecated.
    pub expires_in: Option<Duration>,
    /// Protect AMIs from being deregistered.
    pub protect: bool,
    /// A parameter to point to the AMI in each account and region: a template as for the AMI's name.
    pub parameter: Option<String>,
    /// What AWS checks the parameter's value for.
    pub parameter_kind: ParameterKind,
    /// What AMIs are asked to be beside.
    pub ami: AmiOptions,
    /// Read every block back, not a sample.
    pub prove_all: bool,
    /// Where the disk is put together; it needs room for the volume's data.
    pub work_dir: PathBuf,
    /// Take the stream over from another publisher.
    pub steal: bool,
}

impl AwsOrder {
    /// An image, with no other options.
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

    /// What is to be added first.
    pub(crate) fn addition(&self) -> Option<Addition> {
        let source = self.from.clone()?;
        let addition = Addition::new(self.image.clone(), source);
        Some(Addition { architecture: self.architecture, ..addition })
    }

    /// What the run's record says of it, for an image of an architecture.
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
        // Records of older versions have what was said.
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

    /// Refuses to publish an image as one for another processor.
    pub(crate) fn check_architecture(&self, facts: &ImageFacts) -> Result<()> {
        let Some(wanted) = self.architecture else { return Ok(()) };
        if facts.architecture.parse() == Ok(wanted) {
            return Ok(());
        }
        let message = format!(
            "{} is there already, for {}, and --arch {} is asked for: add it under another leaf",
            self.image,
            facts.architecture,
            wanted.name()
        );
        Err(PublishError::new(Reason::ImageDiffers, message))
    }

    /// Refuses to let everybody launch an image in which a secret was found.
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
            "--public: {path} ({rule}): {problem}; remove it from the image, and add that under another leaf"
        );
        Err(PublishError::new(Reason::SecretFound, message))
    }
}

/// Reads a file of UEFI variables in AWS's form: base64.
///
/// # Errors
/// [`Reason::Argument`]: it cannot be read, or is not such a file.
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
        let what = format!("{} characters, {UEFI_DATA_LEN_MAX} at most", text.len());
        return Err(problem(&what));
    }
    Ok(text)
}
