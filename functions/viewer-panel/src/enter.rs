//! Signing in and out.

use std::net::Ipv6Addr;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, REFERRER_POLICY, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use ownchatbot_app::ports::Clock;
use ownchatbot_app::sign_in::{self, SignIn};
use ownchatbot_domain::Command;
use ownchatbot_domain::command::SimpleCommand;
use ownchatbot_domain::decide::TICKET_LIFE;
use ownchatbot_domain::message::Arg;
use ownchatbot_texts::Words;
use ownchatbot_web::browser::{NO_STORE, see_other, unprocessable};
use ownchatbot_web::form::{FormErrors, NoFields, OpenForm, SignedForm, TextField};
use ownchatbot_web::session::{self, VIEWER_COOKIE};
use ownchatbot_web::{Browser, Notice, PanelError, PathParam, Session, SessionId, Visit, assets, filters};
use serde::Deserialize;

use crate::Deps;
use crate::path;
use crate::view::{CODE, Filled};

/// The header in which CloudFront sends the visitor's IP address. It replaces a header of this name that the
/// visitor sent.
const ADDRESS_HEADER: &str = "x-viewer-address";

/// The field of the form that signs in by a code.
#[derive(Debug, Deserialize)]
pub(crate) struct CodeForm {
    code: String,
}

/// Signs in by a code that the bot whispered.
pub(crate) async fn by_code<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    headers: HeaderMap,
    form: OpenForm<CodeForm>,
) -> Result<Response, PanelError> {
    let OpenForm { browser, fields: CodeForm { code } } = form;
    let id = SessionId::random()?;
    let from = headers.get(ADDRESS_HEADER).and_then(|value| value.to_str().ok()).map(household);
    let signed_in = sign_in::by_code(&deps.context, &deps.key, &code, from.as_deref(), id.as_str()).await?;
    if signed_in == SignIn::Unknown {
        let errors = FormErrors::one(CODE, deps.bad_code().await?);
        let filled = Filled { code: TextField::refused(CODE, code, &errors), ..Filled::default() };
        let visit = Visit { browser, session: None, ended: false };
        return Ok(unprocessable(deps.page(visit, Vec::new(), filled, false).await?));
    }
    let filled = Filled { code: TextField::new(CODE, code), ..Filled::default() };
    deps.sign_in_response(browser, signed_in, id, filled).await
}

/// The household of an IP address, by which wrong codes are counted for the rate limit. An IPv6 household has
/// a whole /64 network of addresses, so the network stands for it.
fn household(address: &str) -> String {
    match address.parse::<Ipv6Addr>() {
        Ok(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
        Err(_) => address.to_owned(),
    }
}

impl<C: Clock> Deps<C> {
    /// The sentence about a code or link that is not valid.
    async fn bad_code(&self) -> Result<String, PanelError> {
        let command = format!("{}panel", self.context.config().await?.settings.chat.prefix);
        Ok(self.words().await?.with("sign-in-bad-code", [("command", command.into())]))
    }

    /// The response to an attempt to sign in. `id` is the id of the session that it would begin; a refusal
    /// comes back with what was `filled` in.
    async fn sign_in_response(
        &self,
        browser: Browser,
        signed_in: SignIn,
        id: SessionId,
        filled: Filled,
    ) -> Result<Response, PanelError> {
        let words = self.words().await?;
        let refusal = match signed_in {
            SignIn::Done(_) => {
                let cookie = VIEWER_COOKIE.set(&id.proof(&self.key));
                let notices = vec![Notice::new(true, words.get("sign-in-done"))];
                let mut response = if browser.partial || !browser.keeps_cookies {
                    let session = Session::find(&self.context, &self.key, id).await?;
                    let ended = session.is_none();
                    let visit = Visit { browser, session, ended };
                    self.page(visit, notices, Filled::default(), true).await?
                } else {
                    see_other(path::PAGE)
                };
                if let Some(cookie) = cookie {
                    response.headers_mut().append(SET_COOKIE, cookie);
                }
                return Ok(response);
            }
            SignIn::Unknown => self.bad_code().await?,
            SignIn::TooMany(wait) => words.with("sign-in-too-many", [("wait", Arg::Long(wait))]),
            SignIn::Waiting => words.get("sign-in-waiting"),
        };
        let visit = Visit { browser, session: None, ended: false };
        self.page(visit, vec![Notice::new(false, refusal)], filled, false).await
    }
}

/// The page of a sign-in link. It has a button, since a program that previews links must not use the link up.
#[derive(Template)]
#[template(path = "viewer/enter.html")]
struct LinkPage {
    t: Words,
    style: String,
    /// The greeting, while the link can be used.
    hello: Option<String>,
    token: String,
    /// What to do when the link has expired.
    once: String,
}

/// Shows whom a sign-in link signs in, without using it up.
pub(crate) async fn preview_link<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    PathParam(token): PathParam<String>,
    browser: Browser,
) -> Result<Response, PanelError> {
    let person = sign_in::preview_link(&deps.context, &deps.key, &token).await?;
    let t = deps.words().await?;
    let command = format!("{}panel", deps.context.config().await?.settings.chat.prefix);
    let page = LinkPage {
        style: assets::path("viewer/panel.css"),
        hello: person.map(|person| t.with("link-hello", [("name", person.name.into())])),
        token,
        once: t.with("link-once", [("command", command.into())]),
        t,
    };
    let mut response = deps.secured(browser.html(page.render()?)).await?;
    // The link is a secret, so it must not leave the page as a referrer.
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // This is often the browser's first page of the panel. The button's request then shows whether it keeps
    // cookies.
    if let Some(probe) = session::probe().filter(|_| !browser.keeps_cookies) {
        response.headers_mut().append(SET_COOKIE, probe);
    }
    Ok(response)
}

/// Signs in by a link.
pub(crate) async fn by_link<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    PathParam(token): PathParam<String>,
    form: OpenForm<NoFields>,
) -> Result<Response, PanelError> {
    let id = SessionId::random()?;
    let signed_in = sign_in::by_link(&deps.context, &deps.key, &token, id.as_str()).await?;
    deps.sign_in_response(form.browser, signed_in, id, Filled::default()).await
}

/// A code that the panel shows, to be written in chat.
#[derive(Template)]
#[template(path = "viewer/parts/code.html")]
struct CodeToType {
    t: Words,
    how: String,
    command: String,
    seed: String,
}

/// Makes a code that the visitor writes in chat.
pub(crate) async fn code_to_type<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    form: OpenForm<NoFields>,
) -> Result<Response, PanelError> {
    let seed = session::secret()?;
    let code = sign_in::code_to_type(&deps.context, &deps.key, &seed).await?;
    let prefix = deps.context.config().await?.settings.chat.prefix.to_string();
    let t = deps.words().await?;
    let part = CodeToType {
        command: format!("{prefix}link {code}"),
        seed,
        how: t.with("code-how", [("time", Arg::Long(TICKET_LIFE))]),
        t: t.clone(),
    };
    if form.browser.partial {
        return Ok(form.browser.html(part.render()?));
    }
    let page = CodePage { t, style: assets::path("viewer/panel.css"), part }.render()?;
    Ok(deps.secured(form.browser.html(page)).await?)
}

/// The code as a page of its own, for browsers without scripts.
#[derive(Template)]
#[template(path = "viewer/code.html")]
struct CodePage {
    t: Words,
    style: String,
    part: CodeToType,
}

/// The field of the form that waits for the code of [`code_to_type`].
#[derive(Debug, Deserialize)]
pub(crate) struct WaitForm {
    seed: String,
}

/// Signs in once the code of [`code_to_type`] was written in chat; 204 until then, for the page's script.
pub(crate) async fn confirm_link_code<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    form: OpenForm<WaitForm>,
) -> Result<Response, PanelError> {
    let id = SessionId::random()?;
    let signed_in =
        sign_in::confirm_link_code(&deps.context, &deps.key, &form.fields.seed, id.as_str()).await?;
    if signed_in == SignIn::Waiting && form.browser.partial {
        return Ok((StatusCode::NO_CONTENT, [(CACHE_CONTROL, NO_STORE)]).into_response());
    }
    deps.sign_in_response(form.browser, signed_in, id, Filled::default()).await
}

/// The field of the forms that sign out.
#[derive(Debug, Deserialize)]
pub(crate) struct SignOutForm {
    /// Whether all sessions of the viewer end.
    #[serde(default)]
    everywhere: String,
}

/// Signs out, in this browser or everywhere.
pub(crate) async fn sign_out<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    form: SignedForm<SignOutForm>,
) -> Result<Response, PanelError> {
    let everywhere = form.fields.everywhere == "true";
    if everywhere {
        deps.clicked(&form, &Command::Simple(SimpleCommand::Unlink)).await?;
    }
    sign_in::sign_out(&deps.context, &deps.key, form.session.id.as_str()).await?;
    let notice = if everywhere { "signed-out-everywhere" } else { "signed-out" };
    deps.signed_out_response(form.browser, notice).await
}

impl<C: Clock> Deps<C> {
    /// The response after a session has ended: the page without a viewer, or a redirect to it, with the
    /// notice called `notice`.
    pub(crate) async fn signed_out_response(
        &self,
        browser: Browser,
        notice: &str,
    ) -> Result<Response, PanelError> {
        let mut response = if browser.partial {
            let visit = Visit { browser, session: None, ended: false };
            let notices = crate::page::notice(notice, &self.words().await?).into_iter().collect();
            self.page(visit, notices, Filled::default(), true).await?
        } else {
            see_other(&path::to_notice(notice))
        };
        if let Some(removal) = VIEWER_COOKIE.removed() {
            response.headers_mut().append(SET_COOKIE, removal);
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn household_is_an_ipv4_address_or_an_ipv6_network() {
        assert_eq!(household("203.0.113.7"), "203.0.113.7");
        assert_eq!(household("2001:db8:1:2:3:4:5:6"), household("2001:db8:1:2::1"));
        assert_ne!(household("2001:db8:1:2::1"), household("2001:db8:1:3::1"));
        assert_eq!(household("what is this"), "what is this");
    }
}
