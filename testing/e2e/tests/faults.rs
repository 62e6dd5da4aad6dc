//! Runs with random errors, lost answers, delays and throttling; the same seed gives the same faults.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::os::unix::fs::FileExt;

use awssim::faults::Fault;
use e2e::release::{Release, soon};
use e2e::text;
use serde_json::Value;

/// How many faults each run gets that pass by themselves.
const FAULTS: u64 = 20;

/// Of this many runs, one also gets a fault that does not pass.
const FINAL_EVERY: u64 = 3;

const TARGETS: [&str; 2] = ["dev/us-east-1", "prod/eu-central-1"];

/// A pseudo-random generator. *Source:* Marsaglia's xorshift64*.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// Calls of each service, in the order of a run.
const EC2: &[&str] = &[
    "GetEbsEncryptionByDefault",
    "GetEbsDefaultKmsKeyId",
    "DescribeSnapshots",
    "RegisterImage",
    "DescribeImages",
    "EnableImageDeprecation",
];
const EBS: &[&str] =
    &["StartSnapshot", "CompleteSnapshot", "ListSnapshotBlocks", "GetSnapshotBlock"];

/// Returns a random fault that passes after one or two calls.
fn transient(chance: &mut Chance) -> Fault {
    let times = Some(1 + chance.below(2));
    let skip = chance.below(6);
    let of = |call: &str, code: &str, status: u16| Fault {
        call: Some(call.to_owned()),
        code: Some(code.to_owned()),
        status: Some(status),
        times,
        ..Fault::default()
    };
    match chance.below(8) {
        0 => {
            let call = chance.one_of(EC2);
            let (code, status) = chance.one_of(&[
                ("RequestLimitExceeded", 503),
                ("InternalError", 500),
                ("Unavailable", 503),
                ("EC2ThrottledException", 400),
                ("RequestTimeout", 400),
            ]);
            Fault { skip: skip % 2, ..of(call, code, status) }
        }
        1 => {
            let call = chance.one_of(EBS);
            let (code, status) = chance.one_of(&[
                ("RequestThrottledException", 400),
                ("InternalServerException", 500),
                ("ThrottledException", 400),
                ("ConcurrentLimitExceededException", 400),
            ]);
            of(call, code, status)
        }
        2 => {
            let (reason, message) = chance.one_of(&[
                ("WRITE_REQUEST_TIMEOUT", "timeout"),
                ("CONFLICTING_BLOCK_UPDATE", "another request writes this block"),
                ("INVALID_PARAMETER_VALUE", "Failed to read block data"),
            ]);
            let (reason, message) = (Some(reason.to_owned()), Some(message.to_owned()));
            Fault {
                reason,
                message,
                skip: skip * 3,
                ..of("PutSnapshotBlock", "ValidationException", 400)
            }
        }
        3 => {
            let call =
                chance.one_of(&["PutSnapshotBlock", "ListSnapshotBlocks", "GetSnapshotBlock"]);
            of(call, "ResourceNotFoundException", 404)
        }
        // The answer is lost, and the call's work is done or not.
        4 | 5 => {
            let all = [EC2, EBS, &["PutSnapshotBlock"]].concat();
            let (call, after) = (Some(chance.one_of(&all).to_owned()), chance.below(2) == 1);
            Fault { call, cut: true, after, times, skip: skip % 3, ..Fault::default() }
        }
        6 => {
            let call = Some("PutSnapshotBlock".to_owned());
            Fault {
                call,
                hold_ms: 500 + chance.below(3000),
                times,
                skip: skip * 3,
                ..Fault::default()
            }
        }
        _ => {
            let call = Some(chance.one_of(EC2).to_owned());
            Fault { call, delay_ms: 200 + chance.below(1500), times, ..Fault::default() }
        }
    }
}

/// Returns a random fault that does not pass, and words that its error must contain. The fault hits only one target.
fn lasting(chance: &mut Chance) -> (Fault, &'static str) {
    let (call, code, status, said) = chance.one_of(&[
        ("StartSnapshot", "AccessDeniedException", 403, "policy of its publishing role"),
        ("PutSnapshotBlock", "AccessDeniedException", 403, "policy of its publishing role"),
        ("CompleteSnapshot", "ServiceQuotaExceededException", 402, "Snapshots per Region"),
        ("RegisterImage", "AMIQuotaExceeded", 400, "Service Quotas"),
        ("RegisterImage", "OperationNotPermitted", 400, "what state it is in"),
        ("StartSnapshot", "PendingVerification", 400, "on hold"),
    ]);
    let fault = Fault {
        call: Some(call.to_owned()),
        code: Some(code.to_owned()),
        status: Some(status),
        region: Some("eu-central-1".to_owned()),
        ..Fault::default()
    };
    (fault, said)
}

/// Adds a disk of 40 blocks. The content of every eighth block depends on `number`.
fn add_disk(release: &Release, number: u64) -> String {
    let (path, image) = (release.rig.path("disk.raw"), format!("disk/weather/{number}"));
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(1 << 30).unwrap();
    for block in 0..40_u64 {
        let seed = if block % 8 == 0 { number * 100 + block } else { block };
        file.write_all_at(&testkit::hostile::noise(512 << 10, seed), block << 19).unwrap();
    }
    release.json(&["image", "add", &image, text(&path), "--arch", "x86_64"]);
    image
}

/// Publishes a disk while the simulator has faults; returns whether the run had to be resumed.
fn run(release: &Release, chance: &mut Chance, number: u64) -> bool {
    let image = add_disk(release, number);
    let transients: Vec<Fault> = (0..FAULTS).map(|_| transient(chance)).collect();
    let final_one = (number % FINAL_EVERY == FINAL_EVERY - 1).then(|| lasting(chance));
    // The final fault is first in the list, because only the first matching fault hits a call. If an earlier fault
    // delayed or cut the call, the final fault would not hit that call.
    let all = final_one.iter().map(|(fault, _)| fault.clone()).chain(transients);
    all.for_each(|fault| release.sim.faults().add(fault));
    let more = ["--no-boot", "--unencrypted", "--expires-in", "30d"];
    let arguments = release.arguments(&image, &TARGETS, &more);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, document, said) = release.run(&arguments);
    let results = |document: &Value| document["results"].as_array().cloned().unwrap_or_default();
    let id = document["run"]
        .as_str()
        .unwrap_or_else(|| panic!("run {number}: {code}: {said}"))
        .to_owned();
    let is_done = |result: &Value| result["Step"] == "done";
    let mut was_resumed = false;
    match &final_one {
        None if code != 0 => {
            eprintln!("run {number} is resumed after {:?}", results(&document));
            was_resumed = true;
            let work = release.rig.path(".");
            let resumed = release.json(&["runs", "resume", &id, "--work-dir", text(&work)]);
            assert!(results(&resumed).iter().all(is_done), "run {number}: {resumed}");
        }
        None => assert!(results(&document).iter().all(is_done), "run {number}: {document}"),
        Some((fault, said)) => {
            let ended = &results(&document)[1];
            let error = ended["Error"].as_str().unwrap();
            assert!(
                error.contains(fault.code.as_ref().unwrap()),
                "run {number}: {fault:?}: {error}"
            );
            assert!(error.contains(said), "run {number}: {error}");
        }
    }
    release.sim.faults().clear();
    release.json(&["runs", "undo", &id, "--yes"]);
    assert_eq!(release.left(), [] as [String; 0], "run {number}");
    was_resumed
}

fn weather(seed: u64, runs: u64) -> u64 {
    let release = Release::start(soon(false));
    let mut chance = Chance(seed);
    let resumed = (0..runs).filter(|number| run(&release, &mut chance, *number)).count();
    eprintln!("{resumed} of {runs} runs were resumed");
    resumed as u64
}

/// Publishes a disk while `fault` hits the call CompleteSnapshot; returns the exit code and the result.
fn completing(release: &Release, fault: Fault) -> (i32, Value) {
    let image = add_disk(release, 1);
    let call = Some("CompleteSnapshot".to_owned());
    release.sim.faults().add(Fault { call, ..fault });
    let more = ["--no-boot", "--unencrypted"];
    let arguments = release.arguments(&image, &["dev/us-east-1"], &more);
    let (code, document, said) =
        release.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let result = document["results"][0].clone();
    assert!(!result.is_null(), "{said}");
    (code, result)
}

#[test]
fn a_plain_refusal_of_completion_is_told_at_once() {
    let release = Release::start(soon(false));
    let began = std::time::Instant::now();
    let (code, result) = completing(
        &release,
        Fault {
            code: Some("ValidationException".to_owned()),
            reason: Some("INVALID_PARAMETER_VALUE".to_owned()),
            status: Some(400),
            ..Fault::default()
        },
    );
    assert!(began.elapsed().as_secs() < 20);
    let error = result["Error"].as_str().unwrap();
    assert!(code == 1 && error.contains("INVALID_PARAMETER_VALUE"), "{error}");
    assert_eq!(result["Step"], "completing");
}

#[test]
#[ignore = "a minute: make full"]
fn full_a_lost_answer_of_completion_is_waited_out() {
    let mut config = soon(false);
    // A snapshot takes longer than the publisher waits for an attempt in doubt.
    config.timing.snapshot_ms = [75_000, 75_000];
    let release = Release::start(config);
    let lost = Fault { after: true, cut: true, times: Some(1), ..Fault::default() };
    let (code, result) = completing(&release, lost);
    assert_eq!((code, result["Step"].as_str()), (0, Some("done")), "{result}");
}

#[test]
fn runs_end_well_in_bad_weather() {
    assert!(weather(0x5eed, 3) <= 1);
}

#[test]
#[ignore = "minutes: make full"]
fn full_a_thousand_faults() {
    assert!(weather(0x5eed, 50) <= 5);
}
