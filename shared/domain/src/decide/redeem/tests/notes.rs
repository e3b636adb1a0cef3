//! Notes of redeems.

use crate::decide::testing::CommandTest;
use crate::reward::Note;
use crate::{Change, QueueChange};

fn note_of(note: Note, line: &str) -> Option<String> {
    let mut test = CommandTest::new(50);
    test.reward("hydrate").note = note;
    let decision = test.decide(line);
    let entry = decision.changes.into_iter().find_map(|change| match change {
        Change::Queue(QueueChange::Enqueue(entry)) => Some(entry),
        _ => None,
    });
    entry.unwrap_or_else(|| panic!("{line} was refused")).note
}

#[test]
fn reward_without_notes_ignores_text_after_the_command() {
    assert_eq!(note_of(Note::None, "!hydrate please"), None);
    assert_eq!(note_of(Note::None, &format!("!hydrate {}", "x".repeat(500))), None);
}

#[test]
fn optional_note_can_be_omitted() {
    assert_eq!(note_of(Note::Optional, "!hydrate"), None);
    assert_eq!(note_of(Note::Optional, "!hydrate  \u{200e} "), Some("\u{200e}".to_owned()));
    assert_eq!(note_of(Note::Optional, "!hydrate a  big \n glass"), Some("a big glass".to_owned()));
}

#[test]
fn required_note_is_asked_for() {
    let mut test = CommandTest::new(50);
    test.reward("hydrate").note = Note::Required;
    let refusal = test.refusal("!hydrate  ");
    insta::assert_snapshot!(refusal, @"note_missing: name=Ann, prefix=!, reward=hydrate");
    insta::assert_snapshot!(test.check("!hydrate now"), @r#"
    move id-Ann -50 Redeem(RewardId("hydrate"))
    use 50
    enqueue hydrate Some("now") Waiting
    say redeemed_with_note: name=Ann, reward=hydrate, note=now
    show Redeem { viewer: "Ann", reward: "hydrate", note: Some("now") }
    "#);
}

#[test]
fn note_has_at_most_200_characters() {
    for letter in ["x", "ä", "🦊", "م"] {
        let fits = letter.repeat(200);
        assert_eq!(note_of(Note::Required, &format!("!hydrate {fits}")), Some(fits.clone()));
        let mut test = CommandTest::new(50);
        test.reward("hydrate").note = Note::Optional;
        let refusal = test.refusal(&format!("!hydrate {fits}{letter}"));
        assert_eq!(refusal, "note_too_long: name=Ann, length=201, max=200");
    }
}

#[test]
fn emoji_of_several_code_points_stays_whole() {
    assert_eq!(note_of(Note::Required, "!hydrate 👩‍👩‍👧‍👦"), Some("👩‍👩‍👧‍👦".to_owned()));
}
