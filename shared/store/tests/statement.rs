//! What pages show of a viewer: statements in pages, names, the viewer's usage of rewards, and the history.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use ownchatbot_app::queue;
use ownchatbot_domain::reward::{Kind, Special};
use ownchatbot_domain::{
    Action, Cause, Change, Decision, Delta, EventId, LedgerChange, LedgerRow, Person, RewardId, Source, Span,
    Status, ViewerId,
};
use ownchatbot_store::{Commit, LedgerCursor, Statement};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{crowd, event, person, points, redeem, reward};

/// Ann with the welcome and `many` donations after it, three of them at the same time each.
async fn donations(many: i64) -> (Bot, Person, Vec<LedgerRow>) {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 100).await;
    for n in 1..=many {
        if n % 3 == 1 {
            bot.clock.push(Span::from_ms(1));
        }
        let event = EventId::new(Source::Payment, format!("pay-{n:04}")).unwrap();
        let change = Change::Ledger(LedgerChange::Move {
            viewer: ann.id.clone(),
            delta: Delta::new(n).unwrap(),
            cause: Cause::Donation,
        });
        let decision = Decision::change(change);
        let commit = bot.store().commit(Some(&event), bot.now(), &decision).await.unwrap();
        assert_eq!(commit, Commit::Applied);
    }
    let mut newest_first = bot.store().ledger(&ann.id).await.unwrap();
    newest_first.reverse();
    (bot, ann, newest_first)
}

/// All pages of `limit` rows, the newest first.
async fn pages(bot: &Bot, viewer: &ViewerId, limit: usize) -> Vec<Vec<LedgerRow>> {
    let (mut pages, mut place) = (Vec::new(), None::<LedgerCursor>);
    loop {
        let page = bot.store().statement(viewer, place.as_ref(), limit).await.unwrap();
        pages.push(page.rows);
        // As it comes back from a URL.
        let Some(next) = page.next.map(|next| next.to_string()) else { return pages };
        place = Some(next.parse().unwrap());
    }
}

#[tokio::test]
async fn statement_pages_cover_the_whole_ledger() {
    let (bot, ann, all) = donations(20).await;
    for limit in [1, 2, 3, 7, 20, 21, 22, 1000] {
        let pages = pages(&bot, &ann.id, limit).await;
        assert!(pages.iter().all(|page| page.len() <= limit && !page.is_empty()), "{limit}");
        assert_eq!(pages.len(), all.len().div_ceil(limit), "no empty page at the end: {limit}");
        assert_eq!(pages.concat(), all, "{limit}");
    }
}

#[tokio::test]
async fn page_takes_one_request_and_is_stable_under_new_rows() {
    let (bot, ann, all) = donations(9).await;
    bot.faults.reset();
    let first = bot.store().statement(&ann.id, None, 4).await.unwrap();
    assert_eq!((bot.faults.total(), first.rows.as_slice()), (1, &all[..4]));
    bot.clock.push(Span::seconds(1));
    bot.answer(&ann, "!hydrate").await;
    let second = bot.store().statement(&ann.id, first.next.as_ref(), 4).await.unwrap();
    assert_eq!(second.rows, all[4..8]);
}

#[tokio::test]
async fn cursor_need_not_be_an_existing_row() {
    let (bot, ann, all) = donations(6).await;
    let from = |text: &str| text.parse::<LedgerCursor>().unwrap();
    let after_all = from("9999999999999-click:z");
    assert_eq!(bot.store().statement(&ann.id, Some(&after_all), 100).await.unwrap().rows, all);
    let before_all = from("0000000000000-bot:a");
    assert_eq!(bot.store().statement(&ann.id, Some(&before_all), 100).await.unwrap(), Statement::default());
    // Between two rows of the same time.
    let between = from(&format!("{}-payment:pay-0005x", bot.now().sortable()));
    assert_eq!(bot.store().statement(&ann.id, Some(&between), 100).await.unwrap().rows, all[1..]);
    let unknown = ViewerId::new("unknown").unwrap();
    assert_eq!(bot.store().statement(&unknown, None, 100).await.unwrap(), Statement::default());
    let place = LedgerCursor::of(&all[0]);
    let others = bot.store().statement(&unknown, Some(&place), 100).await.unwrap();
    assert_eq!(others, Statement::default(), "a cursor of another viewer's ledger shows nothing of it");
}

#[tokio::test]
async fn names_of_known_viewers_are_read() {
    let (bot, people) = (Bot::new().await, crowd(120));
    for person in &people[..110] {
        bot.endow(person, 100).await;
    }
    let ids: Vec<ViewerId> = people.iter().chain(&people).map(|person| person.id.clone()).collect();
    bot.faults.reset();
    let names = bot.store().names(&ids).await.unwrap();
    assert_eq!((names.len(), bot.faults.total()), (110, 2));
    assert_eq!(names[&people[7].id], "Viewer7");
    assert_eq!(bot.store().names(&[]).await.unwrap().len(), 0);
}

#[tokio::test]
async fn viewer_usages_are_read_by_reward() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 1000).await;
    for line in ["!hydrate", "!hydrate", "!red"] {
        bot.answer(&ann, line).await;
    }
    bot.answer(&person("Bob"), "!charity 5").await;
    let id = |name: &str| RewardId::new(name).unwrap();
    let rewards = ["hydrate", "red", "charity", "red"].map(id);
    let uses = bot.store().viewer_usages(&ann.id, &rewards).await.unwrap();
    assert_eq!(uses.len(), 2);
    assert_eq!((uses[&id("hydrate")].count, uses[&id("hydrate")].points), (2, points(100)));
    assert_eq!(uses[&id("red")].count, 1);
}

#[tokio::test]
async fn history_lists_finished_redemptions_newest_first() {
    let confetti = Kind::Special(Special { action: Action::Alert("confetti".to_owned()) });
    let bot = Bot::with_rewards(&[redeem("hydrate", 1), reward("confetti", 1, confetti)]).await;
    let ann = person("Ann");
    bot.endow(&ann, 1000).await;
    let finished = async |limit| {
        let found = bot.store().finished(bot.now(), limit).await.unwrap();
        found.into_iter().map(|entry| entry.note.unwrap_or(entry.event.id().to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(finished(10).await, [""; 0]);
    // On 10 September, in October, and in December.
    for (month, days) in [("sep", 0), ("oct", 30), ("dec", 60)] {
        bot.clock.push(Span::days(days));
        for n in 0..2 {
            bot.clock.push(Span::seconds(1));
            bot.hears(&format!("{month}-{n}"), &ann, "!confetti").await.unwrap();
        }
        bot.hears(&format!("{month}-waits"), &ann, "!hydrate").await.unwrap();
        let expect = match month {
            "sep" => vec!["sep-1", "sep-0"],
            "oct" => vec!["oct-1", "oct-0", "sep-1", "sep-0"],
            _ => vec!["dec-1", "dec-0"],
        };
        assert_eq!(finished(10).await, expect, "{month}: no further back than the month before");
        assert_eq!(finished(1).await, expect[..1]);
        assert_eq!(finished(0).await, [""; 0]);
    }
    let waiting = bot.queue().await.pop().unwrap();
    queue::on_close(&bot.context, &event("done"), &waiting.key(), Status::Fulfilled).await.unwrap();
    assert_eq!(finished(10).await, ["dec-waits", "dec-1", "dec-0"], "sorted by when it was paid for");
    bot.faults.reset();
    assert_eq!(finished(3).await.len(), 3);
    assert_eq!(bot.faults.total(), 1, "the month before is read only if needed");
}
