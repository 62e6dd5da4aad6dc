//! Attacks on an upload: proofs of content that the caller lacks, lists and manifests that name other callers' objects.

#![allow(clippy::disallowed_methods, reason = "tests use files freely")]

use store::codec::{Encoder, encode_list};
use store::ingest::{BatchSink, Options, Progress, ingest_directory};
use wire::digest::Algorithm;

use super::*;

const ALGORITHM: Algorithm = Algorithm::Sha256;

struct Attack {
    _scratch: tempfile::TempDir,
    store: Arc<Store>,
    uploads: Uploads,
    /// Manifest of an image that another caller added, with the file [`SECRET`].
    manifest: Digest,
    secret: Digest,
}

const SECRET: &[u8] = b"a secret of another caller";

impl Attack {
    fn prepare() -> Self {
        let scratch = testkit::scratch();
        let tree = scratch.path().join("tree");
        std::fs::create_dir(&tree).unwrap();
        std::fs::write(tree.join("secret"), SECRET).unwrap();
        let store = Store::open_or_create(&scratch.path().join("store"), ALGORITHM).unwrap();
        let store = Arc::new(store);
        let batch = store.begin().unwrap();
        let (progress, exclude) = (Progress::default(), Default::default());
        let options = Options { algorithm: ALGORITHM, exclude, cache: None, progress: &progress };
        let found = ingest_directory(&tree, &options, &BatchSink::new(&batch)).unwrap();
        batch.commit().unwrap();
        let secret = ALGORITHM.digest(SECRET);
        assert!(store.contains(&secret) && store.contains(&found.digest));
        Self {
            _scratch: scratch,
            store,
            uploads: Uploads::default(),
            manifest: found.digest,
            secret,
        }
    }

    /// Begins an upload of a caller that may not read the other caller's stream.
    fn begin(&self) -> Arc<Upload> {
        let (name, caller) = ("mine/image/1".parse().unwrap(), "me".to_owned());
        self.uploads.begin(&self.store, name, caller, true, false).unwrap().1
    }
}

fn offer(upload: &Upload, digest: &Digest, proof: &[u8]) -> Verdict {
    let (hash, proof) = (digest.hash().to_vec().into(), proof.to_vec().into());
    upload.offer(&[Offer { hash, proof }]).unwrap()[0]
}

impl Upload {
    /// Returns the proof of an honest caller that has the object.
    fn honest_proof(&self, digest: &Digest) -> Vec<u8> {
        let object = self.store.read(digest).unwrap();
        if object.kind == Kind::FrameList {
            return proof(self, &object.payload);
        }
        let mut content = Vec::new();
        Decoder::new().unwrap().decode_stored(&object, &mut content).unwrap();
        proof(self, &content)
    }
}

fn proof(upload: &Upload, content: &[u8]) -> Vec<u8> {
    ALGORITHM.digest(&[&upload.nonce, content].concat()).hash().to_vec()
}

fn encoded(content: &[u8]) -> Encoded {
    Encoder::new().unwrap().encode(ALGORITHM.digest(content), content)
}

fn receive(upload: &Upload, object: &Encoded) -> Result<(), UploadError> {
    upload.receive(object.clone(), &mut Decoder::new().unwrap(), &mut Vec::new())
}

#[test]
fn only_who_has_the_content_can_prove_it() {
    let attack = Attack::prepare();
    let (upload, other) = (attack.begin(), attack.begin());
    // Without a proof, the answer is the same for an object that the store holds and for an object that it lacks.
    let absent = ALGORITHM.digest(b"absent");
    assert_eq!(offer(&upload, &attack.secret, &[]), Verdict::Prove);
    assert_eq!(offer(&upload, &absent, &[]), Verdict::Prove);
    // The server asks for the content after a wrong proof, after a proof of another upload, and after the hash without
    // the nonce.
    let wrong = [proof(&upload, b"a guess"), proof(&other, SECRET), attack.secret.hash().to_vec()];
    for proof in wrong {
        assert_eq!(offer(&upload, &attack.secret, &proof), Verdict::Send);
        assert!(!upload.is_shown(&attack.secret));
    }
    assert_eq!(offer(&upload, &attack.secret, &proof(&upload, SECRET)), Verdict::Have);
    assert!(upload.is_shown(&attack.secret) && !other.is_shown(&attack.secret));
}

#[test]
fn content_is_hashed_before_it_is_kept() {
    let attack = Attack::prepare();
    let upload = attack.begin();
    let object = Encoded { digest: attack.secret, ..encoded(b"other content") };
    let refused = receive(&upload, &object).unwrap_err();
    assert!(matches!(refused, UploadError::Store(StoreError::WrongContent { .. })), "{refused}");
    assert!(!upload.is_shown(&attack.secret));
}

#[test]
fn a_list_opens_no_frame_that_its_sender_has_not_shown() {
    let attack = Attack::prepare();
    let upload = attack.begin();
    let (mine, len) = (encoded(b"mine"), SECRET.len() as u32);
    receive(&upload, &mine).unwrap();
    let list = |joint: &[u8], frames| encode_list(ALGORITHM.digest(joint), &FrameList { frames });
    let joint = [b"mine", SECRET].concat();
    let stolen = list(&joint, vec![(mine.digest, 4), (attack.secret, len)]);
    // The list waits for its frame, which never comes.
    receive(&upload, &stolen).unwrap();
    upload.receive_waiting().unwrap();
    assert!(!upload.is_shown(&stolen.digest));
    let refused = upload.commit(&attack.manifest, &Closures::default()).unwrap_err();
    assert!(matches!(refused, UploadError::NotShown(frame) if frame == attack.secret), "{refused}");

    let upload = attack.begin();
    receive(&upload, &mine).unwrap();

    let short = list(b"mine", vec![(mine.digest, 3)]);
    let refused = receive(&upload, &short).unwrap_err();
    assert!(matches!(refused, UploadError::Store(StoreError::UnfitFrame { .. })), "{refused}");
    let other = list(b"minemine", vec![(mine.digest, 4)]);
    let refused = receive(&upload, &other).unwrap_err();
    assert!(refused.class() == ErrorClass::Refused, "{refused}");
    receive(&upload, &list(b"minemine", vec![(mine.digest, 4), (mine.digest, 4)])).unwrap();
}

#[test]
fn lists_that_overtook_their_frames_wait_for_them_within_bounds() {
    let attack = Attack::prepare();
    let upload = attack.begin();
    let frames = [encoded(b"one"), encoded(b"two")];
    let of = |frame: &Encoded| (frame.digest, 3);
    let list = |joint: &[u8], frames| encode_list(ALGORITHM.digest(joint), &FrameList { frames });
    let early = list(b"onetwo", vec![of(&frames[0]), of(&frames[1])]);
    receive(&upload, &early).unwrap();
    receive(&upload, &frames[0]).unwrap();
    upload.receive_waiting().unwrap();
    assert!(!upload.is_shown(&early.digest));
    receive(&upload, &frames[1]).unwrap();
    upload.receive_waiting().unwrap();
    assert!(upload.is_shown(&early.digest));

    // What waits is bounded, whatever a client sends.
    let absent = (ALGORITHM.digest(b"absent"), 1u32);
    let long = list(b"long", vec![absent; 200_000]);
    let result = (0..1000).find_map(|_| receive(&upload, &long).err());
    let refused = result.expect("a refusal").to_string();
    assert!(refused.contains("send each list after its frames"), "{refused}");
}

#[test]
fn an_image_needs_its_whole_closure_shown() {
    let attack = Attack::prepare();
    let closure = store::fsck::closure(&attack.store, &attack.manifest).unwrap();
    let show_all_but_the_secret = |upload: &Upload| {
        for digest in closure.iter().filter(|digest| **digest != attack.secret) {
            let proof = upload.honest_proof(digest);
            assert_eq!(offer(upload, digest, &proof), Verdict::Have);
        }
    };
    // This caller has shown nothing, not even the manifest.
    let refused = attack.begin().commit(&attack.manifest, &Closures::default()).unwrap_err();
    assert!(matches!(refused, UploadError::NotShown(digest) if digest == attack.manifest));

    // This caller has shown everything except a file of which it knows only the digest.
    let upload = attack.begin();
    show_all_but_the_secret(&upload);
    let refused = upload.commit(&attack.manifest, &Closures::default()).unwrap_err();
    assert!(matches!(refused, UploadError::NotShown(digest) if digest == attack.secret));

    let upload = attack.begin();
    show_all_but_the_secret(&upload);
    offer(&upload, &attack.secret, &proof(&upload, SECRET));
    upload.commit(&attack.manifest, &Closures::default()).unwrap();
    // A commit ends the session.
    assert!(matches!(upload.offer(&[]).unwrap_err(), UploadError::Unknown));
}

#[test]
fn a_session_belongs_to_its_caller() {
    let attack = Attack::prepare();
    let name = "mine/image/1".parse().unwrap();
    let begun = attack.uploads.begin(&attack.store, name, "me".to_owned(), true, false);
    let (id, _) = begun.unwrap();
    assert!(matches!(attack.uploads.get(&id, "you").unwrap_err(), UploadError::Unknown));
    attack.uploads.get(&id, "me").unwrap();
    attack.uploads.end(&id);
    assert!(matches!(attack.uploads.get(&id, "me").unwrap_err(), UploadError::Unknown));
}
