//! Points for watching: each viewer is paid once for each slot, under concurrency and faults too.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use futures_util::future::join_all;
use ownchatbot_app::RunError;
use ownchatbot_app::tick::{TickReport, on_tick};
use ownchatbot_app::{AppError, presence};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::settings::{Multipliers, Percent, PointsSettings};
use ownchatbot_domain::{Account, Cause, Person, Span, StreamId};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{crowd, moderator, person, points};
use ownchatbot_testkit::configure::save_section;
use ownchatbot_testkit::faults::Fault;
use ownchatbot_testkit::scripted::ScriptedOwncast;
use tokio::sync::oneshot;

const TICK: Span = Span::minutes(10);

/// A bot whose stream is live, with `people` in chat.
async fn live(people: &[Person]) -> (Bot, ScriptedOwncast, StreamId) {
    let (bot, owncast) = (Bot::with_rewards(&[]).await, ScriptedOwncast::default());
    owncast.watched_by(people);
    let stream = bot.goes_live().await;
    (bot, owncast, stream)
}

/// Runs the next tick, ten minutes later.
async fn tick(bot: &Bot, owncast: &ScriptedOwncast) -> TickReport {
    bot.clock.push(TICK);
    again(bot, owncast).await
}

/// Runs a tick at the current time: the same one again, unless the clock was moved.
async fn again(bot: &Bot, owncast: &ScriptedOwncast) -> TickReport {
    on_tick(&bot.context, owncast, bot.now()).await.unwrap()
}

async fn account(bot: &Bot, person: &Person) -> Account {
    bot.store().load(&person.id, None).await.unwrap().account
}

fn report(present: usize, paid: usize) -> TickReport {
    TickReport { live: true, present, paid }
}

#[tokio::test]
async fn nobody_is_paid_while_the_stream_is_offline() {
    let bot = Bot::with_rewards(&[]).await;
    let owncast = ScriptedOwncast::default();
    owncast.watched_by(&[person("Ann")]);
    bot.faults.reset();
    assert_eq!(tick(&bot, &owncast).await, TickReport::default());
    assert_eq!(bot.faults.total(), 1, "one read of the stream's state");
    bot.goes_live().await;
    bot.clock.push(Span::minutes(1));
    bot.goes_offline().await;
    assert_eq!(tick(&bot, &owncast).await, TickReport::default());
    assert_eq!(bot.table.item("VIEWER#id-Ann", "BALANCE").await, None);
}

#[tokio::test]
async fn viewer_with_several_tabs_is_paid_once() {
    let ann = person("Ann");
    let (bot, owncast, stream) = live(&[ann.clone(), person("Bob"), ann.clone(), ann.clone()]).await;
    assert_eq!(tick(&bot, &owncast).await, report(2, 2));
    assert_eq!(tick(&bot, &owncast).await, report(2, 2));
    let account = account(&bot, &ann).await;
    assert_eq!((account.balance, account.watched_seconds), (points(120), 1200));
    let open = account.open.unwrap();
    assert_eq!((open.stream, open.points, open.seconds), (stream, points(20), 1200));
    assert_eq!(bot.verify_totals().await, 240);
}

#[tokio::test]
async fn bots_and_banned_viewers_earn_nothing() {
    let machine = Person { bot: true, ..person("Machine") };
    let banned = Person { banned: true, ..person("Banned") };
    let (bot, owncast, _) = live(&[machine, banned, person("Ann")]).await;
    assert_eq!(tick(&bot, &owncast).await, report(1, 1));
    for id in ["id-Machine", "id-Banned"] {
        assert_eq!(bot.table.item(&format!("VIEWER#{id}"), "BALANCE").await, None);
    }
}

#[tokio::test]
async fn multipliers_of_moderators_members_and_authenticated_viewers_apply() {
    let (mod_, auth) = (moderator("Mod"), Person { authenticated: true, ..person("Auth") });
    let (bot, owncast, _) = live(&[mod_.clone(), auth.clone(), person("Ann"), person("Member")]).await;
    let percent = |n| Percent::new(n).unwrap();
    let settings = PointsSettings {
        per_tick: points(11),
        multipliers: Multipliers { moderator: percent(0), authenticated: percent(150), member: percent(200) },
        ..PointsSettings::default()
    };
    save_section(bot.store(), &Section::Points(settings.clone()), 0).await.unwrap();
    bot.clock.push(Span::seconds(5));
    bot.endow(&person("Member"), 100).await;
    let until = bot.now().saturating_add(Span::days(1)).ms();
    let until = aws_sdk_dynamodb::types::AttributeValue::N(until.to_string());
    bot.table.tamper("VIEWER#id-Member", "BALANCE", "member_until", until).await;
    assert_eq!(tick(&bot, &owncast).await, report(4, 4));
    assert_eq!(tick(&bot, &owncast).await, report(4, 4));
    for (person, expect) in [(mod_, 100), (auth, 132), (person("Ann"), 122), (person("Member"), 144)] {
        let account = account(&bot, &person).await;
        assert_eq!((account.balance.get(), account.watched_seconds), (expect, 1200), "{}", person.name);
    }
}

#[tokio::test]
async fn new_viewer_is_welcomed_and_paid_in_one_transaction() {
    let (bot, owncast, _) = live(&[person("Ann")]).await;
    bot.faults.reset();
    assert_eq!(tick(&bot, &owncast).await, report(1, 1));
    assert_eq!(bot.faults.requests().get("TransactWriteItems"), Some(&1));
    assert_eq!(account(&bot, &person("Ann")).await.balance, points(110));
    let rows = bot.store().ledger(&person("Ann").id).await.unwrap();
    let causes: Vec<_> = rows.iter().map(|row| (row.cause.clone(), row.delta.get())).collect();
    assert_eq!(causes, [(Cause::Gift(None), 100)], "the tick is in the open row");
    assert_eq!(bot.answer(&person("Ann"), "!points").await, ["[Ann, you have 110 points]"]);
}

#[tokio::test]
async fn viewer_who_joins_during_a_tick_is_welcomed_once_and_paid_once() {
    for _ in 0..5 {
        let people = crowd(4);
        let (bot, owncast, _) = live(&people).await;
        bot.clock.push(TICK);
        let process = bot.another_process();
        let joins = join_all(people.iter().map(|person| presence::on_joined(&process, person)));
        let (paid, joined) = tokio::join!(again(&bot, &owncast), joins);
        assert_eq!(paid, report(4, 4));
        assert!(joined.iter().all(Result::is_ok), "{joined:?}");
        assert_eq!(bot.verify_totals().await, 4 * 110);
    }
}

#[tokio::test]
async fn same_slot_pays_once() {
    let people = crowd(30);
    let (bot, owncast, _) = live(&people).await;
    tick(&bot, &owncast).await;
    assert_eq!(again(&bot, &owncast).await, report(30, 0));
    assert_eq!(tick(&bot, &owncast).await, report(30, 30));
    assert_eq!(again(&bot, &owncast).await, report(30, 0));
    // An older slot that comes late pays no viewer either.
    let late = bot.now().saturating_sub(Span::minutes(5));
    assert_eq!(on_tick(&bot.context, &owncast, late).await.unwrap(), report(30, 0));
    assert_eq!(bot.verify_totals().await, 30 * 120);
}

#[tokio::test]
async fn concurrent_runs_of_one_slot_pay_once() {
    let (bot, owncast, _) = live(&crowd(30)).await;
    for times in 1..=2 {
        bot.clock.push(TICK);
        let (one, two) = tokio::join!(again(&bot, &owncast), again(&bot, &owncast));
        assert_eq!(one.paid + two.paid, 30);
        assert_eq!(bot.verify_totals().await, 30 * (100 + 10 * times));
    }
}

#[tokio::test]
async fn killed_tick_pays_the_rest_when_run_again() {
    let mut half_way = 0;
    for after in 1..=8 {
        let (bot, owncast, _) = live(&crowd(120)).await;
        tick(&bot, &owncast).await;
        bot.clock.push(TICK);
        // The process dies in the middle: no request after this many arrives.
        let (mut left, (end, ended)) = (after, oneshot::channel());
        let mut end = Some(end);
        bot.faults.plan(move |_| {
            left -= 1;
            let gone = (left < 0).then_some(Fault::Unreachable);
            gone.and_then(|_| end.take()).map(|end| end.send(()));
            gone
        });
        tokio::select! {
            _ = ended => {}
            done = on_tick(&bot.context, &owncast, bot.now()) => assert!(done.is_err(), "{done:?}"),
        }
        bot.faults.stop();
        let paid = (bot.verify_totals().await - 120 * 110) / 10;
        half_way += usize::from(0 < paid && paid < 120);
        again(&bot, &owncast).await;
        assert_eq!(bot.verify_totals().await, 120 * 120, "killed after {after}, when {paid} were paid");
        assert_eq!(again(&bot, &owncast).await, report(120, 0));
    }
    assert!(half_way >= 3, "only {half_way} runs were killed half-way");
}

#[tokio::test]
async fn first_tick_of_a_stream_closes_the_open_row_of_the_last_stream() {
    let ann = person("Ann");
    let (bot, owncast, first) = live(std::slice::from_ref(&ann)).await;
    for _ in 0..3 {
        tick(&bot, &owncast).await;
    }
    let last_tick = bot.now();
    bot.goes_offline().await;
    bot.clock.push(Span::days(1));
    let second = bot.goes_live().await;
    assert_eq!(tick(&bot, &owncast).await, report(1, 1));
    let rows = bot.store().ledger(&ann.id).await.unwrap();
    let closed = rows.last().unwrap();
    assert_eq!((&closed.cause, closed.delta.get(), closed.at), (&Cause::Watching(first), 30, last_tick));
    let account = account(&bot, &ann).await;
    assert_eq!((account.balance, account.watched_seconds), (points(140), 2400));
    assert_eq!(account.open.map(|open| (open.stream, open.points)), Some((second, points(10))));
    assert_eq!(again(&bot, &owncast).await, report(1, 0));
    assert_eq!(bot.verify_totals().await, 140);
}

#[tokio::test]
async fn points_earned_between_reading_and_closing_a_row_are_kept() {
    for _ in 0..5 {
        let (bot, owncast, _) = live(&crowd(3)).await;
        tick(&bot, &owncast).await;
        bot.clock.push(TICK);
        bot.goes_live().await;
        bot.clock.push(TICK);
        let slot = bot.now();
        let (a, b) = tokio::join!(
            on_tick(&bot.context, &owncast, slot),
            on_tick(&bot.context, &owncast, slot.saturating_add(Span::seconds(1)))
        );
        let paid = a.unwrap().paid + b.unwrap().paid;
        let points = bot.verify_totals().await;
        assert_eq!(points, 3 * 110 + 10 * i64::try_from(paid).unwrap());
    }
}

#[tokio::test]
async fn concurrent_spending_and_earning_both_apply() {
    let people = crowd(20);
    let bot = Bot::new().await;
    let owncast = ScriptedOwncast::default();
    owncast.watched_by(&people);
    for person in &people {
        bot.endow(person, 100).await;
    }
    bot.goes_live().await;
    tick(&bot, &owncast).await;
    bot.clock.push(TICK);
    let spending = join_all(people.iter().map(|person| bot.hears(&person.name, person, "!hydrate")));
    let (paid, spent) = tokio::join!(again(&bot, &owncast), spending);
    assert_eq!(paid, report(20, 20));
    assert!(spent.iter().all(Result::is_ok));
    assert_eq!(bot.verify_totals().await, 20 * (100 + 20 - 50));
}

#[tokio::test]
async fn tick_pays_everybody_under_faults() {
    const FAULTS: &[Fault] =
        &[Fault::Conflict, Fault::Throttled, Fault::LostAnswer, Fault::Unreachable, Fault::Partly];
    for seed in 1..=3 {
        let (bot, owncast, _) = live(&crowd(150)).await;
        bot.faults.at_random(25, FAULTS, seed);
        for _ in 0..2 {
            tick(&bot, &owncast).await;
        }
        bot.faults.stop();
        assert!(bot.faults.happened() > 10);
        assert_eq!(again(&bot, &owncast).await, report(150, 0), "every viewer was paid");
        assert_eq!(bot.verify_totals().await, 150 * 120);
    }
}

#[tokio::test]
async fn partly_executed_batches_are_completed() {
    let (bot, owncast, _) = live(&crowd(60)).await;
    tick(&bot, &owncast).await;
    let mut batches = 0;
    bot.faults.plan(move |_| {
        batches += 1;
        (batches % 3 != 0).then_some(Fault::Partly)
    });
    tick(&bot, &owncast).await;
    bot.faults.stop();
    assert_eq!(again(&bot, &owncast).await, report(60, 0), "every viewer was paid");
    assert_eq!(bot.verify_totals().await, 60 * 120);
}

#[tokio::test]
async fn full_account_does_not_block_a_tick() {
    let (bot, owncast, _) = live(&[person("Rich"), person("Ann")]).await;
    let limit = ownchatbot_domain::Points::MAX.get();
    bot.endow(&person("Rich"), limit - 9).await;
    assert_eq!(tick(&bot, &owncast).await, report(2, 1));
    assert_eq!(tick(&bot, &owncast).await, report(2, 1));
    assert_eq!(bot.balance(&person("Rich").id).await, limit - 9);
}

#[tokio::test]
async fn welcome_of_the_largest_balance_keeps_totals_correct() {
    let (bot, owncast, _) = live(&[person("Ann")]).await;
    let welcome = ownchatbot_domain::Points::MAX;
    let settings = PointsSettings { welcome, ..PointsSettings::default() };
    save_section(bot.store(), &Section::Points(settings.clone()), 0).await.unwrap();
    tick(&bot, &owncast).await;
    assert_eq!(bot.verify_totals().await, welcome.get());
}

#[tokio::test]
async fn tick_without_points_counts_watch_time() {
    let (bot, owncast, _) = live(&[person("Ann")]).await;
    let settings = PointsSettings { per_tick: points(0), ..PointsSettings::default() };
    save_section(bot.store(), &Section::Points(settings.clone()), 0).await.unwrap();
    for _ in 0..2 {
        assert_eq!(tick(&bot, &owncast).await, report(1, 1));
    }
    let account = account(&bot, &person("Ann")).await;
    assert_eq!((account.balance, account.watched_seconds), (points(100), 1200));
}

#[tokio::test]
async fn tick_returns_an_error_when_the_table_fails() {
    let (bot, owncast, _) = live(&[person("Ann")]).await;
    bot.faults.plan(|_| Some(Fault::Throttled));
    let failed = on_tick(&bot.context, &owncast, bot.now()).await;
    assert!(matches!(failed, Err(RunError::App(AppError::Store(_)))), "{failed:?}");
}

#[tokio::test]
async fn tick_pays_a_thousand_viewers() {
    let people = crowd(1000);
    let (bot, owncast, _) = live(&people).await;
    assert_eq!(tick(&bot, &owncast).await, report(1000, 1000));
    bot.faults.reset();
    assert_eq!(tick(&bot, &owncast).await, report(1000, 1000));
    let requests = bot.faults.requests();
    // One read more than for the viewers: the accounts on the leaderboard. There are no rewards to sum up.
    assert_eq!((requests["BatchGetItem"], requests["BatchExecuteStatement"]), (10 + 1, 40), "{requests:?}");
    assert!(bot.faults.total() <= 10 + 40 + 9, "the fixed cost does not depend on the viewers: {requests:?}");
    assert_eq!(bot.verify_totals().await, 1000 * 120);
}
