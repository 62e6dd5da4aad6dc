//! Threads that share out tasks, and stop at the first error.

use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use crate::PatchError;

/// Carries out tasks on up to `threads` threads, and returns the first error. Each thread makes a worker for itself,
/// then takes one task after another.
pub(crate) fn run<T: Sync, W>(
    threads: usize,
    tasks: &[T],
    worker: impl Fn() -> Result<W, PatchError> + Sync,
    perform: impl Fn(&mut W, &T) -> Result<(), PatchError> + Sync,
) -> Result<(), PatchError> {
    let next = AtomicUsize::new(0);
    let failure: Mutex<Option<PatchError>> = Mutex::new(None);
    let body = || -> Result<(), PatchError> {
        let Some(mut task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) else {
            return Ok(());
        };
        let mut worker = worker()?;
        loop {
            perform(&mut worker, task)?;
            match tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                Some(next) => task = next,
                None => return Ok(()),
            }
        }
    };
    let guarded = || {
        if let Err(error) = body() {
            // Keeps the other threads from taking more tasks.
            next.store(tasks.len(), Ordering::Relaxed);
            failure.lock().get_or_insert(error);
        }
    };
    let threads = threads.min(tasks.len());
    if threads <= 1 {
        guarded();
    } else {
        std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(guarded))));
    }
    failure.into_inner().map_or(Ok(()), Err)
}
