//! Checks a store: its structure, and with [`Depth::Data`] every byte of content.

use std::collections::{BTreeMap, HashMap, HashSet};

use wire::digest::Digest;
use wire::object::{Encoded, FrameList, Kind};

use crate::codec::Decoder;
use crate::error::StoreError;
use crate::image_content::ImageContent;
use crate::store::{Stats, Store};

/// How much a check reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Reads headers, footers and the index, and checks that the store holds all objects of all
    /// images.
    Structure,
    /// Also reads all content, and checks its checksums and digests: a scrub.
    Data,
}

/// What a check found, damage included.
#[derive(Debug, Default)]
pub struct Report {
    /// Packs, objects and bytes that the index lists.
    pub stats: Stats,
    /// One sentence about each damaged pack, index or image file.
    pub damaged_files: Vec<String>,
    /// Damaged or missing objects, each with its problem.
    pub damaged_objects: BTreeMap<Digest, String>,
    /// For each damaged or missing object, the names of the images that need it.
    pub affected_images: BTreeMap<Digest, Vec<String>>,
}

impl Report {
    /// Returns whether the check found no damage.
    pub fn is_clean(&self) -> bool {
        self.damaged_files.is_empty() && self.damaged_objects.is_empty()
    }
}

/// Checks a store. Calls `progress` with the number of objects checked and the total.
///
/// # Errors
/// [`StoreError::Io`] if a folder cannot be listed. Damage is no error: it is in the report.
pub fn check(
    store: &Store,
    depth: Depth,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, StoreError> {
    let mut report = Report { stats: store.stats(), ..Report::default() };
    for pack in store.pack_ids()? {
        let entries = store.pack_entries(pack);
        let problem = match entries {
            Ok(Ok(_)) => continue,
            Ok(Err(problem)) => problem,
            Err(error) => error.to_string(),
        };
        report.damaged_files.push(format!("pack {}: {problem}", pack.file_name()));
    }
    if store.table_is_sound() == Some(false) {
        report
            .damaged_files
            .push("the index: rebuild it with `imaged store rebuild-index`".to_owned());
    }
    if depth == Depth::Data {
        check_objects(store, &mut report, progress)?;
    }
    check_images(store, &mut report)?;
    Ok(report)
}

/// Reads and hashes every object in the order of the packs, so that reads are sequential.
fn check_objects(
    store: &Store,
    report: &mut Report,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), StoreError> {
    let mut objects: Vec<_> = store.index().iter().collect();
    objects.sort_by_key(|(_, location)| (location.kind, location.pack, location.offset));
    let total = objects.len() as u64;
    let mut decoder = Decoder::new()?;
    let mut content = Vec::new();
    for (done, (digest, location)) in objects.into_iter().enumerate() {
        let result = match location.kind {
            Kind::Data => check_data(store, &digest, &mut decoder, &mut content),
            Kind::FrameList => check_list(store, &digest),
        };
        if let Err(error) = result {
            report.damaged_objects.insert(digest, problem_of(&error));
        }
        progress(done as u64 + 1, total);
    }
    Ok(())
}

/// Reads and hashes one object: data, or a list with all its frames.
///
/// # Errors
/// [`StoreError::DamagedObject`] or [`StoreError::MissingObject`]; errors of reading the pack.
pub fn check_object(store: &Store, digest: &Digest) -> Result<(), StoreError> {
    match store.locate(digest).ok_or(StoreError::MissingObject(*digest))?.kind {
        Kind::Data => check_data(store, digest, &mut Decoder::new()?, &mut Vec::new()),
        Kind::FrameList => check_list(store, digest),
    }
}

/// Decodes and hashes an object as it was read. The frames of a list are objects of their own, and are not read.
pub(crate) fn check_encoded(
    object: &Encoded,
    decoder: &mut Decoder,
    content: &mut Vec<u8>,
) -> Result<(), StoreError> {
    match object.kind {
        Kind::Data => {
            decoder.decode_stored(object, content)?;
            check_hash(&object.digest, object.digest.algorithm().digest(content))
        }
        Kind::FrameList => match FrameList::decode(&object.payload, object.content_len) {
            Ok(_) => Ok(()),
            Err(error) => {
                let (digest, problem) = (object.digest, error.to_string());
                Err(StoreError::DamagedObject { digest, problem })
            }
        },
    }
}

fn check_data(
    store: &Store,
    digest: &Digest,
    decoder: &mut Decoder,
    content: &mut Vec<u8>,
) -> Result<(), StoreError> {
    store.read_data(digest, decoder, content)?;
    check_hash(digest, digest.algorithm().digest(content))
}

fn check_list(store: &Store, digest: &Digest) -> Result<(), StoreError> {
    let mut hasher = digest.algorithm().hasher();
    let mut pieces = store.pieces(digest)?;
    while let Some(piece) = pieces.next_piece()? {
        hasher.update(piece);
    }
    check_hash(digest, hasher.finish())
}

fn check_hash(digest: &Digest, found: Digest) -> Result<(), StoreError> {
    if found == *digest {
        return Ok(());
    }
    let problem = format!("its content has the digest {found}");
    Err(StoreError::DamagedObject { digest: *digest, problem })
}

/// Checks that the store holds all objects of all images, and records which images need a damaged
/// or missing object.
fn check_images(store: &Store, report: &mut Report) -> Result<(), StoreError> {
    let mut closures: HashMap<String, Result<HashSet<Digest>, String>> = HashMap::new();
    for image in store.images()? {
        let record = match image {
            Ok(record) => record,
            Err(error) => {
                report.damaged_files.push(error.to_string());
                continue;
            }
        };
        let closure = closures.entry(record.manifest.clone()).or_insert_with(|| {
            let digest =
                record.manifest.parse().map_err(|_| "its digest is malformed".to_owned())?;
            closure(store, &digest).map_err(|error| error.to_string())
        });
        match closure {
            Err(problem) => {
                report.damaged_files.push(format!("image {}: {problem}", record.name));
            }
            Ok(digests) => {
                for digest in digests.iter() {
                    if !store.contains(digest) {
                        report.damaged_objects.insert(*digest, "it is missing".to_owned());
                    }
                    if report.damaged_objects.contains_key(digest) {
                        report
                            .affected_images
                            .entry(*digest)
                            .or_default()
                            .push(record.name.clone());
                    }
                }
            }
        }
    }
    Ok(())
}

/// Returns the digest of every object that an image needs, as [`ImageContent::closure`] does.
///
/// # Errors
/// Errors of reading the image's content or a frame list.
pub fn closure(store: &Store, image: &Digest) -> Result<HashSet<Digest>, StoreError> {
    ImageContent::load(store, image)?.closure(store, image)
}

fn problem_of(error: &StoreError) -> String {
    match error {
        StoreError::DamagedObject { problem, .. } => problem.clone(),
        other => other.to_string(),
    }
}
