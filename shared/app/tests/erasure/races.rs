//! Erasure while the same viewer and others are active.

use futures_util::future::{join, join_all};
use ownchatbot_app::erasure::finish_erasures;
use ownchatbot_app::tick::on_tick;
use ownchatbot_app::{AppError, Outcome, chat, queue};
use ownchatbot_domain::reward::Guard;
use ownchatbot_domain::{Change, Decision, QueueChange, Redemption, RewardChange, Span, Status};
use ownchatbot_store::Commit;
use ownchatbot_testkit::builders::{chat_line, event, points};
use ownchatbot_testkit::faults::Fault;

use crate::{ErasureTest, id};

const EVERYTHING: &[Fault] =
    &[Fault::Conflict, Fault::Throttled, Fault::LostAnswer, Fault::Unreachable, Fault::Partly];

/// Whether the outcome is a success or an error that a retry can cure.
fn can_succeed<T>(outcome: &Result<T, AppError>) -> bool {
    !matches!(outcome, Err(AppError::Store(_)))
}

#[tokio::test]
async fn concurrent_erasure_and_activity_keep_totals_correct() {
    for (seed, percent) in [(1, 0), (2, 0), (3, 15), (4, 15)] {
        let test = ErasureTest::new().await;
        test.bot.faults.at_random(percent, EVERYTHING, seed);
        test.bot.clock.push(Span::minutes(10));
        let (ann, bob, now) = (&test.ann, &test.bob, test.bot.now());
        let mut lines = Vec::new();
        for _ in 0..4 {
            for (person, text) in [
                (ann, "!hydrate"),
                (ann, "!wave hello"),
                (ann, "!green"),
                (ann, "!charity 3"),
                (ann, "!confetti"),
                (ann, "!give Bob 1"),
                (ann, "!top off"),
                (bob, "!charity 2"),
                (bob, "!give Annabelle 1"),
                (bob, "!wave"),
            ] {
                lines.push(chat_line(&format!("race-{}", lines.len()), person, text, now));
            }
        }
        fastrand::Rng::with_seed(seed).shuffle(&mut lines);
        let said = join_all(lines.iter().map(|line| chat::on_chat(&test.bot.context, line)));
        let waiting = test.bot.store().waiting(100).await.unwrap_or_default();
        let closing = join_all(waiting.iter().enumerate().map(async |(n, entry)| {
            let to = if n % 2 == 0 { Status::Fulfilled } else { Status::Refunded };
            let closed = event(&format!("close-{}", entry.event.id()));
            queue::on_close(&test.bot.context, &closed, &entry.key(), to).await
        }));
        let ticks = on_tick(&test.bot.context, &test.owncast, now);
        let erasure = async {
            let outcome = test.erase("erase").await;
            let again = finish_erasures(&test.bot.context).await;
            (outcome, again)
        };
        let (((outcome, again), said), (closed, _)) = join(join(erasure, said), join(closing, ticks)).await;
        assert!(outcome != Outcome::Ignored && can_succeed(&again), "{outcome:?} {again:?}");
        assert!(said.iter().all(can_succeed) && closed.iter().all(can_succeed), "{said:?} {closed:?}");
        test.bot.faults.stop();
        finish_erasures(&test.bot.context).await.unwrap();
        test.bot.verify_totals().await;
        // A viewer who came back during the erasure can be erased again, this time without concurrent
        // activity.
        test.bot.clock.push(Span::seconds(1));
        test.erase("again").await;
        finish_erasures(&test.bot.context).await.unwrap();
        test.delete_erasure_record().await;
        let mut traces = test.traces().await;
        traces.retain(|key| !key.starts_with("VIEWER#id-Bob / LEDGER#"));
        assert_eq!(traces, [""; 0], "with seed {seed}");
    }
}

#[tokio::test]
async fn decision_from_before_the_erasure_is_not_committed() {
    let test = ErasureTest::new().await;
    let (ann, now) = (&test.ann, test.bot.now());
    let loaded = test.bot.store().load(&ann.id, Some(&id("wave"))).await.unwrap();
    let stream = loaded.stream.counting();
    let free = event("free");
    let redemption = Redemption {
        event: free.clone(),
        at: now,
        reward: id("wave"),
        reward_name: "wave".to_owned(),
        viewer: ann.id.clone(),
        viewer_name: ann.name.clone(),
        price: points(0),
        note: None,
        note_hidden: false,
        stream: stream.clone(),
        status: Status::Waiting,
        automatic: false,
    };
    let decision = |used_before| {
        let used = Change::Reward(RewardChange::Use {
            reward: id("wave"),
            viewer: ann.id.clone(),
            points: points(0),
            stream: stream.clone(),
            everybody: Guard { same_stream: true, ..Guard::default() },
            own: Guard { same_stream: used_before, ..Guard::default() },
        });
        Decision::changes(vec![used, Change::Queue(QueueChange::Enqueue(redemption.clone()))])
    };
    let write = async |decision| test.bot.store().commit(Some(&free), now, &decision).await.unwrap();
    test.erase_in_part(1).await;
    // The viewer's use of the reward is still there, so only the balance shows the erasure.
    assert_eq!(write(decision(true)).await, Commit::Stale);
    finish_erasures(&test.bot.context).await.unwrap();
    // To this decision it looks like the viewer's first use.
    assert_eq!(write(decision(false)).await, Commit::Stale);
    test.delete_erasure_record().await;
    test.is_erased().await;
}

#[tokio::test]
async fn command_during_an_erasure_is_left_to_catching_up() {
    let test = ErasureTest::new().await;
    test.erase_in_part(1).await;
    let mut hook = test.bot.another_process();
    hook.deadline = std::time::Duration::from_millis(150);
    test.bot.clock.push(Span::seconds(1));
    let line = chat_line("m", &test.ann, "!hydrate", test.bot.now());
    let failed = chat::on_chat(&hook, &line).await;
    assert!(matches!(failed, Err(AppError::Contended { .. })), "{failed:?}");
    test.owncast.remembers(std::slice::from_ref(&line));
    test.bot.verify_totals().await;
    // The watchdog continues erasures before it catches up.
    test.watch().await;
    test.bot.clock.push(Span::minutes(1));
    chat::on_chat(&test.bot.context, &line).await.unwrap();
    assert_eq!(test.bot.lines(&event("m")).await, ["Annabelle redeemed hydrate."]);
    assert_eq!(test.balance().await, Some(50));
}
