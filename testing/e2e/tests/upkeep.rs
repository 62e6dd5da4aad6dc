//! A server looks after its store while it serves: garbage goes, damage is named and healed from other servers.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use e2e::release::small_tree;
use e2e::replica::{Replica, add};
use e2e::{Rig, expect_code, program, text};
use rig::{Server, StatusPages};
use serde_json::Value;

fn imaged(arguments: &[&str]) -> Output {
    Command::new(program("imaged")).args(arguments).output().unwrap()
}

/// Runs `imaged store COMMAND` with arguments; returns its JSON document.
fn store(code: i32, arguments: &[&str]) -> Value {
    let arguments = [&["store"], arguments, &["--json"]].concat();
    let output = imaged(&arguments);
    expect_code(&output, code, &arguments);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn packs(data: &Path) -> Vec<PathBuf> {
    let packs = std::fs::read_dir(data.join("store/packs")).unwrap();
    packs.map(|pack| pack.unwrap().path()).collect()
}

/// Flips a bit in the middle of the largest pack.
fn damage(data: &Path) {
    let pack = packs(data).into_iter().max_by_key(|pack| pack.metadata().unwrap().len()).unwrap();
    let mut bytes = std::fs::read(&pack).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&pack, bytes).unwrap();
}

#[test]
fn a_running_server_frees_what_was_removed() {
    let mut rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    std::fs::write(tree.join("file-0"), testkit::hostile::noise(3_000_000, 77)).unwrap();
    add(&rig, &tree, "base/small/2");
    rig.json(&["image", "rm", "base/small/2", "--yes"]);
    let (address, admin) = (rig.imaged_address().to_owned(), rig.path("pki/admin"));
    let server = ["--imaged", &address, "--tls-dir", text(&admin)];
    // Young packs stay for an hour.
    let collected = store(0, &[&["gc"], &server[..]].concat());
    assert_eq!(collected["bytes_freed"], 0, "{collected}");
    let all = [&["gc", "--grace", "0s"], &server[..]].concat();
    let forecast = store(0, &[&all[..], &["--dry-run"]].concat());
    let collected = store(0, &all);
    assert!(collected["bytes_freed"].as_u64().unwrap() > 2_900_000, "{collected}");
    assert_eq!(collected["bytes_freed"], forecast["bytes_freed"]);
    assert_eq!((&forecast["dry_run"], &collected["dry_run"]), (&true.into(), &false.into()));
    rig.json(&["image", "verify", "base/small/1"]);
    // The same image can be added again under a new name.
    add(&rig, &tree, "base/small/3");
    rig.json(&["image", "verify", "base/small/3"]);
    assert_eq!(store(0, &[&["scrub"], &server[..]].concat())["clean"], true);
    assert!(store(0, &[&["stat"], &server[..]].concat())["objects"].as_u64().unwrap() > 40);

    // Others may not do that.
    let publish = rig.path("pki/publish");
    let other = ["store", "gc", "--imaged", &address, "--tls-dir", text(&publish)];
    let said = expect_code(&imaged(&other), 4, &other);
    assert!(said.contains("lacks the role 'admin'"), "{said}");
    let data = rig.path("imaged");
    let offline = ["store", "gc", "--data-dir", text(&data)];
    let said = expect_code(&imaged(&offline), 4, &offline);
    assert!(said.contains("in use by another process"), "{said}");
    rig.kill_imaged();
    rig.kill_unpackd();
    expect_code(&imaged(&offline), 0, &offline);
    assert_eq!(store(0, &["scrub", "--data-dir", text(&data)])["clean"], true);
}

#[test]
fn a_replica_is_healed_from_its_primary() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    let replica = Replica::start(&rig, "replica", &[]);
    replica.wait("base/small/1", |record| record.is_some());
    damage(&rig.path("replica"));
    let admin = rig.path("pki/admin");
    let server = ["--imaged", &replica.server.address, "--tls-dir", text(&admin)];
    let found = store(5, &[&["scrub"], &server[..]].concat());
    let object = &found["damaged_objects"][0];
    assert_eq!(object["images"][0], "base/small/1", "{found}");
    assert!(object["paths"][0].as_str().unwrap().starts_with("file-"), "{found}");
    let healed = store(0, &[&["scrub", "--heal"], &server[..]].concat());
    assert_eq!(
        (&healed["clean"], &healed["damaged_objects"][0]["healed"]),
        (&true.into(), &true.into())
    );
    replica.wait_for_log("healed an object");
    replica.assert_whole("base/small/1");
    assert_eq!(
        store(0, &[&["scrub"], &server[..]].concat())["damaged_objects"],
        serde_json::json!([])
    );
}

#[test]
fn a_primary_is_healed_from_a_replica_also_without_its_manifest() {
    let mut rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    let (replica, address) = {
        let replica = Replica::start(&rig, "replica", &[]);
        replica.wait("base/small/1", |record| record.is_some());
        (replica.server, rig.imaged_address().to_owned())
    };
    rig.kill_unpackd();
    rig.kill_imaged();
    let data = rig.path("imaged");
    damage(&data);
    let offline = ["scrub", "--data-dir", text(&data)];
    assert_eq!(store(5, &offline)["clean"], false);
    let read = rig.path("pki/read");
    let heal = ["--heal-from", &replica.address, "--tls-dir", text(&read)];
    assert_eq!(store(0, &[&offline[..], &heal[..]].concat())["clean"], true);
    assert_eq!(store(0, &offline)["damaged_objects"], serde_json::json!([]));

    // All packs are gone: everything comes again, the manifest first.
    packs(&data).iter().for_each(|pack| std::fs::remove_file(pack).unwrap());
    let log = rig.path("healed.log");
    let server =
        Server::start(&Arc::default(), ("imaged", &address), StatusPages::Off, &log, |command| {
            command.arg("--data-dir").arg(&data).arg("--tls-dir").arg(rig.path("pki/imaged"));
            command.args(["--heal-from", &replica.address]);
        });
    let _server = server.unwrap();
    let admin = rig.path("pki/admin");
    let healing = ["--imaged", &address, "--tls-dir", text(&admin)];
    let healed = store(0, &[&["scrub", "--heal"], &healing[..]].concat());
    assert_eq!(healed["clean"], true, "{healed}");
    rig.json(&["image", "verify", "base/small/1"]);
    assert!(std::fs::read_to_string(&log).unwrap().contains("healed an object"));
}
