//! The JSON documents of an OCI image, as far as they matter here. Docker's own kinds have the same fields.
//!
//! *Source:* OCI image specification 1.1: index, manifest, descriptor, config.

use std::collections::BTreeMap;

use serde::Deserialize;
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

/// Kinds of layers, without what they are compressed with, which their bytes tell.
const LAYER_KINDS: [&str; 3] = [
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
    "application/vnd.docker.image.rootfs.diff.tar",
];

/// A blob, named.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    #[serde(default)]
    pub media_type: String,
    pub digest: String,
    pub size: u64,
    pub platform: Option<PlatformJson>,
}

impl Descriptor {
    /// The blob's digest. *Errors:* algorithms other than SHA-256.
    pub(super) fn digest(&self) -> Result<Digest, StoreError> {
        let parsed = self
            .digest
            .parse::<Digest>()
            .ok()
            .filter(|digest| digest.algorithm() == wire::Algorithm::Sha256);
        parsed.ok_or_else(|| {
            let digest =
                self.digest.chars().take(100).collect::<String>().escape_debug().to_string();
            refused(format!("'{digest}' is no sha256 digest"))
        })
    }

    pub(super) fn is_layer(&self) -> bool {
        LAYER_KINDS.iter().any(|kind| {
            self.media_type
                .strip_prefix(kind)
                .is_some_and(|rest| matches!(rest, "" | "+gzip" | "+zstd" | ".gzip" | ".zstd"))
        })
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct PlatformJson {
    #[serde(default)]
    pub os: String,
    #[serde(default)]
    pub architecture: String,
    #[serde(default)]
    pub variant: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Index {
    pub manifests: Vec<Descriptor>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    pub config: Descriptor,
    pub layers: Vec<Descriptor>,
}

/// How an image wants to be run.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Config {
    #[serde(flatten)]
    pub platform: PlatformJson,
    #[serde(default)]
    pub created: String,
    #[serde(default)]
    pub config: Option<RunConfig>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RunConfig {
    #[serde(default)]
    pub user: String,
    #[serde(default)]
    pub env: Option<Vec<String>>,
    #[serde(default)]
    pub entrypoint: Option<Vec<String>>,
    #[serde(default)]
    pub cmd: Option<Vec<String>>,
    #[serde(default)]
    pub working_dir: String,
    #[serde(default)]
    pub labels: Option<BTreeMap<String, String>>,
}

/// Takes a document apart.
pub(super) fn parse<'a, T: Deserialize<'a>>(what: &str, bytes: &'a [u8]) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|error| refused(format!("its {what}: {error}")))
}

/// The error of an image that is not as it should be.
pub(super) fn refused(problem: impl AsRef<str>) -> StoreError {
    StoreError::Refused(format!("the OCI image: {}", problem.as_ref()))
}
