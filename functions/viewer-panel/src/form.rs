//! The fields of forms and query strings, and the checks of a form that changes something.

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

/// The longest one-time key, in bytes: a nonce, and the longest id of a reward.
const MAX_KEY: usize = 200;

/// Fields by name. Of a field that comes twice, the last counts.
#[derive(Debug, Default)]
pub(crate) struct Fields(HashMap<String, String>);

impl Fields {
    /// Parses an URL-encoded form or query string.
    pub(crate) fn read(encoded: impl AsRef<[u8]>) -> Self {
        let pairs = form_urlencoded::parse(encoded.as_ref()).into_owned();
        Self(pairs.collect())
    }

    /// The value of the field `name`; empty when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// A signed-in viewer who has sent a form of their own session.
#[derive(Debug)]
pub(crate) struct Sender {
    pub(crate) session: SessionId,
    pub(crate) visitor: Visitor,
    pub(crate) fields: Fields,
}

impl Sender {
    /// The event id of the form, which is its idempotency key: a hash of the form's one-time key and the
    /// session, so that viewers cannot use up each other's keys.
    ///
    /// # Errors
    /// [`PanelError::BadForm`] when the form has no key, or one that is too long.
    pub(crate) fn event(&self, key: &SigningKey) -> Result<EventId, PanelError> {
        let once = self.fields.text("key");
        if once.is_empty() || once.len() > MAX_KEY {
            return Err(PanelError::BadForm);
        }
        let hash = key.hash(Purpose::Click, &format!("{} {once}", self.session.as_str()));
        EventId::new(Source::Click, hash.to_string()).map_err(|_| PanelError::BadForm)
    }
}

impl<C: Clock> Deps<C> {
    /// Refuses requests that do not come from a page of the bot.
    ///
    /// # Errors
    /// [`PanelError::CrossOrigin`] for such a request; [`PanelError::Failed`] when the configuration cannot
    /// be read.
    pub(crate) async fn check_origin(&self, headers: &HeaderMap) -> Result<(), PanelError> {
        let config = self.context.config().await?;
        if same_origin::is_ours(headers, config.settings.public_url.as_deref()) {
            Ok(())
        } else {
            Err(PanelError::CrossOrigin)
        }
    }

    /// The viewer who sent the form in `body`, with its fields.
    ///
    /// # Errors
    /// [`PanelError::CrossOrigin`], [`PanelError::SignedOut`], and [`PanelError::BadForm`] when the CSRF
    /// token is wrong.
    pub(crate) async fn sender(
        &self,
        headers: &HeaderMap,
        visit: Visit,
        body: &Bytes,
    ) -> Result<Sender, PanelError> {
        self.check_origin(headers).await?;
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
    fn fields_read_any_query_string() {
        let fields = Fields::read("argument=Blue+Monday%21&key=a&key=b&odd&=x&bad=%FF%zz");
        assert_eq!(fields.text("argument"), "Blue Monday!");
        assert_eq!((fields.text("key"), fields.text("odd"), fields.text("none")), ("b", "", ""));
        assert!(!fields.text("bad").is_empty());
    }
}
