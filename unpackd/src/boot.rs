//! What makes a volume boot, from what the image itself has.
//!
//! ```text
//! image     which kernels and boot loaders an image has              from its manifest alone
//! files     /etc/fstab and grub.cfg, as text                         pure
//! overlay   the image's tree with those files: what is patched       pure
//! bios      GRUB's first sector and core, in place                   pure
//! esp       the EFI system partition, byte for byte                  pure
//! record    what a ledger keeps of it
//! install   the image's own grub-mkimage run in a sandbox, and what
//!           differs written before the root partition                does
//! ```
//!
//! Nothing of the host's is used. The same image and stream give the same bytes: everything is named
//! by a digest of its inputs, which the ledger keeps, so that nothing is run or written again
//! before one of them changes.

mod bios;
mod esp;
mod files;
mod image;
mod install;
mod overlay;
mod record;

use wire::Manifest;
use wire::digest::{Algorithm, Digest};

use crate::filesystem::Filesystem;
use crate::layout::{Identity, Layout};
pub use files::check_kernel_arguments;
pub use image::{Arch, Loaders};
pub use install::{Area, Failure, install};
pub use overlay::{Generated, overlay};
pub use record::{Booted, Installed};

/// Arguments that every kernel gets unless a volume says otherwise: messages on screen and serial
/// line, and no time limit for disks that are reached over a network.
pub const KERNEL_ARGUMENTS: &str =
    "console=tty0 console=ttyS0,115200n8 nvme_core.io_timeout=4294967295";

/// The longest arguments that a kernel takes. *Source:* COMMAND_LINE_SIZE of x86 and arm64.
pub const KERNEL_ARGUMENTS_LEN_MAX: usize = 2048;

/// What boot set-up is made for.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// What its UUIDs are made from.
    pub identity: Identity<'a>,
    /// Its root filesystem.
    pub filesystem: Filesystem,
    /// How it is divided.
    pub layout: Layout,
    /// What kernels are told.
    pub kernel_arguments: &'a str,
}

/// What makes an image boot.
#[derive(Clone, Debug)]
pub struct Boot {
    /// What the image brings.
    pub loaders: Loaders,
    /// Files that are generated.
    pub generated: Vec<Generated>,
    /// A digest of all that is written before the root partition is made from.
    pub inputs: Digest,
}

impl Boot {
    /// Content that is read when loaders are made, and its lengths.
    pub fn needs(&self) -> impl Iterator<Item = (Digest, u64)> {
        self.loaders.binaries().map(|binary| (binary.digest, binary.len))
    }
}

/// Reads a file of the image by its path, up to a limit.
pub type Read<'a> = dyn Fn(&[u8], u64) -> Result<Vec<u8>, crate::error::UnpackError> + 'a;

/// Plans what makes an image boot; the inner error says why it cannot.
///
/// # Errors
/// Errors of reading the image's files.
pub fn plan(
    image: &Manifest,
    target: Target<'_>,
    read: &Read<'_>,
) -> Result<Result<Boot, String>, crate::error::UnpackError> {
    if target.layout == Layout::None {
        return Ok(Err("a volume without partitions (--layout none) has no room for one".into()));
    }
    let loaders = match image::find(image, target.filesystem) {
        Ok(loaders) => loaders,
        Err(problem) => return Ok(Err(problem)),
    };
    if let Some(problem) = unsupported_feature(image, target.filesystem, read)? {
        return Ok(Err(problem));
    }
    let ids = Ids::of(target.identity);
    let generated = match files::generate(image, &loaders, target, &ids, read)? {
        Ok(generated) => generated,
        Err(problem) => return Ok(Err(problem)),
    };
    let mut hasher = Algorithm::Sha256.hasher();
    hasher.update(format!("{} {}", crate::layout::VERSION, ids.root).as_bytes());
    hasher.update(target.filesystem.name().as_bytes());
    hasher.update(loaders.prefix.as_bytes());
    hasher.update(loaders.inputs.hash());
    Ok(Ok(Boot { loaders, generated, inputs: hasher.finish() }))
}

/// Says which feature of the filesystem the image's kernel cannot mount, if the image lists any.
fn unsupported_feature(
    image: &Manifest,
    filesystem: Filesystem,
    read: &Read<'_>,
) -> Result<Option<String>, crate::error::UnpackError> {
    /// A list of names, as mke2fs has them.
    const LIST: &str = "boot/ext4.unsupported-features";
    const LIST_LEN_MAX: u64 = 1024;
    if filesystem != Filesystem::Ext4 {
        return Ok(None);
    }
    let there = image.lookup(LIST.as_bytes()).map(|node| image.node_inode(node));
    if there.is_some_and(|inode| !inode.is_regular() || inode.size() > LIST_LEN_MAX) {
        return Ok(Some(format!("its /{LIST} is no file of {LIST_LEN_MAX} bytes or less")));
    }
    let list = read(LIST.as_bytes(), LIST_LEN_MAX)?;
    let list = String::from_utf8_lossy(&list);
    let mut names = list.split(|c: char| c.is_whitespace() || c == ',');
    let found = names.find(|name| crate::layout::ext4::has_feature(name));
    Ok(found.map(|name| format!("its /{LIST} lists {name}, which ext4 volumes have: use --fs xfs")))
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
