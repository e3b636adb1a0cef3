//! Signing in to the panel: from `!panel` in chat to a session, through hook, table, stream and dispatch.

use ownchatbot_app::sign_in::{self, SignIn};
use ownchatbot_domain::Span;
use ownchatbot_domain::config::Section;
use ownchatbot_simulator::{ApiFault, Version};
use ownchatbot_store::RowState;
use ownchatbot_testkit::bot::signing_key;
use ownchatbot_testkit::configure::save_section;
use ownchatbot_testkit::log::CapturedLog;

use crate::harness::DispatchTest;
use crate::round_trip::{hook_with, stream_of, with_hook};

/// A function with a hook, and with a public URL in the settings.
async fn test() -> DispatchTest {
    let test = DispatchTest::new().await;
    let address = Section::Address { public_url: Some("https://bot.example".to_owned()), owncast_url: None };
    save_section(&test.table.store, &address, 0).await.unwrap();
    with_hook(&test).await;
    test
}

/// Delivers everything that the table's stream holds, and then what dispatch itself wrote to it.
async fn delivered(test: &DispatchTest) {
    for _ in 0..2 {
        test.deliver(&stream_of(test).await).await;
    }
}

/// The name of the viewer whom the session `id` signs in.
async fn visitor(test: &DispatchTest, id: &str) -> Option<String> {
    let visitor = sign_in::visitor(&test.deps.context, &signing_key(), id).await.unwrap();
    visitor.map(|visitor| visitor.person.name)
}

fn between<'a>(line: &'a str, from: &str, to: &str) -> &'a str {
    line.split_once(from).unwrap().1.split(to).next().unwrap()
}

#[tokio::test]
async fn asking_connection_is_whispered_a_code_and_a_link_that_work() {
    let log = CapturedLog::start(
        "warn,ownchatbot_app=trace,ownchatbot_store=trace,dispatch=trace,owncast_hook=trace",
    );
    let test = test().await;
    let (ann, bob) = (test.owncast.viewer("Ann"), test.owncast.viewer("Bob"));
    let (first, other, second) = (ann.connect().await, bob.connect().await, ann.connect().await);
    let asked = ann.says_from(second, "!panel").await;
    let seen = test.owncast.wait_until_delivered().await.unwrap();
    assert_eq!(seen.calls, [], "the hook has called Owncast");
    test.clock.push(Span::seconds(2));
    delivered(&test).await;

    assert_eq!(test.states(&asked).await, [RowState::Done]);
    assert_eq!((test.owncast.whispers(first), test.owncast.whispers(other)), (vec![], vec![]));
    let [line] = test.owncast.whispers(second).try_into().unwrap();
    let calls = test.owncast.seen().calls;
    let paths: Vec<&str> = calls.iter().map(|call| call.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            format!("/api/integrations/moderation/chat/user/{}", ann.id()),
            format!("/api/integrations/chat/system/client/{}", second.0),
        ],
        "once, and after it was asked whose the connection is"
    );
    let (token, code) = (between(&line, "/userpanel/enter/", ")"), between(&line, "the code ", " "));
    let (context, key) = (&test.deps.context, &signing_key());
    assert!(matches!(sign_in::by_code(context, key, code, None, "panel").await, Ok(SignIn::Done(_))));
    assert!(matches!(sign_in::by_link(context, key, token, "tab").await, Ok(SignIn::Done(_))));
    assert_eq!(visitor(&test, "panel").await.as_deref(), Some("Ann"));
    assert_eq!(visitor(&test, "tab").await.as_deref(), Some("Ann"));
    let log = log.end();
    assert!(log.contains("delivered"), "{log}");
    for hidden in [token, code, "Ann"] {
        assert!(!log.contains(hidden), "{hidden} is logged: {log}");
    }
}

#[tokio::test]
async fn offer_to_a_closed_connection_is_dropped() {
    let test = test().await;
    let ann = test.owncast.viewer("Ann");
    let (tab, another) = (ann.connect().await, ann.connect().await);
    let asked = ann.says_from(tab, "!panel").await;
    test.owncast.wait_until_delivered().await.unwrap();
    ann.disconnect(tab).await;
    delivered(&test).await;
    assert_eq!((test.states(&asked).await, ann.whispers()), (vec![RowState::Dropped], vec![]));
    // The other connection can ask for itself.
    ann.says_from(another, "!panel").await;
    test.owncast.wait_until_delivered().await.unwrap();
    delivered(&test).await;
    assert_eq!(test.owncast.whispers(another).len(), 1);
}

#[tokio::test]
async fn late_sign_in_offer_is_not_sent() {
    let test = test().await;
    let ann = test.owncast.viewer("Ann");
    let asked = ann.says("!panel").await;
    test.owncast.wait_until_delivered().await.unwrap();
    test.clock.push(Span::seconds(10));
    delivered(&test).await;
    assert_eq!((test.states(&asked).await, ann.whispers()), (vec![RowState::Dropped], vec![]));
    assert_eq!(test.owncast.seen().calls, [], "Owncast is not called at all");
}

#[tokio::test]
async fn failed_sign_in_offer_is_dropped_and_the_next_one_arrives() {
    let test = test().await;
    let ann = test.owncast.viewer("Ann");
    for fault in [ApiFault::Down, ApiFault::Fail(500), ApiFault::Error200] {
        let asked = ann.says("!panel").await;
        test.owncast.wait_until_delivered().await.unwrap();
        test.owncast.set_api_fault(fault);
        delivered(&test).await;
        test.owncast.set_api_fault(ApiFault::None);
        test.clock.push(Span::seconds(5));
        test.redrive().await;
        assert_eq!(test.states(&asked).await, [RowState::Dropped], "{fault:?}");
    }
    assert_eq!(ann.whispers(), Vec::<String>::new());
    ann.says("!panel").await;
    test.owncast.wait_until_delivered().await.unwrap();
    delivered(&test).await;
    assert_eq!(ann.whispers().len(), 1);
}

/// Owncast 0.1 cannot tell whose connection it is. So the panel shows a code, and chat shows which viewer
/// writes it.
#[tokio::test]
async fn with_old_owncast_a_code_written_in_chat_signs_in() {
    let test = DispatchTest::of(Version::V0_1_3).await;
    hook_with(&test, None).await;
    let ann = test.owncast.viewer("Ann");
    ann.says("!panel").await;
    test.owncast.wait_until_delivered().await.unwrap();
    delivered(&test).await;
    insta::assert_snapshot!(ann.whispers().join("\n"), @"Open the panel under the stream, ask it for a code, and write !link and that code here.");
    let (context, key) = (&test.deps.context, &signing_key());
    let code = sign_in::code_to_type(context, key, "seed").await.unwrap();
    ann.says(&format!("!link {}", code.to_lowercase())).await;
    test.owncast.wait_until_delivered().await.unwrap();
    delivered(&test).await;
    insta::assert_snapshot!(ann.whispers().last().unwrap(), @"Ann, a panel is signed in as you now. If that was not you, write !unlink: it signs every panel out.");
    assert!(matches!(sign_in::confirm_link_code(context, key, "seed", "panel").await, Ok(SignIn::Done(_))));
    assert_eq!(visitor(&test, "panel").await.as_deref(), Some("Ann"));
    ann.says("!unlink").await;
    test.owncast.wait_until_delivered().await.unwrap();
    assert_eq!(visitor(&test, "panel").await, None);
}
