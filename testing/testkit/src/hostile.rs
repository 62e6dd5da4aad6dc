//! Builds a tree with everything that a root filesystem can contain but most tools lose. A second revision of the tree
//! changes everything that can change.

use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Timespec, Timestamps, XattrFlags};

/// A file capability: `cap_net_bind_service+ep`, version 2. *Source:* linux/capability.h.
const CAPABILITY: [u8; 20] = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Builds the first revision in `root`, which must exist and be empty. Requires root rights.
///
/// # Errors
/// Errors of any system call.
pub fn build(root: &Path) -> io::Result<()> {
    files(&root.join("files"))?;
    names(&root.join("names"))?;
    links(&root.join("links"))?;
    specials(&root.join("specials"))?;
    attributes(&root.join("attributes"))?;
    sparse(&root.join("sparse"))?;
    kinds(&root.join("kinds"), 0)?;
    deep(&root.join("deep"))?;
    moves(&root.join("moves"))?;
    std::fs::create_dir(root.join("empty"))?;
    // Directories get their times last, because filling them changes their times.
    for name in ["files", "names", "links", "empty"] {
        set_mtime(&root.join(name), -86_400 * 365, 123_456_789)?;
    }
    set_mtime(root, 1_000_000_000, 1)
}

/// Changes the first revision into the second, in place.
///
/// # Errors
/// Errors of any system call.
pub fn mutate(root: &Path) -> io::Result<()> {
    let files = root.join("files");
    write(&files.join("small"), b"other content\n")?;
    std::fs::File::options()
        .write(true)
        .open(files.join("large"))?
        .write_all_at(b"changed", 3 << 20)?;
    std::fs::remove_file(files.join("text"))?;
    write(&files.join("added"), &noise(5000, 9))?;
    write(&files.join("empty"), b"no longer")?;
    std::fs::File::options().write(true).open(files.join("shrinks"))?.set_len(10)?;
    rustix::fs::chmodat(CWD, files.join("suid"), Mode::from_raw_mode(0o2711), AtFlags::empty())
        .map_err(io::Error::from)?;

    // Hard links: joined, split and regrouped.
    let links = root.join("links");
    std::fs::remove_file(links.join("c"))?;
    std::fs::hard_link(links.join("a"), links.join("c"))?;
    std::fs::remove_file(links.join("b"))?;
    write(&links.join("b"), b"linked content\n")?;
    std::fs::rename(links.join("pair1"), links.join("swap"))?;
    std::fs::rename(links.join("pair3"), links.join("pair1"))?;
    std::fs::rename(links.join("swap"), links.join("pair3"))?;

    // Every change from one file type to another.
    std::fs::remove_dir_all(root.join("kinds"))?;
    kinds(&root.join("kinds"), 1)?;

    // Files and filled directories: swapped and renamed.
    let moves = root.join("moves");
    for (a, b) in [("x", "y"), ("dir1", "dir2")] {
        std::fs::rename(moves.join(a), moves.join("tmp"))?;
        std::fs::rename(moves.join(b), moves.join(a))?;
        std::fs::rename(moves.join("tmp"), moves.join(b))?;
    }
    std::fs::rename(moves.join("old-name"), moves.join("new-name"))?;
    std::fs::rename(moves.join("dir1/inner"), moves.join("inner"))?;

    // Attributes: changed, removed, added.
    let attributes = root.join("attributes");
    rustix::fs::lremovexattr(attributes.join("user"), c"user.gone")?;
    set_xattr(&attributes.join("user"), "user.note", b"second")?;
    rustix::fs::lremovexattr(attributes.join("acl"), c"system.posix_acl_access")?;
    write(&attributes.join("default-acl/born-later"), b"inherits\n")?;
    std::fs::create_dir(attributes.join("default-acl/dir-born-later"))?;
    rustix::fs::lremovexattr(
        attributes.join("default-acl/dir-born-later"),
        c"system.posix_acl_default",
    )?;
    std::os::unix::fs::lchown(attributes.join("capable"), Some(0), Some(7))?;
    set_xattr(&attributes.join("capable"), "security.capability", &CAPABILITY)?;

    // Holes: one filled, one added.
    let sparse = root.join("sparse");
    std::fs::File::options()
        .write(true)
        .open(sparse.join("middle"))?
        .write_all_at(&[3; 4096], 65536)?;
    std::fs::remove_file(sparse.join("end"))?;
    sparse_file(&sparse.join("end"), 1 << 20, &[(524_288, 8192)])?;
    set_mtime(&root.join("empty"), 5, 5)
}

/// Writes a new file; unlinks an existing one first, so that its other hard links keep their content.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let file = std::fs::File::options().write(true).create_new(true).open(path)?;
    file.write_all_at(content, 0)
}

/// Returns pseudo-random bytes, which do not compress. Equal seeds give equal bytes.
pub fn noise(len: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..len)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

fn set_mtime(path: &Path, secs: i64, nanos: i64) -> io::Result<()> {
    let times = Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_OMIT },
        last_modification: Timespec { tv_sec: secs, tv_nsec: nanos },
    };
    Ok(rustix::fs::utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}

fn set_xattr(path: &Path, name: &str, value: &[u8]) -> io::Result<()> {
    Ok(rustix::fs::lsetxattr(path, name, value, XattrFlags::empty())?)
}

fn files(dir: &Path) -> io::Result<()> {
    std::fs::create_dir(dir)?;
    write(&dir.join("empty"), b"")?;
    write(&dir.join("small"), b"content\n")?;
    write(&dir.join("same"), b"content\n")?;
    write(&dir.join("text"), &b"compressible text\n".repeat(20_000))?;
    write(&dir.join("noise"), &noise(300_000, 1))?;
    write(&dir.join("exactly-1MiB"), &noise(1 << 20, 2))?;
    write(&dir.join("large"), &noise(5_000_001, 3))?;
    write(&dir.join("large-zeros"), &vec![0; 3 << 20])?;
    write(&dir.join("shrinks"), &noise(2_000_000, 4))?;
    write(&dir.join("suid"), b"#!/bin/sh\n")?;
    std::os::unix::fs::lchown(dir.join("suid"), Some(1000), Some(2000))?;
    rustix::fs::chmodat(CWD, dir.join("suid"), Mode::from_raw_mode(0o6755), AtFlags::empty())?;
    write(&dir.join("huge-owner"), b"x")?;
    std::os::unix::fs::lchown(dir.join("huge-owner"), Some(4_000_000_000), Some(3_000_000_000))?;
    set_mtime(&dir.join("small"), -1, 999_999_999)?;
    set_mtime(&dir.join("same"), -2_000_000_000, 1)?;
    set_mtime(&dir.join("text"), 2_500_000_000, 5)
}

fn names(dir: &Path) -> io::Result<()> {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    std::fs::create_dir(dir)?;
    let longest = [b'n'; 255];
    let all: [&[u8]; 10] = [
        b"\xff\xfe not utf-8",
        b"new\nline",
        b" leading and trailing ",
        b"-rf",
        b"back\\slash",
        b"quote'\"",
        b"*?[",
        "ünïcödé".as_bytes(),
        b"...",
        &longest,
    ];
    for name in all {
        write(&dir.join(OsStr::from_bytes(name)), name)?;
    }
    Ok(())
}

fn links(dir: &Path) -> io::Result<()> {
    std::fs::create_dir(dir)?;
    std::fs::create_dir(dir.join("sub"))?;
    write(&dir.join("a"), b"linked content\n")?;
    std::fs::hard_link(dir.join("a"), dir.join("b"))?;
    std::fs::hard_link(dir.join("a"), dir.join("sub/z"))?;
    write(&dir.join("c"), b"linked content\n")?;
    write(&dir.join("pair1"), b"pair\n")?;
    std::fs::hard_link(dir.join("pair1"), dir.join("pair2"))?;
    write(&dir.join("pair3"), b"pair\n")?;
    std::fs::hard_link(dir.join("pair3"), dir.join("pair4"))?;
    std::os::unix::fs::symlink("../does/not/exist", dir.join("dangling"))?;
    std::os::unix::fs::symlink("/etc", dir.join("absolute"))?;
    std::os::unix::fs::symlink("t".repeat(4095), dir.join("longest"))?;
    std::fs::hard_link(dir.join("dangling"), dir.join("dangling-again"))?;
    set_mtime(&dir.join("absolute"), -7, 7)
}

fn specials(dir: &Path) -> io::Result<()> {
    std::fs::create_dir(dir)?;
    let special = |name: &str, kind, mode, device| {
        rustix::fs::mknodat(CWD, dir.join(name), kind, Mode::from_raw_mode(mode), device)
    };
    special("fifo", FileType::Fifo, 0o622, 0)?;
    special("socket", FileType::Socket, 0o755, 0)?;
    special("null", FileType::CharacterDevice, 0o666, rustix::fs::makedev(1, 3))?;
    special("large-minor", FileType::CharacterDevice, 0o600, rustix::fs::makedev(511, 70_000))?;
    special("disk", FileType::BlockDevice, 0o660, rustix::fs::makedev(8, 17))?;
    std::fs::hard_link(dir.join("fifo"), dir.join("fifo-again"))?;
    std::fs::create_dir(dir.join("sticky"))?;
    rustix::fs::chmodat(CWD, dir.join("sticky"), Mode::from_raw_mode(0o1777), AtFlags::empty())?;
    set_mtime(&dir.join("fifo"), -3, 3)
}

/// Encodes an ACL attribute: version 2, then entries of tag, rights and id. *Source:* posix_acl_xattr.h.
fn acl(entries: &[(u16, u16, u32)]) -> Vec<u8> {
    let mut bytes = 2u32.to_le_bytes().to_vec();
    for (tag, rights, id) in entries {
        bytes.extend_from_slice(&tag.to_le_bytes());
        bytes.extend_from_slice(&rights.to_le_bytes());
        bytes.extend_from_slice(&id.to_le_bytes());
    }
    bytes
}

fn attributes(dir: &Path) -> io::Result<()> {
    const NOBODY: u32 = u32::MAX;
    /// A user id that no machine has a name for: if there were a name, GNU tar would store it instead of the id.
    const STRANGER: u32 = 61_234;
    std::fs::create_dir(dir)?;
    write(&dir.join("capable"), b"program\n")?;
    set_xattr(&dir.join("capable"), "security.capability", &CAPABILITY)?;
    write(&dir.join("user"), b"noted\n")?;
    set_xattr(&dir.join("user"), "user.note", b"first")?;
    set_xattr(&dir.join("user"), "user.gone", b"")?;
    set_xattr(&dir.join("user"), "user.binary", &noise(1000, 5))?;
    set_xattr(&dir.join("user"), "trusted.overlay.opaque", b"y")?;
    let rights =
        [(1, 6, NOBODY), (2, 7, STRANGER), (4, 4, NOBODY), (16, 7, NOBODY), (32, 4, NOBODY)];
    write(&dir.join("acl"), b"shared\n")?;
    set_xattr(&dir.join("acl"), "system.posix_acl_access", &acl(&rights))?;
    std::fs::create_dir(dir.join("default-acl"))?;
    set_xattr(&dir.join("default-acl"), "system.posix_acl_default", &acl(&rights))?;
    write(&dir.join("default-acl/inherits"), b"inherited\n")?;
    std::fs::create_dir(dir.join("default-acl/sub"))?;
    std::os::unix::fs::symlink("target", dir.join("link"))?;
    set_xattr(&dir.join("link"), "trusted.note", b"on a symlink")
}

/// Makes a file of holes, with noise at the given offsets and lengths.
fn sparse_file(path: &Path, size: u64, data: &[(u64, usize)]) -> io::Result<()> {
    let file = std::fs::File::options().write(true).create_new(true).open(path)?;
    file.set_len(size)?;
    for (offset, len) in data {
        file.write_all_at(&noise(*len, *offset + 1), *offset)?;
    }
    // Without the fsync, some filesystems report holes as data, because they delay the allocation of blocks.
    rustix::fs::fsync(&file)?;
    Ok(())
}

fn sparse(dir: &Path) -> io::Result<()> {
    std::fs::create_dir(dir)?;
    sparse_file(&dir.join("all-hole"), 10 << 20, &[])?;
    sparse_file(&dir.join("start"), 1 << 20, &[((1 << 20) - 4096, 4096)])?;
    sparse_file(&dir.join("middle"), 1 << 20, &[(0, 4096), ((1 << 20) - 100, 100)])?;
    sparse_file(&dir.join("end"), (1 << 20) + 17, &[(0, 8192)])?;
    sparse_file(&dir.join("terabyte"), 1 << 40, &[(1 << 39, 4096), ((1 << 40) - 4096, 4096)])?;
    let many: Vec<(u64, usize)> = (0..400).map(|i| (i * 16384, 4096)).collect();
    sparse_file(&dir.join("many-holes"), 400 * 16384, &many)
}

/// Makes one entry for each ordered pair of types. Each entry has the first type of its pair in revision 0, and the
/// second type in revision 1.
fn kinds(dir: &Path, revision: usize) -> io::Result<()> {
    const KINDS: [&str; 5] = ["file", "directory", "symlink", "fifo", "device"];
    std::fs::create_dir(dir)?;
    for first in KINDS {
        for second in KINDS {
            let path = dir.join(format!("{first}-to-{second}"));
            match [first, second][revision] {
                "file" => write(&path, format!("{revision}").as_bytes())?,
                "directory" => {
                    std::fs::create_dir(&path)?;
                    write(&path.join("inside"), second.as_bytes())?;
                    std::fs::create_dir(path.join("below"))?;
                    write(&path.join("below/deeper"), b"x")?;
                }
                "symlink" => std::os::unix::fs::symlink(format!("to-{revision}"), &path)?,
                kind => {
                    let (kind, device) = match kind {
                        "fifo" => (FileType::Fifo, 0),
                        _ => {
                            (FileType::CharacterDevice, rustix::fs::makedev(1, 3 + revision as u32))
                        }
                    };
                    rustix::fs::mknodat(CWD, &path, kind, Mode::from_raw_mode(0o600), device)?;
                }
            }
        }
    }
    Ok(())
}

/// Makes a chain of directories with a path longer than `PATH_MAX`, and a file at its end.
fn deep(dir: &Path) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    std::fs::create_dir(dir)?;
    let mut current = rustix::fs::openat(CWD, dir, flags, Mode::empty())?;
    for level in 0..40 {
        let name = format!("{level:02}-{}", "d".repeat(150));
        rustix::fs::mkdirat(&current, &name, Mode::from_raw_mode(0o755))?;
        current = rustix::fs::openat(&current, &name, flags, Mode::empty())?;
    }
    let file = OFlags::WRONLY | OFlags::CREATE | OFlags::CLOEXEC;
    let bottom = rustix::fs::openat(&current, "bottom", file, Mode::from_raw_mode(0o644))?;
    rustix::io::pwrite(&bottom, b"deeper than PATH_MAX\n", 0)?;
    Ok(())
}

fn moves(dir: &Path) -> io::Result<()> {
    std::fs::create_dir(dir)?;
    write(&dir.join("x"), b"x content\n")?;
    write(&dir.join("y"), b"y content, longer\n")?;
    write(&dir.join("old-name"), &noise(100_000, 6))?;
    for name in ["dir1", "dir2"] {
        std::fs::create_dir(dir.join(name))?;
        write(&dir.join(name).join("inner"), name.as_bytes())?;
        write(&dir.join(name).join("same"), b"same in both\n")?;
    }
    Ok(())
}
