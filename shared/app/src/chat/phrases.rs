//! Phrases: words in plain chat messages that the bot answers.

use ownchatbot_domain::phrase::{Phrase, found_in};
use ownchatbot_domain::reward::Access;
use ownchatbot_domain::{
    Change, Config, Decision, Effect, Person, StreamChange, StreamState, Timestamp, message, placeholders,
};
use ownchatbot_store::{Commit, LoadedViewer, Store, StoreError};

use crate::announce::filled;
use crate::context::Context;
use crate::event::ChatLine;
use crate::outcome::Outcome;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};

/// Answers the first phrase in `line` that its writer may trigger and that is not on cooldown. Nothing is
/// read from the table when there is none.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written. Nothing is answered then.
pub(super) async fn answer<C>(ctx: &Context<C>, config: &Config, line: &ChatLine) -> Result<Outcome, AppError>
where
    C: Clock,
{
    let found: &Vec<&Phrase> = &found_in(&config.settings.phrases, &line.text).collect();
    if found.is_empty() {
        return Ok(Outcome::Ignored);
    }
    retry_until_deadline(ctx.deadline, |_| async move {
        let mut writer = Writer { person: &line.person, loaded: None };
        for phrase in found {
            let now = ctx.clock.now();
            if ctx.rests(phrase, now) {
                continue;
            }
            if !writer.may_trigger(&ctx.store, phrase.access, now).await? {
                continue;
            }
            let text = phrase.answer.as_str();
            let stream = writer.stream_for(&ctx.store, text).await?;
            let text = filled(ctx, config, &stream, text, Some(&line.person.name)).await?;
            let rested_since = now.saturating_sub(phrase.cooldown);
            let change =
                Change::Stream(StreamChange::AnswerPhrase { phrase: phrase.id.clone(), rested_since });
            let decision =
                Decision { changes: vec![change], effects: vec![Effect::Say(message::own_line(text))] };
            match ctx.commit(Some(&line.event), now, decision).await? {
                Commit::Applied => {
                    ctx.rest(phrase, now, true);
                    return Ok(Some(Outcome::Done));
                }
                Commit::Duplicate => return Ok(Some(Outcome::Duplicate)),
                // Another process has answered this phrase, so it is on cooldown. The message may contain
                // another phrase.
                Commit::Stale => ctx.rest(phrase, now, false),
            }
        }
        Ok(Some(Outcome::Ignored))
    })
    .await
}

/// The writer of a message. They are read from the table only if a phrase is limited to members or followers.
struct Writer<'a> {
    person: &'a Person,
    loaded: Option<LoadedViewer>,
}

impl Writer<'_> {
    async fn may_trigger(
        &mut self,
        store: &Store,
        access: Access,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if matches!(access, Access::Members | Access::Followers) && self.loaded.is_none() {
            self.loaded = Some(store.load(&self.person.id, None).await?);
        }
        let member = self.loaded.as_ref().is_some_and(|loaded| loaded.account.is_member(now));
        let profile = self.loaded.as_ref().and_then(|loaded| loaded.profile.as_ref());
        let follower = profile.is_some_and(|profile| profile.follower.is_some());
        Ok(access.admits(self.person, member, follower))
    }

    /// The state of the stream if the placeholders of `line` need it; the default state if they do not.
    async fn stream_for(&self, store: &Store, line: &str) -> Result<StreamState, StoreError> {
        let wanted = ["title", "uptime"].into_iter().any(|name| placeholders::holds(line, name));
        match &self.loaded {
            _ if !wanted => Ok(StreamState::default()),
            Some(loaded) => Ok(loaded.stream.clone()),
            None => store.stream().await,
        }
    }
}
