//! Coordinates readers that load things at the same time. Only one reader loads a given thing, and only a limited
//! number of things are loaded at once.

use std::collections::HashSet;

use parking_lot::{Condvar, Mutex};
use wire::digest::Digest;

/// Things being loaded, by digest. A reader waits while another reader loads the same thing, or while `count_max`
/// things are being loaded.
#[derive(Debug)]
pub struct Claims {
    count_max: usize,
    claimed: Mutex<HashSet<Digest>>,
    ended: Condvar,
}

/// The right to load one thing, released on drop.
#[derive(Debug)]
pub struct Claim<'a> {
    claims: &'a Claims,
    digest: Digest,
}

impl Claims {
    /// Begins without claims. At most `count_max` claims exist at once.
    pub fn new(count_max: usize) -> Self {
        Self { count_max, claimed: Mutex::default(), ended: Condvar::new() }
    }

    /// Waits until nobody loads this thing and fewer than `count_max` things are being loaded. Then claims the thing.
    /// The caller must then check again whether another reader has loaded the thing.
    pub fn claim(&self, digest: &Digest) -> Claim<'_> {
        let mut claimed = self.claimed.lock();
        while claimed.contains(digest) || claimed.len() >= self.count_max {
            self.ended.wait(&mut claimed);
        }
        claimed.insert(*digest);
        Claim { claims: self, digest: *digest }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.claims.claimed.lock().remove(&self.digest);
        self.claims.ended.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use wire::digest::Algorithm;

    #[test]
    fn each_is_claimed_once_and_so_many_at_most() {
        let claims = Claims::new(3);
        let digests: Vec<_> = (0..5u8).map(|n| Algorithm::Sha256.digest(&[n])).collect();
        let (all, each) = (AtomicUsize::new(0), [const { AtomicUsize::new(0) }; 5]);
        std::thread::scope(|scope| {
            for first in 0..5 {
                let (claims, digests, all, each) = (&claims, &digests, &all, &each);
                scope.spawn(move || {
                    for which in (0..500).map(|n| (first + n) % 5) {
                        let claim = claims.claim(&digests[which]);
                        assert!(all.fetch_add(1, Ordering::SeqCst) < 3);
                        assert_eq!(each[which].fetch_add(1, Ordering::SeqCst), 0);
                        std::thread::yield_now();
                        each[which].fetch_sub(1, Ordering::SeqCst);
                        all.fetch_sub(1, Ordering::SeqCst);
                        drop(claim);
                    }
                });
            }
        });
        assert!(claims.claimed.lock().is_empty());
    }
}
