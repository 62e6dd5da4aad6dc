//! Uploads: sessions in which a client proves what it holds and sends what we lack.
//!
//! ```text
//! begin   → nonce, and whether every offer must carry a proof
//! offer   digest [+ proof = digest(nonce ‖ content)]  → have | send | prove
//! send    encoded objects, each hashed before it is put
//! commit  the manifest's whole closure is there, and this caller has proved or sent it, or may
//!         read it anyway → durable → visible
//! ```
//!
//! * A caller who may read every stream learns at once what we hold; a random sample of it must be
//!   proved all the same, so that a difference between our copy and the client's is noticed.
//! * Any other caller must prove every object before it learns anything: without the right proof
//!   an object that we hold looks like one that we lack.
//! * A proof is checked against our own copy, read back from the pack.
//! * In a full upload nothing is skipped: all bytes come, and are compared with our copy.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use store::codec::Decoder;
use store::{Batch, ImageContent, Store, StoreError};
use wire::ErrorClass;
use wire::digest::Digest;
use wire::name::ImageName;
use wire::object::{Encoded, FrameList, Kind};
use wire::proto::{Offer, StoredSize, Verdict};

use crate::closure::Closures;

/// Uploads under way at once. Each may keep 3 packs of 24 MiB unsealed.
pub const SESSIONS_MAX: usize = 64;

/// An upload that nothing was heard of for this long is given up.
pub const IDLE_MAX: Duration = Duration::from_secs(15 * 60);

/// One object in this many that a trusted caller holds too is compared by proof.
const SAMPLE_ONE_IN: u8 = 64;

/// What is kept free when an upload begins: a pack being written, the next, and the catalog.
pub const FREE_MIN: u64 = 256 << 20;

/// The uploads under way.
#[derive(Debug, Default)]
pub struct Uploads {
    sessions: Mutex<HashMap<String, Arc<Upload>>>,
}

/// One upload.
#[derive(Debug)]
pub struct Upload {
    /// The image that it will become.
    pub name: ImageName,
    /// The identity that began it: nobody else may go on.
    pub caller: String,
    /// What proofs begin with.
    pub nonce: [u8; 32],
    /// Whether offers must carry proofs.
    pub must_prove: bool,
    is_full: bool,
    store: Arc<Store>,
    /// Taken by commit.
    batch: Mutex<Option<Arc<Batch>>>,
    /// What this caller has shown to hold.
    shown: Mutex<HashSet<Digest>>,
    last_used: Mutex<Instant>,
}

/// Why an upload was refused.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// Too many uploads at once.
    #[error("{SESSIONS_MAX} uploads are under way, which is the limit: try again later")]
    TooMany,
    /// The session is gone.
    #[error("the upload is unknown: it was given up after {} minutes without a call, or the server was started anew; add the image again, what was sent is kept", IDLE_MAX.as_secs() / 60)]
    Unknown,
    /// Not enough space.
    #[error(
        "only {free} bytes are free where the store is, at least {FREE_MIN} are needed: free some space, or remove images"
    )]
    Full {
        /// Bytes that are free.
        free: u64,
    },
    /// An object was not shown to be held.
    #[error(
        "object {0} was neither sent nor proved in this upload, or is missing: add the image again"
    )]
    NotShown(Digest),
    /// A list or file does not fit its objects.
    #[error("{0}")]
    Mismatch(String),
    /// Our copy differs from what the client sent under the same digest.
    #[error(
        "our copy of object {digest} is not what was sent: {problem}; run `imaged store scrub` on the server"
    )]
    CopyDiffers {
        /// Which object.
        digest: Digest,
        /// What is wrong.
        problem: String,
    },
    /// An error of the store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl UploadError {
    /// Returns what the error means for the caller.
    pub fn class(&self) -> ErrorClass {
        match self {
            // The client begins again, or later.
            Self::TooMany | Self::Unknown => ErrorClass::Unavailable,
            Self::Full { .. } => ErrorClass::Full,
            Self::NotShown(_) | Self::Mismatch(_) => ErrorClass::Refused,
            Self::CopyDiffers { .. } => ErrorClass::Damaged,
            Self::Store(error) => error.class(),
        }
    }
}

impl Uploads {
    /// Begins an upload.
    ///
    /// # Errors
    /// [`UploadError::TooMany`], [`UploadError::Full`].
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
        let mut sessions = lock(&self.sessions);
        sessions.retain(|_, upload| lock(&upload.last_used).elapsed() < IDLE_MAX);
        if sessions.len() >= SESSIONS_MAX {
            return Err(UploadError::TooMany);
        }
        let upload = Arc::new(Upload {
            name,
            caller,
            nonce: rand::random(),
            must_prove,
            is_full,
            store: Arc::clone(store),
            batch: Mutex::new(Some(Arc::new(store.begin()?))),
            shown: Mutex::default(),
            last_used: Mutex::new(Instant::now()),
        });
        let id = wire::digest::hex(&rand::random::<[u8; 16]>());
        sessions.insert(id.clone(), Arc::clone(&upload));
        Ok((id, upload))
    }

    /// Finds an upload of a caller.
    ///
    /// # Errors
    /// [`UploadError::Unknown`].
    pub fn get(&self, id: &str, caller: &str) -> Result<Arc<Upload>, UploadError> {
        let upload = lock(&self.sessions).get(id).cloned();
        let upload = upload.filter(|upload| upload.caller == caller).ok_or(UploadError::Unknown)?;
        *lock(&upload.last_used) = Instant::now();
        Ok(upload)
    }

    /// Returns how many uploads are under way.
    pub fn count(&self) -> usize {
        lock(&self.sessions).len()
    }

    /// Forgets an upload; what it sent stays as garbage until it is used again or collected.
    pub fn end(&self, id: &str) {
        lock(&self.sessions).remove(id);
    }

    /// Gives up uploads that nothing was heard of.
    pub fn expire(&self) {
        lock(&self.sessions).retain(|_, upload| lock(&upload.last_used).elapsed() < IDLE_MAX);
    }
}

impl Upload {
    fn batch(&self) -> Result<Arc<Batch>, UploadError> {
        lock(&self.batch).clone().ok_or(UploadError::Unknown)
    }

    /// Answers offers, in order.
    ///
    /// # Errors
    /// Errors of reading our copies.
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
        if lock(&self.shown).contains(&digest) {
            return Ok(Verdict::Have);
        }
        if self.is_full {
            return Ok(Verdict::Send);
        }
        if !offer.proof.is_empty() {
            let is_right = batch.contains(&digest)
                && self.proof(&digest, batch, decoder, content)?.hash() == &offer.proof[..];
            return Ok(if is_right { self.show(digest) } else { Verdict::Send });
        }
        if self.must_prove {
            return Ok(Verdict::Prove);
        }
        // A list whose frames a crash has lost is one that we lack.
        let is_held = batch.contains(&digest)
            && (!self.store.contains(&digest) || self.store.is_complete(&digest));
        if !is_held {
            return Ok(Verdict::Send);
        }
        // The nonce makes the sample one that a client cannot foresee before it began.
        let sample = digest.hash()[0] ^ self.nonce[0];
        Ok(if sample.is_multiple_of(SAMPLE_ONE_IN) { Verdict::Prove } else { self.show(digest) })
    }

    fn show(&self, digest: Digest) -> Verdict {
        lock(&self.shown).insert(digest);
        Verdict::Have
    }

    /// Computes the proof of our own copy: of a list's payload, since its frames are offered too.
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
                decoder
                    .decode(&object.payload, object.content_len, content)
                    .map_err(|problem| StoreError::DamagedObject { digest: *digest, problem })?;
                hasher.update(content);
            }
        }
        Ok(hasher.finish())
    }

    /// Puts an object that was sent, once its content has the digest that it came with.
    ///
    /// # Errors
    /// [`StoreError::WrongContent`] and the like; [`UploadError::CopyDiffers`] in a full upload.
    pub fn receive(
        &self,
        object: &Encoded,
        decoder: &mut Decoder,
        content: &mut Vec<u8>,
    ) -> Result<(), UploadError> {
        let batch = self.batch()?;
        match object.kind {
            Kind::Data => decoder.decode_received(object, content)?,
            Kind::FrameList => self.check_list(object, &batch, decoder, content)?,
        }
        if self.is_full && object.kind == Kind::Data && self.store.contains(&object.digest) {
            let sent = std::mem::take(content);
            let compared = self.store.read_data(&object.digest, decoder, content);
            let problem = match compared {
                Ok(()) if *content == sent => None,
                Ok(()) => Some("two contents have one digest".to_owned()),
                Err(error) => Some(error.to_string()),
            };
            if let Some(problem) = problem {
                return Err(UploadError::CopyDiffers { digest: object.digest, problem });
            }
        }
        batch.put(object)?;
        self.show(object.digest);
        Ok(())
    }

    /// Hashes the frames of a list: together they must be what the list is named by.
    fn check_list(
        &self,
        object: &Encoded,
        batch: &Batch,
        decoder: &mut Decoder,
        content: &mut Vec<u8>,
    ) -> Result<(), UploadError> {
        let list = FrameList::decode(&object.payload, object.content_len)
            .map_err(|source| StoreError::Received { digest: object.digest, source })?;
        let mut hasher = self.store.algorithm().hasher();
        for (frame, len) in list.frames {
            if !self.is_shown(&frame) {
                return Err(UploadError::NotShown(frame));
            }
            let stored = batch.read(&frame)?;
            let is_frame = stored.kind == Kind::Data && stored.content_len == u64::from(len);
            if !is_frame {
                let list = object.digest;
                return Err(UploadError::Mismatch(format!(
                    "frame {frame} does not fit list {list}"
                )));
            }
            decoder
                .decode(&stored.payload, stored.content_len, content)
                .map_err(|problem| StoreError::DamagedObject { digest: frame, problem })?;
            hasher.update(content);
        }
        let found = hasher.finish();
        if found != object.digest {
            let expected = object.digest;
            return Err(StoreError::WrongContent { expected, found }.into());
        }
        Ok(())
    }

    /// Returns whether the caller has shown to hold an object, or may read it anyway.
    pub fn is_shown(&self, digest: &Digest) -> bool {
        lock(&self.shown).contains(digest) || (!self.must_prove && self.store.contains(digest))
    }

    /// Makes everything durable and checks that the manifest's whole closure may become an image.
    ///
    /// # Durability
    /// All objects of the image survive a power loss once this returned.
    ///
    /// # Errors
    /// [`UploadError::NotShown`], [`UploadError::Mismatch`]; the session cannot go on then.
    pub(crate) fn commit(
        &self,
        manifest: &Digest,
        closures: &Closures,
    ) -> Result<(ImageContent, StoredSize), UploadError> {
        let batch = lock(&self.batch).take().ok_or(UploadError::Unknown)?;
        let batch = Arc::into_inner(batch).ok_or_else(|| {
            UploadError::Mismatch("objects are still being sent in this upload".to_owned())
        })?;
        let added = batch.commit()?;
        // Before anything is read: what the caller has not shown is not for it to learn of.
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
            let place = self.store.locate(digest).filter(|_| self.is_shown(digest));
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
