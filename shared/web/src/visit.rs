//! Who sends a request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::sign_in::{self, Visitor};
use ownchatbot_app::{Context, SigningKey};
use ownchatbot_store::StoreError;

use crate::browser::Browser;
use crate::error::PanelError;
use crate::session::SessionId;
use crate::state::WebState;

/// Whom a session signs in. A role that has a desk of its own becomes a variant.
#[derive(Debug, Clone)]
pub enum Role {
    /// A viewer.
    Viewer(Visitor),
}

/// A session that signs somebody in. As an extractor it refuses requests without one, with
/// [`PanelError::SignedOut`].
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whom it signs in.
    pub role: Role,
}

impl Session {
    /// The session `id`; `None` when it has ended.
    ///
    /// # Errors
    /// [`StoreError`] when the table cannot be read.
    pub async fn find<C: Clock>(
        context: &Context<C>,
        key: &SigningKey,
        id: SessionId,
    ) -> Result<Option<Self>, StoreError> {
        let visitor = sign_in::visitor(context, key, id.as_str()).await?;
        Ok(visitor.map(|visitor| Self { id, role: Role::Viewer(visitor) }))
    }

    /// The viewer whom it signs in.
    #[must_use]
    pub const fn viewer(&self) -> &Visitor {
        let Role::Viewer(visitor) = &self.role;
        visitor
    }
}

/// Who sends a request, signed in or not. An extractor for pages that both may see.
#[derive(Debug, Clone)]
pub struct Visit {
    /// How the browser expects the response.
    pub browser: Browser,
    /// The session that signs the sender in.
    pub session: Option<Session>,
    /// Whether the request sends a session that has ended.
    pub ended: bool,
}

impl<C: Clock + 'static, D: Send + Sync> FromRequestParts<WebState<C, D>> for Visit {
    type Rejection = PanelError;

    async fn from_request_parts(parts: &mut Parts, state: &WebState<C, D>) -> Result<Self, PanelError> {
        let headers = &parts.headers;
        let browser = Browser::of(headers);
        let Some(id) = SessionId::of_request(state.key(), state.cookie(), headers) else {
            return Ok(Self { browser, session: None, ended: false });
        };
        let session = Session::find(state.context(), state.key(), id).await?;
        let ended = session.is_none();
        Ok(Self { browser, session, ended })
    }
}

impl<C: Clock + 'static, D: Send + Sync> FromRequestParts<WebState<C, D>> for Session {
    type Rejection = PanelError;

    async fn from_request_parts(parts: &mut Parts, state: &WebState<C, D>) -> Result<Self, PanelError> {
        let visit = Visit::from_request_parts(parts, state).await?;
        visit.session.ok_or(PanelError::SignedOut)
    }
}
