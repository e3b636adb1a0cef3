#![doc = include_str!("../README.md")]

mod bundle;
mod fill;
mod markup;
mod pseudo;
mod values;

use std::sync::LazyLock;

use ownchatbot_domain::Message;
use ownchatbot_domain::message::Arg;
use ownchatbot_domain::settings::PointsName;

use bundle::Bundle;
pub use fill::Values;

/// A language of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// English with every text lengthened and bracketed, to find sentences and layouts that cannot be
    /// translated.
    Pseudo,
}

impl Language {
    /// Its tag for the attribute `lang` of a page, by BCP 47.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Pseudo => "en-x-pseudo",
        }
    }
}

/// The texts of one language.
#[derive(Debug)]
pub struct Texts {
    language: Language,
    chat: Bundle,
    panel: Bundle,
    overlays: Bundle,
}

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| Texts::load(Language::English));
static PSEUDO: LazyLock<Texts> = LazyLock::new(|| Texts::load(Language::Pseudo));

impl Texts {
    /// The texts of `language`, which are parsed once in a process.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Pseudo => &PSEUDO,
        }
    }

    fn load(language: Language) -> Self {
        Self {
            language,
            chat: Bundle::chat(language, include_str!("../en/chat.ftl")),
            panel: Bundle::page(language, include_str!("../en/panel.ftl")),
            overlays: Bundle::page(language, include_str!("../en/overlays.ftl")),
        }
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// `message` as a line for chat, in chat markup.
    #[must_use]
    pub fn chat(&self, message: &Message, points: &PointsName) -> String {
        markup::escape_line_start(self.chat.message(message, points))
    }

    /// `message` as a sentence of the viewer panel, in plain text.
    #[must_use]
    pub fn panel(&self, message: &Message, points: &PointsName) -> String {
        self.panel.message(message, points)
    }

    /// The text `id` of the viewer panel, with `args`.
    #[must_use]
    pub fn panel_text(&self, id: &str, args: &[(&'static str, Arg)], points: &PointsName) -> String {
        self.panel.text(id, args, points)
    }

    /// The text `id` of the overlays, with `args`.
    #[must_use]
    pub fn overlay_text(&self, id: &str, args: &[(&'static str, Arg)], points: &PointsName) -> String {
        self.overlays.text(id, args, points)
    }

    /// The texts of the panel's scripts, as JSON for a data block in its page: text by id. See
    /// [`Self::overlay_scripts`].
    #[must_use]
    pub fn panel_scripts(&self, points: &PointsName) -> String {
        self.panel.scripts(points)
    }

    /// The texts of the overlays' scripts, as JSON for a data block in their pages: text by id. The texts are
    /// those whose id begins with `script-`, under the rest of their ids; a variable stays as `{name}`, which
    /// the script fills in.
    #[must_use]
    pub fn overlay_scripts(&self, points: &PointsName) -> String {
        self.overlays.scripts(points)
    }
}

#[cfg(test)]
mod tests;
