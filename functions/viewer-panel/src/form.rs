//! What forms and addresses of the page carry.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::http::HeaderMap;
use ownchatbot_app::SigningKey;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::sign_in::Visitor;
use ownchatbot_app::signing::Purpose;
use ownchatbot_domain::{EventId, Source};
use ownchatbot_web::{SessionId, same_origin};

use crate::Deps;
use crate::error::PanelError;
use crate::visit::Visit;

/// The longest one-time key: a nonce, and the longest id of a reward.
const LONGEST_KEY: usize = 200;

/// Fields by name, as a form or a query carries them. What comes twice counts as it comes last.
#[derive(Debug, Default)]
pub(crate) struct Fields(HashMap<String, String>);

impl Fields {
    /// Reads a form, or a query.
    pub(crate) fn read(encoded: impl AsRef<[u8]>) -> Self {
        let pairs = form_urlencoded::parse(encoded.as_ref()).into_owned();
        Self(pairs.collect())
    }

    /// What the field `name` holds; nothing when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// Somebody who is signed in and has sent a form of theirs.
#[derive(Debug)]
pub(crate) struct Sender {
    pub(crate) session: SessionId,
    pub(crate) visitor: Visitor,
    pub(crate) fields: Fields,
}

impl Sender {
    /// The event that sending the form is. Keys of one session mean nothing in another, so nobody can use up somebody
    /// else's.
    pub(crate) fn event(&self, key: &SigningKey) -> Result<EventId, PanelError> {
        let once = self.fields.text("key");
        if once.is_empty() || once.len() > LONGEST_KEY {
            return Err(PanelError::BadForm);
        }
        let hash = key.hash(Purpose::Click, &format!("{} {once}", self.session.as_str()));
        EventId::new(Source::Click, hash.to_string()).map_err(|_| PanelError::BadForm)
    }
}

impl<C: Clock> Deps<C> {
    /// Refuses what no page of ours has sent.
    pub(crate) async fn ours(&self, headers: &HeaderMap) -> Result<(), PanelError> {
        let config = self.context.config().await?;
        if same_origin::is_ours(headers, config.settings.public_url.as_deref()) {
            Ok(())
        } else {
            Err(PanelError::CrossOrigin)
        }
    }

    /// Who has sent the form in `body`.
    pub(crate) async fn sender(
        &self,
        headers: &HeaderMap,
        visit: Visit,
        body: &Bytes,
    ) -> Result<Sender, PanelError> {
        self.ours(headers).await?;
        let (Some(session), Some(visitor)) = (visit.session, visit.visitor) else {
            return Err(PanelError::SignedOut);
        };
        let fields = Fields::read(body);
        if !session.is_form_token(&self.key, fields.text("csrf")) {
            return Err(PanelError::BadForm);
        }
        Ok(Sender { session, visitor, fields })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_whatever_they_hold() {
        let fields = Fields::read("argument=Blue+Monday%21&key=a&key=b&odd&=x&bad=%FF%zz");
        assert_eq!(fields.text("argument"), "Blue Monday!");
        assert_eq!((fields.text("key"), fields.text("odd"), fields.text("none")), ("b", "", ""));
        assert!(!fields.text("bad").is_empty());
    }
}
