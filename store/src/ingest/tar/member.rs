//! One member of a tar: its header blocks put together.

use std::collections::BTreeMap;
use std::io::Read;

use tar::Header;
use wire::manifest::{Content, Timestamp, TreeInode};

use super::sparse::{self, Segment};
use super::stream::{BLOCK_LEN, Stream};
use crate::acl;
use crate::error::{StoreError, show};

/// The longest extended header: room for 64 KiB of xattrs and more, and for names of any length.
const EXTENDED_LEN_MAX: u64 = 16 << 20;

/// A member.
#[derive(Debug)]
pub(super) struct Member {
    pub path: Vec<u8>,
    /// The target of a symbolic or hard link.
    pub link: Vec<u8>,
    pub kind: Kind,
    pub permissions: u32,
    uid: u32,
    gid: u32,
    mtime: Timestamp,
    xattrs: BTreeMap<Vec<u8>, Vec<u8>>,
    device: (u32, u32),
}

/// What a member is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file of this logical size, and where its data is in it.
    Regular {
        size: u64,
        map: Vec<Segment>,
    },
    HardLink,
    Symlink,
    CharDevice,
    BlockDevice,
    Directory,
    Fifo,
}

impl Member {
    /// Makes the error that names this member.
    pub(super) fn refuse(&self, problem: &str) -> StoreError {
        StoreError::Refused(format!("the tar's member '{}': {problem}", show(&self.path)))
    }

    /// Returns what the member holds; a file's data is filled in later.
    pub(super) fn content(&self) -> Content {
        match &self.kind {
            Kind::Regular { .. } => Content::Regular { size: 0, holes: Vec::new(), digest: None },
            Kind::Symlink | Kind::HardLink => Content::Symlink(self.link.clone()),
            Kind::CharDevice => Content::CharDevice(self.device.0, self.device.1),
            Kind::BlockDevice => Content::BlockDevice(self.device.0, self.device.1),
            Kind::Directory => Content::Directory(BTreeMap::new()),
            Kind::Fifo => Content::Fifo,
        }
    }

    /// Returns the member as an inode.
    pub(super) fn inode(&self, content: Content) -> TreeInode {
        TreeInode {
            permissions: self.permissions,
            uid: self.uid,
            gid: self.gid,
            mtime: self.mtime,
            xattrs: self.xattrs.clone(),
            content,
        }
    }
}

/// What extended headers said of the next member.
#[derive(Default)]
struct Extended {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    pax: Vec<(String, Vec<u8>)>,
    /// Bytes of all extended headers of this member so far.
    len: u64,
}

impl Extended {
    fn get(&self, key: &str) -> Option<&[u8]> {
        self.pax.iter().rev().find(|(found, _)| found == key).map(|(_, value)| value.as_slice())
    }

    fn number<T: std::str::FromStr>(&self, key: &str) -> Result<Option<T>, String> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let text = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
        text.map(Some).ok_or_else(|| format!("'{}' is not a valid {key}", show(value)))
    }
}

/// Reads up to the next member's content; `None` at the end of the archive.
pub(super) fn next<R: Read>(stream: &mut Stream<R>) -> Result<Option<Member>, StoreError> {
    let mut extended = Extended::default();
    loop {
        let block = stream.block()?;
        if block == [0; BLOCK_LEN] {
            return Ok(None);
        }
        let header = Header::from_byte_slice(&block).clone();
        check_sum(&block, &header).map_err(|problem| stream.damaged(&problem))?;
        let kind = block[156];
        match kind {
            b'x' | b'g' => {
                let content = extended_content(stream, &header, &mut extended.len)?;
                let pax = parse_pax(&content).map_err(|problem| stream.damaged(&problem))?;
                // Global headers carry comments (git) and defaults that no tool here writes.
                if kind == b'x' {
                    extended.pax.extend(pax);
                }
            }
            b'L' => {
                extended.path =
                    Some(trim_nul(extended_content(stream, &header, &mut extended.len)?))
            }
            b'K' => {
                extended.link =
                    Some(trim_nul(extended_content(stream, &header, &mut extended.len)?))
            }
            b'V' => {
                let len =
                    header.entry_size().map_err(|error| stream.damaged(&error.to_string()))?;
                stream.begin_content(len);
                stream.skip_content()?;
            }
            _ => return member(stream, &header, &extended).map(Some),
        }
    }
}

fn check_sum(block: &[u8; BLOCK_LEN], header: &Header) -> Result<(), String> {
    let sum = |byte: &u8| u32::from(*byte);
    let found: u32 = block[..148].iter().map(sum).sum::<u32>()
        + block[156..].iter().map(sum).sum::<u32>()
        + 8 * 32;
    match header.cksum() {
        Ok(expected) if expected == found => Ok(()),
        _ => Err("a header's checksum does not match".to_owned()),
    }
}

fn extended_content<R: Read>(
    stream: &mut Stream<R>,
    header: &Header,
    total: &mut u64,
) -> Result<Vec<u8>, StoreError> {
    let len = stored_len(header.as_bytes()).map_err(|problem| stream.damaged(&problem))?;
    *total = total.saturating_add(len);
    if *total > EXTENDED_LEN_MAX {
        return Err(stream.damaged(&format!(
            "a member's extended headers have {total} bytes, at most {EXTENDED_LEN_MAX} are allowed"
        )));
    }
    stream.begin_content(len);
    let mut content = vec![0; len as usize];
    stream.content(&mut content)?;
    stream.skip_content()?;
    Ok(content)
}

/// Splits `LEN key=value\n` records by their lengths: values may hold any byte. (The `tar` crate
/// splits at line ends, which names and attributes may hold too.)
fn parse_pax(content: &[u8]) -> Result<Vec<(String, Vec<u8>)>, String> {
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
        let key = String::from_utf8(record[..equals].to_vec()).map_err(|_| malformed())?;
        records.push((key, record[equals + 1..].to_vec()));
        rest = after;
    }
    Ok(records)
}

fn trim_nul(mut bytes: Vec<u8>) -> Vec<u8> {
    let len = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    bytes.truncate(len);
    bytes
}

/// Puts a member together from its header, its extended headers and, for sparse files, the maps
/// that follow.
fn member<R: Read>(
    stream: &mut Stream<R>,
    header: &Header,
    extended: &Extended,
) -> Result<Member, StoreError> {
    let sparse_name = extended.get("GNU.sparse.name").map(<[u8]>::to_vec);
    let path = sparse_name
        .or_else(|| extended.get("path").map(<[u8]>::to_vec))
        .or_else(|| extended.path.clone())
        .unwrap_or_else(|| header.path_bytes().into_owned());
    let link = extended
        .get("linkpath")
        .map(<[u8]>::to_vec)
        .or_else(|| extended.link.clone())
        .or_else(|| header.link_name_bytes().map(std::borrow::Cow::into_owned))
        .unwrap_or_default();
    let refuse = |problem: String| {
        StoreError::Refused(format!("the tar's member '{}': {problem}", show(&path)))
    };
    let fields = Fields::read(header, extended).map_err(refuse)?;
    stream.begin_content(fields.stored_len);
    let kind = match header.as_bytes()[156] {
        b'0' | b'7' | 0 if path.ends_with(b"/") => Kind::Directory,
        b'0' | b'7' | b'S' | 0 => regular(stream, header, extended, &fields)?,
        b'1' => Kind::HardLink,
        b'2' => Kind::Symlink,
        b'3' => Kind::CharDevice,
        b'4' => Kind::BlockDevice,
        b'5' => Kind::Directory,
        b'6' => Kind::Fifo,
        other => {
            return Err(refuse(format!(
                "the unknown type '{}'",
                char::from(other).escape_default()
            )));
        }
    };
    let xattrs = xattrs(extended, fields.permissions).map_err(refuse)?;
    Ok(Member {
        path: path.clone(),
        link,
        kind,
        permissions: fields.permissions,
        uid: fields.uid,
        gid: fields.gid,
        mtime: fields.mtime,
        xattrs,
        device: fields.device,
    })
}

/// A header's numbers.
struct Fields {
    stored_len: u64,
    permissions: u32,
    uid: u32,
    gid: u32,
    mtime: Timestamp,
    device: (u32, u32),
}

impl Fields {
    fn read(header: &Header, extended: &Extended) -> Result<Self, String> {
        let text = |error: std::io::Error| error.to_string();
        let id = |key, field: std::io::Result<u64>| -> Result<u32, String> {
            let id = match extended.number::<u64>(key)? {
                Some(id) => id,
                None => field.map_err(text)?,
            };
            u32::try_from(id).map_err(|_| format!("{key} {id} is too large"))
        };
        let mtime = match extended.get("mtime") {
            Some(value) => parse_time(value)?,
            None => Timestamp { secs: signed_field(&header.as_bytes()[136..148])?, nanos: 0 },
        };
        let device = |field: std::io::Result<Option<u32>>| field.map(Option::unwrap_or_default);
        let is_device = matches!(header.as_bytes()[156], b'3' | b'4');
        Ok(Self {
            stored_len: match extended.number("size")? {
                Some(len) => len,
                None if matches!(header.as_bytes()[156], b'1'..=b'6') => 0,
                None => stored_len(header.as_bytes())?,
            },
            permissions: header.mode().map_err(text)? & 0o7777,
            uid: id("uid", header.uid())?,
            gid: id("gid", header.gid())?,
            mtime,
            device: if is_device {
                let major = device(header.device_major()).map_err(text)?;
                (major, device(header.device_minor()).map_err(text)?)
            } else {
                (0, 0)
            },
        })
    }
}

/// Reads the length of a member's content from its header block.
fn stored_len(block: &[u8; BLOCK_LEN]) -> Result<u64, String> {
    let len = signed_field(&block[124..136]).map_err(|_| "its size is out of range".to_owned())?;
    u64::try_from(len).map_err(|_| format!("its size is negative ({len})"))
}

/// Reads octal digits, or base 256 with a sign, which GNU tar uses for times before 1970.
fn signed_field(bytes: &[u8]) -> Result<i64, String> {
    let malformed = || format!("'{}' is not a time", show(bytes));
    match bytes[0] {
        first @ 0x80.. => {
            // Bit 7 says that the rest is binary, bit 6 is its sign.
            let sign = if first & 0x40 != 0 { -64 } else { 0 };
            let start = i128::from(first & 0x3f) + sign;
            let value = bytes[1..].iter().fold(start, |value, byte| value << 8 | i128::from(*byte));
            i64::try_from(value).map_err(|_| malformed())
        }
        _ => {
            let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
            let digits = text.trim_matches(['\0', ' ']);
            if digits.is_empty() {
                return Ok(0);
            }
            i64::from_str_radix(digits, 8).map_err(|_| malformed())
        }
    }
}

/// Reads a PAX time such as `1700000000.123456789` or `-5.25`.
fn parse_time(value: &[u8]) -> Result<Timestamp, String> {
    let malformed = || format!("'{}' is not a time", show(value));
    let text = std::str::from_utf8(value).map_err(|_| malformed())?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let secs: i64 = whole.parse().map_err(|_| malformed())?;
    let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    let nanos: u32 = digits.parse().map_err(|_| malformed())?;
    // -5.25 is a quarter of a second before -5.
    if whole.starts_with('-') && nanos > 0 {
        let secs = secs.checked_sub(1).ok_or_else(malformed)?;
        return Ok(Timestamp { secs, nanos: 1_000_000_000 - nanos });
    }
    Ok(Timestamp { secs, nanos })
}

fn xattrs(extended: &Extended, permissions: u32) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, String> {
    let mut found = BTreeMap::new();
    for (key, value) in &extended.pax {
        if let Some(name) = key.strip_prefix("SCHILY.xattr.") {
            found.insert(name.as_bytes().to_vec(), value.clone());
        } else if key == "RHT.security.selinux" {
            // The kernel's value ends in a NUL, the archive's does not.
            let mut label = value.clone();
            label.extend((label.last() != Some(&0)).then_some(0));
            found.insert(b"security.selinux".to_vec(), label);
        } else if let Some(which) = key.strip_prefix("SCHILY.acl.")
            && let Some(encoded) = acl::encode(value, which == "access", permissions)?
        {
            found.insert(format!("system.posix_acl_{which}").into_bytes(), encoded);
        }
    }
    Ok(found)
}

fn regular<R: Read>(
    stream: &mut Stream<R>,
    header: &Header,
    extended: &Extended,
    fields: &Fields,
) -> Result<Kind, StoreError> {
    let found = if header.as_bytes()[156] == b'S' {
        let (size, map) = sparse::old_gnu_map(stream, header)?;
        // The map's own blocks came before the content.
        stream.begin_content(fields.stored_len);
        Some((size, map))
    } else {
        pax_sparse(stream, extended)?
    };
    let whole = || (fields.stored_len, vec![Segment { offset: 0, len: fields.stored_len }]);
    let (size, map) = found.unwrap_or_else(whole);
    Ok(Kind::Regular { size, map })
}

fn pax_sparse<R: Read>(
    stream: &mut Stream<R>,
    extended: &Extended,
) -> Result<Option<(u64, Vec<Segment>)>, StoreError> {
    let number = |key| extended.number::<u64>(key);
    let size = number("GNU.sparse.realsize").and_then(|size| match size {
        Some(size) => Ok(Some(size)),
        None => number("GNU.sparse.size"),
    });
    let Some(size) = size.map_err(|problem| stream.damaged(&problem))? else {
        return Ok(None);
    };
    if extended.get("GNU.sparse.major") == Some(b"1") {
        return Ok(Some((size, sparse::map_in_content(stream)?)));
    }
    let map = match extended.get("GNU.sparse.map") {
        Some(text) => sparse::parse_map(text.split(|byte| *byte == b',')),
        None => {
            let numbers = extended.pax.iter().filter_map(|(key, value)| {
                let is_number = matches!(key.as_str(), "GNU.sparse.offset" | "GNU.sparse.numbytes");
                is_number.then_some(value.as_slice())
            });
            sparse::parse_map(numbers)
        }
    };
    map.map(|map| Some((size, map))).map_err(|problem| stream.damaged(&problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_before_1970_and_with_fractions() {
        for (text, secs, nanos) in [
            ("0", 0, 0),
            ("1700000000.5", 1_700_000_000, 500_000_000),
            ("-5.25", -6, 750_000_000),
            ("-0.5", -1, 500_000_000),
            ("-5", -5, 0),
            ("1.1234567891", 1, 123_456_789),
        ] {
            assert_eq!(parse_time(text.as_bytes()), Ok(Timestamp { secs, nanos }), "{text}");
        }
        assert!(parse_time(b"x").is_err());
        assert!(parse_time(b"-9223372036854775808.5").is_err());
        assert_eq!(signed_field(b"00000000017\0"), Ok(15));
        assert_eq!(signed_field(&[0xff; 12]), Ok(-1));
        let mut wide = [0; 12];
        (wide[0], wide[3]) = (0x80, 0x40);
        assert!(signed_field(&wide).is_err(), "2^70");
        (wide[0], wide[3]) = (0xff, 0xff);
        assert!(signed_field(&wide).is_err(), "far below zero");
    }
}
