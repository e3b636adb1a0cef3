//! Requests on Lambda, where cookies are separate from the headers.

use ownchatbot_app::ports::Clock;
use ownchatbot_boot::SystemClock;
use ownchatbot_testkit::bot::SIGNING_KEY;
use ownchatbot_testkit::builders::person;
use ownchatbot_testkit::lambda::{Runtime, call, program};
use serde_json::json;

use crate::harness::{HERE, PanelTest, encoded, hidden};

const PROGRAM: &str = env!("CARGO_BIN_EXE_viewer-panel");

#[tokio::test]
async fn program_signs_in_and_redeems() {
    let test = PanelTest::new().await;
    let ann = person("Ann");
    // The program uses the system's clock.
    test.bot.clock.set(SystemClock.now());
    test.bot.endow(&ann, 500).await;
    let (code, _) = test.invitation(&ann).await;
    let mut runtime = Runtime::start("viewer-panel").await;
    let running = runtime.run(
        PROGRAM,
        &[
            ("AWS_ENDPOINT_URL", &test.bot.table.endpoint()),
            ("TABLE_NAME", &test.bot.table.name),
            ("SIGNING_KEY", SIGNING_KEY),
            ("OWNCAST_URL", test.owncast.url()),
        ],
    );
    let page = runtime.answer(call("GET", "/userpanel?instance=x", &json!({}), "")).await;
    assert_eq!(page["statusCode"], 200, "{page}");
    let cookie = |response: &serde_json::Value| {
        let set = response["cookies"].as_array().unwrap().iter().map(|cookie| cookie.as_str().unwrap());
        set.map(|cookie| cookie.split(';').next().unwrap().to_owned()).collect::<Vec<_>>().join("; ")
    };
    let headers = |cookie: &str| json!({ "cookie": cookie, "origin": HERE, "content-type": "application/x-www-form-urlencoded" });
    let probe = cookie(&page);
    let entered = runtime
        .answer(call("POST", "/userpanel/sign-in", &headers(&probe), &encoded(&[("code", &code)])))
        .await;
    assert_eq!(entered["statusCode"], 303, "{entered}");
    let both = format!("{probe}; {}", cookie(&entered));
    let page = runtime.answer(call("GET", "/userpanel", &headers(&both), "")).await;
    let fields = hidden(page["body"].as_str().unwrap(), "/userpanel/use/hydrate");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let used =
        runtime.answer(call("POST", "/userpanel/use/hydrate", &headers(&both), &encoded(&fields))).await;
    assert_eq!(used["statusCode"], 303, "{used}");
    assert_eq!(test.bot.balance(&ann.id).await, 450);
    let (log, errors) = running.end();
    for hidden in [SIGNING_KEY, "Ann", &code, both.split_once("__Host-panel=").unwrap().1] {
        assert!(!log.contains(hidden) && !errors.contains(hidden), "{log}{errors}");
    }
}

#[test]
fn program_reports_all_missing_settings() {
    let ended = program(PROGRAM, &[("SIGNING_KEY", "too-short-a-key")]).output().unwrap();
    assert!(!ended.status.success());
    let output =
        String::from_utf8_lossy(&ended.stderr).into_owned() + &String::from_utf8_lossy(&ended.stdout);
    assert!(
        output.contains("TABLE_NAME")
            && output.contains("OWNCAST_URL")
            && !output.contains("too-short-a-key"),
        "{output}"
    );
}
