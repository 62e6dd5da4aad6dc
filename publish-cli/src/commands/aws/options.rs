//! What is asked for on the command line, checked as far as it can be without AWS.

use store::lint::SECRETS;
use wire::Architecture;
use wire::ErrorClass;
use wire::name::ImageName;
use wire::proto::{ImageRecord, LintFinding};

use crate::cli::{PublishArgs, PublishAwsArgs};
use crate::context::Context;
use crate::direct::ami_options::{AmiOptions, UEFI_DATA_LEN_MAX};
use crate::direct::naming;
use crate::direct::run::{Options, sharee};
use crate::failure::Failure;

/// What was asked for, checked as far as it can be without AWS.
pub(super) fn options(
    image: &ImageName,
    architecture: String,
    manifest: &str,
    id: &str,
    args: &PublishArgs,
) -> anyhow::Result<Options> {
    let refused = |message: String| Failure::error(ErrorClass::Refused, message);
    if architecture.is_empty() {
        return Err(refused(format!(
            "image {image} has no programs that tell its architecture: add it under another leaf with --arch"
        )));
    }
    // Records of older versions have what was said.
    let architecture: Architecture = architecture.parse().map_err(|error| {
        refused(format!("image {image}: {error}; add it under another leaf with --arch"))
    })?;
    let architecture = architecture.name().to_owned();
    let usage = |error: String| Failure::usage(error);
    let aws = &args.aws;
    let share: Vec<String> = aws.share.clone();
    for who in &share {
        sharee(who).map_err(usage)?;
    }
    let now = time::OffsetDateTime::now_utc();
    let deprecate_at = aws.expires_in.map(|after| naming::deprecation(now, after));
    let ami = ami_options(aws)?;
    ami.check(&architecture, None, None).map_err(usage)?;
    let watermark = aws.watermark.as_ref();
    let watermark = watermark.map(|name| naming::watermark(name, image, &architecture, id));
    let parameter = aws.ssm_parameter.as_ref();
    let parameter = parameter.map(|name| naming::parameter_name(name, image, &architecture, id));
    Ok(Options {
        ami_name: naming::ami_name(aws.ami_name.as_deref(), image, &architecture, id)
            .map_err(usage)?,
        architecture,
        boot_mode: String::new(),
        no_boot: args.no_boot,
        tags: naming::tags(image, manifest, id, aws.tags.clone(), ami.tags()).map_err(usage)?,
        kms_key: aws.kms_key.clone(),
        may_be_plain: aws.unencrypted,
        share,
        public: aws.public,
        watermark: watermark.transpose().map_err(usage)?,
        deprecate_at: deprecate_at.transpose().map_err(usage)?,
        protect: aws.protect,
        parameter: parameter.transpose().map_err(usage)?,
        parameter_kind: aws.ssm_type,
        ami,
        prove_all: aws.prove == "all",
    })
}

/// Refuses to let everybody launch an image in which a secret was found.
pub(super) fn check_secrets(
    context: &Context,
    record: &ImageRecord,
    is_public: bool,
) -> anyhow::Result<()> {
    if !is_public {
        return Ok(());
    }
    if record.kind == "disk" {
        context
            .output
            .note("a disk image is not searched for secrets: what is in it will be public");
    }
    let is_secret = |finding: &&LintFinding| SECRETS.contains(&finding.rule.as_str());
    let Some(found) = record.findings.iter().find(is_secret) else { return Ok(()) };
    let LintFinding { rule, path, problem } = found;
    let message = format!(
        "--public: {path} ({rule}): {problem}; remove it from the image, and add that under another leaf"
    );
    Err(Failure::error(ErrorClass::Refused, message))
}

/// What AMIs are asked to be.
fn ami_options(args: &PublishAwsArgs) -> anyhow::Result<AmiOptions> {
    let uefi_data = match &args.uefi_data {
        None => None,
        Some(path) => {
            let problem =
                |what: &str| Failure::usage(format!("--uefi-data {}: {what}", path.display()));
            let text = std::fs::read_to_string(path).map_err(|e| problem(&e.to_string()))?;
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
            Some(text)
        }
    };
    Ok(AmiOptions {
        volume_gib: args.volume_size,
        iops: args.iops,
        throughput: args.throughput,
        initialization_rate: args.initialization_rate,
        tpm: args.tpm,
        imds: args.imds,
        boot_mode: args.boot_mode.clone(),
        root_device: args.root_device.clone(),
        uefi_data,
    })
}
