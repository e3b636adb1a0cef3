//! The messages of one surface, and how their values are written there.

use std::borrow::Cow;
use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use ownchatbot_domain::Message;
use ownchatbot_domain::message::Arg;
use ownchatbot_domain::settings::PointsName;
use unic_langid::LanguageIdentifier;

use crate::values::{self, WriteText, grouped};
use crate::{Language, markup, pseudo};

const COMMON: &str = include_str!("../en/common.ftl");
/// What begins the ids of texts that a page's scripts show.
const SCRIPT: &str = "script-";
/// The variable that every text has: the streamer's word for points, in the plural.
const POINTS_WORD: &str = "points-word";
/// The same for one of them.
const POINT_WORD: &str = "point-word";

/// The messages of one surface.
pub(crate) struct Bundle {
    messages: FluentBundle<FluentResource>,
    /// The ids of the texts for scripts, without [`SCRIPT`], and the names of their variables.
    scripts: Vec<(String, Vec<String>)>,
    /// How a text from outside is written.
    write: fn(&str) -> String,
    brackets: bool,
}

/// A text that could not be written as it is meant, with what is shown all the same.
#[derive(Debug)]
struct Mistake {
    text: String,
    why: String,
}

impl fmt::Debug for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bundle").field("scripts", &self.scripts.len()).finish_non_exhaustive()
    }
}

impl Bundle {
    /// The messages of `source` in chat markup. Owncast renders messages of bots as Markdown and HTML and does
    /// not sanitize system messages, so every value is escaped for both. The texts themselves may contain
    /// Markdown, but no HTML tags.
    pub(crate) fn chat(language: Language, source: &str) -> Self {
        let transform: fn(&str) -> Cow<'_, str> = match language {
            Language::English => |text| Cow::Owned(text.replace('<', "&lt;")),
            Language::Pseudo => |text| Cow::Owned(pseudo::lengthened(text).replace('<', "&lt;")),
        };
        Self::new(language, source, transform, markup::escape)
    }

    /// The messages of `source` as plain text, which the page escapes.
    pub(crate) fn page(language: Language, source: &str) -> Self {
        let transform: fn(&str) -> Cow<'_, str> = match language {
            Language::English => |text| Cow::Borrowed(text),
            Language::Pseudo => |text| Cow::Owned(pseudo::lengthened(text)),
        };
        Self::new(language, source, transform, markup::isolate)
    }

    fn new(
        language: Language,
        source: &str,
        transform: fn(&str) -> Cow<'_, str>,
        write: fn(&str) -> String,
    ) -> Self {
        let rules: LanguageIdentifier = "en".parse().unwrap_or_default();
        let mut messages = FluentBundle::new_concurrent(vec![rules]);
        // Marks for the direction of text would be visible in some chat clients.
        messages.set_use_isolating(false);
        messages.set_transform(Some(transform));
        // Fluent does not group digits.
        messages.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(grouped(number.into())),
            _ => None,
        }));
        for text in [COMMON, source] {
            // The files are part of the program, and tests parse them; a mistake in one message leaves the
            // others usable.
            let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(partly, errors)| {
                tracing::error!(?errors, "a file of texts has mistakes");
                partly
            });
            if let Err(errors) = messages.add_resource(resource) {
                tracing::error!(?errors, "a text is there twice");
            }
        }
        let scripts = script_texts(source);
        Self { messages, scripts, write, brackets: language == Language::Pseudo }
    }

    /// `message` in words.
    pub(crate) fn message(&self, message: &Message, points: &PointsName) -> String {
        self.text(message.id, &message.args, points)
    }

    /// The text `id` with `args`.
    pub(crate) fn text(&self, id: &str, args: &[(&'static str, Arg)], points: &PointsName) -> String {
        let text = self.part(id, &self.values(args, points));
        // A line of the streamer's own is only a value, with nothing to translate.
        if id == "own_line" { text } else { self.bracketed(text) }
    }

    /// The texts for scripts as JSON, by id, which can be written into an HTML page as it is.
    pub(crate) fn scripts(&self, points: &PointsName) -> String {
        let text = |(id, variables): &(String, Vec<String>)| {
            let mut values = self.values(&[], points);
            for variable in
                variables.iter().filter(|variable| ![POINTS_WORD, POINT_WORD].contains(&variable.as_str()))
            {
                values.set(variable.clone(), format!("{{{variable}}}"));
            }
            let text = self.part(&format!("{SCRIPT}{id}"), &values);
            (id.clone(), serde_json::Value::from(self.bracketed(text)))
        };
        let texts: serde_json::Map<_, _> = self.scripts.iter().map(text).collect();
        serde_json::Value::from(texts).to_string().replace('<', "\\u003c")
    }

    /// A whole text, in brackets in the pseudo-language.
    fn bracketed(&self, text: String) -> String {
        if self.brackets { format!("[{text}]") } else { text }
    }

    /// The text `id` with values that are ready.
    pub(crate) fn part(&self, id: &str, values: &FluentArgs<'_>) -> String {
        match self.try_part(id, values) {
            Ok(text) => text,
            Err(Mistake { text, why }) => {
                tracing::error!(id, why, "could not write a text as it is meant");
                text
            }
        }
    }

    fn try_part(&self, id: &str, values: &FluentArgs<'_>) -> Result<String, Mistake> {
        let Some(pattern) = self.messages.get_message(id).and_then(|message| message.value()) else {
            return Err(Mistake { text: id.to_owned(), why: "there is no such text".to_owned() });
        };
        let mut errors = Vec::new();
        let text = self.messages.format_pattern(pattern, Some(values), &mut errors).into_owned();
        if errors.is_empty() { Ok(text) } else { Err(Mistake { text, why: format!("{errors:?}") }) }
    }

    /// The values as Fluent takes them, and the streamer's word for points.
    fn values<'a>(&self, args: &[(&'static str, Arg)], points: &'a PointsName) -> FluentArgs<'a> {
        let write: WriteText<'_> = &|id, values| self.part(id, values);
        let mut values = FluentArgs::with_capacity(args.len() * 3 + 2);
        values.set(POINTS_WORD, (self.write)(&points.other));
        values.set(POINT_WORD, (self.write)(&points.one));
        for (name, arg) in args {
            match arg {
                Arg::Text(text) => values.set(*name, (self.write)(text)),
                Arg::Markup(text) => values.set(*name, text.clone()),
                Arg::Number(number) => values.set(*name, *number),
                Arg::Points(amount) => {
                    let (number, word) = (amount.get(), self.word_for(amount.get(), points));
                    let mut both = FluentArgs::with_capacity(2);
                    both.set("number", number);
                    both.set("word", word.clone());
                    values.set(*name, self.part("points-amount", &both));
                    values.set(format!("{name}-number"), number);
                    values.set(format!("{name}-word"), word);
                }
                Arg::Countdown(span) => values.set(*name, span.to_string()),
                Arg::About(span) => values.set(*name, values::about(write, *span)),
                Arg::Every(span) => values.set(*name, values::every(write, *span)),
                Arg::Long(span) => values.set(*name, values::long(write, *span)),
                Arg::List(items) => {
                    let items = items.iter().map(|item| self.part(item.id, &self.values(&item.args, points)));
                    let items: Vec<String> = items.collect();
                    values.set(*name, items.join(&self.part("list-separator", &FluentArgs::new())));
                }
                Arg::Names(names, more) => {
                    let names: Vec<String> = names.iter().map(|name| (self.write)(name)).collect();
                    values.set(*name, values::together(write, &names, *more));
                }
            }
        }
        values
    }

    /// The streamer's word for points in the form that fits `number`.
    fn word_for(&self, number: i64, points: &PointsName) -> String {
        let mut forms = FluentArgs::with_capacity(3);
        forms.set("number", number);
        forms.set("one", (self.write)(&points.one));
        forms.set("other", (self.write)(&points.other));
        self.part("points-form", &forms)
    }
}

/// The ids of the texts for scripts in `source`, without [`SCRIPT`], with the names of their variables.
fn script_texts(source: &str) -> Vec<(String, Vec<String>)> {
    let of_line = |line: &str| {
        let (id, text) = line.strip_prefix(SCRIPT)?.split_once(" = ")?;
        let variables = text.split("{ $").skip(1).filter_map(|rest| rest.split_once(" }"));
        Some((id.to_owned(), variables.map(|(name, _)| name.to_owned()).collect()))
    };
    source.lines().filter_map(of_line).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ownchatbot_domain::Points;
    use ownchatbot_domain::message::{ALL, Declared, ShownIn};

    use super::*;

    const CHAT: &str = include_str!("../en/chat.ftl");
    const PANEL: &str = include_str!("../en/panel.ftl");
    const OVERLAYS: &str = include_str!("../en/overlays.ftl");

    fn ids(source: &str) -> BTreeSet<String> {
        let parsed = fluent_syntax::parser::parse(source).unwrap();
        let message = |entry: fluent_syntax::ast::Entry<&str>| match entry {
            fluent_syntax::ast::Entry::Message(message) => Some(message.id.name.to_owned()),
            _ => None,
        };
        parsed.body.into_iter().filter_map(message).collect()
    }

    fn declared(surface: ShownIn) -> impl Iterator<Item = &'static Declared> {
        ALL.iter().filter(move |message| message.shown_in == surface || message.shown_in == ShownIn::Both)
    }

    #[test]
    fn files_have_no_mistakes() {
        for source in [COMMON, CHAT, PANEL, OVERLAYS] {
            assert!(FluentResource::try_new(source.to_owned()).is_ok());
            let messages = source.lines().filter(|line| line.contains(" = ")).count();
            assert_eq!(ids(source).len(), messages, "an id is there twice");
        }
        for source in [CHAT, PANEL, OVERLAYS] {
            assert!(ids(COMMON).is_disjoint(&ids(source)), "a part of all surfaces is replaced");
        }
    }

    #[test]
    fn every_message_has_words_that_use_only_its_values() {
        let points = PointsName::new("points");
        let chat = Bundle::chat(Language::English, CHAT);
        let panel = Bundle::page(Language::English, PANEL);
        for (surface, bundle) in [(ShownIn::Chat, &chat), (ShownIn::Panel, &panel)] {
            for message in declared(surface) {
                // An amount of points fills every form of a variable.
                let two = || Arg::Points(Points::new(2).unwrap());
                let args: Vec<_> = message.args.iter().map(|name| (*name, two())).collect();
                let text = bundle.try_part(message.id, &bundle.values(&args, &points));
                assert!(text.is_ok(), "{surface:?} {}: {text:?}", message.id);
            }
        }
    }

    #[test]
    fn every_text_of_chat_belongs_to_a_message() {
        let known: BTreeSet<String> = declared(ShownIn::Chat).map(|message| message.id.to_owned()).collect();
        assert_eq!(ids(CHAT), known);
    }

    #[test]
    fn only_the_balance_contains_you_have() {
        // Programs that read the chat look for "<name>, you have <n> points".
        for line in CHAT.lines().filter(|line| line.contains("you have { ")) {
            assert!(line.starts_with("points = { $name }, you have { $balance }"), "{line}");
        }
    }

    #[test]
    fn scripts_get_their_texts_with_variables_to_fill_in() {
        let bundle = Bundle::page(
            Language::English,
            "script-a = Hi { $name }, \"<b>\"\nother = x\nscript-b = { $points-word }",
        );
        assert_eq!(
            bundle.scripts(&PointsName::new("coins")),
            r#"{"a":"Hi {name}, \"\u003cb>\"","b":"coins"}"#
        );
    }

    #[test]
    fn pseudo_language_marks_every_text() {
        let bundle = Bundle::page(Language::Pseudo, "a = Hello { $name }");
        let args = [("name", Arg::from("Ann"))];
        assert_eq!(bundle.text("a", &args, &PointsName::new("points")), "[Héllöö Ann]".replace('é', "éé"));
    }
}
