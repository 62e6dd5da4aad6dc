//! When the store is collected: on a schedule, and when space runs short.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use wire::units::format_len;

use crate::manager::{Manager, StoreCollection};

/// Interval of looks at the clock and the free space.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Space is short below this; nothing is fetched ahead with less than half of it.
const FREE_SHORT: u64 = 4 << 30;

/// While space is short, the store is collected this often.
const SHORT_EVERY: Duration = Duration::from_secs(15 * 60);

/// What was fetched so recently stays: a patch that failed may be repeated.
const GRACE: Duration = Duration::from_secs(3600);

/// Decides whether a collection is due, and how old a pack must be to go.
fn due(every: Duration, since_last: Duration, free: u64) -> Option<Duration> {
    if free < FREE_SHORT && since_last >= SHORT_EVERY {
        return Some(Duration::ZERO);
    }
    (!every.is_zero() && since_last >= every).then_some(GRACE)
}

/// Collects the store of a manager again and again, on a thread of low priority; `every` zero: only when space is short.
///
/// # Errors
/// If the thread cannot be started.
pub fn start(manager: Arc<Manager>, every: Duration) -> std::io::Result<()> {
    std::thread::Builder::new().name("upkeep".to_owned()).spawn(move || {
        sysio::lower_priority();
        let mut last = Instant::now();
        loop {
            std::thread::park_timeout(LOOK_EVERY);
            let free = manager.store().free_space().map_or(u64::MAX, |free| free.bytes);
            let Some(grace) = due(every, last.elapsed(), free) else { continue };
            let older_than = SystemTime::now().checked_sub(grace).unwrap_or(SystemTime::UNIX_EPOCH);
            match manager.collect(older_than) {
                // An operation works, or ended it: the next look tries again.
                None => continue,
                Some(Ok(StoreCollection { was_ended: true, .. })) => continue,
                Some(Ok(StoreCollection { collected, .. })) => tracing::info!(
                    freed = format_len(collected.bytes_freed),
                    objects = collected.objects,
                    "collected the store"
                ),
                Some(Err(error)) => tracing::error!("the store was not collected: {error}"),
            }
            last = Instant::now();
        }
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_is_due_after_its_interval_and_earlier_when_space_is_short() {
        let day = Duration::from_secs(24 * 3600);
        assert_eq!(due(day, day - LOOK_EVERY, u64::MAX), None);
        assert_eq!(due(day, day, u64::MAX), Some(GRACE));
        assert_eq!(due(day, SHORT_EVERY, FREE_SHORT - 1), Some(Duration::ZERO));
        assert_eq!(due(day, SHORT_EVERY - LOOK_EVERY, FREE_SHORT - 1), None);
        assert_eq!(due(Duration::ZERO, 9 * day, u64::MAX), None);
    }
}
