//! The simulator behaves like Owncast, inconvenient behaviour included. The tests call it without the bot's
//! client.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use ownchatbot_simulator::{ApiFault, Options, Simulator, Version, Webhook};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

const TOKEN: &str = "test-token";

async fn start(version: Version) -> Simulator {
    Simulator::start(Options { version, part_delay: Duration::ZERO, ..Options::default() }).await.unwrap()
}

/// Calls the API with the token. Returns the status and the body.
async fn call(owncast: &Simulator, method: Method, path: &str, body: &str) -> (StatusCode, String) {
    let url = format!("{}/api/integrations/{path}", owncast.url());
    let request = Client::new().request(method, url).header("authorization", format!("bearer {TOKEN}"));
    let response = request.body(body.to_owned()).send().await.unwrap();
    assert!(response.headers().contains_key("access-control-allow-origin") || response.status() == 404);
    (response.status(), response.text().await.unwrap())
}

async fn json_of(owncast: &Simulator, path: &str) -> Value {
    let (status, body) = call(owncast, Method::GET, path, "").await;
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).unwrap()
}

#[tokio::test]
async fn call_without_the_token_is_unauthorized_in_plain_text() {
    let owncast = start(Version::V0_3_0).await;
    for header in [None, Some("Bearer wrong"), Some(TOKEN), Some("Basic test-token")] {
        let mut request = Client::new().get(format!("{}/api/integrations/clients", owncast.url()));
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401, "{header:?}");
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
        assert_eq!(response.text().await.unwrap(), "unauthorized");
    }
}

#[tokio::test]
async fn failed_calls_have_status_200_and_an_error() {
    let owncast = start(Version::V0_3_0).await;
    for path in ["chat/send", "chat/system", "chat/system/client/0", "chat/action", "chat/messagevisibility"]
    {
        for body in ["", "{", "{}", r#"{"body":5}"#] {
            let (status, response) = call(&owncast, Method::POST, path, body).await;
            let response: Value = serde_json::from_str(&response).unwrap();
            assert!(
                status == 200 && response["error"].is_string() && response["success"].is_null(),
                "{path} {body}"
            );
        }
    }
    let sent = json!({"success": true, "message": "sent"}).to_string();
    for path in ["chat/send", "chat/system", "chat/action", "chat/system/client/12345"] {
        let (status, response) = call(&owncast, Method::POST, path, r#"{"body":"hi"}"#).await;
        assert_eq!(
            (status.as_u16(), serde_json::from_str::<Value>(&response).unwrap().to_string()),
            (200, sent.clone())
        );
    }
    let seen = owncast.seen();
    assert_eq!((seen.said, seen.announced.len(), seen.whispers), (vec!["hi".to_owned()], 2, vec![]));
    let (status, response) = call(&owncast, Method::POST, "chat/user", "{}").await;
    assert!(status == 400 && response.contains("no longer supported"));
}

#[tokio::test]
async fn history_lists_the_newest_fifty_visible_lines_of_viewers_and_bots() {
    let owncast = start(Version::V0_3_0).await;
    let ann = owncast.viewer("Ann");
    let hidden = ann.says("hide me").await;
    for n in 0..60 {
        ann.says(&format!("<b>{n}</b>")).await;
    }
    let (_, _) = call(&owncast, Method::POST, "chat/send", r#"{"body":"a\\_b"}"#).await;
    let (_, _) = call(&owncast, Method::POST, "chat/system", r#"{"body":"not stored"}"#).await;
    let body = json!({"idArray": [hidden], "visible": false}).to_string();
    let (_, response) = call(&owncast, Method::POST, "chat/messagevisibility", &body).await;
    assert!(response.contains("changed"));
    assert_eq!(owncast.seen().hidden, [hidden]);

    let list = json_of(&owncast, "chat").await;
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 50);
    assert_eq!(list[0]["body"], "<p>&lt;b&gt;11&lt;/b&gt;</p>");
    assert!(list[0]["rawBody"].is_null() && list[0]["clientId"].is_null());
    assert_eq!((&list[49]["body"], &list[49]["user"]["isBot"]), (&json!("<p>a_b</p>"), &json!(true)));
}

#[tokio::test]
async fn only_the_moderation_call_contains_client_ids() {
    let owncast = start(Version::V0_3_0).await;
    let ann = owncast.viewer("Ann");
    let clients = [ann.connect().await, ann.connect().await];
    assert_eq!(clients.map(|tab| tab.0), [0, 1]);
    let listed = json_of(&owncast, "clients").await;
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert!(listed[0]["id"].is_null() && listed[0]["clientId"].is_null());
    let user = json_of(&owncast, "moderation/chat/user/ann").await;
    assert_eq!(
        user["connectedClients"].as_array().unwrap().iter().map(|c| &c["id"]).collect::<Vec<_>>(),
        [0, 1]
    );
    let (status, body) = call(&owncast, Method::GET, "moderation/chat/user/nobody", "").await;
    assert_eq!((status.as_u16(), &*body), (404, ""));

    let old = start(Version::V0_1_3).await;
    old.viewer("Ann").connect().await;
    let (status, body) = call(&old, Method::GET, "moderation/chat/user/ann", "").await;
    assert_eq!((status.as_u16(), &*body), (404, "404 page not found\n"));
    // The web server responds so before the token is checked.
    let url = format!("{}/api/integrations/moderation/chat/user/ann", old.url());
    assert_eq!(reqwest::get(url).await.unwrap().status(), 404);
}

#[tokio::test]
async fn title_and_status_are_the_same_in_every_response() {
    let owncast = start(Version::V0_2_5).await;
    owncast.viewer("Ann").connect().await;
    owncast.go_live("Friday").await;
    let (_, response) = call(&owncast, Method::POST, "streamtitle", r#"{"value":"Saturday"}"#).await;
    assert!(response.contains("\"success\":true"));
    owncast.follow("@bob@b.example", "Bob").await;
    let status = json_of(&owncast, "status").await;
    assert_eq!((&status["online"], &status["streamTitle"]), (&json!(true), &json!("Saturday")));
    assert_eq!((&status["versionNumber"], &status["viewerCount"]), (&json!("0.2.5"), &json!(1)));
    let public = |path: &'static str| {
        let url = format!("{}/api/{path}", owncast.url());
        async move { reqwest::get(url).await.unwrap().json::<Value>().await.unwrap() }
    };
    assert_eq!(public("status").await["online"], true);
    assert!(public("config").await["version"].as_str().unwrap().starts_with("Owncast v0.2.5"));
    assert_eq!(public("followers").await["results"][0]["username"], "bob@b.example");
    assert_eq!(public("emoji").await[0]["name"], "beerparrot");
    assert_eq!(public("config").await["externalActions"], json!([]));
    owncast.set_bot_url(Some("https://bot.example/".to_owned()));
    let actions = &public("config").await["externalActions"];
    assert_eq!(
        (&actions[0]["url"], actions.as_array().unwrap().len()),
        (&json!("https://bot.example/userpanel"), 1)
    );
}

#[tokio::test]
async fn every_emoji_has_a_picture() {
    let owncast = start(Version::V0_3_0).await;
    let get = |path: &str| reqwest::get(format!("{}{path}", owncast.url()));
    let list: Value = get("/api/emoji").await.unwrap().json().await.unwrap();
    let list = list.as_array().unwrap();
    assert!(list.len() >= 2);
    for emoji in list {
        let response = get(emoji["url"].as_str().unwrap()).await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"image/svg+xml".parse().unwrap())
        );
        let picture = response.text().await.unwrap();
        assert!(picture.starts_with("<svg xmlns=") && !picture.contains("script"), "{emoji}");
    }
    for path in ["/img/emoji/beerparrot", "/img/emoji/nobody.svg", "/img/emoji/.svg", "/img/emoji/"] {
        assert_eq!(get(path).await.unwrap().status(), 404, "{path}");
    }
}

#[tokio::test]
async fn links_in_whispers_can_be_followed() {
    let owncast = start(Version::V0_3_0).await;
    let ann = owncast.viewer("Ann").connect().await;
    for body in
        ["[Open your panel](https://bot.example/p/t0) or type *x*", "[a](javascript:b) \\[c](http://d)"]
    {
        let body = json!({ "body": body }).to_string();
        call(&owncast, Method::POST, &format!("chat/system/client/{}", ann.0), &body).await;
    }
    owncast.viewer("Ann").says("[mine](https://evil.example)").await;
    let state: Value = reqwest::get(format!("{}/simulator/state?since=0", owncast.url()))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let lines = state["lines"].as_array().unwrap();
    let parts: Vec<_> = lines.iter().map(|line| (&line["kind"], &line["text"], &line["parts"])).collect();
    let plain = |text: &str| json!([{ "text": text }]);
    assert_eq!(
        parts,
        [
            (
                &json!("whisper"),
                &json!("Open your panel or type *x*"),
                &json!([
                    { "text": "Open your panel", "href": "https://bot.example/p/t0" }, { "text": " or type *x*" },
                ])
            ),
            (
                &json!("whisper"),
                &json!("[a](javascript:b) [c](http://d)"),
                &plain("[a](javascript:b) [c](http://d)")
            ),
            (&json!("chat"), &json!("[mine](https://evil.example)"), &plain("[mine](https://evil.example)")),
        ]
    );
    assert_eq!(lines[0]["client"], json!(ann.0));
}

#[tokio::test]
async fn page_may_frame_only_the_bot() {
    let owncast = start(Version::V0_2_5).await;
    let policy = |path: &'static str| {
        let url = format!("{}{path}", owncast.url());
        async move {
            let page = reqwest::get(url).await.unwrap();
            page.headers()["content-security-policy"].to_str().unwrap().to_owned()
        }
    };
    let state = || async {
        let url = format!("{}/simulator/state?since=0", owncast.url());
        reqwest::get(url).await.unwrap().json::<Value>().await.unwrap()["action"].clone()
    };
    assert!(policy("/").await.ends_with("; frame-src 'none'"));
    assert_eq!(state().await, Value::Null);
    owncast.set_bot_url(Some("https://bot.example/prefix".to_owned()));
    assert!(policy("/").await.ends_with("; frame-src https://bot.example"));
    assert!(policy("/simulator/page.js").await.ends_with("; frame-src 'none'"));
    let action = json!({ "url": "https://bot.example/prefix/userpanel", "title": "Points and rewards", "tells_id": false });
    assert_eq!(state().await, action);
    for odd in ["https://bot.example; script-src *", "javascript:alert(1)"] {
        owncast.set_bot_url(Some(odd.to_owned()));
        assert!(policy("/").await.ends_with("; frame-src 'none'"), "{odd}");
    }
}

#[tokio::test]
async fn call_with_a_late_response_takes_effect_at_once() {
    let owncast = start(Version::V0_3_0).await;
    owncast.set_api_fault(ApiFault::LateResponse(Duration::from_secs(60)));
    let url = format!("{}/api/integrations/chat/send", owncast.url());
    let request = Client::new().post(url).bearer_auth(TOKEN).body(r#"{"body":"late"}"#);
    let calling = tokio::spawn(request.send());
    owncast.wait_for("the line", |seen| seen.said == ["late"]).await.unwrap();
    assert!(!calling.is_finished());
    calling.abort();
    owncast.shutdown().await;
}

#[tokio::test]
async fn viewer_parts_with_the_last_tab_and_not_on_a_reload() {
    // Nothing listens on this port; the test only looks at what is sent.
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let webhook = Some(Webhook::new(format!("http://{unused}/")));
    let options = Options { webhook, part_delay: Duration::from_millis(500), ..Options::default() };
    let owncast = Simulator::start(options).await.unwrap();
    owncast.go_live("").await;
    let ann = owncast.viewer("Ann");
    let first = ann.connect().await;
    ann.connect().await;
    ann.disconnect(first).await;
    ann.leave().await;
    // A reload within the delay.
    ann.connect().await;
    ann.leave().await;
    let seen = owncast
        .wait_for("the departure", |seen| {
            seen.deliveries.iter().any(|delivery| delivery.kind == "USER_PARTED")
        })
        .await
        .unwrap();
    let kinds: Vec<_> = seen.deliveries.iter().map(|delivery| delivery.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "USER_JOINED").count(), 1, "{kinds:?}");
    assert_eq!(kinds.iter().filter(|kind| **kind == "USER_PARTED").count(), 1, "{kinds:?}");
}

#[tokio::test]
async fn banned_viewer_cannot_connect_or_write() {
    let owncast = start(Version::V0_3_0).await;
    let ann = owncast.viewer("Ann");
    ann.connect().await;
    ann.ban().await;
    assert!(ann.tabs().is_empty());
    ann.connect().await;
    assert_eq!(json_of(&owncast, "clients").await, json!([]));
    assert_eq!(ann.says("let me in").await, "");
    assert!(json_of(&owncast, "moderation/chat/user/ann").await["user"]["disabledAt"].is_string());
}

#[tokio::test]
async fn message_ids_do_not_repeat_after_a_restart() {
    let (first, second) = (start(Version::V0_3_0).await, start(Version::V0_3_0).await);
    let ids = [first.viewer("Ann").says("hi").await, second.viewer("Ann").says("hi").await];
    assert_ne!(ids[0], ids[1]);
    assert_eq!(first.viewer("Ann").id(), second.viewer("Ann").id());
}

#[tokio::test]
async fn page_carries_out_actions_and_shows_the_state() {
    let options =
        Options { cast: true, bot_url: Some("http://127.0.0.1:1/".to_owned()), ..Options::default() };
    let owncast = Simulator::start(options).await.unwrap();
    let http = Client::new();
    let page = http.get(owncast.url()).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    let html = page.text().await.unwrap();
    assert!(!html.contains("style=") && !html.contains("onclick"));
    let links = html.split(['"']).filter(|part| part.starts_with("/simulator/"));
    for link in links.chain(["/simulator/action.js", "/simulator/chat.js", "/simulator/desk.js"]) {
        let response = http.get(format!("{}{link}", owncast.url())).send().await.unwrap();
        assert_eq!(response.status(), 200, "{link}");
    }

    let act = |what: Value| http.post(format!("{}/simulator/act", owncast.url())).json(&what).send();
    for what in [
        json!({"act": "live", "title": "Friday"}),
        json!({"act": "say", "client": 0, "text": "<b>hi</b>"}),
        json!({"act": "arrive", "name": "Zoë"}),
        json!({"act": "moderator", "viewer": "bob", "on": true}),
        json!({"act": "rename", "viewer": "bob", "name": "Bobby"}),
        json!({"act": "hooks", "link": "lost"}),
        json!({"act": "api", "link": "failing"}),
        json!({"act": "follow", "handle": "@a@a.example"}),
    ] {
        assert_eq!(act(what.clone()).await.unwrap().status(), 200, "{what}");
    }
    assert_eq!(act(json!({"act": "say", "client": 99, "text": "hi"})).await.unwrap().status(), 422);
    assert_eq!(act(json!({"act": "arrive", "name": " "})).await.unwrap().status(), 422);
    assert_eq!(act(json!({"act": "explode"})).await.unwrap().status(), 400);
    let foreign =
        http.post(format!("{}/simulator/act", owncast.url())).header("origin", "http://evil.example");
    assert_eq!(foreign.json(&json!({"act": "offline"})).send().await.unwrap().status(), 403);

    let url = format!("{}/simulator/state?since=0", owncast.url());
    let state: Value = reqwest::get(&url).await.unwrap().json().await.unwrap();
    assert_eq!(
        (&state["live"], &state["title"], &state["hooks"], &state["api"]),
        (&json!(true), &json!("Friday"), &json!("lost"), &json!("failing"))
    );
    let names: Vec<_> = state["viewers"].as_array().unwrap().iter().map(|viewer| &viewer["name"]).collect();
    assert_eq!(names, ["Ann", "Bobby", "Cleo", "Dora", "Zoë"]);
    let said = state["lines"].as_array().unwrap().iter().find(|line| line["kind"] == "chat").unwrap();
    assert_eq!((&said["name"], &said["text"]), (&json!("Ann"), &json!("<b>hi</b>")));
    let after: Value = reqwest::get(format!("{}/simulator/state?since={}", owncast.url(), said["number"]))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(
        after["lines"]
            .as_array()
            .unwrap()
            .iter()
            .all(|line| line["number"].as_u64() > said["number"].as_u64())
    );
    assert_eq!(state["bot_url"], "http://127.0.0.1:1/");
    assert_eq!(
        (&state["action"]["url"], &state["action"]["tells_id"]),
        (&json!("http://127.0.0.1:1/userpanel"), &json!(true))
    );
}
