use super::*;
use crate::words::testing::english;

use ownchatbot_domain::reward::{CommandName, Cooldown, Kind, LastUse, Limits, Redeem, Scope, Vote};
use ownchatbot_domain::{
    Account, EventId, Person, Points, RewardId, Source, Span, StreamState, Usage, ViewerId,
};

const NOW: i64 = 1_790_000_000_000;

fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(NOW + ms)
}

fn reward(price: i64, kind: Kind) -> Reward {
    let (id, name) = (RewardId::new("r").unwrap(), CommandName::new("r").unwrap());
    Reward::new(id, name, Points::new(price).unwrap(), kind)
}

fn redeem(price: i64) -> Reward {
    reward(price, Kind::Redeem(Redeem::default()))
}

fn used(count: u64, ago: Span) -> Usage {
    let event = EventId::new(Source::Owncast, "e").unwrap();
    let last = Some(LastUse { event, at: at(0).saturating_sub(ago) });
    Usage {
        count,
        in_stream: count,
        stream: Some(StreamState::default().counting()),
        last,
        ..Usage::default()
    }
}

/// Everybody's state, the state of a viewer with `balance` points, and the one of the two that is shown.
fn states(reward: &Reward, everybody: &Usage, own: &Usage, balance: i64) -> [RewardState; 3] {
    let stream = StreamState::default();
    let status = RewardStatus { categories: &[], stream: &stream, everybody, now: at(0) };
    let person = Person {
        id: ViewerId::new("ann").unwrap(),
        name: "Ann".to_owned(),
        former_names: Vec::new(),
        authenticated: false,
        moderator: false,
        bot: false,
        banned: false,
    };
    let account = Account { balance: Points::new(balance).unwrap(), ..Account::default() };
    let requester = Requester { person: &person, account: &account, follower: false, own };
    let all = RewardState::of_everybody(reward, &status, &english());
    let viewer = RewardState::of_viewer(reward, &status, &requester, &english());
    let shown = viewer.clone().beside(all.clone());
    assert_eq!(
        shown.usable,
        reward.unavailable(&status, Some(&requester)).is_none() && balance >= reward.price.get()
    );
    [all, viewer, shown]
}

fn texts(reward: &Reward, everybody: &Usage, own: &Usage, balance: i64) -> [String; 3] {
    states(reward, everybody, own, balance).map(|state| state.text)
}

#[test]
fn reasons_weigh_more_than_missing_points_and_those_more_than_what_is_left() {
    let none = Usage::default();
    let mut song = redeem(1_130);
    assert_eq!(texts(&song, &none, &none, 1_130), ["", "", ""]);
    assert_eq!(texts(&song, &none, &none, 100), ["", "1,030 more to go", "1,030 more to go"]);
    song.limits = Limits { stock: Some(3), ..Limits::default() };
    assert_eq!(texts(&song, &none, &none, 2_000), ["3 left", "", "3 left"]);
    assert_eq!(texts(&song, &none, &none, 100), ["3 left", "1,030 more to go", "1,030 more to go"]);
    song.access = Access::Members;
    assert_eq!(texts(&song, &none, &none, 100), ["3 left", "members only", "members only"]);
    song.only_live = true;
    let offline = "while the stream is live";
    assert_eq!(texts(&song, &none, &none, 100), [offline, "members only", offline]);
}

#[test]
fn the_smaller_limit_is_shown_and_the_viewers_own_on_a_tie() {
    let none = Usage::default();
    for (stock, per_viewer, shown) in [
        (Some(3), Some(2), "2 left for you"),
        (Some(2), Some(2), "2 left for you"),
        (Some(2), Some(3), "2 left"),
        (None, Some(3), "3 left for you"),
        (Some(u32::MAX), None, "4,294,967,295 left"),
        (Some(0), Some(3), "used up"),
        (Some(3), Some(0), "used up for you"),
    ] {
        let limited = Reward { limits: Limits { stock, per_viewer, per_stream: None }, ..redeem(5) };
        assert_eq!(texts(&limited, &none, &none, 100)[2], shown);
    }
}

#[test]
fn cooldown_state_has_its_end_and_the_state_after_it() {
    let (minute, ends) = (Span::minutes(1), at(30_000));
    let until = at(50_000);
    let ago = Span::seconds(10);
    let everybody = Cooldown { length: minute, scope: Scope::Everybody };
    let each = Cooldown { scope: Scope::EachViewer, ..everybody };
    let limits = Limits { stock: Some(2), ..Limits::default() };
    let song = Reward { cooldown: Some(everybody), limits, ..redeem(5) };
    for (count, then, usable) in [(1, "1 left", true), (2, "used up", false)] {
        let [all, viewer, shown] = states(&song, &used(count, ago), &Usage::default(), 100);
        assert_eq!(
            (shown.text_at(at(0), &english()).as_str(), shown.until),
            ("again in 0:50", Some(until.ms()))
        );
        assert_eq!((all.usable, viewer.weight), (false, 0));
        let after = all.after.unwrap();
        assert_eq!((after.text.as_str(), after.usable, after.until), (then, usable, None));
    }
    let own = Reward { cooldown: Some(each), limits: Limits::default(), ..song.clone() };
    let [all, viewer, shown] = states(&own, &Usage::default(), &used(1, ago), 3);
    assert_eq!((all.usable, all.weight, shown.until), (true, 0, Some(until.ms())));
    assert_eq!(viewer.after.unwrap().text, "2 more to go");
    // A vote that ends during the cooldown does not open again.
    let vote =
        Reward { ends: Some(ends), cooldown: Some(everybody), ..reward(5, Kind::Vote(Vote::default())) };
    let [all, ..] = states(&vote, &used(1, ago), &Usage::default(), 100);
    assert_eq!((all.text.as_str(), all.after.unwrap().text.as_str()), ("again in", "closed"));
}

#[test]
fn weights_follow_the_order_of_the_reasons() {
    let until = at(0);
    let ordered = [
        Unavailable::Off,
        Unavailable::OnlyLive,
        Unavailable::For(Access::Members),
        Unavailable::VoteClosed,
        Unavailable::GoalReached,
        Unavailable::GoalOver,
        Unavailable::OnCooldown { until },
        Unavailable::SoldOut,
        Unavailable::StreamLimit,
        Unavailable::ViewerLimit,
        Unavailable::VoteLimit,
    ];
    let weights = ordered.map(|reason| RewardState::unavailable(reason, &english()).weight);
    assert!(weights.is_sorted_by(|one, next| one > next), "{weights:?}");
    assert!(weights.iter().all(|weight| *weight > POINTS_MISSING));
}

#[test]
fn state_serializes_to_the_json_that_scripts_read() {
    let state = serde_json::to_value(RewardState::off(&english())).unwrap();
    let expected = serde_json::json!({
        "text": "off right now", "tone": "warn", "usable": false, "weight": UNAVAILABLE + 10, "until": null, "after": null,
    });
    assert_eq!(state, expected);
}
