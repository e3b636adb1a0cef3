//! A tick of ten thousand viewers.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use ownchatbot_app::tick::{TickReport, on_tick};
use ownchatbot_domain::{Person, Span, StreamId};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::crowd;
use ownchatbot_testkit::faults::Faults;
use ownchatbot_testkit::scripted::ScriptedOwncast;
use ownchatbot_testkit::table::TestTable;
use tokio::sync::Notify;

const MANY: usize = 10_000;

/// Writes the balances of viewers who have all watched `stream` for one tick. They are written directly,
/// because ten thousand welcomes would take longer than the test itself.
async fn have_watched(bot: &Bot, people: &[Person], stream: &StreamId) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let number = |n: i64| AttributeValue::N(n.to_string());
    let item = |person: &Person| -> HashMap<String, AttributeValue> {
        let pairs = [
            ("pk", text(&format!("VIEWER#{}", person.id))),
            ("sk", text("BALANCE")),
            ("kind", text("balance")),
            ("balance", number(10)),
            ("watched", number(600)),
            ("open_stream", text(stream.as_str())),
            ("open_points", number(10)),
            ("open_seconds", number(600)),
            ("last_tick", number(bot.now().ms())),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value)).into()
    };
    for group in people.chunks(25) {
        let put = |person| {
            let put = PutRequest::builder().set_item(Some(item(person))).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        };
        let all = group.iter().map(put).collect();
        let sent = bot.table.client.batch_write_item().request_items(&bot.table.name, all).send().await;
        assert!(sent.unwrap().unprocessed_items.unwrap_or_default().is_empty());
    }
}

#[tokio::test]
async fn tick_of_ten_thousand_stays_within_budget_and_resumes_after_a_kill() {
    let faults = Faults::default();
    let table = TestTable::with_faults(&faults).await;
    let bot = Bot::on_table(table, faults, &[]).await;
    let (owncast, people) = (ScriptedOwncast::default(), crowd(MANY));
    let stream = bot.goes_live().await;
    bot.clock.push(Span::minutes(10));
    have_watched(&bot, &people, &stream).await;
    owncast.watched_by(&people);
    bot.clock.push(Span::minutes(10));

    bot.faults.reset();
    let done = on_tick(&bot.context, &owncast, bot.now()).await.unwrap();
    assert_eq!(done, TickReport { live: true, present: MANY, paid: MANY });
    let requests = bot.faults.requests();
    assert_eq!(requests["BatchExecuteStatement"], 400, "a request for 25: {requests:?}");
    assert!(requests["BatchGetItem"] <= 100 + 2, "a request for 100: {requests:?}");
    assert!(bot.faults.total() <= 500 + 10, "{requests:?}");

    bot.clock.push(Span::minutes(10));
    let (reached, mut sent) = (Arc::new(Notify::new()), 0);
    let signal = reached.clone();
    bot.faults.plan(move |asked| {
        sent += i32::from(asked == "BatchExecuteStatement");
        if sent == 200 {
            signal.notify_one();
        }
        None
    });
    tokio::select! {
        () = reached.notified() => {}
        done = on_tick(&bot.context, &owncast, bot.now()) => panic!("the tick ended before it was killed: {done:?}"),
    }
    bot.faults.stop();
    let rest = on_tick(&bot.another_process(), &owncast, bot.now()).await.unwrap();
    assert!(rest.paid > MANY / 4 && rest.paid < 3 * MANY / 4, "the other half: {rest:?}");
    let again = on_tick(&bot.another_process(), &owncast, bot.now()).await.unwrap();
    assert_eq!(again.paid, 0);
    assert_eq!(bot.verify_totals().await, 30 * i64::try_from(MANY).unwrap());
    let record = bot.store().streams(1).await.unwrap().remove(0);
    assert_eq!(
        (record.ticks, record.peak, record.paid.get()),
        (2, 10_000, 200_000),
        "the killed tick counts once"
    );
}
