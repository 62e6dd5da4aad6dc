//! Identities for AWS calls: profiles, roles, partitions, sessions, and mistakes in them.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::process::{Command, Stdio};
use std::time::Duration;

use awssim::Config;
use awssim::faults::Fault;
use e2e::release::{ACCOUNTS, Release, ends_soon, small_disk, soon};
use e2e::text;
use serde_json::Value;

/// Starts a release with the given configuration and AWS credentials file.
fn release(config: Config, imprint: &str, credentials: &str) -> Release {
    let release = Release::start(config);
    std::fs::write(release.rig.path(".config/imprint/config.toml"), imprint).unwrap();
    std::fs::create_dir_all(release.rig.path(".aws")).unwrap();
    std::fs::write(release.rig.path(".aws/credentials"), credentials).unwrap();
    release
}

/// Returns a credentials profile with the keys of an account.
fn profile(name: &str, account: &str) -> String {
    format!("[{name}]\naws_access_key_id = AKIASIM{account}\naws_secret_access_key = x\n")
}

fn list(release: &Release, targets: &[&str]) -> Command {
    let mut command = release.command();
    command.args(["--json", "targets", "list"]);
    for target in targets {
        command.args(["--target", target]);
    }
    command
}

#[test]
fn a_profile_is_used_alone_and_another_account_is_refused() {
    let [dev, prod] = ACCOUNTS;
    let imprint = format!(
        "[aws.accounts.dev]\nprofile = 'dev'\n[aws.accounts.right]\nprofile = 'prod'\nid = '{prod}'\n\
         [aws.accounts.wrong]\nprofile = 'dev'\nid = '333333333333'\n\
         [aws.accounts.gone]\nprofile = 'nobody'\n"
    );
    let credentials = profile("dev", dev) + &profile("prod", prod);
    let release = release(soon(true), &imprint, &credentials);
    // The environment has keys of the other account, as in a pipeline.
    let mut command = list(&release, &["*/us-east-1"]);
    command.env("AWS_ACCESS_KEY_ID", format!("AKIASIM{prod}"));
    let (code, document, said) = ends_soon(&mut command);
    assert_eq!(code, 7, "{said}");
    let row = |name: &str| {
        let rows = document["targets"].as_array().unwrap();
        rows.iter().find(|row| row["account"] == name).unwrap().clone()
    };
    assert_eq!(row("dev")["account_id"], dev);
    assert_eq!(row("right")["account_id"], prod);
    let wrong = row("wrong")["error"].as_str().unwrap().to_owned();
    assert!(wrong.contains("profile dev is of account 111111111111"), "{wrong}");
    assert!(wrong.contains("the configuration says 333333333333"), "{wrong}");
    let gone = row("gone")["error"].as_str().unwrap().to_owned();
    assert!(gone.contains("nobody") && gone.contains("correct the profile's name"), "{gone}");
}

#[test]
fn two_names_of_one_account_are_refused_before_anything_is_made() {
    let imprint = "[aws.accounts.a]\nprofile = 'a'\n[aws.accounts.b]\nprofile = 'b'\n";
    let credentials = profile("a", ACCOUNTS[0]) + &profile("b", ACCOUNTS[0]);
    let release = release(soon(false), imprint, &credentials);
    let path = release.rig.path("disk.raw");
    small_disk(&path, 1);
    release.json(&["image", "add", "disk/two/1", text(&path), "--arch", "x86_64"]);
    let more = ["--no-boot", "--unencrypted"];
    let arguments = release.arguments("disk/two/1", &["*/us-east-1"], &more);
    let (code, _, said) = ends_soon(release.command().arg("--json").args(arguments));
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("a/us-east-1 and b/us-east-1 are both account 111111111111"), "{said}");
    assert_eq!(release.left(), [] as [String; 0]);
}

#[test]
fn partitions_and_homes_follow_from_regions() {
    let imprint =
        format!("[aws]\nrole = 'publisher'\n[aws.accounts.prod]\nid = '{}'\n", ACCOUNTS[1]);
    let mut config = soon(true);
    config.regions = vec!["us-gov-west-1".to_owned()];
    let release = release(config, &imprint, "");
    let mut command = list(&release, &["prod/*"]);
    command.env("AWS_REGION", "us-gov-west-1");
    let (code, document, said) = ends_soon(&mut command);
    assert_eq!(code, 0, "{said} {document}");
    let arn = document["targets"][0]["arn"].as_str().unwrap();
    assert!(arn.starts_with("arn:aws-us-gov:sts::222222222222:assumed-role/"), "{arn}");
}

#[test]
fn a_hiccup_of_sts_ends_nothing_and_expired_sessions_are_renewed() {
    let imprint =
        format!("[aws]\nrole = 'publisher'\n[aws.accounts.prod]\nid = '{}'\n", ACCOUNTS[1]);
    let release = release(soon(true), &imprint, "");
    let fault = |call: &str, code: &str, status| Fault {
        call: Some(call.to_owned()),
        code: Some(code.to_owned()),
        status: Some(status),
        times: Some(1),
        ..Fault::default()
    };
    release.sim.faults().add(fault("AssumeRole", "ServiceUnavailable", 503));
    release.sim.faults().add(fault("GetCallerIdentity", "ExpiredToken", 403));
    let (code, document, said) = ends_soon(&mut list(&release, &["prod/us-east-1"]));
    assert_eq!(code, 0, "{said} {document}");
    // The first call fails, the second gives a session that ends early, and the third gives the next session.
    assert_eq!(release.sim.faults().counts()["111111111111/us-east-1/AssumeRole"], 3);
}

#[test]
fn another_login_meanwhile_publishes_nothing_elsewhere() {
    let [dev, prod] = ACCOUNTS;
    let imprint = "[aws.accounts.one]\nprofile = 'one'\n";
    let mut config = soon(true);
    config.timing.put_ms = [40, 60];
    let release = release(config, imprint, &profile("one", dev));
    let path = release.rig.path("disk.raw");
    small_disk(&path, 1);
    release.json(&["image", "add", "disk/login/1", text(&path), "--arch", "x86_64"]);
    release.sim.faults().add(Fault {
        call: Some("PutSnapshotBlock".to_owned()),
        code: Some("ExpiredTokenException".to_owned()),
        status: Some(403),
        skip: 60,
        times: Some(1),
        ..Fault::default()
    });
    let more = ["--no-boot", "--concurrency", "1"];
    let arguments = release.arguments("disk/login/1", &["one/us-east-1"], &more);
    let mut command = release.command();
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    let command = command.arg("--json").args(arguments);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let puts = format!("{dev}/us-east-1/PutSnapshotBlock");
    while !release.sim.faults().counts().contains_key(&puts) {
        std::thread::park_timeout(Duration::from_millis(10));
    }
    // Somebody logs in to another account during the run, and then the run's session ends.
    std::fs::write(release.rig.path(".aws/credentials"), profile("one", prod)).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let error = document["results"][0]["Error"].as_str().unwrap();
    let words = format!("were of account {dev} until now, and are of account {prod}");
    assert!(error.contains(&words) && error.contains("correct the profile"), "{error}");
    assert!(release.left().iter().all(|what| what.starts_with(dev)), "{:?}", release.left());
}

#[test]
fn a_process_that_gives_credentials_may_fail_once() {
    let imprint = "[aws.accounts.one]\nprofile = 'one'\n";
    let release = release(soon(true), imprint, "");
    let (program, marker) = (release.rig.path("keys"), release.rig.path("asked"));
    let script = format!(
        "#!/bin/sh\n[ -e {0} ] || {{ touch {0}; echo locked >&2; exit 1; }}\necho '{{\"Version\": 1, \
         \"AccessKeyId\": \"AKIASIM{1}\", \"SecretAccessKey\": \"x\"}}'\n",
        marker.display(),
        ACCOUNTS[1]
    );
    std::fs::write(&program, script).unwrap();
    let profile = format!("[profile one]\ncredential_process = /bin/sh {}\n", program.display());
    std::fs::write(release.rig.path(".aws/config"), profile).unwrap();
    let (code, document, said) = ends_soon(&mut list(&release, &["one/us-east-1"]));
    assert_eq!(code, 0, "{said} {document}");
    assert_eq!(document["targets"][0]["account_id"], ACCOUNTS[1]);
    // A program that always fails is reported soon.
    std::fs::write(&program, "#!/bin/sh\necho no >&2\nexit 1\n").unwrap();
    let (_, document, _) = ends_soon(&mut list(&release, &["one/us-east-1"]));
    let error = document["targets"][0]["error"].as_str().unwrap();
    assert!(error.contains("log in again"), "{error}");
}

#[test]
fn the_environments_account_may_have_a_number_too() {
    let imprint = format!("[aws.accounts.default]\nid = '{}'\n", ACCOUNTS[1]);
    let release = release(soon(true), &imprint, "");
    let (code, document, _) = ends_soon(&mut list(&release, &["default/us-east-1"]));
    let error = document["targets"][0]["error"].as_str().unwrap();
    assert!(error.contains("the environment's credentials are of account 111111111111"), "{error}");
    assert_eq!(code, 4);
}

#[test]
fn a_region_that_no_name_of_is_known_is_told_soon() {
    let imprint = "[aws.accounts.default]\n";
    let release = release(soon(true), imprint, "");
    let mut command = list(&release, &["default/us-eats-1"]);
    let (_, document, said) = ends_soon(command.env_remove("AWS_ENDPOINT_URL"));
    let error = document["targets"][0]["error"].as_str().unwrap_or(&said);
    assert!(error.contains("us-eats-1") && error.contains("spelling"), "{error}");
    let (code, _, said) =
        ends_soon(list(&release, &["default/us-east-1"]).env("AWS_REGION", "useast1"));
    assert!(code == 2 && said.contains("AWS_REGION") && said.contains("useast1"), "{said}");
}

#[test]
fn a_clock_that_is_wrong_is_named() {
    let mut config = soon(true);
    config.skew_s = 7200;
    let release = release(config, "[aws.accounts.default]\n", "");
    let (_, document, said) = ends_soon(&mut list(&release, &["default/us-east-1"]));
    let error = document["targets"][0]["error"].as_str().unwrap_or(&said);
    assert!(
        error.contains("this machine's clock is 7") && error.contains("behind AWS's"),
        "{error}"
    );
    assert!(
        error.contains("check the secret key, and that this machine's clock is right"),
        "{error}"
    );
}

#[test]
fn web_identity_is_asked_again() {
    let release = release(soon(true), "", "");
    let token = release.rig.path("token");
    std::fs::write(&token, "a.b.c").unwrap();
    let mut command = list(&release, &["default/us-east-1"]);
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", &token)
        .env("AWS_ROLE_ARN", "arn:aws:iam::222222222222:role/publisher");
    let code = Some("IDPCommunicationError".to_owned());
    let call = Some("AssumeRoleWithWebIdentity".to_owned());
    release.sim.faults().add(Fault {
        call,
        code,
        status: Some(400),
        times: Some(1),
        ..Fault::default()
    });
    let (code, document, said) = ends_soon(&mut command);
    assert_eq!(code, 0, "{said} {document}");
    assert_eq!(document["targets"][0]["account_id"], ACCOUNTS[1]);
}

#[test]
fn what_is_denied_misspelt_or_expired_is_told_soon() {
    let mut config = soon(true);
    let policy = serde_json::json!({"Statement": [
        {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"},
    ]});
    config.accounts.get_mut(ACCOUNTS[0]).unwrap().policy = Some(policy);
    let imprint = format!("[aws.accounts.dev]\nprofile = 'dev'\nid = '{}'\n", ACCOUNTS[0]);
    let release = release(config, &imprint, &profile("dev", ACCOUNTS[0]));
    let path = release.rig.path("disk.raw");
    small_disk(&path, 1);
    release.json(&["image", "add", "disk/denied/1", text(&path), "--arch", "x86_64"]);
    let run = |target: &str| {
        let arguments = release.arguments("disk/denied/1", &[target], &["--no-boot", "--dry-run"]);
        ends_soon(release.command().arg("--json").args(arguments))
    };
    let (code, document, _) = run("dev/us-east-1");
    let error = document["targets"][0]["error"].as_str().unwrap();
    assert_eq!(code, 4, "{error}");
    assert!(error.contains("GetEbsEncryptionByDefault"), "{error}");
    assert!(error.contains("targets policy"), "{error}");
    let (code, document, _) = run("dev/us-eats-1");
    let error = document["targets"][0]["error"].as_str().unwrap();
    assert_eq!(code, 4, "{error}");
    assert!(error.contains("us-eats-1"), "{error}");
    let code = Some("ExpiredToken".to_owned());
    release.sim.faults().add(Fault { code, status: Some(403), ..Fault::default() });
    let (code, document, said) = ends_soon(&mut list(&release, &["dev/us-east-1"]));
    let error = document["targets"][0]["error"].as_str().unwrap_or(&said);
    assert_eq!(code, 4, "{said}");
    assert!(error.contains("ExpiredToken") && error.contains("log in again"), "{error}");
}

#[test]
fn a_role_that_lets_nobody_in_is_told_by_its_trust() {
    let imprint = format!(
        "[aws]\nrole = 'publisher'\nexternal_id = 'wrong'\n[aws.accounts.prod]\nid = '{}'\n",
        ACCOUNTS[1]
    );
    let mut config = soon(true);
    config.accounts.get_mut(ACCOUNTS[1]).unwrap().external_id = Some("right".to_owned());
    let release = release(config, &imprint, "");
    let (_, document, said) = ends_soon(&mut list(&release, &["prod/us-east-1"]));
    let error = document["targets"][0]["error"].as_str().unwrap_or(&said);
    assert!(error.contains("AccessDenied") && error.contains("trust policy"), "{error}");
    assert!(error.contains("external_id") && error.contains("--caller"), "{error}");
}

#[test]
fn a_role_that_is_not_there_is_told_by_its_name() {
    let imprint =
        format!("[aws]\nrole = 'publischer'\n[aws.accounts.prod]\nid = '{}'\n", ACCOUNTS[1]);
    let mut config = soon(true);
    config.accounts.get_mut(ACCOUNTS[1]).unwrap().roles = Some(vec!["publisher".to_owned()]);
    let release = release(config, &imprint, "");
    let (code, document, said) = ends_soon(&mut list(&release, &["prod/us-east-1"]));
    let error = document["targets"][0]["error"].as_str().unwrap_or(&said);
    assert_eq!(code, 4, "{error}");
    assert!(error.contains("AccessDenied") && error.contains("role/publischer"), "{error}");
}
