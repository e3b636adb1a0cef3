//! Why a request to a panel fails, and the response that says so.

use askama::Template;
use axum::Router;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use ownchatbot_app::{AppError, ErrorChain};
use ownchatbot_domain::settings::PointsSettings;
use ownchatbot_store::StoreError;
use ownchatbot_texts::Texts;

use crate::browser::{NO_STORE, is_partial};
use crate::notice::{Notice, Notices};
use crate::session::RandomnessUnavailable;

/// Why a request to a panel fails. Handlers return it, and it becomes a response with its status and a
/// sentence for the visitor: a text, or a notice where the page's script sent the request. [`in_words`]
/// writes the sentence.
#[derive(Debug, thiserror::Error)]
pub enum PanelError {
    /// What the path or the query string names does not exist (404).
    #[error("no such page, reward or redemption")]
    NotFound,
    /// A form came from a page that is not the bot's (403).
    #[error("the request came from another origin")]
    CrossOrigin,
    /// The request sends no session, or one that has ended (401).
    #[error("no viewer is signed in")]
    SignedOut,
    /// A form that none of our pages sends: its CSRF token is wrong, or a field is missing (403).
    #[error("the form's CSRF token or one of its fields is wrong")]
    BadForm,
    /// The body is larger than any form (413).
    #[error("the body is too large")]
    TooLarge,
    /// The table failed (503 while it is busy, else 500).
    #[error("the table could not be read or written")]
    Failed(#[from] AppError),
    /// The system has no randomness for a secret (500).
    #[error("could not make a secret")]
    RandomnessUnavailable(#[from] RandomnessUnavailable),
    /// A template failed (500).
    #[error("could not render a template")]
    Page(#[from] askama::Error),
}

impl From<StoreError> for PanelError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl PanelError {
    /// The status of the response.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::CrossOrigin | Self::BadForm => StatusCode::FORBIDDEN,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Failed(AppError::Contended { .. } | AppError::Store(StoreError::Busy { .. })) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Failed(AppError::Store(StoreError::Broken { .. } | StoreError::Damaged { .. }))
            | Self::RandomnessUnavailable(_)
            | Self::Page(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The id of the sentence for the visitor.
    const fn sentence(&self) -> &'static str {
        match self {
            Self::NotFound => "error-not-found",
            Self::CrossOrigin => "error-cross-origin",
            Self::SignedOut => "error-signed-out",
            Self::TooLarge => "error-too-large",
            Self::BadForm => "error-bad-form",
            Self::Failed(_) | Self::RandomnessUnavailable(_) | Self::Page(_) => "error-failed",
        }
    }
}

/// The id of a [`PanelError`]'s sentence, which its response carries to [`in_words`].
#[derive(Debug, Clone, Copy)]
struct Sentence(&'static str);

impl IntoResponse for PanelError {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(error = %ErrorChain(&self), http.status = status.as_u16(), "could not handle a request to the panel");
        } else {
            tracing::warn!(reason = %self, http.status = status.as_u16(), "refused a request to the panel");
        }
        let mut response = status.into_response();
        response.extensions_mut().insert(Sentence(self.sentence()));
        let headers = response.headers_mut();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        headers.insert(CACHE_CONTROL, NO_STORE);
        response
    }
}

/// Puts each [`PanelError`] that `router` returns into the words of `texts`: as a text, or as a notice for a
/// page's script. Whichever part the script requested, only the notices are replaced.
pub fn in_words(router: Router, texts: &'static Texts) -> Router {
    router.layer(middleware::from_fn(async move |request: Request, next: Next| {
        let partial = is_partial(request.headers());
        let response = next.run(request).await;
        let Some(Sentence(id)) = response.extensions().get::<Sentence>() else { return response };
        // These sentences have no amounts, so any word for points does.
        let sentence = texts.panel_words(&PointsSettings::default().name).get(id);
        let (status, headers) = (response.status(), response.headers());
        if partial { as_notice(status, headers, &sentence) } else { as_text(status, headers, &sentence) }
    }))
}

/// A response with the status and headers of the error's, and its sentence as a text.
fn as_text(status: StatusCode, headers: &HeaderMap, sentence: &str) -> Response {
    let mut response = (status, format!("{sentence}\n")).into_response();
    let length = response.headers_mut().remove(CONTENT_LENGTH);
    *response.headers_mut() = headers.clone();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.remove(CONTENT_LENGTH);
    headers.extend(length.map(|length| (CONTENT_LENGTH, length)));
    response
}

/// A response with the status and headers of the error's, and its sentence as a notice.
fn as_notice(status: StatusCode, headers: &HeaderMap, sentence: &str) -> Response {
    let notices = Notices::swapped(vec![Notice::new(false, sentence)]);
    let mut response = (status, notices.render().unwrap_or_default()).into_response();
    *response.headers_mut() = headers.clone();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert("hx-reswap", HeaderValue::from_static("none"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::get;
    use ownchatbot_testkit::http::send;
    use ownchatbot_texts::Language;

    #[tokio::test]
    async fn errors_are_texts_for_browsers_and_notices_for_scripts() {
        async fn gone() -> Result<(), PanelError> {
            Err(PanelError::NotFound)
        }
        async fn busy() -> Result<(), PanelError> {
            Err(StoreError::Busy { doing: "reading", source: "throttled".into() }.into())
        }
        let router = Router::new().route("/gone", get(gone)).route("/busy", get(busy));
        let router = in_words(router.route("/fine", get(async || "fine")), Texts::of(Language::English));
        let page = send(&router, Request::get("/gone"), Body::empty()).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (404, "text/plain; charset=utf-8"));
        assert_eq!(page.text(), "There is nothing here. Open the panel from the stream's page.\n");
        let script = |path: &str| Request::get(path.to_owned()).header("hx-request", "true");
        let notice = send(&router, script("/gone"), Body::empty()).await;
        assert_eq!((notice.status.as_u16(), notice.header("hx-reswap")), (404, "none"));
        assert!(
            notice.text().starts_with("<div id=\"said\" hx-swap-oob=\"innerHTML\">"),
            "{}",
            notice.text()
        );
        assert!(notice.text().contains("There is nothing here."), "{}", notice.text());
        let busy = send(&router, script("/busy"), Body::empty()).await;
        assert_eq!((busy.status.as_u16(), busy.header("retry-after")), (503, "1"));
        assert_eq!(busy.header("cache-control"), "no-store");
        assert_eq!(send(&router, script("/fine"), Body::empty()).await.text(), "fine");
    }
}
