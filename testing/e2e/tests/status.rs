//! The daemons' status pages, for a browser, for Prometheus and for hostile clients.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use std::time::{Duration, Instant};

use e2e::browser::{document, picture};
use e2e::replica::Replica;
use e2e::{Rig, release::small_tree, text};
use serde_json::Value;

fn connect(status: &str) -> TcpStream {
    let address = status.strip_prefix("http://").unwrap().trim_end_matches('/');
    TcpStream::connect(address).unwrap()
}

/// Sends a request to a status page; returns the answer's head and body.
fn ask(status: &str, head: &str) -> String {
    let mut stream = connect(status);
    write!(stream, "{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn get(status: &str, path: &str) -> String {
    ask(status, &format!("GET {path} HTTP/1.1"))
}

/// Reads the exposition with the Python client's parser; returns `[name, labels, value]` for each sample.
fn samples(status: &str) -> Vec<Value> {
    let answer = get(status, "/metrics");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("application/openmetrics-text; version=1.0.0"), "{head}");
    let parse = "import json,sys\n\
        from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse\n\
        print(json.dumps([[s.name, s.labels, s.value] for f in parse(sys.stdin.read()) for s in f.samples]))";
    let mut python = Command::new("/usr/bin/python3")
        .args(["-c", parse])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(body.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "{body}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn value(samples: &[Value], name: &str, labels: &Value) -> f64 {
    let found = samples.iter().find(|s| s[0] == name && (labels.is_null() || s[1] == *labels));
    found.unwrap_or_else(|| panic!("no {name} {labels} in {samples:?}"))[2].as_f64().unwrap()
}

/// Returns the colours that more than 50 points of a picture have.
fn colours(path: &Path) -> BTreeSet<[u8; 3]> {
    let mut decoder = png::Decoder::new(BufReader::new(File::open(path).unwrap()));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut points = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut points).unwrap();
    let mut seen = BTreeMap::<[u8; 3], u32>::new();
    for point in points[..frame.buffer_size()].chunks_exact(frame.color_type.samples()) {
        *seen.entry([point[0], point[1], point[2]]).or_default() += 1;
    }
    seen.into_iter().filter(|(_, count)| *count > 50).map(|(colour, _)| colour).collect()
}

fn rig_with_patches() -> Rig {
    let rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    rig.json(&["image", "add", "base/small/1", text(&tree)]);
    std::fs::write(tree.join("added"), vec![b'x'; 100_000]).unwrap();
    rig.json(&["image", "add", "base/small/2", text(&tree)]);
    rig.json(&["image", "add", "base/small/3", text(&tree)]);
    rig.add_volume("base/small", "64MiB");
    for image in ["base/small/1", "base/small/2"] {
        rig.json(&["unpacker", "unpack", image]);
    }
    rig.refused("publish", 3, &["unpacker", "unpack", "base/small/none"]);
    rig
}

#[test]
fn privileged_pages_show_what_there_is() {
    if !testkit::is_privileged("privileged_pages_show_what_there_is") {
        return;
    }
    let rig = rig_with_patches();
    let scratch = rig.path("");
    let images = document(rig.imaged_status(), &scratch);
    assert!(images.contains("<a href=\"/stream/base/small\">base/small</a>"), "{images}");
    let stream = document(&format!("{}stream/base/small", rig.imaged_status()), &scratch);
    let shown = rig.json(&["image", "show", "base/small/2"]);
    let added = wire::units::format_len(shown["stored"]["added_bytes"].as_u64().unwrap());
    assert!(stream.contains(&added), "{added} is not in {stream}");
    assert_eq!(rig.json(&["image", "show", "base/small/3"])["stored"]["added_bytes"], 0);
    let volumes = document(rig.unpackd_status(), &scratch);
    for text in ["base/small/2", "ready", "evidence: counters", "no image is named base/small/none"]
    {
        assert!(volumes.contains(text), "{text} is not in {volumes}");
    }
    for page in [&images, &stream, &volumes] {
        assert!(!page.contains("<script"), "{page}");
    }
    // The pictures show the chart's bars and phases in their colours.
    let to = rig.path("page.png");
    picture(rig.imaged_status(), (1000, 900), &to, &scratch);
    assert!(
        colours(&to)
            .is_superset(&[[0x1f, 0x6f, 0x8b], [0xe0, 0xa0, 0x30], [0x8a, 0x94, 0x9d]].into())
    );
    picture(rig.unpackd_status(), (1000, 900), &to, &scratch);
    assert!(
        colours(&to)
            .is_superset(&[[0xb5, 0x53, 0x3c], [0x8a, 0x94, 0x9d], [0xb3, 0x26, 0x1e]].into())
    );
}

#[test]
fn privileged_prometheus_reads_what_happened() {
    if !testkit::is_privileged("privileged_prometheus_reads_what_happened") {
        return;
    }
    let rig = rig_with_patches();
    let labels = |name: &str, value: &str| serde_json::json!({ name: value });
    let images = samples(rig.imaged_status());
    assert_eq!(value(&images, "imprint_images", &Value::Null), 3.0);
    let committed = labels("result", "committed");
    assert_eq!(value(&images, "imprint_uploads_total", &committed), 3.0);
    let kept = value(&images, "imprint_store_payload_bytes", &Value::Null);
    assert!(kept <= value(&images, "imprint_received_bytes_total", &Value::Null));
    assert!(value(&images, "imprint_sent_bytes_total", &Value::Null) > 0.0);
    let volumes = samples(rig.unpackd_status());
    assert_eq!(value(&volumes, "imprint_volumes", &labels("state", "ready")), 1.0);
    assert_eq!(value(&volumes, "imprint_patches_total", &labels("result", "done")), 2.0);
    assert_eq!(value(&volumes, "imprint_patches_total", &labels("result", "failed")), 1.0);
    let blocks = volumes.iter().filter(|s| s[0] == "imprint_patch_dirty_blocks_total");
    assert!(blocks.map(|s| s[2].as_f64().unwrap()).sum::<f64>() > 1.0);
}

#[test]
fn strangers_see_pages_and_change_nothing() {
    let mut rig = Rig::start();
    for status in [rig.imaged_status(), rig.unpackd_status()] {
        assert!(get(status, "/healthz").ends_with("\r\n\r\nok\n"));
        for path in ["/", "/style.css", "/metrics", "/nothing", "/stream/a/b"] {
            let answer = get(status, path);
            for header in ["default-src 'none'", "nosniff", "no-store"] {
                assert!(answer.contains(header), "{path}: {answer}");
            }
            let missing = ["/nothing", "/stream/a/b"].contains(&path);
            assert_eq!(answer.starts_with("HTTP/1.1 404"), missing, "{answer}");
        }
        for method in ["POST", "PUT", "DELETE"] {
            let answer = ask(status, &format!("{method} / HTTP/1.1\r\nContent-Length: 0"));
            assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
        }
        let far = get(status, &format!("/?from={}", usize::MAX));
        assert!(far.starts_with("HTTP/1.1 200"), "{far}");
        let escaped = get(status, "/stream/%3Cscript%3E%00%ff");
        assert!(escaped.starts_with("HTTP/1.1 4") && !escaped.contains("<script>"), "{escaped}");
        // The server cuts off an endless request head, perhaps while the client is still writing it.
        let mut endless = connect(status);
        endless.write_all(&vec![b'a'; 1 << 20]).ok();
        drop(endless);
        // Many silent connections block other clients only until the deadline of these connections.
        let idle: Vec<TcpStream> = (0..40).map(|_| connect(status)).collect();
        assert!(get(status, "/healthz").ends_with("ok\n"));
        drop(idle);
    }
    rig.kill_imaged();
    // unpackd keeps running without imaged.
    assert!(get(rig.unpackd_status(), "/healthz").ends_with("ok\n"));
}

/// Returns the metrics that a section of docs/metrics.md lists, without their labels.
fn documented(section: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, after) = text.split_once(&format!("## {section}\n")).unwrap();
    let rows = after.split("\n## ").next().unwrap().lines();
    let cells = rows.filter_map(|row| row.strip_prefix("| `")?.split_once(" |"));
    cells
        .flat_map(|(cell, _)| cell.split(", "))
        .map(|name| name.trim_matches('`').split('{').next().unwrap().to_owned())
        .collect()
}

/// Returns the metrics that a daemon declares, by the names of their samples.
fn declared(status: &str) -> BTreeSet<String> {
    let answer = get(status, "/metrics");
    let types = answer.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    let suffix = |kind: &str| if kind.trim() == "counter" { "_total" } else { "" };
    types.map(|(name, kind)| format!("{name}{}", suffix(kind))).collect()
}

#[test]
fn documents_list_every_metric() {
    let rig = Rig::start();
    assert!(documented("imaged").len() > 10);
    // Calls appear when the first one ended.
    rig.json(&["unpacker", "status"]);
    rig.json(&["image", "list"]);
    // The metrics of replicas appear when the first one was heard.
    let _replica = Replica::start(&rig, "replica", &[]);
    let end = Instant::now() + Duration::from_secs(20);
    while documented("imaged") != declared(rig.imaged_status()) && Instant::now() < end {
        std::thread::park_timeout(Duration::from_millis(50));
    }
    assert_eq!(documented("imaged"), declared(rig.imaged_status()));
    assert_eq!(documented("unpackd"), declared(rig.unpackd_status()));
}

#[test]
fn alerts_and_dashboard_use_metrics_that_exist() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/monitoring");
    let known: BTreeSet<String> =
        documented("imaged").union(&documented("unpackd")).cloned().collect();
    for (file, count_min) in [("alerts.yml", 10), ("dashboard.json", 15)] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let used: BTreeSet<String> = text
            .match_indices("imprint_")
            .map(|(at, _)| text[at..].chars().take_while(|c| is_name(*c)).collect())
            .collect();
        assert!(used.len() > count_min, "{file}: {used:?}");
        let unknown: Vec<_> = used.difference(&known).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
    let dashboard = std::fs::read_to_string(folder.join("dashboard.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    assert!(panels.iter().all(|panel| panel["targets"][0]["expr"].is_string()));
}
