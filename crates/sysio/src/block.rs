//! Block devices: size, identity, write counters, exclusive claims.

#![allow(unsafe_code, reason = "ioctls")]

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags};
use rustix::ioctl::{Getter, NoArg, Setter, ioctl, opcode};

/// `_IOR(0x12, 114, size_t)`. *Source:* linux/fs.h.
const BLKGETSIZE64: rustix::ioctl::Opcode = opcode::read::<usize>(0x12, 114);
/// `_IO(0x12, 97)`. *Source:* linux/fs.h.
const BLKFLSBUF: rustix::ioctl::Opcode = opcode::none(0x12, 97);
/// `_IO(0x12, 127)`. *Source:* linux/fs.h.
const BLKZEROOUT: rustix::ioctl::Opcode = opcode::none(0x12, 127);

/// A block device that nobody else can mount while this value lives.
///
/// The device is open with `O_EXCL`. So nobody else can claim it, and a mount or `mkfs` needs such a claim. Others can
/// still write to the device.
#[derive(Debug)]
pub struct Claim {
    fd: OwnedFd,
}

impl Claim {
    /// Claims a device. With `is_written`, opens it for writing, too.
    ///
    /// # Errors
    /// `ResourceBusy` if the device is mounted, or claimed by somebody else.
    pub fn open(device: &Path, is_written: bool) -> io::Result<Self> {
        let access = if is_written { OFlags::RDWR } else { OFlags::RDONLY };
        let flags = access | OFlags::CLOEXEC | OFlags::EXCL;
        Ok(Self { fd: rustix::fs::openat(CWD, device, flags, Mode::empty())? })
    }

    /// Returns the claimed device's length in bytes.
    ///
    /// # Errors
    /// As `ioctl(2)`.
    pub fn size(&self) -> io::Result<u64> {
        size(&self.fd)
    }

    /// Returns a second descriptor of the claimed device, for reading and writing its bytes.
    ///
    /// # Errors
    /// As `fcntl(2)`.
    pub fn file(&self) -> io::Result<File> {
        Ok(self.fd.try_clone()?.into())
    }
}

/// Returns a block device's length in bytes.
///
/// # Errors
/// As `ioctl(2)`; `ENOTTY` for a descriptor that is not a block device.
pub fn size(fd: &impl AsFd) -> io::Result<u64> {
    // JUSTIFICATION: rustix has no call for the size in bytes.
    // SAFETY: BLKGETSIZE64 writes one u64 through its argument and nothing else; the opcode says
    // `size_t`, which is 64 bits wide on the targets that this crate compiles for.
    let getter = unsafe { Getter::<BLKGETSIZE64, u64>::new() };
    // SAFETY: as above; the getter owns the place that is written.
    Ok(unsafe { ioctl(fd, getter) }?)
}

/// Makes a device's content durable and drops its cached pages, so that later readers see the
/// medium.
///
/// # Errors
/// As `fsync(2)` and `ioctl(2)`. Never retry a failed sync.
pub fn sync_and_drop_cache(device: &File) -> io::Result<()> {
    rustix::fs::fsync(device)?;
    // JUSTIFICATION: rustix has no call for BLKFLSBUF.
    // SAFETY: BLKFLSBUF takes no argument.
    let flush = unsafe { NoArg::<BLKFLSBUF>::new() };
    // SAFETY: as above.
    Ok(unsafe { ioctl(device, flush) }?)
}

/// Makes a range of a device read as zeros. The device unmaps the range if unmapped ranges read as zeros; otherwise the
/// kernel writes zeros. `offset` and `len` must be multiples of the sector size.
///
/// # Errors
/// As `ioctl(2)`.
pub fn zero(device: &File, offset: u64, len: u64) -> io::Result<()> {
    // JUSTIFICATION: rustix has no call for BLKZEROOUT.
    // SAFETY: BLKZEROOUT reads two numbers through its argument and keeps nothing.
    let setter = unsafe { Setter::<BLKZEROOUT, [u64; 2]>::new([offset, len]) };
    // SAFETY: as above; the setter owns the numbers.
    Ok(unsafe { ioctl(device, setter) }?)
}

/// The kernel's counters of a whole disk, by which we notice the writes of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters {
    /// Unique number of the disk since boot; a loop device gets a new one each time it is attached.
    pub disk_sequence: u64,
    /// Completed writes, sectors written, completed discards and sectors discarded, since the disk appeared.
    pub written: [u64; 4],
}

/// Reads the counters of a whole disk from sysfs.
///
/// # Errors
/// As reading `/sys/dev/block`; `InvalidData` for counters in an unknown format.
pub fn counters(device: &Path) -> io::Result<Counters> {
    let folder = sysfs_folder(device)?;
    let text = std::fs::read_to_string(folder.join("stat"))?;
    let fields: Vec<u64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    // Fields 5 and 7 are the completed writes and the written sectors, fields 12 and 14 the same for discards.
    // Source: Documentation/block/stat.rst.
    let [_, _, _, _, writes, _, sectors, _, _, _, _, discards, _, discarded, ..] = fields[..]
    else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let sequence = std::fs::read_to_string(folder.join("diskseq"))?;
    Ok(Counters {
        disk_sequence: sequence.trim().parse().map_err(|_| io::ErrorKind::InvalidData)?,
        written: [writes, sectors, discards, discarded],
    })
}

/// Returns the major and minor number of a block device.
///
/// # Errors
/// As `stat(2)`; `InvalidInput` for a path that is not a block device.
pub fn device_number(device: &Path) -> io::Result<(u32, u32)> {
    let stat = rustix::fs::stat(device)?;
    if rustix::fs::FileType::from_raw_mode(stat.st_mode) != rustix::fs::FileType::BlockDevice {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a block device"));
    }
    Ok((rustix::fs::major(stat.st_rdev), rustix::fs::minor(stat.st_rdev)))
}

/// Returns whether the kernel refuses all writes to a block device.
///
/// # Errors
/// As reading the attribute `ro` in sysfs.
pub fn is_read_only(device: &Path) -> io::Result<bool> {
    let text = std::fs::read_to_string(sysfs_folder(device)?.join("ro"))?;
    Ok(text.trim() == "1")
}

/// Returns the folder in sysfs that describes a block device.
///
/// # Errors
/// As [`device_number`] and `readlink(2)`.
pub fn sysfs_folder(device: &Path) -> io::Result<PathBuf> {
    let (major, minor) = device_number(device)?;
    std::fs::canonicalize(format!("/sys/dev/block/{major}:{minor}"))
}
