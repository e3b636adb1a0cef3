//! Viewers: `BALANCE` and `PROFILE`.

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_domain::{Account, GivenToday, OpenRow, Person, Points, Profile, Streak, Timestamp, ViewerId};

use crate::item::{Damaged, Item, n, s};
use crate::keys;

/// A new balance. It is kept small because each tick writes it for every present viewer.
pub(crate) fn balance(viewer: &ViewerId, account: &Account) -> Item {
    Item::new(&keys::balance(viewer), "balance")
        .number("balance", account.balance)
        .number("watched", account.watched_seconds)
        .maybe(account.open.as_ref(), |item, open| {
            item.text("open_stream", &open.stream)
                .number("open_points", open.points)
                .number("open_seconds", open.seconds)
        })
        .maybe(account.last_tick, |item, at| item.time("last_tick", at))
        .maybe(account.member_until, |item, at| item.time("member_until", at))
}

/// The attributes of a streak, which are always set together.
pub(crate) fn streak(streak: &Streak) -> [(&'static str, AttributeValue); 5] {
    [
        ("streak", n(streak.length)),
        ("streak_best", n(streak.best)),
        ("streak_last", streak.last.as_ref().map_or(AttributeValue::Null(true), s)),
        ("streak_week", n(streak.in_week)),
        ("streak_at", streak.at.map_or(AttributeValue::Null(true), |at| n(at.ms()))),
    ]
}

pub(crate) fn read_balance(item: &Item) -> Result<Account, Damaged> {
    let open = match item.parse("open_stream")? {
        Some(stream) => Some(OpenRow {
            stream,
            points: item.get_points("open_points")?,
            seconds: item.parse("open_seconds")?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(Account {
        balance: item.get_points("balance")?,
        watched_seconds: item.parse("watched")?.unwrap_or_default(),
        open,
        last_tick: item.get_time("last_tick")?,
        member_until: item.get_time("member_until")?,
        streak: Streak {
            length: item.parse("streak")?.unwrap_or_default(),
            best: item.parse("streak_best")?.unwrap_or_default(),
            last: item.parse("streak_last")?,
            in_week: item.parse("streak_week")?.unwrap_or_default(),
            at: item.get_time("streak_at")?,
        },
        given: match item.parse("given_day")? {
            Some(day) => Some(GivenToday { day, points: item.get_points("given")? }),
            None => None,
        },
        hidden: item.get_flag("hidden"),
    })
}

pub(crate) fn profile(person: &Person, at: Timestamp) -> Item {
    Item::new(&keys::profile(&person.id), "profile")
        .text("name", &person.name)
        .with("former_names", former_names(person))
        .flag("authenticated", person.authenticated)
        .flag("moderator", person.moderator)
        .flag("banned", person.banned)
        .time("first_seen", at)
        .time("last_seen", at)
        // The time, so that it is higher than any epoch that an erased viewer with the same id had.
        .time("epoch", at)
}

/// The most former names that are stored, the newest ones.
const MAX_FORMER_NAMES: usize = 20;

pub(crate) fn former_names(person: &Person) -> AttributeValue {
    let newest = person.former_names.len().saturating_sub(MAX_FORMER_NAMES);
    AttributeValue::L(person.former_names.iter().skip(newest).map(s).collect())
}

pub(crate) fn read_profile(viewer: &ViewerId, item: &Item) -> Result<Profile, Damaged> {
    let former = item.get_list("former_names").iter().filter_map(|name| name.as_s().ok().cloned());
    Ok(Profile {
        person: Person {
            id: viewer.clone(),
            name: item.need("name")?,
            former_names: former.collect(),
            authenticated: item.get_flag("authenticated"),
            moderator: item.get_flag("moderator"),
            bot: false,
            banned: item.get_flag("banned"),
        },
        first_seen: item.need_time("first_seen")?,
        last_seen: item.need_time("last_seen")?,
        follower: item.get("follower").map(str::to_owned),
        epoch: item.parse("epoch")?.unwrap_or_default(),
    })
}

pub(crate) fn name_pointer(person: &Person) -> Item {
    Item::new(&keys::name_pointer(&person.name, &person.id), "name").text("viewer", &person.id)
}

/// The account that a viewer starts with.
pub(crate) fn newcomer(welcome: Points) -> Account {
    Account { balance: welcome, ..Account::default() }
}
