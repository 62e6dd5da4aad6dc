//! What makes a volume boot, from what the image itself has.
//!
//! ```text
//! files     /etc/fstab and grub.cfg, as text                         pure
//! overlay   the image's tree with those files: what is patched       pure
//! bios      GRUB's first sector and core, in place                   pure
//! esp       the EFI system partition, byte for byte                  pure
//! record    what a ledger keeps of it
//! install   the image's own grub-mkimage run in a sandbox, and what
//!           differs written before the root partition                does
//! ```
//!
//! It is a crate of its own because it needs no volume to decide, and a device alone to act: the patch that calls it
//! knows when. Whether an image boots, and with which kernels and loaders, is judged by [`store::boot`], as for its
//! record. Nothing of the host's is used. The same image and stream give the same bytes: everything is named
//! by a digest of its inputs, which the ledger keeps, so that nothing is run or written again
//! before one of them changes.

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
use wire::manifest::Inode;

pub use error::BootError;
pub use files::check_kernel_arguments;
pub use install::{InstallFailure, LoaderArea, MountToRun, install};
pub use overlay::{GeneratedEntry, overlay};
pub use record::{BootRecord, InstalledLoaders};

/// Arguments that every kernel gets unless a volume says otherwise: messages on screen and serial
/// line, and no time limit for disks that are reached over a network.
pub const KERNEL_ARGUMENTS: &str =
    "console=tty0 console=ttyS0,115200n8 nvme_core.io_timeout=4294967295";

/// The longest arguments that a kernel takes. *Source:* COMMAND_LINE_SIZE of x86 and arm64.
pub const KERNEL_ARGUMENTS_LEN_MAX: usize = 2048;

/// What boot set-up is made for.
#[derive(Clone, Copy, Debug)]
pub struct BootTarget<'a> {
    /// What its UUIDs are made from.
    pub identity: Identity<'a>,
    /// Its root filesystem.
    pub filesystem: Filesystem,
    /// How it is divided.
    pub layout: Layout,
    /// What kernels are told; `None` for what the image itself tells them, and [`KERNEL_ARGUMENTS`].
    pub kernel_arguments: Option<&'a str>,
}

/// What makes an image boot.
#[derive(Clone, Debug)]
pub struct BootPlan {
    /// What the image brings.
    pub loaders: Loaders,
    /// Files that are generated.
    pub generated: Vec<GeneratedEntry>,
    /// A digest of all that is written before the root partition is made from.
    pub inputs: Digest,
    /// What kernels are told, but for their root.
    pub kernel_arguments: String,
    /// What of the image's own settings is left out, and why.
    pub notes: Vec<String>,
}

impl BootPlan {
    /// Content that is read when loaders are made, and its lengths.
    pub fn needs(&self) -> impl Iterator<Item = (Digest, u64)> {
        self.loaders.binaries().map(|binary| (binary.digest, binary.len))
    }
}

/// Reads the beginning of a file of the image, up to a length.
pub type ReadHead<'a, E> = dyn Fn(Inode<'_>, u64) -> Result<Vec<u8>, E> + 'a;

/// Plans what makes an image boot; the inner error says why it cannot.
///
/// # Errors
/// Errors of reading the image's files.
pub fn plan<E>(
    image: &Manifest,
    target: BootTarget<'_>,
    read: &ReadHead<'_, E>,
) -> Result<Result<BootPlan, String>, E> {
    if target.layout == Layout::None {
        return Ok(Err("a volume without partitions (--layout none) has no room for one".into()));
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

/// The names by which parts of a volume find each other.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    /// The root filesystem.
    pub root: uuid::Uuid,
    /// The root partition.
    pub root_partition: uuid::Uuid,
    /// The EFI system partition's FAT.
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

    /// The FAT's serial number as `fstab` and `blkid` write it.
    pub(crate) fn esp_text(&self) -> String {
        format!("{:04X}-{:04X}", self.esp >> 16, self.esp & 0xffff)
    }
}
