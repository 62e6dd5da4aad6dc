//! `publish --via direct --dry-run`: what would be done, per target, and how much of that is certain.

use serde_json::{Value, json};
use wire::name::ImageName;
use wire::proto::GetStatusRequest;

use super::plan::Asked;
use super::publish::Publisher;
use super::targets::Resolved;
use crate::commands::publish::WAIT;
use crate::commands::unpacker;
use crate::context::holder;
use crate::direct::decide::{Facts, usable};
use crate::direct::run::Options;
use crate::direct::steps::Failed;
use crate::direct::undo::Records;

impl Publisher<'_> {
    /// Says per target what would be done.
    pub(super) fn dry_run(
        &self,
        image: &ImageName,
        options: &Options,
        resolved: Resolved,
    ) -> anyhow::Result<u8> {
        let unpackd = self.context.unpackd()?;
        let stream = image.stream();
        let volumes =
            self.context.call(&unpackd, unpackd.volumes().get_status(GetStatusRequest {}))?;
        let volume = volumes.volumes.into_iter().find(|volume| volume.stream == stream.as_str());
        let how = unpacker::How { wait: WAIT, verify: "auto", dry_run: true };
        let report = unpacker::unpack(self.context, &unpackd, image, &holder(), how)?;
        let patch = Patch {
            from: volume.map(|volume| volume.manifest).unwrap_or_default(),
            dirty: report.dirty_blocks_512k.as_ref().map(|dirty| dirty.total),
        };
        let targets = &resolved.selection.targets;
        let asked = self.context.runtime.block_on(async {
            let records = Records::new(self.imaged.publishing(), stream.as_str()).list().await?;
            self.ask(targets.iter(), &records).await
        })?;
        let mut rows: Vec<Value> = targets
            .iter()
            .zip(asked)
            .map(|(target, asked)| {
                let kms_key = options.kms_key.as_deref().or(self.aim.key(target));
                row(&target.to_string(), asked, kms_key, options.may_be_plain, &patch)
            })
            .collect();
        for (account, problem) in &resolved.failed {
            rows.push(json!({"target": format!("{account}/*"), "error": problem.message}));
        }
        let lines: Vec<String> = rows.iter().map(line).collect();
        let failed = rows.iter().filter(|row| !row["error"].is_null()).count();
        let document = json!({"image": image.as_str(), "dry_run": true, "targets": rows});
        self.context.output.result(document, || lines.join("\n"))?;
        Ok(if failed > 0 { 7 } else { 0 })
    }
}

/// What the patch of the volume would do.
struct Patch {
    /// The manifest that is on it.
    from: String,
    /// Blocks that it is predicted to change.
    dirty: Option<u64>,
}

fn row(
    target: &str,
    asked: Result<Asked, Failed>,
    kms_key: Option<&str>,
    may_be_plain: bool,
    patch: &Patch,
) -> Value {
    let asked = match asked {
        Ok(asked) => asked,
        Err(failed) => return json!({"target": target, "error": failed.to_string()}),
    };
    let facts = Facts {
        account_id: &asked.account_id,
        default: &asked.default,
        kms_key,
        may_be_plain,
        record: asked.record.as_ref(),
        known: None,
        snapshot: asked.snapshot.as_ref(),
    };
    let expected = facts.expected();
    let (parent, why_full) = match usable(facts, &expected) {
        Ok(record) => (Some(record), None),
        Err(why) => (None, Some(why)),
    };
    // The prediction is of the volume's patch: it fits where the target has what the volume has.
    let predicted = parent.filter(|record| record.manifest == patch.from).and(patch.dirty);
    json!({
        "target": target,
        "account_id": asked.account_id,
        "encryption": expected.asked,
        "parent": parent.map(|record| record.snapshot_id.as_str()),
        "why_full": why_full,
        "blocks_predicted": predicted,
        "checked": ["credentials", "encryption by default", "the last snapshot"],
        "assumed": ["blocks: what the patch of the volume is predicted to change"],
        "unknown": ["permissions to make things", "quotas"],
        "error": null,
    })
}

fn line(row: &Value) -> String {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let target = text("target");
    match (&row["error"], &row["parent"], row["blocks_predicted"].as_u64()) {
        (Value::String(error), _, _) => format!("{target}: {error}"),
        (_, Value::String(parent), Some(blocks)) => {
            format!("{target}: about {blocks} blocks on top of {parent}")
        }
        (_, Value::String(parent), None) => {
            format!(
                "{target}: what differs from {parent}, which is of another revision than the volume"
            )
        }
        _ => format!("{target}: the whole disk: {}", text("why_full")),
    }
}
