//! Within a crate, no two types have the same name: a reader who searches for a name finds one definition.
#![allow(clippy::unwrap_used, reason = "tests end at the first error")]

use std::collections::BTreeMap;

use e2e::sources::{root, rust_files};

/// Folders of the crates that ship, from the root of the tree.
const FOLDERS: [&str; 6] = ["store", "imaged", "unpackd", "publish-cli", "awssim", "crates"];

/// The words with which the definition of a type begins, after its visibility.
const DEFINITIONS: [&str; 5] = ["struct ", "enum ", "trait ", "type ", "union "];

/// Returns the name of the type that a line defines. An indented line belongs to a trait, a function or a test.
fn defined(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ").or(line.strip_prefix("pub(crate) ")).unwrap_or(line);
    let line = line.strip_prefix("pub(super) ").unwrap_or(line);
    let rest = DEFINITIONS.iter().find_map(|word| line.strip_prefix(word))?;
    rest.split(|c: char| !c.is_alphanumeric()).next()
}

/// Returns the crate of a source file: the part of its path before `/src/`.
fn crate_of(path: &str) -> Option<&str> {
    path.split_once("/src/").map(|(name, _)| name)
}

#[test]
fn a_name_stands_for_one_type_in_a_crate() {
    let root = root();
    let files = FOLDERS.iter().flat_map(|folder| rust_files(&root.join(folder)));
    let mut places: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for file in files {
        let path = file.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        let Some(name) = crate_of(&path) else { continue };
        let text = std::fs::read_to_string(&file).unwrap();
        for defined in text.lines().filter_map(defined) {
            let place = places.entry((name.to_owned(), defined.to_owned())).or_default();
            place.push(path.clone());
        }
    }
    assert!(places.len() > 600, "{}", places.len());
    places.retain(|_, files| files.len() > 1);
    assert!(places.is_empty(), "names that stand for several types: {places:#?}");
}

#[test]
fn definitions_are_read() {
    assert_eq!(defined("pub(crate) struct Name<'a> {"), Some("Name"));
    assert_eq!(defined("enum Kind {"), Some("Kind"));
    assert_eq!(defined("pub type Alias = u8;"), Some("Alias"));
    assert_eq!(defined("    type Target = [u8];"), None);
    assert_eq!(defined("fn structure() {}"), None);
}
