//! The kernel, behind safe functions.
//!
//! ```text
//! dir        directories by handle: walk, create, change, and never leave the tree
//! file       positioned reads and writes that finish, holes, early write-back
//! queue      reads asked for ahead, writes that end later: plain calls, or a ring
//! ring       the io_uring behind it
//! extents    where data lies on a device
//! clock      the time of day
//! publish    the only way a file becomes visible: whole and durable
//! lock       one writer a folder, and nobody else at a disk
//! holder     which processes have a file open, for messages
//! map        sealed files of ours in memory
//! block      block devices: size, sequence number, counters, exclusive claim
//! loopdev    image files as block devices
//! mount      filesystems mounted where nobody else can reach them
//! sandbox    programs of somebody else's, where they can do no harm
//! blocktrace  exactly which blocks were written
//! ```
//!
//! *Invariant of absence:* knows no image, no object and no volume. This is the only crate with
//! `unsafe`, and each use says why nothing safe would do and why it is sound.
//!
//! Errors are `std::io::Error`: callers know which thing they were working on and add it.

#[cfg(not(target_pointer_width = "64"))]
compile_error!("imprint converts between u64 and usize freely: it needs a 64-bit target");

pub mod block;
pub mod blocktrace;
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
/// does not outlive the command that started it.
///
/// # Errors
/// What `prctl` answers; a parent that ended just before is reported as `BrokenPipe`.
pub fn end_with_parent(parent: u32) -> std::io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::TERM))?;
    let now = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().get());
    if now != i32::try_from(parent).ok() {
        return Err(std::io::ErrorKind::BrokenPipe.into());
    }
    Ok(())
}

/// Lets files get exactly the permission bits that they are created with.
pub fn clear_umask() {
    rustix::process::umask(rustix::fs::Mode::empty());
}

/// Returns whether this process acts as root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Returns the user as whom this process acts.
pub fn effective_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Leaves the session of the terminal that this process was started from, which so can end without it.
///
/// # Errors
/// As `setsid(2)`.
pub fn leave_session() -> std::io::Result<()> {
    rustix::process::setsid()?;
    Ok(())
}

/// Raises the limit of open files to what the kernel allows, and returns it.
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
