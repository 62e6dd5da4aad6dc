//! `unpackd mount` in daily use: over the network, while servers go away, after a kill, and at an orderly end.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests use files freely and end at the first error"
)]

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use e2e::text;
use e2e::{Rig, expect_code, program, rootfs};
use rustix::io::Errno;

/// A mount in the foreground, killed and unmounted on drop.
struct Mount {
    at: PathBuf,
    log: PathBuf,
    child: Child,
}

fn command(rig: &Rig, arguments: &[&str]) -> (PathBuf, Command) {
    let at = rig.path("mnt");
    std::fs::create_dir_all(&at).ok();
    let mut command = Command::new(program("unpackd"));
    command.arg("mount").arg(&at).args(arguments);
    (at, command)
}

impl Mount {
    fn start(rig: &Rig, arguments: &[&str]) -> Self {
        let (at, mut command) = command(rig, arguments);
        let log = rig.path("mount.log");
        let file = File::options().create(true).append(true).open(&log).unwrap();
        command.arg("--foreground").stdout(Stdio::piped()).stderr(file);
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said = std::fs::read_to_string(&log).unwrap();
        assert!(line.starts_with("mounted at"), "{line}{said}");
        Self { at, log, child }
    }

    /// Mounts the images of the rig's imaged as the identity `read`.
    fn from_imaged(rig: &Rig, more: &[&str]) -> Self {
        let command = rig.command("read");
        let of = |name: &str| {
            let mut variables = command.get_envs();
            let value = variables.find_map(|(key, value)| value.filter(|_| key == name));
            value.unwrap().to_str().unwrap().to_owned()
        };
        let (imaged, tls_dir) = (of("IMPRINT_IMAGED"), of("IMPRINT_TLS_DIR"));
        let cache = rig.path("cache");
        let arguments = ["--imaged", &imaged, "--tls-dir", &tls_dir, "--cache", text(&cache)];
        Self::start(rig, &[&arguments[..], more].concat())
    }

    fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    fn terminate(&mut self) -> Option<i32> {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        rustix::mount::unmount(&self.at, rustix::mount::UnmountFlags::DETACH).ok();
    }
}

fn is_mounted(at: &Path) -> bool {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
    mounts.lines().any(|line| line.split(' ').nth(4) == at.to_str())
}

fn eventually(what: &str, seconds: u64, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    while !is_so() {
        assert!(Instant::now() < deadline, "not within {seconds} s: {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// Returns rsync's list of differences between two trees.
fn rsync_says(left: &Path, right: &Path) -> String {
    let (left, right) = (format!("{}/", left.display()), format!("{}/", right.display()));
    let arguments = ["-naHAXc", "-i", "--delete", &left, &right];
    testkit::image::run(Command::new("rsync").args(arguments))
}

#[test]
fn privileged_debian_is_looked_into_from_afar() {
    if !testkit::is_privileged("privileged_debian_is_looked_into_from_afar") {
        return;
    }
    let rig = Rig::start();
    let tree = rootfs::debian();
    rig.json(&["image", "add", "base/debian/1", text(&tree)]);
    // The cache is smaller than the image.
    let mut mount = Mount::from_imaged(&rig, &["--cache-size", "48MiB"]);
    let shown = mount.at.join("base/debian/1");
    assert_eq!(rsync_says(&tree, &shown), "");
    // Also reads a file that was evicted.
    let perl = "usr/bin/perl";
    assert_eq!(std::fs::read(shown.join(perl)).unwrap(), std::fs::read(tree.join(perl)).unwrap());
    assert_eq!(mount.terminate(), Some(0));
    assert!(!is_mounted(&mount.at));
    let packs = std::fs::read_dir(rig.path("cache/packs")).unwrap();
    let kept: u64 = packs.map(|pack| pack.unwrap().metadata().unwrap().len()).sum();
    assert!(kept <= 48 << 20, "{kept} bytes are kept");
    // A later mount uses the cache of the first.
    let mount = Mount::from_imaged(&rig, &["base/debian/1"]);
    assert_eq!(rsync_says(&tree.join("etc"), &mount.at.join("etc")), "");
}

#[test]
fn privileged_a_partition_is_mounted_from_afar() {
    if !testkit::is_privileged("privileged_a_partition_is_mounted_from_afar") {
        return;
    }
    let rig = Rig::start();
    let (tree, disk) = (rig.path("tree"), rig.path("disk.raw"));
    std::fs::create_dir_all(tree.join("d")).unwrap();
    let noise = testkit::hostile::noise(2 << 20, 5);
    std::fs::write(tree.join("d/noise"), &noise).unwrap();
    File::create(&disk).unwrap().set_len(600 << 20).unwrap();
    let script = "printf 'label: gpt\nstart=2048, size=204800\nstart=206848\n' | sfdisk -q disk.raw
                  truncate -s 100M part; mkfs.ext4 -q -d tree part
                  dd if=part of=disk.raw bs=1M seek=1 conv=notrunc,sparse status=none
                  head -c 400M /dev/urandom | dd of=disk.raw bs=1M seek=150 conv=notrunc iflag=fullblock status=none";
    let mut shell = Command::new("sh");
    testkit::image::run(shell.args(["-ec", script]).current_dir(rig.path(".")));
    rig.json(&["image", "add", "disks/far/1", text(&disk), "--arch", "x86_64"]);
    let mut mount = Mount::from_imaged(&rig, &["--cache-size", "64MiB"]);
    let root = mount.at.join("disks/far/1");
    let partition = root.join("partition-1.raw");
    assert_eq!(std::fs::metadata(&partition).unwrap().len(), 100 << 20);
    let inside = testkit::image::MountedImage::open(&partition, 0, &rig.path("ext4"));
    assert!(std::fs::read(inside.path().join("d/noise")).unwrap() == noise);
    drop(inside);
    // The mount fetched only the blocks that were read, not the whole disk.
    let packs = std::fs::read_dir(rig.path("cache/packs")).unwrap();
    let kept: u64 = packs.map(|pack| pack.unwrap().metadata().unwrap().len()).sum();
    assert!(kept < 64 << 20, "{kept} bytes are kept");
    let arguments = ["compare", "-f", "raw", "-F", "raw", text(&disk)];
    testkit::image::run(Command::new("qemu-img").args(arguments).arg(root.join("disk.raw")));
    assert_eq!(mount.terminate(), Some(0));
}

#[test]
fn privileged_a_cache_keeps_its_bound_under_many_readers() {
    if !testkit::is_privileged("privileged_a_cache_keeps_its_bound_under_many_readers") {
        return;
    }
    let rig = Rig::start();
    let tree = rig.path("tree");
    let (folders, files) = (8, 25);
    for number in 0..folders * files {
        let folder = tree.join(format!("d{}", number / files));
        std::fs::create_dir_all(&folder).unwrap();
        let noise = testkit::hostile::noise(1 << 20, number);
        std::fs::write(folder.join(format!("f{number}")), noise).unwrap();
    }
    rig.json(&["image", "add", "a/b/1", text(&tree)]);
    let mount = Mount::from_imaged(&rig, &["a/b/1", "--cache-size", "16MiB"]);
    let readers: Vec<_> = (0..folders)
        .map(|folder| {
            let (tree, shown) =
                (tree.join(format!("d{folder}")), mount.at.join(format!("d{folder}")));
            std::thread::spawn(move || assert_eq!(rsync_says(&tree, &shown), ""))
        })
        .collect();
    let mut kept_max = 0;
    while readers.iter().any(|reader| !reader.is_finished()) {
        let packs = std::fs::read_dir(rig.path("cache/packs")).unwrap();
        // A pack may be removed while its length is read.
        let lens = packs.filter_map(|pack| Some(pack.ok()?.metadata().ok()?.len()));
        kept_max = kept_max.max(lens.sum());
        std::thread::park_timeout(Duration::from_millis(5));
    }
    for reader in readers {
        reader.join().unwrap();
    }
    // Each reader lets the cache exceed its limit by up to 5 MiB: the file that is being fetched, and 4 MiB of the next
    // files.
    let under_way = folders * (5 << 20);
    assert!(kept_max <= (16 << 20) + under_way, "{kept_max} bytes were kept");
}

#[test]
fn privileged_an_imaged_that_goes_away_and_returns() {
    if !testkit::is_privileged("privileged_an_imaged_that_goes_away_and_returns") {
        return;
    }
    let mut rig = Rig::start();
    let tree = rig.path("tree");
    std::fs::create_dir_all(tree.join("far")).unwrap();
    std::fs::write(tree.join("near"), b"near").unwrap();
    let long = testkit::hostile::noise(80 << 20, 1);
    std::fs::write(tree.join("far/long"), &long).unwrap();
    let mut short = testkit::hostile::noise(20_000, 2);
    std::fs::write(tree.join("far/short"), &short).unwrap();
    rig.json(&["image", "add", "a/b/1", text(&tree)]);
    let mount = Mount::from_imaged(&rig, &[]);
    let root = mount.at.join("a/b/1");
    assert_eq!(std::fs::read(root.join("near")).unwrap(), b"near");
    // If a part of a long file is read, only that part is fetched.
    let file = File::open(root.join("far/long")).unwrap();
    rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::Random).unwrap();
    let mut page = [0; 4096];
    file.read_exact_at(&mut page, 40 << 20).unwrap();
    assert_eq!(page, long[40 << 20..(40 << 20) + 4096]);
    let in_cache = || -> u64 {
        let output = Command::new("du").arg("-sk").arg(rig.path("cache")).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        said.split_whitespace().next().unwrap().parse().unwrap()
    };
    assert!(in_cache() < 20_000, "{} KiB are in the cache", in_cache());

    rig.kill_imaged();
    let error = file.read_exact_at(&mut page, 4 << 20).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(Errno::IO.raw_os_error()));
    let error = std::fs::read(root.join("far/short")).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(Errno::IO.raw_os_error()));
    let log = mount.log();
    let digest = wire::Algorithm::Sha256.digest(&short).to_string();
    assert!(log.contains(&digest) && log.contains("far/short"), "{log}");
    // Cached content can still be read.
    file.read_exact_at(&mut page, 40 << 20).unwrap();
    assert_eq!(std::fs::read(root.join("near")).unwrap(), b"near");

    rig.start_imaged();
    eventually("reads go on", 20, || std::fs::read(root.join("far/short")).is_ok());
    assert_eq!(std::fs::read(root.join("far/short")).unwrap(), short);
    file.read_exact_at(&mut page, 4 << 20).unwrap();
    assert_eq!(page, long[4 << 20..(4 << 20) + 4096]);
    // The mount follows the list of images again, and without delay.
    eventually("images are followed", 20, || mount.log().contains("followed again"));
    short.push(1);
    std::fs::write(tree.join("far/short"), &short).unwrap();
    rig.json(&["image", "add", "a/b/2", text(&tree)]);
    eventually("the new image", 2, || mount.at.join("a/b/2").exists());
    assert_eq!(std::fs::read(mount.at.join("a/b/2/far/short")).unwrap(), short);
    rig.json(&["image", "rm", "a/b/1", "--yes"]);
    eventually("the removed image", 2, || !mount.at.join("a/b/1").exists());
}

#[test]
fn privileged_a_store_with_images_is_no_cache() {
    if !testkit::is_privileged("privileged_a_store_with_images_is_no_cache") {
        return;
    }
    let mut rig = Rig::start();
    let tree = rig.path("tree");
    std::fs::create_dir_all(&tree).unwrap();
    std::fs::write(tree.join("noise"), testkit::hostile::noise(2 << 20, 3)).unwrap();
    rig.json(&["image", "add", "a/b/1", text(&tree)]);
    rig.add_volume("a/b", "64MiB");
    rig.json(&["unpacker", "unpack", "a/b/1"]);
    // After this kill, unpackd's store is not locked; the mount must not evict the store's packs.
    rig.kill_unpackd();
    let store = rig.path("unpackd/store");
    let packs = || std::fs::read_dir(store.join("packs")).unwrap().count();
    let before = packs();
    assert!(before > 0);
    let (at, mut command) = command(&rig, &[]);
    let client = rig.command("read");
    let of = |name: &str| {
        let found = client.get_envs().find(|(key, _)| *key == name);
        found.unwrap().1.unwrap().to_owned()
    };
    command.arg("--imaged").arg(of("IMPRINT_IMAGED"));
    command.arg("--tls-dir").arg(of("IMPRINT_TLS_DIR"));
    command.arg("--cache").arg(&store).args(["--cache-size", "4KiB"]);
    let output = command.arg("--log-file").arg(rig.path("log")).output().unwrap();
    rustix::mount::unmount(&at, rustix::mount::UnmountFlags::DETACH).ok();
    let said = code_of(&output, 4);
    assert!(said.contains("--cache"), "{said}");
    assert_eq!(packs(), before);
}

fn code_of(output: &Output, code: i32) -> String {
    expect_code(output, code, &["mount"])
}

#[test]
fn privileged_mounts_begin_and_end_cleanly() {
    if !testkit::is_privileged("privileged_mounts_begin_and_end_cleanly") {
        return;
    }
    let rig = Rig::start();
    let tree = rig.path("tree");
    std::fs::create_dir_all(&tree).unwrap();
    std::fs::write(tree.join("file"), b"text").unwrap();
    rig.json(&["image", "add", "a/b/1", text(&tree)]);
    let data = rig.path("imaged");
    let store = ["--store", text(&data)];
    // A killed process leaves a dead mount; the next mount removes it.
    let mut mount = Mount::start(&rig, &store);
    mount.child.kill().unwrap();
    mount.child.wait().unwrap();
    let dead = std::fs::read_dir(&mount.at).err().unwrap();
    assert_eq!(dead.raw_os_error(), Some(Errno::NOTCONN.raw_os_error()));
    let log = rig.path("background.log");
    let (at, mut background) = command(&rig, &store);
    let output = background.arg("--log-file").arg(&log).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("umount"), "{output:?}");
    code_of(&output, 0);
    assert_eq!(std::fs::read(at.join("a/b/1/file")).unwrap(), b"text");
    assert_eq!(log.metadata().unwrap().mode() & 0o777, 0o600, "the log names what is in images");
    // A second mount at the same place is refused, with advice.
    let (_, mut second) = command(&rig, &store);
    let said = code_of(&second.arg("--log-file").arg(&log).output().unwrap(), 4);
    assert!(said.contains("is not empty") && said.contains("umount"), "{said}");
    testkit::image::run(Command::new("umount").arg(&at));
    eventually("the process ends", 5, || {
        std::fs::read_to_string(&log).unwrap().contains("unmounted")
    });
    // An open file does not prevent ending the mount.
    let mut mount = Mount::start(&rig, &[&store[..], &["a/b/1"]].concat());
    let inside = File::open(mount.at.join("file")).unwrap();
    assert_eq!(mount.terminate(), Some(0));
    assert!(!is_mounted(&mount.at));
    drop(inside);
    // Wrong names and places are refused.
    let refused = |arguments: &[&str], code: i32| {
        let (_, mut command) = command(&rig, arguments);
        code_of(&command.arg("--foreground").output().unwrap(), code)
    };
    assert!(refused(&[store[0], store[1], "a/b/none"], 3).contains("a/b/none"));
    assert!(refused(&["--store", "/nonexistent"], 3).contains("/nonexistent"));
    refused(&[], 2);
}

/// An open long file keeps the volume's filesystem in use after the mount has ended; the error names the process.
fn an_open_file_keeps_the_volume(rig: &Rig, mut ended: Mount) {
    let long = File::open(ended.at.join("long")).unwrap();
    let mut sleep = Command::new("sleep").arg("600").stdin(long).spawn().unwrap();
    let log = ended.log();
    assert_eq!(ended.terminate(), Some(0), "{log}");
    let patch = ["unpacker", "unpack", "base/debian/1", "--verify", "full"];
    let output = rig.command("publish").args(patch).output().unwrap();
    sleep.kill().unwrap();
    sleep.wait().unwrap();
    let said = expect_code(&output, 4, &patch);
    let who = format!("sleep (process {}) has ", sleep.id());
    assert!(said.contains(&who) && said.contains("long open"), "{said}");
    rig.json(&patch);
}

#[test]
fn privileged_a_volume_is_looked_into_and_not_patched_meanwhile() {
    if !testkit::is_privileged("privileged_a_volume_is_looked_into_and_not_patched_meanwhile") {
        return;
    }
    let rig = Rig::start();
    let tree = rig.path("tree");
    testkit::image::run(Command::new("cp").arg("-a").args([&rootfs::debian(), &tree]));
    // Adds a long file with holes. The kernel itself serves reads of this file (FUSE passthrough).
    let long = File::create(tree.join("long")).unwrap();
    long.write_all_at(&testkit::hostile::noise(3 << 20, 1), 5 << 20).unwrap();
    long.set_len(12 << 20).unwrap();
    drop(long);
    rig.json(&["image", "add", "base/debian/1", text(&tree)]);
    rig.add_volume("base/debian", "2GiB");
    let id = rig.json(&["unpacker", "status"])["volumes"][0]["id"].as_str().unwrap().to_owned();
    let tls_dir = rig.path("pki/read");
    let arguments = |id: &str| {
        ["--volume", id, "--unpackd", rig.unpackd_address(), "--tls-dir", text(&tls_dir)]
            .map(str::to_owned)
    };
    let refused = |id: &str, code| {
        let arguments = arguments(id);
        let (_, mut command) = command(&rig, &arguments.each_ref().map(String::as_str));
        expect_code(&command.arg("--foreground").output().unwrap(), code, &["mount --volume"])
    };
    assert!(refused(&id, 4).contains("nothing was unpacked"));
    assert!(refused("file-nothing", 3).contains("unpacker status"));
    rig.json(&["unpacker", "unpack", "base/debian/1"]);
    rig.json(&["unpacker", "prepare", "base/debian"]);
    assert!(refused(&id, 4).contains("lease"));
    rig.json(&["unpacker", "release", "base/debian"]);

    let mount = |rig: &Rig| Mount::start(rig, &arguments(&id).each_ref().map(String::as_str));
    let mut first = mount(&rig);
    assert_eq!(rsync_says(&tree, &first.at), "");
    // The log line may contain colour codes.
    let line = first.log().lines().find(|line| line.contains("passthrough")).unwrap().to_owned();
    assert!(line.ends_with("true"), "{line}");
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (source, shown) = (tree.join("long"), first.at.join("long"));
            std::thread::spawn(move || {
                for _ in 0..20 {
                    assert_eq!(std::fs::read(&source).unwrap(), std::fs::read(&shown).unwrap());
                }
            })
        })
        .collect();
    for reader in readers {
        reader.join().unwrap();
    }
    let written = std::fs::write(first.at.join("long"), b"x").unwrap_err();
    assert_eq!(written.raw_os_error(), Some(Errno::ROFS.raw_os_error()));
    // The mount locks the volume. A patch then fails, and its error says that another process uses the volume.
    let said =
        rig.refused("publish", 4, &["unpacker", "unpack", "base/debian/1", "--verify", "full"]);
    assert!(said.contains("another process of imprint"), "{said}");
    assert_eq!(first.terminate(), Some(0));
    rig.json(&["unpacker", "unpack", "base/debian/1", "--verify", "full"]);

    an_open_file_keeps_the_volume(&rig, mount(&rig));

    // A killed mount leaves the volume free, and the next mount removes the dead one.
    let mut killed = mount(&rig);
    killed.child.kill().unwrap();
    killed.child.wait().unwrap();
    rig.json(&["unpacker", "unpack", "base/debian/1", "--verify", "full"]);
    let next = mount(&rig);
    assert_eq!(rsync_says(&tree.join("etc"), &next.at.join("etc")), "");
}

#[test]
fn privileged_what_is_damaged_in_a_cache_is_fetched_again() {
    if !testkit::is_privileged("privileged_what_is_damaged_in_a_cache_is_fetched_again") {
        return;
    }
    let rig = Rig::start();
    let tree = rig.path("tree");
    std::fs::create_dir_all(tree.join("d")).unwrap();
    for number in 0..20 {
        let noise = testkit::hostile::noise(1 << 20, number);
        std::fs::write(tree.join(format!("d/f{number}")), noise).unwrap();
    }
    std::fs::write(tree.join("d/list"), testkit::hostile::noise(20 << 20, 99)).unwrap();
    rig.json(&["image", "add", "a/b/1", text(&tree)]);
    let mut mount = Mount::from_imaged(&rig, &["a/b/1"]);
    assert_eq!(rsync_says(&tree, &mount.at), "");
    assert_eq!(mount.terminate(), Some(0));
    // Flips bytes throughout the packs, so that each object is damaged.
    for pack in std::fs::read_dir(rig.path("cache/packs")).unwrap() {
        let file = File::options().read(true).write(true).open(pack.unwrap().path()).unwrap();
        let len = file.metadata().unwrap().len();
        for at in (50_000..len.saturating_sub(50_000)).step_by(200_000) {
            let mut byte = [0];
            file.read_exact_at(&mut byte, at).unwrap();
            file.write_all_at(&[!byte[0]], at).unwrap();
        }
    }
    let mount = Mount::from_imaged(&rig, &["a/b/1"]);
    assert_eq!(rsync_says(&tree, &mount.at), "");
    assert!(mount.log().contains("it is fetched again"), "{}", mount.log());
}

#[test]
fn privileged_those_who_wait_for_an_imaged_that_hangs_fail_together() {
    if !testkit::is_privileged("privileged_those_who_wait_for_an_imaged_that_hangs_fail_together") {
        return;
    }
    let rig = Rig::start();
    let tree = rig.path("tree");
    std::fs::create_dir_all(&tree).unwrap();
    std::fs::write(tree.join("file"), testkit::hostile::noise(100_000, 1)).unwrap();
    rig.json(&["image", "add", "a/b/1", text(&tree)]);
    let mount = Mount::from_imaged(&rig, &["a/b/1"]);
    rig.signal_imaged(rustix::process::Signal::STOP);
    let began = Instant::now();
    let readers: Vec<_> = (0..6)
        .map(|part| {
            let file = File::open(mount.at.join("file")).unwrap();
            std::thread::spawn(move || file.read_exact_at(&mut [0; 10], part * 16_384).unwrap_err())
        })
        .collect();
    for reader in readers {
        let error = reader.join().unwrap();
        assert_eq!(error.raw_os_error(), Some(Errno::IO.raw_os_error()));
    }
    // Each read gives up after 20 s. If the reads waited one after another, they would take minutes.
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    rig.signal_imaged(rustix::process::Signal::CONT);
    let right = std::fs::read(tree.join("file")).unwrap();
    eventually("it is there again", 30, || {
        std::fs::read(mount.at.join("file")).is_ok_and(|found| found == right)
    });
}
