//! Messages: what the bot says, as the id of a text and the values in it. The rules decide which message it
//! is; the `texts` crate has the words.

use std::fmt;

use crate::command::ViewerRef;
use crate::reward::CommandName;
use crate::{Points, Span};

/// A message before it is put into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The name of its text.
    pub id: &'static str,
    /// The values in it, by name.
    pub args: Vec<(&'static str, Arg)>,
}

/// A value in a message. How it is written, such as the grouping of digits and the unit, is part of the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A text from outside, such as a name. It is escaped where the message is shown.
    Text(String),
    /// A count or another number without a unit.
    Number(i64),
    /// An amount of points.
    Points(Points),
    /// A duration to the second, as a countdown shows it.
    Countdown(Span),
    /// A duration in its larger units only, as people say it.
    About(Span),
    /// The time between two ticks, as in "every 10 minutes".
    Every(Span),
    /// A duration in whole words, as in "1 hour 30 minutes".
    Long(Span),
    /// Messages that follow each other as a list.
    List(Vec<Message>),
    /// Texts that are named together, as in "Ann, Bob and Cleo", and the number of further ones that are not
    /// named.
    Names(Vec<String>, usize),
    /// A line of the streamer's own in chat markup, whose placeholders are filled in. It is not escaped.
    Markup(String),
}

/// Where a message can be shown, which decides which words it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownIn {
    /// In chat.
    Chat,
    /// In the viewer panel.
    Panel,
    /// In either.
    Both,
}

/// What a text must be able to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// The id of the message.
    pub id: &'static str,
    /// Where it can be shown.
    pub shown_in: ShownIn,
    /// The names of its values.
    pub args: &'static [&'static str],
}

/// The id and the values, for logs and tests: `sold_out: name=Ann, reward=song`.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)?;
        for (place, (name, value)) in self.args.iter().enumerate() {
            write!(f, "{} {name}={value}", if place == 0 { ":" } else { "," })?;
        }
        Ok(())
    }
}

impl fmt::Display for Arg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Markup(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Points(points) => points.fmt(f),
            Self::Countdown(span) | Self::About(span) | Self::Every(span) | Self::Long(span) => span.fmt(f),
            Self::List(items) => {
                f.write_str("[")?;
                for (place, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if place == 0 { "" } else { "; " })?;
                }
                f.write_str("]")
            }
            Self::Names(names, more) => write!(f, "[{}; {more} more]", names.join("; ")),
        }
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&CommandName> for Arg {
    fn from(name: &CommandName) -> Self {
        Self::Text(name.to_string())
    }
}

impl From<&ViewerRef> for Arg {
    fn from(viewer: &ViewerRef) -> Self {
        Self::Text(viewer.to_string())
    }
}

impl From<Points> for Arg {
    fn from(points: Points) -> Self {
        Self::Points(points)
    }
}

impl From<Vec<Message>> for Arg {
    fn from(items: Vec<Message>) -> Self {
        Self::List(items)
    }
}

impl From<u16> for Arg {
    fn from(number: u16) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

macro_rules! messages {
    ($($shown:ident $id:ident($($arg:ident),*);)*) => {
        $(
            #[doc = concat!("The message `", stringify!($id), "`.")]
            #[must_use]
            pub fn $id($($arg: impl Into<Arg>),*) -> Message {
                Message { id: stringify!($id), args: vec![$((stringify!($arg), $arg.into())),*] }
            }
        )*

        /// Every message, for checking that there are words for it.
        pub const ALL: &[Declared] = &[$(Declared {
            id: stringify!($id),
            shown_in: messages!(@shown $shown),
            args: &[$(stringify!($arg)),*],
        }),*];
    };
    (@shown chat) => { ShownIn::Chat };
    (@shown panel) => { ShownIn::Panel };
    (@shown both) => { ShownIn::Both };
}

messages! {
    chat points(name, balance);
    chat help(name, per_tick, interval, prefix, example);
    chat help_without_rewards(name, per_tick, interval, prefix);
    chat rewards(list);
    chat rewards_in(category, list);
    chat rewards_more(list, more, prefix, categories);
    chat rewards_none();
    chat rewards_unknown_category(category, categories);
    chat rewards_no_categories(prefix);
    chat queue_empty();
    chat queue(count, list);
    chat queue_own(count, list, reward, place);
    chat suggestion(prefix, name);
    chat uptime(time);
    chat uptime_live();
    chat uptime_offline();
    chat watchtime(name, time);
    chat watchtime_none(name);
    chat streak_off(name);
    chat streak_none(name, watch);
    chat streak_over(name, best, watch);
    chat own_streak(name, length, best);
    chat own_streak_next(name, length, best, points);
    chat own_streak_from(name, length, best, from, points);
    chat own_streak_next_and_from(name, length, best, points, from, more);
    chat top_points(list);
    chat top_points_without_you(list, prefix);
    chat top_watched(list);
    chat top_watched_without_you(list, prefix);
    chat top_empty();
    chat top_howto(prefix);
    both boards_off(name, prefix);
    both boards_on(name, prefix);
    chat give_howto(prefix);
    chat give_off(name);
    chat give_amount(name);
    chat give_self(name);
    chat give_banned(name, viewer);
    chat give_least(name, min);
    chat give_most(name, max);
    chat give_day_left(name, left);
    chat give_day_over(name, max);
    both off(name, reward);
    both only_live(name, reward);
    both authenticated_only(name, reward);
    both members_only(name, reward);
    both followers_only(name, reward);
    both moderators_only(name, reward);
    both note_missing(name, prefix, reward);
    both note_too_long(name, length, max);
    both cooling_down(name, reward, wait);
    both sold_out(name, reward);
    both stream_limit(name, reward);
    both viewer_limit(name, reward);
    both need_more(name, reward, price, missing);
    both goal_over(name, reward, progress, target);
    chat timer_over(timer);
    chat timer_over_unnamed();
    chat vote_over(reward, count);
    chat goal_missed(reward, progress, target);
    chat goal_missed_given_back(reward, progress, target);
    chat streak(names, length);
    chat missed_commands(count);
    both vote_closed(name, reward);
    both vote_limit(name, reward);
    both goal_done(name, reward);
    both goal_howto(name, reward, progress, target, prefix);
    both goal_need_more(name, amount, missing);
    both goal_too_little(name);
    both goal_broke(name);
    chat redeemed(name, reward);
    chat redeemed_with_note(name, reward, note);
    chat voted(name, reward);
    chat contributed(name, amount, reward, progress, target);
    chat contributed_in_a_crowd(name, amount, reward);
    chat milestone(reward, at, text);
    chat goal_reached(reward, target);
    both fulfilled(name, reward);
    both refunded(name, reward, price);
    chat gave(name, viewer, points);
    chat timer_set(timer, time);
    chat timer_set_unnamed(time);
    chat timer_cancelled(timer);
    chat timer_cancelled_unnamed();
    chat adjust_howto(prefix, command);
    chat viewer_unknown(viewer);
    chat viewer_ambiguous(viewer, list);
    chat adjust_amount(max);
    chat adjust_short(viewer, points, amount);
    chat viewer_full(viewer);
    chat added(viewer, amount, points);
    chat removed(viewer, amount, points);
    chat moderators_command(name, prefix, command);
    chat timer_howto(prefix);
    chat timer_length(shortest, longest);
    chat timer_name_too_long(length, max);
    chat timer_too_many(max, list);
    chat timer_list(list);
    chat timer_none(prefix);
    chat timer_unknown(timer, list);
    chat timer_ambiguous(prefix, list);
    chat panel_off(name);
    chat panel_again(name, prefix);
    chat panel_link(url, code);
    chat panel_code(code);
    chat panel_by_link(prefix);
    chat link_howto(name, prefix);
    chat link_unknown(name);
    chat linked(name, prefix);
    both unlinked(name);
    panel you_redeemed(reward);
    panel you_used(reward);
    panel you_voted(reward);
    panel you_gave(amount, reward);
    chat taken_back(name, reward);
    panel you_took_back(reward, price);
    panel take_back_off();
    panel you_are_banned();
    panel reward_gone();
    panel take_back_late(reward);
    panel erased_viewer();
    // Parts of other messages, and the streamer's own lines.
    chat own_line(line);
    chat priced(reward, price);
    chat any_amount(reward);
    chat queued(reward, name);
    chat place_by_points(place, name, points);
    chat place_by_time(place, name, time);
    chat timer_item(number, timer, time);
    chat timer_item_unnamed(number, time);
    chat viewer_item(viewer);
    chat viewer_item_with(viewer, points);
    chat earn(points, interval);
    chat duration(time);
    chat offline();
    chat goal_progress(reward, progress, target);
    chat no_goal();
    chat you();
}
