//! `imaged pki …`: certificates.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Subcommand;
use rpc::certificate::{Certificate, Serial, parse_host};
use rpc::exit;
use rpc::identity::is_machine;
use serde::Serialize;
use time::OffsetDateTime;
use wire::text_table::text_table;
use wire::units::parse_duration;

use super::moments::{day, moment, parse_time};
use super::token_command::{self, TokenCommand};
use super::{print_document, print_line};
use crate::pki::authority::Authority;
use crate::pki::inventory::{Listed, list, shown as shown_in};
use crate::pki::leaf::Subject;
use crate::pki::{LEAF_DAYS, PkiError, init};

/// The commands of `imaged pki`. Those of tokens call a server; all others write files alone.
#[derive(Debug, Subcommand)]
pub enum PkiCommand {
    /// Make a CA and a folder of certificates for each role.
    #[command(
        after_help = "Example:\n  imaged pki init /etc/imprint/pki --name images.example.net\n\nThen keep DIR/ca-key.pem apart from any server: anyone who has it can make certificates."
    )]
    Init {
        /// The folder; it must not have a CA yet.
        dir: PathBuf,
        /// A host name or address that imaged and unpackd serve under.
        #[arg(long = "name", value_name = "HOST", value_parser = parse_host, default_values = ["localhost", "127.0.0.1"])]
        names: Vec<String>,
        /// Days for which the certificates are valid; the CA is valid for ten years.
        #[arg(long, default_value_t = LEAF_DAYS, value_parser = clap::value_parser!(i64).range(0..=3650))]
        days: i64,
    },
    /// Make a certificate for a further identity, in a folder of its own.
    #[command(
        after_help = "Examples:\n  imaged pki issue /etc/imprint/pki ci-web\n  imaged pki issue /etc/imprint/pki images-eu --name images.eu.example.net\n\nAn identity may do what the policy.toml of a server grants to it."
    )]
    Issue {
        /// The folder of the CA and its key.
        dir: PathBuf,
        /// The identity, which names the folder DIR/IDENTITY.
        identity: String,
        /// A host name or address of a server; without one, the certificate is for clients alone.
        #[arg(long = "name", value_name = "HOST", value_parser = parse_host)]
        names: Vec<String>,
        /// Days for which the certificate is valid.
        #[arg(long, default_value_t = LEAF_DAYS, value_parser = clap::value_parser!(i64).range(0..=3650))]
        days: i64,
    },
    /// Replace certificates that end soon by new ones, with new keys.
    #[command(
        after_help = "Examples:\n  imaged pki renew /etc/imprint/pki\n  imaged pki renew /etc/imprint/pki imaged unpackd --days 30\n\nThen copy the folders to where they are used. Daemons take new files within seconds, and keep their connections."
    )]
    Renew {
        /// The folder of the CA and its key.
        dir: PathBuf,
        /// Identities to renew whenever they end; by default all that end within --within.
        identities: Vec<String>,
        /// Renew what ends within this time.
        #[arg(long, default_value = "30d", value_parser = parse_duration, value_name = "DUR")]
        within: Duration,
        /// Days for which the new certificates are valid.
        #[arg(long, default_value_t = LEAF_DAYS, value_parser = clap::value_parser!(i64).range(0..=3650))]
        days: i64,
    },
    /// Revoke the certificates of identities, such as of a stolen machine.
    #[command(
        after_help = "Examples:\n  imaged pki revoke /etc/imprint/pki ci-web\n  imaged pki revoke /etc/imprint/pki ci-web --since 2026-11-28\n  imaged pki revoke /etc/imprint/pki --serial 5f3c9a\n  imaged pki revoke /etc/imprint/pki machine/web-1 --issued /var/lib/imaged/machines.pem\n\nThen copy DIR/revoked.pem into the TLS folder of every server: each refuses and ends the calls of revoked certificates within seconds. Images that a revoked key signed since then are refused."
    )]
    Revoke {
        /// The folder of the CA and its key.
        dir: PathBuf,
        /// Identities, of which all certificates are revoked.
        #[arg(required_unless_present = "serials")]
        identities: Vec<String>,
        /// Revoke one certificate, by its serial number.
        #[arg(long = "serial", value_name = "HEX")]
        serials: Vec<String>,
        /// File with further certificates, among which identities and serial numbers are looked for: machines.pem of a
        /// server's data folder, with those of machines that it signed itself.
        #[arg(long, value_name = "FILE")]
        issued: Option<PathBuf>,
        /// Since when the key may be in wrong hands, as 2026-11-28 or 2026-11-28T10:00:00Z; now by default. Images that it
        /// signed before stay trusted.
        #[arg(long, value_parser = parse_time, value_name = "TIME")]
        since: Option<i64>,
    },
    /// Show certificates: whose, with which roles, for which hosts, until when.
    #[command(
        after_help = "Examples:\n  imaged pki show /etc/imprint/pki\n  imaged pki show /etc/imprint/pki/imaged --json"
    )]
    Show {
        /// The folder of a CA, or a TLS folder.
        dir: PathBuf,
        /// Print one JSON document instead of text.
        #[arg(long)]
        json: bool,
    },
    /// The commands of tokens.
    #[command(flatten)]
    Tokens(TokenCommand),
}

/// Runs a command; returns the exit code.
pub(super) fn run(command: PkiCommand) -> anyhow::Result<u8> {
    match command {
        PkiCommand::Init { dir, names, days } => {
            init(&dir, &names, days)?;
            let text = "keep ca-key.pem apart from any server";
            print_line(&format!("made a CA and certificates in {}; {text}", dir.display()))?;
        }
        PkiCommand::Issue { dir, identity, names, days } => issue(&dir, &identity, &names, days)?,
        PkiCommand::Renew { dir, identities, within, days } => {
            renew(&dir, &identities, within, days)?;
        }
        PkiCommand::Revoke { dir, identities, serials, issued, since } => {
            revoke(&dir, &identities, &serials, issued.as_deref(), since)?;
        }
        PkiCommand::Show { dir, json } => show(&dir, json)?,
        PkiCommand::Tokens(command) => return token_command::run(command),
    }
    Ok(exit::DONE)
}

fn issue(dir: &Path, identity: &str, hosts: &[String], days: i64) -> anyhow::Result<()> {
    let ca = Authority::open(dir)?;
    let folder = dir.join(identity);
    if folder.exists() {
        let help = "name another identity, or renew this one with `imaged pki renew`";
        return Err(PkiError::Exists { path: folder, help }.into());
    }
    let made = ca.issue(&Subject { identity, hosts }, days)?;
    print_line(&format!(
        "made {}, valid until {}; grant its roles in the policy.toml of the servers",
        folder.display(),
        day(made.valid.1)
    ))?;
    Ok(())
}

fn renew(dir: &Path, identities: &[String], within: Duration, days: i64) -> anyhow::Result<()> {
    let ca = Authority::open(dir)?;
    let now = OffsetDateTime::now_utc();
    let is_soon = |certificate: &Certificate| certificate.valid.1 < (now + within).unix_timestamp();
    // The folder of an identity has its name; a copy of it under another name is left alone.
    let shown = |it: &Listed| it.is_in_use && dir.join(&it.certificate.identity).is_dir();
    let mut chosen = Vec::new();
    for it in list(dir, now.unix_timestamp())?.into_iter().filter(shown) {
        if shown_in(&dir.join(&it.certificate.identity))?.as_ref() == Some(&it.certificate) {
            chosen.push(it.certificate);
        }
    }
    if let Some(absent) =
        identities.iter().find(|name| !chosen.iter().any(|it| it.identity == **name))
    {
        return Err(ca.unknown(format!("for '{absent}'")).into());
    }
    chosen.retain(|it| match identities.is_empty() {
        true => is_soon(it),
        false => identities.contains(&it.identity),
    });
    for old in &chosen {
        let hosts: &[String] = if old.is_server { &old.hosts } else { &[] };
        let new = ca.issue(&Subject { identity: &old.identity, hosts }, days)?;
        let (folder, until) = (dir.join(&old.identity), day(new.valid.1));
        print_line(&format!("renewed {}, valid until {until}", folder.display()))?;
    }
    print_line(match chosen.is_empty() {
        true => "no certificate ends so soon: name identities to renew them anyway",
        false => "copy these folders to where they are used; daemons take them without a restart",
    })?;
    Ok(())
}

fn revoke(
    dir: &Path,
    identities: &[String],
    serials: &[String],
    further: Option<&Path>,
    since: Option<i64>,
) -> anyhow::Result<()> {
    let ca = Authority::open(dir)?;
    // A signature of this very second is older than the revocation.
    let since = since.unwrap_or_else(|| OffsetDateTime::now_utc().unix_timestamp() + 1);
    let further = further.map(machines_of).transpose()?.unwrap_or_default();
    let own = ca.issued()?;
    // A server cannot make us revoke what the CA itself signed, by giving a machine's certificate its number.
    let is_of_ca = |serial: &Serial| own.iter().any(|certificate| certificate.serial == *serial);
    let further: Vec<_> = further.into_iter().filter(|it| !is_of_ca(&it.serial)).collect();
    let mut revoked: Vec<Serial> = Vec::new();
    for identity in identities {
        let is_it = |it: &&Certificate| it.identity == *identity && it.valid.1 > since;
        let found: Vec<_> = further.iter().filter(is_it).map(|it| it.serial.clone()).collect();
        match ca.issued_to(identity, since) {
            Ok(issued) => revoked.extend(issued.into_iter().map(|it| it.serial)),
            Err(PkiError::Unknown { .. }) if !found.is_empty() => {}
            Err(error) => return Err(error.into()),
        }
        revoked.extend(found);
    }
    for serial in serials {
        let mut all = own.iter().chain(&further);
        let found = all.find(|it| it.serial.to_string() == serial.to_lowercase());
        let unknown = || ca.unknown(format!("with the serial number {serial}"));
        revoked.push(found.ok_or_else(unknown)?.serial.clone());
    }
    ca.revoke(&revoked, since)?;
    print_line(&format!(
        "revoked {}; copy {} into the TLS folder of every server",
        wire::units::format_count(revoked.len() as u64, "certificate"),
        dir.join("revoked.pem").display()
    ))?;
    Ok(())
}

/// Returns the certificates of machines in a file.
fn machines_of(path: &Path) -> Result<Vec<Certificate>, PkiError> {
    let pem = std::fs::read(path);
    let pem = pem.map_err(|source| PkiError::Io { path: path.to_owned(), source })?;
    let all = Certificate::all_of_pem(&pem);
    let mut all = all.map_err(|source| PkiError::Malformed { path: path.to_owned(), source })?;
    all.retain(|certificate| is_machine(&certificate.identity));
    Ok(all)
}

/// A certificate, as `--json` shows it.
#[derive(Debug, Serialize)]
struct CertificateDocument {
    identity: String,
    serial: String,
    hosts: Vec<String>,
    roles: Vec<&'static str>,
    valid_from: String,
    valid_until: String,
    in_use: bool,
    state: &'static str,
    revoked_since: Option<String>,
}

/// Certificates, as `--json` shows them.
#[derive(Debug, Serialize)]
struct CertificatesDocument {
    certificates: Vec<CertificateDocument>,
}

fn show(dir: &Path, json: bool) -> anyhow::Result<()> {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let listed = list(dir, now)?;
    let text = table(&listed, now);
    let document = |it: Listed| CertificateDocument {
        serial: it.certificate.serial.to_string(),
        valid_from: moment(it.certificate.valid.0),
        valid_until: moment(it.certificate.valid.1),
        in_use: it.is_in_use,
        state: state(&it, now),
        revoked_since: it.revoked_since.map(moment),
        roles: it.roles,
        identity: it.certificate.identity,
        hosts: it.certificate.hosts,
    };
    let certificates = listed.into_iter().map(document).collect();
    print_document(json, &CertificatesDocument { certificates }, &text)
}

fn state(listed: &Listed, now: i64) -> &'static str {
    let (begin, end) = listed.certificate.valid;
    match () {
        () if listed.revoked_since.is_some() => "revoked",
        () if end < now => "expired",
        () if begin > now => "not yet valid",
        // Machines that joined by a token keep their certificates themselves.
        () if !listed.is_in_use && listed.certificate.identity.contains('/') => "elsewhere",
        () if !listed.is_in_use => "replaced",
        () => "valid",
    }
}

fn table(listed: &[Listed], now: i64) -> String {
    let dash = |text: String| if text.is_empty() { "–".to_owned() } else { text };
    let row = |it: &Listed| {
        vec![
            it.certificate.identity.clone(),
            dash(it.roles.join(",")),
            dash(it.certificate.hosts.join(",")),
            day(it.certificate.valid.1),
            state(it, now).to_owned(),
            it.certificate.serial.to_string(),
        ]
    };
    let head = ["IDENTITY", "ROLES", "HOSTS", "UNTIL", "STATE", "SERIAL"].map(str::to_owned);
    text_table(&std::iter::once(head.to_vec()).chain(listed.iter().map(row)).collect::<Vec<_>>())
}
