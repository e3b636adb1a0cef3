//! Parsing of a line of chat to a command.

use super::viewer::addressed;
use super::{Amount, ViewerRef, suggest};
use crate::board::Order;
use crate::{Config, Points, RedemptionKey, RewardId, Span, text};

/// The result of parsing a line of chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// Not a command: it does not begin with the prefix.
    Chat,
    /// It begins with the prefix, but there is no such command.
    Unknown {
        /// The command that was probably meant.
        suggestion: Option<String>,
    },
    /// A command without its arguments, such as `!give` alone. The answer is its usage.
    Usage(UsageOf),
    /// A command.
    Command(Command),
}

/// A command that has a usage message, which is the answer when arguments are missing or cannot be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageOf {
    /// `!addpoints`
    AddPoints,
    /// `!removepoints`
    RemovePoints,
    /// `!top`
    Top,
    /// `!give`
    Give,
    /// `!timer`
    Timer,
    /// `!link`
    Link,
}

/// What a viewer asks for, in chat or by a click in the panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A command that needs nothing but the viewer who asks.
    Simple(SimpleCommand),
    /// `!queue`
    Queue,
    /// `!addpoints <viewer> <n> [reason]`, `!removepoints …`
    Adjust(Adjustment),
    /// `!top`, `!top watchtime`
    Top {
        /// What the board is ordered by.
        order: Order,
    },
    /// `!give <viewer> <amount>`
    Give(Gift),
    /// `!timer …`
    Timer(TimerCommand),
    /// `!panel`
    Panel,
    /// `!link <code>`
    Link {
        /// The code, as typed.
        code: String,
    },
    /// `!<reward> [note or amount]`, or a click on the reward.
    Use {
        /// The reward's id, which stays the same when its command changes.
        reward: RewardId,
        /// The note, or the amount for a goal; one line.
        argument: String,
    },
    /// A click on *Take back*: the viewer's own redemption, while it waits in the queue.
    TakeBack(RedemptionKey),
}

/// A command that is decided without further reads: it needs only the viewer who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SimpleCommand {
    /// `!help`
    Help,
    /// `!points`
    Points,
    /// `!rewards [category]`
    Rewards {
        /// The category, as typed.
        category: Option<String>,
    },
    /// `!uptime`
    Uptime,
    /// `!watchtime`
    Watchtime,
    /// `!streak`
    Streak,
    /// `!top on`, `!top off`, or the switch in the panel.
    OnBoards {
        /// Whether the viewer is to be shown.
        shown: bool,
    },
    /// `!unlink`, or *Sign out everywhere* in the panel.
    Unlink,
}

/// A change of a viewer's points by a moderator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// The viewer.
    pub viewer: ViewerRef,
    /// The number of points; `None` when it is not a whole number of at least 1.
    pub amount: Option<Points>,
    /// Whether the points are added; otherwise they are removed.
    pub add: bool,
    /// The reason, if one was given.
    pub reason: Option<String>,
}

/// Points for another viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gift {
    /// The viewer who gets them.
    pub viewer: ViewerRef,
    /// The amount; `None` when it is not a valid one.
    pub amount: Option<Amount>,
}

/// A command about timers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimerCommand {
    /// `!timer list`
    List,
    /// `!timer 5m pizza`
    Set {
        /// How long it runs.
        length: Span,
        /// Its name; empty when none was given.
        name: String,
    },
    /// `!timer cancel pizza`
    Cancel {
        /// Its name or its number, as typed; empty when none was given.
        which: String,
    },
}

/// The most characters of a word that may be a command. No command is longer, so a longer word is not a
/// mistyped one either.
const LONGEST: usize = 40;

/// Parses a line as it was typed (Owncast's `rawBody`).
#[must_use]
pub fn parse(line: &str, config: &Config) -> Parsed {
    let Some(rest) = line.trim_start().strip_prefix(config.settings.chat.prefix.as_str()) else {
        return Parsed::Chat;
    };
    let (word, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if word.is_empty() {
        return Parsed::Chat;
    }
    if word.chars().count() > LONGEST {
        return Parsed::Unknown { suggestion: None };
    }
    let (name, argument) = (word.to_lowercase(), text::clean(argument));
    let simple = |command| Parsed::Command(Command::Simple(command));
    match name.as_str() {
        "help" => simple(SimpleCommand::Help),
        "points" => simple(SimpleCommand::Points),
        "rewards" => simple(SimpleCommand::Rewards { category: non_empty(argument) }),
        "queue" => Parsed::Command(Command::Queue),
        "addpoints" => adjust(&argument, true),
        "removepoints" => adjust(&argument, false),
        "uptime" => simple(SimpleCommand::Uptime),
        "watchtime" => simple(SimpleCommand::Watchtime),
        "streak" => simple(SimpleCommand::Streak),
        "top" => top(&argument),
        "give" => give(&argument),
        "timer" => timer(&argument),
        "panel" => Parsed::Command(Command::Panel),
        "link" if argument.is_empty() => Parsed::Usage(UsageOf::Link),
        "link" => Parsed::Command(Command::Link { code: argument }),
        "unlink" => simple(SimpleCommand::Unlink),
        _ => match config.reward_named(&name) {
            Some(reward) => Parsed::Command(Command::Use { reward: reward.id.clone(), argument }),
            None => Parsed::Unknown { suggestion: suggest::nearest(&name, config) },
        },
    }
}

fn non_empty(text: String) -> Option<String> {
    if text.is_empty() { None } else { Some(text) }
}

/// Parses `<viewer> <n> [reason]`.
fn adjust(argument: &str, add: bool) -> Parsed {
    let Some(line) = addressed(argument) else {
        return Parsed::Usage(if add { UsageOf::AddPoints } else { UsageOf::RemovePoints });
    };
    let amount = match Amount::parse(&line.amount) {
        Ok(Amount::Exactly(points)) => Some(points),
        _ => None,
    };
    let reason = non_empty(line.rest.chars().take(crate::reward::MAX_NOTE).collect());
    Parsed::Command(Command::Adjust(Adjustment { viewer: line.viewer, amount, add, reason }))
}

/// Parses `<viewer> <amount>`. Text after the amount is ignored: it is a message to the other viewers.
fn give(argument: &str) -> Parsed {
    let Some(line) = addressed(argument) else { return Parsed::Usage(UsageOf::Give) };
    Parsed::Command(Command::Give(Gift { viewer: line.viewer, amount: Amount::parse(&line.amount).ok() }))
}

fn top(argument: &str) -> Parsed {
    let board = |order| Parsed::Command(Command::Top { order });
    let on_boards = |shown| Parsed::Command(Command::Simple(SimpleCommand::OnBoards { shown }));
    match argument.to_lowercase().as_str() {
        "" | "points" => board(Order::Points),
        "watchtime" => board(Order::Watched),
        "on" => on_boards(true),
        "off" => on_boards(false),
        _ => Parsed::Usage(UsageOf::Top),
    }
}

fn timer(argument: &str) -> Parsed {
    let (word, rest) = argument.split_once(' ').unwrap_or((argument, ""));
    let command = match word.to_lowercase().as_str() {
        "list" => TimerCommand::List,
        "cancel" => TimerCommand::Cancel { which: rest.to_owned() },
        _ => match Span::parse(word) {
            Ok(length) => TimerCommand::Set { length, name: rest.to_owned() },
            Err(_) => return Parsed::Usage(UsageOf::Timer),
        },
    };
    Parsed::Command(Command::Timer(command))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reward::{CommandName, Kind, Redeem, Reward};
    use proptest::prelude::*;

    fn config() -> Config {
        let reward = |id: &str| {
            let (id, name) = (RewardId::new(id).unwrap(), CommandName::new(id).unwrap());
            Reward::new(id, name, Points::new(50).unwrap(), Kind::Redeem(Redeem::default()))
        };
        Config { rewards: vec![reward("hydrate"), reward("song"), reward("🍺")], ..Config::default() }
    }

    fn check(line: &str, expect: &str) {
        let shown = match parse(line, &config()) {
            Parsed::Chat => "chat".to_owned(),
            Parsed::Unknown { suggestion } => format!("unknown {suggestion:?}"),
            Parsed::Command(Command::Use { reward, argument }) => format!("{reward}({argument})"),
            Parsed::Command(Command::Adjust(a)) => {
                format!(
                    "{}{:?} {} {:?}",
                    if a.add { '+' } else { '-' },
                    a.amount.map(Points::get),
                    a.viewer,
                    a.reason
                )
            }
            Parsed::Usage(command) => format!("usage of {command:?}"),
            Parsed::Command(Command::Simple(other)) => format!("{other:?}"),
            Parsed::Command(other) => format!("{other:?}"),
        };
        assert_eq!(shown, expect, "{line:?}");
    }

    #[test]
    fn lines_without_prefix_or_command_are_chat() {
        for line in
            ["", "!", "! ", "! hydrate", "hydrate", "say !hydrate", "\u{202e}!hydrate", "¡points", "\u{0}"]
        {
            check(line, "chat");
        }
    }

    #[test]
    fn commands_are_whole_words_in_any_case() {
        check("!points", "Points");
        check("  !POINTS  please", "Points");
        check("!HyDrAtE", "hydrate()");
        check("!song  Blue \n Monday\u{202e}", "song(Blue Monday)");
        check("!🍺", "🍺()");
        check("!hydrated!", "unknown Some(\"hydrate\")");
        check("!rewards Tonight", "Rewards { category: Some(\"Tonight\") }");
    }

    #[test]
    fn malformed_lines_are_unknown_commands() {
        check("!goal ²", "unknown None");
        check("!hydrate ²", "hydrate(²)");
        check("!!!", "unknown None");
        check(&format!("!{}", "x".repeat(2000)), "unknown None");
        check("!\u{202e}stniop", "unknown None");
        check("!pints", "unknown Some(\"points\")");
        check("!so", "unknown None");
    }

    #[test]
    fn adjustments_have_a_viewer_an_amount_and_a_reason() {
        check("!addpoints Ann 50", "+Some(50) Ann None");
        check("!addpoints @Happy Fox 50 for the song", "+Some(50) Happy Fox Some(\"for the song\")");
        check("!removepoints \"Fox 2\" 50 oops", "-Some(50) Fox 2 Some(\"oops\")");
        check("!removepoints id:abc 5", "-Some(5) id:abc None");
        check("!addpoints Ann ²", "+None Ann None");
        check("!addpoints Ann all", "+None Ann None");
        check("!addpoints", "usage of AddPoints");
        check("!addpoints Ann", "usage of AddPoints");
        check("!addpoints \"Ann", "usage of AddPoints");
    }

    #[test]
    fn gifts_have_a_viewer_and_an_amount() {
        let expect = |line: &str, name: &str, amount: Option<Amount>| {
            let gift = Gift { viewer: ViewerRef::Name(name.to_owned()), amount };
            assert_eq!(parse(line, &config()), Parsed::Command(Command::Give(gift)), "{line}");
        };
        let fifty = Some(Amount::Exactly(Points::new(50).unwrap()));
        expect("!give Ann 50", "Ann", fifty);
        expect("!GIVE @Happy Fox 50 have fun", "Happy Fox", fifty);
        expect("!give \"Fox 2\" ALL", "Fox 2", Some(Amount::All));
        expect("!give Ann 10%", "Ann", Some(Amount::Percent(10)));
        for amount in ["²", "-5", "0", "1.5", "some"] {
            expect(&format!("!give Ann {amount}"), "Ann", None);
        }
        check(
            "!give id:abc 5",
            "Give(Gift { viewer: Id(ViewerId(\"abc\")), amount: Some(Exactly(Points(5))) })",
        );
        for line in ["!give", "!give Ann", "!give \"Ann", "!give \"Ann\"", "!give \"\" 5"] {
            check(line, "usage of Give");
        }
    }

    #[test]
    fn top_has_two_orders_and_an_opt_out() {
        check("!top", "Top { order: Points }");
        check("!top points", "Top { order: Points }");
        check("!top  WatchTime ", "Top { order: Watched }");
        check("!top off", "OnBoards { shown: false }");
        check("!top On", "OnBoards { shown: true }");
        check("!top 10", "usage of Top");
    }

    #[test]
    fn timer_arguments_begin_with_the_length() {
        let timer = |line: &str| match parse(line, &config()) {
            Parsed::Command(Command::Timer(command)) => command,
            other => panic!("{line}: {other:?}"),
        };
        let set =
            |seconds, name: &str| TimerCommand::Set { length: Span::seconds(seconds), name: name.to_owned() };
        assert_eq!(timer("!timer 5m pizza"), set(300, "pizza"));
        assert_eq!(timer("!timer 90"), set(90, ""));
        assert_eq!(timer("!TIMER 1h30m  The \u{202e}big one"), set(5400, "The big one"));
        assert_eq!(timer("!timer List please"), TimerCommand::List);
        assert_eq!(timer("!timer cancel Big One"), TimerCommand::Cancel { which: "Big One".to_owned() });
        assert_eq!(timer("!timer cancel"), TimerCommand::Cancel { which: String::new() });
        for line in ["!timer", "!timer pizza 5m", "!timer -5m x", "!timer ² x", "!timer 5m5m", "!timer 9999h"]
        {
            check(line, "usage of Timer");
        }
    }

    proptest! {
        #[test]
        fn no_line_panics_the_parser(line in ".*", command in "[a-z]{0,12}", rest in ".*") {
            let config = config();
            let _ = parse(&line, &config);
            let _ = parse(&format!("!{command} {rest}"), &config);
            for command in ["addpoints", "give", "timer", "top"] {
                let _ = parse(&format!("!{command} {rest}"), &config);
            }
        }
    }
}
