//! Extended headers. Each belongs to the next member, or to all later members; its content replaces
//! fields of the header blocks, or adds further ones.

use std::io::Read;

use tar::Header;
use wire::units::show_path;

use super::number::{self, stored_len};
use super::stream::Stream;
use crate::error::StoreError;

/// Limit on the extended headers of one member, in bytes: room for 64 KiB of attributes and more,
/// and for names of any length.
const LEN_MAX: u64 = 16 << 20;

/// Keywords of a global header that become defaults of all later members. GNU tar writes them for
/// `--pax-option`.
const DEFAULTS: [&[u8]; 3] = [b"uid", b"gid", b"mtime"];

/// Keywords of global headers that do not affect an image.
const REMARKS: [&[u8]; 7] =
    [b"comment", b"charset", b"hdrcharset", b"uname", b"gname", b"atime", b"ctime"];

/// `key=value` records, in the order of the header.
type Records = Vec<(Vec<u8>, Vec<u8>)>;

/// Defaults set by the global headers so far.
#[derive(Debug, Default)]
pub(super) struct Defaults(Records);

impl Defaults {
    /// Applies a global header, and calls `pass_over` with each keyword that could affect an image
    /// but is ignored.
    pub(super) fn set(&mut self, records: Records, mut pass_over: impl FnMut(&[u8])) {
        for (key, value) in records {
            if DEFAULTS.contains(&key.as_slice()) {
                self.0.retain(|(known, _)| *known != key);
                self.0.push((key, value));
            } else if !REMARKS.contains(&key.as_slice()) {
                pass_over(&key);
            }
        }
    }
}

/// Extended headers of the next member.
#[derive(Default)]
pub(super) struct ExtendedHeaders {
    pub path: Option<Vec<u8>>,
    pub link: Option<Vec<u8>>,
    pub pax: Records,
    /// Length of this member's extended headers so far, in bytes.
    len: u64,
}

impl ExtendedHeaders {
    pub(super) fn get(&self, key: &[u8]) -> Option<&[u8]> {
        self.pax.iter().rev().find(|(found, _)| found == key).map(|(_, value)| value.as_slice())
    }

    /// Returns a keyword's value as [`ExtendedHeaders::get`] does, or else its default. An empty
    /// value cancels the default, so that the field of the header block counts.
    pub(super) fn get_or<'a>(&'a self, defaults: &'a Defaults, key: &[u8]) -> Option<&'a [u8]> {
        let default = || {
            let found = defaults.0.iter().find(|(found, _)| found == key);
            found.map(|(_, value)| value.as_slice())
        };
        self.get(key).or_else(default).filter(|value| !value.is_empty())
    }

    /// Reads the content of an extended header, limited to [`LEN_MAX`] bytes per member.
    pub(super) fn content<R: Read>(
        &mut self,
        stream: &mut Stream<R>,
        header: &Header,
    ) -> Result<Vec<u8>, StoreError> {
        let len = stored_len(header.as_bytes()).map_err(|problem| stream.damaged(&problem))?;
        self.len = self.len.saturating_add(len);
        if self.len > LEN_MAX {
            return Err(stream.damaged(&format!(
                "a member's extended headers have {} bytes, at most {LEN_MAX} are allowed",
                self.len
            )));
        }
        stream.begin_content(len);
        let mut content = vec![0; len as usize];
        stream.content(&mut content)?;
        stream.skip_content()?;
        Ok(content)
    }

    /// Reads the PAX records of an extended header.
    pub(super) fn records<R: Read>(
        &mut self,
        stream: &mut Stream<R>,
        header: &Header,
    ) -> Result<Records, StoreError> {
        let content = self.content(stream, header)?;
        parse_pax(&content).map_err(|problem| stream.damaged(&problem))
    }
}

/// Parses a decimal number in a record; `key` names the number in the error.
pub(super) fn parse<T: std::str::FromStr>(key: &str, value: &[u8]) -> Result<T, String> {
    let number = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
    number.ok_or_else(|| format!("'{}' is not a valid {key}", show_path(value)))
}

/// Returns a user's or group's number: from the record if there is one, else from the header field.
pub(super) fn id(key: &str, record: Option<&[u8]>, field: &[u8]) -> Result<u32, String> {
    let id: u64 = match record {
        Some(value) => parse(key, value)?,
        None => number::count(key, field)?,
    };
    let refused =
        |id| format!("its {key} is {id}: numbers of users and groups are at most {}", u32::MAX - 1);
    // The last number means "leave the owner as it is" in system calls.
    u32::try_from(id).ok().filter(|id| *id != u32::MAX).ok_or_else(|| refused(id))
}

/// Splits `LEN key=value\n` records by their lengths, since values may hold any byte. (The `tar`
/// crate splits at line ends, which names and attributes may contain.)
fn parse_pax(content: &[u8]) -> Result<Records, String> {
    let malformed = || "an extended header is malformed".to_owned();
    let mut records = Vec::new();
    let mut rest = content;
    while !rest.is_empty() {
        let space = rest.iter().position(|byte| *byte == b' ').ok_or_else(malformed)?;
        let digits = std::str::from_utf8(&rest[..space]).map_err(|_| malformed())?;
        let len: usize = digits.parse().map_err(|_| malformed())?;
        let (record, after) = rest.split_at_checked(len).ok_or_else(malformed)?;
        let record = record.get(space + 1..).and_then(|record| record.strip_suffix(b"\n"));
        let record = record.ok_or_else(malformed)?;
        let equals = record.iter().position(|byte| *byte == b'=').ok_or_else(malformed)?;
        records.push((record[..equals].to_vec(), record[equals + 1..].to_vec()));
        rest = after;
    }
    Ok(records)
}

/// Undoes GNU tar's escapes of `=` and `%` in a keyword. *Source:* xattr_decode_keyword,
/// tar/src/xheader.c.
pub(super) fn unescape_keyword(name: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((first, after)) = rest.split_first() {
        let (byte, after) = match rest {
            [b'%', b'2', b'5', after @ ..] => (b'%', after),
            [b'%', b'3', b'D', after @ ..] => (b'=', after),
            _ => (*first, after),
        };
        plain.push(byte);
        rest = after;
    }
    plain
}
