//! Changes of the configuration leave a row in the audit log, in their own transaction.

#![allow(clippy::unwrap_used, reason = "a test")]

use ownchatbot_domain::config::{Category, Section};
use ownchatbot_domain::settings::{PointsName, PointsSettings};
use ownchatbot_domain::{
    CategoryId, Change, ConfigEdit, Configure, Decision, EditTarget, Editor, EventId, Reward, Settings, Span,
    Timestamp, ViewerId,
};
use ownchatbot_store::{AuditEntry, Commit, Store};
use ownchatbot_testkit::builders::{event, goal, points, redeem};
use ownchatbot_testkit::table::TestTable;

/// 2026-11-30, a minute before midnight in UTC.
fn late() -> Timestamp {
    Timestamp::from_ms(1_796_083_140_000)
}

async fn configure(store: &Store, event: &EventId, at: Timestamp, change: &Configure) -> Commit {
    let changes = vec![Change::Configure(change.clone())];
    store.commit(Some(event), at, &Decision::changes(changes)).await.unwrap()
}

fn renamed(name: &str) -> EditTarget {
    let before = Section::same_of(&Settings::default(), &Section::Points(PointsSettings::default()));
    let after = Section::Points(PointsSettings { name: PointsName::new(name), ..PointsSettings::default() });
    EditTarget::Settings { before, after }
}

#[tokio::test]
async fn the_log_tells_who_changed_what_before_and_after() {
    let table = TestTable::new().await;
    let moderator = Editor::Moderator(ViewerId::new("cleo").unwrap());
    let (first, night) = (goal("charity", 1000, &[250]), category("night"));
    let second = Reward { price: points(5), description: "Why not?".to_owned(), ..redeem("charity", 1) };
    let created = Configure {
        by: Editor::Streamer,
        edits: vec![
            ConfigEdit { seen: 0, target: renamed("coins") },
            ConfigEdit { seen: 0, target: EditTarget::Reward { before: None, after: Some(first.clone()) } },
            ConfigEdit { seen: 0, target: EditTarget::Category { before: None, after: Some(night.clone()) } },
        ],
    };
    let edited = EditTarget::Reward { before: Some(first), after: Some(second.clone()) };
    let edited = Configure::one(moderator, 1, edited);
    let deleted = Configure {
        by: Editor::Setup,
        edits: vec![
            ConfigEdit { seen: 2, target: EditTarget::Reward { before: Some(second), after: None } },
            ConfigEdit { seen: 1, target: EditTarget::Category { before: Some(night), after: None } },
        ],
    };
    for (name, minutes, change) in [("a", 0, &created), ("b", 1, &edited), ("c", 2, &deleted)] {
        let at = late().saturating_add(Span::minutes(minutes));
        assert_eq!(configure(&table.store, &event(name), at, change).await, Commit::Applied, "{name}");
    }
    let entry = |name: &str, minutes, change: &Configure| AuditEntry {
        at: late().saturating_add(Span::minutes(minutes)),
        event: event(name),
        by: change.by.clone(),
        edits: change.edits.clone(),
    };
    let november = table.store.audit_log(late(), 10).await.unwrap();
    assert_eq!(november, [entry("a", 0, &created)]);
    let december = late().saturating_add(Span::minutes(1));
    let entries = [entry("c", 2, &deleted), entry("b", 1, &edited)];
    assert_eq!(table.store.audit_log(december, 10).await.unwrap(), entries, "the newest first");
    assert_eq!(table.store.audit_log(december, 1).await.unwrap(), entries[..1]);
}

fn category(name: &str) -> Category {
    Category { id: CategoryId::new(name).unwrap(), name: name.to_owned(), on: true }
}

#[tokio::test]
async fn a_refused_or_repeated_change_leaves_no_row() {
    let table = TestTable::new().await;
    let change = Configure::one(Editor::Streamer, 0, renamed("coins"));
    assert_eq!(configure(&table.store, &event("a"), late(), &change).await, Commit::Applied);
    assert_eq!(configure(&table.store, &event("a"), late(), &change).await, Commit::Duplicate);
    assert_eq!(
        configure(&table.store, &event("b"), late(), &change).await,
        Commit::Stale,
        "version 0 is gone"
    );
    assert_eq!(table.store.audit_log(late(), 10).await.unwrap().len(), 1);
    let config = table.store.config().await.unwrap();
    assert_eq!((config.settings.points.name.other.as_str(), config.versions.section("points")), ("coins", 1));
}

#[tokio::test]
async fn edits_of_one_change_are_saved_together_or_not_at_all() {
    let table = TestTable::new().await;
    let reward = EditTarget::Reward { before: None, after: Some(redeem("hydrate", 50)) };
    let change = Configure {
        by: Editor::Streamer,
        edits: vec![
            ConfigEdit { seen: 0, target: reward },
            // Nobody has saved the points before, so this version cannot be the one that was read.
            ConfigEdit { seen: 7, target: renamed("coins") },
        ],
    };
    assert_eq!(configure(&table.store, &event("a"), late(), &change).await, Commit::Stale);
    let config = table.store.config().await.unwrap();
    assert_eq!((config.rewards, config.settings), (Vec::new(), Settings::default()));
}
