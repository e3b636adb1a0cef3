//! Clicks.

use ownchatbot_domain::{Effect, Status};
use ownchatbot_testkit::builders::person;

use crate::harness::{PanelTest, balance, hidden, notices};

#[tokio::test]
async fn redeem_is_announced_and_can_be_taken_back() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    test.bot.endow(&ann, 500).await;
    let browser = test.signed_in(&ann).await;
    let clicked = browser.submit("/userpanel/use/song", &[("argument", "Blue  Monday\n")]).await;
    assert_eq!(browser.notices(&clicked).await, "song is yours and waits in the queue.");
    let [waiting] = test.bot.queue().await.try_into().unwrap();
    assert_eq!((waiting.note.as_deref(), waiting.viewer_name.as_str()), (Some("Blue Monday"), "Ann"));
    let effects = test.bot.outbox(&waiting.event).await.into_iter().filter_map(|row| row.effect);
    let lines: Vec<Effect<String>> = effects.collect();
    assert_eq!(lines, [Effect::Say("Ann redeemed song: Blue Monday".to_owned())]);
    let back = browser.submit("/userpanel/take-back", &[]).await;
    assert_eq!(browser.notices(&back).await, "song is taken back: 100 points are yours again.");
    assert_eq!(test.bot.balance(&ann.id).await, 500);
    assert!(test.bot.queue().await.is_empty());
}

#[tokio::test]
async fn double_click_spends_once_and_shows_the_same_notice() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    test.bot.endow(&ann, 500).await;
    let browser = test.signed_in(&ann).await;
    let page = browser.get("/userpanel").await.text().to_owned();
    let fields = hidden(&page, "/userpanel/use/hydrate");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let (one, two) = tokio::join!(
        browser.post_partial("/userpanel/use/hydrate", &fields),
        browser.post_partial("/userpanel/use/hydrate", &fields)
    );
    for response in [&one, &two] {
        assert_eq!(
            notices(response.text()),
            "hydrate is yours and waits in the queue.",
            "{}",
            response.text()
        );
        assert_eq!(balance(response.text()).as_deref(), Some("450"));
    }
    assert_eq!(test.bot.queue().await.len(), 1);
}

#[tokio::test]
async fn refusal_that_is_not_about_a_field_is_a_notice() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    let browser = test.signed_in(&ann).await;
    let clicked = browser.submit("/userpanel/use/charity", &[("argument", "500")]).await;
    assert_eq!(browser.notices(&clicked).await, "You need 400 more points to give 500.");
    assert_eq!(test.bot.balance(&ann.id).await, 100);
}

#[tokio::test]
async fn votes_and_contributions_count() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    test.bot.endow(&ann, 500).await;
    let browser = test.signed_in(&ann).await;
    let voted = browser.submit("/userpanel/use/red", &[]).await;
    assert_eq!(browser.notices(&voted).await, "Your vote for red counts.");
    let gave = browser.submit("/userpanel/use/charity", &[("argument", "300")]).await;
    assert_eq!(browser.notices(&gave).await, "You gave 300 points to charity. Thank you!");
    let page = browser.get("/userpanel").await.text().to_owned();
    assert!(page.contains("300 of 1,000 — you gave 300") && page.contains("aria-valuenow=\"300\""), "{page}");
    assert!(page.contains("<li data-at=\"250\" class=\"reached\">"), "{page}");
    assert_eq!(balance(&page).as_deref(), Some("190"));
}

#[tokio::test]
async fn finished_redemption_is_reported_to_its_viewer() {
    let test = PanelTest::new().await;
    let (ann, bob) = (person("Ann"), person("Bob"));
    for viewer in [&ann, &bob] {
        test.bot.endow(viewer, 500).await;
        test.bot.answer(viewer, "!hydrate").await;
    }
    let browser = test.signed_in(&ann).await;
    let waiting = test.bot.queue().await;
    let known: Vec<String> =
        waiting.iter().map(|entry| format!("{}~{}", entry.at.ms(), entry.event)).collect();
    let path = format!("/userpanel/me?known={}+odd+1~x", known.join("+").replace(':', "%3A"));
    assert_eq!(notices(browser.get(&path).await.text()), "");
    for entry in &waiting {
        let event = test.bot.fresh_event();
        ownchatbot_app::queue::on_close(&test.bot.context, &event, &entry.key(), Status::Fulfilled)
            .await
            .unwrap();
    }
    // Bob's redemption is not reported to Ann.
    let response = browser.get(&path).await;
    assert_eq!(notices(response.text()), "Your hydrate is done.");
    assert!(response.text().contains("<div class=\"said good\" data-kind=\"done\">"), "{}", response.text());
}

#[tokio::test]
async fn viewer_can_leave_the_boards_and_return() {
    let test = PanelTest::new().await;
    let browser = test.signed_in(&person("Ann")).await;
    let left = browser.submit("/userpanel/boards", &[]).await;
    assert!(browser.notices(&left).await.starts_with("You are not shown on boards now."));
    let back = browser.submit("/userpanel/boards", &[]).await;
    assert!(browser.notices(&back).await.starts_with("You are shown on boards now."));
}

#[tokio::test]
async fn click_after_the_session_ended_spends_nothing() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    let browser = test.signed_in(&ann).await;
    let page = browser.get("/userpanel").await.text().to_owned();
    let fields = hidden(&page, "/userpanel/use/hydrate");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    test.bot.answer(&ann, "!unlink").await;
    let response = browser.post_partial("/userpanel/use/hydrate", &fields).await;
    assert_eq!((response.status.as_u16(), response.header("hx-reswap")), (401, "none"));
    assert!(notices(response.text()).starts_with("You are signed out."));
    assert_eq!(test.bot.balance(&ann.id).await, 100);
}
