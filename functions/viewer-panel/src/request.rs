//! A request as the handlers take it.

use axum::RequestExt;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Path, Request};
use axum::http::HeaderMap;
use ownchatbot_app::ports::Clock;

use crate::Deps;
use crate::error::PanelError;
use crate::form::Fields;
use crate::visit::Visit;

/// The largest body, in bytes. No form of the panel is larger.
const MAX_BODY: usize = 16 * 1024;

/// A request, taken apart.
#[derive(Debug)]
pub(crate) struct PanelRequest {
    pub(crate) headers: HeaderMap,
    /// The path's parameter, such as the reward's id; empty where the route has none.
    pub(crate) name: String,
    /// The fields of the query string.
    pub(crate) query: Fields,
    /// The body: an encoded form, or nothing.
    pub(crate) body: Bytes,
    /// The session, and the viewer who is signed in.
    pub(crate) visit: Visit,
}

impl PanelRequest {
    /// Takes `request` apart, and looks its session up.
    ///
    /// # Errors
    /// [`PanelError::TooLarge`] for a body over 16 KiB; [`PanelError::Failed`] when the session cannot be
    /// read.
    pub(crate) async fn read<C: Clock>(deps: &Deps<C>, mut request: Request) -> Result<Self, PanelError> {
        // A route with a parameter does not match without one, and a parameter that is not UTF-8 names
        // nothing.
        let name = request.extract_parts::<Path<String>>().await.map(|Path(name)| name).unwrap_or_default();
        let (parts, body) = request.into_parts();
        let query = Fields::read(parts.uri.query().unwrap_or_default());
        let body = to_bytes(body, MAX_BODY).await.map_err(|_| PanelError::TooLarge)?;
        let visit = deps.visit(&parts.headers).await?;
        Ok(Self { headers: parts.headers, name, query, body, visit })
    }
}
