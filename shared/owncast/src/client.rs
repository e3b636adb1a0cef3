//! The integrations API of Owncast, behind the port [`ownchatbot_app::ports::Owncast`].

mod address;
mod answer;

use std::time::Duration;

use ownchatbot_app::event::{ChatLine, StreamStatus};
use ownchatbot_app::ports::{Owncast, OwncastError};
use ownchatbot_domain::{ClientId, Person};
use reqwest::{Method, RequestBuilder};
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
    token: AccessToken,
}

/// What a call does, in the words of its error, and the permission it takes.
#[derive(Clone, Copy)]
struct Call {
    path: &'static str,
    permission: &'static str,
}

const SEND: Call = Call { path: "chat/send", permission: "send chat messages" };
const WHISPER: Call = Call { path: "chat/system/client/", permission: "send system messages" };
const HISTORY: Call = Call { path: "chat", permission: "administrative actions" };
const CLIENTS: Call = Call { path: "clients", permission: "administrative actions" };
const STATUS: Call = Call { path: "status", permission: "administrative actions" };

impl OwncastClient {
    /// A client for the Owncast at `base`.
    ///
    /// # Errors
    /// [`NoHttpClient`] when the system's TLS cannot be used.
    pub fn new(base: BaseUrl, token: AccessToken) -> Result<Self, NoHttpClient> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(Duration::from_secs(TIMEOUT_SECONDS))
            // A redirect would carry the token to an address that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("OwnchatBot/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(NoHttpClient)?;
        Ok(Self { http, base, token })
    }

    async fn post(&self, call: Call, rest: &str, body: &Value) -> Result<(), OwncastError> {
        let answer = self.send(call, self.request(Method::POST, call, rest)?.json(body)).await?;
        answer::confirmed(&answer).map_err(|error| self.redacted(error))
    }

    async fn get(&self, call: Call) -> Result<Vec<u8>, OwncastError> {
        self.send(call, self.request(Method::GET, call, "")?).await
    }

    fn request(&self, method: Method, call: Call, rest: &str) -> Result<RequestBuilder, OwncastError> {
        let url = self
            .base
            .join(&format!("api/integrations/{}{rest}", call.path))
            .ok_or_else(|| OwncastError::Unreachable("its address cannot be used".to_owned()))?;
        Ok(self.http.request(method, url).bearer_auth(self.token.expose()))
    }

    async fn send(&self, call: Call, request: RequestBuilder) -> Result<Vec<u8>, OwncastError> {
        let response = request.send().await.map_err(|error| answer::unreachable(&error, TIMEOUT_SECONDS))?;
        let status = response.status();
        let read = answer::read(response, ANSWER_BYTES, TIMEOUT_SECONDS).await;
        if status != 200 {
            // The status says enough, whatever became of the body.
            let reason = answer::refusal(status, &read.unwrap_or_default(), call.permission);
            return Err(self.redacted(reason));
        }
        read
    }

    /// The error without our token, should the other side have written it back.
    fn redacted(&self, error: OwncastError) -> OwncastError {
        let hide = |text: String| text.replace(self.token.expose(), "…");
        match error {
            OwncastError::Refused(text) => OwncastError::Refused(hide(text)),
            OwncastError::Unreachable(text) => OwncastError::Unreachable(hide(text)),
            OwncastError::Garbled(text) => OwncastError::Garbled(hide(text)),
        }
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
        let answer = self.get(CLIENTS).await?;
        answer::clients(&answer).map_err(|error| self.redacted(error))
    }

    async fn history(&self) -> Result<Vec<ChatLine>, OwncastError> {
        let answer = self.get(HISTORY).await?;
        answer::history(&answer).map_err(|error| self.redacted(error))
    }

    async fn status(&self) -> Result<StreamStatus, OwncastError> {
        let answer = self.get(STATUS).await?;
        answer::status(&answer).map_err(|error| self.redacted(error))
    }
}
