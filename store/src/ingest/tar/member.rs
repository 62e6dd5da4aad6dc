//! Assembles one member of a tar from its header blocks.

use std::collections::BTreeMap;
use std::io::Read;

use tar::Header;
use wire::manifest::{Content, Timestamp, TreeInode};

use super::attributes::xattrs;
use super::extended::{self, Defaults, ExtendedHeaders};
use super::number;
use super::sparse::{self, Segment};
use super::stream::{BLOCK_LEN, Stream};
use crate::Refusal;
use crate::error::StoreError;
use crate::finding::{Notes, show_start};

/// A member of a tar, without the content that follows it.
#[derive(Debug)]
pub(super) struct Member {
    pub path: Vec<u8>,
    /// Target of a symbolic or hard link; without a meaning for other kinds.
    pub link: Vec<u8>,
    pub kind: Kind,
    pub permissions: u32,
    uid: u32,
    gid: u32,
    mtime: Timestamp,
    xattrs: BTreeMap<Vec<u8>, Vec<u8>>,
    device: (u32, u32),
    /// Notes on the member, and on global headers before it ([`GLOBAL_HEADER`]).
    pub notes: Notes,
}

/// Rule of findings on ignored keywords of global headers.
pub(super) const GLOBAL_HEADER: &str = "global-header";

/// A member's type, as far as an image distinguishes it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file of `size` bytes; `map` lists its segments that have data.
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
    /// Makes the error that refuses this member by name.
    pub(super) fn refuse(&self, problem: &str) -> StoreError {
        refused(&self.path, problem)
    }

    /// Returns the content for the tree; a file's size, holes and digest are filled in later.
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

    /// Returns an inode with the member's attributes and the given content.
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

fn refused(path: &[u8], problem: &str) -> StoreError {
    Refusal::TarMember { name: show_start(path), problem: problem.to_owned() }.into()
}

/// Reads the members of a tar, one after another.
#[derive(Debug, Default)]
pub(super) struct Members {
    defaults: Defaults,
    /// Notes on the global headers that were read before the next member.
    notes: Notes,
}

impl Members {
    /// Reads the next member, up to its content. Returns `None` at the archive's end: a block of
    /// zeros, or the source's end at a block boundary.
    pub(super) fn next<R: Read>(
        &mut self,
        stream: &mut Stream<R>,
    ) -> Result<Option<Member>, StoreError> {
        let mut extended = ExtendedHeaders::default();
        let mut is_first = true;
        loop {
            let block = match is_first {
                true => stream.block_or_end()?.unwrap_or([0; BLOCK_LEN]),
                false => stream.block()?,
            };
            if is_first && block == [0; BLOCK_LEN] {
                return Ok(None);
            }
            is_first = false;
            let header = Header::from_byte_slice(&block).clone();
            check_sum(&block, &header).map_err(|problem| stream.damaged(&problem))?;
            match block[156] {
                // Solaris writes `X` for a PAX header.
                b'x' | b'X' => {
                    let records = extended.records(stream, &header)?;
                    extended.pax.extend(records);
                }
                b'g' => {
                    let records = extended.records(stream, &header)?;
                    self.defaults.set(records, |key| {
                        let problem =
                            || format!("{} in a global header is passed over", show_start(key));
                        self.notes.add(GLOBAL_HEADER, problem);
                    });
                    // A global header may be the last block of an archive.
                    is_first = true;
                }
                b'L' => extended.path = Some(trim_nul(extended.content(stream, &header)?)),
                b'K' => extended.link = Some(trim_nul(extended.content(stream, &header)?)),
                b'V' => {
                    let len =
                        number::stored_len(&block).map_err(|problem| stream.damaged(&problem))?;
                    stream.begin_content(len);
                    stream.skip_content()?;
                    is_first = true;
                }
                _ => {
                    let notes = std::mem::take(&mut self.notes);
                    return member(stream, &header, &extended, &self.defaults, notes).map(Some);
                }
            }
        }
    }
}

pub(super) fn check_sum(block: &[u8; BLOCK_LEN], header: &Header) -> Result<(), String> {
    let sum = |byte: &u8| u32::from(*byte);
    let found: u32 = block[..148].iter().map(sum).sum::<u32>()
        + block[156..].iter().map(sum).sum::<u32>()
        + 8 * 32;
    match header.cksum() {
        Ok(expected) if expected == found => Ok(()),
        _ => Err("a header's checksum does not match".to_owned()),
    }
}

fn trim_nul(mut bytes: Vec<u8>) -> Vec<u8> {
    let len = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    bytes.truncate(len);
    bytes
}

/// Assembles a member from its header, its extended headers and, for sparse files, the maps that
/// follow.
fn member<R: Read>(
    stream: &mut Stream<R>,
    header: &Header,
    extended: &ExtendedHeaders,
    defaults: &Defaults,
    mut notes: Notes,
) -> Result<Member, StoreError> {
    let sparse_name = extended.get(b"GNU.sparse.name").map(<[u8]>::to_vec);
    let path = sparse_name
        .or_else(|| extended.get(b"path").map(<[u8]>::to_vec))
        .or_else(|| extended.path.clone())
        .unwrap_or_else(|| header.path_bytes().into_owned());
    let link = extended
        .get(b"linkpath")
        .map(<[u8]>::to_vec)
        .or_else(|| extended.link.clone())
        .or_else(|| header.link_name_bytes().map(std::borrow::Cow::into_owned))
        .unwrap_or_default();
    let refuse = |problem: String| refused(&path, &problem);
    let fields = Fields::read(header, extended, defaults).map_err(refuse)?;
    stream.begin_content(fields.stored_len);
    let kind = match header.as_bytes()[156] {
        b'0' | b'7' | 0 if path.ends_with(b"/") => Kind::Directory,
        b'0' | b'7' | b'S' | 0 => regular(stream, header, extended, &fields)?,
        b'1' => Kind::HardLink,
        b'2' => Kind::Symlink,
        b'3' => Kind::CharDevice,
        b'4' => Kind::BlockDevice,
        // A directory of an incremental archive (`D`) has a list of names as its content, which is
        // skipped.
        b'5' | b'D' => Kind::Directory,
        b'6' => Kind::Fifo,
        b'M' => {
            let what = "it continues a file from another volume of the tar: join the volumes, and add the result";
            return Err(refuse(what.to_owned()));
        }
        other => {
            let letter = char::from(other).escape_default();
            let problem =
                || format!("the tar's type '{letter}' is unknown: it is taken for a file");
            notes.add("tar-type", problem);
            regular(stream, header, extended, &fields)?
        }
    };
    Ok(Member {
        path: path.clone(),
        link,
        kind,
        permissions: fields.permissions,
        uid: fields.uid,
        gid: fields.gid,
        mtime: fields.mtime,
        xattrs: xattrs(extended, &mut notes).map_err(refuse)?,
        device: fields.device,
        notes,
    })
}

/// The numbers of a header, or of the PAX records that replace them.
struct Fields {
    stored_len: u64,
    permissions: u32,
    uid: u32,
    gid: u32,
    mtime: Timestamp,
    device: (u32, u32),
}

impl Fields {
    fn read(
        header: &Header,
        extended: &ExtendedHeaders,
        defaults: &Defaults,
    ) -> Result<Self, String> {
        let block = header.as_bytes();
        let record = |key: &str| extended.get_or(defaults, key.as_bytes());
        let is_device = matches!(block[156], b'3' | b'4');
        let device = |what, field| if is_device { number::count(what, field) } else { Ok(0) };
        Ok(Self {
            stored_len: match record("size") {
                Some(len) => extended::parse("size", len)?,
                None if matches!(block[156], b'1'..=b'6') => 0,
                None => number::stored_len(block)?,
            },
            permissions: number::count::<u32>("mode", &block[100..108])? & 0o7777,
            uid: extended::id("uid", record("uid"), &block[108..116])?,
            gid: extended::id("gid", record("gid"), &block[116..124])?,
            mtime: match record("mtime") {
                Some(value) => number::time(value)?,
                None => Timestamp { secs: number::field(&block[136..148])?, nanos: 0 },
            },
            device: (device("major", &block[329..337])?, device("minor", &block[337..345])?),
        })
    }
}

fn regular<R: Read>(
    stream: &mut Stream<R>,
    header: &Header,
    extended: &ExtendedHeaders,
    fields: &Fields,
) -> Result<Kind, StoreError> {
    let found = if header.as_bytes()[156] == b'S' {
        let (size, map) = sparse::old_gnu_map(stream, header)?;
        // The map's blocks precede the content, and are read already.
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
    extended: &ExtendedHeaders,
) -> Result<Option<(u64, Vec<Segment>)>, StoreError> {
    let size = extended.get(b"GNU.sparse.realsize").or_else(|| extended.get(b"GNU.sparse.size"));
    let Some(size) = size else { return Ok(None) };
    let size = extended::parse("size", size).map_err(|problem| stream.damaged(&problem))?;
    if extended.get(b"GNU.sparse.major") == Some(b"1") {
        return Ok(Some((size, sparse::map_in_content(stream)?)));
    }
    let map = match extended.get(b"GNU.sparse.map") {
        Some(text) => sparse::parse_map(text.split(|byte| *byte == b',')),
        None => {
            let numbers = extended.pax.iter().filter_map(|(key, value)| {
                let is_number =
                    matches!(key.as_slice(), b"GNU.sparse.offset" | b"GNU.sparse.numbytes");
                is_number.then_some(value.as_slice())
            });
            sparse::parse_map(numbers)
        }
    };
    map.map(|map| Some((size, map))).map_err(|problem| stream.damaged(&problem))
}
