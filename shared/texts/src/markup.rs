//! Escaping for chat, and isolating for pages.

use ownchatbot_domain::text::is_invisible;

/// Escapes `text` for Owncast's Markdown and HTML. Line breaks and invisible characters become spaces.
pub(crate) fn escape(text: &str) -> String {
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

/// A value on a page. One with right-to-left letters is isolated, so that it does not turn the sentence
/// around it.
pub(crate) fn isolate(text: &str) -> String {
    let right_to_left = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    if text.chars().any(right_to_left) { format!("\u{2068}{text}\u{2069}") } else { text.to_owned() }
}
