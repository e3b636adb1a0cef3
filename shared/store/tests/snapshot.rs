//! The public snapshot, read in three requests.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use ownchatbot_app::live::public_snapshot;
use ownchatbot_domain::{Action, Alert, Decision, Effect, Span};
use ownchatbot_store::ActiveAlert;
use ownchatbot_store::Commit;
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{event, moderator, person, points};

fn every_alert() -> Vec<Alert> {
    let text = ToOwned::to_owned;
    vec![
        Alert::Redeem { viewer: text("Ann"), reward: text("song"), note: Some(text("<b>")) },
        Alert::Redeem { viewer: text("Ann"), reward: text("hydrate"), note: None },
        Alert::Special { name: text("confetti"), viewer: text("Ann"), reward: text("party"), note: None },
        Alert::Milestone { reward: text("charity"), at: points(250), text: text("karaoke") },
        Alert::Goal { reward: text("charity"), target: points(1000) },
        Alert::Follow { name: text("Eve") },
        Alert::Timer { name: String::new() },
    ]
}

async fn alerts(bot: &Bot) -> Vec<Alert> {
    let snapshot = public_snapshot(&bot.another_process()).await.unwrap();
    snapshot.alerts.into_iter().map(|shown| shown.alert).collect()
}

#[tokio::test]
async fn alerts_are_listed_for_a_minute() {
    let bot = Bot::with_rewards(&[]).await;
    let effects = every_alert().into_iter().map(Effect::Show).collect();
    let decision = Decision::effects(effects);
    let commit = bot.store().commit(Some(&event("a")), bot.now(), &decision).await.unwrap();
    assert_eq!(commit, Commit::Applied);
    let active = public_snapshot(&bot.context).await.unwrap().alerts;
    assert_eq!(active.iter().map(|shown| shown.alert.clone()).collect::<Vec<_>>(), every_alert());
    let ids: std::collections::BTreeSet<&str> =
        active.iter().map(|ActiveAlert { id, .. }| id.as_str()).collect();
    assert_eq!(ids.len(), active.len(), "each has its own id");
    assert!(active.iter().all(|shown| shown.at == bot.now()));
    bot.clock.push(Span::seconds(60));
    assert_eq!(alerts(&bot).await.len(), 7);
    bot.clock.push(Span::from_ms(1));
    assert_eq!(alerts(&bot).await, []);
}

#[tokio::test]
async fn alert_action_raises_a_special_alert() {
    let bot = Bot::with_rewards(&[]).await;
    let act = Effect::Act {
        action: Action::Alert("confetti".to_owned()),
        event: event("a"),
        reward: "party".to_owned(),
        viewer: "Ann".to_owned(),
        note: None,
    };
    let decision = Decision::effect(act);
    bot.store().commit(Some(&event("a")), bot.now(), &decision).await.unwrap();
    assert!(matches!(alerts(&bot).await.as_slice(), [Alert::Special { name, .. }] if name == "confetti"));
}

#[tokio::test]
async fn snapshot_takes_three_requests() {
    let (bot, ann) = (Bot::new().await, person("Ann"));
    bot.endow(&ann, 1000).await;
    bot.goes_live().await;
    for line in ["!hydrate", "!red", "!charity 300"] {
        bot.answer(&ann, line).await;
    }
    bot.answer(&moderator("Meg"), "!timer 5m pizza").await;
    public_snapshot(&bot.context).await.unwrap();
    bot.faults.reset();
    let snapshot = public_snapshot(&bot.context).await.unwrap();
    assert_eq!(bot.faults.total(), 3, "{:?}", bot.faults.requests());
    assert!(snapshot.stream.live);
    assert_eq!((snapshot.waiting.len(), snapshot.timers.running.len()), (1, 1));
    let counted = |name: &str| {
        let id = ownchatbot_domain::RewardId::new(name).unwrap();
        snapshot.usages.get(&id).map(|usage| (usage.count, usage.points.get()))
    };
    assert_eq!([counted("red"), counted("charity"), counted("song")], [Some((1, 10)), Some((1, 300)), None]);
    let kinds: Vec<&str> = snapshot
        .alerts
        .iter()
        .map(|shown| match shown.alert {
            Alert::Redeem { .. } => "redeem",
            Alert::Milestone { .. } => "milestone",
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["redeem", "milestone"]);
}
