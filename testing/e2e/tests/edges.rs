//! Dependencies between our crates point down only, as ARCHITECTURE.md draws them.
#![allow(clippy::unwrap_used, reason = "tests end at the first error")]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// Every edge that is allowed, from a crate to what it may depend on.
const ALLOWED: [(&str, &[&str]); 12] = [
    ("wire", &[]),
    ("sysio", &[]),
    ("rpc", &["wire"]),
    ("store", &["sysio", "wire"]),
    ("transfer", &["rpc", "store", "wire"]),
    ("statuspage", &[]),
    ("imaged", &["rpc", "statuspage", "store", "sysio", "wire"]),
    ("unpackd", &["rpc", "statuspage", "store", "sysio", "transfer", "wire"]),
    ("cloud", &["wire"]),
    ("awssim", &["wire"]),
    // Of unpackd its mount alone, to show a published snapshot.
    ("publish-cli", &["cloud", "rpc", "store", "transfer", "unpackd", "wire"]),
    ("testkit", &[]),
];

/// Crates that nothing ships and that may see everything.
const UNSHIPPED: [&str; 2] = ["benches", "e2e"];

fn edges(metadata: &Value) -> BTreeSet<(String, String)> {
    let packages = metadata["packages"].as_array().unwrap();
    let names: BTreeSet<&str> = packages.iter().map(|p| p["name"].as_str().unwrap()).collect();
    let mut edges = BTreeSet::new();
    for package in packages {
        for dependency in package["dependencies"].as_array().unwrap() {
            let (from, to) =
                (package["name"].as_str().unwrap(), dependency["name"].as_str().unwrap());
            // Tests of a crate may use testkit, and what is below it.
            if dependency["kind"].is_null() && names.contains(to) {
                edges.insert((from.to_owned(), to.to_owned()));
            }
        }
    }
    edges
}

fn forbidden(edges: &BTreeSet<(String, String)>) -> Vec<String> {
    edges
        .iter()
        .filter(|(from, to)| {
            let allowed = ALLOWED.iter().find(|(name, _)| name == from);
            !UNSHIPPED.contains(&from.as_str())
                && !allowed.is_some_and(|(_, below)| below.contains(&to.as_str()))
        })
        .map(|(from, to)| format!("{from} → {to}"))
        .collect()
}

#[test]
fn dependencies_point_down_only() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let edges = edges(&metadata);
    assert!(edges.contains(&("store".to_owned(), "wire".to_owned())), "no edges were found");
    assert_eq!(forbidden(&edges), [] as [String; 0]);
}

#[test]
fn an_edge_that_points_up_is_found() {
    let edges = [("wire", "store"), ("imaged", "unpackd"), ("stranger", "wire")];
    let edges = edges.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(forbidden(&edges).len(), 3);
}

/// `unsafe` lives in sysio alone: every other crate forbids it in its first lines.
#[test]
fn all_crates_but_sysio_forbid_unsafe() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (name, _) in ALLOWED.iter().filter(|(name, _)| *name != "sysio") {
        let text = std::fs::read_to_string(root.join(name).join("src/lib.rs")).unwrap();
        assert!(text.contains("#![forbid(unsafe_code)]"), "{name} does not forbid unsafe");
    }
}
