//! The record of an image, shown as `.imprint.json` in its root.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use wire::document::ImageDocument;
use wire::name::ImageName;

use super::super::objects::Objects;
use crate::MountError;

/// Name of the file. If the image itself has a file of this name, the mount shows that file instead.
pub const NAME: &[u8] = b".imprint.json";

/// Age from which a record is read again, because tags and expiry change.
const AGE_MAX: Duration = Duration::from_secs(1);

/// Bytes of memory for records; one takes 1 to 100 KiB.
const MEMORY_LEN: u64 = 4 << 20;

/// A record as text.
#[derive(Debug)]
pub struct Document {
    /// The record as JSON, with a newline at its end.
    pub bytes: Vec<u8>,
    /// Time at which this text was first seen. This time is the file's mtime, from which the kernel learns that its
    /// pages of the file are out of date.
    pub since: SystemTime,
    read: Instant,
}

#[derive(Clone, Debug)]
struct DocumentLen;

impl Weighter<u32, Arc<Document>> for DocumentLen {
    fn weight(&self, _: &u32, document: &Arc<Document>) -> u64 {
        256 + document.bytes.len() as u64
    }
}

/// Records that were read, in bounded memory.
#[derive(Debug)]
pub struct Documents {
    objects: Arc<Objects>,
    known: Cache<u32, Arc<Document>, DocumentLen>,
}

impl Documents {
    /// Begins with no record in memory.
    pub fn new(objects: Arc<Objects>) -> Self {
        Self { objects, known: Cache::with_weighter(1024, MEMORY_LEN, DocumentLen) }
    }

    /// Returns the record of an image, given by ordinal and name. The record is at most a second old, or the last known
    /// record if no newer one can be read.
    ///
    /// # Errors
    /// If no earlier record is known: errors of the store and of imaged, or an image that is gone.
    pub fn get(&self, ordinal: u32, name: &ImageName) -> Result<Arc<Document>, MountError> {
        let last = self.known.get(&ordinal);
        if let Some(last) = last.as_ref().filter(|last| last.read.elapsed() < AGE_MAX) {
            return Ok(Arc::clone(last));
        }
        let record = match (self.objects.record(name), &last) {
            (Ok(record), _) => record,
            // The image is gone or imaged does not answer: show the last known record.
            (Err(_), Some(last)) => return Ok(Arc::clone(last)),
            (Err(error), None) => return Err(error),
        };
        let mut bytes = serde_json::to_value(ImageDocument::from(&record))
            .and_then(|document| serde_json::to_vec_pretty(&document))
            .map_err(|error| MountError::Record(name.clone(), error))?;
        bytes.push(b'\n');
        let same = last.filter(|last| last.bytes == bytes);
        let since = same.map_or_else(SystemTime::now, |last| last.since);
        let document = Arc::new(Document { bytes, since, read: Instant::now() });
        self.known.insert(ordinal, Arc::clone(&document));
        Ok(document)
    }
}
