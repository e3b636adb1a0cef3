//! Clicks in the panel, which are decided like commands.

use ownchatbot_testkit::configure::save_reward;
use std::sync::atomic::{AtomicI64, Ordering};

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use ownchatbot_app::click::on_click;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::{AppError, Context};
use ownchatbot_domain::Command;
use ownchatbot_domain::command::SimpleCommand;
use ownchatbot_domain::{LedgerRow, Person, Redemption, Reply, RewardId, Span, Timestamp, Usage};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{event, moderator, person};
use ownchatbot_testkit::faults::Fault;

use crate::{click, clicks, reply_text, uses};

/// A bot with the sample rewards, live, and Ann, who has this many points.
async fn live(balance: i64) -> (Bot, Person) {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, balance).await;
    bot.goes_live().await;
    bot.clock.push(Span::seconds(1));
    (bot, ann)
}

/// What an event has changed, without its id.
#[derive(Debug, PartialEq)]
struct Traces {
    balance: i64,
    ledger: Vec<String>,
    queue: Vec<String>,
    usage: Vec<String>,
    said: Vec<String>,
    hidden: bool,
}

async fn traces(bot: &Bot, ann: &Person, reward: &str, cause: &ownchatbot_domain::EventId) -> Traces {
    let loaded = bot.store().load(&ann.id, Some(&RewardId::new(reward).unwrap())).await.unwrap();
    let ledger = bot.store().ledger(&ann.id).await.unwrap();
    let row = |LedgerRow { at, delta, cause, .. }: LedgerRow| format!("{at:?} {delta:?} {cause:?}");
    let entry = |Redemption { at, reward_name, viewer_name, price, note, stream, status, .. }: Redemption| {
        format!("{at:?} {reward_name} {viewer_name} {price} {note:?} {stream} {status:?}")
    };
    let used = |usage: Usage| {
        let last = usage.last.map(|last| {
            assert_eq!(&last.event, cause);
            last.at
        });
        format!("{} {:?} {} {} {last:?}", usage.count, usage.stream, usage.in_stream, usage.points)
    };
    Traces {
        balance: loaded.account.balance.get(),
        ledger: ledger.into_iter().map(row).collect(),
        queue: bot.queue().await.into_iter().map(entry).collect(),
        usage: vec![used(loaded.everybody), used(loaded.own)],
        said: bot.lines(cause).await,
        hidden: loaded.account.hidden,
    }
}

#[tokio::test]
async fn click_has_the_effects_of_its_command() {
    let mut replies = Vec::new();
    for (reward, argument) in [
        ("hydrate", ""),
        ("song", "Blue *Monday* & <b>"),
        ("red", ""),
        ("charity", "30"),
        ("charity", "all"),
        ("charity", "50%"),
        ("confetti", ""),
    ] {
        let ((chat, ann), (panel, _)) = (live(300).await, live(300).await);
        let typed = format!("!{reward} {argument}");
        chat.hears("m", &ann, &typed).await.unwrap();
        let reply = clicks(&panel, "key", &ann, &uses(reward, argument)).await;
        let by_command = traces(&chat, &ann, reward, &event("m")).await;
        let by_click = traces(&panel, &ann, reward, &click("key")).await;
        assert_eq!(by_click, by_command, "{typed}");
        assert!(by_click.balance < 300 && !by_click.said.is_empty(), "{by_click:?}");
        replies.push(format!("{typed} | {} | {}", by_click.said.join(" / "), reply_text(reply)));
    }
    insta::assert_snapshot!(replies.join("\n"), @r"
    !hydrate  | Ann redeemed hydrate. | hydrate is yours and waits in the queue.
    !song Blue *Monday* & <b> | Ann redeemed song: Blue \*Monday\* &amp; &lt;b\> | song is yours and waits in the queue.
    !red  | Ann voted for red. | Your vote for red counts.
    !charity 30 | Ann gave 30 points to charity: 30 of 1,000. | You gave 30 points to charity. Thank you!
    !charity all | Ann gave 300 points to charity: 300 of 1,000. / charity reached 250: step 250 | You gave 300 points to charity. Thank you!
    !charity 50% | Ann gave 150 points to charity: 150 of 1,000. | You gave 150 points to charity. Thank you!
    !confetti  | Ann redeemed confetti. | confetti is on its way.
    ");
}

#[tokio::test]
async fn leaving_the_boards_by_click_posts_nothing_in_chat() {
    let (bot, ann) = live(10).await;
    let mut replies = Vec::new();
    for shown in [false, true] {
        let key = format!("shown {shown}");
        replies.push(reply_text(
            clicks(&bot, &key, &ann, &Command::Simple(SimpleCommand::OnBoards { shown })).await,
        ));
        let account = bot.store().load(&ann.id, None).await.unwrap().account;
        assert_eq!(account.hidden, !shown);
        assert_eq!(bot.lines(&click(&key)).await, [""; 0]);
    }
    insta::assert_snapshot!(replies.join("\n"), @"
    You are not shown on boards now.
    You are shown on boards now.
    ");
}

#[tokio::test]
async fn signing_out_everywhere_by_click_posts_nothing_in_chat() {
    let (bot, ann) = live(10).await;
    let epoch = async || bot.store().load(&ann.id, None).await.unwrap().profile.unwrap().epoch;
    let before = epoch().await;
    let reply = clicks(&bot, "key", &ann, &Command::Simple(SimpleCommand::Unlink)).await;
    assert_eq!((epoch().await, bot.lines(&click("key")).await.len()), (before + 1, 0));
    insta::assert_snapshot!(reply_text(reply), @"Every panel of yours is signed out.");
}

#[tokio::test]
async fn refused_click_returns_the_reason() {
    let (bot, ann) = live(60).await;
    let mut replies = Vec::new();
    for (reward, argument) in [
        ("song", "x"),
        ("song", ""),
        ("confetti", ""),
        ("charity", "x"),
        ("charity", ""),
        ("charity", "0"),
        ("charity", "61"),
        ("charity", "1%"),
        ("never-heard-of", ""),
    ] {
        let key = format!("{reward} {argument}");
        let reply = clicks(&bot, &key, &ann, &uses(reward, argument)).await;
        assert!(!reply.done, "{reply:?}");
        replies.push(format!("{key}: {}", reply_text(reply)));
        // The refusal leaves a receipt, and nothing in chat.
        let receipts = bot.outbox(&click(&key)).await;
        assert_eq!((receipts.len(), bot.lines(&click(&key)).await.len()), (1, 0));
    }
    assert_eq!((bot.balance(&ann.id).await, bot.queue().await.len()), (60, 0));
    insta::assert_snapshot!(replies.join("\n"), @"
    song x: no: song costs 100 points and you need 40 more.
    song : no: Add a note for song. Nothing was taken.
    confetti : no: confetti costs 75 points and you need 15 more.
    charity x: no: charity stands at 0 of 1,000 points. Give a number such as 50, a share such as 10%, or all.
    charity : no: charity stands at 0 of 1,000 points. Give a number such as 50, a share such as 10%, or all.
    charity 0: no: charity stands at 0 of 1,000 points. Give a number such as 50, a share such as 10%, or all.
    charity 61: no: You need 1 more point to give 61.
    charity 1%: no: That would be less than one point.
    never-heard-of : no: That is not there any more. Load the page again to see what is.
    ");
}

#[tokio::test]
async fn click_on_a_deleted_reward_is_refused() {
    let (bot, ann) = live(100).await;
    bot.table.remove("CONFIG", "REWARD#hydrate").await;
    bot.clock.push(Span::seconds(5));
    let reply = clicks(&bot, "key", &ann, &uses("hydrate", "")).await;
    insta::assert_snapshot!(reply_text(reply), @"no: That is not there any more. Load the page again to see what is.");
    assert_eq!(bot.balance(&ann.id).await, 100);
}

#[tokio::test]
async fn click_of_a_banned_viewer_is_refused() {
    let (bot, ann) = live(100).await;
    bot.table.tamper("VIEWER#id-Ann", "PROFILE", "banned", AttributeValue::Bool(true)).await;
    let reply = clicks(&bot, "key", &ann, &uses("hydrate", "")).await;
    insta::assert_snapshot!(reply_text(reply), @"no: You are banned from this chat, so nothing can be used here.");
    assert!(
        !clicks(&bot, "boards", &ann, &Command::Simple(SimpleCommand::OnBoards { shown: false })).await.done
    );
    assert_eq!((bot.balance(&ann.id).await, bot.queue().await.len()), (100, 0));
    assert_eq!(bot.lines(&click("key")).await, [""; 0]);
}

/// Somebody else may be using the viewer's panel, so a banned viewer too must be able to end its sessions.
#[tokio::test]
async fn banned_viewer_can_sign_out_everywhere() {
    let (bot, ann) = live(100).await;
    let epoch = async || bot.store().load(&ann.id, None).await.unwrap().profile.unwrap().epoch;
    let before = epoch().await;
    bot.table.tamper("VIEWER#id-Ann", "PROFILE", "banned", AttributeValue::Bool(true)).await;
    assert!(clicks(&bot, "key", &ann, &Command::Simple(SimpleCommand::Unlink)).await.done);
    assert_eq!(epoch().await, before + 1);
}

#[tokio::test]
async fn erased_viewer_is_not_called_banned() {
    let (bot, ann) = live(100).await;
    // The ledger stays, so the totals do not match.
    bot.table.allow_violations();
    for item in ["PROFILE", "BALANCE"] {
        bot.table.remove("VIEWER#id-Ann", item).await;
    }
    for (key, command) in [("a", uses("hydrate", "")), ("b", Command::Simple(SimpleCommand::Unlink))] {
        let gone = "no: That is not there any more. Load the page again to see what is.";
        assert_eq!(reply_text(clicks(&bot, key, &ann, &command).await), gone);
    }
    assert_eq!(bot.table.item("VIEWER#id-Ann", "BALANCE").await, None);
}

#[tokio::test]
async fn current_rights_decide() {
    let (bot, _) = live(0).await;
    let meg = moderator("Meg");
    bot.endow(&meg, 100).await;
    let reward = ownchatbot_domain::Reward {
        access: ownchatbot_domain::reward::Access::Moderators,
        ..ownchatbot_testkit::builders::redeem("mods", 5)
    };
    save_reward(bot.store(), &reward, None).await.unwrap();
    bot.clock.push(Span::seconds(5));
    assert!(clicks(&bot, "a", &meg, &uses("mods", "")).await.done);
    bot.hears("m", &person("Meg"), "hello").await.unwrap();
    let reply = clicks(&bot, "b", &meg, &uses("mods", "")).await;
    insta::assert_snapshot!(reply_text(reply), @"no: mods is for moderators.");
}

#[tokio::test]
async fn repeated_form_returns_the_first_reply_and_changes_nothing() {
    let (bot, ann) = live(120).await;
    for (key, command) in [
        ("redeem", uses("hydrate", "")),
        ("vote", uses("red", "")),
        ("goal", uses("charity", "10")),
        ("boards", Command::Simple(SimpleCommand::OnBoards { shown: false })),
        ("everywhere", Command::Simple(SimpleCommand::Unlink)),
        // The reply to each is kept, refusals too.
        ("too dear", uses("song", "x")),
        ("gone", uses("never-heard-of", "")),
    ] {
        let first = clicks(&bot, key, &ann, &command).await;
        let before = bot.table.items().await;
        for _ in 0..2 {
            assert_eq!(clicks(&bot, key, &ann, &command).await, first, "{key}");
        }
        // It is the same in another process, and with another command.
        let again = on_click(&bot.another_process(), &click(key), &ann.id, &uses("blue", "")).await;
        assert_eq!(again.unwrap(), first, "{key}");
        assert_eq!(bot.table.items().await, before, "{key}");
    }
}

#[tokio::test]
async fn refused_click_stays_refused_when_points_arrive() {
    let (bot, ann) = live(10).await;
    let refused = clicks(&bot, "key", &ann, &uses("hydrate", "")).await;
    assert!(!refused.done);
    bot.endow(&ann, 500).await;
    assert_eq!(clicks(&bot, "key", &ann, &uses("hydrate", "")).await, refused);
    assert_eq!((bot.balance(&ann.id).await, bot.queue().await.len()), (500, 0));
    assert!(clicks(&bot, "another", &ann, &uses("hydrate", "")).await.done);
}

#[tokio::test]
async fn concurrent_copies_of_one_click_spend_once() {
    for faults in [false, true] {
        let (bot, ann) = live(1000).await;
        if faults {
            bot.faults.at_random(20, &[Fault::Conflict, Fault::LostAnswer, Fault::Throttled], 7);
        }
        let processes: Vec<_> = (0..4).map(|_| bot.another_process()).collect();
        let (key, command) = (click("key"), uses("hydrate", ""));
        let copies = (0..20).map(|n| on_click(&processes[n % 4], &key, &ann.id, &command));
        let replies: Vec<Reply<String>> = join_all(copies).await.into_iter().map(Result::unwrap).collect();
        bot.faults.stop();
        let yours = Reply { done: true, line: "hydrate is yours and waits in the queue.".to_owned() };
        assert_eq!(replies, vec![yours; 20]);
        assert_eq!((bot.balance(&ann.id).await, bot.queue().await.len()), (950, 1));
        assert_eq!(bot.lines(&key).await, ["Ann redeemed hydrate."]);
    }
}

#[tokio::test]
async fn concurrent_clicks_and_commands_never_exceed_the_balance() {
    let (bot, ann) = live(150).await;
    let keys: Vec<_> = (0..10).map(|n| click(&format!("key {n}"))).collect();
    let command = uses("hydrate", "");
    let clicked = join_all(keys.iter().map(|key| on_click(&bot.context, key, &ann.id, &command)));
    let typed = join_all((0..10).map(|_| bot.answer(&ann, "!hydrate")));
    let (clicked, typed) = tokio::join!(clicked, typed);
    let clicked = clicked.into_iter().filter(|reply| reply.as_ref().unwrap().done).count();
    let typed = typed.into_iter().filter(|lines| lines == &["Ann redeemed hydrate."]).count();
    assert_eq!((clicked + typed, bot.queue().await.len(), bot.balance(&ann.id).await), (3, 3, 0));
}

#[tokio::test]
async fn click_changes_nothing_when_the_table_is_busy() {
    let (mut bot, ann) = live(80).await;
    bot.context.deadline = std::time::Duration::from_millis(100);
    bot.faults.plan(|operation| (operation == "TransactWriteItems").then_some(Fault::Conflict));
    let failed = on_click(&bot.context, &click("key"), &ann.id, &uses("hydrate", "")).await;
    assert!(matches!(failed, Err(AppError::Contended { .. })), "{failed:?}");
    bot.faults.stop();
    assert_eq!((bot.balance(&ann.id).await, bot.outbox(&click("key")).await.len()), (80, 0));
    assert!(clicks(&bot, "key", &ann, &uses("hydrate", "")).await.done);
}

/// A clock that moves on by a millisecond each time it is read.
struct Running(AtomicI64);

impl Clock for Running {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

/// The alert, the receipt and the cooldown of a click are found by its time, so it must be the same in all of
/// them.
#[tokio::test]
async fn all_rows_of_a_click_have_the_same_time() {
    let (bot, ann) = live(1000).await;
    let context = Context::new(bot.table.store.clone(), Running(AtomicI64::new(bot.now().ms())));
    on_click(&context, &click("key"), &ann.id, &uses("song", "Blue Monday")).await.unwrap();
    let entry = bot.queue().await.remove(0);
    assert_eq!(bot.store().handled_at(&click("key")).await.unwrap(), Some(entry.at));
    let alert = format!("{}#click:key#0", entry.at.sortable());
    assert!(bot.table.item("ALERTS", &alert).await.is_some(), "{:?}", bot.table.items().await);
    let song = bot.store().load(&ann.id, Some(&RewardId::new("song").unwrap())).await.unwrap();
    assert_eq!(song.everybody.last.unwrap().at, entry.at);
}
