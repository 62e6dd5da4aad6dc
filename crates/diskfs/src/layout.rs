//! The layout of a fresh volume.
//!
//! The identity and the layout version determine the places of partitions, the UUIDs, the directory
//! hash seed and the options of mkfs; only counts, such as that of inodes, follow from the first
//! image and the volume's length. `docs/formats/layout-ext4.md` gives a reason and a figure for
//! each of these choices.

use uuid::Uuid;
use wire::digest::Algorithm;
use wire::name::StreamName;

use crate::partition;

/// Version of the layout. A volume of another version is formatted anew, never converted.
pub const LAYOUT_VERSION: u32 = 2;

/// Division of a volume into partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A GPT with partitions for boot loaders, and the root as the last partition.
    Gpt,
    /// No partitions: the root filesystem begins at the first byte.
    None,
}

impl Layout {
    /// Parses a layout's name; an empty name means [`Layout::Gpt`].
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "" | "gpt" => Some(Self::Gpt),
            "none" => Some(Self::None),
            _ => None,
        }
    }

    /// Returns the name, as [`Layout::parse`] reads it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gpt => "gpt",
            Self::None => "none",
        }
    }

    /// Returns offset and length in bytes of the root filesystem on a volume of `size` bytes;
    /// `None` if the volume is too small.
    pub fn root(self, size: u64) -> Option<(u64, u64)> {
        match self {
            Self::Gpt => partition::root(size),
            Self::None => Some((0, size - size % partition::ALIGNMENT)).filter(|(_, len)| *len > 0),
        }
    }
}

/// Source of a volume's UUIDs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The stream. All of its volumes with the same `own` have the same UUIDs.
    pub stream: &'a StreamName,
    /// A number that gives this volume UUIDs of its own. With 0, the volume has the UUIDs of the
    /// stream.
    pub own: u64,
}

impl Identity<'_> {
    /// Derives a UUID, which depends only on the identity, the layout version and `purpose`.
    pub fn uuid(self, purpose: &str) -> Uuid {
        let mut text = format!("imprint layout {LAYOUT_VERSION} {purpose} {}", self.stream);
        if self.own != 0 {
            text.push_str(&format!(" {:016x}", self.own));
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&Algorithm::Sha256.digest(text.as_bytes()).hash()[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_uuids_are_fixed_by_stream_and_purpose() {
        let stream = "base/debian-12".parse().unwrap();
        let other = "base/debian-13".parse().unwrap();
        let of = |stream, own| Identity { stream, own };
        let uuid = of(&stream, 0).uuid("root");
        assert_eq!(uuid.to_string(), of(&stream, 0).uuid("root").to_string());
        assert_ne!(uuid, of(&stream, 0).uuid("disk"));
        assert_ne!(uuid, of(&other, 0).uuid("root"));
        assert_ne!(uuid, of(&stream, 1).uuid("root"));
        assert_eq!(uuid.get_version_num(), 8);
    }

    #[test]
    fn roots_are_aligned_and_inside() {
        for size in [0, 1 << 20, 3 << 20, 20 << 20, (1 << 30) + 12345, 8 << 30] {
            for layout in [Layout::Gpt, Layout::None] {
                if let Some((offset, len)) = layout.root(size) {
                    assert!(offset.is_multiple_of(1 << 20) && len.is_multiple_of(1 << 20));
                    assert!(len > 0 && offset + len <= size);
                }
            }
        }
        assert_eq!(Layout::Gpt.root(19 << 20), None);
    }
}
