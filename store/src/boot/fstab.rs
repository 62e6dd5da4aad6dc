//! Sorts an image's table of filesystems: lines that stay, lines that boot set-up replaces, lines
//! that stop a boot. *Source:* fstab(5), systemd.mount(5).

use super::files::Files;
use super::{ESP_MOUNT, FSTAB, Loaders, TEXT_LEN_MAX};
use diskfs::Filesystem;

/// Mount points for which boot set-up decides what is mounted: the root partition holds /boot, and
/// the EFI system partition has one mount point.
const OURS: [&str; 4] = ["", "boot", "boot/efi", "efi"];

/// Options that every filesystem takes. An option that only another filesystem knows would make the
/// mount fail. *Source:* mount(8).
const COMMON: [&str; 26] = [
    "async",
    "atime",
    "noatime",
    "relatime",
    "norelatime",
    "strictatime",
    "nostrictatime",
    "diratime",
    "nodiratime",
    "lazytime",
    "nolazytime",
    "iversion",
    "noiversion",
    "dev",
    "nodev",
    "exec",
    "noexec",
    "suid",
    "nosuid",
    "ro",
    "rw",
    "sync",
    "dirsync",
    "nosymfollow",
    "discard",
    "nodiscard",
];

/// Options that mean nothing for a root, or only stand for other options.
const EMPTY: [&str; 5] = ["defaults", "auto", "noauto", "nofail", "_netdev"];

/// Reads an image's table of filesystems, to judge it; returns an empty text if the image has none.
/// Invalid UTF-8 becomes U+FFFD in this text; the lines that a volume keeps have their original
/// bytes.
///
/// # Errors
/// Errors of reading the image's files.
pub fn read<E>(files: &Files<'_, E>) -> Result<String, E> {
    let bytes = files.bytes(FSTAB, TEXT_LEN_MAX)?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A line that mounts something, or that adds swap space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The whole line, unchanged.
    pub text: &'a str,
    /// First field: the device or filesystem to mount.
    pub source: &'a str,
    /// Mount point, without slashes around it; empty for the root.
    place: &'a str,
    /// Filesystem type; `auto` if the line names none.
    pub(super) kind: &'a str,
    options: &'a str,
}

/// Returns the valid lines of a table, without comments.
pub fn lines(table: &str) -> impl Iterator<Item = Line<'_>> {
    table.lines().filter_map(|text| {
        let mut fields = text.split([' ', '\t']).filter(|field| !field.is_empty());
        let source = fields.next().filter(|source| !source.starts_with('#'))?;
        let (place, kind) = (fields.next()?, fields.next().unwrap_or("auto"));
        let options = fields.next().unwrap_or("defaults");
        let is_line = place.starts_with('/') || kind == "swap";
        is_line.then_some(Line { text, source, place: place.trim_matches('/'), kind, options })
    })
}

impl Line<'_> {
    /// Returns whether boot set-up decides what is mounted at the line's mount point.
    pub fn is_ours(&self) -> bool {
        self.kind != "swap" && OURS.contains(&self.place)
    }

    /// Returns whether the line mounts the root.
    pub fn is_root(&self) -> bool {
        self.kind != "swap" && self.place.is_empty()
    }

    /// Returns whether boot set-up writes its own line for this mount point: for the root, and for
    /// the EFI system partition of an image that boots with UEFI.
    pub fn is_replaced(&self, loaders: &Loaders) -> bool {
        let is_esp = self.kind != "swap" && self.place == ESP_MOUNT;
        self.is_root() || is_esp && loaders.efi.is_some()
    }

    /// Returns whether the line stops the boot of a machine that is made from the image. Such a
    /// line mounts a device by UUID, label or name, which that machine does not have, and no option
    /// makes the mount optional.
    pub fn needs_foreign_device(&self) -> bool {
        let tags = ["UUID=", "LABEL=", "PARTUUID=", "PARTLABEL=", "ID="];
        let is_device = tags.iter().any(|tag| {
            self.source.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag))
        }) || self.source.starts_with("/dev/");
        let may_lack = |option: &str| ["nofail", "noauto", "x-systemd.automount"].contains(&option);
        is_device && !self.is_ours() && !self.options.split(',').any(may_lack)
    }

    /// Returns the mount point for messages: with a leading slash, or `swap`.
    pub fn shown_place(&self) -> String {
        if self.kind == "swap" { "swap".to_owned() } else { format!("/{}", self.place) }
    }
}

/// Returns the root's mount options in a table: first those kept for a volume on `filesystem`, then
/// those left out because that filesystem would refuse them.
pub fn root_options(table: &str, filesystem: Filesystem) -> (Vec<&str>, Vec<&str>) {
    let Some(line) = lines(table).find(Line::is_root) else { return Default::default() };
    sorted_options(line.options, Some(line.kind), filesystem)
}

/// Splits the mount options of a root with the filesystem `kind` into those that the volume's
/// filesystem takes, and the rest.
pub(super) fn sorted_options<'a>(
    options: &'a str,
    kind: Option<&str>,
    filesystem: Filesystem,
) -> (Vec<&'a str>, Vec<&'a str>) {
    let facts = filesystem.facts();
    let is_same = kind == Some(facts.name);
    let is_kept = |option: &&str| {
        let is_common = COMMON.contains(option) || option.starts_with("x-");
        let is_refused = facts.options_refused.contains(option);
        let is_known = facts.options_known.contains(option);
        is_common || is_known || is_same && !is_refused
    };
    let options = options.split(',').filter(|option| !EMPTY.contains(option));
    options.filter(|option| !option.is_empty()).partition(is_kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Line<'_> {
        lines(text).next().unwrap()
    }

    #[test]
    fn lines_for_foreign_devices_are_told() {
        for text in [
            "UUID=1 /data ext4 defaults 0 2",
            "label=x /data ext4 noatime",
            "/dev/nvme1n1 /srv xfs",
            "PARTLABEL=swap none swap sw 0 0",
            "\tLABEL=home\t/home\tbtrfs\tsubvol=@home",
        ] {
            assert!(only(text).needs_foreign_device(), "{text}");
        }
        for text in [
            "UUID=1 / ext4 defaults 0 1",
            "UUID=1 /boot/ ext4 defaults 0 1",
            "LABEL=EFI /boot/efi vfat defaults 0 1",
            "LABEL=EFI /efi vfat",
            "UUID=1 /data ext4 defaults,nofail 0 2",
            "/dev/cdrom /media/cdrom iso9660 ro,noauto 0 0",
            "tmpfs /tmp tmpfs size=1G 0 0",
            "/swapfile none swap sw 0 0",
            "server:/home /home nfs defaults 0 0",
            "overlay /x overlay lowerdir=/a 0 0",
        ] {
            assert!(!only(text).needs_foreign_device(), "{text}");
        }
        assert_eq!(lines("# UUID=1 / ext4\n\n  \nword\nproc none none\n").count(), 0);
    }

    #[test]
    fn options_stay_where_the_filesystem_takes_them() {
        let table = "UUID=1 / xfs defaults,noatime,prjquota,x-systemd.growfs 0 0\n";
        let (kept, left_out) = root_options(table, Filesystem::Xfs);
        assert_eq!((kept, left_out.len()), (vec!["noatime", "prjquota", "x-systemd.growfs"], 0));
        let (kept, left_out) = root_options(table, Filesystem::Ext4);
        assert_eq!((kept, left_out), (vec!["noatime", "x-systemd.growfs"], vec!["prjquota"]));
        let table = "LABEL=x / btrfs subvol=@,compress=zstd,ro,discard\n";
        let (kept, left_out) = root_options(table, Filesystem::Ext4);
        assert_eq!(kept, ["ro", "discard"]);
        assert_eq!(left_out, ["subvol=@", "compress=zstd"]);
        let (kept, _) = root_options("UUID=1 / ext4 prjquota,commit=60\n", Filesystem::Ext4);
        assert_eq!(kept, ["commit=60"]);
    }
}
