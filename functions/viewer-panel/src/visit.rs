//! Who asks, and what they are shown.

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

/// The movements on one page of the statement.
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

/// Everything that is shown to somebody who is signed in.
#[derive(Debug)]
pub(crate) struct View {
    /// What everybody sees.
    pub(crate) public: Arc<Public>,
    /// What is theirs.
    pub(crate) personal: Personal,
    /// The first page of their statement.
    pub(crate) statement: StatementView,
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

    /// What belongs to `visitor`, read again in two requests; `None` where their sessions have ended meanwhile.
    pub(crate) async fn own(
        &self,
        session: &SessionId,
        visitor: &Visitor,
    ) -> Result<Option<(Personal, StatementView)>, PanelError> {
        let (store, viewer) = (&self.context.store, &visitor.person.id);
        let config = self.context.config().await?;
        let statement = store.statement(viewer, None, ROWS).await?;
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

    /// Everything that is shown to the visitor with this session after they have changed something, read once.
    pub(crate) async fn fresh_view(
        &self,
        session: &SessionId,
        visitor: &Visitor,
    ) -> Result<View, PanelError> {
        let (public, own) = tokio::join!(self.public(true), self.own(session, visitor));
        let (personal, statement) = own?.ok_or(PanelError::SignedOut)?;
        Ok(View { public: public?, personal, statement })
    }

    /// An older page of the statement of `visitor`: the one after `before`.
    pub(crate) async fn older(
        &self,
        visitor: &Visitor,
        before: &LedgerCursor,
    ) -> Result<StatementView, StoreError> {
        let store = &self.context.store;
        let statement = store.statement(&visitor.person.id, Some(before), ROWS).await?;
        let people = StatementView::people(&statement);
        let names = if people.is_empty() { HashMap::new() } else { store.names(&people).await? };
        Ok(StatementView::of(&statement, None, &*self.context.config().await?, &names))
    }
}
