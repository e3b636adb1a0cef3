//! The pseudo-language.

/// `text` with accents on its vowels, each of which is there twice: about a third longer, as a translation
/// may be, and still readable.
pub(crate) fn lengthened(text: &str) -> String {
    let mut longer = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        let accented = match c {
            'a' => "àà",
            'e' => "éé",
            'i' => "îî",
            'o' => "öö",
            'u' => "üü",
            'A' => "ÀÀ",
            'E' => "ÉÉ",
            'I' => "ÎÎ",
            'O' => "ÖÖ",
            'U' => "ÜÜ",
            _ => {
                longer.push(c);
                continue;
            }
        };
        longer.push_str(accented);
    }
    longer
}
