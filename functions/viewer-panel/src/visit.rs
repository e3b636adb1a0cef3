//! What the page shows to a signed-in viewer.

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::Response;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::sign_in::Visitor;
use ownchatbot_domain::RewardId;
use ownchatbot_owncast::BaseUrl;
use ownchatbot_store::{LedgerCursor, LoadedViewer, OwnPage, StoreError};
use ownchatbot_web::form::PageForms;
use ownchatbot_web::{PanelError, Session, security};

use crate::Deps;
use crate::public::Public;
use crate::view::{Personal, StatementView};

/// The ledger rows on one page of the statement.
const STATEMENT_ROWS: usize = 20;

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
    /// The URL under which browsers reach Owncast.
    pub(crate) async fn owncast(&self) -> Result<BaseUrl, StoreError> {
        let set = self.context.config().await?.settings.owncast_url.clone();
        Ok(set.and_then(|url| BaseUrl::parse(&url).ok()).unwrap_or_else(|| self.owncast.clone()))
    }

    /// `response` with the content security policy of the panel's pages. Only Owncast may frame them; its
    /// emoji are loaded from there.
    pub(crate) async fn secured(&self, response: Response) -> Result<Response, StoreError> {
        let owncast = self.owncast().await?.origin();
        Ok(security::with_policy(response, security::page_policy(Some(&owncast), Some(&owncast))))
    }

    /// The own part of the viewer of `session`, read in two requests; `None` when it has ended since it was
    /// looked up.
    pub(crate) async fn own(
        &self,
        session: &Session,
    ) -> Result<Option<(Personal, StatementView)>, PanelError> {
        let visitor = session.viewer();
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
        let statement =
            StatementView::of(&statement, Some(&loaded.account), &config, &names, &self.words().await?);
        let visitor = Visitor { person: profile.person.clone(), loaded };
        let forms = PageForms::new(&self.key, &session.id)?;
        let hash = self.key.viewer(visitor.person.id.as_str());
        Ok(Some((Personal { visitor, hash, uses, forms }, statement)))
    }

    /// Everything that the page shows to the viewer of `session` after they have changed something, read from
    /// the table again.
    pub(crate) async fn fresh_view(&self, session: &Session) -> Result<View, PanelError> {
        let (public, own) = tokio::join!(self.public(true), self.own(session));
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
        let words = self.words().await?;
        Ok(StatementView::of(&statement, None, &*self.context.config().await?, &names, &words))
    }
}
