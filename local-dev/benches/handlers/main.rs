//! Compares the handlers with their floors. A floor is the same requests to the same database without the
//! handler; for a message that needs no request, a handler that only checks the signature; for pages, one
//! that returns the same bytes.
//!
//! Run it with `cargo bench`, or with `cargo bench -- --quick` for a rough result.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run ends")]

mod floor;
mod harness;
mod pages;
mod record;
mod report;

use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode};
use tokio::runtime::Runtime;

use floor::{ChatFloor, TickFloor};
use harness::{BenchSetup, Hook, Tick};
use pages::Page;
use report::Row;

/// A message that is not a command.
const PLAIN: &str = "hello everybody";

/// A handler or a floor, whose runs are measured.
trait Measured {
    /// The input of one run.
    type Input;
    /// Makes the input of the next run. It is not part of the measured time.
    fn prepare(&mut self) -> Self::Input;
    async fn run(&self, input: Self::Input);
    /// Runs right before the measured time, so that the database is equally awake for the handler and the
    /// floor.
    async fn wake(&self) {}
}

fn main() {
    let results = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../criterion");
    let mut criterion = Criterion::default().output_directory(&results).configure_from_args();
    harness::discard_log();
    // The function has one thread, as on Lambda. The database and Owncast have threads of their own.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let test = runtime.block_on(BenchSetup::start());

    let mut table = Vec::new();
    let (handler, floor) = (Hook::new(&test, PLAIN), Hook::signature_only(&test, PLAIN));
    table.push(compare(&mut criterion, &runtime, "plain chat", handler, floor));
    for (what, text) in [("!points", "!points"), ("redeem", "!hydrate")] {
        let handler = Hook::command(&test, text);
        let floor = runtime.block_on(ChatFloor::of(&test, text));
        table.push(compare(&mut criterion, &runtime, what, handler, floor));
    }
    let tick = Tick::new(&test);
    let floor = runtime.block_on(TickFloor::of(&test, &tick));
    table.push(compare(&mut criterion, &runtime, "tick of 1,000", tick, floor));
    let document = runtime.block_on(Page::document(&test));
    let constant = runtime.block_on(document.constant("/overlay/live.json"));
    table.push(compare(&mut criterion, &runtime, "live.json", document, constant));
    let panel = runtime.block_on(Page::panel(&test));
    let constant = runtime.block_on(panel.constant("/userpanel"));
    table.push(compare(&mut criterion, &runtime, "viewer panel", panel, constant));

    criterion.final_summary();
    report::print(&table);
}

/// Measures a handler and its floor alternately, so that changes in the machine's speed affect both.
/// Criterion records first the one and then the other; the row contains every run of both.
fn compare<H: Measured, F: Measured>(
    criterion: &mut Criterion,
    runtime: &Runtime,
    what: &str,
    mut handler: H,
    mut floor: F,
) -> Row {
    let mut row = Row::of(what);
    let mut group = criterion.benchmark_group(what);
    if what.starts_with("tick") {
        // A run of many requests varies little and is slow.
        group.sample_size(20).sampling_mode(SamplingMode::Flat);
    }
    let mut turn = false;
    for is_handler in [true, false] {
        let name = if is_handler { "handler" } else { "floor" };
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let mut total = Duration::ZERO;
                for _ in 0..times {
                    turn = !turn;
                    // The order alternates too.
                    let (handlers, floors) = if turn {
                        let handlers = timed(runtime, &mut handler);
                        (handlers, timed(runtime, &mut floor))
                    } else {
                        let floors = timed(runtime, &mut floor);
                        (timed(runtime, &mut handler), floors)
                    };
                    row.add(handlers, floors);
                    total += if is_handler { handlers } else { floors };
                }
                total
            });
        });
    }
    group.finish();
    row
}

fn timed<M: Measured>(runtime: &Runtime, measured: &mut M) -> Duration {
    let input = measured.prepare();
    let running = async {
        measured.wake().await;
        let begun = Instant::now();
        measured.run(input).await;
        begun.elapsed()
    };
    runtime.block_on(running)
}
