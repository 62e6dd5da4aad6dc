//! `imaged pki token|bind|cancel|sign|tokens|join|delegate`: certificates of machines that join by a token.

mod issuer;
mod listing;
mod server;
mod signing;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use rpc::certificate::parse_host;
use rpc::exit;
use rpc::identity::check_identity;
use rpc::join::{JoinPlan, JoinToken, TokenId, join};
use tokio::runtime::Runtime;
use wire::units::parse_duration;

use super::moments::day;
use super::print_line;
use crate::pki::LEAF_DAYS;
use crate::pki::authority::Authority;

/// Days for which an intermediate of machines is valid by default.
const DELEGATE_DAYS: i64 = 365;

/// The commands of tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token, with which one machine gets a certificate: printed to standard output, a secret.
    #[command(
        after_help = "Examples:\n  imaged pki token /etc/imprint/pki --role unpackd --name build-7.example.net --imaged images:7400 --tls-dir /etc/imprint/pki/admin\n  imaged pki token /etc/imprint/pki --role unpackd --ttl 15m --imaged images:7400 --tls-dir /etc/imprint/pki/admin > token\n\nGive the token to the machine, which runs `unpackd join` or `imaged pki join`; then `imaged pki sign` here. Without --name, `imaged pki bind` says for which machine the token is, before the machine uses it."
    )]
    Token {
        /// The folder of the CA and its key.
        dir: PathBuf,
        /// What the machine is. imaged itself signs for `machine`, and `imaged pki sign` for all others.
        #[arg(long, value_enum)]
        role: TokenRole,
        /// The machine: its identity becomes ROLE/NAME.
        #[arg(long)]
        name: Option<String>,
        /// A host name or address that the machine serves under; by default the last component of its name.
        #[arg(long = "host", value_name = "HOST", value_parser = parse_host, requires = "name")]
        hosts: Vec<String>,
        /// Time until the token ends, at most seven days.
        #[arg(long, default_value = "1h", value_parser = parse_duration, value_name = "DUR")]
        ttl: Duration,
        /// Days for which the certificate will be valid.
        #[arg(long, default_value_t = LEAF_DAYS as u32, value_parser = clap::value_parser!(u32).range(1..=3650))]
        days: u32,
        /// The server that the machine will ask.
        #[command(flatten)]
        server: ServerArgs,
        /// Print one JSON document instead of the token alone.
        #[arg(long)]
        json: bool,
    },
    /// Say for which machine a token is, such as for an instance that was started with it.
    #[command(
        after_help = "Example:\n  imaged pki bind /etc/imprint/pki 8c1f0a4b5d6e7f80 --name 123456789012/eu-west-1/i-0abc --host 10.0.3.4 --imaged images:7400 --tls-dir /etc/imprint/pki/admin"
    )]
    Bind {
        /// The folder of the CA in which the token was made.
        dir: PathBuf,
        /// The token's number.
        #[arg(value_parser = TokenId::parse)]
        id: TokenId,
        /// The machine: its identity becomes ROLE/NAME.
        #[arg(long)]
        name: String,
        /// A host name or address that the machine serves under; by default the last component of its name.
        #[arg(long = "host", value_name = "HOST", value_parser = parse_host)]
        hosts: Vec<String>,
        /// The server that knows the token.
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Revoke a token, such as one that came into wrong hands before it was used.
    #[command(
        after_help = "Example:\n  imaged pki cancel /etc/imprint/pki 8c1f0a4b5d6e7f80 --imaged images:7400 --tls-dir /etc/imprint/pki/admin"
    )]
    Cancel {
        /// The folder of the CA in which the token was made.
        dir: PathBuf,
        /// The token's number.
        #[arg(value_parser = TokenId::parse)]
        id: TokenId,
        /// What the machine is told.
        #[arg(long, default_value = "its issuer cancelled it", value_parser = parse_reason)]
        reason: String,
        /// The server that knows the token.
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Check and sign the requests of machines. Exit code 4 if a token was misused.
    #[command(
        after_help = "Examples:\n  imaged pki sign /etc/imprint/pki --imaged images:7400 --tls-dir /etc/imprint/pki/admin\n  imaged pki sign /etc/imprint/pki --wait 10m --imaged images:7400 --tls-dir /etc/imprint/pki/admin"
    )]
    Sign {
        /// The folder of the CA in which the tokens were made.
        dir: PathBuf,
        /// Go on until all tokens have their certificates or have ended, at most this long.
        #[arg(long, value_parser = parse_duration, value_name = "DUR")]
        wait: Option<Duration>,
        /// The server that the machines ask.
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Show the tokens that a server knows: yours, or all if you are an admin.
    #[command(
        after_help = "Example:\n  imaged pki tokens --imaged images:7400 --tls-dir /etc/imprint/pki/admin"
    )]
    Tokens {
        /// The server.
        #[command(flatten)]
        server: ServerArgs,
        /// Print one JSON document instead of text.
        #[arg(long)]
        json: bool,
    },
    /// On a machine: get a certificate with a token.
    #[command(
        after_help = "Example:\n  imaged pki join /etc/imprint/pki/imaged --imaged images.example.net:7402 --token /run/imprint-token\n\nThe server needs --join-listen. If the command is interrupted, run it again: it goes on with the same key."
    )]
    Join {
        /// The TLS folder to write: ca.pem, cert.pem, key.pem.
        dir: PathBuf,
        /// Address of the server's join listener.
        #[arg(long, value_name = "HOST:PORT")]
        imaged: String,
        /// File with the token, or - for standard input.
        #[arg(long, value_name = "FILE")]
        token: PathBuf,
        /// Limit on the time until somebody signs.
        #[arg(long, default_value = "10m", value_parser = parse_duration, value_name = "DUR")]
        wait: Duration,
        /// Replace the certificate that the folder has.
        #[arg(long)]
        replace: bool,
    },
    /// Let an image server sign for machines by itself: make an intermediate into the server's folder.
    #[command(
        after_help = "Example:\n  imaged pki delegate /etc/imprint/pki imaged\n\nThen copy machine-ca.pem and machine-ca-key.pem into the server's TLS folder. Every server and client refuses what they sign for another identity than machine/…, and such machines have no role but `read`."
    )]
    Delegate {
        /// The folder of the CA and its key.
        dir: PathBuf,
        /// The identity of the server.
        identity: String,
        /// Days for which the intermediate is valid.
        #[arg(long, default_value_t = DELEGATE_DAYS, value_parser = clap::value_parser!(i64).range(1..=3650))]
        days: i64,
    },
}

/// What a machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TokenRole {
    /// An image server, such as a replica.
    Imaged,
    /// An unpacker.
    Unpackd,
    /// A machine that reads images; imaged itself signs.
    Machine,
}

impl TokenRole {
    fn name(self) -> &'static str {
        match self {
            Self::Imaged => "imaged",
            Self::Unpackd => "unpackd",
            Self::Machine => "machine",
        }
    }

    /// Returns the hosts of a machine: those that were given, or the last component of its name. A machine that serves
    /// nobody has none.
    fn hosts(self, name: &str, given: Vec<String>) -> Vec<String> {
        let last = name.rsplit('/').next().unwrap_or(name);
        match self {
            Self::Machine => Vec::new(),
            _ if given.is_empty() => vec![last.to_owned()],
            _ => given,
        }
    }

    /// Returns the identity of a machine.
    fn identity(self, name: &str) -> anyhow::Result<String> {
        let identity = format!("{}/{name}", self.name());
        check_identity(&identity).map_err(|problem| NameError(problem).into()).map(|()| identity)
    }
}

/// A name that no machine can have.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NameError(String);

/// The server that hands tokens and requests over.
#[derive(Debug, Args)]
pub struct ServerArgs {
    /// A server whose policy grants our certificate the role `operate`, or `admin` for machine/….
    #[arg(long, env = "IMPRINT_IMAGED", value_name = "HOST:PORT")]
    imaged: String,
    /// Folder with ca.pem, cert.pem and key.pem to show to the server.
    #[arg(long, env = "IMPRINT_TLS_DIR", value_name = "DIR")]
    tls_dir: PathBuf,
}

/// Runs a command; returns the exit code.
pub(super) fn run(command: TokenCommand) -> anyhow::Result<u8> {
    match command {
        TokenCommand::Token { dir, role, name, hosts, ttl, days, server, json } => {
            let bound = name.as_deref().map(|name| {
                Ok::<_, anyhow::Error>((role.identity(name)?, role.hosts(name, hosts)))
            });
            issuer::make(&dir, role, bound.transpose()?, (ttl, days), &server, json)?;
        }
        TokenCommand::Bind { dir, id, name, hosts, server } => {
            issuer::bind(&dir, id, &name, hosts, &server)?;
        }
        TokenCommand::Cancel { dir, id, reason, server } => {
            issuer::cancel(&dir, id, &reason, &server)?;
        }
        TokenCommand::Sign { dir, wait, server } => signing::sign(&dir, wait, &server)?,
        TokenCommand::Tokens { server, json } => listing::tokens(&server, json)?,
        TokenCommand::Join { dir, imaged, token, wait, replace } => {
            let token = JoinToken::parse(&read_token(&token)?)?;
            let joining = JoinPlan {
                address: imaged,
                token,
                folder: dir.clone(),
                replaces: replace,
                within: wait,
            };
            let got = Runtime::new()?.block_on(join(&joining))?;
            let until = day(got.valid.1);
            print_line(&format!(
                "{} is '{}' now, valid until {until}",
                dir.display(),
                got.identity
            ))?;
        }
        TokenCommand::Delegate { dir, identity, days } => delegate(&dir, &identity, days)?,
    }
    Ok(exit::DONE)
}

/// Reads the reason of a revocation: one line that fits a header.
fn parse_reason(text: &str) -> Result<String, String> {
    let is_good = !text.is_empty() && text.len() <= 200 && !text.contains(char::is_control);
    is_good
        .then(|| text.to_owned())
        .ok_or_else(|| "a reason has 1 to 200 bytes, in one line".to_owned())
}

/// Reads a token from a file, or from standard input for `-`.
fn read_token(path: &Path) -> anyhow::Result<String> {
    if path.as_os_str() == "-" {
        return std::io::read_to_string(std::io::stdin()).context("the token on standard input");
    }
    std::fs::read_to_string(path).with_context(|| format!("the token {}", path.display()))
}

fn delegate(dir: &Path, identity: &str, days: i64) -> anyhow::Result<()> {
    let made = Authority::open(dir)?.delegate(identity, days)?;
    print_line(&format!(
        "made machine-ca.pem and machine-ca-key.pem in {}, valid until {}; copy them into the server's TLS folder",
        dir.join(identity).display(),
        day(made.valid.1)
    ))?;
    Ok(())
}
