//! The client and the reader against the Owncast simulator.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{any, get, post};
use ownchatbot_app::event::OwncastEvent;
use ownchatbot_app::ports::{Emoji, Owncast, OwncastError, Ownership};
use ownchatbot_domain::{ClientId, Timestamp, ViewerId};
use ownchatbot_owncast::{AccessToken, BaseUrl, OwncastClient, WebhookSecret, read_event, verify};
use ownchatbot_simulator::{ApiFault, Options, Outcome, Simulator, Tab, Version, Webhook, WebhookFault};
use tokio::sync::mpsc;

const TOKEN: &str = "t0ken-of-the-bot";

async fn simulator() -> Simulator {
    Simulator::start(options()).await.unwrap()
}

fn options() -> Options {
    Options { token: TOKEN.to_owned(), part_delay: Duration::ZERO, ..Options::default() }
}

fn client(url: &str, token: &str) -> OwncastClient {
    OwncastClient::new(BaseUrl::parse(url).unwrap(), AccessToken::parse(token).unwrap()).unwrap()
}

/// Serves `router` until the test ends.
async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn lines_and_whispers_arrive_unchanged() {
    let owncast = simulator().await;
    let bot = client(&format!("{}/", owncast.url()), TOKEN);
    let (ann, bob) = (owncast.viewer("Ann"), owncast.viewer("Bob"));
    let (first, second) = (ann.connect().await, ann.connect().await);
    bob.connect().await;

    bot.say(r"Ann redeemed *hydrate* & \<3 “ü”").await.unwrap();
    bot.whisper(ClientId(second.0), "Ann, you have 5 points.").await.unwrap();

    assert_eq!(owncast.said(), [r"Ann redeemed *hydrate* & \<3 “ü”"]);
    assert_eq!(owncast.whispers(second), ["Ann, you have 5 points."]);
    assert_eq!(owncast.whispers(first), [""; 0]);
    assert_eq!(ann.whispers(), ["Ann, you have 5 points."]);
    // Owncast confirms a whisper even when there is no such connection.
    bot.whisper(ClientId(999), "into the void").await.unwrap();
    assert_eq!(owncast.seen().whispers.len(), 1);
}

#[tokio::test]
async fn every_connection_is_listed_with_its_viewer() {
    let owncast = simulator().await;
    let bot = client(owncast.url(), TOKEN);
    assert_eq!(bot.clients().await.unwrap(), []);
    let ann = owncast.viewer("Ann").moderator();
    for _ in 0..2 {
        ann.connect().await;
    }
    owncast.viewer("Bob").authenticated().connect().await;
    // A viewer with an id that cannot be stored must not hide the others.
    owncast.viewer_with_id("a#b", "Odd").connect().await;

    let people = bot.clients().await.unwrap();
    let seen: Vec<_> = people.iter().map(|p| (p.id.as_str(), p.moderator, p.authenticated)).collect();
    assert_eq!(seen, [("ann", true, false), ("ann", true, false), ("bob", false, true)]);
    assert!(people.iter().all(|person| !person.bot && !person.banned && person.former_names.is_empty()));
}

#[tokio::test]
async fn status_follows_the_stream() {
    let owncast = simulator().await;
    let bot = client(owncast.url(), TOKEN);
    let before = bot.status().await.unwrap();
    assert_eq!((before.online, before.connected_at, before.disconnected_at), (false, None, None));
    owncast.go_live("Friday").await;
    let live = bot.status().await.unwrap();
    assert_eq!((live.online, &*live.title, live.disconnected_at), (true, "Friday", None));
    owncast.go_offline().await;
    let after = bot.status().await.unwrap();
    assert!(
        !after.online
            && after.connected_at == live.connected_at
            && after.disconnected_at >= live.connected_at
    );
}

fn id(text: &str) -> ViewerId {
    ViewerId::new(text).unwrap()
}

#[tokio::test]
async fn connection_belongs_to_its_present_viewer() {
    for version in [Version::V0_2_5, Version::V0_3_0] {
        let owncast = Simulator::start(Options { version, ..options() }).await.unwrap();
        let bot = client(owncast.url(), TOKEN);
        let (ann, bob) = (owncast.viewer("Ann"), owncast.viewer("Bob"));
        let (first, second) = (ann.connect().await, ann.connect().await);
        let other = bob.connect().await;
        assert_eq!(first, Tab(0));
        ann.disconnect(second).await;
        for (tab, viewer, expected) in [
            (first, "ann", Ownership::Theirs),
            (other, "bob", Ownership::Theirs),
            (second, "ann", Ownership::Foreign),
            (other, "ann", Ownership::Foreign),
            (first, "nobody", Ownership::Foreign),
            (first, "x/ann", Ownership::Foreign),
            (first, "ann?x", Ownership::Foreign),
        ] {
            assert_eq!(bot.owner(ClientId(tab.0), &id(viewer)).await.unwrap(), expected, "{tab:?} {viewer}");
        }
        ann.leave().await;
        assert_eq!(bot.owner(ClientId(first.0), &id("ann")).await.unwrap(), Ownership::Foreign);
    }
}

#[tokio::test]
async fn ownership_is_unknown_on_an_old_owncast() {
    let owncast = Simulator::start(Options { version: Version::V0_1_3, ..options() }).await.unwrap();
    let bot = client(owncast.url(), TOKEN);
    let ann = ClientId(owncast.viewer("Ann").connect().await.0);
    assert_eq!(bot.owner(ann, &id("ann")).await.unwrap(), Ownership::Unknown);
    owncast.set_api_fault(ApiFault::Down);
    assert!(matches!(bot.owner(ann, &id("ann")).await, Err(OwncastError::Unreachable(_))));
}

#[tokio::test]
async fn emoji_are_listed_without_the_token() {
    let owncast = simulator().await;
    // The token is wrong on purpose: a public call does not send it.
    let bot = client(owncast.url(), "wr0ng-token");
    let emoji = bot.emoji().await.unwrap();
    let parrot = Emoji { name: "beerparrot".to_owned(), path: "/img/emoji/beerparrot.svg".to_owned() };
    assert_eq!((emoji.len(), &emoji[0]), (3, &parrot));
    owncast.set_api_fault(ApiFault::Fail(503));
    assert!(
        matches!(bot.emoji().await, Err(OwncastError::Unreachable(why)) if why == "it responded with status 503")
    );

    let router = Router::new()
        .route(
            "/api/emoji",
            get(|headers: HeaderMap| async move {
                let authenticated = headers.contains_key("authorization") || headers.contains_key("cookie");
                if authenticated { "[]" } else { r#"[{"name":"a","url":"/a"},{"name":"b","url":"//b"}]"# }
            }),
        )
        .route("/closed/api/emoji", get(|| async { StatusCode::FORBIDDEN }));
    let url = serve(router).await;
    let names: Vec<_> = client(&url, TOKEN).emoji().await.unwrap().into_iter().map(|e| e.name).collect();
    assert_eq!(names, ["a"]);
    let closed = client(&format!("{url}/closed"), TOKEN).emoji().await;
    assert!(
        matches!(&closed, Err(OwncastError::Refused(why)) if why == "it does not serve this publicly (403)"),
        "{closed:?}"
    );
}

#[tokio::test]
async fn wrong_token_is_refused_and_not_repeated() {
    let owncast = simulator().await;
    let bot = client(owncast.url(), "wr0ng-token");
    let errors = [
        bot.say("x").await.unwrap_err(),
        bot.whisper(ClientId(0), "x").await.unwrap_err(),
        bot.clients().await.unwrap_err(),
        bot.status().await.unwrap_err(),
        bot.owner(ClientId(0), &id("ann")).await.unwrap_err(),
    ];
    for error in errors {
        let OwncastError::Refused(why) = &error else { panic!("{error:?}") };
        assert!(why.starts_with("the access token is unknown or lacks the permission to "), "{why}");
        assert!(!format!("{error:?}").contains("wr0ng"));
    }
    assert!(!format!("{bot:?}").contains("wr0ng"));
    assert!(owncast.said().is_empty());
}

#[tokio::test]
async fn status_200_with_an_error_is_a_failure() {
    let owncast = simulator().await;
    let bot = client(owncast.url(), TOKEN);
    owncast.set_api_fault(ApiFault::Error200);
    for result in [
        bot.say("x").await,
        bot.clients().await.map(drop),
        bot.status().await.map(drop),
        bot.owner(ClientId(0), &id("ann")).await.map(drop),
        bot.emoji().await.map(drop),
    ] {
        assert!(matches!(result, Err(OwncastError::Refused(why)) if why == "simulated failure"));
    }
    assert!(owncast.said().is_empty());
}

#[tokio::test]
async fn failing_owncast_is_unreachable() {
    let owncast = simulator().await;
    let bot = client(owncast.url(), TOKEN);
    owncast.set_api_fault(ApiFault::Fail(503));
    assert!(
        matches!(bot.say("x").await, Err(OwncastError::Unreachable(why)) if why == "it responded with status 503")
    );
    owncast.set_api_fault(ApiFault::Down);
    assert!(matches!(bot.say("x").await, Err(OwncastError::Unreachable(_))));
    owncast.set_api_fault(ApiFault::None);
    bot.say("back again").await.unwrap();
    assert_eq!(owncast.said(), ["back again"]);

    let url = owncast.url().to_owned();
    owncast.shutdown().await;
    let error = client(&url, TOKEN).say("x").await.unwrap_err();
    let OwncastError::Unreachable(why) = &error else { panic!("{error:?}") };
    assert!(why.starts_with("no connection"), "{why}");
    assert!(!why.contains("/api/"), "{why}");
}

#[tokio::test]
async fn call_times_out_after_three_seconds() {
    let owncast = simulator().await;
    let bot = client(owncast.url(), TOKEN);
    owncast.set_api_fault(ApiFault::Slow(Duration::from_secs(60)));
    let begun = Instant::now();
    let error = bot.say("x").await.unwrap_err();
    assert!(matches!(&error, OwncastError::Unreachable(why) if why == "no response within 3 s"), "{error:?}");
    assert!(begun.elapsed() < Duration::from_secs(8));
    assert!(owncast.said().is_empty());
}

#[tokio::test]
async fn odd_responses_are_distinguished() {
    let elsewhere = serve(Router::new().fallback(any(|| async { r#"{"success":true}"# }))).await;
    let target = elsewhere.clone();
    let router = Router::new()
        .route(
            "/echo/api/integrations/chat/send",
            post(|headers: HeaderMap| async move {
                let token = headers["authorization"].to_str().unwrap().to_owned();
                (StatusCode::BAD_REQUEST, format!(r#"{{"success":false,"message":"bad {token}"}}"#))
            }),
        )
        .route(
            "/moved/api/integrations/chat/send",
            post(move || async move { (StatusCode::TEMPORARY_REDIRECT, [("location", target)]) }),
        )
        .route("/html/api/integrations/chat/send", post(|| async { "<html>hello</html>" }))
        .route("/huge/api/integrations/clients", any(|| async { vec![b' '; 9 * 1024 * 1024] }))
        // Like a handler that looks only at the last part of the path: the response is about another viewer.
        .route(
            "/last/api/integrations/moderation/chat/user/{user}",
            any(|| async { r#"{"user":{"id":"ann"},"connectedClients":[{"id":0}]}"# }),
        )
        .route(
            "/proxy/api/integrations/moderation/chat/user/{user}",
            any(|| async { (StatusCode::NOT_FOUND, "<html>Nothing here</html>") }),
        );
    let url = serve(router).await;
    let at = |prefix: &str| client(&format!("{url}/{prefix}"), TOKEN);

    let refused = |result: Result<(), OwncastError>| match result {
        Err(OwncastError::Refused(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(at("echo").say("x").await), "bad Bearer … (400)");
    assert!(refused(at("moved").say("x").await).contains("(307)"));
    assert!(refused(at("nothing").say("x").await).contains("(404)"));
    assert!(matches!(at("html").say("x").await, Err(OwncastError::Garbled(_))));
    assert_eq!(at("last").owner(ClientId(0), &id("ann")).await.unwrap(), Ownership::Theirs);
    let other = at("last").owner(ClientId(0), &id("x/ann")).await;
    assert!(
        matches!(&other, Err(OwncastError::Garbled(why)) if why == "it is about another viewer than the requested one"),
        "{other:?}"
    );
    assert_eq!(at("proxy").owner(ClientId(0), &id("ann")).await.unwrap(), Ownership::Unknown);
    assert!(
        matches!(at("huge").clients().await, Err(OwncastError::Garbled(why)) if why == "it is longer than 8 MiB")
    );
}

/// A hook that passes on the requests that it gets.
async fn hook() -> (String, mpsc::UnboundedReceiver<(Option<String>, Bytes)>) {
    let (got, inbox) = mpsc::unbounded_channel();
    let router = Router::new().route(
        "/chatHook/secret-path",
        post(move |headers: HeaderMap, body: Bytes| {
            let signature = headers.get("owncast-signature").map(|value| value.to_str().unwrap().to_owned());
            got.send((signature, body)).unwrap();
            async { StatusCode::NO_CONTENT }
        }),
    );
    (format!("{}/chatHook/secret-path", serve(router).await), inbox)
}

/// Sends every kind of webhook, one after the other; returns the parsed events and the signatures.
async fn every_webhook(version: Version) -> (Vec<OwncastEvent>, Vec<Option<String>>) {
    let (url, mut inbox) = hook().await;
    let webhook = Some(Webhook::signed(url, "a good secret"));
    let owncast = Simulator::start(Options { version, webhook, workers: 1, ..options() }).await.unwrap();
    let (ann, bob) = (owncast.viewer("Ann"), owncast.viewer("Bob").moderator());
    // Owncast sends no join before the stream begins; connection 0 is Ann's.
    ann.connect().await;
    owncast.go_live("Friday").await;
    bob.connect().await;
    let second = bob.connect().await;
    let message = ann.says("!points").await;
    bob.says_from(second, "a < b & “ü”").await;
    ann.rename("Annie").await;
    owncast.hide(&[&message]).await;
    owncast.follow("@alice@social.example", "Alice").await;
    owncast.set_title("").await;
    owncast.set_title("Saturday").await;
    bob.disconnect(second).await;
    bob.leave().await;
    owncast.go_offline().await;
    let seen = owncast.wait_until_delivered().await.unwrap();
    assert!(seen.deliveries.iter().all(|delivery| delivery.outcome == Outcome::Status(204)));

    let secret = WebhookSecret::parse("a good secret").unwrap();
    let (mut events, mut signatures) = (Vec::new(), Vec::new());
    for delivery in &seen.deliveries {
        let (signature, body) = inbox.recv().await.unwrap();
        assert_eq!((&signature, &body), (&delivery.signature, &delivery.body));
        if signature.is_some() {
            verify(&secret, signature.as_deref(), &body, Timestamp::from_ms(delivery.at.as_millisecond()))
                .unwrap();
        }
        events.push(read_event(&body, Timestamp::from_ms(1)).unwrap());
        signatures.push(signature);
    }
    (events, signatures)
}

fn names(events: &[OwncastEvent]) -> Vec<String> {
    let one = |event: &OwncastEvent| match event {
        OwncastEvent::Chat(line) => {
            format!("{} ({}): {}", line.person.name, line.client.unwrap().0, line.text)
        }
        OwncastEvent::Joined { person, .. } => format!("{} joins", person.name),
        OwncastEvent::Parted { person, .. } => format!("{} parts", person.name),
        OwncastEvent::Renamed { person, event, at } => {
            assert_eq!((event.id().len(), at.ms()), (64, 1));
            format!("{} was {:?}", person.name, person.former_names)
        }
        OwncastEvent::VisibilityChanged { messages, visible, .. } => {
            format!("{} to {visible}", messages.len())
        }
        OwncastEvent::StreamStarted { title, .. } => format!("starts {title}"),
        OwncastEvent::StreamStopped { .. } => "stops".to_owned(),
        OwncastEvent::TitleChanged { title, .. } => format!("title {title}"),
        OwncastEvent::Followed { handle, name, .. } => format!("{name} = {handle} follows"),
        OwncastEvent::ScheduledStream | OwncastEvent::Unknown(_) => panic!("{event:?}"),
    };
    events.iter().map(one).collect()
}

#[tokio::test]
async fn webhooks_of_every_simulated_version_are_read() {
    let all = [
        "starts Friday",
        "Bob joins",
        "Ann (0): !points",
        "Bob (2): a < b & “ü”",
        "Annie was [\"Ann\"]",
        "1 to false",
        "Alice = alice@social.example follows",
        "title Saturday",
        "Bob parts",
        "stops",
    ];
    for version in [Version::V0_1_3, Version::V0_2_5, Version::V0_3_0] {
        let (events, signatures) = every_webhook(version).await;
        let expected: Vec<&str> = all
            .into_iter()
            .filter(|event| version > Version::V0_1_3 || !event.ends_with("follows"))
            .collect();
        assert_eq!(names(&events), expected, "{version:?}");
        assert!(signatures.iter().all(|signature| signature.is_some() == (version == Version::V0_3_0)));
    }
}

#[tokio::test]
async fn simulator_drops_duplicates_and_repeats_webhooks() {
    let (url, mut inbox) = hook().await;
    let owncast = Simulator::start(Options { webhook: Some(Webhook::new(url)), ..options() }).await.unwrap();
    let ann = owncast.viewer("Ann");
    owncast.set_webhook_fault(WebhookFault::Dropped);
    ann.says("lost").await;
    let lost = owncast.wait_until_delivered().await.unwrap().deliveries;
    assert_eq!(lost[0].outcome, Outcome::Dropped);
    owncast.set_webhook_fault(WebhookFault::Duplicated);
    ann.says("twice").await;
    owncast.wait_until_delivered().await.unwrap();
    assert_eq!(owncast.deliver_again(&lost[0]).await, Outcome::Status(204));
    let mut bodies = Vec::new();
    for _ in 0..3 {
        bodies.push(inbox.recv().await.unwrap().1);
    }
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bodies[2], lost[0].body);
}

#[tokio::test]
async fn unresponsive_hook_stalls_chat_in_the_simulator() {
    let (opened, mut calls) = mpsc::unbounded_channel();
    let release = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let gate = std::sync::Arc::clone(&release);
    let router = Router::new().fallback(any(move || {
        opened.send(()).unwrap();
        let gate = std::sync::Arc::clone(&gate);
        async move { drop(gate.acquire().await.unwrap()) }
    }));
    let webhook = Some(Webhook::new(serve(router).await));
    let owncast = Simulator::start(Options { webhook, workers: 1, ..options() }).await.unwrap();
    let (ann, bob) = (owncast.viewer("Ann"), owncast.viewer("Bob"));
    ann.says("one").await;
    calls.recv().await.unwrap();
    // Owncast's channel has room for one more; the next sender waits, and blocks chat.
    ann.says("two").await;
    let third = bob.says("three");
    tokio::pin!(third);
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut third).await.is_err());
    release.add_permits(10);
    assert!(!third.await.is_empty());
    assert_eq!(owncast.wait_until_delivered().await.unwrap().deliveries.len(), 3);
}
