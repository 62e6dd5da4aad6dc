//! Safe functions over system calls.
//!
//! ```text
//! dir         directories by handle: walk, create, change, and never leave the tree
//! file        positioned reads and writes that complete, holes, early write-back
//! buffer      page-aligned buffers, and the reads and writes that use them
//! queue       reads ahead and writes behind: by plain calls or a ring
//! ring        the io_uring behind `queue`
//! extents     positions of data on a device
//! clock       the time of day
//! publish     the only way a file becomes visible: whole and durable
//! lock        one writer per folder, exclusive use of a disk
//! holder      processes that have a file open, for messages
//! map         our own sealed files, mapped into memory
//! block       block devices: size, sequence number, counters, exclusive claim
//! loopdev     image files as block devices
//! mount       filesystems mounted out of reach of other processes
//! sandbox     other people's programs, run without the power to do harm
//! blocktrace  the exact set of blocks that were written
//! ```
//!
//! *Boundary:* knows no image, no object and no volume. Only this crate has
//! `unsafe`; each use states why nothing safe suffices and why it is sound.
//!
//! Errors are `std::io::Error`; callers add the name of the file or device.

#[cfg(not(target_pointer_width = "64"))]
compile_error!("imprint converts between u64 and usize freely: it needs a 64-bit target");

pub mod block;
pub mod blocktrace;
mod buffer;
pub mod clock;
pub mod dir;
pub mod extents;
pub mod file;
pub mod holder;
pub mod lock;
pub mod loopdev;
pub mod map;
pub mod mount;
pub mod publish;
pub mod queue;
pub mod ring;
pub mod sandbox;

pub use dir::{Dir, Stat};

/// Makes the kernel send SIGTERM to this process when its parent ends, so that an embedded daemon
/// does not outlive the command that started it. `parent` is the parent's process id.
///
/// # Errors
/// As `prctl(2)`; `BrokenPipe` if the parent has already ended.
pub fn end_with_parent(parent: u32) -> std::io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::TERM))?;
    let now = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().get());
    if now != i32::try_from(parent).ok() {
        return Err(std::io::ErrorKind::BrokenPipe.into());
    }
    Ok(())
}

/// Lowers the priority of the calling thread, for work that must not slow others down. It cannot be raised again.
pub fn lower_priority() {
    /// As `nice` does without an argument.
    const NICE: i32 = 10;
    // Without a process id, Linux takes the calling thread. A failure leaves the priority as it is.
    rustix::process::setpriority_process(None, NICE).ok();
}

/// Clears the umask, so that files get exactly the permission bits that they are created with.
pub fn clear_umask() {
    rustix::process::umask(rustix::fs::Mode::empty());
}

/// Returns whether the effective user is root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Returns the numeric id of the effective user.
pub fn effective_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Starts a new session, so that this process survives the end of the terminal it was started from.
///
/// # Errors
/// As `setsid(2)`: `EPERM` for a process group leader.
pub fn leave_session() -> std::io::Result<()> {
    rustix::process::setsid()?;
    Ok(())
}

/// Returns whether each change of a file on the filesystem of `path` gives the file a new time of change (ctime): whether
/// it is ext4, xfs, btrfs or tmpfs, mounted for writing. Images that are mounted read-only may have any times, and others,
/// such as those of a network, may tell a time late.
///
/// # Errors
/// As `statfs(2)`.
pub fn keeps_change_times(path: &std::path::Path) -> std::io::Result<bool> {
    const KINDS: [i64; 4] = [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994];
    let is_read_only =
        rustix::fs::statvfs(path)?.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY);
    Ok(!is_read_only && KINDS.contains(&rustix::fs::statfs(path)?.f_type))
}

/// Raises the limit of open files to the hard limit, and returns the limit now in force.
pub fn raise_open_files() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if setrlimit(Resource::Nofile, wanted).is_ok() {
        limit.maximum.unwrap_or(u64::MAX)
    } else {
        limit.current.unwrap_or(u64::MAX)
    }
}
