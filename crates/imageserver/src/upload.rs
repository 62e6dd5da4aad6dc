//! Uploads: sessions in which a client proves what it holds and sends what the store lacks.
//!
//! ```text
//! begin   → nonce, and whether every offer must carry a proof
//! offer   digest [+ proof = digest(nonce ‖ content)]  → have | send | prove
//! send    encoded objects; each is hashed before it is stored
//! commit  checks that the store has the manifest's whole closure, and that this caller proved, sent
//!         or may read each object → durable → visible
//! ```
//!
//! * A caller that may read every stream learns at once which objects the store holds. It must still prove a
//!   random sample, so that a difference between the store's copy and the client's is noticed.
//! * Any other caller must prove every object before it learns anything: without the right proof, an object that
//!   the store holds looks like a missing one.
//! * The server checks a proof against its own copy, which it reads back from the pack.
//! * A full upload skips nothing: the client sends all bytes, and the server compares them with its copy.

mod waiting_lists;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use parking_lot::Mutex;
use store::codec::Decoder;
use store::{Batch, Hold, ImageContent, KeepPolicy, Store, StoreError};
use wire::ErrorClass;
use wire::digest::Digest;
use wire::name::ImageName;
use wire::object::{Encoded, FrameList, Kind};
use wire::proto::{Offer, StoredSize, Verdict};
use wire::units::format_len;

use crate::closure::Closures;
use waiting_lists::WaitingLists;

/// Maximum number of uploads under way. Each of them can have up to 3 unsealed packs of 24 MiB. Together they keep at most
/// [`store::RECENT_LEN_MAX`] bytes of frames in memory, until the lists of the frames come.
pub const SESSIONS_MAX: usize = 64;

/// An upload ends after this time without a call.
pub const IDLE_MAX: Duration = Duration::from_secs(15 * 60);

/// A caller that may read every stream must prove only a sample of the objects that the store holds: one in this
/// number.
const SAMPLE_ONE_IN: u8 = 64;

/// Free bytes that a new upload requires: for the pack being written, the next pack, and the catalog.
pub const FREE_MIN: u64 = 256 << 20;

/// The sessions of all uploads under way, by upload id.
#[derive(Debug, Default)]
pub struct Uploads {
    sessions: Mutex<HashMap<String, Arc<Upload>>>,
}

/// The session of one upload, which ends with its commit or abort, or after [`IDLE_MAX`] without a call.
#[derive(Debug)]
pub struct Upload {
    /// Name that the image will have. The client gives the name when it begins the upload; the commit cannot change the
    /// name.
    pub name: ImageName,
    /// The identity that began the upload; calls of any other identity are refused.
    pub caller: String,
    /// Random bytes that every proof of this upload hashes first, so that no proof can be replayed.
    pub nonce: [u8; 32],
    /// Whether the caller must prove that it has the content of each object. True if the caller is not allowed to read
    /// all streams.
    pub must_prove: bool,
    is_full: bool,
    store: Arc<Store>,
    /// Keeps what was promised to the client from being collected, until its image is in the catalog.
    hold: Arc<Hold>,
    /// `None` after [`Upload::commit`] took it.
    batch: Mutex<Option<Arc<Batch>>>,
    /// Objects that this caller sent or proved. If the caller may read all streams, also objects that the store holds
    /// and that the caller offered without being asked for a proof.
    shown: Mutex<HashSet<Digest>>,
    waiting: WaitingLists,
    last_used: Mutex<Instant>,
}

/// The reason why a call of an upload was refused.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// [`SESSIONS_MAX`] uploads are under way. The client can try again when one of them has ended.
    #[error("{SESSIONS_MAX} uploads are under way, which is the limit: try again later")]
    TooMany,
    /// There is no session with this id and caller: the session ended or expired, or the server restarted.
    #[error("this upload no longer exists: {} minutes passed without a call, or the server restarted; add the image again, the objects that were sent are kept", IDLE_MAX.as_secs() / 60)]
    Unknown,
    /// Fewer than [`FREE_MIN`] bytes are free.
    #[error(
        "only {} are free where the store is, at least {} are needed: free some space, or remove images",
        format_len(*free),
        format_len(FREE_MIN)
    )]
    Full {
        /// Bytes that are free on the store's filesystem.
        free: u64,
    },
    /// The caller neither sent nor proved the object, or the store lacks it.
    #[error(
        "object {0} was neither sent nor proved in this upload, or is missing: add the image again"
    )]
    NotShown(Digest),
    /// A request is malformed, comes while objects are still being sent, or contradicts the stored objects. For
    /// example, a manifest gives an object another length than the object has.
    #[error("{0}")]
    Mismatch(String),
    /// In a full upload, the store's copy differs from the content that the client sent.
    #[error(
        "imaged's copy of object {digest} differs from what was sent: {problem}; run `imaged store scrub` on the server"
    )]
    CopyDiffers {
        /// Digest that both contents claim to have.
        digest: Digest,
        /// The difference, or the error of reading the store's copy.
        problem: String,
    },
    /// The store failed, or refused a received object.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl UploadError {
    /// Maps the error to the class that clients see.
    pub fn class(&self) -> ErrorClass {
        match self {
            // The client may retry.
            Self::TooMany | Self::Unknown => ErrorClass::Unavailable,
            Self::Full { .. } => ErrorClass::Full,
            Self::NotShown(_) | Self::Mismatch(_) => ErrorClass::Refused,
            Self::CopyDiffers { .. } => ErrorClass::Damaged,
            Self::Store(error) => error.class(),
        }
    }
}

impl Uploads {
    /// Begins an upload; returns its id and session. First ends expired sessions, to make room.
    ///
    /// # Errors
    /// [`UploadError::TooMany`], [`UploadError::Full`], [`UploadError::Store`].
    pub fn begin(
        &self,
        store: &Arc<Store>,
        name: ImageName,
        caller: String,
        must_prove: bool,
        is_full: bool,
    ) -> Result<(String, Arc<Upload>), UploadError> {
        let free = store.free_space()?.bytes;
        if free < FREE_MIN {
            return Err(UploadError::Full { free });
        }
        self.expire();
        let mut sessions = self.sessions.lock();
        if sessions.len() >= SESSIONS_MAX {
            return Err(UploadError::TooMany);
        }
        let batch = store.begin()?.keeping(KeepPolicy::ForLists);
        let upload = Arc::new(Upload {
            name,
            caller,
            nonce: rand::random(),
            must_prove,
            is_full,
            store: Arc::clone(store),
            hold: Arc::clone(batch.hold()),
            batch: Mutex::new(Some(Arc::new(batch))),
            shown: Mutex::default(),
            waiting: WaitingLists::default(),
            last_used: Mutex::new(Instant::now()),
        });
        let id = HEXLOWER.encode(&rand::random::<[u8; 16]>());
        sessions.insert(id.clone(), Arc::clone(&upload));
        Ok((id, upload))
    }

    /// Finds the session of an upload and restarts its idle time.
    ///
    /// # Errors
    /// [`UploadError::Unknown`] if there is no such session, or if another caller began it.
    pub fn get(&self, id: &str, caller: &str) -> Result<Arc<Upload>, UploadError> {
        let upload = self.sessions.lock().get(id).cloned();
        let upload = upload.filter(|upload| upload.caller == caller).ok_or(UploadError::Unknown)?;
        *upload.last_used.lock() = Instant::now();
        Ok(upload)
    }

    /// Returns the number of uploads under way, including idle ones that [`Self::expire`] has not ended yet.
    pub fn count(&self) -> usize {
        self.sessions.lock().len()
    }

    /// Ends a session. Objects that the client sent stay in the store as garbage until an image uses them or they are
    /// collected.
    pub fn end(&self, id: &str) {
        // Dropped after the lock: the end of a session waits for the threads that write its packs.
        let _ended = self.sessions.lock().remove(id);
    }

    /// Ends sessions that had no call for [`IDLE_MAX`].
    pub fn expire(&self) {
        let is_idle = |upload: &Upload| upload.last_used.lock().elapsed() >= IDLE_MAX;
        let mut sessions = self.sessions.lock();
        let ended: Vec<_> = sessions.extract_if(|_, upload| is_idle(upload)).collect();
        drop(sessions);
        drop(ended);
    }
}

impl Upload {
    fn batch(&self) -> Result<Arc<Batch>, UploadError> {
        self.batch.lock().clone().ok_or(UploadError::Unknown)
    }

    /// Answers offers with verdicts in the same order.
    ///
    /// # Errors
    /// Errors of reading the store's copies; [`UploadError::Mismatch`] for a malformed digest.
    pub fn offer(&self, offers: &[Offer]) -> Result<Vec<Verdict>, UploadError> {
        let batch = self.batch()?;
        let mut decoder = Decoder::new()?;
        let mut content = Vec::new();
        offers.iter().map(|offer| self.verdict(offer, &batch, &mut decoder, &mut content)).collect()
    }

    fn verdict(
        &self,
        offer: &Offer,
        batch: &Batch,
        decoder: &mut Decoder,
        content: &mut Vec<u8>,
    ) -> Result<Verdict, UploadError> {
        let digest = Digest::new(self.store.algorithm(), &offer.hash)
            .map_err(|error| UploadError::Mismatch(error.to_string()))?;
        if self.shown.lock().contains(&digest) {
            return Ok(Verdict::Have);
        }
        if self.is_full {
            return Ok(Verdict::Send);
        }
        if !offer.proof.is_empty() {
            let is_right = self.holds_whole(batch, &digest)
                && self.proof(&digest, batch, decoder, content)?.hash() == &offer.proof[..];
            return Ok(if is_right { self.show(digest) } else { Verdict::Send });
        }
        if self.must_prove {
            return Ok(Verdict::Prove);
        }
        if !self.holds_whole(batch, &digest) {
            return Ok(Verdict::Send);
        }
        // The sample depends on the nonce, so nobody can predict it before the upload begins.
        let sample = digest.hash()[0] ^ self.nonce[0];
        Ok(if sample.is_multiple_of(SAMPLE_ONE_IN) { Verdict::Prove } else { self.show(digest) })
    }

    /// Returns whether an object is there, and promises it with its frames. A list counts as missing if some of its
    /// frames are.
    fn holds_whole(&self, batch: &Batch, digest: &Digest) -> bool {
        batch.contains(digest)
            && (!self.store.contains(digest) || self.store.promise_whole(digest, &self.hold))
    }

    fn show(&self, digest: Digest) -> Verdict {
        self.shown.lock().insert(digest);
        Verdict::Have
    }

    /// Computes the proof of the store's own copy. A frame list's proof covers its payload; each frame has a proof of
    /// its own.
    fn proof(
        &self,
        digest: &Digest,
        batch: &Batch,
        decoder: &mut Decoder,
        content: &mut Vec<u8>,
    ) -> Result<Digest, UploadError> {
        let object = batch.read(digest)?;
        let mut hasher = self.store.algorithm().hasher();
        hasher.update(&self.nonce);
        match object.kind {
            Kind::FrameList => hasher.update(&object.payload),
            Kind::Data => {
                decoder.decode_stored(&object, content)?;
                hasher.update(content);
            }
        }
        Ok(hasher.finish())
    }

    /// Stores a received object if its content has the digest that the client named. A frame list that came before some
    /// of its frames is stored when they have come.
    ///
    /// # Errors
    /// [`StoreError::WrongContent`] and other errors of the object; [`UploadError::CopyDiffers`] in a full upload.
    pub fn receive(
        &self,
        object: Encoded,
        decoder: &mut Decoder,
        content: &mut Vec<u8>,
    ) -> Result<(), UploadError> {
        let batch = self.batch()?;
        match object.kind {
            Kind::Data => self.receive_data(&object, &batch, decoder, content),
            Kind::FrameList => {
                let list = store::received_list(&object)?;
                if self.check_shown(&list).is_err() {
                    return self.waiting.add(object);
                }
                batch.put_received(&object, decoder, content)?;
                self.show(object.digest);
                Ok(())
            }
        }
    }

    /// Stores the lists whose frames have come meanwhile.
    ///
    /// # Errors
    /// As [`Upload::receive`].
    pub fn receive_waiting(&self) -> Result<(), UploadError> {
        self.receive_waiting_if(|object| {
            store::received_list(object).is_ok_and(|list| self.check_shown(&list).is_ok())
        })
    }

    fn receive_waiting_if(&self, is_ready: impl Fn(&Encoded) -> bool) -> Result<(), UploadError> {
        let batch = self.batch()?;
        let lists = self.waiting.take(is_ready);
        for object in &lists {
            self.check_shown(&store::received_list(object)?)?;
        }
        batch.put_all_received(&lists)?;
        self.shown.lock().extend(lists.iter().map(|object| object.digest));
        Ok(())
    }

    fn receive_data(
        &self,
        object: &Encoded,
        batch: &Batch,
        decoder: &mut Decoder,
        content: &mut Vec<u8>,
    ) -> Result<(), UploadError> {
        if self.is_full && self.store.contains(&object.digest) {
            self.compare(object, decoder, content)?;
            batch.put(object)?;
        } else {
            batch.put_received(object, decoder, content)?;
        }
        self.show(object.digest);
        Ok(())
    }

    /// Compares a received object with the store's copy.
    fn compare(
        &self,
        object: &Encoded,
        decoder: &mut Decoder,
        content: &mut Vec<u8>,
    ) -> Result<(), UploadError> {
        decoder.decode_received(object, content)?;
        let sent = std::mem::take(content);
        let compared = self.store.read_data(&object.digest, decoder, content);
        let problem = match compared {
            Ok(()) if *content == sent => return Ok(()),
            Ok(()) => "two contents have one digest".to_owned(),
            Err(error) => error.to_string(),
        };
        Err(UploadError::CopyDiffers { digest: object.digest, problem })
    }

    /// Refuses a list with a frame for which [`Self::is_shown`] is false: lists must not reveal content of other callers.
    fn check_shown(&self, list: &FrameList) -> Result<(), UploadError> {
        let hidden = list.frames.iter().find(|(frame, _)| !self.is_shown(frame));
        hidden.map_or(Ok(()), |(frame, _)| Err(UploadError::NotShown(*frame)))
    }

    /// Returns whether the caller sent or proved an object. If the caller may read all streams, also returns true for
    /// any object that the store holds.
    pub fn is_shown(&self, digest: &Digest) -> bool {
        self.hold.promise(digest);
        self.shown.lock().contains(digest) || (!self.must_prove && self.store.contains(digest))
    }

    /// Makes all received objects durable, and checks that the manifest and all objects that it needs may become an
    /// image.
    ///
    /// # Durability
    /// All objects of the image survive a power loss after this call.
    ///
    /// # Errors
    /// [`UploadError::NotShown`], [`UploadError::Mismatch`]. The session cannot continue after an error.
    pub(crate) fn commit(
        &self,
        manifest: &Digest,
        closures: &Closures,
    ) -> Result<(ImageContent, StoredSize), UploadError> {
        // Lists that still wait are refused if a frame has not come.
        self.receive_waiting_if(|_| true)?;
        let batch = self.batch.lock().take().ok_or(UploadError::Unknown)?;
        let batch = Arc::into_inner(batch).ok_or_else(|| {
            UploadError::Mismatch("objects are still being sent in this upload".to_owned())
        })?;
        let added = batch.commit()?;
        // This is checked before anything is read, so that the caller learns nothing of objects that it has not shown.
        if !self.is_shown(manifest) {
            return Err(UploadError::NotShown(*manifest));
        }
        let content = ImageContent::load(&self.store, manifest)?;
        let mut stored = StoredSize {
            added_objects: added.objects,
            added_payload_bytes: added.payload_bytes,
            ..StoredSize::default()
        };
        for digest in closures.of(&self.store, manifest)?.iter() {
            let is_shown = self.is_shown(digest);
            let place = self.store.locate(digest).filter(|_| is_shown);
            let place = place.ok_or(UploadError::NotShown(*digest))?;
            stored.objects += 1;
            stored.payload_bytes += u64::from(place.payload_len);
        }
        for (digest, len) in content.data_objects() {
            let found = self.store.locate(&digest).map(|location| location.content_len);
            if found != Some(len) {
                return Err(UploadError::Mismatch(format!(
                    "the image says that object {digest} has {len} bytes, it has {}",
                    found.unwrap_or_default()
                )));
            }
        }
        Ok((content, stored))
    }
}

#[cfg(test)]
mod tests;
