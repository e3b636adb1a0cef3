//! What is wrong with the fields of a form.

use std::fmt::Display;

/// The sentences beside the wrong fields of a form, in the order in which they were found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FormErrors(Vec<(&'static str, String)>);

impl FormErrors {
    /// Puts `sentence` beside the field `name`. A field keeps its first sentence.
    pub fn add(&mut self, name: &'static str, sentence: impl Into<String>) {
        if self.of(name).is_none() {
            self.0.push((name, sentence.into()));
        }
    }

    /// The value of the field `name`, or `None` and the error as the sentence beside it. Collect all values
    /// first, and return the errors if one is `None`.
    pub fn check<T, E: Display>(&mut self, name: &'static str, value: Result<T, E>) -> Option<T> {
        value.map_err(|error| self.add(name, error.to_string())).ok()
    }

    /// The sentence beside the field `name`; `None` when the field is right.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| *field == name).map(|(_, sentence)| sentence.as_str())
    }

    /// Whether all fields are right.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The only error of a form.
    #[must_use]
    pub fn one(name: &'static str, sentence: impl Into<String>) -> Self {
        Self(vec![(name, sentence.into())])
    }
}

/// A text field as a form shows it: its value, and the sentence beside it when it was refused. Templates draw
/// it with the macros in `parts/form.html`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextField {
    /// What distinguishes it in the page: the id of its sentence is this and `-error`.
    pub id: String,
    /// The name under which it is sent.
    pub name: &'static str,
    /// What it contains.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

impl TextField {
    /// A field that contains `value`. Its id is its name.
    #[must_use]
    pub fn new(name: &'static str, value: impl Into<String>) -> Self {
        Self { id: name.to_owned(), name, value: value.into(), error: None }
    }

    /// The same with another id, for pages with several fields of this name.
    #[must_use]
    pub fn with_id(self, id: String) -> Self {
        Self { id, ..self }
    }

    /// A field with what was `typed`, and its sentence in `errors`.
    #[must_use]
    pub fn refused(name: &'static str, typed: impl Into<String>, errors: &FormErrors) -> Self {
        Self { error: errors.of(name).map(str::to_owned), ..Self::new(name, typed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_errors_are_collected_and_each_field_keeps_its_first() {
        let mut errors = FormErrors::default();
        assert_eq!(errors.check("price", "12".parse::<u8>()), Some(12));
        assert!(errors.is_empty());
        assert_eq!(errors.check("stock", "x".parse::<u8>()), None);
        errors.add("name", "Type a name.");
        errors.add("name", "Another sentence.");
        assert_eq!((errors.of("name"), errors.of("price")), (Some("Type a name."), None));
        assert_eq!(errors.of("stock"), Some("invalid digit found in string"));
        let field = TextField::refused("stock", "x", &errors);
        assert_eq!((field.value.as_str(), field.error.is_some()), ("x", true));
        assert_eq!(TextField::refused("price", "12", &errors), TextField::new("price", "12"));
        assert_eq!(FormErrors::one("a", "b").of("a"), Some("b"));
    }
}
