//! The texts that scripts write. A page carries those of its surface as JSON, in an element with the id
//! `messages`; `templates/js/words.js` reads them there.

use std::collections::BTreeMap;

/// Each id with its text, in which `{name}` stands for a value that the script puts in. Ids begin with the
/// surface that they belong to. Texts with an amount, which need a plural or the streamer's word for points,
/// are not among them: they are rendered by the server.
const SCRIPT_MESSAGES: &[(&str, &str)] = &[
    ("overlay-alert-donation", "Thank you"),
    ("overlay-alert-follow", "New follower"),
    ("overlay-alert-goal", "Goal reached"),
    ("overlay-alert-milestone", "Milestone reached"),
    ("overlay-alert-redeem", "Redeem"),
    ("overlay-alert-redeemed", "{name} redeemed {reward}"),
    ("overlay-alert-set-off", "{name} set off {reward}"),
    ("overlay-alert-special", "Live now"),
    ("overlay-alert-timer", "Time is up"),
    ("overlay-board-empty", "Nobody yet"),
    ("overlay-board-title", "Top"),
    ("overlay-board-watched", "time watched"),
    ("overlay-donor-unnamed", "Somebody"),
    ("overlay-goals-empty", "No goal right now"),
    ("overlay-percent", "{percent} %"),
    ("overlay-queue-empty", "Nothing waiting"),
    ("overlay-queue-title", "Queue"),
    ("overlay-ticker-empty", "Nothing new"),
    ("overlay-ticker-goal", "Goal"),
    ("overlay-ticker-place", "Top {place}"),
    ("overlay-ticker-redeem", "Redeem"),
    ("overlay-time-left", "{time} left"),
    ("overlay-timer-unnamed", "Timer"),
    ("overlay-vote-closed", "closed"),
    ("overlay-votes-empty", "No vote right now"),
    ("overlay-watched-hours", "{hours} h"),
    ("overlay-watched-hours-minutes", "{hours} h {minutes} min"),
    ("overlay-watched-minutes", "{minutes} min"),
    ("panel-copied", "Copied"),
    ("panel-copy", "Copy"),
    ("panel-not-sent", "That did not get through. Try again in a moment; you will not be charged twice."),
    ("panel-progress-with-own", "{progress} — {own}"),
    ("panel-selected", "Selected: now copy it"),
    ("panel-stale", "No updates since {time}. Reconnecting… If a click fails, try it again."),
    ("panel-state-with-time", "{text} {time}"),
    ("panel-you", "you"),
];

/// The texts of the overlays' scripts, as JSON for a script element.
#[must_use]
pub fn overlays() -> String {
    json("overlay-")
}

/// The texts of the panel's scripts, as JSON for a script element.
#[must_use]
pub fn panel() -> String {
    json("panel-")
}

/// The texts whose ids begin with `surface`. `<` is escaped, so that no text ends the script element.
fn json(surface: &str) -> String {
    let of_surface = |(id, _): &&(&str, &str)| id.starts_with(surface);
    let texts: BTreeMap<&str, &str> = SCRIPT_MESSAGES.iter().filter(of_surface).copied().collect();
    serde_json::to_string(&texts).unwrap_or_default().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The ids that the scripts of the folder `folder` of `templates` use, each with the values it is given
    /// in the same call.
    fn used(folder: &str) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates").join(folder);
        let mut ids = BTreeSet::new();
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "js") {
                continue;
            }
            let script = fs::read_to_string(&path).unwrap();
            for call in ["say(", "pieces("] {
                for (at, _) in script.match_indices(call) {
                    let id = script[at + call.len()..].strip_prefix('\'');
                    let id =
                        id.unwrap_or_else(|| panic!("{}: an id that is not written out", path.display()));
                    ids.insert(id.split('\'').next().unwrap().to_owned());
                }
            }
        }
        ids
    }

    #[test]
    fn scripts_use_exactly_the_texts_that_there_are() {
        let known = |json: String| serde_json::from_str::<BTreeMap<String, String>>(&json).unwrap();
        for (folder, json) in [("overlays", overlays()), ("viewer", panel())] {
            let ids: BTreeSet<String> = known(json).into_keys().collect();
            assert_eq!(used(folder), ids, "{folder}");
        }
        let all: BTreeSet<&str> = SCRIPT_MESSAGES.iter().map(|(id, _)| *id).collect();
        assert_eq!(all.len(), SCRIPT_MESSAGES.len());
        assert_eq!(all.len(), used("overlays").len() + used("viewer").len());
    }

    #[test]
    fn no_text_ends_the_script_element() {
        assert!(!overlays().contains('<') && !panel().contains('<'));
        assert!(panel().contains("\"panel-copy\":\"Copy\""), "{}", panel());
    }
}
