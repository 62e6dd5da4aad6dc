//! From a volume's path to its open root filesystem.
//!
//! ```text
//! image file ──open, flock─┐                    ┌─ private mount (nodev,nosuid,noexec,noatime)
//!                          ├─ loop device over ─┤
//! block device ──O_EXCL────┘  the root partition└─ mkfs
//! ```
//!
//! A loop device with an offset reaches the root partition, without the kernel's partition parser and without device
//! nodes that come and go. Each mount and loop device ends when its value is dropped, or when the process is killed.

mod blank;
mod in_use;

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::time::Instant;

use diskfs::{Filesystem, Label, Layout, Medium, Purpose, SUPERBLOCK_AREA_LEN, Superblock};
use sysio::block::Claim;
use sysio::file::CacheMode;
use sysio::loopdev::LoopDevice;
use sysio::mount::{Access, PrivateMount};

use self::in_use::{
    LET_GO_TIME, check_unattached, check_unused, imprint_holder, stays_open_for_writing,
    with_holders,
};
use crate::PatchError;

/// An open volume. While it lives, no other Imprint process writes the volume. docs/patching.md says what keeps other
/// programs away, and for how long.
#[derive(Debug)]
pub struct Device {
    medium: Medium,
    size: u64,
    /// Keeps others from mounting a block device; `None` for an image file.
    claim: Option<Claim>,
}

/// A volume's root filesystem as a block device.
#[derive(Debug)]
pub struct Root {
    loop_device: LoopDevice,
    /// Offset of the filesystem on the volume, in bytes.
    offset: u64,
    /// Path of the volume, for messages.
    volume: PathBuf,
}

/// The space that an image file occupies, and the space that is free in the filesystem that holds the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostSpace {
    /// Bytes that an ordinary user can still write to that filesystem.
    pub free_bytes: u64,
    /// Bytes that the file occupies so far.
    pub allocated_bytes: u64,
}

impl Device {
    /// Opens a volume (an image file or a block device) for writing.
    ///
    /// # Errors
    /// [`PatchError::InUse`] if something else has mounted, attached or opened the volume.
    pub fn open(path: &Path) -> Result<Self, PatchError> {
        Self::open_as(path, Access::ReadWrite)
    }

    /// Opens a volume for reading; read-only access is enough. Other readers may share an image file. A block device is
    /// exclusive, because the kernel knows no shared claim.
    ///
    /// # Errors
    /// [`PatchError::InUse`] if something else has opened or attached the volume for writing, or has mounted or claimed
    /// the block device, even if only for reading.
    pub fn open_read_only(path: &Path) -> Result<Self, PatchError> {
        Self::open_as(path, Access::ReadOnly)
    }

    fn open_as(path: &Path, access: Access) -> Result<Self, PatchError> {
        let failed =
            |source| PatchError::Io { action: "open volume", path: path.to_owned(), source };
        let kind = std::fs::metadata(path).map_err(failed)?.file_type();
        let take = if std::os::unix::fs::FileTypeExt::is_block_device(&kind) {
            Self::take_block_device
        } else if kind.is_file() {
            Self::take_file
        } else {
            return Err(PatchError::NoDevice(path.to_owned()));
        };
        // A released loop device stays attached while some tool looks at it, for example to list all loop devices.
        let deadline = Instant::now() + LET_GO_TIME;
        loop {
            match take(path, access) {
                Err(PatchError::InUse { .. }) if Instant::now() < deadline => {
                    std::thread::park_timeout(LET_GO_TIME / 20);
                }
                result => return result,
            }
        }
    }

    /// Opens an image file. For reading, refuses a file that somebody else writes; for writing, refuses a file that
    /// somebody else uses in any way.
    fn take_file(path: &Path, access: Access) -> Result<Self, PatchError> {
        let failed =
            |source| PatchError::Io { action: "open volume", path: path.to_owned(), source };
        // Check this before the process itself opens the file for writing, because the check would find this open file,
        // too.
        let reader = File::open(path).map_err(failed)?;
        let is_written = access == Access::ReadWrite;
        check_unattached(&reader, path, access)?;
        if stays_open_for_writing(&reader) {
            let by = with_holders("it is open for writing", &reader);
            return Err(PatchError::InUse { path: path.to_owned(), by });
        }
        let file = match is_written {
            true => File::options().read(true).write(true).open(path).map_err(failed)?,
            false => reader,
        };
        sysio::lock::try_lock_file(&file, is_written).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => {
                PatchError::InUse { path: path.to_owned(), by: imprint_holder(&file) }
            }
            _ => failed(error),
        })?;
        check_unused(&file, path, access)?;
        let size = sysio::dir::stat_fd(file.as_fd()).map_err(failed)?.size;
        Ok(Self { medium: Medium::new(file, path.to_owned()), size, claim: None })
    }

    /// Claims a block device that nobody else has mounted or claimed.
    fn take_block_device(path: &Path, access: Access) -> Result<Self, PatchError> {
        let failed =
            |source| PatchError::Io { action: "open volume", path: path.to_owned(), source };
        if access == Access::ReadWrite && sysio::block::is_read_only(path).map_err(failed)? {
            return Err(PatchError::ReadOnly(path.to_owned()));
        }
        let claim = Claim::open(path, access == Access::ReadWrite);
        let claim = claim.map_err(|error| match error.kind() {
            io::ErrorKind::ResourceBusy => PatchError::InUse {
                path: path.to_owned(),
                by: "it is mounted, or it belongs to a device that is mounted or in use".to_owned(),
            },
            _ => failed(error),
        })?;
        let size = claim.size().map_err(failed)?;
        let file = claim.file().map_err(failed)?;
        check_unused(&file, path, access)?;
        Ok(Self { medium: Medium::new(file, path.to_owned()), size, claim: Some(claim) })
    }

    /// Returns the path by which the volume was opened.
    pub fn path(&self) -> &Path {
        self.medium.path()
    }

    /// Returns the volume's bytes, to read and write at offsets.
    pub fn medium(&self) -> &Medium {
        &self.medium
    }

    /// Returns whether the volume is an image file, as opposed to a block device.
    pub fn is_file(&self) -> bool {
        self.claim.is_none()
    }

    /// Returns the volume's length in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the open image file or block device; a block device stays claimed as long as `self` lives.
    pub fn file(&self) -> &File {
        self.medium.file()
    }

    /// Returns the type of the filesystem at the layout's offset, if it has the label that Imprint gives to a finished
    /// filesystem; `None` otherwise.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn our_filesystem(&self, layout: Layout) -> Result<Option<Filesystem>, PatchError> {
        let ours = self.superblock(layout)?.filter(|superblock| superblock.label == Label::Imprint);
        Ok(ours.map(|superblock| superblock.filesystem))
    }

    /// Returns the superblock of the filesystem at the layout's offset; `None` if no filesystem of a known
    /// type is there.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn superblock(&self, layout: Layout) -> Result<Option<Superblock>, PatchError> {
        let Some((offset, _)) = layout.root(self.size) else { return Ok(None) };
        let mut bytes = [0; SUPERBLOCK_AREA_LEN];
        sysio::file::read_at(self.file(), &mut bytes, offset)
            .map_err(PatchError::io("read", self.path()))?;
        Ok(Superblock::read(&bytes))
    }

    /// Returns the length in bytes of the filesystem at the layout's offset, as its superblock states it, if the
    /// filesystem has the label that Imprint gives to a finished one; `None` otherwise.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn filesystem_len(&self, layout: Layout) -> Result<Option<u64>, PatchError> {
        let ours = self.superblock(layout)?.filter(|superblock| superblock.label == Label::Imprint);
        Ok(ours.map(|superblock| superblock.len))
    }

    /// Returns the space that an image file occupies and the space that is free in the filesystem that holds the file;
    /// `None` for a block device, whose whole length is available.
    ///
    /// # Errors
    /// [`PatchError::Io`] if the file or its filesystem cannot be examined.
    pub fn host_space(&self) -> Result<Option<HostSpace>, PatchError> {
        let failed = || PatchError::io("stat", self.path());
        let stat = sysio::dir::stat_fd(self.file().as_fd()).map_err(failed())?;
        if !stat.is_regular() {
            return Ok(None);
        }
        let folder = self.path().parent().filter(|path| !path.as_os_str().is_empty());
        let folder = sysio::Dir::open(folder.unwrap_or(Path::new("."))).map_err(failed())?;
        let free_bytes = folder.free_space().map_err(failed())?.bytes;
        Ok(Some(HostSpace { free_bytes, allocated_bytes: stat.blocks * 512 }))
    }

    /// Opens the volume to read what its medium holds. Bypasses the page cache of a block device, because that cache
    /// does not contain what a filesystem wrote.
    ///
    /// # Errors
    /// As `open(2)`.
    pub fn reader(&self) -> Result<std::sync::Arc<File>, PatchError> {
        let caching = if self.is_file() { CacheMode::Cached } else { CacheMode::Direct };
        let file = sysio::file::open_as(self.path(), caching);
        Ok(std::sync::Arc::new(file.map_err(PatchError::io("open", self.path()))?))
    }

    /// Zeroes everything on the volume that is not zero, before the volume is formatted: mkfs does not write the blocks
    /// that the new filesystem does not use.
    ///
    /// # Errors
    /// Errors of reading and writing.
    pub fn blank(&self) -> Result<(), PatchError> {
        /// Bytes to read at once.
        const PART_LEN: u64 = 1 << 20;
        let failed = || PatchError::io("zero", self.path());
        let mut bytes = vec![0; PART_LEN as usize];
        let mut at = 0;
        while at < self.size {
            let part = at..self.size.min(at + PART_LEN);
            at = part.end;
            if self.is_hole(part.clone()) {
                continue;
            }
            let len = (part.end - part.start) as usize;
            sysio::file::read_exact_at(self.file(), &mut bytes[..len], part.start)
                .map_err(failed())?;
            if bytes[..len].iter().any(|byte| *byte != 0) {
                bytes.fill(0);
                sysio::file::write_all_at(self.file(), &bytes[..len], part.start)
                    .map_err(failed())?;
            }
        }
        Ok(())
    }

    /// Returns whether a range of an image file was never written, according to the filesystem that holds the file.
    pub fn is_hole(&self, range: std::ops::Range<u64>) -> bool {
        self.is_file() && sysio::file::is_hole(self.file(), range).unwrap_or(false)
    }

    /// Attaches a loop device to the root filesystem's part of the volume.
    ///
    /// # Errors
    /// [`PatchError::TooSmall`]; errors of loop devices.
    pub fn root(&self, layout: Layout) -> Result<Root, PatchError> {
        let (offset, len) = layout.root(self.size).ok_or_else(|| PatchError::TooSmall {
            volume: self.path().display().to_string(),
            what: "a root partition",
            needed: "20 MiB and more".to_owned(),
            available: wire::units::format_len(self.size),
        })?;
        let loop_device = LoopDevice::attach(self.file(), offset, len)
            .map_err(PatchError::io("attach a loop device to", self.path()))?;
        Ok(Root { loop_device, offset, volume: self.path().to_owned() })
    }

    /// Makes the volume's bytes durable and drops them from the page cache, so that a scan reads the medium: after a
    /// failed write-back, the cache may differ from the medium.
    ///
    /// # Errors
    /// As `fsync(2)`; never retry.
    pub fn sync_and_drop_cache(&self) -> Result<(), PatchError> {
        let failed = || PatchError::io("sync", self.path());
        self.sync()?;
        if self.claim.is_some() {
            return sysio::block::sync_and_drop_cache(self.file()).map_err(failed());
        }
        sysio::file::drop_cache(self.file());
        Ok(())
    }

    /// Makes the volume's bytes durable.
    ///
    /// # Durability
    /// Everything written to the volume survives a power loss once this returned.
    ///
    /// # Errors
    /// As `fsync(2)`; never retry.
    pub fn sync(&self) -> Result<(), PatchError> {
        sysio::file::sync(self.file()).map_err(PatchError::io("sync", self.path()))
    }
}

impl Root {
    /// Returns the path of the loop device, such as `/dev/loop0`.
    pub fn path(&self) -> &Path {
        self.loop_device.path()
    }

    /// Returns the offset of the filesystem on the volume, in bytes.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the length of the loop device in bytes.
    ///
    /// # Errors
    /// As `ioctl(2)`.
    pub fn size(&self) -> Result<u64, PatchError> {
        let device = File::open(self.path()).map_err(PatchError::io("open", self.path()))?;
        sysio::block::size(&device).map_err(PatchError::io("read the length of", self.path()))
    }

    /// Returns the filesystem's superblock; `None` for a filesystem of an unknown type.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn superblock(&self) -> Result<Option<Superblock>, PatchError> {
        let failed = || PatchError::io("read the superblock of", self.path());
        let device = File::open(self.path()).map_err(failed())?;
        let mut bytes = [0; SUPERBLOCK_AREA_LEN];
        sysio::file::read_exact_at(&device, &mut bytes, 0).map_err(failed())?;
        Ok(Superblock::read(&bytes))
    }

    /// Mounts the filesystem where no other process can reach it.
    ///
    /// # Errors
    /// [`PatchError::NotMountable`] with the kernel's error.
    pub fn mount(
        &self,
        filesystem: Filesystem,
        purpose: Purpose,
    ) -> Result<PrivateMount, PatchError> {
        filesystem.mount(self.path(), purpose).map_err(|source| {
            // The source includes the kernel's message about the filesystem.
            let volume = self.volume.clone();
            PatchError::NotMountable { volume, source }
        })
    }

    /// Makes the content of the loop device durable on the volume. Call it after unmounting.
    ///
    /// # Errors
    /// As `fsync(2)`; never retry.
    pub fn sync(&self) -> Result<(), PatchError> {
        let failed = || PatchError::io("sync", self.path());
        let device = File::options().read(true).write(true).open(self.path()).map_err(failed())?;
        sysio::block::sync_and_drop_cache(&device).map_err(failed())
    }
}
