//! Decides on each target's plan, by the target's state.

use std::collections::BTreeMap;

use cloud::calls::{Cloud, SnapshotQuery, SnapshotState};
use wire::blockmap::{BlockIndex, BlockMap};
use wire::proto::SnapshotRecord;
use wire::run::{Encryption, Problem, PublishOptions, Run, SnapshotBase, Step, TargetRun};
use wire::target::Target;

use super::accounts::Accounts;
use super::ask::{TargetState, facts};
use super::checks::{ALL_THE_SAME, NameUse, check, check_distinct, differs, name, taken};
use super::decide::{Facts, Plan, decide};
use super::publisher::AwsPublisher;
use super::records::Records;
use crate::error::{PublishError, Reason, Result};

/// The state of all targets, in their order, and imaged's records of the stream's snapshots.
pub(crate) struct Survey {
    pub records: Vec<SnapshotRecord>,
    pub asked: Vec<Result<TargetState>>,
}

impl Survey {
    /// Refuses to continue if no target can be published to.
    ///
    /// # Errors
    /// The problems of all targets, combined by [`PublishError::of_all`].
    pub(crate) fn check_any(&self, targets: &[Target]) -> Result<()> {
        if self.asked.iter().any(Result::is_ok) || self.asked.is_empty() {
            return Ok(());
        }
        let failed = || self.asked.iter().filter_map(|asked| asked.as_ref().err());
        let lines = targets.iter().zip(failed()).map(|(target, why)| match why.cloud() {
            // Errors of AWS already name the target.
            Some(_) => why.to_string(),
            None => format!("{target}: {}", why.chain()),
        });
        let message = lines.collect::<Vec<_>>().join("\n");
        Err(PublishError::of_all(&failed().collect::<Vec<_>>(), message))
    }
}

impl<A: Accounts> AwsPublisher<'_, A> {
    /// Asks every target for its state, and refuses targets that would fail with any disk.
    pub(crate) async fn survey(
        &self,
        stream: &str,
        targets: &[Target],
        options: &PublishOptions,
    ) -> Result<Survey> {
        let records = Records::new(self.imaged.publishing(), stream).list().await?;
        let asked = self.ask(targets.iter(), options, &records).await;
        let known = targets.iter().zip(&asked);
        check_distinct(known.filter_map(|(target, asked)| Some((target, asked.as_ref().ok()?))))?;
        let checked = |asked: TargetState| {
            let expected = facts(&asked, options.may_be_plain).encryption();
            if options.may_be_plain && expected.is_encrypted {
                self.client
                    .observer()
                    .note(&format!("account {}: {ALL_THE_SAME}", asked.account_id));
            }
            check(&asked, options, &expected).map(|()| asked)
        };
        let asked = asked.into_iter().map(|asked| asked.and_then(checked)).collect();
        Ok(Survey { records, asked })
    }

    /// Decides on every target's plan, and returns the blocks to put for each. A failure is noted with its target.
    pub(crate) async fn plan(
        &self,
        run: &mut Run,
        map: &BlockMap,
        survey: Survey,
        failures: &mut Vec<PublishError>,
    ) -> Result<Vec<Vec<BlockIndex>>> {
        let Survey { records, asked } = survey;
        let maps = self.maps(&run.stream, asked.iter().flatten().filter_map(|a| a.record.as_ref()));
        let maps = maps.await?;
        let mut plans = Vec::new();
        for (target, asked) in run.targets.iter_mut().zip(asked) {
            let planned = asked.and_then(|asked| {
                self.plan_one(target, &asked, &run.options, map, &records, &maps)
            });
            plans.push(planned.unwrap_or_else(|error| fail(target, error, failures)));
        }
        Ok(plans)
    }

    /// Decides on one target's plan, and returns the blocks to put.
    fn plan_one(
        &self,
        target: &mut TargetRun,
        asked: &TargetState,
        options: &PublishOptions,
        map: &BlockMap,
        records: &[SnapshotRecord],
        maps: &BTreeMap<Vec<u8>, BlockMap>,
    ) -> Result<Vec<BlockIndex>> {
        let plan = decided(asked, map, options.may_be_plain, maps);
        check(asked, options, &plan.encryption)?;
        target.account_id.clone_from(&asked.account_id);
        let is_same = |record: &SnapshotRecord| record.map_digest[..] == map.digest()[..];
        match name(asked, options, &target.target, records, is_same) {
            NameUse::Free => {}
            NameUse::Taken(by) => return Err(taken(&options.ami_name, by)),
            NameUse::Differs(by, how) => return Err(differs(&options.ami_name, by, &how)),
            // Published before: only the AMI's remaining options have to be applied.
            NameUse::Published { ami, record } => {
                (target.ami, target.was_there) = (Some(ami), true);
                target.base = Some(SnapshotBase::Same { snapshot: record.snapshot_id.clone() });
                target.encryption = Encryption {
                    is_encrypted: !record.key.is_empty(),
                    key: Some(record.key.clone()).filter(|key| !key.is_empty()),
                    asked: record.key_asked.clone(),
                };
                return Ok(Vec::new());
            }
        }
        target.base = Some(plan.base);
        target.encryption = plan.encryption;
        target.why_full = plan.why_full;
        target.blocks = u32::try_from(plan.blocks.len()).unwrap_or(u32::MAX);
        Ok(plan.blocks)
    }

    /// Decides on the plans of targets that have neither a plan nor an error.
    pub(crate) async fn plan_missing(
        &self,
        run: &mut Run,
        map: &BlockMap,
        plans: &mut [Vec<BlockIndex>],
        failures: &mut Vec<PublishError>,
    ) -> Result<()> {
        let is_missing = |target: &TargetRun| target.base.is_none() && target.error.is_none();
        let mut missing = Run { targets: Vec::new(), ..run.clone() };
        missing.targets = run.targets.iter().filter(|t| is_missing(t)).cloned().collect();
        let targets: Vec<Target> = missing.targets.iter().map(|t| t.target.clone()).collect();
        let survey = self.survey(&run.stream, &targets, &run.options).await?;
        let mut found = self.plan(&mut missing, map, survey, failures).await?.into_iter();
        let mut targets = missing.targets.into_iter();
        for (target, plan) in run.targets.iter_mut().zip(plans).filter(|(t, _)| is_missing(t)) {
            if let (Some(decided), Some(blocks)) = (targets.next(), found.next()) {
                (*target, *plan) = (decided, blocks);
            }
        }
        Ok(())
    }

    /// Fetches the block maps that records name; lost or damaged ones are left out.
    pub(crate) async fn maps<'r>(
        &self,
        stream: &str,
        records: impl Iterator<Item = &'r SnapshotRecord>,
    ) -> Result<BTreeMap<Vec<u8>, BlockMap>> {
        let of_stream = Records::new(self.imaged.publishing(), stream);
        let mut maps = BTreeMap::new();
        for record in records {
            let digest = record.map_digest.to_vec();
            if maps.contains_key(&digest) {
                continue;
            }
            if let Some(map) = of_stream.map(&digest).await? {
                maps.insert(digest, map);
            }
        }
        Ok(maps)
    }

    /// Returns for each target whether it may still need blocks. It needs them again if AWS gave up on its snapshot.
    pub(crate) async fn need_disk(&self, run: &Run) -> Vec<bool> {
        let mut needs = Vec::new();
        for target in &run.targets {
            needs.push(match (target.step, &target.base, &target.snapshot) {
                (Step::Planned, None, _) => true,
                (_, Some(SnapshotBase::Same { .. }), _) => false,
                (Step::Waiting, _, Some(id)) => !self.is_completing(&target.target, id).await,
                (step, ..) => step <= Step::Waiting,
            });
        }
        needs
    }

    async fn is_completing(&self, target: &Target, snapshot: &str) -> bool {
        let Ok(aws) = self.targets.connect(target).await else { return false };
        let found =
            aws.snapshots(&SnapshotQuery::Id(snapshot.to_owned())).await.unwrap_or_default();
        found.first().is_some_and(|found| found.state != SnapshotState::Unusable)
    }

    /// Recalculates the blocks to put for targets that already have a plan. If that is impossible for a target, only
    /// that target fails.
    pub(crate) async fn replan_blocks(
        &self,
        run: &mut Run,
        map: &BlockMap,
        failures: &mut Vec<PublishError>,
    ) -> Result<Vec<Vec<BlockIndex>>> {
        let records = Records::new(self.imaged.publishing(), &run.stream).list().await?;
        let maps = self.maps(&run.stream, records.iter()).await?;
        let mut plans = Vec::new();
        for target in &mut run.targets {
            let blocks = match &target.base {
                _ if target.step > Step::Waiting => Vec::new(),
                None | Some(SnapshotBase::Same { .. }) => Vec::new(),
                Some(SnapshotBase::Plain) => map.all(false),
                Some(SnapshotBase::Encrypted { .. }) => map.all(true),
                Some(SnapshotBase::Parent { snapshot }) => {
                    let record = records.iter().find(|record| record.snapshot_id == *snapshot);
                    let known = record.and_then(|record| maps.get(&record.map_digest.to_vec()));
                    let message = format!("the block map of {snapshot} is gone: undo the run");
                    match known {
                        Some(known) => map.changed_since(known),
                        None => fail(target, PublishError::new(Reason::Missing, message), failures),
                    }
                }
            };
            plans.push(blocks);
        }
        Ok(plans)
    }
}

/// Notes why a target failed, and returns an empty list of blocks to put.
fn fail(
    target: &mut TargetRun,
    error: PublishError,
    failures: &mut Vec<PublishError>,
) -> Vec<BlockIndex> {
    let error = error.at(&target.target, target.step);
    target.error = Some(Problem::from(&error));
    failures.push(error);
    Vec::new()
}

/// Makes the plan for one target; `maps` has the block map of the target's last snapshot, unless that is lost.
pub(crate) fn decided(
    asked: &TargetState,
    map: &BlockMap,
    may_be_plain: bool,
    maps: &BTreeMap<Vec<u8>, BlockMap>,
) -> Plan {
    let record = asked.record.as_ref();
    let known = record.and_then(|record| maps.get(&record.map_digest.to_vec()));
    decide(map, Facts { known, ..facts(asked, may_be_plain) })
}
