//! The policy that `targets policy` prints is what publishing needs: the simulator allows that and no more.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use tests_e2e::release::{ACCOUNTS, Release, small_disk, soon};
use tests_e2e::text;

/// The actions of the policy.
fn actions() -> BTreeSet<String> {
    let mut command = Command::new(tests_e2e::program("publish-cli"));
    let output = command.args(["targets", "policy"]).env("HOME", "/nonexistent").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let policy: Value = serde_json::from_slice(&output.stdout).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    let of = |statement: &Value| statement["Action"].as_array().unwrap().clone();
    let actions = statements.iter().flat_map(of);
    actions.map(|action| action.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_printed_policy_is_enough_and_all_of_it_is_used() {
    let actions = actions();
    let mut config = soon(true);
    let account = config.accounts.get_mut(ACCOUNTS[0]).unwrap();
    account.allow = Some(actions.iter().cloned().collect());
    let key = format!("arn:aws:kms:us-east-1:{}:key/own", ACCOUNTS[0]);
    account.keys = vec![awssim::config::Key { arn: key.clone(), ..Default::default() }];
    let release = Release::start(config);
    let path = release.rig.path("disk.raw");
    small_disk(&path, 1);
    release.json(&["image", "add", "disk/policy/1", text(&path), "--arch", "x86_64"]);
    let more = [
        "--no-boot",
        "--kms-key",
        &key,
        "--share",
        ACCOUNTS[1],
        "--expires-in",
        "30d",
        "--protect",
        "--ssm-parameter",
        "/images/{stream}",
        "--prove",
        "all",
        "--target",
        "dev/us-east-1",
    ];
    let published = release.publish(
        "disk/policy/1",
        &["dev/*"],
        &[&more[..], &["--skip-target", "dev/eu-central-1"]].concat(),
    );
    assert_eq!(published["results"][0]["Step"], "done", "{published}");
    release.json(&["runs", "undo", published["run"].as_str().unwrap(), "--yes"]);
    release.json(&["selftest", "aws", "--target", "dev/us-east-1"]);
    assert_eq!(release.left(), [] as [String; 0]);
    let calls: BTreeSet<String> = release.sim.faults().counts().keys().cloned().collect();
    let is_called = |action: &String| {
        let (service, call) = action.split_once(':').unwrap();
        // Those are used by AWS itself, in the caller's name.
        service == "kms"
            || call == "CreateTags"
            || calls.iter().any(|name| name.ends_with(&format!("/{call}")))
    };
    let unused: Vec<&String> = actions.iter().filter(|action| !is_called(action)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
