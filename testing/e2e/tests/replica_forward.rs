//! Images that are added through a replica, and signatures: a server that relays images can invent none.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use e2e::release::small_tree;
use e2e::replica::{Replica, add};
use e2e::{Rig, expect_code, text};
use rig::{Server, StatusPages};
use rpc::tls::TlsDir;
use tokio::runtime::Runtime;
use transfer::TransferError;
use transfer::fetch::Remote;
use transfer::upload::Upload;
use wire::proto::{ImageRecord, TagImageRequest};

fn now_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap()
}

/// Adds an image to a server as `identity`, with the content of an image that is there, and a record that `sign`
/// changes.
fn add_record(
    rig: &Rig,
    address: &str,
    identity: &str,
    image: &str,
    sign: impl FnOnce(&mut ImageRecord),
) -> Result<(), TransferError> {
    let runtime = Runtime::new().unwrap();
    let tls = TlsDir::load(&rig.path("pki").join(identity)).unwrap();
    let channel = runtime.block_on(rpc::client::connect(address, &tls))?;
    let server = Remote::new(address.to_owned(), channel, runtime.handle().clone());
    let upload = Upload::begin(server, image, false)?;
    let there = rig.json(&["image", "show", "base/small/1"]);
    let manifest = there["manifest"].as_str().unwrap().to_owned();
    let mut record = ImageRecord { name: image.to_owned(), manifest, ..ImageRecord::default() };
    sign(&mut record);
    upload.commit(record, false).map(drop)
}

fn signed_by(rig: &Rig, identity: &str, record: &ImageRecord, at_ms: i64) -> ImageRecord {
    let tls = TlsDir::load(&rig.path("pki").join(identity)).unwrap();
    let signature = Some(tls.sign_image(record, at_ms).unwrap());
    ImageRecord { signature, ..record.clone() }
}

#[test]
fn an_image_added_through_a_chain_is_everywhere_when_the_command_ends() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    let middle = Replica::start(&rig, "middle", &[]);
    let last = Replica::of(&rig, &middle.server.address, "last", &[]);
    let arguments = ["image", "add", "base/small/1", text(&tree), "--tag", "stage=test"];
    let added = last.run(&arguments);
    expect_code(&added, 0, &arguments);
    // Nothing is waited for: all three have it.
    let at_primary = rig.json(&["image", "show", "base/small/1"]);
    assert_eq!(
        (&at_primary["creator"], &at_primary["tags"]["stage"]),
        (&"publish".into(), &"test".into())
    );
    middle.assert_whole("base/small/1");
    last.assert_whole("base/small/1");
    assert_eq!(last.record("base/small/1").unwrap(), at_primary);

    // Again, and with other content.
    expect_code(&last.run(&arguments), 0, &arguments);
    std::fs::write(tree.join("more"), "other content").unwrap();
    let said = expect_code(&last.run(&arguments), 4, &arguments);
    assert!(said.contains("immutable"), "{said}");

    // Everything else is the primary's to decide.
    for arguments in [
        &["image", "tag", "base/small/1", "a=b"] as &[&str],
        &["image", "expire", "base/small/1", "24h"],
        &["image", "rm", "base/small/1", "--yes"],
    ] {
        let said = expect_code(&last.run(arguments), 4, arguments);
        assert!(said.contains(&format!("--imaged {}", middle.server.address)), "{said}");
    }
}

#[test]
fn an_archive_keeps_what_is_added_through_it_and_may_remove_it() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    let archive = Replica::start(&rig, "archive", &["--archive"]);
    let arguments = ["image", "add", "base/small/1", text(&tree), "--expires-in", "24h"];
    expect_code(&archive.run(&arguments), 0, &arguments);
    assert!(!rig.json(&["image", "show", "base/small/1"])["expires_at_ms"].is_null());
    assert!(archive.record("base/small/1").unwrap()["expires_at_ms"].is_null());
    let remove = ["image", "rm", "base/small/1", "--yes"];
    expect_code(&archive.run(&remove), 0, &remove);
    assert!(archive.record("base/small/1").is_none());
    rig.json(&["image", "show", "base/small/1"]);
}

#[test]
fn a_stream_that_is_not_followed_is_the_replicas_own() {
    let mut rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    {
        let replica = Replica::start(&rig, "replica", &["--include", "base/**"]);
        let arguments = ["image", "add", "own/small/1", text(&tree)];
        expect_code(&replica.run(&arguments), 0, &arguments);
        let tag = ["image", "tag", "own/small/1", "a=b"];
        expect_code(&replica.run(&tag), 0, &tag);
        rig.refused("publish", 3, &["image", "show", "own/small/1"]);
    }
    // Without its primary, a replica takes no image of a stream that it follows.
    rig.kill_imaged();
    let replica = Replica::start(&rig, "replica", &["--include", "base/**"]);
    let arguments = ["image", "add", "base/small/1", text(&tree)];
    let said = expect_code(&replica.run(&arguments), 6, &arguments);
    assert!(
        said.contains(rig.imaged_address()) && replica.record("base/small/1").is_none(),
        "{said}"
    );
}

#[test]
fn a_stolen_certificate_of_a_replica_invents_nothing() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    let address = rig.imaged_address().to_owned();
    let refused = |identity: &str, words: &str, sign: &dyn Fn(&mut ImageRecord)| {
        let added = add_record(&rig, &address, identity, "base/small/2", sign);
        let error = added.expect_err("a forged image").to_string();
        assert!(error.contains(words), "{error}");
    };
    refused("replicate", "is not signed", &|_| {});
    refused("replicate", "lacks the role 'upload'", &|record| {
        *record = signed_by(&rig, "replicate", record, now_ms());
    });
    // A signature of another image.
    refused("replicate", "is for something else", &|record| {
        let first = ImageRecord { name: "base/small/1".to_owned(), ..record.clone() };
        record.signature = signed_by(&rig, "publish", &first, now_ms()).signature;
    });
    // What the client stated beside the content.
    let changes: [fn(&mut ImageRecord); 2] = [
        |record| record.expires_at_ms = 1,
        |record| drop(record.tags.insert("stage".to_owned(), "production".to_owned())),
    ];
    for change in changes {
        refused("replicate", "changed after it was signed", &|record| {
            *record = signed_by(&rig, "publish", record, now_ms());
            change(record);
        });
    }
    // Somebody else's signature, without the role to relay; and clocks that are wrong.
    refused("upload", "lacks the role 'replicate'", &|record| {
        *record = signed_by(&rig, "publish", record, now_ms());
    });
    let day = 24 * 3600 * 1000;
    for (shift, words) in [(-day, "check the clock"), (day, "set the clock")] {
        refused("publish", words, &|record| {
            *record = signed_by(&rig, "publish", record, now_ms() + shift);
        });
    }
    // No tag either.
    let runtime = Runtime::new().unwrap();
    let tls = TlsDir::load(&rig.path("pki/replicate")).unwrap();
    let status = runtime.block_on(async {
        let channel = rpc::client::connect(&address, &tls).await.unwrap();
        let tags = [("stage".to_owned(), "production".to_owned())].into();
        let request = TagImageRequest { name: "base/small/1".to_owned(), tags };
        rpc::client::images(channel).tag_image(request).await.expect_err("a tag")
    });
    assert!(status.message().contains("lacks the role"), "{status}");
    rig.refused("publish", 3, &["image", "show", "base/small/2"]);
    // What is signed as it must be is accepted, also from a replica.
    let added = add_record(&rig, &address, "replicate", "base/small/2", |record| {
        *record = signed_by(&rig, "publish", record, now_ms());
    });
    added.unwrap();
    assert_eq!(rig.json(&["image", "show", "base/small/2"])["creator"], "publish");
}

/// An imaged that an attacker controls: it accepts images without a signature.
fn rogue(rig: &Rig) -> Server {
    let policy = rig.path("rogue.toml");
    let rules = std::fs::read_to_string(rig.path("pki/imaged/policy.toml")).unwrap();
    std::fs::write(&policy, format!("unsigned = ['**']\n{rules}")).unwrap();
    let server = Server::start(
        &Arc::default(),
        ("imaged", "127.0.0.1:0"),
        StatusPages::Off,
        &rig.path("rogue.log"),
        |command| {
            command.arg("--data-dir").arg(rig.path("rogue"));
            command.arg("--tls-dir").arg(rig.path("pki/imaged")).arg("--policy").arg(&policy);
        },
    );
    server.unwrap()
}

#[test]
fn replicas_and_unpackers_refuse_what_an_attackers_server_invents() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    add(&rig, &tree, "base/small/1");
    let rogue = rogue(&rig);
    let output = rig
        .command("publish")
        .env("IMPRINT_IMAGED", &rogue.address)
        .args(["image", "add", "base/small/1", text(&tree)])
        .output()
        .unwrap();
    expect_code(&output, 0, &["image add"]);
    add_record(&rig, &rogue.address, "publish", "base/small/2", |_| {}).unwrap();

    let replica = Replica::of(&rig, &rogue.address, "replica", &[]);
    replica.wait("base/small/1", |record| record.is_some());
    replica.wait_for_log("image base/small/2 is not signed");
    assert!(replica.record("base/small/2").is_none());

    let unpackd = Server::start(
        &Arc::default(),
        ("unpackd", "127.0.0.1:0"),
        StatusPages::Off,
        &rig.path("second.log"),
        |command| {
            command.arg("--state-dir").arg(rig.path("second"));
            command.args(["--imaged", &rogue.address]);
            command.arg("--tls-dir").arg(rig.path("pki/unpackd"));
        },
    );
    let unpackd = unpackd.unwrap();
    let run = |arguments: &[&str]| {
        let mut command = rig.command("publish");
        command.env("IMPRINT_UNPACKD", &unpackd.address).args(arguments).output().unwrap()
    };
    let volume = rig.path("volume.img");
    let add = ["unpacker", "add-volume", "--file", text(&volume), "--size", "256MiB"];
    let add = [&add[..], &["--stream", "base/small"]].concat();
    expect_code(&run(&add), 0, &add);
    let unpack = ["unpacker", "unpack", "base/small/2"];
    let said = expect_code(&run(&unpack), 4, &unpack);
    assert!(said.contains("is not signed"), "{said}");
    let unpack = ["unpacker", "unpack", "base/small/1"];
    expect_code(&run(&unpack), 0, &unpack);
}

#[test]
fn an_unpack_waits_for_an_image_that_is_still_on_its_way() {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    rig.add_volume("base/small", "256MiB");
    std::thread::scope(|scope| {
        let arguments = ["unpacker", "unpack", "base/small/1", "--wait", "30s"];
        let unpack =
            scope.spawn(|| rig.json(&["unpacker", "unpack", "base/small/1", "--wait", "30s"]));
        // Another stream has no volume: that is told at once.
        let other = ["unpacker", "unpack", "base/other/1", "--wait", "30s"];
        rig.refused("publish", 3, &other);
        std::thread::park_timeout(Duration::from_millis(500));
        assert!(!unpack.is_finished(), "{arguments:?}");
        add(&rig, &tree, "base/small/1");
        assert_eq!(unpack.join().unwrap()["image"], "base/small/1");
    });
    let said = rig.refused("publish", 6, &["unpacker", "unpack", "base/small/2", "--wait", "1s"]);
    assert!(said.contains("did not appear"), "{said}");
}
