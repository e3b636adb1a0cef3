//! The export of a viewer's data.

use ownchatbot_app::click::on_click;
use ownchatbot_app::own_data::own_data;
use ownchatbot_domain::Command;
use ownchatbot_domain::{Cause, Span, Status, ViewerId};

use crate::{ErasureTest, click, id};

#[tokio::test]
async fn export_contains_everything_stored_about_a_viewer() {
    let test = ErasureTest::new().await;
    let data = own_data(&test.bot.context, &test.ann.id).await.unwrap().unwrap();
    assert_eq!(data.profile.person, test.ann);
    assert_eq!(data.profile.follower.as_deref(), Some("belle@example.org"));
    assert_eq!(Some(data.account.balance.get()), test.balance().await);
    let mut rows = test.bot.store().ledger(&test.ann.id).await.unwrap();
    rows.reverse();
    assert_eq!((data.rows, data.has_older_rows), (rows, false));
    let uses: Vec<String> = data
        .uses
        .iter()
        .map(|(reward, usage)| format!("{reward} {} for {}", usage.count, usage.points))
        .collect();
    insta::assert_snapshot!(uses.join("\n"), @r"
    charity 1 for 300
    cheer 1 for 0
    confetti 2 for 150
    green 1 for 0
    hydrate 1 for 50
    red 1 for 10
    song 1 for 100
    wave 1 for 0
    ");
    let redemptions = data.redemptions.iter().map(|entry| {
        format!("{} {:?} {:?}", entry.reward_name, entry.status, entry.note.as_deref().unwrap_or_default())
    });
    // Without the wave, which was free and is finished.
    insta::assert_snapshot!(redemptions.collect::<Vec<_>>().join("\n"), @r#"
    hydrate Waiting ""
    confetti Fulfilled ""
    confetti Fulfilled ""
    cheer Waiting "for Annabelle"
    song Waiting "My favourite"
    hydrate Refunded ""
    "#);
    assert!(data.redemptions.iter().all(|entry| entry.viewer == test.ann.id));
}

#[tokio::test]
async fn export_contains_redemptions_made_in_the_panel() {
    let test = ErasureTest::new().await;
    test.bot.clock.push(Span::seconds(1));
    let command = Command::Use { reward: id("confetti"), argument: String::new() };
    let reply = on_click(&test.bot.context, &click("use"), &test.ann.id, &command).await.unwrap();
    assert!(reply.done, "{reply:?}");
    let data = own_data(&test.bot.context, &test.ann.id).await.unwrap().unwrap();
    let newest = &data.redemptions[0];
    assert_eq!((newest.event.clone(), newest.status), (click("use"), Status::Fulfilled));
    assert_eq!(data.rows[0].cause, Cause::Redeem(id("confetti")));
}

#[tokio::test]
async fn export_of_unknown_or_erased_viewers_is_empty() {
    let test = ErasureTest::new().await;
    let unknown = ViewerId::new("nobody").unwrap();
    assert_eq!(own_data(&test.bot.context, &unknown).await.unwrap(), None);
    test.erase_in_part(1).await;
    assert_eq!(own_data(&test.bot.context, &test.ann.id).await.unwrap(), None);
    test.watch().await;
    assert_eq!(own_data(&test.bot.context, &test.ann.id).await.unwrap(), None);
    assert_eq!(own_data(&test.bot.context, &ViewerId::erased()).await.unwrap(), None);
}
