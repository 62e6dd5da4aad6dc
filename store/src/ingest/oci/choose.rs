//! Chooses one image of several.

use std::collections::{HashMap, HashSet};

use wire::digest::Digest;

use super::blobs::Blobs;
use super::document::{
    Config, Descriptor, INDEX_KINDS, MANIFEST_KINDS, Manifest, OciIndex, PlatformJson, parse,
    refused,
};
use super::{ImageSelector, show};
use crate::error::StoreError;

/// Limit on the depth of nested indexes.
const NESTED_MAX: usize = 4;

/// Limit on images that one index, or all indexes together, may name.
const IMAGES_MAX: usize = 1024;

/// Limit on images that an error message lists.
const LISTED_MAX: usize = 20;

/// An image that is a possible choice, with the names and platform known so far.
#[derive(Clone, Debug)]
pub(super) struct Candidate<T> {
    pub names: Vec<String>,
    pub platform: Option<PlatformJson>,
    pub image: T,
}

impl<T> Candidate<T> {
    fn describe(&self) -> String {
        let names = self.names.iter().map(|name| {
            let name: String = name.chars().take(100).collect();
            name.escape_debug().to_string()
        });
        let names = names.collect::<Vec<_>>().join(" = ");
        let platform = show(&self.platform.clone().unwrap_or_default());
        if names.is_empty() { platform } else { format!("{names} ({platform})") }
    }
}

/// Lists the images of an index, and of the indexes that it names: manifests with their names and
/// platforms.
pub(super) fn candidates(
    blobs: &Blobs,
    index: OciIndex,
) -> Result<Vec<Candidate<Descriptor>>, StoreError> {
    let mut found: Vec<Candidate<Descriptor>> = Vec::new();
    let mut places: HashMap<Digest, usize> = HashMap::new();
    // List each image once under each name. Indexes are read one after another, so that only one is
    // in memory.
    let mut named = HashSet::new();
    let mut pending = vec![(IndexSource::Here(index), Vec::new(), 0)];
    while let Some((list, above, depth)) = pending.pop() {
        let entries = match list {
            IndexSource::Here(index) => index.manifests,
            IndexSource::Blob(entry) => {
                let bytes = blobs.document(&entry.digest()?, entry.size)?;
                parse::<OciIndex>("index", &bytes)?.manifests
            }
        };
        if entries.len() > IMAGES_MAX {
            return Err(refused(format!("an index names more than {IMAGES_MAX} images")));
        }
        for entry in entries {
            let is_index = INDEX_KINDS.contains(&entry.media_type.as_str());
            let is_known = is_index || MANIFEST_KINDS.contains(&entry.media_type.as_str());
            // Attestations, signatures and unknown kinds are no images. Skip them before parsing
            // their digests, whose algorithm may be unknown.
            if !is_known || entry.is_beside() {
                continue;
            }
            let digest = entry.digest()?;
            let names = [above.clone(), entry.names()].concat();
            if !named.insert((digest, names.clone())) {
                continue;
            }
            if named.len() > IMAGES_MAX {
                return Err(refused(format!("it names more than {IMAGES_MAX} images")));
            }
            if is_index && depth >= NESTED_MAX {
                return Err(refused("its indexes are nested too deep"));
            }
            match places.get(&digest) {
                _ if is_index => pending.push((IndexSource::Blob(entry), names, depth + 1)),
                Some(known) => found[*known].names.extend(names),
                None => {
                    places.insert(digest, found.len());
                    found.push(Candidate { names, platform: entry.platform.clone(), image: entry });
                }
            }
        }
    }
    Ok(found)
}

/// An index that is still to be listed: the index that the caller gave, or a blob that another
/// index names.
enum IndexSource {
    Here(OciIndex),
    Blob(Descriptor),
}

/// Chooses one manifest; reads manifests and configurations if the index alone does not decide.
pub(super) fn choose_manifest(
    blobs: &Blobs,
    mut images: Vec<Candidate<Descriptor>>,
    wanted: &ImageSelector<'_>,
) -> Result<Candidate<Descriptor>, StoreError> {
    let has_one = images.iter().filter(|image| wanted.fits(image)).count() == 1;
    if !has_one {
        // Read the manifests and configurations that are present: they may name the platform, or
        // show that a candidate is no image.
        let looked: Result<Vec<_>, _> = images.into_iter().map(|one| look(blobs, one)).collect();
        images = looked?.into_iter().flatten().collect();
    }
    choose(images, wanted)
}

/// Completes a candidate from its manifest and configuration; `None` if the manifest is not that of
/// an image.
fn look(
    blobs: &Blobs,
    mut candidate: Candidate<Descriptor>,
) -> Result<Option<Candidate<Descriptor>>, StoreError> {
    let digest = candidate.image.digest()?;
    if !blobs.has(&digest) {
        // A layout often holds only some of the platforms that its index names.
        return Ok(Some(candidate));
    }
    let bytes = blobs.document(&digest, candidate.image.size)?;
    let manifest: Manifest = parse("manifest", &bytes)?;
    if !manifest.is_image() {
        return Ok(None);
    }
    let config = manifest.config.digest()?;
    if candidate.platform.is_none() && blobs.has(&config) {
        let bytes = blobs.document(&config, manifest.config.size)?;
        candidate.platform = Some(parse::<Config>("config", &bytes)?.platform);
    }
    Ok(Some(candidate))
}

/// Returns the only image that fits. If none or several fit, the error lists the images.
pub(super) fn choose<T>(
    images: Vec<Candidate<T>>,
    wanted: &ImageSelector<'_>,
) -> Result<Candidate<T>, StoreError> {
    let known = images.iter().map(Candidate::describe);
    let mut listed = known.take(LISTED_MAX).collect::<Vec<_>>().join(", ");
    if images.len() > LISTED_MAX {
        listed.push_str(&format!(" and {} more", images.len() - LISTED_MAX));
    }
    let is_empty = images.is_empty();
    let mut fitting: Vec<Candidate<T>> =
        images.into_iter().filter(|image| wanted.fits(image)).collect();
    match (fitting.pop(), fitting.is_empty()) {
        (Some(image), true) => Ok(image),
        (None, _) if is_empty => {
            let what = "it names no image, at most signatures, attestations or artifacts: save the image itself (`skopeo copy`, `docker save NAME:TAG`)";
            Err(refused(what))
        }
        (None, _) => {
            Err(refused(format!("it holds no image {}, but these: {listed}", wanted.describe())))
        }
        (Some(_), false) => {
            let how = match (wanted.reference, wanted.platform) {
                (None, None) => "choose one with --ref or --platform",
                (None, Some(_)) => "choose one of that platform with --ref",
                (Some(_), None) => "choose one of that name with --platform",
                (Some(_), Some(_)) => "save each image as a layout of its own",
            };
            Err(refused(format!("it holds several images: {how}; there are: {listed}")))
        }
    }
}
