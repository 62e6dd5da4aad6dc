//! `publish-cli publish --target`: publishes an image as AMIs in all targets.

use publisher::aws::order::read_uefi_data;
use publisher::aws::{AwsOrder, AwsPublisher};
use wire::name::ImageName;
use wire::run::AmiOptions;

use super::results::{Files, tell};
use super::{dry_run, targets};
use crate::cli::PublishArgs;
use crate::context::Context;
use crate::failure::Failure;

pub(in crate::commands) fn run(
    context: &Context,
    image: &ImageName,
    args: &PublishArgs,
) -> anyhow::Result<u8> {
    let targets = targets::with(context, usize::from(args.aws.concurrency))?;
    let mut texts = args.aws.targets.clone();
    texts.extend(args.aws.target_list.clone());
    if texts.is_empty() {
        return Err(Failure::usage("--via direct needs --target ACCOUNT/REGION"));
    }
    let (wanted, skipped) = (targets.selectors(&texts)?, targets.selectors(&args.aws.skip_target)?);
    let resolved = context.runtime.block_on(targets.resolve(&wanted, &skipped))?;
    // Fail before publishing, not after it, if the result files cannot be written.
    let files =
        Files { results: args.results.as_deref(), attestation: args.aws.attestation.as_deref() };
    files.check_writable()?;
    context.imaged()?;
    let order = order(image, args)?;
    let publisher = AwsPublisher::new(context.client()?, targets)?;
    if args.dry_run {
        let forecast = publisher.forecast(&order, resolved)?;
        return dry_run::tell(context, image, &forecast);
    }
    let publication = publisher.publish(&order, resolved)?;
    tell(context, publication, files)
}

/// Builds the order from the command line.
fn order(image: &ImageName, args: &PublishArgs) -> anyhow::Result<AwsOrder> {
    let aws = &args.aws;
    let uefi_data = aws.uefi_data.as_deref().map(read_uefi_data).transpose()?;
    Ok(AwsOrder {
        from: args.from.clone(),
        architecture: args.arch,
        no_boot: args.no_boot,
        ami_name: aws.ami_name.clone(),
        tags: aws.tags.clone(),
        kms_key: aws.kms_key.clone(),
        unencrypted: aws.unencrypted,
        share: aws.share.clone(),
        public: aws.public,
        watermark: aws.watermark.clone(),
        expires_in: aws.expires_in,
        protect: aws.protect,
        parameter: aws.ssm_parameter.clone(),
        parameter_kind: aws.ssm_type,
        ami: AmiOptions {
            volume_gib: aws.volume_size,
            iops: aws.iops,
            throughput: aws.throughput,
            initialization_rate: aws.initialization_rate,
            tpm: aws.tpm,
            imds: aws.imds,
            boot_mode: aws.boot_mode.clone(),
            root_device: aws.root_device.clone(),
            uefi_data,
        },
        prove_all: aws.prove == "all",
        work_dir: aws.work_dir.clone(),
        steal: aws.steal,
        ..AwsOrder::new(image.clone())
    })
}
