//! One's own data.

use ownchatbot_testkit::builders::person;

use crate::world::{World, balance};

#[tokio::test]
async fn everything_about_somebody_can_be_deleted_by_them() {
    let world = World::new().await;
    let ann = person("Ann");
    world.bot.endow(&ann, 500).await;
    let browser = world.signed_in(&ann).await;
    assert_eq!(browser.submit("/userpanel/forget", &[]).await.status, 403, "not by accident");
    let gone = browser.submit("/userpanel/forget", &[("sure", "true")]).await;
    assert_eq!(browser.said(&gone).await, "Your data is deleted. If you chat again, you begin anew.");
    assert_eq!(balance(browser.get("/userpanel").await.text()), None);
    assert_eq!(world.bot.answer(&ann, "!points").await, ["[Ann, you have 100 points]"]);
}
