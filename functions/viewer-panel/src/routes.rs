//! The routes of the panel.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use ownchatbot_app::ports::Clock;
use ownchatbot_web::WebState;
use ownchatbot_web::session::VIEWER_COOKIE;

use crate::{Deps, act, enter, own, page, path};

/// The router of all paths.
pub(crate) fn all<C: Clock + 'static>(deps: Arc<Deps<C>>) -> Router {
    let state = WebState::new(Arc::clone(&deps.context), deps.key.clone(), &VIEWER_COOKIE, deps);
    Router::new()
        .route(path::PAGE, get(page::whole::<C>))
        .route(path::ME, get(page::mine::<C>))
        .route(path::HISTORY, get(page::history::<C>))
        .route(path::USE, post(act::use_reward::<C>))
        .route(path::TAKE_BACK, post(act::take_back::<C>))
        .route(path::BOARDS, post(act::boards::<C>))
        .route(path::SIGN_IN, post(enter::by_code::<C>))
        .route(path::ENTER, get(enter::preview_link::<C>).post(enter::by_link::<C>))
        .route(path::CODE, post(enter::code_to_type::<C>))
        .route(path::CODE_WAIT, post(enter::confirm_link_code::<C>))
        .route(path::SIGN_OUT, post(enter::sign_out::<C>))
        .route(path::DATA, get(own::data::<C>))
        .route(path::FORGET, post(own::erase::<C>))
        .route(path::EMOJI, get(page::emoji::<C>))
        .with_state(state)
}
