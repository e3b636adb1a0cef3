//! What every use case works with: the table, the clock, and what a warm process remembers.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ownchatbot_domain::phrase::Phrase;
use ownchatbot_domain::settings::PointsName;
use ownchatbot_domain::{Config, Decision, EventId, Person, PhraseId, Span, Timestamp};

use crate::SigningKey;
use crate::cached::Cached;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use ownchatbot_store::{Commit, Store, StoreError};
use ownchatbot_texts::{Language, Texts};

/// How old the remembered configuration may be.
const CONFIG_AGE: Span = Span::seconds(5);

/// The most viewers that are cached as known; the cache is cleared when it is full.
const MAX_KNOWN: usize = 20_000;

/// The table, the clock, and what a warm process remembers.
#[derive(Debug)]
pub struct Context<C> {
    /// The table.
    pub store: Store,
    /// The clock.
    pub clock: C,
    /// How long a command is retried while other writers contend. Below the function's own time-out, and
    /// short: Owncast's chat waits for the hook.
    pub deadline: Duration,
    /// How long a delivery that failed waits for its second quick try.
    pub retry_delay: Duration,
    /// The words for what the bot says.
    pub texts: &'static Texts,
    /// What sign-ins are made with; nothing in functions that let nobody in.
    pub signing: Option<SigningKey>,
    config: Cached<Config>,
    known: Mutex<HashSet<u64>>,
    rests: Mutex<HashMap<PhraseId, Rest>>,
}

/// A phrase that has just been answered.
#[derive(Debug, Clone, Copy)]
struct Rest {
    until: Timestamp,
    /// The setting at the time; another one ends the rest.
    cooldown: Span,
}

impl<C> Context<C> {
    /// A process that remembers nothing yet.
    pub fn new(store: Store, clock: C) -> Self {
        Self {
            store,
            clock,
            deadline: Duration::from_millis(2500),
            retry_delay: Duration::from_millis(250),
            texts: Texts::of(Language::English),
            signing: None,
            config: Cached::new(CONFIG_AGE),
            known: Mutex::default(),
            rests: Mutex::default(),
        }
    }

    /// The same, which speaks the language of `texts`.
    #[must_use]
    pub fn speaking(self, texts: &'static Texts) -> Self {
        Self { texts, ..self }
    }

    /// The same, which can let viewers into the panel.
    #[must_use]
    pub fn signing(self, key: SigningKey) -> Self {
        Self { signing: Some(key), ..self }
    }
}

impl<C: Clock> Context<C> {
    /// What the streamer has set up, at most 5 s old. Who finds it young enough waits for nobody's read.
    ///
    /// # Errors
    /// [`StoreError`] when it is older and cannot be read again.
    pub async fn config(&self) -> Result<Arc<Config>, StoreError> {
        self.config.get(&self.clock, self.store.config()).await
    }
}

impl<C: Clock> Context<C> {
    /// Puts the messages of `decision` into words and writes it; see [`Store::commit`].
    ///
    /// # Errors
    /// [`StoreError`] when the configuration cannot be read, which has the streamer's word for points, or when
    /// it is unknown whether the decision was written.
    pub(crate) async fn commit(
        &self,
        event: Option<&EventId>,
        at: Timestamp,
        decision: Decision,
    ) -> Result<Commit, StoreError> {
        let worded = if decision.effects.is_empty() {
            Decision::changes(decision.changes)
        } else {
            self.worded(decision, &self.config().await?.settings.points.name)
        };
        self.store.commit(event, at, &worded).await
    }

    /// `decision` with its messages in words.
    pub(crate) fn worded(&self, decision: Decision, points: &PointsName) -> Decision<String> {
        let Decision { changes, effects } = decision;
        let chat = |message| self.texts.chat(&message, points);
        let page = |message| self.texts.panel(&message, points);
        Decision { changes, effects: effects.into_iter().map(|effect| effect.worded(chat, page)).collect() }
    }

    /// The same as [`Self::config`], tried again while the table is busy.
    ///
    /// # Errors
    /// [`AppError`] when it is busy for too long, or cannot be read.
    pub(crate) async fn settled_config(&self) -> Result<Arc<Config>, AppError> {
        retry_until_deadline(self.deadline, |_| async { self.config().await.map(Some) }).await
    }
}

impl<C> Context<C> {
    /// Whether this process has met `person` under this name and with these rights.
    pub(crate) fn knows(&self, person: &Person) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(&fingerprint(person))
    }

    /// Whether this process knows that `phrase` rests.
    pub(crate) fn rests(&self, phrase: &Phrase, now: Timestamp) -> bool {
        let rests = self.rests.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back must not keep it at rest.
        let still = |rest: &Rest| {
            rest.cooldown == phrase.cooldown && now < rest.until && rest.until.since(now) <= rest.cooldown
        };
        rests.get(&phrase.id).is_some_and(still)
    }

    /// Remembers that `phrase` rests: from now on when this process has answered it, else for a few seconds, since
    /// nobody told when its rest began.
    pub(crate) fn rest(&self, phrase: &Phrase, now: Timestamp, answered: bool) {
        let length = if answered { phrase.cooldown } else { phrase.cooldown.min(CONFIG_AGE) };
        let rest = Rest { until: now.saturating_add(length), cooldown: phrase.cooldown };
        self.rests.lock().unwrap_or_else(PoisonError::into_inner).insert(phrase.id.clone(), rest);
    }

    pub(crate) fn remember(&self, person: &Person) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(fingerprint(person));
    }
}

fn fingerprint(person: &Person) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&person.id, &person.name, person.authenticated, person.moderator, person.banned).hash(&mut hasher);
    hasher.finish()
}
