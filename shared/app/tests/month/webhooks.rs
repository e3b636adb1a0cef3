//! Owncast's webhooks: lost, late and repeated on their way, and what the bot makes of them.

use ownchatbot_app::{Outcome, OwncastEvent, on_event};
use ownchatbot_domain::{Person, Timestamp};
use ownchatbot_testkit::builders::event;

use crate::bookkeeper::Typed;
use crate::happening::{Happening, Webhook};
use crate::harness::MonthTest;

impl MonthTest {
    /// Owncast sends a webhook, once.
    pub(crate) fn sends(&mut self, webhook: &Webhook) {
        let percent = if self.away { 80 } else { 10 };
        if !self.quiet && self.trouble.u8(0..100) < percent {
            self.tally.lost += 1;
            return;
        }
        for delay in self.delays(30, 400) {
            self.agenda.plan(self.now + delay, Happening::Arrives(webhook.clone()));
        }
    }

    fn person(&self, viewer: usize, name: &str) -> Person {
        Person { name: name.to_owned(), ..self.truth.people[viewer].clone() }
    }

    fn as_sent(&self, webhook: &Webhook) -> OwncastEvent {
        let now = Timestamp::from_ms(self.bot_time());
        match webhook {
            Webhook::Chat(line) => OwncastEvent::Chat(self.truth.chat(line)),
            Webhook::Joined(viewer, name) => {
                OwncastEvent::Joined { event: event("joined"), person: self.person(*viewer, name), at: now }
            }
            Webhook::Parted(viewer, name) => {
                OwncastEvent::Parted { event: event("parted"), person: self.person(*viewer, name), at: now }
            }
            Webhook::Renamed(id, viewer, name) => {
                OwncastEvent::Renamed { event: event(id), person: self.person(*viewer, name), at: now }
            }
            Webhook::Started(id, at) => OwncastEvent::StreamStarted {
                event: event(id),
                title: "A stream".to_owned(),
                at: Timestamp::from_ms(*at),
            },
            Webhook::Stopped(id, at) => {
                OwncastEvent::StreamStopped { event: event(id), at: Timestamp::from_ms(*at) }
            }
        }
    }

    /// A webhook reaches the bot. Nobody sends it again when that fails.
    pub(crate) async fn arrives(&mut self, webhook: &Webhook) {
        let now = self.bot_time();
        match on_event(&self.hook, &self.as_sent(webhook)).await {
            Ok(outcome) => {
                self.notes(webhook, now);
                let silent = matches!(webhook, Webhook::Chat(line) if line.typed == Typed::Plain);
                if !silent && outcome == Outcome::Done {
                    self.looks_around(true).await;
                } else if self.faulty {
                    // An answer that was lost makes what was done look like a repeat.
                    self.looks_around(true).await;
                }
            }
            Err(error) => {
                assert!(self.faulty, "{webhook:?}: {error:?}");
                self.tally.errors += 1;
                self.asks_about(webhook, now).await;
                self.looks_around(true).await;
            }
        }
    }

    /// The bookkeeper is told of a webhook that was handled.
    pub(crate) fn notes(&mut self, webhook: &Webhook, now: i64) {
        let books = &mut self.books;
        match webhook {
            Webhook::Chat(line) => books.hears(line, now),
            Webhook::Joined(viewer, name) => books.joined(*viewer, name),
            Webhook::Parted(..) => {}
            Webhook::Renamed(id, viewer, name) => books.renamed(id, *viewer, name),
            Webhook::Started(_, at) => books.broadcasts.started(*at),
            Webhook::Stopped(_, at) => books.broadcasts.stopped(*at),
        }
    }
}
