//! What a fresh volume looks like.
//!
//! Everything is fixed by (stream, layout version): partition places, UUIDs, the directory hash
//! seed and every option of mkfs. `docs/formats/layout-ext4.md` gives a reason and a figure for
//! each.

use uuid::Uuid;
use wire::digest::Algorithm;
use wire::name::StreamName;

use crate::partition;

/// The layout's version. Volumes of another version are formatted anew, never converted.
pub const LAYOUT_VERSION: u32 = 2;

/// How a volume is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A GPT with partitions for boot loaders, and the root partition as its last.
    Gpt,
    /// The filesystem alone, from the first byte on.
    None,
}

impl Layout {
    /// Reads a layout's name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "" | "gpt" => Some(Self::Gpt),
            "none" => Some(Self::None),
            _ => None,
        }
    }

    /// Returns the layout's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gpt => "gpt",
            Self::None => "none",
        }
    }

    /// Returns where the root filesystem is on a volume of `size` bytes: offset and length;
    /// `None` where the volume is too small for any.
    pub fn root(self, size: u64) -> Option<(u64, u64)> {
        match self {
            Self::Gpt => partition::root(size),
            Self::None => Some((0, size - size % partition::ALIGNMENT)).filter(|(_, len)| *len > 0),
        }
    }
}

/// What a volume's UUIDs are made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The stream: all its volumes have the same.
    pub stream: &'a StreamName,
    /// But for those with a number of their own; zero for those without.
    pub own: u64,
}

impl Identity<'_> {
    /// Derives a UUID that is the same for the same identity, layout version and use.
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
