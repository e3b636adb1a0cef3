//! Clicks. Each runs the command that chat would run.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use ownchatbot_app::click::on_click;
use ownchatbot_app::ports::Clock;
use ownchatbot_domain::command::{Amount, SimpleCommand};
use ownchatbot_domain::reward::{BadNote, Kind, MAX_NOTE};
use ownchatbot_domain::{Command, Redemption, Reply, Reward, RewardId, text};
use ownchatbot_texts::Words;
use ownchatbot_web::browser::{see_other, unprocessable};
use ownchatbot_web::form::{Button, FormErrors, PageForms, SignedForm, TextField};
use ownchatbot_web::{Notice, PanelError, PathParam, Visit};
use serde::Deserialize;

use crate::Deps;
use crate::page::parts;
use crate::path;
use crate::view::{Card, Filled, redemption_id, redemption_key};

/// The fields of a reward's form.
#[derive(Debug, Deserialize)]
pub(crate) struct UseForm {
    /// The note, or the amount; rewards without either have no field.
    #[serde(default)]
    argument: String,
}

impl UseForm {
    /// What the command gets, for a form of `reward`.
    fn argument(&self, reward: &Reward, words: &Words) -> Result<String, FormErrors> {
        let argument = text::clean(&self.argument);
        let sentence = match reward.kind {
            Kind::Vote(_) => None,
            Kind::Goal(_) => Amount::of_argument(&argument).err().map(|_| words.get("amount-unreadable")),
            Kind::Redeem(_) | Kind::Special(_) => {
                reward.note.check(&argument).err().map(|error| bad_note(error, words))
            }
        };
        sentence.map_or(Ok(argument), |sentence| Err(FormErrors::one(Card::ARGUMENT, sentence)))
    }
}

/// The sentence beside a wrong note.
fn bad_note(error: BadNote, words: &Words) -> String {
    match error {
        BadNote::Missing => words.get("note-missing"),
        BadNote::TooLong { length } => {
            words.with("note-too-long", [("length", length.into()), ("max", MAX_NOTE.into())])
        }
    }
}

/// Uses a reward: a redeem, a vote or a contribution. Responds with the reward's card and the personal parts.
pub(crate) async fn use_reward<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    PathParam(reward): PathParam<RewardId>,
    form: SignedForm<UseForm>,
) -> Result<Response, PanelError> {
    // A reward that is gone is refused by the command.
    let argument = match deps.context.config().await?.reward(&reward) {
        Some(known) => form.fields.argument(known, &deps.words().await?),
        None => Ok(String::new()),
    };
    let argument = match argument {
        Ok(argument) => argument,
        Err(errors) => return deps.refused_use(form, reward, &errors).await,
    };
    let reply = deps.clicked(&form, &Command::Use { reward: reward.clone(), argument }).await?;
    if !form.browser.partial {
        return Ok(see_other(&path::to_reply(&form.event)));
    }
    let mut notice = Notice::new(reply.done, reply.line);
    let view = deps.fresh_view(&form.session).await?;
    let snapshot = &view.public.snapshot;
    let mine = |redemption: &&Redemption| redemption.event == form.event;
    if let Some(redemption) = snapshot.waiting.iter().find(mine)
        && snapshot.config.settings.panel.take_back
    {
        let id = redemption_id(&redemption.key());
        let tokens = PageForms::new(&deps.key, &form.session.id)?.tokens("undo");
        notice.undo = Some(Button {
            action: path::TAKE_BACK,
            tokens,
            field: ("redemption", id),
            text: view.public.words.get("own-undo"),
        });
    }
    let card = snapshot.config.reward(&reward);
    let card = card.map(|reward| Card::of(reward, &view.public, Some(&view.personal)));
    parts(form.browser, view, vec![notice], card)
}

impl<C: Clock + 'static> Deps<C> {
    /// The response (422) to a form of `reward` with wrong fields: its card, or without scripts the whole
    /// page, with what was typed. The command did not run, so the form's one-time key is still unused.
    async fn refused_use(
        &self,
        form: SignedForm<UseForm>,
        reward: RewardId,
        errors: &FormErrors,
    ) -> Result<Response, PanelError> {
        let SignedForm { browser, session, fields, .. } = form;
        let argument = TextField::refused(Card::ARGUMENT, fields.argument, errors);
        let filled = Filled { use_of: Some((reward, argument)), ..Filled::default() };
        if !browser.partial {
            let visit = Visit { browser, session: Some(session), ended: false };
            return Ok(unprocessable(self.page(visit, Vec::new(), filled, false).await?));
        }
        let view = self.fresh_view(&session).await?;
        let card = filled.use_of.and_then(|(reward, argument)| {
            let reward = view.public.snapshot.config.reward(&reward)?;
            let mut card = Card::of(reward, &view.public, Some(&view.personal));
            card.fill(argument);
            Some(card)
        });
        Ok(unprocessable(parts(browser, view, Vec::new(), card)?))
    }

    /// Runs `command` for the viewer who sent `form`. The form's one-time key is the idempotency key: a form
    /// that is sent twice runs once and gets the same reply.
    pub(crate) async fn clicked<T: Sync>(
        &self,
        form: &SignedForm<T>,
        command: &Command,
    ) -> Result<Reply<String>, PanelError> {
        Ok(on_click(&self.context, &form.event, &form.session.viewer().person.id, command).await?)
    }

    /// Runs `command` for the viewer who sent `form`. Responds with the personal parts and the reply as a
    /// notice, or with a redirect to the page that shows it.
    async fn respond<T: Sync>(&self, form: SignedForm<T>, command: &Command) -> Result<Response, PanelError> {
        let reply = self.clicked(&form, command).await?;
        if !form.browser.partial {
            return Ok(see_other(&path::to_reply(&form.event)));
        }
        let notices = vec![Notice::new(reply.done, reply.line)];
        parts(form.browser, self.fresh_view(&form.session).await?, notices, None)
    }
}

/// The field of the form that takes a redemption back.
#[derive(Debug, Deserialize)]
pub(crate) struct TakeBackForm {
    redemption: String,
}

/// Takes a redemption back.
pub(crate) async fn take_back<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    form: SignedForm<TakeBackForm>,
) -> Result<Response, PanelError> {
    let key = redemption_key(&form.fields.redemption).ok_or(PanelError::BadForm)?;
    deps.respond(form, &Command::TakeBack(key)).await
}

/// The field of the form that shows the viewer on the boards, or hides them there.
#[derive(Debug, Deserialize)]
pub(crate) struct BoardsForm {
    shown: String,
}

/// Shows the viewer on the boards, or hides them there.
pub(crate) async fn boards<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    form: SignedForm<BoardsForm>,
) -> Result<Response, PanelError> {
    let shown = form.fields.shown == "true";
    deps.respond(form, &Command::Simple(SimpleCommand::OnBoards { shown })).await
}
