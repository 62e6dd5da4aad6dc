//! `publish-cli amis mount`: a published snapshot as files, fetched as they are read.

use std::sync::Arc;

use cloud::calls::{AmiQuery, Cloud, Snapshot, SnapshotQuery, SnapshotState};
use imagefs::MountEnd;
use imagefs::{DiskOrigin, MountContent, MountOptions};
use publisher::PublishError;
use rpc::exit;
use serde::Serialize;
use sysio::clock::now_ms;
use wire::ErrorClass;
use wire::name::ImageName;

use super::snapshot_disk::SnapshotDisk;
use super::targets::AwsTargets;
use crate::cli::MountAmiArgs;
use crate::context::Context;
use crate::failure::Failure;

/// Memory limit in bytes for decoded data, including the cached data.
const MEMORY_LEN_MAX: u64 = 256 << 20;

/// Limit on the size of a mounted disk: at this size, its list of blocks takes about 200 MB of memory.
const DISK_GIB_MAX: u64 = 512;

#[derive(Serialize)]
struct MountDocument<'a> {
    mounted: &'a str,
    snapshot: &'a str,
    size_gib: u64,
    blocks: usize,
    encrypted: bool,
}

/// Mounts the disk and returns once it is unmounted.
pub(super) fn run(
    context: &Context,
    targets: &AwsTargets,
    args: &MountAmiArgs,
) -> anyhow::Result<u8> {
    let (disk, snapshot, len) = context.runtime.block_on(open(context, targets, args))?;
    let name: ImageName = format!("snapshots/{}", snapshot.id).parse()?;
    let content =
        MountContent::Disk(DiskOrigin { name, created_at_ms: now_ms(), blocks: Arc::new(disk) });
    let options = MountOptions {
        image: None,
        views: false,
        allow_other: args.allow_other,
        memory_len_max: MEMORY_LEN_MAX,
        cache_len_max: 0,
    };
    let mounted = imagefs::mount(&args.mountpoint, content, &options)?;
    let stop = mounted.stopper();
    context.runtime.spawn(async move {
        rpc::daemon::stop_requested().await;
        stop();
    });
    let at = args.mountpoint.display().to_string();
    let document = MountDocument {
        mounted: &at,
        snapshot: &snapshot.id,
        size_gib: snapshot.size_gib,
        blocks: len,
        encrypted: snapshot.key.is_some(),
    };
    context.output.document(&document, || {
        format!(
            "mounted at {at}: {} of {} GiB (`umount {at}` or Ctrl-C ends it)",
            snapshot.id, snapshot.size_gib
        )
    })?;
    match mounted.wait() {
        MountEnd::Unmounted => {}
        MountEnd::Requested => mounted.end()?,
    }
    Ok(exit::DONE)
}

type Disk = SnapshotDisk<cloud::aws::Aws>;

/// Finds the snapshot and lists its blocks; also returns how many blocks the snapshot stores.
async fn open(
    context: &Context,
    targets: &AwsTargets,
    args: &MountAmiArgs,
) -> anyhow::Result<(Disk, Snapshot, usize)> {
    let target = targets.resolve_one(&args.target).await?;
    let aws = Arc::new(targets.connect(&target).await?);
    let missing = |what: &str| {
        Failure::error(
            ErrorClass::NotFound,
            format!(
                "{target} has no {what}, and nobody shares one with it: check the id and --target"
            ),
        )
    };
    let id = match args.id.starts_with("ami-") {
        false => args.id.clone(),
        true => {
            let found =
                aws.amis(&AmiQuery::Id(args.id.clone())).await.map_err(PublishError::from)?;
            let snapshots = found.into_iter().next().map(|ami| ami.snapshots);
            let first = snapshots.and_then(|snapshots| snapshots.into_iter().next());
            first.ok_or_else(|| missing(&args.id))?
        }
    };
    let found = aws.snapshots(&SnapshotQuery::Id(id.clone())).await.map_err(PublishError::from)?;
    let snapshot = found.into_iter().next().ok_or_else(|| missing(&id))?;
    if snapshot.state != SnapshotState::Completed {
        let message = format!(
            "{id} is still pending, has failed or is archived: only a completed snapshot can be read"
        );
        return Err(Failure::error(ErrorClass::Refused, message));
    }
    if snapshot.size_gib > DISK_GIB_MAX {
        let message = format!(
            "{id} has {} GiB, and only disks of at most {DISK_GIB_MAX} GiB can be mounted",
            snapshot.size_gib
        );
        return Err(Failure::error(ErrorClass::Refused, message));
    }
    let output = Arc::clone(&context.output);
    let disk = SnapshotDisk::open(aws, &id, snapshot.size_gib, output).await?;
    let len = imagefs::Blocks::indexes(&disk).len();
    if snapshot.key.is_some() && len < (snapshot.size_gib << 11) as usize {
        // On a volume made from the snapshot, EBS decrypts a missing block as if its stored bytes were zeros. The
        // result is not zeros.
        context.output.note("the snapshot is encrypted and lacks some blocks: this mount shows them as zeros, but a volume does not");
    }
    Ok((disk, snapshot, len))
}
