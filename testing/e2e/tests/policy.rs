//! The policy that `targets policy` prints is exactly what publishing needs; the simulator allows nothing else.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::collections::BTreeSet;
use std::process::Command;

use awssim::faults::Fault;
use e2e::release::{ACCOUNTS, Release, small_disk, soon};
use e2e::text;
use serde_json::Value;

/// Returns the printed policy and its actions.
fn policy() -> (Value, BTreeSet<String>) {
    let mut command = Command::new(e2e::program("publish-cli"));
    let output = command.args(["targets", "policy"]).env("HOME", "/nonexistent").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let policy: Value = serde_json::from_slice(&output.stdout).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    let of = |statement: &Value| statement["Action"].as_array().unwrap().clone();
    let actions = statements.iter().flat_map(of);
    let actions = actions.map(|action| action.as_str().unwrap().to_owned()).collect();
    (policy, actions)
}

#[test]
fn the_printed_policy_is_enough_and_all_of_it_is_used() {
    let (policy, actions) = policy();
    let mut config = soon(true);
    let account = config.accounts.get_mut(ACCOUNTS[0]).unwrap();
    account.policy = Some(policy);
    let key = format!("arn:aws:kms:us-east-1:{}:key/own", ACCOUNTS[0]);
    let alias = Some("alias/own".to_owned());
    account.keys = vec![awssim::config::Key { arn: key, alias, ..Default::default() }];
    let release = Release::start(config);
    let path = release.rig.path("disk.raw");
    small_disk(&path, 1);
    release.json(&["image", "add", "disk/policy/1", text(&path), "--arch", "x86_64"]);
    let more = [
        "--no-boot",
        "--kms-key",
        "alias/own",
        "--watermark",
        "approved",
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
    // Among the used actions are those that AWS itself does with the key on behalf of the caller.
    let used = release.sim.actions();
    let unused: Vec<&String> = actions.difference(&used).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// Runs the selftest. Returns its exit code and the names of the checks that found a problem. Each name comes with
/// `true` if publishing needs what the check tests.
fn selftest(release: &Release) -> (i32, Vec<(String, bool)>) {
    let (code, document, said) = release.run(&["selftest", "aws", "--target", "dev/us-east-1"]);
    let checks = document["checks"].as_array().unwrap_or_else(|| panic!("{said}"));
    let told = checks.iter().filter(|check| !check["problem"].is_null());
    let row = |check: &Value| {
        (check["check"].as_str().unwrap().to_owned(), check["needed"].as_bool().unwrap())
    };
    (code, told.map(row).collect())
}

#[test]
fn a_selftest_tells_what_is_needed_and_leaves_nothing() {
    let (policy, _) = policy();
    // The selftest also succeeds with a role that is not allowed to set parameters.
    let mut less = policy;
    less["Statement"].as_array_mut().unwrap().retain(|statement| statement["Sid"] != "Parameters");
    let mut config = soon(true);
    config.accounts.get_mut(ACCOUNTS[0]).unwrap().policy = Some(less);
    let release = Release::start(config);
    let parameter = ("a parameter points to an AMI".to_owned(), false);
    assert_eq!(selftest(&release), (0, vec![parameter.clone()]));
    assert_eq!(release.left(), [] as [String; 0]);
    // The selftest fails if the role is not allowed to register AMIs. It removes everything that it made before.
    release.sim.faults().add(Fault {
        call: Some("RegisterImage".to_owned()),
        code: Some("UnauthorizedOperation".to_owned()),
        status: Some(403),
        ..Fault::default()
    });
    let (code, told) = selftest(&release);
    assert_eq!(
        (code, told),
        (4, vec![("an AMI is registered once for each name".to_owned(), true)])
    );
    assert_eq!(release.left(), [] as [String; 0]);
    // The error names what cannot be removed.
    release.sim.faults().add(Fault {
        call: Some("DeleteSnapshot".to_owned()),
        code: Some("UnauthorizedOperation".to_owned()),
        status: Some(403),
        ..Fault::default()
    });
    let (code, _, said) = release.run(&["selftest", "aws", "--target", "dev/us-east-1"]);
    let left = release.left();
    assert!(code == 4 && left.len() >= 2, "{said}");
    for snapshot in left {
        let id = snapshot.rsplit('/').next().unwrap();
        assert!(said.contains(id), "{id}: {said}");
    }
}

#[test]
fn the_callers_policy_names_the_roles() {
    let release = Release::start(soon(true));
    let printed = release.json(&["targets", "policy", "--caller"]);
    let resources = &printed["policy"]["Statement"][0]["Resource"];
    let role = |account: &str| format!("arn:aws:iam::{account}:role/publisher");
    assert_eq!(*resources, serde_json::json!(ACCOUNTS.map(role)));
    let of_one = release.json(&["targets", "policy", "--caller", "--account", "prod"]);
    let resources = &of_one["policy"]["Statement"][0]["Resource"];
    assert_eq!(*resources, serde_json::json!([role(ACCOUNTS[1])]));
    let (code, _, _) = release.run(&["targets", "policy", "--account", "nobody"]);
    assert_eq!(code, 2);
}

#[test]
fn a_policy_without_a_key_or_for_others_things_is_not_enough() {
    let (policy, _) = policy();
    let without = |sid: &str| {
        let mut policy = policy.clone();
        policy["Statement"].as_array_mut().unwrap().retain(|statement| statement["Sid"] != sid);
        policy
    };
    for (sid, step, words) in [
        ("Encrypt", "starting", "let the publishing role use the KMS key"),
        ("TagSnapshots", "starting", "ec2:CreateTags"),
        // A dry run of the registration finds this and the next problem before anything is made.
        ("TagImagesAtBirth", "", "ec2:CreateTags"),
        ("Register", "", "ec2:RegisterImage"),
        ("ShareAndUndoSnapshots", "finishing", "ec2:ModifySnapshotAttribute"),
    ] {
        let mut config = soon(true);
        let account = config.accounts.get_mut(ACCOUNTS[0]).unwrap();
        account.policy = Some(without(sid));
        let key = format!("arn:aws:kms:us-east-1:{}:key/own", ACCOUNTS[0]);
        account.keys = vec![awssim::config::Key { arn: key.clone(), ..Default::default() }];
        let release = Release::start(config);
        let path = release.rig.path("disk.raw");
        small_disk(&path, 1);
        release.json(&["image", "add", "disk/policy/1", text(&path), "--arch", "x86_64"]);
        let more = ["--no-boot", "--kms-key", &key, "--share", ACCOUNTS[1]];
        let arguments = release.arguments("disk/policy/1", &["dev/us-east-1"], &more);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (code, document, said) = release.run(&arguments);
        assert_eq!(code, 4, "{said}");
        if step.is_empty() {
            assert!(said.contains(words), "{sid}: {said}");
            assert_eq!(release.left(), [] as [String; 0]);
            continue;
        }
        let result = &document["results"][0];
        assert_eq!(result["Step"], step, "{sid}: {result}");
        assert!(result["Error"].as_str().unwrap().contains(words), "{sid}: {result}");
    }
}
