//! Reads the content of files: decodes the frames that hold the wanted bytes.
//!
//! A frame that is read whole is decoded straight into the answer: the kernel keeps the pages, so a second copy would
//! be useless. A frame that is read in part is kept decoded, in bounded memory, because the next read usually wants the
//! rest of the frame. If several readers want such a frame, one of them decodes it.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use store::codec::Decoder;
use wire::digest::Digest;
use wire::manifest::Inode;
use wire::name::ImageName;
use wire::object::{FrameList, Kind, frames};
use wire::units::{FRAME_LEN_MAX, OBJECT_WHOLE_LEN_MAX};

use super::attributes::{Run, runs};
use super::disks::{DiskFiles, Piece};
use super::error::damaged;
use super::images::LoadedImage;
use super::lists::{AHEAD_LEN, Lists, LocalList, Parts, Source};
use super::objects::Objects;
use crate::MountError;

/// Limit on the count of objects that are fetched together with the wanted object: the objects of the next files in its
/// directory, or the next objects of a long file. All of them together have at most [`AHEAD_LEN`] bytes of content.
const AHEAD_COUNT: usize = 256;

/// A decoded frame of an object.
#[derive(Debug)]
struct Frame {
    /// Offset of the frame in the object's content.
    start: u64,
    bytes: Vec<u8>,
}

#[derive(Clone, Debug)]
struct FrameLen;

impl Weighter<(Digest, u64), Arc<Frame>> for FrameLen {
    fn weight(&self, _: &(Digest, u64), frame: &Arc<Frame>) -> u64 {
        frame.bytes.len() as u64 + 256
    }
}

/// Reader of files, with its cache of decoded frames.
#[derive(Debug)]
pub struct Content {
    objects: Arc<Objects>,
    frames: Cache<(Digest, u64), Arc<Frame>, FrameLen>,
    lists: Lists,
    decoded: AtomicU64,
}

/// Buffers and decoder that a thread reuses for each read.
struct Scratch {
    decoder: Option<Decoder>,
    payload: Vec<u8>,
    answer: Vec<u8>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> =
        const { RefCell::new(Scratch { decoder: None, payload: Vec::new(), answer: Vec::new() }) };
}

/// A file that is too long for one object, as the source of its frame list.
struct LongFile<'a> {
    objects: &'a Objects,
    image: &'a ImageName,
    digest: Digest,
    data_len: u64,
}

impl Source for LongFile<'_> {
    fn read_here(&self) -> Result<LocalList, MountError> {
        self.objects.frame_list_here(&self.digest, self.data_len)
    }

    fn fetch(&self) -> Result<Option<FrameList>, MountError> {
        self.objects.frame_list(self.image, &self.digest, self.data_len)
    }
}

/// A stretch of an object's content to read, and the objects to fetch ahead if this object must be fetched.
#[derive(Clone, Copy)]
struct ContentRange<'a> {
    loaded: &'a LoadedImage,
    object: Digest,
    at: u64,
    ahead: &'a dyn Fn() -> Vec<Digest>,
}

impl Content {
    /// Makes a reader that keeps at most `memory_len_max` bytes of decoded frames.
    pub fn new(objects: Arc<Objects>, memory_len_max: u64) -> Self {
        let frame_count = (memory_len_max / FRAME_LEN_MAX as u64).max(16) as usize;
        Self {
            objects,
            frames: Cache::with_weighter(frame_count, memory_len_max, FrameLen),
            lists: Lists::default(),
            decoded: AtomicU64::new(0),
        }
    }

    /// Returns the count of frames decoded so far.
    pub fn decoded(&self) -> u64 {
        self.decoded.load(Ordering::Relaxed)
    }

    /// Reads at most `len` bytes of a file and hands them to `done`. Tries once more if a damaged object can be fetched
    /// again.
    ///
    /// # Errors
    /// Objects that are missing, damaged, or cannot be fetched.
    pub fn read<T>(
        &self,
        loaded: &LoadedImage,
        inode: &Inode<'_>,
        offset: u64,
        len: u32,
        done: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, MountError> {
        SCRATCH.with_borrow_mut(|scratch| {
            let filled = match self.fill(loaded, inode, offset, len, scratch) {
                Err(error) if self.objects.give_up(&error) => {
                    self.fill(loaded, inode, offset, len, scratch)
                }
                result => result,
            };
            filled.map(|()| done(&scratch.answer))
        })
    }

    /// Fills the answer with pieces of a disk.
    fn fill_disk(
        &self,
        loaded: &LoadedImage,
        disk: &DiskFiles,
        pieces: &[Piece],
        scratch: &mut Scratch,
    ) -> Result<(), MountError> {
        let Scratch { decoder, payload, answer } = scratch;
        let total: u64 = pieces.iter().map(Piece::len).sum();
        answer.resize(total as usize, 0);
        let decoder = match decoder {
            Some(decoder) => decoder,
            none => none.insert(Decoder::new()?),
        };
        let mut rest = &mut answer[..];
        for piece in pieces {
            let (place, after) = rest.split_at_mut(piece.len() as usize);
            rest = after;
            match *piece {
                Piece::Zeros(_) => place.fill(0),
                Piece::Block { index, object, at, .. } => {
                    let ahead = || disk.following(index);
                    let stretch = ContentRange { loaded, object, at, ahead: &ahead };
                    self.read_object(stretch, place, decoder, payload)?;
                }
            }
        }
        Ok(())
    }

    /// Fills the answer with a file's bytes: zeros for holes, data from objects.
    fn fill(
        &self,
        loaded: &LoadedImage,
        inode: &Inode<'_>,
        offset: u64,
        len: u32,
        scratch: &mut Scratch,
    ) -> Result<(), MountError> {
        if let Some(disk) = &loaded.disk {
            let pieces = disk.pieces(inode.index(), offset, u64::from(len));
            return self.fill_disk(loaded, disk, &pieces, scratch);
        }
        let Scratch { decoder, payload, answer } = scratch;
        let runs = runs(inode.size(), &inode.holes(), offset, u64::from(len));
        let total: u64 = runs
            .iter()
            .map(|run| match run {
                Run::Hole(len) | Run::Data { len, .. } => *len,
            })
            .sum();
        answer.resize(total as usize, 0);
        let decoder = match decoder {
            Some(decoder) => decoder,
            none => none.insert(Decoder::new()?),
        };
        let mut rest = &mut answer[..];
        for run in runs {
            let (Run::Hole(len) | Run::Data { len, .. }) = run;
            let (place, after) = rest.split_at_mut(len as usize);
            rest = after;
            match run {
                Run::Hole(_) => place.fill(0),
                Run::Data { at, .. } => {
                    self.read_data(loaded, inode, at, place, decoder, payload)?;
                }
            }
        }
        Ok(())
    }

    /// Reads a run of a file's data from the file's object, or from the objects that make up a long file.
    fn read_data(
        &self,
        loaded: &LoadedImage,
        inode: &Inode<'_>,
        at: u64,
        place: &mut [u8],
        decoder: &mut Decoder,
        payload: &mut Vec<u8>,
    ) -> Result<(), MountError> {
        let Some(digest) = inode.digest() else {
            let what = format!("the manifest of {}", loaded.image.name);
            return Err(MountError::Damaged { what, problem: "a file has no digest".to_owned() });
        };
        let data_len = inode.data_len();
        let parts = if data_len <= OBJECT_WHOLE_LEN_MAX as u64 {
            None
        } else {
            let (objects, image) = (&self.objects, &loaded.image.name);
            let list = LongFile { objects, image, digest, data_len };
            self.lists.parts(&digest, (at, place.len() as u64), &list)?
        };
        let Some(parts) = parts else {
            let ahead = || neighbours(loaded, inode);
            let stretch = ContentRange { loaded, object: digest, at, ahead: &ahead };
            return self.read_object(stretch, place, decoder, payload);
        };
        let mut part = parts.starts.partition_point(|start| *start <= at).saturating_sub(1);
        let (mut at, mut rest) = (at, place);
        while !rest.is_empty() {
            let (Some((object, len)), Some(start)) =
                (parts.objects.get(part), parts.starts.get(part))
            else {
                return Err(damaged(&digest, "its frames end before the file does".to_owned()));
            };
            let inside = at - start;
            let here = rest.len().min((u64::from(*len) - inside) as usize);
            let (now, later) = rest.split_at_mut(here);
            let ahead = || following(&parts, part + 1);
            let stretch = ContentRange { loaded, object: *object, at: inside, ahead: &ahead };
            self.read_object(stretch, now, decoder, payload)?;
            (rest, at, part) = (later, at + here as u64, part + 1);
        }
        Ok(())
    }

    /// Reads a stretch of one object's content, from decoded frames if possible.
    fn read_object(
        &self,
        stretch: ContentRange<'_>,
        place: &mut [u8],
        decoder: &mut Decoder,
        payload: &mut Vec<u8>,
    ) -> Result<(), MountError> {
        let ContentRange { loaded, object, at, ahead } = stretch;
        // In objects that Imprint wrote, each frame but the last has FRAME_LEN_MAX bytes.
        let first = (object, at / FRAME_LEN_MAX as u64);
        if let Some(frame) = self.frames.get(&first)
            && let Some(bytes) = part_of(&frame, at, place.len())
        {
            place.copy_from_slice(bytes);
            return Ok(());
        }
        let (kind, len) = self.objects.read_into(&loaded.image.name, &object, ahead, payload)?;
        if kind != Kind::Data {
            return Err(damaged(
                &object,
                "it is a list of frames, and data was expected".to_owned(),
            ));
        }
        let found = frames(payload, len).map_err(|error| damaged(&object, error.to_string()))?;
        let end = at + place.len() as u64;
        let (mut start, mut filled) = (0, 0);
        for (number, frame) in (0..).zip(found) {
            let frame_end = start + frame.content_len as u64;
            let (from, to) = (at.max(start), end.min(frame_end));
            if from < to {
                let target = &mut place[(from - at) as usize..(to - at) as usize];
                filled += target.len();
                let mut decode = |place: &mut [u8]| {
                    self.decoded.fetch_add(1, Ordering::Relaxed);
                    decoder.decode_frame(&frame, place).map_err(|problem| damaged(&object, problem))
                };
                if target.len() == frame.content_len {
                    decode(target)?;
                } else {
                    let kept = self.frames.get_or_insert_with(&(object, number), || {
                        let mut bytes = vec![0; frame.content_len];
                        decode(&mut bytes)?;
                        Ok::<_, MountError>(Arc::new(Frame { start, bytes }))
                    })?;
                    let bytes = part_of(&kept, from, target.len());
                    target.copy_from_slice(bytes.ok_or_else(|| {
                        damaged(&object, "a frame is shorter than it was".to_owned())
                    })?);
                }
            }
            start = frame_end;
        }
        if filled < place.len() {
            return Err(damaged(&object, format!("it has {len} bytes, {end} are read")));
        }
        Ok(())
    }
}

fn part_of(frame: &Frame, at: u64, len: usize) -> Option<&[u8]> {
    let begin = usize::try_from(at.checked_sub(frame.start)?).ok()?;
    frame.bytes.get(begin..begin.checked_add(len)?)
}

/// Returns the objects of the files that follow this file in its directory, in listing order.
fn neighbours(loaded: &LoadedImage, inode: &Inode<'_>) -> Vec<Digest> {
    let manifest = &loaded.manifest;
    let mut len = 0;
    manifest
        .later_siblings(inode.first_node())
        .map(|node| manifest.node_inode(node))
        .filter(|inode| inode.is_regular() && inode.data_len() <= OBJECT_WHOLE_LEN_MAX as u64)
        .take_while(|inode| {
            len += inode.data_len();
            len <= AHEAD_LEN
        })
        .filter_map(|inode| inode.digest())
        .take(AHEAD_COUNT)
        .collect()
}

fn following(parts: &Parts, next: usize) -> Vec<Digest> {
    let mut len = 0;
    let later = parts.objects.iter().skip(next).take_while(|(_, part_len)| {
        len += u64::from(*part_len);
        len <= AHEAD_LEN
    });
    later.map(|(digest, _)| *digest).collect()
}
