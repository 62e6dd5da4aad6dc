//! Checks identities and signatures against moto, a second simulator that verifies both: `make full`.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cloud::aws::{AccountSpec, Accounts, Concurrency, CredentialsSource, Role};
use cloud::{Cloud, CloudErrorKind};
use e2e::program;
use testkit::image::run;

/// The version is pinned, because another one might check other things.
const MOTO: &str = "moto[server]==5.2.5";

/// Makes a user with a policy, and prints the user's keys. The script calls as an administrator, before moto begins to
/// check identities.
const PREPARE: &str = r#"
import boto3, json, sys
iam = boto3.client("iam", endpoint_url=sys.argv[1], region_name="us-east-1",
                   aws_access_key_id="admin", aws_secret_access_key="admin")
iam.create_user(UserName="publisher")
allow = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["ec2:DescribeRegions", "sts:*"], "Resource": "*"}]}
iam.put_user_policy(UserName="publisher", PolicyName="p", PolicyDocument=json.dumps(allow))
key = iam.create_access_key(UserName="publisher")["AccessKey"]
print(key["AccessKeyId"], key["SecretAccessKey"])
"#;

/// Number of calls in the script. For these first calls, moto checks no identity.
const UNCHECKED: &str = "3";

struct Moto(Child);

impl Drop for Moto {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Returns a Python environment with moto; makes it if it is missing.
fn environment() -> PathBuf {
    let folder = program("imaged").parent().unwrap().join("moto-5.2.5");
    if !folder.join("bin/moto_server").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        run(Command::new(folder.join("bin/pip")).args(["install", "--quiet", MOTO, "boto3"]));
    }
    folder
}

fn start(environment: &Path, port: u16) -> Moto {
    let mut command = Command::new(environment.join("bin/moto_server"));
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    command.env("INITIAL_NO_AUTH_ACTION_COUNT", UNCHECKED);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let moto = Moto(child);
    let deadline = Instant::now() + Duration::from_secs(60);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "moto does not answer");
        std::thread::park_timeout(Duration::from_millis(100));
    }
    moto
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make full"]
async fn full_moto_takes_our_signatures() {
    let environment = environment();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let _moto = start(&environment, port);
    let endpoint = format!("http://127.0.0.1:{port}");
    let mut script = tempfile::NamedTempFile::new().unwrap();
    script.write_all(PREPARE.as_bytes()).unwrap();
    let mut command = Command::new(environment.join("bin/python"));
    let keys = run(command.arg(script.path()).arg(&endpoint));
    let (id, secret) = keys.trim().split_once(' ').unwrap();

    let role = |account: &str| CredentialsSource::Role {
        role: Role::Named { id: account.to_owned(), name: "publisher".to_owned() },
        external_id: Some("secret".to_owned()),
    };
    let accounts = |secret: &str| {
        let spec =
            |name: &str, source| AccountSpec { name: name.parse().unwrap(), source, id: None };
        let concurrency = Concurrency { puts_max: 64, idle_max: 64 };
        let specs =
            vec![spec("own", CredentialsSource::Ambient), spec("other", role("222222222222"))];
        let home = Some("us-east-1".parse().unwrap());
        let accounts = Accounts::new(specs, home, concurrency).unwrap();
        accounts.at(&endpoint).with_keys(id, secret)
    };
    let region = "eu-central-1".parse().unwrap();
    let right = accounts(secret);
    let own = right.connect(&"own".parse().unwrap(), &region).await.unwrap().unwrap();
    let caller = own.caller().await.unwrap();
    assert!(caller.arn.ends_with("user/publisher"), "{caller:?}");
    let regions = own.regions().await.unwrap();
    assert!(regions.iter().any(|state| state.region == region), "{regions:?}");
    // A call that the user's policy does not allow is denied, and the error says so.
    let denied = own.default_encryption().await.unwrap_err();
    assert_eq!(denied.kind, CloudErrorKind::Denied, "{denied}");
    // A wrong secret gives a wrong signature.
    let wrong = accounts("wrong");
    let wrong = wrong.connect(&"own".parse().unwrap(), &region).await.unwrap().unwrap();
    let denied = wrong.regions().await.unwrap_err();
    assert_eq!(denied.kind, CloudErrorKind::Denied, "{denied}");
    // A role of another account can be assumed, and further calls use it.
    let other = right.connect(&"other".parse().unwrap(), &region).await.unwrap().unwrap();
    let caller = other.caller().await.unwrap();
    assert_eq!(caller.account_id, "222222222222", "{caller:?}");
    assert!(caller.arn.contains("assumed-role/publisher/imprint"), "{caller:?}");
}
