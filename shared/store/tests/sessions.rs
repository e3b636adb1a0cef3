//! Sessions, the proofs that open them, and counts of wrong codes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use futures_util::future::join_all;
use ownchatbot_domain::decide::LinkRequest;
use ownchatbot_domain::{AccessChange, Change, Decision, KeyedHash, Person, Span, Timestamp};
use ownchatbot_store::{Commit, Offer, Session, SignInProof};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::person;

fn hash(digits: &str) -> KeyedHash {
    KeyedHash::of_digits(digits)
}

/// A bot without rewards, and Ann.
async fn bot_and_ann() -> (Bot, Person) {
    let (bot, ann) = (Bot::with_rewards(&[]).await, person("Ann"));
    bot.endow(&ann, 10).await;
    (bot, ann)
}

async fn commit(bot: &Bot, change: Change) -> Commit {
    let decision = Decision::change(change);
    bot.store().commit(Some(&bot.fresh_event()), bot.now(), &decision).await.unwrap()
}

/// Offers `person` a sign-in with two proofs, in the epoch 3.
async fn offer(bot: &Bot, person: &Person, proof_hashes: [&str; 2], until: Timestamp) {
    let proof_hashes = proof_hashes.map(hash).to_vec();
    let change = Change::Access(AccessChange::OfferSignIn {
        viewer: person.id.clone(),
        epoch: 3,
        proof_hashes,
        until,
    });
    assert_eq!(commit(bot, change).await, Commit::Applied);
}

fn link(person: &Person, proof: &str) -> Change {
    Change::Access(AccessChange::Link { proof: hash(proof), viewer: person.id.clone(), epoch: 3 })
}

fn session(bot: &Bot, person: &Person) -> Session {
    Session { viewer: person.id.clone(), epoch: 3, until: bot.now().saturating_add(Span::days(30)) }
}

async fn open(bot: &Bot, proof: SignInProof<'_>, id: &str, session: &Session) -> Commit {
    bot.store().open_session(proof, &hash(id), session).await.unwrap()
}

async fn found(bot: &Bot, id: &str) -> Option<Session> {
    bot.store().session(&hash(id)).await.unwrap()
}

#[tokio::test]
async fn offer_is_found_by_each_proof() {
    let (bot, ann) = bot_and_ann().await;
    let until = bot.now().saturating_add(Span::minutes(5));
    assert_eq!(bot.store().offer(&hash("c0de")).await.unwrap(), None);
    offer(&bot, &ann, ["c0de", "11"], until).await;
    for proof in ["c0de", "11"] {
        let there = bot.store().offer(&hash(proof)).await.unwrap();
        assert_eq!(there, Some(Offer { viewer: ann.id.clone(), epoch: 3, until }));
        // An offer is no link request.
        assert_eq!(bot.store().link_request(&hash(proof)).await.unwrap(), None);
    }
    assert_eq!(bot.store().offer(&hash("c0d")).await.unwrap(), None);
}

#[tokio::test]
async fn proof_opens_one_session_and_keeps_the_other_proof() {
    let (bot, ann) = bot_and_ann().await;
    offer(&bot, &ann, ["c0de", "11"], bot.now()).await;
    let (session, code, link) = (session(&bot, &ann), hash("c0de"), hash("11"));
    assert_eq!(found(&bot, "a").await, None);
    assert_eq!(open(&bot, SignInProof::Offered(&code), "a", &session).await, Commit::Applied);
    assert_eq!(found(&bot, "a").await, Some(session.clone()));
    assert_eq!(bot.store().offer(&code).await.unwrap(), None);
    assert_eq!(open(&bot, SignInProof::Offered(&code), "b", &session).await, Commit::Stale);
    assert_eq!(found(&bot, "b").await, None);
    // Another kind of proof with this hash does not work, and no session id works twice.
    assert_eq!(open(&bot, SignInProof::Linked(&link), "b", &session).await, Commit::Stale);
    assert_eq!(open(&bot, SignInProof::Offered(&link), "a", &session).await, Commit::Stale);
    assert!(bot.store().offer(&link).await.unwrap().is_some(), "a failed sign-in uses up no proof");
    assert_eq!(open(&bot, SignInProof::Offered(&link), "b", &session).await, Commit::Applied);
}

#[tokio::test]
async fn concurrent_sign_ins_use_a_proof_once() {
    let (bot, ann) = bot_and_ann().await;
    for round in 0..4 {
        let (code, link) = (format!("c0de{round}"), format!("11{round}"));
        offer(&bot, &ann, [&code, &link], bot.now()).await;
        let (proof, session) = (hash(&code), session(&bot, &ann));
        let ids: Vec<String> = (0..12).map(|n| format!("{round}a{n}")).collect();
        let race = join_all(
            ids.iter().map(|id| open_with_retries(&bot, SignInProof::Offered(&proof), id, &session)),
        )
        .await;
        let applied: Vec<bool> = race.iter().map(|commit| *commit == Commit::Applied).collect();
        assert_eq!(applied.iter().filter(|applied| **applied).count(), 1, "{race:?}");
        for (id, applied) in ids.iter().zip(applied) {
            assert_eq!(found(&bot, id).await.is_some(), applied, "{id}");
        }
    }
}

/// Opens a session, again after each transaction conflict.
async fn open_with_retries(bot: &Bot, proof: SignInProof<'_>, id: &str, session: &Session) -> Commit {
    for _ in 0..200 {
        if let Ok(commit) = bot.store().open_session(proof, &hash(id), session).await {
            return commit;
        }
    }
    panic!("could not open the session {id} in 200 tries")
}

#[tokio::test]
async fn link_request_waits_until_its_code_is_typed() {
    let (bot, ann) = bot_and_ann().await;
    let (proof, until) = (hash("d0"), bot.now().saturating_add(Span::minutes(5)));
    let request = async || bot.store().link_request(&proof).await.unwrap();
    assert_eq!(request().await, None);
    assert_eq!(commit(&bot, link(&ann, "d0")).await, Commit::Stale, "no panel shows this code");
    assert_eq!(request().await, None);
    bot.store().request_link(&proof, until).await.unwrap();
    let waits = LinkRequest { proof: proof.clone(), until, viewer: None, epoch: 0 };
    assert_eq!(request().await, Some(waits.clone()));
    assert_eq!(bot.store().offer(&proof).await.unwrap(), None, "a link request is no offer");
    // Asking again extends the time.
    let later = until.saturating_add(Span::minutes(1));
    bot.store().request_link(&proof, later).await.unwrap();
    assert_eq!(request().await, Some(LinkRequest { until: later, ..waits.clone() }));
    assert_eq!(commit(&bot, link(&ann, "d0")).await, Commit::Applied);
    let typed = LinkRequest { until: later, viewer: Some(ann.id.clone()), epoch: 3, ..waits };
    assert_eq!(request().await, Some(typed.clone()));
    // Neither the panel nor another viewer can change that.
    bot.store().request_link(&proof, later.saturating_add(Span::minutes(1))).await.unwrap();
    assert_eq!(commit(&bot, link(&person("Bob"), "d0")).await, Commit::Stale);
    assert_eq!(request().await, Some(typed));
    let session = session(&bot, &ann);
    assert_eq!(open(&bot, SignInProof::Offered(&proof), "a", &session).await, Commit::Stale);
    assert_eq!(open(&bot, SignInProof::Linked(&proof), "a", &session).await, Commit::Applied);
    assert_eq!(open(&bot, SignInProof::Linked(&proof), "b", &session).await, Commit::Stale);
    assert_eq!((request().await, found(&bot, "a").await), (None, Some(session)));
}

#[tokio::test]
async fn expired_link_code_is_rejected() {
    let (bot, ann) = bot_and_ann().await;
    let until = bot.now().saturating_add(Span::minutes(5));
    bot.store().request_link(&hash("d0"), until).await.unwrap();
    bot.clock.set(until);
    assert_eq!(commit(&bot, link(&ann, "d0")).await, Commit::Stale);
    bot.clock.set(Timestamp::from_ms(until.ms() - 1));
    assert_eq!(commit(&bot, link(&ann, "d0")).await, Commit::Applied);
}

#[tokio::test]
async fn only_an_existing_session_can_be_extended() {
    let (bot, ann) = bot_and_ann().await;
    offer(&bot, &ann, ["c0de", "11"], bot.now()).await;
    let session = session(&bot, &ann);
    open(&bot, SignInProof::Offered(&hash("c0de")), "a", &session).await;
    let later = session.until.saturating_add(Span::days(1));
    bot.store().extend_session(&hash("a"), later).await.unwrap();
    assert_eq!(found(&bot, "a").await, Some(Session { until: later, ..session.clone() }));
    let ttl = |item: std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue>| -> i64 {
        item["ttl"].as_n().unwrap().parse().unwrap()
    };
    assert_eq!(bot.table.item("SESSION#a", "SESSION").await.map(ttl), Some(later.seconds()));
    bot.store().extend_session(&hash("b"), later).await.unwrap();
    assert_eq!(found(&bot, "b").await, None);
}

#[tokio::test]
async fn ending_a_session_keeps_the_others() {
    let (bot, ann) = bot_and_ann().await;
    offer(&bot, &ann, ["c0de", "11"], bot.now()).await;
    let session = session(&bot, &ann);
    open(&bot, SignInProof::Offered(&hash("c0de")), "a", &session).await;
    open(&bot, SignInProof::Offered(&hash("11")), "b", &session).await;
    for _ in 0..2 {
        bot.store().end_session(&hash("a")).await.unwrap();
        assert_eq!((found(&bot, "a").await, found(&bot, "b").await), (None, Some(session.clone())));
    }
    // Extending an ended session does not bring it back.
    bot.store().extend_session(&hash("a"), session.until).await.unwrap();
    assert_eq!(found(&bot, "a").await, None);
}

#[tokio::test]
async fn ending_all_sessions_raises_the_epoch() {
    let (bot, ann) = bot_and_ann().await;
    bot.endow(&person("Bob"), 10).await;
    let epoch = async |person: &Person| {
        bot.store().load(&person.id, None).await.unwrap().profile.map(|profile| profile.epoch)
    };
    let (first, bobs) = (epoch(&ann).await.unwrap(), epoch(&person("Bob")).await);
    for n in 1..=3 {
        assert_eq!(
            commit(&bot, Change::Access(AccessChange::EndSessions { viewer: ann.id.clone() })).await,
            Commit::Applied
        );
        assert_eq!((epoch(&ann).await, epoch(&person("Bob")).await), (Some(first + n), bobs));
    }
    let unknown = Change::Access(AccessChange::EndSessions { viewer: person("Zoë").id });
    assert_eq!(commit(&bot, unknown).await, Commit::Stale);
    assert_eq!(epoch(&person("Zoë")).await, None);
}

/// Sessions and offers from before the erasure must stay invalid.
#[tokio::test]
async fn viewer_who_returns_after_erasure_gets_a_higher_epoch() {
    let (bot, ann) = bot_and_ann().await;
    // Only the first step of an erasure is carried out here: the old ledger stays.
    bot.table.allow_violations();
    let epoch = async || bot.store().load(&ann.id, None).await.unwrap().profile.unwrap().epoch;
    for _ in 0..3 {
        commit(&bot, Change::Access(AccessChange::EndSessions { viewer: ann.id.clone() })).await;
    }
    let before = epoch().await;
    for item in ["PROFILE", "BALANCE"] {
        bot.table.remove("VIEWER#id-Ann", item).await;
    }
    bot.clock.push(Span::seconds(1));
    bot.endow(&ann, 100).await;
    assert!(epoch().await > before);
}

#[tokio::test]
async fn wrong_codes_are_counted_by_hash_and_window() {
    let (bot, _) = bot_and_ann().await;
    let (now, next) = (bot.now(), bot.now().saturating_add(Span::minutes(10)));
    let (all, one, two) = (hash("a11"), hash("1"), hash("2"));
    let counts = async |window| {
        let who = [all.clone(), one.clone(), two.clone()];
        bot.store().wrong_codes(&who, window).await.unwrap()
    };
    assert_eq!(counts(now).await, [0, 0, 0]);
    for who in [&one, &one, &two] {
        bot.store().count_wrong_code(&[all.clone(), who.clone()], now).await.unwrap();
    }
    bot.store().count_wrong_code(std::slice::from_ref(&all), now).await.unwrap();
    assert_eq!((counts(now).await, counts(next).await), (vec![4, 2, 1], vec![0, 0, 0]));
    assert_eq!(bot.store().wrong_codes(&[two.clone(), all.clone()], now).await.unwrap(), [1, 4]);
    assert_eq!(bot.store().wrong_codes(&[], now).await.unwrap(), [0; 0]);
}

#[tokio::test]
async fn concurrent_wrong_codes_are_all_counted() {
    let (bot, _) = bot_and_ann().await;
    let (now, who) = (bot.now(), [hash("a11")]);
    let counted = join_all((0..20).map(|_| bot.store().count_wrong_code(&who, now))).await;
    assert!(counted.iter().all(Result::is_ok), "{counted:?}");
    assert_eq!(bot.store().wrong_codes(&who, now).await.unwrap(), [20]);
}

/// DynamoDB's time to live deletes all of them.
#[tokio::test]
async fn every_sign_in_item_has_a_ttl() {
    let (bot, ann) = bot_and_ann().await;
    let until = bot.now().saturating_add(Span::minutes(5));
    offer(&bot, &ann, ["c0de", "11"], until).await;
    bot.store().request_link(&hash("d0"), until).await.unwrap();
    bot.store().count_wrong_code(&[hash("a11")], bot.now()).await.unwrap();
    open(&bot, SignInProof::Offered(&hash("11")), "a", &session(&bot, &ann)).await;
    let items = bot.table.items().await;
    let ends: Vec<String> = items
        .iter()
        .filter(|item| {
            let pk = item["pk"].as_s().unwrap();
            ["SIGNIN#", "SESSION#", "WRONG#"].iter().any(|kind| pk.starts_with(kind))
        })
        .map(|item| {
            let end: i64 = item["ttl"].as_n().unwrap().parse().unwrap();
            let kind = item.get("kind").map_or("count", |kind| kind.as_s().unwrap());
            format!("{kind} after {} min", (end - bot.now().seconds()) / 60)
        })
        .collect();
    assert_eq!(
        ends,
        ["session after 43200 min", "offer after 5 min", "link after 5 min", "count after 60 min"]
    );
}
