//! Reads inodes' forks, and the blocks that they map.

use std::ops::Range;

use super::bytes::{BLOCK_LEN, has_checksum, u16_be, u32_be, u64_be};
use super::read::Xfs;
use crate::{DiskError, OfflineFilesystem as _};

/// Length of an inode (version 3) before its forks, in bytes.
pub(super) const CORE_LEN: usize = 176;
/// Length of a packed extent in bytes: flag, file offset, block and count in 128 bits.
pub(super) const EXTENT_LEN: usize = 16;
/// Length of the header of a block of a fork's tree, and length of a key or pointer in this block,
/// in bytes.
pub(super) const NODE_HEAD_LEN: usize = 72;
pub(super) const NODE_KEY_LEN: usize = 8;
/// Bytes before the keys and pointers in the root of a fork's tree: level and count.
pub(super) const ROOT_HEAD_LEN: usize = 4;
/// Limit on levels of a fork's tree. *Source:* XFS_BM_MAXLEVELS.
const LEVELS_MAX: u16 = 9;
/// Limit on the blocks that are read from one fork's tree; each block has up to 250 extents.
const NODES_MAX: usize = 1 << 20;
/// Bit of `di_flags2`: the counts of extents are in wider fields, at other offsets.
const WIDE_COUNTS: u64 = 1 << 4;

/// The two parts of an inode after its core, each stored in a [`Format`] of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fork {
    Data,
    Attributes,
}

/// Storage format of a fork; the variants are in the order of their numbers on disk, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A device number, in the inode.
    Device,
    /// The content itself, in the inode.
    Local,
    /// A list of extents, in the inode.
    Extents,
    /// A tree of extents, whose root is in the inode.
    Tree,
}

/// The bytes of an inode, whose magic, version and length were checked.
#[derive(Debug)]
pub(super) struct Inode<'a>(&'a [u8]);

impl<'a> Inode<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let is_sound = bytes.starts_with(b"IN") && bytes.get(4) == Some(&3);
        let found = Self(bytes);
        (is_sound && bytes.len() > CORE_LEN && found.fork_at() <= bytes.len()).then_some(found)
    }

    pub(super) fn is_free(&self) -> bool {
        self.mode() == 0
    }

    fn mode(&self) -> u16 {
        u16_be(self.0, 2)
    }

    pub(super) fn is_directory(&self) -> bool {
        self.mode() & 0o170_000 == 0o040_000
    }

    pub(super) fn is_symlink(&self) -> bool {
        self.mode() & 0o170_000 == 0o120_000
    }

    pub(super) fn size(&self) -> u64 {
        u64_be(self.0, 56)
    }

    /// Returns the offset of the attributes; it is the inode's end if there are no attributes.
    fn fork_at(&self) -> usize {
        match self.0[82] {
            0 => self.0.len(),
            eighths => CORE_LEN + usize::from(eighths) * 8,
        }
    }

    /// Returns the byte range of a fork in the inode; empty for attributes that the inode does not have.
    pub(super) fn place(&self, fork: Fork) -> Range<usize> {
        match fork {
            Fork::Data => CORE_LEN..self.fork_at(),
            Fork::Attributes => self.fork_at()..self.0.len(),
        }
    }

    pub(super) fn bytes(&self, fork: Fork) -> &'a [u8] {
        &self.0[self.place(fork)]
    }

    pub(super) fn format(&self, fork: Fork) -> Option<Format> {
        let format = match fork {
            Fork::Data => self.0[5],
            Fork::Attributes => self.0[83],
        };
        [Format::Device, Format::Local, Format::Extents, Format::Tree]
            .get(usize::from(format))
            .copied()
    }

    pub(super) fn extent_count(&self, fork: Fork) -> u64 {
        match (u64_be(self.0, 120) & WIDE_COUNTS != 0, fork) {
            (false, Fork::Data) => u32_be(self.0, 76).into(),
            (false, Fork::Attributes) => u16_be(self.0, 80).into(),
            (true, Fork::Data) => u64_be(self.0, 24),
            (true, Fork::Attributes) => u32_be(self.0, 76).into(),
        }
    }
}

/// Blocks that a fork maps, in the fork's order.
#[derive(Debug, Default)]
pub(super) struct MappedBlocks {
    /// Byte ranges on the device with the fork's content.
    pub data: Vec<Range<u64>>,
    /// Byte offsets of the blocks of the fork's tree.
    pub nodes: Vec<u64>,
}

impl Xfs<'_> {
    /// Reads the bytes of an inode's slot.
    pub(super) fn inode(&self, number: u64) -> Result<Vec<u8>, DiskError> {
        self.medium.read(self.slot(number)?.start, self.inode_len as usize)
    }

    /// Returns the blocks that a fork of an inode maps; none for a free inode, or for a fork that
    /// is entirely in the inode.
    pub(super) fn mapped(&self, inode: &[u8], fork: Fork) -> Result<MappedBlocks, DiskError> {
        let damaged = || self.medium.damaged("an inode is damaged");
        let inode = Inode::new(inode).ok_or_else(damaged)?;
        let bytes = inode.bytes(fork);
        let mut found = MappedBlocks::default();
        match inode.format(fork) {
            _ if inode.is_free() || bytes.is_empty() => {}
            Some(Format::Device | Format::Local) => {}
            Some(Format::Extents) => {
                let len = inode.extent_count(fork).saturating_mul(EXTENT_LEN as u64);
                let extents = usize::try_from(len).ok().and_then(|len| bytes.get(..len));
                self.extents(extents.ok_or_else(damaged)?, &mut found.data)?;
            }
            Some(Format::Tree) => {
                let level = u16_be(bytes, 0);
                let capacity = (bytes.len() - ROOT_HEAD_LEN) / (2 * NODE_KEY_LEN);
                let pointers = bytes.get(ROOT_HEAD_LEN + capacity * NODE_KEY_LEN..);
                let count = usize::from(u16_be(bytes, 2));
                if level == 0 || level > LEVELS_MAX || count > capacity {
                    return Err(damaged());
                }
                let pointers = pointers.ok_or_else(damaged)?.chunks_exact(NODE_KEY_LEN);
                for pointer in pointers.take(count) {
                    self.map_node(u64_be(pointer, 0), level - 1, &mut found)?;
                }
            }
            None => return Err(damaged()),
        }
        Ok(found)
    }

    fn map_node(&self, block: u64, level: u16, found: &mut MappedBlocks) -> Result<(), DiskError> {
        let damaged = || self.medium.damaged("an inode's map of blocks is damaged");
        let at = self.block(block)?;
        let bytes = self.read_block(at)?;
        let count = usize::from(u16_be(&bytes, 6));
        const CHECKSUM_AT: usize = 64;
        let is_sound = bytes.starts_with(b"BMA3")
            && u16_be(&bytes, 4) == level
            && has_checksum(&bytes, CHECKSUM_AT);
        if !is_sound || found.nodes.len() >= NODES_MAX {
            return Err(damaged());
        }
        found.nodes.push(at);
        if level == 0 {
            let extents = bytes.get(NODE_HEAD_LEN..NODE_HEAD_LEN + count * EXTENT_LEN);
            return self.extents(extents.ok_or_else(damaged)?, &mut found.data);
        }
        let capacity = (bytes.len() - NODE_HEAD_LEN) / (2 * NODE_KEY_LEN);
        if count > capacity {
            return Err(damaged());
        }
        let pointers = &bytes[NODE_HEAD_LEN + capacity * NODE_KEY_LEN..];
        for pointer in pointers.chunks_exact(NODE_KEY_LEN).take(count) {
            self.map_node(u64_be(pointer, 0), level - 1, found)?;
        }
        Ok(())
    }

    fn extents(&self, packed: &[u8], found: &mut Vec<Range<u64>>) -> Result<(), DiskError> {
        for extent in packed.chunks_exact(EXTENT_LEN) {
            let (high, low) = (u64_be(extent, 0), u64_be(extent, 8));
            let (first, count) = ((high & 0x1ff) << 43 | low >> 21, low & 0x1f_ffff);
            let begin = self.block(first)?;
            let last = self.block(first + count.saturating_sub(1))?;
            if last < begin {
                return Err(self.medium.damaged("an extent spans groups"));
            }
            found.push(begin..begin + count * BLOCK_LEN);
        }
        Ok(())
    }
}
