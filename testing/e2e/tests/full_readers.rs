//! Many clients that read different images, for ten minutes: as fast as the network, and the server does not grow.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use e2e::Rig;
use e2e::replica::add;
use rig::{Link, LinkSpeed, Server, StatusPages};
use rpc::tls::TlsDir;
use store::Store;
use wire::digest::Digest;
use wire::proto::GetObjectsRequest;

const CLIENTS: usize = 64;

/// Content of each image in bytes.
const IMAGE_LEN: usize = 4 << 20;

/// The network: well below what two cores encrypt, decrypt and pass on.
const NETWORK: LinkSpeed = LinkSpeed { delay: Duration::from_millis(2), rate: 40_000_000 };

/// Time before the first measurement, and until the second.
const WARM_UP: Duration = Duration::from_secs(60);
const RUN: Duration = Duration::from_secs(540);

/// Size of a process: memory in KiB, and open files.
fn size(server: &Server) -> (u64, usize) {
    let pid = server.pid().as_raw_nonzero();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kib = line.trim().trim_end_matches(" kB").trim().parse().unwrap();
    (kib, std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count())
}

/// Reads an image again and again.
async fn read(address: String, tls: TlsDir, image: String, objects: Vec<Digest>) {
    let channel = rpc::client::connect(&address, &tls).await.unwrap();
    let hashes: Vec<_> = objects.iter().map(|digest| digest.hash().to_vec().into()).collect();
    let mut client = rpc::client::images(channel);
    loop {
        let request = GetObjectsRequest { image: image.clone(), hashes: hashes.clone() };
        let mut stream = client.get_objects(request).await.unwrap().into_inner();
        let mut count = 0;
        while let Some(answer) = stream.message().await.unwrap() {
            count += answer.objects.len();
        }
        assert_eq!(count, objects.len());
    }
}

#[test]
#[ignore = "ten minutes; make full"]
fn full_many_clients_read_as_fast_as_the_network_and_the_server_does_not_grow() {
    let mut rig = Rig::start();
    let tree = rig.path("tree");
    std::fs::create_dir(&tree).unwrap();
    for number in 0..CLIENTS {
        let content = testkit::hostile::noise(IMAGE_LEN, number as u64);
        std::fs::write(tree.join("content"), content).unwrap();
        add(&rig, &tree, &format!("many/{number}/1"));
    }
    rig.kill_imaged();
    let server = serve(&rig);
    let link = Link::start(&server.address, NETWORK).unwrap();
    let store = Store::open_read_only(&rig.path("imaged/store")).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let tls = TlsDir::load(&rig.path("pki/read")).unwrap();
    let records = store.images().unwrap();
    let records: Vec<_> = records.into_iter().map(Result::unwrap).collect();
    assert_eq!(records.len(), CLIENTS);
    let readers: Vec<_> = records
        .into_iter()
        .map(|record| {
            let closure = store::fsck::closure(&store, &record.manifest.parse().unwrap()).unwrap();
            let (address, objects) = (link.address.clone(), closure.into_iter().collect());
            runtime.spawn(read(address, tls.clone(), record.name, objects))
        })
        .collect();
    std::thread::park_timeout(WARM_UP);
    let (begin, before, small) = (Instant::now(), link.received(), size(&server));
    std::thread::park_timeout(RUN);
    let rate = (link.received() - before) as f64 / begin.elapsed().as_secs_f64();
    let large = size(&server);
    assert!(readers.iter().all(|reader| !reader.is_finished()), "a reader failed");
    readers.iter().for_each(tokio::task::JoinHandle::abort);
    println!("{:.1} MB/s, memory {small:?} KiB, then {large:?}", rate / 1e6);
    assert!(rate >= 0.8 * NETWORK.rate as f64, "only {rate} bytes a second");
    assert!(large.0 <= small.0 + small.0 / 10 + (8 << 10), "memory grew: {small:?}, {large:?}");
    assert!(large.1 <= small.1 + 8, "open files grew: {small:?}, {large:?}");
}

/// Starts a server on the rig's data, so that its process is at hand.
fn serve(rig: &Rig) -> Server {
    let listen = ("imaged", "127.0.0.1:0");
    let log = rig.path("readers.log");
    let server = Server::start(&Arc::default(), listen, StatusPages::Off, &log, |command| {
        command.arg("--data-dir").arg(rig.path("imaged"));
        command.arg("--tls-dir").arg(rig.path("pki/imaged"));
    });
    server.unwrap()
}
