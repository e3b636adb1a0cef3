//! What Owncast answers. Its status is not to be trusted alone: some failures come as 200 with `{"error": …}`.

use std::borrow::Cow;
use std::error::Error;

use ownchatbot_app::event::{ChatLine, StreamStatus};
use ownchatbot_app::ports::OwncastError;
use ownchatbot_domain::{EventId, Person, Source, Timestamp};
use reqwest::{Response, StatusCode};
use serde::Deserialize;

use crate::text::{TITLE_CHARS, clean, moment, stripped};
use crate::tolerant::{Tolerant, known, object};
use crate::user::User;

/// The longest reason repeated from an answer, in characters.
const REASON_CHARS: usize = 200;

/// Reads a whole answer, up to `limit` bytes.
pub(super) async fn read(
    mut response: Response,
    limit: usize,
    seconds: u64,
) -> Result<Vec<u8>, OwncastError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error, seconds))? {
        if bytes.len() + chunk.len() > limit {
            return Err(OwncastError::Garbled(format!("it is longer than {} MiB", limit / 1024 / 1024)));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Why no answer came. Names neither the address nor the token.
pub(super) fn unreachable(error: &reqwest::Error, seconds: u64) -> OwncastError {
    OwncastError::Unreachable(if error.is_timeout() && !error.is_connect() {
        format!("no answer within {seconds} s")
    } else if error.is_timeout() {
        "no connection in time".to_owned()
    } else {
        let what = if error.is_connect() { "no connection" } else { "the connection broke" };
        match root(error) {
            Some(why) => format!("{what}: {why}"),
            None => what.to_owned(),
        }
    })
}

/// The system's own words, which hold an address at most; those of the layers above may hold the whole request.
fn root(error: &reqwest::Error) -> Option<String> {
    let mut found = None;
    let mut next: Option<&dyn Error> = error.source();
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            found = Some(clean(&io.to_string(), REASON_CHARS));
        }
        next = error.source();
    }
    found
}

/// The error for an answer other than 200.
pub(super) fn refusal(status: StatusCode, body: &[u8], permission: &str) -> OwncastError {
    let code = status.as_u16();
    match code {
        401 | 403 => OwncastError::Refused(format!(
            "the access token is unknown or lacks the permission to {permission} ({code})"
        )),
        404 => OwncastError::Refused("there is no Owncast at this address (404)".to_owned()),
        300..=399 => OwncastError::Refused(format!(
            "it sends us on to another address ({code}): give the address that it ends at"
        )),
        408 | 429 | 500.. => OwncastError::Unreachable(format!("it answered {code}")),
        _ => match given_reason(body) {
            Some(reason) => OwncastError::Refused(format!("{reason} ({code})")),
            None => OwncastError::Refused(format!("it answered {code}")),
        },
    }
}

#[derive(Debug, Deserialize)]
struct Outcome<'a> {
    success: Option<Tolerant<bool>>,
    #[serde(borrow)]
    error: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    message: Option<Tolerant<Cow<'a, str>>>,
}

object!(Outcome);

fn given_reason(body: &[u8]) -> Option<String> {
    outcome(body)?.reason()
}

fn outcome(body: &[u8]) -> Option<Outcome<'_>> {
    serde_json::from_slice::<Tolerant<Outcome<'_>>>(body).ok()?.0
}

impl Outcome<'_> {
    fn reason(self) -> Option<String> {
        let reason = known(self.error).or_else(|| known(self.message))?;
        Some(clean(&reason, REASON_CHARS)).filter(|reason| !reason.is_empty())
    }
}

/// Whether the answer to a request confirms it: only `"success": true` does.
pub(super) fn confirmed(body: &[u8]) -> Result<(), OwncastError> {
    let outcome = outcome(body).ok_or_else(|| garbled("not a JSON object"))?;
    match outcome.success {
        Some(Tolerant(Some(true))) if outcome.error.is_none() => Ok(()),
        None if outcome.error.is_none() => Err(garbled("it says neither success nor failure")),
        _ => Err(OwncastError::Refused(outcome.reason().unwrap_or_else(|| "it gives no reason".to_owned()))),
    }
}

fn garbled(why: &str) -> OwncastError {
    OwncastError::Garbled(why.to_owned())
}

/// An answer that is not what was asked for: a reason when it has one.
fn refused_or_garbled(body: &[u8]) -> OwncastError {
    match given_reason(body) {
        Some(reason) => OwncastError::Refused(reason),
        None => garbled("not the JSON that was asked for"),
    }
}

#[derive(Debug, Deserialize)]
struct Connection<'a> {
    #[serde(borrow)]
    user: Option<Tolerant<User<'a>>>,
}

object!(Connection);

/// The list of connections. Those without a usable user are left out; Go writes an empty list as null.
pub(super) fn clients(body: &[u8]) -> Result<Vec<Person>, OwncastError> {
    let connections = serde_json::from_slice::<Option<Vec<Tolerant<Connection<'_>>>>>(body)
        .map_err(|_| refused_or_garbled(body))?;
    let users =
        connections.unwrap_or_default().into_iter().filter_map(|connection| known(connection.0?.user));
    Ok(users.filter_map(|user| user.person().ok()).collect())
}

#[derive(Debug, Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    id: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    timestamp: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    user: Option<Tolerant<User<'a>>>,
    #[serde(borrow)]
    body: Option<Tolerant<Cow<'a, str>>>,
}

object!(Message);

impl Message<'_> {
    fn line(self) -> Option<ChatLine> {
        Some(ChatLine {
            event: EventId::new(Source::Owncast, known(self.id)?).ok()?,
            person: known(self.user)?.person().ok()?,
            client: None,
            text: stripped(&known(self.body)?),
            at: moment(&known(self.timestamp)?)?,
        })
    }
}

/// The newest messages. Those that lack what is needed are left out; Go writes an empty list as null.
pub(super) fn history(body: &[u8]) -> Result<Vec<ChatLine>, OwncastError> {
    let messages = serde_json::from_slice::<Option<Vec<Tolerant<Message<'_>>>>>(body)
        .map_err(|_| refused_or_garbled(body))?;
    Ok(messages.unwrap_or_default().into_iter().filter_map(|message| message.0?.line()).collect())
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    online: Option<Tolerant<bool>>,
    #[serde(borrow)]
    stream_title: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    last_connect_time: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    last_disconnect_time: Option<Tolerant<Cow<'a, str>>>,
}

object!(Status);

/// What the status says; only whether it is live is needed.
pub(super) fn status(body: &[u8]) -> Result<StreamStatus, OwncastError> {
    let status = serde_json::from_slice::<Tolerant<Status<'_>>>(body).ok().and_then(|status| status.0);
    let status = status.ok_or_else(|| refused_or_garbled(body))?;
    let online = known(status.online).ok_or_else(|| refused_or_garbled(body))?;
    let time = |field: Option<Tolerant<Cow<'_, str>>>| -> Option<Timestamp> { moment(&known(field)?) };
    Ok(StreamStatus {
        online,
        title: clean(&known(status.stream_title).unwrap_or_default(), TITLE_CHARS),
        connected_at: time(status.last_connect_time),
        disconnected_at: time(status.last_disconnect_time),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_success_is_success() {
        assert!(confirmed(br#"{"success":true,"message":"sent"}"#).is_ok());
        for (body, expected) in [
            (r#"{"error":"unexpected EOF"}"#, "Owncast refused: unexpected EOF"),
            (r#"{"success":true,"error":"x"}"#, "Owncast refused: x"),
            (r#"{"success":false,"message":"no\u202e\n"}"#, "Owncast refused: no"),
            (r#"{"success":"true"}"#, "Owncast refused: it gives no reason"),
            (r#"{"error":{}}"#, "Owncast refused: it gives no reason"),
            ("{}", "Owncast's answer cannot be read: it says neither success nor failure"),
            ("[true]", "Owncast's answer cannot be read: not a JSON object"),
            ("<html>", "Owncast's answer cannot be read: not a JSON object"),
            ("", "Owncast's answer cannot be read: not a JSON object"),
        ] {
            assert_eq!(confirmed(body.as_bytes()).unwrap_err().to_string(), expected, "{body}");
        }
    }

    #[test]
    fn a_list_survives_entries_without_a_usable_user() {
        let body = br#"[{"user":{"id":"a","displayName":"Ann"}},{"user":null},{},7,{"user":{"id":"a#b"}},
            {"user":{"id":"b","displayName":["no text"],"scopes":"MODERATOR","geo":1e999}}]"#;
        let people = clients(body).unwrap();
        assert_eq!(
            people.iter().map(|p| (p.id.as_str(), &*p.name)).collect::<Vec<_>>(),
            [("a", "Ann"), ("b", "b")]
        );
        assert!(people[1].moderator);
        assert_eq!(clients(b"null").unwrap(), []);
        assert!(matches!(clients(br#"{"error":"x"}"#), Err(OwncastError::Refused(why)) if why == "x"));
        assert!(matches!(clients(b"[{]"), Err(OwncastError::Garbled(_))));
    }

    #[test]
    fn history_is_read_as_text() {
        let body = br#"[
            {"id":"a","timestamp":"2026-09-10T18:00:00Z","type":"CHAT","user":{"id":"u","displayName":"Ann"},
             "body":"<p>!song <em>Blue</em> &amp; <img src=\"x\" class=\"emoji\" alt=\":fox:\" title=\":fox:\"></p>"},
            {"id":"b","timestamp":"never","user":{"id":"u"},"body":"x"}, {"id":"c#"}, null, 7]"#;
        let lines = history(body).unwrap();
        let shown: Vec<_> =
            lines.iter().map(|line| (line.event.id(), line.text.as_str(), line.client)).collect();
        assert_eq!(shown, [("a", "!song Blue & :fox:", None)]);
        assert_eq!(lines[0].at, Timestamp::from_ms(1_789_063_200_000));
        assert_eq!(history(b"null").unwrap(), []);
        assert!(matches!(history(br#"{"error":"x"}"#), Err(OwncastError::Refused(_))));
    }

    #[test]
    fn a_status_needs_only_whether_it_is_live() {
        let all = status(
            br#"{"lastConnectTime":"2026-09-10T18:00:00Z","lastDisconnectTime":null,"online":true,
                "overallMaxViewerCount":420,"sessionMaxViewerCount":69,"streamTitle":" my\nstream","viewerCount":5}"#,
        );
        let expected = StreamStatus {
            online: true,
            title: "mystream".to_owned(),
            connected_at: Some(Timestamp::from_ms(1_789_063_200_000)),
            disconnected_at: None,
        };
        assert_eq!(all.unwrap(), expected);
        assert!(!status(br#"{"online":false,"streamTitle":7}"#).unwrap().online);
        assert!(matches!(status(br#"{"online":"yes"}"#), Err(OwncastError::Garbled(_))));
        assert!(matches!(status(br#"{"error":"x"}"#), Err(OwncastError::Refused(_))));
    }
}
