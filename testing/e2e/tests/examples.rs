//! The library's examples as a pipeline runs them: add an image, publish it to two regions, kill the publisher, resume
//! the run, verify the AMIs.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use e2e::release::{Release, efi_disk, soon};
use e2e::{program, text};

/// Prepares a run of an example with the rig's daemons and the simulated AWS.
fn example(release: &Release, name: &str, arguments: &[&str]) -> Command {
    let around = release.command();
    let mut command = Command::new(program("examples").join(name));
    command.env_clear().args(arguments);
    for (name, value) in around.get_envs() {
        command.env(name, value.unwrap());
    }
    command
}

/// Runs an example that must succeed; returns its standard output.
fn run(release: &Release, name: &str, arguments: &[&str]) -> String {
    let output = example(release, name, arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn examples_add_publish_resume_and_verify() {
    let release = Release::start(soon(false));
    let disk = release.rig.path("disk.raw");
    efi_disk(&disk);
    let added = run(&release, "add_image", &["appliance/router/1", text(&disk), "x86_64"]);
    assert!(added.contains(" new, "), "{added}");
    let again = run(&release, "add_image", &["appliance/router/1", text(&disk), "x86_64"]);
    assert!(again.contains(" there already, "), "{again}");

    let mut publish = example(
        &release,
        "publish_two_regions",
        &["appliance/router/1", "us-east-1", "eu-central-1"],
    );
    let mut publisher = publish.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(publisher.stderr.take().unwrap());
    let (mut line, mut run_id) = (String::new(), None);
    // Kills the publisher when the first target puts blocks or waits.
    while said.read_line(&mut line).unwrap() > 0 {
        if let Some(id) = line.strip_prefix("run ") {
            run_id = Some(id.trim().to_owned());
        }
        if line.contains(": waiting,") || line.contains(": putting,") {
            break;
        }
        line.clear();
    }
    publisher.kill().unwrap();
    publisher.wait().unwrap();
    let run_id = run_id.unwrap_or_else(|| {
        let mut rest = String::new();
        said.read_to_string(&mut rest).unwrap();
        panic!("no run: {line}{rest}")
    });

    let amis = run(&release, "resume_run", &[&run_id]);
    let amis: Vec<(&str, &str)> = amis.lines().map(|l| l.split_once(' ').unwrap()).collect();
    assert_eq!(amis.len(), 2, "{amis:?}");
    for (target, ami) in amis {
        let region = target.strip_prefix("default/").unwrap();
        let verified = run(&release, "verify_ami", &[ami, region]);
        assert!(verified.starts_with(&format!("{ami} is appliance/router/1: ")), "{verified}");
    }
}
