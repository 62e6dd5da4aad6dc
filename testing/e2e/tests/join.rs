//! Machines that join by a token: real daemons, real keys, and what a thief of a token or of an intermediate gets.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use e2e::join::JoinServer;
use e2e::release::small_tree;
use e2e::replica::add;
use e2e::{Rig, expect_code, program, text};
use rig::{Server, StatusPages};
use rpc::tls::TlsDir;
use serde_json::Value;
use tokio::runtime::Runtime;
use transfer::fetch::Remote;

/// Limit on the time until something happens.
const SOON: Duration = Duration::from_secs(30);

fn images(runtime: &Runtime, address: &str, tls: &Path) -> Result<usize, String> {
    let tls = TlsDir::load(tls).map_err(|error| error.to_string())?;
    let channel = runtime.block_on(rpc::client::connect(address, &tls));
    let channel = channel.map_err(|error| error.to_string())?;
    let remote = Remote::new(address.to_owned(), channel, runtime.handle().clone());
    let listed = remote.images(0, Duration::ZERO).map_err(|error| error.to_string())?;
    Ok(listed.images.len())
}

#[test]
fn an_unpacker_joins_and_a_thief_of_its_token_is_reported() {
    let rig = Rig::start();
    let server = JoinServer::start(&rig);
    let token = server
        .token("token", &["--role", "unpackd", "--name", "1234/eu-west-1/i-0abc", "--ttl", "10m"]);
    let arguments = ["--role", "unpackd", "--name", "x", "--host", "localhost"];
    let other = server.token("other", &arguments);
    let folder = rig.path("machine");
    // A machine that is killed while it waits goes on with the same key.
    let mut killed = server.join(&token, &folder);
    server.wait_for("the request", |token| token["state"] == "waits for an issuer");
    killed.kill().unwrap();
    killed.wait().unwrap();
    let joining = server.join(&token, &folder);
    let said = server.pki(&["sign"]);
    assert!(said.contains("signed 'unpackd/1234/eu-west-1/i-0abc'"), "{said}");
    let output = joining.wait_with_output().unwrap();
    expect_code(&output, 0, &["join"]);
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("'unpackd/1234/eu-west-1/i-0abc' now")
    );
    assert!(server.pki(&["sign"]).contains("no machine waits"));
    // Others verify it as we do.
    let verified = Command::new("openssl")
        .args(["verify", "-CAfile"])
        .arg(rig.path("pki/ca.pem"))
        .arg(folder.join("cert.pem"))
        .output();
    assert!(verified.unwrap().status.success());
    let runtime = Runtime::new().unwrap();
    assert_eq!(images(&runtime, &server.server.address, &folder), Ok(0));

    // The second machine serves with what it got, and fetches by it.
    let second = rig.path("second");
    let joining = server.join(&other, &second);
    server.wait_for("the second request", |token| token["state"] == "waits for an issuer");
    assert!(server.pki(&["sign", "--wait", "30s"]).contains("signed 'unpackd/x'"));
    expect_code(&joining.wait_with_output().unwrap(), 0, &["join"]);
    let log = rig.path("second.log");
    let listen = ("unpackd", "127.0.0.1:0");
    let unpackd = Server::start(&Arc::default(), listen, StatusPages::Off, &log, |command| {
        command.arg("--state-dir").arg(rig.path("second-state"));
        command.arg("--tls-dir").arg(&second).args(["--imaged", &server.server.address]);
    });
    let unpackd = unpackd.unwrap();
    let port = unpackd.address.rsplit(':').next().unwrap();
    let mut status = rig.command("admin");
    status
        .env("IMPRINT_UNPACKER", format!("localhost:{port}"))
        .args(["--json", "unpacker", "status"]);
    expect_code(&status.output().unwrap(), 0, &["unpacker", "status"]);

    // A thief comes later, with a key of its own.
    assert!(server.join_ends(4, &token, &rig.path("thief")).contains("used twice, from 127.0.0.1"));
    assert!(!rig.path("thief/cert.pem").exists());
    assert_eq!(server.misused(), "1");
    assert!(server.log().contains("may be in wrong hands"));
    let output = server.pki_as("admin", &["sign"]);
    assert!(expect_code(&output, 4, &["sign"]).contains("1 token misused"));
    let said = String::from_utf8(output.stdout).unwrap();
    let serial = said.split("--serial ").nth(1).unwrap().split_whitespace().next().unwrap();
    let mut revoke = Command::new(program("imaged"));
    revoke.args(["pki", "revoke"]).arg(rig.path("pki")).args(["--serial", serial]);
    expect_code(&revoke.output().unwrap(), 0, &["revoke"]);
    let begun = Instant::now();
    while images(&runtime, &server.server.address, &folder).is_ok() {
        assert!(begun.elapsed() < SOON, "it is still welcome");
        std::thread::park_timeout(Duration::from_millis(100));
    }
    // It was told once; what was revoked stays so.
    assert!(server.pki(&["sign"]).contains("no machine waits"));
    // The machine itself is refused from now on, too.
    assert!(server.join_ends(4, &token, &rig.path("again")).contains("was revoked"));
}

#[test]
fn a_token_is_bound_before_it_is_used_or_is_lost() {
    let rig = Rig::start();
    let early;
    {
        let server = JoinServer::start(&rig);
        let lost = server.token("lost", &["--role", "unpackd"]);
        assert!(
            server.join_ends(4, &lost, &rig.path("lost-folder")).contains("before it was bound")
        );
        let output = server.pki_as("admin", &["sign"]);
        expect_code(&output, 4, &["sign"]);
        assert!(String::from_utf8_lossy(&output.stdout).contains("before it was bound"));

        early = server.token("early", &["--role", "imaged"]);
        let state = |token: &Value| token["state"] == "not bound";
        let id = server.tokens("admin").iter().find(|token| state(token)).unwrap()["id"].clone();
        let id = id.as_str().unwrap();
        let said = server.pki(&["bind", id, "--name", "eu", "--host", "localhost"]);
        assert!(said.contains("is for 'imaged/eu'"), "{said}");
        let output = server.pki_as("admin", &["bind", id, "--name", "us"]);
        assert!(expect_code(&output, 4, &["bind"]).contains("is for 'imaged/eu' already"));
    }
    // Neither a restart of the server nor that of the issuer forgets a token.
    let server = JoinServer::start(&rig);
    let joining = server.join(&early, &rig.path("eu"));
    server.wait_for("the request", |token| token["state"] == "waits for an issuer");
    server.pki(&["sign", "--wait", "30s"]);
    expect_code(&joining.wait_with_output().unwrap(), 0, &["join"]);
    // It has all that a server needs.
    for name in ["ca.pem", "cert.pem", "key.pem", "policy.toml"] {
        assert!(rig.path("eu").join(name).exists(), "{name}");
    }
    let said = server.join_ends(4, &early, &rig.path("eu"));
    assert!(said.contains("--replace"), "{said}");
    // A token in wrong hands is cancelled, by its maker or by an admin.
    let arguments = ["token", "--role", "unpackd", "--name", "c", "--json"];
    let output = server.pki_as("admin", &arguments);
    expect_code(&output, 0, &arguments);
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (id, cancelled) = (made["id"].as_str().unwrap(), rig.path("cancelled"));
    for arguments in [&["cancel", id][..], &["bind", id, "--name", "c"]] {
        // As `publish`, whose record of the token does not matter to the server.
        let refused = server.pki_as("publish", arguments);
        assert!(expect_code(&refused, 4, arguments).contains("is no admin"), "{arguments:?}");
    }
    server.pki(&["cancel", id]);
    std::fs::write(&cancelled, made["token"].as_str().unwrap()).unwrap();
    let said = server.join_ends(4, &cancelled, &rig.path("late"));
    assert!(said.contains("its issuer cancelled it"), "{said}");
}

#[test]
fn the_intermediate_of_a_server_makes_machines_and_nothing_else() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    let server = JoinServer::start(&rig);
    let arguments = ["token", "--role", "machine", "--name", "web-1"];
    let output = server.pki_as("admin", &arguments);
    assert!(expect_code(&output, 4, &arguments).contains("imaged pki delegate"));
    let pki = |arguments: &[&str]| {
        let mut command = Command::new(program("imaged"));
        command.arg("pki").arg(arguments[0]).arg(rig.path("pki")).args(&arguments[1..]);
        expect_code(&command.output().unwrap(), 0, arguments)
    };
    pki(&["delegate", "imaged"]);
    // A machine gets `read` from a grant of everything, and nothing more.
    let policy = std::fs::read_to_string(rig.path("pki/imaged/policy.toml")).unwrap();
    let grant = "[[grant]]\nidentity = 'machine/**'\nroles = ['admin']\nstreams = ['**']\n";
    std::fs::write(rig.path("pki/imaged/policy.toml"), format!("{policy}\n{grant}")).unwrap();
    let output = server.pki_as("publish", &arguments);
    assert!(expect_code(&output, 4, &arguments).contains("lacks the role 'admin'"));
    let token = server.token("token", &arguments[1..]);
    let machine = rig.path("machine");
    assert!(server.join_ends(0, &token, &machine).contains("'machine/web-1' now"));
    let verified = Command::new("openssl")
        .args(["verify", "-purpose", "sslclient", "-CAfile"])
        .arg(rig.path("pki/ca.pem"))
        .arg("-untrusted")
        .arg(rig.path("pki/imaged/machine-ca.pem"))
        .arg(machine.join("cert.pem"))
        .output();
    assert!(verified.unwrap().status.success());
    let runtime = Runtime::new().unwrap();
    let begun = Instant::now();
    while images(&runtime, rig.imaged_address(), &machine) != Ok(1) {
        assert!(begun.elapsed() < SOON, "{:?}", images(&runtime, rig.imaged_address(), &machine));
    }
    let mut tag = Command::new(program("publish-cli"));
    tag.env("IMPRINT_IMAGED", rig.imaged_address()).env("IMPRINT_TLS_DIR", &machine);
    tag.args(["image", "tag", "base/small/1", "a=b"]);
    let said = expect_code(&tag.output().unwrap(), 4, &["image", "tag"]);
    assert!(said.contains("'machine/web-1' lacks the role"), "{said}");

    // What a thief of the intermediate makes with other tools is refused by servers and by clients.
    let folder = rig.path("forged");
    let forge = |identity: &str, usage: &str| {
        std::fs::create_dir_all(&folder).unwrap();
        let script = format!(
            "set -e; cd '{folder}'
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -subj '/CN={common_name}' -out r.pem
            printf 'extendedKeyUsage={usage}\\nsubjectAltName=DNS:localhost,IP:127.0.0.1\\n' > ext
            openssl x509 -req -in r.pem -CA '{pki}/imaged/machine-ca.pem' -CAkey '{pki}/imaged/machine-ca-key.pem' -days 9 -extfile ext -out leaf.pem
            cat leaf.pem '{pki}/imaged/machine-ca.pem' > cert.pem
            cp '{pki}/ca.pem' '{pki}/imaged/policy.toml' .",
            common_name = identity.replace('/', "\\/"),
            folder = text(&folder),
            pki = text(&rig.path("pki")),
        );
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    forge("machine/forged", "clientAuth");
    assert_eq!(images(&runtime, rig.imaged_address(), &folder), Ok(1));
    forge("admin", "clientAuth");
    let said = images(&runtime, rig.imaged_address(), &folder).unwrap_err();
    assert!(said.contains("refused our certificate"), "{said}");
    for identity in ["imaged", "machine/web-1"] {
        forge(identity, "clientAuth,serverAuth");
        let log = rig.path("forged.log");
        let listen = ("imaged", "127.0.0.1:0");
        let fake = Server::start(&Arc::default(), listen, StatusPages::Off, &log, |command| {
            command.arg("--data-dir").arg(rig.path("forged-data")).arg("--tls-dir").arg(&folder);
        });
        let said = images(&runtime, &fake.unwrap().address, &rig.path("pki/read")).unwrap_err();
        assert!(said.contains("is not accepted"), "{said}");
    }
    // No name in a certificate ends a server.
    forge("machine/é", "clientAuth");
    images(&runtime, rig.imaged_address(), &folder).unwrap_err();
    // Machines can be revoked although the CA did not sign them, and so can the intermediate.
    forge("machine/forged", "clientAuth");
    let record = rig.path("join-data/machines.pem");
    let gone = |tls: &Path| {
        let begun = Instant::now();
        while images(&runtime, rig.imaged_address(), tls).is_ok() {
            assert!(begun.elapsed() < SOON, "{} is still welcome", tls.display());
            std::thread::park_timeout(Duration::from_millis(100));
        }
    };
    pki(&["revoke", "machine/web-1", "--issued", text(&record)]);
    gone(&machine);
    assert_eq!(images(&runtime, rig.imaged_address(), &folder), Ok(1));
    pki(&["revoke", "machine-ca/imaged"]);
    gone(&folder);
    // It signs no more.
    let late = server.token("late", &["--role", "machine", "--name", "web-2"]);
    assert!(server.join_ends(4, &late, &rig.path("m2")).contains("is revoked"));
}

#[test]
fn strangers_and_impostors_are_told_apart() {
    let rig = Rig::start();
    let server = JoinServer::start(&rig);
    let own = ["--role", "unpackd", "--name", "a"];
    // A token that pins another CA: the machine trusts no other server.
    let foreign = rig.path("foreign");
    let mut init = Command::new(program("imaged"));
    expect_code(&init.args(["pki", "init"]).arg(&foreign).output().unwrap(), 0, &["init"]);
    let token = rpc::join::JoinToken::new(
        &rpc::certificate::der_of_pem(&std::fs::read(foreign.join("ca.pem")).unwrap()).unwrap(),
    );
    std::fs::write(rig.path("foreign-token"), token.unwrap().to_text()).unwrap();
    let said = server.join_ends(4, &rig.path("foreign-token"), &rig.path("m"));
    assert!(said.contains("is not accepted (UnknownIssuer)"), "{said}");
    // One that nobody made, for the right CA.
    let ca = std::fs::read(rig.path("pki/ca.pem")).unwrap();
    let token = rpc::join::JoinToken::new(&rpc::certificate::der_of_pem(&ca).unwrap()).unwrap();
    std::fs::write(rig.path("unknown"), token.to_text()).unwrap();
    assert!(server.join_ends(4, &rig.path("unknown"), &rig.path("m")).contains("no such token"));
    std::fs::write(rig.path("damaged"), &token.to_text()[..100]).unwrap();
    assert!(server.join_ends(4, &rig.path("damaged"), &rig.path("m")).contains("copy it whole"));
    // One that has ended.
    let late = server.token("late", &[&own[..], &["--ttl", "1s"]].concat());
    std::thread::park_timeout(Duration::from_millis(1500));
    assert!(server.join_ends(4, &late, &rig.path("m")).contains("has ended"));
    // What others made is neither shown nor answered, but to an admin.
    let by = server.pki_as("publish", &[&["token"], &own[..]].concat());
    expect_code(&by, 0, &["token"]);
    assert_eq!((server.tokens("publish").len(), server.tokens("admin").len()), (1, 2));
    let refused = server.pki_as("read", &[&["token"], &own[..]].concat());
    assert!(expect_code(&refused, 4, &["token"]).contains("lacks the role 'operate'"));
    for (code, arguments) in [
        (4, &["token", "--role", "unpackd", "--name", "../evil"][..]),
        (2, &["token", "--role", "admin"]),
        (4, &["token", "--role", "unpackd", "--ttl", "8d"]),
        (3, &["bind", "0011223344556677", "--name", "a"]),
        (2, &["bind", "zz", "--name", "a"]),
    ] {
        expect_code(&server.pki_as("admin", arguments), code, arguments);
    }
}

#[test]
fn one_bad_request_holds_up_no_other() {
    let rig = Rig::start();
    let server = JoinServer::start(&rig);
    let [bad, good] = ["bad", "good"]
        .map(|name| server.token(name, &["--role", "unpackd", "--name", name, "--host", "a"]));
    // A request with an extension that rcgen does not know, with the right HMAC.
    let script = "set -e; cd \"$1\"; openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -keyout key.pem -subj /CN=x -addext 1.2.3.4.5=ASN1:UTF8String:x -out request.pem";
    let folder = rig.path("bad-folder");
    std::fs::create_dir(&folder).unwrap();
    let made = Command::new("sh").args(["-c", script, "sh"]).arg(&folder).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let id = rpc::join::JoinToken::parse(&std::fs::read_to_string(&bad).unwrap()).unwrap().id();
    let attempt = serde_json::json!({"key": read("key.pem"), "request": read("request.pem")});
    std::fs::write(folder.join(format!("joining-{id}.json")), attempt.to_string()).unwrap();
    let said = server.join_ends(4, &bad, &folder);
    assert!(said.contains("the signing request is not accepted"), "{said}");
    let joining = server.join(&good, &rig.path("good-folder"));
    server.wait_for("the request", |token| token["state"] == "waits for an issuer");
    let output = server.pki_as("admin", &["sign", "--wait", "3s"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("signed 'unpackd/good'"));
    // The other token was not used up.
    assert!(expect_code(&output, 6, &["sign"]).contains("1 token without a certificate yet"));
    expect_code(&joining.wait_with_output().unwrap(), 0, &["join"]);
}

#[test]
fn a_machine_trusts_no_revoked_server_and_finishes_what_it_began() {
    let rig = Rig::start();
    let server = JoinServer::start(&rig);
    let token = server.token("token", &["--role", "unpackd", "--name", "a"]);
    let folder = rig.path("m");
    let joining = server.join(&token, &folder);
    server.wait_for("the request", |token| token["state"] == "waits for an issuer");
    server.pki(&["sign"]);
    // A crash after the certificate and before the end: the folder has all but the last steps.
    expect_code(&joining.wait_with_output().unwrap(), 0, &["join"]);
    let id = rpc::join::JoinToken::parse(&std::fs::read_to_string(&token).unwrap()).unwrap().id();
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let attempt = serde_json::json!({
        "key": read("key.pem"),
        "request": "",
        "answer": {"certificate": read("cert.pem"), "authority": read("ca.pem"), "revoked": ""},
    });
    let good = read("key.pem");
    for lost in ["policy.toml", "cert.pem", "key.pem", "ca.pem"] {
        std::fs::remove_file(folder.join(lost)).unwrap();
        std::fs::write(folder.join(format!("joining-{id}.json")), attempt.to_string()).unwrap();
        // It needs no server for that.
        let mut again = Command::new(program("unpackd"));
        again.args(["join", "--imaged", "127.0.0.1:1", "--wait", "1s"]);
        again.arg("--token").arg(&token).arg("--tls-dir").arg(&folder);
        expect_code(&again.output().unwrap(), 0, &["join"]);
        assert!(folder.join(lost).exists() && !folder.join(format!("joining-{id}.json")).exists());
    }
    assert_eq!(read("key.pem"), good);

    // The server's key was stolen and its certificate revoked; the machine has the list.
    let mut revoke = Command::new(program("imaged"));
    revoke.args(["pki", "revoke"]).arg(rig.path("pki")).arg("imaged");
    let next = server.token("next", &["--role", "unpackd", "--name", "a"]);
    expect_code(&revoke.output().unwrap(), 0, &["revoke"]);
    std::fs::copy(rig.path("pki/revoked.pem"), folder.join("revoked.pem")).unwrap();
    let mut again = Command::new(program("unpackd"));
    again.args(["join", "--replace", "--imaged", &server.joins, "--wait", "5s"]);
    again.arg("--token").arg(&next).arg("--tls-dir").arg(&folder);
    let said = expect_code(&again.output().unwrap(), 4, &["join"]);
    assert!(said.contains("was revoked: tell the keeper of the CA"), "{said}");
    assert_eq!(read("key.pem"), good);
}
