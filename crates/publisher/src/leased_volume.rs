//! A stream's volume under a lease: patches, captures and reads it. Dropping the value releases the lease.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::Duration;

use sysio::clock::now_ms;
use wire::blockmap::BlockIndex;
use wire::name::{ImageName, StreamName};
use wire::proto::{CaptureResponse, ConfirmRequest, ReadVolumeRequest, UnpackReport};

use crate::client::{Client, Unpackd};
use crate::error::{PublishError, Reason, Result};
use crate::observer::Progress;
use crate::volumes::{self, UnpackOptions};

/// Duration of the lease: if this process dies, the lease ends by itself. Patching and copying a volume take less.
const LEASE_TTL: Duration = Duration::from_secs(60 * 60);

/// A lease on a stream's volume, released on drop.
#[derive(Debug)]
pub struct LeasedVolume<'a> {
    client: &'a Client,
    unpackd: Unpackd,
    stream: StreamName,
    holder: String,
}

impl<'a> LeasedVolume<'a> {
    /// Takes the lease on a stream's volume; `steal` takes it from another holder.
    ///
    /// # Example
    /// ```no_run
    /// # let runtime = tokio::runtime::Runtime::new()?;
    /// # let addresses = publisher::Addresses { imaged: None, unpackd: None };
    /// # let tls = rpc::tls::TlsDir::load("/etc/imprint/pki/publish".as_ref())?;
    /// # let silent = std::sync::Arc::new(publisher::Silent);
    /// # let client = publisher::Client::new(addresses, tls, runtime.handle().clone(), silent);
    /// use publisher::leased_volume::LeasedVolume;
    ///
    /// let image: wire::name::ImageName = "base/debian-12/1".parse()?;
    /// let volume = LeasedVolume::take(&client, image.stream(), false)?;
    /// let report = volume.unpack(&image)?;
    /// let captured = volume.capture(&report.manifest, false, false)?;
    /// println!("{} is captured in epoch {}", captured.path, captured.epoch);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Reason::Call`].
    pub fn take(client: &'a Client, stream: StreamName, steal: bool) -> Result<Self> {
        let unpackd = client.unpackd()?;
        // Unique to this run: another publisher of the same user must not share the lease.
        let holder = format!("{}/publish-{}-{}", client.holder(), std::process::id(), now_ms());
        volumes::prepare(client, &unpackd, stream.as_str(), &holder, LEASE_TTL, steal)?;
        Ok(Self { client, unpackd, stream, holder })
    }

    /// Patches the volume to an image, with the default [`UnpackOptions`].
    ///
    /// # Errors
    /// [`Reason::Call`].
    pub fn unpack(&self, image: &ImageName) -> Result<UnpackReport> {
        let options = UnpackOptions::default();
        volumes::unpack(self.client, &self.unpackd, image, &self.holder, options)
    }

    /// Captures the volume, optionally with its block map, and checks that the volume holds this manifest.
    ///
    /// # Errors
    /// [`Reason::Call`]; [`Reason::VolumeDiffers`]: the volume holds another manifest.
    pub fn capture(
        &self,
        manifest: &str,
        no_boot: bool,
        with_map: bool,
    ) -> Result<CaptureResponse> {
        let stream = self.stream.as_str();
        let (client, unpackd) = (self.client, &self.unpackd);
        let captured = volumes::capture(client, unpackd, stream, &self.holder, no_boot, with_map)?;
        if captured.manifest != manifest {
            let message = format!(
                "the volume of {stream} holds {}, not {manifest}: unpack the image again",
                captured.manifest
            );
            return Err(PublishError::new(Reason::VolumeDiffers, message));
        }
        Ok(captured)
    }

    /// Copies the captured volume into a sparse file; if `blocks` is not `None`, only these blocks. Returns the number
    /// of bytes copied.
    ///
    /// # Errors
    /// [`Reason::Call`]; [`Reason::Io`].
    pub fn read(&self, epoch: u64, blocks: Option<Vec<BlockIndex>>, file: &File) -> Result<u64> {
        let request = ReadVolumeRequest {
            stream: self.stream.to_string(),
            holder: self.holder.clone(),
            epoch,
            only_blocks: blocks.is_some(),
            blocks: blocks.unwrap_or_default().into_iter().map(|index| index.0).collect(),
        };
        let (client, unpackd) = (self.client, &self.unpackd);
        let mut pieces = client.call(unpackd, unpackd.volumes().read_volume(request))?;
        let shown = client.observer().activity("capturing");
        let mut copied = 0;
        while let Some(piece) = client.next(unpackd, &mut pieces)? {
            if piece.data.is_empty() {
                file.set_len(piece.size)?;
                continue;
            }
            file.write_all_at(&piece.data, piece.offset)?;
            copied += piece.data.len() as u64;
            let (done, total) = (piece.offset, piece.size);
            shown.update(Progress { phase: "capturing", done, total, is_bytes: true });
        }
        Ok(copied)
    }

    /// Confirms that the volume stayed captured since `epoch` began.
    ///
    /// # Errors
    /// [`Reason::Call`].
    pub fn confirm(&self, epoch: u64) -> Result<()> {
        let (stream, holder) = (self.stream.to_string(), self.holder.clone());
        let request = ConfirmRequest { stream, holder, epoch };
        self.client.call(&self.unpackd, self.unpackd.volumes().confirm(request)).map(drop)
    }
}

impl Drop for LeasedVolume<'_> {
    fn drop(&mut self) {
        let stream = self.stream.as_str();
        let released = volumes::release(self.client, &self.unpackd, stream, &self.holder);
        // A lease that was not released expires by itself.
        if let Err(error) = released {
            let text = format!(
                "the lease on the volume could not be released, and ends by itself within an hour: {}",
                error.chain()
            );
            self.client.observer().note(&text);
        }
    }
}
