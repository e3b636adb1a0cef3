//! The scripts and styles of the pages, embedded in the program. Their URLs hold a hash of all of them, so
//! that they can be cached without a limit, and a page never loads the style or the script of another
//! version.

use std::sync::LazyLock;

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use crate::Packed;

/// The `cache-control` of what [`find`] returns, and of nothing else: what a URL with the hash names never
/// changes.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

struct File {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
}

/// A file of the top-level folder `templates`, under its own name.
macro_rules! file {
    ($folder:literal, $name:literal, $content_type:literal) => {
        File {
            name: $name,
            content_type: $content_type,
            bytes: include_bytes!(concat!("../../../templates/", $folder, "/", $name)),
        }
    };
}

const FILES: [File; 9] = [
    file!("vendor", "htmx.js", "text/javascript; charset=utf-8"),
    file!("viewer", "panel.css", "text/css; charset=utf-8"),
    file!("viewer", "panel.js", "text/javascript; charset=utf-8"),
    file!("viewer", "cards.js", "text/javascript; charset=utf-8"),
    file!("viewer", "live.js", "text/javascript; charset=utf-8"),
    file!("viewer", "lists.js", "text/javascript; charset=utf-8"),
    file!("viewer", "mine.js", "text/javascript; charset=utf-8"),
    file!("overlays", "overlay.css", "text/css; charset=utf-8"),
    file!("overlays", "overlay.js", "text/javascript; charset=utf-8"),
];

/// Compressed once for each process.
static PACKED: LazyLock<Vec<(&'static str, Packed)>> = LazyLock::new(|| {
    let packed = |file: &File| (file.name, Packed::new(file.content_type, Bytes::from_static(file.bytes)));
    FILES.iter().map(packed).collect()
});

static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = Sha256::new();
    for file in &FILES {
        // The lengths too: otherwise bytes that move from one file to the next would not change the hash.
        hasher.update(file.name.len().to_be_bytes());
        hasher.update(file.name);
        hasher.update(file.bytes.len().to_be_bytes());
        hasher.update(file.bytes);
    }
    hex::encode(&hasher.finalize()[..8])
});

/// The hash in the files' URLs: 16 hex digits that change with any of them.
#[must_use]
pub fn hash() -> &'static str {
    &HASH
}

/// The path of the file called `name`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn find_returns_files_of_this_version_only() {
        assert_eq!(hash().len(), 16);
        for file in &FILES {
            assert!(find(hash(), file.name).is_some(), "{}", file.name);
            assert!(find("0123456789abcdef", file.name).is_none(), "{}", file.name);
        }
        assert!(find(hash(), "../Cargo.toml").is_none() && find(hash(), "").is_none());
        assert_eq!(path("overlay.css"), format!("/assets/{}/overlay.css", hash()));
    }
}
