//! What the log holds, and what it must not hold.

use ownchatbot_boot::log;
use ownchatbot_domain::{ClientId, Span};
use ownchatbot_simulator::ApiFault;
use ownchatbot_store::RowState;
use ownchatbot_testkit::faults;
use ownchatbot_testkit::log::CapturedLog;
use serde_json::Value;

use crate::harness::{DispatchTest, batch, chat_row, say, whisper};

#[tokio::test]
async fn log_has_deliveries_and_failures_but_no_lines_and_no_token() {
    let log =
        CapturedLog::start(&format!("{},ownchatbot_store=trace,ownchatbot_owncast=trace", log::DEFAULT));
    let test = DispatchTest::with_token("zaphods-token").await;
    // A refused access token, an unreachable Owncast, expired lines, and a table that cannot be written.
    test.commit("m", &[whisper(ClientId(0), "heartofgold")]).await;
    test.commit("n", &[say("heartofgold")]).await;
    test.deliver(&[chat_row("m", 0, 1)]).await;
    test.owncast.set_api_fault(ApiFault::Down);
    test.deliver(&[chat_row("n", 0, 2)]).await;
    test.clock.push(Span::seconds(61));
    test.redrive().await;
    assert_eq!(test.states("m").await, [RowState::Dropped]);
    test.commit("o", &[say("heartofgold")]).await;
    test.faults.plan(|asked| (asked == "UpdateItem").then_some(faults::Fault::Throttled));
    assert_eq!(test.handle(&batch(&[chat_row("o", 0, 3)])).await, ["3"]);
    let text = log.end();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |message: &str| lines.iter().filter(|line| line["fields"]["message"] == message).count();
    assert_eq!(count("delivered"), 3, "{text}");
    assert_eq!(count("a delivery failed and will be tried again"), 3, "{text}");
    assert_eq!(count("a delivery was given up"), 1, "{text}");
    assert_eq!(count("could not deliver new rows of the outbox"), 1, "{text}");
    for hidden in ["heartofgold", "zaphods-token"] {
        assert!(!text.contains(hidden), "{hidden} is logged: {text}");
    }
}
