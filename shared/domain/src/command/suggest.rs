//! Suggestions for mistyped commands.

use crate::Config;

/// The commands that are suggested: those that every viewer can use.
const COMMON: [&str; 9] =
    ["help", "points", "rewards", "queue", "give", "streak", "top", "uptime", "watchtime"];

/// The command or reward closest to `word`, within an edit distance of 1 for words of 3 or 4 characters and 2
/// for longer ones.
pub(super) fn nearest(word: &str, config: &Config) -> Option<String> {
    let max_distance = match word.chars().count() {
        0..=2 => return None,
        3..=4 => 1,
        _ => 2,
    };
    let rewards = config.live_rewards().map(|reward| reward.name.as_str());
    let near = COMMON.into_iter().chain(rewards).map(|name| (strsim::osa_distance(word, name), name));
    let (_, name) =
        near.filter(|(distance, _)| *distance <= max_distance).min_by_key(|(distance, _)| *distance)?;
    Some(name.to_owned())
}
