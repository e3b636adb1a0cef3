//! The configuration: saving it under its versions, and reading it back.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::reward::{
    Access, CommandName, Cooldown, Goal, Kind, Limits, Note, Redeem, Scope, Special, Vote,
};
use ownchatbot_domain::settings::{
    Answers, ChatSettings, Multipliers, Percent, PointsName, PointsSettings, Prefix,
};
use ownchatbot_domain::{Action, Category, CategoryId, Config, Reward, Span, Timestamp};
use ownchatbot_store::Commit;
use ownchatbot_testkit::builders::{goal, points, redeem, reward};
use ownchatbot_testkit::configure::{save_category, save_reward, save_section};
use ownchatbot_testkit::table::TestTable;

#[tokio::test]
async fn empty_table_gives_default_config() {
    assert_eq!(TestTable::new().await.store.config().await.unwrap(), Config::default());
}

#[tokio::test]
async fn settings_round_trip() {
    let table = TestTable::new().await;
    let chat =
        ChatSettings { prefix: Prefix::new("🦊?").unwrap(), answers: Answers::Public, suggestions: false };
    let percent = |n| Percent::new(n).unwrap();
    let earned = PointsSettings {
        name: PointsName { one: "acorn".to_owned(), other: "acorns".to_owned() },
        welcome: points(1),
        per_tick: points(2),
        interval: Span::seconds(90),
        multipliers: Multipliers {
            moderator: percent(0),
            authenticated: percent(150),
            member: percent(1000),
        },
    };
    assert_eq!(save_section(&table.store, &Section::Chat(chat.clone()), 0).await.unwrap(), Commit::Applied);
    assert_eq!(
        save_section(&table.store, &Section::Points(earned.clone()), 0).await.unwrap(),
        Commit::Applied
    );
    let config = table.store.config().await.unwrap();
    assert_eq!((config.settings.chat, config.settings.points), (chat, earned));
    assert_eq!((config.versions.section("chat"), config.versions.section("points")), (1, 1));
    assert_eq!(config.versions.section("give"), 0);
}

fn giving_back(name: &str) -> Reward {
    let kind = Kind::Goal(Goal::new(points(50), Vec::new()).unwrap().giving_back(true));
    reward(name, 0, kind)
}

/// Rewards of every kind, with everything that can be set.
fn every_reward() -> Vec<Reward> {
    let special = |name, action| reward(name, 75, Kind::Special(Special { action }));
    let cooldown = |scope| Some(Cooldown { length: Span::minutes(5), scope });
    let limits = Limits { per_stream: Some(1), per_viewer: Some(2), stock: Some(3) };
    let mut rewards = vec![
        Reward { limits, cooldown: cooldown(Scope::Everybody), note: Note::Required, ..redeem("a", 50) },
        Reward { cooldown: cooldown(Scope::EachViewer), note: Note::Optional, ..redeem("b", 0) },
        reward("c", 5, Kind::Redeem(Redeem { skip_queue: true })),
        reward("d", 10, Kind::Vote(Vote { open: false, per_viewer: Some(7) })),
        goal("e", 1000, &[250, 500]),
        Reward { ends: Some(Timestamp::from_ms(1_800_000_000_000)), ..giving_back("z") },
        special("f", Action::Alert("confetti".to_owned())),
        special("g", Action::Webhook("https://example.org/?a=b".to_owned())),
        special("h", Action::Job("lights".to_owned())),
        Reward { enabled: false, only_live: true, description: "Ä <b>".to_owned(), ..redeem("i", 1) },
        Reward { categories: vec![CategoryId::new("one two").unwrap()], ..redeem("🍺", 1) },
    ];
    let access = [Access::Authenticated, Access::Members, Access::Followers, Access::Moderators];
    rewards.extend(
        access
            .into_iter()
            .zip(["j", "k", "l", "m"])
            .map(|(access, name)| Reward { access, ..redeem(name, 1) }),
    );
    rewards
}

#[tokio::test]
async fn rewards_of_every_kind_round_trip() {
    let table = TestTable::new().await;
    for reward in every_reward() {
        assert_eq!(save_reward(&table.store, &reward, None).await.unwrap(), Commit::Applied);
    }
    let mut expect = every_reward();
    expect.sort_by(|a, b| a.name.cmp(&b.name));
    let config = table.store.config().await.unwrap();
    assert_eq!(config.rewards, expect);
    assert!(config.versions.rewards.values().all(|version| *version == 1));
}

#[tokio::test]
async fn categories_are_sorted_by_name() {
    let table = TestTable::new().await;
    let category =
        |id: &str, name: &str, on| Category { id: CategoryId::new(id).unwrap(), name: name.to_owned(), on };
    let (night, day) = (category("1", "Night", true), category("2", "Day", false));
    for new in [&night, &day] {
        assert_eq!(save_category(&table.store, new, 0).await.unwrap(), Commit::Applied);
    }
    assert_eq!(table.store.config().await.unwrap().categories, [day, night]);
}

#[tokio::test]
async fn stale_edit_is_rejected() {
    let table = TestTable::new().await;
    let store = &table.store;
    let first = redeem("hydrate", 50);
    assert_eq!(save_reward(store, &first, None).await.unwrap(), Commit::Applied);
    assert_eq!(save_reward(store, &first, None).await.unwrap(), Commit::Stale, "it exists");
    let (mine, theirs) = (redeem("hydrate", 60), redeem("hydrate", 70));
    assert_eq!(save_reward(store, &mine, Some((&first, 1))).await.unwrap(), Commit::Applied);
    assert_eq!(save_reward(store, &theirs, Some((&first, 1))).await.unwrap(), Commit::Stale);
    let config = store.config().await.unwrap();
    assert_eq!((&config.rewards, config.versions.rewards.get(&mine.id)), (&vec![mine.clone()], Some(&2)));
    assert_eq!(save_reward(store, &theirs, Some((&mine, 2))).await.unwrap(), Commit::Applied);

    let settings = ChatSettings::default();
    assert_eq!(save_section(store, &Section::Chat(settings.clone()), 0).await.unwrap(), Commit::Applied);
    assert_eq!(save_section(store, &Section::Chat(settings.clone()), 0).await.unwrap(), Commit::Stale);
    assert_eq!(save_section(store, &Section::Chat(settings.clone()), 1).await.unwrap(), Commit::Applied);
    assert_eq!(
        save_section(store, &Section::Points(PointsSettings::default()), 3).await.unwrap(),
        Commit::Stale
    );
}

#[tokio::test]
async fn command_of_another_reward_is_rejected() {
    let table = TestTable::new().await;
    let store = &table.store;
    let (one, two) = (redeem("one", 1), redeem("two", 2));
    for new in [&one, &two] {
        assert_eq!(save_reward(store, new, None).await.unwrap(), Commit::Applied);
    }
    let named =
        |reward: &Reward, name: &str| Reward { name: CommandName::new(name).unwrap(), ..reward.clone() };
    assert_eq!(save_reward(store, &named(&two, "ONE"), Some((&two, 1))).await.unwrap(), Commit::Stale);
    assert_eq!(save_reward(store, &named(&redeem("three", 3), "one"), None).await.unwrap(), Commit::Stale);
    assert_eq!(store.config().await.unwrap().rewards, [one, two], "a rejected edit changes nothing");
}

#[tokio::test]
async fn renaming_frees_the_old_command() {
    let table = TestTable::new().await;
    let store = &table.store;
    let old = redeem("one", 1);
    let new = Reward { name: CommandName::new("uno").unwrap(), ..old.clone() };
    assert_eq!(save_reward(store, &old, None).await.unwrap(), Commit::Applied);
    assert_eq!(save_reward(store, &new, Some((&old, 1))).await.unwrap(), Commit::Applied);
    let next = Reward { id: "other".parse().unwrap(), ..old };
    assert_eq!(save_reward(store, &next, None).await.unwrap(), Commit::Applied);
    let config = store.config().await.unwrap();
    assert_eq!(config.reward_named("uno").map(|reward| reward.id.as_str()), Some("one"));
    assert_eq!(config.reward_named("one").map(|reward| reward.id.as_str()), Some("other"));
}

#[tokio::test]
async fn damaged_reward_is_left_out_alone() {
    let damages = [
        ("type", AttributeValue::S("balloon".to_owned())),
        ("price", AttributeValue::N("-5".to_owned())),
        ("access", AttributeValue::S("nobody".to_owned())),
        ("command", AttributeValue::S("two words".to_owned())),
        ("v", AttributeValue::S("first".to_owned())),
    ];
    for (attribute, value) in damages {
        let table = TestTable::new().await;
        for new in [redeem("one", 1), redeem("two", 2)] {
            save_reward(&table.store, &new, None).await.unwrap();
        }
        table.tamper("CONFIG", "REWARD#one", attribute, value).await;
        let config = table.store.config().await.unwrap();
        assert_eq!(config.rewards, [redeem("two", 2)], "{attribute}");
    }
}

#[tokio::test]
async fn rows_of_later_versions_are_ignored() {
    let table = TestTable::new().await;
    save_reward(&table.store, &redeem("one", 1), None).await.unwrap();
    let number = |n: &str| AttributeValue::N(n.to_owned());
    table.tamper("CONFIG", "SETTINGS#music", "v", number("1")).await;
    table.tamper("CONFIG", "PLAYLIST", "v", number("1")).await;
    table.tamper("CONFIG", "REWARD#one", "sparkles", number("9")).await;
    assert_eq!(table.store.config().await.unwrap().rewards, [redeem("one", 1)]);
}
