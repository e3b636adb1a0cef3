//! A simulated month with everything that can fail: webhooks and runs of schedules that are lost, repeated or
//! late, deliveries that fail, and outages of Owncast. Every night all balances must be those of a much
//! simpler model, the bookkeeper, and at the end every command must have been carried out exactly once.
//!
//! Everything is derived from a seed, which is printed when a test fails. `MONTH_SEED` sets another one.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod bookkeeper;
mod broadcasts;
mod check;
mod evening;
mod events;
mod facts;
mod harness;
mod runs;
mod services;
mod truth;
mod viewers;
mod webhooks;

use bookkeeper::DAY;
use harness::MonthTest;
use ownchatbot_testkit::faults::Fault;

const FAULTS: &[Fault] =
    &[Fault::Conflict, Fault::Throttled, Fault::LostAnswer, Fault::Unreachable, Fault::Partly];

/// The seed of the month.
const MONTH: u64 = 1;

/// Prints the seed when a test fails.
struct Seed(u64);

impl Seed {
    fn or(usual: u64) -> Self {
        Self(std::env::var("MONTH_SEED").map_or(usual, |seed| seed.parse().unwrap()))
    }
}

impl Drop for Seed {
    #[expect(clippy::print_stderr, reason = "the seed is needed to reproduce the failure")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the seed was {}", self.0);
        }
    }
}

#[tokio::test]
async fn month_with_all_failures_applies_everything_once() {
    let seed = Seed::or(MONTH);
    let mut test = MonthTest::new(seed.0, 30).await;
    for day in 0..30 {
        test.plan_evening(test.began + day * DAY);
        test.run_until_idle().await;
    }
    test.check_all().await;
    let (fit, ran) = test.books.broadcasts.ticks_since(test.began);
    assert!(ran * 3 > fit * 2, "only {ran} ticks ran of {fit}");
    let tally = &test.tally;
    assert!(tally.is_rich() || seed.0 != MONTH, "not everything that can go wrong did: {tally:?}");
}

#[tokio::test]
async fn week_with_failing_requests_loses_and_repeats_nothing() {
    let seed = Seed::or(2);
    let mut test = MonthTest::new(seed.0, 7).await;
    test.faulty = true;
    for day in 0..7 {
        test.plan_evening(test.began + day * DAY);
        test.run_until_idle().await;
    }
    test.check_all().await;
}

#[tokio::test]
async fn clock_jump_of_an_hour_pays_no_slot_twice() {
    let seed = Seed::or(3);
    let mut test = MonthTest::new(seed.0, 6).await;
    for day in 0..6 {
        // The last two evenings have a correct clock.
        test.jumps = day < 4;
        test.plan_evening(test.began + day * DAY);
        test.run_until_idle().await;
    }
    test.check_all().await;
    let (fit, ran) = test.books.broadcasts.ticks_since(test.began + 4 * DAY);
    assert!(fit > 0 && ran * 2 >= fit, "only {ran} ticks ran of {fit} once the clock was right");
}
