//! The sections of the settings, an item each.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::config::Section;
use ownchatbot_domain::phrase::{Find, Pattern, Phrase};
use ownchatbot_domain::settings::{
    AnnouncementSettings, Answers, ChatSettings, GiveSettings, Grace, Line, Multipliers, Order,
    PanelSettings, Percent, PointsSettings, Prefix, StreakReward, StreakSettings, StreamSettings,
};
use ownchatbot_domain::{Points, Settings, Span};

use super::config::{ACCESS, meaning, word};
use crate::item::{Damaged, Item, n, s};
use crate::keys;

/// A section as it is stored.
pub(crate) fn section(section: &Section) -> Item {
    match section {
        Section::Chat(settings) => chat(settings),
        Section::Points(settings) => points(settings),
        Section::Streams(settings) => streams(settings),
        Section::Announcements(settings) => announcements(settings),
        Section::Streaks(settings) => streaks(settings),
        Section::Phrases(phrases) => item("phrases")
            .list("phrases", phrases.iter().map(|phrase| AttributeValue::M(self::phrase(phrase).0))),
        Section::Give(settings) => give(settings),
        Section::Panel(settings) => item("panel").flag("take_back", settings.take_back),
        Section::Address { public_url, owncast_url } => item("address")
            .maybe(public_url.as_ref(), |item, url| item.text("public_url", url))
            .maybe(owncast_url.as_ref(), |item, url| item.text("owncast_url", url)),
    }
}

/// Reads the section called `name` into `settings`. Whether there is such a section.
pub(crate) fn read(name: &str, item: &Item, settings: &mut Settings) -> Result<bool, Damaged> {
    match name {
        "chat" => settings.chat = read_chat(item)?,
        "points" => settings.points = read_points(item)?,
        "streams" => settings.streams = read_streams(item)?,
        "announcements" => settings.announcements = read_announcements(item)?,
        "streaks" => settings.streaks = read_streaks(item)?,
        "phrases" => settings.phrases = read_phrases(item)?,
        "give" => settings.give = read_give(item)?,
        "panel" => settings.panel = PanelSettings { take_back: item.get_flag("take_back") },
        "address" => {
            settings.public_url = item.get("public_url").map(str::to_owned);
            settings.owncast_url = item.get("owncast_url").map(str::to_owned);
        }
        // Sections of versions to come.
        _ => return Ok(false),
    }
    Ok(true)
}

fn item(section: &str) -> Item {
    Item::new(&keys::settings(section), "settings")
}

fn span(item: &Item, name: &'static str) -> Result<Span, Damaged> {
    item.need(name).map(Span::from_ms)
}

fn chat(settings: &ChatSettings) -> Item {
    let answers = match settings.answers {
        Answers::Whispered => "whispered",
        Answers::Public => "public",
    };
    item("chat")
        .text("prefix", &settings.prefix)
        .text("answers", answers)
        .flag("suggestions", settings.suggestions)
}

fn read_chat(item: &Item) -> Result<ChatSettings, Damaged> {
    let prefix = Prefix::new(item.get("prefix").unwrap_or("!")).map_err(|_| item.damaged("prefix"))?;
    let answers = match item.get("answers") {
        Some("public") => Answers::Public,
        _ => Answers::Whispered,
    };
    Ok(ChatSettings { prefix, answers, suggestions: item.get_flag("suggestions") })
}

fn points(settings: &PointsSettings) -> Item {
    item("points")
        .text("name", &settings.name)
        .number("welcome", settings.welcome)
        .number("per_tick", settings.per_tick)
        .number("interval_ms", settings.interval.ms())
        .number("moderator_percent", settings.multipliers.moderator.get())
        .number("authenticated_percent", settings.multipliers.authenticated.get())
        .number("member_percent", settings.multipliers.member.get())
}

fn read_points(item: &Item) -> Result<PointsSettings, Damaged> {
    let percent = |name: &'static str| -> Result<Percent, Damaged> {
        Percent::new(item.parse(name)?.unwrap_or(100)).ok_or_else(|| item.damaged(name))
    };
    Ok(PointsSettings {
        name: item.get("name").unwrap_or("points").to_owned(),
        welcome: item.get_points("welcome")?,
        per_tick: item.get_points("per_tick")?,
        interval: Span::from_ms(item.need("interval_ms")?),
        multipliers: Multipliers {
            moderator: percent("moderator_percent")?,
            authenticated: percent("authenticated_percent")?,
            member: percent("member_percent")?,
        },
    })
}

fn streams(settings: &StreamSettings) -> Item {
    item("streams")
        .number("resume_within_ms", settings.resume_within.ms())
        .number("catch_up_ms", settings.catch_up.ms())
}

fn read_streams(item: &Item) -> Result<StreamSettings, Damaged> {
    Ok(StreamSettings {
        resume_within: span(item, "resume_within_ms")?,
        catch_up: span(item, "catch_up_ms")?,
    })
}

const ORDER: [(Order, &str); 2] = [(Order::InOrder, "in_order"), (Order::Shuffled, "shuffled")];

fn announcements(settings: &AnnouncementSettings) -> Item {
    item("announcements")
        .flag("on", settings.on)
        .number("interval_ms", settings.interval.ms())
        .text("order", word(&ORDER, settings.order))
        .number("messages", settings.messages)
        .list("lines", settings.lines.iter().map(s))
}

fn read_announcements(item: &Item) -> Result<AnnouncementSettings, Damaged> {
    let line = |value: &AttributeValue| Line::new(value.as_s().ok()?).ok();
    let lines: Option<Vec<Line>> = item.get_list("lines").iter().map(line).collect();
    Ok(AnnouncementSettings {
        on: item.get_flag("on"),
        interval: span(item, "interval_ms")?,
        order: meaning(&ORDER, item, "order")?,
        messages: item.need("messages")?,
        lines: lines.ok_or_else(|| item.damaged("lines"))?,
    })
}

fn streaks(settings: &StreakSettings) -> Item {
    let (grace, grace_n) = match settings.grace {
        Grace::Missed(limit) => ("missed", limit),
        Grace::EachWeek(min) => ("each_week", min),
    };
    let reward = |row: &StreakReward| {
        AttributeValue::M([("length".to_owned(), n(row.length)), ("points".to_owned(), n(row.points))].into())
    };
    item("streaks")
        .flag("on", settings.on)
        .number("watch_ms", settings.watch.ms())
        .number("stream_ms", settings.stream.ms())
        .text("grace", grace)
        .number("grace_n", grace_n)
        .list("rewards", settings.rewards.iter().map(reward))
        .list("milestones", settings.milestones.iter().map(n))
}

fn read_streaks(item: &Item) -> Result<StreakSettings, Damaged> {
    let number = |value: &AttributeValue| value.as_n().ok()?.parse::<u32>().ok();
    let reward = |value: &AttributeValue| {
        let map = value.as_m().ok()?;
        let points = map.get("points")?.as_n().ok()?.parse().ok().and_then(Points::new)?;
        Some(StreakReward { length: number(map.get("length")?)?, points })
    };
    let rewards: Option<Vec<_>> = item.get_list("rewards").iter().map(reward).collect();
    let milestones: Option<Vec<_>> = item.get_list("milestones").iter().map(number).collect();
    Ok(StreakSettings {
        on: item.get_flag("on"),
        watch: span(item, "watch_ms")?,
        stream: span(item, "stream_ms")?,
        grace: match item.get("grace") {
            Some("missed") => Grace::Missed(item.need("grace_n")?),
            Some("each_week") => Grace::EachWeek(item.need("grace_n")?),
            _ => return Err(item.damaged("grace")),
        },
        rewards: rewards.ok_or_else(|| item.damaged("rewards"))?,
        milestones: milestones.ok_or_else(|| item.damaged("milestones"))?,
    })
}

fn phrase(phrase: &Phrase) -> Item {
    let (find, text) = match &phrase.find {
        Find::Words(words) => ("words", words.as_str()),
        Find::Text(text) => ("text", text.as_str()),
        Find::Pattern(pattern) => ("pattern", pattern.as_str()),
    };
    Item::default()
        .text("id", &phrase.id)
        .text("find", find)
        .text("text", text)
        .number("cooldown_ms", phrase.cooldown.ms())
        .text("access", word(&ACCESS, phrase.access))
        .text("answer", &phrase.answer)
}

fn read_phrases(item: &Item) -> Result<Vec<Phrase>, Damaged> {
    let damaged = || item.damaged("phrases");
    let read = |value: &AttributeValue| -> Result<Phrase, Damaged> {
        let map: &HashMap<_, _> = value.as_m().map_err(|_| damaged())?;
        let part = Item(map.clone());
        let text = part.get("text").unwrap_or_default();
        let find = match part.get("find") {
            Some("words") => Find::words(text),
            Some("text") => Find::text(text),
            Some("pattern") => Pattern::new(text).map(Find::Pattern),
            _ => return Err(damaged()),
        };
        Ok(Phrase {
            id: part.need("id")?,
            find: find.map_err(|_| damaged())?,
            cooldown: span(&part, "cooldown_ms")?,
            access: meaning(&ACCESS, &part, "access")?,
            answer: Line::new(part.get("answer").unwrap_or_default()).map_err(|_| damaged())?,
        })
    };
    item.get_list("phrases").iter().map(read).collect()
}

fn give(settings: &GiveSettings) -> Item {
    item("give")
        .flag("on", settings.on)
        .number("least", settings.min)
        .number("most", settings.limit)
        .maybe(settings.per_day, |item, limit| item.number("per_day", limit))
}

fn read_give(item: &Item) -> Result<GiveSettings, Damaged> {
    let per_day = item.get("per_day").map(|_| item.get_points("per_day")).transpose()?;
    Ok(GiveSettings {
        on: item.get_flag("on"),
        min: item.get_points("least")?,
        limit: item.get_points("most")?,
        per_day,
    })
}
