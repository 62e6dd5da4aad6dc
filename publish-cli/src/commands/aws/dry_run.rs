//! Output of `publish --target … --dry-run`, as text and as JSON.

use publisher::aws::ALL_THE_SAME;
use publisher::aws::forecast::{Forecast, TargetForecast, TargetWork, UNKNOWN};
use serde::Serialize;
use wire::name::ImageName;
use wire::target::Target;
use wire::units::{SNAPSHOT_BLOCK_LEN, format_len};

use crate::context::Context;
use crate::failure::{common_code, publish_code};

#[derive(Serialize)]
struct DryRunDocument<'a> {
    image: &'a str,
    dry_run: bool,
    targets: Vec<RowDocument<'a>>,
    not_opted_in: Vec<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum RowDocument<'a> {
    Failure {
        target: String,
        error: String,
    },
    Nothing {
        target: String,
        account_id: &'a str,
        there_already: &'a str,
        blocks: u64,
        bytes: u64,
        checked: &'a [&'static str],
        unknown: &'a [&'static str],
        error: Option<&'a str>,
    },
    Snapshot {
        target: String,
        account_id: &'a str,
        encryption: &'a str,
        encrypted_all_the_same: bool,
        parent: Option<&'a str>,
        why_full: Option<&'a str>,
        blocks: Option<u64>,
        bytes: Option<u64>,
        checked: &'a [&'static str],
        blocks_are: &'static str,
        assumed: Vec<String>,
        unknown: &'a [&'static str],
        error: Option<&'a str>,
    },
}

/// Prints the forecast and returns the exit code.
pub(super) fn tell(context: &Context, image: &ImageName, found: &Forecast) -> anyhow::Result<u8> {
    let (mut codes, mut rows, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for (target, outcome) in &found.targets {
        codes.push(outcome.as_ref().map_or_else(publish_code, |_| 0));
        let outcome = outcome.as_ref().map_err(publisher::PublishError::chain);
        match outcome {
            Ok(forecast) => {
                rows.push(row(target, forecast));
                lines.push(line(target, forecast));
            }
            Err(error) => {
                let target = target.to_string();
                // AWS errors already name the target.
                lines.push(match error.starts_with(&format!("{target}: ")) {
                    true => error.clone(),
                    false => format!("{target}: {error}"),
                });
                rows.push(RowDocument::Failure { target, error });
            }
        }
    }
    for (account, problem) in &found.unresolved {
        codes.push(problem.exit_code);
        let (target, error) = (format!("{account}/*"), problem.message.clone());
        lines.push(format!("{target}: {error}"));
        rows.push(RowDocument::Failure { target, error });
    }
    let not_opted_in = found.not_opted_in.iter().map(ToString::to_string).collect();
    let document =
        DryRunDocument { image: image.as_str(), dry_run: true, targets: rows, not_opted_in };
    context.output.document(&document, || {
        lines.push(format!("a dry run cannot check: {}", UNKNOWN.join(", ")));
        lines.join("\n")
    })?;
    Ok(common_code(&codes))
}

fn row<'a>(target: &Target, forecast: &'a TargetForecast) -> RowDocument<'a> {
    let TargetForecast { account_id, checked, unknown, work } = forecast;
    let target = target.to_string();
    match work {
        TargetWork::Nothing { ami: there_already } => RowDocument::Nothing {
            target,
            account_id,
            there_already,
            blocks: 0,
            bytes: 0,
            checked,
            unknown,
            error: None,
        },
        TargetWork::Snapshot {
            encryption,
            is_encrypted_all_the_same,
            parent,
            why_full,
            blocks,
        } => RowDocument::Snapshot {
            target,
            account_id,
            encryption,
            encrypted_all_the_same: *is_encrypted_all_the_same,
            parent: parent.as_deref(),
            why_full: why_full.as_deref(),
            blocks: blocks.count,
            bytes: blocks.count.map(|count| count * SNAPSHOT_BLOCK_LEN),
            checked,
            blocks_are: blocks.how,
            assumed: match blocks.is_assumed {
                true => vec![format!("blocks: {}", blocks.how)],
                false => Vec::new(),
            },
            unknown,
            error: None,
        },
    }
}

fn line(target: &Target, forecast: &TargetForecast) -> String {
    match &forecast.work {
        TargetWork::Nothing { ami } => {
            format!("{target}: {ami} exists already, with the same content")
        }
        TargetWork::Snapshot { is_encrypted_all_the_same, parent, why_full, blocks, .. } => {
            let mut base = match parent {
                Some(parent) => format!("on top of {parent}"),
                None => format!("the whole disk ({})", why_full.as_deref().unwrap_or_default()),
            };
            if *is_encrypted_all_the_same {
                base = format!("{base}, {ALL_THE_SAME}");
            }
            let how = blocks.how;
            match blocks.count {
                Some(count) => {
                    let bytes = format_len(count * SNAPSHOT_BLOCK_LEN);
                    format!("{target}: {count} blocks ({how}), {bytes}, {base}")
                }
                None => format!("{target}: {how}, {base}"),
            }
        }
    }
}
