//! Owncast's `user` object, as in webhooks, the chat history and the list of clients.

use std::borrow::Cow;

use ownchatbot_domain::{BadId, Person, ViewerId};
use serde::Deserialize;

use crate::text::{NAME_CHARS, clean};
use crate::tolerant::{Texts, Tolerant, known, object};

/// The most former names that are kept, the newest ones.
const MAX_FORMER_NAMES: usize = 50;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User<'a> {
    #[serde(borrow)]
    id: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    display_name: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    previous_names: Option<Tolerant<Texts<'a>>>,
    #[serde(borrow)]
    disabled_at: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    scopes: Option<Tolerant<Texts<'a>>>,
    is_bot: Option<Tolerant<bool>>,
    authenticated: Option<Tolerant<bool>>,
}

object!(User);

impl User<'_> {
    /// The person that it describes. The id replaces a missing or empty name.
    pub(crate) fn person(self) -> Result<Person, BadId> {
        let id = ViewerId::new(known(self.id).unwrap_or_default())?;
        let name = clean(&known(self.display_name).unwrap_or_default(), NAME_CHARS);
        let name = if name.is_empty() { clean(id.as_str(), NAME_CHARS) } else { name };
        let former_names = former_names(&known(self.previous_names).unwrap_or_default(), &name);
        let scopes = known(self.scopes).unwrap_or_default();
        Ok(Person {
            authenticated: known(self.authenticated).unwrap_or(false),
            moderator: scopes.0.iter().any(|scope| scope.trim() == "MODERATOR"),
            bot: known(self.is_bot).unwrap_or(false),
            banned: known(self.disabled_at).is_some_and(|at| is_set(&at)),
            former_names,
            name,
            id,
        })
    }
}

/// Whether a time is set: Go writes the year 1 for none.
fn is_set(at: &str) -> bool {
    let at = at.trim();
    !at.is_empty() && !at.starts_with("0001-")
}

/// The former names, without `present`. Owncast lists every name ever used, the first and often the present
/// one included.
fn former_names(names: &Texts<'_>, present: &str) -> Vec<String> {
    let mut former: Vec<String> = Vec::new();
    for name in names.0.iter().map(|name| clean(name, NAME_CHARS)) {
        if !name.is_empty() && name != present && !former.contains(&name) {
            former.push(name);
        }
        // Bounds the number of comparisons above, for a list of any length.
        if former.len() > 2 * MAX_FORMER_NAMES {
            former.drain(..MAX_FORMER_NAMES);
        }
    }
    former.drain(..former.len().saturating_sub(MAX_FORMER_NAMES));
    former
}
