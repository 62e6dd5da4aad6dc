//! Patching and verifying a stream's volume.

use std::time::{Duration, Instant};

use boot::overlay;
use patch::ledger::Ledger;
use patch::{
    CallerError, Desired, Difference, ImageObjects, Options, StateRecorder, VolumePlace,
    expected_tree, patch, verify_volume,
};
use wire::name::{ImageName, StreamName};
use wire::proto::UnpackReport;

use super::{Manager, advance, wrong_state};
use crate::UnpackError;
use crate::volume::{Event, Revision, State, Volume};

/// Options of one patch; the volume's record has the others.
#[derive(Debug, Clone, Copy)]
pub struct UnpackOptions {
    /// Longest time to wait for the image to appear, and then for another operation on the volume to end.
    pub wait: Duration,
    /// Hash all content of the volume instead of trusting the ledger.
    pub verify_full: bool,
    /// Stop after planning and write nothing.
    pub is_dry_run: bool,
}

impl Manager {
    /// Patches the volume of an image's stream to that image.
    ///
    /// # Errors
    /// [`UnpackError`]. A patch that fails while it writes leaves the volume in `NeedsScan`, or in `Damaged` if the
    /// volume itself failed.
    pub fn unpack(
        &self,
        image: &ImageName,
        holder: &str,
        options: UnpackOptions,
        progress: &(dyn Fn(&'static str, u64, u64) + Sync),
    ) -> Result<UnpackReport, UnpackError> {
        let stream = image.stream();
        let deadline = Instant::now() + options.wait;
        if !options.wait.is_zero() {
            // A stream without a volume is told at once.
            self.registry.of_stream(&stream)?;
            progress("image", 0, 0);
            let there = self.source.wait_for_image(image, options.wait);
            there.map_err(patch::PatchError::from)?;
        }
        let wait = deadline.saturating_duration_since(Instant::now());
        let (claim, volume) = self.claim_stream(&stream, holder, wait)?;
        let guard = self.history.begin(&volume.id, image, options.is_dry_run);
        let show = |phase, done, total| {
            guard.progress(phase, done, total);
            progress(phase, done, total);
        };
        let result = self.patch_claimed(image, &volume, options, &show);
        guard.end(&result);
        drop(claim);
        result
    }

    /// Patches a volume; the caller holds the claim on it.
    fn patch_claimed(
        &self,
        image: &ImageName,
        volume: &Volume,
        options: UnpackOptions,
        progress: &(dyn Fn(&'static str, u64, u64) + Sync),
    ) -> Result<UnpackReport, UnpackError> {
        let stream = image.stream();
        progress("manifest", 0, 0);
        let objects = self.objects(image);
        let (digest, manifest) = objects.manifest()?;
        let recorder = Recorder {
            manager: self,
            id: volume.id.clone(),
            to: Revision { image: image.clone(), manifest: digest },
            progress,
        };
        let kernel_arguments = volume.kernel_arguments.as_deref();
        let result = patch(
            VolumePlace { ledger: Some((&self.ledgers, &volume.id)), ..volume.place(&stream) },
            Desired { manifest: &manifest, objects, kernel_arguments },
            Options {
                is_fresh: matches!(volume.state, State::Unclaimed),
                verify_full: options.verify_full || matches!(volume.state, State::Damaged(_)),
                is_dry_run: options.is_dry_run,
                freed: volume.freed,
                engine: self.engine,
                recorder: &recorder,
            },
        );
        if let Err(error) = &result {
            tracing::error!(volume = volume.id, %image, "failed to patch: {error}");
            let is_damaged = error.is_of_volume() && !options.is_dry_run;
            recorder.end(match is_damaged {
                true => Event::Fail(error.to_string()),
                false => Event::Interrupted,
            });
        }
        Ok(result?)
    }

    /// Returns access to the image's objects, in the local store or from imaged.
    fn objects<'a>(&'a self, image: &'a ImageName) -> ImageObjects<'a> {
        ImageObjects { store: &self.store, source: self.source.as_ref(), image }
    }

    /// Compares all content of a volume with the image that its record names.
    ///
    /// # Errors
    /// [`UnpackError::WrongState`] if the record names no image.
    pub fn verify(
        &self,
        stream: &StreamName,
        holder: &str,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<(ImageName, Vec<Difference>), UnpackError> {
        let (_claim, volume) = self.claim_stream(stream, holder, Duration::ZERO)?;
        let revision = volume.state.revision().cloned();
        let revision = revision.ok_or_else(|| wrong_state(&volume, "verify"))?;
        let want = self.store.load_manifest(&revision.manifest)?;
        // Add the boot files: those that the last patch generated, else those that a patch would generate now.
        let want = match Ledger::load(&self.ledgers, &volume.id) {
            Some(ledger) if ledger.manifest == want.digest() => {
                overlay(&want, &ledger.boot.generated).map_err(patch::PatchError::from)?
            }
            _ => {
                let objects = self.objects(&revision.image);
                expected_tree(&want, volume.boot_target(stream), objects)?.into_owned()
            }
        };
        let target = volume.boot_target(stream);
        let found = verify_volume(&volume.path, target, &want, self.engine, progress)?;
        Ok((revision.image, found))
    }
}

/// Records a patch's steps as the volume's states.
struct Recorder<'a> {
    manager: &'a Manager,
    id: String,
    to: Revision,
    progress: &'a (dyn Fn(&'static str, u64, u64) + Sync),
}

impl Recorder<'_> {
    fn advance(&self, event: Event) -> Result<(), UnpackError> {
        self.manager.update(&self.id, |volume| advance(volume, event, "unpack"))
    }

    /// Records the end of a failed patch. If that fails too, only logs the second error: the caller gets the patch's
    /// error.
    fn end(&self, event: Event) {
        if let Err(error) = self.advance(event) {
            tracing::error!("failed to record how a patch ended: {error}");
        }
    }
}

impl StateRecorder for Recorder<'_> {
    fn formatting(&self) -> Result<(), CallerError> {
        Ok(self.advance(Event::Format)?)
    }

    fn patching(&self) -> Result<(), CallerError> {
        Ok(self.advance(Event::Patch(self.to.clone()))?)
    }

    fn done(&self) -> Result<(), CallerError> {
        Ok(self.advance(Event::PatchDone)?)
    }

    fn progress(&self, phase: &'static str, done: u64, total: u64) {
        (self.progress)(phase, done, total);
    }
}
