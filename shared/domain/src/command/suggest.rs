//! What a mistyped command probably meant.

use crate::Config;

/// Commands worth suggesting: those that everybody can use.
const COMMON: [&str; 9] =
    ["help", "points", "rewards", "queue", "give", "streak", "top", "uptime", "watchtime"];

/// The command closest to `word`, if one is close: one slip in up to four letters, two in more.
pub(super) fn nearest(word: &str, config: &Config) -> Option<String> {
    let slips = match word.chars().count() {
        0..=2 => return None,
        3..=4 => 1,
        _ => 2,
    };
    let rewards = config.live_rewards().map(|reward| reward.name.as_str());
    let near = COMMON.into_iter().chain(rewards).map(|name| (strsim::osa_distance(word, name), name));
    let (_, name) = near.filter(|(distance, _)| *distance <= slips).min_by_key(|(distance, _)| *distance)?;
    Some(name.to_owned())
}
