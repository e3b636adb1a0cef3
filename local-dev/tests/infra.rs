//! The template agrees with the code: functions, routes, environment and key schema. The functions'
//! permissions are checked by `infra/test`, which runs them against emulated AWS services.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use ownchatbot_boot::{BotDeps, Environment, SlotEvent, context};
use ownchatbot_store::keys::{PK, SK, TTL};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn template() -> String {
    fs::read_to_string(root().join("infra/template.yaml")).unwrap()
}

/// The resources of the template: each name with its lines.
fn resources(template: &str) -> Vec<(&str, Vec<&str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    let body = template.split("\nResources:\n").nth(1).unwrap().split("\nOutputs:\n").next().unwrap();
    for line in body.lines() {
        match line.strip_prefix("  ").and_then(|rest| rest.strip_suffix(':')) {
            Some(name) if !name.starts_with(' ') && !name.starts_with('#') => found.push((name, Vec::new())),
            _ => {
                if let Some((_, lines)) = found.last_mut() {
                    lines.push(line);
                }
            }
        }
    }
    found
}

fn code_of<'a>(lines: &[&'a str]) -> Option<&'a str> {
    lines.iter().find_map(|line| {
        line.trim().strip_prefix("CodeUri: ../target/lambda/")?.strip_suffix("/bootstrap.zip")
    })
}

/// The environment names that the template gives to the function whose code is `name`.
fn given(name: &str) -> BTreeSet<String> {
    let template = template();
    let all = resources(&template);
    let (_, lines) = all.iter().find(|(_, lines)| code_of(lines) == Some(name)).unwrap();
    let start = lines.iter().position(|line| line.trim() == "Variables:").unwrap();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let inside = lines[start + 1..].iter().take_while(|line| depth(line) > depth(lines[start]));
    let names = inside.filter_map(|line| line.trim().split_once(':')).map(|(name, _)| name);
    names.filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_')).map(str::to_owned).collect()
}

/// An environment without variables, and the set of names that are read from it.
fn asked() -> (Environment, Arc<Mutex<BTreeSet<String>>>) {
    let names: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let seen = names.clone();
    let environment = Environment::new(move |name| {
        seen.lock().unwrap().insert(name.to_owned());
        None
    });
    (environment, names)
}

#[test]
fn every_function_is_deployed() {
    let template = template();
    let deployed: BTreeSet<&str> =
        resources(&template).iter().filter_map(|(_, lines)| code_of(lines)).collect();
    let folders = fs::read_dir(root().join("functions")).unwrap();
    let built: BTreeSet<String> =
        folders.map(|folder| folder.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(deployed, built.iter().map(String::as_str).collect());
}

#[tokio::test]
async fn every_function_gets_the_variables_it_reads() {
    let (environment, names) = asked();
    assert!(owncast_hook::Deps::from_environment(environment).await.is_err());
    assert_eq!(given("owncast-hook"), *names.lock().unwrap());
    let (environment, names) = asked();
    assert!(overlays::Deps::from_environment(environment).await.is_err());
    assert_eq!(given("overlays"), *names.lock().unwrap());
    let (environment, names) = asked();
    assert!(viewer_panel::Deps::from_environment(environment).await.is_err());
    assert_eq!(given("viewer-panel"), *names.lock().unwrap());
    let (environment, names) = asked();
    assert!(BotDeps::from_environment(environment).await.is_err());
    for name in ["points-tick", "announcements"] {
        assert_eq!(given(name), *names.lock().unwrap(), "{name}");
    }
    let (environment, names) = asked();
    assert!(BotDeps::scheduling(environment).await.is_err());
    for name in ["dispatch", "watchdog"] {
        assert_eq!(given(name), *names.lock().unwrap(), "{name}");
    }
    let (environment, names) = asked();
    assert!(context(environment).await.is_err());
    assert_eq!(given("deadlines"), *names.lock().unwrap());
}

/// The other schedules are managed by code, and an update of the stack would reset them if they were in the
/// template.
#[test]
fn template_has_only_the_watchdogs_schedule() {
    let template = template();
    let all = resources(&template);
    let schedules: Vec<_> =
        all.iter().filter(|(_, lines)| lines.contains(&"    Type: AWS::Scheduler::Schedule")).collect();
    let [(_, lines)] = schedules.as_slice() else { panic!("{schedules:?}") };
    let value = |name: &str| lines.iter().find_map(|line| line.trim().strip_prefix(name)).unwrap();
    assert_eq!((value("Name: "), value("ScheduleExpression: ")), ("watchdog", "rate(1 minute)"));
    let input =
        value("Input: ").trim_matches('\'').replace("<aws.scheduler.scheduled-time>", "2026-09-10T18:00:00Z");
    serde_json::from_str::<SlotEvent>(&input).unwrap();
}

#[test]
fn every_route_has_a_cache_behavior() {
    let template = template();
    let at_the_edge: BTreeSet<String> = template
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- PathPattern: "))
        .map(str::to_owned)
        .collect();
    // A cache behavior covers a first path segment and everything below it.
    let pattern = |route: &&str| match route[1..].split_once('/') {
        Some((first, _)) => format!("/{first}/*"),
        None => (*route).to_owned(),
    };
    let in_the_code =
        owncast_hook::path::ALL.iter().chain(&overlays::path::ALL).chain(&viewer_panel::path::ALL);
    assert_eq!(at_the_edge, in_the_code.map(pattern).collect());
}

#[test]
fn table_has_the_keys_of_the_code() {
    let template = template();
    for line in [
        format!("- {{AttributeName: {PK}, KeyType: HASH}}"),
        format!("- {{AttributeName: {SK}, KeyType: RANGE}}"),
        format!("- {{AttributeName: {PK}, AttributeType: S}}"),
        format!("- {{AttributeName: {SK}, AttributeType: S}}"),
        format!("TimeToLiveSpecification: {{AttributeName: {TTL}, Enabled: true}}"),
        "StreamSpecification: {StreamViewType: NEW_IMAGE}".to_owned(),
    ] {
        assert!(template.contains(&line), "{line}");
    }
}

#[test]
fn stream_filter_passes_every_new_outbox_row() {
    let filter = r#"{"eventName":["INSERT"],"dynamodb":{"NewImage":{"pk":{"S":[{"prefix":"OUTBOX#"}]},"state":{"S":["pending"]}}}}"#;
    assert!(template().contains(filter));
}
