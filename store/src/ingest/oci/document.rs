//! The JSON documents of an OCI image, with only the fields that ingest needs. Documents of
//! Docker's own media types have the same fields.
//!
//! *Source:* OCI image specification 1.1: index, manifest, descriptor, config.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use wire::digest::Digest;

use crate::Refusal;
use crate::error::StoreError;

/// Longest document, in bytes: registries accept 4 MiB.
pub(super) const LEN_MAX: u64 = 4 << 20;

/// Media types of entries in an index: another index, or an image's manifest.
pub(super) const INDEX_KINDS: [&str; 2] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];
pub(super) const MANIFEST_KINDS: [&str; 2] = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

/// Media types of layers, without the suffix that names the compression: the layer's bytes show the
/// compression. Foreign and nondistributable layers are usually kept on other servers; if the
/// source has their bytes, they are read like other layers.
const LAYER_KINDS: [&str; 4] = [
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
    "application/vnd.docker.image.rootfs.diff.tar",
    "application/vnd.docker.image.rootfs.foreign.diff.tar",
];

/// Media types of images' configurations; artifacts have others.
const CONFIG_KINDS: [&str; 3] = [
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
    "",
];

/// Annotations that name an image in an index. *Source:* OCI image specification, "Pre-Defined
/// Annotation Keys"; containerd.
const NAME_KEYS: [&str; 2] = ["org.opencontainers.image.ref.name", "io.containerd.image.name"];

/// Annotation of a manifest that is about another manifest. *Source:* BuildKit, "Image Attestation
/// Storage".
const REFERENCE_KEY: &str = "vnd.docker.reference.type";

/// Decodes `null` as the default: `null` and an absent field both mean unset.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    from: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

/// Decodes a list of strings; a single string is a list of one, as in Docker.
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

/// Strings by key. Docker sometimes writes `null` for a value.
type Texts = BTreeMap<String, Option<String>>;

/// A reference to a blob.
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
    /// Parses the blob's digest. *Errors:* algorithms other than SHA-256 and SHA-512.
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

    /// Returns the image's names, from the annotations [`NAME_KEYS`].
    pub(super) fn names(&self) -> Vec<String> {
        NAME_KEYS.iter().filter_map(|key| self.annotations.get(*key).cloned().flatten()).collect()
    }

    /// Returns whether the index entry is no image: an artifact, a signature, or an attestation of
    /// a build.
    pub(super) fn is_beside(&self) -> bool {
        /// Suffixes of the tags under which cosign keeps an image's signature, attestation or SBOM.
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

/// Parses a digest; the error quotes at most 100 characters of the text.
pub(super) fn parse_digest(text: &str) -> Result<Digest, StoreError> {
    text.parse::<Digest>().map_err(|_| {
        let digest = text.chars().take(100).collect::<String>().escape_debug().to_string();
        refused(format!("'{digest}' is neither a sha256 nor a sha512 digest"))
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
pub(super) struct OciIndex {
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
    /// Set if the manifest is about another one; its value does not matter.
    #[serde(default)]
    subject: Option<serde::de::IgnoredAny>,
}

impl Manifest {
    /// Returns whether the manifest is about another image, as signatures are. Such a manifest can
    /// have layers, as an image has.
    pub(super) fn is_about_another(&self) -> bool {
        self.subject.is_some()
    }

    /// Returns whether the manifest is that of an image: manifests of artifacts and signatures have
    /// the same form.
    pub(super) fn is_image(&self) -> bool {
        !self.is_about_another()
            && self.artifact_type.is_empty()
            && CONFIG_KINDS.contains(&self.config.media_type.as_str())
            && self.layers.iter().all(Descriptor::is_layer)
    }
}

/// The `manifest.json` of skopeo's `dir:`: one image, or a list of several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Either {
    Image(Box<Manifest>),
    List { manifests: Vec<Descriptor> },
}

/// An image in an archive of `docker save` or a similar tool.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DockerImage {
    pub config: String,
    #[serde(default, deserialize_with = "or_default")]
    pub repo_tags: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub layers: Vec<String>,
}

/// An image's configuration: platform, run settings and digests of its layers.
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

/// Decodes a JSON document; `what` names it in the error.
pub(super) fn parse<'a, T: Deserialize<'a>>(what: &str, bytes: &'a [u8]) -> Result<T, StoreError> {
    serde_json::from_slice(bytes)
        .map_err(|error| refused(format!("its {what} is malformed: {error}")))
}

/// Makes the error of a container image that cannot be read.
pub(super) fn refused(problem: impl AsRef<str>) -> StoreError {
    Refusal::Container(problem.as_ref().to_owned()).into()
}
