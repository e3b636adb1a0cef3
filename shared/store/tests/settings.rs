//! Every section of the settings, saved and read back.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use ownchatbot_domain::config::Section;
use ownchatbot_domain::line::Line;
use ownchatbot_domain::phrase::{Find, Pattern, Phrase};
use ownchatbot_domain::reward::Access;
use ownchatbot_domain::settings::{
    AnnouncementSettings, GiveSettings, Grace, Order, PanelSettings, StreakReward, StreakSettings,
    StreamSettings,
};
use ownchatbot_domain::{PhraseId, Span};
use ownchatbot_store::Commit;
use ownchatbot_testkit::builders::points;
use ownchatbot_testkit::configure::save_section;
use ownchatbot_testkit::table::TestTable;

#[tokio::test]
async fn every_section_round_trips() {
    let table = TestTable::new().await;
    let phrase = |id: &str, find| Phrase {
        id: PhraseId::new(id).unwrap(),
        find,
        cooldown: Span::seconds(30),
        access: Access::Members,
        answer: Line::new("Hello {name} :wave:").unwrap(),
    };
    let sections = [
        Section::Streams(StreamSettings { resume_within: Span::ZERO, catch_up: Span::minutes(3) }),
        Section::Announcements(AnnouncementSettings {
            on: false,
            interval: Span::minutes(7),
            order: Order::Shuffled,
            messages: 50,
            lines: vec![Line::new("**One** {title}").unwrap(), Line::new("Two").unwrap()],
        }),
        Section::Streaks(StreakSettings {
            on: false,
            watch: Span::minutes(1),
            stream: Span::minutes(2),
            grace: Grace::EachWeek(3),
            rewards: vec![StreakReward { length: 4, points: points(5) }],
            milestones: vec![7],
        }),
        Section::Streaks(StreakSettings { grace: Grace::Missed(2), ..StreakSettings::default() }),
        Section::Phrases(vec![
            phrase("a", Find::words("good night").unwrap()),
            phrase("b", Find::text("ban").unwrap()),
            phrase("c", Find::Pattern(Pattern::new("^when .*start").unwrap())),
        ]),
        Section::Give(GiveSettings { on: false, min: points(2), limit: points(3), per_day: None }),
        Section::Give(GiveSettings::default()),
        Section::Panel(PanelSettings { take_back: false }),
        Section::Address {
            public_url: Some("https://bot.example".to_owned()),
            owncast_url: Some("https://tv.example".to_owned()),
        },
        Section::Address { public_url: None, owncast_url: None },
    ];
    for section in sections {
        let seen = table.store.config().await.unwrap().versions.section(section.name());
        assert_eq!(save_section(&table.store, &section, seen).await.unwrap(), Commit::Applied);
        let settings = table.store.config().await.unwrap().settings;
        assert_eq!(Section::same_of(&settings, &section), section);
    }
}
