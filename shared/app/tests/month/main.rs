//! A whole month, and everything that goes wrong in one: webhooks that are lost, repeated and late, runs of schedules that
//! are as well, deliveries that fail, an Owncast that is away. Every night everybody must have exactly what a much simpler
//! bookkeeper says, and at the end every command must have been carried out exactly once.
//!
//! Everything follows from a seed, which is printed when a test fails; `MONTH_SEED` takes another one.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod bookkeeper;
mod broadcasts;
mod check;
mod evening;
mod facts;
mod happening;
mod harness;
mod outside;
mod runs;
mod truth;
mod viewers;
mod webhooks;

use bookkeeper::DAY;
use harness::MonthTest;
use ownchatbot_testkit::faults::Fault;

const FAULTS: &[Fault] =
    &[Fault::Conflict, Fault::Throttled, Fault::LostAnswer, Fault::Unreachable, Fault::Partly];

/// The seed of the month that is looked at.
const MONTH: u64 = 1;

/// Says which seed it was when a test ends badly.
struct Seed(u64);

impl Seed {
    fn or(usual: u64) -> Self {
        Self(std::env::var("MONTH_SEED").map_or(usual, |seed| seed.parse().unwrap()))
    }
}

impl Drop for Seed {
    #[expect(clippy::print_stderr, reason = "whoever looks for the mistake needs it")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the seed was {}", self.0);
        }
    }
}

#[tokio::test]
async fn a_month_with_every_trouble_pays_and_carries_out_everything_once() {
    let seed = Seed::or(MONTH);
    let mut test = MonthTest::new(seed.0, 30).await;
    for day in 0..30 {
        test.plan_evening(test.began + day * DAY);
        test.goes_on().await;
    }
    test.ends().await;
    let (fit, ran) = test.books.broadcasts.ticks_since(test.began);
    assert!(ran * 3 > fit * 2, "only {ran} ticks ran of {fit}");
    let tally = &test.tally;
    assert!(tally.is_rich() || seed.0 != MONTH, "not everything that can go wrong did: {tally:?}");
}

#[tokio::test]
async fn a_week_with_a_fifth_of_all_requests_going_wrong_loses_and_doubles_nothing() {
    let seed = Seed::or(2);
    let mut test = MonthTest::new(seed.0, 7).await;
    test.faulty = true;
    for day in 0..7 {
        test.plan_evening(test.began + day * DAY);
        test.goes_on().await;
    }
    test.ends().await;
}

#[tokio::test]
async fn a_clock_that_jumps_an_hour_pays_no_slot_twice_and_goes_on_afterwards() {
    let seed = Seed::or(3);
    let mut test = MonthTest::new(seed.0, 6).await;
    for day in 0..6 {
        // Two evenings with a clock that is right come last.
        test.jumps = day < 4;
        test.plan_evening(test.began + day * DAY);
        test.goes_on().await;
    }
    test.ends().await;
    let (fit, ran) = test.books.broadcasts.ticks_since(test.began + 4 * DAY);
    assert!(fit > 0 && ran * 2 >= fit, "only {ran} ticks ran of {fit} once the clock was right");
}
