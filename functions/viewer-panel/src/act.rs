//! Clicks. Each runs the command that chat would run.

use std::sync::Arc;

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use ownchatbot_app::click::on_click;
use ownchatbot_app::ports::Clock;
use ownchatbot_domain::Command;
use ownchatbot_domain::command::SimpleCommand;
use ownchatbot_domain::{EventId, Reply, RewardId, text};

use crate::Deps;
use crate::error::PanelError;
use crate::form::Sender;
use crate::page::parts;
use crate::request::PanelRequest;
use crate::response::see_other;
use crate::view::{Card, Notice, TakeBack, redemption_id, redemption_key};

/// Uses a reward: a redeem, a vote or a contribution. Responds with the reward's card and the personal parts.
pub(crate) async fn use_reward<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, name: reward, body, visit, .. } = request;
    let partial = visit.partial;
    let sender = deps.sender(&headers, visit, &body).await?;
    let reward: RewardId = reward.parse().map_err(|_| PanelError::NotFound)?;
    let argument = text::clean(sender.fields.text("argument"));
    let command = Command::Use { reward: reward.clone(), argument };
    let (event, reply) = deps.clicked(&sender, &command).await?;
    if !partial {
        return Ok(see_other(&format!("/userpanel?said={event}#said")));
    }
    let done = reply.done;
    let mut notice = Notice::new(done, reply.line);
    let view = deps.fresh_view(&sender.session, &sender.visitor).await?;
    let snapshot = &view.public.snapshot;
    let mine = |redemption: &&ownchatbot_domain::Redemption| redemption.event == event;
    if let Some(redemption) = snapshot.waiting.iter().find(mine)
        && snapshot.config.settings.panel.take_back
    {
        notice.undo = Some(TakeBack {
            redemption: redemption_id(&redemption.key()),
            csrf: sender.session.form_token(&deps.key),
            key: ownchatbot_web::session::secret()?,
        });
    }
    // The card comes first: htmx swaps it for the old one, and the rest out of band.
    let card = snapshot.config.reward(&reward);
    let card = card.map(|reward| Card::of(reward, &view.public, Some(&view.personal)).render());
    parts(&headers, view, vec![notice], card.transpose()?.unwrap_or_default())
}

impl<C: Clock> Deps<C> {
    /// Runs `command` for the viewer who sent the form. The form's one-time key is the idempotency key: a
    /// form that is sent twice runs once and gets the same reply.
    async fn clicked(
        &self,
        sender: &Sender,
        command: &Command,
    ) -> Result<(EventId, Reply<String>), PanelError> {
        let event = sender.event(&self.key)?;
        let reply = on_click(&self.context, &event, &sender.visitor.person.id, command).await?;
        Ok((event, reply))
    }
}

/// Takes a redemption back.
pub(crate) async fn take_back<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, body, visit, .. } = request;
    let partial = visit.partial;
    let sender = deps.sender(&headers, visit, &body).await?;
    let key = redemption_key(sender.fields.text("redemption")).ok_or(PanelError::BadForm)?;
    let clicked = deps.clicked(&sender, &Command::TakeBack(key)).await?;
    deps.respond(&headers, &sender, clicked, partial).await
}

/// Shows the viewer on the boards, or hides them there.
pub(crate) async fn boards<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, body, visit, .. } = request;
    let partial = visit.partial;
    let sender = deps.sender(&headers, visit, &body).await?;
    let shown = sender.fields.text("shown") == "true";
    let clicked = deps.clicked(&sender, &Command::Simple(SimpleCommand::OnBoards { shown })).await?;
    deps.respond(&headers, &sender, clicked, partial).await
}

impl<C: Clock> Deps<C> {
    /// The response to a click: the personal parts with the reply as a notice, or a redirect to the page that
    /// shows it.
    async fn respond(
        &self,
        headers: &HeaderMap,
        sender: &Sender,
        (event, reply): (EventId, Reply<String>),
        partial: bool,
    ) -> Result<Response, PanelError> {
        if !partial {
            return Ok(see_other(&format!("/userpanel?said={event}#said")));
        }
        let notices = vec![Notice::new(reply.done, reply.line)];
        parts(headers, self.fresh_view(&sender.session, &sender.visitor).await?, notices, String::new())
    }
}
