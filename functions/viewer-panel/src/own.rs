//! One's own data: all of it, and the end of it.

use std::sync::Arc;

use axum::response::Response;
use ownchatbot_app::forget::on_forget;
use ownchatbot_app::ports::Clock;

use crate::Deps;
use crate::answer::Trouble;
use crate::routes::Ask;

pub(crate) async fn data<C: Clock>(deps: Arc<Deps<C>>, ask: Ask) -> Result<Response, Trouble> {
    let _ = (deps, ask);
    Err(Trouble::Nothing)
}

/// Everything about whoever asks is deleted.
pub(crate) async fn forget<C: Clock>(deps: Arc<Deps<C>>, ask: Ask) -> Result<Response, Trouble> {
    let Ask { headers, body, visit, .. } = ask;
    let (partly, keeps_cookies) = (visit.partly, visit.keeps_cookies);
    let sender = deps.sender(&headers, visit, &body).await?;
    // The form asks for it, so whoever leaves it out does not send the form.
    if sender.fields.text("sure") != "true" {
        return Err(Trouble::BadForm);
    }
    let event = sender.event(&deps.key)?;
    on_forget(&deps.context, &event, &sender.visitor.person.id).await?;
    deps.left(&headers, partly, keeps_cookies, "forgotten").await
}
