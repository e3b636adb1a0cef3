//! A panel over an embedded table on which a bot runs, and browsers that keep cookies.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::Request;
use axum::http::request::Builder;
use ownchatbot_app::deliver::{self, DeliveryTargets};
use ownchatbot_domain::config::Section;
use ownchatbot_domain::{ClientId, Person, Reward};
use ownchatbot_owncast::BaseUrl;
use ownchatbot_schedules::Local;
use ownchatbot_simulator::{Options, Simulator};
use ownchatbot_testkit::bot::{Bot, signing_key};
use ownchatbot_testkit::builders::sample_rewards;
use ownchatbot_testkit::configure::save_section;
use ownchatbot_testkit::http::{Answer, send};
use ownchatbot_testkit::scripted::ScriptedOwncast;
use viewer_panel::{Deps, router};

/// The bot's public URL.
pub(crate) const HERE: &str = "https://bot.example";

/// A panel, the bot whose table it reads, and Owncast.
pub(crate) struct PanelTest {
    pub(crate) bot: Bot,
    pub(crate) router: Router,
    pub(crate) owncast: Simulator,
}

impl PanelTest {
    /// With the sample rewards.
    pub(crate) async fn new() -> Self {
        Self::with(&sample_rewards()).await
    }

    pub(crate) async fn with(rewards: &[Reward]) -> Self {
        let bot = Bot::with_rewards(rewards).await;
        let address = Section::Address { public_url: Some(HERE.to_owned()), owncast_url: None };
        save_section(bot.store(), &address, 0).await.unwrap();
        let owncast = Simulator::start(Options::default()).await.unwrap();
        let router = another(&bot, owncast.url());
        Self { bot, router, owncast }
    }

    /// The code, and the token at the end of the link, which `person` is whispered after `!panel`.
    pub(crate) async fn invitation(&self, person: &Person) -> (String, String) {
        let owncast = ScriptedOwncast::default();
        let event = self.bot.fresh_event();
        self.bot.hears(event.id(), person, "!panel").await.unwrap();
        let schedules = Local::open(None, self.bot.clock.clone()).unwrap();
        let rows = self.bot.outbox(&event).await.into_iter().map(|row| (row.lane, row.n));
        let targets = DeliveryTargets { owncast: &owncast, schedules: &schedules };
        deliver::on_rows(&self.bot.context, targets, rows).await;
        let shown = owncast.shown().pop().expect("something is whispered");
        assert_eq!(shown.to, Some(ClientId(7)));
        let after = |mark: &str| shown.line.split_once(mark).unwrap().1.to_owned();
        let code = after("the code ").split(' ').next().unwrap().to_owned();
        let token = after("/userpanel/enter/").split(')').next().unwrap().to_owned();
        (code, token)
    }

    /// A browser that is signed in as `person`.
    pub(crate) async fn signed_in(&self, person: &Person) -> Browser {
        let (code, _) = self.invitation(person).await;
        let browser = self.browser();
        browser.get("/userpanel").await;
        let response = browser.post("/userpanel/sign-in", &[("code", &code)]).await;
        assert_eq!(response.status, 303, "{}", response.text());
        browser
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: Arc::default(), header: None }
    }
}

/// Another process on the table of `bot`, with Owncast at the URL `owncast`.
pub(crate) fn another(bot: &Bot, owncast: &str) -> Router {
    let owncast = BaseUrl::parse(owncast).unwrap();
    let context = bot.another_process();
    router(Arc::new(Deps::new(context, signing_key(), owncast, None).unwrap()))
}

/// A browser that keeps cookies and sends forms from the bot's own pages.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) router: Router,
    pub(crate) cookies: Arc<Mutex<BTreeMap<String, String>>>,
    /// The session, where the page keeps it.
    pub(crate) header: Option<String>,
}

impl Browser {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), "").await
    }

    /// Sends a form, as a browser without scripts does.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form(path), &encoded(fields)).await
    }

    /// Sends a form, as the page's script does.
    pub(crate) async fn post_partial(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form(path).header("hx-request", "true"), &encoded(fields)).await
    }

    /// Sends the form to `path` that the page shows, with `more` filled in.
    pub(crate) async fn submit(&self, path: &str, more: &[(&str, &str)]) -> Answer {
        let page = self.get("/userpanel").await;
        let mut fields = hidden(page.text(), path);
        fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(path, &fields).await
    }

    /// Follows the redirect of `response`, and returns the notices of the page.
    pub(crate) async fn notices(&self, response: &Answer) -> String {
        assert_eq!(response.status, 303, "{}", response.text());
        let to = response.header("location").to_owned();
        notices(self.get(to.split('#').next().unwrap()).await.text())
    }

    pub(crate) async fn send(&self, mut request: Builder, body: &str) -> Answer {
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some(session) = &self.header {
            request = request.header("x-panel-session", session);
        }
        let response = send(&self.router, request, body.to_owned()).await;
        for set in response.headers.get_all("set-cookie") {
            let set = set.to_str().unwrap();
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if set.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    /// The cookies that the browser has kept.
    pub(crate) fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.lock().unwrap().clone()
    }
}

/// The request of a form on one of the bot's own pages.
pub(crate) fn form(path: &str) -> Builder {
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", HERE)
        .header("sec-fetch-site", "same-origin")
}

pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let mut all = form_urlencoded::Serializer::new(String::new());
    all.extend_pairs(fields);
    all.finish()
}

/// The hidden fields of the first form to `action` on `page`.
pub(crate) fn hidden(page: &str, action: &str) -> Vec<(String, String)> {
    let start =
        page.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no form to {action} in {page}"));
    let form = page[start..].split("</form>").next().unwrap();
    let inputs = form.split("<input type=\"hidden\" name=\"").skip(1);
    inputs
        .map(|input| {
            let (name, rest) = input.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split('"').next().unwrap().to_owned())
        })
        .collect()
}

/// The texts of the page's notices.
pub(crate) fn notices(page: &str) -> String {
    let lines = page.split("<div class=\"said ").skip(1);
    let text = |line: &str| line.split_once("<p>").unwrap().1.split("</p>").next().unwrap().to_owned();
    lines.map(text).collect::<Vec<_>>().join("\n")
}

/// The balance on the page; `None` when no viewer is signed in.
pub(crate) fn balance(page: &str) -> Option<String> {
    Some(page.split_once("<span id=\"balance\">")?.1.split('<').next()?.to_owned())
}

/// A text field of `page` that was refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused<'a> {
    /// What it contains.
    pub(crate) value: &'a str,
    /// The sentence beside it.
    pub(crate) sentence: &'a str,
}

/// The text field of `page` whose sentence has the id `{id}-error`, if it was refused.
pub(crate) fn refused<'a>(page: &'a str, id: &str) -> Option<Refused<'a>> {
    let wrong = format!(" aria-invalid=\"true\" aria-describedby=\"{id}-error\" autofocus");
    let mut inputs = page.split("<input ").skip(1).map(|input| input.split('>').next().unwrap());
    let input = inputs.find(|input| input.contains(&wrong))?;
    let value = input.split_once(" value=\"").map_or("", |(_, rest)| rest.split('"').next().unwrap());
    let sentence = page.split_once(&format!("<p class=\"error\" id=\"{id}-error\">")).unwrap().1;
    Some(Refused { value, sentence: sentence.split("</p>").next().unwrap() })
}
