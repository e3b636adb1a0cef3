//! The scripts of the pages show exactly the texts that there are for them.

#![expect(clippy::unwrap_used, reason = "for tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ownchatbot_domain::settings::PointsName;
use ownchatbot_texts::{Language, Texts};

/// The ids of texts that the scripts of the folder `folder` of `templates` use.
fn used(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates").join(folder);
    let mut ids = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "js") {
            continue;
        }
        let script = fs::read_to_string(&path).unwrap();
        for call in ["say(", "pieces("] {
            for (at, _) in script.match_indices(call) {
                let id = script[at + call.len()..].strip_prefix('\'');
                let id = id.unwrap_or_else(|| panic!("{}: an id that is not written out", path.display()));
                ids.insert(id.split('\'').next().unwrap().to_owned());
            }
        }
    }
    ids
}

#[test]
fn scripts_use_exactly_the_texts_that_there_are() {
    let (texts, points) = (Texts::of(Language::English), PointsName::new("points"));
    let words = [("overlays", texts.overlay_words(&points)), ("viewer", texts.panel_words(&points))];
    for (folder, words) in words {
        let json = words.scripts().to_string();
        assert!(!json.contains('<'), "a text could end the script element");
        let known: BTreeMap<String, String> = serde_json::from_str(&json).unwrap();
        assert_eq!(used(folder), known.into_keys().collect(), "{folder}");
    }
}
