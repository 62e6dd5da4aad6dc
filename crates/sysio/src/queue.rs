//! A queue for read-ahead and write-behind.
//!
//! A caller that moves many pieces of data announces its reads early, takes the answers in the same order, and hands
//! over its writes. [`IoQueue`] is the interface for such a caller. It uses either plain system calls or a ring
//! ([`crate::ring`]). With plain calls, a read happens when its answer is taken. With a ring, many operations are in
//! flight at once.
//!
//! A piece is at most [`PIECE_LEN`] bytes, in a page-aligned buffer, as direct I/O needs.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::sync::Arc;

use crate::buffer::Ask;
pub use crate::buffer::{Buffer, PIECE_LEN};
use crate::ring::Ring;

/// A queue for read-ahead and write-behind, used by one thread; see the module's documentation.
#[derive(Debug)]
pub enum IoQueue {
    /// Plain system calls: a read happens when its answer is taken, a write at once.
    Plain(Plain),
    /// A ring with many operations in flight at once.
    Ring(Box<Ring>),
}

/// State of a queue of plain system calls.
#[derive(Debug)]
pub struct Plain {
    asked: VecDeque<Ask>,
    buffer: Option<Buffer>,
}

/// Maximum number of announced reads in a queue of plain system calls. One suffices, because a read runs only when its
/// answer is taken.
const PLAIN_AHEAD: usize = 1;

impl IoQueue {
    /// Makes a queue of plain system calls, which works on every kernel.
    pub fn plain() -> Self {
        Self::Plain(Plain { asked: VecDeque::new(), buffer: None })
    }

    /// Makes a queue over a ring with up to `depth` pieces in flight. With `is_writing`, only half of the pieces are
    /// for reads.
    ///
    /// # Errors
    /// Errors of the kernel: `ENOSYS` or `EPERM` if rings are unavailable.
    pub fn ring(depth: usize, is_writing: bool) -> io::Result<Self> {
        Ok(Self::Ring(Box::new(Ring::new(depth, if is_writing { depth / 2 } else { depth })?)))
    }

    /// Returns whether [`IoQueue::ask`] accepts another read now.
    pub fn has_room(&self) -> bool {
        match self {
            Self::Plain(plain) => plain.asked.len() < PLAIN_AHEAD,
            Self::Ring(ring) => ring.has_room(),
        }
    }

    /// Announces a read of `len` bytes of a file, at most [`PIECE_LEN`].
    ///
    /// # Errors
    /// As `io_uring_enter(2)`; `InvalidInput` if the piece is too long or there is no room.
    /// Errors of the read itself come with its answer.
    pub fn ask(&mut self, file: &Arc<File>, offset: u64, len: usize) -> io::Result<()> {
        if len > PIECE_LEN || !self.has_room() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let ask = Ask { file: Arc::clone(file), offset, len };
        match self {
            Self::Plain(plain) => {
                plain.asked.push_back(ask);
                Ok(())
            }
            Self::Ring(ring) => ring.ask(ask),
        }
    }

    /// Waits for the earliest read whose answer has not been taken, and passes the bytes that it read to `take`. They
    /// are fewer than [`IoQueue::ask`] requested only at the end of the file.
    ///
    /// # Errors
    /// As `pread(2)`.
    ///
    /// # Panics
    /// If the answers of all announced reads have been taken.
    pub fn answer<T>(&mut self, take: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        match self {
            Self::Plain(plain) => {
                let ask = plain.asked.pop_front().expect("an answer to nothing");
                let mut buffer = plain.buffer()?;
                let len = crate::file::read_at(&ask.file, &mut buffer[..ask.len], ask.offset)?;
                let result = take(&buffer[..len]);
                plain.buffer = Some(buffer);
                Ok(result)
            }
            Self::Ring(ring) => ring.answer(take),
        }
    }

    /// Returns a buffer for a write. If all buffers are in use, waits until a write ends.
    ///
    /// # Errors
    /// The error of an earlier write.
    pub fn buffer(&mut self) -> io::Result<Buffer> {
        match self {
            Self::Plain(plain) => plain.buffer(),
            Self::Ring(ring) => ring.buffer(),
        }
    }

    /// Writes the first `len` bytes of a buffer at `offset`, now or later; [`IoQueue::settle`] waits for the end of the
    /// write.
    ///
    /// # Errors
    /// As `pwrite(2)`, for this write or an earlier one; `InvalidInput` if `len` is longer than the
    /// buffer.
    pub fn write(
        &mut self,
        file: &Arc<File>,
        offset: u64,
        buffer: Buffer,
        len: usize,
    ) -> io::Result<()> {
        if len > PIECE_LEN {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        match self {
            Self::Plain(plain) => {
                let result = crate::file::write_all_at(file, &buffer[..len], offset);
                plain.buffer = Some(buffer);
                result
            }
            Self::Ring(ring) => ring.write(Ask { file: Arc::clone(file), offset, len }, buffer),
        }
    }

    /// Takes back a buffer that [`IoQueue::buffer`] returned, if the caller does not write the buffer.
    pub fn give_back(&mut self, buffer: Buffer) {
        match self {
            Self::Plain(plain) => plain.buffer = Some(buffer),
            Self::Ring(ring) => ring.give_back(buffer),
        }
    }

    /// Waits until all writes have ended. The written bytes are not durable before a sync.
    ///
    /// # Errors
    /// The error of the first write that failed.
    pub fn settle(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(_) => Ok(()),
            Self::Ring(ring) => ring.settle(),
        }
    }
}

impl Plain {
    fn buffer(&mut self) -> io::Result<Buffer> {
        self.buffer.take().map_or_else(|| Buffer::new(0), Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queues() -> Vec<IoQueue> {
        let mut queues = vec![IoQueue::plain()];
        match IoQueue::ring(8, true) {
            Ok(ring) => queues.push(ring),
            Err(error) => eprintln!("SKIPPED: no ring: {error}"),
        }
        queues
    }

    fn pattern(len: usize) -> Vec<u8> {
        (0..len).map(|at| (at / 4096 + at % 251) as u8).collect()
    }

    #[test]
    fn answers_come_in_the_order_of_asking() {
        let content = pattern(3 * PIECE_LEN + 1000);
        let file = tempfile::tempfile().unwrap();
        crate::file::write_all_at(&file, &content, 0).unwrap();
        let file = Arc::new(file);
        for mut queue in queues() {
            let pieces: Vec<usize> = (0..content.len()).step_by(10_000).rev().collect();
            let (mut asked, mut answered) = (0, 0);
            while answered < pieces.len() {
                while asked < pieces.len() && queue.has_room() {
                    queue.ask(&file, pieces[asked] as u64, 10_000).unwrap();
                    asked += 1;
                }
                let begin = pieces[answered];
                let end = content.len().min(begin + 10_000);
                queue.answer(|bytes| assert!(bytes == &content[begin..end])).unwrap();
                answered += 1;
            }
        }
    }

    #[test]
    fn writes_are_there_once_settled_and_buffers_come_round() {
        for mut queue in queues() {
            let file = Arc::new(tempfile::tempfile().unwrap());
            let content = pattern(40 * PIECE_LEN);
            for (index, piece) in content.chunks(PIECE_LEN).enumerate() {
                let mut buffer = queue.buffer().unwrap();
                buffer.copy_from_slice(piece);
                queue.write(&file, (index * PIECE_LEN) as u64, buffer, PIECE_LEN).unwrap();
            }
            queue.settle().unwrap();
            let mut found = vec![0; content.len()];
            crate::file::read_exact_at(&file, &mut found, 0).unwrap();
            assert!(found == content);
        }
    }

    #[test]
    fn errors_are_those_of_the_file() {
        for mut queue in queues() {
            // A write to a file fails if the file is open for reading only. A read of a directory fails.
            let file = Arc::new(File::open("/proc/self/exe").unwrap());
            let buffer = queue.buffer().unwrap();
            let written = queue.write(&file, 0, buffer, 10).and_then(|()| queue.settle());
            assert_eq!(written.unwrap_err().raw_os_error(), Some(9));
            queue.settle().unwrap();
            let folder = Arc::new(File::open("/").unwrap());
            queue.ask(&folder, 0, 10).unwrap();
            assert_eq!(queue.answer(|_| ()).unwrap_err().raw_os_error(), Some(21));
            assert!(queue.buffer().is_ok());
        }
    }

    #[test]
    fn a_queue_may_be_dropped_with_work_under_way() {
        for mut queue in queues() {
            let file = Arc::new(tempfile::tempfile().unwrap());
            while queue.has_room() {
                queue.ask(&file, 0, PIECE_LEN).unwrap();
            }
            let buffer = queue.buffer().unwrap();
            queue.write(&file, 0, buffer, PIECE_LEN).unwrap();
        }
    }
}
