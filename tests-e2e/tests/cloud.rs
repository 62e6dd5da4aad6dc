//! The AWS SDK against the simulator, over HTTP.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::sync::Arc;

use awssim::config::Timing;
use awssim::faults::Fault;
use awssim::{Config, Running, Sim};
use cloud::aws::{AccountSpec, Accounts, Aws, Source};
use cloud::calls::{Basis, NewSnapshot, Tags, Which};
use cloud::selftest;
use cloud::{Cloud, Kind};
use sha2::{Digest, Sha256};

/// A simulator, and a way to call it.
struct Rig {
    sim: Arc<Sim>,
    running: Running,
    accounts: Accounts,
    _folder: tempfile::TempDir,
}

impl Rig {
    async fn start(config: Config) -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").unwrap();
        let sim = Sim::open(config, folder.path()).unwrap();
        let listen = "127.0.0.1:0".parse().unwrap();
        let running = Running::start(Arc::clone(&sim), listen, folder.path()).await.unwrap();
        let role = |account: &str, external_id: Option<&str>| Source::Role {
            arn: format!("arn:aws:iam::{account}:role/publisher"),
            external_id: external_id.map(str::to_owned),
        };
        let spec = |name: &str, source| AccountSpec { name: name.parse().unwrap(), source };
        let accounts = Accounts::new(
            vec![
                spec("dev", Source::Ambient),
                spec("prod", role("222222222222", Some("secret"))),
                spec("wrong", role("222222222222", None)),
            ],
            "us-east-1".parse().unwrap(),
        );
        let accounts = accounts
            .at(&format!("http://{}", running.address))
            .with_keys("AKIASIM111111111111", "simulated");
        Self { sim, running, accounts, _folder: folder }
    }

    async fn target(&self, account: &str, region: &str) -> Aws {
        let (account, region) = (account.parse().unwrap(), region.parse().unwrap());
        self.accounts.connect(&account, &region).await.unwrap()
    }
}

/// Things happen at once.
fn quick() -> Config {
    let timing = Timing { snapshot_ms: [200, 400], ami_ms: 100, visible_after_ms: 300 };
    let mut config = Config { timing, ..Config::default() };
    config.accounts.get_mut("222222222222").unwrap().external_id = Some("secret".to_owned());
    config
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn new_snapshot(token: &str) -> NewSnapshot {
    NewSnapshot {
        token: token.to_owned(),
        size_gib: 1,
        description: String::new(),
        tags: Tags::new(),
        basis: Basis::Encrypted(None),
        timeout_minutes: 60,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_simulator_does_what_is_relied_on() {
    let rig = Rig::start(quick()).await;
    let before = serde_json::to_value(&rig.sim.world().places).unwrap();
    for account in ["dev", "prod"] {
        let aws = rig.target(account, "us-east-1").await;
        let mut checks = Vec::new();
        let outcome = selftest::run(&aws, sha256, "run1", |name, outcome| {
            checks.push(format!("{name}: {outcome:?}"));
        });
        outcome.await.unwrap_or_else(|problem| panic!("{problem}\n{checks:#?}"));
        assert_eq!(checks.len(), 10, "{checks:#?}");
    }
    // Each in its own account, and nothing is left in either.
    let mut after = serde_json::to_value(&rig.sim.world().places).unwrap();
    for account in ["111111111111", "222222222222"] {
        let place = after[account]["us-east-1"].take();
        assert_eq!(place["snapshots"], serde_json::json!({}));
        assert_eq!(place["amis"], serde_json::json!({}));
    }
    assert_eq!(before, serde_json::json!({}));
    rig.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_told_so() {
    let rig = Rig::start(quick()).await;
    let denied = rig.target("wrong", "us-east-1").await.caller().await.unwrap_err();
    assert_eq!(denied.kind, Kind::Denied, "{denied}");
    assert!(denied.to_string().contains("wrong/us-east-1"), "{denied}");
    assert!(denied.to_string().contains("AssumeRole"), "{denied}");
    let denied = rig.target("dev", "af-south-1").await.regions().await.unwrap_err();
    assert_eq!((denied.kind, denied.code.as_str()), (Kind::Denied, "OptInRequired"));
    assert!(!denied.request_id.is_empty(), "{denied:?}");
    let regions = rig.target("dev", "us-east-1").await.regions().await.unwrap();
    let closed: Vec<_> = regions.iter().filter(|state| !state.is_opted_in).collect();
    assert_eq!(closed.len(), 1);
    rig.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_replies_throttling_and_outages_are_ridden_out() {
    let rig = Rig::start(quick()).await;
    let aws = rig.target("dev", "us-east-1").await;
    let call = |call: &str| Fault { call: Some(call.to_owned()), ..Fault::default() };
    // The work is done, the answer is lost: the token finds what was made.
    rig.sim.faults().add(Fault { cut: true, after: true, times: Some(2), ..call("StartSnapshot") });
    let id = aws.start_snapshot(&new_snapshot("one")).await.unwrap();
    assert_eq!(rig.sim.world().place("111111111111", "us-east-1").snapshots.len(), 1);
    // Too fast, twice; then an answer that takes a while.
    let throttled = Some("RequestLimitExceeded".to_owned());
    rig.sim.faults().add(Fault {
        code: throttled,
        status: Some(503),
        times: Some(2),
        ..call("DescribeSnapshots")
    });
    rig.sim.faults().add(Fault { delay_ms: 300, times: Some(1), ..call("DescribeSnapshots") });
    // Old enough to be listed, on the simulator's clock.
    rig.sim.clock().advance_ms(1000);
    let found = aws.snapshots(&Which::Id(id)).await.unwrap();
    assert_eq!(found.len(), 1);
    // What is refused is refused at once, with AWS's words.
    rig.sim
        .faults()
        .add(Fault { code: Some("SnapshotLimitExceeded".to_owned()), ..call("StartSnapshot") });
    let refused = aws.start_snapshot(&new_snapshot("two")).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Quota);
    let words = refused.to_string();
    assert!(words.starts_with("dev/us-east-1: StartSnapshot: SnapshotLimitExceeded"), "{words}");
    assert_eq!(rig.sim.faults().counts()["111111111111/us-east-1/StartSnapshot"], 4);
    rig.running.stop().await;
}
