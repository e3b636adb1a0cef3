//! Taking back a redemption while it waits.

use ownchatbot_app::click::on_click;
use ownchatbot_app::{Outcome, queue};
use ownchatbot_domain::Command;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::reward::{Cooldown, Kind, Limits, Redeem, Scope};
use ownchatbot_domain::settings::PanelSettings;
use ownchatbot_domain::{Person, Redemption, RedemptionKey, Reward, RewardId, Span, Status, Usage};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{event, person, redeem};
use ownchatbot_testkit::configure::save_reward;

use crate::{click, clicks, reply_text, set, uses};

/// A bot, and Ann, who has 60 points left after she redeemed something for 50.
async fn redeemed() -> (Bot, Person, Redemption) {
    let (bot, ann) = (Bot::with_rewards(&[redeem("hydrate", 50)]).await, person("Ann"));
    bot.endow(&ann, 110).await;
    bot.answer(&ann, "!hydrate").await;
    let entry = bot.queue().await.remove(0);
    (bot, ann, entry)
}

async fn takes_back(bot: &Bot, key: &str, person: &Person, entry: &RedemptionKey) -> String {
    reply_text(clicks(bot, key, person, &Command::TakeBack(entry.clone())).await)
}

#[tokio::test]
async fn take_back_returns_points_and_is_announced() {
    let (bot, ann, entry) = redeemed().await;
    insta::assert_snapshot!(takes_back(&bot, "key", &ann, &entry.key()).await, @"hydrate is taken back: 50 points are yours again.");
    insta::assert_snapshot!(bot.lines(&click("key")).await.join("\n"), @"Ann took hydrate back.");
    assert_eq!((bot.balance(&ann.id).await, bot.queue().await.len()), (110, 0));
    let over = bot.store().redemption(&entry.key()).await.unwrap().unwrap();
    assert_eq!(over.status, Status::Refunded);
}

/// I5 for a take-back by the viewer.
#[tokio::test]
async fn take_back_reverts_stock_limits_and_cooldown() {
    let limits = Limits { per_stream: Some(1), per_viewer: Some(1), stock: Some(1) };
    for scope in [Scope::Everybody, Scope::EachViewer] {
        let cooldown = Some(Cooldown { length: Span::minutes(5), scope });
        let bot = Bot::with_rewards(&[Reward { limits, cooldown, ..redeem("hydrate", 50) }]).await;
        let ann = person("Ann");
        bot.endow(&ann, 60).await;
        bot.goes_live().await;
        for times in 1..=3 {
            assert!(clicks(&bot, &format!("use {times}"), &ann, &uses("hydrate", "")).await.done);
            assert!(!clicks(&bot, &format!("more {times}"), &ann, &uses("hydrate", "")).await.done);
            let entry = bot.queue().await.remove(0).key();
            assert_eq!(
                takes_back(&bot, &format!("back {times}"), &ann, &entry).await,
                "hydrate is taken back: 50 points are yours again."
            );
            let loaded = bot.store().load(&ann.id, Some(&RewardId::new("hydrate").unwrap())).await.unwrap();
            for Usage { count, in_stream, points, last, .. } in [loaded.everybody, loaded.own] {
                assert_eq!((count, in_stream, points.get(), last), (0, 0, 0, None));
            }
            assert_eq!(loaded.account.balance.get(), 60);
            bot.verify_totals().await;
        }
    }
}

#[tokio::test]
async fn redemption_is_taken_back_once() {
    let (bot, ann, entry) = redeemed().await;
    let first = takes_back(&bot, "key", &ann, &entry.key()).await;
    assert_eq!(takes_back(&bot, "key", &ann, &entry.key()).await, first, "the same form");
    insta::assert_snapshot!(takes_back(&bot, "another", &ann, &entry.key()).await, @"no: hydrate has left the queue and cannot be taken back.");
    assert_eq!(bot.balance(&ann.id).await, 110);
    let (bot, ann, entry) = redeemed().await;
    let keys: Vec<_> = (0..8).map(|n| click(&format!("key {n}"))).collect();
    let command = Command::TakeBack(entry.key());
    let replies = keys.iter().map(|key| on_click(&bot.context, key, &ann.id, &command));
    let replies = futures_util::future::join_all(replies).await;
    let done = replies.iter().filter(|reply| reply.as_ref().unwrap().done).count();
    assert_eq!((done, bot.balance(&ann.id).await), (1, 110), "{replies:?}");
}

#[tokio::test]
async fn concurrent_take_back_and_close_have_one_winner() {
    for (round, to) in [Status::Fulfilled, Status::Refunded].into_iter().cycle().take(8).enumerate() {
        let (bot, ann, entry) = redeemed().await;
        let (desk, key, command) = (event("desk"), click("key"), Command::TakeBack(entry.key()));
        let redemption = entry.key();
        let streamer = queue::on_close(&bot.context, &desk, &redemption, to);
        let viewer = on_click(&bot.context, &key, &ann.id, &command);
        let (closed, reply) = if round % 4 < 2 {
            tokio::join!(streamer, viewer)
        } else {
            let (reply, closed) = tokio::join!(viewer, streamer);
            (closed, reply)
        };
        let (closed, taken) = (closed.unwrap() == Outcome::Done, reply.unwrap().done);
        assert!(closed != taken, "round {round}: {closed} and {taken}");
        let kept = closed && to == Status::Fulfilled;
        assert_eq!(bot.balance(&ann.id).await, if kept { 60 } else { 110 });
        assert_eq!(bot.queue().await.len(), 0);
        assert_eq!(bot.lines(&key).await.len() + bot.lines(&desk).await.len(), 1);
    }
}

#[tokio::test]
async fn only_own_waiting_redemptions_can_be_taken_back() {
    let wave = Reward { kind: Kind::Redeem(Redeem { skip_queue: true }), ..redeem("wave", 30) };
    let (bot, ann, entry) = redeemed().await;
    save_reward(bot.store(), &wave, None).await.unwrap();
    bot.clock.push(Span::seconds(5));
    let bob = person("Bob");
    bot.endow(&bob, 5).await;
    let mut replies = vec![takes_back(&bot, "bob's", &bob, &entry.key()).await];
    let nothing = RedemptionKey { at: entry.at, event: event("never") };
    replies.push(takes_back(&bot, "nothing", &ann, &nothing).await);
    // An automatic reward is fulfilled at once, so it cannot be taken back.
    assert!(clicks(&bot, "wave", &ann, &uses("wave", "")).await.done);
    let waved = RedemptionKey { at: bot.now(), event: click("wave") };
    replies.push(takes_back(&bot, "waved", &ann, &waved).await);
    let closed = queue::on_close(&bot.context, &event("desk"), &entry.key(), Status::Fulfilled).await;
    assert_eq!(closed.unwrap(), Outcome::Done);
    replies.push(takes_back(&bot, "late", &ann, &entry.key()).await);
    insta::assert_snapshot!(replies.join("\n"), @r#"
    no: hydrate has left the queue and cannot be taken back.
    no: That is not there any more. Load the page again to see what is.
    no: wave has left the queue and cannot be taken back.
    no: hydrate has left the queue and cannot be taken back.
    "#);
    assert_eq!((bot.balance(&ann.id).await, bot.balance(&bob.id).await), (30, 5));
}

#[tokio::test]
async fn setting_can_switch_take_back_off() {
    let (bot, ann, entry) = redeemed().await;
    set(&bot, Section::Panel(PanelSettings { take_back: false })).await;
    insta::assert_snapshot!(takes_back(&bot, "key", &ann, &entry.key()).await, @"no: Nothing can be taken back here. Ask a moderator if it was a mistake.");
    assert_eq!((bot.balance(&ann.id).await, bot.queue().await.len()), (60, 1));
    set(&bot, Section::Panel(PanelSettings { take_back: true })).await;
    assert!(clicks(&bot, "again", &ann, &Command::TakeBack(entry.key())).await.done);
}

/// A reward can be deleted while a redemption of it waits.
#[tokio::test]
async fn redemption_of_a_deleted_reward_can_be_taken_back() {
    let (bot, ann, entry) = redeemed().await;
    bot.table.remove("CONFIG", "REWARD#hydrate").await;
    bot.clock.push(Span::seconds(5));
    assert!(clicks(&bot, "key", &ann, &Command::TakeBack(entry.key())).await.done);
    assert_eq!(bot.balance(&ann.id).await, 110);
}
