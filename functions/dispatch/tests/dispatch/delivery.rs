//! The lines that arrive in chat.

use ownchatbot_domain::{ClientId, message};
use ownchatbot_store::RowState;
use ownchatbot_testkit::builders::in_chat;

use crate::harness::{DispatchTest, chat_row, say, whisper};

#[tokio::test]
async fn public_lines_arrive_in_order() {
    let test = DispatchTest::new().await;
    test.commit("m", &[say("first"), say("second"), say("third")]).await;
    test.deliver(&[chat_row("m", 0, 1), chat_row("m", 1, 2), chat_row("m", 2, 3)]).await;
    assert_eq!(test.owncast.said(), ["first", "second", "third"]);
    assert_eq!(test.states("m").await, [RowState::Done; 3]);
}

#[tokio::test]
async fn split_or_reversed_records_keep_the_order_of_their_lane() {
    let test = DispatchTest::new().await;
    test.commit("m", &[say("first"), say("second")]).await;
    test.deliver(&[chat_row("m", 1, 2)]).await;
    test.deliver(&[chat_row("m", 0, 1)]).await;
    assert_eq!(test.owncast.said(), ["first", "second"]);

    test.commit("n", &[say("third"), say("fourth")]).await;
    test.deliver(&[chat_row("n", 1, 4), chat_row("n", 0, 3)]).await;
    assert_eq!(test.owncast.said(), ["first", "second", "third", "fourth"]);
}

#[tokio::test]
async fn whisper_reaches_only_its_connection() {
    let test = DispatchTest::new().await;
    let (ann, bob) = (test.owncast.viewer("Ann"), test.owncast.viewer("Bob"));
    let (zero, _, one) = (ann.connect().await, bob.connect().await, ann.connect().await);
    test.commit("m", &[whisper(ClientId(one.0), "only you")]).await;
    test.commit("n", &[whisper(ClientId(zero.0), "and you")]).await;
    test.deliver(&[chat_row("m", 0, 1), chat_row("n", 0, 2)]).await;
    assert_eq!(test.owncast.whispers(one), ["only you"]);
    assert_eq!(test.owncast.whispers(zero), ["and you"]);
    assert_eq!(bob.whispers(), Vec::<String>::new());
    assert_eq!(test.owncast.said(), Vec::<String>::new());
}

#[tokio::test]
async fn whisper_to_a_closed_connection_is_done() {
    let test = DispatchTest::new().await;
    let ann = test.owncast.viewer("Ann");
    let tab = ann.connect().await;
    ann.leave().await;
    test.commit("m", &[whisper(ClientId(tab.0), "only you")]).await;
    test.deliver(&[chat_row("m", 0, 1)]).await;
    assert_eq!(test.states("m").await, [RowState::Done]);
    assert_eq!(ann.whispers(), Vec::<String>::new());
}

#[tokio::test]
async fn lines_arrive_byte_for_byte() {
    let test = DispatchTest::new().await;
    let tab = test.owncast.viewer("Ann").connect().await;
    let name = "<img src=x onerror=alert(1)> *b* [x](http://x) `c` & \\ 👩‍👩‍👧 \u{202e}\"'\n#";
    let line = in_chat(&message::off(name, "song"));
    assert!(!line.contains('<') && !line.contains('\n') && !line.contains("[x]"), "{line}");
    test.commit("m", &[whisper(ClientId(tab.0), &line), say(&line)]).await;
    test.deliver(&[chat_row("m", 0, 1), chat_row("m", 1, 2)]).await;
    assert_eq!((test.owncast.whispers(tab), test.owncast.said()), (vec![line.clone()], vec![line]));
}

#[tokio::test]
async fn many_events_are_delivered_in_one_batch() {
    let test = DispatchTest::new().await;
    let mut records = Vec::new();
    for n in 0..50 {
        test.commit(&format!("m{n}"), &[say(&format!("line {n}"))]).await;
        records.push(chat_row(&format!("m{n}"), 0, n));
    }
    test.deliver(&records).await;
    let mut said = test.owncast.said();
    said.sort();
    let mut expected: Vec<String> = (0..50).map(|n| format!("line {n}")).collect();
    expected.sort();
    assert_eq!(said, expected);
}
