//! Inode numbers of a mount: 64 bits, never reused for another inode.
//!
//! ```text
//! 63        40 39                 0
//!  image's     inode in its manifest      ordinal 1 and up: images, in the order in which the
//!  ordinal     + 1, or 2^33               mount first saw them; 2^33: the image's record
//!  0           folder + 1                 a folder above the images
//!  0           2^39 + view                a directory of a virtual view
//!  2^23 + view side, directory + 1        a directory of one side of a compared pair of images
//! ```
//!
//! The kernel caches an inode inside an image for ever. If a number came to mean another file, the kernel would show
//! the first file's pages under the second file's name.

/// Count of the low bits of an inode number. These bits hold the place within an image.
const INODE_BITS: u32 = 40;

/// Highest ordinal of an image, and highest number of a view's directory, in one mount: all bits of the ordinal are set
/// except the highest.
pub const ORDINAL_MAX: u32 = PART - 1;

/// Highest bit of the ordinal: marks a directory of one side of a compared pair.
const PART: u32 = 1 << (63 - INODE_BITS);

/// Marks in the low bits. `DOCUMENT` stands for an image's record, and is above every inode + 1. The bit `VIEW` marks a
/// directory of a view.
const DOCUMENT: u64 = 1 << 33;
const VIEW: u64 = 1 << (INODE_BITS - 1);

/// Bit position of the side, above the directory's bits.
const SIDE_SHIFT: u32 = 33;

/// The thing that an inode number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A folder above the images, by its number in [`Names`](super::names::Names).
    Folder(u32),
    /// An inode of an image, whatever path leads to it.
    Inode {
        /// Number of the image, from 1, in the order in which the mount first saw the images.
        ordinal: u32,
        /// Index of the inode in the image's manifest; 0 is the root.
        inode: u32,
    },
    /// The record of an image as a file, by the image's ordinal.
    Document(u32),
    /// A directory of a virtual view, by the number that [`Views`](super::views::Views) gave it.
    View(u32),
    /// A directory of an image that shows only the differences from another image.
    Part {
        /// Number of the view that compares the two images.
        view: u32,
        /// The differences that the directory shows.
        side: Side,
        /// Inode of the directory in the manifest of the side's image.
        directory: u32,
    },
}

/// Kind of difference between an image and an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Paths that only the later image has.
    Added,
    /// Paths that both images have, in the state of the later one.
    Changed,
    /// Paths that only the earlier image has.
    Removed,
}

impl Side {
    /// All sides, in the order of their numbers and of listings.
    pub const ALL: [Self; 3] = [Self::Added, Self::Changed, Self::Removed];

    /// Returns the name of the side's directory: `added`, `changed` or `removed`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// Assignment of inode numbers in a mount. It depends on the mount's root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// The root is the folder above all images.
    All,
    /// The root is the root directory of image 1.
    One,
}

/// The number of every mount's root. *Source:* FUSE_ROOT_ID, linux/fuse.h.
const ROOT: u64 = 1;

impl Numbering {
    /// Returns the inode number of a place. The mount's root has the number 1.
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

    /// Returns the place that a number stands for; `None` for a number that no place can have.
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
