//! The rendering of chat messages. It approximates Owncast's Markdown and is always safe: the page shows text
//! and links, never HTML.

use reqwest::Url;
use serde::Serialize;

/// A piece of a message: text, or a link.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Part {
    /// The visible text.
    pub(crate) text: String,
    /// The http or https URL, if it is a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) href: Option<String>,
}

impl Part {
    /// Text without a link.
    pub(crate) fn plain(text: String) -> Self {
        Self { text, href: None }
    }
}

/// The visible text of a message in chat markup: backslash escapes and HTML entities are resolved, everything
/// else stays as it was written.
pub(crate) fn shown(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['\\', '&']) {
        let (before, mark) = rest.split_at(at);
        out.push_str(before);
        let (resolved, used) = if let Some(next) = mark.strip_prefix('\\') {
            match next.chars().next() {
                Some(c) if c.is_ascii_punctuation() => (c, 2),
                _ => ('\\', 1),
            }
        } else {
            entity(mark).unwrap_or(('&', 1))
        };
        out.push(resolved);
        rest = &mark[used..];
    }
    out.push_str(rest);
    out
}

/// Splits a message in chat markup into text and links. Of Markdown, only `[text](url)` with an http or https
/// URL is supported; everything else stays text.
pub(crate) fn parts(raw: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut begun, mut at) = (0, 0);
    while let Some(found) = unescaped(&raw[at..], '[') {
        let start = at + found;
        // After an exclamation mark it would be an image.
        let image = raw[..start].ends_with('!') && !raw[..start].ends_with(r"\!");
        let Some((link, length)) = link(&raw[start..]).filter(|_| !image) else {
            at = start + 1;
            continue;
        };
        if begun < start {
            parts.push(Part::plain(shown(&raw[begun..start])));
        }
        parts.push(link);
        at = start + length;
        begun = at;
    }
    if begun < raw.len() {
        parts.push(Part::plain(shown(&raw[begun..])));
    }
    parts
}

/// The link at the start of `text`, and its length in bytes.
fn link(text: &str) -> Option<(Part, usize)> {
    let inside = text.strip_prefix('[')?;
    let (label, rest) = inside.split_at(unescaped(inside, ']')?);
    let url = rest.strip_prefix("](")?;
    let (url, _) = url.split_at(unescaped(url, ')')?);
    let length = "[](".len() + label.len() + url.len() + ")".len();
    if label.trim().is_empty() || unescaped(label, '[').is_some() || unescaped(url, '(').is_some() {
        return None;
    }
    let url = shown(url);
    if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let url = Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some((Part { text: shown(label), href: Some(url.into()) }, length))
}

/// The byte position of the first `wanted`, an ASCII character, that is not escaped by a backslash.
fn unescaped(text: &str, wanted: char) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        if !escaped && c == wanted {
            return Some(at);
        }
        escaped = !escaped && c == '\\';
        None
    })
}

/// The character that an entity at the start of `text` stands for, and the entity's length in bytes.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
    };
    Some((character, end + 1))
}

/// Text as HTML, the way Owncast's sanitiser leaves a line without markup.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 7);
    out.push_str("<p>");
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out.push_str("</p>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_resolved_once() {
        for (raw, text) in [
            (r"a\_b\*c", "a_b*c"),
            (r"\<b\> &lt;i&gt; &amp;lt;", "<b> <i> &lt;"),
            (r"\&amp; &#39;&#x2F;", "&amp; '/"),
            (r"tail\", r"tail\"),
            (r"\é &eacute; & &;", r"\é &eacute; & &;"),
            ("&#0;&#x110000;", "&#0;&#x110000;"),
        ] {
            assert_eq!(shown(raw), text, "{raw}");
        }
        assert_eq!(html("<3 & 'x'"), "<p>&lt;3 &amp; &#39;x&#39;</p>");
    }

    #[test]
    fn only_complete_http_links_are_links() {
        let shown = |raw| {
            let one = |part: &Part| match &part.href {
                Some(href) => format!("<{}|{href}>", part.text),
                None => part.text.clone(),
            };
            parts(raw).iter().map(one).collect::<Vec<_>>().join("+")
        };
        for (raw, expected) in [
            ("", ""),
            ("no link", "no link"),
            ("[Open](https://bot.example/p/t0)", "<Open|https://bot.example/p/t0>"),
            (
                "a [b](http://x) c [d](HTTPS://Y/?q=1&amp;r=2)!",
                "a +<b|http://x/>+ c +<d|https://y/?q=1&r=2>+!",
            ),
            (r"[a\_\] \[b](http://x/a\_b\(c\))", "<a_] [b|http://x/a_b(c)>"),
            ("[[a](http://x)", "[+<a|http://x/>"),
            (r"\\[a](http://x)", r"\+<a|http://x/>"),
            ("[a](http://x/\"'<)", "<a|http://x/%22'%3C>"),
            // The bot escapes what viewers wrote.
            (r"\[a\]\(http://x\)", "[a](http://x)"),
            (r"\[a](http://x)", "[a](http://x)"),
            (r"[a]\(http://x)", "[a](http://x)"),
            ("![a](http://x)", "![a](http://x)"),
            ("[](http://x)", "[](http://x)"),
            ("[a]()", "[a]()"),
            ("[a](javascript:alert)", "[a](javascript:alert)"),
            ("[a](data:text/html,x)", "[a](data:text/html,x)"),
            ("[a](/local)", "[a](/local)"),
            ("[a](//x.example)", "[a](//x.example)"),
            ("[a](http://)", "[a](http://)"),
            ("[a](http://x \"title\")", "[a](http://x \"title\")"),
            ("[a] (http://x)", "[a] (http://x)"),
            ("[a](http://x", "[a](http://x"),
            ("ü[ü](http://x/ü)ü", "ü+<ü|http://x/%C3%BC>+ü"),
            ("[[[[](](](", "[[[[](](]("),
        ] {
            assert_eq!(shown(raw), expected, "{raw}");
        }
    }
}
