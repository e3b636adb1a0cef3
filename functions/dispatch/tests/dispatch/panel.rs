//! The way into the panel: from `!panel` in chat to a session, through hook, table, stream and dispatch.

use ownchatbot_app::ports::RowState;
use ownchatbot_app::sign_in::{self, SignIn};
use ownchatbot_domain::Span;
use ownchatbot_domain::config::Section;
use ownchatbot_testkit::bot::signing_key;
use ownchatbot_testkit::log::CapturedLog;
use ownchatbot_testkit::owncast::{Fault, Version};

use crate::round_trip::{hook_with, stream_of, with_hook};
use crate::world::World;

/// A world with a hook, whose pages have an address.
async fn world() -> World {
    let world = World::new().await;
    let address = Section::Address { public_url: Some("https://bot.example".to_owned()), owncast_url: None };
    world.table.store.save_section(&address, 0).await.unwrap();
    with_hook(&world).await;
    world
}

/// Everything that the table's stream has brought so far is delivered, and what dispatch itself wrote as well.
async fn delivered(world: &World) {
    for _ in 0..2 {
        world.deliver(&stream_of(world).await).await;
    }
}

/// Who is signed in by the session `id`.
async fn visitor(world: &World, id: &str) -> Option<String> {
    let visitor = sign_in::visitor(&world.deps.context, &signing_key(), id).await.unwrap();
    visitor.map(|visitor| visitor.person.name)
}

fn between<'a>(line: &'a str, from: &str, to: &str) -> &'a str {
    line.split_once(from).unwrap().1.split(to).next().unwrap()
}

#[tokio::test]
async fn the_tab_that_asked_is_whispered_a_way_in_that_works() {
    let log = CapturedLog::start(
        "warn,ownchatbot_app=trace,ownchatbot_store=trace,dispatch=trace,owncast_hook=trace",
    );
    let world = world().await;
    let (ann, bob) = (world.owncast.viewer("Ann"), world.owncast.viewer("Bob"));
    let (first, other, second) = (ann.connect().await, bob.connect().await, ann.connect().await);
    let asked = ann.says_from(second, "!panel").await;
    let seen = world.owncast.wait_until_delivered().await.unwrap();
    assert_eq!(seen.calls, [], "the hook has called Owncast");
    world.clock.push(Span::seconds(2));
    delivered(&world).await;

    assert_eq!(world.states(&asked).await, [RowState::Done]);
    assert_eq!((world.owncast.whispers(first), world.owncast.whispers(other)), (vec![], vec![]));
    let [line] = world.owncast.whispers(second).try_into().unwrap();
    let calls = world.owncast.seen().calls;
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
    let (context, key) = (&world.deps.context, &signing_key());
    assert!(matches!(sign_in::by_code(context, key, code, None, "panel").await, Ok(SignIn::Done(_))));
    assert!(matches!(sign_in::by_link(context, key, token, "tab").await, Ok(SignIn::Done(_))));
    assert_eq!(visitor(&world, "panel").await.as_deref(), Some("Ann"));
    assert_eq!(visitor(&world, "tab").await.as_deref(), Some("Ann"));
    let log = log.end();
    assert!(log.contains("delivered"), "{log}");
    for hidden in [token, code, "Ann"] {
        assert!(!log.contains(hidden), "{hidden} is logged: {log}");
    }
}

#[tokio::test]
async fn a_tab_that_was_closed_meanwhile_is_whispered_nothing() {
    let world = world().await;
    let ann = world.owncast.viewer("Ann");
    let (tab, another) = (ann.connect().await, ann.connect().await);
    let asked = ann.says_from(tab, "!panel").await;
    world.owncast.wait_until_delivered().await.unwrap();
    ann.disconnect(tab).await;
    delivered(&world).await;
    assert_eq!((world.states(&asked).await, ann.whispers()), (vec![RowState::Dropped], vec![]));
    // The other tab asks for itself.
    ann.says_from(another, "!panel").await;
    world.owncast.wait_until_delivered().await.unwrap();
    delivered(&world).await;
    assert_eq!(world.owncast.whispers(another).len(), 1);
}

#[tokio::test]
async fn a_way_in_that_comes_too_late_is_not_sent() {
    let world = world().await;
    let ann = world.owncast.viewer("Ann");
    let asked = ann.says("!panel").await;
    world.owncast.wait_until_delivered().await.unwrap();
    world.clock.push(Span::seconds(10));
    delivered(&world).await;
    assert_eq!((world.states(&asked).await, ann.whispers()), (vec![RowState::Dropped], vec![]));
    assert_eq!(world.owncast.seen().calls, [], "nor is anything asked");
}

#[tokio::test]
async fn an_owncast_that_is_away_loses_the_way_in_and_not_the_next() {
    let world = world().await;
    let ann = world.owncast.viewer("Ann");
    for fault in [Fault::Down, Fault::Fail(500), Fault::Error200] {
        let asked = ann.says("!panel").await;
        world.owncast.wait_until_delivered().await.unwrap();
        world.owncast.set_fault(fault);
        delivered(&world).await;
        world.owncast.set_fault(Fault::None);
        world.clock.push(Span::seconds(5));
        world.redrive().await;
        assert_eq!(world.states(&asked).await, [RowState::Dropped], "{fault:?}");
    }
    assert_eq!(ann.whispers(), Vec::<String>::new());
    ann.says("!panel").await;
    world.owncast.wait_until_delivered().await.unwrap();
    delivered(&world).await;
    assert_eq!(ann.whispers().len(), 1);
}

/// Owncast 0.1 cannot tell whose a connection is: the panel shows a code, and chat tells who types it.
#[tokio::test]
async fn an_old_owncast_leads_in_by_a_code_that_is_typed_in_chat() {
    let world = World::of(Version::V0_1_3).await;
    hook_with(&world, None).await;
    let ann = world.owncast.viewer("Ann");
    ann.says("!panel").await;
    world.owncast.wait_until_delivered().await.unwrap();
    delivered(&world).await;
    insta::assert_snapshot!(ann.whispers().join("\n"), @"Open the panel under the stream, ask it for a code, and write !link and that code here.");
    let (context, key) = (&world.deps.context, &signing_key());
    let code = sign_in::code_to_type(context, key, "seed").await.unwrap();
    ann.says(&format!("!link {}", code.to_lowercase())).await;
    world.owncast.wait_until_delivered().await.unwrap();
    delivered(&world).await;
    insta::assert_snapshot!(ann.whispers().last().unwrap(), @"Ann, a panel is signed in as you now. If that was not you, write !unlink: it signs every panel out.");
    assert!(matches!(sign_in::by_typing(context, key, "seed", "panel").await, Ok(SignIn::Done(_))));
    assert_eq!(visitor(&world, "panel").await.as_deref(), Some("Ann"));
    ann.says("!unlink").await;
    world.owncast.wait_until_delivered().await.unwrap();
    assert_eq!(visitor(&world, "panel").await, None);
}
