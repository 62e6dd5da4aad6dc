//! The content that a volume shall hold: an image, and the files that make it boot.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use boot::{BootPlan, BootRecord, BootTarget, GeneratedEntry, overlay};
use wire::Manifest;
use wire::digest::Digest;
use wire::manifest::Inode;

use super::{Desired, VolumePlace};
use crate::{ImageObjects, PatchError};

/// An image with its boot set-up.
#[derive(Debug)]
pub(crate) struct DesiredVolume<'a> {
    /// The tree of the image itself.
    pub image: &'a Manifest,
    /// The boot set-up, or the reason why the image cannot boot.
    pub boot: Result<BootPlan, String>,
}

impl<'a> DesiredVolume<'a> {
    /// Plans the boot set-up of an image on a volume.
    pub(super) fn plan(volume: VolumePlace<'_>, desired: Desired<'a>) -> Result<Self, PatchError> {
        let target = volume.boot_target(desired.kernel_arguments);
        Self::of(desired.manifest, target, desired.objects)
    }

    /// Plans the boot set-up of an image for a target; reads and fetches files of the image.
    pub(crate) fn of(
        image: &'a Manifest,
        target: BootTarget<'_>,
        objects: ImageObjects<'_>,
    ) -> Result<Self, PatchError> {
        let read = |inode: Inode<'_>, len: u64| objects.head(inode, len);
        Ok(Self { image, boot: boot::plan(image, target, &read)? })
    }

    /// Returns whether the boot set-up that a ledger records is the wanted one.
    pub(super) fn is_on(&self, record: &BootRecord) -> bool {
        record.loaders.is_as(&self.boot) && record.generated == self.generated()
    }

    /// Returns the files that boot set-up adds to the image.
    pub(super) fn generated(&self) -> &[GeneratedEntry] {
        self.boot.as_ref().map_or(&[], |boot| &boot.generated)
    }

    /// Returns the content of the added files, by digest; no store has it.
    pub(super) fn contents(&self) -> HashMap<Digest, Arc<[u8]>> {
        let contents = self.generated().iter().filter_map(|file| file.content.as_ref());
        contents
            .map(|content| (self.image.algorithm().digest(content), Arc::clone(content)))
            .collect()
    }

    /// Returns the image's tree with the added files; borrowed if there are none.
    pub(crate) fn tree(&self) -> Result<Cow<'a, Manifest>, PatchError> {
        match self.generated() {
            [] => Ok(Cow::Borrowed(self.image)),
            generated => Ok(Cow::Owned(overlay(self.image, generated)?)),
        }
    }
}
