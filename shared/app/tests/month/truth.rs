//! What really happens in Owncast: who is in chat, what is typed, whether the stream is live.

use std::collections::VecDeque;

use fastrand::Rng;
use ownchatbot_app::event::{ChatLine, StreamStatus};
use ownchatbot_domain::{Person, Timestamp};
use ownchatbot_testkit::builders::{chat_line, moderator, person};
use ownchatbot_testkit::scripted::ScriptedOwncast;

use crate::bookkeeper::{Line, MINUTE, Ms, Remembered, Typed};

const NAMES: [&str; 10] = ["Meg", "Ann", "Bob", "Cleo", "Dan", "Eve", "Fox", "Gus", "Hal", "Ida"];
/// How many of a hundred evenings each viewer attends.
pub(crate) const LOYALTY: [u8; 10] = [95, 97, 90, 80, 70, 60, 50, 40, 20, 10];
/// The most messages in Owncast's history.
const KEPT: usize = 50;

pub(crate) struct Truth {
    pub(crate) rng: Rng,
    pub(crate) people: Vec<Person>,
    tabs: Vec<u8>,
    renamed: u32,
    pub(crate) online: bool,
    pub(crate) since: Ms,
    history: VecDeque<Remembered>,
    pub(crate) lines: Vec<Line>,
    pub(crate) events: u32,
}

impl Truth {
    pub(crate) fn new(seed: u64, now: Ms) -> Self {
        let people = NAMES.iter().map(|name| if *name == "Meg" { moderator(name) } else { person(name) });
        Self {
            rng: Rng::with_seed(seed),
            people: people.collect(),
            tabs: vec![0; NAMES.len()],
            renamed: 0,
            online: false,
            since: now,
            history: VecDeque::new(),
            lines: Vec::new(),
            events: 0,
        }
    }

    /// Whether something happens that has this probability, in thousandths.
    pub(crate) fn with_probability(&mut self, thousandths: u32) -> bool {
        self.rng.u32(0..1000) < thousandths
    }

    pub(crate) fn event(&mut self, kind: &str) -> String {
        self.events += 1;
        format!("{kind}-{:06}", self.events)
    }

    pub(crate) fn name(&self, viewer: usize) -> String {
        self.people[viewer].name.clone()
    }

    pub(crate) fn opens(&mut self, viewer: usize, tabs: u8) -> bool {
        let first = self.tabs[viewer] == 0;
        self.tabs[viewer] += tabs;
        first
    }

    pub(crate) fn closes(&mut self, viewer: usize) -> bool {
        std::mem::take(&mut self.tabs[viewer]) > 0
    }

    pub(crate) fn is_there(&self, viewer: usize) -> bool {
        self.tabs[viewer] > 0
    }

    pub(crate) fn present(&self) -> Vec<(usize, String)> {
        (0..self.people.len()).filter(|viewer| self.is_there(*viewer)).map(|n| (n, self.name(n))).collect()
    }

    /// Gives a viewer a name that was not used before, and returns it.
    pub(crate) fn renames(&mut self, viewer: usize) -> String {
        self.renamed += 1;
        let name = format!("{}-the-{}th", NAMES[viewer], self.renamed);
        self.people[viewer].name.clone_from(&name);
        name
    }

    pub(crate) fn says(&mut self, viewer: usize, typed: Typed, at: Ms) -> Line {
        let line = Line { id: self.event("line"), viewer, name: self.name(viewer), typed, at };
        self.remembers(at, Some(line.clone()));
        self.lines.push(line.clone());
        line
    }

    pub(crate) fn remembers(&mut self, at: Ms, line: Option<Line>) {
        self.history.push_back(Remembered { at, line });
        while self.history.len() > KEPT {
            self.history.pop_front();
        }
    }

    pub(crate) fn history(&self) -> Vec<Remembered> {
        self.history.iter().cloned().collect()
    }

    /// A random message for `viewer` to type.
    pub(crate) fn choose_message(&mut self, viewer: usize, at: Ms, goals: &[Ms]) -> Typed {
        let running = goals.iter().position(|ends| at < *ends + 10 * MINUTE);
        match self.rng.u32(0..100) {
            0..50 => Typed::Plain,
            50..58 => Typed::Asks(["!points", "!streak", "!top", "!uptime"][self.rng.usize(0..4)]),
            58..70 => Typed::Redeems,
            70..76 => Typed::Votes,
            76..88 => match running {
                Some(goal) => Typed::Contributes(goal, self.rng.i64(5..40)),
                None => Typed::Asks("!points"),
            },
            _ if viewer == 0 && self.rng.bool() => {
                let name = self.event("tea");
                Typed::Times(self.rng.i64(10..400), name)
            }
            _ => {
                let to = self.rng.usize(0..self.people.len());
                Typed::Gives(self.name(to), self.rng.i64(1..30))
            }
        }
    }

    /// The writer of a line, with their name at that time.
    fn writer(&self, line: &Line) -> Person {
        Person { name: line.name.clone(), ..self.people[line.viewer].clone() }
    }

    pub(crate) fn chat(&self, line: &Line) -> ChatLine {
        chat_line(&line.id, &self.writer(line), &text(&line.typed), Timestamp::from_ms(line.at))
    }

    /// Gives the scripted Owncast the current status, clients and history.
    pub(crate) fn shows(&self, owncast: &ScriptedOwncast) {
        let tabs = self.people.iter().zip(&self.tabs);
        let clients: Vec<Person> =
            tabs.flat_map(|(person, tabs)| vec![person.clone(); usize::from(*tabs)]).collect();
        owncast.watched_by(&clients);
        let bot = Person { bot: true, ..person("The bot") };
        let said = |(n, said): (usize, &Remembered)| match &said.line {
            Some(line) => ChatLine { client: None, ..self.chat(line) },
            None => chat_line(&format!("bot-{n}"), &bot, "!hydrate", Timestamp::from_ms(said.at)),
        };
        owncast.remembers(&self.history.iter().enumerate().map(said).collect::<Vec<_>>());
        let since = Some(Timestamp::from_ms(self.since));
        let (connected_at, disconnected_at) = if self.online { (since, None) } else { (None, since) };
        let title = "A stream".to_owned();
        owncast.is(StreamStatus { online: self.online, title, connected_at, disconnected_at });
    }
}

fn text(typed: &Typed) -> String {
    match typed {
        Typed::Plain => "what a stream".to_owned(),
        Typed::Asks(command) => (*command).to_owned(),
        Typed::Redeems => "!hydrate".to_owned(),
        Typed::Votes => "!red".to_owned(),
        Typed::Contributes(goal, points) => format!("!charity{goal} {points}"),
        Typed::Gives(name, points) => format!("!give {name} {points}"),
        Typed::Times(seconds, name) => format!("!timer {seconds} {name}"),
    }
}
