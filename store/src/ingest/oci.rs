//! Reads container images as trees: an OCI image layout, an archive of `docker save` or a similar
//! tool, or a folder of skopeo's `dir:`. Each may be a folder, or an uncompressed tar of that
//! folder.
//!
//! ```text
//! index.json ─▶ (index ─▶)* manifest of one platform ─▶ config            a layout; `dir:` begins at its manifest.json
//!                                                    └─▶ layers, tars laid one over another
//! manifest.json ─▶ config and layers of one name                          docker archives
//! ```
//!
//! Every blob is checked against its digest and length, and a docker archive's layer against the
//! digest in the image's configuration. The image's record keeps the run settings of that
//! configuration, but nothing here applies them.

mod blobs;
mod choose;
mod docker;
mod document;
mod files;

use std::path::Path;
use std::str::FromStr;

use wire::digest::Digest;
use wire::proto::OciConfig;

use self::blobs::{Blobs, Checked, Naming};
use self::choose::{Candidate, candidates, choose_manifest};
use self::document::{Config, Descriptor, Either, LEN_MAX, Manifest, PlatformJson, parse, refused};
use self::files::ContainerFiles;
use super::decompress;
use super::tar::Layered;
use super::{IngestOutcome, Options, Sink, finish, workers};
use crate::Refusal;
use crate::error::StoreError;
use crate::finding::Findings;

/// Limit on layers of an image: overlay filesystems take 500.
const LAYERS_MAX: usize = 500;

/// Limit on the length of the configuration in an image's record, in bytes: records are listed by
/// the thousand.
pub const CONFIG_LEN_MAX: usize = 64 << 10;

/// A platform: operating system, architecture and optional variant, as in `linux/arm64/v8`.
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

/// Selects one of several images; without criteria there must be only one.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImageSelector<'a> {
    /// The wanted platform; a platform without a variant fits every variant.
    pub platform: Option<&'a Platform>,
    /// The image's name: `org.opencontainers.image.ref.name`, or a docker archive's tag. It may
    /// omit the prefix `docker.io/`.
    pub reference: Option<&'a str>,
}

impl ImageSelector<'_> {
    fn fits<T>(&self, image: &Candidate<T>) -> bool {
        let is_named =
            |name: &str| image.names.iter().any(|found| familiar(found) == familiar(name));
        // If the index gives no platform for an image, the image's config gives one, which is
        // compared later.
        let is_for = |platform: &Platform| image.platform.as_ref().is_none_or(|p| platform.is(p));
        self.reference.is_none_or(is_named) && self.platform.is_none_or(is_for)
    }

    fn describe(&self) -> String {
        let name = self.reference.map(|name| format!("named '{}'", name.escape_debug()));
        let platform = self.platform.map(|platform| format!("for {}", describe(platform)));
        name.into_iter().chain(platform).collect::<Vec<_>>().join(" and ")
    }
}

/// Returns a name without docker.io's prefix: podman writes `docker.io/library/debian:12` for
/// docker's `debian:12`.
fn familiar(name: &str) -> &str {
    let of_docker = name.strip_prefix("docker.io/");
    of_docker.map_or(name, |rest| rest.strip_prefix("library/").unwrap_or(rest))
}

/// A container image that was chosen. Its documents have been read, but not its layers.
#[derive(Debug)]
pub struct OciImage {
    blobs: Blobs,
    layers: Vec<Layer>,
    config: OciConfig,
    architecture: String,
}

/// The location of a layer, and its expected digest.
#[derive(Debug)]
enum Layer {
    /// A blob, by the digest and length of its stored bytes.
    Blob(Digest, u64),
    /// A file of a docker archive, by its path; the digest is that of the uncompressed tar.
    File(String, Digest),
}

impl OciImage {
    /// Opens the container images at a path, and selects the one that fits `wanted`. Returns `None`
    /// if the path holds no container image.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if several images fit, if none does, or if a document is damaged;
    /// errors of reading.
    pub fn open(path: &Path, wanted: &ImageSelector<'_>) -> Result<Option<Self>, StoreError> {
        let Some(files) = ContainerFiles::open(path)? else { return Ok(None) };
        if files.has("oci-layout") {
            let index = files.read("index.json", LEN_MAX);
            let index = index
                .map_err(|error| refused(format!("its index.json cannot be read: {error}")))?;
            let blobs = Blobs { files, naming: Naming::Layout };
            let images = candidates(&blobs, parse("index", &index)?)?;
            return Self::chosen(blobs, images, wanted).map(Some);
        }
        let Ok(bytes) = files.read("manifest.json", LEN_MAX) else { return Ok(None) };
        if let Some(images) = docker::images(&files, &bytes) {
            return docker::open(files, images, wanted).map(Some);
        }
        let is_directory = files
            .read("version", LEN_MAX)
            .is_ok_and(|version| version.starts_with(b"Directory Transport Version"));
        if !is_directory {
            return Ok(None);
        }
        let blobs = Blobs { files, naming: Naming::Directory };
        match parse("manifest", &bytes)? {
            Either::Image(manifest) => {
                let digest = wire::Algorithm::Sha256.digest(&bytes);
                Self::of_manifest(blobs, &manifest, &digest, None, wanted).map(Some)
            }
            Either::List { manifests } => {
                let images = candidates(&blobs, document::OciIndex { manifests })?;
                Self::chosen(blobs, images, wanted).map(Some)
            }
        }
    }

    fn chosen(
        blobs: Blobs,
        images: Vec<Candidate<Descriptor>>,
        wanted: &ImageSelector<'_>,
    ) -> Result<Self, StoreError> {
        let chosen = choose_manifest(&blobs, images, wanted)?;
        let digest = chosen.image.digest()?;
        let bytes = blobs.document(&digest, chosen.image.size)?;
        let manifest: Manifest = parse("manifest", &bytes)?;
        if manifest.is_about_another() {
            return Err(refused(format!(
                "{digest} describes another image, and is not an image itself"
            )));
        }
        Self::of_manifest(blobs, &manifest, &digest, chosen.image.platform.as_ref(), wanted)
    }

    fn of_manifest(
        blobs: Blobs,
        manifest: &Manifest,
        digest: &Digest,
        platform: Option<&PlatformJson>,
        wanted: &ImageSelector<'_>,
    ) -> Result<Self, StoreError> {
        if let Some(layer) = manifest.layers.iter().find(|layer| !layer.is_layer()) {
            let kind = layer.media_type.chars().take(100).collect::<String>();
            return Err(refused(format!(
                "a layer is of kind '{}', which holds no files: is this an image?",
                kind.escape_debug()
            )));
        }
        let bytes = blobs.document(&manifest.config.digest()?, manifest.config.size)?;
        let config: Config = parse("config", &bytes)?;
        // Compare only if the index names no platform: an index may name a variant that the config
        // lacks.
        let unsaid = wanted.platform.filter(|_| platform.is_none());
        if let Some(platform) = unsaid.filter(|platform| !platform.is(&config.platform)) {
            let found = show(&config.platform);
            return Err(refused(format!("it is for {found}, not for {}", describe(platform))));
        }
        let layers =
            manifest.layers.iter().map(|layer| Ok(Layer::Blob(layer.digest()?, layer.size)));
        let layers = layers.collect::<Result<_, StoreError>>()?;
        Self::new(blobs, layers, &config, digest)
    }

    fn new(
        blobs: Blobs,
        layers: Vec<Layer>,
        config: &Config,
        digest: &Digest,
    ) -> Result<Self, StoreError> {
        if layers.len() > LAYERS_MAX {
            let found = layers.len();
            return Err(refused(format!(
                "it has {found} layers, at most {LAYERS_MAX} are allowed"
            )));
        }
        let architecture = architecture(&config.platform.architecture).to_owned();
        let config = record(config, &digest.to_string(), layers.len())?;
        Ok(Self { blobs, layers, config, architecture })
    }

    /// Returns the part of the configuration that the image's record keeps.
    pub fn config(&self) -> &OciConfig {
        &self.config
    }

    /// Lays a layer over the tree so far, and checks the layer's digest.
    fn lay(
        &self,
        layer: &Layer,
        tree: &mut Layered<'_>,
        options: &Options<'_>,
    ) -> Result<(), StoreError> {
        let mut source = match layer {
            Layer::Blob(digest, len) => self.blobs.blob(digest, *len)?,
            Layer::File(name, digest) => {
                let opened = self.blobs.files.open_file(name);
                let (file, _) =
                    opened.map_err(|error| refused(format!("it cannot be read: {error}")))?;
                let inside = decompress::open(file)?.source;
                Checked::new("its decompressed content".to_owned(), inside, *digest)
            }
        };
        tree.lay(decompress::open(&mut source)?, options)?;
        source.check()
    }
}

impl Layer {
    /// Returns the layer's name for messages, which count layers from 1.
    fn describe(&self, index: usize, count: usize) -> String {
        let name = match self {
            Self::Blob(digest, _) => digest.to_string(),
            Self::File(name, digest) => format!("{}, {digest}", name.escape_debug()),
        };
        format!("layer {} of {count} ({name})", index + 1)
    }
}

fn describe(platform: &Platform) -> String {
    let Platform { os, architecture, variant } = platform.clone();
    show(&PlatformJson { os, architecture, variant: variant.unwrap_or_default() })
}

/// Translates a known architecture from Go's name to the name in image records; keeps other names.
fn architecture(name: &str) -> &str {
    match name.parse::<wire::Architecture>() {
        Ok(known) => known.name(),
        Err(_) => name,
    }
}

/// Returns the part of a configuration that the image's record keeps.
fn record(config: &Config, manifest: &str, layers: usize) -> Result<OciConfig, StoreError> {
    let run = &config.config;
    let labels = run.labels.iter();
    let labels = labels.map(|(key, value)| (key.clone(), value.clone().unwrap_or_default()));
    let kept = OciConfig {
        manifest: manifest.to_owned(),
        platform: show(&config.platform),
        created: config.created.clone(),
        layers: layers as u32,
        user: run.user.clone(),
        env: run.env.clone(),
        entrypoint: run.entrypoint.clone(),
        cmd: run.cmd.clone(),
        working_dir: run.working_dir.clone(),
        labels: labels.collect(),
    };
    let len = prost::Message::encoded_len(&kept);
    if len > CONFIG_LEN_MAX {
        return Err(refused(format!(
            "its environment, labels and other settings have {len} bytes, and at most {CONFIG_LEN_MAX} are kept"
        )));
    }
    Ok(kept)
}

/// Ingests a container image, its layers from the lowest up.
///
/// # Errors
/// As [`super::ingest_tar`], with the layer's name; [`StoreError::Refused`] for a missing or
/// damaged blob.
pub fn ingest_oci(
    image: &OciImage,
    options: &Options<'_>,
    sink: &dyn Sink,
) -> Result<IngestOutcome, StoreError> {
    let mut findings = Findings::default();
    let mut read = workers::run(options, sink, |workers| {
        let mut tree = Layered::new(workers, &mut findings);
        for (index, layer) in image.layers.iter().enumerate() {
            image.lay(layer, &mut tree, options).map_err(|error| match error {
                StoreError::Refused(why) => {
                    let layer = layer.describe(index, image.layers.len());
                    Refusal::Layer { layer, why: Box::new(why) }.into()
                }
                other => other,
            })?;
        }
        Ok(tree.into_tree())
    })?;
    if read.facts.architecture.is_empty() {
        read.facts.architecture.clone_from(&image.architecture);
    }
    finish(read, findings, options.algorithm, sink)
}
