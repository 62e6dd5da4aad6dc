//! Publishing directly: the real command line, the real daemons and the AWS SDK use the simulator.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::process::Command;

use awssim::faults::Fault;
use e2e::machine::{add_report, boot};
use e2e::release::{ACCOUNTS, Release, small_tree, soon};
use e2e::rootfs;
use e2e::text;
use rig::Firmware;
use serde_json::json;
use testkit::image::{MountedImage, ROOT_OFFSET};
use testkit::walk;

/// Options that make publishing fast: an unencrypted snapshot needs no blocks of zeros.
const PLAIN: &[&str] = &["--no-boot", "--unencrypted"];

#[test]
fn privileged_a_debian_is_published_everywhere_and_read_back() {
    if !testkit::is_privileged("privileged_a_debian_is_published_everywhere_and_read_back") {
        return;
    }
    let release = Release::start(soon(true));
    let rig = &release.rig;
    let tree = rig.path("tree");
    rootfs::copy(&rootfs::bootable(), &tree);
    std::fs::write(tree.join("root/canary"), "imprint-canary-5d1f".repeat(3000)).unwrap();
    rig.json(&["image", "add", "base/debian/1", text(&tree)]);
    rig.add_volume("base/debian", "1GiB");
    let first = release.publish("base/debian/1", &["*/*"], &["--prove", "all"]);
    let results = first["results"].as_array().unwrap();
    // Two accounts with two enabled regions each.
    assert_eq!(results.len(), 4, "{first}");
    assert!(results.iter().all(|result| result["BlocksPut"] == 2048), "{first}");
    std::fs::remove_file(tree.join("root/canary")).unwrap();
    std::fs::write(tree.join("etc/motd"), "two\n").unwrap();
    add_report(&tree, "base/debian/2", Firmware::Uefi);
    rig.json(&["image", "add", "base/debian/2", text(&tree)]);
    let more = ["--tag", "team=base", "--expires-in", "30d"];
    let second = release.publish("base/debian/2", &["@all"], &more);
    let results = second["results"].as_array().unwrap();
    let mut disks = Vec::new();
    for (result, before) in results.iter().zip(first["results"].as_array().unwrap()) {
        assert_eq!(result["Parent"], before["SnapshotId"], "{result}");
        let snapshot = result["SnapshotId"].as_str().unwrap();
        let disk = release.sim.disk(snapshot).unwrap();
        // Only the differing blocks are put.
        let old = release.sim.disk(before["SnapshotId"].as_str().unwrap()).unwrap();
        let differing = disk.chunks(512 << 10).zip(old.chunks(512 << 10)).filter(|(a, b)| a != b);
        assert_eq!(result["BlocksPut"], differing.count() as u64, "{result}");
        assert!(memchr::memmem::find(&disk, b"imprint-canary-5d1f").is_none());
        assert!(memchr::memmem::find(&old, b"imprint-canary-5d1f").is_some());
        disks.push(disk);
    }
    assert!(disks.iter().all(|disk| *disk == disks[0]), "targets differ");
    drop(disks);

    // The AMI has the image's content, judged by an independent walker, except for the files generated for booting.
    let snapshot = results[3]["SnapshotId"].as_str().unwrap();
    let disk = release.read_back(snapshot, "back.img");
    let mounted = MountedImage::open(&disk, ROOT_OFFSET, &rig.path("mnt"));
    let (a, b) = (walk::snapshot(&tree).unwrap(), walk::snapshot(mounted.path()).unwrap());
    let generated = ["etc", "etc/fstab", "boot", "boot/grub", "boot/grub/grub.cfg", "boot/efi"];
    let is_generated = |line: &String| {
        let line = line.strip_prefix("only right: ").unwrap_or(line);
        let path = line.split(':').next().unwrap_or_default().trim_start_matches('/');
        generated.contains(&path)
    };
    let differences = walk::differences(&a, &b);
    assert!(differences.iter().all(is_generated), "{differences:?}");
    let mut rsync = Command::new("rsync");
    rsync.args(["-aHAXn", "--checksum", "--delete", "--out-format=%n"]);
    let output = rsync.arg(tree.join("")).arg(mounted.path()).output().unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    // rsync prints "deleting" before an additional path, and lists folders of generated files.
    let path = |line: &str| line.trim_start_matches("deleting ").trim_end_matches('/').to_owned();
    let others: Vec<String> =
        listed.lines().map(path).filter(|path| !generated.contains(&path.as_str())).collect();
    assert!(output.status.success() && others.is_empty(), "{others:?}");
    drop(mounted);
    let said = boot(&disk, Firmware::Uefi, &rig.path("."));
    assert!(said.contains("image=base/debian/2"), "{said}");

    // The AMI has the right attributes.
    let world = release.sim.world();
    let place = &world.places[ACCOUNTS[1]]["eu-central-1"];
    let ami = place.amis.values().find(|ami| ami.name == "base/debian/2").unwrap();
    assert_eq!(ami.architecture, "x86_64");
    assert_eq!(
        (ami.virtualization.as_str(), ami.ena, ami.delete_on_termination),
        ("hvm", true, true)
    );
    assert_eq!((ami.imds.as_deref(), ami.volume_type.as_str()), (Some("v2.0"), "gp3"));
    assert_eq!(ami.boot_mode.as_deref(), Some("uefi-preferred"));
    assert_eq!(ami.tags["team"], "base");
    assert!(ami.deprecated_at.is_some());
    let snapshot = &place.snapshots[&ami.snapshot];
    assert!(snapshot.key.as_ref().is_some_and(|key| key.contains(ACCOUNTS[1])));
    assert_eq!(snapshot.tags["imprint:image"], "base/debian/2");
    drop(world);

    // Publishing the same disk again makes no snapshot, and undoing leaves the first run's snapshot.
    let again = release.publish("base/debian/2", &["dev/us-east-1"], &["--ami-name", "again"]);
    assert_eq!(again["results"][0]["BlocksPut"], 0, "{again}");
    assert_eq!(again["results"][0]["SnapshotId"], results[1]["SnapshotId"], "{again}");
    let before = release.left().len();
    let undone = release.json(&["runs", "undo", again["run"].as_str().unwrap(), "--yes"]);
    assert_eq!(undone["targets"][0]["outcome"], "undone");
    assert_eq!(release.left().len(), before - 1);

    // Undoes everything: the second run, then the first.
    for run in [&second, &first] {
        release.json(&["runs", "undo", run["run"].as_str().unwrap(), "--yes"]);
    }
    assert_eq!(release.left(), [] as [String; 0]);
    let runs = release.json(&["runs", "list", "base/debian"]);
    let statuses: Vec<_> = runs["runs"].as_array().unwrap().iter().map(|r| &r["status"]).collect();
    assert_eq!(statuses, [&json!("undone"); 3]);
}

#[test]
fn privileged_targets_fail_alone() {
    if !testkit::is_privileged("privileged_targets_fail_alone") {
        return;
    }
    let mut config = soon(false);
    config.throttled = 0.05;
    config.accounts.get_mut(ACCOUNTS[1]).unwrap().external_id = Some("other".to_owned());
    let release = Release::start(config);
    let tree = release.rig.path("tree");
    small_tree(&tree);
    release.rig.json(&["image", "add", "small/tree/1", text(&tree)]);
    release.rig.add_volume("small/tree", "1GiB");
    release.sim.faults().add(Fault {
        region: Some("eu-central-1".to_owned()),
        call: Some("StartSnapshot".to_owned()),
        code: Some("InternalError".to_owned()),
        status: Some(500),
        ..Fault::default()
    });
    let targets = ["dev/*", "prod/us-east-1"];
    let arguments = release.arguments("small/tree/1", &targets, PLAIN);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, document, said) = release.run(&arguments);
    assert_eq!(code, 7, "{said}");
    let results = document["results"].as_array().unwrap();
    let error = |account: &str, region: &str| {
        let found = results.iter().find(|r| r["AccountName"] == account && r["Region"] == region);
        found.unwrap()["Error"].as_str().unwrap().to_owned()
    };
    assert_eq!(error("dev", "us-east-1"), "");
    let outage = error("dev", "eu-central-1");
    assert!(outage.contains("StartSnapshot") && outage.contains("InternalError"), "{outage}");
    assert!(outage.contains("(request "), "{outage}");
    let denied = error("prod", "us-east-1");
    assert!(denied.contains("AssumeRole") && denied.contains("trust policy"), "{denied}");
    // The region is back: resuming finishes its target, and leaves the others as they were.
    release.sim.faults().clear();
    let run = document["run"].as_str().unwrap();
    let work = release.rig.path(".");
    let (code, resumed, said) = release.run(&["runs", "resume", run, "--work-dir", text(&work)]);
    assert_eq!(code, 7, "{said}");
    let done = |region: &str| {
        let results = resumed["results"].as_array().unwrap();
        let found = results.iter().find(|r| r["AccountName"] == "dev" && r["Region"] == region);
        found.unwrap()["Step"].clone()
    };
    assert_eq!((done("us-east-1"), done("eu-central-1")), (json!("done"), json!("done")));
    assert_eq!(release.left().len(), 4);
}

#[test]
fn privileged_a_planted_parent_is_never_used() {
    if !testkit::is_privileged("privileged_a_planted_parent_is_never_used") {
        return;
    }
    let release = Release::start(soon(false));
    let tree = release.rig.path("tree");
    small_tree(&tree);
    release.rig.json(&["image", "add", "small/tree/1", text(&tree)]);
    release.rig.add_volume("small/tree", "1GiB");
    let first = release.publish("small/tree/1", &["dev/us-east-1"], PLAIN);
    let id = first["results"][0]["SnapshotId"].as_str().unwrap().to_owned();
    // Adds a foreign snapshot that has all of Imprint's tags.
    {
        let mut world = release.sim.world();
        let place = world.place(ACCOUNTS[0], "us-east-1");
        let mut planted = place.snapshots[&id].clone();
        planted.blocks.clear();
        planted.started_ms += 1_000_000;
        place.snapshots.insert("snap-planted".to_owned(), planted);
    }
    let cases =
        [("2", "", "the last snapshot"), ("3", "archived", "archived"), ("4", "gone", "is gone")];
    let mut last = id;
    for (leaf, harm, why) in cases {
        std::fs::write(tree.join("changed"), leaf).unwrap();
        release.rig.json(&["image", "add", &format!("small/tree/{leaf}"), text(&tree)]);
        {
            let mut world = release.sim.world();
            let place = world.place(ACCOUNTS[0], "us-east-1");
            match harm {
                "archived" => {
                    place.snapshots.get_mut(&last).unwrap().failed = Some("archived".to_owned());
                }
                "gone" => drop(place.snapshots.remove(&last)),
                _ => {}
            }
        }
        let image = format!("small/tree/{leaf}");
        let done = release.publish(&image, &["dev/us-east-1"], PLAIN);
        let result = &done["results"][0];
        if harm.is_empty() {
            assert_eq!(result["Parent"], last.as_str(), "{result}");
        } else {
            assert_eq!(result["Parent"], json!(null), "{result}");
            assert!(result["WhyFull"].as_str().unwrap().contains(why), "{result}");
        }
        last = result["SnapshotId"].as_str().unwrap().to_owned();
    }
}

#[test]
fn privileged_one_publisher_a_stream() {
    if !testkit::is_privileged("privileged_one_publisher_a_stream") {
        return;
    }
    let release = Release::start(soon(false));
    let tree = release.rig.path("tree");
    small_tree(&tree);
    release.rig.json(&["image", "add", "small/tree/1", text(&tree)]);
    release.rig.add_volume("small/tree", "1GiB");
    let call = Some("StartSnapshot".to_owned());
    release.sim.faults().add(Fault { call, delay_ms: 6000, times: Some(1), ..Fault::default() });
    let arguments = release.arguments("small/tree/1", &["dev/us-east-1"], PLAIN);
    let mut first = release.command().args(&arguments).spawn().unwrap();
    let name = format!("{}/us-east-1/StartSnapshot", ACCOUNTS[0]);
    while !release.sim.faults().counts().contains_key(&name) {
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, _, said) = release.run(&arguments);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("is being published by tester@"), "{said}");
    assert!(first.wait().unwrap().success());
}

#[test]
fn privileged_shared_with_a_key_of_ones_own() {
    if !testkit::is_privileged("privileged_shared_with_a_key_of_ones_own") {
        return;
    }
    let key = format!("arn:aws:kms:us-east-1:{}:key/own", ACCOUNTS[0]);
    let mut config = soon(true);
    let keys = vec![awssim::config::Key { arn: key.clone(), ..Default::default() }];
    config.accounts.get_mut(ACCOUNTS[0]).unwrap().keys = keys;
    let release = Release::start(config);
    release.configure(&format!("[aws.accounts.dev.kms_keys]\nus-east-1 = \"{key}\"\n"));
    let tree = release.rig.path("tree");
    small_tree(&tree);
    release.rig.json(&["image", "add", "small/tree/1", text(&tree)]);
    release.rig.add_volume("small/tree", "1GiB");
    let organization = "arn:aws:organizations::111111111111:organization/o-1";
    let more = ["--no-boot", "--share", ACCOUNTS[1], "--share", organization];
    let arguments = release.arguments("small/tree/1", &["dev/*"], &more);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, document, said) = release.run(&arguments);
    assert_eq!(code, 7, "{said}");
    for result in document["results"].as_array().unwrap() {
        let error = result["Error"].as_str().unwrap();
        if result["Region"] == "us-east-1" {
            assert_eq!((error, result["Step"].as_str()), ("", Some("done")));
        } else {
            // The target is refused before anything is made there.
            assert!(error.contains("cannot be shared"), "{error}");
            assert_eq!(result["SnapshotId"], "", "{result}");
        }
    }
    let world = release.sim.world();
    let place = &world.places[ACCOUNTS[0]]["us-east-1"];
    let ami = place.amis.values().next().unwrap();
    assert!(ami.shared_with.contains(ACCOUNTS[1]) && ami.shared_with.contains(organization));
    let snapshot = &place.snapshots[&ami.snapshot];
    assert_eq!(snapshot.key.as_deref(), Some(key.as_str()));
    assert!(snapshot.shared_with.contains(ACCOUNTS[1]));
}

#[test]
fn privileged_a_snapshot_that_was_given_up_is_begun_anew() {
    if !testkit::is_privileged("privileged_a_snapshot_that_was_given_up_is_begun_anew") {
        return;
    }
    let release = Release::start(soon(false));
    let tree = release.rig.path("tree");
    small_tree(&tree);
    release.rig.json(&["image", "add", "small/tree/1", text(&tree)]);
    release.rig.add_volume("small/tree", "1GiB");
    let (call, code) =
        (Some("PutSnapshotBlock".to_owned()), Some("AccessDeniedException".to_owned()));
    release.sim.faults().add(Fault { call, code, status: Some(403), skip: 5, ..Fault::default() });
    let arguments = release.arguments("small/tree/1", &["dev/us-east-1"], PLAIN);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, document, said) = release.run(&arguments);
    assert_eq!(code, 4, "{said}");
    let first = document["results"][0]["SnapshotId"].as_str().unwrap().to_owned();
    // Lets so much time pass that AWS gives up the snapshot, because the snapshot gets no more blocks.
    release.sim.clock().advance_ms(2 * 86_400_000);
    release.sim.faults().clear();
    let (run, work) = (document["run"].as_str().unwrap(), release.rig.path("."));
    let resumed = release.json(&["runs", "resume", run, "--work-dir", text(&work)]);
    let result = &resumed["results"][0];
    assert_eq!(result["Step"], "done", "{result}");
    assert_ne!(result["SnapshotId"], first.as_str());
    assert_eq!(release.left().len(), 2, "{:?}", release.left());
    release.json(&["runs", "undo", run, "--yes"]);
    assert_eq!(release.left(), [] as [String; 0]);
}
