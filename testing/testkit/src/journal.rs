//! What a disk may hold after a power loss: everything up to the last flush, and any part of what
//! was written since.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::disk::Event;

/// A moment at which the power is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Events that are surely on the disk: all up to a flush.
    pub durable: usize,
    /// Events that had been asked for.
    pub asked: usize,
    /// Decides which of those between are on the disk; all are where it is zero.
    pub seed: u64,
}

/// Returns the moments after each flush, and before each `seeds` moments with some of the writes
/// since the flush before.
pub fn moments(events: &[Event], seeds: u64) -> Vec<Moment> {
    let mut found = vec![Moment { durable: 0, asked: 0, seed: 0 }];
    let mut durable = 0;
    for (index, event) in events.iter().enumerate() {
        if *event == Event::Flush {
            // Whether the flush was acknowledged or not, what it makes durable may be there.
            for seed in 1..=seeds {
                found.push(Moment { durable, asked: index, seed: mix(seed, index as u64) | 1 });
            }
            found.push(Moment { durable: index, asked: index, seed: 0 });
            durable = index + 1;
        }
    }
    let end = events.len();
    for seed in 1..=seeds {
        found.push(Moment { durable, asked: end, seed: mix(seed, end as u64) | 1 });
    }
    found.push(Moment { durable: end, asked: end, seed: 0 });
    found
}

/// Writes into a copy of the disk as it was before what it holds at a moment. A write of more than
/// one block may be there in part; a block is there or not, as EBS and NVMe disks have it.
///
/// # Errors
/// Errors of writing.
pub fn replay(events: &[Event], moment: Moment, disk: &Path) -> io::Result<()> {
    const BLOCK: usize = 4096;
    let file = File::options().write(true).open(disk)?;
    for (index, event) in events[..moment.asked].iter().enumerate() {
        let fate = if index < moment.durable || moment.seed == 0 {
            u64::MAX
        } else {
            mix(moment.seed, index as u64)
        };
        match event {
            Event::Write { offset, bytes } => {
                // A third is lost, a third arrives, and a third arrives in part.
                let len = match fate {
                    u64::MAX => bytes.len(),
                    fate if fate % 3 == 0 => 0,
                    fate if fate % 3 == 1 => bytes.len(),
                    fate => (fate as usize >> 8) % bytes.len().div_ceil(BLOCK) * BLOCK,
                };
                file.write_all_at(&bytes[..len.min(bytes.len())], *offset)?;
            }
            Event::Zero { offset, len } if fate == u64::MAX || fate % 2 == 0 => {
                let flags =
                    rustix::fs::FallocateFlags::PUNCH_HOLE | rustix::fs::FallocateFlags::KEEP_SIZE;
                rustix::fs::fallocate(&file, flags, *offset, *len)?;
            }
            Event::Zero { .. } | Event::Flush | Event::Note(_) => {}
        }
    }
    Ok(())
}

/// Returns the last note before a moment.
pub fn note_at(events: &[Event], moment: Moment) -> Option<&str> {
    events[..moment.asked].iter().rev().find_map(|event| match event {
        Event::Note(note) => Some(note.as_str()),
        _ => None,
    })
}

/// A number that looks random and depends on both.
fn mix(a: u64, b: u64) -> u64 {
    let mut z =
        a.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(b.wrapping_mul(0xd1b5_4a32_d192_ed03));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_flushed_is_there_and_the_rest_may_be() {
        let write = |offset, byte| Event::Write { offset, bytes: vec![byte; 8192] };
        let events = [write(0, 1), Event::Flush, write(8192, 2), write(16384, 3), Event::Flush];
        let folder = tempfile::tempdir().unwrap();
        let disk = folder.path().join("disk");
        let mut seen = std::collections::BTreeSet::new();
        for moment in moments(&events, 40) {
            std::fs::write(&disk, [0; 24576]).unwrap();
            replay(&events, moment, &disk).unwrap();
            let bytes = std::fs::read(&disk).unwrap();
            assert!(moment.durable == 0 || bytes[..8192] == [1; 8192], "{moment:?}");
            seen.insert([bytes[8192], bytes[12288], bytes[16384], bytes[20480]]);
        }
        for expect in [[0, 0, 0, 0], [2, 2, 0, 0], [0, 0, 3, 3], [2, 0, 0, 0], [2, 2, 3, 3]] {
            assert!(seen.contains(&expect), "{expect:?} in {seen:?}");
        }
    }
}
