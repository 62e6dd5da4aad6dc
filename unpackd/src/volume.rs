//! Volumes: identity, state and lease of each, and its record in the registry.

mod registry;
mod state;

pub use registry::Registry;
pub use state::{Event, State};

use std::path::{Path, PathBuf};

use boot::BootTarget;
use diskfs::{Filesystem, Identity, Layout};
use patch::{FreedPolicy, VolumePlace};
use wire::digest::{Algorithm, Digest};
use wire::name::{ImageName, StreamName};
use wire::proto::StoredVolume;

use crate::UnpackError;

/// An image that a volume holds, or that a patch is writing to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The image's full name, `STREAM/LEAF`.
    pub image: ImageName,
    /// Digest of the image's manifest. It never changes, because a name stands for one manifest for ever.
    pub manifest: Digest,
}

/// The holder's exclusive right to work on a stream's volume, until it expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The certificate's name and the client's own name for itself: `CALLER/NAME`.
    pub holder: String,
    /// Number of the grant. It only grows. Each capture within the lease also gets a new epoch.
    pub epoch: u64,
    /// Time of expiry in milliseconds since 1970.
    pub expires_at_ms: i64,
}

/// A volume's record, as the registry keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Id that never changes; see [`volume_id`].
    pub id: String,
    /// Path of the block device or image file. A device may move between boots.
    pub path: PathBuf,
    /// `true` for an image file, `false` for a block device.
    pub is_file: bool,
    /// Length in bytes when the volume was added or last captured.
    pub size: u64,
    /// Partition layout; before the first patch, the layout that this patch will make.
    pub layout: Layout,
    /// The volume's filesystem; before the first patch, the filesystem that this patch will make.
    pub filesystem: Filesystem,
    /// What patches do with data that they free: scrub it or keep it.
    pub freed: FreedPolicy,
    /// Kernel command line; `None` for the image's own plus the default consoles.
    pub kernel_arguments: Option<String>,
    /// The volume's UUIDs derive from the stream's name and from this number. If it is 0, they derive from the name
    /// alone.
    pub own_uuids: u64,
    /// The stream that the volume belongs to; `None` until one is associated.
    pub stream: Option<StreamName>,
    /// Known content of the volume, and the operation in progress.
    pub state: State,
    /// The last epoch that was given out, 0 before the first.
    pub epoch: u64,
    /// The last lease; [`Volume::lease_at`] tells whether it has expired. `None` after a release.
    pub lease: Option<Lease>,
    /// Epoch of the capture that is in force; 0 unless the state is `Captured`.
    pub captured_epoch: u64,
}

impl Volume {
    /// Returns the lease if it has not expired at `now_ms`, in milliseconds since 1970.
    pub fn lease_at(&self, now_ms: i64) -> Option<&Lease> {
        self.lease.as_ref().filter(|lease| lease.expires_at_ms > now_ms)
    }

    /// Returns the volume as an argument for the crate `patch`, without a ledger.
    pub fn place<'a>(&'a self, stream: &'a StreamName) -> VolumePlace<'a> {
        VolumePlace {
            path: &self.path,
            layout: self.layout,
            filesystem: self.filesystem,
            identity: Identity { stream, own: self.own_uuids },
            ledger: None,
        }
    }

    /// Returns what the generated boot files depend on, such as the filesystem's UUID and the kernel command line.
    pub fn boot_target<'a>(&'a self, stream: &'a StreamName) -> BootTarget<'a> {
        self.place(stream).boot_target(self.kernel_arguments.as_deref())
    }

    /// Encodes the volume's record for the registry.
    pub fn to_stored(&self) -> StoredVolume {
        let mut stored = StoredVolume {
            id: self.id.clone(),
            path: self.path.display().to_string(),
            is_file: self.is_file,
            size: self.size,
            filesystem: self.filesystem.name().to_owned(),
            layout: self.layout.name().to_owned(),
            freed: self.freed.name().to_owned(),
            kernel_arguments: self.kernel_arguments.clone().unwrap_or_default(),
            own_uuids: self.own_uuids,
            stream: self.stream.as_ref().map(ToString::to_string).unwrap_or_default(),
            epoch: self.epoch,
            captured_epoch: self.captured_epoch,
            ..StoredVolume::default()
        };
        if let Some(lease) = &self.lease {
            stored.lease_holder.clone_from(&lease.holder);
            stored.lease_expires_at_ms = lease.expires_at_ms;
        }
        self.state.store_into(&mut stored);
        stored
    }

    /// Decodes a volume's record from the registry.
    ///
    /// # Errors
    /// [`UnpackError::Damaged`] if a field has a value that this build does not know.
    pub fn from_stored(stored: &StoredVolume) -> Result<Self, UnpackError> {
        let damaged = |problem: &str| UnpackError::Damaged {
            what: format!("the record of volume '{}'", stored.id),
            problem: problem.to_owned(),
        };
        let stream = match stored.stream.as_str() {
            "" => None,
            text => Some(text.parse().map_err(|_| damaged("its stream is no name"))?),
        };
        let lease = (!stored.lease_holder.is_empty()).then(|| Lease {
            holder: stored.lease_holder.clone(),
            epoch: stored.epoch,
            expires_at_ms: stored.lease_expires_at_ms,
        });
        Ok(Self {
            id: stored.id.clone(),
            path: PathBuf::from(&stored.path),
            is_file: stored.is_file,
            size: stored.size,
            layout: Layout::parse(&stored.layout)
                .ok_or_else(|| damaged("its layout is unknown"))?,
            filesystem: Filesystem::parse(&stored.filesystem)
                .ok_or_else(|| damaged("its filesystem is unknown"))?,
            freed: FreedPolicy::parse(&stored.freed)
                .ok_or_else(|| damaged("its policy for freed data is unknown"))?,
            own_uuids: stored.own_uuids,
            kernel_arguments: Some(stored.kernel_arguments.clone()).filter(|text| !text.is_empty()),
            stream,
            state: State::from_stored(stored).ok_or_else(|| damaged("its state is unknown"))?,
            epoch: stored.epoch,
            lease,
            captured_epoch: stored.captured_epoch,
        })
    }
}

/// Derives a volume's id: the EBS volume id from the NVMe serial number, else the disk's own serial number. Files
/// and disks without a serial number get a digest of their path.
pub fn volume_id(path: &Path, is_file: bool) -> String {
    let serial = (!is_file).then(|| serial(path)).flatten();
    match serial.as_deref().map(|serial| (serial, serial.strip_prefix("vol"))) {
        // The NVMe serial number lacks the hyphen: vol0123 for vol-0123.
        Some((_, Some(digits))) if !digits.starts_with('-') => format!("vol-{digits}"),
        Some((serial, _)) if !serial.is_empty() => serial.to_owned(),
        _ => {
            let kind = if is_file { "file" } else { "device" };
            let digest = Algorithm::Sha256.digest(path.as_os_str().as_encoded_bytes());
            format!("{kind}-{}", digest.short())
        }
    }
}

/// Reads a disk's serial number from sysfs; `None` if sysfs has none.
fn serial(path: &Path) -> Option<String> {
    let folder = sysio::block::sysfs_folder(path).ok()?;
    ["serial", "device/serial"]
        .iter()
        .find_map(|name| std::fs::read_to_string(folder.join(name)).ok())
        .map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_round_trip_through_the_registry() {
        let revision = |leaf: &str| Revision {
            image: format!("a/b/{leaf}").parse().unwrap(),
            manifest: Algorithm::Sha256.digest(leaf.as_bytes()),
        };
        let states = [
            State::Unclaimed,
            State::Formatting,
            State::Ready(revision("1")),
            State::Patching { from: None, to: revision("2") },
            State::Patching { from: Some(revision("1")), to: revision("2") },
            State::Captured(revision("2")),
            State::NeedsScan,
            State::Damaged("why".to_owned()),
        ];
        for state in states {
            let volume = Volume {
                id: "vol-1".to_owned(),
                path: "/dev/x".into(),
                is_file: false,
                size: 5,
                layout: Layout::Gpt,
                filesystem: Filesystem::Ext4,
                freed: FreedPolicy::Scrub,
                kernel_arguments: None,
                own_uuids: 0,
                stream: Some("a/b".parse().unwrap()),
                state,
                epoch: 7,
                lease: Some(Lease { holder: "me".to_owned(), epoch: 7, expires_at_ms: 9 }),
                captured_epoch: 7,
            };
            assert_eq!(Volume::from_stored(&volume.to_stored()).unwrap(), volume);
        }
    }
}
