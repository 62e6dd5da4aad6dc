//! Those who hear of an image's objects while they come.

use store::BatchReader;
use wire::digest::Digest;
use wire::object::Encoded;

/// Hears of an image's objects while they come.
pub trait FetchWatcher: Sync {
    /// The image needs these objects, whether the store has them or not.
    fn needs(&self, objects: &[Digest]);
    /// From here on objects come into another batch.
    fn begins(&self, batch: BatchReader);
    /// An object came into the batch.
    fn received(&self, object: &Digest);
    /// These lists of frames came. They are in no batch before their frames are, and are not checked yet.
    fn lists(&self, lists: &[Encoded]);
    /// All lists that came were checked, and are in the batch.
    fn checked(&self);
}

/// Nobody hears of the objects.
#[derive(Clone, Copy, Debug)]
pub struct NoWatcher;

impl FetchWatcher for NoWatcher {
    fn needs(&self, _: &[Digest]) {}

    fn begins(&self, _: BatchReader) {}

    fn received(&self, _: &Digest) {}

    fn lists(&self, _: &[Encoded]) {}

    fn checked(&self) {}
}
