//! Manifests of the images in use, in bounded memory. The least recently used manifest is dropped first, and is read
//! again when it is needed.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard, RwLock};
use store::ImageContent;
use wire::Manifest;

use super::claims::Claims;
use super::disks::{DiskFiles, read_table};
use super::names::{Image, Names};
use super::objects::Objects;
use crate::MountError;

/// Limit on disks whose tables are read at once. The longest disk image has 512 GiB, and its block map takes 32 MiB.
const DISKS_AT_ONCE_MAX: usize = 4;

/// An image whose manifest is in memory.
#[derive(Debug)]
pub struct LoadedImage {
    /// The image as the list of images has it.
    pub image: Image,
    /// Tree of the image; for a disk image, the tree that the mount made for it.
    pub manifest: Manifest,
    /// Blocks of a disk image; `None` for an image of files.
    pub disk: Option<DiskFiles>,
}

impl LoadedImage {
    fn memory_len(&self) -> u64 {
        self.manifest.memory_len() + self.disk.as_ref().map_or(0, DiskFiles::memory_len)
    }
}

/// A place for one image: one reader loads it while others wait for the lock.
#[derive(Debug, Default)]
struct Slot {
    loaded: Arc<Mutex<Option<Arc<LoadedImage>>>>,
    /// Bytes of memory; 0 until the image is loaded.
    len: u64,
    used: u64,
}

#[derive(Debug, Default)]
struct LoadedImages {
    slots: HashMap<u32, Slot>,
    clock: u64,
}

/// Loaded images, found by ordinal.
#[derive(Debug)]
pub enum Images {
    /// Images loaded on first use.
    Many(LoadedImageCache),
    /// A single loaded image, with ordinal 1.
    One(Arc<LoadedImage>),
}

/// The images loaded so far, and the locks under which further images are loaded.
#[derive(Debug)]
pub struct LoadedImageCache {
    names: Arc<RwLock<Names>>,
    objects: Arc<Objects>,
    memory_len_max: u64,
    known: Mutex<LoadedImages>,
    /// Held by the reader that decodes a manifest, until the manifest's memory is counted. So at most one manifest is
    /// uncounted, for any number of readers.
    decoding: Mutex<()>,
    /// Claims on disk images. A reader holds a claim while it decodes a disk image and reads the disk's table.
    maps: Claims,
}

impl Images {
    /// Begins with no image loaded. All loaded images together take at most `memory_len_max` bytes, unless one image
    /// alone takes more.
    pub fn new(names: Arc<RwLock<Names>>, objects: Arc<Objects>, memory_len_max: u64) -> Self {
        let (known, decoding) = Default::default();
        let maps = Claims::new(DISKS_AT_ONCE_MAX);
        Self::Many(LoadedImageCache { names, objects, memory_len_max, known, decoding, maps })
    }

    /// Returns an image, loading it if necessary; `None` if no image ever had this ordinal.
    ///
    /// # Errors
    /// Errors of reading and decoding the manifest.
    pub fn get(&self, ordinal: u32) -> Result<Option<Arc<LoadedImage>>, MountError> {
        match self {
            Self::Many(loading) => loading.get(ordinal),
            Self::One(loaded) => Ok(Some(Arc::clone(loaded)).filter(|_| ordinal == 1)),
        }
    }
}

impl LoadedImageCache {
    fn get(&self, ordinal: u32) -> Result<Option<Arc<LoadedImage>>, MountError> {
        let slot = {
            let mut known = self.known();
            known.clock += 1;
            let now = known.clock;
            let slot = known.slots.entry(ordinal).or_default();
            slot.used = now;
            Arc::clone(&slot.loaded)
        };
        let mut loaded = slot.lock();
        if let Some(loaded) = &*loaded {
            return Ok(Some(Arc::clone(loaded)));
        }
        let names = self.names.read();
        let Some(image) = names.image(ordinal).cloned() else {
            drop(names);
            self.known().slots.remove(&ordinal);
            return Ok(None);
        };
        drop(names);
        // Fetches before it locks `decoding`, so that readers of manifests on this machine do not wait for a slow
        // imaged.
        let was_fetched = self.objects.bring_manifest(&image.name, &image.manifest)?;
        let _map = image.is_disk.then(|| self.maps.claim(&image.manifest));
        let (found, one) = self.decode(image)?;
        let found = Arc::new(found);
        let len = found.memory_len();
        *loaded = Some(Arc::clone(&found));
        drop(loaded);
        self.make_room(ordinal, len);
        drop(one);
        if was_fetched {
            self.objects.drop_rest();
        }
        Ok(Some(found))
    }

    /// Decodes an image under the lock `decoding`, and returns the image with the lock. The lock is released while a
    /// disk's table is read, because that may fetch blocks.
    fn decode(&self, image: Image) -> Result<(LoadedImage, MutexGuard<'_, ()>), MountError> {
        let alone = || self.decoding.lock();
        let one = alone();
        let map = match self.objects.content(&image.name, &image.manifest)? {
            ImageContent::Tree(manifest) => {
                return Ok((LoadedImage { image, manifest: *manifest, disk: None }, one));
            }
            ImageContent::Disk(map) => map,
        };
        drop(one);
        let table = read_table(&image, &map, &self.objects)?;
        let one = alone();
        let (disk, manifest) = DiskFiles::new(&image, map, &table)?;
        Ok((LoadedImage { image, manifest, disk: Some(disk) }, one))
    }

    /// Counts an image's memory, and drops the least recently used other images until all loaded images fit.
    fn make_room(&self, ordinal: u32, len: u64) {
        let mut known = self.known();
        if let Some(slot) = known.slots.get_mut(&ordinal) {
            slot.len = len;
        }
        let mut total: u64 = known.slots.values().map(|slot| slot.len).sum();
        while total > self.memory_len_max {
            let others =
                known.slots.iter().filter(|(other, slot)| **other != ordinal && slot.len > 0);
            let oldest = others.min_by_key(|(_, slot)| slot.used).map(|(other, _)| *other);
            let Some(gone) = oldest.and_then(|oldest| known.slots.remove(&oldest)) else { return };
            total -= gone.len;
        }
    }

    fn known(&self) -> MutexGuard<'_, LoadedImages> {
        self.known.lock()
    }
}
