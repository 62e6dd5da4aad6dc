//! Reads archives of `docker save`, crane, ko, jib, kaniko, buildah and Nix: `manifest.json` lists
//! images by their tags, each with the files of its configuration and layers. Each tool names these
//! files differently, so layers are checked against the digests in the configuration.

use wire::Algorithm;
use wire::digest::Digest;

use super::blobs::{Blobs, Naming};
use super::choose::{Candidate, choose};
use super::document::{Config, DockerImage, LEN_MAX, parse, parse_digest, refused};
use super::files::ContainerFiles;
use super::{ImageSelector, Layer, OciImage};
use crate::error::StoreError;

/// Limit on images of an archive.
const IMAGES_MAX: usize = 1024;

/// Decodes a list of images; `None` if `manifest.json` is not the list of a docker archive.
pub(super) fn images(files: &ContainerFiles, manifest: &[u8]) -> Option<Vec<DockerImage>> {
    let images: Vec<DockerImage> = serde_json::from_slice(manifest).ok()?;
    let is_archive = match images.first() {
        Some(first) => files.has(&first.config) || !first.layers.is_empty(),
        // Any program may write an empty list: accept such a list only if all other files are
        // blobs.
        None => files.names().is_some_and(|mut names| names.all(is_of_archive)),
    };
    is_archive.then_some(images)
}

fn is_of_archive(name: &str) -> bool {
    name == "manifest.json" || super::super::tar::has_blob_name(name.as_bytes())
}

/// Opens the only image that fits `wanted` by its tags and by the platform in its configuration.
pub(super) fn open(
    files: ContainerFiles,
    images: Vec<DockerImage>,
    wanted: &ImageSelector<'_>,
) -> Result<OciImage, StoreError> {
    if images.len() > IMAGES_MAX {
        return Err(refused(format!("it names more than {IMAGES_MAX} images")));
    }
    let mut candidates = Vec::with_capacity(images.len());
    for image in images {
        let (config, digest) = config(&files, &image.config)?;
        candidates.push(Candidate {
            names: image.repo_tags.clone(),
            platform: Some(config.platform.clone()),
            image: (image, config, digest),
        });
    }
    let (image, config, digest) = choose(candidates, wanted)?.image;
    let ids = &config.rootfs.diff_ids;
    if ids.len() != image.layers.len() {
        return Err(refused(format!(
            "it has {} layers, its configuration names {}",
            image.layers.len(),
            ids.len()
        )));
    }
    let layers = image.layers.iter().zip(ids);
    let layers = layers.map(|(name, id)| Ok(Layer::File(name.clone(), parse_digest(id)?)));
    let layers = layers.collect::<Result<_, StoreError>>()?;
    OciImage::new(Blobs { files, naming: Naming::Layout }, layers, &config, &digest)
}

/// Reads a configuration file, and returns it with its digest. If the file's name is a digest, that
/// digest must match.
fn config(files: &ContainerFiles, name: &str) -> Result<(Config, Digest), StoreError> {
    let shown = name.chars().take(100).collect::<String>().escape_debug().to_string();
    let bytes = files.read(name, LEN_MAX);
    let bytes = bytes
        .map_err(|error| refused(format!("its configuration '{shown}' cannot be read: {error}")))?;
    let digest = Algorithm::Sha256.digest(&bytes);
    let last = name.rsplit('/').next().unwrap_or(name);
    let digits = last.strip_prefix("sha256:").unwrap_or(last);
    let digits = digits.strip_suffix(".json").unwrap_or(digits);
    let named = format!("sha256:{digits}").parse::<Digest>();
    if named.is_ok_and(|named| named != digest) {
        return Err(refused(format!(
            "its configuration '{shown}' has the digest {digest}: it is damaged"
        )));
    }
    Ok((parse("config", &bytes)?, digest))
}
