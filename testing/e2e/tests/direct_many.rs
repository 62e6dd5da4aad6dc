//! Two hundred targets at once, some of them in trouble.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use awssim::Config;
use awssim::config::{Account, Timing};
use awssim::faults::Fault;
use e2e::release::{ACCOUNTS, Release, small_tree};

/// Options that make publishing fast: an unencrypted snapshot needs no blocks of zeros.
const PLAIN: &[&str] = &["--no-boot", "--unencrypted"];

const REGIONS: usize = 10;
const TEAMS: usize = 18;

/// How many times faster than AWS the simulator is: a snapshot that takes 10 to 60 s in AWS takes 0.5 to 3 s.
const SPEED: f64 = 20.0;

/// Limit of the publisher's memory in KiB.
const MEMORY_KIB_MAX: u64 = 300 << 10;

/// Returns a region's name. Region 1 is `us-east-1`, because roles are assumed there.
fn region(number: usize) -> String {
    if number == 1 { "us-east-1".to_owned() } else { format!("xx-test-{number}") }
}

fn config() -> Config {
    let teams = (0..TEAMS).map(|team| format!("3000000000{team:02}"));
    let ids = ACCOUNTS.iter().map(|id| (*id).to_owned()).chain(teams);
    let account =
        Account { encryption_by_default: false, not_opted_in: Vec::new(), ..Account::default() };
    Config {
        accounts: ids.map(|id| (id, account.clone())).collect(),
        regions: (1..=REGIONS).map(region).collect(),
        timing: Timing::default(),
        throttled: 0.05,
        speed: SPEED,
        ..Config::default()
    }
}

#[test]
fn privileged_two_hundred_targets_at_once() {
    if !testkit::is_privileged("privileged_two_hundred_targets_at_once") {
        return;
    }
    let mut config = config();
    // One account refuses the role, and one region is down.
    config.accounts.get_mut("300000000017").unwrap().external_id = Some("unknown".to_owned());
    let release = Release::start(config);
    let down = Fault {
        region: Some("xx-test-7".to_owned()),
        code: Some("Unavailable".to_owned()),
        status: Some(503),
        ..Fault::default()
    };
    release.sim.faults().add(Fault { call: Some("PutSnapshotBlock".to_owned()), ..down });
    let tree = release.rig.path("tree");
    small_tree(&tree);
    release.rig.json(&["image", "add", "small/tree/1", tree.to_str().unwrap()]);
    release.rig.add_volume("small/tree", "1GiB");
    // The targets name their regions, because the account that refuses the role cannot list its regions.
    let targets: Vec<String> =
        (1..=REGIONS).map(|number| format!("*/{}", region(number))).collect();
    let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
    let arguments = release.arguments("small/tree/1", &targets, PLAIN);
    let (code, document, memory) = release.watched(release.command().arg("--json").args(arguments));
    assert_eq!(code, Some(7), "{}", document["results"][0]);
    let results = document["results"].as_array().unwrap();
    assert_eq!(results.len(), (TEAMS + 2) * REGIONS);
    let mut done = 0;
    for result in results {
        let error = result["Error"].as_str().unwrap();
        if result["AccountName"] == "team-300000000017" {
            assert!(error.contains("AssumeRole"), "{result}");
        } else if result["Region"] == "xx-test-7" {
            // Throttling may have followed the fault. So the error's code is not certain, but its call is.
            assert!(error.contains("PutSnapshotBlock"), "{result}");
        } else {
            assert_eq!((error, result["Step"].as_str()), ("", Some("done")), "{result}");
            done += 1;
        }
    }
    assert_eq!(done, (TEAMS + 1) * (REGIONS - 1));
    assert!(memory < MEMORY_KIB_MAX, "{memory} KiB");
    // Computes the median and the highest number of calls per target.
    let counts = release.sim.faults().counts().clone();
    let mut calls: Vec<u64> = results
        .iter()
        .map(|result| {
            let region = result["Region"].as_str().unwrap();
            let account = result["AccountName"].as_str().unwrap().trim_start_matches("team-");
            let prefix = format!("{account}/{region}/");
            counts.iter().filter(|(name, _)| name.starts_with(&prefix)).map(|(_, n)| n).sum()
        })
        .collect();
    calls.sort_unstable();
    eprintln!(
        "peak memory {} MiB; calls a target: {} in the middle, {} at most",
        memory >> 10,
        calls[calls.len() / 2],
        calls[calls.len() - 1]
    );
}
