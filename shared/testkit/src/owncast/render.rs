//! How a line looks. An approximation that is always safe: the page shows it as text, never as HTML.

/// The text that a line in chat markup shows: backslash escapes and HTML entities are resolved, everything else
/// stays as it was written.
pub(super) fn shown(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['\\', '&']) {
        let (before, mark) = rest.split_at(at);
        out.push_str(before);
        let (meant, used) = if let Some(next) = mark.strip_prefix('\\') {
            match next.chars().next() {
                Some(c) if c.is_ascii_punctuation() => (c, 2),
                _ => ('\\', 1),
            }
        } else {
            entity(mark).unwrap_or(('&', 1))
        };
        out.push(meant);
        rest = &mark[used..];
    }
    out.push_str(rest);
    out
}

/// The character that an entity at the start of `text` stands for, and the entity's length in bytes.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let meant = match name {
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
    Some((meant, end + 1))
}

/// Text as HTML, the way Owncast's sanitiser leaves a line without markup.
pub(super) fn html(text: &str) -> String {
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
}
