//! Polling for results that AWS delivers after its response.

use std::time::{Duration, Instant};

/// Interval of polling. AWS makes a snapshot in minutes and an AMI in seconds, and lists either of them some time
/// later.
pub const POLL: Duration = Duration::from_millis(1500);

/// Calls `look` at least once, and again until it finds something. Returns `None` if `look` has found nothing when
/// `limit` is over.
///
/// # Errors
/// The first error of `look`.
pub async fn poll_until<T, E, L>(
    limit: Duration,
    mut look: impl FnMut() -> L,
) -> Result<Option<T>, E>
where
    L: Future<Output = Result<Option<T>, E>>,
{
    let started = Instant::now();
    loop {
        let found = look().await?;
        if found.is_some() || started.elapsed() > limit {
            return Ok(found);
        }
        tokio::time::sleep(POLL).await;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn it_looks_until_something_is_there_or_time_is_over() {
        let looks = Cell::new(0);
        let look = |at: u32| {
            looks.set(looks.get() + 1);
            let found = (looks.get() == at).then_some(at);
            async move { Ok::<_, ()>(found) }
        };
        assert_eq!(poll_until(Duration::from_secs(60), || look(2)).await, Ok(Some(2)));
        assert_eq!(poll_until(Duration::ZERO, || look(99)).await, Ok(None));
        assert!(looks.get() >= 3);
    }
}
