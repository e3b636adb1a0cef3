use super::*;

use std::convert::Infallible;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use futures_util::future::join_all;
use tokio::sync::Notify;

/// A clock that moves only when it is pushed.
struct PushedClock(AtomicI64);

impl PushedClock {
    fn new() -> Self {
        Self(AtomicI64::new(1_000_000))
    }

    fn push(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for PushedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.0.load(Ordering::Relaxed))
    }
}

const FRESH: Span = Span::seconds(5);

/// Gives 1, then 2, and so on.
#[derive(Default)]
struct Source(AtomicU32);

impl Source {
    fn reads(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    async fn read(&self) -> Result<u32, Infallible> {
        Ok(self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Reads as well, and finds nothing.
    async fn fail(&self) -> Option<u32> {
        self.0.fetch_add(1, Ordering::Relaxed);
        None
    }
}

#[test]
fn a_moment_is_within_a_span_up_to_its_end_and_never_ahead() {
    let at = Timestamp::from_ms(1_000_000);
    for (ms, within) in [(-1, false), (0, true), (4_999, true), (5_000, false)] {
        assert_eq!(is_within(FRESH, at, Timestamp::from_ms(at.ms() + ms)), within, "{ms}");
    }
}

#[tokio::test]
async fn a_value_serves_until_its_age_and_not_after_a_clock_was_set_back() {
    let (clock, source, cached) = (PushedClock::new(), Source::default(), Cached::new(FRESH));
    for (push, expected) in [(0, 1), (4_999, 1), (1, 2), (-1, 3), (4_999, 3), (1, 4)] {
        clock.push(push);
        assert_eq!(cached.get(&clock, source.read()).await, Ok(Arc::new(expected)), "after {push} ms");
    }
    assert_eq!(cached.newest(), Some(Arc::new(4)));
}

#[tokio::test]
async fn a_failure_is_passed_on_and_forgets_nothing() {
    let (clock, source, cached) = (PushedClock::new(), Source::default(), Cached::new(FRESH));
    assert_eq!(cached.get(&clock, async { Err("broken") }).await, Err::<Arc<u32>, _>("broken"));
    cached.get(&clock, source.read()).await.unwrap();
    clock.push(5_000);
    assert_eq!(cached.get_shared(&clock, async { Err("broken") }).await, Err("broken"));
    assert_eq!(cached.newest(), Some(Arc::new(1)));
    assert_eq!(cached.get_shared(&clock, source.read()).await, Ok(Arc::new(2)));
}

#[tokio::test]
async fn who_finds_a_fresh_value_waits_for_no_read() {
    let (clock, source, cached) = (PushedClock::new(), Source::default(), Cached::new(FRESH));
    cached.get(&clock, source.read()).await.unwrap();
    let (begun, end) = (Notify::new(), Notify::new());
    let slow = async {
        begun.notify_one();
        end.notified().await;
        source.read().await
    };
    let others = async {
        begun.notified().await;
        assert_eq!(cached.get(&clock, source.read()).await, Ok(Arc::new(1)));
        assert_eq!(cached.get_shared(&clock, source.read()).await, Ok(Arc::new(1)));
        // Not even where there is none.
        clock.push(5_000);
        assert_eq!(cached.get(&clock, source.read()).await, Ok(Arc::new(2)));
        end.notify_one();
    };
    let (renewed, ()) = tokio::join!(cached.renew(&clock, slow), others);
    assert_eq!(renewed, Ok(Arc::new(3)));
}

#[tokio::test]
async fn one_read_serves_all_who_wait_for_it_however_long_it_takes() {
    let (clock, source, cached) = (PushedClock::new(), Source::default(), Cached::new(FRESH));
    let slow = || async {
        tokio::task::yield_now().await;
        clock.push(60_000);
        source.read().await
    };
    let all = join_all((0..20).map(|_| cached.get_shared(&clock, slow()))).await;
    assert!(all.iter().all(|value| *value == Ok(Arc::new(1))), "{all:?}");
    // Who does not share a read makes one, and its age counts from its beginning.
    let alone = Cached::new(FRESH);
    alone.get(&clock, slow()).await.unwrap();
    assert_eq!(alone.get(&clock, source.read()).await, Ok(Arc::new(3)));
}

#[tokio::test]
async fn who_has_changed_it_has_it_read_again_and_others_share_that() {
    let (clock, source, cached) = (PushedClock::new(), Source::default(), Cached::new(FRESH));
    cached.get_shared(&clock, source.read()).await.unwrap();
    assert_eq!(cached.renew(&clock, source.read()).await, Ok(Arc::new(2)));
    assert_eq!(cached.get_shared(&clock, source.read()).await, Ok(Arc::new(2)));
}

#[tokio::test]
async fn while_reading_fails_an_older_value_serves_and_nothing_is_tried_for_a_while() {
    let (clock, source) = (PushedClock::new(), Source::default());
    let cached = Cached::new(FRESH).with_fallback(Span::seconds(60), Span::seconds(1));
    let good = || async { source.read().await.ok() };
    assert_eq!(cached.get_or_stale(&clock, source.fail()).await, None, "there is nothing yet");
    assert_eq!(cached.get_or_stale(&clock, good()).await, None, "a rest after the failure");
    clock.push(1_000);
    assert_eq!(cached.get_or_stale(&clock, good()).await, Some(Arc::new(2)));
    clock.push(5_000);
    assert_eq!(cached.get_or_stale(&clock, source.fail()).await, Some(Arc::new(2)));
    clock.push(999);
    assert_eq!((cached.get_or_stale(&clock, good()).await, source.reads()), (Some(Arc::new(2)), 3));
    clock.push(1);
    assert_eq!(cached.get_or_stale(&clock, good()).await, Some(Arc::new(4)));
    // Too old to serve.
    clock.push(60_000);
    assert_eq!(cached.get_or_stale(&clock, source.fail()).await, None);
    // Neither the value nor the rest outlives a clock that was set back.
    clock.push(-120_000);
    assert_eq!(cached.get_or_stale(&clock, source.fail()).await, None);
    assert_eq!(source.reads(), 6);
}
