//! Decides how a file gets its new content: written anew, in place, or copied from another file of the volume.
//!
//! EBS keeps snapshots in blocks of 512 KiB, so the cost is the count of blocks that are touched. New data is allocated
//! close together, so it touches as many blocks as its length fills. Data written in place touches each block in which
//! a page changes. Scrubbing also touches freed blocks.

use std::cell::OnceCell;
use std::collections::HashMap;

use wire::Manifest;
use wire::digest::Digest;
use wire::manifest::Inode;
use wire::units::{FRAME_LEN_MAX, SNAPSHOT_BLOCK_LEN};

use super::{Assignment, Choices, DataSource, FileWrite, has_same_content};
use crate::freed::FreedPolicy;

/// Files of the volume that stay as they are, found by content.
pub(super) struct KeptFiles<'a> {
    have: &'a Manifest,
    want: &'a Manifest,
    /// Filled on first use.
    files: OnceCell<HashMap<Digest, u32>>,
}

impl<'a> KeptFiles<'a> {
    pub(super) fn new(have: &'a Manifest, want: &'a Manifest) -> Self {
        Self { have, want, files: OnceCell::new() }
    }

    fn find(&self, assignment: &Assignment) -> HashMap<Digest, u32> {
        let mut files = HashMap::new();
        for index in 0..self.want.inode_count() {
            let inode = self.want.inode(index);
            if inode.is_regular()
                && let Some(digest) = inode.digest()
                && let Some(there) = assignment.have_of(index)
                && has_same_content(self.have.inode(there), inode)
            {
                files.entry(digest).or_insert(index);
            }
        }
        files
    }

    /// Returns a wanted inode that stays as it is on the volume and has this inode's content.
    fn like(&self, inode: Inode<'_>, assignment: &Assignment) -> Option<u32> {
        let files = self.files.get_or_init(|| self.find(assignment));
        let index = *files.get(&inode.digest()?)?;
        has_same_content(self.want.inode(index), inode).then_some(index)
    }
}

/// Decides how a file gets its content: generated, copied, in place, or anew.
pub(super) fn data(
    have: Option<Inode<'_>>,
    want: Inode<'_>,
    kept: &KeptFiles<'_>,
    assignment: &Assignment,
    choices: Choices<'_>,
) -> DataSource {
    if let Some(bytes) = want.digest().and_then(|digest| (choices.generated)(&digest)) {
        return DataSource::Generated(bytes);
    }
    let is_here = || want.digest().is_none_or(|digest| (choices.is_here)(&digest));
    if (choices.has_reflinks || !is_here())
        && let Some(source) = kept.like(want, assignment)
    {
        return DataSource::Copy(source);
    }
    match have {
        Some(have) if have.hole_bytes() == want.hole_bytes() && want.size() > 0 => {
            in_place(have, want, choices)
        }
        _ => DataSource::Whole,
    }
}

/// Decides whether a file of the volume is written in place or anew.
fn in_place(have: Inode<'_>, want: Inode<'_>, choices: Choices<'_>) -> DataSource {
    let changed = changed_frames(have, want, choices);
    let touched = match &changed {
        Some(frames) => blocks_of(frames.iter().map(|number| u64::from(*number))),
        None => blocks(want.data_len()),
    };
    let anew = blocks(want.data_len());
    let pays = match choices.freed {
        FreedPolicy::Keep => touched < anew,
        FreedPolicy::Scrub => touched <= anew + blocks(have.data_len()),
    };
    if pays { DataSource::Pages(changed) } else { DataSource::Whole }
}

/// Compares the frames of the wanted file with the frames at the same places of the file on the volume. Returns the
/// numbers of those that differ; `None` if the frames of one of the files are unknown.
fn changed_frames(have: Inode<'_>, want: Inode<'_>, choices: Choices<'_>) -> Option<Vec<u32>> {
    let old = (choices.frames)(&have.digest()?)?;
    let new = (choices.frames)(&want.digest()?)?;
    let mut changed = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let mut old = old.frames.into_iter();
    for (number, (frame, len)) in new.frames.into_iter().enumerate() {
        // The same frame at another offset of the file counts as changed.
        let there = old.next();
        if there != Some((frame, len)) || old_at != new_at {
            changed.push(number as u32);
        }
        old_at += there.map_or(0, |(_, len)| u64::from(len));
        new_at += u64::from(len);
    }
    Some(changed)
}

/// Returns the count of snapshot blocks that hold these frames; the frames' numbers are ascending.
fn blocks_of(frames: impl Iterator<Item = u64>) -> u64 {
    let mut blocks: Vec<u64> =
        frames.map(|number| number * FRAME_LEN_MAX as u64 / SNAPSHOT_BLOCK_LEN).collect();
    blocks.dedup();
    blocks.len() as u64
}

fn blocks(len: u64) -> u64 {
    len.div_ceil(SNAPSHOT_BLOCK_LEN)
}

/// Returns an upper limit of the bytes that a step writes.
pub(super) fn written_len(write: &FileWrite, want: Inode<'_>, choices: Choices<'_>) -> u64 {
    match &write.data {
        DataSource::Pages(Some(changed)) => {
            let list = want.digest().and_then(|digest| (choices.frames)(&digest));
            let frames = list.map(|list| list.frames).unwrap_or_default();
            let len = |number: &u32| frames.get(*number as usize).map_or(0, |(_, len)| *len);
            changed.iter().map(|number| u64::from(len(number))).sum()
        }
        DataSource::Whole
        | DataSource::Pages(None)
        | DataSource::Copy(_)
        | DataSource::Generated(_) => want.data_len(),
    }
}
