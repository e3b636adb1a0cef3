//! Filters for templates. A module that derives `Template` imports this one, and its templates use them.

#![expect(missing_docs, reason = "the attribute drops the comments of the filters below")]

use std::fmt::Display;

use askama::filters::HtmlSafeOutput;
use askama::{Template, Values};
use ownchatbot_texts::ScriptTexts;

/// Embeds a template in another: `{{ card|embed }}`. The inner template has escaped its own values, so the
/// outer one does not escape them again. Text cannot be embedded, only what derives `Template`, so nothing
/// can pass here unescaped.
///
/// # Errors
/// None of its own; the inner template's, when it is rendered.
#[askama::filter_fn]
pub fn embed<T: Template + Display>(inner: T, _: &dyn Values) -> askama::Result<HtmlSafeOutput<T>> {
    Ok(HtmlSafeOutput(inner))
}

/// Writes the texts of scripts into a data block: `{{ messages|data_block }}`. In a script element nothing is
/// unescaped, so they are written as they are; they contain no `<`.
///
/// # Errors
/// None.
#[askama::filter_fn]
pub fn data_block<'a>(
    texts: &'a ScriptTexts,
    _: &dyn Values,
) -> askama::Result<HtmlSafeOutput<&'a ScriptTexts>> {
    Ok(HtmlSafeOutput(texts))
}
