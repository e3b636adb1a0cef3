//! Gifts: points from viewer to viewer.

use futures_util::future::join_all;
use ownchatbot_app::{Outcome, chat};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::settings::GiveSettings;
use ownchatbot_domain::{Cause, Person, Span};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{chat_line, crowd, event, person, points};
use ownchatbot_testkit::faults::Fault;

use crate::set;

/// Ann with 1,000 points and Bob with 100.
async fn two() -> (Bot, Person, Person) {
    let (bot, ann, bob) = (Bot::new().await, person("Ann"), person("Bob"));
    bot.endow(&ann, 1000).await;
    bot.endow(&bob, 100).await;
    (bot, ann, bob)
}

#[tokio::test]
async fn gift_is_in_both_ledgers_and_announced() {
    let (bot, ann, bob) = two().await;
    assert_eq!(bot.hears("m", &ann, "!give @bob 50").await.unwrap(), Outcome::Done);
    assert_eq!(bot.hears("m", &ann, "!give @bob 50").await.unwrap(), Outcome::Duplicate);
    assert_eq!(bot.lines(&event("m")).await, ["Ann gave Bob 50 points."]);
    assert_eq!((bot.balance(&ann.id).await, bot.balance(&bob.id).await), (950, 150));
    let last = async |person: &Person| bot.store().ledger(&person.id).await.unwrap().pop().unwrap();
    let (given, got) = (last(&ann).await, last(&bob).await);
    assert_eq!((given.delta.get(), given.cause), (-50, Cause::Gift(Some(bob.id.clone()))));
    assert_eq!((got.delta.get(), got.cause), (50, Cause::Gift(Some(ann.id.clone()))));
    assert_eq!((given.event, got.event), (event("m"), event("m")));
    assert_eq!(bot.answer(&ann, "!give Bob 10%").await, ["Ann gave Bob 95 points."]);
    assert_eq!(bot.answer(&bob, "!give Ann all").await, ["Bob gave Ann 245 points."]);
    assert_eq!(bot.verify_totals().await, 1100);
}

#[tokio::test]
async fn refused_gifts_move_no_points() {
    let (bot, ann, bob) = two().await;
    let twin = Person { name: "Bob".to_owned(), ..person("Twin") };
    let eve = Person { banned: true, ..person("Eve") };
    bot.endow(&eve, 100).await;
    for (line, answer) in [
        ("!give Zoe 5", "[I don't know anyone called Zoe.]"),
        ("!give Ann 5", "[Ann, those points are yours already. Give them to somebody else.]"),
        ("!give Eve 5", "[Ann, Eve is banned and cannot get points.]"),
        ("!give Bob 1001", "[Ann, give at most 1,000 points at once.]"),
        ("!give Bob many", "[Ann, write a whole number of points, all, or a share such as 10%.]"),
        ("!give Bob", "[Write !give &lt;viewer> &lt;points>, such as !give Ann 50.]"),
    ] {
        assert_eq!(bot.answer(&ann, line).await, [answer]);
    }
    bot.endow(&twin, 7).await;
    let question = "[Several viewers are called Bob. Write the id instead of the name: id:id-Bob with 100, id:id-Twin with 7]";
    assert_eq!(bot.answer(&ann, "!give Bob 5").await, [question]);
    bot.answer(&twin, "!top off").await;
    let question =
        "[Several viewers are called Bob. Write the id instead of the name: id:id-Bob with 100, id:id-Twin]";
    assert_eq!(bot.answer(&ann, "!give Bob 5").await, [question]);
    assert_eq!(bot.answer(&ann, "!give id:id-Twin 5").await, ["Ann gave Bob 5 points."]);
    assert_eq!(bot.answer(&bob, "!give bob 5").await, ["Bob gave Bob 5 points."], "the other Bob");
    assert_eq!((bot.balance(&ann.id).await, bot.balance(&twin.id).await), (995, 17));
}

#[tokio::test]
async fn gifts_have_a_daily_limit() {
    let (bot, ann, _) = two().await;
    set(&bot, Section::Give(GiveSettings { per_day: Some(points(100)), ..GiveSettings::default() })).await;
    assert_eq!(bot.answer(&ann, "!give Bob 70").await, ["Ann gave Bob 70 points."]);
    assert_eq!(
        bot.answer(&ann, "!give Bob 31").await,
        ["[Ann, you can give 30 more points today. A new day begins at midnight UTC.]"]
    );
    assert_eq!(bot.answer(&ann, "!give Bob 30").await, ["Ann gave Bob 30 points."]);
    assert!(bot.answer(&ann, "!give Bob 1").await[0].starts_with("[Ann, you have given 100 points today"));
    // It is 18:00.
    bot.clock.push(Span::minutes(6 * 60));
    assert_eq!(bot.answer(&ann, "!give Bob 100").await, ["Ann gave Bob 100 points."]);
}

#[tokio::test]
async fn concurrent_gifts_in_a_circle_lose_no_points_under_faults() {
    for percent in [0, 20] {
        let bot = Bot::new().await;
        set(&bot, Section::Give(GiveSettings { per_day: Some(points(200)), ..GiveSettings::default() }))
            .await;
        let people = crowd(4);
        for person in &people {
            bot.endow(person, 300).await;
        }
        let faults =
            &[Fault::Conflict, Fault::Throttled, Fault::LostAnswer, Fault::Unreachable, Fault::Partly];
        bot.faults.at_random(percent, faults, 1);
        let lines: Vec<_> = (0..48)
            .map(|n| {
                let (giver, receiver) = (&people[n % 4], &people[(n + 1 + n / 16) % 4]);
                let text = format!("!give {} {}", receiver.name, 15 + n);
                chat_line(&format!("m{n}"), giver, &text, bot.now())
            })
            .collect();
        let outcomes = join_all(lines.iter().map(|line| chat::on_chat(&bot.context, line))).await;
        bot.faults.stop();
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!(bot.verify_totals().await, 4 * 300);
        for person in &people {
            let rows = bot.store().ledger(&person.id).await.unwrap();
            let given = rows.iter().filter(|row| matches!(row.cause, Cause::Gift(Some(_))));
            let given: i64 = given.map(|row| row.delta.get().min(0)).sum();
            assert!((-200..-100).contains(&given), "{} gave {given}", person.name);
        }
    }
}
