//! Files that may be replaced while a daemon runs, such as certificates and the policy.
//!
//! ```text
//! files ──looked at every few seconds, and at SIGHUP──▶ changed? load ──▶ good: everybody sees the new value
//!                                                                  └────▶ bad: logged, and the old value stays
//! ```

use std::fmt::Display;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Interval at which files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// A value that was loaded from files, and that changes when the files do. Clones see the same value.
#[derive(Debug)]
pub struct Current<T> {
    value: watch::Receiver<Arc<T>>,
}

impl<T> Clone for Current<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone() }
    }
}

impl<T> Current<T> {
    /// Wraps a value that never changes.
    pub fn fixed(value: T) -> Self {
        Self { value: watch::channel(Arc::new(value)).1 }
    }

    /// Returns the value as it is now.
    pub fn now(&self) -> Arc<T> {
        Arc::clone(&self.value.borrow())
    }

    /// Waits until a condition holds for the value; for ever if the value can no longer change.
    pub async fn until(&self, mut holds: impl FnMut(&T) -> bool) {
        let mut value = self.value.clone();
        if value.wait_for(|value| holds(value)).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl<T: Send + Sync + 'static> Current<T> {
    /// Loads a value, and loads it again whenever one of its files changes, for as long as a clone exists. A set of files
    /// that cannot be loaded, such as a certificate without its key yet, is logged and leaves the value as it is. Must be
    /// called within a tokio runtime.
    ///
    /// # Errors
    /// That of loading for the first time.
    pub fn follow<E: Display + Send + 'static>(
        files: Vec<PathBuf>,
        load: impl Fn() -> Result<T, E> + Send + 'static,
    ) -> Result<Self, E> {
        let seen = look(&files);
        let (sender, value) = watch::channel(Arc::new(load()?));
        tokio::spawn(reload(sender, files, seen, load));
        Ok(Self { value })
    }
}

/// What shows that a file was replaced or written: device, inode, size, and times of change with nanoseconds.
type Look = Option<[i64; 7]>;

fn look(files: &[PathBuf]) -> Vec<Look> {
    let one = |path: &PathBuf| {
        let found = std::fs::metadata(path).ok()?;
        let [device, inode, size] = [found.dev(), found.ino(), found.size()].map(u64::cast_signed);
        let (mtime, ctime) = (found.mtime(), found.ctime());
        Some([device, inode, size, mtime, found.mtime_nsec(), ctime, found.ctime_nsec()])
    };
    files.iter().map(one).collect()
}

async fn reload<T, E>(
    sender: watch::Sender<Arc<T>>,
    files: Vec<PathBuf>,
    mut seen: Vec<Look>,
    load: impl Fn() -> Result<T, E> + Send + 'static,
) where
    T: Send + Sync + 'static,
    E: Display + Send + 'static,
{
    let mut hangups = signal(SignalKind::hangup()).ok();
    let hangup = async |hangups: &mut Option<tokio::signal::unix::Signal>| match hangups {
        Some(hangups) => drop(hangups.recv().await),
        None => std::future::pending().await,
    };
    let mut told = String::new();
    loop {
        let is_asked = tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => false,
            () = hangup(&mut hangups) => true,
            () = sender.closed() => return,
        };
        // The files are looked at before they are read: what changes in between is read again the next time.
        let now = look(&files);
        if now == seen && !is_asked {
            continue;
        }
        let names = files.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
        match load() {
            Ok(value) => {
                tracing::info!("took new files: {}", names.join(", "));
                sender.send_replace(Arc::new(value));
                (seen, told) = (now, String::new());
            }
            // Tried again until it succeeds: the reason may pass by itself. Told once.
            Err(error) => {
                let problem = error.to_string();
                if problem != told || is_asked {
                    tracing::error!("went on with the files as they were before: {problem}");
                }
                told = problem;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests use files freely")]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn good_files_are_taken_and_bad_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("number");
        std::fs::write(&path, "1").unwrap();
        let file = path.clone();
        let load = move || {
            std::fs::read_to_string(&file)
                .map_err(|error| error.to_string())
                .and_then(|text| text.parse::<u32>().map_err(|error| error.to_string()))
        };
        let number = Current::follow(vec![path.clone()], load).unwrap();
        let clone = number.clone();
        assert_eq!(*number.now(), 1);
        std::fs::write(&path, "many").unwrap();
        tokio::time::sleep(2 * LOOK_EVERY).await;
        assert_eq!(*number.now(), 1);
        std::fs::write(&path, "20").unwrap();
        clone.until(|number| *number == 20).await;
        assert_eq!(*number.now(), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn a_fixed_value_is_waited_for_in_vain() {
        let number = Current::fixed(1);
        number.until(|number| *number == 1).await;
        let waited = tokio::time::timeout(LOOK_EVERY, number.until(|number| *number == 2)).await;
        waited.unwrap_err();
    }
}
