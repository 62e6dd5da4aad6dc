//! Showing how far work is while it runs.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How often progress is shown.
const EVERY: Duration = Duration::from_millis(200);

/// Does work, and calls `show` now and then from another thread until the work ends.
pub(crate) fn with_ticker<T>(show: impl Fn() + Send, work: impl FnOnce() -> T) -> T {
    let (done, finished) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while finished.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                show();
            }
        });
        let result = work();
        drop(done);
        result
    })
}
