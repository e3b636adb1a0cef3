//! The rate limits of wrong codes.

use ownchatbot_app::sign_in::{self, SignIn};
use ownchatbot_domain::{KeyedHash, Span, Timestamp};
use ownchatbot_testkit::bot::{Bot, signing_key};

use crate::{by_link, invited, setup, signed_in};

/// Types `code` at the network address `from`.
async fn types(bot: &Bot, code: &str, from: Option<&str>) -> SignIn {
    let id = format!("session of {from:?} by {code} at {}", bot.now().ms());
    sign_in::by_code(&bot.context, &signing_key(), code, from, &id).await.unwrap()
}

/// Moves the clock to 1 minute and 40 seconds after the start of a window of ten minutes.
fn into_a_window(bot: &Bot) -> Timestamp {
    let window = Timestamp::from_ms(bot.now().ms() / 600_000 * 600_000 + 600_000);
    bot.clock.set(window.saturating_add(Span::seconds(100)));
    window
}

#[tokio::test]
async fn ten_wrong_codes_block_an_address() {
    let (bot, owncast, ann) = setup().await;
    let window = into_a_window(&bot);
    let (one, other) = (Some("192.0.2.1"), Some("2001:db8::1"));
    for n in 0..10 {
        // A text that cannot be a code counts as a wrong one.
        let code = if n % 2 == 0 { "ABCD-EFGH" } else { "hello" };
        assert_eq!(types(&bot, code, one).await, SignIn::Unknown, "{n}");
    }
    let way = invited(&bot, &owncast, &ann, "m").await;
    let rest = Span::seconds(500);
    assert_eq!(types(&bot, &way.code, one).await, SignIn::TooMany(rest), "not even with the right one");
    bot.clock.push(Span::from_ms(1));
    assert_eq!(types(&bot, "ABCD-EFGH", one).await, SignIn::TooMany(Span::from_ms(500_000 - 1)));
    // Other addresses and links still work.
    assert_eq!(types(&bot, "ABCD-EFGH", other).await, SignIn::Unknown);
    signed_in(types(&bot, &way.code, other).await);
    signed_in(by_link(&bot, &way.token, "tab").await);
    // The next window starts at zero.
    bot.clock.set(window.saturating_add(Span::from_ms(600_000 - 1)));
    assert_eq!(types(&bot, "ABCD-EFGH", one).await, SignIn::TooMany(Span::from_ms(1)));
    bot.clock.push(Span::from_ms(1));
    let way = invited(&bot, &owncast, &ann, "n").await;
    for _ in 0..9 {
        assert_eq!(types(&bot, "ABCD-EFGH", one).await, SignIn::Unknown);
    }
    signed_in(types(&bot, &way.code, one).await);
    assert_eq!(types(&bot, &way.code, one).await, SignIn::Unknown, "used up, which is wrong too");
    assert!(matches!(types(&bot, "ABCD-EFGH", one).await, SignIn::TooMany(_)));
}

#[tokio::test]
async fn valid_codes_are_not_counted() {
    let (bot, owncast, ann) = setup().await;
    into_a_window(&bot);
    for n in 0..12 {
        let way = invited(&bot, &owncast, &ann, &format!("m{n}")).await;
        let id = format!("session {n}");
        let outcome =
            sign_in::by_code(&bot.context, &signing_key(), &way.code, Some("192.0.2.1"), &id).await.unwrap();
        signed_in(outcome);
    }
}

/// Adds `many` wrong codes to the counter of all addresses, as if they came from many addresses.
async fn count_wrong_codes(bot: &Bot, window: Timestamp, many: usize) {
    let everywhere = counter_of_all_addresses(bot, window).await;
    let counted = bot.store().wrong_codes(std::slice::from_ref(&everywhere), window).await.unwrap()[0];
    let key = |pk: &str| format!("WRONG#{pk}");
    let many = aws_sdk_dynamodb::types::AttributeValue::N((counted + many as u64).to_string());
    bot.table.tamper(&key(everywhere.as_str()), &window.sortable(), "count", many).await;
}

/// The key of the counter of all addresses, found by typing one wrong code without an address.
async fn counter_of_all_addresses(bot: &Bot, window: Timestamp) -> KeyedHash {
    assert_eq!(types(bot, "ABCD-EFGH", None).await, SignIn::Unknown);
    let items = bot.table.items().await;
    let counts: Vec<&str> = items
        .iter()
        .filter(|item| item["sk"].as_s().unwrap() == &window.sortable())
        .filter_map(|item| item["pk"].as_s().unwrap().strip_prefix("WRONG#"))
        .collect();
    let [everywhere] = counts.as_slice() else { panic!("{counts:?}") };
    KeyedHash::of_digits(everywhere)
}

#[tokio::test]
async fn two_thousand_wrong_codes_block_all_addresses() {
    let (bot, owncast, ann) = setup().await;
    let window = into_a_window(&bot);
    let way = invited(&bot, &owncast, &ann, "m").await;
    // One wrong code is counted already, so one more is possible.
    count_wrong_codes(&bot, window, 1998).await;
    assert_eq!(types(&bot, "ABCD-EFGH", Some("192.0.2.1")).await, SignIn::Unknown);
    for from in [None, Some("192.0.2.1"), Some("192.0.2.2")] {
        assert_eq!(types(&bot, &way.code, from).await, SignIn::TooMany(Span::seconds(500)), "{from:?}");
    }
    signed_in(by_link(&bot, &way.token, "tab").await);
    bot.clock.set(window.saturating_add(Span::minutes(10)));
    assert_eq!(types(&bot, "ABCD-EFGH", None).await, SignIn::Unknown);
}

/// A proxy may send any text of its client as the address.
#[tokio::test]
async fn no_address_is_counted_as_everywhere() {
    let (bot, ..) = setup().await;
    into_a_window(&bot);
    for from in ["everywhere", "", "#", "192.0.2.1, 10.0.0.1"] {
        for _ in 0..10 {
            assert_eq!(types(&bot, "ABCD-EFGH", Some(from)).await, SignIn::Unknown, "{from}");
        }
        assert!(matches!(types(&bot, "ABCD-EFGH", Some(from)).await, SignIn::TooMany(_)), "{from}");
    }
    assert_eq!(types(&bot, "ABCD-EFGH", None).await, SignIn::Unknown, "others can still try");
}

#[tokio::test]
async fn counts_expire_in_the_table() {
    let (bot, ..) = setup().await;
    let window = into_a_window(&bot);
    types(&bot, "ABCD-EFGH", Some("192.0.2.1")).await;
    let items = bot.table.items().await;
    let ends: Vec<i64> = items
        .iter()
        .filter(|item| item["pk"].as_s().unwrap().starts_with("WRONG#"))
        .map(|item| item["ttl"].as_n().unwrap().parse().unwrap())
        .collect();
    assert_eq!(ends, [window.saturating_add(Span::minutes(60)).seconds(); 2]);
}
