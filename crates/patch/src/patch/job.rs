//! The inputs of one patch: the volume, the content that it shall hold, and the options.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use boot::{BootPlan, BootTarget, InstalledLoaders};
use wire::Manifest;
use wire::digest::{Algorithm, Digest};
use wire::proto::PhaseTimes;

use super::desired::DesiredVolume;
use super::{Desired, Options, VolumePlace, unlock};
use crate::plan::{Choices, Plan, plan};
use crate::scan::VolumeContent;

/// One patch: its inputs, and the times that its phases took.
#[derive(Debug)]
pub(super) struct Job<'a> {
    pub volume: VolumePlace<'a>,
    pub desired: Desired<'a>,
    pub options: Options<'a>,
    /// The image with its boot set-up.
    pub wanted: &'a DesiredVolume<'a>,
    /// The tree to compare with: the image's own tree, or this tree with the files that make the image boot.
    pub tree: &'a Manifest,
    /// Content of the files that boot set-up adds, by digest; no store has it.
    pub generated: HashMap<Digest, Arc<[u8]>>,
    pub times: PhaseTimes,
    pub started: Instant,
}

impl<'a> Job<'a> {
    pub(super) fn new(
        volume: VolumePlace<'a>,
        desired: Desired<'a>,
        options: Options<'a>,
        wanted: &'a DesiredVolume<'a>,
        started: Instant,
    ) -> Self {
        let (generated, times) = (wanted.contents(), PhaseTimes::default());
        let tree = desired.manifest;
        Self { volume, desired, options, wanted, tree, generated, times, started }
    }

    /// Returns the job with `tree` in place of the image's own tree.
    pub(super) fn with_tree(self, tree: &'a Manifest) -> Self {
        Self { tree, ..self }
    }

    /// Returns the target of boot set-up: the volume and the kernel arguments.
    pub(super) fn boot_target(&self) -> BootTarget<'a> {
        self.volume.boot_target(self.desired.kernel_arguments)
    }

    /// Plans the steps, and marks locked inodes as touched, because the patch unlocks them.
    pub(super) fn plan(&self, have: &VolumeContent<'_>) -> Plan {
        let mut plan = self.with_choices(|choices| plan(&have.manifest, self.tree, choices));
        unlock::touch(&mut plan, have);
        plan
    }

    /// Calls a function with the inputs by which the planner chooses between several ways to make the same tree.
    pub(super) fn with_choices<T>(&self, use_them: impl FnOnce(Choices<'_>) -> T) -> T {
        let store = self.desired.objects.store;
        use_them(Choices {
            freed: self.options.freed,
            has_reflinks: self.volume.filesystem.facts().has_reflinks,
            frames: &|digest| store.frame_list(digest).ok().flatten(),
            is_here: &|digest| self.generated.contains_key(digest) || store.is_complete(digest),
            generated: &|digest| self.generated.get(digest).cloned(),
        })
    }

    /// Returns the loaders that the volume will have after a successful patch.
    pub(super) fn expected_loaders(&self) -> InstalledLoaders {
        let boot: Result<&BootPlan, &String> = self.wanted.boot.as_ref();
        InstalledLoaders {
            inputs: boot.ok().map(|boot| boot.inputs),
            // The digest of no bytes stands here until the loaders are written. It is never compared with an area.
            area: Algorithm::Sha256.digest(&[]),
            mode: boot.map(|boot| boot.loaders.boot_mode().to_owned()).map_err(Clone::clone),
        }
    }

    /// Returns the boot loaders of the volume, if they are the wanted ones.
    pub(super) fn loaders_on_volume(&self, have: &VolumeContent<'_>) -> Option<InstalledLoaders> {
        have.loaders.clone().filter(|loaders| loaders.is_as(&self.wanted.boot))
    }
}

impl<'a> VolumePlace<'a> {
    /// Returns the target of boot set-up on this volume.
    pub fn boot_target(&self, kernel_arguments: Option<&'a str>) -> BootTarget<'a> {
        BootTarget {
            identity: self.identity,
            filesystem: self.filesystem,
            layout: self.layout,
            kernel_arguments,
        }
    }
}
