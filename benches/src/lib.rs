//! Code that this crate's benchmark programs share: measuring and ingesting.
#![forbid(unsafe_code)]

pub mod measure;
pub mod times;

use std::path::Path;
use std::sync::Arc;

use store::Store;
use store::ingest::{BatchSink, Exclude, Options, Progress, ingest_directory};
use wire::digest::Algorithm;
use wire::proto::ImageRecord;

/// Ingests a tree into a store as image `name`, durably; creates the store if it is missing.
///
/// # Errors
/// Errors of the store and of reading the tree.
pub fn ingest(store: &Path, tree: &Path, name: &str) -> anyhow::Result<()> {
    let store = Arc::new(Store::open_or_create(store, Algorithm::Sha256)?);
    let batch = store.begin()?;
    let progress = Progress::default();
    let exclude = Exclude::default();
    let options =
        Options { algorithm: Algorithm::Sha256, exclude, cache: None, progress: &progress };
    let found = ingest_directory(tree, &options, &BatchSink::new(&batch))?;
    batch.commit()?;
    let manifest = found.digest.to_string();
    let record = ImageRecord { name: name.to_owned(), manifest, ..ImageRecord::default() };
    store.put_image(&name.parse()?, &record)?;
    Ok(())
}
