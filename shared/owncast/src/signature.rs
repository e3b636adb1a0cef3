//! The signature of webhooks: `owncast-signature: t=<unix seconds>.s=<hex HMAC-SHA-256>` (Owncast 0.3.0 and
//! later).

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use ownchatbot_domain::Timestamp;
use sha2::Sha256;

/// The header's name, in lower case.
pub const HEADER: &str = "owncast-signature";

/// How far the time in a signature may be from ours, in seconds, in either direction. Owncast's own verifier
/// uses the same.
pub const WINDOW_SECONDS: u64 = 300;

/// The fixed secret that Owncast's upgrade to 0.3.0 gave every existing webhook. It is public.
const MIGRATED: &str = "abc123";

/// The secret that Owncast and we share for one webhook.
#[derive(Clone)]
pub struct WebhookSecret {
    text: String,
    /// The prepared key; preparing it takes as long as signing a short message.
    mac: Hmac<Sha256>,
}

impl PartialEq for WebhookSecret {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for WebhookSecret {}

/// Why a text cannot be used as a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// It is blank. Owncast would sign with an empty key, as anyone could.
    #[error("the webhook has no secret: delete it in Owncast and create it again with one")]
    Empty,
    /// It is the fixed, public secret of webhooks that are older than Owncast 0.3.0.
    #[error(
        "the webhook still has the public secret that Owncast's upgrade gave it: delete it in Owncast and create it again"
    )]
    Migrated,
}

impl WebhookSecret {
    /// Takes `text` as the secret, byte for byte.
    ///
    /// # Errors
    /// [`BadSecret`] when it is blank or the public one of Owncast's upgrade.
    pub fn parse(text: impl Into<String>) -> Result<Self, BadSecret> {
        let text = text.into();
        match text.trim() {
            "" => Err(BadSecret::Empty),
            MIGRATED => Err(BadSecret::Migrated),
            _ => {
                // HMAC takes keys of any length, so this cannot fail; the error exists for other MACs.
                let mac = Hmac::new_from_slice(text.as_bytes()).map_err(|_| BadSecret::Empty)?;
                Ok(Self { text, mac })
            }
        }
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

/// Why a webhook's signature was rejected. The caller sends the same response for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// There is no signature header: the sender is an Owncast before 0.3.0, or no Owncast at all.
    #[error("there is no signature")]
    Missing,
    /// The header's time or MAC is missing or cannot be parsed.
    #[error("the signature is malformed")]
    Malformed,
    /// Its time differs from ours by more than [`WINDOW_SECONDS`].
    #[error("the signature is too old or from the future")]
    OutsideWindow,
    /// It was made with another secret or for another body.
    #[error("the signature does not match")]
    Mismatch,
}

/// Verifies that `raw_body` was signed with `secret` within [`WINDOW_SECONDS`] of `now`. `header` is the
/// value of [`HEADER`]. A replay inside the window passes; the event's id, the idempotency key, makes it
/// harmless.
///
/// # Errors
/// [`BadSignature`] when the signature is missing or does not verify.
pub fn verify(
    secret: &WebhookSecret,
    header: Option<&str>,
    raw_body: &[u8],
    now: Timestamp,
) -> Result<(), BadSignature> {
    let header = header.ok_or(BadSignature::Missing)?;
    let (mut time, mut code) = (None, None);
    for part in header.split('.') {
        match part.trim().split_once('=') {
            Some(("t", value)) => time = Some(value),
            Some(("s", value)) => code = Some(value),
            _ => {}
        }
    }
    let (Some(time), Some(code)) = (time, code) else { return Err(BadSignature::Malformed) };
    let at: i64 = time.parse().map_err(|_| BadSignature::Malformed)?;
    let code = hex::decode(code).map_err(|_| BadSignature::Malformed)?;
    if now.seconds().abs_diff(at) > WINDOW_SECONDS {
        return Err(BadSignature::OutsideWindow);
    }
    mac(secret, time, raw_body).verify_slice(&code).map_err(|_| BadSignature::Mismatch)
}

/// The header's value for `body` sent at `now`, as Owncast makes it.
#[must_use]
pub fn sign(secret: &WebhookSecret, now: Timestamp, body: &[u8]) -> String {
    let time = now.seconds().to_string();
    let code = mac(secret, &time, body).finalize().into_bytes();
    format!("t={time}.s={}", hex::encode(code))
}

fn mac(secret: &WebhookSecret, time: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = secret.mac.clone();
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"eventData":{"id":"x"},"type":"CHAT"}"#;

    fn secret() -> WebhookSecret {
        WebhookSecret::parse("correct horse").unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_ms(seconds * 1000)
    }

    #[test]
    fn weak_secrets_are_rejected_and_secrets_not_shown_by_debug() {
        assert_eq!(WebhookSecret::parse(""), Err(BadSecret::Empty));
        assert_eq!(WebhookSecret::parse(" \t"), Err(BadSecret::Empty));
        assert_eq!(WebhookSecret::parse("abc123"), Err(BadSecret::Migrated));
        assert_eq!(format!("{:?}", secret()), "WebhookSecret(…)");
    }

    /// Computed with another implementation:
    /// `printf '1788444665.%s' "$BODY" | openssl dgst -sha256 -hmac 'correct horse'`.
    #[test]
    fn signature_matches_another_implementation() {
        let now = at(1_788_444_665);
        let header = "t=1788444665.s=b68c50e8f29c5bc2177b65b75fa32dd5afbc0ac3e896d637e02e514b0dc7e006";
        assert_eq!(sign(&secret(), now, BODY), header);
        assert_eq!(verify(&secret(), Some(header), BODY, now), Ok(()));
    }

    #[test]
    fn signature_is_valid_for_five_minutes_before_and_after() {
        let header = sign(&secret(), at(10_000), BODY);
        for (now, expected) in [
            (9_699, Err(BadSignature::OutsideWindow)),
            (9_700, Ok(())),
            (10_000, Ok(())),
            (10_300, Ok(())),
            (10_301, Err(BadSignature::OutsideWindow)),
        ] {
            assert_eq!(verify(&secret(), Some(&header), BODY, at(now)), expected, "at {now}");
        }
    }

    #[test]
    fn replay_inside_the_window_verifies() {
        let header = sign(&secret(), at(10_000), BODY);
        for _ in 0..2 {
            assert_eq!(verify(&secret(), Some(&header), BODY, at(10_010)), Ok(()));
        }
    }

    #[test]
    fn another_secret_body_or_time_does_not_match() {
        let header = sign(&secret(), at(10_000), BODY);
        let other = WebhookSecret::parse("wrong horse").unwrap();
        assert_eq!(verify(&other, Some(&header), BODY, at(10_000)), Err(BadSignature::Mismatch));
        assert_eq!(verify(&secret(), Some(&header), b"{}", at(10_000)), Err(BadSignature::Mismatch));
        let moved = header.replace("t=10000", "t=10001");
        assert_eq!(verify(&secret(), Some(&moved), BODY, at(10_000)), Err(BadSignature::Mismatch));
        let cut = &header[..header.len() - 2];
        assert_eq!(verify(&secret(), Some(cut), BODY, at(10_000)), Err(BadSignature::Mismatch));
    }

    #[test]
    fn header_parts_may_be_spaced_reordered_and_unknown() {
        let header = sign(&secret(), at(10_000), BODY);
        let (time, code) = header.split_once('.').unwrap();
        for header in [format!(" {code} . {time} "), format!("{time}.v=1.{code}"), header.to_uppercase()] {
            let expected = if header.contains("t=") { Ok(()) } else { Err(BadSignature::Malformed) };
            assert_eq!(verify(&secret(), Some(&header), BODY, at(10_000)), expected, "{header}");
        }
    }

    #[test]
    fn missing_and_malformed_headers_are_distinguished() {
        assert_eq!(verify(&secret(), None, BODY, at(0)), Err(BadSignature::Missing));
        let huge = format!("t={}.s=00", i64::MIN);
        assert_eq!(verify(&secret(), Some(&huge), BODY, at(0)), Err(BadSignature::OutsideWindow));
        for header in [
            "",
            "t=1",
            "s=00",
            "t=.s=00",
            "t=x.s=00",
            "t=1.s=xyz",
            "t=1.s=0",
            "t=99999999999999999999.s=00",
            "é=1.s",
        ] {
            assert_eq!(
                verify(&secret(), Some(header), BODY, at(1)),
                Err(BadSignature::Malformed),
                "{header}"
            );
        }
        assert_eq!(verify(&secret(), Some("t=1.s="), BODY, at(1)), Err(BadSignature::Mismatch));
    }
}
