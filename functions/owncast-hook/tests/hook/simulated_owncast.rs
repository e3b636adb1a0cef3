//! The hook with the simulated Owncast: every webhook is accepted, and the hook itself calls nothing.

use ownchatbot_app::ports::Clock;
use ownchatbot_domain::decide::SOON;
use ownchatbot_domain::{ClientId, Effect};
use ownchatbot_simulator::{Options, Outcome, Simulator, Tab, Version, Webhook, WebhookFault};
use tokio::net::TcpListener;

use crate::harness::{HookTest, SECRET, TOKEN};

/// Serves the hook of `test`, and returns its URL.
async fn serve(test: &HookTest) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = test.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/chatHook/{TOKEN}")
}

async fn owncast_of(test: &HookTest, version: Version) -> Simulator {
    let (url, clock) = (serve(test).await, test.clock.clone());
    let webhook = if version < Version::V0_3_0 { Webhook::new(url) } else { Webhook::signed(url, SECRET) };
    let options = Options { version, webhook: Some(webhook), ..Options::with_time(move || clock.now().ms()) };
    Simulator::start(options).await.unwrap()
}

#[tokio::test]
async fn every_version_of_owncast_is_handled_and_none_is_called() {
    for version in [Version::V0_1_3, Version::V0_2_5, Version::V0_3_0] {
        let test =
            if version < Version::V0_3_0 { HookTest::unsigned().await } else { HookTest::signed().await };
        let owncast = owncast_of(&test, version).await;
        owncast.go_live("A title").await;
        let ann = owncast.viewer("Ann");
        let (first, second) = (ann.connect().await, ann.connect().await);
        let asked = ann.says_from(second, "!points").await;
        // Two workers deliver at once; the order of the answers below must be certain.
        owncast.wait_until_delivered().await.unwrap();
        ann.says_from(first, "!song never gonna").await;
        owncast.wait_until_delivered().await.unwrap();
        let way_in = ann.says_from(first, "!panel").await;
        owncast.wait_until_delivered().await.unwrap();
        ann.rename("Anna").await;
        owncast.hide(&[&asked]).await;
        owncast.follow("@ann@social.example", "Ann").await;
        ann.leave().await;
        owncast.go_offline().await;
        let seen = owncast.wait_until_delivered().await.unwrap();

        assert!(seen.deliveries.len() >= 8, "{:?}", seen.deliveries);
        for delivery in &seen.deliveries {
            assert_eq!(delivery.outcome, Outcome::Status(200), "{}", delivery.kind);
        }
        assert_eq!(seen.calls, [], "the hook called Owncast");
        let line = "Ann, you have 100 points".to_owned();
        assert_eq!(test.effects(&asked).await, [Effect::Whisper { client: ClientId(second.0), line }]);
        // The function `dispatch` finds out whether this Owncast can tell whose connection it is.
        let (viewer, by) = ("ann".parse().unwrap(), test.clock.now().saturating_add(SOON));
        assert_eq!(test.effects(&way_in).await, [Effect::SignIn { client: ClientId(first.0), viewer, by }]);
        assert_eq!(test.balance("ann").await, 0);
    }
}

#[tokio::test]
async fn duplicate_webhooks_count_once() {
    let test = HookTest::signed().await;
    let owncast = owncast_of(&test, Version::V0_3_0).await;
    owncast.set_webhook_fault(WebhookFault::Duplicated);
    let ann = owncast.viewer("Ann");
    assert_eq!(ann.connect().await, Tab(0));
    let redeemed = ann.says("!song never gonna").await;
    let asked = ann.says("!points").await;
    let seen = owncast.wait_until_delivered().await.unwrap();
    assert_eq!(seen.deliveries.len(), 4);
    assert!(seen.deliveries.iter().all(|delivery| delivery.outcome == Outcome::Status(200)));
    assert_eq!((test.effects(&redeemed).await.len(), test.effects(&asked).await.len()), (1, 1));
    assert_eq!(test.balance("ann").await, 0);
}
