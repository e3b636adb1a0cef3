//! Serves the fake Owncast's page by itself, with a small answering machine for a bot, to work on the page:
//! `cargo run -p ownchatbot-testkit --example simulator`, then open <http://127.0.0.1:8080>.

use std::error::Error;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use ownchatbot_app::event::OwncastEvent;
use ownchatbot_app::ports::Owncast;
use ownchatbot_domain::Timestamp;
use ownchatbot_owncast::{AccessToken, BaseUrl, OwncastClient, read_event};
use ownchatbot_testkit::owncast::{FakeOwncast, Options, Webhook};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
    let owncast = FakeOwncast::start(Options { listen, cast: true, ..Options::default() }).await?;
    let bot = OwncastClient::new(BaseUrl::parse(owncast.url())?, AccessToken::parse(owncast.token())?)?;
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let url = format!("http://{}", listener.local_addr()?);
    owncast.set_webhook(Some(Webhook::signed(format!("{url}/hook"), "only for the example")));
    owncast.set_bot_url(Some(url));
    axum::serve(listener, Router::new().route("/hook", post(answer)).with_state(bot)).await?;
    Ok(())
}

/// Whispers to whoever asks for points, and tells everybody about every other command.
async fn answer(State(bot): State<OwncastClient>, body: Bytes) -> StatusCode {
    let Ok(OwncastEvent::Chat(line)) = read_event(&body, Timestamp::from_ms(0)) else {
        return StatusCode::NO_CONTENT;
    };
    // Answered first: Owncast's chat waits for a slow hook.
    tokio::spawn(async move {
        let name = &line.person.name;
        let _ = match line.text.strip_prefix('!') {
            Some("points") => bot.whisper(line.client, &format!("{name}, you have 120 points.")).await,
            Some(command) => bot.say(&format!("{name} wants {command}.")).await,
            None => Ok(()),
        };
    });
    StatusCode::NO_CONTENT
}
