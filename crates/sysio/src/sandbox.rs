//! A sandbox: runs somebody else's program without the power to do harm.
//!
//! The program has a read-only filesystem of its own as its root, and sees nothing else of the machine. It runs in new
//! namespaces for mounts, processes, IPC, host name, cgroups and network; its network has no interfaces. It runs as a
//! user that owns nothing. It has no capabilities on the machine, cannot gain privileges, and cannot make system calls
//! that lead to either. Memory, processor time, processes and open files are limited, and the program is killed when
//! its time is up. The program's standard output is a file in memory, of limited length.

#![allow(unsafe_code, reason = "what happens between fork and exec")]

mod calls;

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::fs::{MemfdFlags, memfd_create};
use seccompiler::BpfProgram;

use crate::mount::PrivateMount;

/// A user and group id that no system gives out: above the ranges of useradd, systemd and container tools.
const NOBODY: libc::uid_t = 2_130_000_017;

/// Limit on bytes of standard error that an outcome contains.
const ERROR_LEN_MAX: u64 = 4096;

/// Time that killed processes get to disappear.
const KILL_TIME: Duration = Duration::from_secs(5);

/// Resource limits of a sandboxed program.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time until the program is killed.
    pub time: Duration,
    /// Limit on bytes of standard output. If the output reaches the limit, the outcome is [`Outcome::TooLong`].
    pub output_len: u64,
    /// Limit on the address space of each process, in bytes.
    pub memory: u64,
    /// Limit on the processes and threads of all running sandboxes together, because the sandboxes share one user.
    pub processes: u64,
}

/// The result of a sandboxed program.
#[derive(Debug)]
pub enum Outcome {
    /// The program ended with exit code 0. The value is the program's standard output.
    Done(Vec<u8>),
    /// The program failed. The value is the beginning of its standard error, or the exit status if standard error is
    /// empty.
    Failed(String),
    /// The program was killed because its time was up.
    TimedOut,
    /// The program wrote as much to standard output as the limit allows, so the output may be incomplete.
    TooLong,
}

/// Runs a program with `root` as its root directory.
///
/// # Errors
/// Errors of the kernel; `NotFound` for a missing program. A failure of the program itself is
/// an [`Outcome`].
pub fn run(
    root: PrivateMount,
    program: &str,
    arguments: &[String],
    limits: Limits,
) -> io::Result<Outcome> {
    let output = File::from(memfd_create("imprint-sandbox", MemfdFlags::CLOEXEC)?);
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .env("LC_ALL", "C")
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .stdin(Stdio::null())
        // A file instead of a pipe, because some programs sync their output.
        .stdout(Stdio::from(output.try_clone()?))
        .stderr(Stdio::piped());
    let root_fd = std::os::fd::AsFd::as_fd(root.attachable()).as_raw_fd();
    let filter = calls::filter()?;
    // JUSTIFICATION: namespaces, root and limits belong to the process that becomes the program, so they
    // are set between fork and exec, for which std has no safe function.
    // SAFETY: `enter` runs in the only thread of a forked process. It allocates nothing, takes no
    // lock, and only makes system calls, on values that were made before the fork.
    unsafe { command.pre_exec(move || enter(root_fd, limits, &filter)) };
    let mut child = command.spawn()?;
    drop(root);
    // Closes our copy of the pipe's writing end: after this, only the child has one.
    drop(command);
    let errors = child.stderr.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let words = listen(errors);
    let ended = wait(&mut child, &words, limits.time);
    // All processes of the sandbox end with the first one, which ends with `child`.
    child.kill().ok();
    let status = child.wait()?;
    let Some(words) = ended? else {
        // Wait until the last process has closed the pipe.
        words.recv_timeout(KILL_TIME).ok();
        return Ok(Outcome::TimedOut);
    };
    if output.metadata()?.len() >= limits.output_len {
        return Ok(Outcome::TooLong);
    }
    if !status.success() {
        return Ok(Outcome::Failed(if words.is_empty() { status.to_string() } else { words }));
    }
    let mut bytes = vec![0; output.metadata()?.len() as usize];
    crate::file::read_exact_at(&output, &mut bytes, 0)?;
    Ok(Outcome::Done(bytes))
}

/// Reads standard error in a thread. Sends the beginning of what it read, once all writers have closed the pipe.
fn listen(mut errors: ChildStderr) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        (&mut errors).take(ERROR_LEN_MAX).read_to_end(&mut bytes).ok();
        // Reads the rest and drops it, so that the program does not block on a full pipe.
        io::copy(&mut errors, &mut io::sink()).ok();
        sender.send(bytes).ok();
    });
    receiver
}

/// Waits until the child ends, and returns its standard error; `None` if the time is up first.
fn wait(
    child: &mut Child,
    words: &Receiver<Vec<u8>>,
    time: Duration,
) -> io::Result<Option<String>> {
    let deadline = Instant::now() + time;
    let left = || deadline.saturating_duration_since(Instant::now());
    let Ok(words) = words.recv_timeout(left()) else { return Ok(None) };
    // Standard error is closed: the child is about to end, or it runs on without standard error.
    while child.try_wait()?.is_none() {
        if left().is_zero() {
            return Ok(None);
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
    Ok(Some(String::from_utf8_lossy(&words).trim().to_owned()))
}

/// Prepares a forked process for exec of the program.
fn enter(root: RawFd, limits: Limits, filter: &BpfProgram) -> io::Result<()> {
    let namespaces = libc::CLONE_NEWNS
        | libc::CLONE_NEWPID
        | libc::CLONE_NEWIPC
        | libc::CLONE_NEWUTS
        | libc::CLONE_NEWNET
        | libc::CLONE_NEWCGROUP;
    // SAFETY: takes flags only.
    check(unsafe { libc::unshare(namespaces) })?;
    // This process gets SIGKILL when its parent ends. The new process namespace begins with the first child of this
    // process.
    end_with_parent()?;
    // Fork twice: the first process of the namespace still runs our code. It ends with its parent, whatever the program
    // does, and everything in the namespace ends with this first process.
    for _ in 0..2 {
        // SAFETY: this process has one thread, and the child continues `enter`: it allocates nothing and takes no lock.
        match check(unsafe { libc::fork() })? {
            0 => end_with_parent()?,
            child => wait_for(child),
        }
    }
    enter_root(root)?;
    limit(limits)?;
    become_nobody()?;
    // Applying the filter makes two system calls. If one fails, its errno replaces the library's error.
    seccompiler::apply_filter(filter).map_err(|_| io::Error::last_os_error())
}

/// Waits for a child and exits with the child's exit code; 255 if a signal ended the child.
fn wait_for(child: libc::pid_t) -> ! {
    let mut status = 0;
    // Closes our copies of the pipes, so that the pipes end with the program and not with us.
    // SAFETY: this process does not use any descriptor after this.
    unsafe { libc::close_range(0, libc::c_uint::MAX, 0) };
    // SAFETY: writes only the status.
    while unsafe { libc::waitpid(child, &raw mut status, 0) } < 0 {}
    let code = if libc::WIFEXITED(status) { libc::WEXITSTATUS(status) } else { 255 };
    // SAFETY: exits without running the exit handlers copied from the parent.
    unsafe { libc::_exit(code) }
}

/// Makes the mount the root directory and detaches everything else.
fn enter_root(root: RawFd) -> io::Result<()> {
    const FROM_EMPTY_PATH: libc::c_uint = 0x4;
    let (here, slash, empty) = (c".".as_ptr(), c"/".as_ptr(), c"".as_ptr());
    let none = std::ptr::null();
    // SAFETY: the strings are constants that end with zero; here and below.
    check(unsafe { libc::mount(none, slash, none, libc::MS_REC | libc::MS_PRIVATE, none.cast()) })?;
    let (call, to) = (libc::SYS_move_mount, libc::AT_FDCWD);
    // SAFETY: as above; `root` is open in the parent, which waits.
    check_long(unsafe { libc::syscall(call, root, empty, to, slash, FROM_EMPTY_PATH) })?;
    // SAFETY: as above.
    check(unsafe { libc::fchdir(root) })?;
    // SAFETY: as above. The old root is stacked on the new one; the next call detaches it.
    check_long(unsafe { libc::syscall(libc::SYS_pivot_root, here, here) })?;
    // SAFETY: as above.
    check(unsafe { libc::umount2(here, libc::MNT_DETACH) })?;
    // SAFETY: as above.
    check(unsafe { libc::chdir(slash) }).map(drop)
}

fn limit(limits: Limits) -> io::Result<()> {
    const OPEN_FILES: u64 = 64;
    let seconds = limits.time.as_secs().max(1);
    let all = [
        (libc::RLIMIT_AS, limits.memory),
        (libc::RLIMIT_NPROC, limits.processes),
        (libc::RLIMIT_NOFILE, OPEN_FILES),
        (libc::RLIMIT_CPU, seconds),
        (libc::RLIMIT_CORE, 0),
        (libc::RLIMIT_FSIZE, limits.output_len),
    ];
    for (resource, value) in all {
        let limit = libc::rlimit { rlim_cur: value, rlim_max: value };
        // SAFETY: reads the limit only.
        check(unsafe { libc::setrlimit(resource, &raw const limit) })?;
    }
    Ok(())
}

fn become_nobody() -> io::Result<()> {
    let flags = libc::CLOSE_RANGE_CLOEXEC.cast_signed();
    // SAFETY: takes numbers only. Only the three standard streams stay open in the program.
    check(unsafe { libc::close_range(3, libc::c_uint::MAX, flags) })?;
    // SAFETY: with a count of zero the pointer is not read.
    check(unsafe { libc::setgroups(0, std::ptr::null()) })?;
    // SAFETY: takes numbers only.
    check(unsafe { libc::setresgid(NOBODY, NOBODY, NOBODY) })?;
    // SAFETY: takes numbers only. Changing all three user ids drops all capabilities.
    check(unsafe { libc::setresuid(NOBODY, NOBODY, NOBODY) })?;
    // SAFETY: takes numbers only.
    check(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }).map(drop)
}

fn end_with_parent() -> io::Result<()> {
    // SAFETY: takes numbers only.
    check(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0) }).map(drop)
}

fn check(result: libc::c_int) -> io::Result<libc::c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

fn check_long(result: libc::c_long) -> io::Result<libc::c_int> {
    check(if result < 0 { -1 } else { 0 })
}
