//! The network path to AWS: proxies, certificates, and mistakes in them.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use e2e::release::{ACCOUNTS, Release, ends_soon, small_disk, soon};
use e2e::text;
use serde_json::Value;

/// Name of the AWS endpoint, which no name server knows.
const NAME: &str = "aws.example.net";

/// A TLS front for a server, and a proxy that connects every name to the front and prints each request. Arguments: the
/// server's port, the certificate, the certificate's key. The script prints the ports of front and proxy.
const MIDDLE: &str = r#"
import socket, ssl, sys, threading
server, certificate, key = int(sys.argv[1]), sys.argv[2], sys.argv[3]
def listen():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(512)
    return listener
def pump(source, sink):
    try:
        while True:
            data = source.recv(65536)
            if not data: break
            sink.sendall(data)
    except OSError: pass
    for end in (source, sink):
        try: end.shutdown(socket.SHUT_RDWR)
        except OSError: pass
def both(a, b):
    threading.Thread(target=pump, args=(a, b), daemon=True).start()
    pump(b, a)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
def secure(client):
    try: client = context.wrap_socket(client, server_side=True)
    except (OSError, ssl.SSLError): return
    both(client, socket.create_connection(("127.0.0.1", server)))
def lead(client):
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(4096)
        if not data: return
        head += data
    with lock: print(head.split(b"\r\n")[0].decode(), flush=True)
    way = socket.create_connection(("127.0.0.1", front.getsockname()[1]))
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    both(client, way)
def serve(listener, each):
    while True:
        client = listener.accept()[0]
        threading.Thread(target=each, args=(client,), daemon=True).start()
lock = threading.Lock()
front, proxy = listen(), listen()
print(front.getsockname()[1], proxy.getsockname()[1], flush=True)
threading.Thread(target=serve, args=(front, secure), daemon=True).start()
serve(proxy, lead)
"#;

/// The running script of [`MIDDLE`], between the command line and the simulator.
struct Middle {
    child: Child,
    certificate: PathBuf,
    front: u16,
    proxy: u16,
    lines: Option<BufReader<ChildStdout>>,
}

impl Middle {
    fn start(release: &Release) -> Self {
        let (key, certificate) = (release.rig.path("key.pem"), release.rig.path("cert.pem"));
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"]);
        openssl.args(["-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=front"]);
        openssl.args(["-addext", &format!("subjectAltName=DNS:localhost,DNS:{NAME}")]);
        openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
        testkit::image::run(openssl.arg("-keyout").arg(&key).arg("-out").arg(&certificate));
        let script = release.rig.path("middle.py");
        std::fs::write(&script, MIDDLE).unwrap();
        let mut python = Command::new("/usr/bin/python3");
        python.arg(script).arg(release.port().to_string()).arg(&certificate).arg(&key);
        let mut child = python.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut ports = String::new();
        lines.read_line(&mut ports).unwrap();
        let (front, proxy) = ports.trim().split_once(' ').unwrap();
        let (front, proxy) = (front.parse().unwrap(), proxy.parse().unwrap());
        Self { child, certificate, front, proxy, lines: Some(lines) }
    }

    /// Ends the script; returns the requests that the proxy got.
    fn asked(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        let lines = self.lines.take().unwrap();
        lines.lines().map_while(Result::ok).collect()
    }
}

impl Drop for Middle {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn list(release: &Release, target: &str) -> Command {
    let mut command = release.command();
    command.args(["--json", "targets", "list", "--target", target]);
    command
}

/// Starts a server that gives every request the same answer; returns its port and the first lines of requests.
fn listener(answer: &'static str) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (lines, seen) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).unwrap();
            lines.send(line).ok();
            stream.write_all(answer.as_bytes()).ok();
        }
    });
    (port, seen)
}

/// Starts a release with two accounts. Keys in the environment give access to the account `default`, and a role to
/// `own`.
fn release() -> Release {
    let release = Release::start(soon(true));
    let imprint = format!(
        "[aws.accounts.own]\nid = '{0}'\nrole_arn = 'arn:aws:iam::{0}:role/publisher'\n\
         [aws.accounts.default]\n",
        ACCOUNTS[0]
    );
    std::fs::write(release.rig.path(".config/imprint/config.toml"), imprint).unwrap();
    release
}

#[test]
fn a_run_goes_through_a_proxy_and_tls() {
    let release = Release::start(soon(true));
    let path = release.rig.path("disk.raw");
    small_disk(&path, 1);
    release.json(&["image", "add", "disk/far/1", text(&path), "--arch", "x86_64"]);
    let middle = Middle::start(&release);
    let arguments = release.arguments("disk/far/1", &["dev/us-east-1"], &["--no-boot"]);
    let mut command = release.command();
    command
        .arg("--json")
        .args(arguments)
        .env("AWS_ENDPOINT_URL", format!("https://{NAME}"))
        .env("HTTPS_PROXY", format!("http://127.0.0.1:{}", middle.proxy))
        .env("AWS_CA_BUNDLE", &middle.certificate);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let asked = middle.asked();
    assert!(!asked.is_empty());
    let line = format!("CONNECT {NAME}:443 HTTP/1.1");
    assert!(asked.iter().all(|found| *found == line), "{asked:?}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let snapshot = document["results"][0]["SnapshotId"].as_str().unwrap();
    let disk = release.sim.disk(snapshot).unwrap();
    let source = std::fs::read(path).unwrap();
    assert!(disk[..source.len()] == source, "another disk");
}

#[test]
fn a_proxy_that_refuses_is_told_soon_and_left_out_where_it_is_not_meant() {
    let release = release();
    let (port, lines) = listener("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    let proxy = format!("http://127.0.0.1:{port}");
    // The error must name the proxy in both cases: if a call to AWS fails, and if assuming a role before the call
    // fails.
    for target in ["default/us-east-1", "own/us-east-1"] {
        let mut command = list(&release, target);
        command
            .env("AWS_ENDPOINT_URL", format!("https://{NAME}"))
            .env("HTTPS_PROXY", &proxy)
            .env("NO_PROXY", "localhost,example.com");
        let (_, document, said) = ends_soon(&mut command);
        let line = lines.recv().unwrap();
        assert!(line.starts_with(&format!("CONNECT {NAME}:443")), "{line}");
        let error = document["targets"][0]["error"].as_str().unwrap_or(&said);
        assert!(error.contains("check HTTPS_PROXY"), "{target}: {error}");
    }
    while lines.try_recv().is_ok() {}
    let mut command = list(&release, "own/us-east-1");
    command.env("HTTP_PROXY", &proxy).env("HTTPS_PROXY", &proxy).env("NO_PROXY", "127.0.0.1");
    let (code, document, said) = ends_soon(&mut command);
    assert_eq!(code, 0, "{said}{document}");
    assert!(lines.try_recv().is_err());
}

#[test]
fn certificates_are_those_of_the_bundle_and_a_foreign_one_is_told_soon() {
    let release = release();
    let bundle = release.rig.path("bundle.pem");
    std::fs::write(&bundle, "no certificate\n").unwrap();
    let mut command = list(&release, "default/us-east-1");
    let (code, _, said) = ends_soon(command.env("AWS_CA_BUNDLE", &bundle));
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("AWS_CA_BUNDLE") && said.contains("bundle.pem"), "{said}");
    // The error for a server with a self-signed certificate names the remedy.
    let middle = Middle::start(&release);
    let endpoint = format!("https://localhost:{}", middle.front);
    for target in ["default/us-east-1", "own/us-east-1"] {
        let mut command = list(&release, target);
        let (_, document, said) = ends_soon(command.env("AWS_ENDPOINT_URL", &endpoint));
        let error = document["targets"][0]["error"].as_str().unwrap_or(&said);
        let is_told = error.contains("certificate") && error.contains("AWS_CA_BUNDLE");
        assert!(is_told, "{target}: {error}");
    }
    let mut command = list(&release, "own/us-east-1");
    command.env("AWS_ENDPOINT_URL", &endpoint).env("AWS_CA_BUNDLE", &middle.certificate);
    let (code, document, said) = ends_soon(&mut command);
    assert_eq!(code, 0, "{said}{document}");
    middle.asked();
}

#[test]
fn a_profile_may_name_its_certificates() {
    let release = release();
    let imprint = format!(
        "[aws.accounts.one]\nprofile = 'one'\n[aws.accounts.role]\nid = '{0}'\n\
         role_arn = 'arn:aws:iam::{0}:role/publisher'\n",
        ACCOUNTS[1]
    );
    std::fs::write(release.rig.path(".config/imprint/config.toml"), imprint).unwrap();
    let middle = Middle::start(&release);
    let write = |rest: &str| {
        let folder = release.rig.path(".aws");
        let keys = |id: &str| {
            format!(
                "aws_access_key_id = AKIASIM{id}\naws_secret_access_key = x\nca_bundle = {rest}\n"
            )
        };
        let [dev, prod] = ACCOUNTS.map(keys);
        std::fs::create_dir_all(&folder).unwrap();
        let profiles = format!("[profile one]\n{prod}[profile two]\n{dev}");
        std::fs::write(folder.join("config"), profiles).unwrap();
    };
    let command = |target: &str| {
        let mut command = list(&release, target);
        command.env("AWS_ENDPOINT_URL", format!("https://localhost:{}", middle.front));
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        command
    };
    // The path in `ca_bundle` is below the home folder. The bundle applies to the profile's own calls, and to a role
    // that is assumed with the profile's keys.
    std::fs::copy(&middle.certificate, release.rig.path("of-profile.pem")).unwrap();
    write("~/of-profile.pem");
    for target in ["one/us-east-1", "role/us-east-1"] {
        let (code, document, said) = ends_soon(command(target).env("AWS_PROFILE", "two"));
        assert_eq!(code, 0, "{target}: {said}{document}");
        assert_eq!(document["targets"][0]["account_id"], ACCOUNTS[1]);
    }
    write("/missing.pem");
    let (_, document, said) = ends_soon(&mut command("one/us-east-1"));
    let error = document["targets"][0]["error"].as_str().unwrap_or(&said);
    assert!(error.contains("ca_bundle: profile one: /missing.pem"), "{error}");
    // AWS_CA_BUNDLE overrides the profile's `ca_bundle`. REQUESTS_CA_BUNDLE counts only if the profile has no
    // `ca_bundle`.
    let (code, document, said) =
        ends_soon(command("one/us-east-1").env("AWS_CA_BUNDLE", &middle.certificate));
    assert_eq!(code, 0, "{said}{document}");
    let of_requests = ("REQUESTS_CA_BUNDLE", &middle.certificate);
    let (code, _, _) = ends_soon(command("one/us-east-1").env(of_requests.0, of_requests.1));
    assert_ne!(code, 0);
    write("");
    let (code, document, said) =
        ends_soon(command("one/us-east-1").env(of_requests.0, of_requests.1));
    assert_eq!(code, 0, "{said}{document}");
    // A configuration that cannot be parsed is an error. It is not treated as a configuration without certificates.
    std::fs::write(release.rig.path(".aws/config"), "[profile one\n").unwrap();
    let (_, document, said) = ends_soon(&mut command("one/us-east-1"));
    let error = document["targets"][0]["error"].as_str().unwrap_or(&said);
    assert!(error.contains("profile") && error.contains("line 1"), "{error}");
    middle.asked();
}

#[test]
fn an_answer_without_an_end_takes_no_memory_without_one() {
    let release = release();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut line = String::new();
                BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).unwrap();
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n").ok();
                while stream.write_all(&[b' '; 65536]).is_ok() {}
            });
        }
    });
    let mut command = release.command();
    command.args(["--json", "targets", "list"]);
    for region in ["eu-west-1", "eu-west-2", "us-east-1", "us-east-2", "us-west-1", "us-west-2"] {
        command.args(["--target", &format!("default/{region}")]);
    }
    command.env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"));
    let (_, document, memory_kib) = release.watched(&mut command);
    for row in document["targets"].as_array().unwrap() {
        let error = row["error"].as_str().unwrap();
        assert!(error.contains("longer than any of AWS's"), "{error}");
    }
    // While the buffer of an answer grows, the answer can be in memory twice.
    assert!(memory_kib < 600 << 10, "{memory_kib} KiB");
}
