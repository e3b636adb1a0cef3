//! Commands that only ask: uptime, watch time, streak and leaderboard.

use ownchatbot_app::stream;
use ownchatbot_app::tick::on_tick;
use ownchatbot_domain::{Person, Span};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::person;
use ownchatbot_testkit::scripted::ScriptedOwncast;

/// Runs a points tick, ten minutes later.
async fn tick(bot: &Bot, people: &[Person]) {
    let owncast = ScriptedOwncast::default();
    owncast.watched_by(people);
    bot.clock.push(Span::minutes(10));
    on_tick(&bot.context, &owncast, bot.now()).await.unwrap();
}

#[tokio::test]
async fn uptime_counts_from_the_start_of_the_stream() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    assert_eq!(bot.answer(&ann, "!uptime").await, ["[The stream is offline.]"]);
    bot.goes_live().await;
    bot.clock.push(Span::minutes(65));
    assert_eq!(bot.answer(&ann, "!uptime").await, ["[The stream has been live for 1 h 5 min.]"]);
    bot.goes_offline().await;
    assert_eq!(bot.answer(&ann, "!uptime").await, ["[The stream is offline.]"]);
}

#[tokio::test]
async fn uptime_is_zero_when_owncasts_clock_is_ahead() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    let ahead = bot.now().saturating_add(Span::minutes(3));
    stream::on_started(&bot.context, &bot.fresh_event(), ahead, "A stream").await.unwrap();
    assert_eq!(bot.answer(&ann, "!uptime").await, ["[The stream has been live for 0 s.]"]);
}

#[tokio::test]
async fn watching_counts_for_watch_time_streak_and_board() {
    let (bot, ann, bob) = (Bot::new().await, person("Ann"), person("Bob"));
    assert_eq!(
        bot.answer(&ann, "!top").await,
        ["[Nobody is on the board yet. It fills while people watch the stream.]"]
    );
    assert_eq!(
        bot.answer(&ann, "!watchtime").await,
        ["[Ann, you have not watched yet. Time counts while you are in chat and the stream is live.]"]
    );
    assert_eq!(
        bot.answer(&ann, "!streak").await,
        ["[Ann, you have no streak yet. Watch a stream for 10 min to begin one.]"]
    );
    bot.endow(&bob, 500).await;
    bot.goes_live().await;
    for _ in 0..3 {
        tick(&bot, &[ann.clone(), bob.clone()]).await;
    }
    tick(&bot, std::slice::from_ref(&ann)).await;
    assert_eq!(bot.answer(&ann, "!watchtime").await, ["[Ann, you have watched for 40 min in all.]"]);
    assert_eq!(
        bot.answer(&ann, "!streak").await,
        [
            "[Ann, your streak is 1 and your best 1. The next stream brings 10 points, and from 5 in a row each brings 25.]"
        ]
    );
    assert_eq!(bot.answer(&ann, "!top").await, ["[Most points: 1. Bob 530, 2. Ann 140]"]);
    assert_eq!(bot.answer(&ann, "!TOP watchtime").await, ["[Longest watched: 1. Ann 40 min, 2. Bob 30 min]"]);
}

#[tokio::test]
async fn viewer_can_leave_the_board_and_return() {
    let (bot, ann, bob) = (Bot::new().await, person("Ann"), person("Bob"));
    bot.goes_live().await;
    tick(&bot, &[ann.clone(), bob.clone()]).await;
    assert_eq!(
        bot.answer(&bob, "!top off").await,
        ["[Bob, you are not shown on boards. !top on changes that.]"]
    );
    assert_eq!(bot.answer(&ann, "!top").await, ["[Most points: 1. Ann 110]"]);
    assert_eq!(
        bot.answer(&bob, "!top").await,
        ["[Most points: 1. Ann 110. You are not shown; !top on changes that.]"]
    );
    tick(&bot, &[ann.clone(), bob.clone()]).await;
    assert_eq!(
        bot.answer(&ann, "!top").await,
        ["[Most points: 1. Ann 120]"],
        "a tick does not bring them back"
    );
    assert!(bot.store().load(&bob.id, None).await.unwrap().account.hidden);
    bot.answer(&bob, "!top on").await;
    tick(&bot, &[ann.clone(), bob]).await;
    assert_eq!(bot.answer(&ann, "!top").await, ["[Most points: 1. Ann 130, 2. Bob 130]"]);
}
