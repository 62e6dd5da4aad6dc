//! `publish-cli selftest aws`: checks that AWS, or a simulator, has the behaviour that publishing relies on.

use cloud::selftest::{self, Weight};
use serde::Serialize;
use sha2::{Digest, Sha256};
use wire::ErrorClass;

use super::targets;
use crate::context::Context;
use crate::failure::Failure;

#[derive(Serialize)]
struct ChecksDocument {
    checks: Vec<CheckRow>,
}

#[derive(Serialize)]
struct CheckRow {
    check: &'static str,
    needed: bool,
    problem: Option<String>,
}

/// Runs every check and prints each result; fails if a needed check failed.
pub(in crate::commands) fn run(context: &Context, target: &str) -> anyhow::Result<u8> {
    let targets = targets::of(context)?;
    let run = format!("{:x}", sysio::clock::now_ms());
    context.output.note(
        "the test tries each call that publishing relies on: it makes three snapshots of one GiB and four AMIs, and removes them again; this takes minutes where AWS completes snapshots slowly",
    );
    let mut checks = Vec::new();
    let outcome = context.runtime.block_on(async {
        let target = targets.resolve_one(target).await?;
        let aws = targets.connect(&target).await?;
        let tell = |name: &'static str, outcome: &selftest::Outcome, weight: Weight| {
            let (word, problem) = match (outcome, weight) {
                (Ok(()), _) => ("ok", String::new()),
                (Err(problem), Weight::Needed) => ("FAILED", format!(": {problem}")),
                (Err(problem), Weight::Information) => {
                    ("no", format!(" (publishing does not need this): {problem}"))
                }
            };
            context.output.note(&format!("{word:<7} {name}{problem}"));
            let is_needed = weight == Weight::Needed;
            let problem = outcome.as_ref().err();
            let problem = problem.cloned();
            checks.push(CheckRow { check: name, needed: is_needed, problem });
        };
        let tomorrow = time::OffsetDateTime::now_utc() + time::Duration::DAY;
        let format = &time::format_description::well_known::Rfc3339;
        let tomorrow = tomorrow.replace_nanosecond(0)?.format(format)?;
        let hash = |bytes: &[u8]| Sha256::digest(bytes).into();
        anyhow::Ok(selftest::run(&aws, hash, &run, &tomorrow, tell).await)
    })?;
    context.output.document(&ChecksDocument { checks }, String::new)?;
    outcome.map(|()| 0).map_err(|problem| Failure::error(ErrorClass::Refused, problem))
}
