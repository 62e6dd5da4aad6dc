//! Strangers at the join listener. Takes the time after which their connections end.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use e2e::join::JoinServer;
use e2e::{Rig, expect_code};
use serde_json::Value;

#[test]
#[ignore = "it waits until connections end; make full"]
fn full_silent_strangers_leave_room_for_machines() {
    let rig = Rig::start();
    let server = JoinServer::start(&rig);
    let token = server.token("token", &["--role", "unpackd", "--name", "a"]);
    // More than one address may have; they are silent, after the handshake or before it.
    let silent: Vec<_> = (0..40)
        .map(|_| {
            let mut command = Command::new("openssl");
            command.args(["s_client", "-quiet", "-alpn", "h2", "-connect", &server.joins]);
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    // They come from this machine's address, as the machine does: it gets its place when theirs end.
    std::thread::park_timeout(Duration::from_secs(1));
    let joining = server.join(&token, &rig.path("m"));
    let begun = Instant::now();
    let is_asked = |token: &Value| token["state"] == "waits for an issuer";
    while !server.tokens("admin").iter().any(is_asked) {
        assert!(begun.elapsed() < Duration::from_secs(90), "strangers hold all places");
        std::thread::park_timeout(Duration::from_millis(200));
    }
    assert!(server.pki(&["sign"]).contains("signed 'unpackd/a'"));
    expect_code(&joining.wait_with_output().unwrap(), 0, &["join"]);
    for mut stranger in silent {
        stranger.kill().ok();
        stranger.wait().unwrap();
    }
}
