//! One's own data: all of it, and the end of it.

use std::sync::Arc;

use ownchatbot_app::ports::Clock;
use axum::response::Response;

use crate::Deps;
use crate::answer::Trouble;
use crate::routes::Ask;

pub(crate) async fn data<C: Clock>(deps: Arc<Deps<C>>, ask: Ask) -> Result<Response, Trouble> {
    let _ = (deps, ask);
    Err(Trouble::Nothing)
}

pub(crate) async fn forget<C: Clock>(deps: Arc<Deps<C>>, ask: Ask) -> Result<Response, Trouble> {
    let _ = (deps, ask);
    Err(Trouble::Nothing)
}
