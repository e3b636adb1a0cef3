//! What goes, and what stays without telling of anybody.

use ownchatbot_app::Outcome;
use ownchatbot_app::forget::{finish_forgetting, on_forget};
use ownchatbot_app::ports::{Forgetting, Ledger, Times};
use ownchatbot_domain::board::Standing;
use ownchatbot_domain::command::ViewerRef;
use ownchatbot_domain::{Span, Status, ViewerId};
use ownchatbot_testkit::builders::points;

use crate::{World, click, id};

#[tokio::test]
async fn nothing_is_left_of_whoever_is_forgotten() {
    let world = World::new().await;
    let before = world.bot.balance(&world.bob.id).await;
    assert!(world.traces().await.len() > 30, "there was something to forget: {:#?}", world.traces().await);
    assert_eq!(world.forget("forget").await, Outcome::Done);
    world.let_go().await;
    world.is_forgotten().await;
    assert_eq!(world.balance().await, None);
    assert_eq!(world.bot.balance(&world.bob.id).await, before, "nobody else has more or less");
    for viewer in [ViewerRef::Name("Annabelle".to_owned()), ViewerRef::Id(world.ann.id.clone())] {
        assert_eq!(world.bot.store().candidates(&viewer).await.unwrap(), []);
    }
}

#[tokio::test]
async fn it_is_done_at_once_and_noted_for_three_minutes() {
    let world = World::new().await;
    world.forget("forget").await;
    let leaving = world.bot.store().leaving(&world.ann.id).await.unwrap().unwrap();
    assert_eq!((leaving.gone_at, leaving.place), (Some(world.bot.now()), None));
    let note: Vec<String> =
        world.traces().await.into_iter().filter(|key| !key.starts_with("VIEWER#id-Bob")).collect();
    assert_eq!(note, ["FORGET / id-Annabelle"]);
    world.bot.clock.push(Span::seconds(179));
    world.bot.faults.reset();
    assert_eq!(finish_forgetting(&world.bot.context).await.unwrap(), 0);
    assert_eq!(world.bot.faults.total(), 1, "one query");
    world.bot.clock.push(Span::seconds(1));
    finish_forgetting(&world.bot.context).await.unwrap();
    assert_eq!(world.bot.store().all_leaving(10).await.unwrap(), []);
    assert_eq!(finish_forgetting(&world.bot.context).await.unwrap(), 0);
}

#[tokio::test]
async fn what_was_used_stays_counted_but_for_what_still_waited() {
    let world = World::new().await;
    let before = world.usages().await;
    world.forget("forget").await;
    for ((reward, before), (_, after)) in before.iter().zip(world.usages().await) {
        let waited = i64::from(["song", "cheer", "hydrate"].contains(&reward.as_str()));
        let price = [("song", 100), ("hydrate", 50)].into_iter().find(|(name, _)| *name == reward.as_str());
        let price = price.map_or(0, |(_, price)| price);
        let counts = (after.count.cast_signed() + waited, after.points.get() + price);
        assert_eq!(counts, (before.count.cast_signed(), before.points.get()), "{reward}");
    }
    let nobody = ViewerId::forgotten();
    let rewards = ["charity", "red", "green", "confetti", "wave", "hydrate"].map(id);
    let nobodys = world.bot.store().own_uses(&nobody, &rewards).await.unwrap();
    assert_eq!((nobodys[&id("charity")].count, nobodys[&id("charity")].points), (1, points(300)));
    assert_eq!((nobodys[&id("confetti")].count, nobodys[&id("confetti")].points), (2, points(150)));
    assert_eq!((nobodys[&id("green")].count, nobodys[&id("wave")].count), (1, 1));
    assert!(!nobodys.contains_key(&id("hydrate")), "all of it was refunded");
}

#[tokio::test]
async fn the_history_tells_what_was_redeemed_and_not_by_whom() {
    let world = World::new().await;
    let outbox = async || {
        let items = world.bot.table.items().await;
        items.iter().filter(|item| item["pk"].as_s().unwrap().starts_with("OUTBOX#")).count()
    };
    let before = outbox().await;
    world.forget("forget").await;
    assert_eq!(outbox().await, before + 1, "the receipt, and nothing is said");
    let mut history = world.bot.store().finished(world.bot.now(), 100).await.unwrap();
    history.retain(|entry| entry.viewer != world.bob.id);
    let shown = history.iter().map(|entry| {
        assert!(entry.viewer.is_forgotten() && entry.note.is_none() && !entry.note_hidden, "{entry:?}");
        format!("{} of {} at {} {:?}", entry.reward_name, entry.viewer_name, entry.price, entry.status)
    });
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r"
    hydrate of somebody at 50 Refunded
    confetti of somebody at 75 Fulfilled
    confetti of somebody at 75 Fulfilled
    cheer of somebody at 0 Refunded
    wave of somebody at 0 Fulfilled
    song of somebody at 100 Refunded
    hydrate of somebody at 50 Refunded
    ");
    let waiting = world.bot.queue().await;
    assert_eq!(waiting.iter().map(|entry| &entry.viewer).collect::<Vec<_>>(), [&world.bob.id]);
}

#[tokio::test]
async fn whoever_is_forgotten_is_on_no_board() {
    let world = World::new().await;
    let shown = async || {
        let seen = world.bot.store().seen(&[], 1, world.bot.now()).await.unwrap().board;
        seen.into_iter().map(|standing| (standing.name, standing.hidden)).collect::<Vec<_>>()
    };
    assert_eq!(shown().await, [("Annabelle".to_owned(), false), ("Bob".to_owned(), false)]);
    let before = world.bot.store().board().await.unwrap();
    world.bot.answer(&world.ann, "!top off").await;
    world.forget("forget").await;
    assert_eq!(shown().await, [("Bob".to_owned(), false)]);
    // A tick that began before comes to its end.
    world.bot.store().save_board(world.bot.now(), &before).await.unwrap();
    assert_eq!(shown().await.len(), 2);
    let standings =
        |board: Vec<Standing>| board.into_iter().map(|standing| standing.name).collect::<Vec<_>>();
    assert_eq!(standings(world.bot.store().board().await.unwrap()), ["Bob"], "chat is told nothing of it");
    world.let_go().await;
    assert_eq!(shown().await, [("Bob".to_owned(), false)]);
    world.is_forgotten().await;
}

#[tokio::test]
async fn sessions_end_at_once_and_stay_over() {
    let world = World::new().await;
    // The first transaction alone.
    world.forget_in_part(1).await;
    assert!(!world.is_signed_in("before").await);
    finish_forgetting(&world.bot.context).await.unwrap();
    assert!(!world.is_signed_in("before").await);
    world.bot.clock.push(Span::seconds(1));
    world.bot.answer(&world.ann, "!points").await;
    assert!(!world.is_signed_in("before").await, "the same viewer, but not the same person to us");
    world.sign_in("after").await;
    assert!(world.is_signed_in("after").await);
    world.bot.answer(&world.ann, "!unlink").await;
    assert!(!world.is_signed_in("before").await && !world.is_signed_in("after").await);
}

#[tokio::test]
async fn a_second_click_and_a_stranger_change_nothing() {
    let world = World::new().await;
    let stranger = ViewerId::new("nobody").unwrap();
    let outcome = on_forget(&world.bot.context, &click("stranger"), &stranger).await.unwrap();
    assert_eq!((outcome, world.bot.outbox(&click("stranger")).await.len()), (Outcome::Ignored, 0));
    assert_eq!(world.forget("forget").await, Outcome::Done);
    assert_eq!(world.forget("forget").await, Outcome::Duplicate);
    assert_eq!(world.forget("another").await, Outcome::Ignored, "nobody is known by that id");
    assert_eq!(world.bot.outbox(&click("forget")).await.len(), 1, "a receipt, with nothing to say");
    // A copy of the click must not forget whoever comes back.
    world.bot.answer(&world.ann, "!points").await;
    assert_eq!(world.forget("forget").await, Outcome::Duplicate);
    assert_eq!(world.balance().await, Some(100));
}

#[tokio::test]
async fn whoever_has_done_nothing_is_forgotten_too() {
    let world = World::new().await;
    world.forget("forget").await;
    world.bot.clock.push(Span::seconds(1));
    world.bot.endow(&world.ann, 100).await;
    assert_eq!(world.forget("again").await, Outcome::Done);
    world.let_go().await;
    world.is_forgotten().await;
    let waiting = world.bot.queue().await;
    assert_eq!(world.close(&waiting[0], Status::Fulfilled).await, Outcome::Done);
}
