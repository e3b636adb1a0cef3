//! The queue, and refunds.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use futures_util::future::join_all;
use ownchatbot_app::{Outcome, queue};
use ownchatbot_domain::reward::{Cooldown, Kind, Limits, Redeem, Scope};
use ownchatbot_domain::{
    Change, Decision, QueueChange, Redemption, RedemptionKey, Reward, RewardId, Span, Status, Usage,
};
use ownchatbot_store::Commit;
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{event, person, redeem};

async fn close(bot: &Bot, entry: &Redemption, to: Status) -> Outcome {
    queue::on_close(&bot.context, &bot.fresh_event(), &entry.key(), to).await.unwrap()
}

async fn usages(bot: &Bot, name: &str) -> (Usage, Usage) {
    let loaded = bot.store().load(&person("Ann").id, Some(&RewardId::new(name).unwrap())).await.unwrap();
    (loaded.everybody, loaded.own)
}

#[tokio::test]
async fn queue_is_listed_oldest_first() {
    let bot = Bot::new().await;
    for name in ["Cleo", "Ann", "Bob"] {
        bot.endow(&person(name), 100).await;
        bot.answer(&person(name), "!hydrate").await;
        bot.clock.push(Span::from_ms(1));
    }
    let waiting: Vec<String> = bot.queue().await.into_iter().map(|entry| entry.viewer_name).collect();
    assert_eq!(waiting, ["Cleo", "Ann", "Bob"]);
    let two = bot.store().waiting(2).await.unwrap();
    assert_eq!(two.len(), 2);
    insta::assert_snapshot!(bot.answer(&person("Bob"), "!queue").await.join("\n"), @"[3 waiting: hydrate for Cleo, hydrate for Ann, hydrate for Bob. Your hydrate is number 3.]");
}

#[tokio::test]
async fn fulfilled_redeem_leaves_the_queue_and_keeps_the_points() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 80).await;
    bot.answer(&ann, "!hydrate").await;
    let entry = bot.queue().await.remove(0);
    assert_eq!(close(&bot, &entry, Status::Fulfilled).await, Outcome::Done);
    assert_eq!((bot.queue().await.len(), bot.balance(&ann.id).await), (0, 30));
    let finished = bot.store().redemption(&entry.key()).await.unwrap().unwrap();
    assert_eq!(finished, Redemption { status: Status::Fulfilled, ..entry.clone() });
    assert_eq!(close(&bot, &entry, Status::Refunded).await, Outcome::Ignored, "it is fulfilled already");
}

/// Invariant I5, for a reward with everything that a use can change.
#[tokio::test]
async fn refund_returns_points_stock_limits_and_cooldown_once() {
    let limits = Limits { per_stream: Some(1), per_viewer: Some(1), stock: Some(1) };
    for scope in [Scope::Everybody, Scope::EachViewer] {
        let cooldown = Some(Cooldown { length: Span::minutes(5), scope });
        let bot = Bot::with_rewards(&[Reward { limits, cooldown, ..redeem("hydrate", 50) }]).await;
        let ann = person("Ann");
        bot.endow(&ann, 60).await;
        bot.goes_live().await;
        let done = "Ann redeemed hydrate.";
        assert_eq!(bot.answer(&ann, "!hydrate").await, [done]);
        assert_ne!(bot.answer(&ann, "!hydrate").await, [done]);
        for times in 1..=3 {
            let entry = bot.queue().await.remove(0);
            assert_eq!(close(&bot, &entry, Status::Refunded).await, Outcome::Done);
            assert_eq!(close(&bot, &entry, Status::Refunded).await, Outcome::Ignored);
            assert_eq!(close(&bot, &entry, Status::Fulfilled).await, Outcome::Ignored);
            assert_eq!(bot.balance(&ann.id).await, 60);
            for usage in <[Usage; 2]>::from(usages(&bot, "hydrate").await) {
                assert_eq!((usage.count, usage.in_stream, usage.points.get(), usage.last), (0, 0, 0, None));
            }
            assert_eq!(bot.answer(&ann, "!hydrate").await, [done], "{times}");
            bot.verify_totals().await;
        }
        let refunds = bot.store().ledger(&ann.id).await.unwrap();
        let refunds = refunds.iter().filter(|row| row.delta.get() == 50).count();
        assert_eq!(refunds, 3);
    }
}

#[tokio::test]
async fn concurrent_refunds_pay_back_once() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 50).await;
    bot.answer(&ann, "!hydrate").await;
    let key = bot.queue().await.remove(0).key();
    let clicks: Vec<_> = (0..8).map(|n| event(&format!("click{n}"))).collect();
    let refund = |click| queue::on_close(&bot.context, click, &key, Status::Refunded);
    let outcomes = join_all(clicks.iter().map(refund)).await;
    let done = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Done))).count();
    assert_eq!((done, bot.balance(&ann.id).await), (1, 50), "{outcomes:?}");
}

#[tokio::test]
async fn concurrent_refund_and_fulfilment_exclude_each_other() {
    for round in 0..8 {
        let (bot, ann) = (Bot::new().await, person("Ann"));
        bot.endow(&ann, 50).await;
        bot.answer(&ann, "!hydrate").await;
        let key = bot.queue().await.remove(0).key();
        let (a, b) = (event("a"), event("b"));
        let refund = queue::on_close(&bot.context, &a, &key, Status::Refunded);
        let fulfil = queue::on_close(&bot.context, &b, &key, Status::Fulfilled);
        let (refund, fulfil) = if round % 2 == 0 {
            tokio::join!(refund, fulfil)
        } else {
            let (fulfil, refund) = tokio::join!(fulfil, refund);
            (refund, fulfil)
        };
        let (refunded, fulfilled) = (refund.unwrap() == Outcome::Done, fulfil.unwrap() == Outcome::Done);
        assert!(refunded != fulfilled);
        assert_eq!(bot.balance(&ann.id).await, if refunded { 50 } else { 0 });
    }
}

#[tokio::test]
async fn automatically_fulfilled_redeem_can_be_refunded() {
    let skip = Kind::Redeem(Redeem { skip_queue: true });
    let bot = Bot::with_rewards(&[Reward { kind: skip, ..redeem("wave", 30) }]).await;
    let ann = person("Ann");
    bot.endow(&ann, 30).await;
    let paid = bot.fresh_event();
    bot.hears(paid.id(), &ann, "!wave").await.unwrap();
    assert_eq!((bot.queue().await.len(), bot.balance(&ann.id).await), (0, 0));
    let key = RedemptionKey { at: bot.now(), event: paid };
    let entry = bot.store().redemption(&key).await.unwrap().unwrap();
    assert_eq!(close(&bot, &entry, Status::Refunded).await, Outcome::Done);
    assert_eq!(close(&bot, &entry, Status::Refunded).await, Outcome::Ignored);
    assert_eq!(bot.balance(&ann.id).await, 30);
}

#[tokio::test]
async fn concurrent_refunds_of_an_automatic_redeem_pay_back_once() {
    let skip = Kind::Redeem(Redeem { skip_queue: true });
    let bot = Bot::with_rewards(&[Reward { kind: skip, ..redeem("wave", 30) }]).await;
    let ann = person("Ann");
    bot.endow(&ann, 60).await;
    // Two redeems, so that only its own status shows that the first one was refunded.
    let (first, second) = (bot.fresh_event(), bot.fresh_event());
    for paid in [&first, &second] {
        bot.hears(paid.id(), &ann, "!wave").await.unwrap();
    }
    let key = RedemptionKey { at: bot.now(), event: first };
    let clicks: Vec<_> = (0..4).map(|n| event(&format!("click{n}"))).collect();
    let refund = |click| queue::on_close(&bot.context, click, &key, Status::Refunded);
    let outcomes = join_all(clicks.iter().map(refund)).await;
    assert_eq!(bot.balance(&ann.id).await, 30, "{outcomes:?}");
}

#[tokio::test]
async fn refund_in_the_next_stream_keeps_its_counts() {
    let limits = Limits { per_stream: Some(2), ..Limits::default() };
    let bot = Bot::with_rewards(&[Reward { limits, ..redeem("hydrate", 10) }]).await;
    let ann = person("Ann");
    bot.endow(&ann, 100).await;
    bot.goes_live().await;
    bot.answer(&ann, "!hydrate").await;
    let old = bot.queue().await.remove(0);
    bot.clock.push(Span::minutes(1));
    bot.goes_live().await;
    bot.answer(&ann, "!hydrate").await;
    close(&bot, &old, Status::Refunded).await;
    for usage in <[Usage; 2]>::from(usages(&bot, "hydrate").await) {
        assert_eq!((usage.count, usage.in_stream, usage.last.is_some()), (1, 1, true));
    }
}

#[tokio::test]
async fn close_after_hiding_the_note_is_stale() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 1000).await;
    bot.answer(&ann, "!song Blue Monday").await;
    let read = bot.queue().await.remove(0);
    let commit = async |change: Change| {
        let decision = Decision::change(change);
        bot.store().commit(None, bot.now(), &decision).await.unwrap()
    };
    let hide = Change::Queue(QueueChange::HideNote { redemption: read.clone(), hidden: true });
    assert_eq!(commit(hide).await, Commit::Applied);
    let close_as_read = Change::Queue(QueueChange::Close { redemption: read.clone(), to: Status::Fulfilled });
    assert_eq!(commit(close_as_read).await, Commit::Stale, "the note was hidden since it was read");
    assert_eq!(close(&bot, &read, Status::Fulfilled).await, Outcome::Done);
    let closed = bot.store().redemption(&read.key()).await.unwrap().unwrap();
    assert_eq!((closed.status, closed.note_hidden), (Status::Fulfilled, true));
}

#[tokio::test]
async fn closing_an_unknown_redemption_is_ignored() {
    let bot = Bot::new().await;
    let key = RedemptionKey { at: bot.now(), event: event("never") };
    for to in [Status::Fulfilled, Status::Refunded] {
        assert_eq!(queue::on_close(&bot.context, &event("c"), &key, to).await.unwrap(), Outcome::Ignored);
    }
}
