#![doc = include_str!("../README.md")]

mod bundle;
mod fill;
mod markup;
mod pseudo;
mod values;
mod words;

use std::sync::{Arc, LazyLock};

use ownchatbot_domain::Message;
use ownchatbot_domain::settings::PointsName;

use bundle::Bundle;
pub use fill::Values;
pub use values::grouped;
pub use words::{ScriptTexts, Words};

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

    /// The texts of the viewer panel, with the streamer's word for points.
    #[must_use]
    pub fn panel_words(&'static self, points: &PointsName) -> Words {
        Words { bundle: &self.panel, language: self.language, points: Arc::new(points.clone()) }
    }

    /// The texts of the overlays, with the streamer's word for points.
    #[must_use]
    pub fn overlay_words(&'static self, points: &PointsName) -> Words {
        Words { bundle: &self.overlays, language: self.language, points: Arc::new(points.clone()) }
    }
}

#[cfg(test)]
mod tests;
