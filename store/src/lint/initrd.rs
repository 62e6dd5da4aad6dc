//! Lists the files in an initial RAM disk: concatenated cpio archives (newc), the last often
//! compressed. *Source:* Linux, Documentation/driver-api/early-userspace/buffer-format.rst.

use std::io::Read;

/// Limit on bytes that are unpacked: the largest initial RAM disks have 300 MB.
const UNPACKED_LEN_MAX: u64 = 1 << 30;
/// Limit on memory for decoding xz, in bytes.
const XZ_MEMORY_MAX: u64 = 128 << 20;
/// Limit on members that are read: the largest initial RAM disks have some thousands.
const MEMBERS_MAX: usize = 1 << 16;
/// Limit on the length of a member's name, in bytes.
const NAME_LEN_MAX: usize = 1024;

const HEADER_LEN: usize = 110;
const END: &str = "TRAILER!!!";

/// Returns the names of all members of all archives.
///
/// # Errors
/// The unknown format or the damage, in words.
pub fn names(content: &[u8]) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    let mut rest = content;
    loop {
        let zeros = rest.iter().take_while(|byte| **byte == 0).count();
        rest = &rest[zeros..];
        if rest.is_empty() {
            return Ok(names);
        }
        if rest.starts_with(b"070701") || rest.starts_with(b"070702") {
            let len = rest.len() as u64;
            let mut reader = rest;
            let read = archive(&mut reader, &mut names).map_err(|error| error.to_string())?;
            rest = rest.get(read.min(len) as usize..).unwrap_or_default();
            continue;
        }
        let failed = |error: std::io::Error| error.to_string();
        let mut unpacked: Box<dyn Read> = match rest {
            [0x1f, 0x8b, ..] => Box::new(flate2::read::MultiGzDecoder::new(rest)),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => {
                Box::new(zstd::stream::read::Decoder::new(rest).map_err(failed)?)
            }
            [0xfd, b'7', b'z', ..] => {
                let stream = liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY_MAX, 0);
                let stream = stream.map_err(|error| error.to_string())?;
                Box::new(liblzma::read::XzDecoder::new_stream(rest, stream))
            }
            _ => return Err("its compression is not known".to_owned()),
        };
        let mut limited = (&mut unpacked).take(UNPACKED_LEN_MAX);
        archive(&mut limited, &mut names).map_err(failed)?;
        return Ok(names);
    }
}

/// Reads one archive up to its trailer, adds the names of its members to `names`, and returns the
/// archive's length in bytes.
fn archive(reader: &mut dyn Read, names: &mut Vec<String>) -> std::io::Result<u64> {
    let damaged = || std::io::Error::other("an archive is damaged");
    let mut at = 0;
    loop {
        let mut header = [0; HEADER_LEN];
        reader.read_exact(&mut header)?;
        let field = |number: usize| {
            let digits = header.get(6 + 8 * number..14 + 8 * number).unwrap_or_default();
            let digits = std::str::from_utf8(digits).map_err(|_| damaged())?;
            u64::from_str_radix(digits, 16).map_err(|_| damaged())
        };
        let (file_len, name_len) = (field(6)?, field(11)? as usize);
        if !header.starts_with(b"07070") || name_len == 0 || name_len > NAME_LEN_MAX {
            return Err(damaged());
        }
        let padded = (HEADER_LEN + name_len).next_multiple_of(4) - HEADER_LEN;
        let mut name = vec![0; padded];
        reader.read_exact(&mut name)?;
        let name = String::from_utf8_lossy(&name[..name_len - 1]).into_owned();
        let data_len = file_len.next_multiple_of(4);
        at += (HEADER_LEN + padded) as u64 + data_len;
        if std::io::copy(&mut reader.take(data_len), &mut std::io::sink())? < data_len {
            return Err(damaged());
        }
        if name == END {
            return Ok(at);
        }
        if names.len() >= MEMBERS_MAX {
            return Err(std::io::Error::other("it has too many members"));
        }
        names.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, content: &[u8]) -> Vec<u8> {
        let mut bytes = b"070701".to_vec();
        for number in 0..13 {
            let value = match number {
                6 => content.len(),
                11 => name.len() + 1,
                _ => 0,
            };
            bytes.extend(format!("{value:08x}").bytes());
        }
        bytes.extend(name.bytes().chain([0]));
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes.extend_from_slice(content);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    #[test]
    fn archives_behind_one_another_and_compressed_ones_are_read() {
        let first = [member("early/microcode", b"12345"), member(END, b""), vec![0; 300]].concat();
        let second = [member("usr/lib/modules/nvme.ko.xz", b"x"), member(END, b"")].concat();
        let packed = zstd::encode_all(&second[..], 3).unwrap();
        let expected = ["early/microcode", "usr/lib/modules/nvme.ko.xz"];
        assert_eq!(names(&[first.clone(), second.clone()].concat()).unwrap(), expected);
        assert_eq!(names(&[first.clone(), packed].concat()).unwrap(), expected);
        assert_eq!(names(&[]).unwrap(), [] as [String; 0]);
    }

    #[test]
    fn what_is_damaged_is_an_error() {
        let whole = [member("name", b"content"), member(END, b"")].concat();
        for len in [1, 50, 110, 112, 120, whole.len() - 8] {
            assert!(names(&whole[..len]).is_err(), "{len}");
        }
        assert!(names(b"\x1f\x8bnothing").is_err());
        assert!(names(b"unknown").is_err());
    }
}
