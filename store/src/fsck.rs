//! Checks a store: its structure, and with [`Depth::Data`] every byte of content.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::ErrorKind::NotFound;

use wire::digest::Digest;
use wire::object::{Encoded, FrameList, Kind};
use wire::proto::ImageRecord;
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
        match checked {
            Ok(()) => {}
            // A collection of garbage removed it meanwhile.
            Err(_) if !is_here() => {}
            Err(error) if is_damage(&error) && check_object(store, &digest).is_err() => {
                let damage = Damage { problem: problem_of(&error), ..Damage::default() };
                report.damaged_objects.insert(digest, damage);
            }
            // It is read on the second attempt; or its frames are missing, which the images tell.
            Err(error) if is_damage(&error) || matches!(error, StoreError::MissingObject(_)) => {}
            Err(error) => return Err(error),
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

/// Returns whether an error says that stored bytes are wrong or cannot be read, and not that the machine lacks
/// memory or descriptors.
pub(crate) fn is_damage(error: &StoreError) -> bool {
    /// Errors of a medium: EIO, EBADMSG, ENODATA, and EUCLEAN of a damaged filesystem.
    const MEDIUM: [i32; 4] = [5, 74, 61, 117];
    match error {
        StoreError::DamagedObject { .. } => true,
        StoreError::ReadObject { source, .. } => {
            source.raw_os_error().is_some_and(|code| MEDIUM.contains(&code))
        }
        _ => false,
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
/// Decodes one manifest at a time.
fn check_images(store: &Store, report: &mut Report) -> Result<(), StoreError> {
    let mut images: BTreeMap<Digest, Vec<ImageRecord>> = BTreeMap::new();
    for image in store.images()? {
        match image.map(|record| (record.manifest.parse::<Digest>(), record)) {
            Ok((Ok(manifest), record)) => images.entry(manifest).or_default().push(record),
            Ok((Err(_), record)) => {
                let problem = format!("image {}: its digest is malformed", record.name);
                report.damaged_files.push(problem);
            }
            Err(error) => report.damaged_files.push(error.to_string()),
        }
    }
    for (manifest, records) in images {
        let names: Vec<String> = records.iter().map(|record| record.name.clone()).collect();
        match closure(store, &manifest) {
            // Without its manifest, nobody knows what else the image needs.
            Err(StoreError::MissingObject(digest) | StoreError::DamagedObject { digest, .. }) => {
                note_damage(store, report, &names, &manifest, &[digest]);
            }
            Err(problem) => {
                report.damaged_files.push(format!("image {}: {problem}", names.join(", ")));
            }
            Ok(digests) => note_damage(store, report, &names, &manifest, &digests),
        }
        for record in &records {
            for attached in [&record.build_log, &record.release_notes] {
                let Ok(digest) = attached.parse::<Digest>() else { continue };
                let list = store.frame_list(&digest).ok().flatten();
                let frames = list.into_iter().flat_map(|list| list.frames);
                let digests: Vec<Digest> =
                    [digest].into_iter().chain(frames.map(|(frame, _)| frame)).collect();
                let name = std::slice::from_ref(&record.name);
                note_damage(store, report, name, &manifest, &digests);
            }
        }
    }
    Ok(())
}

/// Records that images of one manifest need those of the objects that are damaged or missing, unless the images were
/// removed meanwhile.
fn note_damage<'a>(
    store: &Store,
    report: &mut Report,
    images: &[String],
    manifest: &Digest,
    digests: impl IntoIterator<Item = &'a Digest>,
) {
    let is_bad =
        |digest: &&Digest| !store.contains(digest) || report.damaged_objects.contains_key(*digest);
    let bad: HashSet<Digest> = digests.into_iter().filter(is_bad).copied().collect();
    if bad.is_empty() {
        return;
    }
    let is_there = |image: &&String| image.parse().is_ok_and(|name| store.image(&name).is_ok());
    let images: Vec<String> = images.iter().filter(is_there).cloned().collect();
    if images.is_empty() {
        return;
    }
    let mut paths = paths_of(store, manifest, &bad);
    for digest in bad {
        let damage = report.damaged_objects.entry(digest).or_default();
        if damage.problem.is_empty() {
            let is_there = store.contains(&digest);
            damage.problem = if is_there { "it is damaged" } else { "it is missing" }.to_owned();
        }
        if damage.images.is_empty() {
            damage.paths = paths.remove(&digest).unwrap_or_default();
        }
        damage.images.extend(images.iter().cloned());
    }
}

/// Returns the paths of an image whose content needs each of some objects, as text; of many, the first. An image that
/// cannot be read, and one of a disk, has no paths.
pub fn paths_of(
    store: &Store,
    manifest: &Digest,
    digests: &HashSet<Digest>,
) -> HashMap<Digest, Vec<String>> {
    let mut paths: HashMap<Digest, Vec<String>> = HashMap::new();
    let Ok(manifest) = store.load_manifest(manifest) else { return paths };
    for index in 0..manifest.inode_count() {
        let inode = manifest.inode(index);
        let Some(file) = inode.digest().filter(|_| inode.is_regular()) else { continue };
        let list = match store.locate(&file).map(|location| location.kind) {
            Some(Kind::FrameList) => store.frame_list(&file).ok().flatten(),
            _ => None,
        };
        let frames = list.into_iter().flat_map(|list| list.frames).map(|(frame, _)| frame);
        let used: HashSet<Digest> =
            [file].into_iter().chain(frames).filter(|digest| digests.contains(digest)).collect();
        for digest in used {
            let paths = paths.entry(digest).or_default();
            if paths.len() < PATHS_MAX {
                paths.push(show_path(&manifest.path(inode.first_node())));
            }
        }
    }
    paths
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
