//! Data of files: read ahead from packs, decoded, and written around holes.
//!
//! Long data bypasses the page cache: that saves one copy, and the device gets the data before the last sync.

use std::fs::File;
use std::sync::Arc;

use store::codec::Decoder;
use store::inode::{self, InodeRef};
use store::{DataPlace, StoreError};
use sysio::file::CacheMode;
use sysio::queue::{Buffer, IoQueue, PIECE_LEN};
use wire::manifest::Inode;
use wire::manifest::tree::{Scatter, data_extents};
use wire::object::frames;
use wire::units::PAGE_LEN;
use wire::units::show_path;

use super::namespace::{at, prior_attributes};
use super::pieces::{Ahead, Piece};
use super::{ApplyContext, Engine, pool};
use crate::PatchError;
use crate::directory_cursor::DirectoryCursor;
use crate::plan::{DataSource, FileWrite, InodeOrigin};
use crate::tasks::{TaskLimits, cut};

/// Limits of a task. The bytes are enough for reading ahead, and few enough that all threads end at about the same
/// time. The files are few enough that many small ones are shared among all threads.
const TASK: TaskLimits = TaskLimits { bytes: 4 << 20, count: 256 };

/// Length of data in bytes from which a file is written past the page cache.
const DIRECT_LEN_MIN: u64 = 256 * 1024;

/// Length of data in bytes from which a cached file is sent to the device before the last sync. The last sync merges
/// many shorter files into one request.
const WRITE_BACK_LEN_MIN: u64 = 64 * 1024;

/// Carries out step 6 of a plan: writes the data of each file, and then sets the file's attributes.
pub(super) fn write(work: &ApplyContext<'_>, engine: Engine) -> Result<(), PatchError> {
    let len = |write: &FileWrite| work.want.inode(write.index).data_len();
    let tasks = cut(&work.plan.write, TASK, len);
    let worker = || Writer::new(*work, engine);
    pool::run(engine.threads, &tasks, worker, |writer, files| {
        writer.files(files)?;
        work.progress.add(files.len());
        Ok(())
    })
}

/// One thread's queue, decoder and open directory for writing files.
struct Writer<'a> {
    context: ApplyContext<'a>,
    queue: IoQueue,
    decoder: Decoder,
    payload: Vec<u8>,
    directories: DirectoryCursor<'a>,
}

/// A file that is being written, and how much of its data is written.
struct Open<'a> {
    file: Arc<File>,
    inode: Inode<'a>,
    scatter: Scatter,
    is_direct: bool,
}

impl<'a> Writer<'a> {
    fn new(context: ApplyContext<'a>, engine: Engine) -> Result<Self, PatchError> {
        let (queue, decoder) = (engine.queue(true)?, Decoder::new()?);
        let directories = DirectoryCursor::new(context.root, context.want);
        Ok(Self { context, queue, decoder, payload: Vec::new(), directories })
    }

    fn files(&mut self, files: &'a [FileWrite]) -> Result<(), PatchError> {
        let mut ahead = Ahead::new(self.context.content, self.context.want, files);
        files.iter().try_for_each(|write| self.file(write, &mut ahead))
    }

    /// Writes one file: data, length, attributes.
    fn file(&mut self, write: &FileWrite, ahead: &mut Ahead<'a>) -> Result<(), PatchError> {
        let ApplyContext { want, have, .. } = self.context;
        let inode = want.inode(write.index);
        let node = inode.first_node();
        let mut open = self.open(write)?;
        while let Some(piece) = ahead.next(&mut self.queue, &mut self.payload)? {
            match &write.data {
                DataSource::Pages(_) => self.put_pages(&open, &piece)?,
                _ => self.put(&mut open, &piece)?,
            }
        }
        match &write.data {
            DataSource::Copy(source) => self.copy(&open, *source)?,
            DataSource::Generated(bytes) => {
                at(sysio::file::write_all_at(&open.file, bytes, 0), "write", want, node)?;
            }
            DataSource::Whole if !open.scatter.is_complete() => {
                let digest = inode.digest().unwrap_or(want.digest());
                let problem = "it is shorter than the manifest says".to_owned();
                return Err(StoreError::DamagedObject { digest, problem }.into());
            }
            _ => {}
        }
        at(self.queue.settle(), "write", want, node)?;
        if !open.is_direct && inode.data_len() >= WRITE_BACK_LEN_MIN {
            sysio::file::start_write_back(&open.file);
        }
        if matches!(write.data, DataSource::Pages(_)) {
            at(sysio::file::set_len(&open.file, inode.size()), "set length of", want, node)?;
        }
        let before = prior_attributes(have, write.before);
        let set = inode::set_attributes(InodeRef::Open(&open.file), inode, before);
        at(set, "set attributes of", want, node)
    }

    fn open(&mut self, write: &FileWrite) -> Result<Open<'a>, PatchError> {
        let want = self.context.want;
        let inode = want.inode(write.index);
        let node = inode.first_node();
        let is_direct = matches!(write.data, DataSource::Whole)
            && inode.hole_bytes().is_empty()
            && inode.data_len() >= DIRECT_LEN_MIN;
        let dir = self.directories.at(want.parent(node))?;
        let open_as = |caching| dir.open_file_for_writing(want.name(node), caching);
        let (file, is_direct) = match is_direct.then(|| open_as(CacheMode::Direct)) {
            Some(Ok(file)) => (file, true),
            // Use the page cache: direct I/O is not wanted for this file, or the filesystem does not have it.
            _ => (at(open_as(CacheMode::Cached), "open", want, node)?, false),
        };
        if matches!(write.before, InodeOrigin::Have(_))
            && !matches!(write.data, DataSource::Pages(_))
        {
            at(sysio::file::set_len(&file, 0), "set length of", want, node)?;
        }
        // Make holes before data: XFS allocates ahead of a file's end, over later holes.
        if matches!(write.data, DataSource::Whole) && !inode.hole_bytes().is_empty() {
            at(sysio::file::set_len(&file, inode.size()), "set length of", want, node)?;
        }
        let scatter = Scatter::new(inode.size(), &inode.holes());
        Ok(Open { file: Arc::new(file), inode, scatter, is_direct })
    }

    /// Writes a data object after the data that the file has so far.
    fn put(&mut self, open: &mut Open<'_>, piece: &Piece) -> Result<(), PatchError> {
        let want = self.context.want;
        let node = open.inode.first_node();
        self.each_frame(open.inode, piece, |queue, buffer, len| {
            let next = open.scatter.next_extent();
            let written = match next {
                // Most files have no holes: write the buffer as it is.
                Some((offset, left)) if len as u64 <= left => {
                    open.scatter.skip(len as u64);
                    put_buffer(queue, open, offset, buffer, len)
                }
                _ => {
                    let written = open.scatter.place(&buffer[..len], |offset, part| {
                        sysio::file::write_all_at(&open.file, part, offset)
                    });
                    queue.give_back(buffer);
                    written
                }
            };
            at(written, "write", want, node)
        })
    }

    /// Writes those pages of a data object that differ from the file's pages.
    fn put_pages(&mut self, open: &Open<'_>, piece: &Piece) -> Result<(), PatchError> {
        let want = self.context.want;
        let node = open.inode.first_node();
        let mut scatter = Scatter::new(open.inode.size(), &open.inode.holes());
        scatter.skip(piece.offset);
        let mut there = vec![0; PIECE_LEN];
        self.each_frame(open.inode, piece, |queue, buffer, len| {
            let written = scatter.place(&buffer[..len], |offset, part| {
                let len = sysio::file::read_at(&open.file, &mut there[..part.len()], offset)?;
                differing_pages(part, &there[..len]).try_for_each(|(begin, pages)| {
                    sysio::file::write_all_at(&open.file, pages, offset + begin as u64)
                })
            });
            queue.give_back(buffer);
            at(written, "write", want, node)
        })
    }

    /// Calls `write` with each frame of a data object, in a buffer of the queue: decoded, or copied if the content is in
    /// memory.
    fn each_frame(
        &mut self,
        inode: Inode<'_>,
        piece: &Piece,
        mut write: impl FnMut(&mut IoQueue, Buffer, usize) -> Result<(), PatchError>,
    ) -> Result<(), PatchError> {
        let (want, node, place) = (self.context.want, inode.first_node(), &piece.place);
        let Self { queue, decoder, payload, .. } = self;
        let buffer = |queue: &mut IoQueue| at(queue.buffer(), "write", want, node);
        if let Some(content) = &piece.content {
            return content.chunks(PIECE_LEN).try_for_each(|part| {
                let mut buffer = buffer(queue)?;
                buffer[..part.len()].copy_from_slice(part);
                write(queue, buffer, part.len())
            });
        }
        let found =
            frames(payload, place.content_len).map_err(|e| damaged(place, e.to_string()))?;
        for frame in found {
            let mut buffer = buffer(queue)?;
            let content = &mut buffer[..frame.content_len];
            decoder.decode_frame(&frame, content).map_err(|e| damaged(place, e))?;
            write(queue, buffer, frame.content_len)?;
        }
        Ok(())
    }

    /// Copies the data of another file of the volume, and checks its hash on the way. On a filesystem that can share
    /// blocks, the two files share the blocks, and nothing is copied or checked.
    fn copy(&mut self, open: &Open<'_>, source: u32) -> Result<(), PatchError> {
        let want = self.context.want;
        let (inode, node) = (open.inode, open.inode.first_node());
        let from = want.inode(source).first_node();
        let dir = self.directories.at(want.parent(from))?;
        let source = at(dir.open_file(want.name(from)), "open", want, from)?;
        if at(sysio::file::share(&open.file, &source), "share blocks with", want, node)? {
            return Ok(());
        }
        at(sysio::file::set_len(&open.file, inode.size()), "set length of", want, node)?;
        let mut hasher = want.algorithm().hasher();
        let mut buffer = vec![0; PIECE_LEN];
        for (begin, len) in data_extents(inode.size(), &inode.holes()) {
            let mut offset = begin;
            while offset < begin + len {
                let part = PIECE_LEN.min((begin + len - offset) as usize);
                let read = sysio::file::read_exact_at(&source, &mut buffer[..part], offset);
                at(read, "read", want, from)?;
                hasher.update(&buffer[..part]);
                let written = sysio::file::write_all_at(&open.file, &buffer[..part], offset);
                at(written, "write", want, node)?;
                offset += part as u64;
            }
        }
        if inode.digest() == Some(hasher.finish()) {
            return Ok(());
        }
        Err(PatchError::DamagedFile(show_path(&want.path(from))))
    }
}

/// Writes a buffer. Even if the file bypasses the page cache, the part after the last whole page goes through the
/// cache.
fn put_buffer(
    queue: &mut IoQueue,
    open: &mut Open<'_>,
    offset: u64,
    buffer: Buffer,
    len: usize,
) -> std::io::Result<()> {
    if !open.is_direct {
        return queue.write(&open.file, offset, buffer, len);
    }
    let whole = if offset.is_multiple_of(PAGE_LEN) { len - len % PAGE_LEN as usize } else { 0 };
    if whole == len {
        return queue.write(&open.file, offset, buffer, len);
    }
    let tail = buffer[whole..len].to_vec();
    if whole > 0 {
        queue.write(&open.file, offset, buffer, whole)?;
    } else {
        queue.give_back(buffer);
    }
    // Waits for the writes under way, because they need the file to bypass the cache.
    queue.settle()?;
    sysio::file::set_caching(&open.file, CacheMode::Cached)?;
    open.is_direct = false;
    sysio::file::write_all_at(&open.file, &tail, offset + whole as u64)
}

/// Returns the offset and the wanted bytes of each run of pages in which `want` differs from `there`. `there` may be
/// shorter.
fn differing_pages<'a>(want: &'a [u8], there: &'a [u8]) -> impl Iterator<Item = (usize, &'a [u8])> {
    const PAGE: usize = PAGE_LEN as usize;
    let differs = |at: usize| {
        let end = want.len().min(at + PAGE);
        there.get(at..end) != Some(&want[at..end])
    };
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < want.len() && !differs(at) {
            at += PAGE;
        }
        let begin = at;
        while at < want.len() && differs(at) {
            at += PAGE;
        }
        (begin < want.len()).then(|| (begin, &want[begin..at.min(want.len())]))
    })
}

fn damaged(place: &DataPlace, problem: String) -> PatchError {
    StoreError::DamagedObject { digest: place.digest, problem }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_that_differ_are_written() {
        let there = vec![1; 5 * 4096];
        let runs = |want: &[u8], there: &[u8]| -> Vec<(usize, usize)> {
            differing_pages(want, there).map(|(begin, pages)| (begin, pages.len())).collect()
        };
        assert_eq!(runs(&there, &there), []);
        let mut want = there.clone();
        want[4096] = 2;
        want[3 * 4096 - 1] = 2;
        assert_eq!(runs(&want, &there), [(4096, 8192)]);
        want[4 * 4096 + 9] = 2;
        assert_eq!(runs(&want, &there), [(4096, 8192), (16384, 4096)]);
        // The file is still too short, and its last page is cut.
        assert_eq!(runs(&there[..10_000], &there[..9000]), [(8192, 1808)]);
        assert_eq!(runs(&there[..10_000], &[]), [(0, 10_000)]);
    }
}
