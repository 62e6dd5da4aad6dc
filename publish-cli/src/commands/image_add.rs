//! `publish-cli image add`: ingest into an upload.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::json;
use store::StoreError;
use store::finding::Findings;
use store::ingest::oci::{OciImage, Wanted, ingest_oci};
use store::ingest::{
    Exclude, HashOnly, Options, Progress, Sink, disk, ingest_directory, ingest_tar, offer_small,
};
use transfer::upload::Upload;
use wire::Architecture;
use wire::ErrorClass;
use wire::digest::{Algorithm, Digest};
use wire::name::ImageName;
use wire::proto::{ImageFacts, ImageRecord, LintFinding, OciConfig};
use wire::units::{format_count, format_len};

use super::image::{describe_finding, expires_at_ms};
use crate::cli::AddArgs;
use crate::context::Context;
use crate::disk_image::{DiskImage, Opened};
use crate::failure::Failure;

/// What came of adding an image.
#[derive(Debug, Clone)]
pub(super) struct Added {
    pub manifest: String,
    pub kind: String,
    pub inodes: u64,
    pub bytes: u64,
    pub new_objects: u64,
    pub new_bytes: u64,
    pub sent_bytes: u64,
    pub elapsed: Duration,
    pub is_new: bool,
    pub findings: Vec<LintFinding>,
}

/// What only imaged looks for: in files that it has.
const LOOKED_FOR_BY_IMAGED: &str =
    "secrets, and whether it boots (kernels, initial RAM disks, tables of filesystems)";

/// Runs `image add`.
pub(super) fn run(context: &Context, args: &AddArgs) -> anyhow::Result<u8> {
    if args.dry_run {
        let mut found = read(context, args, Algorithm::Sha256)?;
        found.findings.append(&mut found.limits);
        tell_findings(context, &found.findings);
        if args.strict && !found.findings.is_empty() {
            let message = format!("{} has findings, which --strict refuses", args.source.display());
            return Err(Failure::error(ErrorClass::Refused, message));
        }
        let document = json!({
            "name": args.name.as_str(), "manifest": found.digest.to_string(), "kind": found.kind,
            "inodes": found.facts.inodes, "bytes": found.facts.bytes, "dry_run": true,
            "findings": found.findings.len(), "finding_list": finding_list(&found.findings),
            "unknown": [LOOKED_FOR_BY_IMAGED],
        });
        context.output.result(document, || {
            let would = format!("would add {} as {}", args.source.display(), found.digest);
            format!("{would}\nnot known before it is added: {LOOKED_FOR_BY_IMAGED}")
        })?;
        return Ok(0);
    }
    let added = add(context, args, &|_, _| Ok(()))?;
    let document = json!({
        "name": args.name.as_str(),
        "manifest": added.manifest,
        "kind": added.kind,
        "inodes": added.inodes,
        "bytes": added.bytes,
        "new_objects": added.new_objects,
        "new_bytes": added.new_bytes,
        "sent_bytes": added.sent_bytes,
        "elapsed_ms": added.elapsed.as_millis(),
        "is_new": added.is_new,
        "findings": added.findings.len(),
        "finding_list": finding_list(&added.findings),
    });
    tell_findings(context, &added.findings);
    context.output.result(document, || {
        let verb = if added.is_new { "added" } else { "was there already:" };
        let what = match added.kind.as_str() {
            "disk" => format!("a disk of {}", format_len(added.bytes)),
            _ => {
                format!("{} in {}", format_len(added.bytes), format_count(added.inodes, "inode"))
            }
        };
        format!(
            "{verb} {} ({}): {what}, {} new in {}, {} sent, {:.1} s",
            args.name,
            added.manifest,
            format_len(added.new_bytes),
            format_count(added.new_objects, "object"),
            format_len(added.sent_bytes),
            added.elapsed.as_secs_f64()
        )
    })?;
    Ok(0)
}

fn finding_list(findings: &[LintFinding]) -> Vec<serde_json::Value> {
    let json = |finding: &LintFinding| json!({"rule": finding.rule, "path": finding.path, "problem": finding.problem});
    findings.iter().map(json).collect()
}

fn tell_findings(context: &Context, findings: &[LintFinding]) {
    for finding in findings {
        context.output.note(&format!("finding: {}", describe_finding(finding)));
    }
    if !findings.is_empty() {
        let count = format_count(findings.len() as u64, "finding");
        context.output.note(&format!("{count}; --strict refuses them"));
    }
}

/// Adds an image from a source with no other options: for `publish --from` and `quickstart`.
pub(super) fn add_plain(
    context: &Context,
    name: &ImageName,
    source: &Path,
    arch: Option<Architecture>,
    check: Check<'_>,
) -> anyhow::Result<Added> {
    add(context, &plain(name, source, arch), check)
}

/// Judges what an image's content is, by its kind and facts, before there is an image of it.
pub(super) type Check<'a> = &'a dyn Fn(&str, &ImageFacts) -> anyhow::Result<()>;

/// What adding a source would make.
pub(super) struct Rehearsed {
    kind: &'static str,
    facts: ImageFacts,
}

impl Rehearsed {
    /// How a disk would be published; a tree is judged by imaged, which has it then.
    pub(super) fn disk_facts(self) -> Option<ImageFacts> {
        (self.kind == "disk").then_some(self.facts)
    }
}

/// Reads a source as adding it would, and adds nothing.
pub(super) fn rehearse(
    context: &Context,
    name: &ImageName,
    source: &Path,
    arch: Option<Architecture>,
    there: Option<&ImageRecord>,
) -> anyhow::Result<Rehearsed> {
    let args = plain(name, source, arch);
    let known = there.and_then(|record| record.manifest.parse::<Digest>().ok());
    let algorithm = known.map_or(Algorithm::Sha256, |digest| digest.algorithm());
    let found = read(context, &args, algorithm)?;
    if known.is_some_and(|known| known != found.digest) {
        let message = format!(
            "image {name} exists with another manifest: images are immutable, choose another leaf"
        );
        return Err(Failure::error(ErrorClass::Refused, message));
    }
    let mut facts = found.facts;
    if let Some(arch) = arch {
        arch.name().clone_into(&mut facts.architecture);
    }
    Ok(Rehearsed { kind: found.kind, facts })
}

/// Reads a source, and keeps nothing of it.
fn read(context: &Context, args: &AddArgs, algorithm: Algorithm) -> anyhow::Result<Found> {
    let progress = Progress::default();
    let options = Options { algorithm, exclude: exclude(args)?, progress: &progress };
    let source = Source::open(context, args)?;
    watch(context, &progress, || source.ingest(&options, &HashOnly))
}

/// A source with no other options.
fn plain(name: &ImageName, source: &Path, arch: Option<Architecture>) -> AddArgs {
    AddArgs {
        name: name.clone(),
        source: source.to_owned(),
        platform: None,
        reference: None,
        tags: Vec::new(),
        arch,
        exclude_from: None,
        expires_in: None,
        build_log: None,
        release_notes: None,
        strict: false,
        allow_odd_size: false,
        full: false,
        dry_run: false,
    }
}

fn add(context: &Context, args: &AddArgs, check: Check<'_>) -> anyhow::Result<Added> {
    let started = Instant::now();
    let exclude = exclude(args)?;
    let source = Source::open(context, args)?;
    let server = context.imaged()?;
    let runtime = context.runtime.handle().clone();
    let name = args.name.as_str();
    let upload = Upload::begin(&server.address, server.channel.clone(), runtime, name, args.full)?;
    let progress = Progress::default();
    let options = Options { algorithm: upload.algorithm(), exclude, progress: &progress };
    let extra = |what, path: Option<&PathBuf>| -> anyhow::Result<String> {
        let Some(path) = path else {
            return Ok(String::new());
        };
        if !std::fs::metadata(path).is_ok_and(|found| found.is_file()) {
            return Err(Failure::usage(format!("{what} {} is not a file", path.display())));
        }
        let content = std::fs::read(path)
            .map_err(|error| Failure::usage(format!("{what} {}: {error}", path.display())))?;
        let digest = offer_small(what, content, upload.algorithm(), &upload)?;
        Ok(digest.map(|digest: Digest| digest.to_string()).unwrap_or_default())
    };
    let build_log = extra("build log", args.build_log.as_ref())?;
    let release_notes = extra("release notes", args.release_notes.as_ref())?;
    let found = watch(context, &progress, || source.ingest(&options, &upload))?;
    let mut facts = found.facts;
    if let Some(arch) = args.arch {
        arch.name().clone_into(&mut facts.architecture);
    }
    check(found.kind, &facts)?;
    let record = ImageRecord {
        manifest: found.digest.to_string(),
        tags: args.tags.iter().cloned().collect(),
        expires_at_ms: args.expires_in.map(expires_at_ms).unwrap_or_default(),
        facts: Some(facts),
        build_log,
        release_notes,
        oci: found.oci,
        findings: found.findings,
        ..ImageRecord::default()
    };
    let committed = upload.commit(record, args.strict)?;
    let record = committed.record.unwrap_or_default();
    let facts = record.facts.clone().unwrap_or_default();
    if let Some(arch) = args.arch.filter(|arch| arch.name() != facts.architecture) {
        let message = format!(
            "{name} is there already, for {}: add it under another name for {}",
            facts.architecture,
            arch.name()
        );
        return Err(Failure::error(ErrorClass::Refused, message));
    }
    let event = json!({"name": name, "manifest": record.manifest, "is_new": committed.is_new});
    context.output.event("added", event);
    Ok(Added {
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

fn exclude(args: &AddArgs) -> anyhow::Result<Exclude> {
    let Some(path) = &args.exclude_from else {
        return Ok(Exclude::default());
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("exclude file {}: {error}", path.display())))?;
    Exclude::parse(&text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// Where an image's content comes from.
enum Source<'a> {
    Tree(&'a Path),
    /// A tar that can be read once.
    Stream(Box<dyn Read + Send>),
    Disk(&'a Path, DiskImage),
    Oci(&'a Path, Box<OciImage>),
}

/// What ingest made of it.
struct Found {
    digest: Digest,
    kind: &'static str,
    facts: ImageFacts,
    oci: Option<OciConfig>,
    /// What reading it told.
    findings: Vec<LintFinding>,
    /// What volumes cannot hold of it: the server says so itself of what it takes.
    limits: Vec<LintFinding>,
}

impl<'a> Source<'a> {
    fn open(context: &Context, args: &'a AddArgs) -> anyhow::Result<Self> {
        match DiskImage::open(&args.source)? {
            Opened::Disk(image) => Self::open_disk(context, args, image),
            Opened::Other => Self::open_tree(args),
            Opened::Stream(_) if args.platform.is_some() || args.reference.is_some() => {
                Err(no_container(args))
            }
            Opened::Stream(stream) => Ok(Self::Stream(stream)),
        }
    }

    fn open_disk(context: &Context, args: &'a AddArgs, image: DiskImage) -> anyhow::Result<Self> {
        let source = args.source.display();
        let usage =
            |what: &str| Err(Failure::usage(format!("'{source}' is a disk image, which {what}")));
        let (len, padding) = (image.content_len()?, image.padding()?);
        if padding > 0 && !args.allow_odd_size {
            let message = format!(
                "'{source}': the disk has {len} bytes, no multiple of 512: was it cut off? --allow-odd-size of \
                 `image add` adds it with zeros behind it"
            );
            return Err(Failure::error(ErrorClass::Refused, message));
        }
        if let Some((number, end)) = image.cut_off()?.filter(|_| !args.allow_odd_size) {
            let message = format!(
                "'{source}': partition {number} ends at byte {end}, and the disk at {len}: it was cut off; \
                 --allow-odd-size of `image add` adds it all the same"
            );
            return Err(Failure::error(ErrorClass::Refused, message));
        }
        match (args.arch, &args.exclude_from) {
            (None, _) => {
                return usage("does not tell its architecture: add --arch x86_64 or --arch arm64");
            }
            (_, Some(_)) => return usage("is not looked into: --exclude-from is for trees"),
            _ if args.strict => return usage("is not looked into: --strict is for trees"),
            _ => {}
        }
        if let Some((number, end)) = image.cut_off()? {
            context.output.note(&format!(
                "'{source}': partition {number} ends at byte {end}, behind the disk's {len} bytes: the disk is added as it is"
            ));
        }
        if padding > 0 {
            context.output.note(&format!(
                "'{source}': zeros are added behind its {len} bytes, to {}: disks have sectors of 512 bytes",
                len + padding
            ));
        }
        Ok(Self::Disk(&args.source, image))
    }

    fn open_tree(args: &'a AddArgs) -> anyhow::Result<Self> {
        let (platform, reference) = (args.platform.as_ref(), args.reference.as_deref());
        let opened = OciImage::open(&args.source, &Wanted { platform, reference });
        match opened.map_err(naming(&args.source))? {
            Some(image) => Ok(Self::Oci(&args.source, Box::new(image))),
            None if platform.is_some() || reference.is_some() => Err(no_container(args)),
            None => match only_layout(&args.source) {
                Some(inside) => Err(Failure::usage(format!(
                    "'{}' holds a container image in a folder and nothing else: add '{}'",
                    args.source.display(),
                    inside.display()
                ))),
                None => Ok(Self::Tree(&args.source)),
            },
        }
    }

    /// Ingests a disk image, an OCI image, a directory, a tar file, or a tar on standard input.
    fn ingest(self, options: &Options<'_>, sink: &dyn Sink) -> Result<Found, StoreError> {
        let tree = |found: store::ingest::Ingested| {
            let mut limits = Findings::default();
            store::lint::find_unheld(&found.manifest, &mut limits);
            Found {
                digest: found.digest,
                kind: "tree",
                facts: found.facts,
                oci: None,
                findings: found.findings,
                limits: limits.into_vec(),
            }
        };
        let failed = |path: &Path| {
            let path = path.to_owned();
            |error| StoreError::Io { action: "read source", path, source: error }
        };
        match self {
            Self::Disk(path, image) => {
                let (what, progress) = (path.to_string_lossy(), options.progress);
                let before = image.modified().map_err(failed(path))?;
                let (map, digest) =
                    disk::ingest_disk(&what, image.disk(), options.algorithm, progress, sink)
                        .map_err(naming(path))?;
                if image.modified().map_err(failed(path))? != before {
                    return Err(StoreError::Changed(what.into_owned()));
                }
                let boot_modes = image.boot_modes().map_err(failed(path))?;
                let bytes = map.disk_len();
                let facts = ImageFacts { bytes, boot_modes, ..ImageFacts::default() };
                let (findings, limits) = (Vec::new(), Vec::new());
                Ok(Found { digest, kind: "disk", facts, oci: None, findings, limits })
            }
            Self::Oci(path, image) => {
                let found = tree(ingest_oci(&image, options, sink).map_err(naming(path))?);
                Ok(Found { oci: Some(image.config().clone()), ..found })
            }
            Self::Stream(stream) => ingest_tar(stream, options, sink).map(tree),
            Self::Tree(path) if std::fs::metadata(path).map_err(failed(path))?.is_dir() => {
                ingest_directory(path, options, sink).map(tree)
            }
            Self::Tree(path) => {
                let file = std::fs::File::open(path).map_err(failed(path))?;
                ingest_tar(file, options, sink).map(tree).map_err(naming(path))
            }
        }
    }
}

/// Names the source in what refuses it: who reads a stream does not know its name.
fn naming(path: &Path) -> impl Fn(StoreError) -> StoreError {
    |error| match error {
        StoreError::Refused(why) => StoreError::Refused(format!("'{}': {why}", path.display())),
        error => error,
    }
}

/// The layout that is all that a folder holds, as where an archive of one was unpacked.
fn only_layout(source: &Path) -> Option<PathBuf> {
    let mut entries = std::fs::read_dir(source).ok()?;
    let inside = entries.next()?.ok()?.path();
    let is_layout = ["oci-layout", "index.json"].iter().all(|name| inside.join(name).is_file());
    (is_layout && entries.next().is_none()).then_some(inside)
}

fn no_container(args: &AddArgs) -> anyhow::Error {
    Failure::usage(format!(
        "'{}' is no container image, nor a plain tar of one: --platform and --ref are for these",
        args.source.display()
    ))
}

/// Shows progress while ingest runs.
fn watch<T: Send>(
    context: &Context,
    progress: &Progress,
    work: impl FnOnce() -> Result<T, StoreError> + Send,
) -> anyhow::Result<T> {
    let shown = context.output.progress("reading");
    let (done, finished) = std::sync::mpsc::channel::<()>();
    let result = std::thread::scope(|scope| {
        let shown = &shown;
        scope.spawn(move || {
            let every = Duration::from_millis(100);
            while finished.recv_timeout(every) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                shown.update("reading", progress.bytes.load(Ordering::Relaxed), 0, true);
            }
        });
        let result = work();
        drop(done);
        result
    });
    Ok(result?)
}
