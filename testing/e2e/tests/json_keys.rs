//! docs/json.md lists the keys of every JSON document. This test runs every command and compares the keys.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use awssim::faults::Fault;
use e2e::release::{Release, efi_disk, small_tree, soon};
use e2e::{expect_code, program, text};
use serde_json::Value;

/// Keys whose value is a map. The keys inside such a map are data, so docs/json.md does not list them.
const MAPS: [&str; 6] = ["tags", "os_release", "directories", "PhaseMs", "labels", "policy"];

/// Collects the paths of all keys in a document, such as `volumes[].lease.epoch`.
fn keys(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{key}");
                if !MAPS.contains(&key.as_str()) {
                    keys(value, &path, found);
                }
                found.insert(path);
            }
        }
        Value::Array(list) => {
            for value in list {
                keys(value, &format!("{path}[]"), found);
            }
        }
        _ => {}
    }
}

/// Formats a row of the table: a command, and the keys of the document that it prints.
fn row(command: &str, document: &Value) -> String {
    let mut found = BTreeSet::new();
    keys(document, "", &mut found);
    found.remove("schema_version");
    let found: Vec<String> = found.into_iter().map(|key| format!("`{key}`")).collect();
    format!("| `{command}` | {} |", found.join(" "))
}

const BEGIN: &str = "<!-- The table below is compared with what commands print. -->\n";

/// Runs every command on images and adds a row for each.
fn images(release: &Release, rows: &mut Vec<String>) {
    let rig = &release.rig;
    let (tree, disk, other) = (rig.path("tree"), rig.path("disk.raw"), rig.path("other.raw"));
    small_tree(&tree);
    std::fs::create_dir_all(tree.join("var/lib/dpkg")).unwrap();
    let package = "Package: hello\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n";
    std::fs::write(tree.join("var/lib/dpkg/status"), package).unwrap();
    std::os::unix::net::UnixListener::bind(tree.join("socket")).unwrap();
    let mut tell = |command: &str, document: Value| rows.push(row(command, &document));
    let tree_text = text(&tree);
    tell(
        "image add --dry-run",
        rig.json(&["image", "add", "small/tree/1", tree_text, "--dry-run"]),
    );
    tell("image add", rig.json(&["image", "add", "small/tree/1", tree_text, "--tag", "team=base"]));
    let next = package.replace("Version: 1", "Version: 2")
        + "\nPackage: new\nStatus: install ok installed\n\
         Architecture: amd64\nVersion: 1\n";
    std::fs::write(tree.join("var/lib/dpkg/status"), next).unwrap();
    rig.json(&["image", "add", "small/tree/2", tree_text]);
    efi_disk(&disk);
    efi_disk(&other);
    for (name, path) in [("small/disk/1", &disk), ("small/disk/2", &other)] {
        rig.json(&["image", "add", name, text(path), "--arch", "x86_64"]);
    }
    tell("image list", rig.json(&["image", "list"]));
    tell("image show", rig.json(&["image", "show", "small/tree/1"]));
    tell("image diff", rig.json(&["image", "diff", "small/tree/1", "small/tree/2"]));
    tell("image diff (disks)", rig.json(&["image", "diff", "small/disk/1", "small/disk/2"]));
    let status = "var/lib/dpkg/status";
    tell("image history", rig.json(&["image", "history", "small/tree", status]));
    tell("image packages", rig.json(&["image", "packages", "small/tree/1"]));
    let (folder, file) = (rig.path("got"), rig.path("got.raw"));
    tell("image get", rig.json(&["image", "get", "small/tree/1", text(&folder)]));
    tell("image get (disk)", rig.json(&["image", "get", "small/disk/1", text(&file)]));
    tell("image verify", rig.json(&["image", "verify", "small/tree/1"]));
    let file = rig.path("bundle");
    tell("image save", rig.json(&["image", "save", "small/tree/1", text(&file)]));
    let mut load = rig.command("admin");
    let loaded = load.args(["--json", "image", "load", text(&file), "--dry-run"]).output().unwrap();
    tell("image load", serde_json::from_slice(&loaded.stdout).unwrap());
    tell("image rm", rig.json(&["image", "rm", "small/disk/2", "--yes"]));
}

/// Runs every command on volumes and adds a row for each.
fn volumes(release: &Release, rows: &mut Vec<String>) {
    let rig = &release.rig;
    let mut tell = |command: &str, document: Value| rows.push(row(command, &document));
    let volume = rig.path("volume");
    let add = ["unpacker", "add-volume", "--file", text(&volume), "--size", "1GiB"];
    let added = rig.json(&[&add[..], &["--stream", "small/tree"]].concat());
    let id = added["id"].as_str().unwrap();
    tell("unpacker prepare", rig.json(&["unpacker", "prepare", "small/tree"]));
    tell("unpacker status", rig.json(&["unpacker", "status"]));
    tell("unpacker unpack", rig.json(&["unpacker", "unpack", "small/tree/1"]));
    let capture = ["unpacker", "capture", "small/tree", "--no-boot"];
    tell("unpacker capture", rig.json(&capture));
    tell("unpacker release", rig.json(&["unpacker", "release", "small/tree"]));
    tell("unpacker verify", rig.json(&["unpacker", "verify", "small/tree"]));
    tell("unpacker forget", rig.json(&["unpacker", "forget", "small/tree", "--yes"]));
    tell("unpacker remove-volume", rig.json(&["unpacker", "remove-volume", id, "--yes"]));
}

/// Runs every command for publishing, targets and diagnosis and adds a row for each.
fn publishing(release: &Release, rows: &mut Vec<String>) {
    let rig = &release.rig;
    let mut tell = |command: &str, document: Value| rows.push(row(command, &document));
    let out = rig.path("out");
    let folder = ["publish", "small/disk/1", "--out", text(&out)];
    let rehearsed = rig.json(&[&folder[..], &["--dry-run"]].concat());
    tell("publish --out --dry-run (disk)", rehearsed);
    tell("publish --out", rig.json(&folder));
    let publish = |more: &[&str]| release.publish("small/disk/1", &["dev/us-east-1"], more);
    tell("publish --target --dry-run", publish(&["--dry-run"]));
    let published = publish(&[]);
    let run = published["run"].as_str().unwrap();
    let ami = published["results"][0]["AmiId"].as_str().unwrap();
    tell("publish --target, runs resume", published.clone());
    tell("runs list", release.json(&["runs", "list"]));
    tell("runs show", release.json(&["runs", "show", run]));
    tell("targets list", release.json(&["targets", "list", "--target", "dev/us-east-1"]));
    tell("targets policy", release.json(&["targets", "policy"]));
    tell("amis list", release.json(&["amis", "list", "--target", "dev/us-east-1"]));
    tell("amis verify", release.json(&["amis", "verify", ami, "--target", "dev/us-east-1"]));
    tell("runs undo", release.json(&["runs", "undo", run, "--yes"]));
    tell("selftest aws", release.json(&["selftest", "aws", "--target", "prod/us-east-1"]));
    // The exit code depends on what the machine lacks; the document's keys do not.
    tell("doctor", release.run(&["doctor"]).1);
}

/// Runs a daemon's own command and returns its document.
fn daemon(name: &str, arguments: &[&str]) -> Value {
    let output = Command::new(program(name)).args(arguments).arg("--json").output().unwrap();
    expect_code(&output, 0, arguments);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs the commands of the daemons themselves, which need no server, and adds a row for each.
fn daemons(release: &Release, rows: &mut Vec<String>) {
    let rig = &release.rig;
    let (store, volume) = (rig.path("imaged"), rig.path("volume-of-its-own"));
    std::fs::File::create(&volume).unwrap().set_len(256 << 20).unwrap();
    let mut tell = |command: &str, document: Value| rows.push(row(command, &document));
    let of_image = ["small/tree/1", text(&volume), "--store", text(&store)];
    tell("unpackd apply", daemon("unpackd", &[&["apply"], &of_image[..]].concat()));
    tell("unpackd verify", daemon("unpackd", &[&["verify"], &of_image[..]].concat()));
    let copy = rig.path("copy");
    let copied = Command::new("cp").arg("-a").args([&store, &copy]).status().unwrap();
    assert!(copied.success());
    for command in ["stat", "rebuild-index", "fsck", "scrub"] {
        let document = daemon("imaged", &["store", command, "--data-dir", text(&copy)]);
        tell(&format!("imaged store {command}"), document);
    }
}

/// Runs long commands with `--events` and adds a row for each kind of event.
fn events(release: &Release, rows: &mut Vec<String>) {
    let rig = &release.rig;
    let (path, tree, volume) = (rig.path("events"), rig.path("tree"), rig.path("second"));
    let add = ["image", "add", "small/events/1", text(&tree), "--events", text(&path)];
    rig.json(&add);
    let stream = ["--stream", "small/events"];
    let add = ["unpacker", "add-volume", "--file", text(&volume), "--size", "1GiB"];
    rig.json(&[&add[..], &stream].concat());
    rig.json(&["unpacker", "unpack", "small/events/1", "--events", text(&path)]);
    release.sim.faults().add(Fault {
        call: Some("StartSnapshot".to_owned()),
        code: Some("ThrottlingException".to_owned()),
        status: Some(400),
        times: Some(1),
        ..Fault::default()
    });
    release.publish("small/disk/1", &["prod/us-east-1"], &["--events", text(&path)]);
    let lines = std::fs::read_to_string(path).unwrap();
    let events: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for name in ["added", "progress", "retry", "step", "unpacked"] {
        let event = events.iter().find(|event| event["event"] == name);
        rows.push(row(&format!("event {name}"), event.unwrap_or_else(|| panic!("no {name}"))));
    }
    let named = |event: &Value| event["event"].as_str().unwrap().to_owned();
    let kinds: BTreeSet<String> = events.iter().map(named).collect();
    assert_eq!(kinds.len(), 5, "an event that the list lacks: {kinds:?}");
}

#[test]
fn privileged_documents_have_the_keys_that_json_md_lists() {
    if !testkit::is_privileged("privileged_documents_have_the_keys_that_json_md_lists") {
        return;
    }
    let release = Release::start(soon(false));
    let mut rows = Vec::new();
    images(&release, &mut rows);
    volumes(&release, &mut rows);
    publishing(&release, &mut rows);
    daemons(&release, &mut rows);
    events(&release, &mut rows);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/json.md");
    let written = std::fs::read_to_string(&path).unwrap();
    let (head, table) = written.split_once(BEGIN).expect("the line before the table");
    let expected = format!("| command | keys |\n|---|---|\n{}\n", rows.join("\n"));
    if std::env::var_os("IMPRINT_WRITE_DOCUMENTS").is_some() {
        std::fs::write(&path, format!("{head}{BEGIN}{expected}")).unwrap();
        return;
    }
    assert_eq!(table, expected, "IMPRINT_WRITE_DOCUMENTS=1 writes docs/json.md anew");
}
