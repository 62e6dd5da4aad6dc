//! Real Debian root filesystems, made once and kept in cargo's target folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use rig::debian::{self, BOOT_PACKAGES};
use testkit::image::run;

/// Returns the root filesystem of a Debian 12; makes it with debootstrap if it is missing.
///
/// # Panics
/// If debootstrap fails. The message contains its output.
pub fn debian() -> PathBuf {
    made_once("debian-12", |tree| bootstrap(tree, debian::RELEASE, ""))
}

/// Returns a Debian 12 with a kernel and boot loaders.
///
/// # Panics
/// Like [`debian()`].
pub fn bootable() -> PathBuf {
    made_once("debian-12-boot", |tree| bootstrap(tree, debian::RELEASE, BOOT_PACKAGES))
}

/// Returns another Debian release with a kernel and boot loaders.
///
/// # Panics
/// Like [`debian()`].
pub fn bootable_release(release: &str) -> PathBuf {
    made_once(&format!("{release}-boot"), |tree| bootstrap(tree, release, BOOT_PACKAGES))
}

/// Returns a Debian 12 for arm64 that boots. A machine of any architecture can make it.
///
/// # Panics
/// Like [`debian()`]; also if qemu-user-static is not installed.
pub fn bootable_arm64() -> PathBuf {
    made_once("debian-12-arm64-boot", |tree| {
        let packages = "linux-image-cloud-arm64,systemd-sysv,grub-efi-arm64-bin";
        let mut command = Command::new("debootstrap");
        command.args(["--arch=arm64", "--foreign", "--variant=minbase"]);
        command.arg(format!("--include={packages}")).arg(debian::RELEASE).arg(tree);
        command.args(debian::mirror());
        run(&mut command);
        // The tree's programs run in qemu's user mode. The script registers qemu with the kernel, which keeps the
        // program open, so that the tree needs no copy of qemu.
        let script = r#"set -e
            known=/proc/sys/fs/binfmt_misc
            [ -e $known/register ] || mount -t binfmt_misc binfmt_misc $known
            if [ ! -e $known/qemu-aarch64 ]; then
                trap 'echo -1 >$known/imprint-arm64' EXIT
                head='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
                mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
                printf %s ":imprint-arm64:M::$head:$mask:/usr/bin/qemu-aarch64-static:F" >$known/register
            fi
            chroot "$0" /debootstrap/debootstrap --second-stage"#;
        run(Command::new("sh").args(["-c", script]).arg(tree));
    })
}

/// Returns the tree of [`bootable`] with another kernel instead of its own.
///
/// # Panics
/// Like [`debian()`]; also if the mirror has no other kernel.
pub fn bootable_with_another_kernel() -> PathBuf {
    let first = bootable();
    made_once("debian-12-boot-2", |tree| {
        copy(&first, tree);
        debian::use_apt_of_this_machine(tree).expect("apt's sources");
        let script = r#"
            apt-get update -q
            old=$(basename /boot/vmlinuz-*)
            old=linux-image-${old#vmlinuz-}
            new=$(apt-cache search --names-only '^linux-image-6\.1\.0-[0-9]+-cloud-amd64$' |
                cut -d' ' -f1 | grep -vx "$old" | sort -V | tail -1)
            apt-get install -y -q --no-install-recommends "$new"
            apt-get purge -y -q linux-image-cloud-amd64 "$old"
            apt-get clean
            rm -rf /var/lib/apt/lists/*"#;
        run(&mut debian::script(tree, script, &[]));
    })
}

/// Options of a kernel that boots a Debian without further drivers: for a disk, a console and systemd.
const BUILT_IN: &str = "
    64BIT KERNEL_GZIP PRINTK TTY SERIAL_8250 SERIAL_8250_CONSOLE UNIX98_PTYS PCI PCI_MSI ACPI HIGH_RES_TIMERS
    NO_HZ_IDLE BLOCK PARTITION_ADVANCED EFI_PARTITION MSDOS_PARTITION BLK_DEV_NVME EXT4_FS EXT4_FS_POSIX_ACL
    VFAT_FS NLS_CODEPAGE_437 NLS_ISO8859_1 NLS_ASCII PROC_FS SYSFS TMPFS TMPFS_POSIX_ACL TMPFS_XATTR DEVTMPFS
    DEVTMPFS_MOUNT CGROUPS MEMCG CGROUP_PIDS NAMESPACES INOTIFY_USER FANOTIFY SIGNALFD TIMERFD EPOLL EVENTFD
    FHANDLE POSIX_TIMERS FUTEX AIO ADVISE_SYSCALLS MEMBARRIER MULTIUSER SYSVIPC FILE_LOCKING BINFMT_ELF
    BINFMT_SCRIPT SHMEM NET UNIX INET SECCOMP SECCOMP_FILTER MODULES KALLSYMS RELOCATABLE RTC_CLASS
    RTC_DRV_CMOS
";

/// Returns a tree with a kernel that has all its drivers built in and therefore needs no initial RAM disk. The tree
/// also has the list of built-in modules. Compiling Debian's source takes ten minutes.
///
/// # Panics
/// If linux-source-6.1 or its build tools are not installed, or the compiler fails. The message contains the output.
pub fn kernel_with_built_in_drivers() -> PathBuf {
    let options = data_encoding::HEXLOWER.encode(&awssim::blocks::sha256(BUILT_IN.as_bytes()));
    made_once(&format!("kernel-{}", &options[..12]), |tree| {
        let script = r#"set -e
            sources=$1/sources
            mkdir -p "$sources"
            tar -C "$sources" --strip-components=1 -xf /usr/src/linux-source-6.1.tar.xz
            for option in $2; do echo "CONFIG_$option=y"; done >"$sources/wanted"
            echo 'CONFIG_FAT_DEFAULT_IOCHARSET="ascii"' >>"$sources/wanted"
            make -s -C "$sources" KCONFIG_ALLCONFIG=wanted allnoconfig
            if grep -vxFf "$sources/.config" "$sources/wanted"; then exit 1; fi
            make -s -C "$sources" -j"$(nproc)" bzImage modules
            release=$(make -s -C "$sources" kernelrelease)
            mkdir -p "$1/boot" "$1/usr/lib/modules/$release"
            cp "$sources/arch/x86/boot/bzImage" "$1/boot/vmlinuz-$release"
            cp "$sources/modules.builtin" "$1/usr/lib/modules/$release"
            rm -r "$sources""#;
        run(Command::new("sh").args(["-c", script, "sh"]).arg(tree).arg(BUILT_IN));
    })
}

/// Returns the releases of the kernels in a tree's `/boot`.
///
/// # Panics
/// If the tree has no `/boot`.
pub fn kernels(tree: &Path) -> Vec<String> {
    let names = std::fs::read_dir(tree.join("boot")).expect("a folder for kernels").flatten();
    let names = names.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter_map(|name| name.strip_prefix("vmlinuz-").map(str::to_owned)).collect()
}

/// Returns a tree in cargo's target folder; makes it if it is missing.
fn made_once(name: &str, make: impl FnOnce(&Path)) -> PathBuf {
    let folder =
        crate::program("imaged").parent().map(|path| path.join("rootfs")).expect("a folder");
    let done = folder.join(name);
    if !done.is_dir() {
        std::fs::create_dir_all(&folder).expect("a folder");
        let making = folder.join(format!("making-{name}"));
        std::fs::remove_dir_all(&making).ok();
        make(&making);
        std::fs::rename(&making, &done).expect("a rename");
    }
    done
}

fn bootstrap(tree: &Path, release: &str, packages: &str) {
    run(&mut debian::debootstrap(tree, release, packages));
}

/// Copies a tree to a path that does not exist yet, with all attributes.
pub fn copy(from: &Path, to: &Path) {
    run(&mut debian::copy(from, to));
}

/// Changes a Debian tree into a later revision, as a build would: dpkg itself removes packages, and files are added.
pub fn next_revision(tree: &Path) {
    let archives = tree.join("var/cache/apt/archives");
    let packages: Vec<PathBuf> = std::fs::read_dir(&archives)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    let script = "dpkg --remove --force-depends --force-remove-essential --force-remove-protected login mount
        dpkg --purge --force-depends --force-remove-essential --force-remove-protected login
        touch /etc/revision-2
        cp -a /usr/share/doc /usr/share/doc-copied
        ldconfig";
    run(&mut debian::script(tree, script, &[]));
    // Removes the packages in apt's cache too.
    for package in packages.iter().filter(|path| path.extension().is_some_and(|e| e == "deb")) {
        std::fs::remove_file(package).ok();
    }
}
