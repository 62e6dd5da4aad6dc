//! Fetches the newest image of each volume's stream in the background, before anybody asks for it.
//!
//! The thread waits for news from imaged. It works at a low priority, in small parts, and not while an operation runs on
//! a volume. A patch that comes meanwhile fetches the rest itself.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use patch::{CallerError, ImageObjects, ObjectSource, PatchError};
use store::{ImageContent, KeepPolicy};
use transfer::TransferError;
use wire::digest::Digest;
use wire::name::{ImageName, StreamName};
use wire::units::format_len;

use crate::UnpackError;
use crate::imaged::ImagedSource;
use crate::manager::Manager;
use crate::volume::Volume;

/// How long imaged may hold back its answer while nothing changes.
const NEWS_WAIT: Duration = Duration::from_secs(30);

/// Pause after a failure, and while no volume has a stream.
const PAUSE: Duration = Duration::from_secs(5);

/// Content that is fetched at once: little enough that a patch soon has the network for itself.
const PART_LEN: u64 = 16 << 20;

/// Interval of looks whether the operations on volumes have ended.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Space that must stay free where the store is, for patches.
const FREE_MIN: u64 = 2 << 30;

/// The reason why an image was not fetched ahead.
#[derive(Debug, thiserror::Error)]
enum AheadError {
    #[error(transparent)]
    Transfer(#[from] TransferError),
    #[error(transparent)]
    Caller(#[from] CallerError),
    #[error(transparent)]
    Patch(#[from] PatchError),
    #[error(transparent)]
    Unpack(#[from] UnpackError),
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

/// Fetches ahead for a manager's volumes.
#[derive(Debug)]
pub struct FetchAhead {
    manager: Arc<Manager>,
    imaged: ImagedSource,
    /// Limit on the content of one image that is fetched ahead, in bytes.
    len_max: u64,
    /// For each stream, the image that needs no further look.
    settled: HashMap<StreamName, ImageName>,
}

impl FetchAhead {
    /// Begins fetching, on a thread of its own.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn start(manager: Arc<Manager>, imaged: ImagedSource, len_max: u64) -> std::io::Result<()> {
        let ahead = Self { manager, imaged, len_max, settled: HashMap::new() };
        std::thread::Builder::new().name("fetch-ahead".to_owned()).spawn(move || ahead.run())?;
        Ok(())
    }

    fn run(mut self) {
        sysio::lower_priority();
        let mut seen = 0;
        loop {
            let volumes = self.manager.volumes().unwrap_or_default();
            let of_streams = volumes.into_iter().filter_map(|volume| {
                let stream = volume.stream.clone()?;
                Some((stream, volume))
            });
            let of_streams: Vec<(StreamName, Volume)> = of_streams.collect();
            let Some((first, _)) = of_streams.first() else {
                std::thread::park_timeout(PAUSE);
                continue;
            };
            // The version is that of the whole catalog: news of one stream is news of all.
            match self.imaged.remote().news(first, seen, NEWS_WAIT) {
                Ok(version) => seen = version,
                Err(error) => {
                    tracing::debug!("fetching ahead waits for imaged: {error}");
                    std::thread::park_timeout(PAUSE);
                    continue;
                }
            }
            for (stream, volume) in of_streams {
                if let Err(error) = self.fetch_newest(&stream, &volume) {
                    tracing::warn!(%stream, "failed to fetch ahead: {error}");
                    // The next news or half a minute brings another attempt.
                }
            }
        }
    }

    fn fetch_newest(&mut self, stream: &StreamName, volume: &Volume) -> Result<(), AheadError> {
        let Some(name) = self.imaged.remote().latest_name(stream)? else { return Ok(()) };
        if self.settled.get(stream) == Some(&name) {
            return Ok(());
        }
        let record = ObjectSource::image(&self.imaged, &name)?;
        // From here on the store keeps what it has of the image.
        if let Ok(manifest) = record.manifest.parse() {
            self.manager.note_newest(stream, manifest);
        }
        if record.kind != "disk" {
            self.fetch(&name, volume)?;
        }
        self.settled.insert(stream.clone(), name);
        Ok(())
    }

    /// Fetches what a patch of the volume to an image will need, as far as the manifests show it.
    fn fetch(&self, name: &ImageName, volume: &Volume) -> Result<(), AheadError> {
        let store = self.manager.store();
        let objects = ImageObjects { store, source: &self.imaged, image: name };
        let (_, want) = objects.manifest()?;
        let have = volume.state.revision().map(|revision| revision.manifest);
        let have = have.and_then(|manifest| ImageContent::load(store, &manifest).ok());
        let have: HashSet<Digest> =
            have.iter().flat_map(ImageContent::data_objects).map(|(digest, _)| digest).collect();
        let mut seen = HashSet::new();
        let missing: Vec<(Digest, u64)> = want
            .data_objects()
            .filter(|(digest, _)| seen.insert(*digest) && !have.contains(digest))
            .filter(|(digest, _)| !store.is_complete(digest))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let len: u64 = missing.iter().map(|(_, len)| len).sum();
        let free = store.free_space()?.bytes;
        if len > self.len_max || free < len.saturating_add(FREE_MIN) {
            tracing::info!(
                image = %name,
                "not fetched ahead: {} of content, {} are free",
                format_len(len),
                format_len(free)
            );
            return Ok(());
        }
        let mut bytes = 0;
        for part in parts(&missing) {
            self.wait_until_idle();
            let batch = store.begin()?.keeping(KeepPolicy::ForLists);
            bytes += ObjectSource::fetch(&self.imaged, name, &part, &batch, &|_, _| {})?;
            batch.commit()?;
        }
        let metrics = &self.manager.history().metrics;
        metrics.ahead_images.inc();
        metrics.ahead_bytes.inc_by(bytes);
        tracing::info!(image = %name, bytes, "fetched an image ahead");
        Ok(())
    }

    /// Waits while an operation runs on a volume.
    fn wait_until_idle(&self) {
        while !self.manager.is_idle() {
            std::thread::park_timeout(LOOK_EVERY);
        }
    }
}

/// Cuts objects into parts of about [`PART_LEN`] bytes of content.
fn parts(objects: &[(Digest, u64)]) -> Vec<Vec<Digest>> {
    let mut parts: Vec<Vec<Digest>> = Vec::new();
    let mut len = PART_LEN;
    for (digest, more) in objects {
        if len >= PART_LEN {
            parts.push(Vec::new());
            len = 0;
        }
        len += more;
        if let Some(part) = parts.last_mut() {
            part.push(*digest);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use wire::digest::Algorithm;

    use super::*;

    #[test]
    fn parts_keep_the_order_and_end_after_enough_content() {
        let digest = |number: u8| Algorithm::Sha256.digest(&[number]);
        let objects = [(1, PART_LEN - 1), (2, 1), (3, 3 * PART_LEN), (4, 1)];
        let objects = objects.map(|(number, len)| (digest(number), len));
        let parts = parts(&objects);
        let expected = [vec![digest(1), digest(2)], vec![digest(3)], vec![digest(4)]];
        assert_eq!(parts, expected);
        assert!(super::parts(&[]).is_empty());
    }
}
