//! Certificates that are renewed, revoked and shown, while daemons run.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::process::Command;
use std::time::{Duration, Instant};

use e2e::release::small_tree;
use e2e::replica::{Replica, add};
use e2e::{Rig, expect_code, program, text};
use rpc::tls::TlsDir;
use rustix::process::Signal;
use serde_json::Value;
use tokio::runtime::Runtime;
use transfer::TransferError;
use transfer::fetch::Remote;
use wire::ErrorClass;

/// Limit on the time until a daemon takes new files.
const SOON: Duration = Duration::from_secs(30);

fn pki(rig: &Rig, arguments: &[&str]) -> String {
    let folder = rig.path("pki");
    let mut command = Command::new(program("imaged"));
    command.arg("pki").arg(arguments[0]).arg(folder).args(&arguments[1..]);
    let output = command.output().unwrap();
    expect_code(&output, 0, arguments);
    String::from_utf8(output.stdout).unwrap()
}

fn shown(rig: &Rig, identity: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(&pki(rig, &["show", "--json"])).unwrap();
    let all = all["certificates"].as_array().unwrap();
    all.iter().filter(|it| it["identity"] == identity).cloned().collect()
}

fn connect(
    rig: &Rig,
    runtime: &Runtime,
    address: &str,
    identity: &str,
) -> Result<Remote, TransferError> {
    let tls = TlsDir::load(&rig.path("pki").join(identity)).unwrap();
    let channel = runtime.block_on(rpc::client::connect(address, &tls))?;
    Ok(Remote::new(address.to_owned(), channel, runtime.handle().clone()))
}

/// Reads a metric of imaged.
fn metric(rig: &Rig, name: &str) -> f64 {
    let page = get(&format!("{}metrics", rig.imaged_status()));
    let line = page.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("{name} is not in {page}")).trim().parse().unwrap()
}

fn get(url: &str) -> String {
    let output = Command::new("curl").args(["-sS", "--fail", url]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < SOON, "in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(100));
    }
}

#[test]
fn new_certificates_are_taken_without_a_restart_and_connections_stay() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    let runtime = Runtime::new().unwrap();
    let end = "imprint_certificate_end_timestamp_seconds{file=\"cert.pem\"}";
    let old_end = metric(&rig, end);
    let old = shown(&rig, "imaged");

    // A call that waits for news, over a connection from before the renewal.
    let reader = connect(&rig, &runtime, rig.imaged_address(), "read").unwrap();
    let seen = reader.images(0, Duration::ZERO).unwrap().version;
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| reader.images(seen, 2 * SOON));
        let said = pki(&rig, &["renew", "imaged", "read", "--days", "10"]);
        assert!(said.contains("pki/imaged, valid until"), "{said}");
        wait_until("imaged takes its new certificate", || metric(&rig, end) < old_end);
        add(&rig, &tree, "base/small/1");
        let answer = waiting.join().unwrap().unwrap();
        assert_eq!(answer.images.len(), 1);
    });
    // Both the old and the new certificate of the client are good, until one is revoked.
    reader.images(0, Duration::ZERO).unwrap();
    let renewed = connect(&rig, &runtime, rig.imaged_address(), "read").unwrap();
    renewed.images(0, Duration::ZERO).unwrap();
    let new = shown(&rig, "imaged");
    assert_eq!((old.len(), new.len()), (1, 2));
    let states: Vec<_> = new.iter().map(|it| it["state"].as_str().unwrap()).collect();
    assert!(states.contains(&"valid") && states.contains(&"replaced"), "{states:?}");
    let hosts = |of: &[Value]| of.iter().map(|it| it["hosts"].clone()).collect::<Vec<_>>();
    assert_eq!(hosts(&new), vec![old[0]["hosts"].clone(); 2]);

    // The end is near: the log says so after the next start, and the page does at once.
    let page = get(rig.imaged_status());
    assert!(page.contains("ends in 9 days: imaged pki renew"), "{page}");
    // A certificate without its key is not taken.
    let other = std::fs::read(rig.path("pki/unpackd/cert.pem")).unwrap();
    let good = std::fs::read(rig.path("pki/imaged/cert.pem")).unwrap();
    std::fs::write(rig.path("pki/imaged/cert.pem"), other).unwrap();
    rig.signal_imaged(Signal::HUP);
    wait_until("imaged refuses the pair", || rig.log("imaged").contains("do not fit together"));
    connect(&rig, &runtime, rig.imaged_address(), "read").unwrap();
    std::fs::write(rig.path("pki/imaged/cert.pem"), good).unwrap();
}

#[test]
fn a_certificate_that_ends_soon_is_warned_of() {
    let mut rig = Rig::start();
    pki(&rig, &["renew", "imaged", "--days", "3"]);
    rig.kill_imaged();
    rig.start_imaged();
    wait_until("imaged warns", || rig.log("imaged").contains("a certificate ends in "));
    let said = pki(&rig, &["renew", "--within", "14d"]);
    assert!(said.contains("pki/imaged, valid") && !said.contains("pki/unpackd"), "{said}");
    let said = pki(&rig, &["renew", "--within", "14d"]);
    assert!(said.contains("no certificate ends so soon"), "{said}");
}

#[test]
fn a_revoked_client_is_cut_off_in_mid_stream() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    let runtime = Runtime::new().unwrap();
    let [revoked, other] = ["replicate", "read"]
        .map(|identity| connect(&rig, &runtime, rig.imaged_address(), identity).unwrap());
    let seen = revoked.images(0, Duration::ZERO).unwrap().version;
    std::thread::scope(|scope| {
        let cut = scope.spawn(|| revoked.images(seen, 2 * SOON).unwrap_err());
        let kept = scope.spawn(|| other.images(seen, 2 * SOON));
        let said = pki(&rig, &["revoke", "replicate"]);
        assert!(said.contains("revoked 1 certificate"), "{said}");
        let error = cut.join().unwrap();
        let (class, said) = (error.class(), error.to_string());
        assert_eq!(class, ErrorClass::Refused, "{said}");
        assert!(said.contains("the certificate of 'replicate' was revoked"), "{said}");
        // Calls of others go on.
        std::fs::write(tree.join("more"), "more").unwrap();
        add(&rig, &tree, "base/small/2");
        assert_eq!(kept.join().unwrap().unwrap().images.len(), 2);
    });
    let said = revoked.images(0, Duration::ZERO).unwrap_err().to_string();
    assert!(said.contains("was revoked"), "{said}");
    // The client reads the list in its own folder too.
    std::fs::remove_file(rig.path("pki/replicate/revoked.pem")).unwrap();
    let again = connect(&rig, &runtime, rig.imaged_address(), "replicate").unwrap();
    let error = again.images(0, Duration::ZERO).unwrap_err().to_string();
    assert!(error.contains("the certificate of 'replicate' was revoked"), "{error}");
    // The revoked identity gets a new certificate, and is welcome.
    pki(&rig, &["renew", "replicate"]);
    let renewed = connect(&rig, &runtime, rig.imaged_address(), "replicate").unwrap();
    renewed.images(0, Duration::ZERO).unwrap();
    let states: Vec<_> = shown(&rig, "replicate").iter().map(|it| it["state"].clone()).collect();
    assert_eq!(states.len(), 2);
    assert!(states.contains(&"revoked".into()) && states.contains(&"valid".into()), "{states:?}");
}

#[test]
fn a_daemon_whose_old_certificate_is_revoked_goes_on_with_the_new_one() {
    let rig = Rig::start();
    let runtime = Runtime::new().unwrap();
    let _entered = runtime.enter();
    // As daemons connect: the channel lives as long as they do.
    let tls = TlsDir::follow(&rig.path("pki/read")).unwrap();
    let address = rig.imaged_address().to_owned();
    let channel = rpc::client::connect_lazily(&address, tls).unwrap();
    let reader = Remote::new(address, channel, runtime.handle().clone());
    reader.images(0, Duration::ZERO).unwrap();
    let old = shown(&rig, "read")[0]["serial"].as_str().unwrap().to_owned();
    // The first command of a version that keeps no record: the old certificate can be revoked all the same.
    std::fs::remove_file(rig.path("pki/issued.pem")).unwrap();
    pki(&rig, &["renew", "read"]);
    pki(&rig, &["revoke", "--serial", &old]);
    let revoked = "imprint_certificates_revoked";
    wait_until("imaged knows the list", || metric(&rig, &format!("{revoked} ")) > 0.0);
    wait_until("the new certificate is shown", || reader.images(0, Duration::ZERO).is_ok());
}

#[test]
fn a_copy_of_a_folder_is_not_renewed_over_the_original() {
    let rig = Rig::start();
    let copied = Command::new("cp")
        .arg("-a")
        .arg(rig.path("pki/imaged"))
        .arg(rig.path("pki/imaged.old"))
        .status();
    assert!(copied.unwrap().success());
    std::fs::remove_dir_all(rig.path("pki/imaged")).unwrap();
    pki(&rig, &["issue", "imaged", "--name", "new.example.net"]);
    let said = pki(&rig, &["renew", "--within", "3650d"]);
    assert_eq!(said.matches("pki/imaged").count(), 1, "{said}");
    let hosts: Vec<_> = shown(&rig, "imaged")
        .iter()
        .filter(|it| it["state"] == "valid" && it["hosts"][0] == "new.example.net")
        .cloned()
        .collect();
    assert_eq!(hosts.len(), 1, "{hosts:?}");
}

#[test]
fn what_a_revoked_key_signed_is_refused_from_then_on() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    std::fs::write(tree.join("more"), "more").unwrap();
    add(&rig, &tree, "base/small/2");
    let runtime = Runtime::new().unwrap();
    let images = |replica: &Replica<'_>| {
        let reader = connect(&rig, &runtime, &replica.server.address, "read").unwrap();
        reader.images(0, Duration::ZERO).unwrap().images.len()
    };
    // What a key signed before it was revoked stays trusted.
    pki(&rig, &["revoke", "publish"]);
    let replica = Replica::start(&rig, "soon-after", &[]);
    wait_until("the replica has both images", || images(&replica) == 2);
    // Then it shows that the key was in wrong hands before it signed them. The list alone says so.
    let created = time::OffsetDateTime::now_utc() - time::Duration::hours(1);
    let since = created.format(&time::format_description::well_known::Rfc3339).unwrap();
    pki(&rig, &["revoke", "publish", "--since", &since]);
    let late = Replica::start(&rig, "long-after", &[]);
    late.wait_for_log("the certificate of 'publish' was revoked, and it signed afterwards");
    assert_eq!(images(&late), 0);
}

#[test]
fn a_server_whose_certificate_is_revoked_is_left() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    // The replica has an identity of its own, so that the primary's can be revoked.
    pki(&rig, &["issue", "eu", "--name", "localhost", "--name", "127.0.0.1"]);
    let policy = std::fs::read_to_string(rig.path("pki/imaged/policy.toml")).unwrap();
    let grant = "[[grant]]\nidentity = 'eu'\nroles = ['read', 'replicate']\nstreams = ['**']\n";
    for server in ["imaged", "eu"] {
        let path = rig.path("pki").join(server).join("policy.toml");
        std::fs::write(path, format!("{policy}\n{grant}")).unwrap();
    }
    let primary = rig.imaged_address().to_owned();
    let replica = Replica::with_certificates(&rig, &primary, "eu", "eu", &[]);
    replica.wait("base/small/1", |record| record.is_some());
    pki(&rig, &["revoke", "imaged"]);
    replica.wait_for_log("the certificate of the server 'imaged' was revoked");
}

#[test]
fn commands_of_certificates_refuse_with_the_next_step() {
    let rig = Rig::start();
    let folder = rig.path("pki");
    let refused = |code: i32, arguments: &[&str]| {
        let mut command = Command::new(program("imaged"));
        command.arg("pki").arg(arguments[0]).arg(&folder).args(&arguments[1..]);
        expect_code(&command.output().unwrap(), code, arguments)
    };
    assert!(refused(4, &["init"]).contains("never overwritten"));
    assert!(refused(4, &["issue", "read"]).contains("imaged pki renew"));
    assert!(refused(4, &["issue", "../evil"]).contains("cannot be an identity"));
    assert!(refused(2, &["issue", "evil", "--name", "no host"]).contains("no host name"));
    assert!(refused(3, &["renew", "nobody"]).contains("imaged pki show"));
    assert!(refused(3, &["revoke", "nobody"]).contains("for 'nobody'"));
    assert!(refused(3, &["revoke", "--serial", "00"]).contains("serial number 00"));
    assert!(refused(2, &["revoke"]).contains("required"));
    assert!(refused(2, &["revoke", "read", "--since", "long ago"]).contains("2026-11-28"));
    let lone = rig.path("pki/read");
    let output = Command::new(program("imaged")).args(["pki", "renew"]).arg(&lone).output();
    assert!(expect_code(&output.unwrap(), 4, &["renew"]).contains("holds no CA with its key"));
    // A TLS folder shows its own certificate.
    let output = Command::new(program("imaged")).args(["pki", "show"]).arg(&lone).output().unwrap();
    expect_code(&output, 0, &["show"]);
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.starts_with("IDENTITY") && table.lines().count() == 2, "{table}");
    let table = pki(&rig, &["show"]);
    let publish = table.lines().find(|line| line.starts_with("publish ")).unwrap();
    assert!(
        publish.contains("operate,publish,read,upload") && publish.contains("valid"),
        "{table}"
    );
    assert!(!text(&folder).is_empty());
}
