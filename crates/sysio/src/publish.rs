//! Durable publish: the only way in which a file of ours becomes visible.
//!
//! A file is written without a name, made durable, and only then linked into place; finally the folder is made durable.
//! A process that sees the name sees the whole content, before and after a crash.
//!
//! ```text
//! 1 write to an unnamed file      a crash here leaves nothing
//! 2 fsync the file                if this came after 3, a crash could leave a name with no content
//! 3 link or rename to its name    readers see it from here on
//! 4 fsync the folder              the name survives a power loss once this returned
//! ```

use std::fs::File;
use std::io;

use rustix::io::Errno;

use crate::dir::Dir;
use crate::file;

/// Published files, but secrets, are read-only for all users. Root needs no permission bits.
const PERMISSIONS: u32 = 0o444;
/// Permissions of a published secret.
const SECRET_PERMISSIONS: u32 = 0o400;

/// A file in progress, without a name. Its content is gone if this value is dropped.
#[derive(Debug)]
pub struct StagedFile {
    file: File,
}

impl StagedFile {
    /// Creates an unnamed file in `folder`'s filesystem.
    ///
    /// # Errors
    /// As `openat(2)` with `O_TMPFILE`.
    pub fn begin(folder: &Dir) -> io::Result<Self> {
        Ok(Self { file: folder.create_unnamed(PERMISSIONS)? })
    }

    /// Returns the open file, so that the caller can write its content.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Asks the kernel to begin writing a range to the device, so that the final sync is short.
    pub fn start_write_back(&self, offset: u64, len: u64) {
        // fadvise(DONTNEED) starts write-back of the range's dirty pages and drops its clean ones. It is a
        // hint, so errors are ignored. (file::start_write_back would keep the clean pages.)
        let len = std::num::NonZeroU64::new(len);
        rustix::fs::fadvise(&self.file, offset, len, rustix::fs::Advice::DontNeed).ok();
    }

    /// Publishes the file under a new name in `folder`.
    ///
    /// # Durability
    /// Content and name survive a power loss once this returned.
    ///
    /// # Errors
    /// `AlreadyExists` if the name is taken; errors of the syncs, which must not be retried.
    pub fn publish(&self, folder: &Dir, name: &[u8]) -> io::Result<()> {
        file::sync(&self.file)?;
        folder.link_unnamed(&self.file, name)?;
        folder.sync()
    }

    /// Publishes the file under a name in `folder`, and replaces the file of that name, if any.
    ///
    /// # Durability
    /// A crash leaves the old or the new file. The new one survives once this returned.
    ///
    /// # Errors
    /// As [`replace`].
    pub fn publish_over(&self, folder: &Dir, name: &[u8]) -> io::Result<()> {
        file::sync(&self.file)?;
        let mut temporary = name.to_vec();
        temporary.extend_from_slice(b".new");
        match folder.remove(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        folder.link_unnamed(&self.file, &temporary)?;
        folder.rename(name, folder, &temporary)?;
        folder.sync()
    }

    /// Returns the file itself, which outlives its staging.
    pub fn into_file(self) -> File {
        self.file
    }
}

/// Publishes bytes under a name and replaces the file of that name, if any.
///
/// # Durability
/// A crash leaves the old or the new content, never a mixture. The new content survives once this returned.
///
/// # Errors
/// Errors of any step. After an error, the old content is still in place, with one exception: if only the final sync of
/// the folder failed, readers see the new content, but a crash can bring back the old one.
pub fn replace(folder: &Dir, name: &[u8], bytes: &[u8]) -> io::Result<()> {
    put(folder, name, bytes, &StagedFile::begin(folder)?)
}

/// Like [`replace`], but only the owner can read the file.
///
/// # Errors
/// As [`replace`].
pub fn replace_secret(folder: &Dir, name: &[u8], bytes: &[u8]) -> io::Result<()> {
    put(folder, name, bytes, &StagedFile { file: folder.create_unnamed(SECRET_PERMISSIONS)? })
}

fn put(folder: &Dir, name: &[u8], bytes: &[u8], staged: &StagedFile) -> io::Result<()> {
    file::write_all_at(staged.file(), bytes, 0)?;
    staged.publish_over(folder, name)
}

/// Removes a name durably; a missing name is no error.
///
/// # Errors
/// As `unlinkat(2)` and `fsync(2)`.
pub fn remove(folder: &Dir, name: &[u8]) -> io::Result<()> {
    match folder.remove(name) {
        Err(error) if error.raw_os_error() == Some(Errno::NOENT.raw_os_error()) => Ok(()),
        other => {
            other?;
            folder.sync()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_staged_file_is_invisible_until_published() {
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::open(folder.path()).unwrap();
        let staged = StagedFile::begin(&dir).unwrap();
        file::write_all_at(staged.file(), b"content", 0).unwrap();
        assert_eq!(dir.names().unwrap().len(), 0);
        staged.publish(&dir, b"name").unwrap();
        assert_eq!(std::fs::read(folder.path().join("name")).unwrap(), b"content");
        let again = StagedFile::begin(&dir).unwrap().publish(&dir, b"name");
        assert_eq!(again.unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn replace_and_remove() {
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::open(folder.path()).unwrap();
        for content in ["one", "two"] {
            replace(&dir, b"name", content.as_bytes()).unwrap();
            assert_eq!(std::fs::read_to_string(folder.path().join("name")).unwrap(), content);
        }
        assert_eq!(dir.names().unwrap().len(), 1);
        remove(&dir, b"name").unwrap();
        remove(&dir, b"name").unwrap();
    }
}
