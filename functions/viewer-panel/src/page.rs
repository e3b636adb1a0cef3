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
use crate::answer::{PanelError, html_answer, policy, with_policy};
use crate::routes::PanelRequest;
use crate::view::{Asked, Me, News, Notices, Own, Page, Said, named};
use crate::visit::{View, Visit};

/// Emoji change seldom.
const EMOJI: HeaderValue = HeaderValue::from_static("private, max-age=600");
/// As many redemptions are asked after at once.
const MAX_ASKED: usize = 20;

/// The whole page.
pub(crate) async fn whole<C: Clock>(deps: Arc<Deps<C>>, ask: PanelRequest) -> Result<Response, PanelError> {
    let PanelRequest { headers, query, visit, .. } = ask;
    let asked = query;
    let mut said: Vec<Said> = note(asked.text("note")).into_iter().collect();
    if visit.visitor.is_some()
        && let Ok(event) = EventId::parse(asked.text("said"))
        && let Some(reply) = deps.context.store.reply(&event).await?
    {
        said.push(Said::new(reply.done, reply.line));
    }
    // Whoever has just changed something wants to see it.
    let changed = !said.is_empty();
    deps.page(&headers, visit, said, changed).await
}

/// What a redirect may ask the page to say.
pub(crate) fn note(name: &str) -> Option<Said> {
    Some(match name {
        "signed-out" => Said::new(true, "You are signed out here."),
        "signed-out-everywhere" => Said::new(true, "You are signed out everywhere."),
        "forgotten" => Said::new(true, "Your data is deleted. If you chat again, you begin anew."),
        _ => return None,
    })
}

impl<C: Clock> Deps<C> {
    /// The whole page, as `visit` is to see it, read again where somebody has just changed something.
    pub(crate) async fn page(
        &self,
        headers: &HeaderMap,
        visit: Visit,
        said: Vec<Said>,
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
        let asked = Asked { keeps_cookies, session: kept, said };
        let html = Page::of(&public, &recent, personal.as_ref(), statement, asked).render()?;
        let mut answer = html_answer(headers, html);
        let cookies = answer.headers_mut();
        if let Some(probe) = session::probe().filter(|_| !keeps_cookies) {
            cookies.append(SET_COOKIE, probe);
        }
        if over && let Some(ended) = session::ended() {
            cookies.append(SET_COOKIE, ended);
        }
        let owncast = self.owncast().await?;
        Ok(with_policy(answer, policy(&owncast)))
    }
}

/// The parts of the page that belong to whoever is signed in, and `said`; `before` stands in front of them.
pub(crate) fn parts(
    headers: &HeaderMap,
    view: View,
    said: Vec<Said>,
    before: String,
) -> Result<Response, PanelError> {
    let View { public, personal, statement } = view;
    let html = [
        before,
        Me::of(&public, &personal).swapped().render()?,
        Own::of(&public, &personal).swapped().render()?,
        format!("<div id=\"statement\" hx-swap-oob=\"innerHTML\">{}</div>", statement.render()?),
        Notices { swap: true, lines: said }.render()?,
    ];
    Ok(html_answer(headers, html.concat()))
}

/// The personal parts again, with what became of the redemptions that were waiting.
pub(crate) async fn mine<C: Clock>(deps: Arc<Deps<C>>, ask: PanelRequest) -> Result<Response, PanelError> {
    let PanelRequest { headers, query, visit, .. } = ask;
    let (Some(session), Some(visitor)) = (visit.session, visit.visitor) else {
        return Err(PanelError::SignedOut);
    };
    let after = query;
    let mut said = Vec::new();
    for key in after.text("known").split(' ').filter_map(named).take(MAX_ASKED) {
        let Some(redemption) = deps.context.store.redemption(&key).await? else { continue };
        if redemption.viewer != visitor.person.id {
            continue;
        }
        let (name, reward) = (&redemption.viewer_name, &redemption.reward_name);
        match redemption.status {
            Status::Waiting => {}
            Status::Fulfilled => {
                said.push(Said::news(News::Done, text::fulfilled(name, reward).to_reader()));
            }
            Status::Refunded => {
                let line = text::refunded(name, reward, redemption.price).to_reader();
                said.push(Said::news(News::Refunded, line));
            }
        }
    }
    parts(&headers, deps.fresh_view(&session, &visitor).await?, said, String::new())
}

/// A page of the statement.
pub(crate) async fn history<C: Clock>(deps: Arc<Deps<C>>, ask: PanelRequest) -> Result<Response, PanelError> {
    let PanelRequest { headers, query, visit, .. } = ask;
    let Some(visitor) = &visit.visitor else { return Err(PanelError::SignedOut) };
    let before = query.text("before").parse().map_err(|_| PanelError::NotFound)?;
    let statement = deps.older(visitor, &before).await?;
    if visit.partly {
        return Ok(html_answer(&headers, statement.render()?));
    }
    let html = crate::view::Older::of(statement).render()?;
    let owncast = deps.owncast().await?;
    Ok(with_policy(html_answer(&headers, html), policy(&owncast)))
}

/// Owncast's emoji, for the page's script: names, and the addresses of their pictures.
pub(crate) async fn emoji<C: Clock>(deps: Arc<Deps<C>>, ask: PanelRequest) -> Result<Response, PanelError> {
    let owncast = deps.owncast().await?;
    let emojis = deps.emojis.get(&deps.context.clock, &owncast).await;
    let json = serde_json::to_vec(emojis.all()).unwrap_or_default();
    let mut answer = Packed::new("application/json", json).answer(&ask.headers);
    answer.headers_mut().insert(CACHE_CONTROL, EMOJI);
    Ok(answer)
}
