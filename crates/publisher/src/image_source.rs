//! Sources of image content, told apart by their bytes: a directory, a tar, a container image or a disk image.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use store::finding::Findings;
use store::ingest::oci::{ImageSelector, OciImage, ingest_oci};
use store::ingest::{IngestOutcome, Options, Sink, disk, ingest_directory, ingest_tar};
use store::{Refusal, StoreError};
use wire::digest::Digest;
use wire::proto::{ImageFacts, LintFinding, OciConfig};

use crate::addition::Addition;
use crate::disk_image::{DiskImage, OpenSource};
use crate::error::{PublishError, Reason, Result};
use crate::observer::Observer;

/// A source whose kind is known, to be read once.
pub(crate) enum ImageSource<'a> {
    Tree(&'a Path),
    /// A tar that can be read only once.
    Stream(Box<dyn Read + Send>),
    Disk(&'a Path, DiskImage),
    Oci(&'a Path, Box<OciImage>),
}

/// Result of reading a source.
pub(crate) struct SourceContent {
    pub(crate) digest: Digest,
    /// `tree` or `disk`.
    pub(crate) kind: &'static str,
    pub(crate) facts: ImageFacts,
    pub(crate) oci: Option<OciConfig>,
    /// Findings made while reading.
    pub(crate) findings: Vec<LintFinding>,
    /// Findings about content that volumes cannot hold. They are separate, because imaged itself adds them to an added
    /// image.
    pub(crate) limits: Vec<LintFinding>,
}

impl<'a> ImageSource<'a> {
    pub(crate) fn open(addition: &'a Addition, observer: &dyn Observer) -> Result<Self> {
        match DiskImage::open(&addition.source)? {
            OpenSource::Disk(image) => Self::open_disk(addition, image, observer),
            OpenSource::Other => Self::open_tree(addition),
            OpenSource::Stream(_)
                if addition.platform.is_some() || addition.reference.is_some() =>
            {
                Err(no_container(addition))
            }
            OpenSource::Stream(stream) => Ok(Self::Stream(stream)),
        }
    }

    fn open_disk(
        addition: &'a Addition,
        image: DiskImage,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let source = addition.source.display();
        let usage = |what: &str| {
            let message = format!("'{source}' is a disk image, which {what}");
            Err(PublishError::new(Reason::Argument, message))
        };
        let refused = |message: String| Err(PublishError::new(Reason::Source, message));
        let (len, padding) = (image.content_len()?, image.padding()?);
        if padding > 0 && !addition.allow_odd_size {
            return refused(format!(
                "'{source}': the disk has {len} bytes, which is not a multiple of 512: get it again if it was cut off; otherwise `image add --allow-odd-size` pads it with zeros"
            ));
        }
        if let Some((number, end)) = image.cut_off()?.filter(|_| !addition.allow_odd_size) {
            return refused(format!(
                "'{source}': partition {number} ends at byte {end}, but the disk ends at byte {len}, so it was cut off: get it again; `image add --allow-odd-size` adds it anyway"
            ));
        }
        match (addition.architecture, &addition.exclude_from) {
            (None, _) => {
                return usage("does not tell its architecture: add --arch x86_64 or --arch arm64");
            }
            (_, Some(_)) => {
                return usage("is added as it is: --exclude-from applies to trees only");
            }
            _ if addition.strict => {
                return usage("is not searched for findings: --strict applies to trees only");
            }
            _ => {}
        }
        if let Some((number, end)) = image.cut_off()? {
            observer.note(&format!(
                "'{source}': partition {number} ends at byte {end}, beyond the disk's {len} bytes: the disk is added as it is"
            ));
        }
        if padding > 0 {
            observer.note(&format!(
                "'{source}' is padded with zeros from {len} to {} bytes, because disks have sectors of 512 bytes",
                len + padding
            ));
        }
        Ok(Self::Disk(&addition.source, image))
    }

    fn open_tree(addition: &'a Addition) -> Result<Self> {
        let source = &addition.source;
        let (platform, reference) = (addition.platform.as_ref(), addition.reference.as_deref());
        let opened = OciImage::open(source, &ImageSelector { platform, reference });
        match opened.map_err(naming(source))? {
            Some(image) => Ok(Self::Oci(source, Box::new(image))),
            None if platform.is_some() || reference.is_some() => Err(no_container(addition)),
            None => match only_layout(source) {
                Some(inside) => Err(PublishError::new(
                    Reason::Argument,
                    format!(
                        "'{}' holds a container image in a folder and nothing else: add '{}'",
                        source.display(),
                        inside.display()
                    ),
                )),
                None => Ok(Self::Tree(source)),
            },
        }
    }

    /// Returns the path of a source that is a directory.
    pub(crate) fn directory(&self) -> Option<&Path> {
        match self {
            Self::Tree(path) if path.is_dir() => Some(path),
            _ => None,
        }
    }

    /// Reads the source into a sink.
    pub(crate) fn ingest(
        self,
        options: &Options<'_>,
        sink: &dyn Sink,
    ) -> std::result::Result<SourceContent, StoreError> {
        match self {
            Self::Disk(path, image) => ingest_disk(path, &image, options, sink),
            Self::Oci(path, image) => {
                let found = tree(ingest_oci(&image, options, sink).map_err(naming(path))?);
                Ok(SourceContent { oci: Some(image.config().clone()), ..found })
            }
            Self::Stream(stream) => ingest_tar(stream, options, sink).map(tree),
            Self::Tree(path) if std::fs::metadata(path).map_err(unread(path))?.is_dir() => {
                ingest_directory(path, options, sink).map(tree)
            }
            Self::Tree(path) => {
                let file = File::open(path).map_err(unread(path))?;
                ingest_tar(file, options, sink).map(tree).map_err(naming(path))
            }
        }
    }
}

fn ingest_disk(
    path: &Path,
    image: &DiskImage,
    options: &Options<'_>,
    sink: &dyn Sink,
) -> std::result::Result<SourceContent, StoreError> {
    let (what, progress) = (path.to_string_lossy(), options.progress);
    let before = image.modified().map_err(unread(path))?;
    let (map, digest) = disk::ingest_disk(&what, image.disk(), options.algorithm, progress, sink)
        .map_err(naming(path))?;
    if image.modified().map_err(unread(path))? != before {
        return Err(StoreError::Changed(what.into_owned()));
    }
    let boot_modes = image.boot_modes().map_err(unread(path))?;
    let facts = ImageFacts { bytes: map.disk_len(), boot_modes, ..ImageFacts::default() };
    let (findings, limits) = (Vec::new(), Vec::new());
    Ok(SourceContent { digest, kind: "disk", facts, oci: None, findings, limits })
}

fn tree(found: IngestOutcome) -> SourceContent {
    let mut limits = Findings::default();
    store::lint::find_unheld(&found.manifest, &mut limits);
    SourceContent {
        digest: found.digest,
        kind: "tree",
        facts: found.facts,
        oci: None,
        findings: found.findings,
        limits: limits.into_vec(),
    }
}

fn unread(path: &Path) -> impl Fn(std::io::Error) -> StoreError {
    |source| StoreError::Io { action: "read source", path: path.to_owned(), source }
}

/// Adds the source's path to a refusal, because the reader of a stream does not know the path.
fn naming(path: &Path) -> impl Fn(StoreError) -> StoreError {
    |error| match error {
        StoreError::Refused(why) => {
            Refusal::Source { path: path.to_owned(), why: Box::new(why) }.into()
        }
        error => error,
    }
}

/// Returns the container layout that is the only entry of a folder, as in an unpacked archive.
fn only_layout(source: &Path) -> Option<PathBuf> {
    let mut entries = std::fs::read_dir(source).ok()?;
    let inside = entries.next()?.ok()?.path();
    let is_layout = ["oci-layout", "index.json"].iter().all(|name| inside.join(name).is_file());
    (is_layout && entries.next().is_none()).then_some(inside)
}

fn no_container(addition: &Addition) -> PublishError {
    PublishError::new(
        Reason::Argument,
        format!(
            "'{}' is neither a container image nor a plain tar of one, and --platform and --ref apply only to these: leave them out",
            addition.source.display()
        ),
    )
}
