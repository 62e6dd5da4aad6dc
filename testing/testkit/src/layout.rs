//! OCI image layouts, written blob by blob.

use std::io;
use std::path::{Path, PathBuf};

use sha2::Digest as _;

/// Media type of an image's manifest.
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// Media type of an image's configuration.
pub const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// Media type of an uncompressed layer.
pub const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// An OCI layout in a folder.
#[derive(Debug)]
pub struct Layout {
    /// The folder with `oci-layout`, `index.json` and `blobs`.
    pub path: PathBuf,
}

/// Returns the SHA-256 of bytes as hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Layout {
    /// Makes an empty layout, without blobs and without an index. Creates its folder if it is missing.
    ///
    /// # Errors
    /// Errors of writing.
    pub fn new(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path.join("blobs/sha256"))?;
        std::fs::write(path.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)?;
        Ok(Self { path: path.to_owned() })
    }

    /// Adds a blob of media type `kind`. Returns its JSON descriptor without the closing brace, so that the caller can
    /// add fields.
    ///
    /// # Errors
    /// Errors of writing.
    pub fn blob(&self, kind: &str, bytes: &[u8]) -> io::Result<String> {
        let digest = sha256(bytes);
        std::fs::write(self.path.join("blobs/sha256").join(&digest), bytes)?;
        let len = bytes.len();
        Ok(format!(r#"{{"mediaType":"{kind}","digest":"sha256:{digest}","size":{len}"#))
    }

    /// Adds an image whose layers are the given tars. `run` becomes the JSON object `config` in the image's
    /// configuration. Returns the descriptor of the image's manifest without the closing brace.
    ///
    /// # Errors
    /// Errors of writing.
    pub fn image(&self, layers: &[Vec<u8>], run: &str) -> io::Result<String> {
        let ids: Vec<String> =
            layers.iter().map(|layer| format!("\"sha256:{}\"", sha256(layer))).collect();
        let config = format!(
            r#"{{"architecture":"amd64","os":"linux","config":{run},"rootfs":{{"type":"layers","diff_ids":[{}]}}}}"#,
            ids.join(",")
        );
        let config = self.blob(CONFIG, config.as_bytes())?;
        let layers = layers.iter().map(|layer| Ok(self.blob(LAYER, layer)? + "}"));
        let layers = layers.collect::<io::Result<Vec<_>>>()?.join(",");
        let manifest = format!(
            r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{config}}},"layers":[{layers}]}}"#
        );
        self.blob(MANIFEST, manifest.as_bytes())
    }

    /// Writes `index.json` with the given descriptors of manifests, each with its closing brace.
    ///
    /// # Errors
    /// Errors of writing.
    pub fn index(&self, manifests: &[String]) -> io::Result<()> {
        let index = format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, manifests.join(","));
        std::fs::write(self.path.join("index.json"), index)
    }
}

/// Completes the descriptor of a manifest: adds the name by which `umoci` and `skopeo` find it, and the closing brace.
pub fn named(descriptor: &str, name: &str) -> String {
    format!(r#"{descriptor},"annotations":{{"org.opencontainers.image.ref.name":"{name}"}}}}"#)
}
