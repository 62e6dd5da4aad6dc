//! Positions of a file's data on its device, as the filesystem reports them.

#![allow(unsafe_code, reason = "an ioctl")]

use std::fs::File;
use std::io;

use rustix::ioctl::{Opcode, Updater, ioctl, opcode};

/// `_IOWR('f', 11, struct fiemap)`. *Source:* linux/fs.h; linux/fiemap.h for the flags.
const FS_IOC_FIEMAP: Opcode = opcode::read_write::<[u8; 32]>(b'f', 11);
const EXTENT_LAST: u32 = 0x1;
const EXTENT_UNWRITTEN: u32 = 0x800;
/// Flags of extents whose data can be read directly from the device: last, unwritten (skipped here), merged from
/// smaller ones, shared with another file.
const FLAGS_PLAIN: u32 = EXTENT_LAST | EXTENT_UNWRITTEN | 0x1000 | 0x2000;

/// Limit on extents per call. Most files have only one extent.
const COUNT: usize = 64;

/// A contiguous run of a file's data on its device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Offset in the file, in bytes.
    pub offset: u64,
    /// Offset on the device, in bytes.
    pub place: u64,
    /// Length in bytes, a multiple of the filesystem's block.
    pub len: u64,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct RawExtent {
    logical: u64,
    physical: u64,
    len: u64,
    reserved: [u64; 2],
    flags: u32,
    reserved2: [u32; 3],
}

#[repr(C)]
struct Map {
    start: u64,
    len: u64,
    flags: u32,
    mapped: u32,
    count: u32,
    reserved: u32,
    extents: [RawExtent; COUNT],
}

/// Sizes of `struct fiemap_extent` and `struct fiemap`. *Source:* linux/fiemap.h.
const _: () = assert!(size_of::<RawExtent>() == 56 && size_of::<Map>() == 32 + 56 * COUNT);

/// Returns the extents of a file that hold data, in order. `None` if the data cannot be read directly from the device
/// (it is in the inode, compressed, or not written yet), or if the filesystem does not report extents.
///
/// # Errors
/// As `ioctl(2)`.
pub fn extents(file: &File) -> io::Result<Option<Vec<Extent>>> {
    let mut found = Vec::new();
    let mut start = 0;
    loop {
        let empty = RawExtent {
            logical: 0,
            physical: 0,
            len: 0,
            reserved: [0; 2],
            flags: 0,
            reserved2: [0; 3],
        };
        let mut map = Map {
            start,
            len: u64::MAX - start,
            flags: 0,
            mapped: 0,
            count: COUNT as u32,
            reserved: 0,
            extents: [empty; COUNT],
        };
        // JUSTIFICATION: rustix has no call for FS_IOC_FIEMAP.
        // SAFETY: FS_IOC_FIEMAP reads a struct fiemap, which Map is field for field (sizes are asserted
        // above). After this struct, the call writes at most `count` extents, for which Map has room.
        let updater = unsafe { Updater::<FS_IOC_FIEMAP, Map>::new(&mut map) };
        // SAFETY: as above.
        match unsafe { ioctl(file, updater) } {
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOTTY) => return Ok(None),
            result => result?,
        }
        let mapped = &map.extents[..COUNT.min(map.mapped as usize)];
        for extent in mapped {
            if extent.flags & !FLAGS_PLAIN != 0 {
                return Ok(None);
            }
            if extent.flags & EXTENT_UNWRITTEN == 0 {
                let (offset, place, len) = (extent.logical, extent.physical, extent.len);
                found.push(Extent { offset, place, len });
            }
        }
        match mapped.last() {
            Some(last) if last.flags & EXTENT_LAST == 0 => start = last.logical + last.len,
            _ => return Ok(Some(found)),
        }
    }
}
