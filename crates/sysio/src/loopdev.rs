//! Loop devices: image files as block devices.

#![allow(unsafe_code, reason = "ioctls")]

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::Errno;
use rustix::ioctl::{Getter, NoArg, Opcode, Setter, ioctl};

/// *Source:* linux/loop.h, for all of these constants.
const LOOP_CLR_FD: Opcode = 0x4C01;
const LOOP_GET_STATUS64: Opcode = 0x4C05;
const LOOP_CONFIGURE: Opcode = 0x4C0A;
const LOOP_CTL_GET_FREE: Opcode = 0x4C82;
const LO_FLAGS_READ_ONLY: u32 = 1;
const LO_FLAGS_AUTOCLEAR: u32 = 4;
const LO_FLAGS_DIRECT_IO: u32 = 16;

/// Maximum number of attempts to attach a free device. An attempt fails if another process takes the device first. Far
/// fewer processes than this attach loop devices at one time.
const ATTEMPTS_MAX: u32 = 64;

/// A loop device over a file or a part of a file. Dropping this value detaches the device. If the process ends first,
/// the kernel detaches the device after its last user is gone.
#[derive(Debug)]
pub struct LoopDevice {
    path: PathBuf,
    device: OwnedFd,
}

#[repr(C)]
struct LoopInfo64 {
    device: u64,
    inode: u64,
    rdevice: u64,
    offset: u64,
    size_limit: u64,
    number: u32,
    encrypt_type: u32,
    encrypt_key_size: u32,
    flags: u32,
    file_name: [u8; 64],
    crypt_name: [u8; 64],
    encrypt_key: [u8; 32],
    init: [u64; 2],
}

#[repr(C)]
struct LoopConfig {
    fd: u32,
    block_size: u32,
    info: LoopInfo64,
    reserved: [u64; 8],
}

/// *Source:* loop.h: `struct loop_config` has 304 bytes, and `struct loop_info64` in it has 232 of these.
const _: () = assert!(size_of::<LoopConfig>() == 304);
const _: () = assert!(size_of::<LoopInfo64>() == 232);

impl LoopDevice {
    /// Attaches `len` bytes of a file from `offset` on as a block device. A `len` of 0 means all bytes up to the end.
    /// The device is read-only if the file is open for reading only.
    ///
    /// # Errors
    /// As `ioctl(2)`, with the name of the device; `ResourceBusy` if other processes took the free device first in all
    /// attempts.
    pub fn attach(file: &File, offset: u64, len: u64) -> io::Result<Self> {
        let flags = OFlags::RDWR | OFlags::CLOEXEC;
        let control = rustix::fs::openat(CWD, CONTROL, flags, Mode::empty())
            .map_err(|errno| not_to_be_had(CONTROL, errno))?;
        let is_read_only = !rustix::fs::fcntl_getfl(file)?.contains(OFlags::RDWR);
        let flags = if is_read_only { OFlags::RDONLY | OFlags::CLOEXEC } else { flags };
        for _ in 0..ATTEMPTS_MAX {
            // JUSTIFICATION: there is no other way to find a free loop device.
            // SAFETY: LOOP_CTL_GET_FREE takes no argument and answers with a number.
            let number = unsafe { ioctl(&control, GetFree) }?;
            let path = PathBuf::from(format!("/dev/loop{number}"));
            let device = rustix::fs::openat(CWD, &path, flags, Mode::empty())
                .map_err(|errno| no_node(&path, number, errno))?;
            match configure(&device, file, offset, len, is_read_only) {
                Err(Errno::BUSY) => {}
                Err(errno) => return Err(about(&path.display().to_string(), errno)),
                Ok(()) => return Ok(Self { path, device }),
            }
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    /// Returns the device's path, such as `/dev/loop0`.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for LoopDevice {
    fn drop(&mut self) {
        // JUSTIFICATION: an explicit detach releases the file at once; autoclear waits for the last user.
        // SAFETY: LOOP_CLR_FD takes no argument.
        let detach = unsafe { NoArg::<LOOP_CLR_FD>::new() };
        // SAFETY: as above. After an error, autoclear detaches the device.
        unsafe { ioctl(&self.device, detach) }.ok();
    }
}

/// The device that tells the number of a free loop device.
const CONTROL: &str = "/dev/loop-control";

/// Adds the name of a device to an error, and keeps the kind of the error.
fn about(device: &str, errno: Errno) -> io::Error {
    let error = io::Error::from(errno);
    io::Error::new(error.kind(), format!("{device}: {error}"))
}

/// Makes the error for a container or a kernel without usable loop devices, with a hint.
fn not_to_be_had(device: &str, errno: Errno) -> io::Error {
    let error = io::Error::from(errno);
    let hint = match errno {
        Errno::NOENT | Errno::NXIO | Errno::NODEV => {
            "there are no loop devices here: load the kernel's module loop, and give a container \
             /dev/loop-control and its loop devices"
        }
        Errno::ACCESS | Errno::PERM => {
            "loop devices may not be used here: that takes root, and in a container \
             /dev/loop-control and leave for its loop devices"
        }
        _ => return about(device, errno),
    };
    io::Error::new(error.kind(), format!("{device}: {error}; {hint}"))
}

/// Makes the error for a free loop device that cannot be opened. A container with its own `/dev` can lack the device's
/// node.
fn no_node(path: &Path, number: u32, errno: Errno) -> io::Error {
    /// *Source:* linux/major.h: LOOP_MAJOR.
    const MAJOR: u32 = 7;
    if errno != Errno::NOENT {
        return not_to_be_had(&path.display().to_string(), errno);
    }
    let path = path.display();
    let error = io::Error::from(errno);
    io::Error::new(
        error.kind(),
        format!("{path}: {error}; make the node with `mknod {path} b {MAJOR} {number}`, and again"),
    )
}

struct GetFree;

// SAFETY: the opcode is LOOP_CTL_GET_FREE, which takes no argument and mutates nothing; its result
// is the number of a device.
unsafe impl rustix::ioctl::Ioctl for GetFree {
    type Output = u32;

    const IS_MUTATING: bool = false;

    fn opcode(&self) -> Opcode {
        LOOP_CTL_GET_FREE
    }

    fn as_ptr(&mut self) -> *mut std::ffi::c_void {
        std::ptr::null_mut()
    }

    unsafe fn output_from_ptr(
        number: rustix::ioctl::IoctlOutput,
        _: *mut std::ffi::c_void,
    ) -> rustix::io::Result<u32> {
        u32::try_from(number).map_err(|_| Errno::INVAL)
    }
}

fn configure(
    device: &OwnedFd,
    file: &File,
    offset: u64,
    len: u64,
    is_read_only: bool,
) -> rustix::io::Result<()> {
    let read_only = if is_read_only { LO_FLAGS_READ_ONLY } else { 0 };
    let config = LoopConfig {
        fd: file.as_raw_fd().cast_unsigned(),
        block_size: 0,
        info: LoopInfo64 {
            device: 0,
            inode: 0,
            rdevice: 0,
            offset,
            size_limit: len,
            number: 0,
            encrypt_type: 0,
            encrypt_key_size: 0,
            // Direct I/O caches no data twice and keeps many requests in flight at once. If the
            // backing file does not support direct I/O, the kernel ignores the flag.
            flags: LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO | read_only,
            file_name: [0; 64],
            crypt_name: [0; 64],
            encrypt_key: [0; 32],
            init: [0; 2],
        },
        reserved: [0; 8],
    };
    // JUSTIFICATION: one call sets file, offset, length and flags together, so that nobody sees a
    // half-configured device.
    // SAFETY: LOOP_CONFIGURE reads a struct loop_config, which LoopConfig is field for field (its
    // size is asserted above), and keeps a reference to the file, not to our memory.
    let setter = unsafe { Setter::<LOOP_CONFIGURE, LoopConfig>::new(config) };
    // SAFETY: as above.
    unsafe { ioctl(device, setter) }
}

/// A loop device and its mode, as [`attached_to`] finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Path of the device, such as `/dev/loop0`.
    pub device: PathBuf,
    /// `true` if nobody can write through the device; `false` also if the mode could not be queried.
    pub is_read_only: bool,
}

/// Returns the loop devices attached to an open file or block device. It does not matter which process attached them,
/// or under which path. A loop device is attached to a file if the filesystem and inode number of its backing file are
/// those of the file. It is attached to a block device if the device number of its backing device is that of the block
/// device.
///
/// # Errors
/// As reading `/sys/block`.
pub fn attached_to(file: &File) -> io::Result<Vec<Attachment>> {
    let wanted = file.metadata()?;
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/sys/block")? {
        let entry = entry?;
        let Ok(name) = std::fs::read(entry.path().join("loop/backing_file")) else {
            continue;
        };
        let device = Path::new("/dev").join(entry.file_name());
        let backing = backing_of(&device);
        let is_same = match &backing {
            Some(backing) if wanted.file_type().is_block_device() => backing.rdev == wanted.rdev(),
            Some(backing) => (backing.dev, backing.inode) == (wanted.dev(), wanted.ino()),
            // If the loop device has no node, only the path of its backing file is known.
            None => std::fs::metadata(name_of(name))
                .is_ok_and(|there| (there.dev(), there.ino()) == (wanted.dev(), wanted.ino())),
        };
        if is_same {
            let is_read_only = backing.is_some_and(|backing| backing.is_read_only);
            found.push(Attachment { device, is_read_only });
        }
    }
    Ok(found)
}

/// Returns whether the kernel will detach a loop device by itself (autoclear), as soon as no process or mount uses the
/// device. Returns `false` if sysfs does not tell.
pub fn is_autoclear(device: &Path) -> bool {
    let Some(name) = device.file_name() else { return false };
    let flag = Path::new("/sys/block").join(name).join("loop/autoclear");
    std::fs::read_to_string(flag).is_ok_and(|flag| flag.trim() == "1")
}

/// Removes the line feed from the path that sysfs shows.
fn name_of(mut shown: Vec<u8>) -> PathBuf {
    shown.pop_if(|last| *last == b'\n');
    std::ffi::OsString::from_vec(shown).into()
}

/// The backing file of a loop device, and the device's mode.
struct Backing {
    dev: u64,
    inode: u64,
    rdev: u64,
    is_read_only: bool,
}

/// Queries a loop device; `None` if it cannot be queried or was just detached.
fn backing_of(device: &Path) -> Option<Backing> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let device = rustix::fs::openat(CWD, device, flags, Mode::empty()).ok()?;
    // JUSTIFICATION: sysfs shows only the file's name. Another file may have this name now, or the
    // name may be gone.
    // SAFETY: LOOP_GET_STATUS64 writes one struct loop_info64, which LoopInfo64 is field for field
    // (its size is asserted above); any bytes are a valid value of it.
    let getter = unsafe { Getter::<LOOP_GET_STATUS64, LoopInfo64>::new() };
    // SAFETY: as above; the getter owns the place that is written.
    let info = unsafe { ioctl(&device, getter) }.ok()?;
    Some(Backing {
        dev: info.device,
        inode: info.inode,
        rdev: info.rdevice,
        is_read_only: info.flags & LO_FLAGS_READ_ONLY != 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn privileged_a_part_of_a_file_becomes_a_device() {
        if !crate::is_root() || !Path::new("/dev/loop-control").exists() {
            eprintln!("SKIPPED: needs root and loop devices");
            return;
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        crate::file::set_len(file.as_file(), 4 << 20).unwrap();
        crate::file::write_all_at(file.as_file(), b"here", 1 << 20).unwrap();
        let writable = File::options().read(true).write(true).open(file.path()).unwrap();
        let device = LoopDevice::attach(&writable, 1 << 20, 2 << 20).unwrap();
        let attached = Attachment { device: device.path().to_owned(), is_read_only: false };
        assert_eq!(attached_to(file.as_file()).unwrap(), std::slice::from_ref(&attached));
        let reader = LoopDevice::attach(&File::open(file.path()).unwrap(), 0, 4096).unwrap();
        let found = attached_to(file.as_file()).unwrap();
        let by_reader = Attachment { device: reader.path().to_owned(), is_read_only: true };
        assert!(found.len() == 2 && found.contains(&by_reader), "{found:?}");
        drop(reader);
        assert!(is_autoclear(device.path()));
        // Opens the file by a second name, which is not UTF-8, and then removes this name.
        let link = std::ffi::OsString::from_vec(
            [file.path().as_os_str().as_encoded_bytes(), b"\xff"].concat(),
        );
        std::fs::hard_link(file.path(), &link).unwrap();
        let linked = File::open(&link).unwrap();
        std::fs::remove_file(&link).unwrap();
        assert_eq!(attached_to(&linked).unwrap(), [attached]);
        let other = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(attached_to(other.as_file()).unwrap(), []);
        let opened = File::open(device.path()).unwrap();
        assert_eq!(crate::block::size(&opened).unwrap(), 2 << 20);
        let mut start = [0; 4];
        crate::file::read_exact_at(&opened, &mut start, 0).unwrap();
        assert_eq!(&start, b"here");
        drop(opened);
        drop(device);
        assert_eq!(attached_to(file.as_file()).unwrap(), []);
    }
}
