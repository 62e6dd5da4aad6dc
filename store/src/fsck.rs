//! Checks a store: its structure, and with [`Depth::Data`] every byte of content.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::ErrorKind::NotFound;

use wire::digest::Digest;
use wire::object::{Encoded, FrameList, Kind};
use wire::units::show_path;

use crate::codec::Decoder;
use crate::error::StoreError;
use crate::image_content::ImageContent;
use crate::pace::Pace;
use crate::pack::{Entry, PackId};
use crate::store::{Stats, Store};

/// Limit on the paths that are named for one object.
const PATHS_MAX: usize = 20;

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
    /// Packs whose header or footer is damaged: nothing in them is found.
    pub damaged_packs: Vec<PackId>,
    /// Damaged or missing objects.
    pub damaged_objects: BTreeMap<Digest, Damage>,
}

/// The damage of one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    /// The problem, such as `it is missing`.
    pub problem: String,
    /// Names of the images that need the object.
    pub images: Vec<String>,
    /// Paths that need it in the first of these images; of many, the first.
    pub paths: Vec<String>,
}

impl Report {
    /// Returns whether the check found no damage.
    pub fn is_clean(&self) -> bool {
        self.damaged_files.is_empty() && self.damaged_objects.is_empty()
    }
}

/// Checks a store, reading at most `rate` bytes per second of data; `None`: as fast as it goes. The store can be used
/// meanwhile. Calls `progress` with the number of packs whose objects were read, and the number of all packs.
///
/// # Errors
/// [`StoreError::Io`] if a folder cannot be listed. Damage is no error: it is in the report.
pub fn check(
    store: &Store,
    depth: Depth,
    rate: Option<u64>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, StoreError> {
    let mut report = Report { stats: store.stats(), ..Report::default() };
    if store.table_is_sound() == Some(false) {
        report
            .damaged_files
            .push("the index: rebuild it with `imaged store rebuild-index`".to_owned());
    }
    let packs = store.pack_ids()?;
    let (total, mut pace) = (packs.len() as u64, Pace::new(rate));
    for (done, pack) in packs.into_iter().enumerate() {
        let problem = match store.pack_entries(pack) {
            Ok(Ok(entries)) => {
                if depth == Depth::Data {
                    check_pack(store, pack, entries, &mut report, &mut pace)?;
                }
                progress(done as u64 + 1, total);
                continue;
            }
            Ok(Err(problem)) => problem,
            // A collection of garbage deleted it.
            Err(StoreError::Io { source, .. }) if source.kind() == NotFound => continue,
            Err(error) => error.to_string(),
        };
        report.damaged_files.push(format!("pack {}: {problem}", pack.file_name()));
        report.damaged_packs.push(pack);
    }
    check_images(store, &mut report)?;
    Ok(report)
}

/// Reads and hashes the objects that are read from a pack, in their order there.
fn check_pack(
    store: &Store,
    pack: PackId,
    mut entries: Vec<Entry>,
    report: &mut Report,
    pace: &mut Pace,
) -> Result<(), StoreError> {
    entries.sort_by_key(|entry| entry.offset);
    let (mut decoder, mut content) = (Decoder::new()?, Vec::new());
    for Entry { digest, kind, payload_len, .. } in entries {
        let is_here = || store.locate(&digest).is_some_and(|location| location.pack == pack);
        if !is_here() {
            continue;
        }
        let checked = match kind {
            Kind::Data => check_data(store, &digest, &mut decoder, &mut content),
            Kind::FrameList => check_list(store, &digest),
        };
        // An object that a collection of garbage removed meanwhile is not missing.
        if let Err(error) = checked
            && is_here()
        {
            let damage = Damage { problem: problem_of(&error), ..Damage::default() };
            report.damaged_objects.insert(digest, damage);
        }
        pace.spend(u64::from(payload_len));
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

/// Checks that the store holds all objects of all images, and records which images need a damaged or missing object.
fn check_images(store: &Store, report: &mut Report) -> Result<(), StoreError> {
    let mut closures: HashMap<String, Result<HashSet<Digest>, StoreError>> = HashMap::new();
    for image in store.images()? {
        let record = match image {
            Ok(record) => record,
            Err(error) => {
                report.damaged_files.push(error.to_string());
                continue;
            }
        };
        let Ok(manifest) = record.manifest.parse::<Digest>() else {
            report.damaged_files.push(format!("image {}: its digest is malformed", record.name));
            continue;
        };
        let closure =
            closures.entry(record.manifest.clone()).or_insert_with(|| closure(store, &manifest));
        match closure {
            // Without its manifest, nobody knows what else the image needs.
            Err(StoreError::MissingObject(digest) | StoreError::DamagedObject { digest, .. }) => {
                note_damage(store, report, &record.name, &manifest, digest);
            }
            Err(problem) => {
                report.damaged_files.push(format!("image {}: {problem}", record.name));
            }
            Ok(digests) => {
                for digest in digests.iter() {
                    if !store.contains(digest) || report.damaged_objects.contains_key(digest) {
                        note_damage(store, report, &record.name, &manifest, digest);
                    }
                }
            }
        }
    }
    Ok(())
}

/// Records that an image needs a damaged or missing object, unless the image was removed meanwhile.
fn note_damage(
    store: &Store,
    report: &mut Report,
    image: &str,
    manifest: &Digest,
    digest: &Digest,
) {
    if image.parse().is_ok_and(|name| store.image(&name).is_err()) {
        return;
    }
    let damage = report.damaged_objects.entry(*digest).or_default();
    if damage.problem.is_empty() {
        let is_there = store.contains(digest);
        damage.problem = if is_there { "it is damaged" } else { "it is missing" }.to_owned();
    }
    if damage.images.is_empty() {
        damage.paths = paths_of(store, manifest, digest);
    }
    damage.images.push(image.to_owned());
}

/// Returns paths of an image whose content needs an object, as text; of many, the first. An image that cannot be read,
/// and one of a disk, has no paths.
pub fn paths_of(store: &Store, manifest: &Digest, digest: &Digest) -> Vec<String> {
    let Ok(manifest) = store.load_manifest(manifest) else { return Vec::new() };
    let uses = |file: &Digest| {
        file == digest
            || store
                .frame_list(file)
                .ok()
                .flatten()
                .is_some_and(|list| list.frames.iter().any(|(frame, _)| frame == digest))
    };
    (0..manifest.inode_count())
        .map(|index| manifest.inode(index))
        .filter(|inode| inode.is_regular() && inode.digest().is_some_and(|file| uses(&file)))
        .map(|inode| show_path(&manifest.path(inode.first_node())))
        .take(PATHS_MAX)
        .collect()
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
