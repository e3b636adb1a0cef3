//! The overlays of the real program.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::Local;
use serde_json::Value;

async fn get(url: &str) -> (u16, String) {
    let response = reqwest::get(url).await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn overlays_are_served_at_the_printed_url() {
    let local = Local::start(&["--simulator-port", "0", "--memory"]);
    let edge = local.field("edge").to_owned();
    let (status, list) = get(local.field("overlays")).await;
    assert_eq!(status, 200);
    for path in ["/votes", "/goals", "/overlay/alerts", "/overlay/ticker"] {
        assert!(list.contains(&format!("href=\"{path}\"")), "{list}");
        let (status, page) = get(&format!("{edge}{path}")).await;
        assert_eq!(status, 200, "{path}");
        let script = page.split('"').find(|part| part.ends_with("overlay.js")).unwrap();
        assert_eq!(get(&format!("{edge}{script}")).await.0, 200, "{script}");
    }
    let (status, document) = get(&format!("{edge}/overlay/live.json")).await;
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!((status, &document["version"], &document["live"]), (200, &1.into(), &false.into()));
    let goals: Vec<&str> =
        document["goals"].as_array().unwrap().iter().filter_map(|goal| goal["name"].as_str()).collect();
    assert_eq!(goals, ["charity"]);
    assert_eq!(
        get(&format!("{edge}/nothing")).await,
        (404, "There is nothing at this address.\n".to_owned())
    );
    assert!(local.interrupt().success());
}
