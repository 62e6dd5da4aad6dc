//! Logins of people: profiles for `aws sso login` and `aws login`, with the files that these commands write.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::process::Command;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use awssim::blocks::sha256;
use awssim::clock::rfc3339;
use awssim::faults::Fault;
use e2e::release::{ACCOUNTS, Release, ends_soon, soon};
use serde_json::{Value, json};

/// A test key in the form that `aws login` uses.
const LOGIN_KEY: &str = "-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIIHXq9OEQtehbq0roa2lUVy9rJ42xZWWqHtj6kSmtafqoAoGCCqGSM49
AwEHoUQDQgAEthoQy+YC7TqLXJgkKBOoMj/3dSbggCV4g71+5qj98wc19lrB+fPl
dRkeUYzXiUeQlWmLvzKRQuPUWVSV0K+Kyg==
-----END EC PRIVATE KEY-----
";

/// File with the Identity Center token of the session `corp`. Its name is the SHA-1 of the session's name.
const SSO_CACHE: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

const HOUR_MS: i64 = 3_600_000;

fn now_ms() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// Returns a token that the simulator accepts until a time in milliseconds since the epoch.
fn until(ms: i64) -> String {
    format!("until-{ms}")
}

/// Starts a release with an AWS configuration of the profile `me`.
fn release(config: &str) -> Release {
    let release = Release::start(soon(true));
    let imprint = "[aws.accounts.one]\nprofile = 'me'\n";
    write(&release, ".config/imprint/config.toml", imprint);
    write(&release, ".aws/config", config);
    release
}

fn write(release: &Release, name: &str, text: &str) {
    let path = release.rig.path(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn read(release: &Release, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(release.rig.path(name)).unwrap()).unwrap()
}

/// Writes the cache file of `aws sso login`: an access token and a refresh token with their expiry times in ms.
fn write_sso_token(release: &Release, access: i64, refresh: i64) {
    let token = json!({
        "startUrl": "https://corp.example.net/start", "region": "us-east-1",
        "accessToken": until(access), "expiresAt": rfc3339(access),
        "refreshToken": until(refresh), "clientId": "client", "clientSecret": "secret",
        "registrationExpiresAt": rfc3339(now_ms() + 24 * HOUR_MS),
    });
    write(release, SSO_CACHE, &token.to_string());
}

/// Lists targets with the caller's identity in each.
fn rows(release: &Release, target: &str) -> Vec<Value> {
    let mut command: Command = release.command();
    command.args(["--json", "targets", "list", "--target", target]);
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    let (_, document, said) = ends_soon(&mut command);
    assert!(document["targets"][0].is_object(), "{said}");
    document["targets"].as_array().unwrap().clone()
}

/// Lists the target of account `one`, with the caller's identity in it.
fn row(release: &Release) -> Value {
    rows(release, "one/us-east-1").remove(0)
}

/// Number of the simulator's regions, without the one that no account has enabled.
const REGIONS: usize = 2;

fn once(release: &Release, call: &str, code: &str, status: u16) {
    let (call, code) = (Some(call.to_owned()), Some(code.to_owned()));
    let status = Some(status);
    release.sim.faults().add(Fault { call, code, status, times: Some(1), ..Fault::default() });
}

fn calls(release: &Release, call: &str) -> u64 {
    release.sim.faults().counts().get(&format!("/us-east-1/{call}")).copied().unwrap_or(0)
}

#[test]
fn a_login_to_identity_center_is_used_and_renewed() {
    let config = format!(
        "[profile me]\nsso_session = corp\nsso_account_id = {}\nsso_role_name = Publisher\n\
         [sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.example.net/start\n",
        ACCOUNTS[1]
    );
    let release = release(&config);
    let token = |access, refresh| write_sso_token(&release, access, refresh);
    token(now_ms() + HOUR_MS, now_ms() + 8 * HOUR_MS);
    once(&release, "GetRoleCredentials", "InternalServerException", 500);
    let found = row(&release);
    assert_eq!(found["account_id"], ACCOUNTS[1], "{found}");
    assert!(found["arn"].as_str().unwrap().contains("assumed-role/PUBLISHER/"), "{found}");
    assert_eq!((calls(&release, "GetRoleCredentials"), calls(&release, "CreateToken")), (2, 0));
    // An expired token is renewed, and the new one is written to the file.
    token(now_ms() - 1000, now_ms() + 8 * HOUR_MS);
    once(&release, "CreateToken", "InternalServerException", 500);
    let found = row(&release);
    assert_eq!(found["account_id"], ACCOUNTS[1], "{found}");
    assert_eq!(calls(&release, "CreateToken"), 2);
    let kept = read(&release, SSO_CACHE)["accessToken"].as_str().unwrap().to_owned();
    assert!(kept > until(now_ms()), "{kept}");
    // A token that cannot be renewed needs another login, and so does a missing one.
    token(now_ms() - 1000, now_ms() - 1000);
    let found = row(&release);
    assert!(found["error"].as_str().unwrap().contains("aws sso login"), "{found}");
    std::fs::remove_file(release.rig.path(SSO_CACHE)).unwrap();
    let found = row(&release);
    assert!(found["error"].as_str().unwrap().contains("log in: aws sso login"), "{found}");
}

#[test]
fn accounts_of_one_login_renew_it_once() {
    let mut config = "[sso-session corp]\nsso_region = us-east-1\n\
                      sso_start_url = https://corp.example.net/start\n"
        .to_owned();
    let mut imprint = String::new();
    for (name, account) in [("a", ACCOUNTS[0]), ("b", ACCOUNTS[1])] {
        config.push_str(&format!(
            "[profile {name}]\nsso_session = corp\nsso_account_id = {account}\n\
             sso_role_name = Publisher\nregion = us-east-1\n"
        ));
        imprint.push_str(&format!("[aws.accounts.{name}]\nprofile = '{name}'\n"));
    }
    let release = release(&config);
    write(&release, ".config/imprint/config.toml", &imprint);
    write_sso_token(&release, now_ms() - 1000, now_ms() + 8 * HOUR_MS);
    let found = rows(&release, "*/*");
    let of = |account: &str| found.iter().filter(|row| row["account_id"] == account).count();
    assert_eq!((of(ACCOUNTS[0]), of(ACCOUNTS[1])), (REGIONS, REGIONS), "{found:?}");
    // A refresh token works only once.
    assert_eq!(calls(&release, "CreateToken"), 1);
}

#[test]
fn an_account_that_gives_no_keys_holds_up_no_other() {
    let names = ["a", "b", "c", "d"];
    let release = release("");
    let (mut config, mut imprint) = (String::new(), String::new());
    for name in names {
        // The four accounts must wait at the same time, each in a process of its own. Waits one after the other would
        // take more than a minute.
        let program = release.rig.path(&format!("keys-{name}"));
        std::fs::write(&program, "#!/bin/sh\nexec sleep 60\n").unwrap();
        let process = format!("credential_process = /bin/sh {}", program.display());
        config.push_str(&format!("[profile {name}]\n{process}\n"));
        imprint.push_str(&format!("[aws.accounts.{name}]\nprofile = '{name}'\n"));
    }
    write(&release, ".aws/config", &config);
    write(&release, ".config/imprint/config.toml", &imprint);
    let began = Instant::now();
    let mut command = release.command();
    command.args(["--json", "targets", "list", "--target", "*/*"]);
    let output = command.output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["targets"].as_array().unwrap().len(), names.len());
    assert!(began.elapsed() < Duration::from_secs(45), "{:?}", began.elapsed());
}

#[test]
fn a_login_of_a_person_is_used_and_renewed() {
    let session = format!("arn:aws:iam::{}:user/publisher", ACCOUNTS[0]);
    let release =
        release(&format!("[profile me]\nlogin_session = {session}\nregion = us-east-1\n"));
    let cache = format!(
        ".aws/login/cache/{}.json",
        data_encoding::HEXLOWER.encode(&sha256(session.as_bytes()))
    );
    let token = |access: i64, refresh: i64| {
        let token = json!({
            "accessToken": {
                "accessKeyId": format!("ASIASIM{}LOGIN", ACCOUNTS[0]), "secretAccessKey": "simulated",
                "sessionToken": until(access), "accountId": ACCOUNTS[0], "expiresAt": rfc3339(access),
            },
            "tokenType": "aws_sigv4", "clientId": "arn:aws:signin:::devtools/same-device",
            "refreshToken": format!("{}@{}", until(refresh), ACCOUNTS[0]), "dpopKey": LOGIN_KEY,
        });
        write(&release, &cache, &token.to_string());
    };
    token(now_ms() + HOUR_MS, now_ms() + 8 * HOUR_MS);
    let found = row(&release);
    assert_eq!(found["account_id"], ACCOUNTS[0], "{found}");
    assert_eq!(calls(&release, "CreateOAuth2Token"), 0);
    // Expired keys are renewed with a proof of the private key, and written to the file.
    token(now_ms() - 1000, now_ms() + 8 * HOUR_MS);
    once(&release, "CreateOAuth2Token", "InternalServerException", 500);
    let found = row(&release);
    assert_eq!(found["account_id"], ACCOUNTS[0], "{found}");
    assert_eq!(calls(&release, "CreateOAuth2Token"), 2);
    let kept = read(&release, &cache)["accessToken"]["sessionToken"].as_str().unwrap().to_owned();
    assert!(kept > until(now_ms()), "{kept}");
    // An expired session needs another login, and so does a missing one.
    token(now_ms() - 1000, now_ms() - 1000);
    let found = row(&release);
    let error = found["error"].as_str().unwrap();
    assert!(error.contains("log in") && error.contains("aws login"), "{found}");
    std::fs::remove_file(release.rig.path(&cache)).unwrap();
    let found = row(&release);
    assert!(found["error"].as_str().unwrap().contains("or aws login"), "{found}");
}
