//! Deciding what each target needs, by what it says of itself.

use std::collections::BTreeMap;

use cloud::calls::{Cloud, SnapshotState, Which};
use cloud::target::Target;
use wire::blockmap::BlockMap;
use wire::proto::SnapshotRecord;

use super::ask::Asked;
use super::checks::{ALL_THE_SAME, Name, check, check_distinct, differs, name, taken};
use super::publish::Publisher;
use crate::direct::decide::{Basis, Expected, Facts, Plan, decide};
use crate::direct::records::Records;
use crate::direct::run::{Options, Problem, Run, Step, TargetRun, common_code};
use crate::direct::steps::Failed;
use crate::failure::Failure;

/// What all targets say of themselves, in their order, with our records of what is there.
pub(super) struct Survey {
    pub records: Vec<SnapshotRecord>,
    pub asked: Vec<Result<Asked, Failed>>,
}

impl Survey {
    /// Refuses to go on where no target can be published to.
    ///
    /// # Errors
    /// What keeps each, with the code that all have in common.
    pub(super) fn check_any(&self, targets: &[Target]) -> anyhow::Result<()> {
        if self.asked.iter().any(Result::is_ok) || self.asked.is_empty() {
            return Ok(());
        }
        let failed = || self.asked.iter().filter_map(|asked| asked.as_ref().err());
        let lines = targets.iter().zip(failed()).map(|(target, why)| match why {
            // Those of AWS name their target.
            Failed::Cloud(_) => why.to_string(),
            Failed::Other { .. } => format!("{target}: {why}"),
        });
        let message = lines.collect::<Vec<_>>().join("\n");
        let code = common_code(&failed().map(Failed::exit_code).collect::<Vec<_>>());
        Err(Failure { message, code }.into())
    }
}

impl Publisher<'_> {
    /// Asks every target what it has, and refuses what cannot end well wherever the disk is of no matter for that.
    pub(super) async fn survey(
        &self,
        stream: &str,
        targets: &[Target],
        options: &Options,
    ) -> anyhow::Result<Survey> {
        let records = Records::new(self.imaged.publishing(), stream).list().await?;
        let asked = self.ask(targets.iter(), options, &records).await;
        let known = targets.iter().zip(&asked);
        check_distinct(known.filter_map(|(target, asked)| Some((target, asked.as_ref().ok()?))))?;
        let checked = |asked: Asked| {
            let expected = facts(&asked, options.may_be_plain).expected();
            if options.may_be_plain && expected.is_encrypted {
                self.context.output.note(&format!("account {}: {ALL_THE_SAME}", asked.account_id));
            }
            check(&asked, options, &expected).map(|()| asked)
        };
        let asked = asked.into_iter().map(|asked| asked.and_then(checked)).collect();
        Ok(Survey { records, asked })
    }

    /// Decides for every target; what fails is noted with the target.
    pub(super) async fn plan(
        &self,
        run: &mut Run,
        map: &BlockMap,
        survey: Survey,
    ) -> anyhow::Result<Vec<Vec<u32>>> {
        let Survey { records, asked } = survey;
        let maps = self.maps(&run.stream, asked.iter().flatten().filter_map(|a| a.record.as_ref()));
        let maps = maps.await?;
        let mut plans = Vec::new();
        for (target, asked) in run.targets.iter_mut().zip(asked) {
            let planned = asked.and_then(|asked| {
                self.plan_one(target, &asked, &run.options, map, &records, &maps)
            });
            plans.push(planned.unwrap_or_else(|failed| {
                target.error = Some(failed.into());
                Vec::new()
            }));
        }
        Ok(plans)
    }

    /// Decides for a target, and returns the blocks that it needs.
    fn plan_one(
        &self,
        target: &mut TargetRun,
        asked: &Asked,
        options: &Options,
        map: &BlockMap,
        records: &[SnapshotRecord],
        maps: &BTreeMap<Vec<u8>, BlockMap>,
    ) -> Result<Vec<u32>, Failed> {
        let plan = decided(asked, map, options.may_be_plain, maps);
        check(asked, options, &plan.expected)?;
        target.account_id.clone_from(&asked.account_id);
        let is_same = |record: &SnapshotRecord| record.map_digest[..] == map.digest()[..];
        match name(asked, options, &target.target, records, is_same) {
            Name::Free => {}
            Name::Taken(by) => return Err(taken(&options.ami_name, by)),
            Name::Differs(by, how) => return Err(differs(&options.ami_name, by, &how)),
            // Published before: what is asked for beside is done to it.
            Name::Published { ami, record } => {
                (target.ami, target.was_there) = (Some(ami), true);
                target.basis = Some(Basis::Same { snapshot: record.snapshot_id.clone() });
                target.expected = Expected {
                    is_encrypted: !record.key.is_empty(),
                    key: Some(record.key.clone()).filter(|key| !key.is_empty()),
                    asked: record.key_asked.clone(),
                };
                return Ok(Vec::new());
            }
        }
        target.basis = Some(plan.basis);
        target.expected = plan.expected;
        target.why_full = plan.why_full;
        target.blocks = u32::try_from(plan.blocks.len()).unwrap_or(u32::MAX);
        Ok(plan.blocks)
    }

    /// Decides for targets that could not be asked before.
    pub(super) async fn plan_missing(
        &self,
        run: &mut Run,
        map: &BlockMap,
        plans: &mut [Vec<u32>],
    ) -> anyhow::Result<()> {
        let is_missing = |target: &TargetRun| target.basis.is_none() && target.error.is_none();
        let mut missing = Run { targets: Vec::new(), ..run.clone() };
        missing.targets = run.targets.iter().filter(|t| is_missing(t)).cloned().collect();
        let targets: Vec<Target> = missing.targets.iter().map(|t| t.target.clone()).collect();
        let survey = self.survey(&run.stream, &targets, &run.options).await?;
        let mut found = self.plan(&mut missing, map, survey).await?.into_iter();
        let mut targets = missing.targets.into_iter();
        for (target, plan) in run.targets.iter_mut().zip(plans).filter(|(t, _)| is_missing(t)) {
            if let (Some(decided), Some(blocks)) = (targets.next(), found.next()) {
                (*target, *plan) = (decided, blocks);
            }
        }
        Ok(())
    }

    /// The block maps that records name; one that is gone or damaged is as good as none.
    pub(super) async fn maps<'r>(
        &self,
        stream: &str,
        records: impl Iterator<Item = &'r SnapshotRecord>,
    ) -> anyhow::Result<BTreeMap<Vec<u8>, BlockMap>> {
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

    /// Which targets of a run may still have to be put blocks to: also those whose snapshot AWS gave up on.
    pub(super) async fn need_disk(&self, run: &Run) -> Vec<bool> {
        let mut needs = Vec::new();
        for target in &run.targets {
            needs.push(match (target.step, &target.basis, &target.snapshot) {
                (Step::Planned, None, _) => true,
                (_, Some(Basis::Same { .. }), _) => false,
                (Step::Waiting, _, Some(id)) => !self.is_completing(&target.target, id).await,
                (step, ..) => step <= Step::Waiting,
            });
        }
        needs
    }

    async fn is_completing(&self, target: &Target, snapshot: &str) -> bool {
        let Ok(aws) = self.aim.connect(target).await else { return false };
        let found = aws.snapshots(&Which::Id(snapshot.to_owned())).await.unwrap_or_default();
        found.first().is_some_and(|found| found.state != SnapshotState::Unusable)
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
                _ if target.step > Step::Waiting => Vec::new(),
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
}

/// Decides for one target.
pub(super) fn decided(
    asked: &Asked,
    map: &BlockMap,
    may_be_plain: bool,
    maps: &BTreeMap<Vec<u8>, BlockMap>,
) -> Plan {
    let record = asked.record.as_ref();
    let known = record.and_then(|record| maps.get(&record.map_digest.to_vec()));
    decide(map, Facts { known, ..facts(asked, may_be_plain) })
}

/// What is known of a target, without the disk.
pub(super) fn facts(asked: &Asked, may_be_plain: bool) -> Facts<'_> {
    Facts {
        account_id: &asked.account_id,
        default: &asked.default,
        kms_key: asked.key.as_ref().map(|key| key.arn.as_str()),
        may_be_plain,
        record: asked.record.as_ref(),
        known: None,
        snapshot: asked.snapshot.as_ref(),
    }
}
