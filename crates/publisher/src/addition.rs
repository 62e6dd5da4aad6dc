//! A request to add an image: its name, its source and its options.

use std::path::PathBuf;
use std::time::Duration;

use store::ingest::oci::Platform;
use wire::Architecture;
use wire::name::ImageName;

/// An image to add, its source and its options.
#[derive(Clone, Debug)]
pub struct Addition {
    /// Name of the image. If an image already has this name, it must have the same content.
    pub name: ImageName,
    /// Path of a directory, a tar, a layout or archive of a container image, or a disk image. A disk image can be a
    /// block device. `-` stands for standard input.
    pub source: PathBuf,
    /// Selects an image of a multi-platform layout by platform.
    pub platform: Option<Platform>,
    /// Selects an image of a layout by name.
    pub reference: Option<String>,
    /// Tags of the image, as pairs of key and value.
    pub tags: Vec<(String, String)>,
    /// Architecture of the image, if the content does not show it; required for disk images.
    pub architecture: Option<Architecture>,
    /// File with patterns of paths to leave out.
    pub exclude_from: Option<PathBuf>,
    /// Time after which imaged removes the image; `None`: never.
    pub expires_in: Option<Duration>,
    /// File with the log of the image's build, to keep with the image.
    pub build_log: Option<PathBuf>,
    /// File with the image's release notes, to keep with the image.
    pub release_notes: Option<PathBuf>,
    /// Refuse an image with findings.
    pub strict: bool,
    /// Accept a disk that was cut off, or whose length is no multiple of 512 bytes.
    pub allow_odd_size: bool,
    /// Send all content, even content that imaged has, so that imaged compares it with its own copy.
    pub full: bool,
    /// Folder of the caches of what files of directories held, so that the next addition of a directory reads only what
    /// changed; `None`: everything is read.
    pub cache: Option<PathBuf>,
}

impl Addition {
    /// Makes an addition with all options off.
    pub fn new(name: ImageName, source: impl Into<PathBuf>) -> Self {
        Self {
            name,
            source: source.into(),
            platform: None,
            reference: None,
            tags: Vec::new(),
            architecture: None,
            exclude_from: None,
            expires_in: None,
            build_log: None,
            release_notes: None,
            strict: false,
            allow_odd_size: false,
            full: false,
            cache: None,
        }
    }
}
