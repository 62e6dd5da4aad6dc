//! Inode numbers of a mount: 64 bits, of which none is ever used for something else.
//!
//! ```text
//! 63        40 39                 0
//!  image's     inode in its manifest      ordinal 1 and up: an image, in the order in which the
//!  ordinal     + 1                        mount first saw them
//!  0           folder + 1                 what is above the images
//! ```
//!
//! The kernel keeps what it once learned of an inode inside an image for ever, so a number that came
//! to mean another file would show the first one's pages under the second one's name.

/// Bits of an inode's number that are its place in an image.
const INODE_BITS: u32 = 40;

/// Images that one mount may ever show: what the bits above leave.
pub const ORDINAL_MAX: u32 = (1 << (64 - INODE_BITS)) - 1;

/// What an inode number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A folder above the images.
    Folder(u32),
    /// An inode of an image.
    Inode {
        /// Which image.
        ordinal: u32,
        /// Which inode of its manifest.
        inode: u32,
    },
}

/// How numbers and places belong together in one mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// The root is a folder.
    All,
    /// The root is the root of image 1.
    One,
}

/// The number of every mount's root. *Source:* FUSE_ROOT_ID, linux/fuse.h.
const ROOT: u64 = 1;

impl Numbering {
    /// Returns a place's number.
    pub fn number(self, place: Place) -> u64 {
        match place {
            Place::Inode { ordinal: 1, inode: 0 } if self == Self::One => ROOT,
            Place::Folder(folder) => u64::from(folder) + 1,
            Place::Inode { ordinal, inode } => {
                u64::from(ordinal) << INODE_BITS | (u64::from(inode) + 1)
            }
        }
    }

    /// Returns what a number stands for; `None` for one that never was given out.
    pub fn place(self, number: u64) -> Option<Place> {
        if number == ROOT && self == Self::One {
            return Some(Place::Inode { ordinal: 1, inode: 0 });
        }
        let low = (number & ((1 << INODE_BITS) - 1)).checked_sub(1)?;
        let low = u32::try_from(low).ok()?;
        match (number >> INODE_BITS) as u32 {
            0 => Some(Place::Folder(low)),
            ordinal => Some(Place::Inode { ordinal, inode: low }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_places_belong_together() {
        let places = [
            Place::Folder(0),
            Place::Folder(u32::MAX),
            Place::Inode { ordinal: 1, inode: 0 },
            Place::Inode { ordinal: ORDINAL_MAX, inode: u32::MAX },
        ];
        let mut numbers = std::collections::HashSet::new();
        for place in places {
            assert_eq!(Numbering::All.place(Numbering::All.number(place)), Some(place));
            assert!(numbers.insert(Numbering::All.number(place)));
        }
        assert_eq!(Numbering::All.number(Place::Folder(0)), ROOT);
        assert_eq!(Numbering::One.number(Place::Inode { ordinal: 1, inode: 0 }), ROOT);
        assert_eq!(Numbering::One.place(ROOT), Some(Place::Inode { ordinal: 1, inode: 0 }));
        assert_eq!(Numbering::All.place(0), None);
    }
}
