//! When the store is looked after: on a schedule, and when space runs short.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use imageserver::ImageServer;
use imageserver::upkeep::Peer;
use imageserver::upload::FREE_MIN;
use rpc::client::CallError;
use rpc::current::Current;
use rpc::tls::TlsDir;
use store::Batch;
use store::fsck::Depth;
use store::gc::CollectOptions;
use sysio::clock::now_ms;
use tokio::runtime::Handle;
use transfer::fetch::Remote;
use wire::digest::Digest;
use wire::name::ImageName;
use wire::proto::UpkeepTimes;

/// Interval of the looks at the clock and the free space.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Space is short below this; uploads are refused below [`FREE_MIN`].
const FREE_SHORT: u64 = 8 * FREE_MIN;

/// Pause after work that failed.
const RETRY_AFTER: Duration = Duration::from_secs(600);

/// While space is short, garbage is collected this often.
const SHORT_EVERY: Duration = Duration::from_secs(15 * 60);

/// Packs of broken uploads are kept so long, so that an upload which is repeated finds them.
pub const GRACE: Duration = Duration::from_secs(3600);

/// Rates of scheduled work in bytes per second: readers and uploads come first.
const COLLECT_RATE: u64 = 64 << 20;
const CHECK_RATE: u64 = 32 << 20;

/// How often the store is looked after; zero for never.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Interval of collections of garbage.
    pub collect_every: Duration,
    /// Interval of checks of everything.
    pub check_every: Duration,
}

/// Work that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Collect(CollectOptions),
    Check,
}

impl Schedule {
    /// Decides what is due at a time.
    fn due(&self, now: SystemTime, times: UpkeepTimes, free: u64) -> Option<Task> {
        let now_ms = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis();
        let since = |at_ms: i64| {
            let at_ms = u128::try_from(at_ms).unwrap_or_default();
            Duration::from_millis(u64::try_from(now_ms.saturating_sub(at_ms)).unwrap_or(u64::MAX))
        };
        // A time in the future is of a clock that was wrong.
        let is_future = |at_ms: i64| u128::try_from(at_ms).is_ok_and(|at_ms| at_ms > now_ms);
        let is_due = |every: Duration, last_ms: i64| {
            let at_ms = begun_or(times, last_ms);
            !every.is_zero() && (since(at_ms) >= every || is_future(at_ms))
        };
        let collect = |grace, rate| {
            let older_than = now.checked_sub(grace).unwrap_or(SystemTime::UNIX_EPOCH);
            Some(Task::Collect(CollectOptions { older_than, is_dry_run: false, rate }))
        };
        if free < FREE_SHORT && is_due(SHORT_EVERY, times.collected_at_ms) {
            return collect(Duration::ZERO, None);
        }
        if is_due(self.collect_every, times.collected_at_ms) {
            return collect(GRACE, Some(COLLECT_RATE));
        }
        is_due(self.check_every, times.checked_at_ms).then_some(Task::Check)
    }
}

/// Looks after a server's store for as long as the process runs, on a thread of low priority.
///
/// # Errors
/// If the thread cannot be started.
pub fn start(server: ImageServer, schedule: Schedule) -> std::io::Result<()> {
    server.upkeep().begin();
    std::thread::Builder::new().name("upkeep".to_owned()).spawn(move || {
        sysio::lower_priority();
        loop {
            std::thread::park_timeout(LOOK_EVERY);
            let free = server.store().free_space().map_or(u64::MAX, |free| free.bytes);
            let times = server.upkeep().times();
            let failed = match schedule.due(SystemTime::now(), times, free) {
                Some(Task::Collect(options)) => {
                    server.upkeep().collect(options, &mut |_| true).err()
                }
                Some(Task::Check) => {
                    let rate = Some(CHECK_RATE);
                    server.upkeep().check(Depth::Data, rate, true, &mut |_, _| {}).err()
                }
                None => None,
            };
            if let Some(error) = failed {
                tracing::error!("upkeep failed, next attempt in {RETRY_AFTER:?}: {error}");
                std::thread::park_timeout(RETRY_AFTER);
            }
        }
    })?;
    Ok(())
}

/// Another imaged from which damage is healed.
#[derive(Debug)]
pub struct HealingPeer {
    remote: Arc<Remote>,
}

impl HealingPeer {
    /// Uses a connection.
    pub fn new(remote: Arc<Remote>) -> Self {
        Self { remote }
    }

    /// Prepares a connection to `HOST:PORT`; the first call makes it.
    ///
    /// # Errors
    /// A malformed address.
    pub fn at(address: &str, tls: Current<TlsDir>, runtime: Handle) -> Result<Self, CallError> {
        let channel = rpc::client::connect_lazily(address, tls)?;
        Ok(Self::new(Arc::new(Remote::new(address.to_owned(), channel, runtime))))
    }
}

impl Peer for HealingPeer {
    fn address(&self) -> &str {
        self.remote.address()
    }

    fn fetch(
        &self,
        image: &ImageName,
        digests: &[Digest],
        batch: &Batch,
    ) -> Result<u64, CallError> {
        self.remote
            .fetch(image, digests, batch, &|_, _| {})
            .map_err(|error| CallError { class: error.class(), message: error.to_string() })
    }
}

/// Returns what a duration is in words, for the status page: `never`, `3 h ago`.
pub fn ago(at_ms: i64) -> String {
    let seconds = now_ms().saturating_sub(at_ms) / 1000;
    match (at_ms, seconds) {
        (0, _) => "never".to_owned(),
        (_, ..120) => format!("{} s ago", seconds.max(0)),
        (_, 120..7200) => format!("{} min ago", seconds / 60),
        (_, 7200..172_800) => format!("{} h ago", seconds / 3600),
        _ => format!("{} d ago", seconds / 86400),
    }
}

/// Returns from when on an interval counts: when the work was last done, or when the first interval began.
pub fn begun_or(times: UpkeepTimes, last_ms: i64) -> i64 {
    if last_ms == 0 { times.begun_at_ms } else { last_ms }
}

/// Returns when scheduled work is due next, in words, given from when on its interval counts.
pub fn next(every: Duration, from_ms: i64) -> String {
    if every.is_zero() {
        return "not on a schedule".to_owned();
    }
    let every = i64::try_from(every.as_secs()).unwrap_or(i64::MAX);
    let since = now_ms().saturating_sub(from_ms) / 1000;
    match every.saturating_sub(since) {
        ..120 => "next within minutes".to_owned(),
        left @ 120..7200 => format!("next in {} min", left / 60),
        left @ 7200..172_800 => format!("next in {} h", left / 3600),
        left => format!("next in {} d", left / 86400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3600;

    fn at(hours: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(hours * HOUR)
    }

    fn times(collected: i64, checked: i64) -> UpkeepTimes {
        let ms = |hours: i64| hours * HOUR.cast_signed() * 1000;
        UpkeepTimes {
            collected_at_ms: ms(collected),
            checked_at_ms: ms(checked),
            begun_at_ms: ms(1000),
        }
    }

    #[test]
    fn work_is_due_after_its_interval_and_earlier_when_space_is_short() {
        let hours = |count| Duration::from_secs(count * HOUR);
        let schedule = Schedule { collect_every: hours(24), check_every: hours(100) };
        assert_eq!(schedule.due(at(1023), times(1000, 1000), u64::MAX), None);
        let due = schedule.due(at(1024), times(1000, 1000), u64::MAX);
        let Some(Task::Collect(options)) = due else { panic!("{due:?}") };
        assert_eq!((options.older_than, options.rate), (at(1023), Some(COLLECT_RATE)));
        assert_eq!(schedule.due(at(1100), times(1099, 1000), u64::MAX), Some(Task::Check));
        let due = schedule.due(at(1001), times(1000, 1000), FREE_SHORT - 1);
        let Some(Task::Collect(options)) = due else { panic!("{due:?}") };
        assert_eq!((options.older_than, options.rate), (at(1001), None));
        let never = Schedule { collect_every: Duration::ZERO, check_every: Duration::ZERO };
        assert_eq!(never.due(at(1_000_000), times(1, 1), u64::MAX), None);
        // A new server has nothing to do at once.
        assert_eq!(schedule.due(at(1023), times(0, 0), u64::MAX), None);
        let due = schedule.due(at(1024), times(0, 0), u64::MAX);
        assert!(matches!(due, Some(Task::Collect(_))), "{due:?}");
        // A clock that went back.
        let due = schedule.due(at(10), times(1000, 1000), u64::MAX);
        assert!(matches!(due, Some(Task::Collect(_))), "{due:?}");
    }
}
