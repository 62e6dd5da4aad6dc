//! A cache for values that are costly to count.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// Time for which a value counts as current.
pub const AGE_MAX: Duration = Duration::from_secs(1);

/// The last value and its time; empty until the first [`Cached::get`].
#[derive(Debug)]
pub struct Cached<T> {
    last: Mutex<Option<(Instant, Arc<T>)>>,
}

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self { last: Mutex::new(None) }
    }
}

impl<T> Cached<T> {
    /// Returns the cached value, or takes a new one if it is older than [`AGE_MAX`]. Concurrent callers wait, and one
    /// of them takes the value for all.
    ///
    /// # Errors
    /// Errors of `take`, which are not cached.
    pub fn get<E>(&self, take: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let mut last = self.last.lock();
        if let Some((taken, value)) = &*last
            && taken.elapsed() < AGE_MAX
        {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(take()?);
        *last = Some((Instant::now(), Arc::clone(&value)));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_counted_once_and_an_error_is_not_kept() {
        let cached = Cached::default();
        assert_eq!(cached.get(|| Err::<u32, _>("away")), Err("away"));
        assert_eq!(cached.get(|| Ok::<_, &str>(7)).as_deref(), Ok(&7));
        assert_eq!(cached.get(|| Ok::<_, &str>(8)).as_deref(), Ok(&7));
    }
}
