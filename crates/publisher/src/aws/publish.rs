//! Publishes an image as AMIs in all targets. Puts only the blocks that differ.
//!
//! ```text
//! take the stream → ask every target for its state → patch and capture the disk →
//! decide → record the run → all targets at once
//! ```

use std::path::PathBuf;
use std::sync::Arc;

use cloud::calls::BootMode;
use cloud::target::AccountName;
use data_encoding::HEXLOWER;
use sysio::clock::now_ms;
use tokio::task::JoinSet;
use wire::ErrorClass;
use wire::blockmap::{BlockIndex, BlockMap};
use wire::proto::{GetImageRequest, ImageFacts, ImageRecord, PutBlockMapRequest};
use wire::run::{Problem, PublishOptions, Run, TargetRun};

use super::accounts::Accounts;
use super::disk::{Disk, boot_mode};
use super::journal::{Journal, Lease, folder};
use super::order::AwsOrder;
use super::progress::UploadProgress;
use super::publisher::AwsPublisher;
use super::records::Records;
use super::steps::TargetPublisher;
use super::targets::TargetResolution;
use super::{ami, attest, readback};
use crate::add::{add_checked, rehearse};
use crate::error::{PublishError, Reason, Result};

/// Result of a run that was started or resumed, even if some targets failed.
#[derive(Debug)]
pub struct Publication {
    /// The run; each target has its AMI or its error.
    pub run: Run,
    /// Errors of the targets that failed in this process, each with its target and step. If a target failed in an
    /// earlier process, only `run` has its error.
    pub failures: Vec<PublishError>,
    /// Accounts whose regions could not be listed, and why.
    pub unresolved: Vec<(AccountName, Problem)>,
    /// Error of writing the run's record, or of signing the statement of publication. The targets' results stay valid.
    pub problem: Option<PublishError>,
}

/// A run that starts or is resumed.
pub(crate) struct OpenRun {
    pub(crate) run: Run,
    /// Errors of targets for which no plan could be made.
    pub(crate) failures: Vec<PublishError>,
    /// imaged's version of the run's record; 0 for a new run.
    pub(crate) version: u64,
    /// The lease under which the record is written.
    pub(crate) lease: Lease,
}

/// An order together with what imaged knows of its image.
pub(crate) struct PreparedOrder {
    /// Id of the new run.
    pub(crate) id: String,
    pub(crate) options: PublishOptions,
    /// imaged's record of the image; `None` if the image must first be added.
    pub(crate) record: Option<ImageRecord>,
    /// Facts about the image's content; `None` if they are unknown.
    pub(crate) facts: Option<ImageFacts>,
}

impl<A: Accounts> AwsPublisher<'_, A> {
    /// Publishes an image in targets. A failure in a target is recorded with that target, and does not affect the
    /// others.
    ///
    /// # Durability
    /// Each step is durable in imaged's record of the run before it is taken. After an interruption at any point,
    /// [`resume`](Self::resume) continues, and [`undo`](Self::undo) removes what was made.
    ///
    /// # Example
    /// With the feature `sdk`:
    /// ```no_run
    /// # let runtime = tokio::runtime::Runtime::new()?;
    /// # let addresses = publisher::Addresses { imaged: None, unpackd: None };
    /// # let tls = rpc::tls::TlsDir::load("/etc/imprint/pki/publish".as_ref())?;
    /// # let silent = std::sync::Arc::new(publisher::Silent);
    /// # let client = publisher::Client::new(addresses, tls, runtime.handle().clone(), silent);
    /// use std::collections::BTreeMap;
    /// use cloud::aws::{AccountSpec, Accounts, Concurrency, CredentialsSource};
    /// use publisher::aws::{AwsOrder, AwsPublisher, Targets};
    ///
    /// let name = "default".parse()?;
    /// let account = AccountSpec { name, source: CredentialsSource::Ambient, id: None };
    /// let concurrency = Concurrency { puts_max: 64, idle_max: 16 };
    /// let accounts = Accounts::new(vec![account], None, concurrency)?;
    /// let targets = Targets::new(accounts, BTreeMap::new(), BTreeMap::new());
    /// let selectors = targets.selectors(&["default/eu-central-1".to_owned()])?;
    /// let resolved = runtime.block_on(targets.resolve(&selectors, &[]))?;
    /// let order = AwsOrder::new("base/debian-12/1".parse()?);
    /// let publication = AwsPublisher::new(&client, targets)?.publish(&order, resolved)?;
    /// for failure in &publication.failures {
    ///     println!("{:?} at {:?}: {failure}", failure.target(), failure.step());
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Problems that concern all targets: the image, its volume, imaged, the options.
    pub fn publish(&self, order: &AwsOrder, resolved: TargetResolution) -> Result<Publication> {
        self.check_targets(order, &resolved)?;
        let prepared = self.prepare(order, false)?;
        let (stream, id) = (order.image.stream(), prepared.id.clone());
        self.under_lease(stream.as_str(), &id, order.steal, |lease| {
            self.begin(order, prepared, resolved, lease)
        })
    }

    /// Collects what is known of an order's image; adds the image if the order has a source and this is no rehearsal.
    pub(crate) fn prepare(&self, order: &AwsOrder, is_rehearsal: bool) -> Result<PreparedOrder> {
        let image = &order.image;
        let id = format!("{}-{:08x}", now_ms(), std::process::id());
        // Check the order before adding the image. Until the image's architecture is known, one is assumed.
        let assumed = order.architecture.map_or("x86_64", wire::Architecture::name);
        let addition = order.addition();
        if addition.is_some() {
            order.options(assumed, "", &id)?;
        }
        if let Some(addition) = addition.as_ref().filter(|_| !is_rehearsal) {
            // An image that cannot be published must not take up its name.
            let check = |kind: &str, facts: &ImageFacts| match kind {
                "disk" => boot_mode(image, facts, order.no_boot).map(drop),
                _ => Ok(()),
            };
            add_checked(self.client, addition, &check)?;
        }
        let request = GetImageRequest { name: image.to_string() };
        let record = match self.client.call(&self.imaged, self.imaged.images().get_image(request)) {
            // A real run would add the image.
            Err(error)
                if is_rehearsal && addition.is_some() && error.class() == ErrorClass::NotFound =>
            {
                None
            }
            found => Some(found?),
        };
        let mut facts = record.as_ref().map(|record| record.facts.clone().unwrap_or_default());
        if let Some(addition) = addition.as_ref().filter(|_| is_rehearsal) {
            let found = rehearse(addition, record.as_ref(), self.client.observer().as_ref())?;
            // Only imaged can tell whether a tree boots.
            facts = facts.or((found.kind == "disk").then_some(found.facts));
        }
        if let Some(facts) = &facts {
            order.check_architecture(facts)?;
        }
        let architecture = facts.as_ref().map_or(assumed, |facts| &facts.architecture);
        let manifest = record.as_ref().map_or("", |record| &record.manifest);
        let options = order.options(architecture, manifest, &id)?;
        if let Some(record) = &record {
            order.check_secrets(record, self.client.observer().as_ref())?;
        }
        Ok(PreparedOrder { id, options, record, facts })
    }

    fn begin(
        &self,
        order: &AwsOrder,
        prepared: PreparedOrder,
        resolved: TargetResolution,
        lease: Lease,
    ) -> Result<Publication> {
        let PreparedOrder { id, options, record, .. } = prepared;
        let image = &order.image;
        let missing = || PublishError::new(Reason::Missing, format!("no image is named {image}"));
        let record = record.ok_or_else(missing)?;
        let (stream, targets) = (image.stream(), &resolved.selection.targets);
        let survey = self.survey(stream.as_str(), targets, &options);
        let survey = self.client.runtime().block_on(survey)?;
        // Patch no volume if no target can be published to.
        survey.check_any(targets)?;
        let disk = self.disk(image, &record, options.no_boot, order.steal, &order.work_dir)?;
        let options = PublishOptions { boot_mode: disk.boot_mode.clone(), ..options };
        let (boots, size) = (BootMode::parse(&options.boot_mode), disk.size_gib());
        ami::check(&options.ami, &options.architecture, boots, Some(size))
            .map_err(|message| PublishError::new(Reason::Argument, message))?;
        self.put_map(stream.as_str(), &disk.map)?;
        let mut run = Run {
            id,
            by: self.client.holder().to_owned(),
            stream: stream.to_string(),
            image: image.to_string(),
            manifest: disk.manifest.clone(),
            map: name_of(&disk.map),
            size_gib: size,
            options,
            targets: resolved.selection.targets.into_iter().map(TargetRun::new).collect(),
            attestation: None,
        };
        let mut failures = Vec::new();
        let plans = self.plan(&mut run, &disk.map, survey, &mut failures);
        let plans = self.client.runtime().block_on(plans)?;
        let begun = OpenRun { run, failures, version: 0, lease };
        self.run_targets(begun, disk, plans, resolved.failed)
    }

    pub(crate) fn put_map(&self, stream: &str, map: &BlockMap) -> Result<()> {
        let stream = stream.to_owned();
        let request = PutBlockMapRequest { map: map.encode().into(), stream };
        let answer =
            self.client.call(&self.imaged, self.imaged.publishing().put_block_map(request))?;
        if answer.digest == map.digest()[..] {
            return Ok(());
        }
        Err(PublishError::new(Reason::Internal, "imaged stored another block map than was sent"))
    }

    /// Runs all targets concurrently until each is done or has failed.
    pub(crate) fn run_targets(
        &self,
        begun: OpenRun,
        disk: Disk<'_>,
        plans: Vec<Vec<BlockIndex>>,
        unresolved: Vec<(AccountName, Problem)>,
    ) -> Result<Publication> {
        // Keep the fetched content for as long as the source reads it.
        let (source, _fetched) = disk.source(self.client, &plans)?;
        self.client.runtime().block_on(async {
            let OpenRun { run, mut failures, version, lease } = begun;
            let local = local_record(&run.id);
            let records = Arc::new(Records::new(self.imaged.publishing(), &run.stream));
            let journal = Journal::start(run, version, local, self.imaged.publishing(), lease);
            // The plan must be durable before the first call that makes anything.
            journal.change(|_| {}).await?;
            let mut observed = self.client.observer().run(&journal.run());
            let source = Arc::new(source);
            let gets = readback::Places::default();
            let mut targets = JoinSet::new();
            let put: Vec<_> = plans.iter().map(|_| Arc::new(UploadProgress::default())).collect();
            for (index, blocks) in plans.into_iter().enumerate() {
                let target = journal.target(index);
                if target.error.is_some() {
                    continue;
                }
                let cloud = match self.targets.connect(&target.target).await {
                    Ok(cloud) => Arc::new(cloud),
                    Err(error) => {
                        let error = error.at(&target.target, target.step);
                        let problem = Some(Problem::from(&error));
                        journal.change(|run| run.targets[index].error = problem).await?;
                        failures.push(error);
                        continue;
                    }
                };
                let publisher = TargetPublisher {
                    cloud,
                    source: Arc::clone(&source),
                    journal: Arc::clone(&journal),
                    records: Arc::clone(&records),
                    gets: gets.clone(),
                    index,
                    blocks,
                    put: Arc::clone(&put[index]),
                };
                targets.spawn(async move { (publisher.index, publisher.run().await) });
            }
            // Return the results even if their record cannot be written or signed.
            let watched = self.watch(&journal, targets, put, observed.as_mut(), &mut failures);
            let ended = match watched.await {
                Err(error) => Err(error),
                Ok(()) => {
                    let signed = self.attest(&journal).await;
                    journal.forget_local();
                    let what = "the signed statement of the published AMIs could not be made";
                    signed.map_err(|error| error.context(what))
                }
            };
            Ok(Publication { run: journal.run(), failures, unresolved, problem: ended.err() })
        })
    }

    /// Adds a signed statement of the finished targets to the record.
    async fn attest(&self, journal: &Journal) -> Result<()> {
        let internal =
            |error: &dyn std::fmt::Display| PublishError::new(Reason::Internal, error.to_string());
        let now = time::OffsetDateTime::now_utc();
        let now = now.replace_nanosecond(0).map_err(|error| internal(&error))?;
        let now = now
            .format(&time::format_description::well_known::Rfc3339)
            .map_err(|error| internal(&error))?;
        let Some(statement) = attest::statement(&journal.run(), &now) else { return Ok(()) };
        let envelope = attest::envelope(&statement, |message| self.client.tls().sign(message))?;
        journal.change(|run| run.attestation = Some(envelope)).await
    }

    /// Tells the user of targets that are left out or use the default key, and refuses an empty selection.
    pub(crate) fn check_targets(
        &self,
        order: &AwsOrder,
        resolved: &TargetResolution,
    ) -> Result<()> {
        let observer = self.client.observer();
        for target in &resolved.selection.not_opted_in {
            observer
                .note(&format!("{target} is left out: the account has not opted in to the region"));
        }
        if resolved.selection.targets.is_empty() && resolved.failed.is_empty() {
            return Err(PublishError::new(
                Reason::Argument,
                "no target is left: --skip-target excludes all, or the accounts have not opted in to their regions",
            ));
        }
        if order.kms_key.is_none() && !order.unencrypted {
            let targets = resolved.selection.targets.iter();
            for target in targets.filter(|target| self.targets.has_key_elsewhere(target)) {
                observer.note(&format!(
                    "{target}: kms_keys of account {} names no key for this region, so the account's default key is used",
                    target.account
                ));
            }
        }
        Ok(())
    }
}

/// Returns a disk's name: the hex digest of its block map.
pub(crate) fn name_of(map: &BlockMap) -> String {
    HEXLOWER.encode(&map.digest())
}

/// Returns the path of the local copy of a run's record, which is kept in case imaged does not get the record.
pub(crate) fn local_record(id: &str) -> PathBuf {
    folder().join(format!("{id}.json"))
}
