//! Calls to unpackd about a stream's volume: lease, patch, capture, release.

use std::time::Duration;

use wire::name::ImageName;
use wire::proto::{
    CaptureRequest, CaptureResponse, Lease, PrepareRequest, ReleaseRequest, UnpackReport,
    UnpackRequest, unpack_event::Event,
};

use crate::client::{Client, Server, Unpackd};
use crate::error::{PublishError, Reason, Result};
use crate::observer::Progress;

/// Default time to wait for another operation on the volume.
pub const WAIT: Duration = Duration::from_secs(60);

/// How [`unpack`] patches a volume. The default waits a minute and trusts the records of earlier patches.
#[derive(Clone, Copy, Debug)]
pub struct UnpackOptions<'a> {
    /// Time to wait for another operation on the volume.
    pub wait: Duration,
    /// `auto` trusts the records of earlier patches where they are valid; `full` hashes everything on the volume first.
    pub verify: &'a str,
    /// Report the changes without making them.
    pub dry_run: bool,
}

impl Default for UnpackOptions<'_> {
    fn default() -> Self {
        Self { wait: WAIT, verify: "auto", dry_run: false }
    }
}

/// Takes or renews a lease on a stream's volume.
///
/// # Errors
/// [`Reason::Call`]; of the class `Conflict` if another holder has the lease.
pub fn prepare(
    client: &Client,
    unpackd: &Unpackd,
    stream: &str,
    holder: &str,
    ttl: Duration,
    steal: bool,
) -> Result<Lease> {
    let ttl_ms = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX);
    let (stream, holder) = (stream.to_owned(), holder.to_owned());
    let request = PrepareRequest { stream, holder, ttl_ms, steal };
    client.call(unpackd, unpackd.volumes().prepare(request))
}

/// Patches a stream's volume to an image.
///
/// # Errors
/// [`Reason::Call`]; [`Reason::NoResult`]: unpackd ended the call without a report. A new call finishes the patch.
pub fn unpack(
    client: &Client,
    unpackd: &Unpackd,
    image: &ImageName,
    holder: &str,
    options: UnpackOptions<'_>,
) -> Result<UnpackReport> {
    let request = UnpackRequest {
        image: image.to_string(),
        holder: holder.to_owned(),
        verify: options.verify.to_owned(),
        wait_ms: u64::try_from(options.wait.as_millis()).unwrap_or(u64::MAX),
        dry_run: options.dry_run,
    };
    let mut events = client.call(unpackd, unpackd.volumes().unpack(request))?;
    let shown = client.observer().activity(&format!("unpacking {image}"));
    loop {
        match client.next(unpackd, &mut events)?.map(|event| event.event) {
            Some(Some(Event::Progress(progress))) => {
                let (phase, done, total) = (&*progress.phase, progress.done, progress.total);
                shown.update(Progress { phase, done, total, is_bytes: false });
            }
            Some(Some(Event::Report(report))) => {
                client.observer().unpacked(&report);
                return Ok(report);
            }
            Some(None) => {}
            None => {
                let message = format!(
                    "{} ended the call before the patch was done: run the same command again, which finishes the patch",
                    unpackd.address()
                );
                return Err(PublishError::new(Reason::NoResult, message));
            }
        }
    }
}

/// Hands a stream's volume over for reading. `no_boot` allows a volume that cannot boot; `with_map` asks for the
/// volume's block map.
///
/// # Errors
/// [`Reason::Call`].
pub fn capture(
    client: &Client,
    unpackd: &Unpackd,
    stream: &str,
    holder: &str,
    no_boot: bool,
    with_map: bool,
) -> Result<CaptureResponse> {
    let (stream, holder) = (stream.to_owned(), holder.to_owned());
    let request = CaptureRequest { stream, holder, no_boot, with_map };
    client.call(unpackd, unpackd.volumes().capture(request))
}

/// Releases a lease on a stream's volume.
///
/// # Errors
/// [`Reason::Call`].
pub fn release(client: &Client, unpackd: &Unpackd, stream: &str, holder: &str) -> Result<()> {
    let request = ReleaseRequest { stream: stream.to_owned(), holder: holder.to_owned() };
    client.call(unpackd, unpackd.volumes().release(request)).map(drop)
}
