//! What we write about an image: its record, as `.imprint.json` in its root.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use wire::document::ImageDocument;
use wire::name::ImageName;

use super::super::objects::Objects;
use crate::MountError;

/// Its name. An image that has such a file itself shows that one.
pub const NAME: &[u8] = b".imprint.json";

/// How old a record may be: tags and expiry change.
const AGE_MAX: Duration = Duration::from_secs(1);

/// Memory for records; one is of 1 to 100 KiB.
const MEMORY_LEN: u64 = 4 << 20;

/// A record, written.
#[derive(Debug)]
pub struct Document {
    /// As JSON.
    pub bytes: Vec<u8>,
    /// When it was seen to be so: the file's time, by which the kernel knows that pages are out of date.
    pub since: SystemTime,
    read: Instant,
}

#[derive(Clone, Debug)]
struct ByLen;

impl Weighter<u32, Arc<Document>> for ByLen {
    fn weight(&self, _: &u32, document: &Arc<Document>) -> u64 {
        256 + document.bytes.len() as u64
    }
}

/// Records that were looked at, in bounded memory.
#[derive(Debug)]
pub struct Documents {
    objects: Arc<Objects>,
    known: Cache<u32, Arc<Document>, ByLen>,
}

impl Documents {
    /// Begins with none.
    pub fn new(objects: Arc<Objects>) -> Self {
        Self { objects, known: Cache::with_weighter(1024, MEMORY_LEN, ByLen) }
    }

    /// Returns the record of an image by its ordinal and name.
    ///
    /// # Errors
    /// Errors of the store and of imaged; an image that is gone.
    pub fn get(&self, ordinal: u32, name: &ImageName) -> Result<Arc<Document>, MountError> {
        let last = self.known.get(&ordinal);
        if let Some(last) = last.as_ref().filter(|last| last.read.elapsed() < AGE_MAX) {
            return Ok(Arc::clone(last));
        }
        let record = match (self.objects.record(name), &last) {
            (Ok(record), _) => record,
            // Of an image that is gone, or while imaged is: as it was last.
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
