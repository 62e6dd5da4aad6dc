//! A second region of quickstart: a replica of imaged, and an unpacker that fetches from it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use publisher::volumes::{self, UnpackOptions};
use rig::Daemons;
use wire::name::ImageName;
use wire::proto::{UnpackReport, WaitImageRequest};

use super::super::unpacker::add_volume;
use crate::cli::AddVolumeArgs;
use crate::context::Context;

/// Limit on the time until an image is in the region.
const SEEN_WITHIN: Duration = Duration::from_secs(60);

pub(super) struct Region {
    daemons: Daemons,
    folder: PathBuf,
}

impl Region {
    /// Starts both daemons, in a folder of their own.
    pub(super) fn start(primary: &Daemons, folder: &Path) -> anyhow::Result<Self> {
        let folder = folder.join("region-2");
        std::fs::create_dir(&folder)?;
        Ok(Self { daemons: Daemons::start_region(primary, &folder)?, folder })
    }

    /// Returns the addresses of imaged and unpackd.
    pub(super) fn addresses(&self) -> (&str, &str) {
        (self.daemons.imaged_address(), self.daemons.unpackd_address())
    }

    /// Adds a volume for a stream.
    pub(super) fn add_volume(&self, context: &Context, args: AddVolumeArgs) -> anyhow::Result<()> {
        let args = AddVolumeArgs { file: Some(self.folder.join("volume.img")), ..args };
        add_volume(context, &context.unpackd()?, &args).map(drop)
    }

    /// Waits until the replica has an image.
    pub(super) fn wait(&self, context: &Context, image: &ImageName) -> anyhow::Result<()> {
        let server = context.imaged()?;
        let timeout_ms = u64::try_from(SEEN_WITHIN.as_millis()).unwrap_or(u64::MAX);
        let request = WaitImageRequest { name: image.to_string(), timeout_ms };
        context.call(&server, server.images().wait_image(request)).map(drop)
    }

    /// Patches the region's volume to an image.
    pub(super) fn unpack(
        &self,
        context: &Context,
        image: &ImageName,
    ) -> anyhow::Result<UnpackReport> {
        let (client, unpackd) = (context.client()?, context.unpackd()?);
        let holder = client.holder().to_owned();
        Ok(volumes::unpack(client, &unpackd, image, &holder, UnpackOptions::default())?)
    }
}
