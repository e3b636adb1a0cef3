//! The section "How it works", with the numbers of the settings.

use ownchatbot_domain::Config;
use ownchatbot_domain::message::Arg;
use ownchatbot_texts::Words;

/// The built-in commands that the section lists.
const COMMANDS: [&str; 8] = ["points", "rewards", "queue", "top", "streak", "watchtime", "panel", "help"];

/// The section "How it works".
#[derive(Debug)]
pub(crate) struct How {
    pub(crate) earning: Vec<String>,
    pub(crate) spending: Vec<String>,
    pub(crate) commands: Vec<(String, String)>,
}

impl How {
    pub(crate) fn of(config: &Config, words: &Words) -> Self {
        let prefix = config.settings.chat.prefix.as_str();
        let command = |name: &str| (format!("{prefix}{name}"), words.get(&format!("how-command-{name}")));
        Self {
            earning: earning(config, words),
            spending: spending(config, words),
            commands: COMMANDS.map(command).into(),
        }
    }
}

fn earning(config: &Config, words: &Words) -> Vec<String> {
    let (points, streaks) = (&config.settings.points, &config.settings.streaks);
    let watch = [("interval", Arg::Every(points.interval)), ("amount", points.per_tick.into())];
    let mut lines = vec![words.with("how-watch", watch)];
    if !points.welcome.is_zero() {
        lines.push(words.with("how-welcome", [("amount", points.welcome.into())]));
    }
    let factors = [
        ("how-members", points.multipliers.member),
        ("how-authenticated", points.multipliers.authenticated),
        ("how-moderators", points.multipliers.moderator),
    ];
    for (text, factor) in factors.into_iter().filter(|(_, factor)| factor.get() != 100) {
        lines.push(words.with(text, [("percent", factor.get().into())]));
    }
    if streaks.on {
        let watch = ("watch", Arg::Long(streaks.watch));
        let rows = streaks.rewards.iter().enumerate().map(|(place, row)| {
            let text = if place == 0 { "how-streak-first" } else { "how-streak-more" };
            words.with(text, [("amount", row.points.into()), ("length", row.length.into())])
        });
        let rows: Vec<String> = rows.collect();
        lines.push(if rows.is_empty() {
            words.with("how-streaks", [watch])
        } else {
            words.with("how-streaks-bring", [watch, ("list", rows.join(", ").into())])
        });
    }
    lines
}

fn spending(config: &Config, words: &Words) -> Vec<String> {
    let settings = &config.settings;
    let prefix = settings.chat.prefix.as_str();
    let mut lines = vec![
        words.with("how-redeem", [("prefix", prefix.into())]),
        words.get("how-queue"),
        words.get("how-goals"),
    ];
    if settings.panel.take_back {
        lines.push(words.get("how-take-back"));
    }
    let give = settings.give;
    if give.on {
        let command = Arg::from(format!("{prefix}give"));
        let bounds = [("command", command), ("min", give.min.into()), ("max", give.limit.into())];
        lines.push(words.with("how-give", bounds));
    }
    lines
}
