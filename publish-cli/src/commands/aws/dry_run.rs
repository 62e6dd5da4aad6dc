//! `publish --via direct --dry-run`: what would be done, per target, and how much of that is certain.

use std::collections::BTreeMap;

use cloud::calls::BootMode;
use cloud::target::Target;
use serde_json::{Value, json};
use wire::blockmap::BlockMap;
use wire::name::ImageName;
use wire::proto::{GetStatusRequest, ImageRecord, SnapshotRecord};
use wire::units::{SNAPSHOT_BLOCK_LEN, format_len};

use super::ask::Asked;
use super::checks::{ALL_THE_SAME, Name, differs, name, taken};
use super::plan::{Survey, decided, facts};
use super::publish::Publisher;
use super::targets::Resolved;
use crate::commands::image_content::Fetched;
use crate::commands::publish::WAIT;
use crate::commands::unpacker;
use crate::context::holder;
use crate::direct::decide::{Basis, usable};
use crate::direct::run::{Options, common_code};
use crate::direct::steps::Failed;
use crate::failure::Failure;

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
        let survey = self.survey(stream.as_str(), targets, options);
        let Survey { records, asked } = self.context.runtime.block_on(survey)?;
        let forecast = match record.map(|record| record.kind.as_str()) {
            None => Forecast::Added,
            Some("disk") => {
                let content = Fetched::new(self.context, None)?.disk(self.context, image)?;
                let maps = self.maps(stream.as_str(), records.iter());
                Forecast::Disk(content.on_volume(), self.context.runtime.block_on(maps)?)
            }
            Some(_) => self.forecast_patch(image)?,
        };
        let boots = BootMode::parse(&options.boot_mode);
        let checked = options.ami.check(&options.architecture, boots, forecast.size_gib());
        checked.map_err(Failure::usage)?;
        let mut codes = Vec::new();
        let mut rows: Vec<Value> = targets
            .iter()
            .zip(asked)
            .map(|(target, asked)| {
                let row = |asked: Asked| {
                    // Of a volume the revision tells; of what is not added yet nothing was published.
                    let is_same = |published: &SnapshotRecord| match &forecast {
                        Forecast::Disk(map, _) => published.map_digest[..] == map.digest()[..],
                        Forecast::Patch(_) => {
                            record.is_some_and(|record| published.manifest == record.manifest)
                        }
                        Forecast::Added => false,
                    };
                    match name(&asked, options, target, &records, is_same) {
                        Name::Taken(by) => return Err(taken(&options.ami_name, by)),
                        Name::Differs(by, how) => {
                            return Err(differs(&options.ami_name, by, &how));
                        }
                        Name::Published { ami, .. } => return Ok(there(target, &asked, &ami)),
                        Name::Free => {}
                    }
                    Ok(row(&target.to_string(), &asked, options.may_be_plain, &forecast))
                };
                let row = asked.and_then(row);
                codes.push(row.as_ref().map_or_else(Failed::exit_code, |_| 0));
                let failed = |error: Failed| json!({"target": target.to_string(), "error": error.to_string()});
                row.unwrap_or_else(failed)
            })
            .collect();
        for (account, problem) in &resolved.failed {
            codes.push(problem.exit_code);
            rows.push(json!({"target": format!("{account}/*"), "error": problem.message}));
        }
        let lines: Vec<String> = rows.iter().map(line).collect();
        let not_opted_in: Vec<String> =
            resolved.selection.not_opted_in.iter().map(ToString::to_string).collect();
        let document = json!({
            "image": image.as_str(), "dry_run": true, "targets": rows, "not_opted_in": not_opted_in,
        });
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
const UNKNOWN: [&str; 2] = ["permissions but that to register AMIs", "quotas"];

/// What was looked at in every target.
const CHECKED: [&str; 7] = [
    "credentials",
    "encryption by default",
    "the last snapshot",
    "the AMI's name",
    "permission to register AMIs",
    "the parameter's data type",
    "options against architecture and boot mode",
];

/// What was looked at in a target, and what could not be.
fn scope(asked: &Asked) -> (Vec<&'static str>, Vec<&'static str>) {
    let (mut checked, mut unknown) = (CHECKED.to_vec(), UNKNOWN.to_vec());
    match &asked.key {
        None => {}
        Some(key) if key.is_seen => checked.push("the key"),
        Some(_) => {
            unknown.push("whether the key is there and can be used (kms:DescribeKey is denied)")
        }
    }
    (checked, unknown)
}

/// What the disk will hold.
enum Forecast {
    /// Exactly this; and what targets' snapshots hold, by digest.
    Disk(BlockMap, BTreeMap<Vec<u8>, BlockMap>),
    /// What a patch of the volume makes of it.
    Patch(Patch),
    /// What the image brings that is added first.
    Added,
}

impl Forecast {
    /// The disk's size, where it is known.
    fn size_gib(&self) -> Option<u64> {
        match self {
            Self::Disk(map, _) => Some(map.disk_len() >> 30),
            Self::Patch(patch) => Some(patch.all / (BLOCKS_OF_GIB)),
            Self::Added => None,
        }
    }
}

/// Blocks of a GiB.
const BLOCKS_OF_GIB: u64 = (1 << 30) / SNAPSHOT_BLOCK_LEN;

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

/// What is said of a target that has the AMI already.
fn there(target: &Target, asked: &Asked, ami: &str) -> Value {
    let (checked, unknown) = scope(asked);
    json!({
        "target": target.to_string(), "account_id": asked.account_id, "there_already": ami,
        "blocks": 0, "bytes": 0, "checked": checked, "unknown": unknown, "error": null,
    })
}

fn row(target: &str, asked: &Asked, may_be_plain: bool, forecast: &Forecast) -> Value {
    let facts = facts(asked, may_be_plain);
    let expected = facts.expected();
    let (mut parent, mut why_full) = match usable(facts, &expected) {
        Ok(record) => (Some(record.snapshot_id.clone()), None),
        Err(why) => (None, Some(why)),
    };
    let blocks = match forecast {
        Forecast::Disk(map, maps) => {
            // Here it is known exactly, with what the parent's map says.
            let plan = decided(asked, map, may_be_plain, maps);
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
    let (checked, unknown) = scope(asked);
    json!({
        "target": target,
        "account_id": asked.account_id,
        "encryption": expected.asked,
        "encrypted_all_the_same": may_be_plain && expected.is_encrypted,
        "parent": parent,
        "why_full": why_full,
        "blocks": blocks.count,
        "bytes": blocks.count.map(|count| count * SNAPSHOT_BLOCK_LEN),
        "checked": checked,
        "blocks_are": blocks.how,
        "assumed": blocks.is_assumed.then(|| format!("blocks: {}", blocks.how)).into_iter().collect::<Vec<_>>(),
        "unknown": unknown,
        "error": null,
    })
}

fn line(row: &Value) -> String {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let target = text("target");
    if let Value::String(error) = &row["error"] {
        // What AWS said names the target by itself.
        return match error.starts_with(&format!("{target}: ")) {
            true => error.clone(),
            false => format!("{target}: {error}"),
        };
    }
    if let Value::String(ami) = &row["there_already"] {
        return format!("{target}: there already: {ami}");
    }
    let base = match &row["parent"] {
        Value::String(parent) => format!("on top of {parent}"),
        _ => format!("the whole disk ({})", text("why_full")),
    };
    let how = text("blocks_are");
    let base = match row["encrypted_all_the_same"] == true {
        true => format!("{base}, {ALL_THE_SAME}"),
        false => base,
    };
    match row["blocks"].as_u64() {
        Some(count) => {
            let bytes = format_len(count * SNAPSHOT_BLOCK_LEN);
            format!("{target}: {count} blocks ({how}), {bytes}, {base}")
        }
        None => format!("{target}: {how}, {base}"),
    }
}
