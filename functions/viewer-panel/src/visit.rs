//! The session of a request, and what the page shows to its viewer.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::HeaderMap;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::sign_in::{self, Visitor};
use ownchatbot_domain::RewardId;
use ownchatbot_owncast::BaseUrl;
use ownchatbot_store::{LedgerCursor, LoadedViewer, OwnPage, StoreError};
use ownchatbot_web::{SessionId, session};

use crate::Deps;
use crate::error::PanelError;
use crate::public::Public;
use crate::view::{Forms, Personal, StatementView};

/// The ledger rows on one page of the statement.
const STATEMENT_ROWS: usize = 20;

/// The session of a request, and how the request was sent.
#[derive(Debug)]
pub(crate) struct Visit {
    /// The session in the request. It may have ended.
    pub(crate) session: Option<SessionId>,
    /// The viewer whom it signs in; `None` when it has ended.
    pub(crate) visitor: Option<Visitor>,
    /// Whether the page's script sent the request, and expects parts of the page.
    pub(crate) partial: bool,
    /// Whether the browser keeps cookies in this frame.
    pub(crate) keeps_cookies: bool,
}

/// Everything that the page shows to a signed-in viewer.
#[derive(Debug)]
pub(crate) struct View {
    /// The public part.
    pub(crate) public: Arc<Public>,
    /// The viewer's own part.
    pub(crate) personal: Personal,
    /// The first page of their statement.
    pub(crate) statement: StatementView,
}

impl<C: Clock> Deps<C> {
    /// Reads the session of a request with `headers`, and looks its viewer up.
    pub(crate) async fn visit(&self, headers: &HeaderMap) -> Result<Visit, StoreError> {
        let session = SessionId::of_request(&self.key, headers);
        let visitor = match &session {
            Some(id) => sign_in::visitor(&self.context, &self.key, id.as_str()).await?,
            None => None,
        };
        let partial = headers.contains_key("hx-request");
        Ok(Visit { session, visitor, partial, keeps_cookies: session::keeps_cookies(headers) })
    }

    /// The URL under which browsers reach Owncast.
    pub(crate) async fn owncast(&self) -> Result<BaseUrl, StoreError> {
        let set = self.context.config().await?.settings.owncast_url.clone();
        Ok(set.and_then(|url| BaseUrl::parse(&url).ok()).unwrap_or_else(|| self.owncast.clone()))
    }

    /// The own part of `visitor`, read in two requests; `None` when their sessions have ended since they were
    /// looked up.
    pub(crate) async fn own(
        &self,
        session: &SessionId,
        visitor: &Visitor,
    ) -> Result<Option<(Personal, StatementView)>, PanelError> {
        let (store, viewer) = (&self.context.store, &visitor.person.id);
        let config = self.context.config().await?;
        let statement = store.statement(viewer, None, STATEMENT_ROWS).await?;
        let rewards: Vec<RewardId> = config.live_rewards().map(|reward| reward.id.clone()).collect();
        let OwnPage { loaded, uses, names } =
            store.own_page(viewer, &rewards, &StatementView::people(&statement)).await?;
        let epoch = |loaded: &LoadedViewer| loaded.profile.as_ref().map(|profile| profile.epoch);
        let Some(profile) = loaded.profile.as_ref().filter(|_| epoch(&loaded) == epoch(&visitor.loaded))
        else {
            return Ok(None);
        };
        let statement = StatementView::of(&statement, Some(&loaded.account), &config, &names);
        let visitor = Visitor { person: profile.person.clone(), loaded };
        let forms = Forms { csrf: session.form_token(&self.key), nonce: session::secret()? };
        let hash = self.key.viewer(visitor.person.id.as_str());
        Ok(Some((Personal { visitor, hash, uses, forms }, statement)))
    }

    /// Everything that the page shows to `visitor` after they have changed something, read from the table
    /// again.
    pub(crate) async fn fresh_view(
        &self,
        session: &SessionId,
        visitor: &Visitor,
    ) -> Result<View, PanelError> {
        let (public, own) = tokio::join!(self.public(true), self.own(session, visitor));
        let (personal, statement) = own?.ok_or(PanelError::SignedOut)?;
        Ok(View { public: public?, personal, statement })
    }

    /// An older page of the statement of `visitor`: the one after the pagination cursor `before`.
    pub(crate) async fn older(
        &self,
        visitor: &Visitor,
        before: &LedgerCursor,
    ) -> Result<StatementView, StoreError> {
        let store = &self.context.store;
        let statement = store.statement(&visitor.person.id, Some(before), STATEMENT_ROWS).await?;
        let people = StatementView::people(&statement);
        let names = if people.is_empty() { HashMap::new() } else { store.names(&people).await? };
        Ok(StatementView::of(&statement, None, &*self.context.config().await?, &names))
    }
}
