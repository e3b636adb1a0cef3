//! What templates may not do.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

/// All files below `folder` whose name ends with `ending`.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found = |path: PathBuf| {
        if path.is_dir() { files(&path, ending) } else { vec![path] }
    };
    entries.flat_map(found).filter(|path| path.to_string_lossy().ends_with(ending)).collect()
}

/// Text goes into HTML escaped. Templates are embedded with the filter `embed`, which takes nothing else.
#[test]
fn no_template_and_no_type_switches_escaping_off() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let templates = files(&root.join("templates"), ".html");
    assert!(templates.len() > 10, "{templates:?}");
    for file in templates {
        let text = fs::read_to_string(&file).unwrap().replace(' ', "");
        for forbidden in ["|safe", "|escape(", "|e(", "autoescape"] {
            assert!(!text.contains(forbidden), "{forbidden} in {}", file.display());
        }
    }
    for file in files(&root.join("functions"), ".rs") {
        let text = fs::read_to_string(&file).unwrap();
        for forbidden in ["HtmlSafe", "escape = \"none\"", "filters::Safe"] {
            assert!(!text.contains(forbidden), "{forbidden} in {}", file.display());
        }
    }
}
