//! An io_uring for one thread, with many reads and writes of pieces of files in flight at once.
//!
//! The ring owns its registered buffers. While an operation is in flight the ring also holds the operation's file, so
//! the kernel never uses a freed buffer or a closed file. Operations are never cancelled: a dropped ring first waits
//! for all operations in flight. The ring is restricted to the two operations used here, and the kernel gets few worker
//! threads.

#![allow(unsafe_code, reason = "submitting to a ring")]

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::fd::AsRawFd;
use std::sync::Arc;

use io_uring::register::Restriction;
use io_uring::{IoUring, opcode, squeue, types};

use crate::buffer::{Ask, Buffer};

/// Limit on the kernel's worker threads for operations that block (buffered writes to ext4, holes in direct I/O). More
/// threads would contend for the same locks. *Source:* the project agave, and issue 830 of liburing.
const WORKERS_MAX: u32 = 4;

/// Count of reads that are collected before a submission, so that the block layer can merge adjacent reads.
const SUBMIT_COUNT: usize = 8;

/// An io_uring with its buffers; used by one thread.
#[derive(Debug)]
pub struct Ring {
    ring: Kernel,
    /// One slot for each registered buffer, with the same index. First come the slots for reads, then those for writes.
    /// So a read never waits for a write's buffer, and a write never waits for a read's buffer.
    slots: Vec<Slot>,
    /// Indices of the slots of reads whose answers have not been taken, in the order of asking.
    order: VecDeque<usize>,
    reads_max: usize,
    /// Count of operations that were pushed and are not completed.
    under_way: usize,
    /// Count of operations that were pushed and are not submitted to the kernel yet.
    unsubmitted: usize,
    /// The error of the first write that failed; `None` after a call has reported it.
    failure: Option<io::Error>,
}

/// A registered buffer and its state.
#[derive(Debug)]
enum Slot {
    /// Nobody uses the buffer.
    Free(Buffer),
    /// A caller has the buffer and fills it.
    Lent,
    /// The kernel uses the buffer.
    UnderWay { operation: Operation, buffer: Buffer },
    /// The read has ended; its caller has not taken the bytes yet.
    Done { result: io::Result<usize>, buffer: Buffer },
}

#[derive(Debug)]
struct Operation {
    file: Arc<File>,
    offset: u64,
    len: usize,
    /// Bytes that earlier, short operations have already transferred.
    done: usize,
    is_write: bool,
}

impl Ring {
    /// Makes a ring of `depth` buffers, at most `reads_max` of them for reads.
    pub(crate) fn new(depth: usize, reads_max: usize) -> io::Result<Self> {
        let entries = u32::try_from(depth.next_power_of_two()).map_err(io::Error::other)?;
        let ring = Kernel(
            IoUring::builder()
                .setup_single_issuer()
                .setup_defer_taskrun()
                .setup_r_disabled()
                .setup_submit_all()
                .build(entries)?,
        );
        let buffers = (0..depth).map(Buffer::new).collect::<io::Result<Vec<_>>>()?;
        ring.prepare(&buffers)?;
        Ok(Self {
            ring,
            slots: buffers.into_iter().map(Slot::Free).collect(),
            order: VecDeque::new(),
            reads_max: reads_max.min(depth),
            under_way: 0,
            unsubmitted: 0,
            failure: None,
        })
    }

    pub(crate) fn has_room(&self) -> bool {
        self.order.len() < self.reads_max
    }

    pub(crate) fn ask(&mut self, ask: Ask) -> io::Result<()> {
        let mut buffer = self.take_free(0..self.reads_max).expect("room for a read");
        let index = buffer.index;
        self.order.push_back(index);
        // Cached data needs no round trip through the ring.
        if let Some(len) = crate::file::read_cached(&ask.file, &mut buffer[..ask.len], ask.offset) {
            self.slots[index] = Slot::Done { result: Ok(len), buffer };
            return Ok(());
        }
        self.start(ask, buffer, false)?;
        if self.unsubmitted >= SUBMIT_COUNT || !self.has_room() {
            self.submit(0)?;
        }
        Ok(())
    }

    pub(crate) fn answer<T>(&mut self, take: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        let index = self.order.pop_front().expect("an answer to nothing");
        while matches!(self.slots[index], Slot::UnderWay { .. }) {
            self.submit(1)?;
        }
        match std::mem::replace(&mut self.slots[index], Slot::Lent) {
            Slot::Done { result, buffer } => {
                let taken = result.map(|len| take(&buffer[..len]));
                self.slots[index] = Slot::Free(buffer);
                taken
            }
            _ => unreachable!("a read that was asked for is under way or done"),
        }
    }

    pub(crate) fn buffer(&mut self) -> io::Result<Buffer> {
        loop {
            if let Some(error) = self.failure.take() {
                return Err(error);
            }
            if let Some(buffer) = self.take_free(self.reads_max..self.slots.len()) {
                return Ok(buffer);
            }
            if self.writes().next().is_none() {
                return Err(io::Error::other("the ring has no buffers for writes"));
            }
            self.submit(1)?;
        }
    }

    pub(crate) fn write(&mut self, ask: Ask, buffer: Buffer) -> io::Result<()> {
        self.start(ask, buffer, true)?;
        self.submit(0)?;
        self.failure.take().map_or(Ok(()), Err)
    }

    pub(crate) fn give_back(&mut self, buffer: Buffer) {
        let index = buffer.index;
        self.slots[index] = Slot::Free(buffer);
    }

    pub(crate) fn settle(&mut self) -> io::Result<()> {
        while self.writes().next().is_some() {
            self.submit(1)?;
        }
        self.failure.take().map_or(Ok(()), Err)
    }

    /// Returns the slots whose writes the kernel has not completed.
    fn writes(&self) -> impl Iterator<Item = &Slot> {
        self.slots[self.reads_max..].iter().filter(|slot| matches!(slot, Slot::UnderWay { .. }))
    }

    fn take_free(&mut self, mut among: Range<usize>) -> Option<Buffer> {
        let index = among.find(|index| matches!(self.slots[*index], Slot::Free(_)))?;
        match std::mem::replace(&mut self.slots[index], Slot::Lent) {
            Slot::Free(buffer) => Some(buffer),
            _ => None,
        }
    }

    fn start(&mut self, ask: Ask, buffer: Buffer, is_write: bool) -> io::Result<()> {
        let index = buffer.index;
        let operation =
            Operation { file: ask.file, offset: ask.offset, len: ask.len, done: 0, is_write };
        self.slots[index] = Slot::UnderWay { operation, buffer };
        self.push(index)
    }

    /// Pushes a slot's operation to the submission queue. After a short transfer, pushes the rest of the operation.
    fn push(&mut self, index: usize) -> io::Result<()> {
        if let Slot::UnderWay { operation, buffer } = &self.slots[index] {
            self.ring.push(operation, buffer)?;
            self.under_way += 1;
            self.unsubmitted += 1;
        }
        Ok(())
    }

    /// Submits the pushed operations, waits for `want` completions, and processes all completions that have arrived.
    fn submit(&mut self, want: usize) -> io::Result<()> {
        match self.ring.0.submit_and_wait(want.min(self.under_way)) {
            Ok(count) => self.unsubmitted = self.unsubmitted.saturating_sub(count),
            // The call was interrupted, or the kernel lacks resources now. Pushed operations stay in the queue.
            Err(error) if is_temporary(&error) => {}
            Err(error) => return Err(error),
        }
        let completed: Vec<(usize, i32)> = self
            .ring
            .0
            .completion()
            .map(|entry| (entry.user_data() as usize, entry.result()))
            .collect();
        completed.into_iter().try_for_each(|(index, result)| self.complete(index, result))
    }

    fn complete(&mut self, index: usize, result: i32) -> io::Result<()> {
        self.under_way -= 1;
        let slot = std::mem::replace(&mut self.slots[index], Slot::Lent);
        let Slot::UnderWay { mut operation, buffer } = slot else {
            unreachable!("a completion of what was not under way");
        };
        let ended = match usize::try_from(result) {
            Ok(0) if operation.is_write && operation.done < operation.len => {
                Some(Err(io::ErrorKind::WriteZero.into()))
            }
            Ok(len) => {
                operation.done += len;
                let is_end = operation.done == operation.len || len == 0;
                is_end.then_some(Ok(operation.done))
            }
            Err(_) => {
                let error = io::Error::from_raw_os_error(-result);
                (!is_temporary(&error)).then_some(Err(error))
            }
        };
        self.slots[index] = match ended {
            None => {
                self.slots[index] = Slot::UnderWay { operation, buffer };
                return self.push(index);
            }
            Some(result) if operation.is_write => {
                if let Err(error) = result {
                    self.failure.get_or_insert(error);
                }
                Slot::Free(buffer)
            }
            Some(result) => Slot::Done { result, buffer },
        };
        Ok(())
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        // The kernel may still write into buffers that are in flight.
        while self.under_way > 0 {
            if self.submit(1).is_err() {
                // The kernel cannot be waited for, so leak the buffers: the kernel may write to them at any time.
                self.slots.drain(..).for_each(std::mem::forget);
                return;
            }
        }
    }
}

/// The kernel's ring. This type exists to implement `Debug`.
struct Kernel(IoUring);

impl std::fmt::Debug for Kernel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kernel")
    }
}

impl Kernel {
    /// Registers buffers, restricts the ring to the operations used here, and starts the ring.
    fn prepare(&self, buffers: &[Buffer]) -> io::Result<()> {
        let submitter = self.0.submitter();
        let places: Vec<libc::iovec> = buffers
            .iter()
            .map(|buffer| libc::iovec {
                iov_base: buffer.map.as_ptr().cast_mut().cast(),
                iov_len: buffer.map.len(),
            })
            .collect();
        // JUSTIFICATION: there is no safe call that registers buffers.
        // SAFETY: each place is a separate mapping. The kernel pins its pages, so that even a
        // buffer that is unmapped early stays valid memory for the kernel.
        unsafe { submitter.register_buffers(&places) }?;
        submitter.register_iowq_max_workers(&mut [WORKERS_MAX, 1])?;
        let mut allowed = [
            Restriction::sqe_op(opcode::ReadFixed::CODE),
            Restriction::sqe_op(opcode::WriteFixed::CODE),
        ];
        submitter.register_restrictions(&mut allowed)?;
        submitter.register_enable_rings()
    }

    /// Pushes the part of an operation that is not done yet. The caller keeps the operation's file and buffer until the
    /// operation completes.
    fn push(&mut self, operation: &Operation, buffer: &Buffer) -> io::Result<()> {
        let entry = entry(operation, buffer);
        // JUSTIFICATION: io_uring's types do not track buffer lifetimes; the slots of this module do.
        // SAFETY: the slot holds buffer and file while the operation is in flight, and a dropped ring
        // waits for all operations in flight.
        match unsafe { self.0.submission().push(&entry) } {
            Ok(()) => Ok(()),
            // There are as many entries as buffers, so the queue is full only until the kernel takes the entries.
            Err(_) => {
                self.0.submit()?;
                // SAFETY: as above.
                unsafe { self.0.submission().push(&entry) }.map_err(io::Error::other)
            }
        }
    }
}

fn entry(operation: &Operation, buffer: &Buffer) -> squeue::Entry {
    let fd = types::Fd(operation.file.as_raw_fd());
    let place = buffer.map[operation.done..operation.len].as_ptr().cast_mut();
    // A piece is at most PIECE_LEN bytes, and a ring has far fewer than 2¹⁶ buffers.
    let (len, index) = ((operation.len - operation.done) as u32, buffer.index as u16);
    let offset = operation.offset + operation.done as u64;
    let entry = if operation.is_write {
        opcode::WriteFixed::new(fd, place, len, index).offset(offset).build()
    } else {
        opcode::ReadFixed::new(fd, place, len, index).offset(offset).build()
    };
    entry.user_data(buffer.index as u64)
}

fn is_temporary(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EINTR | libc::EAGAIN | libc::EBUSY))
}
