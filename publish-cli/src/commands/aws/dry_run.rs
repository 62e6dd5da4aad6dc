//! `publish --via direct --dry-run`: what would be done, per target, and how much of that is certain.

use std::collections::BTreeMap;

use cloud::target::Target;
use serde_json::{Value, json};
use wire::blockmap::BlockMap;
use wire::name::ImageName;
use wire::proto::{GetStatusRequest, ImageRecord};
use wire::units::{SNAPSHOT_BLOCK_LEN, format_len};

use super::checks::{Name, check, check_distinct, name, taken};
use super::plan::{Asked, decided};
use super::publish::Publisher;
use super::targets::Resolved;
use crate::commands::image_content::Fetched;
use crate::commands::publish::WAIT;
use crate::commands::unpacker;
use crate::context::holder;
use crate::direct::decide::{Basis, Expected, Facts, usable};
use crate::direct::records::Records;
use crate::direct::run::{Options, common_code};
use crate::direct::steps::Failed;

impl Publisher<'_> {
    /// Says per target what would be done.
    pub(super) fn dry_run(
        &self,
        image: &ImageName,
        record: Option<&ImageRecord>,
        options: &Options,
        resolved: Resolved,
    ) -> anyhow::Result<u8> {
        let stream = image.stream();
        let targets = &resolved.selection.targets;
        let (records, asked) = self.context.runtime.block_on(async {
            let records = Records::new(self.imaged.publishing(), stream.as_str()).list().await?;
            let asked = self.ask(targets.iter(), options, &records).await?;
            let known = targets.iter().zip(&asked);
            check_distinct(
                known.filter_map(|(target, asked)| Some((target, asked.as_ref().ok()?))),
            )?;
            anyhow::Ok((records, asked))
        })?;
        let forecast = match record.map(|record| record.kind.as_str()) {
            None => Forecast::Added,
            Some("disk") => {
                let content = Fetched::new(self.context, None)?.disk(self.context, image)?;
                let maps = self.maps(stream.as_str(), records.iter());
                Forecast::Disk(content.on_volume(), self.context.runtime.block_on(maps)?)
            }
            Some(_) => self.forecast_patch(image)?,
        };
        let mut codes = Vec::new();
        let mut rows: Vec<Value> = targets
            .iter()
            .zip(asked)
            .map(|(target, asked)| {
                let kms_key = options.key(self.aim.key(target));
                let row = |asked: Asked| {
                    let expected = expected(&asked, kms_key, options.may_be_plain);
                    check(target, &asked, options, kms_key, &expected)?;
                    let found = match &forecast {
                        Forecast::Disk(map, _) => name(&asked, target, &records, map),
                        // Whether it is the same disk shows when the disk is made.
                        Forecast::Patch(_) | Forecast::Added => Name::Free,
                    };
                    match found {
                        Name::Taken(by) => return Err(taken(&options.ami_name, by)),
                        Name::Published { ami, .. } => return Ok(there(target, &asked, &ami)),
                        Name::Free => {}
                    }
                    Ok(row(&target.to_string(), &asked, kms_key, options.may_be_plain, &forecast))
                };
                let row = asked.and_then(row);
                codes.push(row.as_ref().map_or_else(Failed::exit_code, |_| 0));
                let failed = |error: Failed| json!({"target": target, "error": error.to_string()});
                row.unwrap_or_else(failed)
            })
            .collect();
        for (account, problem) in &resolved.failed {
            codes.push(problem.exit_code);
            rows.push(json!({"target": format!("{account}/*"), "error": problem.message}));
        }
        let lines: Vec<String> = rows.iter().map(line).collect();
        let document = json!({"image": image.as_str(), "dry_run": true, "targets": rows});
        self.context.output.result(document, || {
            let unsure = format!("not known before it is tried: {}", UNKNOWN.join(", "));
            lines.iter().cloned().chain([unsure]).collect::<Vec<_>>().join("\n")
        })?;
        Ok(common_code(&codes))
    }

    /// Predicts what patching the stream's volume would change.
    fn forecast_patch(&self, image: &ImageName) -> anyhow::Result<Forecast> {
        let unpackd = self.context.unpackd()?;
        let status =
            self.context.call(&unpackd, unpackd.volumes().get_status(GetStatusRequest {}))?;
        let stream = image.stream();
        let volume = status.volumes.into_iter().find(|volume| volume.stream == stream.as_str());
        let how = unpacker::How { wait: WAIT, verify: "auto", dry_run: true };
        let report = unpacker::unpack(self.context, &unpackd, image, &holder(), how)?;
        let volume = volume.unwrap_or_default();
        Ok(Forecast::Patch(Patch {
            from: volume.manifest,
            dirty: report.dirty_blocks_512k.as_ref().map(|dirty| dirty.total),
            all: (volume.size.div_ceil(1 << 30) << 30) / SNAPSHOT_BLOCK_LEN,
        }))
    }
}

/// What nobody can tell before it is tried.
const UNKNOWN: [&str; 2] = ["permissions to make things", "quotas"];

/// What was looked at.
const CHECKED: [&str; 6] = [
    "credentials",
    "encryption by default",
    "the last snapshot",
    "the AMI's name",
    "the parameter's data type",
    "options against architecture and boot mode",
];

/// What the disk will hold.
enum Forecast {
    /// Exactly this; and what targets' snapshots hold, by digest.
    Disk(BlockMap, BTreeMap<Vec<u8>, BlockMap>),
    /// What a patch of the volume makes of it.
    Patch(Patch),
    /// What the image brings that is added first.
    Added,
}

struct Patch {
    /// The manifest that is on the volume.
    from: String,
    /// Blocks that the patch is predicted to change.
    dirty: Option<u64>,
    /// Blocks of the whole volume.
    all: u64,
}

impl Patch {
    /// What would be put to a target, on top of a manifest or as a whole.
    fn blocks(&self, may_be_plain: bool, parent: Option<&str>) -> Blocks {
        match parent {
            // The prediction is of the volume's patch: it fits where the target has what the volume has.
            Some(manifest) if manifest == self.from => {
                Blocks::assumed(self.dirty, "what the patch of the volume is predicted to change")
            }
            Some(_) => {
                Blocks::assumed(None, "what differs: the volume is of another revision than that")
            }
            None if may_be_plain => Blocks::assumed(None, "what of the volume is not zeros"),
            None => Blocks::known(self.all, "all of the volume, zeros too"),
        }
    }
}

/// A target's blocks to put, where they can be told, and how that is known.
struct Blocks {
    count: Option<u64>,
    how: &'static str,
    is_assumed: bool,
}

impl Blocks {
    fn known(count: u64, how: &'static str) -> Self {
        Self { count: Some(count), how, is_assumed: false }
    }

    fn assumed(count: Option<u64>, how: &'static str) -> Self {
        Self { count, how, is_assumed: true }
    }
}

/// What is known of a target, without the disk.
fn facts<'a>(asked: &'a Asked, kms_key: Option<&'a str>, may_be_plain: bool) -> Facts<'a> {
    Facts {
        account_id: &asked.account_id,
        default: &asked.default,
        kms_key,
        may_be_plain,
        record: asked.record.as_ref(),
        known: None,
        snapshot: asked.snapshot.as_ref(),
    }
}

fn expected(asked: &Asked, kms_key: Option<&str>, may_be_plain: bool) -> Expected {
    facts(asked, kms_key, may_be_plain).expected()
}

/// What is said of a target that has the AMI already.
fn there(target: &Target, asked: &Asked, ami: &str) -> Value {
    json!({
        "target": target.to_string(), "account_id": asked.account_id, "there_already": ami,
        "blocks": 0, "bytes": 0, "checked": CHECKED, "unknown": UNKNOWN, "error": null,
    })
}

fn row(
    target: &str,
    asked: &Asked,
    kms_key: Option<&str>,
    may_be_plain: bool,
    forecast: &Forecast,
) -> Value {
    let facts = facts(asked, kms_key, may_be_plain);
    let expected = facts.expected();
    let (mut parent, mut why_full) = match usable(facts, &expected) {
        Ok(record) => (Some(record.snapshot_id.clone()), None),
        Err(why) => (None, Some(why)),
    };
    let blocks = match forecast {
        Forecast::Disk(map, maps) => {
            // Here it is known exactly, with what the parent's map says.
            let plan = decided(asked, map, kms_key, may_be_plain, maps);
            parent = match plan.basis {
                Basis::Parent { snapshot } | Basis::Same { snapshot } => Some(snapshot),
                Basis::Plain | Basis::Encrypted { .. } => None,
            };
            why_full = plan.why_full;
            Blocks::known(plan.blocks.len() as u64, "counted")
        }
        Forecast::Added => Blocks::assumed(
            None,
            "what the image brings, which is not added yet; its architecture and whether it boots, too",
        ),
        Forecast::Patch(patch) => {
            let record = asked.record.as_ref().filter(|_| parent.is_some());
            patch.blocks(!expected.is_encrypted, record.map(|record| record.manifest.as_str()))
        }
    };
    json!({
        "target": target,
        "account_id": asked.account_id,
        "encryption": expected.asked,
        "parent": parent,
        "why_full": why_full,
        "blocks": blocks.count,
        "bytes": blocks.count.map(|count| count * SNAPSHOT_BLOCK_LEN),
        "checked": CHECKED,
        "blocks_are": blocks.how,
        "assumed": blocks.is_assumed.then(|| format!("blocks: {}", blocks.how)).into_iter().collect::<Vec<_>>(),
        "unknown": UNKNOWN,
        "error": null,
    })
}

fn line(row: &Value) -> String {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let target = text("target");
    if let Value::String(error) = &row["error"] {
        return format!("{target}: {error}");
    }
    if let Value::String(ami) = &row["there_already"] {
        return format!("{target}: there already: {ami}");
    }
    let base = match &row["parent"] {
        Value::String(parent) => format!("on top of {parent}"),
        _ => format!("the whole disk ({})", text("why_full")),
    };
    let how = text("blocks_are");
    match row["blocks"].as_u64() {
        Some(count) => {
            let bytes = format_len(count * SNAPSHOT_BLOCK_LEN);
            format!("{target}: {count} blocks ({how}), {bytes}, {base}")
        }
        None => format!("{target}: {how}, {base}"),
    }
}
