//! The texts of a page.

use std::fmt;
use std::sync::Arc;

use ownchatbot_domain::message::Arg;
use ownchatbot_domain::settings::PointsName;
use ownchatbot_domain::{Message, Span};

use crate::Language;
use crate::bundle::Bundle;

/// The texts of a page's scripts as JSON without `<`, so that it can be written into a script element as it
/// is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptTexts(String);

impl fmt::Display for ScriptTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The texts of one surface in one language, with the streamer's word for points. All of them are plain text.
#[derive(Debug, Clone)]
pub struct Words {
    pub(crate) bundle: &'static Bundle,
    pub(crate) language: Language,
    pub(crate) points: Arc<PointsName>,
}

impl Words {
    /// The text `id`, which has no values.
    #[must_use]
    pub fn get(&self, id: &str) -> String {
        self.with(id, [])
    }

    /// The text `id` with its values.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers make the values for this call")]
    pub fn with<const N: usize>(&self, id: &str, args: [(&'static str, Arg); N]) -> String {
        self.bundle.text(id, &args, &self.points)
    }

    /// `message` in words.
    #[must_use]
    pub fn message(&self, message: &Message) -> String {
        self.bundle.message(message, &self.points)
    }

    /// A duration in whole words: `1 hour 30 minutes`.
    #[must_use]
    pub fn length(&self, span: Span) -> String {
        self.with("length", [("time", Arg::Long(span))])
    }

    /// The texts that the scripts of the page write, as JSON for a data block: text by id. They are those
    /// whose id begins with `script-`, under the rest of their ids; a variable stays as `{name}`, which the
    /// script fills in.
    #[must_use]
    pub fn scripts(&self) -> ScriptTexts {
        ScriptTexts(self.bundle.scripts(&self.points))
    }

    /// The tag of the language, for the attribute `lang` of the page (BCP 47).
    #[must_use]
    pub const fn lang(&self) -> &'static str {
        self.language.tag()
    }
}
