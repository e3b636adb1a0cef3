//! Text from outside: names made safe to show, times, and what was typed out of what a client sent.

use std::borrow::Cow;

use ownchatbot_domain::Timestamp;

/// The longest name kept, in characters. Owncast allows 30.
pub(crate) const NAME_CHARS: usize = 60;
/// The longest stream title kept, in characters.
pub(crate) const TITLE_CHARS: usize = 300;
/// The longest tag looked for in typed text, in bytes: enough for an emoji's, and it bounds the search.
const TAG_BYTES: usize = 1024;

/// `text` in one line of at most `chars` characters, without control characters and without those that turn the
/// direction of the text around them.
pub(crate) fn clean(text: &str, chars: usize) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    kept.trim().chars().take(chars).collect::<String>().trim_end().to_owned()
}

fn turns(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// A moment as Owncast writes it (RFC 3339). None for what cannot be read and for Go's zero time, the year 1.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let ms = text.trim().parse::<jiff::Timestamp>().ok()?.as_millisecond();
    (ms >= 0).then(|| Timestamp::from_ms(ms))
}

/// What was typed: older clients send a custom emoji as its `<img … alt=":name:" …>`, which becomes `:name:`.
/// Every other `<` is somebody's text.
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

/// The text of rendered HTML, for a message that comes without what was typed.
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

/// The emoji's `:name:` and what follows, when `text` begins with its tag.
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

/// The index just after the `>` that closes the tag `text` begins with, quotes respected.
fn tag_end(text: &str) -> Option<usize> {
    let starts_like_one = text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    if !starts_like_one {
        return None;
    }
    let mut quote = None;
    for (i, byte) in text.bytes().enumerate().take(TAG_BYTES) {
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
        // Attributes without a value stand before the key; only the last word is the key.
        if key.split_ascii_whitespace().next_back().is_some_and(|key| key.eq_ignore_ascii_case(name)) {
            return Some(value);
        }
        rest = after;
    }
}

/// `text` with the entities that Owncast's sanitiser writes put back.
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
        // Last in meaning, but each place is read once, so no order can read twice.
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
    fn names_are_one_plain_line() {
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
    fn moments() {
        assert_eq!(moment("1970-01-01T00:01:12.000000006Z"), Some(Timestamp::from_ms(72_000)));
        assert_eq!(moment("2026-09-10T20:00:00+02:00"), Some(Timestamp::from_ms(1_789_063_200_000)));
        for text in ["", "0001-01-01T00:00:00Z", "yesterday", "2026-09-10", "99999-01-01T00:00:00Z"] {
            assert_eq!(moment(text), None, "{text}");
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
    fn rendered_messages_give_their_text() {
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
    fn endless_open_tags_are_read_in_good_time() {
        assert_eq!(typed(&"<img alt='".repeat(20_000)).len(), 200_000);
    }
}
