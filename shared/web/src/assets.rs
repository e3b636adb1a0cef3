//! The scripts and styles of the pages, embedded in the program. Their URLs hold a hash of all of them, so
//! that they can be cached without a limit, and a page never loads the style or the script of another
//! version. Below the hash they have the folders of `templates`, so that modules import one another by the
//! same relative paths as on disk.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use crate::Packed;

/// The `cache-control` of what [`find`] returns, and of nothing else: what a URL with the hash names never
/// changes.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

struct File {
    /// The path below `templates`.
    name: &'static str,
    content: &'static str,
}

impl File {
    fn content_type(&self) -> &'static str {
        if self.name.ends_with(".css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" }
    }

    /// The names of the modules that this one imports itself: the ends of lines such as `} from '../js/dom.js';`.
    fn imports(&self) -> impl Iterator<Item = String> {
        let (folder, _) = self.name.rsplit_once('/').unwrap_or_default();
        let is_import = |line: &&str| line.starts_with("import ") || line.starts_with("} from ");
        let quoted = |line: &str| line.strip_suffix("';")?.rsplit_once('\'').map(|(_, url)| url.to_owned());
        self.content.lines().filter(is_import).filter_map(quoted).map(move |url| resolve(folder, &url))
    }
}

/// The name of the file at the relative URL `url`, as seen from a file in `folder`.
fn resolve(folder: &str, url: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in url.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// Files of the top-level folder `templates`.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(File { name: $name, content: include_str!(concat!("../../../templates/", $name)) }),*]
    };
}

const FILES: &[File] = files![
    "js/dom.js",
    "js/poll.js",
    "js/sound.js",
    "js/times.js",
    "js/words.js",
    "overlays/alerts.js",
    "overlays/celebrate.js",
    "overlays/clock.js",
    "overlays/draw.js",
    "overlays/goals.js",
    "overlays/leaderboard.js",
    "overlays/options.js",
    "overlays/overlay.css",
    "overlays/overlay.js",
    "overlays/pills.js",
    "overlays/plates.js",
    "overlays/queue.js",
    "overlays/read.js",
    "overlays/style.js",
    "overlays/ticker.js",
    "overlays/timers.js",
    "overlays/votes.js",
    "vendor/htmx.js",
    "viewer/cards.js",
    "viewer/lists.js",
    "viewer/mine.js",
    "viewer/panel.css",
    "viewer/panel.js",
];

/// Compressed once for each process.
static PACKED: LazyLock<Vec<(&'static str, Packed)>> = LazyLock::new(|| {
    let packed = |file: &File| {
        (file.name, Packed::new(file.content_type(), Bytes::from_static(file.content.as_bytes())))
    };
    FILES.iter().map(packed).collect()
});

static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = Sha256::new();
    for file in FILES {
        // The lengths too: otherwise bytes that move from one file to the next would not change the hash.
        hasher.update(file.name.len().to_be_bytes());
        hasher.update(file.name);
        hasher.update(file.content.len().to_be_bytes());
        hasher.update(file.content);
    }
    hex::encode(&hasher.finalize()[..8])
});

/// The hash in the files' URLs: 16 hex digits that change with any of them.
#[must_use]
pub fn hash() -> &'static str {
    &HASH
}

/// The path of the file called `name`, such as `js/dom.js`.
#[must_use]
pub fn path(name: &str) -> String {
    format!("/assets/{}/{name}", hash())
}

/// The file at `/assets/{hash}/{name}`, if this program has it in that version.
#[must_use]
pub fn find(hash: &str, name: &str) -> Option<&'static Packed> {
    if hash != self::hash() {
        return None;
    }
    PACKED.iter().find(|(known, _)| *known == name).map(|(_, packed)| packed)
}

/// The paths of all modules that the script `name` imports, directly or through another module. A page names
/// them in its head, so that a browser requests them all at once instead of one import after the other.
#[must_use]
pub fn imports(name: &str) -> Vec<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(next) = open.pop() {
        let file = FILES.iter().find(|file| file.name == next);
        let new = file.into_iter().flat_map(File::imports).filter(|import| found.insert(import.clone()));
        open.extend(new.collect::<Vec<_>>());
    }
    found.remove(name);
    found.iter().map(|name| path(name)).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The scripts and styles below `folder`, by their paths below `templates`.
    fn on_disk(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                on_disk(&entry.path(), &format!("{name}/"), found);
            } else if [".js", ".css"].iter().any(|ending| name.ends_with(ending)) {
                found.insert(name);
            }
        }
    }

    #[test]
    fn every_script_and_style_is_embedded() {
        let mut all = BTreeSet::new();
        on_disk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates"), "", &mut all);
        let embedded: BTreeSet<String> = FILES.iter().map(|file| file.name.to_owned()).collect();
        assert_eq!(embedded, all);
    }

    #[test]
    fn find_returns_files_of_this_version_only() {
        assert_eq!(hash().len(), 16);
        for file in FILES {
            assert!(find(hash(), file.name).is_some(), "{}", file.name);
            assert!(find("0123456789abcdef", file.name).is_none(), "{}", file.name);
        }
        assert!(find(hash(), "../Cargo.toml").is_none() && find(hash(), "").is_none());
        assert_eq!(path("overlays/overlay.css"), format!("/assets/{}/overlays/overlay.css", hash()));
    }

    #[test]
    fn every_import_names_an_embedded_file() {
        let own =
            || FILES.iter().filter(|file| file.name.ends_with(".js") && !file.name.starts_with("vendor/"));
        for file in own() {
            // An import in another form would not be recognised, and its module would be requested late.
            let is_statement =
                |line: &&str| line.trim_start().starts_with("import") || line.contains("import(");
            let statements = file.content.lines().filter(is_statement).count();
            assert_eq!(statements, file.imports().count(), "{}", file.name);
            assert_eq!(file.content.matches(" from '").count(), statements, "{}", file.name);
            for import in file.imports() {
                assert!(own().any(|known| known.name == import), "{}: {import}", file.name);
            }
        }
        assert!(own().map(|file| file.imports().count()).sum::<usize>() > 20);
    }

    #[test]
    fn imports_include_those_of_imported_modules() {
        let found = imports("overlays/queue.js");
        for name in ["overlays/overlay.js", "overlays/clock.js", "js/poll.js", "js/dom.js"] {
            assert!(found.contains(&path(name)), "{name}: {found:?}");
        }
        assert!(!found.contains(&path("overlays/queue.js")) && !found.contains(&path("overlays/goals.js")));
    }
}
