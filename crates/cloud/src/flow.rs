//! Places for blocks in flight. A block needs one place in its target's set and one in the shared set; a window sets
//! the number of places of each set.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::window::{Bounds, Latency, Window};

/// A resizable set of places; waiters are served in order.
#[derive(Debug)]
struct Places {
    free: Arc<Semaphore>,
    /// Number of places, free and taken.
    count: usize,
    /// Number of taken places that are discarded when they come back, because the set has shrunk.
    surplus: usize,
}

impl Places {
    fn new(count: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(count)), count, surplus: 0 }
    }

    fn under_way(&self) -> usize {
        (self.count + self.surplus).saturating_sub(self.free.available_permits())
    }

    fn resize(&mut self, count: usize) {
        if count >= self.count {
            let more = count - self.count;
            let kept = more.min(self.surplus);
            self.surplus -= kept;
            self.free.add_permits(more - kept);
        } else {
            let fewer = self.count - count;
            self.surplus += fewer - self.free.forget_permits(fewer);
        }
        self.count = count;
    }

    fn give_back(&mut self, place: OwnedSemaphorePermit) {
        match self.surplus.checked_sub(1) {
            Some(surplus) => {
                self.surplus = surplus;
                place.forget();
            }
            None => drop(place),
        }
    }
}

/// A window and its places. The number of places follows the size of the window.
#[derive(Debug)]
struct WindowPlaces {
    window: Window,
    places: Places,
    /// Time of the last response; `None` before the first.
    heard: Option<Instant>,
}

impl WindowPlaces {
    fn new(bounds: Bounds) -> Self {
        let window = Window::new(bounds);
        let places = Places::new(window.size());
        Self { window, places, heard: None }
    }

    fn answered(&mut self, slowness: f64, now: Instant) {
        self.window.answered(slowness, self.places.under_way().saturating_sub(1));
        self.places.resize(self.window.size());
        self.heard = Some(now);
    }

    fn timed_out(&mut self, begun: Instant, now: Instant) {
        self.window.timed_out(begun, now);
        self.places.resize(self.window.size());
    }

    /// Returns whether no response came since `begun`.
    fn is_silent_since(&self, begun: Instant) -> bool {
        self.heard.is_none_or(|heard| heard < begun)
    }
}

#[derive(Debug)]
struct TargetWindow {
    way: WindowPlaces,
    latency: Latency,
}

/// The window that all targets share, and the bounds of each target's own window.
///
/// # Locking
/// The lock of a target's window and the lock of the shared window are never held together.
#[derive(Clone, Debug)]
pub struct Flow {
    all: Arc<Mutex<WindowPlaces>>,
    of_one: Bounds,
}

/// One target's access to the flow: its own window, and the shared one.
#[derive(Clone, Debug)]
pub struct Lane {
    all: Arc<Mutex<WindowPlaces>>,
    own: Arc<Mutex<TargetWindow>>,
}

/// An attempt in flight, which holds a place in its target's window and in the shared one. If it is dropped without
/// [`Self::answered`] or [`Self::timed_out`], the windows keep their sizes: a quick error says nothing about the link.
#[derive(Debug)]
pub struct UnderWay {
    lane: Lane,
    begun: Instant,
    deadline: Duration,
    places: Option<(OwnedSemaphorePermit, OwnedSemaphorePermit)>,
}

impl Flow {
    /// Makes a flow with the bounds of the shared window and of each target's window.
    pub fn new(all: Bounds, of_one: Bounds) -> Self {
        Self { all: Arc::new(Mutex::new(WindowPlaces::new(all))), of_one }
    }

    /// Makes the lane of one target, with a new window.
    pub fn lane(&self) -> Lane {
        let own = TargetWindow { way: WindowPlaces::new(self.of_one), latency: Latency::default() };
        Lane { all: Arc::clone(&self.all), own: Arc::new(Mutex::new(own)) }
    }
}

impl Lane {
    /// Waits for a place in the target's window, and then for one in the shared window. Returns `None` only if a set of
    /// places is closed, which no code does.
    ///
    /// # Cancel safety
    /// Dropping the future loses the turn among the waiters, and nothing else.
    pub async fn enter(&self) -> Option<UnderWay> {
        let own = Arc::clone(&self.own.lock().way.places.free);
        let all = Arc::clone(&self.all.lock().places.free);
        let places = (own.acquire_owned().await.ok()?, all.acquire_owned().await.ok()?);
        let deadline = self.own.lock().latency.deadline();
        let (lane, begun) = (self.clone(), Instant::now());
        Some(UnderWay { lane, begun, deadline, places: Some(places) })
    }

    /// Returns the present sizes of the windows: of this target, and of all targets together.
    pub fn sizes(&self) -> (usize, usize) {
        (self.own.lock().way.window.size(), self.all.lock().window.size())
    }
}

impl UnderWay {
    /// Returns the time limit of the attempt, from this lane's latency.
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Restarts the clock, so that preparation before the request does not count as latency.
    pub fn begin(&mut self) {
        self.begun = Instant::now();
    }

    /// Reports a response: the windows may grow, and the places become free.
    pub fn answered(self) {
        let now = Instant::now();
        let slowness = {
            let mut own = self.lane.own.lock();
            let was_alone = own.way.window.size() == 1;
            let slowness = own.latency.answered(now.duration_since(self.begun), was_alone);
            own.way.answered(slowness, now);
            slowness
        };
        self.lane.all.lock().answered(slowness, now);
    }

    /// Reports a timeout: narrows the target's window, and the shared one only if other responses are slow or missing,
    /// too.
    pub fn timed_out(self) {
        let now = Instant::now();
        {
            let mut own = self.lane.own.lock();
            own.latency.timed_out(self.deadline);
            own.way.timed_out(self.begun, now);
        }
        let mut all = self.lane.all.lock();
        if all.is_silent_since(self.begun) || !all.window.is_flat() {
            all.timed_out(self.begun, now);
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some((own, all)) = self.places.take() {
            self.lane.own.lock().way.places.give_back(own);
            self.lane.all.lock().places.give_back(all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Bounds = Bounds { first: 4, max: 6 };
    const ONE: Bounds = Bounds { first: 4, max: 4 };

    fn taken(lane: &Lane) -> usize {
        lane.all.lock().places.under_way()
    }

    #[tokio::test]
    async fn all_together_never_exceed_their_bound() {
        let flow = Flow::new(ALL, ONE);
        let lanes = [flow.lane(), flow.lane(), flow.lane()];
        let most = Arc::new(Mutex::new(0));
        let mut work = tokio::task::JoinSet::new();
        for number in 0..300 {
            let (lane, most) = (lanes[number % 3].clone(), Arc::clone(&most));
            work.spawn(async move {
                let mut place = lane.enter().await.unwrap();
                place.begin();
                let now = taken(&lane);
                {
                    let mut most = most.lock();
                    *most = now.max(*most);
                }
                tokio::task::yield_now().await;
                match number % 50 {
                    7 => place.timed_out(),
                    9 => drop(place),
                    _ => place.answered(),
                }
            });
        }
        while let Some(done) = work.join_next().await {
            done.unwrap();
        }
        assert!((2..=ALL.max).contains(&*most.lock()), "{most:?}");
        assert!(lanes.iter().all(|lane| lane.own.lock().way.places.under_way() == 0));
        assert_eq!(taken(&lanes[0]), 0);
    }

    #[tokio::test]
    async fn places_that_are_too_many_go_when_they_come_back() {
        let mut places = Places::new(4);
        let mut taken = Vec::new();
        for _ in 0..4 {
            taken.push(Arc::clone(&places.free).acquire_owned().await.unwrap());
        }
        places.resize(2);
        assert_eq!((places.under_way(), places.free.available_permits()), (4, 0));
        for (place, under_way) in taken.into_iter().zip([3, 2, 1, 0]) {
            places.give_back(place);
            assert_eq!(places.under_way(), under_way);
        }
        assert_eq!(places.free.available_permits(), 2);
        places.resize(5);
        assert_eq!(places.free.available_permits(), 5);
    }

    #[tokio::test]
    async fn a_silent_target_leaves_the_others_their_width() {
        let flow = Flow::new(Bounds { first: 8, max: 8 }, ONE);
        let (silent, fine) = (flow.lane(), flow.lane());
        let waiting = silent.enter().await.unwrap();
        fine.enter().await.unwrap().answered();
        waiting.timed_out();
        assert_eq!((silent.sizes(), fine.sizes()), ((2, 8), (4, 8)));
        // Nothing responds in either lane: the shared link is at fault.
        silent.enter().await.unwrap().timed_out();
        assert_eq!(fine.sizes(), (4, 4));
    }
}
