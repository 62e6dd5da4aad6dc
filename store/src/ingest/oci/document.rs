//! The JSON documents of an OCI image, as far as they matter here. Docker's own kinds have the same fields.
//!
//! *Source:* OCI image specification 1.1: index, manifest, descriptor, config.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use wire::digest::Digest;

use crate::error::StoreError;

/// The longest document: registries take 4 MiB.
pub(super) const LEN_MAX: u64 = 4 << 20;

/// What a list of images leads to: an image, or another list.
pub(super) const INDEX_KINDS: [&str; 2] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];
pub(super) const MANIFEST_KINDS: [&str; 2] = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

/// Kinds of layers, without what they are compressed with, which their bytes tell. Foreign ones are on other servers, as
/// a rule; where their bytes are there, they are layers like others.
const LAYER_KINDS: [&str; 4] = [
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
    "application/vnd.docker.image.rootfs.diff.tar",
    "application/vnd.docker.image.rootfs.foreign.diff.tar",
];

/// Kinds of configurations that images have; artifacts have others.
const CONFIG_KINDS: [&str; 3] = [
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
    "",
];

/// Names of an image in an index. *Source:* OCI image specification, "Pre-Defined Annotation Keys"; containerd.
const NAME_KEYS: [&str; 2] = ["org.opencontainers.image.ref.name", "io.containerd.image.name"];

/// What says that a manifest is about another one. *Source:* BuildKit, "Image Attestation Storage".
const REFERENCE_KEY: &str = "vnd.docker.reference.type";

/// Reads `null` as what is not there: both mean unset.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    from: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

/// Reads a list of strings, or one string for a list of one, as Docker does.
fn strings<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Strings {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Option::<Strings>::deserialize(from)? {
        None => Vec::new(),
        Some(Strings::One(one)) => vec![one],
        Some(Strings::Many(many)) => many,
    })
}

/// Text by name, where some may be unset.
type Texts = BTreeMap<String, Option<String>>;

/// A blob, named.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    #[serde(default, deserialize_with = "or_default")]
    pub media_type: String,
    pub digest: String,
    pub size: u64,
    pub platform: Option<PlatformJson>,
    #[serde(default, deserialize_with = "or_default")]
    artifact_type: String,
    #[serde(default, deserialize_with = "or_default")]
    annotations: Texts,
}

impl Descriptor {
    /// The blob's digest. *Errors:* algorithms other than SHA-256 and SHA-512.
    pub(super) fn digest(&self) -> Result<Digest, StoreError> {
        parse_digest(&self.digest)
    }

    pub(super) fn is_layer(&self) -> bool {
        LAYER_KINDS.iter().any(|kind| {
            self.media_type
                .strip_prefix(kind)
                .is_some_and(|rest| matches!(rest, "" | "+gzip" | "+zstd" | ".gzip" | ".zstd"))
        })
    }

    /// The names that people know it by.
    pub(super) fn names(&self) -> Vec<String> {
        NAME_KEYS.iter().filter_map(|key| self.annotations.get(*key).cloned().flatten()).collect()
    }

    /// Whether the index says that it is no image: an artifact, or an attestation of how an image was made.
    pub(super) fn is_beside(&self) -> bool {
        /// How cosign names what belongs to an image.
        const ENDINGS: [&str; 3] = [".sig", ".att", ".sbom"];
        let is_of_cosign = |name: &String| {
            name.starts_with("sha256-") && ENDINGS.iter().any(|ending| name.ends_with(ending))
        };
        !self.artifact_type.is_empty()
            || self.annotations.contains_key(REFERENCE_KEY)
            || self.platform.as_ref().is_some_and(|platform| platform.os == "unknown")
            || self.names().iter().any(is_of_cosign)
    }
}

/// Reads a digest.
pub(super) fn parse_digest(text: &str) -> Result<Digest, StoreError> {
    text.parse::<Digest>().map_err(|_| {
        let digest = text.chars().take(100).collect::<String>().escape_debug().to_string();
        refused(format!("'{digest}' is no sha256 digest, nor a sha512 one"))
    })
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct PlatformJson {
    #[serde(default, deserialize_with = "or_default")]
    pub os: String,
    #[serde(default, deserialize_with = "or_default")]
    pub architecture: String,
    #[serde(default, deserialize_with = "or_default")]
    pub variant: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Index {
    #[serde(default, deserialize_with = "or_default")]
    pub manifests: Vec<Descriptor>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    pub config: Descriptor,
    #[serde(default, deserialize_with = "or_default")]
    pub layers: Vec<Descriptor>,
    #[serde(default, deserialize_with = "or_default")]
    artifact_type: String,
    /// The image that it is about, if it is about one.
    #[serde(default)]
    subject: Option<serde::de::IgnoredAny>,
}

impl Manifest {
    /// Whether it is about another image, as signatures are, which may have files like those of an image.
    pub(super) fn is_about_another(&self) -> bool {
        self.subject.is_some()
    }

    /// Whether it is an image's: artifacts and signatures have the same form.
    pub(super) fn is_image(&self) -> bool {
        !self.is_about_another()
            && self.artifact_type.is_empty()
            && CONFIG_KINDS.contains(&self.config.media_type.as_str())
            && self.layers.iter().all(Descriptor::is_layer)
    }
}

/// What a folder of skopeo's has: one image, or a list of several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Either {
    Image(Box<Manifest>),
    List { manifests: Vec<Descriptor> },
}

/// An image of an archive that `docker save` and its like write.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DockerImage {
    pub config: String,
    #[serde(default, deserialize_with = "or_default")]
    pub repo_tags: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub layers: Vec<String>,
}

/// How an image wants to be run, and what it is made of.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Config {
    #[serde(flatten)]
    pub platform: PlatformJson,
    #[serde(default, deserialize_with = "or_default")]
    pub created: String,
    #[serde(default, deserialize_with = "or_default")]
    pub config: RunConfig,
    #[serde(default, deserialize_with = "or_default")]
    pub rootfs: Rootfs,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Rootfs {
    #[serde(default, deserialize_with = "or_default")]
    pub diff_ids: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RunConfig {
    #[serde(default, deserialize_with = "or_default")]
    pub user: String,
    #[serde(default, deserialize_with = "strings")]
    pub env: Vec<String>,
    #[serde(default, deserialize_with = "strings")]
    pub entrypoint: Vec<String>,
    #[serde(default, deserialize_with = "strings")]
    pub cmd: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub working_dir: String,
    #[serde(default, deserialize_with = "or_default")]
    pub labels: Texts,
}

/// Takes a document apart.
pub(super) fn parse<'a, T: Deserialize<'a>>(what: &str, bytes: &'a [u8]) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|error| refused(format!("its {what}: {error}")))
}

/// The error of an image that is not as it should be.
pub(super) fn refused(problem: impl AsRef<str>) -> StoreError {
    StoreError::Refused(format!("the container image: {}", problem.as_ref()))
}
