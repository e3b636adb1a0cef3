//! The integrations API of Owncast and its public list of emoji, behind the port [`ownchatbot_app::ports::Owncast`].

mod address;
mod answer;

use std::time::Duration;

use ownchatbot_app::event::{ChatLine, StreamStatus};
use ownchatbot_app::ports::{Emoji, Owncast, OwncastError, Ownership};
use ownchatbot_domain::{ClientId, Person, ViewerId};
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use serde_json::{Value, json};

pub use address::{AccessToken, BadToken, BadUrl, BaseUrl};

/// How long reaching the server may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a whole call may take, in whole seconds.
const TIMEOUT_SECONDS: u64 = 3;
/// The largest answer read, in bytes: enough for a list of ten thousand connections.
const ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// The client could not be made: no usable TLS on this system.
#[derive(Debug, thiserror::Error)]
#[error("no HTTP client can be made")]
pub struct NoHttpClient(#[source] reqwest::Error);

/// One Owncast, called with one access token. Keeps its connections; make it once for each process.
#[derive(Debug, Clone)]
pub struct OwncastClient {
    http: reqwest::Client,
    base: BaseUrl,
    token: Option<AccessToken>,
}

/// Where a call goes, and the permission it takes in the words of its error. Without one it is public and gets no token.
#[derive(Clone, Copy)]
struct Call {
    path: &'static str,
    permission: Option<&'static str>,
}

impl Call {
    const fn with(permission: &'static str, path: &'static str) -> Self {
        Self { path, permission: Some(permission) }
    }
}

const SEND: Call = Call::with("send chat messages", "api/integrations/chat/send");
const WHISPER: Call = Call::with("send system messages", "api/integrations/chat/system/client/");
const HISTORY: Call = Call::with("administrative actions", "api/integrations/chat");
const CLIENTS: Call = Call::with("administrative actions", "api/integrations/clients");
const STATUS: Call = Call::with("administrative actions", "api/integrations/status");
const OWNER: Call = Call::with("administrative actions", "api/integrations/moderation/chat/user/");
const EMOJI: Call = Call { path: "api/emoji", permission: None };

/// A status and what came of reading the rest.
type Answer = (StatusCode, Result<Vec<u8>, OwncastError>);

impl OwncastClient {
    /// A client for the Owncast at `base`.
    ///
    /// # Errors
    /// [`NoHttpClient`] when the system's TLS cannot be used.
    pub fn new(base: BaseUrl, token: AccessToken) -> Result<Self, NoHttpClient> {
        Ok(Self { token: Some(token), ..Self::public(base)? })
    }

    /// A client that can ask what everybody may see, and is refused everything else.
    ///
    /// # Errors
    /// [`NoHttpClient`] when the system's TLS cannot be used.
    pub fn public(base: BaseUrl) -> Result<Self, NoHttpClient> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(Duration::from_secs(TIMEOUT_SECONDS))
            // A redirect would carry the token to an address that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("OwnchatBot/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(NoHttpClient)?;
        Ok(Self { http, base, token: None })
    }

    async fn post(&self, call: Call, rest: &str, body: &Value) -> Result<(), OwncastError> {
        let url = self.base.join(&format!("{}{rest}", call.path));
        let answer = self.send(self.request(Method::POST, call, url)?.json(body)).await?;
        let confirmed = accepted(call, answer).and_then(|body| answer::confirmed(&body));
        confirmed.map_err(|error| self.redacted(error))
    }

    /// Asks, and reads what comes back with `understand`.
    async fn get<T>(
        &self,
        call: Call,
        understand: impl FnOnce(&[u8]) -> Result<T, OwncastError>,
    ) -> Result<T, OwncastError> {
        let answer = self.send(self.request(Method::GET, call, self.base.join(call.path))?).await?;
        let understood = accepted(call, answer).and_then(|body| understand(&body));
        understood.map_err(|error| self.redacted(error))
    }

    fn request(&self, method: Method, call: Call, url: Option<Url>) -> Result<RequestBuilder, OwncastError> {
        let url = url.ok_or_else(|| OwncastError::Unreachable("its address cannot be used".to_owned()))?;
        let request = self.http.request(method, url);
        Ok(match (&self.token, call.permission) {
            (Some(token), Some(_)) => request.bearer_auth(token.expose()),
            _ => request,
        })
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, OwncastError> {
        let response = request.send().await.map_err(|error| answer::unreachable(&error, TIMEOUT_SECONDS))?;
        Ok((response.status(), answer::read(response, ANSWER_BYTES, TIMEOUT_SECONDS).await))
    }

    /// The error without our token, should the other side have written it back.
    fn redacted(&self, error: OwncastError) -> OwncastError {
        let Some(token) = &self.token else { return error };
        let hide = |text: String| text.replace(token.expose(), "…");
        match error {
            OwncastError::Refused(text) => OwncastError::Refused(hide(text)),
            OwncastError::Unreachable(text) => OwncastError::Unreachable(hide(text)),
            OwncastError::Garbled(text) => OwncastError::Garbled(hide(text)),
        }
    }
}

/// The body of a 200; every other status is an error, and says enough, whatever became of the body.
fn accepted(call: Call, (status, read): Answer) -> Result<Vec<u8>, OwncastError> {
    if status == StatusCode::OK {
        read
    } else {
        Err(answer::refusal(status, &read.unwrap_or_default(), call.permission))
    }
}

impl Owncast for OwncastClient {
    async fn say(&self, line: &str) -> Result<(), OwncastError> {
        self.post(SEND, "", &json!({ "body": line })).await
    }

    async fn whisper(&self, client: ClientId, line: &str) -> Result<(), OwncastError> {
        self.post(WHISPER, &client.0.to_string(), &json!({ "body": line })).await
    }

    async fn clients(&self) -> Result<Vec<Person>, OwncastError> {
        self.get(CLIENTS, answer::clients).await
    }

    async fn history(&self) -> Result<Vec<ChatLine>, OwncastError> {
        self.get(HISTORY, answer::history).await
    }

    async fn status(&self) -> Result<StreamStatus, OwncastError> {
        self.get(STATUS, answer::status).await
    }

    /// Two kinds of 404 are told apart: Owncast's own for a viewer whom it does not know has no body, its web server's for a
    /// call that it does not have says "404 page not found". Somebody in between who writes other error pages makes the
    /// first look like the second, which is [`Ownership::Unknown`]; neither is ever taken for [`Ownership::Theirs`].
    async fn owner(&self, client: ClientId, viewer: &ViewerId) -> Result<Ownership, OwncastError> {
        let url = self.base.join_segment(OWNER.path, viewer.as_str());
        let (status, read) = self.send(self.request(Method::GET, OWNER, url)?).await?;
        let owner = if status == StatusCode::NOT_FOUND {
            read.map(|body| answer::nobody(&body))
        } else {
            accepted(OWNER, (status, read)).and_then(|body| answer::ownership(&body, client, viewer))
        };
        owner.map_err(|error| self.redacted(error))
    }

    async fn emoji(&self) -> Result<Vec<Emoji>, OwncastError> {
        self.get(EMOJI, answer::emoji).await
    }
}
