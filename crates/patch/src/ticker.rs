//! Shows the progress of work while it runs.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Interval between two calls that show progress.
const EVERY: Duration = Duration::from_millis(200);

/// Does work, and calls `show` from another thread every [`EVERY`] until the work ends.
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
