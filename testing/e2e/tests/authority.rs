//! Every call that acts on one stream is refused to a caller whose roles are for another stream. The requests are made
//! from the schema, so that a new method is tried as soon as it has its rule.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use bytes::{Buf, BufMut};
use e2e::release::small_tree;
use e2e::{Rig, text};
use prost_types::FileDescriptorSet;
use prost_types::field_descriptor_proto::Type;
use rpc::authority::{RULES, Rule, Scope};
use rpc::tls::TlsDir;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use wire::proto::{LeaseStreamRequest, PutRunRequest, Run};

const STREAM: &str = "other/stream";
const IMAGE: &str = "other/stream/1";
const RUN: &str = "20260101-000000-abcdef";

/// The caller `publish` has all roles, but only for another stream.
const POLICY: &str = "\
[[grant]]
identity = 'publish'
roles = ['read', 'upload', 'operate', 'publish']
streams = ['mine/**']
[[grant]]
identity = 'admin'
roles = ['admin']
streams = ['**']
[[grant]]
identity = 'unpackd'
roles = ['read']
streams = ['**']
";

/// A codec that takes messages as bytes that are already encoded, and ignores the content of answers.
#[derive(Clone, Copy)]
struct Plain;

impl Codec for Plain {
    type Encode = Vec<u8>;
    type Decode = ();
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Plain {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Plain {
    type Item = ();
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<()>, Status> {
        buffer.advance(buffer.remaining());
        Ok(Some(()))
    }
}

fn schema() -> FileDescriptorSet {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/wire/proto");
    protox::compile([format!("{folder}/imprint.proto")], [folder]).unwrap()
}

fn push(bytes: &mut Vec<u8>, number: i32, value: &[u8]) {
    let (number, len) = (u8::try_from(number).unwrap(), u8::try_from(value.len()).unwrap());
    assert!(number < 16 && len < 128, "a field that needs longer numbers");
    bytes.extend([number << 3 | 2, len]);
    bytes.extend(value);
}

/// Encodes a message in which all names of streams, images and runs belong to the stream that the caller is not allowed
/// to touch.
fn message(schema: &FileDescriptorSet, name: &str) -> Vec<u8> {
    let name = name.rsplit('.').next().unwrap();
    let mut all = schema.file.iter().flat_map(|file| &file.message_type);
    let message = all.find(|message| message.name() == name).unwrap();
    let mut bytes = Vec::new();
    for field in &message.field {
        match (field.r#type(), field.name()) {
            (Type::String, "stream") => push(&mut bytes, field.number(), STREAM.as_bytes()),
            (Type::String, "name" | "image") => push(&mut bytes, field.number(), IMAGE.as_bytes()),
            (Type::String, "id") => push(&mut bytes, field.number(), RUN.as_bytes()),
            (Type::Message, "run" | "record") => {
                let inner = self::message(schema, field.type_name());
                push(&mut bytes, field.number(), &inner);
            }
            _ => {}
        }
    }
    bytes
}

async fn call(channel: &Channel, rule: &Rule, schema: &FileDescriptorSet) -> Status {
    let (service, method) = rule.method.rsplit_once('/').unwrap();
    let (_, service) = service.rsplit_once('.').unwrap();
    let mut services = schema.file.iter().flat_map(|file| &file.service);
    let service = services.find(|found| found.name() == service).unwrap();
    let method = service.method.iter().find(|found| found.name() == method).unwrap();
    let mut client = tonic::client::Grpc::new(channel.clone());
    client.ready().await.unwrap();
    let path = format!("/{}", rule.method).parse().unwrap();
    let request = Request::new(message(schema, method.input_type()));
    match client.server_streaming(request, path, Plain).await {
        Ok(answers) => {
            let mut answers = answers.into_inner();
            loop {
                match answers.message().await {
                    Ok(Some(())) => {}
                    Ok(None) => return Status::ok(""),
                    Err(status) => return status,
                }
            }
        }
        Err(status) => status,
    }
}

/// Records a run of the stream. `GetRun` names only the id of the run, not its stream.
async fn put_run(channel: &Channel) {
    let mut records = rpc::client::publishing(channel.clone());
    let (stream, holder) = (STREAM.to_owned(), "test".to_owned());
    let lease = LeaseStreamRequest { stream, holder, ttl_ms: 60_000, steal: false };
    let lease_epoch = records.lease_stream(lease).await.unwrap().into_inner().epoch;
    let run = Run {
        id: RUN.to_owned(),
        stream: STREAM.to_owned(),
        image: IMAGE.to_owned(),
        status: "running".to_owned(),
        ..Run::default()
    };
    let request = PutRunRequest { run: Some(run), follows: 0, lease_epoch };
    records.put_run(request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_for_a_stream_need_the_role_for_that_stream() {
    let mut rig = Rig::start();
    let tree = rig.path("tree");
    small_tree(&tree);
    rig.json(&["image", "add", IMAGE, text(&tree)]);
    for daemon in ["imaged", "unpackd"] {
        std::fs::write(rig.path(&format!("pki/{daemon}/policy.toml")), POLICY).unwrap();
    }
    rig.kill_unpackd();
    rig.kill_imaged();
    rig.start_imaged();
    rig.start_unpackd();

    let channel = async |identity: &str, address: &str| {
        let tls = TlsDir::load(&rig.path(&format!("pki/{identity}"))).unwrap();
        rpc::client::connect(address, &tls).await.unwrap()
    };
    let imaged = channel("publish", rig.imaged_address()).await;
    let unpackd = channel("publish", rig.unpackd_address()).await;
    let admin = channel("admin", rig.imaged_address()).await;
    put_run(&admin).await;

    let schema = schema();
    let mut tried = 0;
    for rule in RULES {
        if !matches!(rule.scope, Scope::Stream | Scope::OwnImage) {
            continue;
        }
        let is_unpackd = rule.method.contains("UnpackerService");
        let status = call(if is_unpackd { &unpackd } else { &imaged }, rule, &schema).await;
        assert_eq!(status.code(), Code::PermissionDenied, "{}: {status:?}", rule.method);
        let words =
            format!("'publish' lacks the role '{}' for stream '{STREAM}'", rule.role.name());
        assert!(status.message().contains(&words), "{}: {}", rule.method, status.message());
        tried += 1;
    }
    assert!(tried > 20, "{tried} methods");
    // A caller with the role is allowed to make the same request.
    let latest = |rule: &&Rule| rule.method.ends_with("GetLatestImage");
    let status = call(&admin, RULES.iter().find(latest).unwrap(), &schema).await;
    assert_eq!(status.code(), Code::Ok, "{status:?}");
}
