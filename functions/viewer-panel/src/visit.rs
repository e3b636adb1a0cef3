//! Who asks, and what they are shown.

use std::collections::HashMap;

use axum::http::HeaderMap;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::sign_in::{self, Visitor};
use ownchatbot_domain::RewardId;
use ownchatbot_owncast::BaseUrl;
use ownchatbot_store::{LedgerCursor, StoreError};
use ownchatbot_web::{SessionId, session};

use crate::Deps;
use crate::answer::PanelError;
use crate::view::{Forms, Personal, StatementView};

/// As many movements are on one page of the statement.
const ROWS: usize = 20;

/// A request, and who it comes from.
#[derive(Debug)]
pub(crate) struct Visit {
    /// The session that it brings, good or over.
    pub(crate) session: Option<SessionId>,
    /// Who is signed in by it.
    pub(crate) visitor: Option<Visitor>,
    /// Whether the page's script asks for a part of the page.
    pub(crate) partly: bool,
    /// Whether the browser keeps our cookies.
    pub(crate) keeps_cookies: bool,
}

impl<C: Clock> Deps<C> {
    /// Who asks with `headers`.
    pub(crate) async fn visit(&self, headers: &HeaderMap) -> Result<Visit, StoreError> {
        let session = SessionId::of_request(&self.key, headers);
        let visitor = match &session {
            Some(id) => sign_in::visitor(&self.context, &self.key, id.as_str()).await?,
            None => None,
        };
        let partly = headers.contains_key("hx-request");
        Ok(Visit { session, visitor, partly, keeps_cookies: session::keeps_cookies(headers) })
    }

    /// Under which address browsers reach Owncast.
    pub(crate) async fn owncast(&self) -> Result<BaseUrl, StoreError> {
        let set = self.context.config().await?.settings.owncast_url.clone();
        Ok(set.and_then(|url| BaseUrl::parse(&url).ok()).unwrap_or_else(|| self.owncast.clone()))
    }

    /// All that the page of `visitor` needs.
    pub(crate) async fn personal(
        &self,
        session: &SessionId,
        visitor: Visitor,
    ) -> Result<Personal, PanelError> {
        let config = self.context.config().await?;
        let rewards: Vec<RewardId> = config.live_rewards().map(|reward| reward.id.clone()).collect();
        let uses = self.context.store.own_uses(&visitor.person.id, &rewards).await?;
        let forms = Forms { csrf: session.form_token(&self.key), nonce: session::secret()? };
        let hash = self.key.viewer(visitor.person.id.as_str());
        Ok(Personal { visitor, hash, uses, forms })
    }

    /// A page of the statement of `visitor`: the first, or the one after `before`.
    pub(crate) async fn statement(
        &self,
        visitor: &Visitor,
        before: Option<&LedgerCursor>,
    ) -> Result<StatementView, StoreError> {
        let store = &self.context.store;
        let statement = store.statement(&visitor.person.id, before, ROWS).await?;
        let people = StatementView::people(&statement);
        let names = if people.is_empty() { HashMap::new() } else { store.names(&people).await? };
        let account = before.is_none().then_some(&visitor.loaded.account);
        Ok(StatementView::of(&statement, account, &*self.context.config().await?, &names))
    }
}
