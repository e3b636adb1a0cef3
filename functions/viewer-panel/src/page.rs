//! The page, and the parts of it that its script requests again.

use std::sync::Arc;

use askama::Template;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use ownchatbot_app::ports::Clock;
use ownchatbot_domain::{EventId, Status, message};
use ownchatbot_web::{Packed, session};

use crate::Deps;
use crate::error::PanelError;
use crate::request::PanelRequest;
use crate::response::{html_response, policy, with_policy};
use crate::view::{Me, News, Notice, Notices, Own, Page, PageOptions, redemption_key};
use crate::visit::{View, Visit};

/// The `cache-control` of the list of emoji, which seldom changes.
const EMOJI_CACHE_CONTROL: HeaderValue = HeaderValue::from_static("private, max-age=600");
/// The most redemptions that one request may ask about.
const MAX_KNOWN: usize = 20;

/// The whole page.
pub(crate) async fn whole<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, query, visit, .. } = request;
    let mut notices: Vec<Notice> = notice(query.text("note")).into_iter().collect();
    if visit.visitor.is_some()
        && let Ok(event) = EventId::parse(query.text("said"))
        && let Some(reply) = deps.context.store.reply(&event).await?
    {
        notices.push(Notice::new(reply.done, reply.line));
    }
    // A viewer who has just changed something must see the change.
    let changed = !notices.is_empty();
    deps.page(&headers, visit, notices, changed).await
}

/// The notice that a redirect names in the query parameter `note`.
pub(crate) fn notice(name: &str) -> Option<Notice> {
    Some(match name {
        "signed-out" => Notice::new(true, "You are signed out here."),
        "signed-out-everywhere" => Notice::new(true, "You are signed out everywhere."),
        "forgotten" => Notice::new(true, "Your data is deleted. If you chat again, you start from zero."),
        _ => return None,
    })
}

impl<C: Clock> Deps<C> {
    /// The whole page for `visit`. Where the viewer has `changed` something, the caches are bypassed.
    pub(crate) async fn page(
        &self,
        headers: &HeaderMap,
        visit: Visit,
        notices: Vec<Notice>,
        changed: bool,
    ) -> Result<Response, PanelError> {
        let Visit { session, visitor, keeps_cookies, .. } = visit;
        let own = async {
            match (&session, &visitor) {
                (Some(session), Some(visitor)) => self.own(session, visitor).await,
                _ => Ok(None),
            }
        };
        let (public, recent, own) = tokio::join!(self.public(changed), self.recent(changed), own);
        let (public, recent) = (public?, recent?);
        let (personal, statement) = own?.unzip();
        // The session has ended, or its viewer was erased: the browser need not send it again.
        let ended = session.is_some() && personal.is_none();
        let kept = session.as_ref().filter(|_| !keeps_cookies && personal.is_some());
        let kept = kept.map(|session| session.proof(&self.key));
        let options = PageOptions { keeps_cookies, session: kept, notices };
        let html = Page::of(&public, &recent, personal.as_ref(), statement, options).render()?;
        let mut response = html_response(headers, html);
        let cookies = response.headers_mut();
        if let Some(probe) = session::probe().filter(|_| !keeps_cookies) {
            cookies.append(SET_COOKIE, probe);
        }
        if ended && let Some(removal) = session::ended() {
            cookies.append(SET_COOKIE, removal);
        }
        let owncast = self.owncast().await?;
        Ok(with_policy(response, policy(&owncast)))
    }
}

/// The personal parts of the page and `notices`, which htmx swaps in out of band. `before` is HTML to put
/// first.
pub(crate) fn parts(
    headers: &HeaderMap,
    view: View,
    notices: Vec<Notice>,
    before: String,
) -> Result<Response, PanelError> {
    let View { public, personal, statement } = view;
    let html = [
        before,
        Me::of(&public, &personal).swapped().render()?,
        Own::of(&public, &personal).swapped().render()?,
        format!("<div id=\"statement\" hx-swap-oob=\"innerHTML\">{}</div>", statement.render()?),
        Notices { swap: true, lines: notices }.render()?,
    ];
    Ok(html_response(headers, html.concat()))
}

/// The personal parts, with notices of how the redemptions in the query parameter `known` ended.
pub(crate) async fn mine<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, query, visit, .. } = request;
    let (Some(session), Some(visitor)) = (visit.session, visit.visitor) else {
        return Err(PanelError::SignedOut);
    };
    let mut notices = Vec::new();
    for key in query.text("known").split(' ').filter_map(redemption_key).take(MAX_KNOWN) {
        let Some(redemption) = deps.context.store.redemption(&key).await? else { continue };
        if redemption.viewer != visitor.person.id {
            continue;
        }
        let (name, reward) = (&redemption.viewer_name, &redemption.reward_name);
        let points = &deps.context.config().await?.settings.points.name;
        let say = |message| deps.context.texts.panel(&message, points);
        match redemption.status {
            Status::Waiting => {}
            Status::Fulfilled => {
                notices.push(Notice::news(News::Done, say(message::fulfilled(name, reward))));
            }
            Status::Refunded => {
                let line = say(message::refunded(name, reward, redemption.price));
                notices.push(Notice::news(News::Refunded, line));
            }
        }
    }
    parts(&headers, deps.fresh_view(&session, &visitor).await?, notices, String::new())
}

/// An older page of the statement: the one after the pagination cursor `before`.
pub(crate) async fn history<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, query, visit, .. } = request;
    let Some(visitor) = &visit.visitor else { return Err(PanelError::SignedOut) };
    let before = query.text("before").parse().map_err(|_| PanelError::NotFound)?;
    let statement = deps.older(visitor, &before).await?;
    if visit.partial {
        return Ok(html_response(&headers, statement.render()?));
    }
    let html = crate::view::Older::of(statement).render()?;
    let owncast = deps.owncast().await?;
    Ok(with_policy(html_response(&headers, html), policy(&owncast)))
}

/// Owncast's emoji for the page's script: the URLs of their pictures by name.
pub(crate) async fn emoji<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let owncast = deps.owncast().await?;
    let emojis = deps.emojis.get(&deps.context.clock, &owncast).await;
    let json = serde_json::to_vec(emojis.all()).unwrap_or_default();
    let mut response = Packed::new("application/json", json).response(&request.headers);
    response.headers_mut().insert(CACHE_CONTROL, EMOJI_CACHE_CONTROL);
    Ok(response)
}
