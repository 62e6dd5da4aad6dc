//! Makes a volume boot, with nothing but what the image itself has.
//!
//! ```text
//! files     /etc/fstab and grub.cfg, as text                         pure
//! overlay   the image's tree with those files, for patching          pure
//! bios      GRUB's first sector and core image, with their places    pure
//! esp       the EFI system partition, byte for byte                  pure
//! record    boot set-up as the ledger keeps it                       pure
//! install   runs the image's own grub-mkimage in a sandbox, and
//!           writes what differs before the root partition            effects
//! ```
//!
//! This is a crate of its own: planning needs no volume, and acting needs only a device. The patch
//! that calls the crate decides when to do either. [`store::boot`] judges whether an image boots,
//! and with which kernels and loaders; the image's record uses the same verdict. Nothing of the
//! host is used. The same image and stream give the same bytes. The ledger keeps a digest of the
//! inputs, so nothing runs or is written again until an input changes.

#![forbid(unsafe_code)]

mod bios;
mod error;
mod esp;
mod files;
mod install;
mod overlay;
mod record;

use diskfs::{Filesystem, Identity, LAYOUT_VERSION, Layout};
use store::boot::{Loaders, judge};
use wire::Manifest;
use wire::digest::{Algorithm, Digest};

pub use error::BootError;
pub use files::check_kernel_arguments;
pub use install::{InstallFailure, LoaderArea, MountToRun, install};
pub use overlay::{GeneratedEntry, overlay};
pub use record::{BootRecord, InstalledLoaders};
pub use store::boot::ReadHead;

/// Kernel arguments that hold unless the volume or the image sets others: messages on the screen
/// and on the serial line, and no time limit for network disks.
pub const KERNEL_ARGUMENTS: &str =
    "console=tty0 console=ttyS0,115200n8 nvme_core.io_timeout=4294967295";

/// Limit of the length of a kernel command line in bytes. *Source:* COMMAND_LINE_SIZE of x86 and arm64.
pub const KERNEL_ARGUMENTS_LEN_MAX: usize = 2048;

/// The facts of a volume on which its boot set-up depends.
#[derive(Clone, Copy, Debug)]
pub struct BootTarget<'a> {
    /// Source of the UUIDs by which boot files name the root and the EFI system partition.
    pub identity: Identity<'a>,
    /// Root filesystem, which the image's kernels and GRUB must be able to read.
    pub filesystem: Filesystem,
    /// Partitions of the volume; [`Layout::None`] cannot boot.
    pub layout: Layout,
    /// Kernel arguments of the volume; `None` for the image's own and [`KERNEL_ARGUMENTS`].
    pub kernel_arguments: Option<&'a str>,
}

/// Everything that boot set-up will do for an image.
#[derive(Clone, Debug)]
pub struct BootPlan {
    /// Kernels and loaders of the image, as [`store::boot`] chose them.
    pub loaders: Loaders,
    /// Files and folders to add to the image's tree.
    pub generated: Vec<GeneratedEntry>,
    /// Digest of everything on which the bytes before the root partition depend.
    pub inputs: Digest,
    /// Kernel arguments, without those that name the root.
    pub kernel_arguments: String,
    /// Notes on the image's own settings that are left out, with the reasons.
    pub notes: Vec<String>,
}

impl BootPlan {
    /// Returns digest and length of each content that [`install()`] reads.
    pub fn needs(&self) -> impl Iterator<Item = (Digest, u64)> {
        self.loaders.binaries().map(|binary| (binary.digest, binary.len))
    }
}

/// Plans the boot set-up of an image; the inner error is the reason why the image cannot boot.
///
/// # Errors
/// Errors of reading the image's files.
pub fn plan<E>(
    image: &Manifest,
    target: BootTarget<'_>,
    read: &ReadHead<'_, E>,
) -> Result<Result<BootPlan, String>, E> {
    if target.layout == Layout::None {
        return Ok(Err(
            "a volume without partitions (--layout none) has no room for a boot loader".into(),
        ));
    }
    let loaders = match judge(image, target.filesystem, read)?.loaders {
        Ok(loaders) => loaders,
        Err(problem) => return Ok(Err(problem)),
    };
    let ids = Ids::of(target.identity);
    let texts = files::generate(image, &loaders, target, &ids, read)?;
    let mut hasher = Algorithm::Sha256.hasher();
    hasher.update(format!("{} {}", LAYOUT_VERSION, ids.root).as_bytes());
    hasher.update(target.filesystem.name().as_bytes());
    hasher.update(loaders.prefix.as_bytes());
    hasher.update(loaders.inputs.hash());
    let inputs = hasher.finish();
    let files::Texts { generated, kernel_arguments, notes } = texts;
    Ok(Ok(BootPlan { loaders, generated, inputs, kernel_arguments, notes }))
}

/// Identifiers by which the parts of a volume find each other.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    /// UUID of the root filesystem, by which GRUB, `fstab` and initial RAM disks find it.
    pub root: uuid::Uuid,
    /// UUID of the root partition, by which a kernel without an initial RAM disk finds it.
    pub root_partition: uuid::Uuid,
    /// Serial number of the EFI system partition's FAT.
    pub esp: u32,
}

impl Ids {
    pub(crate) fn of(identity: Identity<'_>) -> Self {
        let esp = identity.uuid("esp");
        let [a, b, c, d, ..] = *esp.as_bytes();
        Self {
            root: identity.uuid("root"),
            root_partition: identity.uuid("root partition"),
            esp: u32::from_be_bytes([a, b, c, d]),
        }
    }

    /// Returns the FAT's serial number as `fstab` and `blkid` write it.
    pub(crate) fn esp_text(&self) -> String {
        format!("{:04X}-{:04X}", self.esp >> 16, self.esp & 0xffff)
    }
}
