//! Signatures of formats.
//!
//! *Source:* the formats' specifications; file(1)'s magic for formats without one.

use super::super::tar::is_header;
use super::{Compression, DiskFormat};

/// The format that bytes show, without decompression. `Nothing` means all zeros or no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecognisedFormat {
    Nothing,
    Compressed(Compression),
    Tar,
    Disk(DiskFormat),
    Foreign(Foreign),
    Unknown,
}

/// A known format that ingest does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what `name` says")]
pub enum Foreign {
    Vmdk,
    Vhd,
    Vhdx,
    Vdi,
    Qcow1,
    QcowLater,
    Qed,
    Parallels,
    Dmg,
    Ova,
    Luks,
    Iso,
    Zip,
    SevenZip,
    Rar,
    Cpio,
    Rpm,
    Ar,
    Squashfs,
    Erofs,
    Ext,
    Xfs,
    Btrfs,
    Lzip,
    Lzma,
    Lzop,
    Compress,
    Kernel,
    Elf,
    Windows,
    Text,
    CompressedTwice,
}

impl Foreign {
    /// Returns the format's name with its article, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vmdk => "a disk image of VMware (vmdk)",
            Self::Vhd => "a disk image of Virtual PC, Hyper-V or Azure (vhd)",
            Self::Vhdx => "a disk image of Hyper-V (vhdx)",
            Self::Vdi => "a disk image of VirtualBox (vdi)",
            Self::Qcow1 => "a disk image of qcow's first version",
            Self::QcowLater => "a disk image of a later version of qcow than 3",
            Self::Qed => "a disk image of QEMU (qed)",
            Self::Parallels => "a disk image of Parallels",
            Self::Dmg => "a disk image of a Mac (dmg)",
            Self::Ova => "a virtual appliance (OVA)",
            Self::Luks => "an encrypted volume (LUKS)",
            Self::Iso => "an image of a CD or DVD (ISO 9660)",
            Self::Zip => "a zip archive",
            Self::SevenZip => "a 7z archive",
            Self::Rar => "a rar archive",
            Self::Cpio => "a cpio archive",
            Self::Rpm => "an rpm package",
            Self::Ar => "an ar archive, as Debian packages are",
            Self::Squashfs => "a squashfs filesystem",
            Self::Erofs => "an erofs filesystem",
            Self::Ext => "an ext2, ext3 or ext4 filesystem without a partition table",
            Self::Xfs => "an xfs filesystem without a partition table",
            Self::Btrfs => "a btrfs filesystem without a partition table",
            Self::Lzip => "compressed with lzip",
            Self::Lzma => "compressed with lzma",
            Self::Lzop => "compressed with lzop",
            Self::Compress => "compressed with compress",
            Self::Kernel => "a Linux kernel",
            Self::Elf => "a program (ELF)",
            Self::Windows => "a program of Windows or UEFI (PE)",
            Self::Text => "text",
            Self::CompressedTwice => "compressed twice",
        }
    }

    /// Returns what the user can do, usually a command that converts the input.
    pub fn help(self) -> String {
        let convert = |format: &str| {
            format!("convert it: `qemu-img convert -f {format} -O qcow2 FILE NEW.qcow2`")
        };
        let unpack = |command: &str| format!("unpack it, and add the directory: `{command}`");
        let recode = |tool: &str| format!("compress it anew: `{tool} -dc FILE | zstd > NEW.zst`");
        let mount = "mount -o loop,ro FILE DIR";
        match self {
            Self::Vmdk => convert("vmdk"),
            Self::Vhd => convert("vpc"),
            Self::Vhdx => convert("vhdx"),
            Self::Vdi => convert("vdi"),
            Self::Qcow1 => convert("qcow"),
            Self::QcowLater => convert("qcow2"),
            Self::Qed => convert("qed"),
            Self::Parallels => convert("parallels"),
            Self::Dmg => convert("dmg"),
            Self::Ova => "take its disk out and convert it: `tar -xf FILE`, `qemu-img convert -f vmdk -O qcow2 DISK.vmdk \
                          NEW.qcow2`"
                .to_owned(),
            Self::Luks => "open it with `cryptsetup open FILE NAME`, and add /dev/mapper/NAME".to_owned(),
            Self::Iso => unpack("7z x -oDIR FILE").replace(
                "unpack it, and",
                "install from it in a machine and add that machine's disk, or unpack it and",
            ),
            Self::Zip => unpack("unzip FILE -d DIR"),
            Self::SevenZip => unpack("7z x -oDIR FILE"),
            Self::Rar => unpack("unrar x FILE DIR/"),
            Self::Cpio => unpack("cpio -idm -D DIR < FILE"),
            Self::Rpm => unpack("rpm2cpio FILE | cpio -idm -D DIR"),
            Self::Ar => unpack("dpkg-deb -x FILE DIR"),
            Self::Squashfs => unpack("unsquashfs -d DIR FILE"),
            Self::Erofs | Self::Ext | Self::Xfs | Self::Btrfs => {
                format!("add the directory that it is mounted at: `{mount}`")
            }
            Self::Lzip => recode("lzip"),
            Self::Lzma => recode("xz --format=lzma"),
            Self::Lzop => recode("lzop"),
            Self::Compress => recode("gzip"),
            Self::Kernel | Self::Elf | Self::Windows | Self::Text => {
                "images are made of directories, tars, OCI layouts and disks: is this the right file?"
                    .to_owned()
            }
            Self::CompressedTwice => "decompress it once".to_owned(),
        }
    }

    /// Returns whether this is a format of disk images.
    pub(super) fn is_disk(self) -> bool {
        matches!(
            self,
            Self::Vmdk
                | Self::Vhd
                | Self::Vhdx
                | Self::Vdi
                | Self::Qcow1
                | Self::QcowLater
                | Self::Qed
                | Self::Parallels
                | Self::Dmg
        )
    }

    /// Returns whether the beginning of a raw disk can look like this format by chance. The boot
    /// code of a disk can contain the few bytes of such a format's signature, or look like text.
    pub(super) fn may_be_chance(self) -> bool {
        matches!(self, Self::Lzma | Self::Windows | Self::Text)
    }
}

/// Offset and bytes of a signature, and the format that it shows.
type Signature = (usize, &'static [u8], RecognisedFormat);

const fn compressed(with: Compression) -> RecognisedFormat {
    RecognisedFormat::Compressed(with)
}

/// Signatures in order of precedence. ISO 9660 and kernels come before the boot record, because
/// both may hold one.
const SIGNATURES: &[Signature] = &[
    (0, b"\x1f\x8b", compressed(Compression::Gzip)),
    (0, b"\x28\xb5\x2f\xfd", compressed(Compression::Zstd)),
    (0, b"\xfd7zXZ\0", compressed(Compression::Xz)),
    (0, b"\x04\x22\x4d\x18", compressed(Compression::Lz4)),
    (0, b"\x02\x21\x4c\x18", compressed(Compression::Lz4)),
    (0, b"KDMV", RecognisedFormat::Foreign(Foreign::Vmdk)),
    (0, b"COWD", RecognisedFormat::Foreign(Foreign::Vmdk)),
    (0, b"# Disk DescriptorFile", RecognisedFormat::Foreign(Foreign::Vmdk)),
    (0, b"conectix", RecognisedFormat::Foreign(Foreign::Vhd)),
    (0, b"vhdxfile", RecognisedFormat::Foreign(Foreign::Vhdx)),
    (64, b"\x7f\x10\xda\xbe", RecognisedFormat::Foreign(Foreign::Vdi)),
    (0, b"QED\0", RecognisedFormat::Foreign(Foreign::Qed)),
    (0, b"WithoutFreeSpace", RecognisedFormat::Foreign(Foreign::Parallels)),
    (0, b"WithouFreSpacExt", RecognisedFormat::Foreign(Foreign::Parallels)),
    // The signature of a tar comes before all those below, because a tar can begin with the bytes
    // of any of them, in the name or content of its first file.
    (257, b"ustar", RecognisedFormat::Tar),
    (32769, b"CD001", RecognisedFormat::Foreign(Foreign::Iso)),
    (0, b"PK\x03\x04", RecognisedFormat::Foreign(Foreign::Zip)),
    (0, b"PK\x05\x06", RecognisedFormat::Foreign(Foreign::Zip)),
    (0, b"7z\xbc\xaf\x27\x1c", RecognisedFormat::Foreign(Foreign::SevenZip)),
    (0, b"Rar!\x1a\x07", RecognisedFormat::Foreign(Foreign::Rar)),
    (0, b"070701", RecognisedFormat::Foreign(Foreign::Cpio)),
    (0, b"070702", RecognisedFormat::Foreign(Foreign::Cpio)),
    (0, b"070707", RecognisedFormat::Foreign(Foreign::Cpio)),
    (0, b"\xc7\x71", RecognisedFormat::Foreign(Foreign::Cpio)),
    (0, b"\x71\xc7", RecognisedFormat::Foreign(Foreign::Cpio)),
    (0, b"\xed\xab\xee\xdb", RecognisedFormat::Foreign(Foreign::Rpm)),
    (0, b"!<arch>\n", RecognisedFormat::Foreign(Foreign::Ar)),
    (0, b"LZIP", RecognisedFormat::Foreign(Foreign::Lzip)),
    (0, b"\x89LZO\0\r\n\x1a\n", RecognisedFormat::Foreign(Foreign::Lzop)),
    (0, b"\x1f\x9d", RecognisedFormat::Foreign(Foreign::Compress)),
    (514, b"HdrS", RecognisedFormat::Foreign(Foreign::Kernel)),
    (56, b"ARM\x64", RecognisedFormat::Foreign(Foreign::Kernel)),
    (0, b"LUKS\xba\xbe", RecognisedFormat::Foreign(Foreign::Luks)),
    (0, b"hsqs", RecognisedFormat::Foreign(Foreign::Squashfs)),
    (0, b"XFSB", RecognisedFormat::Foreign(Foreign::Xfs)),
    (510, b"\x55\xaa", RecognisedFormat::Disk(DiskFormat::Raw)),
    (1024, b"\xe2\xe1\xf5\xe0", RecognisedFormat::Foreign(Foreign::Erofs)),
    (1080, b"\x53\xef", RecognisedFormat::Foreign(Foreign::Ext)),
    (65600, b"_BHRfS_M", RecognisedFormat::Foreign(Foreign::Btrfs)),
    (0, b"\x7fELF", RecognisedFormat::Foreign(Foreign::Elf)),
    (0, b"MZ", RecognisedFormat::Foreign(Foreign::Windows)),
    (0, b"\x5d\0\0", RecognisedFormat::Foreign(Foreign::Lzma)),
];

/// Recognises bytes by their signatures.
pub(super) fn look(head: &[u8]) -> RecognisedFormat {
    // A tar without members is all zeros, but the beginning of a disk can be all zeros, too.
    if head.iter().all(|byte| *byte == 0) {
        return RecognisedFormat::Nothing;
    }
    if let Some(found) = qcow(head).or_else(|| bzip2(head)).or_else(|| skippable(head)) {
        return found;
    }
    let fits =
        |(at, bytes, _): &&Signature| head.get(*at..).is_some_and(|rest| rest.starts_with(bytes));
    if let Some((_, _, found)) = SIGNATURES.iter().find(fits) {
        return *found;
    }
    if head.first_chunk().is_some_and(is_header) {
        return RecognisedFormat::Tar;
    }
    if is_text(head) { RecognisedFormat::Foreign(Foreign::Text) } else { RecognisedFormat::Unknown }
}

fn qcow(head: &[u8]) -> Option<RecognisedFormat> {
    let version = head.strip_prefix(b"QFI\xfb")?.first_chunk()?;
    Some(match u32::from_be_bytes(*version) {
        1 => RecognisedFormat::Foreign(Foreign::Qcow1),
        2 | 3 => RecognisedFormat::Disk(DiskFormat::Qcow2),
        _ => RecognisedFormat::Foreign(Foreign::QcowLater),
    })
}

/// Recognises bzip2 by `BZh`, the block size, and the mark of a block or of the stream's end.
fn bzip2(head: &[u8]) -> Option<RecognisedFormat> {
    let (level, rest) = head.strip_prefix(b"BZh")?.split_first()?;
    let is_bzip2 = matches!(level, b'1'..=b'9')
        && (rest.starts_with(b"\x31\x41\x59\x26\x53\x59")
            || rest.starts_with(b"\x17\x72\x45\x38\x50\x90"));
    is_bzip2.then_some(RecognisedFormat::Compressed(Compression::Bzip2))
}

/// Recognises a skippable frame of zstd or lz4; files of pzstd begin with one. Returns zstd, whose
/// decoder skips the frame.
fn skippable(head: &[u8]) -> Option<RecognisedFormat> {
    let has_magic = matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]);
    has_magic.then_some(RecognisedFormat::Compressed(Compression::Zstd))
}

/// Number of bytes that are examined to recognise a text.
const TEXT_LEN: usize = 512;

fn is_text(head: &[u8]) -> bool {
    let start = &head[..head.len().min(TEXT_LEN)];
    let valid = match std::str::from_utf8(start) {
        Ok(text) => text,
        // The last character may be cut off.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.is_empty() && valid.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
}
