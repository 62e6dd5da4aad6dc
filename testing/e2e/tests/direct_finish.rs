//! Options of AMIs beyond their bytes, and what is left after lost answers or an interrupted undo. The tests publish
//! disk images, which need no volume and therefore no privileges.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use awssim::faults::Fault;
use e2e::release::{ACCOUNTS, Release, small_disk, soon};
use e2e::text;
use serde_json::{Value, json};

const TARGET: &str = "dev/us-east-1";

const PARAMETER: &str = "/images/small/disk/latest";

/// All options of AMIs except sharing, which needs a customer's key.
const ALL: &[&str] = &[
    "--no-boot",
    "--unencrypted",
    "--protect",
    "--expires-in",
    "30d",
    "--ssm-parameter",
    "/images/{stream}/latest",
];

/// Starts a release with two unpublished revisions of a disk.
fn prepared() -> Release {
    let release = Release::start(soon(false));
    for leaf in [1, 2] {
        let disk = release.rig.path("small.raw");
        small_disk(&disk, leaf);
        let name = format!("small/disk/{leaf}");
        release.rig.json(&["image", "add", &name, text(&disk), "--arch", "x86_64"]);
    }
    release
}

fn undo(release: &Release, published: &Value) {
    let id = published["run"].as_str().unwrap();
    let undone = release.json(&["runs", "undo", id, "--yes", "--steal"]);
    let targets = undone["targets"].as_array().unwrap();
    assert!(targets.iter().all(|target| target["outcome"] == "undone"), "{undone}");
}

fn parameter(release: &Release) -> Option<String> {
    let world = release.sim.world();
    let place = world.places.get(ACCOUNTS[0])?.get("us-east-1")?;
    place.parameters.get(PARAMETER).map(|parameter| parameter.value.clone())
}

#[test]
fn amis_are_protected_pointed_to_and_signed_for() {
    let release = prepared();
    let rig = &release.rig;
    let file = rig.path("one.dsse");
    let attest = [ALL, &["--attestation", text(&file)]].concat();
    let one = release.publish("small/disk/1", &["*/us-east-1"], &attest);
    let ami = |published: &Value| published["results"][0]["AmiId"].as_str().unwrap().to_owned();
    assert_eq!(parameter(&release), Some(ami(&one)));
    assert!(release.sim.world().places[ACCOUNTS[0]]["us-east-1"].amis[&ami(&one)].is_protected);
    is_signed(&release, &file, &one);
    let shown = release.json(&["runs", "show", one["run"].as_str().unwrap()]);
    let written: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(shown["attestation"], written);

    let two = release.publish("small/disk/2", &[TARGET], ALL);
    assert_eq!(parameter(&release), Some(ami(&two)));
    let listed = release.json(&["amis", "list", "small/disk"]);
    let images: Vec<&Value> =
        listed["amis"].as_array().unwrap().iter().map(|a| &a["image"]).collect();
    assert_eq!(images, [&json!("small/disk/1"), &json!("small/disk/2"), &json!("small/disk/1")]);

    // `amis verify` finds an AMI's image by the AMI's bytes, and detects foreign bytes.
    let verified = release.json(&["amis", "verify", &ami(&two)]);
    assert_eq!(verified["images"], json!(["small/disk/2"]), "{verified}");
    assert_eq!(verified["is_as_published"], true);
    {
        let mut world = release.sim.world();
        let place = world.place(ACCOUNTS[0], "us-east-1");
        let snapshot = place.amis[&ami(&two)].snapshot.clone();
        let blocks = &mut place.snapshots.get_mut(&snapshot).unwrap().blocks;
        let other = blocks[&0];
        blocks.insert(20, other);
    }
    let (code, wrong, said) = release.run(&["amis", "verify", &ami(&two), "--target", TARGET]);
    assert_eq!((code, &wrong["blocks_wrong"]), (5, &json!(1)), "{said}");
    let (code, _, said) = release.run(&["amis", "verify", "ami-00000000000000000"]);
    assert_eq!(code, 3, "{said}");
    let (_, doctor, _) = release.run(&["doctor"]);
    let aws = doctor["checks"].as_array().unwrap().iter().filter(|check| check["check"] == "aws");
    assert!(aws.clone().all(|check| check["result"] == "ok") && aws.count() == 2, "{doctor}");

    // Undo keeps a parameter that another run has set since; otherwise it restores the old value.
    undo(&release, &two);
    assert_eq!(parameter(&release), Some(ami(&one)));
    undo(&release, &one);
    assert_eq!(parameter(&release), None);
    assert_eq!(release.left(), [] as [String; 0]);
}

/// Asserts that openssl can verify the signature with only the envelope and the CA's certificate.
fn is_signed(release: &Release, file: &Path, published: &Value) {
    let envelope: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let decode = |text: &Value| {
        let text = text.as_str().unwrap();
        data_encoding::BASE64.decode(text.as_bytes()).unwrap()
    };
    let payload = decode(&envelope["payload"]);
    let statement: Value = serde_json::from_slice(&payload).unwrap();
    let targets = statement["predicate"]["targets"].as_array().unwrap();
    let amis: Vec<&Value> = targets.iter().map(|target| &target["ami"]).collect();
    let results = published["results"].as_array().unwrap();
    assert_eq!(amis, results.iter().map(|result| &result["AmiId"]).collect::<Vec<_>>());
    assert_eq!(statement["predicate"]["image"], "small/disk/1");
    let kind = envelope["payloadType"].as_str().unwrap();
    let mut signed = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    signed.extend_from_slice(&payload);
    let path = |name: &str| release.rig.path(name);
    std::fs::write(path("signed"), &signed).unwrap();
    std::fs::write(path("signature"), decode(&envelope["signatures"][0]["sig"])).unwrap();
    std::fs::write(path("cert.pem"), envelope["signatures"][0]["cert"].as_str().unwrap()).unwrap();
    let openssl = |arguments: &[&str]| {
        let output = Command::new("openssl").args(arguments).output().unwrap();
        (output.status.success(), output.stdout)
    };
    let (cert, key) = (path("cert.pem"), path("key.pub"));
    let ca = path("pki/publish/ca.pem");
    assert!(openssl(&["verify", "-CAfile", text(&ca), text(&cert)]).0);
    std::fs::write(&key, openssl(&["x509", "-in", text(&cert), "-pubkey", "-noout"]).1).unwrap();
    let is_right = || {
        let (signature, signed) = (path("signature"), path("signed"));
        let check = ["dgst", "-sha256", "-verify", text(&key), "-signature", text(&signature)];
        openssl(&[&check[..], &[text(&signed)]].concat()).0
    };
    assert!(is_right());
    signed.push(b' ');
    std::fs::write(path("signed"), &signed).unwrap();
    assert!(!is_right());
}

/// Calls that change something in AWS, in the order in which a run and then its undo make them.
const CALLS: [&str; 11] = [
    "StartSnapshot",
    "PutSnapshotBlock",
    "CompleteSnapshot",
    "RegisterImage",
    "EnableImageDeprecation",
    "EnableImageDeregistrationProtection",
    "PutParameter",
    "DisableImageDeregistrationProtection",
    "DeregisterImage",
    "DeleteSnapshot",
    "DeleteParameter",
];

#[test]
fn lost_answers_change_nothing() {
    let release = prepared();
    for call in CALLS {
        // The simulator does the call's work, but the answer is lost.
        let call = Some(call.to_owned());
        release.sim.faults().add(Fault {
            call,
            cut: true,
            after: true,
            times: Some(1),
            ..Fault::default()
        });
    }
    let one = release.publish("small/disk/1", &[TARGET], ALL);
    assert_eq!(release.left().len(), 2, "made twice: {:?}", release.left());
    assert_eq!(parameter(&release).as_deref(), one["results"][0]["AmiId"].as_str());
    undo(&release, &one);
    assert_eq!((release.left(), parameter(&release)), (Vec::new(), None));
    let counts = release.sim.faults().counts().clone();
    for call in CALLS {
        let count = counts.get(&format!("{}/us-east-1/{call}", ACCOUNTS[0]));
        assert!(count.is_some_and(|count| *count >= 2), "{call} was not tried again: {counts:?}");
    }
}

/// Kills an undo at each of its calls, before the call's work or after it.
fn killed_undoing(moments: &[(&str, bool)]) {
    let release = prepared();
    let count = |call: &str| {
        let name = format!("{}/us-east-1/{call}", ACCOUNTS[0]);
        release.sim.faults().counts().get(&name).copied().unwrap_or(0)
    };
    for (call, is_done) in moments.iter().copied() {
        let one = release.publish("small/disk/1", &[TARGET], ALL);
        let id = one["run"].as_str().unwrap();
        let (delay_ms, hold_ms) = if is_done { (0, 5000) } else { (1000, 0) };
        let named = Some(call.to_owned());
        release.sim.faults().add(Fault { call: named, delay_ms, hold_ms, ..Fault::default() });
        let calls = count(call);
        let mut undoing = release.command();
        let undoing = undoing.args(["runs", "undo", id, "--yes", "--steal"]);
        let mut undoing = undoing.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        while count(call) <= calls {
            assert!(Instant::now() < deadline, "{call} was never called");
            std::thread::park_timeout(Duration::from_millis(5));
        }
        undoing.kill().unwrap();
        undoing.wait().unwrap();
        release.sim.faults().clear();
        undo(&release, &one);
        assert_eq!((release.left(), parameter(&release)), (Vec::new(), None), "{call}, {is_done}");
    }
}

#[test]
fn undoing_that_is_killed_is_undone_by_another() {
    killed_undoing(&[
        ("DeleteParameter", true),
        ("DeregisterImage", false),
        ("DeregisterImage", true),
        ("DeleteSnapshot", true),
    ]);
}

#[test]
#[ignore = "make full"]
fn full_undoing_is_killed_at_every_call() {
    let moments: Vec<(&str, bool)> =
        CALLS[7..].iter().flat_map(|call| [(*call, false), (*call, true)]).collect();
    killed_undoing(&moments);
}

#[test]
fn imaged_may_go_and_come_while_a_run_goes_on() {
    let mut release = prepared();
    // Gives the test time to stop imaged during the run's wait for the snapshot.
    let slow = Some("CompleteSnapshot".to_owned());
    release.sim.faults().add(Fault { call: slow, hold_ms: 1500, ..Fault::default() });
    let arguments = release.arguments("small/disk/1", &[TARGET], ALL);
    let mut command = release.command();
    let command = command.arg("--json").args(arguments).stdout(Stdio::piped());
    let publishing = command.stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let name = format!("{}/us-east-1/CompleteSnapshot", ACCOUNTS[0]);
    while !release.sim.faults().counts().contains_key(&name) {
        assert!(Instant::now() < deadline, "the snapshot was never completed");
        std::thread::park_timeout(Duration::from_millis(5));
    }
    release.rig.kill_imaged();
    std::thread::park_timeout(Duration::from_secs(3));
    release.rig.start_imaged();
    let output = publishing.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let one: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(one["results"][0]["Step"], "done", "{one}");
    undo(&release, &one);
    assert_eq!((release.left(), parameter(&release)), (Vec::new(), None));
}

#[test]
fn parameters_of_others_stay() {
    let release = prepared();
    let ami = |published: &Value| published["results"][0]["AmiId"].as_str().unwrap().to_owned();
    // The run fails before it sets the parameter. Before the run is resumed, another run publishes.
    release.sim.faults().add(Fault {
        call: Some("PutParameter".to_owned()),
        code: Some("ValidationException".to_owned()),
        status: Some(400),
        times: Some(1),
        ..Fault::default()
    });
    let arguments = release.arguments("small/disk/1", &[TARGET], ALL);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, one, said) = release.run(&arguments);
    assert_eq!((code, &one["results"][0]["Step"]), (1, &json!("finishing")), "{said}");
    let two = release.publish("small/disk/2", &[TARGET], ALL);
    let resumed = release.run(&["runs", "resume", one["run"].as_str().unwrap()]);
    assert!(
        resumed.0 == 4 && resumed.2.contains("meanwhile")
            || resumed.1.to_string().contains("meanwhile"),
        "{resumed:?}"
    );
    assert_eq!(parameter(&release), Some(ami(&two)));
    undo(&release, &one);
    assert_eq!(parameter(&release), Some(ami(&two)));

    // The parameter's old value is gone, and removing the parameter would break its readers, so the parameter stays.
    let three = release.publish("small/disk/1", &[TARGET], ALL);
    undo(&release, &two);
    assert_eq!(parameter(&release), Some(ami(&three)));
    let id = three["run"].as_str().unwrap();
    let (code, kept, said) = release.run(&["runs", "undo", id, "--yes"]);
    assert_eq!((code, &kept["targets"][0]["outcome"]), (7, &json!("kept")), "{said}");
    assert!(kept["targets"][0]["why"].as_str().unwrap().contains("is gone"), "{kept}");
    assert_eq!((release.left(), parameter(&release)), (Vec::new(), Some(ami(&three))));
    release.sim.world().place(ACCOUNTS[0], "us-east-1").parameters.clear();
    undo(&release, &three);
}
