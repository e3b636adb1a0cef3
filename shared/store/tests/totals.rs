//! The ledger, the check of the totals, and the keys of everything that is written.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use ownchatbot_testkit::configure::{save_category, save_section};
use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_app::click::on_click;
use ownchatbot_app::{queue, sign_in, stream, tick};
use ownchatbot_domain::Command;
use ownchatbot_domain::command::SimpleCommand;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::settings::{
    AnnouncementSettings, ChatSettings, GiveSettings, PanelSettings, PointsSettings, StreakSettings,
    StreamSettings,
};
use ownchatbot_domain::timer::Timer;
use ownchatbot_domain::{
    Category, CategoryId, Cause, Change, Decision, Delta, Effect, EventId, LedgerChange, LedgerRow, PhraseId,
    RewardId, Schedule, Source, Span, Status, StreamChange, StreamId, Task, Timing, ViewerChange, ViewerId,
};
use ownchatbot_store::{Ending, Lane, LaneId, Lease, Watch};
use ownchatbot_testkit::bot::{Bot, signing_key};
use ownchatbot_testkit::builders::{event, moderator, person};
use ownchatbot_testkit::scripted::ScriptedOwncast;

fn number(n: i64) -> AttributeValue {
    AttributeValue::N(n.to_string())
}

#[tokio::test]
async fn ledger_row_of_every_cause_round_trips() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 100).await;
    let (reward, stream) = (RewardId::new("hydrate").unwrap(), StreamId::begun_at(bot.now()));
    let by = ViewerId::new("mod").unwrap();
    let causes = [
        Cause::Watching(stream),
        Cause::Redeem(reward.clone()),
        Cause::Vote(reward.clone()),
        Cause::Contribution(reward.clone()),
        Cause::Refund(reward),
        Cause::Donation,
        Cause::Gift(Some(by.clone())),
        Cause::Gift(None),
        Cause::Correction { by: by.clone(), reason: None },
        Cause::Correction { by, reason: Some("for the 🎵, \"thanks\"".to_owned()) },
    ];
    let mut expect = Vec::new();
    for (n, cause) in (1..).zip(causes) {
        bot.clock.push(Span::from_ms(1));
        let event = EventId::new(Source::Payment, format!("pay:{n}")).unwrap();
        let delta = Delta::new(if n % 2 == 0 { -n } else { n }).unwrap();
        let change =
            Change::Ledger(LedgerChange::Move { viewer: ann.id.clone(), delta, cause: cause.clone() });
        let decision = Decision::change(change);
        bot.store().commit(Some(&event), bot.now(), &decision).await.unwrap();
        expect.push(LedgerRow { at: bot.now(), delta, cause, event });
    }
    let rows = bot.store().ledger(&ann.id).await.unwrap();
    assert_eq!(rows[1..], expect);
    assert_eq!(rows[0].cause, Cause::Gift(None), "the welcome");
    assert_eq!(bot.verify_totals().await, 95);
}

#[tokio::test]
async fn correction_stores_moderator_and_reason() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 100).await;
    let answer = bot.answer(&moderator("Cleo"), "!removepoints Ann 30 spam & noise").await;
    insta::assert_snapshot!(answer.join("\n"), @"[Ann lost 30 points and now has 70.]");
    let row = bot.store().ledger(&ann.id).await.unwrap().pop().unwrap();
    let by = ViewerId::new("id-Cleo").unwrap();
    assert_eq!(row.cause, Cause::Correction { by, reason: Some("spam & noise".to_owned()) });
    assert_eq!(row.delta.get(), -30);
}

/// A bot after a stream in which everything was used.
async fn after_a_stream() -> Bot {
    let (bot, ann, bob) = (Bot::new().await, person("Ann"), person("Bob"));
    let owncast = ScriptedOwncast::default();
    bot.endow(&ann, 1000).await;
    bot.goes_live().await;
    owncast.watched_by(&[ann.clone(), bob.clone()]);
    for _ in 0..2 {
        bot.clock.push(Span::minutes(10));
        tick::on_tick(&bot.context, &owncast, bot.now()).await.unwrap();
    }
    for line in ["!points", "!hydrate", "!song Blue", "!red", "!charity 300", "!confetti", "!nope", "hello"] {
        bot.answer(&ann, line).await;
        bot.clock.push(Span::seconds(1));
    }
    let queue = bot.queue().await;
    queue::on_close(&bot.context, &event("c1"), &queue[0].key(), Status::Refunded).await.unwrap();
    queue::on_close(&bot.context, &event("c2"), &queue[1].key(), Status::Fulfilled).await.unwrap();
    bot.goes_offline().await;
    bot.clock.push(Span::minutes(10));
    bot.goes_live().await;
    bot.clock.push(Span::minutes(10));
    tick::on_tick(&bot.context, &owncast, bot.now()).await.unwrap();
    stream::on_followed(&bot.context, &event("f"), bot.now(), "eve@example.org", "Eve").await.unwrap();
    bot
}

#[tokio::test]
async fn consistent_table_has_no_violations() {
    let bot = after_a_stream().await;
    let totals = bot.store().verify_totals().await.unwrap();
    assert_eq!(totals.violations, [""; 0]);
    // Ann: 1,000, three ticks of 10, less 100 + 10 + 300 + 75; Bob: 100 and three ticks.
    assert_eq!((totals.viewers, totals.points), (2, 545 + 130));
}

#[tokio::test]
async fn wrong_sums_are_reported() {
    let planted = [
        ("VIEWER#id-Ann", "BALANCE", "balance", 546, "id-Ann has a balance of 546 but a ledger sum of 545"),
        ("VIEWER#id-Bob", "BALANCE", "open_points", 0, "id-Bob has a balance of 130 but a ledger sum of 120"),
        ("REWARD#red", "STATE", "count", 2, "red counts 2 uses for 10 points, its viewers 1 for 10"),
        (
            "REWARD#charity",
            "USE#id-Ann",
            "points",
            299,
            "charity counts 1 uses for 300 points, its viewers 1 for 299",
        ),
    ];
    let bot = after_a_stream().await;
    for (pk, sk, attribute, wrong, sentence) in planted {
        let right = bot.table.item(pk, sk).await.unwrap().remove(attribute).unwrap();
        bot.table.tamper(pk, sk, attribute, number(wrong)).await;
        assert_eq!(bot.store().verify_totals().await.unwrap().violations, [sentence]);
        bot.table.tamper(pk, sk, attribute, right).await;
    }
    for key in [("REWARD#charity", "STATE"), ("REWARD#charity", "USE#id-Ann")] {
        bot.table.tamper(key.0, key.1, "points", number(1001)).await;
    }
    bot.table.allow_violations();
    assert_eq!(
        bot.store().verify_totals().await.unwrap().violations,
        ["charity has 1001 points but a target of 1000"]
    );
}

#[tokio::test]
async fn missing_ledger_row_is_reported() {
    let bot = after_a_stream().await;
    let rows = bot.table.items().await;
    let text = |item: &std::collections::HashMap<String, AttributeValue>, name: &str| {
        item.get(name).unwrap().as_s().unwrap().clone()
    };
    let row = rows.iter().find(|item| text(item, "sk").starts_with("LEDGER#")).unwrap();
    let delete = bot.table.client.delete_item().table_name(&bot.table.name);
    let delete = delete.key("pk", row["pk"].clone()).key("sk", row["sk"].clone());
    delete.send().await.unwrap();
    bot.table.allow_violations();
    assert_eq!(bot.store().verify_totals().await.unwrap().violations.len(), 1);
}

/// The shape of a key: without ids, times and hashes.
fn shape(key: &str) -> String {
    let mut parts: Vec<&str> = key.split('#').collect();
    let kind = parts[0];
    for (place, part) in parts.iter_mut().enumerate() {
        *part = match kind {
            _ if part.len() == 13 && part.bytes().all(|byte| byte.is_ascii_digit()) => "<ms>",
            _ if place == 0 => part,
            _ if part.contains(':') => "<event>",
            "VIEWER" | "USE" | "REWARD" | "NAME" | "COMMAND" | "FOLLOWER" | "CATEGORY" | "PHRASE" => "<id>",
            "SIGNIN" | "SESSION" | "WRONG" => "<hash>",
            _ => part,
        };
    }
    parts.join("#")
}

/// Signs in by both ways and clicks, for the items that this leaves in the table.
async fn has_a_panel(bot: &Bot) {
    let (ann, key) = (person("Ann"), &signing_key());
    bot.answer(&ann, "!panel").await;
    let code = sign_in::code_to_type(&bot.context, key, "one").await.unwrap();
    bot.answer(&ann, &format!("!link {code}")).await;
    sign_in::confirm_link_code(&bot.context, key, "one", "session").await.unwrap();
    let code = sign_in::code_to_type(&bot.context, key, "two").await.unwrap();
    bot.answer(&ann, &format!("!link {code}")).await;
    sign_in::by_code(&bot.context, key, "ABCD-EFGH", Some("192.0.2.1"), "another").await.unwrap();
    let click = EventId::new(Source::Click, "click").unwrap();
    on_click(&bot.context, &click, &ann.id, &Command::Simple(SimpleCommand::Unlink)).await.unwrap();
}

#[tokio::test]
async fn table_holds_exactly_the_listed_items() {
    let bot = after_a_stream().await;
    let store = bot.store();
    bot.answer(&person("Ann"), "!hydrate").await;
    let day = Category { id: CategoryId::new("day").unwrap(), name: "Day".to_owned(), on: true };
    save_category(store, &day, 0).await.unwrap();
    save_section(store, &Section::Chat(ChatSettings::default()), 0).await.unwrap();
    save_section(store, &Section::Points(PointsSettings::default()), 0).await.unwrap();
    for section in [
        Section::Streams(StreamSettings::default()),
        Section::Announcements(AnnouncementSettings::default()),
        Section::Streaks(StreakSettings::default()),
        Section::Phrases(Vec::new()),
        Section::Give(GiveSettings::default()),
        Section::Panel(PanelSettings::default()),
        Section::Address { public_url: Some("https://bot.example".to_owned()), owncast_url: None },
    ] {
        save_section(store, &section, 0).await.unwrap();
    }
    let ends = bot.now().saturating_add(Span::minutes(5));
    let timer = Timer { id: event("timer"), name: "pizza".to_owned(), set_at: bot.now(), ends };
    let changes = vec![
        Change::Stream(StreamChange::SetTimers { version: 0, running: vec![timer.clone()] }),
        Change::Stream(StreamChange::Announce { said: 0 }),
        Change::Stream(StreamChange::AnswerPhrase {
            phrase: PhraseId::new("hello").unwrap(),
            rested_since: bot.now(),
        }),
    ];
    let timing = Timing::Once { at: ends };
    let effects = vec![Effect::Schedule(Schedule { task: Task::Timer(timer.id.clone()), timing })];
    store.commit(Some(&event("clock")), bot.now(), &Decision { changes, effects }).await.unwrap();
    let watch = Watch {
        watermark: Some(bot.now()),
        away_since: Some(bot.now()),
        failures: 1,
        next_try: Some(bot.now()),
        reason: Some("no connection".to_owned()),
    };
    store.save_watch(&watch).await.unwrap();
    store.save_stream_position("shard", "7").await.unwrap();
    let late = LaneId { event: event("event-2"), lane: Lane::Chat };
    let Lease::Ours(row) = store.lease(&late, 0, bot.now(), bot.now()).await.unwrap() else { panic!() };
    store.postpone(&row, bot.now(), "down").await.unwrap();
    store.finish(&row, &Ending::Dropped("too late".to_owned()), bot.now()).await.unwrap();
    let profile = store.active_profile(&person("Bob").id).await.unwrap().unwrap();
    let forget = Decision::change(ViewerChange::BeginErasure { profile });
    store.commit(Some(&event("forget")), bot.now(), &forget).await.unwrap();
    has_a_panel(&bot).await;
    let mut shapes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in bot.table.items().await {
        let text = |name: &str| item[name].as_s().unwrap().clone();
        let (pk, sk) = (shape(&text("pk")), shape(&text("sk")));
        let attributes = item.keys().filter(|name| !["pk", "sk", "kind"].contains(&name.as_str()));
        shapes.entry(format!("{pk} / {sk}")).or_default().extend(attributes.cloned());
    }
    let shapes = shapes.into_iter().map(|(key, attributes)| {
        let attributes: Vec<String> = attributes.into_iter().collect();
        if attributes.is_empty() { key } else { format!("{key}: {}", attributes.join(" ")) }
    });
    insta::assert_snapshot!(shapes.collect::<Vec<_>>().join("\n"), @"
    ALERTS / <ms>#<event>#0: alert name note points reward ttl viewer
    ANNOUNCEMENTS / STATE: at said
    AUDIT#1970-01 / <ms>#<event>: at by edits event
    BOARD / STATE: slot viewers
    COMMAND#<id> / REWARD: reward
    CONFIG / CATEGORY#<id>: name on v
    CONFIG / REWARD#<id>: access action categories command cooldown_for cooldown_ms description enabled gives_back milestones note only_live open price skip_queue target type v
    CONFIG / SETTINGS#address: public_url v
    CONFIG / SETTINGS#announcements: interval_ms lines messages on order v
    CONFIG / SETTINGS#chat: answers prefix suggestions v
    CONFIG / SETTINGS#give: least most on per_day v
    CONFIG / SETTINGS#panel: take_back v
    CONFIG / SETTINGS#phrases: phrases v
    CONFIG / SETTINGS#points: authenticated_percent interval_ms member_percent moderator_percent name name_one per_tick v welcome
    CONFIG / SETTINGS#streaks: grace grace_n milestones on rewards stream_ms v watch_ms
    CONFIG / SETTINGS#streams: catch_up_ms resume_within_ms v
    DUE / <ms>#chat#<event>
    FOLLOWER#<id> / FOLLOWER: first_at name
    FORGET / id-Bob: place since
    HEALTH / OUTBOX: at dropped_whispers reason
    HEALTH / WATCHDOG: away_since failures next_try reason watermark
    LOCAL / STREAM#shard: sequence
    NAME#<id> / VIEWER#<id>: viewer
    OUTBOX#<event> / chat#000: client created_at ended_at expires_at line reason reply reply_done state tries ttl v viewer
    OUTBOX#<event> / chat#001: created_at expires_at line state tries ttl v
    OUTBOX#<event> / schedule#000: at created_at from interval_ms on state task tries v
    OUTBOX#<event> / schedule#001: created_at from interval_ms on state task tries v
    PHRASE#<id> / STATE: at
    QUEUE#DONE#2026-09 / <ms>#<event>: automatic closed_at note price reward reward_name status stream viewer viewer_name
    QUEUE#OPEN / <ms>#<event>: automatic price reward reward_name status stream viewer viewer_name
    REWARD#<id> / STATE: count in_stream last_at last_event points stream stream_points
    REWARD#<id> / USE#<id>: count in_stream last_at last_event points stream stream_points
    SESSION#<hash> / SESSION: epoch ttl until viewer
    SIGNIN#<hash> / LINK: epoch ttl until viewer
    SIGNIN#<hash> / OFFER: epoch ttl until viewer
    STREAM / RECORD#<ms>: began ended last_slot paid peak present redeems spent ticks title
    STREAM / STATE: began changed_at counted live newest title titled_at
    TIMERS / STATE: running v
    VIEWER#<id> / BALANCE: balance last_tick open_points open_seconds open_stream since streak streak_at streak_best streak_last streak_week watched
    VIEWER#<id> / LEDGER#<ms>#<event>: by cause delta reward seconds stream
    VIEWER#<id> / PROFILE: authenticated banned epoch first_seen former_names last_seen moderator name
    WRONG#<hash> / <ms>: count ttl
    ");
}
