//! The client of Owncast's integrations API and its public list of emoji. It implements the port
//! [`ownchatbot_app::ports::Owncast`].

mod endpoint;
mod response;

use std::time::Duration;

use ownchatbot_app::event::{ChatLine, StreamStatus};
use ownchatbot_app::ports::{Emoji, Owncast, OwncastError, Ownership};
use ownchatbot_domain::{ClientId, Person, ViewerId};
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use serde_json::{Value, json};

pub use endpoint::{AccessToken, BadToken, BadUrl, BaseUrl};

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a whole call may take, in seconds.
const TIMEOUT_SECONDS: u64 = 3;
/// The largest response body that is read, in bytes: enough for a list of ten thousand connections.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// The HTTP client could not be created, because the system's TLS cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("could not create the HTTP client for Owncast")]
pub struct NoHttpClient(#[source] reqwest::Error);

/// A client for one Owncast with one access token. It pools its connections; create one for each process.
#[derive(Debug, Clone)]
pub struct OwncastClient {
    http: reqwest::Client,
    base: BaseUrl,
    token: Option<AccessToken>,
}

/// The path of a call, and the permission that it needs, in the words of its error. A call without one is
/// public and is sent without the token.
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

/// The status of a response, and its body or why that could not be read.
type Reply = (StatusCode, Result<Vec<u8>, OwncastError>);

impl OwncastClient {
    /// A client for the Owncast at `base`.
    ///
    /// # Errors
    /// [`NoHttpClient`] when the system's TLS cannot be used.
    pub fn new(base: BaseUrl, token: AccessToken) -> Result<Self, NoHttpClient> {
        Ok(Self { token: Some(token), ..Self::public(base)? })
    }

    /// A client without a token. Only its public calls succeed.
    ///
    /// # Errors
    /// [`NoHttpClient`] when the system's TLS cannot be used.
    pub fn public(base: BaseUrl) -> Result<Self, NoHttpClient> {
        // reqwest is compiled without a provider of cryptography, and panics if the process has none.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(Duration::from_secs(TIMEOUT_SECONDS))
            // A redirect would send the token to a URL that was not configured.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("OwnchatBot/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(NoHttpClient)?;
        Ok(Self { http, base, token: None })
    }

    async fn post(&self, call: Call, rest: &str, body: &Value) -> Result<(), OwncastError> {
        let url = self.base.join(&format!("{}{rest}", call.path));
        let reply = self.send(self.request(Method::POST, call, url)?.json(body)).await?;
        let confirmed = accepted(call, reply).and_then(|body| response::confirmed(&body));
        confirmed.map_err(|error| self.redacted(error))
    }

    /// Sends a GET request and parses the body with `parse`.
    async fn get<T>(
        &self,
        call: Call,
        parse: impl FnOnce(&[u8]) -> Result<T, OwncastError>,
    ) -> Result<T, OwncastError> {
        let reply = self.send(self.request(Method::GET, call, self.base.join(call.path))?).await?;
        let parsed = accepted(call, reply).and_then(|body| parse(&body));
        parsed.map_err(|error| self.redacted(error))
    }

    fn request(&self, method: Method, call: Call, url: Option<Url>) -> Result<RequestBuilder, OwncastError> {
        let url = url.ok_or_else(|| OwncastError::Unreachable("its URL cannot be used".to_owned()))?;
        let request = self.http.request(method, url);
        Ok(match (&self.token, call.permission) {
            (Some(token), Some(_)) => request.bearer_auth(token.expose()),
            _ => request,
        })
    }

    async fn send(&self, request: RequestBuilder) -> Result<Reply, OwncastError> {
        let sent = request.send().await.map_err(|error| response::unreachable(&error, TIMEOUT_SECONDS))?;
        Ok((sent.status(), response::read(sent, MAX_BODY_BYTES, TIMEOUT_SECONDS).await))
    }

    /// The error without our token, in case the response repeated it.
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

/// The body of a response with status 200. Every other status is an error, even if the body could not be
/// read.
fn accepted(call: Call, (status, body): Reply) -> Result<Vec<u8>, OwncastError> {
    if status == StatusCode::OK {
        body
    } else {
        Err(response::refusal(status, &body.unwrap_or_default(), call.permission))
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
        self.get(CLIENTS, response::clients).await
    }

    async fn history(&self) -> Result<Vec<ChatLine>, OwncastError> {
        self.get(HISTORY, response::history).await
    }

    async fn status(&self) -> Result<StreamStatus, OwncastError> {
        self.get(STATUS, response::status).await
    }

    /// There are two kinds of 404. Owncast's own for an unknown viewer has no body; its web server's for an
    /// unknown call has the body "404 page not found". A proxy with its own error pages makes the first look
    /// like the second, which is [`Ownership::Unknown`]; neither is ever taken for [`Ownership::Theirs`].
    async fn owner(&self, client: ClientId, viewer: &ViewerId) -> Result<Ownership, OwncastError> {
        let url = self.base.join_segment(OWNER.path, viewer.as_str());
        let (status, body) = self.send(self.request(Method::GET, OWNER, url)?).await?;
        let owner = if status == StatusCode::NOT_FOUND {
            body.map(|body| response::ownership_for_404(&body))
        } else {
            accepted(OWNER, (status, body)).and_then(|body| response::ownership(&body, client, viewer))
        };
        owner.map_err(|error| self.redacted(error))
    }

    async fn emoji(&self) -> Result<Vec<Emoji>, OwncastError> {
        self.get(EMOJI, response::emoji).await
    }
}
