//! The places of a listener: how many clients may be connected at once, in all and from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;

/// The places of a listener. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    count_max: usize,
    of_one_address_max: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    count: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    address: IpAddr,
    taken: Arc<Mutex<Taken>>,
}

impl Places {
    pub(crate) fn new(count_max: usize, of_one_address_max: usize) -> Self {
        Self { count_max, of_one_address_max, taken: Arc::default() }
    }

    /// Takes a place for a client; `None` if all are taken, or all that its address may have.
    pub(crate) fn take(&self, address: IpAddr) -> Option<Place> {
        let mut taken = self.taken.lock();
        let of_address = taken.by_address.get(&address).copied().unwrap_or(0);
        if taken.count >= self.count_max || of_address >= self.of_one_address_max {
            return None;
        }
        taken.count += 1;
        taken.by_address.insert(address, of_address + 1);
        Some(Place { address, taken: Arc::clone(&self.taken) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock();
        taken.count -= 1;
        let left = taken.by_address.get_mut(&self.address).map(|count| {
            *count -= 1;
            *count
        });
        if left == Some(0) {
            taken.by_address.remove(&self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_share_of_the_places() {
        let places = Places::new(3, 2);
        let [one, two] = [[127, 0, 0, 1], [10, 0, 0, 1]].map(IpAddr::from);
        let held = [places.take(one).unwrap(), places.take(one).unwrap()];
        assert!(places.take(one).is_none());
        let other = places.take(two).unwrap();
        assert!(places.take(two).is_none(), "more than all places");
        drop(held);
        drop(other);
        assert!(places.taken.lock().by_address.is_empty());
        assert!(places.take(one).is_some());
    }
}
