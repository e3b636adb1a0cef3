//! The bot's messages. The texts are in `texts/en.txt`, and each has a function here with its fields as
//! arguments.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::OnceLock;

const ENGLISH: &str = include_str!("../texts/en.txt");

/// A text with the values of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    key: &'static str,
    fields: Vec<(&'static str, String)>,
}

impl Text {
    /// The text as a chat message. Owncast renders messages of bots as Markdown and HTML and does not
    /// sanitize system messages, so every field is escaped for both. The texts themselves may contain
    /// Markdown, but no HTML tags.
    #[must_use]
    pub fn chat(&self) -> String {
        let line = self.fill(|text| text.replace('<', "&lt;"), escape);
        escape_line_start(line)
    }

    /// The text as plain text, for output that is escaped elsewhere.
    #[must_use]
    pub fn plain(&self) -> String {
        self.fill(str::to_owned, str::to_owned)
    }

    /// The text as plain text for the viewer's own page, without their name in front.
    #[must_use]
    pub fn to_reader(&self) -> String {
        let name = self.fields.iter().find(|(key, _)| *key == "name").map(|(_, name)| format!("{name}, "));
        let line = self.plain();
        let addressed = templates().get(self.key).is_some_and(|template| template.starts_with("{name}, "));
        let rest = name.filter(|_| addressed).and_then(|name| line.strip_prefix(&name));
        let Some(rest) = rest else { return line };
        let mut letters = rest.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    fn fill(&self, literal: impl Fn(&str) -> String, field: impl Fn(&str) -> String) -> String {
        let template = templates().get(self.key).copied().unwrap_or(self.key);
        let (mut line, mut rest) = (String::with_capacity(template.len() + 32), template);
        while let Some((before, after)) = rest.split_once('{') {
            line.push_str(&literal(before));
            let Some((name, after)) = after.split_once('}') else { break };
            match self.fields.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => line.push_str(&field(value)),
                None => line.push_str(name),
            }
            rest = after;
        }
        line.push_str(&literal(rest));
        line
    }
}

fn templates() -> &'static HashMap<&'static str, &'static str> {
    static TEMPLATES: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let lines = ENGLISH.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split_once(" = ")).collect()
    })
}

/// Escapes `text` for Owncast's Markdown and HTML. Line breaks and invisible characters become spaces.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '*' | '_' | '[' | ']' | '(' | ')' | '#' | '>' | '~' | '|' | '`' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c if is_invisible(c) => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Escapes a marker at the start of a line, so that a name or title such as "1. x", "- x" or "+ x" does not
/// make it a list or a heading.
pub(crate) fn escape_line_start(line: String) -> String {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let marker = line.chars().nth(digits);
    let is_list = digits > 0 && marker == Some('.');
    match marker {
        Some(c @ ('-' | '+' | '=')) if digits == 0 => line.replacen(c, &format!("&#{};", u32::from(c)), 1),
        _ if is_list => line.replacen('.', "&#46;", 1),
        _ => line,
    }
}

/// Whether `c` is a control character, a line separator, or a mark that changes the direction of text.
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Cleans text that a viewer typed: one line, with each run of whitespace and invisible characters replaced
/// by one space.
#[must_use]
pub fn clean(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || is_invisible(c)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

macro_rules! texts {
    ($($key:ident($($field:ident),*);)*) => {
        $(
            #[doc = concat!("The text `", stringify!($key), "` of `texts/en.txt`.")]
            #[must_use]
            pub fn $key($($field: impl Display),*) -> Text {
                Text { key: stringify!($key), fields: vec![$((stringify!($field), $field.to_string())),*] }
            }
        )*

        #[cfg(test)]
        const ALL: &[(&str, &[&str])] = &[$((stringify!($key), &[$(stringify!($field)),*])),*];
    };
}

texts! {
    points(name, points);
    help(name, per_tick, interval, prefix, example);
    help_without_rewards(name, per_tick, interval, prefix);
    rewards(list);
    rewards_in(category, list);
    rewards_more(list, more, prefix, categories);
    rewards_none();
    rewards_unknown_category(category, categories);
    rewards_no_categories(prefix);
    queue_empty();
    queue(count, list);
    queue_own(count, list, reward, place);
    suggestion(prefix, name);
    uptime(time);
    uptime_live();
    uptime_offline();
    watchtime(name, time);
    watchtime_none(name);
    streak_off(name);
    streak_none(name, watch);
    streak_over(name, best, watch);
    own_streak(name, length, best);
    own_streak_next(name, length, best, points);
    own_streak_from(name, length, best, from, points);
    own_streak_next_and_from(name, length, best, points, from, more);
    top_points(list);
    top_points_without_you(list, prefix);
    top_watched(list);
    top_watched_without_you(list, prefix);
    top_empty();
    top_howto(prefix);
    boards_off(name, prefix);
    boards_on(name, prefix);
    give_howto(prefix);
    give_off(name);
    give_amount(name);
    give_self(name);
    give_banned(name, viewer);
    give_least(name, min);
    give_most(name, max);
    give_day_left(name, left);
    give_day_over(name, max);
    off(name, reward);
    only_live(name, reward);
    authenticated_only(name, reward);
    members_only(name, reward);
    followers_only(name, reward);
    moderators_only(name, reward);
    note_missing(name, prefix, reward);
    note_too_long(name, length, max);
    cooling_down(name, reward, wait);
    sold_out(name, reward);
    stream_limit(name, reward);
    viewer_limit(name, reward);
    need_more(name, reward, price, missing);
    goal_over(name, reward, progress, target);
    timer_over(timer);
    timer_over_unnamed();
    vote_over(reward, count);
    goal_missed(reward, progress, target);
    goal_missed_given_back(reward, progress, target);
    streak(names, length);
    missed_commands(count);
    vote_closed(name, reward);
    vote_limit(name, reward);
    goal_done(name, reward);
    goal_howto(name, reward, progress, target, prefix);
    goal_need_more(name, amount, missing);
    goal_too_little(name);
    goal_broke(name);
    redeemed(name, reward);
    redeemed_with_note(name, reward, note);
    voted(name, reward);
    contributed(name, amount, reward, progress, target);
    contributed_in_a_crowd(name, amount, reward);
    milestone(reward, at, text);
    goal_reached(reward, target);
    fulfilled(name, reward);
    refunded(name, reward, price);
    gave(name, viewer, points);
    timer_set(timer, time);
    timer_set_unnamed(time);
    timer_cancelled(timer);
    timer_cancelled_unnamed();
    adjust_howto(prefix, command);
    viewer_unknown(viewer);
    viewer_ambiguous(viewer, list);
    adjust_amount(max);
    adjust_short(viewer, points, amount);
    viewer_full(viewer);
    added(viewer, amount, points);
    removed(viewer, amount, points);
    moderators_command(name, prefix, command);
    timer_howto(prefix);
    timer_length(shortest, longest);
    timer_name_too_long(length, max);
    timer_too_many(max, list);
    timer_list(list);
    timer_none(prefix);
    timer_unknown(timer, list);
    timer_ambiguous(prefix, list);
    panel_off(name);
    panel_again(name, prefix);
    panel_link(url, code);
    panel_code(code);
    panel_by_link(prefix);
    link_howto(name, prefix);
    link_unknown(name);
    linked(name, prefix);
    unlinked(name);
    you_redeemed(reward);
    you_used(reward);
    you_voted(reward);
    you_gave(amount, reward);
    taken_back(name, reward);
    you_took_back(reward, price);
    take_back_off();
    you_are_banned();
    reward_gone();
    take_back_late(reward);
    erased_viewer();
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_text_exists_and_uses_only_its_fields() {
        let known: BTreeSet<_> = ALL.iter().map(|(key, _)| *key).collect();
        let written: BTreeSet<_> = templates().keys().copied().collect();
        assert_eq!(known, written);
        for (key, fields) in ALL {
            for piece in templates()[key].split('{').skip(1) {
                let (field, _) = piece.split_once('}').unwrap();
                assert!(fields.contains(&field), "{key} has no field {field}");
            }
        }
    }

    #[test]
    fn only_the_balance_contains_you_have_points() {
        for (key, template) in templates() {
            let looks_alike = template.contains("you have {");
            assert_eq!(looks_alike, *key == "points", "{key}");
        }
        assert_eq!(points("Ann", 5).chat(), "Ann, you have 5 points");
    }

    #[test]
    fn fields_are_escaped_in_chat() {
        let line =
            redeemed_with_note("*Ann*", "song", "<img src=x onerror=alert(1)> [a](http://b) {name}").chat();
        insta::assert_snapshot!(line, @r"\*Ann\* redeemed song: &lt;img src=x onerror=alert\(1\)\> \[a\]\(http://b\) {name}");
        assert_eq!(points("1. Ann", 5).chat(), "1&#46; Ann, you have 5 points");
        assert_eq!(points("- Ann", 5).chat(), "&#45; Ann, you have 5 points");
        assert_eq!(points("<b>", 5).plain(), "<b>, you have 5 points");
    }

    #[test]
    fn angle_brackets_of_texts_are_visible_in_chat() {
        let how_to = adjust_howto("!", "addpoints");
        insta::assert_snapshot!(how_to.chat(), @"Write !addpoints &lt;viewer> &lt;points> [reason].");
        insta::assert_snapshot!(how_to.plain(), @"Write !addpoints <viewer> <points> [reason].");
        for (key, fields) in ALL {
            let fields = fields.iter().map(|field| (*field, "x".to_owned())).collect();
            assert!(!Text { key, fields }.chat().contains('<'), "{key}");
        }
    }

    #[test]
    fn cleaned_text_is_one_visible_line() {
        assert_eq!(clean(" a\n\tb\u{202e}c\u{0}  d "), "a b c d");
        assert_eq!(clean("👩‍👩‍👧‍👦 ok"), "👩‍👩‍👧‍👦 ok");
    }

    proptest! {
        #[test]
        fn no_field_adds_html_or_control_characters(text in ".*") {
            let line = redeemed_with_note(&text, "x", &text).chat();
            prop_assert!(!line.contains('<'));
            prop_assert!(!line.chars().any(char::is_control));
        }
    }
}
