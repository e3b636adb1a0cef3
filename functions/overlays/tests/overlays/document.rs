//! The document as a whole: the contract with every script that reads it.

use ownchatbot_app::tick::on_tick;
use ownchatbot_domain::Span;
use ownchatbot_testkit::builders::{moderator, person};
use ownchatbot_testkit::scripted::ScriptedOwncast;

use crate::harness::{LIVE, OverlayTest};

/// One line for each entry of a list.
fn lines(document: &str) -> String {
    document
        .replace("\":[{", "\":[\n  {")
        .replace("},{", "},\n  {")
        .replace("}],\"", "}],\n\"")
        .replace(",\"rewards\"", ",\n\"rewards\"")
}

#[tokio::test]
async fn document_of_the_sample_rewards() {
    let test = OverlayTest::new().await;
    let (ann, boss) = (person("Ann"), moderator("Boss"));
    test.bot.endow(&ann, 1000).await;
    test.bot.endow(&boss, 20).await;
    test.bot.goes_live().await;
    test.bot.clock.push(Span::minutes(10));
    let owncast = ScriptedOwncast::default();
    owncast.watched_by(&[ann.clone(), boss.clone()]);
    on_tick(&test.bot.context, &owncast, test.bot.now()).await.unwrap();
    test.bot.hears("m1", &ann, "!song Blue").await.unwrap();
    test.bot.hears("m2", &ann, "!red").await.unwrap();
    test.bot.hears("m3", &ann, "!charity 260").await.unwrap();
    test.bot.hears("m4", &ann, "!confetti").await.unwrap();
    test.bot.hears("m5", &boss, "!timer 5m tea").await.unwrap();
    insta::assert_snapshot!(lines(test.get(LIVE).await.text()), @r#"
    {"version":1,"at":1789063800000,"next_poll_ms":2000,"live":true,"away":false,"title":"A stream","began":1789063200000,"prefix":"!","points":"points",
    "rewards":[
      {"id":"blue","name":"blue","kind":"vote","price":10,"description":"","on":true,"ready_at":null,"left":null,"access":"everybody","note":"none","only_live":false,"categories":[],"ends":null,"price_text":"10","state":{"text":"","tone":"soft","usable":true,"weight":0,"until":null,"after":null}},
      {"id":"charity","name":"charity","kind":"goal","price":0,"description":"","on":true,"ready_at":null,"left":null,"access":"everybody","note":"none","only_live":false,"categories":[],"ends":null,"price_text":"0","state":{"text":"","tone":"soft","usable":true,"weight":0,"until":null,"after":null}},
      {"id":"confetti","name":"confetti","kind":"special","price":75,"description":"","on":true,"ready_at":null,"left":null,"access":"everybody","note":"none","only_live":false,"categories":[],"ends":null,"price_text":"75","state":{"text":"","tone":"soft","usable":true,"weight":0,"until":null,"after":null}},
      {"id":"hydrate","name":"hydrate","kind":"redeem","price":50,"description":"","on":true,"ready_at":null,"left":null,"access":"everybody","note":"none","only_live":false,"categories":[],"ends":null,"price_text":"50","state":{"text":"","tone":"soft","usable":true,"weight":0,"until":null,"after":null}},
      {"id":"red","name":"red","kind":"vote","price":10,"description":"","on":true,"ready_at":null,"left":null,"access":"everybody","note":"none","only_live":false,"categories":[],"ends":null,"price_text":"10","state":{"text":"","tone":"soft","usable":true,"weight":0,"until":null,"after":null}},
      {"id":"song","name":"song","kind":"redeem","price":100,"description":"","on":true,"ready_at":1789064100000,"left":null,"access":"everybody","note":"required","only_live":false,"categories":[],"ends":null,"price_text":"100","state":{"text":"again in","tone":"warn","usable":false,"weight":1000006,"until":1789064100000,"after":{"text":"","tone":"soft","usable":true,"weight":0,"until":null,"after":null}}}],
    "votes":[
      {"id":"blue","name":"blue","description":"","count":0,"points":0,"open":true,"ends":null,"count_text":"0 votes"},
      {"id":"red","name":"red","description":"","count":1,"points":10,"open":true,"ends":null,"count_text":"1 vote"}],
    "goals":[
      {"id":"charity","name":"charity","description":"","progress":260,"target":1000,"milestones":[
      {"at":250,"text":"step 250","reached":true},
      {"at":500,"text":"step 500","reached":false}],
    "open":true,"ends":null,"progress_text":"260 of 1,000","rest_text":"740 to go"}],
    "queue":[
      {"id":"owncast:m1","viewer":"2c38b83c6525d6e1","name":"Ann","reward":"song","note":"Blue","at":1789063800000}],
    "waiting":1,"waiting_text":"1 waiting","board":{"points":[
      {"viewer":"2c38b83c6525d6e1","name":"Ann","value":1010,"value_text":"1,010"},
      {"viewer":"ae8a6d976663b14a","name":"Boss","value":30,"value_text":"30"}],
    "watched":[
      {"viewer":"2c38b83c6525d6e1","name":"Ann","value":600,"value_text":"10 minutes"},
      {"viewer":"ae8a6d976663b14a","name":"Boss","value":600,"value_text":"10 minutes"}]},"timers":[
      {"id":"owncast:m5","name":"tea","set_at":1789063800000,"ends":1789064100000}],
    "alerts":[
      {"id":"owncast:m1#0","at":1789063800000,"kind":"redeem","name":"Ann","reward":"song","text":"Blue","points":null,"amount_text":null,"effect":null},
      {"id":"owncast:m3#0","at":1789063800000,"kind":"milestone","name":null,"reward":"charity","text":"step 250","points":250,"amount_text":"250","effect":null},
      {"id":"owncast:m4#0","at":1789063800000,"kind":"special","name":"Ann","reward":"confetti","text":null,"points":null,"amount_text":null,"effect":"confetti"}],
    "unlisted":{"text":"off right now","tone":"warn","usable":false,"weight":1000012,"until":null,"after":null}}
    "#);
}
