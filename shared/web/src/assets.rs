//! The files that pages bring along, embedded in the program. Their address holds a hash of all of them, so that they can
//! be kept for ever, and a page never meets the style or the script of another version.

use std::sync::LazyLock;

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use crate::Packed;

/// For the path of [`find`], and for that alone: what lies there never changes.
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
        // Lengths too, or what moves from one file to the next would go unnoticed.
        hasher.update(file.name.len().to_be_bytes());
        hasher.update(file.name);
        hasher.update(file.bytes.len().to_be_bytes());
        hasher.update(file.bytes);
    }
    hex::encode(&hasher.finalize()[..8])
});

/// What the address of the files holds: 16 hex digits that change with any of them.
#[must_use]
pub fn hash() -> &'static str {
    &HASH
}

/// The address of the file called `name`.
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
    fn files_are_found_under_the_hash_of_this_version_only() {
        assert_eq!(hash().len(), 16);
        for file in &FILES {
            assert!(find(hash(), file.name).is_some(), "{}", file.name);
            assert!(find("0123456789abcdef", file.name).is_none(), "{}", file.name);
        }
        assert!(find(hash(), "../Cargo.toml").is_none() && find(hash(), "").is_none());
        assert_eq!(path("overlay.css"), format!("/assets/{}/overlay.css", hash()));
    }
}
