//! From a line of chat to a command.

use super::{Amount, suggest};
use crate::{Config, Points, RewardId, ViewerId, text};

/// What a line of chat is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// Just chat.
    Chat,
    /// It looks like a command, but nobody knows it.
    Unknown {
        /// What was probably meant.
        suggestion: Option<String>,
    },
    /// A command.
    Command(Command),
}

/// What a viewer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `!help`
    Help,
    /// `!points`
    Points,
    /// `!rewards [category]`
    Rewards {
        /// The category, as typed.
        category: Option<String>,
    },
    /// `!queue`
    Queue,
    /// `!addpoints <viewer> <n> [reason]`, `!removepoints …`
    Adjust(Adjustment),
    /// `!addpoints` or `!removepoints` without a viewer or an amount.
    AdjustHowTo {
        /// The command as it is called.
        command: &'static str,
    },
    /// `!<reward> [note or amount]`
    Use {
        /// Which.
        reward: RewardId,
        /// What follows, on one line.
        argument: String,
    },
}

/// A correction of somebody's points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// Whose points.
    pub viewer: ViewerRef,
    /// How many; `None` when not a whole number of at least 1.
    pub amount: Option<Points>,
    /// Whether they are added rather than taken.
    pub add: bool,
    /// Why.
    pub reason: Option<String>,
}

/// A viewer as somebody refers to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewerRef {
    /// By name, as typed.
    Name(String),
    /// By id: `id:<id>`.
    Id(ViewerId),
}

impl ViewerRef {
    fn parse(text: &str) -> Self {
        let id = text.strip_prefix("id:").and_then(|id| ViewerId::new(id).ok());
        id.map_or_else(|| Self::Name(text.trim_start_matches('@').to_owned()), Self::Id)
    }
}

impl std::fmt::Display for ViewerRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Id(id) => write!(f, "id:{id}"),
        }
    }
}

/// No command is longer, so a longer word is not a mistyped one either.
const LONGEST: usize = 40;

/// Reads a line as it was typed (Owncast's `rawBody`).
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
    let command = match name.as_str() {
        "help" => Command::Help,
        "points" => Command::Points,
        "rewards" => Command::Rewards { category: some(argument) },
        "queue" => Command::Queue,
        "addpoints" => adjust(&argument, true),
        "removepoints" => adjust(&argument, false),
        _ => match config.reward_named(&name) {
            Some(reward) => Command::Use { reward: reward.id.clone(), argument },
            None => return Parsed::Unknown { suggestion: suggest::nearest(&name, config) },
        },
    };
    Parsed::Command(command)
}

fn some(text: String) -> Option<String> {
    if text.is_empty() { None } else { Some(text) }
}

/// Reads `<viewer> <n> [reason]`. Names may contain blanks, and be put in quotes when they contain numbers.
fn adjust(argument: &str, add: bool) -> Command {
    let how_to = Command::AdjustHowTo { command: if add { "addpoints" } else { "removepoints" } };
    let (viewer, rest) = if let Some(quoted) = argument.strip_prefix('"') {
        let Some((name, rest)) = quoted.split_once('"') else { return how_to };
        (name.to_owned(), rest.trim_start().to_owned())
    } else {
        let words: Vec<&str> = argument.split(' ').collect();
        // Where no word is an amount, the last one was meant to be.
        let at = words.iter().skip(1).position(|word| Amount::parse(word).is_ok());
        let at = at.map_or(words.len().saturating_sub(1), |at| at + 1);
        let (name, rest) = words.split_at(at);
        (name.join(" "), rest.join(" "))
    };
    let (amount, reason) = rest.split_once(' ').unwrap_or((&rest, ""));
    if viewer.is_empty() || amount.is_empty() {
        return how_to;
    }
    let amount = match Amount::parse(amount) {
        Ok(Amount::Exactly(points)) => Some(points),
        _ => None,
    };
    let reason = some(reason.chars().take(crate::reward::MAX_NOTE).collect());
    Command::Adjust(Adjustment { viewer: ViewerRef::parse(&viewer), amount, add, reason })
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
            Parsed::Command(other) => format!("{other:?}"),
        };
        assert_eq!(shown, expect, "{line:?}");
    }

    #[test]
    fn lines_that_are_no_commands() {
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
    fn odd_lines_are_harmless() {
        check("!goal ²", "unknown None");
        check("!hydrate ²", "hydrate(²)");
        check("!!!", "unknown None");
        check(&format!("!{}", "x".repeat(2000)), "unknown None");
        check("!\u{202e}stniop", "unknown None");
        check("!pints", "unknown Some(\"points\")");
        check("!so", "unknown None");
    }

    #[test]
    fn corrections_name_a_viewer_an_amount_and_a_reason() {
        check("!addpoints Ann 50", "+Some(50) Ann None");
        check("!addpoints @Happy Fox 50 for the song", "+Some(50) Happy Fox Some(\"for the song\")");
        check("!removepoints \"Fox 2\" 50 oops", "-Some(50) Fox 2 Some(\"oops\")");
        check("!removepoints id:abc 5", "-Some(5) id:abc None");
        check("!addpoints Ann ²", "+None Ann None");
        check("!addpoints Ann all", "+None Ann None");
        check("!addpoints", "AdjustHowTo { command: \"addpoints\" }");
        check("!addpoints Ann", "AdjustHowTo { command: \"addpoints\" }");
        check("!addpoints \"Ann", "AdjustHowTo { command: \"addpoints\" }");
    }

    proptest! {
        #[test]
        fn no_line_breaks_the_parser(line in ".*", command in "[a-z]{0,12}", rest in ".*") {
            let config = config();
            let _ = parse(&line, &config);
            let _ = parse(&format!("!{command} {rest}"), &config);
            let _ = parse(&format!("!addpoints {rest}"), &config);
        }
    }
}
