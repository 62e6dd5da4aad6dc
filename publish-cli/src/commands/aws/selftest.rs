//! `publish-cli selftest aws`: whether AWS, or a simulator, does what is relied on.

use cloud::selftest::{self, Weight};
use serde_json::json;
use sha2::{Digest, Sha256};
use wire::ErrorClass;

use super::targets::Aim;
use crate::context::Context;
use crate::failure::Failure;

/// Runs it.
pub(super) fn run(context: &Context, target: &str) -> anyhow::Result<u8> {
    let aim = Aim::of(context)?;
    let selectors = aim.selectors(&[target.to_owned()])?;
    let run = format!("{:x}", crate::context::now_ms());
    context.output.note(
        "each call that is relied on is tried with three snapshots of one GiB and three AMIs, which are removed again; \
         where snapshots take their time this takes minutes",
    );
    let mut checks = Vec::new();
    let outcome = context.runtime.block_on(async {
        let resolved = aim.resolve(&selectors, &[]).await?;
        let [target] = &resolved.selection.targets[..] else {
            return Err(Failure::usage(format!("'{target}' is not one target")));
        };
        let aws = aim.connect(target).await?;
        let tell = |name: &'static str, outcome: &selftest::Outcome, weight: Weight| {
            let (word, problem) = match (outcome, weight) {
                (Ok(()), _) => ("ok", String::new()),
                (Err(problem), Weight::Needed) => ("FAILED", format!(": {problem}")),
                (Err(problem), Weight::Information) => {
                    ("no", format!(" (nothing needs it): {problem}"))
                }
            };
            context.output.note(&format!("{word:<7} {name}{problem}"));
            let is_needed = weight == Weight::Needed;
            let problem = outcome.as_ref().err();
            checks.push(json!({"check": name, "needed": is_needed, "problem": problem}));
        };
        let tomorrow = time::OffsetDateTime::now_utc() + time::Duration::DAY;
        let format = &time::format_description::well_known::Rfc3339;
        let tomorrow = tomorrow.replace_nanosecond(0)?.format(format)?;
        let hash = |bytes: &[u8]| Sha256::digest(bytes).into();
        Ok(selftest::run(&aws, hash, &run, &tomorrow, tell).await)
    })?;
    context.output.result(json!({"checks": checks}), String::new)?;
    outcome.map(|()| 0).map_err(|problem| Failure::error(ErrorClass::Refused, problem))
}
