//! The vocabulary, held by a test: identifiers that were replaced by the field's own terms stay gone, and so do the turns of
//! phrase that made comments hard to read. `docs/glossary.md` has the words that are ours.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

/// Identifiers that were retired, with what is used instead.
const RETIRED: &[(&str, &str)] = &[
    ("Scene", "CommandContext"),
    ("Ask", "CommandInput"),
    ("Wish", "Command"),
    ("Hold", "Unavailable"),
    ("Sight", "RewardStatus"),
    ("Looker", "Requester"),
    ("Look", "PublicSnapshot"),
    ("Eyes", "Cached"),
    ("Wage", "TickPayment"),
    ("WageOutcome", "PaymentOutcome"),
    ("Opening", "FirstPayment"),
    ("Leaving", "Erasure"),
    ("Erased", "ErasedPart"),
    ("StillForgetting", "ErasureInProgress"),
    ("Forgetting", "Erasure"),
    ("let_go", "delete_erasure_record"),
    ("Door", "SignInProof or HookAuth"),
    ("doors", "proof_hashes"),
    ("behind_link", "preview_link"),
    ("by_typing", "confirm_link_code"),
    ("Trouble", "PanelError"),
    ("Stranger", "UnknownToken"),
    ("NoChance", "RandomnessUnavailable"),
    ("told", "response, message or notice"),
    ("until_settled", "retry_until_deadline"),
    ("quick_pause", "retry_delay"),
    ("crowded", "contended"),
    ("Outside", "DeliveryTargets"),
    ("minus_or_zero", "saturating_sub"),
    ("guard_start", "escape_line_start"),
    ("calm_waters", "range_without_milestone"),
    ("Unuse", "RevertUse"),
    ("Mend", "UsageRollback"),
    ("Present", "Gift"),
    ("Standing", "BoardEntry"),
    ("Candidate", "ViewerMatch"),
    ("World", "the name of what is tested"),
    ("audited", "verify_totals"),
    ("Chain", "ErrorChain"),
    ("Claim", "Lease"),
    ("most", "limit or max"),
    ("MOST", "MAX"),
    ("least", "min"),
    ("Saved", "Commit"),
    ("FakeOwncast", "Simulator"),
];

/// Turns of phrase that no comment, message or document needs.
const PHRASES: &[&str] = &["anew", "whoever", "for so long", "in the way", "nobody knows", "chance to give"];

/// Files that quote what they hold others to.
const EXEMPT: &[&str] = &["local-dev/tests/vocabulary.rs"];

/// A snapshot there names stored attributes, which keep their names.
const EXEMPT_LINE: &str = "CONFIG / SETTINGS#give:";

#[test]
fn retired_identifiers_stay_gone() {
    let mut found = Vec::new();
    for (file, text) in sources(&["rs"]) {
        for (number, line) in text.lines().enumerate() {
            for word in identifiers(line).filter(|_| !line.contains(EXEMPT_LINE)) {
                if let Some((_, instead)) = RETIRED.iter().find(|(retired, _)| *retired == word) {
                    found.push(format!("{file}:{}: `{word}`; use {instead}", number + 1));
                }
                if word.starts_with("MOST_") {
                    found.push(format!("{file}:{}: `{word}`; use MAX_…", number + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{} retired identifiers:\n{}", found.len(), found.join("\n"));
}

#[test]
fn comments_and_documents_are_plain_english() {
    let mut found = Vec::new();
    for (file, text) in sources(&["rs", "md", "js", "mjs", "py", "html", "css", "yaml", "toml"]) {
        for (number, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            for phrase in PHRASES.iter().filter(|phrase| holds_words(&lower, phrase)) {
                found.push(format!("{file}:{}: \"{phrase}\"", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{} stumbling blocks:\n{}", found.len(), found.join("\n"));
}

/// The identifiers in a line of Rust, without its comment and its strings.
fn identifiers(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split("//").next().unwrap_or_default();
    // What stands between quotation marks is every second piece.
    let outside_strings = code.split('"').step_by(2);
    outside_strings.flat_map(|piece| piece.split(|c: char| !(c.is_alphanumeric() || c == '_')))
}

/// Whether `line` holds `phrase` as whole words.
fn holds_words(line: &str, phrase: &str) -> bool {
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    line.match_indices(phrase).any(|(at, _)| {
        is_edge(line[..at].chars().next_back()) && is_edge(line[at + phrase.len()..].chars().next())
    })
}

/// Every file of the workspace with one of these endings, by its path from the root.
fn sources(endings: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let mut files = Vec::new();
    collect(&root, endings, &mut files);
    files.sort();
    let path = |file: &PathBuf| file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
    let all = files.iter().map(|file| (path(file), fs::read_to_string(file).unwrap()));
    all.filter(|(path, _)| !EXEMPT.contains(&path.as_str()) && !path.starts_with("docs/decisions/")).collect()
}

fn collect(folder: &Path, endings: &[&str], files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if !name.starts_with('.')
                && !["target", "vendor", "node_modules", "ownchatbot-data"].contains(&name)
            {
                collect(&path, endings, files);
            }
        } else if path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)) {
            files.push(path);
        }
    }
}
