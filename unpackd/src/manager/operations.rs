//! Associates volumes with streams, ends such associations, and removes volumes.

use std::time::Duration;

use patch::ledger::Ledger;
use wire::name::StreamName;

use super::{Manager, check_lease};
use crate::UnpackError;
use crate::volume::{State, Volume};

impl Manager {
    /// Removes a volume from the registry, with its ledger. The content of the volume stays.
    ///
    /// # Errors
    /// [`UnpackError::NoVolume`]; [`UnpackError::LeaseHeld`].
    pub fn remove_volume(&self, id: &str, holder: &str) -> Result<(), UnpackError> {
        let _claim = self.claim(id, Duration::ZERO)?;
        {
            // Without the lock, a lease that is granted meanwhile would write the removed record back.
            let _lock = self.registry_lock();
            check_lease(&self.registry.get(id)?, holder)?;
            self.registry.remove(id)?;
        }
        tracing::info!(volume = id, "volume removed");
        Ok(Ledger::remove(&self.ledgers, id)?)
    }

    /// Associates a stream with a volume. The first patch after that replaces all content of the volume. If the stream
    /// already has this volume, nothing changes.
    ///
    /// # Errors
    /// [`UnpackError::NoVolume`]; [`UnpackError::VolumeTaken`]; [`UnpackError::StreamTaken`].
    pub fn associate(
        &self,
        stream: &StreamName,
        id: &str,
        holder: &str,
    ) -> Result<Volume, UnpackError> {
        let _claim = self.claim(id, Duration::ZERO)?;
        self.update(id, |volume| {
            check_lease(volume, holder)?;
            refuse_second(&self.registry.list()?, stream, id)?;
            if let Some(other) = volume.stream.as_ref().filter(|other| *other != stream) {
                let (id, stream) = (id.to_owned(), other.clone());
                return Err(UnpackError::VolumeTaken { id, stream });
            }
            volume.stream = Some(stream.clone());
            Ok(volume.clone())
        })
    }

    /// Ends the association of a stream with its volume, and returns the volume's id. The first patch for the next
    /// stream formats the volume.
    ///
    /// # Errors
    /// [`UnpackError::NoStream`]; [`UnpackError::LeaseHeld`].
    pub fn forget(&self, stream: &StreamName, holder: &str) -> Result<String, UnpackError> {
        let (_claim, volume) = self.claim_stream(stream, holder, Duration::ZERO)?;
        Ledger::remove(&self.ledgers, &volume.id)?;
        self.update(&volume.id, |volume| {
            check_lease(volume, holder)?;
            volume.stream = None;
            volume.lease = None;
            volume.captured_epoch = 0;
            // The filesystem's UUIDs derive from the stream, so the next stream needs a new filesystem.
            volume.state = State::Unclaimed;
            Ok(volume.id.clone())
        })
    }
}

/// Refuses a stream that already has a volume other than `id`.
pub(super) fn refuse_second(
    known: &[Volume],
    stream: &StreamName,
    id: &str,
) -> Result<(), UnpackError> {
    match known.iter().find(|volume| volume.stream.as_ref() == Some(stream) && volume.id != id) {
        None => Ok(()),
        Some(other) => {
            Err(UnpackError::StreamTaken { stream: stream.clone(), id: other.id.clone() })
        }
    }
}
