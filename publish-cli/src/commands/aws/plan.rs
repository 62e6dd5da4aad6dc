//! Asking targets what they have, and deciding what each needs.

use std::collections::BTreeMap;

use cloud::aws::Aws;
use cloud::calls::{Ami, Cloud, DefaultEncryption, Parameter, Snapshot, SnapshotState, Which};
use cloud::target::Target;
use tokio::task::JoinSet;
use wire::blockmap::BlockMap;
use wire::proto::SnapshotRecord;

use super::checks::{Name, check, check_distinct, name, taken};
use super::publish::Publisher;
use crate::direct::decide::{Basis, Facts, Plan, decide};
use crate::direct::records::Records;
use crate::direct::run::{Options, Problem, Run, Step, TargetRun};
use crate::direct::steps::Failed;

/// What a target says of itself before anything is made.
pub(super) struct Asked {
    pub account_id: String,
    pub default: DefaultEncryption,
    pub record: Option<SnapshotRecord>,
    pub snapshot: Option<Snapshot>,
    /// AMIs that have the name already.
    pub named: Vec<Ami>,
    /// The parameter as it is.
    pub parameter: Option<Parameter>,
}

impl Publisher<'_> {
    /// Asks every target what it has, and decides; what fails is noted with the target.
    pub(super) async fn plan(
        &self,
        run: &mut Run,
        map: &BlockMap,
    ) -> anyhow::Result<Vec<Vec<u32>>> {
        let records = Records::new(self.imaged.publishing(), &run.stream).list().await?;
        let targets = run.targets.iter().map(|t| &t.target);
        let asked = self.ask(targets, &run.options, &records).await?;
        let known = run
            .targets
            .iter()
            .zip(&asked)
            .filter_map(|(target, asked)| Some((&target.target, asked.as_ref().ok()?)));
        check_distinct(known)?;
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
        let kms_key = options.key(self.aim.key(&target.target));
        let plan = decided(asked, map, kms_key, options.may_be_plain, maps);
        check(&target.target, asked, options, kms_key, &plan.expected)?;
        target.account_id.clone_from(&asked.account_id);
        match name(asked, &target.target, records, map) {
            Name::Free => {}
            Name::Taken(by) => return Err(taken(&options.ami_name, by)),
            // Published before: what is asked for beside is done to it.
            Name::Published { ami, snapshot } => {
                (target.ami, target.was_there) = (Some(ami), true);
                target.basis = Some(Basis::Same { snapshot });
                target.expected = plan.expected;
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
        let mut found = self.plan(&mut missing, map).await?.into_iter();
        let mut targets = missing.targets.into_iter();
        for (target, plan) in run.targets.iter_mut().zip(plans).filter(|(t, _)| is_missing(t)) {
            if let (Some(decided), Some(blocks)) = (targets.next(), found.next()) {
                (*target, *plan) = (decided, blocks);
            }
        }
        Ok(())
    }

    pub(super) async fn ask<'t>(
        &self,
        targets: impl Iterator<Item = &'t Target>,
        options: &Options,
        records: &[SnapshotRecord],
    ) -> anyhow::Result<Vec<Result<Asked, Failed>>> {
        let mut asking = JoinSet::new();
        let mut asked: Vec<Option<Result<Asked, Failed>>> = Vec::new();
        for (index, target) in targets.enumerate() {
            asked.push(None);
            let aws = match self.aim.connect(target).await {
                Ok(aws) => aws,
                Err(error) => {
                    asked[index] = Some(Err(error));
                    continue;
                }
            };
            // Of each account there may be one: the last in the region.
            let mut last: BTreeMap<&str, &SnapshotRecord> = BTreeMap::new();
            let here = records.iter().filter(|record| record.region == target.region.as_str());
            last.extend(here.map(|record| (record.account_id.as_str(), record)));
            let records: Vec<SnapshotRecord> = last.into_values().cloned().collect();
            let (name, parameter) = (options.ami_name.clone(), options.parameter.clone());
            let ask = async move { ask(&aws, &records, name, parameter.as_deref()).await };
            asking.spawn(async move { (index, ask.await) });
        }
        while let Some(done) = asking.join_next().await {
            let (index, answer) = done?;
            asked[index] = Some(answer);
        }
        Ok(asked.into_iter().flatten().collect())
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
    kms_key: Option<&str>,
    may_be_plain: bool,
    maps: &BTreeMap<Vec<u8>, BlockMap>,
) -> Plan {
    let record = asked.record.as_ref();
    let known = record.and_then(|record| maps.get(&record.map_digest.to_vec()));
    let facts = Facts {
        account_id: &asked.account_id,
        default: &asked.default,
        kms_key,
        may_be_plain,
        record,
        known,
        snapshot: asked.snapshot.as_ref(),
    };
    decide(map, facts)
}

/// Asks a target what it has.
async fn ask(
    aws: &Aws,
    records: &[SnapshotRecord],
    name: String,
    parameter: Option<&str>,
) -> Result<Asked, Failed> {
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
    let named = aws.amis(&Which::Named(name)).await?;
    let parameter = match parameter {
        Some(name) => aws.parameter(name).await?,
        None => None,
    };
    let account_id = caller.account_id;
    Ok(Asked { account_id, default, record, snapshot, named, parameter })
}
