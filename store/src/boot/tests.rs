use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use testkit::boot::{arm64_kernel, x86_efi, x86_kernel};
use wire::Manifest;
use wire::digest::{Algorithm, Digest};
use wire::manifest::{Content, Inode, Timestamp, Tree, TreeInode};

use super::arguments::of_image;
use super::*;

/// An image of files and links by path, with their contents.
#[derive(Default)]
struct Image {
    files: BTreeMap<String, Content>,
    bytes: HashMap<Digest, Vec<u8>>,
}

impl Image {
    /// Makes an image with a prebuilt GRUB for UEFI on x86_64, and without a kernel.
    fn with_loaders() -> Self {
        Self::default().file("usr/lib/grub/x86_64-efi/monolithic/grubx64.efi", &x86_efi())
    }

    fn file(mut self, path: &str, bytes: &[u8]) -> Self {
        let digest = (!bytes.is_empty()).then(|| Algorithm::Sha256.digest(bytes));
        let content = Content::Regular { size: bytes.len() as u64, holes: Vec::new(), digest };
        self.bytes.extend(digest.map(|digest| (digest, bytes.to_vec())));
        self.files.insert(path.to_owned(), content);
        self
    }

    fn text(self, path: &str, text: &str) -> Self {
        self.file(path, text.as_bytes())
    }

    fn link(mut self, path: &str, target: &str) -> Self {
        self.files.insert(path.to_owned(), Content::Symlink(target.as_bytes().to_vec()));
        self
    }

    fn manifest(&self) -> Manifest {
        let inode = |content| TreeInode {
            permissions: 0o755,
            uid: 0,
            gid: 0,
            mtime: Timestamp { secs: 0, nanos: 0 },
            xattrs: BTreeMap::new(),
            content,
        };
        let folder = || inode(Content::Directory(BTreeMap::new()));
        let mut tree = Tree::new(folder());
        for (path, content) in &self.files {
            let (mut at, mut parts) = (0, path.split('/').peekable());
            while let Some(part) = parts.next() {
                let entries = match &tree.inodes[at].content {
                    Content::Directory(entries) => entries.get(part.as_bytes()).copied(),
                    _ => panic!("{path}"),
                };
                let is_last = parts.peek().is_none();
                at = entries.unwrap_or_else(|| {
                    let made = if is_last { inode(content.clone()) } else { folder() };
                    let made = tree.push(made);
                    let Content::Directory(entries) = &mut tree.inodes[at].content else {
                        panic!()
                    };
                    entries.insert(part.as_bytes().to_vec(), made);
                    made
                });
            }
        }
        tree.encode(Algorithm::Sha256).unwrap()
    }

    fn head(&self) -> impl Fn(Inode<'_>, u64) -> Result<Vec<u8>, Infallible> + '_ {
        |inode, len| {
            let bytes =
                inode.digest().map(|digest| self.bytes[&digest].clone()).unwrap_or_default();
            Ok(bytes[..bytes.len().min(len as usize)].to_vec())
        }
    }

    fn judge(&self) -> Verdict {
        let Ok(verdict) = judge(&self.manifest(), Filesystem::Ext4, &self.head());
        verdict
    }

    /// Returns kernels as `VERSION PATH INITRD`, and passed-over files as `PATH PROBLEM`.
    fn found(&self) -> (Vec<String>, Vec<String>) {
        let verdict = self.judge();
        assert_eq!(verdict.loaders.is_ok(), !verdict.kernels.is_empty(), "{verdict:?}");
        let kernels = verdict.kernels.iter().map(|kernel| {
            let initrd = kernel.initrd.as_deref().unwrap_or("-");
            format!("{} {} {initrd}", kernel.version, kernel.path)
        });
        let passed_over = verdict.passed_over.iter();
        let passed_over = passed_over.map(|found| format!("{} {}", found.path, found.problem));
        (kernels.collect(), passed_over.collect())
    }
}

#[test]
fn what_only_has_the_name_of_a_kernel_is_passed_over() {
    let kernel = x86_kernel("6.1.0-9-amd64");
    let mut image = Image::with_loaders()
        .file("boot/vmlinuz-6.1.0-9-amd64", &kernel)
        .text("boot/initrd.img-6.1.0-9-amd64", "cpio");
    for end in ["sig", "old", "dpkg-bak", "hmac", "rpmsave"] {
        image = image.file(&format!("boot/vmlinuz-6.1.0-9-amd64.{end}"), &kernel);
    }
    let image = image
        .file("boot/vmlinuz-7.0", b"")
        .text("boot/vmlinuz-7.1", "a text")
        .file("boot/vmlinuz-7.2", &arm64_kernel())
        .file("boot/vmlinuz-7.3", &x86_efi())
        .link("boot/vmlinuz-7.4", "nowhere");
    let (kernels, passed_over) = image.found();
    assert_eq!(kernels, ["6.1.0-9-amd64 boot/vmlinuz-6.1.0-9-amd64 boot/initrd.img-6.1.0-9-amd64"]);
    insta::assert_snapshot!(passed_over.join("\n"));
    // If nothing else boots, the verdict names the file's own problem.
    let image = Image::with_loaders().text("boot/vmlinuz-1", "a text");
    let problem = image.judge().loaders.unwrap_err();
    assert!(problem.ends_with("its /boot/vmlinuz-1 does not begin as a kernel does"), "{problem}");
}

#[test]
fn the_newest_of_very_many_are_looked_at() {
    let mut image = Image::with_loaders();
    for version in 0..300 {
        let name = format!("boot/vmlinuz-5.{version}");
        image = match version {
            // One kernel that is older than all examined ones, and the newest one. Versions are
            // compared as numbers: 5.299 is newer than 5.30.
            2 | 299 => image.file(&name, &x86_kernel(&format!("5.{version}"))),
            _ => image.text(&name, "a text"),
        };
        image = image.text(&format!("boot/vmlinuz-5.{version}.old"), "a text");
    }
    let image = image.text("boot/initrd.img-5.299", "cpio").text("boot/initrd.img-5.2", "cpio");
    let (kernels, passed_over) = image.found();
    assert_eq!(kernels, ["5.299 boot/vmlinuz-5.299 boot/initrd.img-5.299"]);
    assert_eq!(passed_over.len(), 64, "63 and one for all others");
    assert!(
        passed_over[0].starts_with("boot/vmlinuz-5.235 is one of 536 files"),
        "{passed_over:?}"
    );
}

#[test]
fn initrds_have_many_names() {
    for (kernel, initrd) in [
        ("vmlinuz-virt", "initramfs-virt"),
        ("vmlinuz-linux", "initramfs-linux.img"),
        ("vmlinuz-6.4.0-default", "initrd-6.4.0-default"),
        ("vmlinuz-1", "initramfs-1.img"),
        ("Image-1", "initrd.img-1"),
        ("vmlinuz", "initrd.gz"),
        ("bzImage", "initrd"),
    ] {
        let image = Image::with_loaders()
            .file(&format!("boot/{kernel}"), &x86_kernel("6.6.1"))
            .text(&format!("boot/{initrd}"), "cpio");
        let (kernels, passed_over) = image.found();
        assert_eq!(kernels, [format!("6.6.1 boot/{kernel} boot/{initrd}")]);
        assert_eq!(passed_over, [] as [String; 0]);
    }
}

#[test]
fn the_kernel_whose_name_says_its_release_is_the_default() {
    // With Fedora's names, a second kernel of the same release is found first, and it has its own
    // initial RAM disk.
    let (kernel, mut other) = (x86_kernel("6.9.1"), x86_kernel("6.9.1"));
    other.push(0);
    let image = |rescue: &str| {
        Image::with_loaders()
            .file("boot/vmlinuz-6.9.1", &kernel)
            .text("boot/initramfs-6.9.1.img", "cpio")
            .file("usr/lib/modules/6.9.1/vmlinuz", &kernel)
            .file(&format!("boot/vmlinuz-{rescue}"), &other)
    };
    let default = "6.9.1 boot/vmlinuz-6.9.1 boot/initramfs-6.9.1.img";
    for rescue in ["0-rescue-abc", "9.0-rescue"] {
        let initrd = format!("boot/initramfs-{rescue}.img");
        let (kernels, passed_over) = image(rescue).text(&initrd, "cpio").found();
        assert_eq!(kernels, [default, &format!("{rescue} boot/vmlinuz-{rescue} {initrd}")]);
        assert_eq!(passed_over, [] as [String; 0]);
        // Without an initial RAM disk of its own, the second kernel is passed over.
        let (kernels, passed_over) = image(rescue).found();
        assert_eq!(kernels, [default]);
        let told = format!(
            "boot/vmlinuz-{rescue} is another kernel of release 6.9.1, and the boot menu offers /boot/vmlinuz-6.9.1 for it"
        );
        assert_eq!(passed_over, [told]);
    }
}

#[test]
fn without_an_initrd_drivers_must_be_built_in() {
    let image = |builtin: Option<&str>| {
        let image = Image::with_loaders().file("boot/vmlinuz-6.6.1", &x86_kernel("6.6.1"));
        let image = image.text("boot/initrd.img-6.6.1", "");
        match builtin {
            Some(list) => image.text("usr/lib/modules/6.6.1/modules.builtin", list),
            None => image,
        }
    };
    let (nvme, ext4) = ("kernel/drivers/nvme/host/nvme.ko\n", "kernel/fs/ext4/ext4.ko\n");
    let (kernels, passed_over) = image(Some(&format!("{nvme}{ext4}"))).found();
    assert_eq!(kernels, ["6.6.1 boot/vmlinuz-6.6.1 -"]);
    assert!(
        passed_over[0]
            .starts_with("boot/initrd.img-6.6.1 is not a usable initial RAM disk: it is empty")
    );
    for (builtin, words) in [
        (None, "no modules.builtin says that it needs none"),
        (Some(ext4), "its driver nvme is not built in"),
        (Some(nvme), "its driver ext4 is not built in"),
    ] {
        let problem = image(builtin).judge().loaders.unwrap_err();
        assert!(problem.contains(words), "{problem}");
    }
}

#[test]
fn kernels_are_found_below_modules_and_through_links() {
    let kernel = x86_kernel("6.9.1-1");
    let below = || {
        Image::with_loaders()
            .file("usr/lib/modules/6.9.1-1/vmlinuz", &kernel)
            .link("lib", "usr/lib")
    };
    // Initial RAM disks as bootc places them, then as Tumbleweed does.
    let image = below().text("usr/lib/modules/6.9.1-1/initramfs.img", "cpio");
    let expected = "6.9.1-1 usr/lib/modules/6.9.1-1/vmlinuz usr/lib/modules/6.9.1-1/initramfs.img";
    assert_eq!(image.found(), (vec![expected.to_owned()], vec![]));
    for target in ["../usr/lib/modules/6.9.1-1/vmlinuz", "/lib/modules/6.9.1-1/vmlinuz"] {
        let image = below()
            .link("boot/vmlinuz-6.9.1-1", target)
            .link("boot/vmlinuz", "vmlinuz-6.9.1-1")
            .text("boot/initrd-6.9.1-1", "cpio");
        let expected = "6.9.1-1 usr/lib/modules/6.9.1-1/vmlinuz boot/initrd-6.9.1-1";
        assert_eq!(image.found(), (vec![expected.to_owned()], vec![]), "{target}");
    }
}

#[test]
fn kernels_of_arm64_are_known_packed_too() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, &arm64_kernel()).unwrap();
    let packed = gzip.finish().unwrap();
    let mut efi = x86_efi();
    efi[0x84..0x86].copy_from_slice(&0xaa64_u16.to_le_bytes());
    for kernel in [arm64_kernel(), packed, efi.clone()] {
        let image = Image::default()
            .file("usr/lib/grub/arm64-efi/monolithic/grubaa64.efi", &efi)
            .file("boot/vmlinuz-6.1", &kernel)
            .text("boot/initrd.img-6.1", "cpio");
        let verdict = image.judge();
        assert_eq!(verdict.loaders.map(|loaders| loaders.arch).unwrap(), Arch::Arm64);
    }
    // A loader for another processor than its name says.
    let image = Image::default()
        .file("usr/lib/grub/arm64-efi/monolithic/grubaa64.efi", &x86_efi())
        .file("boot/vmlinuz-6.1", &arm64_kernel())
        .text("boot/initrd.img-6.1", "cpio");
    let problem = image.judge().loaders.unwrap_err();
    assert!(problem.ends_with("grubaa64.efi is no program for arm64"), "{problem}");
}

#[test]
fn nothing_is_written_through_a_link() {
    let image = || {
        Image::with_loaders()
            .file("usr/lib/modules/6/vmlinuz", &x86_kernel("6"))
            .text("usr/lib/modules/6/initrd", "x")
    };
    for (image, words) in [
        (image().link("boot", "srv"), "its /boot is no directory"),
        (image().link("boot/grub", "/srv"), "its /boot/grub is no directory"),
        (image().link("etc/fstab", "/srv/fstab"), "its /etc/fstab is no file"),
        (
            image().text("etc/fstab", &"#".repeat(1 << 17)),
            "its /etc/fstab is longer than 65536 bytes",
        ),
        (image().text("boot/ext4.unsupported-features", "metadata_csum"), "lists metadata_csum"),
    ] {
        let problem = image.judge().loaders.unwrap_err();
        assert!(problem.contains(words), "{problem}");
    }
}

#[test]
fn the_line_of_the_efi_system_partition_is_replaced_where_there_is_a_loader() {
    let image = Image::with_loaders()
        .file("boot/vmlinuz-1", &x86_kernel("1"))
        .text("boot/initrd.img-1", "cpio");
    let mut loaders = image.judge().loaders.unwrap();
    let table =
        "UUID=1 / ext4\nLABEL=EFI /boot/efi vfat\nUUID=2 /boot ext4\nUUID=3 boot/efi swap\n";
    let replaced = |loaders: &Loaders| {
        fstab::lines(table).map(|line| line.is_replaced(loaders)).collect::<Vec<_>>()
    };
    assert_eq!(replaced(&loaders), [true, true, false, false]);
    loaders.efi = None;
    assert_eq!(replaced(&loaders), [true, false, false, false]);
}

#[test]
fn an_images_own_arguments_are_found_where_distributions_keep_them() {
    let of = |image: Image| {
        let Ok(found) = of_image(&image.manifest(), Filesystem::Ext4, &image.head());
        format!("{}: {}", found.source, found.arguments.join(" "))
    };
    let grub = || {
        Image::default().text(
            "etc/default/grub",
            "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX=\"net.ifnames=0\"\n",
        )
    };
    assert_eq!(of(Image::default()), "etc/default/grub: ");
    assert_eq!(of(grub()), "etc/default/grub: net.ifnames=0 quiet");
    let cloud = grub().text(
        "etc/default/grub.d/10_cloud.cfg",
        "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX console=ttyS0\"\n",
    );
    assert_eq!(of(cloud), "etc/default/grub: net.ifnames=0 console=ttyS0 quiet");
    let entries = || {
        grub()
            .text(
                "boot/loader/entries/a-5.14.0-9.conf",
                "title a\nversion 5.14.0-9\noptions root=UUID=1 old\n",
            )
            .text(
                "boot/loader/entries/a-5.14.0-10.conf",
                "version 5.14.0-10\noptions $kernelopts $tuned_params x=1\n",
            )
            .text("boot/loader/entries/a-0-rescue.conf", "version 9\noptions rescue\n")
            .text(
                "boot/grub2/grubenv",
                "# GRUB Environment Block\nkernelopts=root=UUID=1 ro crashkernel=1G \n###",
            )
    };
    assert_eq!(of(entries()), "boot/loader/entries/a-5.14.0-10.conf: crashkernel=1G x=1");
    let kernel =
        entries().text("etc/kernel/cmdline", "# of kernel-install\nroot=LABEL=x rw selinux=1\n");
    assert_eq!(of(kernel), "etc/kernel/cmdline: selinux=1");
}
