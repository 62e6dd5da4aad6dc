//! `publish-cli publish --via direct`: an image to AMIs in all targets, by the blocks that differ.
//!
//! ```text
//! resolve targets → take the stream → patch and capture the disk → ask every target what it has →
//! decide → record the run → all targets at once
//! ```

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use cloud::aws::Aws;
use cloud::calls::{Cloud, DefaultEncryption, Snapshot, Which};
use cloud::target::Target;
use rpc::status::Meaning;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tonic::Code;
use wire::blockmap::BlockMap;
use wire::name::ImageName;
use wire::proto::{
    GetBlockMapRequest, GetImageRequest, ImageRecord, LeaseStreamRequest, PutBlockMapRequest,
    ReleaseStreamRequest, SnapshotRecord,
};

use super::targets::{Aim, Resolved};
use crate::cli::{DiskFormat, PublishArgs};
use crate::commands::publish::{Local, Published, WAIT, local, write_file};
use crate::commands::{image_add, unpacker};
use crate::context::{Context, Server, holder, now_ms};
use crate::direct::decide::{Basis, Facts, Plan, decide};
use crate::direct::journal::{Journal, folder};
use crate::direct::naming;
use crate::direct::run::{Options, Problem, Run, Step, TargetRun};
use crate::direct::source::Source;
use crate::direct::steps::{Failed, Work};
use crate::direct::undo::Records;
use crate::failure::Failure;

/// How long the stream is taken for, and how often that is prolonged.
const LEASE: Duration = Duration::from_secs(90);
const PROLONG: Duration = Duration::from_secs(20);

/// How often what goes on is shown.
const SHOW: Duration = Duration::from_millis(500);

/// Runs it.
pub(super) fn run(context: &Context, image: &ImageName, args: &PublishArgs) -> anyhow::Result<u8> {
    let aim = Aim::of(&context.settings.aws)?;
    let mut texts = args.aws.targets.clone();
    texts.extend(args.aws.target_list.clone());
    if texts.is_empty() {
        return Err(Failure::usage("--via direct needs --target ACCOUNT/REGION"));
    }
    let wanted = aim.selectors(&texts)?;
    let skipped = aim.selectors(&args.aws.skip_target)?;
    let resolved = context.runtime.block_on(aim.resolve(&wanted, &skipped))?;
    for target in &resolved.selection.not_opted_in {
        context.output.note(&format!("{target}: left out, the account has not opted in"));
    }
    if resolved.selection.targets.is_empty() && resolved.failed.is_empty() {
        return Err(Failure::usage("no target is left"));
    }
    let imaged = context.imaged()?;
    if let Some(source) = args.from.as_ref().filter(|_| !args.dry_run) {
        image_add::add_plain(context, image, source)?;
    }
    let request = GetImageRequest { name: image.to_string() };
    let record = context.call(&imaged, imaged.images().get_image(request))?;
    let publisher = Publisher { context, aim: &aim, imaged: &imaged, is_lost: Arc::default() };
    if args.dry_run {
        return publisher.dry_run(image, resolved);
    }
    let id = format!("{}-{:08x}", now_ms(), std::process::id());
    let stream = image.stream();
    publisher.under_lease(stream.as_str(), &lease_holder(&id), args.aws.steal, || {
        publisher.publish(image, &record, &id, resolved, args)
    })
}

/// What publishing and going on with it have in common.
pub(super) struct Publisher<'a> {
    pub context: &'a Context,
    pub aim: &'a Aim,
    pub imaged: &'a Server,
    /// Set once somebody else may publish the stream.
    pub is_lost: Arc<AtomicBool>,
}

/// What a target says of itself before anything is made.
struct Asked {
    account_id: String,
    default: DefaultEncryption,
    record: Option<SnapshotRecord>,
    snapshot: Option<Snapshot>,
}

impl Publisher<'_> {
    /// Holds the stream while something is done with it.
    pub(super) fn under_lease(
        &self,
        stream: &str,
        holder: &str,
        steal: bool,
        work: impl FnOnce() -> anyhow::Result<u8>,
    ) -> anyhow::Result<u8> {
        let request = |steal| LeaseStreamRequest {
            stream: stream.to_owned(),
            holder: holder.to_owned(),
            ttl_ms: u64::try_from(LEASE.as_millis()).unwrap_or(u64::MAX),
            steal,
        };
        self.context.call(self.imaged, self.imaged.publishing().lease_stream(request(steal)))?;
        let prolong = self.prolong(request(false));
        let outcome = work();
        prolong.abort();
        let request = ReleaseStreamRequest { stream: stream.to_owned(), holder: holder.to_owned() };
        let released =
            self.context.call(self.imaged, self.imaged.publishing().release_stream(request));
        if let Err(error) = released {
            self.context.output.note(&format!("the stream was not given back: {error:#}"));
        }
        outcome
    }

    /// Prolongs a lease as long as it lives; whoever loses it begins no further step.
    fn prolong(&self, request: LeaseStreamRequest) -> tokio::task::JoinHandle<()> {
        let (mut client, is_lost) = (self.imaged.publishing(), Arc::clone(&self.is_lost));
        self.context.runtime.spawn(async move {
            let mut held = Instant::now();
            loop {
                tokio::time::sleep(PROLONG).await;
                match client.lease_stream(request.clone()).await {
                    Ok(_) => held = Instant::now(),
                    Err(status) if status.code() == Code::FailedPrecondition => break,
                    Err(_) if held.elapsed() > LEASE => break,
                    Err(_) => {}
                }
            }
            is_lost.store(true, Ordering::Relaxed);
        })
    }

    fn publish(
        &self,
        image: &ImageName,
        record: &ImageRecord,
        id: &str,
        resolved: Resolved,
        args: &PublishArgs,
    ) -> anyhow::Result<u8> {
        let options = options(image, record, id, args)?;
        let (disk, published) =
            self.disk(image, options.no_boot, args.aws.steal, &args.aws.work_dir)?;
        let boot_mode = published.unpack.boot_mode.clone();
        let options = Options { boot_mode, ..options };
        self.put_map(image.stream().as_str(), disk.map())?;
        let size_gib = published.size.div_ceil(1 << 30);
        let mut run = Run {
            id: id.to_owned(),
            by: holder(),
            stream: image.stream().to_string(),
            image: image.to_string(),
            manifest: published.manifest,
            map: hex(&disk.map().digest()),
            size_gib,
            options,
            targets: resolved.selection.targets.into_iter().map(TargetRun::new).collect(),
        };
        let plans = self.context.runtime.block_on(self.plan(&mut run, disk.map()))?;
        self.context.output.note(&format!("run {id}: {} targets", run.targets.len()));
        self.carry_out(
            run,
            0,
            disk,
            plans,
            usize::from(args.aws.concurrency),
            resolved.failed,
            args.results.as_deref(),
        )
    }

    /// Patches, captures and copies the image's disk, and hashes it.
    pub(super) fn disk(
        &self,
        image: &ImageName,
        no_boot: bool,
        steal: bool,
        work_dir: &Path,
    ) -> anyhow::Result<(Source, Published)> {
        let folder = tempfile::Builder::new().prefix("imprint-publish-").tempdir_in(work_dir);
        let folder =
            folder.with_context(|| format!("create a folder in {}", work_dir.display()))?;
        let how = Local { out: folder.path(), format: DiskFormat::Raw, no_boot, steal };
        let published = local(self.context, image, how)?;
        let file = File::options().read(true).write(true).open(&published.path)?;
        // Volumes are of whole GiB; what is beyond the disk is put as zeros.
        file.set_len(published.size.next_multiple_of(1 << 30))?;
        let shown = self.context.output.progress("hashing");
        let source = Source::new(file, &|done, total| shown.update("hashing", done, total, true))?;
        // The file lives on without its name for as long as it is open.
        Ok((source, published))
    }

    pub(super) fn put_map(&self, stream: &str, map: &BlockMap) -> anyhow::Result<()> {
        let stream = stream.to_owned();
        let request = PutBlockMapRequest { map: map.encode().into(), stream };
        let answer =
            self.context.call(self.imaged, self.imaged.publishing().put_block_map(request))?;
        anyhow::ensure!(answer.digest == map.digest()[..], "imaged kept another block map");
        Ok(())
    }

    /// Asks every target what it has, and decides; what fails is noted with the target.
    async fn plan(&self, run: &mut Run, map: &BlockMap) -> anyhow::Result<Vec<Vec<u32>>> {
        let records = Records::new(self.imaged.publishing(), &run.stream).list().await?;
        let asked = self.ask(run.targets.iter().map(|t| &t.target), &records).await?;
        let maps = self.maps(&run.stream, asked.iter().flatten().filter_map(|a| a.record.as_ref()));
        let maps = maps.await?;
        let mut plans = Vec::new();
        for (target, asked) in run.targets.iter_mut().zip(asked) {
            let asked = match asked {
                Ok(asked) => asked,
                Err(failed) => {
                    let (message, exit_code) = (failed.to_string(), failed.exit_code());
                    target.error = Some(Problem { message, exit_code });
                    plans.push(Vec::new());
                    continue;
                }
            };
            let plan = decided(&asked, map, &run.options, &maps);
            target.account_id = asked.account_id;
            target.basis = Some(plan.basis);
            target.expected = plan.expected;
            target.why_full = plan.why_full;
            target.blocks = u32::try_from(plan.blocks.len()).unwrap_or(u32::MAX);
            plans.push(plan.blocks);
        }
        Ok(plans)
    }

    /// Decides for targets that could not be asked before.
    pub(super) async fn plan_missing(
        &self,
        run: &mut Run,
        map: &BlockMap,
        plans: &mut [Vec<u32>],
    ) -> anyhow::Result<()> {
        let is_missing = |target: &TargetRun| target.basis.is_none();
        let mut missing = Run { targets: Vec::new(), ..run.clone() };
        missing.targets = run.targets.iter().filter(|t| is_missing(t)).cloned().collect();
        let mut found = self.plan(&mut missing, map).await?.into_iter();
        let mut targets = missing.targets.into_iter();
        for (target, plan) in run.targets.iter_mut().zip(plans).filter(|(t, _)| is_missing(t)) {
            if let (Some(decided), Some(blocks)) = (targets.next(), found.next()) {
                (*target, *plan) = (decided, blocks);
            }
        }
        Ok(())
    }

    async fn ask<'t>(
        &self,
        targets: impl Iterator<Item = &'t Target>,
        records: &[SnapshotRecord],
    ) -> anyhow::Result<Vec<Result<Asked, Failed>>> {
        let mut asking = JoinSet::new();
        let mut count = 0;
        for (index, target) in targets.enumerate() {
            let aws = self.aim.connect(target).await?;
            // Of each account there may be one: the last in the region.
            let mut last: BTreeMap<&str, &SnapshotRecord> = BTreeMap::new();
            let here = records.iter().filter(|record| record.region == target.region.as_str());
            last.extend(here.map(|record| (record.account_id.as_str(), record)));
            let records: Vec<SnapshotRecord> = last.into_values().cloned().collect();
            asking.spawn(async move { (index, ask(&aws, &records).await) });
            count = index + 1;
        }
        let mut asked: Vec<Option<Result<Asked, Failed>>> = (0..count).map(|_| None).collect();
        while let Some(done) = asking.join_next().await {
            let (index, answer) = done?;
            asked[index] = Some(answer);
        }
        Ok(asked.into_iter().flatten().collect())
    }

    /// The block maps that records name; one that is gone or damaged is as good as none.
    async fn maps<'r>(
        &self,
        stream: &str,
        records: impl Iterator<Item = &'r SnapshotRecord>,
    ) -> anyhow::Result<BTreeMap<Vec<u8>, BlockMap>> {
        let mut maps = BTreeMap::new();
        for record in records {
            let digest = record.map_digest.to_vec();
            if maps.contains_key(&digest) {
                continue;
            }
            let request =
                GetBlockMapRequest { digest: digest.clone().into(), stream: stream.to_owned() };
            let answer = self.imaged.publishing().get_block_map(request).await;
            let map =
                answer.ok().and_then(|answer| BlockMap::decode(&answer.into_inner().map).ok());
            if let Some(map) = map.filter(|map| map.digest()[..] == digest[..]) {
                maps.insert(digest, map);
            }
        }
        Ok(maps)
    }

    /// Works out again which blocks targets need that a run has already decided on; one for which that
    /// cannot be fails by itself.
    pub(super) async fn blocks_again(
        &self,
        run: &mut Run,
        map: &BlockMap,
    ) -> anyhow::Result<Vec<Vec<u32>>> {
        let records = Records::new(self.imaged.publishing(), &run.stream).list().await?;
        let maps = self.maps(&run.stream, records.iter()).await?;
        let mut plans = Vec::new();
        for target in &mut run.targets {
            let blocks = match &target.basis {
                _ if target.step > Step::Completing => Vec::new(),
                None | Some(Basis::Same { .. }) => Vec::new(),
                Some(Basis::Plain) => map.all(false),
                Some(Basis::Encrypted { .. }) => map.all(true),
                Some(Basis::Parent { snapshot }) => {
                    let record = records.iter().find(|record| record.snapshot_id == *snapshot);
                    let known = record.and_then(|record| maps.get(&record.map_digest.to_vec()));
                    let message = format!("the block map of {snapshot} is gone: undo the run");
                    match known {
                        Some(known) => map.changed_since(known),
                        None => {
                            target.error = Some(Problem { message, exit_code: 3 });
                            Vec::new()
                        }
                    }
                }
            };
            plans.push(blocks);
        }
        Ok(plans)
    }

    /// Takes all targets to their ends, shows what goes on, and tells what it came to.
    #[allow(clippy::too_many_arguments, reason = "a run and what it came from")]
    pub(super) fn carry_out(
        &self,
        run: Run,
        version: u64,
        disk: Source,
        plans: Vec<Vec<u32>>,
        concurrency: usize,
        unresolved: Vec<(cloud::AccountName, Problem)>,
        results: Option<&Path>,
    ) -> anyhow::Result<u8> {
        let run = self.context.runtime.block_on(async {
            let local = folder().join(format!("{}.json", run.id));
            let records = Arc::new(Records::new(self.imaged.publishing(), &run.stream));
            let journal = Journal::start(
                run,
                version,
                local,
                self.imaged.publishing(),
                Arc::clone(&self.is_lost),
            );
            // All that was decided is durable before the first call that makes something.
            journal.change(|_| {}).await?;
            let (disk, puts) = (Arc::new(disk), Arc::new(Semaphore::new(concurrency)));
            let mut targets = JoinSet::new();
            for (index, blocks) in plans.into_iter().enumerate() {
                let target = journal.target(index);
                if target.error.is_some() {
                    continue;
                }
                let work = Work {
                    cloud: Arc::new(self.aim.connect(&target.target).await?),
                    source: Arc::clone(&disk),
                    journal: Arc::clone(&journal),
                    records: Arc::clone(&records),
                    puts: Arc::clone(&puts),
                    index,
                    blocks,
                };
                targets.spawn(async move { (work.index, work.run().await) });
            }
            self.watch(&journal, targets).await?;
            journal.forget_local();
            anyhow::Ok(journal.run())
        })?;
        self.tell(&run, &unresolved, results)
    }

    /// Waits for all targets, and shows each step.
    async fn watch(
        &self,
        journal: &Arc<Journal>,
        mut targets: JoinSet<(usize, Result<(), Failed>)>,
    ) -> anyhow::Result<()> {
        let mut ticks = tokio::time::interval(SHOW);
        let mut shown: Vec<Option<Step>> = vec![None; journal.run().targets.len()];
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                done = targets.join_next() => match done {
                    None => break,
                    Some(Err(error)) => anyhow::bail!("a target's work ended: {error}"),
                    Some(Ok((index, Err(failed)))) => {
                        let (message, exit_code) = (failed.to_string(), failed.exit_code());
                        let problem = Problem { message, exit_code };
                        journal.change(|run| run.targets[index].error = Some(problem)).await?;
                    }
                    Some(Ok((_, Ok(())))) => {}
                },
            }
            self.show(&journal.run(), &mut shown);
        }
        self.show(&journal.run(), &mut shown);
        Ok(())
    }

    fn show(&self, run: &Run, shown: &mut [Option<Step>]) {
        for (target, shown) in run.targets.iter().zip(shown) {
            if *shown == Some(target.step) {
                continue;
            }
            *shown = Some(target.step);
            let text = target.target.to_string();
            let event = json!({"run": run.id, "target": text, "step": target.step.name()});
            self.context.output.event("step", event);
            let what = match target.step {
                Step::Putting => format!("putting {} blocks", target.blocks),
                step => step.name().to_owned(),
            };
            self.context.output.note(&format!("{text}: {what}"));
        }
    }

    /// Writes results, and returns the exit code.
    fn tell(
        &self,
        run: &Run,
        unresolved: &[(cloud::AccountName, Problem)],
        path: Option<&Path>,
    ) -> anyhow::Result<u8> {
        let mut results: Vec<Value> = run.targets.iter().map(|t| result_json(run, t)).collect();
        for (account, problem) in unresolved {
            results.push(json!({
                "AccountName": account, "Region": "*", "SnapshotId": "", "AmiId": "",
                "Size": run.size_gib, "Error": problem.message,
            }));
        }
        if let Some(path) = path {
            write_file(path, serde_json::to_string_pretty(&results)?.as_bytes())?;
        }
        let lines: Vec<String> = run
            .targets
            .iter()
            .map(|target| describe(run, target))
            .chain(unresolved.iter().map(|(name, p)| format!("{name}/*: FAILED: {}", p.message)))
            .collect();
        let document = json!({"run": run.id, "image": run.image, "results": results});
        self.context.output.result(document, || lines.join("\n"))?;
        let code = run.exit_code();
        let code = match (code, unresolved) {
            (code, []) => code,
            (0, _) if !run.targets.is_empty() => 7,
            (0, [(_, problem), ..]) => problem.exit_code,
            (_, _) => 7,
        };
        if code != 0 {
            self.context.output.note(&format!(
                "go on with `publish-cli runs resume {0}`, or remove what was made with \
                 `publish-cli runs undo {0}`",
                run.id
            ));
        }
        Ok(code)
    }

    /// Says per target what would be done.
    fn dry_run(&self, image: &ImageName, resolved: Resolved) -> anyhow::Result<u8> {
        let unpackd = self.context.unpackd()?;
        let how = unpacker::How { wait: WAIT, verify: "auto", dry_run: true };
        let report = unpacker::unpack(self.context, &unpackd, image, &holder(), how)?;
        let dirty = report.dirty_blocks_512k.as_ref().map(|dirty| dirty.total);
        let rows = self.context.runtime.block_on(async {
            let stream = image.stream();
            let records = Records::new(self.imaged.publishing(), stream.as_str()).list().await?;
            let targets = &resolved.selection.targets;
            let asked = self.ask(targets.iter(), &records).await?;
            let row = |(target, asked): (&Target, Result<Asked, Failed>)| match asked {
                Err(failed) => json!({"target": target.to_string(), "error": failed.to_string()}),
                Ok(asked) => json!({
                    "target": target.to_string(),
                    "account_id": asked.account_id,
                    "encryption": if asked.default.is_on { asked.default.key.as_str() } else { "" },
                    "parent": asked.snapshot.as_ref().map(|snapshot| snapshot.id.as_str()),
                    "checked": ["credentials", "encryption by default", "the last snapshot"],
                    "assumed": ["blocks: what the patch is predicted to change"],
                    "unknown": ["permissions to make things", "quotas"],
                    "blocks_predicted": if asked.snapshot.is_some() { dirty } else { None },
                    "error": null,
                }),
            };
            anyhow::Ok(targets.iter().zip(asked).map(row).collect::<Vec<_>>())
        })?;
        let lines: Vec<String> = rows
            .iter()
            .map(|row| match (row["error"].as_str(), row["blocks_predicted"].as_u64()) {
                (Some(error), _) => format!("{}: {error}", row["target"].as_str().unwrap_or("")),
                (None, Some(blocks)) => format!(
                    "{}: about {blocks} blocks on top of {}",
                    row["target"].as_str().unwrap_or(""),
                    row["parent"].as_str().unwrap_or("")
                ),
                (None, None) => {
                    format!("{}: the whole disk", row["target"].as_str().unwrap_or(""))
                }
            })
            .collect();
        let failed = rows.iter().filter(|row| !row["error"].is_null()).count();
        let document = json!({"image": image.as_str(), "dry_run": true, "targets": rows});
        self.context.output.result(document, || lines.join("\n"))?;
        Ok(if failed > 0 || !resolved.failed.is_empty() { 7 } else { 0 })
    }
}

/// In whose name a stream is taken for a run: this process's alone.
pub(super) fn lease_holder(run: &str) -> String {
    format!("{} (run {run}, process {}, {})", holder(), std::process::id(), now_ms())
}

/// Decides for one target.
fn decided(
    asked: &Asked,
    map: &BlockMap,
    options: &Options,
    maps: &BTreeMap<Vec<u8>, BlockMap>,
) -> Plan {
    let record = asked
        .record
        .as_ref()
        .and_then(|record| maps.get(&record.map_digest.to_vec()).map(|known| (record, known)));
    let facts = Facts {
        account_id: &asked.account_id,
        default: &asked.default,
        kms_key: options.kms_key.as_deref(),
        may_be_plain: options.may_be_plain,
        record,
        snapshot: asked.snapshot.as_ref(),
    };
    decide(map, facts)
}

/// Asks a target what it has.
async fn ask(aws: &Aws, records: &[SnapshotRecord]) -> Result<Asked, Failed> {
    let caller = aws.caller().await?;
    let default = aws.default_encryption().await?;
    let region = aws.target().region.as_str();
    let is_here = |record: &&SnapshotRecord| {
        record.account_id == caller.account_id && record.region == region
    };
    let record = records.iter().rev().find(is_here).cloned();
    let snapshot = match &record {
        None => None,
        Some(record) => {
            let found = aws.snapshots(&Which::Id(record.snapshot_id.clone())).await?;
            found.into_iter().next()
        }
    };
    Ok(Asked { account_id: caller.account_id, default, record, snapshot })
}

/// What was asked for, checked as far as it can be without AWS.
fn options(
    image: &ImageName,
    record: &ImageRecord,
    id: &str,
    args: &PublishArgs,
) -> anyhow::Result<Options> {
    let refused = |message: String| Failure::error(Meaning::Refused, message);
    let architecture =
        record.facts.as_ref().map(|facts| facts.architecture.clone()).unwrap_or_default();
    if !["x86_64", "arm64"].contains(&architecture.as_str()) {
        return Err(refused(format!(
            "image {image} is for '{architecture}', which EC2 does not have: x86_64 or arm64"
        )));
    }
    let usage = |error: String| Failure::usage(error);
    let aws = &args.aws;
    let share: Vec<String> = aws.share.clone();
    for who in &share {
        let is_account = who.len() == 12 && who.bytes().all(|byte| byte.is_ascii_digit());
        if !is_account && !who.starts_with("arn:") {
            return Err(usage(format!("--share {who}: an account's twelve digits, or an ARN")));
        }
    }
    if !share.is_empty() && aws.kms_key.is_none() {
        return Err(refused(
            "what is encrypted with an account's default key cannot be shared: name a key of \
             your own with --kms-key, or leave --share out"
                .to_owned(),
        ));
    }
    let deprecate_at = aws.expires_in.map(|after| {
        let at = time::OffsetDateTime::now_utc() + after;
        let at = at.replace_second(0).unwrap_or(at).replace_nanosecond(0).unwrap_or(at);
        at.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
    });
    Ok(Options {
        ami_name: naming::ami_name(&aws.ami_name, image, &architecture, id).map_err(usage)?,
        architecture,
        boot_mode: String::new(),
        no_boot: args.no_boot,
        tags: naming::tags(image, &record.manifest, id, aws.tags.clone()).map_err(usage)?,
        kms_key: aws.kms_key.clone(),
        may_be_plain: aws.unencrypted,
        share,
        deprecate_at,
        prove_all: aws.prove == "all",
    })
}

/// A target's result, in the shape that consumers of Dominator's tools know.
pub(super) fn result_json(run: &Run, target: &TargetRun) -> Value {
    let parent = match &target.basis {
        Some(Basis::Parent { snapshot } | Basis::Same { snapshot }) => Some(snapshot.as_str()),
        _ => None,
    };
    let snapshot = match &target.basis {
        Some(Basis::Same { snapshot }) => Some(snapshot),
        _ => target.snapshot.as_ref(),
    };
    json!({
        "AccountName": target.target.account,
        "Region": target.target.region,
        "SnapshotId": snapshot.cloned().unwrap_or_default(),
        "AmiId": target.ami.clone().unwrap_or_default(),
        "Size": run.size_gib,
        "Error": target.error.as_ref().map(|error| error.message.clone()).unwrap_or_default(),
        "Manifest": run.manifest,
        "Via": "direct",
        "Identity": "bits",
        "Parent": parent,
        "BlocksPut": target.blocks,
        "BlocksTotal": run.size_gib << 11,
        "WhyFull": target.why_full,
        "Step": target.step.name(),
        "PhaseMs": target.phase_ms,
    })
}

/// A target's result in a line.
pub(super) fn describe(run: &Run, target: &TargetRun) -> String {
    let name = &target.target;
    if let Some(error) = &target.error {
        return format!("{name}: FAILED while {}: {}", target.step.name(), error.message);
    }
    let total = run.size_gib << 11;
    let ami = target.ami.as_deref().unwrap_or("no AMI");
    let why = target.why_full.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    match target.step {
        Step::Done => format!("{name}: {ami}, {} of {total} blocks put{why}", target.blocks),
        step => format!("{name}: {}", step.name()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where records of runs lie that imaged may not have.
pub(super) fn local_record(id: &str) -> PathBuf {
    folder().join(format!("{id}.json"))
}
