//! `publish-cli publish --via direct`: an image to AMIs in all targets, by the blocks that differ.
//!
//! ```text
//! resolve targets → take the stream → patch and capture the disk → ask every target what it has →
//! decide → record the run → all targets at once
//! ```

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use cloud::calls::BootMode;
use tokio::task::JoinSet;
use wire::Architecture;
use wire::ErrorClass;
use wire::blockmap::BlockMap;
use wire::name::ImageName;
use wire::proto::{GetImageRequest, ImageFacts, ImageRecord, PutBlockMapRequest};
use wire::units::format_count;

use super::disk::{Disk, boot_mode};
use super::options::{check_secrets, options};
use super::results::Files;
use super::targets::{Aim, Resolved};
use crate::cli::{PublishArgs, PublishAwsArgs};
use crate::commands::image_add;
use crate::context::{Context, Server, holder, now_ms};
use crate::direct::journal::{Journal, Lease, folder};
use crate::direct::progress::Progress;
use crate::direct::records::Records;
use crate::direct::run::{Options, Problem, Run, TargetRun};
use crate::direct::steps::Work;
use crate::direct::{attest, readback};
use crate::failure::{Failure, exit_code};

/// Runs it.
pub(super) fn run(context: &Context, image: &ImageName, args: &PublishArgs) -> anyhow::Result<u8> {
    let aim = Aim::with(context, usize::from(args.aws.concurrency))?;
    let mut texts = args.aws.targets.clone();
    texts.extend(args.aws.target_list.clone());
    if texts.is_empty() {
        return Err(Failure::usage("--via direct needs --target ACCOUNT/REGION"));
    }
    let wanted = aim.selectors(&texts)?;
    let skipped = aim.selectors(&args.aws.skip_target)?;
    let resolved = context.runtime.block_on(aim.resolve(&wanted, &skipped))?;
    check_targets(context, &aim, args, &resolved)?;
    // What is made must be told: that it can be is known before.
    let files =
        Files { results: args.results.as_deref(), attestation: args.aws.attestation.as_deref() };
    files.check_writable()?;
    let imaged = context.imaged()?;
    let id = format!("{}-{:08x}", now_ms(), std::process::id());
    // What most are of, until the image says. What is wrong on the command line is said before an image is added.
    let assumed = args.arch.map_or("x86_64", Architecture::name);
    if args.from.is_some() {
        options(image, assumed.to_owned(), "", &id, args)?;
    }
    if let Some(source) = args.from.as_ref().filter(|_| !args.dry_run) {
        // What cannot be published takes no leaf.
        let check = |kind: &str, facts: &ImageFacts| match kind {
            "disk" => boot_mode(image, facts, args.no_boot).map(drop),
            _ => Ok(()),
        };
        image_add::add_plain(context, image, source, args.arch, &check)?;
    }
    let request = GetImageRequest { name: image.to_string() };
    let record = match context.call(&imaged, imaged.images().get_image(request)) {
        // It is added by the run that this one rehearses.
        Err(error) if args.dry_run && args.from.is_some() && is_missing(&error) => None,
        found => Some(found?),
    };
    let publisher = Publisher { context, aim: &aim, imaged: &imaged };
    let mut facts = record.as_ref().map(|record| record.facts.clone().unwrap_or_default());
    if let (Some(source), true) = (&args.from, args.dry_run) {
        let found = image_add::rehearse(context, image, source, args.arch, record.as_ref())?;
        // Of a tree imaged looks whether it boots.
        facts = facts.or_else(|| found.disk_facts());
    }
    if let (Some(arch), Some(facts)) = (args.arch, &facts) {
        check_architecture(image, arch, facts)?;
    }
    let known = facts.as_ref().map(|facts| facts.architecture.clone());
    let architecture = known.unwrap_or_else(|| assumed.to_owned());
    let manifest = record.as_ref().map(|record| record.manifest.clone()).unwrap_or_default();
    let mut options = options(image, architecture, &manifest, &id, args)?;
    if let Some(record) = &record {
        check_secrets(context, record, options.public)?;
    }
    if args.dry_run {
        if let Some(facts) = &facts {
            options.boot_mode = boot_mode(image, facts, args.no_boot)?;
        }
        return publisher.dry_run(image, record.as_ref(), &options, resolved);
    }
    let record =
        record.ok_or_else(|| Failure::error(ErrorClass::NotFound, format!("no image {image}")))?;
    let stream = image.stream();
    publisher.under_lease(stream.as_str(), &id, args.aws.steal, |lease| {
        let asked = To { image, record: &record, options, resolved, files };
        publisher.publish(asked, (&id, lease), &args.aws)
    })
}

/// A run that is begun or gone on with.
pub(super) struct Begun {
    pub run: Run,
    /// The version of it that imaged has.
    pub version: u64,
    /// Under which it is written.
    pub lease: Lease,
}

/// What publishing and going on with it have in common.
pub(super) struct Publisher<'a> {
    pub context: &'a Context,
    pub aim: &'a Aim,
    pub imaged: &'a Server,
}

impl Publisher<'_> {
    fn publish(
        &self,
        to: To<'_>,
        (id, lease): (&str, Lease),
        aws: &PublishAwsArgs,
    ) -> anyhow::Result<u8> {
        let To { image, record, options, resolved, files } = to;
        let (stream, targets) = (image.stream(), &resolved.selection.targets);
        let survey = self.survey(stream.as_str(), targets, &options);
        let survey = self.context.runtime.block_on(survey)?;
        // Where nothing can be published nothing is patched.
        survey.check_any(targets)?;
        let disk = self.disk(image, record, options.no_boot, aws.steal, &aws.work_dir)?;
        let options = Options { boot_mode: disk.boot_mode.clone(), ..options };
        let boots = BootMode::parse(&options.boot_mode);
        let checked = options.ami.check(&options.architecture, boots, Some(disk.size_gib()));
        checked.map_err(Failure::usage)?;
        self.put_map(stream.as_str(), &disk.map)?;
        let mut run = Run {
            id: id.to_owned(),
            by: holder(),
            stream: stream.to_string(),
            image: image.to_string(),
            manifest: disk.manifest.clone(),
            map: name_of(&disk.map),
            size_gib: disk.size_gib(),
            options,
            targets: resolved.selection.targets.into_iter().map(TargetRun::new).collect(),
            attestation: None,
        };
        let plans = self.plan(&mut run, &disk.map, survey);
        let plans = self.context.runtime.block_on(plans)?;
        self.carry_out(Begun { run, version: 0, lease }, disk, plans, resolved.failed, files)
    }

    pub(super) fn put_map(&self, stream: &str, map: &BlockMap) -> anyhow::Result<()> {
        let stream = stream.to_owned();
        let request = PutBlockMapRequest { map: map.encode().into(), stream };
        let answer =
            self.context.call(self.imaged, self.imaged.publishing().put_block_map(request))?;
        anyhow::ensure!(answer.digest == map.digest()[..], "imaged kept another block map");
        Ok(())
    }

    /// Takes all targets to their ends, shows what goes on, and tells what it came to.
    pub(super) fn carry_out(
        &self,
        begun: Begun,
        disk: Disk<'_>,
        plans: Vec<Vec<u32>>,
        unresolved: Vec<(cloud::AccountName, Problem)>,
        files: Files<'_>,
    ) -> anyhow::Result<u8> {
        // What was fetched lives as long as it is read.
        let (source, _fetched) = disk.source(self.context, &plans)?;
        let (run, ended) = self.context.runtime.block_on(async {
            let Begun { run, version, lease } = begun;
            let local = local_record(&run.id);
            let records = Arc::new(Records::new(self.imaged.publishing(), &run.stream));
            let journal = Journal::start(run, version, local, self.imaged.publishing(), lease);
            // All that was decided is durable before the first call that makes something.
            journal.change(|_| {}).await?;
            let count = format_count(journal.run().targets.len() as u64, "target");
            self.context.output.note(&format!("run {}: {count}", journal.run().id));
            self.context.interruption.say(resume_hint(&journal.run().id));
            let source = Arc::new(source);
            let gets = readback::Places::default();
            let mut targets = JoinSet::new();
            let put: Vec<_> = plans.iter().map(|_| Arc::new(Progress::default())).collect();
            for (index, blocks) in plans.into_iter().enumerate() {
                let target = journal.target(index);
                if target.error.is_some() {
                    continue;
                }
                let cloud = match self.aim.connect(&target.target).await {
                    Ok(cloud) => Arc::new(cloud),
                    Err(error) => {
                        let problem = Some(error.into());
                        journal.change(|run| run.targets[index].error = problem).await?;
                        continue;
                    }
                };
                let work = Work {
                    cloud,
                    source: Arc::clone(&source),
                    journal: Arc::clone(&journal),
                    records: Arc::clone(&records),
                    gets: gets.clone(),
                    index,
                    blocks,
                    put: Arc::clone(&put[index]),
                };
                targets.spawn(async move { (work.index, work.run().await) });
            }
            // What was made was made: that its record cannot be written, or signed for, takes nothing of the results.
            let ended = match self.watch(&journal, targets, put).await {
                Err(error) => Err(error),
                Ok(()) => {
                    let signed = self.attest(&journal).await;
                    journal.forget_local();
                    signed.context("the statement of what went where was not signed")
                }
            };
            anyhow::Ok((journal.run(), ended))
        })?;
        let code = self.tell(&run, &unresolved, files)?;
        match ended {
            Err(error) if code == 0 => Err(error),
            Err(error) => {
                self.context.output.note(&format!("{error:#}"));
                Ok(code)
            }
            Ok(()) => Ok(code),
        }
    }
}

/// An image, and where and how it goes.
struct To<'a> {
    image: &'a ImageName,
    record: &'a ImageRecord,
    options: Options,
    resolved: Resolved,
    files: Files<'a>,
}

impl Publisher<'_> {
    /// Adds the signed statement of what went where to the record, with what is done by now.
    async fn attest(&self, journal: &Journal) -> anyhow::Result<()> {
        let now = time::OffsetDateTime::now_utc().replace_nanosecond(0)?;
        let now = now.format(&time::format_description::well_known::Rfc3339)?;
        let Some(statement) = attest::statement(&journal.run(), &now) else { return Ok(()) };
        let keys = self.context.tls()?;
        let envelope = attest::envelope(&statement, |message| keys.sign(message))?;
        journal.change(|run| run.attestation = Some(envelope)).await
    }
}

/// Tells what of the targets is otherwise than it may be thought, and refuses to go on without any.
fn check_targets(
    context: &Context,
    aim: &Aim,
    args: &PublishArgs,
    resolved: &Resolved,
) -> anyhow::Result<()> {
    for target in &resolved.selection.not_opted_in {
        context.output.note(&format!("{target}: left out, the account has not opted in"));
    }
    if resolved.selection.targets.is_empty() && resolved.failed.is_empty() {
        return Err(Failure::usage("no target is left"));
    }
    if args.aws.kms_key.is_none() && !args.aws.unencrypted {
        for target in resolved.selection.targets.iter().filter(|target| aim.has_keys_but(target)) {
            context.output.note(&format!(
                "{target}: kms_keys of account {} has none for this region: the default key is used",
                target.account
            ));
        }
    }
    Ok(())
}

/// Refuses to publish an image as one for another processor.
fn check_architecture(
    image: &ImageName,
    arch: Architecture,
    facts: &ImageFacts,
) -> anyhow::Result<()> {
    if facts.architecture.parse() == Ok(arch) {
        return Ok(());
    }
    let message = format!(
        "{image} is there already, for {}, and --arch {} is asked for: add it under another leaf",
        facts.architecture,
        arch.name()
    );
    Err(Failure::error(ErrorClass::Refused, message))
}

/// Whether an error says that there is no such image.
fn is_missing(error: &anyhow::Error) -> bool {
    exit_code(error) == rpc::exit::code(ErrorClass::NotFound)
}

/// Names a disk by its block map.
pub(super) fn name_of(map: &BlockMap) -> String {
    wire::digest::hex(&map.digest())
}

/// Where records of runs lie that imaged may not have.
pub(super) fn local_record(id: &str) -> PathBuf {
    folder().join(format!("{id}.json"))
}

/// What to run after a run was interrupted.
fn resume_hint(run: &str) -> String {
    format!(
        "`publish-cli runs resume {run}` continues it, `publish-cli runs undo {run} --yes` removes what it made"
    )
}
