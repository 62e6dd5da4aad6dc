//! The columns of a table of images.

use clap::ValueEnum;
use wire::proto::ImageRecord;
use wire::units::format_len;

use crate::time_text::{format_expiry, format_time};

/// A column of `image list`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImageColumn {
    /// The image, as STREAM/LEAF.
    Name,
    /// When it was added.
    Created,
    /// Length of its content.
    Size,
    /// What it added to the store, compressed.
    Added,
    /// Number of its inodes.
    Inodes,
    /// Processor architecture.
    Arch,
    /// `tree` or `disk`.
    Kind,
    /// Who added it.
    Creator,
    /// When it expires.
    Expires,
    /// Number of findings.
    Findings,
    /// Its tags.
    Tags,
}

/// What `image list` shows without `--columns`.
pub const DEFAULT_COLUMNS: [ImageColumn; 6] = [
    ImageColumn::Name,
    ImageColumn::Created,
    ImageColumn::Size,
    ImageColumn::Added,
    ImageColumn::Arch,
    ImageColumn::Expires,
];

impl ImageColumn {
    /// Returns the heading; numbers are aligned right.
    pub(crate) fn head(self) -> &'static str {
        match self {
            Self::Name => "NAME",
            Self::Created => "CREATED",
            Self::Size => ">SIZE",
            Self::Added => ">ADDED",
            Self::Inodes => ">INODES",
            Self::Arch => "ARCH",
            Self::Kind => "KIND",
            Self::Creator => "CREATOR",
            Self::Expires => "EXPIRES",
            Self::Findings => ">FINDINGS",
            Self::Tags => "TAGS",
        }
    }

    pub(crate) fn cell(self, record: &ImageRecord) -> String {
        let dash = |text: String| if text.is_empty() { "–".to_owned() } else { text };
        let facts = record.facts.clone().unwrap_or_default();
        match self {
            Self::Name => record.name.clone(),
            Self::Created => format_time(record.created_at_ms),
            Self::Size => format_len(facts.bytes),
            Self::Added => match &record.stored {
                Some(stored) => format_len(stored.added_payload_bytes),
                None => "–".to_owned(),
            },
            Self::Inodes => facts.inodes.to_string(),
            Self::Arch => dash(facts.architecture),
            Self::Kind => record.kind.clone(),
            Self::Creator => record.creator.clone(),
            Self::Expires => format_expiry(record.expires_at_ms),
            Self::Findings => record.findings.len().to_string(),
            Self::Tags => {
                let mut tags: Vec<_> = record.tags.iter().collect();
                tags.sort();
                let tags: Vec<String> = tags.iter().map(|(k, v)| format!("{k}={v}")).collect();
                dash(tags.join(","))
            }
        }
    }

    /// Sorts images by this column: numbers and times with the greatest first, words from a to z.
    pub(crate) fn sort(self, images: &mut [ImageRecord]) {
        let facts = |record: &ImageRecord| record.facts.clone().unwrap_or_default();
        let greatest_first = |key: &dyn Fn(&ImageRecord) -> i128, images: &mut [ImageRecord]| {
            images.sort_by_key(|record| std::cmp::Reverse(key(record)));
        };
        // The names decide between equals.
        images.sort_by(|a, b| a.name.cmp(&b.name));
        match self {
            Self::Name => {}
            Self::Created => greatest_first(&|it| it.created_at_ms.into(), images),
            Self::Size => greatest_first(&|it| facts(it).bytes.into(), images),
            Self::Inodes => greatest_first(&|it| facts(it).inodes.into(), images),
            Self::Findings => greatest_first(&|it| it.findings.len() as i128, images),
            Self::Added => {
                let added = |it: &ImageRecord| {
                    it.stored.as_ref().map_or(-1, |stored| stored.added_payload_bytes.into())
                };
                greatest_first(&added, images);
            }
            // What expires first is at the top, and what never does at the end.
            Self::Expires => {
                images.sort_by_key(|it| (it.expires_at_ms == 0, it.expires_at_ms));
            }
            Self::Arch | Self::Kind | Self::Creator | Self::Tags => {
                images.sort_by_cached_key(|record| self.cell(record));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use wire::proto::{ImageFacts, StoredSize};

    use super::*;

    fn image(name: &str, bytes: u64, expires_at_ms: i64, added: Option<u64>) -> ImageRecord {
        ImageRecord {
            name: name.to_owned(),
            facts: Some(ImageFacts { bytes, ..ImageFacts::default() }),
            created_at_ms: bytes.cast_signed(),
            expires_at_ms,
            stored: added.map(|added_payload_bytes| StoredSize {
                added_payload_bytes,
                ..StoredSize::default()
            }),
            ..ImageRecord::default()
        }
    }

    #[test]
    fn every_order_is_total_and_the_names_decide_between_equals() {
        let images =
            [image("b/1", 5, 0, Some(1)), image("a/1", 5, 9, None), image("c/1", 7, 3, Some(8))];
        let order = |column: ImageColumn| {
            let mut images = images.to_vec();
            column.sort(&mut images);
            images.iter().map(|image| image.name.chars().next().unwrap()).collect::<String>()
        };
        for (column, expected) in [
            (ImageColumn::Name, "abc"),
            (ImageColumn::Size, "cab"),
            (ImageColumn::Created, "cab"),
            (ImageColumn::Added, "cba"),
            (ImageColumn::Expires, "cab"),
            (ImageColumn::Arch, "abc"),
        ] {
            assert_eq!(order(column), expected, "{column:?}");
        }
    }
}
