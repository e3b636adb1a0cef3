//! The table of results, printed at the end.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Duration;

/// The times of all runs of a handler and of its floor.
pub(crate) struct Row {
    what: String,
    handlers: Vec<Duration>,
    floors: Vec<Duration>,
}

impl Row {
    pub(crate) fn of(what: &str) -> Self {
        Self { what: what.to_owned(), handlers: Vec::new(), floors: Vec::new() }
    }

    pub(crate) fn add(&mut self, handler: Duration, floor: Duration) {
        self.handlers.push(handler);
        self.floors.push(floor);
    }
}

/// Prints the medians. Prints nothing if nothing was measured, as with `--list`.
#[expect(clippy::float_arithmetic, reason = "times are not points")]
pub(crate) fn print(rows: &[Row]) {
    let mut table = format!("\n{:<16} {:>10} {:>10} {:>7}\n", "what", "handler", "floor", "ratio");
    for Row { what, handlers, floors } in rows {
        let (Some(handler), Some(floor)) = (median(handlers), median(floors)) else { return };
        let ratio = handler.as_secs_f64() / floor.as_secs_f64();
        let (handler, floor) = (shown(handler), shown(floor));
        let _ = writeln!(table, "{what:<16} {handler:>10} {floor:>10} {ratio:>7.2}");
    }
    let _ = std::io::stdout().write_all(table.as_bytes());
}

fn median(times: &[Duration]) -> Option<Duration> {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

fn shown(time: Duration) -> String {
    let ns = time.as_nanos();
    match ns {
        0..100_000 => format!("{}.{} µs", ns / 1_000, ns / 100 % 10),
        100_000..10_000_000 => format!("{} µs", ns / 1_000),
        _ => format!("{} ms", ns / 1_000_000),
    }
}
