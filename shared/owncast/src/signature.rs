//! The signature of webhooks: `owncast-signature: t=<unix seconds>.s=<hex HMAC-SHA-256>` (Owncast 0.3.0 and later).

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use ownchatbot_domain::Timestamp;
use sha2::Sha256;

/// The header's name, in lower case.
pub const HEADER: &str = "owncast-signature";

/// How far the time in a signature may be from ours, in seconds, in either direction. Owncast's own verifier
/// uses the same.
pub const WINDOW_SECONDS: u64 = 300;

/// What Owncast's upgrade to 0.3.0 gave every webhook that existed before. Everybody knows it.
const MIGRATED: &str = "abc123";

/// The secret that Owncast and we share for one webhook.
#[derive(Clone)]
pub struct WebhookSecret {
    text: String,
    /// Ready to take a message: preparing the key takes as long as signing a short one.
    mac: Hmac<Sha256>,
}

impl PartialEq for WebhookSecret {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for WebhookSecret {}

/// Why a text is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// Owncast then signs with an empty key, which anybody can.
    #[error("the webhook has no secret: delete it in Owncast and create it again with one")]
    Empty,
    /// The fixed secret of webhooks older than Owncast 0.3.0.
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
                // HMAC takes keys of any length; the error exists for other codes.
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

/// Why a webhook is not believed. The caller answers all of them alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// There is no header: an Owncast before 0.3.0, or a stranger.
    #[error("there is no signature")]
    Missing,
    /// The header lacks its time or its code, or one of them cannot be read.
    #[error("the signature is malformed")]
    Malformed,
    /// Its time is more than [`WINDOW_SECONDS`] from ours.
    #[error("the signature is too old or from the future")]
    OutsideWindow,
    /// Another secret, or another body.
    #[error("the signature does not match")]
    Mismatch,
}

/// Checks that `raw_body` was signed with `secret` at most [`WINDOW_SECONDS`] from `now`. `header` is the value of
/// [`HEADER`]. A replay inside the window passes; the event's id is what makes it harmless.
///
/// # Errors
/// [`BadSignature`] when it was not.
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
    fn weak_secrets_are_refused_and_good_ones_not_shown() {
        assert_eq!(WebhookSecret::parse(""), Err(BadSecret::Empty));
        assert_eq!(WebhookSecret::parse(" \t"), Err(BadSecret::Empty));
        assert_eq!(WebhookSecret::parse("abc123"), Err(BadSecret::Migrated));
        assert_eq!(format!("{:?}", secret()), "WebhookSecret(…)");
    }

    /// Computed with another implementation:
    /// `printf '1788444665.%s' "$BODY" | openssl dgst -sha256 -hmac 'correct horse'`.
    #[test]
    fn the_signature_is_the_one_of_the_contract() {
        let now = at(1_788_444_665);
        let header = "t=1788444665.s=b68c50e8f29c5bc2177b65b75fa32dd5afbc0ac3e896d637e02e514b0dc7e006";
        assert_eq!(sign(&secret(), now, BODY), header);
        assert_eq!(verify(&secret(), Some(header), BODY, now), Ok(()));
    }

    #[test]
    fn a_signature_is_good_for_five_minutes_in_both_directions() {
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
    fn a_replay_verifies_as_the_first_time_did() {
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
    fn parts_may_be_spaced_reordered_and_joined_by_unknown_ones() {
        let header = sign(&secret(), at(10_000), BODY);
        let (time, code) = header.split_once('.').unwrap();
        for header in [format!(" {code} . {time} "), format!("{time}.v=1.{code}"), header.to_uppercase()] {
            let expected = if header.contains("t=") { Ok(()) } else { Err(BadSignature::Malformed) };
            assert_eq!(verify(&secret(), Some(&header), BODY, at(10_000)), expected, "{header}");
        }
    }

    #[test]
    fn what_is_missing_or_malformed_is_said() {
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
