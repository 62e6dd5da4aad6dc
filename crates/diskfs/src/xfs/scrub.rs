//! Zeroes the slack of inodes, directories, attributes and maps.

use std::collections::BTreeSet;

use super::bytes::BLOCK_LEN;
use super::inode::{Fork, Inode};
use super::read::Xfs;
use super::slack::{clear_block, clear_inode};
use super::tree::{Chunk, Kind};
use crate::DiskError;
use crate::ScrubScope;

impl Xfs<'_> {
    /// Zeroes the slack of all blocks of the groups' trees: they are few, and any may have held
    /// freed content.
    pub(super) fn scrub_maps(&self) -> Result<(), DiskError> {
        for group in 0..self.groups.len() as u64 {
            let mut blocks = Vec::new();
            for kind in Kind::ALL {
                self.visit(group, kind, &mut |at, _| blocks.push(at))?;
            }
            blocks.into_iter().try_for_each(|at| self.scrub_block(at))?;
        }
        Ok(())
    }

    fn scrub_block(&self, at: u64) -> Result<(), DiskError> {
        let mut block = self.read_block(at)?;
        let is_changed = clear_block(&mut block);
        if is_changed.ok_or_else(|| self.medium.damaged(format!("the block at {at} is damaged")))? {
            self.medium.write(at, &block)?;
        }
        Ok(())
    }

    /// Zeroes the slack of inodes and, for inodes in use, of their directory and attribute blocks.
    pub(super) fn scrub_inodes(&self, scope: &ScrubScope<'_>) -> Result<(), DiskError> {
        // Blocks of inodes to scrub, as group and block within the group; `None` for all.
        let changed: Option<BTreeSet<(u64, u64)>> = match scope {
            ScrubScope::Since { changed, .. } => {
                let numbers = changed.gone.iter().chain(&changed.touched);
                let split = numbers.map(|number| self.split(*number));
                Some(split.map(|(group, within)| (group, within >> self.inodes_log)).collect())
            }
            ScrubScope::Everything => None,
        };
        for group in 0..self.groups.len() as u64 {
            for chunk in self.chunks(group)? {
                for slot in (0..Chunk::LEN).step_by(1 << self.inodes_log) {
                    let block = (chunk.first + slot) >> self.inodes_log;
                    let is_wanted =
                        changed.as_ref().is_none_or(|changed| changed.contains(&(group, block)));
                    if is_wanted && chunk.exists(slot) {
                        self.scrub_inode_block(self.block_in(group, block)?, &chunk, slot)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Zeroes the slack of a block of inodes; the block's first inode is slot `first_slot` of the
    /// chunk.
    fn scrub_inode_block(&self, at: u64, chunk: &Chunk, first_slot: u64) -> Result<(), DiskError> {
        let damaged = || self.medium.damaged("an inode is damaged");
        let mut block = self.read_block(at)?;
        let mut is_changed = false;
        for (slot, inode) in (first_slot..).zip(block.chunks_exact_mut(self.inode_len as usize)) {
            let is_free = Inode::new(inode).ok_or_else(damaged)?.is_free();
            if is_free != chunk.is_free(slot) {
                return Err(damaged());
            }
            is_changed |= clear_inode(inode).ok_or_else(damaged)?;
            if !is_free {
                self.scrub_forks(inode)?;
            }
        }
        if is_changed {
            self.medium.write(at, &block)?;
        }
        Ok(())
    }

    /// Zeroes the slack of an inode's metadata blocks: directories, targets, attributes and trees.
    fn scrub_forks(&self, bytes: &[u8]) -> Result<(), DiskError> {
        let Some(inode) = Inode::new(bytes) else { return Ok(()) };
        for fork in [Fork::Data, Fork::Attributes] {
            let mapped = self.mapped(bytes, fork)?;
            mapped.nodes.iter().try_for_each(|at| self.scrub_block(*at))?;
            if fork == Fork::Data && !inode.is_directory() && !inode.is_symlink() {
                continue;
            }
            for range in mapped.data {
                range.step_by(BLOCK_LEN as usize).try_for_each(|at| self.scrub_block(at))?;
            }
        }
        Ok(())
    }
}
