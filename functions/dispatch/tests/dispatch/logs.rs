//! What is logged, and what never is.

use std::io::Write;
use std::sync::{Arc, Mutex};

use ownchatbot_app::ports::RowState;
use ownchatbot_boot::log;
use ownchatbot_domain::{ClientId, Span};
use ownchatbot_testkit::faults;
use ownchatbot_testkit::owncast::Fault;
use serde_json::Value;
use tracing_subscriber::EnvFilter;

use crate::world::{World, batch, chat_row, say, whisper};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_tells_of_deliveries_and_failures_and_holds_neither_lines_nor_the_token() {
    // While there is one subscriber alone, a line that another thread comes to first is silent for all of them.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let written = Log::default();
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::new(format!(
            "{},ownchatbot_store=trace,ownchatbot_owncast=trace",
            log::DEFAULT
        )))
        .with_writer(move || writer.clone())
        .finish();
    let logging = tracing::subscriber::set_default(subscriber);
    let world = World::with_token("zaphods-token").await;
    // A token that Owncast does not know, an Owncast that is away, lines too late, a table that cannot be written.
    world.commit("m", &[whisper(ClientId(0), "heartofgold")]).await;
    world.commit("n", &[say("heartofgold")]).await;
    world.deliver(&[chat_row("m", 0, 1)]).await;
    world.owncast.set_fault(Fault::Down);
    world.deliver(&[chat_row("n", 0, 2)]).await;
    world.clock.push(Span::seconds(61));
    world.redrive().await;
    assert_eq!(world.states("m").await, [RowState::Dropped]);
    world.commit("o", &[say("heartofgold")]).await;
    world.faults.plan(|asked| (asked == "UpdateItem").then_some(faults::Fault::Throttled));
    assert_eq!(world.handle(&batch(&[chat_row("o", 0, 3)])).await, ["3"]);
    drop(logging);

    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |message: &str| lines.iter().filter(|line| line["fields"]["message"] == message).count();
    assert_eq!(count("delivered"), 3, "{text}");
    assert_eq!(count("took up what was due"), 1, "{text}");
    assert_eq!(count("a delivery failed and will be tried again"), 3, "{text}");
    assert_eq!(count("a delivery was given up"), 1, "{text}");
    assert_eq!(count("the outbox cannot be written"), 1, "{text}");
    for hidden in ["heartofgold", "zaphods-token"] {
        assert!(!text.contains(hidden), "{hidden} is logged: {text}");
    }
}
