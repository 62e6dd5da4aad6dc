//! Adding an image: a source is read once, and what imaged lacks of it is sent.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use store::StoreError;
use store::ingest::oci::Platform;
use store::ingest::{Exclude, HashOnly, Options, Progress as Reading, offer_small};
use sysio::clock::now_ms;
use transfer::upload::Upload;
use wire::digest::{Algorithm, Digest};
use wire::name::ImageName;
use wire::proto::{ImageFacts, ImageRecord, LintFinding};
use wire::{Architecture, ErrorClass};

use crate::client::Client;
use crate::error::{PublishError, Reason, Result};
use crate::image_source::{ImageSource, SourceContent};
use crate::observer::{Observer, Progress};

/// How often the observer is told how far reading is.
const TELL: Duration = Duration::from_millis(100);

/// Uploads of one image at most: imaged may be started anew in the middle of one, and forgets it then.
const UPLOADS_MAX: u32 = 5;

/// How long imaged may be away before an upload begins again, and how often that is tried.
const AWAY_MAX: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_secs(1);

/// An image to be added, and from where.
#[derive(Clone, Debug)]
pub struct Addition {
    /// Its name.
    pub name: ImageName,
    /// A directory, a tar, a layout of a container image or an archive of one, or a disk image: a file, a block device,
    /// or `-` for standard input.
    pub source: PathBuf,
    /// Which image of a layout: for this platform.
    pub platform: Option<Platform>,
    /// Which image of a layout: of this name.
    pub reference: Option<String>,
    /// Tags of the image.
    pub tags: Vec<(String, String)>,
    /// The architecture, where the content does not tell: of every disk image.
    pub architecture: Option<Architecture>,
    /// A file of patterns of what is left out.
    pub exclude_from: Option<PathBuf>,
    /// After how long imaged removes it.
    pub expires_in: Option<Duration>,
    /// A file that is kept with the image: the log of its build.
    pub build_log: Option<PathBuf>,
    /// A file that is kept with the image: its release notes.
    pub release_notes: Option<PathBuf>,
    /// Refuse what has a finding.
    pub strict: bool,
    /// Take a disk that was cut off, or whose length is no multiple of 512.
    pub allow_odd_size: bool,
    /// Send every byte, and have it compared with what imaged has.
    pub full: bool,
}

impl Addition {
    /// An image from a source, with no other options.
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
        }
    }
}

/// An image that imaged has.
#[derive(Clone, Debug)]
pub struct AddedImage {
    /// What its content is, by digest: a manifest's, or a block map's.
    pub manifest: String,
    /// `tree` or `disk`.
    pub kind: String,
    /// Inodes of a tree.
    pub inodes: u64,
    /// Bytes of its content.
    pub bytes: u64,
    /// Objects that imaged did not have.
    pub new_objects: u64,
    /// Bytes of those, as they are stored.
    pub new_bytes: u64,
    /// Bytes that were sent.
    pub sent_bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// Whether the image is new: the same image may be added again.
    pub is_new: bool,
    /// What imaged, or reading it, found.
    pub findings: Vec<LintFinding>,
}

/// What adding a source would make.
#[derive(Clone, Debug)]
pub struct AdditionForecast {
    /// What its content is, by digest.
    pub manifest: Digest,
    /// `tree` or `disk`.
    pub kind: &'static str,
    /// What reading it told. Whether a tree boots is known to imaged alone, which has its files then.
    pub facts: ImageFacts,
    /// What was found, as far as imaged is not needed for it.
    pub findings: Vec<LintFinding>,
}

/// Judges what an image's content is, by its kind and facts, before there is an image of it.
pub(crate) type Check<'a> = &'a dyn Fn(&str, &ImageFacts) -> Result<()>;

/// Adds an image. What was sent before an interruption is not sent again; where imaged is started anew meanwhile, the
/// upload begins again by itself, unless the source is a stream.
///
/// # Durability
/// The image survives a crash of imaged's machine once this returned.
///
/// # Errors
/// [`Reason::Source`], [`Reason::Argument`]: the source; [`Reason::ImageDiffers`]: the name is used up;
/// [`Reason::Transfer`], [`Reason::Call`]: imaged; [`Reason::Store`]: reading.
pub fn add(client: &Client, addition: &Addition) -> Result<AddedImage> {
    add_checked(client, addition, &|_, _| Ok(()))
}

pub(crate) fn add_checked(
    client: &Client,
    addition: &Addition,
    check: Check<'_>,
) -> Result<AddedImage> {
    let started = Instant::now();
    let observer = client.observer().as_ref();
    let mut source = ImageSource::open(addition, observer)?;
    let mut upload = begin(client, addition)?;
    let mut left = UPLOADS_MAX - 1;
    loop {
        let can_read_again = !matches!(source, ImageSource::Stream(_));
        match send(client, addition, source, &upload, check) {
            Ok(added) => return Ok(AddedImage { elapsed: started.elapsed(), ..added }),
            Err(error)
                if error.class() == ErrorClass::Unavailable && can_read_again && left > 0 =>
            {
                left -= 1;
                let why = error.chain();
                observer.note(&format!("the upload begins again, what was sent is kept: {why}"));
                upload = begin_again(client, addition)?;
                source = ImageSource::open(addition, observer)?;
            }
            Err(error) => return Err(error),
        }
    }
}

fn begin(client: &Client, addition: &Addition) -> Result<Upload> {
    let imaged = client.imaged()?;
    let (runtime, name) = (client.runtime().clone(), addition.name.as_str());
    Ok(Upload::begin(&imaged.address, imaged.channel.clone(), runtime, name, addition.full)?)
}

/// Begins an upload once imaged is there again.
fn begin_again(client: &Client, addition: &Addition) -> Result<Upload> {
    let lost = Instant::now();
    loop {
        match begin(client, addition) {
            Err(error) if error.class() == ErrorClass::Unavailable && lost.elapsed() < AWAY_MAX => {
                client.observer().waiting(&error.chain());
                client.runtime().block_on(tokio::time::sleep(PAUSE));
            }
            begun => return begun,
        }
    }
}

/// Reads the source, sends what imaged lacks, and commits the image.
fn send(
    client: &Client,
    addition: &Addition,
    source: ImageSource<'_>,
    upload: &Upload,
    check: Check<'_>,
) -> Result<AddedImage> {
    let reading = Reading::default();
    let (algorithm, exclude) = (upload.algorithm(), exclude(addition)?);
    let options = Options { algorithm, exclude, progress: &reading };
    let build_log = attached("build log", addition.build_log.as_deref(), upload)?;
    let release_notes = attached("release notes", addition.release_notes.as_deref(), upload)?;
    let found = watch(client.observer().as_ref(), &reading, || source.ingest(&options, upload))?;
    let mut facts = found.facts;
    if let Some(architecture) = addition.architecture {
        architecture.name().clone_into(&mut facts.architecture);
    }
    check(found.kind, &facts)?;
    let record = ImageRecord {
        manifest: found.digest.to_string(),
        tags: addition.tags.iter().cloned().collect(),
        expires_at_ms: addition.expires_in.map(expires_at_ms).unwrap_or_default(),
        facts: Some(facts),
        build_log,
        release_notes,
        oci: found.oci,
        findings: found.findings,
        ..ImageRecord::default()
    };
    let committed = upload.commit(record, addition.strict)?;
    let record = committed.record.clone().unwrap_or_default();
    let facts = record.facts.clone().unwrap_or_default();
    if let Some(wanted) = addition.architecture.filter(|it| it.name() != facts.architecture) {
        let message = format!(
            "{} is there already, for {}: add it under another name for {}",
            addition.name,
            facts.architecture,
            wanted.name()
        );
        return Err(PublishError::new(Reason::ImageDiffers, message));
    }
    client.observer().added(&committed);
    Ok(AddedImage {
        manifest: record.manifest,
        kind: record.kind,
        inodes: facts.inodes,
        bytes: facts.bytes,
        new_objects: committed.new_objects,
        new_bytes: committed.new_bytes,
        sent_bytes: upload.sent_bytes(),
        elapsed: Duration::ZERO,
        is_new: committed.is_new,
        findings: record.findings,
    })
}

/// Reads a source as adding it would, and adds nothing. Findings are returned even where the addition is strict.
///
/// # Errors
/// As [`add`], as far as imaged is not needed.
pub fn forecast(addition: &Addition, observer: &dyn Observer) -> Result<AdditionForecast> {
    let mut found = read(addition, Algorithm::Sha256, observer)?;
    found.findings.append(&mut found.limits);
    let SourceContent { digest: manifest, kind, facts, findings, .. } = found;
    Ok(AdditionForecast { manifest, kind, facts, findings })
}

/// Reads a source that may be there as an image already: then it must be the same.
pub(crate) fn rehearse(
    addition: &Addition,
    there: Option<&ImageRecord>,
    observer: &dyn Observer,
) -> Result<AdditionForecast> {
    let known = there.and_then(|record| record.manifest.parse::<Digest>().ok());
    let algorithm = known.map_or(Algorithm::Sha256, |digest| digest.algorithm());
    let found = read(addition, algorithm, observer)?;
    if known.is_some_and(|known| known != found.digest) {
        let message = format!(
            "image {} exists with another manifest: images are immutable, choose another leaf",
            addition.name
        );
        return Err(PublishError::new(Reason::ImageDiffers, message));
    }
    let mut facts = found.facts;
    if let Some(architecture) = addition.architecture {
        architecture.name().clone_into(&mut facts.architecture);
    }
    let (manifest, findings) = (found.digest, found.findings);
    Ok(AdditionForecast { manifest, kind: found.kind, facts, findings })
}

/// Reads a source, and keeps nothing of it.
fn read(
    addition: &Addition,
    algorithm: Algorithm,
    observer: &dyn Observer,
) -> Result<SourceContent> {
    let reading = Reading::default();
    let options = Options { algorithm, exclude: exclude(addition)?, progress: &reading };
    let source = ImageSource::open(addition, observer)?;
    watch(observer, &reading, || source.ingest(&options, &HashOnly))
}

/// Sends a file that is kept with the image; returns its digest, or nothing where there is none.
fn attached(what: &str, path: Option<&Path>, upload: &Upload) -> Result<String> {
    let Some(path) = path else { return Ok(String::new()) };
    let refused = |why: &dyn std::fmt::Display| {
        PublishError::new(Reason::Argument, format!("{what} {}{why}", path.display()))
    };
    if !std::fs::metadata(path).is_ok_and(|found| found.is_file()) {
        return Err(refused(&" is not a file"));
    }
    let content = std::fs::read(path).map_err(|error| refused(&format!(": {error}")))?;
    let digest = offer_small(what, content, upload.algorithm(), upload)?;
    Ok(digest.map(|digest: Digest| digest.to_string()).unwrap_or_default())
}

fn exclude(addition: &Addition) -> Result<Exclude> {
    let Some(path) = &addition.exclude_from else { return Ok(Exclude::default()) };
    let refused = |what: String| PublishError::new(Reason::Argument, what);
    let text = std::fs::read_to_string(path)
        .map_err(|error| refused(format!("exclude file {}: {error}", path.display())))?;
    Exclude::parse(&text).map_err(|error| refused(format!("{}: {error}", path.display())))
}

/// When something expires that is to stay for so long, in milliseconds since the epoch.
pub fn expires_at_ms(after: Duration) -> i64 {
    let after = i64::try_from(after.as_millis()).unwrap_or(i64::MAX);
    now_ms().saturating_add(after).max(1)
}

/// Tells the observer how far reading is while it goes on.
fn watch<T: Send>(
    observer: &dyn Observer,
    reading: &Reading,
    work: impl FnOnce() -> std::result::Result<T, StoreError> + Send,
) -> Result<T> {
    let shown = observer.activity("reading");
    let (done, finished) = std::sync::mpsc::channel::<()>();
    let result = std::thread::scope(|scope| {
        let shown = &shown;
        scope.spawn(move || {
            while finished.recv_timeout(TELL) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                let done = reading.bytes.load(Ordering::Relaxed);
                shown.update(Progress { phase: "reading", done, total: 0, is_bytes: true });
            }
        });
        let result = work();
        drop(done);
        result
    });
    Ok(result?)
}
