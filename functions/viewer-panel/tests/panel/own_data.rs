//! The viewer's own data.

use axum::http::Request;
use ownchatbot_testkit::builders::person;

use crate::harness::{PanelTest, balance};

#[tokio::test]
async fn viewer_can_erase_their_data() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    test.bot.endow(&ann, 500).await;
    let browser = test.signed_in(&ann).await;
    assert_eq!(browser.submit("/userpanel/forget", &[]).await.status, 403, "not by accident");
    let gone = browser.submit("/userpanel/forget", &[("sure", "true")]).await;
    assert_eq!(browser.notices(&gone).await, "Your data is deleted. If you chat again, you start from zero.");
    assert_eq!(balance(browser.get("/userpanel").await.text()), None);
    assert_eq!(test.bot.answer(&ann, "!points").await, ["[Ann, you have 100 points]"]);
}

#[tokio::test]
async fn own_data_is_a_file_or_a_part_of_the_page() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    test.bot.endow(&ann, 500).await;
    test.bot.answer(&ann, "!song <b>Blue</b>").await;
    test.bot.answer(&ann, "!charity 20").await;
    let browser = test.signed_in(&ann).await;
    let file = browser.get("/userpanel/data.json").await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"my-points.json\"");
    let data = file.json();
    assert_eq!(
        (&data["viewer"]["id"], &data["account"]["balance"]),
        (&"id-Ann".into(), &380.into()),
        "{data}"
    );
    let causes: Vec<&str> =
        data["ledger"].as_array().unwrap().iter().map(|row| row["cause"].as_str().unwrap()).collect();
    let mut sorted = causes.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, ["contribution", "correction", "gift", "redeem"], "{data}");
    assert_eq!(data["redemptions"][0]["note"], "<b>Blue</b>");
    let part = browser.send(Request::get("/userpanel/data.json").header("hx-request", "true"), "").await;
    assert!(part.text().contains("<textarea") && !part.text().contains("<b>Blue"), "{}", part.text());
    assert_eq!(test.browser().get("/userpanel/data.json").await.status, 401);
}
