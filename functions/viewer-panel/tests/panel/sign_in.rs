//! Signing in and out.

use axum::http::Request;
use ownchatbot_domain::Span;
use ownchatbot_testkit::builders::person;

use crate::harness::{PanelTest, balance, encoded, form, hidden, notices, refused};

#[tokio::test]
async fn whispered_code_signs_in_once() {
    let test = PanelTest::new().await;
    let (code, token) = test.invitation(&person("Ann")).await;
    let browser = test.browser();
    browser.get("/userpanel").await;
    let typed = code.to_lowercase().replace('-', " ");
    let response = browser.post("/userpanel/sign-in", &[("code", &typed)]).await;
    assert_eq!((response.status.as_u16(), response.header("location")), (303, "/userpanel"));
    assert_eq!(balance(browser.get("/userpanel").await.text()).as_deref(), Some("100"));
    // The link signs in too, and has not been used.
    let tab = test.browser();
    let door = tab.get(&format!("/userpanel/enter/{token}")).await;
    assert!(door.text().contains("<h1>Hello Ann</h1>"), "{}", door.text());
    assert_eq!(door.header("referrer-policy"), "no-referrer");
    assert_eq!(balance(tab.get("/userpanel").await.text()), None, "previewing a link does not use it up");
    tab.post(&format!("/userpanel/enter/{token}"), &[]).await;
    assert!(balance(tab.get("/userpanel").await.text()).is_some());
    // Neither works again.
    let other = test.browser();
    let again = other.post("/userpanel/sign-in", &[("code", &code)]).await;
    let field = refused(again.text(), "code").unwrap();
    assert_eq!((again.status.as_u16(), field.value), (422, code.as_str()));
    assert!(field.sentence.starts_with("That code is wrong, too old, or was used."), "{field:?}");
    assert!(other.get(&format!("/userpanel/enter/{token}")).await.text().contains("This link has expired"));
}

#[tokio::test]
async fn code_written_in_chat_signs_in() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    test.bot.endow(&ann, 250).await;
    let browser = test.browser();
    browser.get("/userpanel").await;
    let shown = browser.post_partial("/userpanel/code", &[]).await.text().to_owned();
    let command = shown.split_once("data-copy=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let seed = hidden(&shown, "/userpanel/code/wait").remove(0).1;
    let waiting = browser.post_partial("/userpanel/code/wait", &[("seed", &seed)]).await;
    assert_eq!(waiting.status, 204);
    let lines = test.bot.answer(&ann, &command).await;
    assert!(lines[0].contains("!unlink"), "{lines:?}");
    let signed_in = browser.post_partial("/userpanel/code/wait", &[("seed", &seed)]).await;
    assert_eq!(balance(signed_in.text()).as_deref(), Some("250"), "{}", signed_in.text());
    test.bot.answer(&ann, "!unlink").await;
    assert_eq!(balance(browser.get("/userpanel").await.text()), None);
    assert!(!browser.cookies().contains_key("__Host-panel"), "the cookie of an ended session is removed");
}

/// The browser refuses all cookies in the frame.
#[tokio::test]
async fn without_cookies_the_page_keeps_the_session() {
    let test = PanelTest::new().await;
    let (code, _) = test.invitation(&person("Ann")).await;
    let refuses = |headers: &[(&str, &str)], path: &str, body: String| {
        let mut request = form(path).header("hx-request", "true");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let browser = test.browser();
        async move { browser.send(request, &body).await }
    };
    let page = refuses(&[], "/userpanel/sign-in", encoded(&[("code", &code)])).await;
    let session = page.text().split_once("data-session=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let fields = hidden(page.text(), "/userpanel/use/hydrate");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let used = refuses(&[("x-panel-session", &session)], "/userpanel/use/hydrate", encoded(&fields)).await;
    assert!(used.text().contains("hydrate is yours"), "{}", used.text());
    // Where cookies are kept, the session is hidden from scripts.
    let browser = test.signed_in(&person("Bob")).await;
    assert!(!browser.get("/userpanel").await.text().contains("data-session"));
}

#[tokio::test]
async fn wrong_codes_are_counted_by_ip_address() {
    let test = PanelTest::new().await;
    let (code, _) = test.invitation(&person("Ann")).await;
    let browser = test.browser();
    let tries = |code: String, from: &'static str| {
        let browser = browser.clone();
        async move {
            let request =
                form("/userpanel/sign-in").header("x-viewer-address", from).header("hx-request", "true");
            browser.send(request, &encoded(&[("code", &code)])).await
        }
    };
    for n in 0..10 {
        let wrong = tries(format!("AAAA-AAA{}", n % 8 + 2), "203.0.113.7").await;
        let sentence = refused(wrong.text(), "code").unwrap().sentence;
        assert!(sentence.starts_with("That code is wrong"), "{sentence}");
    }
    let limited = tries(code.clone(), "203.0.113.7").await;
    let notice = notices(limited.text());
    assert!(notice.starts_with("Too many wrong codes. Try again in "), "{notice}");
    assert!(limited.text().contains(&format!(" value=\"{code}\"")), "the code is still in its field");
    assert_eq!(notices(tries(code, "203.0.113.8").await.text()), "You are signed in.");
}

#[tokio::test]
async fn forms_of_other_origins_and_sessions_are_refused() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    let browser = test.signed_in(&ann).await;
    let page = browser.get("/userpanel").await.text().to_owned();
    let fields = hidden(&page, "/userpanel/use/hydrate");
    let body = encoded(&fields.iter().map(|(name, value)| (&**name, &**value)).collect::<Vec<_>>());
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")]
    {
        let request = Request::post("/userpanel/use/hydrate").header(name, value);
        assert_eq!(browser.send(request, &body).await.status, 403, "{name}: {value}");
        let request = Request::post("/userpanel/sign-in").header(name, value);
        assert_eq!(browser.send(request, "code=AAAA-AAAA").await.status, 403, "{name}: {value}");
    }
    let without = browser.post("/userpanel/use/hydrate", &[("key", "k")]).await;
    assert_eq!(without.status, 403);
    let bob = test.signed_in(&person("Bob")).await;
    let theirs = bob.send(form("/userpanel/use/hydrate"), &body).await;
    assert_eq!(theirs.status, 403, "a form of another session");
    assert_eq!(test.bot.balance(&ann.id).await, 100);
}

#[tokio::test]
async fn sign_out_ends_one_session_or_all() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    let (here, there) = (test.signed_in(&ann).await, test.signed_in(&ann).await);
    let out = here.submit("/userpanel/sign-out", &[]).await;
    assert_eq!(here.notices(&out).await, "You are signed out here.");
    assert_eq!(balance(here.get("/userpanel").await.text()), None);
    assert!(balance(there.get("/userpanel").await.text()).is_some());
    let again = test.signed_in(&ann).await;
    let out = there.submit("/userpanel/sign-out", &[("everywhere", "true")]).await;
    assert_eq!(there.notices(&out).await, "You are signed out everywhere.");
    assert_eq!(balance(again.get("/userpanel").await.text()), None);
}

#[tokio::test]
async fn session_lasts_30_days_after_its_last_use() {
    let test = PanelTest::new().await;
    let browser = test.signed_in(&person("Ann")).await;
    for _ in 0..3 {
        test.bot.clock.push(Span::days(29));
        assert!(balance(browser.get("/userpanel").await.text()).is_some());
    }
    test.bot.clock.push(Span::days(31));
    assert_eq!(balance(browser.get("/userpanel").await.text()), None);
}
