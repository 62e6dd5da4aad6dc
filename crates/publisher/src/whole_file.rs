//! Files that appear whole under their name, or not at all.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::error::{PublishError, Result};

/// Mode of the files: everybody who may enter the folder can read them, like any file that a command writes.
const PERMISSIONS: u32 = 0o644;

/// A file that is being written in its final folder. Dropping this value deletes the file, unless [`Self::put`] named
/// it. The file has a temporary name, because some filesystems do not support unnamed files.
#[derive(Debug)]
pub struct WholeFile(tempfile::NamedTempFile);

impl WholeFile {
    /// Starts a file in a folder.
    ///
    /// # Errors
    /// [`Reason::Io`](crate::Reason::Io).
    pub fn begin(folder: &Path) -> Result<Self> {
        let file = tempfile::NamedTempFile::new_in(folder);
        let doing = || format!("create a file in {}", folder.display());
        Ok(Self(file.map_err(PublishError::io(doing()))?))
    }

    /// Starts a file in the folder of its final path.
    ///
    /// # Errors
    /// [`Reason::Io`](crate::Reason::Io).
    pub fn beside(path: &Path) -> Result<Self> {
        Self::begin(folder_of(path))
    }

    /// Returns the file, open for writing.
    pub fn file(&self) -> &File {
        self.0.as_file()
    }

    /// Returns the temporary path, which the file has until [`Self::put`].
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Gives the file its final name, replacing any file there.
    ///
    /// # Durability
    /// Once this returns, content and name survive a crash.
    ///
    /// # Errors
    /// [`Reason::Io`](crate::Reason::Io). A file that already had the name is then unchanged; if only the sync of the
    /// folder failed, it has been replaced.
    pub fn put(self, path: &Path) -> Result<()> {
        let failed = || PublishError::io(format!("write {}", path.display()));
        self.file().sync_all().map_err(failed())?;
        let permissions = std::fs::Permissions::from_mode(PERMISSIONS);
        self.file().set_permissions(permissions).map_err(failed())?;
        self.0.persist(path).map_err(|error| error.error).map_err(failed())?;
        File::open(folder_of(path)).and_then(|folder| folder.sync_all()).map_err(failed())
    }
}

/// Writes a small file so that it appears whole. Follows a link. Anything but a regular file, such as `/dev/stdout`, is
/// not replaced but written to.
///
/// # Errors
/// [`Reason::Io`](crate::Reason::Io).
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let failed = || PublishError::io(format!("write {}", path.display()));
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let file = File::options().write(true).open(path);
        return file.and_then(|mut file| file.write_all(bytes)).map_err(failed());
    }
    let file = WholeFile::beside(path)?;
    file.file().write_all(bytes).map_err(failed())?;
    file.put(path)
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests use files freely")]
mod tests {
    use super::*;

    #[test]
    fn files_alone_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("file"), "old").unwrap();
        std::os::unix::fs::symlink(at("file"), at("link")).unwrap();
        write(&at("link"), b"new").unwrap();
        assert!(std::fs::symlink_metadata(at("link")).unwrap().is_symlink());
        assert_eq!(std::fs::read(at("file")).unwrap(), b"new");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            at("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )
        .unwrap();
        let (pipe, path) = (at("pipe"), at("pipe"));
        let reader = std::thread::spawn(move || std::fs::read(pipe).unwrap());
        write(&path, b"told").unwrap();
        assert_eq!(reader.join().unwrap(), b"told");
        assert!(!std::fs::metadata(path).unwrap().is_file());
    }
}
