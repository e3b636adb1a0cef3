//! Decisions are written once, as a whole, and only while their conditions hold.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use futures_util::future::join_all;
use ownchatbot_app::{Outcome, chat, presence};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::reward::{Cooldown, Kind, Limits, Scope, Vote};
use ownchatbot_domain::{
    Cause, Change, Decision, Delta, Effect, LedgerChange, Person, Reward, RewardChange, RewardId, Span,
    ViewerChange, ViewerId,
};
use ownchatbot_store::{Commit, StoreError};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{chat_line, crowd, event, goal, person, points, redeem, reward};
use ownchatbot_testkit::configure::save_section;

fn gift(viewer: &Person, delta: i64) -> Decision<String> {
    let delta = Delta::new(delta).unwrap();
    let change =
        Change::Ledger(LedgerChange::Move { viewer: viewer.id.clone(), delta, cause: Cause::Donation });
    Decision { changes: vec![change], effects: vec![Effect::Say("Thank you".to_owned())] }
}

#[tokio::test]
async fn repeated_event_changes_once() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 100).await;
    let mut commits = Vec::new();
    for _ in 0..3 {
        commits.push(bot.store().commit(Some(&event("e")), bot.now(), &gift(&ann, 5)).await.unwrap());
    }
    assert_eq!(commits, [Commit::Applied, Commit::Duplicate, Commit::Duplicate]);
    assert_eq!(bot.balance(&ann.id).await, 105);
    assert_eq!(bot.outbox(&event("e")).await.len(), 1);
}

#[tokio::test]
async fn concurrent_copies_of_an_event_change_once() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 100).await;
    let (same, gift) = (event("e"), gift(&ann, 5));
    let commits = join_all((0..8).map(|_| bot.store().commit(Some(&same), bot.now(), &gift))).await;
    let applied = commits.into_iter().filter(|commit| matches!(commit, Ok(Commit::Applied))).count();
    assert_eq!((applied, bot.balance(&ann.id).await), (1, 105));
}

#[tokio::test]
async fn copy_of_a_refused_command_is_not_charged_later() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 49).await;
    assert_eq!(bot.hears("poor", &ann, "!hydrate").await.unwrap(), Outcome::Done);
    bot.endow(&ann, 500).await;
    assert_eq!(bot.hears("poor", &ann, "!hydrate").await.unwrap(), Outcome::Duplicate);
    assert_eq!((bot.balance(&ann.id).await, bot.queue().await.len()), (500, 0));
    insta::assert_snapshot!(bot.lines(&event("poor")).await.join("\n"), @"[Ann, hydrate costs 50 points and you need 1 more.]");
}

#[tokio::test]
async fn decision_is_written_whole_or_not_at_all() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 100).await;
    let mut decision = gift(&ann, -101);
    decision.changes.push(Change::Viewer(ViewerChange::Follow {
        handle: "ann@example.org".to_owned(),
        name: "Ann".to_owned(),
    }));
    let commit = bot.store().commit(Some(&event("e")), bot.now(), &decision).await.unwrap();
    assert_eq!(commit, Commit::Stale);
    assert_eq!(bot.outbox(&event("e")).await, []);
    assert_eq!(bot.table.item("FOLLOWER#ann@example.org", "FOLLOWER").await, None);
    assert_eq!(bot.store().ledger(&ann.id).await.unwrap().len(), 1, "the welcome alone");
    // The event left no receipt, so it can be decided again.
    let commit = bot.store().commit(Some(&event("e")), bot.now(), &gift(&ann, -100)).await.unwrap();
    assert_eq!((commit, bot.balance(&ann.id).await), (Commit::Applied, 0));
}

#[tokio::test]
async fn balance_cannot_exceed_the_maximum() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, ownchatbot_domain::Points::MAX.get()).await;
    let commit = bot.store().commit(Some(&event("e")), bot.now(), &gift(&ann, 1)).await.unwrap();
    assert_eq!(commit, Commit::Stale);
}

#[tokio::test]
async fn unknown_viewer_gets_no_points() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    for delta in [-1, 1] {
        let commit = bot.store().commit(Some(&event("e")), bot.now(), &gift(&ann, delta)).await;
        assert_eq!(commit.unwrap(), Commit::Stale);
    }
    assert_eq!(bot.table.item("VIEWER#id-Ann", "BALANCE").await, None);
}

#[tokio::test]
async fn effects_without_an_event_are_an_error() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    let refused = bot.store().commit(None, bot.now(), &gift(&ann, 1)).await;
    assert!(matches!(refused, Err(StoreError::Broken { .. })), "{refused:?}");
}

/// `many` viewers with 1,000 points each use `reward` `times` times at once; returns the number of uses that
/// succeeded.
async fn rush(reward: Reward, many: usize, times: usize) -> (Bot, u64) {
    let bot = Bot::with_rewards(std::slice::from_ref(&reward)).await;
    let people = crowd(many);
    for person in &people {
        bot.endow(person, 1000).await;
    }
    bot.goes_live().await;
    let lines: Vec<_> = (0..times)
        .flat_map(|time| people.iter().map(move |person| (format!("{time}-{}", person.name), person)))
        .map(|(id, person)| chat_line(&id, person, &format!("!{} 10", reward.name), bot.now()))
        .collect();
    for outcome in join_all(lines.iter().map(|line| chat::on_chat(&bot.context, line))).await {
        assert_eq!(outcome.unwrap(), Outcome::Done);
    }
    let used = bot.store().load(&people[0].id, Some(&reward.id)).await.unwrap().everybody.count;
    (bot, used)
}

#[tokio::test]
async fn concurrent_redeems_do_not_exceed_the_stock() {
    let limits = Limits { stock: Some(3), ..Limits::default() };
    let (bot, used) = rush(Reward { limits, ..redeem("hydrate", 50) }, 12, 1).await;
    assert_eq!((used, bot.queue().await.len()), (3, 3));
}

#[tokio::test]
async fn concurrent_redeems_do_not_exceed_the_stream_limit() {
    let limits = Limits { per_stream: Some(2), ..Limits::default() };
    let (bot, used) = rush(Reward { limits, ..redeem("hydrate", 50) }, 12, 1).await;
    assert_eq!(used, 2);
    bot.clock.push(Span::minutes(10));
    bot.goes_live().await;
    let ann = person("Viewer0");
    insta::assert_snapshot!(bot.answer(&ann, "!hydrate").await.join("\n"), @"Viewer0 redeemed hydrate.");
}

#[tokio::test]
async fn concurrent_redeems_do_not_exceed_the_viewer_limit() {
    let limits = Limits { per_viewer: Some(2), ..Limits::default() };
    let (_, used) = rush(Reward { limits, ..redeem("hydrate", 50) }, 3, 5).await;
    assert_eq!(used, 6);
}

#[tokio::test]
async fn cooldown_admits_one_of_concurrent_redeems() {
    for (scope, expect) in [(Scope::Everybody, 1), (Scope::EachViewer, 4)] {
        let cooldown = Some(Cooldown { length: Span::minutes(5), scope });
        let (_, used) = rush(Reward { cooldown, ..redeem("hydrate", 50) }, 4, 3).await;
        assert_eq!(used, expect, "{scope:?}");
    }
}

#[tokio::test]
async fn expired_cooldown_admits_one_more_redeem() {
    let cooldown = Some(Cooldown { length: Span::minutes(5), scope: Scope::Everybody });
    let (bot, _) = rush(Reward { cooldown, ..redeem("hydrate", 50) }, 4, 1).await;
    bot.clock.push(Span::minutes(5));
    let people = crowd(4);
    let lines: Vec<_> =
        people.iter().map(|person| chat_line(&person.name, person, "!hydrate", bot.now())).collect();
    join_all(lines.iter().map(|line| chat::on_chat(&bot.context, line))).await;
    assert_eq!(bot.queue().await.len(), 2);
}

#[tokio::test]
async fn concurrent_votes_do_not_exceed_the_viewer_limit() {
    let vote = Kind::Vote(Vote { open: true, per_viewer: Some(2) });
    let (_, used) = rush(reward("red", 10, vote), 3, 4).await;
    assert_eq!(used, 6);
}

#[tokio::test]
async fn use_decided_in_an_older_stream_is_stale() {
    let limits = Limits { per_stream: Some(1), ..Limits::default() };
    let bot = Bot::with_rewards(&[Reward { limits, ..redeem("hydrate", 0) }]).await;
    let (ann, hydrate) = (person("Ann"), RewardId::new("hydrate").unwrap());
    bot.endow(&ann, 100).await;
    let old = bot.goes_live().await;
    bot.clock.push(Span::minutes(10));
    let new = bot.goes_live().await;
    bot.answer(&ann, "!hydrate").await;
    // A use that was decided on a read before the new stream began.
    let late = Change::Reward(RewardChange::Use {
        reward: hydrate.clone(),
        viewer: ViewerId::new("late").unwrap(),
        points: points(0),
        stream: old,
        everybody: ownchatbot_domain::reward::Guard { in_stream_below: Some(1), ..Default::default() },
        own: ownchatbot_domain::reward::Guard::default(),
    });
    let late = Decision::change(late);
    let commit = bot.store().commit(Some(&event("late")), bot.now(), &late).await.unwrap();
    assert_eq!(commit, Commit::Stale);
    let usage = bot.store().load(&ann.id, Some(&hydrate)).await.unwrap().everybody;
    assert_eq!((usage.stream, usage.in_stream), (Some(new), 1));
}

#[tokio::test]
async fn concurrent_contributions_do_not_exceed_the_target() {
    let (_, used) = rush(goal("charity", 25, &[10, 20]), 12, 1).await;
    assert_eq!(used, 3, "10 and 10 and the last 5");
}

#[tokio::test]
async fn new_viewer_is_welcomed_once_by_concurrent_events() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    let processes: Vec<_> = (0..6).map(|_| bot.another_process()).collect();
    let lines: Vec<_> = (0..6).map(|n| chat_line(&format!("m{n}"), &ann, "!points", bot.now())).collect();
    let joins = join_all(processes.iter().map(|process| presence::on_joined(process, &ann)));
    let chats = join_all(processes.iter().zip(&lines).map(|(process, line)| chat::on_chat(process, line)));
    let (joins, chats) = tokio::join!(joins, chats);
    assert!(joins.iter().chain(&chats).all(Result::is_ok), "{joins:?} {chats:?}");
    assert_eq!(bot.balance(&ann.id).await, 100);
    for line in &lines {
        assert_eq!(bot.lines(&line.event).await, ["[Ann, you have 100 points]"]);
    }
    assert_eq!(bot.verify_totals().await, 100);
}

#[tokio::test]
async fn ledger_starts_empty_without_welcome_points() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    let settings = ownchatbot_domain::settings::PointsSettings { welcome: points(0), ..Default::default() };
    save_section(bot.store(), &Section::Points(settings.clone()), 0).await.unwrap();
    assert_eq!(bot.answer(&ann, "!points").await, ["[Ann, you have 0 points]"]);
    assert_eq!(bot.store().ledger(&ann.id).await.unwrap(), []);
}
