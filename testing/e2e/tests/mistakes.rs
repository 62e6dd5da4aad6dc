//! Mistakes that people make when they publish: each gets an error, and nothing is published to a wrong place.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::time::{Duration, Instant};

use awssim::faults::Fault;
use e2e::release::{Release, small_disk, soon};
use e2e::text;

const MORE: &[&str] = &["--no-boot", "--unencrypted"];

/// Starts a release with a disk image `disk/a/1`; returns the disk's file too.
fn start() -> (Release, std::path::PathBuf) {
    let release = Release::start(soon(false));
    let path = release.rig.path("disk.raw");
    small_disk(&path, 1);
    release.json(&["image", "add", "disk/a/1", text(&path), "--arch", "x86_64"]);
    (release, path)
}

/// Runs a publish that must be refused; returns its output.
fn refused(release: &Release, code: i32, image: &str, targets: &[&str], more: &[&str]) -> String {
    let arguments = release.arguments(image, targets, more);
    let (found, document, said) =
        release.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(found, code, "{more:?}: {said} {document}");
    format!("{said} {document}")
}

fn denied(call: &str, code: &str) -> Fault {
    let (call, code) = (Some(call.to_owned()), Some(code.to_owned()));
    Fault { call, code, status: Some(403), ..Fault::default() }
}

#[test]
fn a_target_that_is_skipped_by_a_wrong_name_is_not_published_to() {
    let (release, _) = start();
    for (wrong, words) in [
        ("dve/us-east-1", "account dve is not in the configuration"),
        ("dev/us-eats-1", "takes no target out"),
    ] {
        let more = [MORE, &["--skip-target", wrong]].concat();
        let said = refused(&release, 2, "disk/a/1", &["dev/us-east-1"], &more);
        assert!(said.contains(words), "{said}");
    }
    // A target that is skipped because its region is not enabled may also be skipped by name.
    let more = [MORE, &["--skip-target", "*/af-south-1", "--skip-target", "dev/eu-central-1"]];
    let published = release.publish("disk/a/1", &["dev/*"], &more.concat());
    assert_eq!(published["results"].as_array().unwrap().len(), 1, "{published}");
}

#[test]
fn another_processor_or_other_content_is_no_image_that_is_there() {
    let (release, path) = start();
    let other = release.rig.path("other.raw");
    small_disk(&other, 2);
    for dry_run in [&["--dry-run"][..], &[]] {
        let from = |source, arch| [MORE, &["--from", source, "--arch", arch], dry_run].concat();
        let target = &["dev/us-east-1"];
        let said = refused(&release, 4, "disk/a/1", target, &from(text(&path), "arm64"));
        assert!(said.contains("exists already, for x86_64"), "{said}");
        let said = refused(&release, 4, "disk/a/1", target, &from(text(&other), "x86_64"));
        assert!(said.contains("another manifest"), "{said}");
        let said = refused(&release, 4, "disk/b/1", target, &from("/etc/passwd", "x86_64"));
        assert!(said.contains("is this the right file?"), "{said}");
        // The disk cannot boot, so it is not even added.
        let boots = ["--unencrypted", "--from", text(&other), "--arch", "x86_64"];
        let said = refused(&release, 4, "disk/b/2", target, &[&boots[..], dry_run].concat());
        assert!(said.contains("neither a boot program"), "{said}");
        let (code, ..) = release.run(&["image", "show", "disk/b/2"]);
        assert_eq!(code, 3);
    }
    assert_eq!(release.left(), [] as [String; 0]);
}

#[test]
fn an_ami_that_is_there_otherwise_is_not_there_already() {
    let (release, _) = start();
    let data = release.rig.path("uefi.b64");
    let publish = |more: &[&str]| {
        let more = [MORE, &["--initialization-rate", "150"], more].concat();
        let arguments = release.arguments("disk/a/1", &["dev/us-east-1"], &more);
        release.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let uefi = ["--boot-mode", "uefi", "--uefi-data", text(&data)];
    std::fs::write(&data, "QU1aTlVFRkk=").unwrap();
    let tagged = [&uefi[..], &["--tag", "team=x"]].concat();
    let (code, first, said) = publish(&tagged);
    assert_eq!(code, 0, "{said} {first}");
    let (code, again, said) = publish(&tagged);
    assert_eq!((code, &again["results"][0]["WasThere"]), (0, &true.into()), "{said}");
    for (more, words) in [
        ([&uefi[..], &["--tag", "team=y"]].concat(), "tag team is x, not y"),
        ([&uefi[..], &["--tag", "owner=z"]].concat(), "tag owner is nothing, not z"),
        (tagged[..2].to_vec(), "its UEFI variables differ"),
    ] {
        let (code, document, said) = publish(&more);
        let error = document["results"][0]["Error"].as_str().unwrap_or(&said);
        assert_eq!(code, 4, "{error}");
        assert!(error.contains(words), "{error}");
    }
    std::fs::write(&data, "QU1aTlVFRkkx").unwrap();
    let (code, document, _) = publish(&tagged);
    assert!(code == 4 && document.to_string().contains("its UEFI variables differ"), "{document}");
    let twice = [MORE, &["--tag", "team=x", "--tag", "team=y"]].concat();
    let said = refused(&release, 2, "disk/a/1", &["dev/us-east-1"], &twice);
    assert!(said.contains("given twice"), "{said}");
}

#[test]
fn what_somebody_removed_is_told_soon_and_undone_is_undone() {
    let (release, _) = start();
    let soon = |arguments: &[&str]| {
        let begun = Instant::now();
        let found = release.run(arguments);
        assert!(begun.elapsed() < Duration::from_secs(15), "{arguments:?}: {:?}", begun.elapsed());
        found
    };
    let broken = |fault, image: &str, more: &[&str]| {
        release.sim.faults().add(fault);
        let arguments = release.arguments(image, &["dev/us-east-1"], &[MORE, more].concat());
        let (code, document, said) =
            release.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(code, 4, "{said}");
        release.sim.faults().clear();
        document["run"].as_str().unwrap().to_owned()
    };
    // Registering the AMI fails, and its snapshot is deleted before the run is resumed. `skip` exempts the first call,
    // which is the dry run of the registration.
    let fault = Fault { skip: 1, ..denied("RegisterImage", "UnauthorizedOperation") };
    let run = broken(fault, "disk/a/1", &[]);
    release.sim.world().place("111111111111", "us-east-1").snapshots.clear();
    let (code, document, _) = soon(&["runs", "resume", &run]);
    let error = document["results"][0]["Error"].as_str().unwrap();
    assert!(code == 3 && error.contains("runs undo") && error.contains("is gone"), "{error}");
    let (code, ..) = soon(&["runs", "undo", &run, "--yes"]);
    assert_eq!(code, 0);
    // The parameter was never set, so neither the first undo nor the second has to wait for it.
    let denied = denied("PutParameter", "AccessDeniedException");
    let run = broken(denied, "disk/a/1", &["--ssm-parameter", "/a/latest"]);
    for _ in 0..2 {
        let (code, document, said) = soon(&["runs", "undo", &run, "--yes"]);
        assert_eq!((code, &document["targets"][0]["outcome"]), (0, &"undone".into()), "{said}");
    }
    let shown = release.json(&["runs", "show", &run]);
    assert_eq!(shown["status"], "undone", "{shown}");
    assert_eq!(release.left(), [] as [String; 0]);
    // A finished run whose AMI is gone is not reported as done.
    let done = release.publish("disk/a/1", &["dev/us-east-1"], MORE);
    release.sim.world().place("111111111111", "us-east-1").amis.clear();
    let (code, document, _) = soon(&["runs", "resume", done["run"].as_str().unwrap()]);
    let error = document["results"][0]["Error"].as_str().unwrap();
    assert!(code == 3 && error.contains("is gone"), "{error}");
}

#[test]
fn options_of_amis_are_not_ignored_for_a_disk_image() {
    let (release, _) = start();
    let out = release.rig.path("out");
    for option in
        [&["--attestation", "a.json"][..], &["--share", "444444444444"], &["--tag", "a=b"]]
    {
        let publish = ["publish", "disk/a/1", "--out", text(&out), "--dry-run"];
        let (code, _, said) = release.run(&[&publish[..], option].concat());
        assert!(
            code == 2 && said.contains(&format!("{} applies to AMIs", option[0])),
            "{code}: {said}"
        );
    }
    let more = [MORE, &["--format", "qcow2"]].concat();
    let said = refused(&release, 2, "disk/a/1", &["dev/us-east-1"], &more);
    assert!(said.contains("--format"), "{said}");
}
