//! The page.

use axum::http::Request;
use ownchatbot_domain::reward::{Access, Cooldown, Limits, Note, Scope};
use ownchatbot_domain::{Category, CategoryId, Reward, Span};
use ownchatbot_testkit::builders::{person, redeem, sample_rewards};
use ownchatbot_testkit::configure::{save_category, save_section};
use ownchatbot_web::assets;
use serde_json::{Value, json};

use crate::harness::{PanelTest, balance};

/// The text of the first element that begins with `start`.
fn text_of<'a>(page: &'a str, start: &str) -> &'a str {
    let rest = page.split_once(start).unwrap_or_else(|| panic!("no {start} in {page}")).1;
    rest.split_once('>').unwrap().1.split('<').next().unwrap()
}

/// The viewer's own uses and states of rewards, as the page passes them to its script.
fn personal(page: &str) -> Value {
    let json = page.split_once("data-uses=\"").unwrap().1.split('"').next().unwrap();
    serde_json::from_str(&json.replace("&#34;", "\"")).unwrap()
}

fn state<'a>(page: &'a str, reward: &str) -> &'a str {
    let card = page.split_once(&format!("id=\"card-{reward}\"")).unwrap().1;
    text_of(card, "<span class=\"state")
}

#[tokio::test]
async fn page_without_a_session_shows_rewards_and_how_to_sign_in() {
    let test = PanelTest::new().await;
    test.bot.endow(&person("Ann"), 500).await;
    test.bot.answer(&person("Ann"), "!song Blue Monday").await;
    let response = test.browser().get("/userpanel").await;
    let page = response.text();
    assert_eq!(
        (response.status.as_u16(), response.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    for part in [
        "hydrate",
        "Write this in chat: the bot whispers you a code",
        "!panel</code>",
        "charity",
        "<bdi>song</bdi> · <bdi>Ann</bdi>",
        "Blue Monday",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(balance(page), None);
    assert!(page.contains("Sign in to redeem") && !page.contains("action=\"/userpanel/use/"), "{page}");
    assert_eq!(state(page, "song"), "again in 5:00");
    assert!(!page.contains("id-Ann"), "viewers' ids are not public");
}

#[tokio::test]
async fn page_may_be_framed_only_by_owncast_and_is_not_cached() {
    let test = PanelTest::new().await;
    let response = test.browser().get("/userpanel").await;
    let policy = response.header("content-security-policy").to_owned();
    let owncast = test.owncast.url().trim_end_matches('/').to_owned();
    assert!(policy.ends_with(&format!("frame-ancestors {owncast}")), "{policy}");
    assert!(policy.contains("script-src 'self'; style-src 'self'; "), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(response.header("cache-control"), "no-store");
    assert_eq!(response.header("x-content-type-options"), "nosniff");
    let set = response.header("set-cookie");
    assert!(
        set.starts_with("__Host-cookies=1; ") && set.contains("Secure; HttpOnly; SameSite=None; Partitioned"),
        "{set}"
    );
}

#[tokio::test]
async fn setting_names_the_url_of_owncast() {
    let test = PanelTest::new().await;
    let address = ownchatbot_domain::config::Section::Address {
        public_url: None,
        owncast_url: Some("https://live.example/watch".to_owned()),
    };
    save_section(test.bot.store(), &address, 1).await.unwrap();
    let policy = test.browser().get("/userpanel").await.header("content-security-policy").to_owned();
    assert!(policy.ends_with("frame-ancestors https://live.example"), "{policy}");
    assert!(policy.contains("img-src 'self' https://live.example;"), "{policy}");
}

#[tokio::test]
async fn rewards_are_grouped_by_category_with_their_states() {
    let tonight = Category { id: CategoryId::new("t").unwrap(), name: "Tonight".to_owned(), on: true };
    let of = |reward: Reward| Reward { categories: vec![tonight.id.clone()], ..reward };
    let rewards = [
        of(Reward { only_live: true, ..redeem("live", 5) }),
        of(Reward { access: Access::Members, ..redeem("club", 5) }),
        of(Reward { limits: Limits { stock: Some(2), ..Limits::default() }, ..redeem("few", 5) }),
        of(Reward { limits: Limits { per_viewer: Some(1), ..Limits::default() }, ..redeem("once", 5) }),
        Reward { note: Note::Required, ..redeem("dear", 1_000) },
        Reward {
            cooldown: Some(Cooldown { length: Span::minutes(5), scope: Scope::EachViewer }),
            ..redeem("mine", 5)
        },
    ];
    let test = PanelTest::with(&rewards).await;
    save_category(test.bot.store(), &tonight, 0).await.unwrap();
    let ann = person("Ann");
    test.bot.endow(&ann, 100).await;
    test.bot.answer(&ann, "!mine").await;
    let browser = test.signed_in(&ann).await;
    let page = browser.get("/userpanel").await.text().to_owned();
    let (tonight, others) = page.split_once("<h2>Rewards</h2>").expect("those of no category come last");
    assert!(
        tonight.contains(">Tonight</h2>") && tonight.contains("card-live") && others.contains("card-dear")
    );
    let states =
        ["live", "club", "few", "once", "dear", "mine"].map(|reward| state(&page, reward).to_owned());
    assert_eq!(
        states,
        [
            "while the stream is live",
            "members only",
            "2 left",
            "1 left for you",
            "905 more to go",
            "again in 5:00"
        ]
    );
    // The script gets Ann's own states separately from the public ones.
    let own = personal(&page);
    let text = |reward: &str| own[reward]["state"]["text"].clone();
    assert_eq!(
        ["live", "club", "few", "once", "dear", "mine"].map(text),
        [
            Value::Null,
            json!("members only"),
            Value::Null,
            json!("1 left for you"),
            json!("905 more to go"),
            json!("again in")
        ]
    );
    let rest = &own["mine"]["state"];
    assert_eq!((&rest["usable"], &rest["after"]["usable"]), (&json!(false), &json!(true)));
    // Ann's own cooldown does not apply to others.
    assert_eq!(state(test.browser().get("/userpanel").await.text(), "mine"), "");
}

#[tokio::test]
async fn viewer_sees_their_own_balance_uses_and_statement() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    test.bot.endow(&ann, 1_240).await;
    test.bot.answer(&ann, "!charity 120").await;
    let browser = test.signed_in(&ann).await;
    let response = browser.get("/userpanel").await;
    let page = response.text();
    assert_eq!(balance(page).as_deref(), Some("1,120"));
    assert_eq!(personal(page)["charity"], json!({ "gave": "you gave 120", "state": null }));
    for part in
        ["120 of 1,000 — you gave 120", "Gave to charity", "−120", "Welcome", "+100", "+10 every 10 min"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Sign in to"), "{page}");
}

#[tokio::test]
async fn empty_lists_have_explanations() {
    let test = PanelTest::with(&[]).await;
    let page = test.browser().get("/userpanel").await.text().to_owned();
    for part in [
        "There are no rewards right now.",
        "No goal is set.",
        "Nothing to vote on",
        "Nothing is waiting.",
        "The stream is offline.",
    ] {
        assert!(page.contains(part), "{part}");
    }
    test.bot.goes_live().await;
    test.bot.clock.push(Span::seconds(2));
    let page = test.browser().get("/userpanel").await.text().to_owned();
    assert!(page.contains("id=\"offline\" class=\"banner soft\" hidden"), "{page}");
}

#[tokio::test]
async fn user_texts_are_escaped_and_emoji_become_pictures() {
    let rewards: Vec<Reward> = sample_rewards()
        .into_iter()
        .map(|reward| Reward { description: "A :foxheart: & <b>bold</b>".to_owned(), ..reward })
        .collect();
    let test = PanelTest::with(&rewards).await;
    let mallory = person("<script>alert(1)</script>");
    test.bot.endow(&mallory, 500).await;
    test.bot.answer(&mallory, "!song \"><img src=x onerror=alert(1)> :foxheart: :nobody:").await;
    let browser = test.signed_in(&mallory).await;
    for page in [test.browser().get("/userpanel").await, browser.get("/userpanel").await] {
        let page = page.text();
        assert!(
            !page.contains("<script>alert") && !page.contains("<img src=x") && !page.contains("<b>bold"),
            "{page}"
        );
        assert!(
            page.contains("class=\"emoji\" src=\"http://") && page.contains("alt=\":foxheart:\""),
            "{page}"
        );
        assert!(page.contains(":nobody:"), "{page}");
    }
    let emoji = test.browser().get("/userpanel/emoji.json").await.json();
    assert!(emoji["foxheart"].as_str().unwrap().ends_with(".svg"), "{emoji}");
}

#[tokio::test]
async fn page_is_sent_while_owncast_does_not_respond() {
    let test = PanelTest::new().await;
    let nowhere = crate::harness::another(&test.bot, "http://127.0.0.1:9/");
    let response = ownchatbot_testkit::http::send(&nowhere, Request::get("/userpanel"), "").await;
    assert_eq!(response.status, 200);
}

#[tokio::test]
async fn statement_has_pages() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    test.bot.endow(&ann, 1_000).await;
    for _ in 0..25 {
        test.bot.clock.push(Span::seconds(1));
        test.bot.answer(&ann, "!red").await;
    }
    let browser = test.signed_in(&ann).await;
    let page = browser.get("/userpanel").await.text().to_owned();
    assert_eq!(page.matches("Voted for red").count(), 20);
    let next = page.split_once("href=\"/userpanel/history?before=").unwrap().1.split('"').next().unwrap();
    let older = browser.get(&format!("/userpanel/history?before={next}")).await;
    assert_eq!(older.text().matches("Voted for red").count(), 5);
    assert!(older.text().contains("Welcome") && !older.text().contains(">Older<"), "{}", older.text());
    let partial = browser
        .send(Request::get(format!("/userpanel/history?before={next}")).header("hx-request", "true"), "")
        .await;
    assert!(!partial.text().contains("<html") && partial.text().contains("Welcome"));
    for odd in ["", "x", "99999999999999999999%23a", "%00"] {
        assert_eq!(browser.get(&format!("/userpanel/history?before={odd}")).await.status, 404, "{odd}");
    }
    assert_eq!(test.browser().get(&format!("/userpanel/history?before={next}")).await.status, 401);
}

#[tokio::test]
async fn first_page_load_is_small() {
    let test = PanelTest::new().await;
    let packed = test.browser().send(Request::get("/userpanel").header("accept-encoding", "gzip"), "").await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    let mut all = packed.body.len();
    let files = ["viewer/panel.css", "viewer/panel.js", "vendor/htmx.js"].map(assets::path);
    let files = files.into_iter().chain(assets::imports("viewer/panel.js"));
    for path in files {
        let (hash, file) = path.strip_prefix("/assets/").unwrap().split_once('/').unwrap();
        let gzip = axum::http::HeaderMap::from_iter([(
            axum::http::header::ACCEPT_ENCODING,
            "gzip".parse().unwrap(),
        )]);
        let response = assets::find(hash, file).unwrap().response(&gzip);
        all += axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().len();
    }
    assert!(all < 60 * 1024, "{all} bytes");
}
