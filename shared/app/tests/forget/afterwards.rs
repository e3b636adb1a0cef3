//! Life goes on: for whoever comes back, and for what was shared with others.

use std::time::Duration;

use ownchatbot_app::deadline::{DeadlineOutcome, on_deadline};
use ownchatbot_app::forget::finish_forgetting;
use ownchatbot_app::ports::{Ledger, Times};
use ownchatbot_app::tick::TickReport;
use ownchatbot_app::{Outcome, presence, queue};
use ownchatbot_domain::reward::{Goal, Kind};
use ownchatbot_domain::{Cause, Reward, Span, Status};
use ownchatbot_store::Saved;
use ownchatbot_testkit::builders::{points, reward};

use crate::{World, id};

#[tokio::test]
async fn whoever_comes_back_starts_with_the_welcome() {
    let world = World::new().await;
    world.forget("forget").await;
    let process = world.bot.another_process();
    presence::on_joined(&process, &world.ann).await.unwrap();
    assert_eq!(world.balance().await, Some(100));
    let rows = world.bot.store().ledger(&world.ann.id).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.cause.clone()).collect::<Vec<_>>(), [Cause::Gift(None)]);
    let loaded = world.bot.store().load(&world.ann.id, Some(&id("charity"))).await.unwrap();
    assert_eq!((loaded.own.count, loaded.account.watched_seconds), (0, 0));
    let profile = loaded.profile.unwrap();
    assert_eq!((profile.first_seen, profile.follower), (world.bot.now(), None));
    assert_eq!(world.bot.answer(&world.ann, "!streak").await.len(), 1);
    assert_eq!(world.bot.answer(&world.ann, "!hydrate").await, ["Annabelle redeemed hydrate."]);
    // The note of the first time goes, and nothing of the second.
    world.let_go().await;
    assert_eq!((world.balance().await, world.bot.queue().await.len()), (Some(50), 2));
    world.bot.audited().await;
}

#[tokio::test]
async fn a_process_that_knew_them_meets_them_again() {
    let world = World::new().await;
    world.forget("forget").await;
    assert_eq!(world.bot.answer(&world.ann, "!points").await, ["[Annabelle, you have 100 points]"]);
    world.bot.audited().await;
}

#[tokio::test]
async fn ticks_pass_over_whoever_is_being_forgotten_and_then_pay_somebody_new() {
    let world = World::new().await;
    let bob = world.bot.balance(&world.bob.id).await;
    world.forget_in_part(1).await;
    assert_eq!(world.tick().await, TickReport { live: true, present: 2, paid: 1 });
    assert_eq!((world.balance().await, world.bot.balance(&world.bob.id).await), (None, bob + 10));
    let board = world.bot.store().seen(&[], 1, world.bot.now()).await.unwrap().board;
    assert_eq!(board.iter().map(|standing| standing.name.as_str()).collect::<Vec<_>>(), ["Bob"]);
    assert_eq!(finish_forgetting(&world.bot.context).await.unwrap(), 1);
    assert_eq!(world.tick().await, TickReport { live: true, present: 2, paid: 2 });
    assert_eq!(world.balance().await, Some(110));
    world.bot.audited().await;
}

#[tokio::test]
async fn a_goal_that_gives_back_gives_to_those_who_are_known() {
    let world = World::new().await;
    let ends = Some(world.bot.now().plus(Span::minutes(10)));
    let drive = Goal::new(points(1000), Vec::new()).unwrap().giving_back(true);
    let drive = Reward { ends, ..reward("drive", 0, Kind::Goal(drive)) };
    assert_eq!(world.bot.store().save_reward(&drive, None).await.unwrap(), Saved::Saved);
    world.bot.clock.push(Span::seconds(5));
    world.bot.answer(&world.ann, "!drive 40").await;
    world.bot.answer(&world.bob, "!drive 25").await;
    let before = world.bot.balance(&world.bob.id).await;
    world.forget("forget").await;
    let progress = async || {
        let usage = world.bot.store().usages(&[id("drive")]).await.unwrap().remove(&id("drive")).unwrap();
        (usage.points.get(), usage.count)
    };
    assert_eq!(progress().await, (65, 2), "what was given was given");
    world.bot.clock.push(Span::minutes(10));
    let over = on_deadline(&world.bot.context, &id("drive")).await.unwrap();
    assert_eq!(over, DeadlineOutcome::Over { given_back: 1 });
    assert_eq!((progress().await, world.bot.balance(&world.bob.id).await), ((0, 0), before + 25));
    assert_eq!(world.watch().await.ended, 0, "nothing is owed to anybody");
    world.bot.audited().await;
}

#[tokio::test]
async fn a_goal_that_ends_meanwhile_gives_back_in_the_end() {
    let world = World::new().await;
    let ends = Some(world.bot.now().plus(Span::minutes(10)));
    let drive = Goal::new(points(1000), Vec::new()).unwrap().giving_back(true);
    let drive = Reward { ends, ..reward("drive", 0, Kind::Goal(drive)) };
    assert_eq!(world.bot.store().save_reward(&drive, None).await.unwrap(), Saved::Saved);
    world.bot.clock.push(Span::seconds(5));
    world.bot.answer(&world.ann, "!drive 40").await;
    world.bot.answer(&world.bob, "!drive 25").await;
    let before = world.bot.balance(&world.bob.id).await;
    world.forget_in_part(1).await;
    world.bot.clock.push(Span::minutes(10));
    let mut impatient = world.bot.another_process();
    impatient.deadline = Duration::from_millis(100);
    assert!(on_deadline(&impatient, &id("drive")).await.is_err(), "not while they are neither here nor gone");
    world.bot.audited().await;
    finish_forgetting(&world.bot.context).await.unwrap();
    on_deadline(&impatient, &id("drive")).await.unwrap();
    assert_eq!(world.bot.balance(&world.bob.id).await, before + 25);
    world.bot.audited().await;
}

#[tokio::test]
async fn a_refund_of_what_somebody_forgotten_redeemed_gives_back_its_use_alone() {
    let world = World::new().await;
    world.forget("forget").await;
    let history = world.bot.store().finished(world.bot.now(), 100).await.unwrap();
    let confetti = history.iter().find(|entry| entry.status == Status::Fulfilled && entry.automatic).unwrap();
    let points = world.bot.audited().await;
    let event = world.bot.fresh_event();
    let closed = queue::on_close(&world.bot.context, &event, &confetti.key(), Status::Refunded).await;
    assert_eq!(closed.unwrap(), Outcome::Done);
    assert_eq!(world.bot.lines(&event).await, [""; 0]);
    assert_eq!(world.close(confetti, Status::Refunded).await, Outcome::Ignored, "once");
    let usages = world.bot.store().usages(&[id("confetti")]).await.unwrap();
    assert_eq!((usages[&id("confetti")].count, world.bot.audited().await), (1, points));
}

#[tokio::test]
async fn what_the_streamer_does_meanwhile_is_done() {
    let world = World::new().await;
    world.forget_in_part(1).await;
    let waiting = world.bot.queue().await;
    let hers: Vec<_> = waiting.iter().filter(|entry| entry.viewer == world.ann.id).collect();
    assert_eq!(hers.len(), 3);
    assert_eq!(world.close(hers[0], Status::Fulfilled).await, Outcome::Done);
    world.bot.audited().await;
    assert_eq!(world.watch().await.forgotten, 1);
    let closed = world.bot.store().redemption(&hers[0].key()).await.unwrap().unwrap();
    assert_eq!((closed.status, closed.viewer.is_forgotten()), (Status::Fulfilled, true));
    world.let_go().await;
    world.is_forgotten().await;
}

#[tokio::test]
async fn a_goal_is_as_near_to_its_target_as_before() {
    let world = World::new().await;
    world.forget("forget").await;
    let said = world.bot.answer(&world.bob, "!charity 10").await;
    insta::assert_snapshot!(said.join("\n"), @"Bob gave 10 to charity: 340 of 1000.");
    world.bot.audited().await;
}
