//! Image files as block devices.

#![allow(unsafe_code, reason = "ioctls")]

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::Errno;
use rustix::ioctl::{NoArg, Opcode, Setter, ioctl};

/// *Source:* linux/loop.h, for all of these.
const LOOP_CLR_FD: Opcode = 0x4C01;
const LOOP_CONFIGURE: Opcode = 0x4C0A;
const LOOP_CTL_GET_FREE: Opcode = 0x4C82;
const LO_FLAGS_AUTOCLEAR: u32 = 4;
const LO_FLAGS_DIRECT_IO: u32 = 16;

/// How often to ask for another free device when somebody else was faster: far more than there
/// are processes that attach loop devices at one moment.
const ATTEMPTS_MAX: u32 = 64;

/// A loop device over (a part of) an image file. Dropped, it is detached; should the process end
/// first, the kernel detaches it when its last user is gone.
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

/// *Source:* loop.h: `struct loop_config` is 304 bytes.
const _: () = assert!(size_of::<LoopConfig>() == 304);

impl LoopDevice {
    /// Attaches `len` bytes of a file from `offset` on as a block device.
    ///
    /// # Errors
    /// As `ioctl(2)`; `ResourceBusy` where no free device was to be had.
    pub fn attach(file: &File, offset: u64, len: u64) -> io::Result<Self> {
        let control_flags = OFlags::RDWR | OFlags::CLOEXEC;
        let control = rustix::fs::openat(CWD, c"/dev/loop-control", control_flags, Mode::empty())?;
        for _ in 0..ATTEMPTS_MAX {
            // JUSTIFICATION: there is no other way to find a free loop device.
            // SAFETY: LOOP_CTL_GET_FREE takes no argument and answers with a number.
            let number = unsafe { ioctl(&control, GetFree) }?;
            let path = PathBuf::from(format!("/dev/loop{number}"));
            let device = rustix::fs::openat(CWD, &path, control_flags, Mode::empty())?;
            match configure(&device, file, offset, len) {
                Err(Errno::BUSY) => {}
                other => {
                    other?;
                    return Ok(Self { path, device });
                }
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
        // JUSTIFICATION: detaching at once gives the file back before autoclear would.
        // SAFETY: LOOP_CLR_FD takes no argument.
        let detach = unsafe { NoArg::<LOOP_CLR_FD>::new() };
        // SAFETY: as above. An error leaves the device to autoclear.
        unsafe { ioctl(&self.device, detach) }.ok();
    }
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

fn configure(device: &OwnedFd, file: &File, offset: u64, len: u64) -> rustix::io::Result<()> {
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
            // Past the cache of what is below, where that can be: nothing is cached twice, and many
            // requests are under way at once. The kernel ignores the flag where it cannot.
            flags: LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO,
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

/// Returns the loop devices that are attached to a file, whoever attached them.
///
/// # Errors
/// As reading `/sys/block`.
pub fn attached_to(file: &Path) -> io::Result<Vec<PathBuf>> {
    let file = std::fs::canonicalize(file)?;
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/sys/block")? {
        let entry = entry?;
        let Ok(backing) = std::fs::read_to_string(entry.path().join("loop/backing_file")) else {
            continue;
        };
        if Path::new(backing.trim_end_matches('\n')) == file {
            found.push(Path::new("/dev").join(entry.file_name()));
        }
    }
    Ok(found)
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
        assert_eq!(attached_to(file.path()).unwrap(), [device.path().to_owned()]);
        let opened = File::open(device.path()).unwrap();
        assert_eq!(crate::block::size(&opened).unwrap(), 2 << 20);
        let mut start = [0; 4];
        crate::file::read_exact_at(&opened, &mut start, 0).unwrap();
        assert_eq!(&start, b"here");
        drop(opened);
        drop(device);
        assert_eq!(attached_to(file.path()).unwrap(), [] as [PathBuf; 0]);
    }
}
