//! Simulates power losses. After a power loss, a disk holds everything up to the last flush, and any part of the later
//! writes.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::disk::Event;

/// A possible state of the disk after a power loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Number of events, counted from the first, that are certainly on the disk.
    pub durable: usize,
    /// Number of events, counted from the first, that the disk had received.
    pub asked: usize,
    /// Chooses which of the events in between are on the disk; 0 chooses all.
    pub seed: u64,
}

/// Returns possible states of the disk after a power loss. The first state is the one before all writes. Then, for each
/// flush and for the end of the record, there are `seeds` states with a random part of the writes since the previous
/// flush, and one state with all of these writes.
pub fn moments(events: &[Event], seeds: u64) -> Vec<Moment> {
    let mut found = vec![Moment { durable: 0, asked: 0, seed: 0 }];
    let mut durable = 0;
    for (index, event) in events.iter().enumerate() {
        if *event == Event::Flush {
            // The disk may hold the flush's writes even if the flush was never acknowledged.
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

/// Applies the events that survive at a moment to `disk`, a copy of the original disk. A write of several blocks may
/// survive in part; a block survives as a whole or not at all, as on EBS and NVMe disks.
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
                // A third of the writes is lost, a third arrives, and a third arrives in part.
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

/// Returns the last note before a moment; `None` if there is none.
pub fn note_at(events: &[Event], moment: Moment) -> Option<&str> {
    events[..moment.asked].iter().rev().find_map(|event| match event {
        Event::Note(note) => Some(note.as_str()),
        _ => None,
    })
}

/// Returns a pseudo-random number that depends on both inputs.
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
