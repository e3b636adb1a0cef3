//! The sections of the settings, one item each. Their rows are serde types, so that an export can write the
//! same form.

use ownchatbot_domain::config::Section;
use ownchatbot_domain::line::Line;
use ownchatbot_domain::phrase::{Find, Pattern, Phrase};
use ownchatbot_domain::reward::Access;
use ownchatbot_domain::settings::{
    AnnouncementSettings, Answers, ChatSettings, GiveSettings, Grace, Multipliers, Order, PanelSettings,
    Percent, PointsName, PointsSettings, Prefix, StreakReward, StreakSettings, StreamSettings,
};
use ownchatbot_domain::{Points, Span};
use serde::{Deserialize, Serialize};

use super::config::AccessWord;
use super::wire::{BadRow, number, optional_number};
use crate::item::{Damaged, Item};
use crate::keys;

/// The item of a section.
pub(crate) fn section(section: &Section) -> Item {
    Item::new(&keys::settings(section.name()), "settings").and(section_content(section))
}

/// A section's attributes without its key.
pub(crate) fn section_content(section: &Section) -> Item {
    match section {
        Section::Chat(settings) => Item::of(&ChatRow::of(settings)),
        Section::Points(settings) => Item::of(&PointsRow::of(settings)),
        Section::Streams(settings) => Item::of(&StreamsRow::of(settings)),
        Section::Announcements(settings) => Item::of(&AnnouncementsRow::of(settings)),
        Section::Streaks(settings) => Item::of(&StreaksRow::of(settings)),
        Section::Phrases(phrases) => {
            Item::of(&PhrasesRow { phrases: phrases.iter().map(PhraseRow::of).collect() })
        }
        Section::Give(settings) => Item::of(&GiveRow::of(settings)),
        Section::Panel(settings) => Item::of(&PanelRow { take_back: settings.take_back }),
        Section::Address { public_url, owncast_url } => {
            Item::of(&AddressRow { public_url: public_url.clone(), owncast_url: owncast_url.clone() })
        }
    }
}

/// Reads the section called `name` from the attributes of `item`; `None` for a section that a later version
/// has added.
pub(crate) fn read_section(name: &str, item: &Item) -> Result<Option<Section>, Damaged> {
    let damaged = |BadRow(attribute)| item.damaged(attribute);
    Ok(Some(match name {
        "chat" => Section::Chat(item.read::<ChatRow>()?.settings().map_err(damaged)?),
        "points" => Section::Points(item.read::<PointsRow>()?.settings().map_err(damaged)?),
        "streams" => Section::Streams(item.read::<StreamsRow>()?.settings()),
        "announcements" => {
            Section::Announcements(item.read::<AnnouncementsRow>()?.settings().map_err(damaged)?)
        }
        "streaks" => Section::Streaks(item.read::<StreaksRow>()?.settings()),
        "phrases" => {
            let phrases = item.read::<PhrasesRow>()?.phrases.into_iter().map(PhraseRow::phrase);
            Section::Phrases(phrases.collect::<Result<_, _>>().map_err(damaged)?)
        }
        "give" => Section::Give(item.read::<GiveRow>()?.settings()),
        "panel" => Section::Panel(PanelSettings { take_back: item.read::<PanelRow>()?.take_back }),
        "address" => {
            let AddressRow { public_url, owncast_url } = item.read()?;
            Section::Address { public_url, owncast_url }
        }
        _ => return Ok(None),
    }))
}

#[derive(Debug, Serialize, Deserialize)]
struct ChatRow {
    #[serde(default = "default_prefix")]
    prefix: String,
    #[serde(default = "whispered", with = "AnswersWord")]
    answers: Answers,
    #[serde(default)]
    suggestions: bool,
}

fn default_prefix() -> String {
    Prefix::default().to_string()
}

const fn whispered() -> Answers {
    Answers::Whispered
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Answers", rename_all = "snake_case")]
enum AnswersWord {
    Whispered,
    Public,
}

impl ChatRow {
    fn of(settings: &ChatSettings) -> Self {
        let ChatSettings { prefix, answers, suggestions } = settings;
        Self { prefix: prefix.to_string(), answers: *answers, suggestions: *suggestions }
    }

    fn settings(self) -> Result<ChatSettings, BadRow> {
        let prefix = Prefix::new(&self.prefix).map_err(|_| BadRow("prefix"))?;
        Ok(ChatSettings { prefix, answers: self.answers, suggestions: self.suggestions })
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct PointsRow {
    #[serde(default = "default_name")]
    name: String,
    /// The name of one; without it, the form that an English word would have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name_one: Option<String>,
    #[serde(default, with = "number")]
    welcome: Points,
    #[serde(default, with = "number")]
    per_tick: Points,
    #[serde(with = "number")]
    interval_ms: Span,
    #[serde(default = "hundred")]
    moderator_percent: u16,
    #[serde(default = "hundred")]
    authenticated_percent: u16,
    #[serde(default = "hundred")]
    member_percent: u16,
}

fn default_name() -> String {
    PointsSettings::default().name.other
}

const fn hundred() -> u16 {
    100
}

impl PointsRow {
    fn of(settings: &PointsSettings) -> Self {
        Self {
            name: settings.name.other.clone(),
            name_one: Some(settings.name.one.clone()),
            welcome: settings.welcome,
            per_tick: settings.per_tick,
            interval_ms: settings.interval,
            moderator_percent: settings.multipliers.moderator.get(),
            authenticated_percent: settings.multipliers.authenticated.get(),
            member_percent: settings.multipliers.member.get(),
        }
    }

    fn settings(self) -> Result<PointsSettings, BadRow> {
        let percent = |name, percent| Percent::new(percent).ok_or(BadRow(name));
        let guessed = PointsName::new(&self.name);
        Ok(PointsSettings {
            name: PointsName { one: self.name_one.unwrap_or(guessed.one), other: guessed.other },
            welcome: self.welcome,
            per_tick: self.per_tick,
            interval: self.interval_ms,
            multipliers: Multipliers {
                moderator: percent("moderator_percent", self.moderator_percent)?,
                authenticated: percent("authenticated_percent", self.authenticated_percent)?,
                member: percent("member_percent", self.member_percent)?,
            },
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct StreamsRow {
    #[serde(with = "number")]
    resume_within_ms: Span,
    #[serde(with = "number")]
    catch_up_ms: Span,
}

impl StreamsRow {
    const fn of(settings: &StreamSettings) -> Self {
        Self { resume_within_ms: settings.resume_within, catch_up_ms: settings.catch_up }
    }

    const fn settings(self) -> StreamSettings {
        StreamSettings { resume_within: self.resume_within_ms, catch_up: self.catch_up_ms }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct AnnouncementsRow {
    #[serde(default)]
    on: bool,
    #[serde(with = "number")]
    interval_ms: Span,
    #[serde(with = "OrderWord")]
    order: Order,
    messages: u8,
    #[serde(default)]
    lines: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Order", rename_all = "snake_case")]
enum OrderWord {
    InOrder,
    Shuffled,
}

impl AnnouncementsRow {
    fn of(settings: &AnnouncementSettings) -> Self {
        Self {
            on: settings.on,
            interval_ms: settings.interval,
            order: settings.order,
            messages: settings.messages,
            lines: settings.lines.iter().map(Line::to_string).collect(),
        }
    }

    fn settings(self) -> Result<AnnouncementSettings, BadRow> {
        let lines = self.lines.iter().map(|line| Line::new(line).map_err(|_| BadRow("lines")));
        Ok(AnnouncementSettings {
            on: self.on,
            interval: self.interval_ms,
            order: self.order,
            messages: self.messages,
            lines: lines.collect::<Result<_, _>>()?,
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct StreaksRow {
    #[serde(default)]
    on: bool,
    #[serde(with = "number")]
    watch_ms: Span,
    #[serde(with = "number")]
    stream_ms: Span,
    grace: GraceWord,
    grace_n: u32,
    #[serde(default)]
    rewards: Vec<StreakRewardRow>,
    #[serde(default)]
    milestones: Vec<u32>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum GraceWord {
    Missed,
    EachWeek,
}

#[derive(Debug, Serialize, Deserialize)]
struct StreakRewardRow {
    length: u32,
    #[serde(with = "number")]
    points: Points,
}

impl StreaksRow {
    fn of(settings: &StreakSettings) -> Self {
        let (grace, grace_n) = match settings.grace {
            Grace::Missed(limit) => (GraceWord::Missed, limit),
            Grace::EachWeek(min) => (GraceWord::EachWeek, min),
        };
        let reward = |row: &StreakReward| StreakRewardRow { length: row.length, points: row.points };
        Self {
            on: settings.on,
            watch_ms: settings.watch,
            stream_ms: settings.stream,
            grace,
            grace_n,
            rewards: settings.rewards.iter().map(reward).collect(),
            milestones: settings.milestones.clone(),
        }
    }

    fn settings(self) -> StreakSettings {
        let reward = |row: StreakRewardRow| StreakReward { length: row.length, points: row.points };
        StreakSettings {
            on: self.on,
            watch: self.watch_ms,
            stream: self.stream_ms,
            grace: match self.grace {
                GraceWord::Missed => Grace::Missed(self.grace_n),
                GraceWord::EachWeek => Grace::EachWeek(self.grace_n),
            },
            rewards: self.rewards.into_iter().map(reward).collect(),
            milestones: self.milestones,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct PhrasesRow {
    #[serde(default)]
    phrases: Vec<PhraseRow>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PhraseRow {
    id: String,
    find: FindWord,
    text: String,
    #[serde(with = "number")]
    cooldown_ms: Span,
    #[serde(with = "AccessWord")]
    access: Access,
    answer: String,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FindWord {
    Words,
    Text,
    Pattern,
}

impl PhraseRow {
    fn of(phrase: &Phrase) -> Self {
        let (find, text) = match &phrase.find {
            Find::Words(words) => (FindWord::Words, words.as_str()),
            Find::Text(text) => (FindWord::Text, text.as_str()),
            Find::Pattern(pattern) => (FindWord::Pattern, pattern.as_str()),
        };
        Self {
            id: phrase.id.to_string(),
            find,
            text: text.to_owned(),
            cooldown_ms: phrase.cooldown,
            access: phrase.access,
            answer: phrase.answer.to_string(),
        }
    }

    fn phrase(self) -> Result<Phrase, BadRow> {
        let bad = || BadRow("phrases");
        let find = match self.find {
            FindWord::Words => Find::words(&self.text),
            FindWord::Text => Find::text(&self.text),
            FindWord::Pattern => Pattern::new(&self.text).map(Find::Pattern),
        };
        Ok(Phrase {
            id: self.id.parse().map_err(|_| bad())?,
            find: find.map_err(|_| bad())?,
            cooldown: self.cooldown_ms,
            access: self.access,
            answer: Line::new(&self.answer).map_err(|_| bad())?,
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct GiveRow {
    #[serde(default)]
    on: bool,
    #[serde(default, rename = "least", with = "number")]
    min: Points,
    #[serde(default, rename = "most", with = "number")]
    limit: Points,
    #[serde(default, with = "optional_number", skip_serializing_if = "Option::is_none")]
    per_day: Option<Points>,
}

impl GiveRow {
    const fn of(settings: &GiveSettings) -> Self {
        let GiveSettings { on, min, limit, per_day } = *settings;
        Self { on, min, limit, per_day }
    }

    const fn settings(self) -> GiveSettings {
        let Self { on, min, limit, per_day } = self;
        GiveSettings { on, min, limit, per_day }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct PanelRow {
    #[serde(default)]
    take_back: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct AddressRow {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    public_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owncast_url: Option<String>,
}
