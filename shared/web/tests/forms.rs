//! The extractors of forms and sessions, as any function's router uses them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::Request;
use axum::http::request::Builder;
use axum::routing::{get, post};
use ownchatbot_app::sign_in;
use ownchatbot_domain::config::Section;
use ownchatbot_testkit::bot::{Bot, signing_key};
use ownchatbot_testkit::builders::person;
use ownchatbot_testkit::configure::save_section;
use ownchatbot_testkit::http::{Answer, send};
use ownchatbot_web::form::{OpenForm, PageForms, Query, SignedForm};
use ownchatbot_web::session::VIEWER_COOKIE;
use ownchatbot_web::{PanelError, PathParam, Session, SessionId, Visit, WebState};
use serde::Deserialize;

/// The bot's public URL.
const HERE: &str = "https://bot.example";

#[derive(Debug, Deserialize)]
struct Fields {
    title: String,
    note: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Search {
    #[serde(default)]
    page: String,
}

async fn save(State(own): State<Arc<String>>, form: SignedForm<Fields>) -> String {
    let Fields { title, note, tags } = form.fields;
    format!("{own} {} {title} {note:?} {tags:?}", form.session.viewer().person.name)
}

async fn open(form: OpenForm<Fields>) -> String {
    format!("{} {:?}", form.fields.title, form.fields.tags)
}

async fn visit(visit: Visit) -> String {
    let name = visit.session.map(|session| session.viewer().person.name.clone());
    format!("{name:?} {} {}", visit.ended, visit.browser.partial)
}

async fn private(session: Session) -> String {
    session.viewer().person.name.clone()
}

async fn number(PathParam(number): PathParam<u8>, Query(query): Query<Search>) -> Result<String, PanelError> {
    Ok(format!("{number} {}", query.page))
}

/// A router with its own part of the state, and a session of Ann.
struct WebTest {
    router: Router,
    session: SessionId,
    /// Its table ends with it.
    _bot: Bot,
}

impl WebTest {
    async fn new() -> Self {
        let (bot, key, session) = (Bot::new().await, signing_key(), SessionId::random().unwrap());
        let address = Section::Address { public_url: Some(HERE.to_owned()), owncast_url: None };
        save_section(bot.store(), &address, 0).await.unwrap();
        let context = Arc::new(bot.another_process());
        let code = sign_in::code_to_type(&context, &key, "seed").await.unwrap();
        bot.answer(&person("Ann"), &format!("!link {code}")).await;
        sign_in::confirm_link_code(&context, &key, "seed", session.as_str()).await.unwrap();
        let router = Router::new()
            .route("/save", post(save))
            .route("/open", post(open))
            .route("/visit", get(visit))
            .route("/private", get(private))
            .route("/number/{number}", get(number))
            .with_state(WebState::new(context, key, &VIEWER_COOKIE, Arc::new("own".to_owned())));
        Self { router, session, _bot: bot }
    }

    /// `request` with Ann's cookie.
    async fn send(&self, request: Builder, body: impl Into<String>) -> Answer {
        let cookie = format!("__Host-panel={}", self.session.proof(&signing_key()));
        send(&self.router, request.header("cookie", cookie), body.into()).await
    }

    /// Ann's form with `fields` and its tokens.
    async fn post(&self, fields: &str) -> Answer {
        let tokens = PageForms::new(&signing_key(), &self.session).unwrap().tokens("x");
        let body = format!("csrf={}&key={}&{fields}", tokens.csrf, tokens.key);
        self.send(Request::post("/save").header("origin", HERE), body).await
    }
}

#[tokio::test]
async fn fields_are_typed_and_may_repeat() {
    let test = WebTest::new().await;
    for (fields, expected) in [
        ("title=T", "T None []"),
        ("title=T+1&tags=a&tags=b%26c", "T 1 None [\"a\", \"b&c\"]"),
        ("tags=a&title=&note=n&tags=&other=1&other=2", " Some(\"n\") [\"a\", \"\"]"),
        ("title=%FF%C3%A9&tags=a", "\u{fffd}é None [\"a\"]"),
    ] {
        assert_eq!(test.post(fields).await.text(), format!("own Ann {expected}"));
    }
    for fields in ["", "tags=a", "title=a&title=b"] {
        assert_eq!(test.post(fields).await.status, 403, "{fields}");
    }
    assert_eq!(test.post(&format!("title={}", "x".repeat(16 * 1024))).await.status, 413);
}

#[tokio::test]
async fn signed_forms_need_origin_session_and_tokens() {
    let test = WebTest::new().await;
    let tokens = PageForms::new(&signing_key(), &test.session).unwrap().tokens("x");
    let (csrf, key) = (&tokens.csrf, &tokens.key);
    let ours = || Request::post("/save").header("origin", HERE);
    let other = Request::post("/save").header("origin", "https://evil.example");
    for (what, request, body, status) in [
        ("complete", ours(), format!("csrf={csrf}&key={key}&title=T"), 200),
        ("no CSRF token", ours(), format!("key={key}&title=T"), 403),
        ("no key", ours(), format!("csrf={csrf}&title=T"), 403),
        ("an empty key", ours(), format!("csrf={csrf}&key=&title=T"), 403),
        ("two tokens", ours(), format!("csrf={csrf}&csrf={csrf}&key={key}&title=T"), 403),
        ("another origin", other, format!("csrf={csrf}&key={key}&title=T"), 403),
    ] {
        assert_eq!(test.send(request, body).await.status, status, "{what}");
    }
    let body = format!("csrf={csrf}&key={key}&title=T");
    assert_eq!(send(&test.router, ours(), body).await.status, 401, "no session");
}

#[tokio::test]
async fn open_forms_need_only_the_origin() {
    let test = WebTest::new().await;
    let ours = Request::post("/open").header("sec-fetch-site", "same-origin");
    assert_eq!(send(&test.router, ours, "title=T&tags=a&tags=b").await.text(), "T [\"a\", \"b\"]");
    let other = Request::post("/open").header("sec-fetch-site", "same-site");
    assert_eq!(send(&test.router, other, "title=T").await.status, 403);
    let large = Request::post("/open").header("origin", HERE);
    assert_eq!(send(&test.router, large, format!("title={}", "x".repeat(16 * 1024))).await.status, 413);
}

#[tokio::test]
async fn visits_and_sessions_are_found_by_cookie_and_by_header() {
    let test = WebTest::new().await;
    let visited = test.send(Request::get("/visit").header("hx-request", "true"), "").await;
    assert_eq!(visited.text(), "Some(\"Ann\") false true");
    assert_eq!(test.send(Request::get("/private"), "").await.text(), "Ann");
    assert_eq!(send(&test.router, Request::get("/visit"), "").await.text(), "None false false");
    assert_eq!(send(&test.router, Request::get("/private"), "").await.status, 401);
    let header =
        |session: &SessionId| Request::get("/visit").header("x-panel-session", session.proof(&signing_key()));
    assert_eq!(send(&test.router, header(&test.session), "").await.text(), "Some(\"Ann\") false false");
    let unknown = header(&SessionId::random().unwrap());
    assert_eq!(send(&test.router, unknown, "").await.text(), "None true false");
}

#[tokio::test]
async fn parameters_that_do_not_parse_name_nothing() {
    let test = WebTest::new().await;
    for (path, status) in [("/number/7", 200), ("/number/300", 404), ("/number/%FF", 404), ("/number/x", 404)]
    {
        assert_eq!(send(&test.router, Request::get(path), "").await.status, status, "{path}");
    }
    for (query, expected) in [("page=2&more=x", "7 2"), ("", "7 "), ("page=1&page=2", "7 ")] {
        let path = format!("/number/7?{query}");
        assert_eq!(send(&test.router, Request::get(path), "").await.text(), expected);
    }
}
