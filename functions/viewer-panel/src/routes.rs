//! The routes of the panel.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use ownchatbot_app::ports::Clock;

use crate::error::{Failure, PanelError};
use crate::request::PanelRequest;
use crate::{Deps, act, enter, own, page};

/// The paths of this function.
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

/// The router of all [`ROUTES`].
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
    /// Wraps a handler of [`PanelRequest`]s for the router.
    macro_rules! handler {
        ($handler:path) => {
            async |State(deps): State<Arc<Deps<C>>>, request: Request| handled(deps, request, $handler).await
        };
    }
    Router::new()
        .route(whole, get(handler!(page::whole)))
        .route(mine, get(handler!(page::mine)))
        .route(history, get(handler!(page::history)))
        .route(use_reward, post(handler!(act::use_reward)))
        .route(take_back, post(handler!(act::take_back)))
        .route(boards, post(handler!(act::boards)))
        .route(sign_in, post(handler!(enter::by_code)))
        .route(link, get(handler!(enter::preview_link)).post(handler!(enter::by_link)))
        .route(code, post(handler!(enter::code_to_type)))
        .route(wait, post(handler!(enter::confirm_link_code)))
        .route(sign_out, post(handler!(enter::sign_out)))
        .route(data, get(handler!(own::data)))
        .route(erase, post(handler!(own::erase)))
        .route(emoji, get(handler!(page::emoji)))
        .with_state(deps)
}

/// Takes `request` apart, runs `handler`, and turns an error into a response.
async fn handled<C, F, Fut>(deps: Arc<Deps<C>>, request: Request, handler: F) -> Response
where
    C: Clock,
    F: FnOnce(Arc<Deps<C>>, PanelRequest) -> Fut,
    Fut: Future<Output = Result<Response, PanelError>>,
{
    let partial = request.headers().contains_key("hx-request");
    let response = match PanelRequest::read(&deps, request).await {
        Ok(request) => handler(deps, request).await,
        Err(error) => Err(error),
    };
    response.unwrap_or_else(|error| Failure { error, partial }.into_response())
}
