//! A stream's volume that is leased: patched, captured, read, and given back.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::Duration;

use wire::ErrorClass;
use wire::name::{ImageName, StreamName};
use wire::proto::{CaptureResponse, ConfirmRequest, ReadVolumeRequest, UnpackReport};

use super::publish::WAIT;
use super::unpacker;
use crate::context::{Context, Server, holder, now_ms};
use crate::failure::Failure;

/// How long the lease lasts if this process ends without giving it back: longer than any patch
/// and copy of a volume takes.
const LEASE_TTL: Duration = Duration::from_secs(60 * 60);

/// A lease on a stream's volume, given back when this is dropped.
pub(super) struct LeasedVolume<'a> {
    context: &'a Context,
    server: Server,
    stream: StreamName,
    holder: String,
}

impl<'a> LeasedVolume<'a> {
    /// Takes it.
    pub(super) fn take(
        context: &'a Context,
        stream: StreamName,
        steal: bool,
    ) -> anyhow::Result<Self> {
        let server = context.unpackd()?;
        // A name of this run alone: another publisher of the same user must not share the lease.
        let holder = format!("{}/publish-{}-{}", holder(), std::process::id(), now_ms());
        unpacker::prepare(context, &server, stream.as_str(), &holder, LEASE_TTL, steal)?;
        Ok(Self { context, server, stream, holder })
    }

    /// Patches it to an image.
    pub(super) fn unpack(&self, image: &ImageName) -> anyhow::Result<UnpackReport> {
        let how = unpacker::How { wait: WAIT, verify: "auto", dry_run: false };
        unpacker::unpack(self.context, &self.server, image, &self.holder, how)
    }

    /// Captures it, with its block map if that is wanted, and makes sure of what it holds.
    pub(super) fn capture(
        &self,
        manifest: &str,
        no_boot: bool,
        with_map: bool,
    ) -> anyhow::Result<CaptureResponse> {
        let stream = self.stream.as_str();
        let (context, server) = (self.context, &self.server);
        let captured = unpacker::capture(context, server, stream, &self.holder, no_boot, with_map)?;
        if captured.manifest != manifest {
            let message = format!("the volume holds {} instead of {manifest}", captured.manifest);
            return Err(Failure::error(ErrorClass::Refused, message));
        }
        Ok(captured)
    }

    /// Copies what was captured into a sparse file, all of it or some blocks, and returns how much there was.
    pub(super) fn read(
        &self,
        epoch: u64,
        blocks: Option<Vec<u32>>,
        file: &File,
    ) -> anyhow::Result<u64> {
        let request = ReadVolumeRequest {
            stream: self.stream.to_string(),
            holder: self.holder.clone(),
            epoch,
            only_blocks: blocks.is_some(),
            blocks: blocks.unwrap_or_default(),
        };
        let (context, server) = (self.context, &self.server);
        let mut pieces = context.call(server, server.volumes().read_volume(request))?;
        let shown = context.output.progress("capturing");
        let mut copied = 0;
        loop {
            let piece = context.runtime.block_on(pieces.message());
            let piece =
                piece.map_err(|status| rpc::client::call_failed(&status, &server.address))?;
            let Some(piece) = piece else {
                return Ok(copied);
            };
            if piece.data.is_empty() {
                file.set_len(piece.size)?;
                continue;
            }
            file.write_all_at(&piece.data, piece.offset)?;
            copied += piece.data.len() as u64;
            shown.update("capturing", piece.offset, piece.size, true);
        }
    }

    /// Confirms that it stayed captured all the time.
    pub(super) fn confirm(&self, epoch: u64) -> anyhow::Result<()> {
        let (stream, holder) = (self.stream.to_string(), self.holder.clone());
        let request = ConfirmRequest { stream, holder, epoch };
        self.context.call(&self.server, self.server.volumes().confirm(request)).map(drop)
    }
}

impl Drop for LeasedVolume<'_> {
    fn drop(&mut self) {
        let stream = self.stream.as_str();
        let released = unpacker::release(self.context, &self.server, stream, &self.holder);
        // It expires by itself.
        if let Err(error) = released {
            self.context.output.note(&format!("the lease was not given back: {error:#}"));
        }
    }
}
