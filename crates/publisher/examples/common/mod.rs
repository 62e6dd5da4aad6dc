//! Setup common to all example programs: connections, and an observer that prints.
//!
//! The programs read the same variables as `publish-cli` (`IMPRINT_IMAGED`, `IMPRINT_UNPACKD`, `IMPRINT_TLS_DIR`) and
//! those of AWS's SDK.
#![allow(dead_code, reason = "each program uses a part of it")]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use cloud::aws::{AccountSpec, Accounts, Concurrency, CredentialsSource};
use publisher::aws::{Publication, Targets};
use publisher::observer::{Activity, Progress, RunObserver};
use publisher::{Addresses, Client, Observer};
use rpc::tls::TlsDir;
use tokio::runtime::Runtime;
use wire::run::Run;

pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// Name that these programs give to the account of the environment's credentials.
pub(crate) const ACCOUNT: &str = "default";

/// Prints everything to standard error.
pub(crate) struct StderrObserver;

fn tell(text: &str) {
    writeln!(std::io::stderr(), "{text}").ok();
}

impl Observer for StderrObserver {
    fn activity(&self, title: &str) -> Box<dyn Activity + '_> {
        tell(title);
        Box::new(Self)
    }

    fn note(&self, text: &str) {
        tell(text);
    }

    fn waiting(&self, text: &str) {
        tell(text);
    }

    fn run(&self, run: &Run) -> Box<dyn RunObserver + '_> {
        tell(&format!("run {}", run.id));
        Box::new(Self)
    }
}

impl Activity for StderrObserver {
    fn update(&self, Progress { phase, done, total, .. }: Progress<'_>) {
        tell(&format!("{phase}: {done} of {total}"));
    }
}

impl RunObserver for StderrObserver {
    fn update(&mut self, run: &Run, sent: &[u64], elapsed: Duration) {
        for (target, sent) in run.targets.iter().zip(sent) {
            let (step, blocks, seconds) = (target.step.name(), target.blocks, elapsed.as_secs());
            tell(&format!("{seconds} s: {}: {step}, {sent} of {blocks} blocks", target.target));
        }
    }
}

/// Returns the arguments. Fails if their number is not `N`.
pub(crate) fn arguments<const N: usize>(usage: &str) -> Result<[String; N], Box<dyn Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    given.try_into().map_err(|_| format!("usage: {usage}").into())
}

/// Makes a client of the daemons that the environment names. The caller must keep the runtime for as long as the
/// client.
pub(crate) fn client() -> Result<(Client, Runtime), Box<dyn Error>> {
    let runtime = Runtime::new()?;
    let imaged = std::env::var("IMPRINT_IMAGED").ok();
    let unpackd = std::env::var("IMPRINT_UNPACKD").ok();
    let folder = std::env::var("IMPRINT_TLS_DIR").map_err(|_| "IMPRINT_TLS_DIR is not set")?;
    let tls = TlsDir::load(folder.as_ref())?;
    let addresses = Addresses { imaged, unpackd };
    let client = Client::new(addresses, tls, runtime.handle().clone(), Arc::new(StderrObserver));
    Ok((client, runtime))
}

/// Makes targets of a single account: that of the environment's credentials, in any region.
pub(crate) fn targets() -> Result<Targets<Accounts>, Box<dyn Error>> {
    let account =
        AccountSpec { name: ACCOUNT.parse()?, source: CredentialsSource::Ambient, id: None };
    let concurrency = Concurrency { puts_max: 64, idle_max: 16 };
    let accounts = Accounts::new(vec![account], None, concurrency)?;
    let accounts = accounts.telling(Arc::new(|trouble| StderrObserver.retry(trouble)));
    Ok(Targets::new(accounts, BTreeMap::new(), BTreeMap::new()))
}

/// Prints each target's AMI. Fails if a target failed, or if the run's record could not be written or signed.
pub(crate) fn print(publication: &Publication) -> Outcome {
    let mut stdout = std::io::stdout();
    for target in &publication.run.targets {
        match (&target.ami, &target.error) {
            (Some(ami), None) => writeln!(stdout, "{} {ami}", target.target)?,
            (_, Some(error)) => return Err(error.message.clone().into()),
            (None, None) => return Err(format!("{}: no AMI", target.target).into()),
        }
    }
    match &publication.problem {
        Some(problem) => Err(problem.chain().into()),
        None => Ok(()),
    }
}
