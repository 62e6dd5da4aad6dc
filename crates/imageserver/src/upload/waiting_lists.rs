//! Frame lists that came before their frames.
//!
//! A client sends frames and lists over several streams at once, so a list can overtake frames. Such a list waits until
//! all its frames were shown, at the latest until the commit.

use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use store::codec::Decoder;
use wire::object::{Encoded, PAYLOAD_LEN_MAX};
use wire::units::format_len;

use super::UploadError;

/// Limit on the length of all lists of an upload that wait. A client that sends each list after its frames has few that
/// wait; the list of the longest file has this length.
pub(super) const WAITING_LEN_MAX: usize = PAYLOAD_LEN_MAX;

#[derive(Debug, Default)]
pub(super) struct WaitingLists {
    lists: Mutex<Vec<Encoded>>,
}

impl WaitingLists {
    /// Keeps a list until its frames are there.
    pub(super) fn add(&self, list: Encoded) -> Result<(), UploadError> {
        let mut lists = self.lists.lock();
        let waiting: usize = lists.iter().map(|list| list.payload.len()).sum();
        if waiting + list.payload.len() > WAITING_LEN_MAX {
            return Err(UploadError::Mismatch(format!(
                "lists of frames of more than {} were sent before their frames: send each list after its frames",
                format_len(WAITING_LEN_MAX as u64)
            )));
        }
        lists.push(list);
        Ok(())
    }

    /// Takes the lists for which a condition holds.
    pub(super) fn take(&self, is_ready: impl Fn(&Encoded) -> bool) -> Vec<Encoded> {
        self.lists.lock().extract_if(.., |list| is_ready(list)).collect()
    }
}

/// Runs `check` for each list, on all cores. Returns the first error.
pub(super) fn check_all(
    lists: &[Encoded],
    check: impl Fn(&Encoded, &mut Decoder, &mut Vec<u8>) -> Result<(), UploadError> + Sync,
) -> Result<(), UploadError> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = AtomicUsize::new(0);
    let work = || -> Result<(), UploadError> {
        let (mut decoder, mut content) = (Decoder::new()?, Vec::new());
        while let Some(list) = lists.get(next.fetch_add(1, Ordering::Relaxed)) {
            check(list, &mut decoder, &mut content)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores.min(lists.len())).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| {
                Err(UploadError::Mismatch("the check of a list of frames panicked".to_owned()))
            })
        })
    })
}
