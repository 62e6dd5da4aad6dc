//! Open files that the kernel reads itself.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Weak};

use fuser::{BackingId, FileHandle};
use parking_lot::{Mutex, MutexGuard};

/// Open files. All openers of a file share one kernel backing id, which the last close releases.
#[derive(Debug, Default)]
pub(super) struct PassthroughFiles {
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    last_handle: u64,
    by_handle: HashMap<u64, (u64, Arc<BackingId>)>,
    by_inode: HashMap<u64, Weak<BackingId>>,
    /// Whether the kernel refused a file. After a refusal no other file is registered, so that no inode is read both by
    /// the kernel and through this process.
    is_refused: bool,
}

impl PassthroughFiles {
    fn opened(&self) -> MutexGuard<'_, Open> {
        self.open.lock()
    }

    /// Opens an inode and returns its handle. If the inode is not open yet, calls `register` to make it known to the
    /// kernel. Returns `None` if the kernel refuses this inode, or refused another one before.
    pub(super) fn open(
        &self,
        inode: u64,
        register: impl FnOnce() -> io::Result<BackingId>,
    ) -> Option<(FileHandle, Arc<BackingId>)> {
        let mut open = self.opened();
        let known = open.by_inode.get(&inode).and_then(Weak::upgrade);
        let id = match known {
            Some(id) => id,
            None if open.is_refused => return None,
            None => match register() {
                Ok(id) => Arc::new(id),
                Err(error) => {
                    tracing::info!(
                        "the kernel does not read cached files directly, this process does: {error}"
                    );
                    open.is_refused = true;
                    return None;
                }
            },
        };
        open.last_handle += 1;
        let handle = open.last_handle;
        open.by_inode.insert(inode, Arc::downgrade(&id));
        open.by_handle.insert(handle, (inode, Arc::clone(&id)));
        Some((FileHandle(handle), id))
    }

    /// Closes a handle; the last close of a file releases its backing id.
    pub(super) fn close(&self, handle: FileHandle) {
        let mut open = self.opened();
        let Some((inode, id)) = open.by_handle.remove(&handle.0) else { return };
        drop(id);
        if open.by_inode.get(&inode).is_some_and(|weak| weak.strong_count() == 0) {
            open.by_inode.remove(&inode);
        }
    }
}
