//! Signing in and out.

use std::net::Ipv6Addr;
use std::sync::Arc;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::http::header::{REFERRER_POLICY, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use ownchatbot_app::click::on_click;
use ownchatbot_app::ports::Clock;
use ownchatbot_app::sign_in::{self, SignIn};
use ownchatbot_domain::Command;
use ownchatbot_domain::command::SimpleCommand;
use ownchatbot_web::words::length;
use ownchatbot_web::{SessionId, assets, session};

use crate::Deps;
use crate::error::PanelError;
use crate::form::Fields;
use crate::request::PanelRequest;
use crate::response::{html_response, policy, see_other, with_policy};
use crate::view::Notice;
use crate::visit::Visit;

/// The header in which CloudFront sends the visitor's IP address. It replaces a header of this name that the
/// visitor sent.
const ADDRESS_HEADER: &str = "x-viewer-address";

/// Signs in by a code that the bot whispered.
pub(crate) async fn by_code<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, body, visit, .. } = request;
    deps.check_origin(&headers).await?;
    let fields = Fields::read(&body);
    let id = SessionId::random()?;
    let from = headers.get(ADDRESS_HEADER).and_then(|value| value.to_str().ok()).map(household);
    let signed_in =
        sign_in::by_code(&deps.context, &deps.key, fields.text("code"), from.as_deref(), id.as_str()).await?;
    deps.sign_in_response(&headers, visit, signed_in, id).await
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
    /// The response to an attempt to sign in. `id` is the id of the session that it would begin.
    async fn sign_in_response(
        &self,
        headers: &HeaderMap,
        visit: Visit,
        signed_in: SignIn,
        id: SessionId,
    ) -> Result<Response, PanelError> {
        let prefix = self.context.config().await?.settings.chat.prefix.to_string();
        let refusal = match signed_in {
            SignIn::Done(_) => {
                let cookie = id.cookie(&self.key);
                let notices = vec![Notice::new(true, "You are signed in.")];
                let visitor = sign_in::visitor(&self.context, &self.key, id.as_str()).await?;
                let mut response = if visit.partial || !visit.keeps_cookies {
                    let visit = Visit { session: Some(id), visitor, ..visit };
                    self.page(headers, visit, notices, true).await?
                } else {
                    see_other("/userpanel")
                };
                if let Some(cookie) = cookie {
                    response.headers_mut().append(SET_COOKIE, cookie);
                }
                return Ok(response);
            }
            SignIn::Unknown => format!(
                "That code is wrong, too old, or was used. Write {prefix}panel in chat for a new one."
            ),
            SignIn::TooMany(wait) => {
                format!("Too many wrong codes. Try again in {}.", length(wait))
            }
            SignIn::Waiting => "The code was not typed in chat yet.".to_owned(),
        };
        self.page(
            headers,
            Visit { session: None, visitor: None, ..visit },
            vec![Notice::new(false, refusal)],
            false,
        )
        .await
    }
}

/// The page of a sign-in link. It has a button, since a program that previews links must not use the link up.
#[derive(Template)]
#[template(path = "viewer/enter.html")]
struct LinkPage {
    style: String,
    name: Option<String>,
    token: String,
    prefix: String,
}

/// Shows whom a sign-in link signs in, without using it up.
pub(crate) async fn preview_link<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, name: token, visit, .. } = request;
    let person = sign_in::preview_link(&deps.context, &deps.key, &token).await?;
    let prefix = deps.context.config().await?.settings.chat.prefix.to_string();
    let style = assets::path("panel.css");
    let html = LinkPage { style, name: person.map(|person| person.name), token, prefix }.render()?;
    let mut response = with_policy(html_response(&headers, html), policy(&deps.owncast().await?));
    // The link is a secret, so it must not leave the page as a referrer.
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // This is often the browser's first page of the panel. The button's request then shows whether it keeps
    // cookies.
    if let Some(probe) = session::probe().filter(|_| !visit.keeps_cookies) {
        response.headers_mut().append(SET_COOKIE, probe);
    }
    Ok(response)
}

/// Signs in by a link.
pub(crate) async fn by_link<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, name: token, visit, .. } = request;
    deps.check_origin(&headers).await?;
    let id = SessionId::random()?;
    let signed_in = sign_in::by_link(&deps.context, &deps.key, &token, id.as_str()).await?;
    deps.sign_in_response(&headers, visit, signed_in, id).await
}

/// A code that the panel shows, to be written in chat.
#[derive(Template)]
#[template(path = "viewer/parts/code.html")]
struct CodeToType {
    command: String,
    seed: String,
    minutes: String,
}

// It escapes its own values, so the page around it must not escape them again.
impl HtmlSafe for CodeToType {}

/// Makes a code that the visitor writes in chat.
pub(crate) async fn code_to_type<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, visit, .. } = request;
    deps.check_origin(&headers).await?;
    let seed = session::secret()?;
    let code = sign_in::code_to_type(&deps.context, &deps.key, &seed).await?;
    let prefix = deps.context.config().await?.settings.chat.prefix.to_string();
    let part = CodeToType {
        command: format!("{prefix}link {code}"),
        seed,
        minutes: length(ownchatbot_domain::decide::TICKET_LIFE),
    };
    if visit.partial {
        return Ok(html_response(&headers, part.render()?));
    }
    let page = CodePage { style: assets::path("panel.css"), part }.render()?;
    Ok(with_policy(html_response(&headers, page), policy(&deps.owncast().await?)))
}

/// The code as a page of its own, for browsers without scripts.
#[derive(Template)]
#[template(path = "viewer/code.html")]
struct CodePage {
    style: String,
    part: CodeToType,
}

/// Signs in once the code of [`code_to_type`] was written in chat; 204 until then, for the page's script.
pub(crate) async fn confirm_link_code<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, body, visit, .. } = request;
    deps.check_origin(&headers).await?;
    let fields = Fields::read(&body);
    let id = SessionId::random()?;
    let signed_in =
        sign_in::confirm_link_code(&deps.context, &deps.key, fields.text("seed"), id.as_str()).await?;
    if signed_in == SignIn::Waiting && visit.partial {
        let mut response = html_response(&headers, String::new());
        *response.status_mut() = axum::http::StatusCode::NO_CONTENT;
        return Ok(response);
    }
    deps.sign_in_response(&headers, visit, signed_in, id).await
}

/// Signs out, in this browser or everywhere.
pub(crate) async fn sign_out<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, body, visit, .. } = request;
    let (partial, keeps_cookies) = (visit.partial, visit.keeps_cookies);
    let sender = deps.sender(&headers, visit, &body).await?;
    let everywhere = sender.fields.text("everywhere") == "true";
    if everywhere {
        let event = sender.event(&deps.key)?;
        on_click(&deps.context, &event, &sender.visitor.person.id, &Command::Simple(SimpleCommand::Unlink))
            .await?;
    }
    sign_in::sign_out(&deps.context, &deps.key, sender.session.as_str()).await?;
    deps.signed_out_response(
        &headers,
        partial,
        keeps_cookies,
        if everywhere { "signed-out-everywhere" } else { "signed-out" },
    )
    .await
}

impl<C: Clock> Deps<C> {
    /// The response after a session has ended: the page without a viewer, or a redirect to it, with the
    /// notice called `notice`.
    pub(crate) async fn signed_out_response(
        &self,
        headers: &HeaderMap,
        partial: bool,
        keeps_cookies: bool,
        notice: &str,
    ) -> Result<Response, PanelError> {
        let mut response = if partial {
            let visit = Visit { session: None, visitor: None, partial, keeps_cookies };
            self.page(headers, visit, crate::page::notice(notice).into_iter().collect(), true).await?
        } else {
            see_other(&format!("/userpanel?note={notice}#said"))
        };
        if let Some(ended) = session::ended() {
            response.headers_mut().append(SET_COOKIE, ended);
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
