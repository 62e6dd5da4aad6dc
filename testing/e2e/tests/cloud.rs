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
use cloud::aws::{AccountSpec, Accounts, Aws, Concurrency, CredentialsSource, Role};
use cloud::calls::{
    BlockLease, BootMode, NewAmi, NewSnapshot, Root, Sharee, SnapshotQuery, SnapshotState, Tags,
    UploadBase,
};
use cloud::selftest;
use cloud::{Cloud, CloudErrorKind};
use sha2::{Digest, Sha256};
use wire::blockmap::BlockIndex;

/// A running simulator, and connections to its accounts.
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
        let role = |account: &str, external_id: Option<&str>| CredentialsSource::Role {
            role: Role::Named { id: account.to_owned(), name: "publisher".to_owned() },
            external_id: external_id.map(str::to_owned),
        };
        let spec =
            |name: &str, source| AccountSpec { name: name.parse().unwrap(), source, id: None };
        let concurrency = Concurrency { puts_max: 64, idle_max: 64 };
        let accounts = Accounts::new(
            vec![
                spec("dev", CredentialsSource::Ambient),
                spec("prod", role("222222222222", Some("secret"))),
                spec("wrong", role("222222222222", None)),
            ],
            Some("us-east-1".parse().unwrap()),
            concurrency,
        );
        let accounts = accounts
            .unwrap()
            .at(&format!("http://{}", running.address))
            .with_keys("AKIASIM111111111111", "simulated");
        Self { sim, running, accounts, _folder: folder }
    }

    async fn target(&self, account: &str, region: &str) -> Aws {
        let (account, region) = (account.parse().unwrap(), region.parse().unwrap());
        self.accounts.connect(&account, &region).await.unwrap().unwrap()
    }
}

/// Returns a configuration of a simulator with short durations.
fn quick() -> Config {
    let timing = Timing {
        snapshot_ms: [200, 400],
        ami_ms: 100,
        visible_after_ms: 300,
        call_ms: [1, 5],
        readable_ms: [500, 1500],
        in_use_ms: [1000, 3000],
        ..Timing::default()
    };
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
        base: UploadBase::Encrypted(None),
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
        let tomorrow = awssim::clock::rfc3339(rig.sim.clock().now_ms() + 86_400_000);
        let outcome = selftest::run(&aws, sha256, "run1", &tomorrow, |name, outcome, _| {
            checks.push((name, outcome.clone()));
        });
        outcome.await.unwrap_or_else(|problem| panic!("{problem}\n{checks:#?}"));
        // In the simulator all checks pass, even those of behaviour that AWS does not document.
        assert!(checks.iter().all(|(_, outcome)| outcome.is_ok()), "{checks:#?}");
        assert_eq!(checks.len(), 20, "{checks:#?}");
    }
    // Each selftest ran in its own account and left nothing there.
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
    assert_eq!(denied.kind, CloudErrorKind::Denied, "{denied}");
    assert!(denied.to_string().contains("wrong/us-east-1"), "{denied}");
    assert!(denied.to_string().contains("AssumeRole"), "{denied}");
    let denied = rig.target("dev", "af-south-1").await.regions().await.unwrap_err();
    assert_eq!((denied.kind, denied.code.as_str()), (CloudErrorKind::Denied, "OptInRequired"));
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
    // The snapshot is made but the answer is lost: the client token finds it again.
    rig.sim.faults().add(Fault { cut: true, after: true, times: Some(2), ..call("StartSnapshot") });
    let id = aws.start_snapshot(&new_snapshot("one")).await.unwrap();
    assert_eq!(rig.sim.world().place("111111111111", "us-east-1").snapshots.len(), 1);
    // Two throttled attempts and a slow answer do not fail the call.
    let throttled = Some("RequestLimitExceeded".to_owned());
    rig.sim.faults().add(Fault {
        code: throttled,
        status: Some(503),
        times: Some(2),
        ..call("DescribeSnapshots")
    });
    rig.sim.faults().add(Fault { delay_ms: 300, times: Some(1), ..call("DescribeSnapshots") });
    // Makes the snapshot old enough to be listed.
    rig.sim.clock().advance_ms(1000);
    let found = aws.snapshots(&SnapshotQuery::Id(id)).await.unwrap();
    assert_eq!(found.len(), 1);
    // A refusal is returned at once, with AWS's words.
    rig.sim
        .faults()
        .add(Fault { code: Some("SnapshotLimitExceeded".to_owned()), ..call("StartSnapshot") });
    let refused = aws.start_snapshot(&new_snapshot("two")).await.unwrap_err();
    assert_eq!(refused.kind, CloudErrorKind::Quota);
    let words = refused.to_string();
    assert!(words.starts_with("dev/us-east-1: StartSnapshot: SnapshotLimitExceeded"), "{words}");
    assert_eq!(rig.sim.faults().counts()["111111111111/us-east-1/StartSnapshot"], 4);
    rig.running.stop().await;
}

/// Puts blocks filled with the given bytes, and completes the snapshot.
async fn complete(aws: &Aws, id: &str, numbers: &[u8]) {
    let mut all = Vec::new();
    for (index, number) in (0..).zip(numbers) {
        let bytes = bytes::Bytes::from(vec![*number; 512 << 10]);
        let digest = sha256(&bytes);
        all.extend(digest);
        let lend = || async { Ok(BlockLease::free(bytes.clone())) };
        aws.put_block(id, BlockIndex(index), &digest, lend).await.unwrap();
    }
    let count = u32::try_from(numbers.len()).unwrap();
    aws.complete_snapshot(id, count, &sha256(&all)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_slow_line_broke_is_put_again() {
    let rig = Rig::start(quick()).await;
    let aws = rig.target("dev", "us-east-1").await;
    let id = aws.start_snapshot(&new_snapshot("one")).await.unwrap();
    for (reason, message) in [
        ("INVALID_PARAMETER_VALUE", "Failed to read block data"),
        ("WRITE_REQUEST_TIMEOUT", "too slow"),
    ] {
        rig.sim.faults().add(Fault {
            call: Some("PutSnapshotBlock".to_owned()),
            code: Some("ValidationException".to_owned()),
            reason: Some(reason.to_owned()),
            message: Some(message.to_owned()),
            times: Some(2),
            ..Fault::default()
        });
    }
    complete(&aws, &id, &[1, 2]).await;
    // A wrong request is not repeated, and its reason is in the error.
    rig.sim.faults().add(Fault {
        call: Some("PutSnapshotBlock".to_owned()),
        code: Some("ValidationException".to_owned()),
        reason: Some("INVALID_TAG".to_owned()),
        ..Fault::default()
    });
    let lend = || async { Ok(BlockLease::free(bytes::Bytes::from(vec![7; 512 << 10]))) };
    let refused = aws.put_block(&id, BlockIndex(3), &[7; 32], lend).await.unwrap_err();
    assert_eq!((refused.kind, refused.attempt), (CloudErrorKind::Invalid, 1));
    assert!(refused.to_string().contains("ValidationException (INVALID_TAG)"), "{refused}");
    rig.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writers_of_one_block_do_not_end_each_other() {
    let rig = Rig::start(quick()).await;
    let aws = rig.target("dev", "us-east-1").await;
    let id = aws.start_snapshot(&new_snapshot("one")).await.unwrap();
    let call = Some("PutSnapshotBlock".to_owned());
    // Makes the snapshot old enough to be visible.
    rig.sim.clock().advance_ms(1000);
    rig.sim.faults().add(Fault { call, hold_ms: 1500, times: Some(1), ..Fault::default() });
    let bytes = bytes::Bytes::from(vec![3; 512 << 10]);
    let digest = sha256(&bytes);
    let put = || async {
        let lend = || async { Ok(BlockLease::free(bytes.clone())) };
        aws.put_block(&id, BlockIndex(0), &digest, lend).await
    };
    let (one, two) = tokio::join!(put(), put());
    one.and(two).unwrap();
    assert!(rig.sim.faults().counts()["111111111111/us-east-1/PutSnapshotBlock"] >= 3);
    rig.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn completed_is_not_yet_readable_everywhere() {
    let rig = Rig::start(quick()).await;
    let aws = rig.target("dev", "us-east-1").await;
    let id = aws.start_snapshot(&new_snapshot("one")).await.unwrap();
    complete(&aws, &id, &[1, 2]).await;
    // After this time the snapshot is completed, but it might not be readable yet.
    let [_, longest] = quick().timing.snapshot_ms;
    rig.sim.clock().advance_ms(longest);
    let found = aws.snapshots(&SnapshotQuery::Id(id.clone())).await.unwrap();
    assert_eq!(found[0].state, SnapshotState::Completed);
    let page = aws.list_blocks(&id, None).await.unwrap();
    assert_eq!(page.blocks.len(), 2);
    // The first list came before the snapshot was readable.
    assert!(rig.sim.faults().counts()["111111111111/us-east-1/ListSnapshotBlocks"] > 1);
    rig.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pauses_that_aws_asks_for_are_made_and_told() {
    let rig = Rig::start(quick()).await;
    let told = Arc::new(std::sync::Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    let Rig { sim, running, accounts, _folder } = rig;
    let accounts = accounts.telling(Arc::new(move |trouble: &cloud::retry::FailedAttempt| {
        listener.lock().unwrap().push((trouble.error.code.clone(), trouble.pause));
    }));
    let dev = "dev".parse().unwrap();
    let aws = accounts.connect(&dev, &"us-east-1".parse().unwrap()).await.unwrap().unwrap();
    sim.faults().add(Fault {
        call: Some("DescribeRegions".to_owned()),
        code: Some("RequestLimitExceeded".to_owned()),
        status: Some(503),
        retry_after_ms: Some(1500),
        times: Some(1),
        ..Fault::default()
    });
    aws.regions().await.unwrap();
    let told = told.lock().unwrap().clone();
    let asked = std::time::Duration::from_millis(1500);
    assert_eq!(told, [("RequestLimitExceeded".to_owned(), asked)]);
    running.stop().await;
}

/// The command line refuses some requests before it makes a call. The simulator refuses these requests too, so that a
/// rehearsal shows mistakes.
#[tokio::test(flavor = "multi_thread")]
async fn what_aws_documents_as_refused_is_refused() {
    let rig = Rig::start(quick()).await;
    let aws = rig.target("dev", "us-east-1").await;
    let start = async |token: &str, change: &dyn Fn(&mut NewSnapshot)| {
        let mut new = new_snapshot(token);
        change(&mut new);
        let result = aws.start_snapshot(&new).await;
        result.map_err(|error| (error.kind, error.code))
    };
    let tagged = |key: usize, value: usize| {
        move |new: &mut NewSnapshot| {
            new.tags.insert("ü".repeat(key), "ü".repeat(value));
        }
    };
    // The limits of a snapshot's tag count characters, not bytes: at most 127 in the key, and 255 in the value. Other
    // tags can have one character more.
    start("fits", &tagged(127, 255)).await.unwrap();
    for (token, key, value) in [("key", 128, 1), ("value", 1, 256)] {
        let refused = start(token, &tagged(key, value)).await.unwrap_err();
        assert_eq!(refused, (CloudErrorKind::Invalid, "ValidationException".to_owned()), "{token}");
    }
    // A client token belongs to one request: with other parameters it is refused.
    start("one", &|_| {}).await.unwrap();
    let refused = start("one", &|new| new.size_gib = 2).await.unwrap_err();
    assert_eq!(refused, (CloudErrorKind::Duplicate, "ConflictException".to_owned()));

    let id = aws.start_snapshot(&new_snapshot("root")).await.unwrap();
    complete(&aws, &id, &[1]).await;
    while aws.snapshots(&SnapshotQuery::Id(id.clone())).await.unwrap()[0].state
        != SnapshotState::Completed
    {
        rig.sim.clock().advance_ms(100);
    }
    let ami = aws.register(&new_ami("strict", &id)).await.unwrap();
    rig.sim.clock().advance_ms(10_000);
    let at = |days: i64| awssim::clock::rfc3339(rig.sim.clock().now_ms() + days * 86_400_000);
    for wrong in [at(-1), at(3700), "tomorrow".to_owned()] {
        let refused = aws.deprecate_ami(&ami, &wrong).await.unwrap_err();
        assert_eq!(refused.kind, CloudErrorKind::Invalid, "{wrong}: {refused}");
    }
    aws.deprecate_ami(&ami, &at(1)).await.unwrap();
    let role = Sharee::Organization("arn:aws:iam::222222222222:role/x".to_owned());
    for wrong in [Sharee::Account("1".to_owned()), role] {
        let refused = aws.share_ami(&ami, std::slice::from_ref(&wrong)).await.unwrap_err();
        assert_eq!(refused.kind, CloudErrorKind::Invalid, "{wrong:?}: {refused}");
    }
    let refused = aws.register(&new_ami("strict", &id)).await.unwrap_err();
    assert_eq!(
        (refused.kind, refused.code.as_str()),
        (CloudErrorKind::Duplicate, "InvalidAMIName.Duplicate")
    );
    for name in ["ab", "no, comma", &"x".repeat(129)] {
        let refused = aws.register(&new_ami(name, &id)).await.unwrap_err();
        assert_eq!(refused.code, "InvalidAMIName.Malformed", "{name}");
    }
    rig.running.stop().await;
}

fn new_ami(name: &str, snapshot: &str) -> NewAmi {
    NewAmi {
        name: name.to_owned(),
        description: String::new(),
        architecture: "x86_64".to_owned(),
        boot_mode: BootMode::Uefi,
        snapshot: snapshot.to_owned(),
        root: Root {
            device: "/dev/xvda".to_owned(),
            size_gib: 1,
            iops: None,
            throughput: None,
            initialization_rate: None,
        },
        has_tpm: false,
        requires_imds_v2: true,
        uefi_data: None,
        tags: Tags::new(),
    }
}
