//! How the document shows what happens.

use axum::http::Request;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::reward::{Access, Cooldown, Limits, Note, Scope};
use ownchatbot_domain::settings::{PointsName, PointsSettings};
use ownchatbot_domain::{Category, CategoryId, Reward, Span, Status};
use ownchatbot_testkit::builders::{goal, moderator, person, redeem, sample_rewards};
use ownchatbot_testkit::configure::{save_category, save_reward, save_section};
use ownchatbot_testkit::http::send;
use serde_json::{Value, json};

use crate::harness::{KEY, LIVE, OverlayTest, another};

/// The document one second later, when the cached one has expired.
async fn next(test: &OverlayTest) -> Value {
    test.bot.clock.push(Span::seconds(1));
    test.document().await
}

fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|entry| entry["name"] == name).unwrap()
}

#[tokio::test]
async fn votes_and_goals_count_uses() {
    let test = OverlayTest::new().await;
    let ann = person("Ann");
    test.bot.endow(&ann, 1000).await;
    test.bot.answer(&ann, "!red").await;
    test.bot.answer(&ann, "!charity 300").await;
    let document = next(&test).await;
    let red = named(&document["votes"], "red");
    assert_eq!((&red["count"], &red["points"], &red["open"]), (&json!(1), &json!(10), &json!(true)));
    let charity = named(&document["goals"], "charity");
    assert_eq!((&charity["progress"], &charity["open"]), (&json!(300), &json!(true)));
    assert_eq!(charity["milestones"][0], json!({ "at": 250, "text": "step 250", "reached": true }));
    assert_eq!(charity["milestones"][1]["reached"], false);
    assert_eq!(
        [&red["count_text"], &charity["progress_text"], &charity["rest_text"]],
        ["1 vote", "300 of 1,000", "700 to go"]
    );

    test.bot.endow(&ann, 1000).await;
    test.bot.answer(&ann, "!charity 700").await;
    let document = next(&test).await;
    let charity = named(&document["goals"], "charity");
    assert_eq!((&charity["progress"], &charity["open"]), (&json!(1000), &json!(false)));
    assert_eq!(named(&document["rewards"], "charity")["on"], false);
    let alerts: Vec<(&Value, &Value, &Value)> = document["alerts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|alert| (&alert["kind"], &alert["reward"], &alert["points"]))
        .collect();
    assert_eq!(
        alerts,
        [
            (&json!("milestone"), &json!("charity"), &json!(250)),
            (&json!("milestone"), &json!("charity"), &json!(500)),
            (&json!("goal"), &json!("charity"), &json!(1000)),
        ]
    );
}

#[tokio::test]
async fn queue_shows_hashes_and_names_but_no_ids() {
    let test = OverlayTest::new().await;
    let (ann, bob) = (person("Ann"), person("Bob"));
    for viewer in [&ann, &bob] {
        test.bot.endow(viewer, 1000).await;
    }
    test.bot.answer(&ann, "!song Blue").await;
    test.bot.clock.push(Span::minutes(6));
    test.bot.answer(&bob, "!hydrate").await;
    let response = {
        test.bot.clock.push(Span::seconds(1));
        test.get(LIVE).await
    };
    for viewer in [&ann, &bob] {
        assert!(!response.text().contains(viewer.id.as_str()), "{}", response.text());
    }
    let document = response.json();
    let queue = &document["queue"];
    assert_eq!(document["waiting"], 2);
    assert_eq!(
        (&queue[0]["name"], &queue[0]["reward"], &queue[0]["note"]),
        (&json!("Ann"), &json!("song"), &json!("Blue"))
    );
    assert_eq!(queue[1]["note"], Value::Null);
    let key = ownchatbot_app::SigningKey::parse(KEY).unwrap();
    assert_eq!(queue[0]["viewer"], key.viewer(ann.id.as_str()));
    assert_ne!(queue[0]["viewer"], queue[1]["viewer"]);
}

#[tokio::test]
async fn rewards_show_their_cooldowns_limits_and_access() {
    let all = Cooldown { length: Span::minutes(5), scope: Scope::Everybody };
    let each = Cooldown { scope: Scope::EachViewer, ..all };
    let limits = Limits { stock: Some(3), per_stream: Some(1), per_viewer: Some(1) };
    let rewards = [
        Reward { cooldown: Some(all), ..redeem("rests", 1) },
        Reward { cooldown: Some(each), ..redeem("rests-for-each", 1) },
        Reward { limits, ..redeem("limited", 1) },
        Reward { limits: Limits { per_stream: None, ..limits }, ..redeem("stocked", 1) },
        Reward { only_live: true, access: Access::Followers, note: Note::Optional, ..redeem("live", 1) },
        Reward { enabled: false, ..redeem("off", 1) },
    ];
    let test = OverlayTest::with(&rewards).await;
    let ann = person("Ann");
    test.bot.endow(&ann, 1000).await;
    let used = test.bot.now();
    for name in ["rests", "rests-for-each", "limited", "stocked"] {
        test.bot.answer(&ann, &format!("!{name}")).await;
    }
    let document = next(&test).await;
    let rewards = &document["rewards"];
    assert_eq!(rewards.as_array().unwrap().len(), 5, "only those that are offered: {rewards}");
    let ready = used.saturating_add(Span::minutes(5)).ms();
    let output = |name: &str| {
        let reward = named(rewards, name);
        (reward["on"].clone(), reward["ready_at"].clone(), reward["left"].clone())
    };
    assert_eq!(output("rests"), (json!(true), json!(ready), Value::Null));
    assert_eq!(output("rests-for-each"), (json!(true), Value::Null, Value::Null));
    assert_eq!(output("limited"), (json!(false), Value::Null, json!(0)));
    assert_eq!(output("stocked"), (json!(true), Value::Null, json!(2)));
    let state = |name: &str| {
        let state = &named(rewards, name)["state"];
        (state["text"].as_str().unwrap().to_owned(), state["usable"].clone(), state["until"].clone())
    };
    assert_eq!(state("rests"), ("again in".to_owned(), json!(false), json!(ready)));
    let after = &named(rewards, "rests")["state"]["after"];
    assert_eq!((&after["text"], &after["usable"], &after["until"]), (&json!(""), &json!(true), &Value::Null));
    // A cooldown of Ann's alone is not public.
    assert_eq!(state("rests-for-each"), (String::new(), json!(true), Value::Null));
    assert_eq!(state("limited"), ("used up".to_owned(), json!(false), Value::Null));
    assert_eq!(state("stocked"), ("2 left".to_owned(), json!(true), Value::Null));
    assert_eq!(state("live"), ("while the stream is live".to_owned(), json!(false), Value::Null));
    assert_eq!(document["unlisted"]["text"], "off right now");
    let live = named(rewards, "live");
    assert_eq!(
        [&live["on"], &live["only_live"], &live["access"], &live["note"]],
        [&json!(false), &json!(true), &json!("followers"), &json!("optional")]
    );

    test.bot.clock.push(Span::minutes(5));
    test.bot.goes_live().await;
    let document = next(&test).await;
    assert_eq!(named(&document["rewards"], "live")["state"]["usable"], true);
    let on = |name: &str| named(&document["rewards"], name)["on"].clone();
    assert_eq!(
        [on("live"), on("limited"), named(&document["rewards"], "rests")["ready_at"].clone()],
        [json!(true), json!(true), Value::Null]
    );
    assert_eq!((&document["live"], &document["title"]), (&json!(true), &json!("A stream")));
}

#[tokio::test]
async fn ends_categories_and_settings_are_shown() {
    let test = OverlayTest::with(&[]).await;
    let day = CategoryId::new("day").unwrap();
    let ends = test.bot.now().saturating_add(Span::minutes(10));
    let category = Category { id: day.clone(), name: "Day & night".to_owned(), on: true };
    save_category(test.bot.store(), &category, 0).await.unwrap();
    let reward = Reward { ends: Some(ends), categories: vec![day], ..goal("charity", 1000, &[]) };
    save_reward(test.bot.store(), &reward, None).await.unwrap();
    let points = PointsSettings { name: PointsName::new("drops"), ..PointsSettings::default() };
    save_section(test.bot.store(), &Section::Points(points), 0).await.unwrap();
    let document = test.document().await;
    let charity = &document["goals"][0];
    assert_eq!((&charity["ends"], &charity["open"]), (&json!(ends.ms()), &json!(true)));
    assert_eq!(document["rewards"][0]["categories"], json!(["Day & night"]));
    assert_eq!((&document["points"], &document["prefix"]), (&json!("drops"), &json!("!")));
    test.bot.clock.push(Span::minutes(10));
    assert_eq!(test.document().await["goals"][0]["open"], false);
}

#[tokio::test]
async fn hostile_names_stay_strings() {
    let names =
        ["<script>alert(1)</script>", "\"><img onerror=x>", "\u{202e}evil", "a\u{2028}b", "\\u0000", "Z͑ͫ̓ͪ̂ͫ̽"];
    let test = OverlayTest::new().await;
    for (n, name) in names.iter().enumerate() {
        let viewer = ownchatbot_domain::Person { name: (*name).to_owned(), ..person(&format!("viewer{n}")) };
        test.bot.endow(&viewer, 1000).await;
        test.bot.answer(&viewer, &format!("!song {name}")).await;
        test.bot.clock.push(Span::minutes(5));
    }
    let response = test.get(LIVE).await;
    let document = response.json();
    let shown: Vec<&str> =
        document["queue"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(shown, names);
    assert_eq!(response.header("content-type"), "application/json");
    assert_eq!(response.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn hidden_note_is_not_shown() {
    let test = OverlayTest::new().await;
    let ann = person("Ann");
    test.bot.endow(&ann, 1000).await;
    test.bot.hears("rude", &ann, "!song something rude").await.unwrap();
    test.bot.clock.push(Span::seconds(1));
    assert!(test.get(LIVE).await.text().contains("something rude"));
    let (event, messages, now) = (test.bot.fresh_event(), ["rude".to_owned()], test.bot.now());
    let hide = ownchatbot_app::moderation::on_visibility(&test.bot.context, &event, &messages, false, now);
    hide.await.unwrap();
    let document = next(&test).await;
    assert_eq!(document["queue"][0]["note"], Value::Null);
    assert!(!document.to_string().contains("something rude"), "{document}");
}

#[tokio::test]
async fn running_timer_is_shown() {
    let test = OverlayTest::new().await;
    let boss = moderator("Boss");
    test.bot.endow(&boss, 0).await;
    test.bot.answer(&boss, "!timer 5m tea").await;
    let set_at = test.bot.now();
    let document = next(&test).await;
    let timer = &document["timers"][0];
    assert_eq!(
        (&timer["name"], &timer["set_at"], &timer["ends"]),
        (&json!("tea"), &json!(set_at.ms()), &json!(set_at.saturating_add(Span::minutes(5)).ms()))
    );
    assert_eq!(document["next_poll_ms"], 2000);
}

#[tokio::test]
async fn poll_interval_is_short_only_while_something_happens() {
    let test = OverlayTest::with(&sample_rewards()).await;
    let pace = async || next(&test).await["next_poll_ms"].clone();
    assert_eq!(pace().await, 15_000, "off and quiet");
    let ann = person("Ann");
    test.bot.endow(&ann, 1000).await;
    test.bot.answer(&ann, "!red").await;
    assert_eq!(pace().await, 2_000, "a vote");
    test.bot.clock.push(Span::minutes(2));
    assert_eq!(pace().await, 15_000, "and nothing after it");
    test.bot.answer(&ann, "!hydrate").await;
    assert_eq!(pace().await, 2_000, "a redeem");
    test.bot.clock.push(Span::minutes(2));
    assert_eq!(pace().await, 15_000, "that waits");
    test.bot.goes_live().await;
    assert_eq!(pace().await, 2_000, "the stream begins");
    test.bot.clock.push(Span::minutes(2));
    assert_eq!(pace().await, 5_000, "live and quiet");
    // A process notices that a redemption left the queue only if it has seen it there.
    let waiting = test.bot.queue().await;
    let (event, key) = (test.bot.fresh_event(), waiting[0].key());
    let done = ownchatbot_app::queue::on_close(&test.bot.context, &event, &key, Status::Fulfilled);
    done.await.unwrap();
    assert_eq!(pace().await, 2_000, "the queue is worked");
    let cold = send(&another(&test.bot, None), Request::get(LIVE), "").await.json();
    assert_eq!(cold["next_poll_ms"], 5_000, "a process that has seen nothing before");
}
