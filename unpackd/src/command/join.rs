//! `unpackd join`: a certificate for this machine, with a token.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use rpc::join::{JoinPlan, JoinToken, join};
use tokio::runtime::Runtime;
use wire::units::parse_duration;

use super::print_line;

/// Arguments of `unpackd join`.
#[derive(Debug, Args)]
pub struct JoinArgs {
    /// Address of imaged's join listener.
    #[arg(long, env = "IMPRINT_JOIN", value_name = "HOST:PORT")]
    imaged: String,
    /// File with the token, or - for standard input.
    #[arg(long, value_name = "FILE")]
    token: PathBuf,
    /// The TLS folder to write: ca.pem, cert.pem, key.pem.
    #[arg(long, env = "IMPRINT_TLS_DIR", value_name = "DIR")]
    tls_dir: PathBuf,
    /// Limit on the time until somebody signs.
    #[arg(long, default_value = "10m", value_parser = parse_duration, value_name = "DUR")]
    wait: Duration,
    /// Replace the certificate that the folder has.
    #[arg(long)]
    replace: bool,
}

/// Gets the certificate.
pub(super) fn run(args: JoinArgs) -> anyhow::Result<()> {
    let text = if args.token.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(&args.token)
    };
    let text = text.with_context(|| format!("the token {}", args.token.display()))?;
    let joining = JoinPlan {
        address: args.imaged,
        token: JoinToken::parse(&text)?,
        folder: args.tls_dir,
        replaces: args.replace,
        within: args.wait,
    };
    let got = Runtime::new()?.block_on(join(&joining))?;
    print_line(&format!("{} is '{}' now", joining.folder.display(), got.identity))?;
    Ok(())
}
