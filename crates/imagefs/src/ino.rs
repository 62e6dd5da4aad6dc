//! Inode numbers of a mount: 64 bits, of which none is ever used for something else.
//!
//! ```text
//! 63        40 39                 0
//!  image's     inode in its manifest      ordinal 1 and up: an image, in the order in which the
//!  ordinal     + 1, or 2^33               mount first saw them; 2^33: a text that we write about it
//!  0           folder + 1                 what is above the images
//!  0           2^39 + view                a directory of a virtual view
//!  2^23 + view side, directory + 1        a directory of what differs between two images
//! ```
//!
//! The kernel keeps what it once learned of an inode inside an image for ever, so a number that came
//! to mean another file would show the first one's pages under the second one's name.

/// Bits of an inode's number that are its place in an image.
const INODE_BITS: u32 = 40;

/// Images, and directories of views, that one mount may ever show: what the bits above leave, but for the highest.
pub const ORDINAL_MAX: u32 = PART - 1;

/// The ordinals' highest bit: what differs between two images.
const PART: u32 = 1 << (63 - INODE_BITS);

/// Bits of the lower part: a text about an image (above any inode + 1), a directory of a view.
const DOCUMENT: u64 = 1 << 33;
const VIEW: u64 = 1 << (INODE_BITS - 1);

/// Where a side stands above its directory.
const SIDE_SHIFT: u32 = 33;

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
    /// What we write about an image.
    Document(u32),
    /// A directory of a virtual view.
    View(u32),
    /// A directory of an image, with only what differs from another in it.
    Part {
        /// The view of the two images.
        view: u32,
        /// What of it.
        side: Side,
        /// Which inode of the manifest that the side is of.
        directory: u32,
    },
}

/// What differs between an image and an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Paths that only the later one has.
    Added,
    /// Paths that both have, as the later one has them.
    Changed,
    /// Paths that only the earlier one has.
    Removed,
}

impl Side {
    /// All sides, in the order of their numbers and in which they are listed.
    pub const ALL: [Self; 3] = [Self::Added, Self::Changed, Self::Removed];

    /// Returns the name of its directory.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
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
        let (ordinal, low) = match place {
            Place::Inode { ordinal: 1, inode: 0 } if self == Self::One => (0, ROOT),
            Place::Folder(folder) => (0, u64::from(folder) + 1),
            Place::View(view) => (0, VIEW | u64::from(view)),
            Place::Inode { ordinal, inode } => (ordinal, u64::from(inode) + 1),
            Place::Document(ordinal) => (ordinal, DOCUMENT),
            Place::Part { view, side, directory } => {
                (PART | view, (side as u64) << SIDE_SHIFT | (u64::from(directory) + 1))
            }
        };
        u64::from(ordinal) << INODE_BITS | low
    }

    /// Returns what a number stands for; `None` for one that never was given out.
    pub fn place(self, number: u64) -> Option<Place> {
        if number == ROOT && self == Self::One {
            return Some(Place::Inode { ordinal: 1, inode: 0 });
        }
        let ordinal = (number >> INODE_BITS) as u32;
        let low = number & ((1 << INODE_BITS) - 1);
        if ordinal & PART != 0 {
            let side = *Side::ALL.get((low >> SIDE_SHIFT) as usize)?;
            let directory = (low & ((1 << SIDE_SHIFT) - 1)).checked_sub(1)?;
            let directory = u32::try_from(directory).ok()?;
            return Some(Place::Part { view: ordinal & !PART, side, directory });
        }
        if ordinal == 0 && low & VIEW != 0 {
            return Some(Place::View(u32::try_from(low & !VIEW).ok()?));
        }
        if ordinal != 0 && low == DOCUMENT {
            return Some(Place::Document(ordinal));
        }
        let low = u32::try_from(low.checked_sub(1)?).ok()?;
        Some(match ordinal {
            0 => Place::Folder(low),
            ordinal => Place::Inode { ordinal, inode: low },
        })
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
            Place::Document(1),
            Place::Document(ORDINAL_MAX),
            Place::View(0),
            Place::View(ORDINAL_MAX),
            Place::Part { view: 0, side: Side::Added, directory: 0 },
            Place::Part { view: 0, side: Side::Removed, directory: 0 },
            Place::Part { view: ORDINAL_MAX, side: Side::Changed, directory: u32::MAX },
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
