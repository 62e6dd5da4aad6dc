//! JSON documents of commands on images and volumes. Field names are the keys that docs/json.md lists. New keys go at
//! the end, and no key is ever renamed; an unknown value is null. The comment of each type names the command that
//! prints it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use wire::document::ImageDocument;
use wire::proto::{CaptureResponse, Lease, LintFinding, ObjectDamage, VolumeStatus};

use crate::packages::Package;

/// `image list`, sorted by name.
#[derive(Serialize)]
pub(crate) struct ImagesDocument<'a> {
    pub(crate) images: Vec<ImageDocument<'a>>,
}

/// `image rm`; `removed` is false with `--dry-run`.
#[derive(Serialize)]
pub(crate) struct RemovalDocument<'a> {
    pub(crate) name: &'a str,
    pub(crate) removed: bool,
}

/// `image verify`: the number of objects read, and those that are damaged.
#[derive(Serialize)]
pub(crate) struct ImageCheckDocument<'a> {
    pub(crate) name: &'a str,
    pub(crate) objects: u64,
    pub(crate) damaged: Vec<DamageDocument<'a>>,
}

#[derive(Serialize)]
pub(crate) struct DamageDocument<'a> {
    digest: &'a str,
    problem: &'a str,
    images: &'a [String],
    paths: &'a [String],
}

impl<'a> From<&'a ObjectDamage> for DamageDocument<'a> {
    fn from(found: &'a ObjectDamage) -> Self {
        let ObjectDamage { digest, problem, images, paths } = found;
        Self { digest, problem, images, paths }
    }
}

/// `image save`.
#[derive(Serialize)]
pub(crate) struct BundleDocument<'a> {
    pub(crate) file: &'a Path,
    pub(crate) images: Vec<&'a str>,
    pub(crate) objects: u64,
    pub(crate) bytes: u64,
}

/// `image load`.
#[derive(Serialize)]
pub(crate) struct LoadDocument<'a> {
    pub(crate) images: Vec<LoadedImageDocument<'a>>,
    pub(crate) dry_run: bool,
}

/// `result` is `added`, `present`, `expired` or, with `--dry-run`, `verified`.
#[derive(Serialize)]
pub(crate) struct LoadedImageDocument<'a> {
    pub(crate) name: &'a str,
    pub(crate) manifest: &'a str,
    pub(crate) result: &'static str,
}

/// `image add`; `new_bytes` counts compressed bytes, `sent_bytes` the bytes of the last upload.
#[derive(Serialize)]
pub(crate) struct AdditionDocument<'a> {
    pub(crate) name: &'a str,
    pub(crate) manifest: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) inodes: u64,
    pub(crate) bytes: u64,
    pub(crate) new_objects: u64,
    pub(crate) new_bytes: u64,
    pub(crate) sent_bytes: u64,
    pub(crate) elapsed_ms: u128,
    pub(crate) is_new: bool,
    pub(crate) findings: usize,
    pub(crate) finding_list: Vec<FindingDocument<'a>>,
}

/// `image add --dry-run`.
#[derive(Serialize)]
pub(crate) struct AdditionForecastDocument<'a> {
    pub(crate) name: &'a str,
    pub(crate) manifest: String,
    pub(crate) kind: &'a str,
    pub(crate) inodes: u64,
    pub(crate) bytes: u64,
    pub(crate) dry_run: bool,
    pub(crate) findings: usize,
    pub(crate) finding_list: Vec<FindingDocument<'a>>,
    pub(crate) unknown: [&'static str; 1],
}

#[derive(Serialize)]
pub(crate) struct FindingDocument<'a> {
    rule: &'a str,
    path: &'a str,
    problem: &'a str,
}

impl<'a> From<&'a LintFinding> for FindingDocument<'a> {
    fn from(finding: &'a LintFinding) -> Self {
        let LintFinding { rule, path, problem } = finding;
        Self { rule, path, problem }
    }
}

/// `image get` of a disk; `bytes` is the disk's length, including zeros.
#[derive(Serialize)]
pub(crate) struct DiskDocument<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: u64,
}

/// `image get` of a tree; `left_out` lists the sockets, which a tar cannot hold.
#[derive(Serialize)]
pub(crate) struct TreeDocument<'a> {
    pub(crate) name: &'a str,
    pub(crate) inodes: u32,
    pub(crate) left_out: &'a [String],
}

/// `image diff` of trees. The keys of `directories` have at most two levels (`usr/lib`), and each counts everything
/// below it.
#[derive(Serialize)]
pub(crate) struct DiffDocument<'a> {
    pub(crate) a: &'a str,
    pub(crate) b: &'a str,
    #[serde(flatten)]
    pub(crate) all: CountsDocument,
    pub(crate) changes: Vec<ChangeDocument>,
    pub(crate) packages: PackageChangesDocument<'a>,
    pub(crate) directories: BTreeMap<&'a str, CountsDocument>,
}

/// Inodes and bytes that were added, removed and changed.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct CountsDocument {
    pub(crate) added: u64,
    pub(crate) removed: u64,
    pub(crate) changed: u64,
    pub(crate) added_bytes: u64,
    pub(crate) removed_bytes: u64,
}

#[derive(Serialize)]
pub(crate) struct ChangeDocument {
    pub(crate) change: &'static str,
    pub(crate) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fields: Option<Vec<&'static str>>,
}

#[derive(Serialize)]
pub(crate) struct PackageChangesDocument<'a> {
    pub(crate) added: &'a [Package],
    pub(crate) removed: &'a [Package],
    pub(crate) changed: Vec<UpgradeDocument<'a>>,
}

#[derive(Serialize)]
pub(crate) struct UpgradeDocument<'a> {
    pub(crate) name: &'a str,
    pub(crate) arch: &'a str,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
}

/// `image diff` of disks; `changes` are the indexes of the changed blocks of 512 KiB.
#[derive(Serialize)]
pub(crate) struct DiskDiffDocument<'a> {
    pub(crate) a: &'a str,
    pub(crate) b: &'a str,
    pub(crate) a_bytes: u64,
    pub(crate) b_bytes: u64,
    pub(crate) blocks: usize,
    pub(crate) changed_blocks: usize,
    pub(crate) changes: &'a [u32],
}

/// `image history`, the oldest change first.
#[derive(Serialize)]
pub(crate) struct HistoryDocument<'a, R> {
    pub(crate) stream: &'a str,
    pub(crate) path: &'a str,
    pub(crate) history: &'a [R],
}

/// `image packages`, sorted by name.
#[derive(Serialize)]
pub(crate) struct PackagesDocument<'a> {
    pub(crate) name: &'a str,
    pub(crate) packages: &'a [Package],
}

/// `doctor`; `ok` is true if no check failed. Warnings are not failures.
#[derive(Serialize)]
pub(crate) struct DoctorDocument<'a> {
    pub(crate) ok: bool,
    pub(crate) checks: Vec<DoctorCheckDocument<'a>>,
}

#[derive(Serialize)]
pub(crate) struct DoctorCheckDocument<'a> {
    pub(crate) check: &'a str,
    pub(crate) result: &'static str,
    pub(crate) detail: &'a str,
}

/// `unpacker status`: unpackd's version, the address of its imaged, its I/O engine, the caller's name, and the volumes.
#[derive(Serialize)]
pub(crate) struct UnpackerDocument<'a> {
    pub(crate) version: &'a str,
    pub(crate) imaged: &'a str,
    pub(crate) io_engine: &'a str,
    pub(crate) identity: &'a str,
    pub(crate) volumes: Vec<VolumeDocument<'a>>,
}

/// A volume, as `unpacker status`, `add-volume` and `associate` print it.
#[derive(Serialize)]
pub(crate) struct VolumeDocument<'a> {
    id: &'a str,
    path: &'a str,
    size: u64,
    filesystem: &'a str,
    layout: &'a str,
    freed: &'a str,
    kernel_args: &'a str,
    stream: &'a str,
    state: &'a str,
    image: &'a str,
    manifest: &'a str,
    lease: Option<LeaseDocument<'a>>,
    problem: &'a str,
}

impl<'a> From<&'a VolumeStatus> for VolumeDocument<'a> {
    fn from(volume: &'a VolumeStatus) -> Self {
        Self {
            id: &volume.id,
            path: &volume.path,
            size: volume.size,
            filesystem: &volume.filesystem,
            layout: &volume.layout,
            freed: &volume.freed,
            kernel_args: &volume.kernel_arguments,
            stream: &volume.stream,
            state: &volume.state,
            image: &volume.image,
            manifest: &volume.manifest,
            lease: volume.lease.as_ref().map(LeaseDocument::from),
            problem: &volume.problem,
        }
    }
}

/// A lease, as `unpacker prepare` and [`VolumeDocument`] show it.
#[derive(Serialize)]
pub(crate) struct LeaseDocument<'a> {
    stream: &'a str,
    holder: &'a str,
    epoch: u64,
    expires_at_ms: i64,
}

impl<'a> From<&'a Lease> for LeaseDocument<'a> {
    fn from(lease: &'a Lease) -> Self {
        let Lease { stream, holder, epoch, expires_at_ms } = lease;
        Self { stream, holder, epoch: *epoch, expires_at_ms: *expires_at_ms }
    }
}

/// `unpacker capture`; a later confirmation names the `epoch`.
#[derive(Serialize)]
pub(crate) struct CaptureDocument<'a> {
    id: &'a str,
    image: &'a str,
    manifest: &'a str,
    size: u64,
    epoch: u64,
    path: &'a str,
}

impl<'a> From<&'a CaptureResponse> for CaptureDocument<'a> {
    fn from(captured: &'a CaptureResponse) -> Self {
        Self {
            id: &captured.id,
            image: &captured.image,
            manifest: &captured.manifest,
            size: captured.size,
            epoch: captured.epoch,
            path: &captured.path,
        }
    }
}

/// `unpacker remove-volume`, `unpacker forget`: the id of the volume.
#[derive(Serialize)]
pub(crate) struct IdDocument<'a> {
    pub(crate) id: &'a str,
}

/// `unpacker release`.
#[derive(Serialize)]
pub(crate) struct StreamDocument<'a> {
    pub(crate) stream: &'a str,
}

/// `unpacker verify`; no differences mean that the volume holds exactly the image.
#[derive(Serialize)]
pub(crate) struct VolumeCheckDocument<'a> {
    pub(crate) stream: &'a str,
    pub(crate) image: &'a str,
    pub(crate) differences: &'a [DifferenceDocument],
}

#[derive(Serialize)]
pub(crate) struct DifferenceDocument {
    pub(crate) path: String,
    pub(crate) fields: Vec<String>,
}

/// `publish --out --dry-run` of a disk image.
#[derive(Serialize)]
pub(crate) struct FolderForecastDocument<'a> {
    pub(crate) image: &'a str,
    pub(crate) dry_run: bool,
    pub(crate) path: &'a Path,
}

/// `publish --out`: a list of one result, in the shape of the results of AMIs.
#[derive(Serialize)]
pub(crate) struct FolderDocument<'a> {
    pub(crate) image: &'a str,
    pub(crate) results: &'a [FolderResultDocument<'a>],
}

/// A written disk image. It has the keys of Dominator's results (docs/json.md), so that programs that read such results
/// keep working. Further keys are Imprint's own.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FolderResultDocument<'a> {
    pub(crate) account_name: &'static str,
    pub(crate) region: &'static str,
    pub(crate) snapshot_id: &'static str,
    pub(crate) ami_id: &'static str,
    /// Size of the disk in GiB, rounded up.
    pub(crate) size: u64,
    pub(crate) error: &'static str,
    pub(crate) manifest: &'a str,
    pub(crate) via: &'static str,
    pub(crate) identity: &'static str,
    pub(crate) parent: Option<&'a str>,
    pub(crate) blocks_put: u64,
    pub(crate) phase_ms: FolderPhasesDocument,
    pub(crate) path: &'a Path,
}

/// Durations of the phases in milliseconds.
#[derive(Serialize)]
pub(crate) struct FolderPhasesDocument {
    pub(crate) unpack: u128,
    pub(crate) capture: u128,
}
