//! Objects of images: receive, commit, verify.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use prost::Message;
use rpc::authority::Permit;
use rpc::identity::Caller;
use rpc::image_signature::{CLOCK_DIFFERENCE_MAX, ImageSigners, SignatureError};
use store::ImageContent;
use store::codec::Decoder;
use store::ingest::oci::CONFIG_LEN_MAX;
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};
use wire::ErrorClass;
use wire::digest::{Algorithm, Digest};
use wire::name::StreamName;
use wire::object::{Encoded, Kind};
use wire::proto::{
    CommitUploadRequest, CommitUploadResponse, EncodedObject, ImageRecord, LintFinding,
    ObjectDamage, SendObjectsRequest, SendObjectsResponse, VerifyImageEvent,
};

use super::convert::{blocking, catalog_status, store_status, upload_status};
use super::{Shared, check_tags};
use crate::primary::Primary;
use crate::upload::Upload;
use sysio::clock::now_ms;

/// Events of a verification that wait for a slow client.
const EVENTS_MAX: usize = 2;

/// Limit on the length of an image's record, in bytes: twice what findings, settings of a container and tags may have
/// together.
const RECORD_LEN_MAX: usize = 512 << 10;

/// Longest time from an image's signature to its arrival here if a replica relays it: a replica on a slow link first
/// sends the objects.
const RELAY_AGE_MAX: Duration = Duration::from_secs(24 * 3600);

/// Number of objects that a verification checks between two progress events.
const PROGRESS_EVERY: u64 = 256;

/// Receives a stream of objects into an upload; returns the totals.
pub(super) async fn receive(
    shared: &Arc<Shared>,
    caller: &Caller,
    mut stream: Streaming<SendObjectsRequest>,
) -> Result<SendObjectsResponse, Status> {
    let (mut total, mut last) = (SendObjectsResponse::default(), None);
    while let Some(message) = stream.next().await {
        let message = message?;
        let upload = shared.uploads.get(&message.upload_id, caller.as_str());
        let upload = upload.map_err(|error| upload_status(&error))?;
        let algorithm = shared.store.algorithm();
        let (objects, bytes) =
            blocking(move || receive_batch(&upload, message.objects, algorithm)).await?;
        shared.counts.objects_received.add(objects);
        shared.counts.bytes_received.add(bytes);
        total.objects += objects;
        total.payload_bytes += bytes;
        last = Some(message.upload_id);
    }
    // The client takes the end of a stream for the word that everything it sent there is stored.
    if let Some(id) = last {
        let upload = shared.uploads.get(&id, caller.as_str());
        let upload = upload.map_err(|error| upload_status(&error))?;
        blocking(move || upload.receive_waiting().map_err(|error| upload_status(&error))).await?;
    }
    Ok(total)
}

fn receive_batch(
    upload: &Upload,
    objects: Vec<EncodedObject>,
    algorithm: Algorithm,
) -> Result<(u64, u64), Status> {
    let mut decoder = Decoder::new().map_err(|error| store_status(&error))?;
    let mut content = Vec::new();
    let mut bytes = 0;
    let count = objects.len() as u64;
    for object in objects {
        let object = decode_object(object, algorithm)?;
        bytes += object.payload.len() as u64;
        upload
            .receive(object, &mut decoder, &mut content)
            .map_err(|error| upload_status(&error))?;
    }
    Ok((count, bytes))
}

fn decode_object(object: EncodedObject, algorithm: Algorithm) -> Result<Encoded, Status> {
    let digest = Digest::new(algorithm, &object.hash)
        .map_err(|error| rpc::status::invalid(error.to_string()))?;
    let kind = u8::try_from(object.kind).ok().and_then(Kind::from_tag);
    let kind = kind.ok_or_else(|| rpc::status::invalid("unknown kind of object"))?;
    Ok(Encoded { digest, kind, content_len: object.content_len, payload: object.payload.into() })
}

/// Turns an upload into an image. A well-formed request ends the session, even if the commit fails.
pub(super) fn commit(
    shared: &Shared,
    permit: &Permit,
    request: CommitUploadRequest,
) -> Result<CommitUploadResponse, Status> {
    let upload = shared.uploads.get(&request.upload_id, permit.caller().as_str());
    let upload = upload.map_err(|error| upload_status(&error))?;
    let mut sent = request
        .record
        .ok_or_else(|| rpc::status::invalid("the request has no record of the image"))?;
    let manifest: Digest = sent.manifest.parse().map_err(|error| {
        rpc::status::invalid(format!("the digest of the manifest is malformed: {error}"))
    })?;
    sent.name = upload.name.to_string();
    check_sent(&sent)?;
    let signer = check_signature(shared, permit, &upload, &sent, request.from_bundle)?;
    let committed = upload.commit(&manifest, &shared.closures);
    shared.uploads.end(&request.upload_id);
    let (content, stored) = committed.map_err(|error| upload_status(&error))?;
    for extra in [&sent.build_log, &sent.release_notes] {
        let is_shown =
            extra.is_empty() || extra.parse().is_ok_and(|digest| upload.is_shown(&digest));
        if !is_shown {
            return Err(rpc::status::invalid(format!("object {extra} was not sent")));
        }
    }
    let mut record = sent.clone();
    record.creator = signer.as_str().to_owned();
    record.created_at_ms = now_ms();
    record.stored = Some(stored);
    describe(shared, &content, &mut record)?;
    if request.strict && !record.findings.is_empty() {
        return Err(refused_findings(&record));
    }
    let stream = upload.name.stream();
    let forwarded = match shared.primary_of(&stream, |primary, stream| primary.owns(stream)) {
        Some(primary) => Some(forward(shared, primary, sent, &manifest)?),
        None => None,
    };
    if let Some(answer) = &forwarded {
        record = checked_answer(shared.signers.as_ref(), answer, record)?;
        let decides = |primary: &dyn Primary, stream: &StreamName| primary.owns_removals(stream);
        if shared.primary_of(&stream, decides).is_none() {
            // An archive keeps what the primary lets expire.
            record.expires_at_ms = 0;
        }
    }
    let is_new_here =
        shared.catalog.add(&upload.name, &record).map_err(|error| catalog_status(&error))?;
    let is_new = forwarded.map_or(is_new_here, |answer| answer.is_new);
    let record = shared.catalog.get(&upload.name).map_err(|error| catalog_status(&error))?;
    tracing::info!(
        image = record.name,
        manifest = record.manifest,
        caller = %permit.caller(),
        signer = record.creator,
        is_new,
        new_objects = stored.added_objects,
        new_bytes = stored.added_payload_bytes,
        "image added"
    );
    let (new_objects, new_bytes) = (stored.added_objects, stored.added_payload_bytes);
    Ok(CommitUploadResponse { record: Some(record), is_new, new_objects, new_bytes })
}

/// Checks the parts of a record that the client may choose freely.
fn check_sent(record: &ImageRecord) -> Result<(), Status> {
    check_tags(record.tags.iter())?;
    let config_len = record.oci.as_ref().map_or(0, Message::encoded_len);
    if config_len > CONFIG_LEN_MAX {
        return Err(rpc::status::invalid(format!(
            "the OCI configuration has {config_len} bytes, and at most {CONFIG_LEN_MAX} are kept"
        )));
    }
    check_findings(&record.findings)?;
    let len = record.encoded_len();
    if len > RECORD_LEN_MAX {
        return Err(rpc::status::invalid(format!(
            "the image's record has {len} bytes, and at most {RECORD_LEN_MAX} are kept"
        )));
    }
    Ok(())
}

/// Returns the identity that signed the image just now and that may add it. A server that verifies no signatures takes
/// the caller.
fn check_signature(
    shared: &Shared,
    permit: &Permit,
    upload: &Upload,
    record: &ImageRecord,
    is_from_bundle: bool,
) -> Result<Caller, Status> {
    let Some(signers) = &shared.signers else {
        return Ok(permit.caller().clone());
    };
    let refused = |error: SignatureError| rpc::status::denied(error.to_string());
    let stream = upload.name.stream();
    let Some(signer) = signers.verify_sent(record).map_err(refused)? else {
        permit.check_role(&stream)?;
        return Ok(permit.caller().clone());
    };
    let age_max = match is_from_bundle {
        true => {
            check_bundle(shared, permit, &stream)?;
            Duration::MAX
        }
        false if signer.caller == *permit.caller() => CLOCK_DIFFERENCE_MAX,
        false => {
            permit.check_relay(&signer.caller, &stream)?;
            RELAY_AGE_MAX
        }
    };
    signer.check_time(&record.name, now_ms(), age_max).map_err(refused)?;
    Ok(signer.caller)
}

/// Checks that a caller may add images of a bundle here: their signatures may be old, so an owner of the stream answers
/// for them.
fn check_bundle(shared: &Shared, permit: &Permit, stream: &StreamName) -> Result<(), Status> {
    if !permit.is_owner(stream) {
        return Err(rpc::status::denied(format!(
            "images of a bundle are loaded by owners of their stream: '{}' needs the role 'own' for '{stream}'",
            permit.caller()
        )));
    }
    match shared.primary_of(stream, |primary, stream| primary.owns(stream)) {
        None => Ok(()),
        Some(primary) => Err(rpc::status::status(
            ErrorClass::Refused,
            format!(
                "this server follows another: load the bundle there, with --imaged {}",
                primary.address()
            ),
        )),
    }
}

/// Completes a record with what the server itself finds in the content.
fn describe(
    shared: &Shared,
    content: &ImageContent,
    record: &mut ImageRecord,
) -> Result<(), Status> {
    content.kind().clone_into(&mut record.kind);
    let facts = record.facts.get_or_insert_default();
    // The server itself computes the counts and whether the image boots. It does not verify the client's other facts.
    match content {
        ImageContent::Tree(manifest) => {
            record.manifest_len = manifest.bytes().len() as u64;
            facts.inodes = manifest.inode_count().into();
            facts.bytes = manifest.header().content_len;
            let told = store::boot::fill_facts(&shared.store, manifest, facts);
            told.map_err(|error| store_status(&error))?;
            // The record holds the client's findings about the source; the server appends its own about the content.
            let findings = store::lint::lint(&shared.store, manifest);
            record.findings.extend(findings.map_err(|error| store_status(&error))?);
        }
        ImageContent::Disk(map) => {
            record.manifest_len = map.encode().len() as u64;
            facts.inodes = 0;
            facts.bytes = map.disk_len();
        }
    }
    Ok(())
}

/// Returns the record that the primary keeps, if it is of the image that was sent. The primary is not trusted.
fn checked_answer(
    signers: Option<&ImageSigners>,
    answer: &CommitUploadResponse,
    ours: ImageRecord,
) -> Result<ImageRecord, Status> {
    let theirs = answer.record.clone().unwrap_or_default();
    let is_same = [
        (&theirs.name, &ours.name),
        (&theirs.manifest, &ours.manifest),
        (&theirs.kind, &ours.kind),
        (&theirs.build_log, &ours.build_log),
        (&theirs.release_notes, &ours.release_notes),
    ];
    if is_same.into_iter().any(|(theirs, ours)| theirs != ours) {
        return Err(rpc::status::status(
            ErrorClass::Conflict,
            format!(
                "the primary has image {} already, with other attachments: what it has comes here by replication",
                ours.name
            ),
        ));
    }
    if let Some(signers) = signers {
        signers.verify(&theirs).map_err(|error| rpc::status::denied(error.to_string()))?;
    }
    Ok(theirs)
}

/// Adds an image at the primary, which it must have before this server shows it.
fn forward(
    shared: &Shared,
    primary: &dyn Primary,
    record: ImageRecord,
    manifest: &Digest,
) -> Result<CommitUploadResponse, Status> {
    let closure = shared.closures.of(&shared.store, manifest);
    let mut objects = closure.map_err(|error| store_status(&error))?.as_ref().clone();
    let extras = [&record.build_log, &record.release_notes];
    objects.extend(extras.into_iter().filter_map(|extra| extra.parse::<Digest>().ok()));
    let answer = primary.add(&shared.store, record, &objects);
    answer.map_err(|error| rpc::status::status(error.class, error.message))
}

/// Refuses findings that have control characters or are too long together. Their length matters because a list of
/// images contains the findings of thousands of records.
fn check_findings(findings: &[LintFinding]) -> Result<(), Status> {
    /// Limit on the length of all findings, in bytes. Real findings stay far below this limit: there are at most 8 for
    /// each rule, with paths cut at 300 bytes.
    const LEN_MAX: usize = 64 << 10;
    let len: usize = findings.iter().map(Message::encoded_len).sum();
    let texts = findings.iter().flat_map(|found| [&found.rule, &found.path, &found.problem]);
    if len > LEN_MAX || texts.into_iter().any(|text| text.chars().any(char::is_control)) {
        return Err(rpc::status::invalid(format!(
            "the findings have {len} bytes or control characters: at most {LEN_MAX} bytes without control characters are kept"
        )));
    }
    Ok(())
}

fn refused_findings(record: &ImageRecord) -> Status {
    let findings = record.findings.iter();
    let findings: Vec<String> = findings
        .map(|finding| format!("{}: {} ({})", finding.path, finding.problem, finding.rule))
        .collect();
    rpc::status::status(
        ErrorClass::Refused,
        format!(
            "image {} has findings, which --strict refuses:\n{}",
            record.name,
            findings.join("\n")
        ),
    )
}

/// Reads and hashes every object of an image; sends progress and damage as events.
pub(super) fn verify(
    shared: &Arc<Shared>,
    record: ImageRecord,
) -> ReceiverStream<Result<VerifyImageEvent, Status>> {
    let (sender, receiver) = mpsc::channel(EVENTS_MAX);
    let shared = Arc::clone(shared);
    tokio::task::spawn_blocking(move || {
        if let Err(status) = verify_into(&shared, &record, &sender) {
            sender.blocking_send(Err(status)).ok();
        }
    });
    ReceiverStream::new(receiver)
}

fn verify_into(
    shared: &Shared,
    record: &ImageRecord,
    sender: &mpsc::Sender<Result<VerifyImageEvent, Status>>,
) -> Result<(), Status> {
    let store = &shared.store;
    let manifest_digest: Digest = record
        .manifest
        .parse()
        .map_err(|error| rpc::status::status(ErrorClass::Damaged, format!("{error}")))?;
    let closure =
        store::fsck::closure(store, &manifest_digest).map_err(|error| store_status(&error))?;
    // Sorts the objects by their place in the packs. Missing objects have no place and come first.
    let ordered: BTreeSet<_> = closure
        .iter()
        .map(|digest| {
            let place = store.locate(digest);
            (place.map(|place| (place.kind, place.pack, place.offset)), *digest)
        })
        .collect();
    let objects_total = ordered.len() as u64;
    let mut objects_done = 0;
    for (_, digest) in ordered {
        let problem = store::fsck::check_object(store, &digest).err();
        objects_done += 1;
        let damage = problem.map(|error| damage(shared, record, &digest, &error.to_string()));
        if let Some(damage) = &damage {
            shared.counts.objects_damaged.add(1);
            tracing::error!(digest = damage.digest, images = ?damage.images, "damaged object");
        }
        if damage.is_some() || objects_done % PROGRESS_EVERY == 0 || objects_done == objects_total {
            let event = VerifyImageEvent { objects_done, objects_total, damage };
            if sender.blocking_send(Ok(event)).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Describes a damaged object: the problem, the images that use the object, and its paths in this image.
fn damage(shared: &Shared, record: &ImageRecord, digest: &Digest, problem: &str) -> ObjectDamage {
    let images = shared.catalog.list(None).unwrap_or_default();
    let images = images
        .into_iter()
        .filter(|image| {
            let manifest = image.manifest.parse();
            manifest.is_ok_and(|manifest| {
                let closure = shared.closures.of(&shared.store, &manifest);
                closure.is_ok_and(|closure| closure.contains(digest))
            })
        })
        .map(|image| image.name)
        .collect();
    let manifest = record.manifest.parse::<Digest>().ok();
    let paths = manifest.and_then(|manifest| {
        store::fsck::paths_of(&shared.store, &manifest, &[*digest].into()).remove(digest)
    });
    ObjectDamage {
        digest: digest.to_string(),
        problem: problem.to_owned(),
        images,
        paths: paths.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_primary_that_answers_with_another_image_is_not_believed() {
        let ours = ImageRecord {
            name: "a/1".to_owned(),
            manifest: "m".to_owned(),
            kind: "tree".to_owned(),
            build_log: "log".to_owned(),
            ..ImageRecord::default()
        };
        let answered = |change: &dyn Fn(&mut ImageRecord)| {
            let mut record = ours.clone();
            // What the primary decides comes back with its answer.
            record.created_at_ms = 5;
            change(&mut record);
            let answer = CommitUploadResponse { record: Some(record), ..Default::default() };
            checked_answer(None, &answer, ours.clone())
        };
        assert_eq!(answered(&|_| {}).unwrap().created_at_ms, 5);
        for change in [
            (&|it: &mut ImageRecord| it.name.push('0')) as &dyn Fn(&mut ImageRecord),
            &|it| it.manifest.push('0'),
            &|it| it.kind.push('0'),
            &|it| it.build_log.clear(),
            &|it| it.release_notes.push('0'),
        ] {
            let status = answered(change).unwrap_err();
            assert!(status.message().contains("with other attachments"), "{status}");
        }
        let nothing = checked_answer(None, &CommitUploadResponse::default(), ours);
        nothing.unwrap_err();
    }
}
