//! The placeholders that a streamer's own line may contain. They are filled in where a line is put into words.

/// The placeholders, each with a description of its value.
pub const NAMES: [(&str, &str); 7] = [
    ("prefix", "what commands begin with"),
    ("points", "what points are called"),
    ("earn", "what watching brings, and how often"),
    ("title", "the stream's title"),
    ("uptime", "how long the stream has been live"),
    ("goal", "the next goal and its progress"),
    ("name", "the viewer whom the bot answers"),
];

/// All placeholders with their braces, for error messages.
#[must_use]
pub fn names() -> String {
    NAMES.map(|(name, _)| format!("{{{name}}}")).join(", ")
}

/// The first placeholder of `line` that does not exist. Braces around anything but a lower-case word are
/// plain text.
#[must_use]
pub fn unknown(line: &str) -> Option<&str> {
    words(line).find(|word| NAMES.iter().all(|(name, _)| name != word))
}

/// Whether `line` contains the placeholder `name`.
#[must_use]
pub fn holds(line: &str, name: &str) -> bool {
    words(line).any(|word| word == name)
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split('{').skip(1).filter_map(|rest| {
        let (word, _) = rest.split_once('}')?;
        (!word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')).then_some(word)
    })
}
