//! Adding an image: reads the source once, and sends the objects that imaged lacks.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use store::StoreError;
use store::ingest::cache::IngestCache;
use store::ingest::{Exclude, HashOnly, Options, Progress as Reading, offer_small};
use sysio::clock::now_ms;
use transfer::upload::Upload;
use wire::ErrorClass;
use wire::digest::{Algorithm, Digest};
use wire::proto::{ImageFacts, ImageRecord, LintFinding};

pub use crate::addition::Addition;
use crate::client::Client;
use crate::error::{PublishError, Reason, Result};
use crate::image_source::{ImageSource, SourceContent};
use crate::observer::{Observer, Progress, Silent};

/// Interval of progress reports while reading.
const TELL: Duration = Duration::from_millis(100);

/// Limit on uploads for one image: when imaged restarts, it forgets the current upload, and another begins.
const UPLOADS_MAX: u32 = 5;

/// Limit on the wait for a restarted imaged to accept another upload.
const AWAY_MAX: Duration = Duration::from_secs(60);

/// Pause between attempts to begin another upload.
const PAUSE: Duration = Duration::from_secs(1);

/// An image that was added, or that imaged already had.
#[derive(Clone, Debug)]
pub struct AddedImage {
    /// Digest of the image's manifest or block map, as text.
    pub manifest: String,
    /// `tree` or `disk`.
    pub kind: String,
    /// Number of a tree's inodes; 0 for a disk.
    pub inodes: u64,
    /// Length of the content in bytes.
    pub bytes: u64,
    /// Number of objects that imaged did not have.
    pub new_objects: u64,
    /// Length of the new objects as stored, in bytes.
    pub new_bytes: u64,
    /// Payload bytes sent in the last upload: compressed, without offers and proofs.
    pub sent_bytes: u64,
    /// Duration of the addition, including all uploads.
    pub elapsed: Duration,
    /// `false` if imaged already had the same image under this name.
    pub is_new: bool,
    /// Findings made by imaged, and findings made while reading the source.
    pub findings: Vec<LintFinding>,
}

/// Forecast of an addition: the image that the source would become.
#[derive(Clone, Debug)]
pub struct AdditionForecast {
    /// Digest of the manifest or the block map. It is a SHA-256, with one exception: if the image already exists, the
    /// dry run of a publication uses that image's algorithm.
    pub manifest: Digest,
    /// `tree` or `disk`.
    pub kind: &'static str,
    /// Facts learned by reading. Only imaged finds out whether a tree boots, so that fact is missing.
    pub facts: ImageFacts,
    /// Findings, except those that only imaged can make.
    pub findings: Vec<LintFinding>,
}

/// Checks an image before the image is committed; called with its kind (`tree` or `disk`) and its facts.
pub(crate) type Check<'a> = &'a dyn Fn(&str, &ImageFacts) -> Result<()>;

/// Adds an image. Content that was sent before an interruption is not sent again. If imaged restarts meanwhile, the
/// upload starts again by itself, unless the source is a stream.
///
/// # Example
/// ```no_run
/// # let runtime = tokio::runtime::Runtime::new()?;
/// # let addresses = publisher::Addresses { imaged: None, unpackd: None };
/// # let tls = rpc::tls::TlsDir::load("/etc/imprint/pki/publish".as_ref())?;
/// # let silent = std::sync::Arc::new(publisher::Silent);
/// # let client = publisher::Client::new(addresses, tls, runtime.handle().clone(), silent);
/// use publisher::{Addition, add};
///
/// let addition = Addition::new("base/debian-12/1".parse()?, "./rootfs");
/// let added = add::add(&client, &addition)?;
/// assert!(added.is_new, "the name held this image before");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Durability
/// Once this returns, the image survives a crash of imaged's machine.
///
/// # Errors
/// [`Reason::Source`] or [`Reason::Argument`] for a source that cannot become an image; [`Reason::ImageDiffers`] if the
/// name holds another image; [`Reason::Transfer`] or [`Reason::Call`] if imaged refuses or does not answer;
/// [`Reason::Store`] for an error of reading.
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
        match send(client, addition, source, &upload, check, started) {
            Ok(added) => return Ok(added),
            Err(error) if is_wrong_cache(&error) && left > 0 => {
                left -= 1;
                observer.note(&format!("everything is read again: {}", error.chain()));
                source = ImageSource::open(addition, &Silent)?;
            }
            Err(error)
                if error.class() == ErrorClass::Unavailable && can_read_again && left > 0 =>
            {
                left -= 1;
                let why = error.chain();
                observer.note(&format!(
                    "the upload failed and begins again ({why}); imaged keeps the objects that it has"
                ));
                upload = begin_again(client, addition)?;
                // The observer got the source's notes when the source was first opened: do not repeat them.
                source = ImageSource::open(addition, &Silent)?;
            }
            Err(error) => return Err(error),
        }
    }
}

fn begin(client: &Client, addition: &Addition) -> Result<Upload> {
    Ok(Upload::begin(client.remote()?, addition.name.as_str(), addition.full)?)
}

/// Starts another upload, and waits up to [`AWAY_MAX`] for imaged to return.
fn begin_again(client: &Client, addition: &Addition) -> Result<Upload> {
    let lost = Instant::now();
    loop {
        match begin(client, addition) {
            Err(error) if error.class() == ErrorClass::Unavailable && lost.elapsed() < AWAY_MAX => {
                client.observer().waiting(&error.chain());
                std::thread::park_timeout(PAUSE);
            }
            begun => return begun,
        }
    }
}

/// Reads the source, sends the objects that imaged lacks, and commits the image.
fn send(
    client: &Client,
    addition: &Addition,
    source: ImageSource<'_>,
    upload: &Upload,
    check: Check<'_>,
    started: Instant,
) -> Result<AddedImage> {
    let reading = Reading::default();
    let (algorithm, exclude) = (upload.algorithm(), exclude(addition)?);
    let cache = cache_of(addition, &source, algorithm);
    let options = Options { algorithm, exclude, cache: cache.as_ref(), progress: &reading };
    let build_log = attached("build log", addition.build_log.as_deref(), upload)?;
    let release_notes = attached("release notes", addition.release_notes.as_deref(), upload)?;
    let found = watch(client.observer().as_ref(), &reading, || source.ingest(&options, upload));
    let found = with_cache(cache.as_ref(), client.observer().as_ref(), found)?;
    let mut facts = found.facts;
    if let Some(architecture) = addition.architecture {
        architecture.name().clone_into(&mut facts.architecture);
    }
    check(found.kind, &facts)?;
    let mut record = ImageRecord {
        name: addition.name.to_string(),
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
    // Signed last: imaged compares the time of the signature with its clock.
    record.signature = Some(client.tls().sign_image(&record, now_ms())?);
    let committed = upload.commit(record, addition.strict)?;
    let record = committed.record.clone().unwrap_or_default();
    let facts = record.facts.clone().unwrap_or_default();
    if let Some(wanted) = addition.architecture.filter(|it| it.name() != facts.architecture) {
        let message = format!(
            "{} exists already, for {}: add the image under another name for {}",
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
        elapsed: started.elapsed(),
        is_new: committed.is_new,
        findings: record.findings,
    })
}

/// Reads a source as [`add`] does, without contacting imaged. Findings are returned even if the addition is strict.
///
/// # Errors
/// As [`add`], except those from imaged.
pub fn forecast(addition: &Addition, observer: &dyn Observer) -> Result<AdditionForecast> {
    let mut found = read(addition, Algorithm::Sha256, observer)?;
    found.findings.append(&mut found.limits);
    let SourceContent { digest: manifest, kind, facts, findings, .. } = found;
    Ok(AdditionForecast { manifest, kind, facts, findings })
}

/// Reads a source without adding it. If the image already exists, the source must have the same content.
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

/// Reads and hashes a source without keeping its content.
fn read(
    addition: &Addition,
    algorithm: Algorithm,
    observer: &dyn Observer,
) -> Result<SourceContent> {
    let reading = Reading::default();
    let source = ImageSource::open(addition, observer)?;
    let cache = cache_of(addition, &source, algorithm);
    let exclude = exclude(addition)?;
    let options = Options { algorithm, exclude, cache: cache.as_ref(), progress: &reading };
    let found = watch(observer, &reading, || source.ingest(&options, &HashOnly));
    with_cache(cache.as_ref(), observer, found)
}

/// Opens the cache of a directory; `None` for other sources, and where the cache cannot be used.
fn cache_of(
    addition: &Addition,
    source: &ImageSource<'_>,
    algorithm: Algorithm,
) -> Option<IngestCache> {
    let (folder, path) = (addition.cache.as_deref()?, source.directory()?);
    IngestCache::open(folder, path, algorithm).ok()
}

/// Saves the cache after a source was read, and removes a cache that was wrong.
fn with_cache<T>(
    cache: Option<&IngestCache>,
    observer: &dyn Observer,
    found: Result<T>,
) -> Result<T> {
    let Some(cache) = cache else { return found };
    let kept = match &found {
        Ok(_) => cache.save(),
        Err(error) if is_wrong_cache(error) => cache.forget(),
        Err(_) => Ok(()),
    };
    if let Err(error) = kept {
        observer.note(&format!(
            "the ingest cache was not written, the next addition reads all: {error}"
        ));
    }
    found
}

fn is_wrong_cache(error: &PublishError) -> bool {
    matches!(error.store(), Some(StoreError::WrongCache(_)))
}

/// Sends a file to keep with the image, and returns the file's digest. Returns an empty string if there is no file, or
/// if the file is empty.
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
    let text = std::fs::read_to_string(path).map_err(|error| {
        refused(format!("the exclude file {} cannot be read: {error}", path.display()))
    })?;
    Exclude::parse(&text).map_err(|error| refused(format!("{}: {error}", path.display())))
}

/// Converts a time to live to a time of expiry, in milliseconds since the epoch; never 0, which means "never".
pub fn expires_at_ms(after: Duration) -> i64 {
    let after = i64::try_from(after.as_millis()).unwrap_or(i64::MAX);
    now_ms().saturating_add(after).max(1)
}

/// Runs `work`, and reports the progress of reading meanwhile.
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
