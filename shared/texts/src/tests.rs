//! How messages read in chat and in the panel.

use ownchatbot_domain::message::{self, Arg};
use ownchatbot_domain::settings::PointsName;
use ownchatbot_domain::{Message, Points, Span};
use proptest::prelude::*;

use crate::{Language, Texts};

fn points(n: i64) -> Points {
    Points::new(n).unwrap()
}

fn chat(message: &Message) -> String {
    Texts::of(Language::English).chat(message, &PointsName::new("points"))
}

fn panel(message: &Message) -> String {
    Texts::of(Language::English).panel(message, &PointsName::new("points"))
}

#[test]
fn balance_has_exactly_this_form() {
    assert_eq!(chat(&message::points("Ann", points(5))), "Ann, you have 5 points");
    assert_eq!(chat(&message::points("Ann", points(1))), "Ann, you have 1 point");
    assert_eq!(chat(&message::points("Ann", points(0))), "Ann, you have 0 points");
    assert_eq!(chat(&message::points("Ann", points(1_234_567))), "Ann, you have 1,234,567 points");
    assert_eq!(chat(&message::points("Ann", Points::MAX)), "Ann, you have 9,007,199,254,740,991 points");
}

#[test]
fn streamers_own_word_is_used_in_its_forms() {
    let coins = PointsName { one: "*coin*".to_owned(), other: "<coins>".to_owned() };
    let say = |message: &Message| Texts::of(Language::English).chat(message, &coins);
    assert_eq!(say(&message::points("Ann", points(1))), r"Ann, you have 1 \*coin\*");
    assert_eq!(say(&message::points("Ann", points(12))), r"Ann, you have 12 &lt;coins\>");
    assert_eq!(say(&message::top_points(Vec::new())), r"Most &lt;coins\>: ");
    assert_eq!(
        say(&message::goal_need_more("Ann", points(500), points(1))),
        r"Ann, you need 1 more \*coin\* to give 500."
    );
}

#[test]
fn values_are_escaped_in_chat() {
    let line =
        message::redeemed_with_note("*Ann*", "song", "<img src=x onerror=alert(1)> [a](http://b) {name}");
    assert_eq!(
        chat(&line),
        r"\*Ann\* redeemed song: &lt;img src=x onerror=alert\(1\)\> \[a\]\(http://b\) {name}"
    );
    assert_eq!(chat(&message::points("1. Ann", points(5))), "1&#46; Ann, you have 5 points");
    assert_eq!(chat(&message::points("- Ann", points(5))), "&#45; Ann, you have 5 points");
    let list = vec![message::place_by_points(1_usize, "*Bob*", points(500))];
    assert_eq!(chat(&message::top_points(list)), r"Most points: 1. \*Bob\* 500");
}

#[test]
fn angle_brackets_of_texts_are_visible_in_chat() {
    let howto = message::adjust_howto("!", "addpoints");
    assert_eq!(chat(&howto), "Write !addpoints &lt;viewer> &lt;points> [reason].");
}

#[test]
fn chat_has_no_direction_marks_and_pages_isolate_right_to_left_values() {
    assert_eq!(chat(&message::off("Ann", "שלום")), "Ann, שלום is off right now.");
    assert_eq!(panel(&message::off("Ann", "שלום")), "\u{2068}שלום\u{2069} is off right now.");
    assert_eq!(panel(&message::off("Ann", "song")), "song is off right now.");
}

#[test]
fn numbers_have_their_plural_forms() {
    let counted = |n: u64| chat(&message::vote_over("red", n));
    assert_eq!(counted(1), "The vote for red has ended: 1 vote.");
    assert_eq!(counted(1_240), "The vote for red has ended: 1,240 votes.");
    assert_eq!(
        chat(&message::refunded("Ann", "song", points(1))),
        "Ann, your song was refunded: 1 point is back."
    );
    assert_eq!(
        panel(&message::refunded("Ann", "song", points(2))),
        "Your song was refunded: 2 points are back."
    );
}

#[test]
fn durations_and_lists_read_well() {
    let uptime = |seconds| chat(&message::uptime(Arg::About(Span::seconds(seconds))));
    assert_eq!(uptime(59), "The stream has been live for 59 s.");
    assert_eq!(uptime(7_500), "The stream has been live for 2 h 5 min.");
    assert_eq!(uptime(7_200), "The stream has been live for 2 h.");
    let earns = |span| chat(&message::earn(points(10), Arg::Every(span)));
    assert_eq!(earns(Span::minutes(1)), "10 points every minute");
    assert_eq!(earns(Span::minutes(10)), "10 points every 10 minutes");
    assert_eq!(earns(Span::seconds(90)), "10 points every 90 seconds");
    let watched = |names: &[&str], more| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        chat(&message::streak(Arg::Names(names, more), 5_u32))
    };
    assert_eq!(watched(&["Ann"], 0), "Ann watched 5 streams in a row!");
    assert_eq!(watched(&["Ann", "Bob", "Cleo"], 0), "Ann, Bob and Cleo watched 5 streams in a row!");
    assert_eq!(watched(&["Ann", "Bob"], 3), "Ann, Bob and 3 more watched 5 streams in a row!");
}

#[test]
fn panel_speaks_to_its_reader_and_never_in_commands() {
    for message in [
        message::note_missing("Ann", "!", "song"),
        message::goal_howto("Ann", "charity", points(5), points(100), "!"),
        message::boards_off("Ann", "!"),
        message::cooling_down("Ann", "song", Arg::Countdown(Span::seconds(72))),
    ] {
        let text = panel(&message);
        assert!(!text.contains('!') && !text.contains("Ann"), "{text}");
    }
}

proptest! {
    #[test]
    fn no_value_adds_html_or_control_characters(text in ".*") {
        let line = chat(&message::redeemed_with_note(text.as_str(), "x", text.as_str()));
        prop_assert!(!line.contains('<'));
        prop_assert!(!line.chars().any(char::is_control));
    }
}
