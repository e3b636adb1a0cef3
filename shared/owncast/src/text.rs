//! Text from outside: cleaning names for display, parsing times, and recovering the typed text of a message.

use std::borrow::Cow;

use ownchatbot_domain::Timestamp;

/// The longest name that is kept, in characters. Owncast allows 30.
pub(crate) const NAME_CHARS: usize = 60;
/// The longest stream title that is kept, in characters.
pub(crate) const TITLE_CHARS: usize = 300;
/// The longest HTML tag that is recognized, in bytes: enough for an emoji's. It bounds the search.
const MAX_TAG_BYTES: usize = 1024;

/// `text` trimmed to one line of at most `chars` characters, without control characters and without those
/// that change the direction of text (bidi controls).
pub(crate) fn clean(text: &str, chars: usize) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control() && !is_bidi_control(*c)).collect();
    kept.trim().chars().take(chars).collect::<String>().trim_end().to_owned()
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Parses a time as Owncast writes it (RFC 3339). `None` for an invalid one and for Go's zero time, the year
/// 1.
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    let ms = text.trim().parse::<jiff::Timestamp>().ok()?.as_millisecond();
    (ms >= 0).then(|| Timestamp::from_ms(ms))
}

/// The typed text of a raw body. Older clients send a custom emoji as `<img … alt=":name:" …>`, which becomes
/// `:name:`; every other `<` is part of the text.
pub(crate) fn typed(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        rest = match emoji(tag) {
            Some((name, after)) => {
                out.push_str(&name);
                after
            }
            None => {
                out.push('<');
                &tag[1..]
            }
        };
    }
    out.push_str(rest);
    out
}

/// The text of a rendered message without its HTML, for a message that comes without the typed text.
pub(crate) fn stripped(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        if let Some((name, after)) = emoji(tag) {
            out.push_str(&name);
            rest = after;
        } else if let Some(end) = tag_end(tag) {
            if tag.starts_with("<br") {
                out.push(' ');
            }
            rest = &tag[end..];
        } else {
            out.push('<');
            rest = &tag[1..];
        }
    }
    out.push_str(rest);
    unescaped(&out).trim().to_owned()
}

/// The `:name:` of the emoji whose tag `text` begins with, and the text after the tag; `None` for other text.
fn emoji(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let inside = text.get(..4).filter(|tag| tag.eq_ignore_ascii_case("<img"))?.len();
    if !text[inside..].starts_with(|c: char| c.is_ascii_whitespace()) {
        return None;
    }
    let end = tag_end(text)?;
    let name = attribute(&text[inside..end - 1], "alt")?;
    let word = name.strip_prefix(':')?.strip_suffix(':')?;
    let plain = !word.is_empty()
        && !word.contains(|c: char| c.is_whitespace() || c.is_control() || "<>:".contains(c));
    plain.then(|| (unescaped(name), &text[end..]))
}

/// The index just after the `>` that closes the tag at the start of `text`. A `>` in quotes does not count.
fn tag_end(text: &str) -> Option<usize> {
    let is_tag = text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    if !is_tag {
        return None;
    }
    let mut quote = None;
    for (i, byte) in text.bytes().enumerate().take(MAX_TAG_BYTES) {
        match (quote, byte) {
            (None, b'>') => return Some(i + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// The value of the quoted attribute `name` among `attributes`.
fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        // Attributes without a value may precede the key; only the last word is the key.
        if key.split_ascii_whitespace().next_back().is_some_and(|key| key.eq_ignore_ascii_case(name)) {
            return Some(value);
        }
        rest = after;
    }
}

/// `text` with the HTML entities that Owncast's sanitiser writes replaced by their characters.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    const ENTITIES: [(&str, &str); 7] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        // Its position does not matter: the loop below reads each place once, so nothing is unescaped twice.
        ("&amp;", "&"),
    ];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        let (before, entity) = rest.split_at(start);
        out.push_str(before);
        let (written, meant) =
            ENTITIES.into_iter().find(|(written, _)| entity.starts_with(written)).unwrap_or(("&", "&"));
        out.push_str(meant);
        rest = &entity[written.len()..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_gives_one_plain_line() {
        for (given, kept) in [
            ("  Ann ", "Ann"),
            ("A\u{202E}nn\u{2066}", "Ann"),
            ("A\nn\tn\0", "Ann"),
            ("\u{200F}\u{FEFF} ", ""),
            ("👩‍🚀 Cleo", "👩‍🚀 Cleo"),
        ] {
            assert_eq!(clean(given, NAME_CHARS), kept, "{given:?}");
        }
        assert_eq!(clean(&"ä".repeat(99), NAME_CHARS).chars().count(), NAME_CHARS);
        assert_eq!(clean("ab  cd", 4), "ab");
    }

    #[test]
    fn timestamps_are_rfc_3339_after_1970() {
        assert_eq!(timestamp("1970-01-01T00:01:12.000000006Z"), Some(Timestamp::from_ms(72_000)));
        assert_eq!(timestamp("2026-09-10T20:00:00+02:00"), Some(Timestamp::from_ms(1_789_063_200_000)));
        for text in ["", "0001-01-01T00:00:00Z", "yesterday", "2026-09-10", "99999-01-01T00:00:00Z"] {
            assert_eq!(timestamp(text), None, "{text}");
        }
    }

    #[test]
    fn emoji_tags_become_names_and_other_text_stays() {
        let tag = r#"<img src="/img/emoji/x.gif" class="emoji" alt=":beerparrot:" title=":beerparrot:">"#;
        for (given, expected) in [
            (tag, ":beerparrot:"),
            (&format!("!song {tag} <3 {tag}"), "!song :beerparrot: <3 :beerparrot:"),
            (r#"<IMG alt=':a>b:' />"#, r#"<IMG alt=':a>b:' />"#),
            (r#"<img alt=':ab:' />!"#, ":ab:!"),
            (r#"<img hidden alt=":ab:">"#, ":ab:"),
            ("<3", "<3"),
            ("a < b > c", "a < b > c"),
            ("<", "<"),
            ("<img", "<img"),
            ("<img ", "<img "),
            ("<imgé", "<imgé"),
            ("<imé alt=':a:'>", "<imé alt=':a:'>"),
            (r#"<img alt="no colons">"#, r#"<img alt="no colons">"#),
            ("<img alt=:a:>", "<img alt=:a:>"),
            ("<script>1</script>", "<script>1</script>"),
            ("&lt;b&gt; &amp;", "&lt;b&gt; &amp;"),
            ("::", "::"),
        ] {
            assert_eq!(typed(given), expected, "{given}");
        }
    }

    #[test]
    fn stripped_gives_the_text_of_html() {
        for (given, expected) in [
            ("<p>test</p>", "test"),
            ("<p>!song <strong>never</strong> gonna</p>\n", "!song never gonna"),
            ("<p>a &lt;3 &amp;lt; &#39;b&#39;<br>c</p>", "a <3 &lt; 'b' c"),
            (r#"<p><a href="https://a.example/?x=1&amp;y">link</a></p>"#, "link"),
            (r#"<p>hi <img class="emoji" alt=":x:"></p>"#, "hi :x:"),
            ("1 < 2", "1 < 2"),
            ("<p>cut <a href=", "cut <a href="),
            ("&", "&"),
        ] {
            assert_eq!(stripped(given), expected, "{given}");
        }
    }

    #[test]
    fn many_open_tags_are_read_in_linear_time() {
        assert_eq!(typed(&"<img alt='".repeat(20_000)).len(), 200_000);
    }
}
