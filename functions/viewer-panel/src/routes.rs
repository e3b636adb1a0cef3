//! Which request goes where.

use std::future::Future;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{RequestExt, Router};
use ownchatbot_app::ports::Clock;

use crate::answer::{Failure, PanelError};
use crate::form::Fields;
use crate::visit::Visit;
use crate::{Deps, act, enter, own, page};

/// The paths of this function, behind whatever address it has.
pub const ROUTES: [&str; 14] = [
    "/userpanel",
    "/userpanel/me",
    "/userpanel/history",
    "/userpanel/use/{reward}",
    "/userpanel/take-back",
    "/userpanel/boards",
    "/userpanel/sign-in",
    "/userpanel/enter/{token}",
    "/userpanel/code",
    "/userpanel/code/wait",
    "/userpanel/sign-out",
    "/userpanel/data.json",
    "/userpanel/forget",
    "/userpanel/emoji.json",
];

/// No form of ours is larger, in bytes.
const LARGEST: usize = 16 * 1024;

/// A request, taken apart.
#[derive(Debug)]
pub(crate) struct PanelRequest {
    pub(crate) headers: HeaderMap,
    /// What stands in the path's place for it; empty where there is none.
    pub(crate) name: String,
    /// What the address carries.
    pub(crate) query: Fields,
    /// What the form carries.
    pub(crate) body: Bytes,
    /// Who asks.
    pub(crate) visit: Visit,
}

pub(crate) fn all<C: Clock + 'static>(deps: Arc<Deps<C>>) -> Router {
    let [
        whole,
        mine,
        history,
        use_reward,
        take_back,
        boards,
        sign_in,
        link,
        code,
        wait,
        sign_out,
        data,
        erase,
        emoji,
    ] = ROUTES;
    /// A handler of ours, as the router takes it.
    macro_rules! by {
        ($handler:path) => {
            async |State(deps): State<Arc<Deps<C>>>, request: Request| handled(deps, request, $handler).await
        };
    }
    Router::new()
        .route(whole, get(by!(page::whole)))
        .route(mine, get(by!(page::mine)))
        .route(history, get(by!(page::history)))
        .route(use_reward, post(by!(act::use_reward)))
        .route(take_back, post(by!(act::take_back)))
        .route(boards, post(by!(act::boards)))
        .route(sign_in, post(by!(enter::by_code)))
        .route(link, get(by!(enter::preview_link)).post(by!(enter::by_link)))
        .route(code, post(by!(enter::code_to_type)))
        .route(wait, post(by!(enter::confirm_link_code)))
        .route(sign_out, post(by!(enter::sign_out)))
        .route(data, get(by!(own::data)))
        .route(erase, post(by!(own::erase)))
        .route(emoji, get(by!(page::emoji)))
        .with_state(deps)
}

async fn handled<C, F, Fut>(deps: Arc<Deps<C>>, request: Request, handler: F) -> Response
where
    C: Clock,
    F: FnOnce(Arc<Deps<C>>, PanelRequest) -> Fut,
    Fut: Future<Output = Result<Response, PanelError>>,
{
    let partly = request.headers().contains_key("hx-request");
    let answered = match ask(&deps, request).await {
        Ok(ask) => handler(deps, ask).await,
        Err(trouble) => Err(trouble),
    };
    answered.unwrap_or_else(|trouble| Failure { trouble, partly }.into_response())
}

async fn ask<C: Clock>(deps: &Deps<C>, mut request: Request) -> Result<PanelRequest, PanelError> {
    // No path of ours that takes a name can do without; what is no text is no name.
    let name = request.extract_parts::<Path<String>>().await.map(|Path(name)| name).unwrap_or_default();
    let (parts, body) = request.into_parts();
    let query = Fields::read(parts.uri.query().unwrap_or_default());
    let body = read(body).await?;
    let visit = deps.visit(&parts.headers).await?;
    Ok(PanelRequest { headers: parts.headers, name, query, body, visit })
}

async fn read(body: Body) -> Result<Bytes, PanelError> {
    to_bytes(body, LARGEST).await.map_err(|_| PanelError::TooLarge)
}
