//! Parses Owncast's responses. The status alone cannot be trusted: some failures come as 200 with `{"error":
//! …}`.

use std::borrow::Cow;
use std::error::Error;

use ownchatbot_app::event::{ChatLine, StreamStatus};
use ownchatbot_app::ports::{Emoji, OwncastError, Ownership};
use ownchatbot_domain::{ClientId, EventId, Person, Source, Timestamp, ViewerId};
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use serde::de::{MapAccess, SeqAccess};

use crate::text::{TITLE_CHARS, clean, stripped, timestamp};
use crate::tolerant::{FromJson, Tolerant, from_map, known, object};
use crate::user::User;

/// The longest reason that is repeated from a response, in characters.
const REASON_CHARS: usize = 200;
/// The longest name of an emoji, in characters.
const EMOJI_CHARS: usize = 64;
/// The longest path of an emoji's picture, in bytes.
const PATH_BYTES: usize = 1024;
/// The most emoji that are taken from a list.
const MAX_EMOJI: usize = 5_000;

/// Reads a response's whole body, up to `limit` bytes. `seconds` is the timeout, for the error.
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

/// Why there is no response. The message contains neither the URL nor the token.
pub(super) fn unreachable(error: &reqwest::Error, seconds: u64) -> OwncastError {
    OwncastError::Unreachable(if error.is_timeout() && !error.is_connect() {
        format!("no response within {seconds} s")
    } else if error.is_timeout() {
        "no connection in time".to_owned()
    } else {
        let what = if error.is_connect() { "no connection" } else { "the connection broke" };
        match io_message(error) {
            Some(why) => format!("{what}: {why}"),
            None => what.to_owned(),
        }
    })
}

/// The operating system's message, which contains an IP address at most; those of the layers above may
/// contain the whole URL.
fn io_message(error: &reqwest::Error) -> Option<String> {
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

/// The error for a response other than 200. `permission` is the one that the call needs; `None` for a public
/// call.
pub(super) fn refusal(status: StatusCode, body: &[u8], permission: Option<&str>) -> OwncastError {
    let code = status.as_u16();
    match code {
        401 | 403 => OwncastError::Refused(match permission {
            Some(permission) => {
                format!("the access token is unknown or lacks the permission to {permission} ({code})")
            }
            None => format!("it does not serve this publicly ({code})"),
        }),
        404 => OwncastError::Refused("there is no Owncast at this URL (404)".to_owned()),
        300..=399 => OwncastError::Refused(format!(
            "it redirects to another URL ({code}): configure the URL that it redirects to"
        )),
        408 | 429 | 500.. => OwncastError::Unreachable(format!("it responded with status {code}")),
        _ => match given_reason(body) {
            Some(reason) => OwncastError::Refused(format!("{reason} ({code})")),
            None => OwncastError::Refused(format!("it responded with status {code}")),
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

/// Checks that the response confirms the request: only `"success": true` does.
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

/// The error for an unexpected body: `Refused` when it gives a reason, and `Garbled` when it does not.
fn refused_or_garbled(body: &[u8]) -> OwncastError {
    match given_reason(body) {
        Some(reason) => OwncastError::Refused(reason),
        None => garbled("not the expected JSON"),
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
            at: timestamp(&known(self.timestamp)?)?,
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

/// The stream's status. Only whether it is live must be present.
pub(super) fn status(body: &[u8]) -> Result<StreamStatus, OwncastError> {
    let status = serde_json::from_slice::<Tolerant<Status<'_>>>(body).ok().and_then(|status| status.0);
    let status = status.ok_or_else(|| refused_or_garbled(body))?;
    let online = known(status.online).ok_or_else(|| refused_or_garbled(body))?;
    let time = |field: Option<Tolerant<Cow<'_, str>>>| -> Option<Timestamp> { timestamp(&known(field)?) };
    Ok(StreamStatus {
        online,
        title: clean(&known(status.stream_title).unwrap_or_default(), TITLE_CHARS),
        connected_at: time(status.last_connect_time),
        disconnected_at: time(status.last_disconnect_time),
    })
}

/// A viewer's details with their connections, as a moderator gets them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Details<'a> {
    #[serde(borrow)]
    user: Option<Tolerant<User<'a>>>,
    connected_clients: Option<Tolerant<Numbers>>,
}

object!(Details);

/// The ids in a list of connections. Those without a usable id are left out.
#[derive(Debug)]
struct Numbers(Vec<u64>);

#[derive(Debug, Deserialize)]
struct Numbered {
    id: Option<Tolerant<u64>>,
}

impl<'de> FromJson<'de> for Numbered {
    fn object<A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        from_map(map).map(Some)
    }
}

impl<'de> FromJson<'de> for Numbers {
    fn list<A: SeqAccess<'de>>(mut seq: A) -> Result<Option<Self>, A::Error> {
        let mut numbers = Vec::new();
        while let Some(Tolerant(connection)) = seq.next_element::<Tolerant<Numbered>>()? {
            numbers.extend(connection.and_then(|connection| known(connection.id)));
        }
        Ok(Some(Self(numbers)))
    }
}

/// Whether `client` is among the connections that Owncast lists for `viewer`. A response about another viewer
/// is an error.
pub(super) fn ownership(body: &[u8], client: ClientId, viewer: &ViewerId) -> Result<Ownership, OwncastError> {
    let details = serde_json::from_slice::<Tolerant<Details<'_>>>(body).ok().and_then(|details| details.0);
    let details = details.ok_or_else(|| refused_or_garbled(body))?;
    let person = known(details.user).and_then(|user| user.person().ok());
    let person = person.ok_or_else(|| refused_or_garbled(body))?;
    if person.id != *viewer {
        return Err(garbled("it is about another viewer than the requested one"));
    }
    let Numbers(theirs) = known(details.connected_clients).ok_or_else(|| refused_or_garbled(body))?;
    Ok(if theirs.contains(&client.0) { Ownership::Theirs } else { Ownership::Foreign })
}

/// What a 404 with this body means for a request for a viewer's connections.
pub(super) fn ownership_for_404(body: &[u8]) -> Ownership {
    if body.is_empty() { Ownership::Foreign } else { Ownership::Unknown }
}

#[derive(Debug, Deserialize)]
struct Picture<'a> {
    #[serde(borrow)]
    name: Option<Tolerant<Cow<'a, str>>>,
    #[serde(borrow)]
    url: Option<Tolerant<Cow<'a, str>>>,
}

object!(Picture);

impl Picture<'_> {
    fn emoji(self) -> Option<Emoji> {
        let name = known(self.name).filter(|name| is_emoji_name(name))?;
        let path = known(self.url).filter(|url| is_local_path(url))?;
        Some(Emoji { name: name.into_owned(), path: path.into_owned() })
    }
}

/// Whether `name` can be written as `:name:` in chat.
fn is_emoji_name(name: &str) -> bool {
    !name.is_empty()
        && clean(name, EMOJI_CHARS) == name
        && !name.contains(|c: char| c == ':' || c.is_whitespace())
}

/// Whether `url` leads to the same server and cannot end an HTML attribute. Browsers treat `/\` like `//`,
/// which leads to another server.
fn is_local_path(url: &str) -> bool {
    let bad = |c: char| c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '\\');
    url.starts_with('/') && !url.starts_with("//") && url.len() <= PATH_BYTES && !url.contains(bad)
}

/// The list of emoji. Those that cannot be used are left out; Go writes an empty list as null.
pub(super) fn emoji(body: &[u8]) -> Result<Vec<Emoji>, OwncastError> {
    let pictures = serde_json::from_slice::<Option<Vec<Tolerant<Picture<'_>>>>>(body)
        .map_err(|_| refused_or_garbled(body))?;
    let usable = pictures.unwrap_or_default().into_iter().filter_map(|picture| picture.0?.emoji());
    Ok(usable.take(MAX_EMOJI).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_success_true_confirms() {
        assert!(confirmed(br#"{"success":true,"message":"sent"}"#).is_ok());
        for (body, expected) in [
            (r#"{"error":"unexpected EOF"}"#, ("refused", "unexpected EOF")),
            (r#"{"success":true,"error":"x"}"#, ("refused", "x")),
            (r#"{"success":false,"message":"no\u202e\n"}"#, ("refused", "no")),
            (r#"{"success":"true"}"#, ("refused", "it gives no reason")),
            (r#"{"error":{}}"#, ("refused", "it gives no reason")),
            ("{}", ("garbled", "it says neither success nor failure")),
            ("[true]", ("garbled", "not a JSON object")),
            ("<html>", ("garbled", "not a JSON object")),
            ("", ("garbled", "not a JSON object")),
        ] {
            let error = confirmed(body.as_bytes()).unwrap_err();
            let (kind, reason) = match &error {
                OwncastError::Refused(reason) => ("refused", reason),
                OwncastError::Garbled(reason) => ("garbled", reason),
                OwncastError::Unreachable(reason) => ("unreachable", reason),
            };
            assert_eq!((kind, reason.as_str()), expected, "{body}");
        }
    }

    #[test]
    fn entries_without_a_usable_user_are_left_out() {
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
    fn history_is_parsed_as_text() {
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
    fn status_needs_only_the_online_field() {
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

    #[test]
    fn only_a_listed_connection_is_theirs() {
        let ann = ViewerId::new("ann").unwrap();
        let parsed = |body: &str, client| ownership(body.as_bytes(), ClientId(client), &ann);
        let body = r#"{"user":{"id":"ann","displayName":"Ann","disabledReason":""},"messages":null,"connectedClients":[
            {"connectedAt":"2026-09-10T18:00:00Z","userAgent":"x","geo":"DE","id":12,"messageCount":3},
            {"id":0},{"id":"7"},{"id":-1},{"id":null},{},null,9]}"#;
        for (client, expected) in [
            (12, Ownership::Theirs),
            (0, Ownership::Theirs),
            (7, Ownership::Foreign),
            (9, Ownership::Foreign),
            (1, Ownership::Foreign),
            (u64::MAX, Ownership::Foreign),
        ] {
            assert_eq!(parsed(body, client).unwrap(), expected, "{client}");
        }
        let none = r#"{"user":{"id":"ann"},"connectedClients":[]}"#;
        assert_eq!(parsed(none, 0).unwrap(), Ownership::Foreign);
        for body in [
            r#"{"user":{"id":"bob"},"connectedClients":[{"id":0}]}"#,
            r#"{"user":null,"connectedClients":[{"id":0}]}"#,
            r#"{"user":{"id":"ann"}}"#,
            r#"{"user":{"id":"ann"},"connectedClients":{"id":0}}"#,
            "[]",
            "null",
            "<html>",
            "",
        ] {
            assert!(matches!(parsed(body, 0), Err(OwncastError::Garbled(_))), "{body}");
        }
        assert!(matches!(parsed(r#"{"error":"x"}"#, 0), Err(OwncastError::Refused(why)) if why == "x"));
    }

    #[test]
    fn empty_404_differs_from_unknown_call() {
        assert_eq!(ownership_for_404(b""), Ownership::Foreign);
        assert_eq!(ownership_for_404(b"404 page not found\n"), Ownership::Unknown);
        assert_eq!(ownership_for_404(b"<html>"), Ownership::Unknown);
    }

    #[test]
    fn unsafe_emoji_are_left_out() {
        let list = serde_json::json!([
            { "name": "beerparrot", "url": "/img/emoji/beerparrot.gif" },
            { "name": "größe-2_x", "url": "/img/emoji/größe 2.png?v=1&w=2", "more": [1] },
            { "name": "x".repeat(64), "url": "/a" },
            { "name": "", "url": "/a" },
            { "name": "x".repeat(65), "url": "/a" },
            { "name": "a b", "url": "/a" },
            { "name": "a\u{a0}b", "url": "/a" },
            { "name": ":a", "url": "/a" },
            { "name": "a\n", "url": "/a" },
            { "name": "a\u{202e}b", "url": "/a" },
            { "name": 7, "url": "/a" },
            { "name": "a" },
            { "name": "a", "url": null },
            { "name": "a", "url": "" },
            { "name": "a", "url": "img/a.png" },
            { "name": "a", "url": "//evil.example/a.png" },
            { "name": "a", "url": "/\\evil.example/a.png" },
            { "name": "a", "url": "/\t/evil.example/a.png" },
            { "name": "a", "url": "https://evil.example/a.png" },
            { "name": "a", "url": "data:image/png;base64,AA" },
            { "name": "a", "url": "/a\" onerror=\"x" },
            { "name": "a", "url": "/a' x" },
            { "name": "a", "url": "/<b>" },
            { "name": "a", "url": format!("/{}", "a".repeat(1024)) },
            null,
            "a",
        ]);
        let kept = emoji(list.to_string().as_bytes()).unwrap();
        let kept: Vec<_> = kept.iter().map(|emoji| (emoji.name.as_str(), emoji.path.as_str())).collect();
        assert_eq!(
            kept[..2],
            [("beerparrot", "/img/emoji/beerparrot.gif"), ("größe-2_x", "/img/emoji/größe 2.png?v=1&w=2"),]
        );
        assert_eq!(kept[2..], [(&*"x".repeat(64), "/a")]);

        assert_eq!(emoji(b"null").unwrap(), []);
        assert!(matches!(emoji(br#"{"error":"x"}"#), Err(OwncastError::Refused(why)) if why == "x"));
        assert!(matches!(emoji(b"<html>"), Err(OwncastError::Garbled(_))));
        let many = vec![serde_json::json!({ "name": "a", "url": "/a" }); 5_001];
        assert_eq!(emoji(serde_json::Value::from(many).to_string().as_bytes()).unwrap().len(), 5_000);
    }
}
