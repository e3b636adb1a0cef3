//! Phrases: words in chat that the bot answers.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use ownchatbot_app::{Outcome, chat};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::line::Line;
use ownchatbot_domain::phrase::{Find, Phrase};
use ownchatbot_domain::reward::Access;
use ownchatbot_domain::{Person, PhraseId, Span};
use ownchatbot_testkit::bot::Bot;
use ownchatbot_testkit::builders::{chat_line, crowd, event, moderator, person};

use crate::set;

fn phrase(words: &str, answer: &str) -> Phrase {
    Phrase {
        id: PhraseId::new(words).unwrap(),
        find: Find::words(words).unwrap(),
        cooldown: Span::minutes(1),
        access: Access::Everybody,
        answer: Line::new(answer).unwrap(),
    }
}

async fn bot_with(phrases: Vec<Phrase>) -> Bot {
    let bot = Bot::new().await;
    set(&bot, Section::Phrases(phrases)).await;
    bot
}

#[tokio::test]
async fn phrase_is_answered_once_per_cooldown() {
    let bot = bot_with(vec![phrase("good night", "Sleep well, {name}!")]).await;
    let ann = Person { name: "<*Ann*>".to_owned(), ..person("Ann") };
    assert_eq!(bot.hears("m", &ann, "well, GOOD night").await.unwrap(), Outcome::Done);
    assert_eq!(
        bot.hears("m", &ann, "well, GOOD night").await.unwrap(),
        Outcome::Ignored,
        "the phrase is on cooldown"
    );
    let other = bot.another_process();
    let copy = chat::on_chat(&other, &chat_line("m", &ann, "well, GOOD night", bot.now())).await;
    assert_eq!(
        copy.unwrap(),
        Outcome::Duplicate,
        "a process without the cooldown in its cache asks the table"
    );
    assert_eq!(bot.lines(&event("m")).await, [r"Sleep well, &lt;\*Ann\*\>!"]);
    bot.clock.push(Span::from_ms(59_999));
    assert_eq!(bot.hears("n", &ann, "good night").await.unwrap(), Outcome::Ignored);
    assert_eq!(bot.outbox(&event("n")).await, [], "the phrase is on cooldown");
    bot.clock.push(Span::from_ms(1));
    assert_eq!(bot.hears("o", &ann, "good night").await.unwrap(), Outcome::Done);
}

#[tokio::test]
async fn commands_are_not_searched_for_phrases() {
    let bot = bot_with(vec![phrase("points", "Yes?"), phrase("nonsense", "Yes?")]).await;
    let ann = person("Ann");
    assert_eq!(bot.answer(&ann, "!points points").await, ["[Ann, you have 100 points]"]);
    assert_eq!(bot.answer(&ann, "!nonsense points").await, [""; 0]);
    assert_eq!(bot.answer(&ann, "what are points").await, ["Yes?"]);
}

#[tokio::test]
async fn bots_and_banned_viewers_are_not_answered() {
    let bot = bot_with(vec![phrase("hi", "Hello")]).await;
    let (machine, banned) = (Person { bot: true, ..person("B") }, Person { banned: true, ..person("E") });
    for person in [machine, banned] {
        assert_eq!(bot.answer(&person, "hi").await, [""; 0]);
    }
    assert_eq!(bot.answer(&person("Ann"), "hi").await, ["Hello"]);
}

#[tokio::test]
async fn next_phrase_answers_while_the_first_is_on_cooldown() {
    let bot = bot_with(vec![phrase("a", "A"), phrase("b", "B")]).await;
    let ann = person("Ann");
    assert_eq!(bot.answer(&ann, "a b").await, ["A"]);
    assert_eq!(bot.answer(&ann, "a b").await, ["B"]);
    assert_eq!(bot.answer(&ann, "a b").await, [""; 0]);
}

#[tokio::test]
async fn phrases_answer_only_viewers_with_access() {
    let only = |access| vec![Phrase { access, cooldown: Span::ZERO, ..phrase("hi", "Hello") }];
    let signed_in = Person { authenticated: true, ..person("Sam") };
    for (access, answered) in [
        (Access::Everybody, [true, true, true]),
        (Access::Authenticated, [false, true, false]),
        (Access::Moderators, [false, false, true]),
        (Access::Members, [false; 3]),
        (Access::Followers, [false; 3]),
    ] {
        let bot = bot_with(only(access)).await;
        for (person, expect) in [person("Ann"), signed_in.clone(), moderator("Meg")].iter().zip(answered) {
            assert_eq!(!bot.answer(person, "hi").await.is_empty(), expect, "{access:?} {}", person.name);
        }
    }
}

/// Writes `attribute` in the item `sk` of `person`, which no command can.
async fn note(bot: &Bot, person: &Person, sk: &str, attribute: &str, value: AttributeValue) {
    let update = bot.table.client.update_item().table_name(&bot.table.name);
    let update = update.key("pk", AttributeValue::S(format!("VIEWER#{}", person.id)));
    let update = update.key("sk", AttributeValue::S(sk.to_owned()));
    let update = update.update_expression(format!("SET {attribute} = :value"));
    update.expression_attribute_values(":value", value).send().await.unwrap();
}

#[tokio::test]
async fn access_of_members_and_followers_is_read_from_the_table() {
    let for_members = Phrase { access: Access::Members, ..phrase("m", "A member! {title}") };
    let bot =
        bot_with(vec![for_members, Phrase { access: Access::Followers, ..phrase("f", "A follower!") }]).await;
    let (ann, bob) = (person("Ann"), person("Bob"));
    bot.endow(&ann, 1).await;
    bot.endow(&bob, 1).await;
    bot.goes_live().await;
    let until = bot.now().saturating_add(Span::minutes(1)).ms().to_string();
    note(&bot, &ann, "BALANCE", "member_until", AttributeValue::N(until)).await;
    note(&bot, &bob, "PROFILE", "follower", AttributeValue::S("bob@example.org".to_owned())).await;
    assert_eq!(bot.answer(&bob, "m f").await, ["A follower!"]);
    assert_eq!(bot.answer(&ann, "m f").await, ["A member! A stream"]);
    bot.clock.push(Span::minutes(2));
    assert_eq!(bot.answer(&ann, "m f").await, [""; 0], "the membership has ended");
}

#[tokio::test]
async fn placeholders_are_filled_with_current_values() {
    let answers = ["{title} for {uptime}", "{goal}", "{prefix}help"];
    let phrases = answers.iter().zip(["one", "two", "three"]);
    let bot = bot_with(phrases.map(|(answer, words)| phrase(words, answer)).collect()).await;
    let ann = person("Ann");
    bot.endow(&ann, 100).await;
    bot.goes_live().await;
    bot.answer(&ann, "!charity 70").await;
    bot.clock.push(Span::minutes(2));
    assert_eq!(bot.answer(&ann, "one").await, ["A stream for 2 min"]);
    assert_eq!(bot.answer(&ann, "two").await, ["charity: 70 of 1,000"]);
    assert_eq!(bot.answer(&ann, "three").await, ["!help"]);
}

#[tokio::test]
async fn new_viewer_is_added_and_answered() {
    let bot = bot_with(vec![phrase("hi", "Hello {name}")]).await;
    assert_eq!(bot.answer(&person("Ann"), "hi").await, ["Hello Ann"]);
    assert_eq!(bot.balance(&person("Ann").id).await, 100);
}

#[tokio::test]
async fn crowd_with_the_same_phrase_gets_one_answer() {
    let bot = bot_with(vec![phrase("gg", "Well played")]).await;
    let people = crowd(24);
    for person in &people {
        bot.endow(person, 1).await;
    }
    let lines: Vec<_> =
        people.iter().map(|person| chat_line(&person.name, person, "gg", bot.now())).collect();
    let outcomes = join_all(lines.iter().map(|line| chat::on_chat(&bot.context, line))).await;
    let done = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Done))).count();
    let ignored = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Ignored))).count();
    assert_eq!((done, ignored), (1, 23), "{outcomes:?}");
}
