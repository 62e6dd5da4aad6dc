//! Objects that another process sent: frames and their lists are hashed, whether their content is still in memory or not.
#![allow(clippy::unwrap_used, reason = "tests end at the first error")]

use std::sync::Arc;

use store::codec::{Decoder, Encoder, encode_list};
use store::{Batch, KeepPolicy, RECENT_LEN_MAX, Store, StoreError};
use testkit::hostile::noise;
use wire::digest::{Algorithm, Digest};
use wire::object::{Encoded, FrameList};
use wire::units::FRAME_LEN_MAX;

fn store() -> (tempfile::TempDir, Arc<Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(&folder.path().join("store"), Algorithm::Sha256).unwrap();
    (folder, Arc::new(store))
}

/// A file that is cut into frames: the encoded frames, their list, and the digest of the whole.
fn file(content: &[u8]) -> (Vec<Encoded>, FrameList, Digest) {
    let mut encoder = Encoder::new().unwrap();
    let frames: Vec<Encoded> = content
        .chunks(FRAME_LEN_MAX)
        .map(|frame| encoder.encode(Algorithm::Sha256.digest(frame), frame))
        .collect();
    let list = frames.iter().map(|frame| (frame.digest, frame.content_len as u32)).collect();
    (frames, FrameList { frames: list }, Algorithm::Sha256.digest(content))
}

fn receive(batch: &Batch, object: &Encoded) -> Result<(), StoreError> {
    batch.put_received(object, &mut Decoder::new().unwrap(), &mut Vec::new())
}

#[test]
fn a_file_comes_as_frames_and_their_list() {
    for policy in [KeepPolicy::Nothing, KeepPolicy::ForLists, KeepPolicy::ForReaders] {
        let (_folder, store) = store();
        let batch = store.begin().unwrap().keeping(policy);
        let content = noise(5 * FRAME_LEN_MAX + 1000, 1);
        let (frames, list, digest) = file(&content);
        frames.iter().for_each(|frame| receive(&batch, frame).unwrap());
        receive(&batch, &encode_list(digest, &list)).unwrap();
        let recent = batch.take_recent(&frames[1].digest);
        assert_eq!(recent.is_some(), policy == KeepPolicy::ForReaders);
        assert!(recent.is_none_or(|recent| **recent == content[FRAME_LEN_MAX..2 * FRAME_LEN_MAX]));
        assert_eq!(batch.take_recent(&frames[1].digest), None);
        batch.commit().unwrap();
        let mut found = Vec::new();
        for (frame, _) in store.frame_list(&digest).unwrap().unwrap().frames {
            let mut part = Vec::new();
            store.read_data(&frame, &mut Decoder::new().unwrap(), &mut part).unwrap();
            found.extend(part);
        }
        assert!(found == content);
    }
}

#[test]
fn a_list_of_other_content_is_refused_from_memory_and_from_the_pack() {
    let (_folder, store) = store();
    let content = noise(3 * FRAME_LEN_MAX, 2);
    let (frames, list, digest) = file(&content);
    let mut swapped = list.clone();
    swapped.frames.swap(0, 1);
    let mut shorter = list.clone();
    shorter.frames[1].1 -= 1;
    for is_in_memory in [true, false] {
        let batch = store.begin().unwrap().keeping(KeepPolicy::ForLists);
        frames.iter().for_each(|frame| receive(&batch, frame).unwrap());
        let batch = if is_in_memory {
            batch
        } else {
            batch.commit().unwrap();
            store.begin().unwrap()
        };
        let refused = receive(&batch, &encode_list(digest, &swapped)).unwrap_err();
        assert!(matches!(refused, StoreError::WrongContent { .. }), "{refused}");
        let refused = receive(&batch, &encode_list(digest, &shorter)).unwrap_err();
        assert!(matches!(refused, StoreError::UnfitFrame { .. }), "{refused}");
        assert!(!batch.contains(&digest));
        receive(&batch, &encode_list(digest, &list)).unwrap();
        assert!(batch.contains(&digest));
    }
}

#[test]
fn a_list_is_checked_against_the_copy_that_stays() {
    let (_folder, store) = store();
    let (frames, list, digest) = file(&noise(2 * FRAME_LEN_MAX, 4));
    // The store has other content for a frame, whose checksum is right.
    let mut wrong = Encoder::new().unwrap().encode(frames[1].digest, &noise(FRAME_LEN_MAX, 5));
    wrong.content_len = frames[1].content_len;
    let batch = store.begin().unwrap();
    batch.put(&wrong).unwrap();
    batch.commit().unwrap();
    let batch = store.begin().unwrap().keeping(KeepPolicy::ForLists);
    frames.iter().for_each(|frame| receive(&batch, frame).unwrap());
    let refused = receive(&batch, &encode_list(digest, &list)).unwrap_err();
    assert!(matches!(refused, StoreError::WrongContent { .. }), "{refused}");
}

#[test]
fn what_a_renewed_batch_lost_is_no_longer_there_for_lists() {
    let (_folder, store) = store();
    let (frames, list, digest) = file(&noise(2 * FRAME_LEN_MAX, 6));
    let batch = store.begin().unwrap().keeping(KeepPolicy::ForReaders);
    receive(&batch, &frames[0]).unwrap();
    batch.renew().unwrap();
    assert_eq!(batch.take_recent(&frames[0].digest), None);
    receive(&batch, &frames[1]).unwrap();
    receive(&batch, &encode_list(digest, &list)).unwrap();
}

#[test]
fn a_file_that_is_longer_than_what_stays_in_memory_is_read_back() {
    let (_folder, store) = store();
    let batch = store.begin().unwrap().keeping(KeepPolicy::ForLists);
    let mut content = vec![0; RECENT_LEN_MAX as usize + 3 * FRAME_LEN_MAX];
    for (number, frame) in content.chunks_mut(FRAME_LEN_MAX).enumerate() {
        frame[..8].copy_from_slice(&number.to_le_bytes());
    }
    let (frames, list, digest) = file(&content);
    frames.iter().for_each(|frame| receive(&batch, frame).unwrap());
    receive(&batch, &encode_list(digest, &list)).unwrap();
    batch.commit().unwrap();
    assert!(store.contains(&digest));
}

#[test]
fn of_many_objects_the_one_that_is_wrong_is_named() {
    let (_folder, store) = store();
    let batch = store.begin().unwrap();
    let (mut objects, _, _) = file(&noise(20 * FRAME_LEN_MAX, 3));
    batch.put_all_received(&[]).unwrap();
    batch.put_all_received(&objects[..10]).unwrap();
    let wrong = objects[13].digest;
    objects[13].payload = objects[12].payload.clone();
    match batch.put_all_received(&objects).unwrap_err() {
        StoreError::WrongContent { expected, .. } => assert_eq!(expected, wrong),
        other => panic!("{other}"),
    }
    assert!(!batch.contains(&wrong));
}
