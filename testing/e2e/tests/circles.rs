//! Sibling modules do not depend on each other in a circle: code that two siblings need is in a module below both.
#![allow(clippy::unwrap_used, reason = "tests end at the first error")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use e2e::sources::{root, rust_files};

/// A module, as its path in the crate. The path of the crate's root is empty.
type Module = Vec<String>;

/// Source folders of all crates that ship.
fn crates() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ["store", "imaged", "unpackd", "publish-cli", "awssim"]
        .map(|name| root().join(name))
        .into();
    let below = std::fs::read_dir(root().join("crates")).unwrap();
    found.extend(below.map(|entry| entry.unwrap().path()));
    found.into_iter().map(|path| path.join("src")).filter(|path| path.is_dir()).collect()
}

/// Returns a module's code without comments and without its tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let text = text.split("#[cfg(test)]\n#[allow").next().unwrap();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |text, line| text + line + "\n")
}

/// Returns the paths that a use tree imports: `a::{b, c::d}` imports `a::b` and `a::c::d`.
fn expanded(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((before, inside)) = tree.split_once('{') else { return vec![tree.to_owned()] };
    let inside = &inside[..inside.rfind('}').unwrap_or(inside.len())];
    let (mut parts, mut depth, mut part) = (Vec::new(), 0, String::new());
    for character in inside.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(character);
    }
    parts.push(part);
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| expanded(&format!("{before}{}", part.trim()))).collect()
}

/// Returns all paths that begin with `crate`, `super` or `self`.
fn paths(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(word) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let rest = &code[at..];
            let line = &code[code[..at].rfind('\n').map_or(0, |at| at + 1)..at];
            let end = if line.trim_start().contains("use ") {
                rest.find(';')
            } else {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':')
            };
            found.extend(expanded(&rest[..end.unwrap_or(rest.len())]));
        }
    }
    found
}

/// Returns the deepest module on `path`, which code in the module `here` uses. The rest of the path is an item in that
/// module.
fn resolved(here: &Module, path: &str, all: &BTreeSet<Module>) -> Module {
    let mut parts = path.split("::").map(str::trim).peekable();
    let mut base = match parts.next() {
        Some("crate") => Vec::new(),
        Some("super") => here[..here.len().saturating_sub(1)].to_vec(),
        _ => here.clone(),
    };
    while parts.next_if_eq(&"super").is_some() {
        base.pop();
    }
    for part in parts {
        base.push(part.to_owned());
        if !all.contains(&base) {
            base.pop();
            break;
        }
    }
    base
}

/// For each parent module: its modules, each with the siblings that it needs.
type Needs = BTreeMap<Module, BTreeMap<String, BTreeSet<String>>>;

fn needs(source: &Path) -> Needs {
    let mut files = rust_files(source);
    files.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        !name.contains("tests") && name != "main.rs"
    });
    let module = |path: &PathBuf| -> Module {
        let relative = path.strip_prefix(source).unwrap().with_extension("");
        let parts = relative.iter().map(|part| part.to_string_lossy().into_owned());
        parts.filter(|part| part != "lib").collect()
    };
    let all: BTreeSet<Module> = files.iter().map(module).collect();
    let mut needs = Needs::new();
    for file in &files {
        let here = module(file);
        for path in paths(&code(&std::fs::read_to_string(file).unwrap())) {
            let there = resolved(&here, &path, &all);
            let same = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
            if let (Some(from), Some(to)) = (here.get(same), there.get(same)) {
                let siblings = needs.entry(here[..same].to_vec()).or_default();
                siblings.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    needs
}

/// Returns a circle of needs: a way from a module back to itself. `None` if there is none.
fn circle(needs: &BTreeMap<String, BTreeSet<String>>, start: &str) -> Option<Vec<String>> {
    let (mut ways, mut seen) = (vec![vec![start.to_owned()]], BTreeSet::new());
    while let Some(way) = ways.pop() {
        for next in needs.get(way.last()?).into_iter().flatten() {
            let longer = [&way[..], std::slice::from_ref(next)].concat();
            if next == start {
                return Some(longer);
            }
            if seen.insert(next.clone()) {
                ways.push(longer);
            }
        }
    }
    None
}

#[test]
fn siblings_form_no_circle() {
    let mut found = Vec::new();
    for source in crates() {
        for (above, needs) in needs(&source) {
            for circle in needs.keys().filter_map(|start| circle(&needs, start)) {
                let place = format!("{}/{}", source.display(), above.join("/"));
                found.push(format!("{place}: {}", circle.join(" → ")));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn circles_are_found() {
    let scratch = testkit::scratch();
    let write = |name: &str, text: &str| {
        let path = scratch.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::io::Write::write_all(&mut std::fs::File::create_new(path).unwrap(), text.as_bytes())
            .unwrap();
    };
    write("lib.rs", "mod a;\nmod b;\nmod c;\n");
    write("a.rs", "use crate::{b::{self, B}, c};\n");
    write("b.rs", "// use crate::a;\nmod inner;\n#[cfg(test)]\nmod tests { use crate::a; }\n");
    write("b/inner.rs", "fn f() { super::super::c::g() }\n");
    write("c.rs", "fn g() {}\n");
    let found = needs(scratch.path());
    let of_root = &found[&Vec::new()];
    assert_eq!(of_root["a"], BTreeSet::from(["b".to_owned(), "c".to_owned()]));
    assert_eq!(of_root["b"], BTreeSet::from(["c".to_owned()]));
    assert_eq!(circle(of_root, "a"), None);
    std::io::Write::write_all(
        &mut std::fs::File::options().append(true).open(scratch.path().join("c.rs")).unwrap(),
        b"use super::a;\n",
    )
    .unwrap();
    let found = needs(scratch.path());
    assert_eq!(circle(&found[&Vec::new()], "c").unwrap(), ["c", "a", "c"]);
}
