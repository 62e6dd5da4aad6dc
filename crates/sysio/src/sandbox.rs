//! A program of somebody else's, run where it can do no harm.
//!
//! It gets a filesystem of its own as its root, read-only, and nothing else of the machine's: new
//! namespaces for mounts, processes, IPC, names and a network without any interface, a user that owns
//! nothing, no capability on the machine, no new privileges and no system call that leads to either,
//! limits for memory, processor time, processes and open files, and an end when its time is up. Its standard output is a file in memory, as long as its
//! limit allows.

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

/// A user and group that no system gives out: above what useradd, systemd and container tools use.
const NOBODY: libc::uid_t = 2_130_000_017;

/// What is read of standard error.
const ERROR_LEN_MAX: u64 = 4096;

/// How long processes take that were killed.
const KILL_TIME: Duration = Duration::from_secs(5);

/// How much it may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until it is killed.
    pub time: Duration,
    /// Bytes of standard output.
    pub output_len: u64,
    /// Bytes of address space of each of its processes.
    pub memory: u64,
    /// Processes and threads.
    pub processes: u64,
}

/// What it came to.
#[derive(Debug)]
pub enum Outcome {
    /// It ended by itself, well.
    Done(Vec<u8>),
    /// It ended otherwise: its last words.
    Failed(String),
    /// It was ended: more time than it had.
    TimedOut,
    /// It was ended: more output than is read.
    TooLong,
}

/// Runs a program with `root` as its root directory.
///
/// # Errors
/// What the kernel refuses; a program that is not there is `NotFound`. What the program does wrong is
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
        // A file, since some programs sync what they write.
        .stdout(Stdio::from(output.try_clone()?))
        .stderr(Stdio::piped());
    let root_fd = std::os::fd::AsFd::as_fd(root.attachable()).as_raw_fd();
    let filter = calls::filter()?;
    // JUSTIFICATION: namespaces, root and limits are of the process that becomes the program, so they
    // are set between fork and exec, which std has no safe way for.
    // SAFETY: `enter` runs in the only thread of a forked process. It allocates nothing, takes no
    // lock, and makes system calls alone, on values that were made before the fork.
    unsafe { command.pre_exec(move || enter(root_fd, limits, &filter)) };
    let mut child = command.spawn()?;
    drop(root);
    // It has the only end of the pipe now, and of the output but for ours.
    drop(command);
    let errors = child.stderr.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let words = listen(errors);
    let ended = wait(&mut child, &words, limits.time);
    // Its processes end with the first of them, and that with its parent.
    child.kill().ok();
    let status = child.wait()?;
    let Some(words) = ended? else {
        // Until the last of them has let go of the pipe.
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

/// Reads what it says on its standard error, and tells the beginning once there is no more.
fn listen(mut errors: ChildStderr) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        (&mut errors).take(ERROR_LEN_MAX).read_to_end(&mut bytes).ok();
        // The rest is of no interest, but must not hold it up.
        io::copy(&mut errors, &mut io::sink()).ok();
        sender.send(bytes).ok();
    });
    receiver
}

/// Waits until it ends, and returns its words; `None` where it must be ended.
fn wait(
    child: &mut Child,
    words: &Receiver<Vec<u8>>,
    time: Duration,
) -> io::Result<Option<String>> {
    let deadline = Instant::now() + time;
    let left = || deadline.saturating_duration_since(Instant::now());
    let Ok(words) = words.recv_timeout(left()) else { return Ok(None) };
    // Its end is closed: it is about to end, or never will.
    while child.try_wait()?.is_none() {
        if left().is_zero() {
            return Ok(None);
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
    Ok(Some(String::from_utf8_lossy(&words).trim().to_owned()))
}

/// Turns a forked process into one that may become the program.
fn enter(root: RawFd, limits: Limits, filter: &BpfProgram) -> io::Result<()> {
    let namespaces = libc::CLONE_NEWNS
        | libc::CLONE_NEWPID
        | libc::CLONE_NEWIPC
        | libc::CLONE_NEWUTS
        | libc::CLONE_NEWNET
        | libc::CLONE_NEWCGROUP;
    // SAFETY: takes flags alone.
    check(unsafe { libc::unshare(namespaces) })?;
    // Its parent ends with it: the new process namespace begins with its first child.
    end_with_parent()?;
    // Twice: the first process of the namespace is ours still. It ends with its parent, whatever the
    // program does, and everything in the namespace ends with it.
    for _ in 0..2 {
        // SAFETY: this process has one thread, and the child goes on as `enter` promises.
        match check(unsafe { libc::fork() })? {
            0 => end_with_parent()?,
            child => wait_for(child),
        }
    }
    enter_root(root)?;
    limit(limits)?;
    become_nobody()?;
    // Makes two system calls, and no error of the kernel's is lost by naming it anew.
    seccompiler::apply_filter(filter).map_err(|_| io::Error::last_os_error())
}

/// Waits for a child and ends as it did.
fn wait_for(child: libc::pid_t) -> ! {
    let mut status = 0;
    // The pipes of our parent must close when the program ends, not when we do.
    // SAFETY: this process uses no descriptor any more.
    unsafe { libc::close_range(0, libc::c_uint::MAX, 0) };
    // SAFETY: writes the status.
    while unsafe { libc::waitpid(child, &raw mut status, 0) } < 0 {}
    let code = if libc::WIFEXITED(status) { libc::WEXITSTATUS(status) } else { 255 };
    // SAFETY: ends this process without running what its copy of the parent would run at its end.
    unsafe { libc::_exit(code) }
}

/// Makes the mount the root directory, and lets go of everything else.
fn enter_root(root: RawFd) -> io::Result<()> {
    const FROM_EMPTY_PATH: libc::c_uint = 0x4;
    let (here, slash, empty) = (c".".as_ptr(), c"/".as_ptr(), c"".as_ptr());
    let none = std::ptr::null();
    // SAFETY: strings are constants that end with zero; here and below.
    check(unsafe { libc::mount(none, slash, none, libc::MS_REC | libc::MS_PRIVATE, none.cast()) })?;
    let (call, to) = (libc::SYS_move_mount, libc::AT_FDCWD);
    // SAFETY: as above; `root` is open in the parent, which waits.
    check_long(unsafe { libc::syscall(call, root, empty, to, slash, FROM_EMPTY_PATH) })?;
    // SAFETY: as above.
    check(unsafe { libc::fchdir(root) })?;
    // SAFETY: as above. The old root comes to lie on the new one, from where it is taken away.
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
        // SAFETY: reads the limit.
        check(unsafe { libc::setrlimit(resource, &raw const limit) })?;
    }
    Ok(())
}

fn become_nobody() -> io::Result<()> {
    let flags = libc::CLOSE_RANGE_CLOEXEC.cast_signed();
    // SAFETY: takes numbers alone. Nothing but the three streams stays open in the program.
    check(unsafe { libc::close_range(3, libc::c_uint::MAX, flags) })?;
    // SAFETY: without groups the pointer is not read.
    check(unsafe { libc::setgroups(0, std::ptr::null()) })?;
    // SAFETY: takes numbers alone.
    check(unsafe { libc::setresgid(NOBODY, NOBODY, NOBODY) })?;
    // SAFETY: takes numbers alone. With all three ids gone, so are all capabilities.
    check(unsafe { libc::setresuid(NOBODY, NOBODY, NOBODY) })?;
    // SAFETY: takes numbers alone.
    check(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }).map(drop)
}

fn end_with_parent() -> io::Result<()> {
    // SAFETY: takes numbers alone.
    check(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0) }).map(drop)
}

fn check(result: libc::c_int) -> io::Result<libc::c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

fn check_long(result: libc::c_long) -> io::Result<libc::c_int> {
    check(if result < 0 { -1 } else { 0 })
}
