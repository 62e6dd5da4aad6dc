//! Access to disk images with other tools: `mount` mounts them, `e2fsck` and `xfs_repair` check them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Offset of the root partition in Imprint's GPT layout, in bytes.
pub const ROOT_OFFSET: u64 = 18 << 20;

/// A filesystem in an image file, mounted read-only; unmounted on drop.
#[derive(Debug)]
pub struct MountedImage {
    path: PathBuf,
}

impl MountedImage {
    /// Mounts the ext4 or XFS at an offset of an image, without replaying its journal.
    ///
    /// # Panics
    /// If `mount` fails.
    pub fn open(image: &Path, offset: u64, at: &Path) -> Self {
        std::fs::create_dir_all(at).expect("a mount point");
        let (filesystem, options) =
            if is_xfs(image, offset) { ("xfs", "norecovery,nouuid") } else { ("ext4", "noload") };
        let options = format!("loop,ro,{options},offset={offset}");
        run(Command::new("mount").args(["-t", filesystem, "-o", &options]).arg(image).arg(at));
        Self { path: at.to_owned() }
    }

    /// Returns the mount point, which is the root of the filesystem.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for MountedImage {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.path).status());
    }
}

/// A small mounted filesystem, for tests of full disks and of features that only some filesystems have; unmounted on
/// drop.
#[derive(Debug)]
pub struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    /// Mounts a tmpfs of `mib` MiB at a path, which is created.
    ///
    /// # Panics
    /// If `mount` fails.
    pub fn mount(at: &Path, mib: u32) -> Self {
        std::fs::create_dir_all(at).expect("a mount point");
        let options = format!("size={mib}m");
        run(Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at));
        Self { path: at.to_owned() }
    }

    /// Makes an ext4 of `mib` MiB in an image file and mounts it. Unlike tmpfs, ext4 can zero a range without writing
    /// data.
    ///
    /// # Panics
    /// If `mkfs.ext4` or `mount` fails.
    pub fn mount_ext4(image: &Path, at: &Path, mib: u32) -> Self {
        std::fs::create_dir_all(at).expect("a mount point");
        let size = format!("{mib}M");
        run(Command::new("mkfs.ext4").args(["-q", "-E", "nodiscard"]).arg(image).arg(size));
        run(Command::new("mount").args(["-t", "ext4", "-o", "loop"]).arg(image).arg(at));
        Self { path: at.to_owned() }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.path).status());
    }
}

/// Returns whether the filesystem at an offset of an image is XFS.
fn is_xfs(image: &Path, offset: u64) -> bool {
    use std::os::unix::fs::FileExt;
    let mut magic = [0; 4];
    let file = std::fs::File::open(image).expect("an image");
    file.read_exact_at(&mut magic, offset).expect("a superblock");
    &magic == b"XFSB"
}

/// Asserts that the filesystem at an offset of an image has no error. Checks ext4 with `e2fsck -fn` and XFS with
/// `xfs_repair -n`.
///
/// # Panics
/// If the tool finds an error. The message contains the tool's output.
pub fn assert_fsck_clean(image: &Path, offset: u64) {
    if is_xfs(image, offset) {
        let offset = format!("--offset={offset}");
        let device = run(Command::new("losetup")
            .args(["--find", "--show", "--read-only", &offset])
            .arg(image));
        let repair = Command::new("xfs_repair").args(["-n", device.trim()]).output();
        run(Command::new("losetup").args(["--detach", device.trim()]));
        let repair = repair.expect("xfs_repair");
        assert!(repair.status.success(), "{}", String::from_utf8_lossy(&repair.stderr));
        return;
    }
    let target = format!("{}?offset={offset}", image.display());
    run(Command::new("e2fsck").args(["-fn", &target]));
}

/// Runs a command that must succeed; returns its standard output.
///
/// # Panics
/// If the command fails. The message contains its output.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// A mounted filesystem on a loop device over a file; unmounted on drop.
///
/// The loop device bypasses the page cache, as for volumes: a cache would hide errors of the file below.
#[derive(Debug)]
pub struct LoopMount {
    path: PathBuf,
    device: String,
}

impl LoopMount {
    /// Mounts the filesystem in `file`; makes the folder `at` if it is missing.
    ///
    /// # Panics
    /// If `losetup` or `mount` fails.
    pub fn new(file: &Path, at: &Path) -> Self {
        std::fs::create_dir_all(at).expect("a folder");
        let attach = ["--find", "--show", "--direct-io=on"];
        let device = run(Command::new("losetup").args(attach).arg(file)).trim().to_owned();
        run(Command::new("mount").arg(&device).arg(at));
        Self { path: at.to_owned(), device }
    }

    /// Returns the folder at which it is mounted.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for LoopMount {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.path).status());
        drop(Command::new("losetup").args(["--detach", &self.device]).status());
    }
}
