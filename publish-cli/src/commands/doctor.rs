//! `publish-cli doctor`: checks the environment, and says how to repair what does not work.

use std::path::Path;
use std::process::Command;

use publisher::client::Server;
use rpc::exit;
use rpc::tls::TlsDir;
use sysio::clock::now_ms;
use wire::ErrorClass;
use wire::proto::{GetServerInfoRequest, GetStatusRequest};

use crate::context::Context;
use crate::document::{DoctorCheckDocument, DoctorDocument};

/// Tolerated difference between clocks; beyond it, leases and certificates expire early or late.
const SKEW_MAX_MS: i64 = 5_000;

struct Check {
    name: &'static str,
    verdict: Verdict,
    detail: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    /// Only some commands will fail.
    Warning,
    Bad,
}

impl Verdict {
    fn name(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Warning => "warning",
            Self::Bad => "failed",
        }
    }
}

/// Runs all checks and returns the exit code: 1 if a check failed. Warnings count as success.
pub(super) fn run(context: &Context) -> anyhow::Result<u8> {
    let mut checks = vec![tls(context), imaged(context), unpackd(context)];
    checks.extend(aws(context));
    checks.extend(machine());
    let has_failed = checks.iter().any(|check| check.verdict == Verdict::Bad);
    let list = checks
        .iter()
        .map(|Check { name, verdict, detail }| {
            let (check, result) = (*name, verdict.name());
            DoctorCheckDocument { check, result, detail }
        })
        .collect();
    context.output.document(&DoctorDocument { ok: !has_failed, checks: list }, || {
        let lines: Vec<String> = checks
            .iter()
            .map(|check| format!("{:8} {:16} {}", check.verdict.name(), check.name, check.detail))
            .collect();
        lines.join("\n")
    })?;
    Ok(if has_failed { exit::code(ErrorClass::Internal) } else { exit::DONE })
}

fn check(name: &'static str, result: anyhow::Result<(Verdict, String)>) -> Check {
    match result {
        Ok((verdict, detail)) => Check { name, verdict, detail },
        Err(error) => Check { name, verdict: Verdict::Bad, detail: format!("{error:#}") },
    }
}

fn tls(context: &Context) -> Check {
    let Some(dir) = &context.settings.tls_dir else {
        let detail = "no folder of certificates is known: name it with --tls-dir".to_owned();
        return Check { name: "certificates", verdict: Verdict::Bad, detail };
    };
    let loaded = TlsDir::load(dir);
    check(
        "certificates",
        loaded
            .map(|_| (Verdict::Good, format!("{} is valid", dir.display())))
            .map_err(anyhow::Error::from),
    )
}

fn skew(server: i64) -> (Verdict, String) {
    match (now_ms() - server).abs() {
        ms if ms <= SKEW_MAX_MS => (Verdict::Good, format!("clocks agree within {ms} ms")),
        ms => (
            Verdict::Warning,
            format!(
                "the clocks are {ms} ms apart, so leases end early or late: synchronise the clocks"
            ),
        ),
    }
}

fn imaged(context: &Context) -> Check {
    let ask = || -> anyhow::Result<(Verdict, String)> {
        let server = context.imaged()?;
        let info =
            context.call(&server, server.images().get_server_info(GetServerInfoRequest {}))?;
        let (verdict, clocks) = skew(info.now_ms);
        let roles = info.roles.join(", ");
        let detail = format!(
            "{} {} ({}), we are '{}' with {}; {clocks}",
            server.address(),
            info.version,
            info.algorithm,
            info.identity,
            if roles.is_empty() { "no role" } else { &roles }
        );
        Ok((verdict, detail))
    };
    check("imaged", ask())
}

fn unpackd(context: &Context) -> Check {
    if context.settings.unpackd.is_none() {
        let detail = "the address of unpackd is not known, and the commands unpacker and publish need it: name it with --unpackd".to_owned();
        return Check { name: "unpackd", verdict: Verdict::Warning, detail };
    }
    let ask = || -> anyhow::Result<(Verdict, String)> {
        let server = context.unpackd()?;
        let status = context.call(&server, server.volumes().get_status(GetStatusRequest {}))?;
        let (verdict, clocks) = skew(status.now_ms);
        let detail = format!(
            "{} {}, {} volumes, engine {}; {clocks}",
            server.address(),
            status.version,
            status.volumes.len(),
            status.io_engine
        );
        Ok((verdict, detail))
    };
    check("unpackd", ask())
}

/// Checks the caller's identity in each AWS account. Without configured accounts or a sign of credentials, AWS is not
/// asked: outside AWS, the search for credentials would take long.
fn aws(context: &Context) -> Vec<Check> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let home = std::env::var_os("HOME").map(std::path::PathBuf::from).unwrap_or_default();
    let is_meant = !context.settings.aws.accounts.is_empty()
        || ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"]
            .iter()
            .any(|n| is_set(n))
        || home.join(".aws").exists();
    let one = |verdict, detail| Check { name: "aws", verdict, detail };
    if !is_meant {
        let detail = "no AWS account is configured, and publish --via direct needs one: add it to the configuration file, or set AWS_PROFILE".to_owned();
        return vec![one(Verdict::Warning, detail)];
    }
    match super::aws::callers(context) {
        Err(error) => vec![one(Verdict::Warning, format!("{error:#}"))],
        Ok(callers) => callers
            .into_iter()
            .map(|(account, answer)| match answer {
                Ok(arn) => one(Verdict::Good, format!("{account}: we are {arn}")),
                Err(problem) => one(Verdict::Bad, format!("{account}: {problem}")),
            })
            .collect(),
    }
}

/// Checks what unpackd and quickstart need of the machine that they run on.
fn machine() -> Vec<Check> {
    let place = |name, path: &str, purpose: &str| {
        let is_there = Path::new(path).exists();
        let verdict = if is_there { Verdict::Good } else { Verdict::Warning };
        let detail =
            if is_there { path.to_owned() } else { format!("{path} is missing: {purpose}") };
        Check { name, verdict, detail }
    };
    let tool = |name: &'static str, tool: &str, package: &str| {
        let found = Command::new(tool).arg("-V").output().is_ok();
        let verdict = if found { Verdict::Good } else { Verdict::Warning };
        let detail = if found {
            format!("{tool} is installed")
        } else {
            format!("{tool} is missing: apt-get install {package}")
        };
        Check { name, verdict, detail }
    };
    vec![
        place(
            "loop devices",
            "/dev/loop-control",
            "unpackd needs loop devices; load the kernel module with `modprobe loop`",
        ),
        place(
            "io_uring",
            "/proc/sys/kernel/io_uring_disabled",
            "the kernel is older than 6.6 or has no io_uring; unpackd tries io_uring when it starts, and otherwise uses threads",
        ),
        place(
            "block trace",
            "/sys/kernel/tracing",
            "unpackd cannot count dirty blocks without it; mount tracefs there",
        ),
        tool("mkfs.ext4", "mkfs.ext4", "e2fsprogs (for unpackd)"),
        tool("debootstrap", "debootstrap", "debootstrap (for quickstart without --from)"),
        tool("qemu-img", "qemu-img", "qemu-utils (for --format qcow2)"),
    ]
}
