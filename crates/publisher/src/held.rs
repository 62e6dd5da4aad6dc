//! Leases that a client holds, to be given back when the process is interrupted.

use std::pin::Pin;

use parking_lot::{Mutex, MutexGuard};

type GiveBack = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The lease held now: at most one, since a client publishes one stream at a time.
#[derive(Default)]
pub(crate) struct Holdings(Mutex<Option<GiveBack>>);

impl std::fmt::Debug for Holdings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Holdings").field(&self.lock().is_some()).finish()
    }
}

impl Holdings {
    fn lock(&self) -> MutexGuard<'_, Option<GiveBack>> {
        self.0.lock()
    }

    /// Registers the future that gives a lease back, for as long as the returned value lives.
    pub(crate) fn hold(
        &self,
        give_back: impl Future<Output = ()> + Send + 'static,
    ) -> Registration<'_> {
        *self.lock() = Some(Box::pin(give_back));
        Registration(self)
    }

    /// Gives the held lease back, if there is one.
    pub(crate) async fn give_back(&self) {
        let held = self.lock().take();
        if let Some(held) = held {
            held.await;
        }
    }
}

/// Keeps a lease registered; dropping it removes the registration.
#[derive(Debug)]
pub(crate) struct Registration<'a>(&'a Holdings);

impl Drop for Registration<'_> {
    fn drop(&mut self) {
        *self.0.lock() = None;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn what_is_held_is_given_back_once() {
        let (holdings, count) = (Holdings::default(), Arc::new(AtomicU32::new(0)));
        let give_back = |count: &Arc<AtomicU32>| {
            let count = Arc::clone(count);
            async move {
                count.fetch_add(1, Ordering::Relaxed);
            }
        };
        drop(holdings.hold(give_back(&count)));
        holdings.give_back().await;
        assert_eq!(count.load(Ordering::Relaxed), 0);
        let held = holdings.hold(give_back(&count));
        holdings.give_back().await;
        holdings.give_back().await;
        assert_eq!(count.load(Ordering::Relaxed), 1);
        drop(held);
    }
}
