//! The dependencies between Imprint's crates are exactly those of ARCHITECTURE.md's drawing.
#![allow(clippy::unwrap_used, reason = "tests end at the first error")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use e2e::sources::root;
use serde_json::Value;

/// Imprint's crates, each with the crates that it must not link: frameworks belong at the edges of the system.
const UNLINKED: [(&str, &[&str]); 7] = [
    ("wire", &["tonic", "redb", "axum", "fuser", "tokio"]),
    ("diskfs", &["tonic", "redb", "axum", "fuser", "tokio"]),
    ("boot", &["tonic", "redb", "axum", "fuser", "tokio"]),
    ("store", &["tonic", "redb", "axum", "fuser", "tokio"]),
    ("patch", &["tonic", "redb", "axum", "fuser", "tokio"]),
    ("imagefs", &["tonic", "redb", "axum", "tokio"]),
    ("publisher", &["fuser", "clap", "redb"]),
];

fn metadata(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked"])
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

type Edges = BTreeMap<String, BTreeSet<String>>;

/// Returns the dependencies in the workspace: for each shipped crate, those of Imprint's crates that it links. `rig` is
/// also shipped, because quickstart links it.
fn edges(metadata: &Value) -> Edges {
    let packages = metadata["packages"].as_array().unwrap();
    let names: BTreeSet<&str> = packages.iter().map(|p| p["name"].as_str().unwrap()).collect();
    let is_shipped = |package: &Value| {
        let manifest = package["manifest_path"].as_str().unwrap();
        let is_for_tests = manifest.contains("/testing/") && package["name"] != "rig";
        !is_for_tests && !manifest.contains("/benches/")
    };
    let of = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap().iter();
        let linked = all.filter(|dependency| dependency["kind"].is_null());
        let linked = linked.map(|dependency| dependency["name"].as_str().unwrap());
        linked.filter(|name| names.contains(name)).map(str::to_owned).collect()
    };
    let shipped = packages.iter().filter(|package| is_shipped(package));
    shipped.map(|package| (package["name"].as_str().unwrap().to_owned(), of(package))).collect()
}

/// Parses the drawing of dependencies: lines such as `transfer → {store, rpc, wire}` in ARCHITECTURE.md.
fn drawn(text: &str) -> Edges {
    let mut found = Edges::new();
    for line in text.lines().filter(|line| line.contains(" → ")) {
        for part in line.split('·') {
            let Some((from, to)) = part.split_once(" → ") else { continue };
            let to = to.trim().trim_matches(['{', '}']);
            let to: BTreeSet<String> = match to {
                "nothing of ours" => BTreeSet::new(),
                names => names.split(',').map(|name| name.trim().to_owned()).collect(),
            };
            for from in from.split(',') {
                found.insert(from.trim().to_owned(), to.clone());
            }
        }
    }
    found
}

fn drawing() -> Edges {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let begin = text.find("```edges").expect("a block of edges");
    let block = &text[begin + "```edges".len()..];
    drawn(&block[..block.find("```").unwrap()])
}

#[test]
fn dependencies_are_as_drawn() {
    let (is, drawing) = (edges(&metadata(&["--no-deps"])), drawing());
    assert!(is.len() > 10, "{is:?}");
    for (name, linked) in &is {
        let drawn = drawing.get(name).cloned().unwrap_or_default();
        assert!(drawing.contains_key(name), "ARCHITECTURE.md does not draw {name}");
        assert_eq!(*linked, drawn, "{name} is not as ARCHITECTURE.md draws it");
    }
    let unknown: Vec<&String> = drawing.keys().filter(|name| !is.contains_key(*name)).collect();
    assert!(unknown.is_empty(), "ARCHITECTURE.md draws crates that are not there: {unknown:?}");
}

#[test]
fn drawings_are_read() {
    let found = drawn("a → {b, c}  · d, e → nothing of ours\nwords\nb → c");
    let of = |name: &str| found[name].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!((of("a"), of("d"), of("e"), of("b")), (vec!["b", "c"], vec![], vec![], vec!["c"]));
}

/// A pipeline that builds the publisher's examples must compile neither FUSE nor a daemon, not even for the tests.
#[test]
fn the_publishers_examples_compile_no_daemon() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "-p", "publisher", "-e", "normal,build,dev", "--prefix", "none"])
        .current_dir(root())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let built: BTreeSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(built.contains("publisher") && built.contains("testkit"), "{built:?}");
    for name in ["fuser", "unpackd", "imaged", "redb", "clap"] {
        assert!(!built.contains(name), "{name} is built");
    }
}

/// Libraries link none of the frameworks in [`UNLINKED`], not even through other crates.
#[test]
fn libraries_link_no_edge() {
    let metadata = metadata(&[]);
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in nodes {
        let linked = node["deps"].as_array().unwrap().iter().filter(|dependency| {
            dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null())
        });
        let linked = linked.map(|dependency| dependency["pkg"].as_str().unwrap()).collect();
        below.insert(node["id"].as_str().unwrap(), linked);
    }
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        names.insert(package["id"].as_str().unwrap(), package["name"].as_str().unwrap());
    }
    for (name, unlinked) in UNLINKED {
        let (start, _) = names.iter().find(|(_, of)| **of == name).unwrap();
        let (mut seen, mut next) = (BTreeSet::from([*start]), vec![*start]);
        while let Some(id) = next.pop() {
            next.extend(below[id].iter().copied().filter(|id| seen.insert(id)));
        }
        let linked: Vec<&str> = seen.iter().map(|id| names[id]).collect();
        let wrong: Vec<&&str> = unlinked.iter().filter(|edge| linked.contains(*edge)).collect();
        assert!(wrong.is_empty(), "{name} links {wrong:?}");
        assert!(linked.len() > 3, "{name}: {linked:?}");
    }
}

/// Only sysio has `unsafe`; every other crate forbids it in its first lines.
#[test]
fn all_crates_but_sysio_forbid_unsafe() {
    let metadata = metadata(&["--no-deps"]);
    for package in metadata["packages"].as_array().unwrap() {
        let (name, manifest) = (package["name"].as_str().unwrap(), &package["manifest_path"]);
        let library = Path::new(manifest.as_str().unwrap()).with_file_name("src").join("lib.rs");
        let Ok(text) = std::fs::read_to_string(library) else { continue };
        let forbids = text.contains("#![forbid(unsafe_code)]");
        assert_eq!(forbids, name != "sysio", "{name}");
    }
}
