//! Figures from the image records and the store's counters.

use std::collections::BTreeMap;

use store::Stats;
use wire::name::ImageName;
use wire::proto::{ImageRecord, StoredSize};

/// The data of all status pages at one moment.
#[derive(Debug)]
pub(super) struct Overview {
    /// Counters of the store.
    pub stats: Stats,
    /// Bytes free on the store's filesystem.
    pub free: u64,
    /// Images by stream name, each stream's newest last.
    pub streams: BTreeMap<String, Vec<Revision>>,
}

/// One image of a stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Revision {
    pub leaf: String,
    pub kind: String,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
    pub inodes: u64,
    /// Sum of the files' sizes, or the length of the disk, in bytes.
    pub bytes: u64,
    /// Space in the store; `None` for images from versions that did not record it.
    pub stored: Option<StoredSize>,
    /// Number of findings in the image.
    pub findings: usize,
    pub manifest: String,
}

/// Sums over a set of images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub images: u64,
    /// Bytes of content; content that several images share counts once for each of them.
    pub bytes: u64,
    /// Bytes that the images would take if each had its own store.
    pub alone: u64,
    /// Bytes that the images' uploads added to the store.
    pub added: u64,
    /// Number of images without a recorded size; `alone` and `added` leave these out.
    pub unknown: u64,
}

impl Overview {
    /// Groups records by stream and sorts each stream by creation time.
    pub(super) fn new(records: Vec<ImageRecord>, stats: Stats, free: u64) -> Self {
        let mut streams: BTreeMap<String, Vec<Revision>> = BTreeMap::new();
        for record in records {
            let Ok(name) = record.name.parse::<ImageName>() else { continue };
            let facts = record.facts.unwrap_or_default();
            streams.entry(name.stream().to_string()).or_default().push(Revision {
                leaf: name.leaf().to_owned(),
                kind: record.kind,
                created_at_ms: record.created_at_ms,
                expires_at_ms: record.expires_at_ms,
                inodes: facts.inodes,
                bytes: facts.bytes,
                stored: record.stored,
                findings: record.findings.len(),
                manifest: record.manifest,
            });
        }
        for revisions in streams.values_mut() {
            revisions.sort_by(|a, b| (a.created_at_ms, &a.leaf).cmp(&(b.created_at_ms, &b.leaf)));
        }
        Self { stats, free, streams }
    }

    pub(super) fn sums(&self) -> Sums {
        sums(self.streams.values().flatten())
    }
}

pub(super) fn sums<'a>(revisions: impl IntoIterator<Item = &'a Revision>) -> Sums {
    revisions.into_iter().fold(Sums::default(), |sums, revision| {
        let stored = revision.stored.unwrap_or_default();
        Sums {
            images: sums.images + 1,
            bytes: sums.bytes.saturating_add(revision.bytes),
            alone: sums.alone.saturating_add(stored.payload_bytes),
            added: sums.added.saturating_add(stored.added_payload_bytes),
            unknown: sums.unknown + u64::from(revision.stored.is_none()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::proto::ImageFacts;

    #[test]
    fn images_are_in_their_streams_in_the_order_of_their_times() {
        let record = |name: &str, created_at_ms, bytes, added: Option<u64>| ImageRecord {
            name: name.to_owned(),
            created_at_ms,
            facts: Some(ImageFacts { bytes, ..ImageFacts::default() }),
            stored: added.map(|added_payload_bytes| StoredSize {
                payload_bytes: 50,
                added_payload_bytes,
                ..StoredSize::default()
            }),
            ..ImageRecord::default()
        };
        let records = vec![
            record("a/b/10", 2, 100, Some(5)),
            record("a/b/9", 1, 100, Some(40)),
            record("a/c/1", 3, u64::MAX, None),
        ];
        let overview = Overview::new(records, Stats::default(), 0);
        let leaves: Vec<&str> = overview.streams["a/b"].iter().map(|r| r.leaf.as_str()).collect();
        assert_eq!(leaves, ["9", "10"]);
        let of_stream = sums(&overview.streams["a/b"]);
        assert_eq!(of_stream, Sums { images: 2, bytes: 200, alone: 100, added: 45, unknown: 0 });
        let all = overview.sums();
        assert_eq!((all.images, all.bytes, all.unknown), (3, u64::MAX, 1));
    }
}
