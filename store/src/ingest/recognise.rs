//! What an input is, by its bytes: every input of ingest is judged here, whatever it is called and however it comes.
//!
//! ```text
//! first bytes ─▶ compressed? ─▶ what is inside, by its first bytes ─▶ a tar? ─▶ its first member, likewise
//! ```
//!
//! What is not read is named, with the command that helps. Names decide only where bytes do not: a disk without
//! any boot record may be called `.raw` or `.img`, but not a filesystem without a partition table, which no name makes
//! one. The signatures stand in `recognise/signatures.rs`.

mod signatures;

use std::io::{Cursor, Read};

use self::signatures::{Look, look};
use super::tar::compression;
use super::tar::first_file;

pub use self::signatures::Foreign;

/// First bytes that are looked at: what the longest block of lz4 (4 MiB) may need to be undone, and its headers. An
/// ISO 9660 shows itself at 32 KiB, btrfs at 64 KiB, a block of bzip2 has up to 900 KB.
pub const HEAD_LEN: usize = (4 << 20) + (64 << 10);

/// Last bytes that are looked at: a sector.
pub const TAIL_LEN: usize = 512;

/// As much of an appliance's description is looked at: its first element's name is there, behind a comment or two.
const DESCRIPTION_LEN: usize = 4096;

/// As much of what is inside of a compressed input is looked at.
const INNER_LEN: u64 = 1 << 20;

/// A way to compress a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// `gzip`
    Gzip,
    /// `zstd`
    Zstd,
    /// `xz`
    Xz,
    /// `bzip2`
    Bzip2,
    /// `lz4`
    Lz4,
}

impl Compression {
    /// The name of the format, and of the tool.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
            Self::Lz4 => "lz4",
        }
    }

    /// What names of such files end with.
    fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Gzip => &[".gz", ".gzip"],
            Self::Zstd => &[".zst", ".zstd"],
            Self::Xz => &[".xz"],
            Self::Bzip2 => &[".bz2"],
            Self::Lz4 => &[".lz4"],
        }
    }
}

/// A format of disks that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFormat {
    /// The disk's bytes.
    Raw,
    /// qcow2, of version 2 or 3.
    Qcow2,
}

/// What is around a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrapping {
    /// What it is compressed with.
    pub compression: Option<Compression>,
    /// Whether it is the first file of a tar; whether it is the only one, only the whole tar tells.
    pub is_in_tar: bool,
}

impl Wrapping {
    /// Whether there is anything around it.
    pub fn is_any(self) -> bool {
        self.compression.is_some() || self.is_in_tar
    }
}

/// What an input is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A tar, or nothing at all: reading it shows which.
    Tar,
    /// A disk.
    Disk(DiskFormat),
    /// A disk, as it seems, with something around it. What it is exactly shows when that is taken off.
    Wrapped(Wrapping),
    /// Something that is not read.
    Foreign {
        /// What it is.
        what: Foreign,
        /// What it is compressed with.
        compression: Option<Compression>,
    },
    /// Nothing that is known here.
    Unknown,
}

/// Judges an input by its first bytes ([`HEAD_LEN`] of them, or all), and where they say nothing by its name.
pub fn recognise(head: &[u8], name: Option<&str>) -> Input {
    let name = name.unwrap_or_default().to_ascii_lowercase();
    let outer = look(head);
    let Look::Compressed(compression) = outer else {
        return match named(outer, &name) {
            Look::Tar => of_tar(head, None),
            Look::Nothing => Input::Tar,
            Look::Disk(format) => Input::Disk(format),
            Look::Foreign(what) => Input::Foreign { what, compression: None },
            Look::Compressed(_) | Look::Unknown => Input::Unknown,
        };
    };
    let inner = inner_head(compression, head);
    let mut suffixes = compression.suffixes().iter();
    let name = suffixes.find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(&name);
    match named(look(&inner), name) {
        Look::Tar => of_tar(&inner, Some(compression)),
        // Of what cannot be undone, undoing the whole says why.
        Look::Nothing => Input::Tar,
        Look::Disk(_) => {
            Input::Wrapped(Wrapping { compression: Some(compression), is_in_tar: false })
        }
        Look::Foreign(what) => Input::Foreign { what, compression: Some(compression) },
        Look::Compressed(_) => {
            Input::Foreign { what: Foreign::CompressedTwice, compression: Some(compression) }
        }
        Look::Unknown => Input::Unknown,
    }
}

/// Returns what an input is compressed with, by its first bytes.
pub fn compression_of(head: &[u8]) -> Option<Compression> {
    match look(head) {
        Look::Compressed(with) => Some(with),
        _ => None,
    }
}

/// Judges an input by its last bytes ([`TAIL_LEN`] of them): some formats of disks show themselves there alone.
pub fn recognise_tail(tail: &[u8]) -> Option<Foreign> {
    if tail.starts_with(b"conectix") {
        return Some(Foreign::Vhd);
    }
    tail.starts_with(b"koly").then_some(Foreign::Dmg)
}

/// A name settles what bytes leave open.
fn named(found: Look, name: &str) -> Look {
    let is_open = match found {
        Look::Unknown | Look::Nothing => true,
        Look::Foreign(what) => what.may_be_chance(),
        _ => false,
    };
    let is_named = name.ends_with(".raw") || name.ends_with(".img");
    if is_open && is_named { Look::Disk(DiskFormat::Raw) } else { found }
}

/// Undoes the compression of as many bytes as there are, up to [`INNER_LEN`].
fn inner_head(with: Compression, head: &[u8]) -> Vec<u8> {
    let mut inner = Vec::new();
    if let Ok(decoder) = compression::decoder(with, Cursor::new(head)) {
        // What ends here goes on in the input: the bytes before are good.
        decoder.take(INNER_LEN).read_to_end(&mut inner).ok();
    }
    inner
}

/// What a tar is by its first file. Folders in trees come before their files, so that of a tree decides nothing.
fn of_tar(head: &[u8], compression: Option<Compression>) -> Input {
    let Some((name, content)) = first_file(head) else { return Input::Tar };
    let name = String::from_utf8_lossy(&name).to_ascii_lowercase();
    if is_appliance(&name, &content) {
        return Input::Foreign { what: Foreign::Ova, compression };
    }
    let is_disk = match named(look(&content), &name) {
        Look::Disk(_) => true,
        Look::Foreign(what) => what.is_disk(),
        _ => false,
    };
    let wrapping = Wrapping { compression, is_in_tar: true };
    if is_disk { Input::Wrapped(wrapping) } else { Input::Tar }
}

/// Whether the first file of a tar is the description of a virtual appliance, as the standard asks for.
///
/// *Source:* Open Virtualization Format, DSP0243, "OVF package".
fn is_appliance(name: &str, content: &[u8]) -> bool {
    let start = &content[..content.len().min(DESCRIPTION_LEN)];
    name.ends_with(".ovf") && start.windows(8).any(|bytes| bytes == b"Envelope")
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests use files freely")]
mod tests;
