//! Frame lists that came before their frames.
//!
//! A client sends frames and lists over several streams at once, so a list can overtake frames. Such a list waits until
//! all its frames were shown, at the latest until the commit.

use parking_lot::Mutex;
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
