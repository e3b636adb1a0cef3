//! The cost of requests: the table's reads and writes, in a warm process whose configuration is cached.

use ownchatbot_domain::{Person, Span};
use ownchatbot_testkit::builders::{person, redeem, sample_rewards};

use crate::harness::{Browser, PanelTest, balance, hidden, notices};

/// The most reads of a page, or of a click with its response.
const MAX_READS: u32 = 8;

/// Ann's browser. She has 1,000 points, and her statement names another viewer.
async fn warm(rewards: usize) -> (PanelTest, Person, Browser) {
    let more = (0..rewards).map(|number| redeem(&format!("more-{number}"), 5));
    let test = PanelTest::with(&sample_rewards().into_iter().chain(more).collect::<Vec<_>>()).await;
    let (ann, bob) = (person("Ann"), person("Bob"));
    for viewer in [&ann, &bob] {
        test.bot.endow(viewer, 1_000).await;
    }
    test.bot.answer(&bob, "!give id:id-Ann 5").await;
    test.bot.answer(&ann, "!give id:id-Bob 5").await;
    // The first use in a stream costs more than later ones.
    for line in ["!red", "!charity 1", "!hydrate"] {
        test.bot.answer(&ann, line).await;
    }
    let browser = test.signed_in(&ann).await;
    browser.get("/userpanel").await;
    (test, ann, browser)
}

/// The reads and the transactions since the last reset. There must be no other requests.
fn cost(test: &PanelTest) -> (u32, u32) {
    let requests = test.bot.faults.requests();
    let of = |names: &[&str]| -> u32 { names.iter().filter_map(|name| requests.get(*name)).sum() };
    let (reads, writes) = (of(&["GetItem", "BatchGetItem", "Query"]), of(&["TransactWriteItems"]));
    assert_eq!(requests.values().sum::<u32>(), reads + writes, "{requests:?}");
    (reads, writes)
}

#[tokio::test]
async fn click_stays_within_its_reads() {
    for (path, argument, sentence) in [
        ("/userpanel/use/hydrate", "", "hydrate is yours and waits in the queue."),
        ("/userpanel/use/song", "Blue Monday", "song is yours and waits in the queue."),
        ("/userpanel/use/red", "", "Your vote for red counts."),
        ("/userpanel/use/charity", "20", "You gave 20 points to charity. Thank you!"),
    ] {
        let (test, _, browser) = warm(0).await;
        let page = browser.get("/userpanel").await.text().to_owned();
        let mut fields = hidden(&page, path);
        fields.push(("argument".to_owned(), argument.to_owned()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        // The public part has expired in the cache, the configuration has not.
        test.bot.clock.push(Span::seconds(2));
        test.bot.faults.reset();
        let response = browser.post_partial(path, &fields).await;
        let (reads, transactions) = cost(&test);
        assert!(notices(response.text()).contains(sentence), "{}", response.text());
        assert!(response.text().contains("<article class=\"card\"") && balance(response.text()).is_some());
        assert!(
            reads <= MAX_READS && transactions == 1,
            "{path}: {reads} reads, {transactions} transactions"
        );
        assert_eq!(reads, 7, "{path}");
    }
}

#[tokio::test]
async fn page_of_a_viewer_stays_within_its_reads() {
    let (test, _, browser) = warm(0).await;
    test.bot.clock.push(Span::seconds(2));
    test.bot.faults.reset();
    let page = browser.get("/userpanel").await;
    assert_eq!(balance(page.text()).as_deref(), Some("939"));
    assert!(page.text().contains("From Bob"), "names are read too: {}", page.text());
    assert_eq!(cost(&test), (MAX_READS, 0));
    // The public part is not read again within a second.
    test.bot.faults.reset();
    browser.get("/userpanel").await;
    assert_eq!(cost(&test), (4, 0));
}

#[tokio::test]
async fn personal_parts_cost_no_more_than_a_click() {
    let (test, _, browser) = warm(0).await;
    test.bot.faults.reset();
    let mine = browser.get("/userpanel/me?known=").await;
    assert_eq!(balance(mine.text()).as_deref(), Some("939"));
    assert_eq!(cost(&test), (6, 0));
}

#[tokio::test]
async fn more_rewards_than_one_batch_holds_are_shown() {
    let (test, _, browser) = warm(120).await;
    test.bot.faults.reset();
    let page = browser.get("/userpanel").await;
    assert!(page.text().contains("card-more-0\"") && page.text().contains("card-more-119\""));
    let (reads, _) = cost(&test);
    assert!(
        reads <= MAX_READS + 2,
        "one more for each hundred, of everybody's uses and of one's own: {reads}"
    );
}
