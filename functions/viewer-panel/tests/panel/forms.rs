//! Forms: which are refused, and how they come back.

use axum::http::Request;
use ownchatbot_domain::{Person, Reward, Span};
use ownchatbot_testkit::builders::{person, sample_rewards};
use ownchatbot_testkit::http::assert_escaped_once;
use viewer_panel::path;

use crate::harness::{Browser, PanelTest, Refused, balance, encoded, form, hidden, notices, refused};

const SONG: &str = "/userpanel/use/song";

/// A viewer with 500 points, and their browser.
async fn ann() -> (PanelTest, Person, Browser) {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    test.bot.endow(&ann, 500).await;
    let browser = test.signed_in(&ann).await;
    (test, ann, browser)
}

/// The hidden fields of the form to `path` on the page, with the field `argument` filled in.
async fn filled(browser: &Browser, path: &str, argument: &str) -> Vec<(String, String)> {
    let mut fields = hidden(browser.get(path::PAGE).await.text(), path);
    fields.push(("argument".to_owned(), argument.to_owned()));
    fields
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn refused_form_comes_back_with_what_was_typed_and_a_sentence() {
    let (test, ann, browser) = ann().await;
    let long = format!("\"<b>{}", "x".repeat(2_000));
    for (path, id, argument, sentence) in [
        (SONG, "argument-song", "", "Add a note. Nothing was taken."),
        (
            SONG,
            "argument-song",
            long.as_str(),
            "Your note has 2,004 characters and 200 fit. Nothing was taken.",
        ),
        (
            "/userpanel/use/charity",
            "argument-charity",
            "none & <all>",
            "Type a number of points such as 50, a share such as 10%, or all. Nothing was taken.",
        ),
    ] {
        let value =
            argument.replace('&', "&#38;").replace('"', "&#34;").replace('<', "&#60;").replace('>', "&#62;");
        let expected = Some(Refused { value: &value, sentence });
        let fields = filled(&browser, path, argument).await;
        // With scripts, the card comes back.
        let card = browser.post_partial(path, &borrowed(&fields)).await;
        assert_eq!(card.status, 422);
        assert!(card.text().starts_with("<article class=\"card\""), "{}", card.text());
        assert_eq!(refused(card.text(), id), expected);
        assert_eq!(notices(card.text()), "");
        assert_eq!((card.header("hx-reswap"), card.header("cache-control")), ("", "no-store"));
        assert_escaped_once(card.text());
        // Without scripts, the whole page does.
        let page = browser.post(path, &borrowed(&fields)).await;
        assert_eq!(page.status, 422);
        assert_eq!(refused(page.text(), id), expected);
        assert!(page.text().starts_with("<!doctype html>") && balance(page.text()).is_some());
        assert!(page.header("content-security-policy").contains("frame-ancestors http"));
        assert_escaped_once(page.text());
        assert_eq!(page.text().matches("aria-invalid").count(), 1, "only this field is wrong");
    }
    assert_eq!(test.bot.balance(&ann.id).await, 500);
}

#[tokio::test]
async fn corrected_form_is_carried_out_once() {
    let (test, ann, browser) = ann().await;
    let wrong = filled(&browser, SONG, "").await;
    let back = browser.post_partial(SONG, &borrowed(&wrong)).await;
    let mut right = hidden(back.text(), SONG);
    right.push(("argument".to_owned(), "Blue Monday".to_owned()));
    for _ in 0..2 {
        let done = browser.post_partial(SONG, &borrowed(&right)).await;
        assert_eq!(notices(done.text()), "song is yours and waits in the queue.");
        assert_eq!((done.status.as_u16(), refused(done.text(), "argument-song")), (200, None));
    }
    assert_eq!(test.bot.balance(&ann.id).await, 400);
    // A refused form has not used its one-time key up. It may be corrected on the first page, too.
    test.bot.clock.push(Span::minutes(10));
    let mut same = wrong;
    same.last_mut().unwrap().1 = "Bizarre Love Triangle".to_owned();
    let done = browser.post_partial(SONG, &borrowed(&same)).await;
    assert_eq!(notices(done.text()), "song is yours and waits in the queue.");
    assert_eq!(test.bot.balance(&ann.id).await, 300);
}

#[tokio::test]
async fn refused_click_stays_within_the_reads_of_a_click() {
    let (test, _, browser) = ann().await;
    let fields = filled(&browser, SONG, "").await;
    test.bot.faults.reset();
    assert_eq!(browser.post_partial(SONG, &borrowed(&fields)).await.status, 422);
    let requests = test.bot.faults.requests();
    assert_eq!(requests.get("TransactWriteItems"), None);
    assert!(requests.values().sum::<u32>() <= 8, "{requests:?}");
}

#[tokio::test]
async fn forms_without_their_tokens_or_too_large_are_refused() {
    let (test, ann, browser) = ann().await;
    let fields = filled(&browser, SONG, "Blue Monday").await;
    let change = |name: &'static str, value: Option<&'static str>| {
        let kept = fields.iter().filter(move |(field, _)| field != name).cloned();
        kept.chain(value.map(|value| (name.to_owned(), value.to_owned()))).collect::<Vec<_>>()
    };
    for (name, value) in
        [("csrf", None), ("key", None), ("csrf", Some("")), ("key", Some("")), ("csrf", Some("x"))]
    {
        let response = browser.post(SONG, &borrowed(&change(name, value))).await;
        assert_eq!(response.status, 403, "{name} {value:?}");
    }
    let twice: Vec<_> = fields.iter().chain(&fields).cloned().collect();
    assert_eq!(browser.post(SONG, &borrowed(&twice)).await.status, 403, "fields that do not repeat");
    let key = [("key".to_owned(), "x".repeat(201))];
    let long: Vec<_> = change("key", None).into_iter().chain(key).collect();
    assert_eq!(browser.post(SONG, &borrowed(&long)).await.status, 403, "a key that no page makes");
    let large = filled(&browser, SONG, &"x".repeat(20_000)).await;
    for response in [
        browser.post(SONG, &borrowed(&large)).await,
        browser.post(path::SIGN_IN, &[("code", &"x".repeat(20_000))]).await,
    ] {
        assert_eq!(response.status, 413);
    }
    let cross = Request::post(SONG).header("origin", "https://evil.example");
    assert_eq!(browser.send(cross, &encoded(&borrowed(&fields))).await.status, 403, "another origin");
    let stranger = test.browser().send(form(SONG), &encoded(&borrowed(&fields))).await;
    assert_eq!(stranger.status, 401);
    assert_eq!(test.bot.balance(&ann.id).await, 500);
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let (test, ann, browser) = ann().await;
    let mut fields = filled(&browser, SONG, "Blue Monday").await;
    for (name, value) in [("more", "1"), ("more", "2"), ("argument[]", "x"), ("", "y")] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    assert_eq!(browser.post(SONG, &borrowed(&fields)).await.status, 303);
    assert_eq!(test.bot.balance(&ann.id).await, 400);
    let page = test.browser().get("/userpanel?instance=x&username=Ann&note=a&note=b").await;
    assert_eq!(page.status, 200, "pages open whatever is added to their URL");
}

#[tokio::test]
async fn every_path_is_a_route_of_its_own() {
    let test = PanelTest::new().await;
    let mut paths = path::ALL.to_vec();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths.len(), path::ALL.len());
    for route in path::ALL {
        let path = route.replace("{reward}", "x").replace("{token}", "x");
        let (get, post) = (test.browser().get(&path).await, test.browser().post(&path, &[]).await);
        assert!(get.status != 404 && post.status != 404, "{path}: {} {}", get.status, post.status);
    }
    assert_eq!(path::to_use("a b"), "/userpanel/use/a%20b");
    assert_eq!(path::to_enter("x/y"), "/userpanel/enter/x%2Fy");
    assert_eq!(path::to_older("1#a"), "/userpanel/history?before=1%23a");
    assert_eq!(path::to_notice("forgotten"), "/userpanel?note=forgotten#said");
}

/// Text that needs escaping, in all pages and parts: each template escapes it once, and itself not at all.
#[tokio::test]
async fn no_page_is_escaped_twice() {
    let rewards: Vec<Reward> = sample_rewards()
        .into_iter()
        .map(|reward| Reward { description: "Fish & <chips>".to_owned(), ..reward })
        .collect();
    let test = PanelTest::with(&rewards).await;
    let ann = person("Ann & <Bob>");
    test.bot.endow(&ann, 1_000).await;
    for _ in 0..25 {
        test.bot.answer(&ann, "!red").await;
    }
    test.bot.answer(&ann, "!song 5 < 6 & \"7\"").await;
    let stranger = test.browser();
    let (_, token) = test.invitation(&ann).await;
    let browser = test.signed_in(&ann).await;
    let page = browser.get(path::PAGE).await;
    let older = page.text().split_once("href=\"/userpanel/history").unwrap().1.split('"').next().unwrap();
    let fields = filled(&browser, "/userpanel/use/hydrate", "").await;
    let pages = [
        stranger.get(path::PAGE).await,
        stranger.get("/userpanel?note=forgotten").await,
        stranger.post(path::SIGN_IN, &[("code", "AAAA-AAAA")]).await,
        stranger.post(path::CODE, &[]).await,
        stranger.post_partial(path::CODE, &[]).await,
        stranger.get(&path::to_enter(&token)).await,
        stranger.get(&path::to_enter("wrong")).await,
        browser.get(&format!("{}{older}", path::HISTORY)).await,
        browser.get(path::ME).await,
        browser.post_partial("/userpanel/use/hydrate", &borrowed(&fields)).await,
        browser.send(Request::get(path::DATA).header("hx-request", "true"), "").await,
        page,
    ];
    for page in &pages {
        assert_escaped_once(page.text());
    }
    let page = pages[11].text();
    assert!(
        page.contains("5 &#60; 6 &#38; &#34;7&#34;") && page.contains("Fish &#38; &#60;chips&#62;"),
        "{page}"
    );
    assert!(pages[9].text().contains(">Undo</button>"), "{}", pages[9].text());
}
