//! Sessions of the panels, as browsers keep and send them.
//!
//! A session is a `Partitioned` cookie, which browsers keep separately for each site that frames the panel:
//! Owncast frames the viewers' panel. Where a browser does not keep even that, the page keeps the same text
//! and sends it as [`HEADER`].

use std::fmt;

use axum::http::{HeaderMap, HeaderValue};
use ownchatbot_app::SigningKey;
use ownchatbot_app::signing::Purpose;

use crate::cookie::{CookieSpec, SameSite};

/// The request header of a page that keeps the session itself.
pub const HEADER: &str = "x-panel-session";

/// The longest life of a session that is not used, in seconds.
const MAX_AGE: u32 = 30 * 24 * 60 * 60;
/// The cookie of a viewer's session, in the panel that Owncast frames.
pub const VIEWER_COOKIE: CookieSpec = CookieSpec {
    name: "panel",
    host: true,
    same_site: SameSite::None,
    partitioned: true,
    max_age: Some(MAX_AGE),
};
/// A cookie without a meaning of its own: if it comes back, the browser keeps cookies here.
const PROBE: CookieSpec = CookieSpec { name: "cookies", ..VIEWER_COOKIE };
/// The value of that cookie.
const PROBE_VALUE: &str = "1";
/// The random bytes of a secret.
const SECRET_BYTES: usize = 16;

/// The operating system cannot provide random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system cannot provide random bytes")]
pub struct RandomnessUnavailable;

/// An unguessable text: 32 hex digits of randomness.
///
/// # Errors
/// [`RandomnessUnavailable`] when the system cannot provide random bytes.
pub fn secret() -> Result<String, RandomnessUnavailable> {
    let mut bytes = [0_u8; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| RandomnessUnavailable)?;
    Ok(hex::encode(bytes))
}

/// The id of a session. A browser that sends it with its proof is signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    /// The id of a new session.
    ///
    /// # Errors
    /// [`RandomnessUnavailable`] when the system cannot provide random bytes.
    pub fn random() -> Result<Self, RandomnessUnavailable> {
        secret().map(Self)
    }

    /// The id in a request with `headers`, in `cookie` or in [`HEADER`], if its proof was made with `key`. A
    /// forged one is never looked up in the table.
    #[must_use]
    pub fn of_request(key: &SigningKey, cookie: &CookieSpec, headers: &HeaderMap) -> Option<Self> {
        let kept = headers.get(HEADER).and_then(|value| value.to_str().ok());
        // Where both are sent, the page's is newer: it keeps one only while the browser seems to keep no
        // cookies.
        kept.and_then(|text| Self::proven(key, text))
            .or_else(|| cookie.values(headers).find_map(|text| Self::proven(key, text)))
    }

    fn proven(key: &SigningKey, text: &str) -> Option<Self> {
        let (id, proof) = text.split_once('.')?;
        let usable = id.len() == 2 * SECRET_BYTES && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        (usable && key.is_hash(Purpose::SessionProof, id, proof)).then(|| Self(id.to_owned()))
    }

    /// The id as text, for the use cases.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id with its proof, as the page keeps it where there are no cookies.
    #[must_use]
    pub fn proof(&self, key: &SigningKey) -> String {
        format!("{}.{}", self.0, key.hash(Purpose::SessionProof, &self.0))
    }

    /// The CSRF token of this session, which every form of its pages sends.
    #[must_use]
    pub fn form_token(&self, key: &SigningKey) -> String {
        key.hash(Purpose::Form, &self.0).to_string()
    }

    /// Whether `token` is the CSRF token of this session.
    #[must_use]
    pub fn is_form_token(&self, key: &SigningKey, token: &str) -> bool {
        key.is_hash(Purpose::Form, &self.0, token)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}

/// The `set-cookie` value of the cookie that [`keeps_cookies`] looks for.
#[must_use]
pub fn probe() -> Option<HeaderValue> {
    PROBE.set(PROBE_VALUE)
}

/// Whether the browser sends [`probe`]'s cookie back, and so keeps cookies.
#[must_use]
pub fn keeps_cookies(headers: &HeaderMap) -> bool {
    PROBE.values(headers).any(|value| value == PROBE_VALUE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::parse("0123456789abcdef0123456789abcdef").unwrap()
    }

    fn request(name: &'static str, value: &str) -> HeaderMap {
        [(name, value)]
            .into_iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::try_from(value).unwrap()))
            .collect()
    }

    #[test]
    fn session_is_read_from_cookie_and_from_header() {
        let id = SessionId::random().unwrap();
        let set = VIEWER_COOKIE.set(&id.proof(&key())).unwrap().to_str().unwrap().to_owned();
        assert!(set.ends_with("; Path=/; Secure; HttpOnly; SameSite=None; Partitioned"), "{set}");
        let pair = set.split(';').next().unwrap();
        let found =
            SessionId::of_request(&key(), &VIEWER_COOKIE, &request("cookie", &format!("a=b; {pair};c")));
        assert_eq!(found.as_ref(), Some(&id));
        assert_eq!(
            SessionId::of_request(&key(), &VIEWER_COOKIE, &request(HEADER, &id.proof(&key()))),
            Some(id)
        );
    }

    #[test]
    fn forged_session_is_not_read() {
        let id = SessionId::random().unwrap();
        let another = SigningKey::parse("another-key-another-key-another-").unwrap();
        let swapped = format!("{}.{}", "0".repeat(32), id.proof(&key()).split_once('.').unwrap().1);
        for forged in ["", ".", "x.y", &id.proof(&another), &swapped, &format!("{}.", id.as_str())] {
            assert_eq!(
                SessionId::of_request(&key(), &VIEWER_COOKIE, &request(HEADER, forged)),
                None,
                "{forged}"
            );
            let cookie = format!("__Host-panel={forged}");
            assert_eq!(
                SessionId::of_request(&key(), &VIEWER_COOKIE, &request("cookie", &cookie)),
                None,
                "{forged}"
            );
        }
        assert_eq!(format!("{id:?}"), "SessionId(…)");
    }

    #[test]
    fn form_token_belongs_to_one_session() {
        let (ann, bob) = (SessionId::random().unwrap(), SessionId::random().unwrap());
        assert!(ann.is_form_token(&key(), &ann.form_token(&key())));
        assert!(!ann.is_form_token(&key(), &bob.form_token(&key())) && !ann.is_form_token(&key(), ""));
    }

    #[test]
    fn keeps_cookies_looks_for_the_probe() {
        let set = probe().unwrap().to_str().unwrap().to_owned();
        let pair = set.split(';').next().unwrap();
        assert!(keeps_cookies(&request("cookie", &format!("x=1; {pair}"))));
        assert!(!keeps_cookies(&request("cookie", "x=1")) && !keeps_cookies(&HeaderMap::new()));
    }
}
