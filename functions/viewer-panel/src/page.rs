//! The page, and the parts of it that its script requests again.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::response::Response;
use ownchatbot_app::ports::Clock;
use ownchatbot_domain::{EventId, Status, message};
use ownchatbot_texts::Words;
use ownchatbot_web::form::Query;
use ownchatbot_web::session::{self, VIEWER_COOKIE};
use ownchatbot_web::{Browser, Notice, Notices, PanelError, Session, Visit};
use serde::Deserialize;

use crate::Deps;
use crate::view::{Card, Filled, Me, News, Older, Own, Page, PageOptions, Parts, redemption_key};
use crate::visit::View;

/// The `cache-control` of the list of emoji, which seldom changes.
const EMOJI_CACHE_CONTROL: HeaderValue = HeaderValue::from_static("private, max-age=600");
/// The most redemptions that one request may ask about.
const MAX_KNOWN: usize = 20;

/// What a redirect to the page asks it to show.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct PageQuery {
    /// The name of a notice.
    #[serde(default)]
    note: String,
    /// The event of a click, whose reply is shown.
    #[serde(default)]
    said: String,
}

/// The whole page.
pub(crate) async fn whole<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    Query(query): Query<PageQuery>,
    visit: Visit,
) -> Result<Response, PanelError> {
    let mut notices: Vec<Notice> = notice(&query.note, &deps.words().await?).into_iter().collect();
    if visit.session.is_some()
        && let Ok(event) = EventId::parse(&query.said)
        && let Some(reply) = deps.context.store.reply(&event).await?
    {
        notices.push(Notice::new(reply.done, reply.line));
    }
    // A viewer who has just changed something must see the change.
    let changed = !notices.is_empty();
    deps.page(visit, notices, Filled::default(), changed).await
}

/// The notice that a redirect names in the query parameter `note`.
pub(crate) fn notice(name: &str, words: &Words) -> Option<Notice> {
    let known = ["signed-out", "signed-out-everywhere", "forgotten"].contains(&name);
    known.then(|| Notice::new(true, words.get(name)))
}

impl<C: Clock> Deps<C> {
    /// The whole page for `visit`, with what was `filled` in. Where the viewer has `changed` something, the
    /// caches are bypassed.
    pub(crate) async fn page(
        &self,
        visit: Visit,
        notices: Vec<Notice>,
        filled: Filled,
        changed: bool,
    ) -> Result<Response, PanelError> {
        let Visit { browser, session, ended } = visit;
        let own = async {
            match &session {
                Some(session) => self.own(session).await,
                None => Ok(None),
            }
        };
        let (public, recent, own) = tokio::join!(self.public(changed), self.recent(changed), own);
        let (public, recent) = (public?, recent?);
        let (personal, statement) = own?.unzip();
        // The session has ended, or its viewer was erased: the browser need not send it again.
        let ended = ended || (session.is_some() && personal.is_none());
        let kept = session.as_ref().filter(|_| !browser.keeps_cookies && personal.is_some());
        let kept = kept.map(|session| session.id.proof(&self.key));
        let options = PageOptions { keeps_cookies: browser.keeps_cookies, session: kept, notices, filled };
        let html = Page::of(&public, &recent, personal.as_ref(), statement, options).render()?;
        let mut response = browser.html(html);
        let cookies = response.headers_mut();
        if let Some(probe) = session::probe().filter(|_| !browser.keeps_cookies) {
            cookies.append(SET_COOKIE, probe);
        }
        if ended && let Some(removal) = VIEWER_COOKIE.removed() {
            cookies.append(SET_COOKIE, removal);
        }
        Ok(self.secured(response).await?)
    }
}

/// A reward's card, where there is one, and the personal parts of the page with `notices`, which htmx swaps
/// in out of band.
pub(crate) fn parts(
    browser: Browser,
    view: View,
    notices: Vec<Notice>,
    card: Option<Card>,
) -> Result<Response, PanelError> {
    let View { public, personal, statement } = view;
    let (me, own) = (Me::of(&public, &personal).swapped(), Own::of(&public, &personal).swapped());
    let parts = Parts { card, me, own, statement, notices: Notices::swapped(notices) };
    Ok(browser.html(parts.render()?))
}

/// What the page's script knows of the visitor.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct MineQuery {
    /// The redemptions that waited, separated by spaces.
    #[serde(default)]
    known: String,
}

/// The personal parts, with notices of how the redemptions in the query parameter `known` ended.
pub(crate) async fn mine<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    Query(query): Query<MineQuery>,
    browser: Browser,
    session: Session,
) -> Result<Response, PanelError> {
    let mut notices = Vec::new();
    for key in query.known.split(' ').filter_map(redemption_key).take(MAX_KNOWN) {
        let Some(redemption) = deps.context.store.redemption(&key).await? else { continue };
        if redemption.viewer != session.viewer().person.id {
            continue;
        }
        let (name, reward) = (&redemption.viewer_name, &redemption.reward_name);
        let words = deps.words().await?;
        match redemption.status {
            Status::Waiting => {}
            Status::Fulfilled => {
                notices.push(News::Done.notice(words.message(&message::fulfilled(name, reward))));
            }
            Status::Refunded => {
                let line = words.message(&message::refunded(name, reward, redemption.price));
                notices.push(News::Refunded.notice(line));
            }
        }
    }
    parts(browser, deps.fresh_view(&session).await?, notices, None)
}

/// Which page of the statement is shown.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct HistoryQuery {
    /// The pagination cursor after which it begins.
    #[serde(default)]
    before: String,
}

/// An older page of the statement: the one after the pagination cursor in the query.
pub(crate) async fn history<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    Query(query): Query<HistoryQuery>,
    browser: Browser,
    session: Session,
) -> Result<Response, PanelError> {
    let before = query.before.parse().map_err(|_| PanelError::NotFound)?;
    let statement = deps.older(session.viewer(), &before).await?;
    if browser.partial {
        return Ok(browser.html(statement.render()?));
    }
    Ok(deps.secured(browser.html(Older::of(statement, deps.words().await?).render()?)).await?)
}

/// Owncast's emoji for the page's script: the URLs of their pictures by name.
pub(crate) async fn emoji<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    browser: Browser,
) -> Result<Response, PanelError> {
    let owncast = deps.owncast().await?;
    let emojis = deps.emojis.get(&deps.context.clock, &owncast).await;
    let mut response = browser.json(serde_json::to_vec(emojis.all()).unwrap_or_default());
    response.headers_mut().insert(CACHE_CONTROL, EMOJI_CACHE_CONTROL);
    Ok(response)
}
