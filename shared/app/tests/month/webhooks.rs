//! Owncast's webhooks, which are sometimes lost, late or repeated, and what they change.

use ownchatbot_app::{Outcome, OwncastEvent, on_event};
use ownchatbot_domain::{Person, Timestamp};
use ownchatbot_testkit::builders::event;

use crate::bookkeeper::Typed;
use crate::events::{PlannedEvent, Webhook};
use crate::harness::MonthTest;

impl MonthTest {
    /// Owncast sends a webhook, once.
    pub(crate) fn sends(&mut self, webhook: &Webhook) {
        let percent = if self.away { 80 } else { 10 };
        if !self.quiet && self.failure_rng.u8(0..100) < percent {
            self.tally.lost += 1;
            return;
        }
        for delay in self.delays(30, 400) {
            self.agenda.plan(self.now + delay, PlannedEvent::Arrives(webhook.clone()));
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

    /// Passes a webhook to the bot. It is not sent again when that fails.
    pub(crate) async fn arrives(&mut self, webhook: &Webhook) {
        let now = self.bot_time();
        match on_event(&self.hook, &self.as_sent(webhook)).await {
            Ok(outcome) => {
                self.notes(webhook, now);
                let silent = matches!(webhook, Webhook::Chat(line) if line.typed == Typed::Plain);
                if !silent && outcome == Outcome::Done {
                    self.deliver_new_rows(true).await;
                } else if self.faulty {
                    // After a lost response, an event that was applied looks like a repeat.
                    self.deliver_new_rows(true).await;
                }
            }
            Err(error) => {
                assert!(self.faulty, "{webhook:?}: {error:?}");
                self.tally.errors += 1;
                self.read_webhook_result(webhook, now).await;
                self.deliver_new_rows(true).await;
            }
        }
    }

    /// Records a handled webhook in the books.
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
