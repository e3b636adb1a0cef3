//! Text that somebody typed.

/// Whether `c` is a control character, a line separator, or a mark that changes the direction of text.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Cleans text that a viewer typed: one line, with each run of whitespace and invisible characters replaced
/// by one space.
#[must_use]
pub fn clean(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || is_invisible(c)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaned_text_is_one_visible_line() {
        assert_eq!(clean(" a\n\tb\u{202e}c\u{0}  d "), "a b c d");
        assert_eq!(clean("👩‍👩‍👧‍👦 ok"), "👩‍👩‍👧‍👦 ok");
    }
}
