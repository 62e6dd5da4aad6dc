//! Inspection of images: packages, differences, history; compared with dpkg and rpm.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::process::Command;

use e2e::text;
use e2e::{Rig, rootfs};
use serde_json::{Value, json};

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns packages as sorted lines of "name version architecture".
fn lines(packages: &Value) -> Vec<String> {
    let field = |package: &Value, name: &str| package[name].as_str().unwrap().to_owned();
    let line =
        |p: &Value| format!("{} {} {}", field(p, "name"), field(p, "version"), field(p, "arch"));
    let mut lines: Vec<String> = packages.as_array().unwrap().iter().map(line).collect();
    lines.sort();
    lines
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn privileged_packages_are_what_dpkg_says() {
    if !testkit::is_privileged("privileged_packages_are_what_dpkg_says") {
        return;
    }
    let rig = Rig::start();
    let tree = rootfs::debian();
    rig.json(&["image", "add", "base/debian/1", text(&tree)]);
    let packages = rig.json(&["image", "packages", "base/debian/1"]);
    let admin = format!("--admindir={}", tree.join("var/lib/dpkg").display());
    let format = "--showformat=${Package} ${Version} ${Architecture} ${db:Status-Status}\n";
    let said = run(Command::new("dpkg-query").args([&admin, "-W", format]));
    let installed = said.lines().filter_map(|line| line.strip_suffix(" installed"));
    let mut installed: Vec<&str> = installed.collect();
    installed.sort_unstable();
    assert!(installed.len() > 50, "{said}");
    assert_eq!(lines(&packages["packages"]), installed);
}

/// Builds an empty rpm package; returns its path.
fn rpm_package(folder: &Path, name: &str, epoch: &str, version: &str) -> std::path::PathBuf {
    let spec = folder.join(format!("{name}.spec"));
    let head = format!("Name: {name}\n{epoch}Version: {version}\nRelease: 3\nSummary: s\n");
    let body = "License: MIT\nBuildArch: noarch\n%description\nd\n%files\n";
    std::fs::write(&spec, head + body).unwrap();
    let top = format!("_topdir {}", folder.display());
    run(Command::new("rpmbuild").args(["--quiet", "-bb", "--define", &top]).arg(&spec));
    folder.join(format!("RPMS/noarch/{name}-{version}-3.noarch.rpm"))
}

#[test]
fn differences_name_packages_and_directories() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    for folder in ["var/lib/rpm", "etc", "usr/lib/deep/er"] {
        std::fs::create_dir_all(tree.join(folder)).unwrap();
    }
    let database = format!("_dbpath {}", tree.join("var/lib/rpm").display());
    let rpm =
        |arguments: &[&str]| run(Command::new("rpm").args(["--define", &database]).args(arguments));
    rpm(&["--initdb"]);
    let build = rig.path("build");
    std::fs::create_dir(&build).unwrap();
    let install = |name: &str, epoch: &str, version: &str| {
        let package = rpm_package(&build, name, epoch, version);
        rpm(&["-U", "--nodeps", "--justdb", "--force", text(&package)]);
    };
    install("alpha", "Epoch: 2\n", "1.0");
    install("beta", "", "5");
    std::fs::write(tree.join("etc/motd"), "one\n").unwrap();
    rig.json(&["image", "add", "base/red/1", text(&tree)]);
    let packages = rig.json(&["image", "packages", "base/red/1"]);
    let format = "--qf=%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}";
    let said = rpm(&[
        "-qa",
        &format.replace("--qf=", "--qf=%{NAME} ").replace("%{RELEASE}", "%{RELEASE} %{ARCH}\\n"),
    ]);
    assert_eq!(lines(&packages["packages"]), sorted(&said));
    assert_eq!(said.lines().count(), 2, "{said}");

    install("alpha", "Epoch: 2\n", "1.1");
    install("gamma", "", "7");
    rpm(&["-e", "--nodeps", "--justdb", "beta"]);
    std::fs::write(tree.join("etc/motd"), "two\n").unwrap();
    std::fs::write(tree.join("usr/lib/deep/er/file"), vec![7; 5000]).unwrap();
    rig.json(&["image", "add", "base/red/2", text(&tree)]);
    let diff = rig.json(&["image", "diff", "base/red/1", "base/red/2"]);
    let of = |change: &str, field: &str| diff["packages"][change][0][field].clone();
    assert_eq!(
        (of("changed", "name"), of("changed", "from"), of("changed", "to")),
        (json!("alpha"), json!("2:1.0-3"), json!("2:1.1-3")),
        "{diff}"
    );
    assert_eq!((of("added", "name"), of("removed", "name")), (json!("gamma"), json!("beta")));
    assert_eq!(diff["directories"]["usr/lib"]["added_bytes"], 5000, "{diff}");
    let mut command = rig.command("publish");
    let said = run(command.args(["image", "diff", "base/red/1", "base/red/2", "--text"]));
    for words in
        ["! alpha 2:1.0-3 → 2:1.1-3", "+ gamma 7-3", "- beta 5-3", "-one\n+two", "/usr/lib"]
    {
        assert!(said.contains(words), "'{words}' is not in:\n{said}");
    }

    std::fs::remove_file(tree.join("etc/motd")).unwrap();
    rig.json(&["image", "add", "base/red/3", text(&tree)]);
    rig.json(&["image", "add", "base/red/4", text(&tree)]);
    let history = rig.json(&["image", "history", "base/red", "etc/motd"]);
    let changes: Vec<(&Value, &Value)> = history["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (&r["image"], &r["change"]))
        .collect();
    let expected = [("base/red/1", "added"), ("base/red/2", "changed"), ("base/red/3", "removed")];
    let expected = expected.map(|(image, change)| (json!(image), json!(change)));
    assert!(changes.iter().copied().eq(expected.iter().map(|(a, b)| (a, b))), "{history}");
    rig.refused("publish", 3, &["image", "history", "base/red", "etc/nothing"]);
}
