//! Positioned reads and writes that finish what they started, and a file's holes.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use rustix::fs::{Advice, SeekFrom};
use rustix::io::Errno;

/// Reads up to `buffer.len()` bytes at an offset and returns how many there were before the end.
///
/// # Errors
/// As `pread(2)`.
pub fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match file.read_at(&mut buffer[done..], offset + done as u64) {
            Ok(0) => break,
            Ok(len) => done += len,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// Reads exactly `buffer.len()` bytes at an offset.
///
/// # Errors
/// As `pread(2)`; `UnexpectedEof` where the file ends too early.
pub fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    file.read_exact_at(buffer, offset)
}

/// Writes all bytes at an offset.
///
/// # Errors
/// As `pwrite(2)`.
pub fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    file.write_all_at(bytes, offset)
}

/// Returns the holes of a file of `size` bytes as (offset, length), as the filesystem reports
/// them. Filesystems that know no holes report none.
///
/// # Errors
/// As `lseek(2)`.
pub fn holes(file: &File, size: u64) -> io::Result<Vec<(u64, u64)>> {
    let mut holes = Vec::new();
    let mut position = 0;
    while position < size {
        let begin = match rustix::fs::seek(file, SeekFrom::Hole(position)) {
            Err(Errno::NXIO | Errno::INVAL) => break,
            other => other?,
        };
        if begin >= size {
            break;
        }
        let end = match rustix::fs::seek(file, SeekFrom::Data(begin)) {
            Err(Errno::NXIO) => size,
            other => other?.min(size),
        };
        holes.push((begin, end - begin));
        position = end;
    }
    Ok(holes)
}

/// Tells the kernel that a file will be read from start to end; a hint, so errors do not matter.
pub fn advise_sequential(file: &File) {
    rustix::fs::fadvise(file, 0, None, Advice::Sequential).ok();
}

/// Asks the kernel to start reading a range, or does nothing where it cannot.
pub fn advise_will_need(file: &File, offset: u64, len: u64) {
    rustix::fs::fadvise(file, offset, std::num::NonZeroU64::new(len), Advice::WillNeed).ok();
}

/// Forgets what is cached of a file and is written already; a hint, so errors do not matter.
pub fn drop_cache(file: &File) {
    rustix::fs::fadvise(file, 0, None, Advice::DontNeed).ok();
}

/// Makes a file's content durable.
///
/// # Errors
/// As `fsync(2)`. Never retry: the pages may be gone.
pub fn sync(file: &File) -> io::Result<()> {
    Ok(rustix::fs::fsync(file)?)
}

/// Sets a file's length; new bytes are a hole.
///
/// # Errors
/// As `ftruncate(2)`.
pub fn set_len(file: &File, len: u64) -> io::Result<()> {
    Ok(rustix::fs::ftruncate(file, len)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_found_between_data() {
        // tmpfs and every disk filesystem in use here report holes by the page.
        let file = tempfile::tempfile().unwrap();
        set_len(&file, 1 << 20).unwrap();
        write_all_at(&file, &[1; 4096], 65536).unwrap();
        sync(&file).unwrap();
        assert_eq!(holes(&file, 1 << 20).unwrap(), [(0, 65536), (69632, (1 << 20) - 69632)]);
        assert_eq!(holes(&file, 0).unwrap(), []);
    }
}
