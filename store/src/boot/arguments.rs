//! Finds the kernel arguments that an image itself sets, in the files that distributions' tools
//! read.
//!
//! ```text
//! /etc/kernel/cmdline, /usr/lib/kernel/cmdline    kernel-install(8)
//! /boot/loader/entries/*.conf                     options of the newest entry; grubenv's kernelopts
//! /etc/default/grub, /etc/default/grub.d/*.cfg    GRUB_CMDLINE_LINUX, GRUB_CMDLINE_LINUX_DEFAULT
//! ```
//!
//! The first of these files that exists counts. Arguments that name a disk of the machine that
//! built the image are left out: a volume has its own root, and a machine would wait in vain for a
//! foreign disk.

mod settings;

use diskfs::Filesystem;
use wire::Manifest;
use wire::version;

use self::settings::{ASKED, Settings};
use super::files::Files;
use super::fstab::{self, Line};
use super::notes::SettingNotes;
use super::{ReadHead, TEXT_LEN_MAX};

/// Arguments that select the root of the build machine; boot set-up writes other ones instead.
const ROOT: [&str; 5] = ["root", "rootfstype", "ro", "rw", "BOOT_IMAGE"];

/// Further arguments that name the build machine's disk, or that only the build machine's boot
/// loader can fill in. *Source:* dracut.cmdline(7), systemd-cryptsetup-generator(8),
/// systemd-fstab-generator(8), Arch's mkinitcpio, Debian's initramfs-tools and
/// cryptsetup-initramfs, Gentoo's genkernel, OpenZFS.
const FOREIGN: [&str; 31] = [
    "resume",
    "resume_offset",
    "resumeflags",
    "real_resume",
    "real_root",
    "real_rootflags",
    "initrd",
    "rd.lvm.lv",
    "rd.lvm.vg",
    "rd.lvm.snapshot",
    "rd.lvm.snapsize",
    "rd.md.uuid",
    "rd.dm.uuid",
    "luks",
    "cryptdevice",
    "cryptkey",
    "cryptroot",
    "cryptopts",
    "crypt_root",
    "crypt_roots",
    "crypt_swap",
    "crypto",
    "zfs",
    "bootfs",
    "mount.usr",
    "mount.usrfstype",
    "mount.usrflags",
    "roothash",
    "usrhash",
    "nfsroot",
    "netroot",
];

/// Prefixes of further arguments that name the build machine's disk.
const FOREIGN_GROUPS: [&str; 6] =
    ["rd.luks.", "luks.", "systemd.verity", "dm-mod.", "rd.iscsi.", "rd.nvmf."];

/// Prefixes of values that name a disk or partition, in any argument. *Source:* the kernel's names
/// of disks.
const DEVICES: [&str; 13] = [
    "UUID=",
    "LABEL=",
    "PARTUUID=",
    "PARTLABEL=",
    "/dev/disk/",
    "/dev/mapper/",
    "/dev/dm-",
    "/dev/md",
    "/dev/nvme",
    "/dev/sd",
    "/dev/vd",
    "/dev/xvd",
    "/dev/zvol/",
];

/// The variable of GRUB's environment that holds the arguments of all entries.
const KERNELOPTS: &str = "$kernelopts";

/// The kernel arguments that an image sets, and the ones left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageArguments {
    /// The arguments that are kept, in their original order.
    pub arguments: Vec<String>,
    /// Path of the file that the arguments come from, without the leading slash.
    pub source: String,
    /// Notes for reports, each with its reason, on arguments that are left out and on settings that
    /// could not be resolved. Arguments that select a root are left out without a note. The number
    /// of notes is limited.
    pub left_out: Vec<String>,
}

/// Reads an image's own kernel arguments, without those that do not suit a volume whose root is on
/// `filesystem`.
///
/// # Errors
/// Errors of reading the image's files.
pub fn of_image<E>(
    image: &Manifest,
    filesystem: Filesystem,
    head: &ReadHead<'_, E>,
) -> Result<ImageArguments, E> {
    let files = Files::new(image, head);
    let (line, source, notes) = line(&files)?;
    let table = fstab::read(&files)?;
    let kind = fstab::lines(&table).find(Line::is_root).map(|line| line.kind);
    Ok(sorted_out(&line, source, Root { kind, filesystem }, notes))
}

/// Returns the image's kernel command line, the path of its file, and notes on parts that could not
/// be resolved.
fn line<E>(files: &Files<'_, E>) -> Result<(String, String, SettingNotes), E> {
    for path in ["etc/kernel/cmdline", "usr/lib/kernel/cmdline"] {
        if let Some(text) = files.text(path, TEXT_LEN_MAX)? {
            let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
            return Ok((lines.join(" "), path.to_owned(), SettingNotes::default()));
        }
    }
    if let Some(found) = entry(files)? {
        return Ok(found);
    }
    let path = "etc/default/grub";
    let mut texts = Vec::from_iter(files.text(path, TEXT_LEN_MAX)?);
    texts.extend(files.texts("etc/default/grub.d", ".cfg", TEXT_LEN_MAX)?);
    let settings = Settings::read(texts.iter().map(String::as_str));
    let line = ASKED.map(|key| settings.value(key)).join(" ");
    Ok((line, path.to_owned(), settings.not_understood))
}

/// Returns the options of the newest entry of /boot/loader, with the entry's path and notes.
fn entry<E>(files: &Files<'_, E>) -> Result<Option<(String, String, SettingNotes)>, E> {
    const FOLDER: &str = "boot/loader/entries";
    /// Limit on entries that are read: more than any machine keeps.
    const ENTRIES_MAX: usize = 64;
    let names = files.names(FOLDER).into_iter().map(|(name, _)| name);
    let names = names.filter(|name| name.ends_with(".conf") && !name.contains("-0-rescue"));
    let mut newest: Option<(String, String, String)> = None;
    for name in names.take(ENTRIES_MAX) {
        let path = format!("{FOLDER}/{name}");
        let Some(text) = files.text(&path, TEXT_LEN_MAX)? else { continue };
        let key = |key: &str| -> Vec<&str> {
            let lines = text.lines().filter_map(|line| line.trim().split_once([' ', '\t']));
            lines.filter(|(name, _)| *name == key).map(|(_, value)| value.trim()).collect()
        };
        let version = key("version").first().map_or(name, |version| *version).to_owned();
        let is_newer = newest.as_ref().is_none_or(|(known, ..)| {
            version::compare(&version, known) == std::cmp::Ordering::Greater
        });
        if is_newer {
            newest = Some((version, key("options").join(" "), path));
        }
    }
    let Some((_, options, path)) = newest else { return Ok(None) };
    // GRUB keeps variables in a separate file. The program `tuned` sets `$tuned_params` to suit the
    // build machine, so that variable is dropped.
    let mut options = options.replace("$tuned_params", "");
    let mut notes = SettingNotes::default();
    if options.contains(KERNELOPTS) {
        let mut kept = None;
        for path in ["boot/grub2/grubenv", "boot/grub/grubenv"] {
            kept = match kept {
                None => files.text(path, TEXT_LEN_MAX)?,
                some => some,
            };
        }
        let kept = kept.unwrap_or_default();
        let line = kept.lines().find_map(|line| line.strip_prefix("kernelopts="));
        if line.is_none() {
            notes.add(format!(
                "{KERNELOPTS} of /{path} is left out: there is no grubenv that has it"
            ));
        }
        // Replace the first use only: otherwise an entry of 64 KiB could insert a line that is just
        // as long thousands of times.
        options = options.replacen(KERNELOPTS, line.unwrap_or_default(), 1).replace(KERNELOPTS, "");
    }
    Ok(Some((options, path, notes)))
}

/// The filesystem of the root on the build machine, and that of the volume's root.
#[derive(Clone, Copy, Debug)]
struct Root<'a> {
    /// The filesystem that the image's fstab names for the root; `None` if it has no line for the
    /// root.
    kind: Option<&'a str>,
    filesystem: Filesystem,
}

/// Splits a command line, and leaves out arguments that name the build machine's disk.
fn sorted_out(
    line: &str,
    source: String,
    root: Root<'_>,
    mut notes: SettingNotes,
) -> ImageArguments {
    let mut arguments = Vec::new();
    let all = split(line);
    let said = all.iter().rev().find_map(|argument| argument.strip_prefix("rootfstype="));
    let kind = said.or(root.kind);
    for argument in all {
        let (key, value) = argument.split_once('=').unwrap_or((argument, ""));
        if ROOT.contains(&key) {
            continue;
        }
        if key == "rootflags" {
            arguments.extend(root_flags(value, kind, root.filesystem, &source, &mut notes));
        } else if is_foreign(key, value) {
            notes.add(format!(
                "kernel argument {argument} of /{source} is left out: it names the disk of the machine that built \
                 the image"
            ));
        } else {
            arguments.push(argument.to_owned());
        }
    }
    ImageArguments { arguments, source, left_out: notes.into_vec() }
}

/// Returns whether an argument names a disk. A switch such as `rd.luks=0` names none.
fn is_foreign(key: &str, value: &str) -> bool {
    let is_switch = ["0", "1", "no", "yes"].contains(&value);
    let is_named = FOREIGN.contains(&key) || FOREIGN_GROUPS.iter().any(|g| key.starts_with(g));
    let value = value.trim_start_matches('"');
    let is_device = DEVICES.iter().any(|start| {
        value.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
    });
    is_named && !is_switch || is_device
}

/// Returns `rootflags=` with only the mount options that the volume's filesystem takes; `None` if
/// none is left.
fn root_flags(
    value: &str,
    kind: Option<&str>,
    filesystem: Filesystem,
    source: &str,
    notes: &mut SettingNotes,
) -> Option<String> {
    let (kept, left_out) = fstab::sorted_options(value.trim_matches('"'), kind, filesystem);
    for option in left_out {
        let name = filesystem.name();
        notes.add(format!(
            "option {option} of rootflags= in /{source} is left out: {name} has no such option"
        ));
    }
    (!kept.is_empty()).then(|| format!("rootflags={}", kept.join(",")))
}

/// Splits a line at blanks outside of quotes. The quotes stay; an unclosed quote reaches to the
/// line's end. *Source:* next_arg, linux/lib/cmdline.c.
fn split(line: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let arguments = line.split(|c: char| {
        is_quoted ^= c == '"';
        c.is_whitespace() && !is_quoted
    });
    arguments.filter(|argument| !argument.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, kind: Option<&str>, filesystem: Filesystem) -> (String, usize) {
        let root = Root { kind, filesystem };
        let found =
            sorted_out(line, "etc/kernel/cmdline".to_owned(), root, SettingNotes::default());
        (found.arguments.join(" "), found.left_out.len())
    }

    #[test]
    fn what_names_the_builders_disk_is_left_out() {
        let line = "root=UUID=1 ro resume=UUID=2 quiet console=ttyS0 rd.lvm.lv=vg/root rd.lvm.vg=vg \
                    rd.md.uuid=a:b rd.luks.name=1=root rd.luks.options=discard luks.uuid=a-b luks.key=/k \
                    cryptdevice=UUID=1:root cryptroot=target=a zfs=rpool/ROOT boot=UUID=1 x=/dev/mapper/vg-root \
                    fsck.repair=yes rd.luks=0 luks=no rd.lvm=1 boot=live";
        let (kept, left_out) = check(line, None, Filesystem::Ext4);
        assert_eq!(
            kept,
            "quiet console=ttyS0 fsck.repair=yes rd.luks=0 luks=no rd.lvm=1 boot=live"
        );
        assert_eq!(left_out, 13);
        let many = "resume=1 ".repeat(1000);
        assert!(check(&many, None, Filesystem::Ext4).1 < 40);
    }

    #[test]
    fn options_of_the_root_are_those_of_its_filesystem() {
        let flags = "rootflags=noatime,subvol=@,pquota,x-initrd.mount";
        let (ext4, xfs) = (Filesystem::Ext4, Filesystem::Xfs);
        let common = "rootflags=noatime,x-initrd.mount".to_owned();
        assert_eq!(check(flags, None, ext4), (common.clone(), 2));
        // An option that only xfs knows must have been written for xfs.
        let of_xfs = "rootflags=noatime,pquota,x-initrd.mount".to_owned();
        assert_eq!(check(flags, Some("btrfs"), xfs), (of_xfs, 1));
        assert_eq!(check(flags, Some("xfs"), ext4), (common, 2));
        let quota = "rootflags=pquota";
        assert_eq!(check(quota, Some("xfs"), xfs), (quota.to_owned(), 0));
        assert_eq!(check(&format!("{quota} rootfstype=xfs"), None, xfs), (quota.to_owned(), 0));
        assert_eq!(check("rootflags=subvol=@ quiet", None, ext4), ("quiet".to_owned(), 1));
    }

    #[test]
    fn quoted_arguments_stay_whole() {
        let line = "dyndbg=\"file a.c +p\" quiet \"a b=c\" \"open at the end";
        let (kept, _) = check(line, None, Filesystem::Ext4);
        assert_eq!(kept, line);
        assert_eq!(split(line).len(), 4);
    }
}
