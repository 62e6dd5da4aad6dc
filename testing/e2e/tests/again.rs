//! Publishing again: an AMI that exists is no error, and a missing one is added.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::process::{Command, Stdio};
use std::time::Duration;

use awssim::faults::Fault;
use e2e::release::{Release, small_disk, soon};
use e2e::text;
use serde_json::Value;

const MORE: &[&str] = &["--no-boot", "--unencrypted"];

fn was_there(document: &Value) -> Vec<(String, bool)> {
    let results = document["results"].as_array().unwrap();
    let row = |result: &Value| {
        let region = result["Region"].as_str().unwrap().to_owned();
        (region, result["WasThere"].as_bool().unwrap())
    };
    results.iter().map(row).collect()
}

#[test]
fn the_same_image_again_is_there_already_and_more_targets_are_added() {
    let release = Release::start(soon(false));
    let path = release.rig.path("disk.raw");
    small_disk(&path, 1);
    release.json(&["image", "add", "disk/again/1", text(&path), "--arch", "x86_64"]);
    let first = release.publish("disk/again/1", &["dev/us-east-1"], MORE);
    assert_eq!(was_there(&first), [("us-east-1".to_owned(), false)]);
    let made = release.left().len();
    // Adds a second target. The first one keeps its AMI, which gets the new expiry.
    let more = [MORE, &["--expires-in", "30d"]].concat();
    let second = release.publish("disk/again/1", &["dev/*"], &more);
    let expected = [("eu-central-1".to_owned(), false), ("us-east-1".to_owned(), true)];
    assert_eq!(was_there(&second), expected);
    assert_eq!(second["results"][1]["AmiId"], first["results"][0]["AmiId"]);
    assert_eq!(release.left().len(), made + 2);
    let world = release.sim.world();
    let ami = world.places["111111111111"]["us-east-1"].amis.values().next().unwrap();
    assert!(ami.deprecated_at.is_some());
    drop(world);
    // Undoing the second run removes only what that run made.
    let (code, document, _) =
        release.run(&["runs", "undo", second["run"].as_str().unwrap(), "--yes"]);
    assert_eq!(release.left().len(), made);
    // The report tells what the run changed in the AMI that was there before.
    let why = document["targets"][1]["why"].as_str().unwrap();
    assert!(code == 7 && why.contains("was there before") && why.contains("deprecated"), "{why}");
    // A different disk cannot take the name; the error comes before anything is made.
    small_disk(&path, 2);
    release.json(&["image", "add", "disk/again/2", text(&path), "--arch", "x86_64"]);
    let more = [MORE, &["--ami-name", "disk/again/1"]].concat();
    let arguments = release.arguments("disk/again/2", &["dev/us-east-1"], &more);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, document, said) = release.run(&arguments);
    assert_eq!(code, 4, "{said}");
    let error = document["results"][0]["Error"].as_str().unwrap();
    assert!(error.contains("is taken by ami-") && error.contains("--ami-name"), "{error}");
    assert_eq!(release.left().len(), made);
    release.json(&["runs", "undo", first["run"].as_str().unwrap(), "--yes"]);
    assert_eq!(release.left(), [] as [String; 0]);
}

#[test]
fn what_is_not_listed_yet_is_undone_all_the_same() {
    let mut config = soon(false);
    config.timing.visible_after_ms = 6000;
    let release = Release::start(config);
    let path = release.rig.path("disk.raw");
    small_disk(&path, 1);
    release.json(&["image", "add", "disk/new/1", text(&path), "--arch", "x86_64"]);
    // The run fails right after registering its AMI: the third DescribeImages call is refused.
    release.sim.faults().add(Fault {
        call: Some("DescribeImages".to_owned()),
        code: Some("UnauthorizedOperation".to_owned()),
        status: Some(403),
        skip: 2,
        ..Fault::default()
    });
    let arguments = release.arguments("disk/new/1", &["dev/us-east-1"], MORE);
    let (code, document, said) =
        release.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(code, 4, "{said}");
    assert_eq!(document["results"][0]["Step"], "finishing", "{document}");
    assert!(document["results"][0]["AmiId"].as_str().unwrap().starts_with("ami-"), "{document}");
    assert_eq!(release.left().len(), 2);
    release.sim.faults().clear();
    release.json(&["runs", "undo", document["run"].as_str().unwrap(), "--yes"]);
    assert_eq!(release.left(), [] as [String; 0]);
}

#[test]
fn an_interrupted_run_is_gone_on_with_at_once() {
    let mut config = soon(true);
    config.timing.put_ms = [30, 50];
    let release = Release::start(config);
    let path = release.rig.path("disk.raw");
    small_disk(&path, 1);
    release.json(&["image", "add", "disk/stop/1", text(&path), "--arch", "x86_64"]);
    let more = ["--no-boot", "--unencrypted", "--concurrency", "1"];
    let arguments = release.arguments("disk/stop/1", &["dev/us-east-1"], &more);
    let mut command = release.command();
    let command = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let puts = || {
        let counts = release.sim.faults().counts().clone();
        counts.get("111111111111/us-east-1/PutSnapshotBlock").copied().unwrap_or(0)
    };
    while puts() < 20 {
        std::thread::park_timeout(Duration::from_millis(10));
    }
    testkit::image::run(Command::new("kill").args(["-INT", &child.id().to_string()]));
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    // The message says that the snapshot is encrypted anyway: encryption is on by default.
    assert!(said.contains("encrypted despite --unencrypted"), "{said}");
    // The message contains the command that resumes the run. The stream's lease is free, so that this command can run
    // at once.
    let (_, rest) = said.split_once("publish-cli runs resume ").unwrap();
    let run = rest.split('`').next().unwrap();
    let resumed = release.json(&["runs", "resume", run]);
    assert_eq!(resumed["results"][0]["Step"], "done", "{resumed}");
}
