//! What a command does and says when it is interrupted.

use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long what is given back may take.
const END_WITHIN: Duration = Duration::from_secs(3);

type End = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What is done and said when the command is interrupted.
#[derive(Default)]
pub struct Interruption(Mutex<AtInterruption>);

#[derive(Default)]
struct AtInterruption {
    hint: Option<String>,
    end: Option<End>,
    has_begun: bool,
}

impl std::fmt::Debug for Interruption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Interruption").field("hint", &self.lock().hint).finish_non_exhaustive()
    }
}

impl Interruption {
    fn lock(&self) -> MutexGuard<'_, AtInterruption> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says from now on what to run to go on.
    pub fn say(&self, hint: String) {
        self.lock().hint = Some(hint);
    }

    /// Lets an interruption give something back, which ends with the guard.
    pub fn give_back(&self, end: impl Future<Output = ()> + Send + 'static) -> Held<'_> {
        self.lock().end = Some(Box::pin(end));
        Held(self)
    }

    /// Gives back what is held; returns what to run to go on, where more is known than the command tells.
    pub async fn end(&self) -> Option<String> {
        let end = {
            let mut at = self.lock();
            at.has_begun = true;
            at.end.take()
        };
        if let Some(end) = end {
            tokio::time::timeout(END_WITHIN, end).await.ok();
        }
        self.lock().hint.take()
    }

    /// Waits for the end of the process where it is being interrupted: what the work came to meanwhile, as for want of
    /// what was given back, is not what the command is to end with.
    pub fn wait_if_begun(&self) {
        while self.lock().has_begun {
            std::thread::park_timeout(END_WITHIN);
        }
    }
}

/// Something that an interruption gives back as long as this lives.
#[derive(Debug)]
pub struct Held<'a>(&'a Interruption);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.lock().end = None;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn what_is_held_is_given_back_once() {
        let (interruption, count) = (Interruption::default(), Arc::new(AtomicU32::new(0)));
        let end = |count: &Arc<AtomicU32>| {
            let count = Arc::clone(count);
            async move {
                count.fetch_add(1, Ordering::Relaxed);
            }
        };
        drop(interruption.give_back(end(&count)));
        assert_eq!((interruption.end().await, count.load(Ordering::Relaxed)), (None, 0));
        let held = interruption.give_back(end(&count));
        interruption.say("go on".to_owned());
        assert_eq!(interruption.end().await.as_deref(), Some("go on"));
        assert_eq!((interruption.end().await, count.load(Ordering::Relaxed)), (None, 1));
        drop(held);
    }
}
