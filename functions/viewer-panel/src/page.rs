//! Looking: the page, and the parts of it that its script asks for again.

use std::sync::Arc;

use askama::Template;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use ownchatbot_app::ports::Clock;
use ownchatbot_domain::{EventId, Status, text};
use ownchatbot_web::{Packed, session};

use crate::Deps;
use crate::error::PanelError;
use crate::request::PanelRequest;
use crate::response::{html_response, policy, with_policy};
use crate::view::{Me, News, Notice, Notices, Own, Page, PageOptions, redemption_key};
use crate::visit::{View, Visit};

/// Emoji change seldom.
const EMOJI: HeaderValue = HeaderValue::from_static("private, max-age=600");
/// As many redemptions are asked after at once.
const MAX_ASKED: usize = 20;

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
    // Whoever has just changed something wants to see it.
    let changed = !notices.is_empty();
    deps.page(&headers, visit, notices, changed).await
}

/// What a redirect may ask the page to say.
pub(crate) fn notice(name: &str) -> Option<Notice> {
    Some(match name {
        "signed-out" => Notice::new(true, "You are signed out here."),
        "signed-out-everywhere" => Notice::new(true, "You are signed out everywhere."),
        "forgotten" => Notice::new(true, "Your data is deleted. If you chat again, you begin anew."),
        _ => return None,
    })
}

impl<C: Clock> Deps<C> {
    /// The whole page, as `visit` is to see it, read again where somebody has just changed something.
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
        // Over, or of a viewer who was forgotten: the browser need not bring it again.
        let over = session.is_some() && personal.is_none();
        let kept = session.as_ref().filter(|_| !keeps_cookies && personal.is_some());
        let kept = kept.map(|session| session.proof(&self.key));
        let options = PageOptions { keeps_cookies, session: kept, notices };
        let html = Page::of(&public, &recent, personal.as_ref(), statement, options).render()?;
        let mut response = html_response(headers, html);
        let cookies = response.headers_mut();
        if let Some(probe) = session::probe().filter(|_| !keeps_cookies) {
            cookies.append(SET_COOKIE, probe);
        }
        if over && let Some(ended) = session::ended() {
            cookies.append(SET_COOKIE, ended);
        }
        let owncast = self.owncast().await?;
        Ok(with_policy(response, policy(&owncast)))
    }
}

/// The parts of the page that belong to whoever is signed in, and `notices`; `before` stands in front of them.
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

/// The personal parts again, with what became of the redemptions that were waiting.
pub(crate) async fn mine<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, query, visit, .. } = request;
    let (Some(session), Some(visitor)) = (visit.session, visit.visitor) else {
        return Err(PanelError::SignedOut);
    };
    let mut notices = Vec::new();
    for key in query.text("known").split(' ').filter_map(redemption_key).take(MAX_ASKED) {
        let Some(redemption) = deps.context.store.redemption(&key).await? else { continue };
        if redemption.viewer != visitor.person.id {
            continue;
        }
        let (name, reward) = (&redemption.viewer_name, &redemption.reward_name);
        match redemption.status {
            Status::Waiting => {}
            Status::Fulfilled => {
                notices.push(Notice::news(News::Done, text::fulfilled(name, reward).to_reader()));
            }
            Status::Refunded => {
                let line = text::refunded(name, reward, redemption.price).to_reader();
                notices.push(Notice::news(News::Refunded, line));
            }
        }
    }
    parts(&headers, deps.fresh_view(&session, &visitor).await?, notices, String::new())
}

/// A page of the statement.
pub(crate) async fn history<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, query, visit, .. } = request;
    let Some(visitor) = &visit.visitor else { return Err(PanelError::SignedOut) };
    let before = query.text("before").parse().map_err(|_| PanelError::NotFound)?;
    let statement = deps.older(visitor, &before).await?;
    if visit.partly {
        return Ok(html_response(&headers, statement.render()?));
    }
    let html = crate::view::Older::of(statement).render()?;
    let owncast = deps.owncast().await?;
    Ok(with_policy(html_response(&headers, html), policy(&owncast)))
}

/// Owncast's emoji, for the page's script: names, and the addresses of their pictures.
pub(crate) async fn emoji<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let owncast = deps.owncast().await?;
    let emojis = deps.emojis.get(&deps.context.clock, &owncast).await;
    let json = serde_json::to_vec(emojis.all()).unwrap_or_default();
    let mut response = Packed::new("application/json", json).response(&request.headers);
    response.headers_mut().insert(CACHE_CONTROL, EMOJI);
    Ok(response)
}
