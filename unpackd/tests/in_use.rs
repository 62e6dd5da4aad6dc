//! Volumes that another process has open, attached or mounted: a patch must refuse to write to them.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

mod common;

use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use common::{Bench, OPTIONS, as_applied, patch};
use patch::PatchError;
use patch::device::Device;
use testkit::image::{MountedImage, ROOT_OFFSET, run};
use unpackd::UnpackError;
use unpackd::oneshot::{apply, verify};

/// A child process, killed on drop.
struct Running(Child);

impl Running {
    /// Starts a waiting program, and returns once it has `file` open.
    fn start(command: &mut Command, input: impl Into<Stdio>, file: &Path) -> Self {
        let child = command.stdin(input).stdout(Stdio::null()).spawn().unwrap();
        let running = Self(child);
        for _ in 0..500 {
            let opened = std::fs::File::open(file).unwrap();
            let holders = sysio::holder::holders(&opened).unwrap();
            if holders.iter().any(|holder| holder.contains(&format!("process {})", running.0.id())))
            {
                return running;
            }
            std::thread::park_timeout(std::time::Duration::from_millis(20));
        }
        panic!("{command:?} does not open {}", file.display());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A loop device that is attached to a file by one of the file's names; detached on drop.
struct Attached(String);

impl Attached {
    fn new(name: &Path) -> Self {
        Self::of(Command::new("losetup").args(["--find", "--show", "--read-only"]).arg(name))
    }

    fn of(command: &mut Command) -> Self {
        Self(run(command).trim().to_owned())
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        Command::new("losetup").args(["--detach", &self.0]).status().ok();
    }
}

/// A bind mount of a file over another name; unmounted on drop.
struct Bound<'a>(&'a Path);

impl<'a> Bound<'a> {
    fn new(file: &Path, at: &'a Path) -> Self {
        run(Command::new("mount").arg("--bind").args([file, at]));
        Self(at)
    }
}

impl Drop for Bound<'_> {
    fn drop(&mut self) {
        Command::new("umount").arg(self.0).status().ok();
    }
}

/// Returns a volume that holds revision 1, and the image of revision 2.
fn patched(bench: &Bench) -> (PathBuf, unpackd::oneshot::SourceImage) {
    let source = bench.path("source");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("file"), "one").unwrap();
    bench.add(&source, "a/b/1");
    let volume = bench.volume("volume.img", 64 << 20);
    patch(&bench.open("a/b/1"), &volume, OPTIONS);
    std::fs::write(source.join("file"), "two").unwrap();
    bench.add(&source, "a/b/2");
    (volume, bench.open("a/b/2"))
}

/// Asserts that a patch is refused, that its message contains `words`, and that the volume is unchanged.
fn assert_refused(image: &unpackd::oneshot::SourceImage, volume: &Path, words: &[&str]) {
    let before = std::fs::read(volume).unwrap();
    let error = apply(image, volume, OPTIONS, &|_, _, _| {}).unwrap_err();
    let message = error.to_string();
    assert!(matches!(error, UnpackError::Patch(PatchError::InUse { .. })), "{message}");
    assert!(words.iter().all(|word| message.contains(word)), "{message}");
    assert!(std::fs::read(volume).unwrap() == before, "it was written to");
}

#[test]
fn privileged_a_machines_disk_is_not_patched() {
    if !testkit::is_privileged("privileged_a_machines_disk_is_not_patched") {
        return;
    }
    let bench = Bench::new();
    let (volume, image) = patched(&bench);
    let drive = format!("file={},format=raw,if=none,id=disk", volume.display());
    let machine = |drive: &str| {
        let mut command = Command::new("qemu-system-x86_64");
        command.args(["-machine", "q35,accel=tcg", "-m", "64", "-nodefaults", "-display", "none"]);
        command.args(["-S", "-drive", drive, "-device", "virtio-blk,drive=disk"]);
        Running::start(&mut command, Stdio::piped(), &volume)
    };
    let running = machine(&drive);
    assert_refused(&image, &volume, &["open for writing: qemu-system-x86", "process"]);
    drop(running);
    // A machine that only reads the disk relies on what it read, so a patch is refused too.
    let running = machine(&format!("{drive},readonly=on"));
    assert_refused(&image, &volume, &["open as a disk: qemu-system-x86"]);
    // Verifying is allowed meanwhile: both sides only read.
    let found = verify(&image, &volume, as_applied(OPTIONS), &|_, _| {}).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    drop(running);
    // A machine without file locks may write to the disk: a patch is refused.
    let running = machine(&format!("{drive},file.locking=off"));
    assert_refused(&image, &volume, &["open for writing: qemu-system-x86"]);
    drop(running);
    patch(&image, &volume, OPTIONS);
}

#[test]
fn privileged_no_machine_opens_a_disk_that_is_patched() {
    if !testkit::is_privileged("privileged_no_machine_opens_a_disk_that_is_patched") {
        return;
    }
    let bench = Bench::new();
    let (volume, _) = patched(&bench);
    let qemu_io = |arguments: &[&str]| {
        let mut command = Command::new("qemu-io");
        command.args(arguments).args(["-f", "raw", "-c"]);
        let read = if arguments.is_empty() { "write 0 512" } else { "read 0 512" };
        let output = command.arg(read).arg(&volume).output().unwrap();
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let device = Device::open(&volume).unwrap();
    for arguments in [&[][..], &["-r"]] {
        let said = qemu_io(arguments);
        assert!(said.contains("lock"), "{said}");
    }
    drop(device);
    let device = Device::open_read_only(&volume).unwrap();
    assert!(qemu_io(&[]).contains("lock"));
    assert_eq!(qemu_io(&["-r"]), "");
    drop(device);
    assert_eq!(qemu_io(&[]), "");
}

#[test]
fn privileged_readers_share_a_disk_and_keep_writers_away() {
    if !testkit::is_privileged("privileged_readers_share_a_disk_and_keep_writers_away") {
        return;
    }
    let bench = Bench::new();
    let (volume, image) = patched(&bench);
    let first = Device::open_read_only(&volume).unwrap();
    // Holds the volume as `verify` and `mount --volume` do, through a loop device.
    let root = first.root(OPTIONS.layout).unwrap();
    let second = Device::open_read_only(&volume).unwrap();
    let found = verify(&image, &volume, as_applied(OPTIONS), &|_, _| {}).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    // The message names the loop device, and the holder of the lock on the file below it.
    let input = std::fs::File::open(root.path()).unwrap();
    let user = Running::start(Command::new("sleep").arg("600"), input, root.path());
    let attached = format!("attached as {}, and another process", root.path().display());
    assert_refused(&image, &volume, &[&attached]);
    drop(user);
    drop(root);
    assert_refused(&image, &volume, &["another process of imprint works on it"]);
    drop(first);
    assert_refused(&image, &volume, &["another process of imprint works on it"]);
    drop(second);
    let writer = Device::open(&volume).unwrap();
    let error = Device::open_read_only(&volume).unwrap_err();
    assert!(matches!(error, PatchError::InUse { .. }), "{error}");
    drop(writer);
    // Somebody could write through this loop device, so even opening for reading is refused.
    let attached = Attached::of(Command::new("losetup").args(["--find", "--show"]).arg(&volume));
    let error = Device::open_read_only(&volume).unwrap_err().to_string();
    assert!(error.contains(&format!("attached as {}", attached.0)), "{error}");
    drop(attached);
    patch(&image, &volume, OPTIONS);
}

#[test]
fn privileged_a_disk_that_is_attached_by_another_name_is_not_patched() {
    if !testkit::is_privileged("privileged_a_disk_that_is_attached_by_another_name_is_not_patched")
    {
        return;
    }
    let bench = Bench::new();
    let (volume, image) = patched(&bench);
    let link = bench.path("link.img");
    std::fs::hard_link(&volume, &link).unwrap();
    let odd =
        bench.path("x").parent().unwrap().join(std::ffi::OsString::from_vec(b"odd\xff".to_vec()));
    std::fs::hard_link(&volume, &odd).unwrap();
    let gone = bench.path("gone.img");
    std::fs::hard_link(&volume, &gone).unwrap();
    for name in [&volume, &link, &odd, &gone] {
        let attached = Attached::new(name);
        if *name == gone {
            std::fs::remove_file(name).unwrap();
        }
        assert_refused(&image, &volume, &[&format!("attached as {}", attached.0)]);
    }
    // Another mount gives the file a second name. The test attaches by one name and patches by the other, in both
    // directions.
    let bound = bench.path("bound.img");
    std::fs::write(&bound, "").unwrap();
    let binding = Bound::new(&volume, &bound);
    for (attached, patched) in [(&bound, &volume), (&volume, &bound)] {
        let attached = Attached::new(attached);
        assert_refused(&image, patched, &[&format!("attached as {}", attached.0)]);
    }
    drop(binding);
    patch(&image, &volume, OPTIONS);
    // A name that is not UTF-8 works too, with its own ledger.
    let report = patch(&image, &odd, OPTIONS);
    assert_eq!(report.evidence, "hash");
    testkit::image::assert_fsck_clean(&volume, ROOT_OFFSET);
}

#[test]
fn privileged_a_disk_that_is_mounted_is_not_patched_wherever_that_is() {
    if !testkit::is_privileged("privileged_a_disk_that_is_mounted_is_not_patched_wherever_that_is")
    {
        return;
    }
    let bench = Bench::new();
    let (volume, image) = patched(&bench);
    let at = bench.path("mnt");
    let mounted = MountedImage::open(&volume, ROOT_OFFSET, &at);
    assert_refused(&image, &volume, &["attached as /dev/loop"]);
    // Verifying is allowed meanwhile: the mount and its device are read-only.
    let found = verify(&image, &volume, as_applied(OPTIONS), &|_, _| {}).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    drop(mounted);
    // Now the mount is in a mount namespace that is invisible from here, and the file is attached by another name.
    let script = format!(
        "mount --bind {volume} {bound} && mount -t ext4 -o loop,ro,noload,offset={ROOT_OFFSET} {bound} {at} && \
         exec 3<{at}/file && echo mounted && read -r end",
        volume = volume.display(),
        bound = bench.path("bound.img").display(),
        at = at.display(),
    );
    std::fs::write(bench.path("bound.img"), "").unwrap();
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", &script]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut elsewhere = Running(command.spawn().unwrap());
    let mut said = String::new();
    let stdout = elsewhere.0.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut said).unwrap();
    assert_eq!(said, "mounted\n");
    assert_eq!(std::fs::read_dir(&at).unwrap().count(), 0, "it is mounted here");
    assert_refused(&image, &volume, &["attached as /dev/loop"]);
    drop(elsewhere);
    // If a filesystem is mounted for writing, even reading the volume is refused.
    let file = std::fs::File::options().read(true).write(true).open(&volume).unwrap();
    let device = sysio::loopdev::LoopDevice::attach(&file, ROOT_OFFSET, 0).unwrap();
    drop(file);
    run(Command::new("mount").args(["-t", "ext4"]).args([device.path(), &at]));
    let writable = Bound(&at);
    let error = Device::open_read_only(&volume).unwrap_err().to_string();
    assert!(error.contains(&format!("attached as {}", device.path().display())), "{error}");
    drop((writable, device));
    patch(&image, &volume, OPTIONS);
    testkit::image::assert_fsck_clean(&volume, ROOT_OFFSET);
}
