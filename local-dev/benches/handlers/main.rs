//! What the handlers cost beside their floors: the same requests to the same database with nothing around; where there is
//! no request, a handler that only checks the signature; for pages, a handler that returns the same bytes.
//!
//! `cargo bench`, or with `-- --quick` for a first look.
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

/// A message that is no command.
const PLAIN: &str = "hello everybody";

/// One of the two that are measured beside each other.
trait Measured {
    /// What one run needs, made before the time is taken.
    type Input;
    fn prepare(&mut self) -> Self::Input;
    async fn run(&self, input: Self::Input);
    /// What comes right before, so that the database is as awake for one as it is for the other.
    async fn wake(&self) {}
}

fn main() {
    let results = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../criterion");
    let mut criterion = Criterion::default().output_directory(&results).configure_from_args();
    harness::log_to_nowhere();
    // As on Lambda: one thread for the function. The database and Owncast have threads of their own.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let test = runtime.block_on(BenchSetup::start());

    let mut table = Vec::new();
    let (handler, floor) = (Hook::new(&test, PLAIN), Hook::signature_only(&test, PLAIN));
    table.push(beside(&mut criterion, &runtime, "plain chat", handler, floor));
    for (what, text) in [("!points", "!points"), ("redeem", "!hydrate")] {
        let handler = Hook::command(&test, text);
        let floor = runtime.block_on(ChatFloor::of(&test, text));
        table.push(beside(&mut criterion, &runtime, what, handler, floor));
    }
    let tick = Tick::new(&test);
    let floor = runtime.block_on(TickFloor::of(&test, &tick));
    table.push(beside(&mut criterion, &runtime, "tick of 1,000", tick, floor));
    let document = runtime.block_on(Page::document(&test));
    let constant = runtime.block_on(document.constant("/overlay/live.json"));
    table.push(beside(&mut criterion, &runtime, "live.json", document, constant));
    let panel = runtime.block_on(Page::panel(&test));
    let constant = runtime.block_on(panel.constant("/userpanel"));
    table.push(beside(&mut criterion, &runtime, "viewer panel", panel, constant));

    criterion.final_summary();
    report::print(&table);
}

/// Measures a handler and its floor in turns, so that whatever slows the machine down slows both. Criterion watches
/// first one of them and then the other; the row takes in every turn of both.
fn beside<H: Measured, F: Measured>(
    criterion: &mut Criterion,
    runtime: &Runtime,
    what: &str,
    mut handler: H,
    mut floor: F,
) -> Row {
    let mut row = Row::of(what);
    let mut group = criterion.benchmark_group(what);
    if what.starts_with("tick") {
        // A run of many requests varies little, and takes its time.
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
                    // Neither always goes first.
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
