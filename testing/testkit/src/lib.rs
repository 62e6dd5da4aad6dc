//! Helpers for the tests of several crates.
//!
//! Nothing here uses Imprint's own code. [`hostile`] builds trees with plain system calls. [`walk`] compares trees
//! field by field, as an oracle that cannot share Imprint's bugs. [`disk`] is a disk that can fail, wait and record its
//! writes, and [`journal`] computes its possible contents after a power loss. [`tarball`] and [`layout`] write tars and
//! OCI images byte by byte, malformed ones too.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

pub mod boot;
#[cfg(feature = "disk")]
pub mod disk;
pub mod hostile;
pub mod image;
#[cfg(feature = "disk")]
pub mod journal;
pub mod layout;
pub mod random;
pub mod tarball;
pub mod walk;

use std::path::Path;

/// Returns a scratch folder, in memory if possible, because tests move whole root filesystems and the disk is slow to
/// sync.
///
/// # Panics
/// If no folder can be created.
pub fn scratch() -> tempfile::TempDir {
    let place = Path::new("/dev/shm");
    let builder = tempfile::Builder::new().prefix("imprint-test-").to_owned();
    if place.is_dir() { builder.tempdir_in(place) } else { builder.tempdir() }
        .expect("a scratch folder")
}

/// Returns whether this process may make device nodes, loop devices and mounts. If not, prints on standard error that
/// `test` is skipped.
#[expect(clippy::print_stderr, reason = "a skipped test must be seen in the test's output")]
pub fn is_privileged(test: &str) -> bool {
    let is_root = rustix::process::geteuid().is_root();
    let has_loop = Path::new("/dev/loop-control").exists();
    if !(is_root && has_loop) {
        eprintln!(
            "SKIPPED {test}: needs root and loop devices (root: {is_root}, loop: {has_loop})"
        );
    }
    is_root && has_loop
}
