//! From a volume's path to its open root filesystem.
//!
//! ```text
//! image file ──open, flock─┐                    ┌─ private mount (nodev,nosuid,noexec,noatime)
//!                          ├─ loop device over ─┤
//! block device ──O_EXCL────┘  the root partition└─ mkfs
//! ```
//!
//! The root partition is reached through a loop device with an offset, so that neither the
//! kernel's partition parser nor device nodes that come and go are needed. Everything ends with
//! the value that holds it, and with the process should it be killed.

mod blank;
mod in_use;

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::time::Instant;

use diskfs::{Filesystem, Label, Layout, Medium, Purpose, SUPERBLOCK_AREA_LEN, Superblock};
use sysio::block::Claim;
use sysio::dir::Caching;
use sysio::loopdev::LoopDevice;
use sysio::mount::{Access, PrivateMount};

use self::in_use::{
    LET_GO_TIME, check_unattached, check_unused, of_imprint, of_whom, stays_open_for_writing,
};
use crate::PatchError;

/// A volume that is open, and that nothing of ours writes meanwhile but its owner. docs/patching.md says what keeps
/// others away, and for how long.
#[derive(Debug)]
pub struct Device {
    medium: Medium,
    size: u64,
    /// For block devices: held to keep others from mounting.
    claim: Option<Claim>,
}

/// A volume's root filesystem as a block device.
#[derive(Debug)]
pub struct Root {
    loop_device: LoopDevice,
    /// Where on the volume it begins.
    offset: u64,
    /// The volume that it is part of, for messages.
    volume: PathBuf,
}

/// What an image file has of the filesystem that it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostSpace {
    /// What that filesystem has left.
    pub free_bytes: u64,
    /// What the file has been given so far.
    pub allocated_bytes: u64,
}

impl Device {
    /// Opens a volume, an image file or a block device, for writing.
    ///
    /// # Errors
    /// [`PatchError::InUse`] where something else has mounted, attached or opened it.
    pub fn open(path: &Path) -> Result<Self, PatchError> {
        Self::open_as(path, Access::ReadWrite)
    }

    /// Opens a volume for reading: one that may not be written to is enough. An image file is shared with others that
    /// read it, a block device with nobody: the kernel knows no claim that is shared.
    ///
    /// # Errors
    /// [`PatchError::InUse`] where something else has opened or attached it for writing, or, of a block device, mounted,
    /// attached or claimed it at all.
    pub fn open_to_look(path: &Path) -> Result<Self, PatchError> {
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
        // A loop device that was let go stays attached while somebody looks at it, as tools that list
        // all of them do.
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

    /// Opens an image file that nobody else writes, or, to be written, uses at all.
    fn take_file(path: &Path, access: Access) -> Result<Self, PatchError> {
        let failed =
            |source| PatchError::Io { action: "open volume", path: path.to_owned(), source };
        // Before it is open for writing here, which would be seen.
        let reader = File::open(path).map_err(failed)?;
        let is_written = access == Access::ReadWrite;
        check_unattached(&reader, path, access)?;
        if stays_open_for_writing(&reader) {
            let by = of_whom("it is open for writing", &reader);
            return Err(PatchError::InUse { path: path.to_owned(), by });
        }
        let file = match is_written {
            true => File::options().read(true).write(true).open(path).map_err(failed)?,
            false => reader,
        };
        sysio::lock::try_lock_file(&file, is_written).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => {
                PatchError::InUse { path: path.to_owned(), by: of_imprint(&file) }
            }
            _ => failed(error),
        })?;
        check_unused(&file, path, access)?;
        let size = sysio::dir::stat_fd(file.as_fd()).map_err(failed)?.size;
        Ok(Self { medium: Medium::new(file, path.to_owned()), size, claim: None })
    }

    /// Claims a block device that nobody else works on.
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
                by: "it is mounted, or part of something that is".to_owned(),
            },
            _ => failed(error),
        })?;
        let size = claim.size().map_err(failed)?;
        let file = claim.file().map_err(failed)?;
        check_unused(&file, path, access)?;
        Ok(Self { medium: Medium::new(file, path.to_owned()), size, claim: Some(claim) })
    }

    /// Returns the path that the volume was opened by.
    pub fn path(&self) -> &Path {
        self.medium.path()
    }

    /// Returns the volume's bytes, to be read and written at places.
    pub fn medium(&self) -> &Medium {
        &self.medium
    }

    /// Returns whether the volume is an image file.
    pub fn is_file(&self) -> bool {
        self.claim.is_none()
    }

    /// Returns the volume's length in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the volume's file.
    pub fn file(&self) -> &File {
        self.medium.file()
    }

    /// Returns which filesystem of ours is where the layout has it.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn our_filesystem(&self, layout: Layout) -> Result<Option<Filesystem>, PatchError> {
        let ours = self.superblock(layout)?.filter(|superblock| superblock.label == Label::Ours);
        Ok(ours.map(|superblock| superblock.filesystem))
    }

    /// Returns what the superblock says of the filesystem that is where the layout has it.
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

    /// Returns how long the filesystem says that it is; `None` where there is none of ours.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn filesystem_len(&self, layout: Layout) -> Result<Option<u64>, PatchError> {
        let ours = self.superblock(layout)?.filter(|superblock| superblock.label == Label::Ours);
        Ok(ours.map(|superblock| superblock.len))
    }

    /// Returns what an image file has and may still get of the filesystem that it is in; `None`
    /// for a block device, which has all of its length.
    ///
    /// # Errors
    /// Errors of asking the filesystem.
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

    /// Opens the volume for reading what its medium holds: a device past the page cache, which knows
    /// nothing of what a filesystem wrote.
    ///
    /// # Errors
    /// As `open(2)`.
    pub fn reader(&self) -> Result<std::sync::Arc<File>, PatchError> {
        let caching = if self.is_file() { Caching::Cached } else { Caching::Direct };
        let file = sysio::file::open_as(self.path(), caching);
        Ok(std::sync::Arc::new(file.map_err(PatchError::io("open", self.path()))?))
    }

    /// Zeroes whatever is not zero on the whole volume, before it is formatted: a filesystem leaves
    /// alone what it does not use.
    ///
    /// # Errors
    /// Errors of reading and writing.
    pub fn blank(&self) -> Result<(), PatchError> {
        /// What is read at once.
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

    /// Returns whether a range was never written, as far as an image file's own filesystem knows.
    pub fn is_hole(&self, range: std::ops::Range<u64>) -> bool {
        self.is_file() && sysio::file::is_hole(self.file(), range).unwrap_or(false)
    }

    /// Makes the root filesystem's part of the volume a block device.
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

    /// Makes the volume's bytes durable and forgets what is cached of them, so that a scan reads
    /// what the medium holds: after a failed write-back the cache may say otherwise.
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
    /// Returns the block device's path.
    pub fn path(&self) -> &Path {
        self.loop_device.path()
    }

    /// Returns where on the volume it begins.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns its length in bytes.
    ///
    /// # Errors
    /// As `ioctl(2)`.
    pub fn size(&self) -> Result<u64, PatchError> {
        let device = File::open(self.path()).map_err(PatchError::io("open", self.path()))?;
        sysio::block::size(&device).map_err(PatchError::io("read the length of", self.path()))
    }

    /// Returns what the filesystem's superblock says; `None` for no filesystem that we know.
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

    /// Mounts the filesystem where nobody else can reach it.
    ///
    /// # Errors
    /// What the kernel says.
    pub fn mount(
        &self,
        filesystem: Filesystem,
        purpose: Purpose,
    ) -> Result<PrivateMount, PatchError> {
        filesystem.mount(self.path(), purpose).map_err(|source| {
            // With what the kernel says of the filesystem.
            let volume = self.volume.clone();
            PatchError::NotMountable { volume, source }
        })
    }

    /// Makes the block device's content durable below it, once the filesystem is unmounted.
    ///
    /// # Errors
    /// As `fsync(2)`; never retry.
    pub fn sync(&self) -> Result<(), PatchError> {
        let failed = || PatchError::io("sync", self.path());
        let device = File::options().read(true).write(true).open(self.path()).map_err(failed())?;
        sysio::block::sync_and_drop_cache(&device).map_err(failed())
    }
}
