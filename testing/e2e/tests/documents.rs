//! Checks lists in documents against the code.
#![allow(clippy::unwrap_used, reason = "tests end at the first error")]

use std::collections::BTreeSet;

use e2e::sources::{root, rust_files};
use rpc::authority::RULES;

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn security_lists_every_call_with_its_role() {
    let text = read("docs/security.md");
    let rows: Vec<&str> = text.lines().filter(|line| line.contains("Service/")).collect();
    let expected: Vec<String> = RULES
        .iter()
        .map(|rule| {
            let method = rule.method.trim_start_matches("imprint.v1.");
            format!("| {method} | {} | {} |", rule.role_words(), rule.scope.words())
        })
        .collect();
    assert_eq!(rows, expected);
}

/// Returns the names in the first column of the lists in a module's head comment. The lists are in fences. Their lines
/// have the form `//! name   description`, with at least two spaces in between.
fn listed(head: &str) -> BTreeSet<String> {
    let lines = head.lines().take_while(|line| line.starts_with("//!"));
    let lines = lines.map(|line| line.trim_start_matches("//!").trim_start_matches(' '));
    let (mut names, mut is_list) = (BTreeSet::new(), false);
    for line in lines {
        if line.starts_with("```") {
            is_list = !is_list;
            continue;
        }
        let Some((first, _)) = line.split_once("  ").filter(|_| is_list) else { continue };
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_/, ".contains(c);
        if first.chars().all(is_name) {
            let all = first.split([',', '/', ' ']).filter(|name| !name.is_empty());
            names.extend(all.map(str::to_owned));
        }
    }
    names
}

fn modules(text: &str) -> BTreeSet<String> {
    let lines =
        text.lines().map(|line| line.trim_start_matches("pub ").trim_start_matches("pub(crate) "));
    let names = lines.filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
    names.filter(|name| *name != "tests").map(str::to_owned).collect()
}

/// If a module's head comment lists most of its modules, it must list all of them, so that readers find every module.
#[test]
fn heads_list_their_modules() {
    let folders = ["store", "imaged", "unpackd", "publish-cli", "awssim", "crates", "testing"];
    let files = folders.iter().flat_map(|folder| rust_files(&root().join(folder)));
    let mut wrong = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let (listed, modules) = (listed(&text), modules(&text));
        let known = modules.intersection(&listed).count();
        if known * 2 <= modules.len() || known < 3 {
            continue;
        }
        // Small helpers, such as error modules, need no line.
        let missing: Vec<&String> = modules
            .difference(&listed)
            .filter(|name| !["error", "fixture", "tests"].contains(&name.as_str()))
            .collect();
        if !missing.is_empty() {
            wrong.push(format!("{}: {missing:?}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "modules that their head does not list:\n{}", wrong.join("\n"));
}

#[test]
fn lists_of_modules_are_read() {
    let head = "//! Words.\n//!\n//! ```text\n//! one   first\n//! two, three/  more\n//! a b\n//! ```\nmod one;\n";
    assert_eq!(listed(head), ["one", "three", "two"].map(str::to_owned).into());
    assert_eq!(modules("pub mod a;\nmod b;\nmod c {\n"), ["a", "b"].map(str::to_owned).into());
}

/// Returns the names in the first column of a table, with the column's heading. A cell can list several names.
fn first_column(table: &str) -> BTreeSet<String> {
    let rows = table.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = rows.filter_map(|row| row.split_once(" |")).map(|(cell, _)| cell);
    cells.flat_map(|cell| cell.split(", ")).map(str::to_owned).collect()
}

#[test]
fn every_dependency_has_its_reason() {
    let architecture = read("ARCHITECTURE.md");
    let (_, after) = architecture.split_once("## Dependencies").unwrap();
    let mut told = first_column(after.split("\n## ").next().unwrap());
    assert!(told.remove("crate"), "the table's head");
    let workspace = read("Cargo.toml");
    let (_, after) = workspace.split_once("[workspace.dependencies]").unwrap();
    let lines = after.split("\n[").next().unwrap().lines();
    let from_outside = lines.filter(|line| line.contains(" = ") && !line.contains("path = "));
    let used: BTreeSet<_> = from_outside
        .filter_map(|line| line.split_once(" = ").map(|(name, _)| name.to_owned()))
        .collect();
    assert!(used.len() > 50, "{used:?}");
    assert_eq!(told, used);
}
