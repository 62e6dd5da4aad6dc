//! OCI images as trees: an image layout, as a folder or as a tar of one.
//!
//! ```text
//! index.json ─▶ (index ─▶)* manifest of one platform ─▶ config
//!                                                    └─▶ layers, tars laid one over another
//! ```
//!
//! Every blob is compared with its digest and length. What the image says of how it wants to be run is kept in
//! the image's record; nothing here runs it.

mod blobs;
mod document;

use std::collections::HashSet;
use std::path::Path;
use std::str::FromStr;

use wire::proto::OciConfig;

use self::blobs::Blobs;
use self::document::{
    Config, Descriptor, INDEX_KINDS, Index, MANIFEST_KINDS, Manifest, PlatformJson, parse, refused,
};
use super::tar::Layered;
use super::{Ingested, Options, Sink, finish, workers};
use crate::error::StoreError;
use crate::finding::Findings;

/// Indexes that lead to indexes, at most.
const NESTED_MAX: usize = 4;

/// Images that an index may name, and layers that an image may have: overlay filesystems take 500.
const IMAGES_MAX: usize = 1024;
const LAYERS_MAX: usize = 500;

/// What a record keeps of an image's configuration, in bytes: records are listed by the thousand.
pub const CONFIG_LEN_MAX: usize = 64 << 10;

/// A platform: operating system, architecture and its variant, as `linux/arm64/v8`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    os: String,
    architecture: String,
    variant: Option<String>,
}

impl FromStr for Platform {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('/').collect();
        let (os, architecture, variant) = match parts[..] {
            [os, architecture] => (os, architecture, None),
            [os, architecture, variant] => (os, architecture, Some(variant.to_owned())),
            _ => {
                return Err(format!(
                    "'{text}' is not OS/ARCHITECTURE[/VARIANT], such as linux/amd64"
                ));
            }
        };
        Ok(Self { os: os.to_owned(), architecture: architecture.to_owned(), variant })
    }
}

impl Platform {
    fn is(&self, found: &PlatformJson) -> bool {
        self.os == found.os
            && self.architecture == found.architecture
            && self.variant.as_ref().is_none_or(|variant| *variant == found.variant)
    }
}

fn show(platform: &PlatformJson) -> String {
    let parts = [&platform.os, &platform.architecture, &platform.variant];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(|part| part.chars().take(40).collect::<String>().escape_debug().to_string())
        .collect();
    if parts.is_empty() { "a platform that is not named".to_owned() } else { parts.join("/") }
}

/// An OCI image, chosen.
#[derive(Debug)]
pub struct OciImage {
    blobs: Blobs,
    manifest: Manifest,
    config: OciConfig,
    architecture: String,
}

impl OciImage {
    /// Opens a layout and chooses the image of a platform; where none is asked for, the only one. `None` for a path
    /// that is no layout.
    ///
    /// # Errors
    /// [`StoreError::Refused`]: several images, none of the platform, damage; errors of reading.
    pub fn open(path: &Path, platform: Option<&Platform>) -> Result<Option<Self>, StoreError> {
        let Some(blobs) = Blobs::open(path)? else { return Ok(None) };
        let chosen = choose(images(&blobs)?, platform)?;
        let digest = chosen.digest()?;
        let bytes = blobs.document(&digest, chosen.size)?;
        let manifest: Manifest = parse("manifest", &bytes)?;
        if manifest.layers.len() > LAYERS_MAX {
            let found = manifest.layers.len();
            return Err(refused(format!(
                "it has {found} layers, at most {LAYERS_MAX} are allowed"
            )));
        }
        if let Some(layer) = manifest.layers.iter().find(|layer| !layer.is_layer()) {
            let kind = layer.media_type.chars().take(100).collect::<String>();
            return Err(refused(format!(
                "a layer is of kind '{}', which holds no files: is this an image?",
                kind.escape_debug()
            )));
        }
        let bytes = blobs.document(&manifest.config.digest()?, manifest.config.size)?;
        let config: Config = parse("config", &bytes)?;
        // Where the index says nothing. It may know more than the config: variants often stand there alone.
        let unsaid = platform.filter(|_| chosen.platform.is_none());
        if let Some(platform) = unsaid.filter(|platform| !platform.is(&config.platform)) {
            let found = show(&config.platform);
            return Err(refused(format!("it is for {found}, not for {}", describe(platform))));
        }
        let architecture = architecture(&config.platform.architecture).to_owned();
        let config = record(&config, &digest.to_string(), manifest.layers.len())?;
        Ok(Some(Self { blobs, manifest, config, architecture }))
    }

    /// Returns what is kept of its configuration.
    pub fn config(&self) -> &OciConfig {
        &self.config
    }
}

fn describe(platform: &Platform) -> String {
    let Platform { os, architecture, variant } = platform.clone();
    show(&PlatformJson { os, architecture, variant: variant.unwrap_or_default() })
}

/// The name that we have for an architecture of Go's.
fn architecture(name: &str) -> &str {
    match name {
        "amd64" => "x86_64",
        other => other,
    }
}

/// Lists the images of a layout: manifests with their platforms.
fn images(blobs: &Blobs) -> Result<Vec<Descriptor>, StoreError> {
    let mut found: Vec<Descriptor> = Vec::new();
    // Named so far, each once. An index is read when it is its turn, so that one is in memory.
    let mut named = HashSet::new();
    let mut pending: Vec<(Option<Descriptor>, usize)> = vec![(None, 0)];
    while let Some((place, depth)) = pending.pop() {
        let bytes = match place {
            None => blobs.index()?,
            Some(entry) => blobs.document(&entry.digest()?, entry.size)?,
        };
        let index: Index = parse("index", &bytes)?;
        if index.manifests.len() > IMAGES_MAX {
            return Err(refused(format!("an index names more than {IMAGES_MAX} images")));
        }
        for entry in index.manifests {
            let is_index = INDEX_KINDS.contains(&entry.media_type.as_str());
            let is_known = is_index || MANIFEST_KINDS.contains(&entry.media_type.as_str());
            if !is_known || !named.insert(entry.digest()?) {
                continue;
            }
            if named.len() > IMAGES_MAX {
                return Err(refused(format!("it names more than {IMAGES_MAX} images")));
            }
            if !is_index {
                found.push(entry);
            } else if depth < NESTED_MAX {
                pending.push((Some(entry), depth + 1));
            } else {
                return Err(refused("its indexes are nested too deep"));
            }
        }
    }
    // What builders say of how they made an image stands beside it, for no platform.
    found.retain(|image| image.platform.as_ref().is_none_or(|found| found.os != "unknown"));
    Ok(found)
}

fn choose(images: Vec<Descriptor>, platform: Option<&Platform>) -> Result<Descriptor, StoreError> {
    let known = images.iter().map(|image| show(&image.platform.clone().unwrap_or_default()));
    let known = known.take(20).collect::<Vec<_>>().join(", ");
    // An image whose platform is not in the index has it in its config, which is looked at later.
    let fits = |image: &Descriptor| match (platform, &image.platform) {
        (Some(wanted), Some(found)) => wanted.is(found),
        _ => true,
    };
    let mut fitting: Vec<Descriptor> = images.into_iter().filter(fits).collect();
    match (fitting.pop(), fitting.is_empty(), platform) {
        (Some(image), true, _) => Ok(image),
        (None, _, None) => Err(refused("its index names no image")),
        (None, _, Some(wanted)) => {
            Err(refused(format!("none is for {}; there are: {known}", describe(wanted))))
        }
        (Some(_), false, None) => Err(refused(format!(
            "it holds several images: choose one with --platform; there are: {known}"
        ))),
        (Some(_), false, Some(_)) => Err(refused(format!(
            "several are for that platform: keep one image a layout; there are: {known}"
        ))),
    }
}

/// What the image's record keeps of a configuration.
fn record(config: &Config, manifest: &str, layers: usize) -> Result<OciConfig, StoreError> {
    let run = config.config.as_ref();
    let list = |of: fn(&document::RunConfig) -> &Option<Vec<String>>| {
        run.and_then(|run| of(run).clone()).unwrap_or_default()
    };
    let labels = run.and_then(|run| run.labels.clone()).unwrap_or_default();
    let kept = OciConfig {
        manifest: manifest.to_owned(),
        platform: show(&config.platform),
        created: config.created.clone(),
        layers: layers as u32,
        user: run.map(|run| run.user.clone()).unwrap_or_default(),
        env: list(|run| &run.env),
        entrypoint: list(|run| &run.entrypoint),
        cmd: list(|run| &run.cmd),
        working_dir: run.map(|run| run.working_dir.clone()).unwrap_or_default(),
        labels: labels.into_iter().collect(),
    };
    let len = prost::Message::encoded_len(&kept);
    if len > CONFIG_LEN_MAX {
        return Err(refused(format!(
            "environment, labels and the like have {len} bytes, at most {CONFIG_LEN_MAX} are kept"
        )));
    }
    Ok(kept)
}

/// Ingests an OCI image.
///
/// # Errors
/// As [`super::ingest_tar`], for each layer; [`StoreError::Refused`] for a blob that is missing or damaged.
pub fn ingest_oci(
    image: &OciImage,
    options: &Options<'_>,
    sink: &dyn Sink,
) -> Result<Ingested, StoreError> {
    let mut findings = Findings::default();
    let mut read = workers::run(options, sink, |workers| {
        let mut tree = Layered::new(workers, &mut findings);
        for layer in &image.manifest.layers {
            let mut blob = image.blobs.blob(&layer.digest()?, layer.size)?;
            tree.lay(&mut blob, options)?;
            blob.check()?;
        }
        Ok(tree.into_tree())
    })?;
    if read.facts.architecture.is_empty() {
        read.facts.architecture.clone_from(&image.architecture);
    }
    finish(read, findings, options.algorithm, sink)
}
