//! Ingest: turns a tree into a manifest and objects.
//!
//! ```text
//!  directory walk ─┐                       ┌─ worker: open, read, hash ─▶ sink: compress, put
//!                  ├─▶ tree of inodes      │
//!  tar stream ─────┘   + bounded queue ────┴─ worker …
//!                              └──────────────▶ manifest, encoded when all digests are known
//! ```
//!
//! One thread walks the directory or parses the tar, and builds the tree; workers read, hash and
//! compress. The queue bounds memory: [`workers::QUEUE_LEN`] pieces of at most 1 MiB, whatever the
//! size of a file. Files above 1 MiB are cut into frames of 256 KiB. Each frame is an object of its
//! own, and the store may hold it already. All workers share the work on the frames of one file.
//!
//! The result depends on the tree alone: not on the order of reading, nor on whether the tree came
//! as a directory, a tar, or layers of an OCI image ([`oci`]). Content that Linux cannot hold is
//! left out or repaired, in the same way for every source; wherever something is lost, there is a
//! finding (`repair`).

pub mod cache;
mod compression;
mod decompress;
mod directory;
pub mod disk;
mod exclude;
mod facts;
pub mod oci;
pub mod recognise;
mod repair;
mod sink;
mod sparse_file;
mod tar;
mod workers;

use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::AtomicU64;

use wire::digest::{Algorithm, Digest};
use wire::manifest::{Manifest, segments};
use wire::object::FrameList;
use wire::proto::{ImageFacts, LintFinding};
use wire::units::OBJECT_WHOLE_LEN_MAX;

pub use directory::{FoundFile, KnownInode, Visitor, walk};
pub use exclude::Exclude;
pub use sink::{BatchSink, HashOnly, Sink, SinkObject};
pub use workers::QUEUE_LEN;

use crate::Refusal;
use crate::codec::Encoder;
use crate::error::StoreError;
use crate::finding::Findings;

/// Settings of one ingest.
#[derive(Debug)]
pub struct Options<'a> {
    /// Algorithm of all digests; must be that of the target store.
    pub algorithm: Algorithm,
    /// Patterns of paths to leave out.
    pub exclude: Exclude,
    /// What the files of a directory held when they were last read; `None`: all are read.
    pub cache: Option<&'a cache::IngestCache>,
    /// Counters that another thread may read while ingest runs.
    pub progress: &'a Progress,
}

/// Counters that a running ingest raises, for another thread to show.
#[derive(Debug, Default)]
pub struct Progress {
    /// Inodes found so far.
    pub inodes: AtomicU64,
    /// Bytes of content read and hashed so far.
    pub bytes: AtomicU64,
}

/// The image that ingest made from a tree. The caller must still commit the objects and record the
/// image.
#[derive(Debug)]
pub struct IngestOutcome {
    /// The manifest of the tree; its bytes went to the sink too, as segments.
    pub manifest: Manifest,
    /// Digest of the manifest, which names the image.
    pub digest: Digest,
    /// Facts read from the content: architecture, distribution, counts.
    pub facts: ImageFacts,
    /// Findings on content that was left out, repaired or read in an unusual way.
    pub findings: Vec<LintFinding>,
}

/// Ingests a directory. A mount point below the directory is refused unless it is excluded.
///
/// # Errors
/// [`StoreError::Changed`] for a file that changes during the ingest; [`StoreError::Refused`] for
/// entries that an image cannot hold; errors of reading and of the sink.
pub fn ingest_directory(
    path: &Path,
    options: &Options<'_>,
    sink: &dyn Sink,
) -> Result<IngestOutcome, StoreError> {
    let root = sysio::Dir::open(path).map_err(StoreError::io("open source", path))?;
    let read =
        workers::run_in(&root, options, sink, |workers| walk(&root, &options.exclude, workers))?;
    finish(read, Findings::default(), options.algorithm, sink)
}

/// Ingests a tar, plain or compressed with gzip, zstd, xz, bzip2 or lz4; its first bytes show which
/// compression it has ([`recognise`]).
///
/// # Errors
/// [`StoreError::Refused`] for a damaged or truncated tar, and for a member that an image cannot
/// hold, with the member's name; errors of reading and of the sink.
pub fn ingest_tar(
    source: impl Read,
    options: &Options<'_>,
    sink: &dyn Sink,
) -> Result<IngestOutcome, StoreError> {
    let mut findings = Findings::default();
    let read = workers::run(options, sink, |workers| {
        tar::parse(decompress::open(source)?, options, workers, &mut findings)
    })?;
    finish(read, findings, options.algorithm, sink)
}

/// Ingests a stack of tars with whiteouts, such as the layers of an OCI image, from the lowest up.
/// A tar without members changes nothing.
///
/// # Errors
/// As [`ingest_tar`], except that a tar without members is no error.
pub fn ingest_layers(
    layers: &mut dyn Iterator<Item = Box<dyn Read + '_>>,
    options: &Options<'_>,
    sink: &dyn Sink,
) -> Result<IngestOutcome, StoreError> {
    let mut findings = Findings::default();
    let read = workers::run(options, sink, |workers| {
        let mut tree = tar::Layered::new(workers, &mut findings);
        for layer in layers {
            tree.lay(decompress::open(layer)?, options)?;
        }
        Ok(tree.into_tree())
    })?;
    finish(read, findings, options.algorithm, sink)
}

/// Repairs or removes entries that Linux cannot hold, encodes the manifest, and offers it to the
/// sink.
fn finish(
    read: workers::IngestedTree,
    mut findings: Findings,
    algorithm: Algorithm,
    sink: &dyn Sink,
) -> Result<IngestOutcome, StoreError> {
    let workers::IngestedTree { tree, mut facts, accounts } = read;
    let mut tree = tree.pruned();
    repair::repair(&mut tree, &accounts, &mut findings)?;
    let manifest = tree.encode(algorithm)?;
    facts.inodes = manifest.inode_count().into();
    facts.bytes = manifest.header().content_len;
    let digest = manifest.digest();
    offer_pieces(manifest.bytes(), segments::segments(manifest.bytes()), digest, sink)?;
    sink.finish()?;
    Ok(IngestOutcome { manifest, digest, facts, findings: findings.into_vec() })
}

/// Offers a manifest's or block map's bytes in pieces, and then the list of the pieces under
/// `digest`.
fn offer_pieces(
    bytes: &[u8],
    pieces: Vec<Range<usize>>,
    digest: Digest,
    sink: &dyn Sink,
) -> Result<(), StoreError> {
    let mut encoder = Encoder::new()?;
    let mut list = FrameList { frames: Vec::new() };
    for range in pieces {
        let mut content = bytes[range].to_vec();
        let len = content.len() as u32;
        let piece = digest.algorithm().digest(&content);
        list.frames.push((piece, len));
        sink.offer(SinkObject::Data { digest: piece, content: &mut content }, &mut encoder)?;
    }
    // A single piece already has `digest` as its name, so it needs no list.
    if list.frames.len() > 1 {
        sink.offer(SinkObject::List { digest, list }, &mut encoder)?;
    }
    Ok(())
}

/// Offers content in memory as one object, and returns its digest; `None` for empty content, which
/// needs no object. `what` names the content in errors.
///
/// # Errors
/// [`StoreError::Refused`] above 1 MiB; errors of the sink.
pub fn offer_small(
    what: &str,
    mut content: Vec<u8>,
    algorithm: Algorithm,
    sink: &dyn Sink,
) -> Result<Option<Digest>, StoreError> {
    if content.is_empty() {
        return Ok(None);
    }
    if content.len() > OBJECT_WHOLE_LEN_MAX {
        let (what, len, max) = (what.to_owned(), content.len(), OBJECT_WHOLE_LEN_MAX);
        return Err(Refusal::SmallObjectTooLong { what, len, max }.into());
    }
    let digest = algorithm.digest(&content);
    sink.offer(SinkObject::Data { digest, content: &mut content }, &mut Encoder::new()?)?;
    Ok(Some(digest))
}
