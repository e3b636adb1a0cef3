//! Erasure of viewers, and the export of what is stored about them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod afterwards;
mod erased_data;
mod interrupted;
mod own_data;
mod races;

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use ownchatbot_app::erasure::{erase_viewer, finish_erasures};
use ownchatbot_app::sign_in::{self, SignIn};
use ownchatbot_app::tick::{TickReport, on_tick};
use ownchatbot_app::watchdog::{WatchReport, on_watchdog};
use ownchatbot_app::{Outcome, queue, stream};
use ownchatbot_domain::reward::{Kind, Note, Vote};
use ownchatbot_domain::{EventId, Person, Redemption, Reward, RewardId, Source, Span, Status, Usage};
use ownchatbot_schedules::Local;
use ownchatbot_testkit::bot::{Bot, signing_key};
use ownchatbot_testkit::builders::{person, redeem, reward, sample_rewards};
use ownchatbot_testkit::clock::ManualClock;
use ownchatbot_testkit::faults::Fault;
use ownchatbot_testkit::scripted::ScriptedOwncast;
use tokio::time::sleep;

/// The requests that change nothing.
const READS: [&str; 3] = ["GetItem", "BatchGetItem", "Query"];

/// An item of the table.
type Item = HashMap<String, AttributeValue>;

/// The bot after an evening on which Annabelle has used everything a viewer can, and Bob a little.
struct ErasureTest {
    bot: Bot,
    owncast: ScriptedOwncast,
    schedules: Local<ManualClock>,
    ann: Person,
    bob: Person,
}

/// The sample rewards, and some free ones.
fn rewards() -> Vec<Reward> {
    let free = [
        Reward { note: Note::Optional, ..redeem("wave", 0) },
        Reward { note: Note::Optional, ..redeem("cheer", 0) },
        reward("green", 0, Kind::Vote(Vote::default())),
    ];
    sample_rewards().into_iter().chain(free).collect()
}

fn id(name: &str) -> RewardId {
    RewardId::new(name).unwrap()
}

fn click(key: &str) -> EventId {
    EventId::new(Source::Click, key).unwrap()
}

impl ErasureTest {
    async fn new() -> Self {
        let bot = Bot::with_rewards(&rewards()).await;
        let schedules = Local::open(None, bot.clock.clone()).unwrap();
        let (ann, bob) = (person("Annabelle"), person("Bob"));
        let test = Self { bot, owncast: ScriptedOwncast::default(), schedules, ann, bob };
        test.evening().await;
        test
    }

    async fn evening(&self) {
        let Self { bot, owncast, ann, bob, .. } = self;
        bot.endow(ann, 2000).await;
        bot.endow(bob, 500).await;
        bot.goes_live().await;
        owncast.watched_by(&[ann.clone(), bob.clone()]);
        for _ in 0..2 {
            self.tick().await;
        }
        for (person, line) in [
            (ann, "!hydrate"),
            (ann, "!song My favourite"),
            (ann, "!wave to my mother"),
            (ann, "!cheer for Annabelle"),
            (ann, "!confetti"),
            (ann, "!red"),
            (ann, "!green"),
            (ann, "!charity 300"),
            (bob, "!charity 30"),
            (ann, "!give Bob 50"),
            (bob, "!give Annabelle 20"),
            (bob, "!hydrate"),
        ] {
            bot.answer(person, line).await;
            bot.clock.push(Span::seconds(1));
        }
        // Hydrate is refunded and wave is fulfilled; song and cheer still wait.
        for (place, to) in [(0, Status::Refunded), (1, Status::Fulfilled)] {
            self.close(&bot.queue().await[place], to).await;
        }
        bot.clock.push(Span::days(40));
        bot.answer(ann, "!confetti").await;
        bot.answer(ann, "!hydrate").await;
        // A handle on the Fediverse that the streamer has confirmed.
        stream::on_followed(&bot.context, &bot.fresh_event(), bot.now(), "belle@example.org", "Annabelle")
            .await
            .unwrap();
        let handle = AttributeValue::S("belle@example.org".to_owned());
        bot.table.tamper("VIEWER#id-Annabelle", "PROFILE", "follower", handle).await;
        self.sign_in("before").await;
        assert!(self.is_signed_in("before").await);
        bot.answer(ann, "!panel").await;
        self.bot.verify_totals().await;
    }

    /// Runs the next tick, ten minutes later.
    async fn tick(&self) -> TickReport {
        self.bot.clock.push(Span::minutes(10));
        on_tick(&self.bot.context, &self.owncast, self.bot.now()).await.unwrap()
    }

    async fn close(&self, redemption: &Redemption, to: Status) -> Outcome {
        let event = self.bot.fresh_event();
        queue::on_close(&self.bot.context, &event, &redemption.key(), to).await.unwrap()
    }

    /// Signs Annabelle in with the session `session`.
    async fn sign_in(&self, session: &str) {
        let (context, key) = (&self.bot.context, signing_key());
        let code = sign_in::code_to_type(context, &key, session).await.unwrap();
        self.bot.answer(&self.ann, &format!("!link {code}")).await;
        let signed_in = sign_in::confirm_link_code(context, &key, session, session).await.unwrap();
        assert!(matches!(signed_in, SignIn::Done(_)), "{signed_in:?}");
    }

    async fn is_signed_in(&self, session: &str) -> bool {
        sign_in::visitor(&self.bot.context, &signing_key(), session).await.unwrap().is_some()
    }

    async fn erase(&self, key: &str) -> Outcome {
        erase_viewer(&self.bot.context, &click(key), &self.ann.id).await.unwrap()
    }

    /// Erases Annabelle with a process that is killed after the first `writes` writes.
    async fn erase_in_part(&self, writes: u32) {
        let mut seen = 0;
        self.bot.faults.reset();
        self.bot.faults.plan(move |asked| {
            let write = !READS.contains(&asked);
            seen += u32::from(write);
            (write && seen > writes).then_some(Fault::Unreachable)
        });
        let broken = async {
            while self.bot.faults.happened() == 0 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            outcome = self.erase("erase") => panic!("{outcome:?} with {writes} writes"),
            () = broken => {}
        }
        self.bot.faults.stop();
    }

    /// Runs the watchdog as planned for now.
    async fn watch(&self) -> WatchReport {
        on_watchdog(&self.bot.context, &self.owncast, &self.schedules, self.bot.now()).await.unwrap()
    }

    /// Waits until the erasure record is due to be deleted, and has it deleted.
    async fn delete_erasure_record(&self) {
        self.bot.clock.push(Span::minutes(3));
        assert_eq!(finish_erasures(&self.bot.context).await.unwrap(), 0);
    }

    /// The usage of every reward by all viewers together.
    async fn usages(&self) -> Vec<(RewardId, Usage)> {
        let rewards: Vec<RewardId> = rewards().into_iter().map(|reward| reward.id).collect();
        let mut usages: Vec<_> = self.bot.store().usages(&rewards).await.unwrap().into_iter().collect();
        usages.sort_by(|a, b| a.0.cmp(&b.0));
        usages
    }

    /// The keys of the items that contain Annabelle's id, name, handle or text, except those that expire by
    /// themselves.
    async fn traces(&self) -> Vec<String> {
        let traces = self.bot.table.items().await.into_iter().filter(|item| !item.contains_key("ttl"));
        let of_her = |item: &Item| {
            let text = format!("{item:?}").to_lowercase();
            ["annabelle", "belle@", "my favourite", "my mother"].into_iter().any(|trace| text.contains(trace))
        };
        let key = |item: Item| {
            let text = |name: &str| item[name].as_s().unwrap().clone();
            format!("{} / {}", text("pk"), text("sk"))
        };
        traces.filter(of_her).map(key).collect()
    }

    /// Asserts that Annabelle's only traces are the gifts in Bob's ledger.
    #[track_caller]
    fn is_erased(&self) -> impl Future<Output = ()> + '_ {
        let caller = std::panic::Location::caller();
        async move {
            let traces = self.traces().await;
            let gifts = traces.iter().all(|key| key.starts_with("VIEWER#id-Bob / LEDGER#"));
            assert!(gifts && traces.len() == 2, "{caller}: {traces:#?}");
            self.bot.verify_totals().await;
        }
    }

    /// Annabelle's balance; `None` if she is unknown.
    async fn balance(&self) -> Option<i64> {
        let loaded = self.bot.store().load(&self.ann.id, None).await.unwrap();
        loaded.profile.map(|_| loaded.account.balance.get())
    }
}
