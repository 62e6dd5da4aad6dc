//! Recognises the format of an ingest input by its bytes, whatever its name or source.
//!
//! ```text
//! first bytes ─▶ compressed? ─▶ what is inside, by its first bytes ─▶ a tar? ─▶ its first member, likewise
//! ```
//!
//! If ingest cannot read a format, the error names the format and a command that converts it. The
//! input's name decides only if the bytes do not: a disk without any boot record needs the suffix
//! `.raw` or `.img`, but no name turns a bare filesystem into a disk. `recognise/signatures.rs` has
//! the signatures.

mod signatures;

use std::io::{Cursor, Read};

use self::signatures::{RecognisedFormat, look};
use super::compression;
pub use super::compression::Compression;
use super::tar::first_file;

pub use self::signatures::Foreign;

/// Number of bytes that are examined at an input's beginning: enough to decompress the longest
/// block of lz4 (4 MiB) and its headers. An ISO 9660 has its signature at 32 KiB, btrfs at 64 KiB;
/// a block of bzip2 has up to 900 KB.
pub const HEAD_LEN: usize = (4 << 20) + (64 << 10);

/// Number of bytes that are examined at an input's end: one sector.
pub const TAIL_LEN: usize = 512;

/// Number of bytes that are examined of a virtual appliance's description: comments may precede the
/// name of its first element.
const DESCRIPTION_LEN: usize = 4096;

/// Number of bytes that are decompressed to recognise the content of a compressed input.
const INNER_LEN: u64 = 1 << 20;

/// A format of disks that ingest reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFormat {
    /// The bytes of the disk itself.
    Raw,
    /// qcow2, of version 2 or 3.
    Qcow2,
}

/// The layers around a disk's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrapping {
    /// Compression of the whole input; `None` if it is plain.
    pub compression: Option<Compression>,
    /// Whether the disk is the first file of a tar. Only reading the whole tar can show that there
    /// are no further files.
    pub is_in_tar: bool,
}

impl Wrapping {
    /// Returns whether the disk is compressed or in a tar.
    pub fn is_any(self) -> bool {
        self.compression.is_some() || self.is_in_tar
    }
}

/// The kind of an input, as its first bytes and its name show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A tar, or an empty input: reading shows which.
    Tar,
    /// A disk without anything around it.
    Disk(DiskFormat),
    /// Probably a disk, inside compression or a tar; its format shows when those are removed.
    Wrapped(Wrapping),
    /// A known format that ingest does not read.
    Foreign {
        /// The format; [`Foreign::help`] says what to do with it.
        what: Foreign,
        /// Compression around it; `None` if it is plain.
        compression: Option<Compression>,
    },
    /// None of the above: neither the first bytes nor the name shows a format.
    Unknown,
}

/// Recognises an input by its first bytes ([`HEAD_LEN`] of them, or all); `name` decides only if
/// the bytes do not.
pub fn recognise(head: &[u8], name: Option<&str>) -> Input {
    let name = name.unwrap_or_default().to_ascii_lowercase();
    let outer = look(head);
    let RecognisedFormat::Compressed(compression) = outer else {
        return match named(outer, &name) {
            RecognisedFormat::Tar => of_tar(head, None),
            RecognisedFormat::Nothing => Input::Tar,
            RecognisedFormat::Disk(format) => Input::Disk(format),
            RecognisedFormat::Foreign(what) => Input::Foreign { what, compression: None },
            RecognisedFormat::Compressed(_) | RecognisedFormat::Unknown => Input::Unknown,
        };
    };
    let inner = inner_head(compression, head);
    let mut suffixes = compression.suffixes().iter();
    let name = suffixes.find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(&name);
    match named(look(&inner), name) {
        RecognisedFormat::Tar => of_tar(&inner, Some(compression)),
        // If nothing could be decompressed, the tar reader's error says why.
        RecognisedFormat::Nothing => Input::Tar,
        RecognisedFormat::Disk(_) => {
            Input::Wrapped(Wrapping { compression: Some(compression), is_in_tar: false })
        }
        RecognisedFormat::Foreign(what) => Input::Foreign { what, compression: Some(compression) },
        RecognisedFormat::Compressed(_) => {
            Input::Foreign { what: Foreign::CompressedTwice, compression: Some(compression) }
        }
        RecognisedFormat::Unknown => Input::Unknown,
    }
}

/// Returns the compression of an input, by its first bytes.
pub fn compression_of(head: &[u8]) -> Option<Compression> {
    match look(head) {
        RecognisedFormat::Compressed(with) => Some(with),
        _ => None,
    }
}

/// Recognises an input by its last bytes ([`TAIL_LEN`] of them): some disk formats have their
/// signature only there.
pub fn recognise_tail(tail: &[u8]) -> Option<Foreign> {
    if tail.starts_with(b"conectix") {
        return Some(Foreign::Vhd);
    }
    tail.starts_with(b"koly").then_some(Foreign::Dmg)
}

/// Returns a raw disk if the input's name ends in `.raw` or `.img` and its bytes leave the format
/// open. Otherwise returns `found`.
fn named(found: RecognisedFormat, name: &str) -> RecognisedFormat {
    let is_open = match found {
        RecognisedFormat::Unknown | RecognisedFormat::Nothing => true,
        RecognisedFormat::Foreign(what) => what.may_be_chance(),
        _ => false,
    };
    let is_named = name.ends_with(".raw") || name.ends_with(".img");
    if is_open && is_named { RecognisedFormat::Disk(DiskFormat::Raw) } else { found }
}

/// Decompresses up to [`INNER_LEN`] bytes of the input's beginning.
fn inner_head(with: Compression, head: &[u8]) -> Vec<u8> {
    let mut inner = Vec::new();
    if let Ok(decoder) = compression::decoder(with, Cursor::new(head)) {
        // `head` may end in the middle of the stream; the bytes before the error are good.
        decoder.take(INNER_LEN).read_to_end(&mut inner).ok();
    }
    inner
}

/// Judges a tar by its first member; an entry for the packed folder itself does not count. If the
/// first member is another folder, the tar holds a tree.
fn of_tar(head: &[u8], compression: Option<Compression>) -> Input {
    let Some((name, content)) = first_file(head) else { return Input::Tar };
    let name = String::from_utf8_lossy(&name).to_ascii_lowercase();
    if is_appliance(&name, &content) {
        return Input::Foreign { what: Foreign::Ova, compression };
    }
    let is_disk = match named(look(&content), &name) {
        RecognisedFormat::Disk(_) => true,
        RecognisedFormat::Foreign(what) => what.is_disk(),
        _ => false,
    };
    let wrapping = Wrapping { compression, is_in_tar: true };
    if is_disk { Input::Wrapped(wrapping) } else { Input::Tar }
}

/// Returns whether a tar's first file describes a virtual appliance: the format puts the
/// description first.
///
/// *Source:* Open Virtualization Format, DSP0243, "OVF package".
fn is_appliance(name: &str, content: &[u8]) -> bool {
    let start = &content[..content.len().min(DESCRIPTION_LEN)];
    name.ends_with(".ovf") && start.windows(8).any(|bytes| bytes == b"Envelope")
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests use files freely")]
mod tests;
