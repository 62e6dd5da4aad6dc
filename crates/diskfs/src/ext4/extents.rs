//! Reads extent trees: the blocks of a file or directory.

use std::ops::Range;

use wire::bytes::{u16_at, u32_at};

use super::read::{EXTENTS_FLAG, Ext4, RawInode};
use crate::DiskError;

/// Bit of `i_flags`: the data is in the inode itself.
const INLINE_FLAG: u32 = 0x1000_0000;
/// Offset and length of `i_block` in an inode, in bytes.
const BLOCK_AT: usize = 40;
const BLOCK_LEN: usize = 60;
const MAGIC: u16 = 0xf30a;
const ENTRY_LEN: usize = 12;
/// Limit on the depth of an extent tree. *Source:* ext4_extents.h.
const DEPTH_MAX: u16 = 5;
/// Limit on the extents that are read for one inode; each extent has at most 32,768 blocks.
const EXTENTS_MAX: usize = 1 << 20;

/// A run of consecutive blocks of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// Number of the extent's first block within the file.
    pub first: u64,
    /// Numbers of the extent's blocks on the device; the blocks may be allocated but unwritten.
    pub blocks: Range<u64>,
}

impl Ext4<'_> {
    /// Returns the extents of an inode, in the order of the file. An inode without an extent tree counts as damaged.
    pub(super) fn extents(&self, inode: &RawInode) -> Result<Vec<Extent>, DiskError> {
        if inode.flags() & INLINE_FLAG != 0 || inode.flags() & EXTENTS_FLAG == 0 {
            let problem = format!("inode {} has no extents", inode.number);
            return Err(self.medium.damaged(problem));
        }
        let root = &inode.bytes[BLOCK_AT..BLOCK_AT + BLOCK_LEN];
        let mut found = Vec::new();
        self.node(inode.number, root, DEPTH_MAX + 1, &mut found)?;
        Ok(found)
    }

    fn node(
        &self,
        number: u64,
        node: &[u8],
        above: u16,
        found: &mut Vec<Extent>,
    ) -> Result<(), DiskError> {
        let damaged = || self.medium.damaged(format!("the extents of inode {number} are damaged"));
        let (magic, count, depth) = (u16_at(node, 0), u16_at(node, 2), u16_at(node, 6));
        let entries_len = usize::from(count) * ENTRY_LEN;
        if magic != MAGIC || depth >= above || ENTRY_LEN + entries_len > node.len() {
            return Err(damaged());
        }
        for entry in node[ENTRY_LEN..ENTRY_LEN + entries_len].chunks_exact(ENTRY_LEN) {
            if found.len() >= EXTENTS_MAX {
                return Err(damaged());
            }
            if depth > 0 {
                let block = u64::from(u32_at(entry, 4)) | u64::from(u16_at(entry, 8)) << 32;
                if block >= self.blocks {
                    return Err(damaged());
                }
                let below = self.medium.read(block * self.block_len, self.block_len as usize)?;
                self.node(number, &below, depth, found)?;
                continue;
            }
            // Lengths above 32,768 mark blocks that are allocated but unwritten.
            const WRITTEN_MAX: u64 = 32768;
            let len = u64::from(u16_at(entry, 4));
            let len = if len > WRITTEN_MAX { len - WRITTEN_MAX } else { len };
            let begin = u64::from(u32_at(entry, 8)) | u64::from(u16_at(entry, 6)) << 32;
            if begin + len > self.blocks {
                return Err(damaged());
            }
            found.push(Extent { first: u32_at(entry, 0).into(), blocks: begin..begin + len });
        }
        Ok(())
    }
}
