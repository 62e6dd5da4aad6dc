//! The content of files: from an offset to bytes, by decoding the frames that hold them.
//!
//! A frame that is read whole is decoded straight into the answer: the kernel keeps the pages, and a
//! second copy would be of no use. One that is read in part is kept decoded, in bounded memory, since
//! what comes next is mostly the rest of it; of several readers one decodes.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use store::codec::Decoder;
use wire::digest::Digest;
use wire::manifest::Inode;
use wire::object::{FrameList, Kind, frames};
use wire::units::{FRAME_LEN_MAX, OBJECT_WHOLE_LEN_MAX};

use super::attributes::{Run, runs};
use super::disks::{DiskFiles, Piece};
use super::images::Loaded;
use super::objects::{Objects, damaged};
use crate::error::UnpackError;

/// What is fetched beside an object that is: neighbours in its directory, or what follows in its file. So
/// many objects, and so many bytes of content.
const AHEAD_COUNT: usize = 256;
const AHEAD_LEN: u64 = 4 << 20;

/// Memory for lists of frames: those of some 30 files of 4 GiB each.
const LISTS_LEN: u64 = 32 << 20;

/// The longest list that is kept with others, 1 MiB: that of a file of 4 GiB. Of longer ones one is kept.
const LIST_COUNT_MAX: usize = 1 << 14;

/// A decoded frame of an object.
#[derive(Debug)]
struct Frame {
    /// Where it begins in the object's content.
    start: u64,
    bytes: Vec<u8>,
}

/// The objects that make up a long file's data.
#[derive(Debug)]
struct Parts {
    objects: Vec<(Digest, u32)>,
    /// Where each begins.
    starts: Vec<u64>,
}

impl Parts {
    fn of(list: FrameList) -> Self {
        let mut start = 0;
        let starts = list.frames.iter().map(|(_, len)| {
            start += u64::from(*len);
            start - u64::from(*len)
        });
        Self { starts: starts.collect(), objects: list.frames }
    }

    /// Those that hold `len` bytes from `at` on, and what is fetched ahead behind them.
    fn window(&self, at: u64, len: u64) -> Self {
        let first = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        let end = at.saturating_add(len).saturating_add(AHEAD_LEN);
        let behind =
            self.starts.partition_point(|start| *start < end).min(first + WINDOW_COUNT_MAX);
        let range = first..behind;
        Self { objects: self.objects[range.clone()].to_vec(), starts: self.starts[range].to_vec() }
    }
}

/// Objects of a window: of a list as we write them, a read of 1 MiB and what comes ahead are 20.
const WINDOW_COUNT_MAX: usize = 4096;

#[derive(Clone, Debug)]
struct ByLen;

impl Weighter<(Digest, u64), Arc<Frame>> for ByLen {
    fn weight(&self, _: &(Digest, u64), frame: &Arc<Frame>) -> u64 {
        frame.bytes.len() as u64 + 256
    }
}

impl Weighter<Digest, Option<Arc<Parts>>> for ByLen {
    fn weight(&self, _: &Digest, parts: &Option<Arc<Parts>>) -> u64 {
        64 + parts.as_ref().map_or(0, |parts| parts.objects.len() as u64 * 64)
    }
}

/// Reads files.
#[derive(Debug)]
pub struct Content {
    objects: Arc<Objects>,
    frames: Cache<(Digest, u64), Arc<Frame>, ByLen>,
    parts: Cache<Digest, Option<Arc<Parts>>, ByLen>,
    /// The last list that was too long to be kept with others. Held by who loads any list: beside those that are
    /// kept there is one more at any moment, however many readers there are.
    long: Mutex<Option<(Digest, Parts)>>,
    decoded: AtomicU64,
}

/// What a thread uses again for each read.
struct Scratch {
    decoder: Option<Decoder>,
    payload: Vec<u8>,
    answer: Vec<u8>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> =
        const { RefCell::new(Scratch { decoder: None, payload: Vec::new(), answer: Vec::new() }) };
}

/// A stretch of an object's content that is wanted.
#[derive(Clone, Copy)]
struct Stretch<'a> {
    loaded: &'a Loaded,
    object: Digest,
    at: u64,
    ahead: &'a dyn Fn() -> Vec<Digest>,
}

impl Content {
    /// Keeps at most `memory_len_max` bytes of decoded frames.
    pub fn new(objects: Arc<Objects>, memory_len_max: u64) -> Self {
        let frame_count = (memory_len_max / FRAME_LEN_MAX as u64).max(16) as usize;
        Self {
            objects,
            frames: Cache::with_weighter(frame_count, memory_len_max, ByLen),
            parts: Cache::with_weighter(256, LISTS_LEN, ByLen),
            long: Mutex::default(),
            decoded: AtomicU64::new(0),
        }
    }

    /// Returns how many frames have been decoded.
    pub fn decoded(&self) -> u64 {
        self.decoded.load(Ordering::Relaxed)
    }

    /// Reads at most `len` bytes of a file and hands them to `done`.
    ///
    /// # Errors
    /// Objects that are missing, damaged, or cannot be fetched.
    pub fn read<T>(
        &self,
        loaded: &Loaded,
        inode: &Inode<'_>,
        offset: u64,
        len: u32,
        done: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, UnpackError> {
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

    /// Fills the answer with bytes of a disk.
    fn fill_disk(
        &self,
        loaded: &Loaded,
        disk: &DiskFiles,
        pieces: &[Piece],
        scratch: &mut Scratch,
    ) -> Result<(), UnpackError> {
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
                    let stretch = Stretch { loaded, object, at, ahead: &ahead };
                    self.read_object(stretch, place, decoder, payload)?;
                }
            }
        }
        Ok(())
    }

    /// Fills the answer.
    fn fill(
        &self,
        loaded: &Loaded,
        inode: &Inode<'_>,
        offset: u64,
        len: u32,
        scratch: &mut Scratch,
    ) -> Result<(), UnpackError> {
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

    /// Reads a run of a file's data.
    fn read_data(
        &self,
        loaded: &Loaded,
        inode: &Inode<'_>,
        at: u64,
        place: &mut [u8],
        decoder: &mut Decoder,
        payload: &mut Vec<u8>,
    ) -> Result<(), UnpackError> {
        let Some(digest) = inode.digest() else {
            let what = format!("the manifest of {}", loaded.image.name);
            return Err(UnpackError::Damaged { what, problem: "a file has no digest".to_owned() });
        };
        let data_len = inode.data_len();
        let parts = if data_len <= OBJECT_WHOLE_LEN_MAX as u64 {
            None
        } else {
            self.parts_of(loaded, &digest, data_len, (at, place.len() as u64))?
        };
        let Some(parts) = parts else {
            let ahead = || neighbours(loaded, inode);
            let stretch = Stretch { loaded, object: digest, at, ahead: &ahead };
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
            let stretch = Stretch { loaded, object: *object, at: inside, ahead: &ahead };
            self.read_object(stretch, now, decoder, payload)?;
            (rest, at, part) = (later, at + here as u64, part + 1);
        }
        Ok(())
    }

    /// Returns the objects that make up a long file, of a very long one those that hold what is read.
    fn parts_of(
        &self,
        loaded: &Loaded,
        digest: &Digest,
        data_len: u64,
        (at, len): (u64, u64),
    ) -> Result<Option<Arc<Parts>>, UnpackError> {
        if let Some(known) = self.parts.get(digest) {
            return Ok(known);
        }
        let mut long = self.long.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.parts.get(digest) {
            return Ok(known);
        }
        if let Some((_, parts)) = long.as_ref().filter(|(kept, _)| kept == digest) {
            return Ok(Some(Arc::new(parts.window(at, len))));
        }
        let list = self.objects.frame_list(&loaded.image.name, digest, data_len)?;
        let parts = list.map(Parts::of);
        let is_long = |parts: &Parts| parts.objects.len() > LIST_COUNT_MAX;
        let parts = match parts {
            Some(parts) if is_long(&parts) => {
                let window = Arc::new(parts.window(at, len));
                *long = Some((*digest, parts));
                return Ok(Some(window));
            }
            parts => parts.map(Arc::new),
        };
        self.parts.insert(*digest, parts.clone());
        Ok(parts)
    }

    /// Reads a stretch of one object's content.
    fn read_object(
        &self,
        stretch: Stretch<'_>,
        place: &mut [u8],
        decoder: &mut Decoder,
        payload: &mut Vec<u8>,
    ) -> Result<(), UnpackError> {
        let Stretch { loaded, object, at, ahead } = stretch;
        // Frames are of FRAME_LEN_MAX bytes but for the last, as we write them.
        let first = (object, at / FRAME_LEN_MAX as u64);
        if let Some(frame) = self.frames.get(&first)
            && let Some(bytes) = part_of(&frame, at, place.len())
        {
            place.copy_from_slice(bytes);
            return Ok(());
        }
        let (kind, len) = self.objects.read_into(&loaded.image.name, &object, ahead, payload)?;
        if kind != Kind::Data {
            return Err(damaged(&object, "a list of frames stands where data should".to_owned()));
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
                        Ok::<_, UnpackError>(Arc::new(Frame { start, bytes }))
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

/// The objects of the files behind this one in its directory, in the order in which it is listed.
fn neighbours(loaded: &Loaded, inode: &Inode<'_>) -> Vec<Digest> {
    let manifest = &loaded.manifest;
    let node = inode.first_node();
    let siblings = manifest.children(manifest.parent(node));
    let mut len = 0;
    (node + 1..siblings.end)
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

#[cfg(test)]
mod tests {
    use super::*;
    use wire::digest::Algorithm;

    #[test]
    fn a_window_holds_what_is_read_and_what_comes_next() {
        let digest = Algorithm::Sha256.digest(b"frame");
        let frame_len = FRAME_LEN_MAX as u64;
        let list = || FrameList { frames: vec![(digest, FRAME_LEN_MAX as u32); 1 << 20] };
        let parts = Parts::of(list());
        for at in [0, 1, frame_len - 1, frame_len, 12345 * frame_len + 7] {
            let window = parts.window(at, 1 << 20);
            let end = window.starts.last().unwrap() + frame_len;
            assert!(window.starts[0] <= at && at < window.starts[0] + frame_len);
            assert!(end >= at + (1 << 20) + AHEAD_LEN && window.objects.len() < 32, "{at}");
        }
        let last = parts.window((1 << 20) * frame_len - 1, 1);
        assert_eq!(last.objects.len(), 1);
        // One whose frames are of a byte each.
        let parts = Parts::of(FrameList { frames: vec![(digest, 1); 1 << 20] });
        assert_eq!(parts.window(77, 1 << 20).objects.len(), WINDOW_COUNT_MAX);
    }
}
