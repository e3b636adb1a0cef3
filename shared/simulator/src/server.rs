//! Starting and stopping the fake, and what tests do with it.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use ownchatbot_domain::ClientId;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::fault::{Fault, LinkFault};
use crate::gate::{Cut, Gate};
use crate::options::{Options, Webhook};
use crate::seen::{Delivery, Outcome, Seen, TimedOut};
use crate::stage::Stage;
use crate::viewer::ViewerHandle;
use crate::{api, page, public, webhooks};

/// How long what is waited for may take. Long enough for a busy machine; nothing waits it out that goes well.
const DEADLINE: Duration = Duration::from_secs(10);
/// How long requests under way may take when the fake stops.
const GRACE: Duration = Duration::from_secs(1);

/// A running fake Owncast. It ends when dropped.
pub struct FakeOwncast {
    stage: Arc<Stage>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    workers: Vec<JoinHandle<()>>,
}

impl FakeOwncast {
    /// Starts one.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        // No timeout, as in Owncast. Never through a proxy: what it talks to is on this computer.
        let http = reqwest::Client::builder().no_proxy().build().map_err(io::Error::other)?;
        // The channel of Owncast has no room at all; this is the nearest there is.
        let (queue, jobs) = mpsc::channel(1);
        let (workers, cast) = (options.workers.max(1), options.cast);
        let stage = Arc::new(Stage::new(options, url_of(address), http, queue));
        let jobs = Arc::new(Mutex::new(jobs));
        let workers = (0..workers)
            .map(|_| tokio::spawn(webhooks::work(Arc::clone(&stage), Arc::clone(&jobs))))
            .collect();
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new()
            .merge(api::router(Arc::clone(&stage)))
            .merge(public::router(Arc::clone(&stage)))
            .merge(page::router(Arc::clone(&stage)))
            .fallback(api::not_found);
        let service = router.into_make_service_with_connect_info::<Cut>();
        let server = tokio::spawn(async move {
            let stopped = async move {
                let _ = stopped.await;
            };
            let _ = axum::serve(Gate(listener), service).with_graceful_shutdown(stopped).await;
        });
        let fake = Self { stage, address, stop: Some(stop), server, workers };
        if cast {
            fake.bring_cast().await;
        }
        Ok(fake)
    }

    async fn bring_cast(&self) {
        let cast = [
            self.viewer("Ann"),
            self.viewer("Bob"),
            self.viewer("Cleo").moderator(),
            self.viewer("Dora").authenticated(),
        ];
        for viewer in cast {
            viewer.connect().await;
        }
    }

    /// Stops it: requests under way get a second, webhooks under way are cut.
    pub async fn shutdown(mut self) {
        for worker in &self.workers {
            worker.abort();
        }
        drop(self.stop.take());
        if tokio::time::timeout(GRACE, &mut self.server).await.is_err() {
            self.server.abort();
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address for the integrations API and for a browser, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.stage.server_url
    }

    /// The access token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.stage.options.token
    }

    /// Sends events there from now on, or nowhere.
    pub fn set_webhook(&self, webhook: Option<Webhook>) {
        self.stage.change(|state| state.webhook = webhook);
    }

    /// Where the bot's pages are, for the link and the action on the fake's page. A page that is open already may not frame
    /// another origin until it is loaded again.
    pub fn set_bot_url(&self, url: Option<String>) {
        self.stage.change(|state| state.bot_url = url);
    }

    /// What becomes of the bot's calls from now on.
    pub fn set_fault(&self, fault: Fault) {
        self.stage.change(|state| state.fault = fault);
    }

    /// What happens to webhooks from now on, those in the queue included.
    pub fn set_link_fault(&self, fault: LinkFault) {
        self.stage.change(|state| state.link = fault);
    }

    /// The viewer called `name`, made when there is none. The id is the name in lower case.
    #[must_use]
    pub fn viewer(&self, name: &str) -> ViewerHandle {
        let now = self.stage.now();
        let id = self.stage.change(|state| state.viewer_named(name, now));
        ViewerHandle { stage: Arc::clone(&self.stage), id }
    }

    /// The viewer with this `user.id`, made with this name when there is none. Two may have one name.
    #[must_use]
    pub fn viewer_with_id(&self, id: &str, name: &str) -> ViewerHandle {
        let now = self.stage.now();
        let id = self.stage.change(|state| state.add_viewer(id.to_owned(), name, now));
        ViewerHandle { stage: Arc::clone(&self.stage), id }
    }

    /// Starts the stream, with a new title unless it is blank. Viewers who are there already do not join again.
    pub async fn go_live(&self, title: &str) {
        self.stage.go_live(title).await;
    }

    /// Ends the stream.
    pub async fn go_offline(&self) {
        self.stage.go_offline().await;
    }

    /// Sets the stream's title; a blank one causes no webhook.
    pub async fn set_title(&self, title: &str) {
        self.stage.set_title(title).await;
    }

    /// Somebody follows on the Fediverse.
    pub async fn follow(&self, handle: &str, name: &str) {
        self.stage.follow(handle, name).await;
    }

    /// Hides messages as a moderator does.
    pub async fn hide(&self, messages: &[&str]) {
        self.stage.set_visible(&owned(messages), false).await;
    }

    /// Shows hidden messages again.
    pub async fn unhide(&self, messages: &[&str]) {
        self.stage.set_visible(&owned(messages), true).await;
    }

    /// The bodies received at `chat/send`, untouched.
    #[must_use]
    pub fn said(&self) -> Vec<String> {
        self.seen().said
    }

    /// The whispers that reached one connection, untouched.
    #[must_use]
    pub fn whispers(&self, client: ClientId) -> Vec<String> {
        self.seen().whispers.into_iter().filter(|w| w.client == client).map(|w| w.text).collect()
    }

    /// The webhooks that have ended.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.stage.state().deliveries.clone()
    }

    /// The webhook that ended last.
    #[must_use]
    pub fn last_delivery(&self) -> Option<Delivery> {
        self.stage.state().deliveries.last().cloned()
    }

    /// Everything that has happened.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.stage.state().seen()
    }

    /// Sends a delivery again, byte for byte and past every link fault, and waits for the answer. With
    /// [`LinkFault::Dropped`] before it a test can bring events in any order.
    pub async fn deliver_again(&self, delivery: &Delivery) -> Outcome {
        let webhook = self.stage.state().webhook.clone();
        let Some(webhook) = webhook else { return Outcome::Dropped };
        let outcome = webhooks::send(&self.stage, &webhook, delivery).await;
        let again = Delivery { outcome: outcome.clone(), at: self.stage.now(), ..delivery.clone() };
        self.stage.change(|state| state.record(again));
        outcome
    }

    /// Waits until what has happened satisfies `ready`.
    ///
    /// # Errors
    /// [`TimedOut`] after 10 s, with what there was instead.
    pub async fn wait_for(&self, what: &str, ready: impl Fn(&Seen) -> bool) -> Result<Seen, TimedOut> {
        let mut changes = self.stage.changes();
        let waiting = async {
            loop {
                changes.borrow_and_update();
                let seen = self.seen();
                if ready(&seen) {
                    return seen;
                }
                // The sender lives as long as we do.
                let _ = changes.changed().await;
            }
        };
        match tokio::time::timeout(DEADLINE, waiting).await {
            Ok(seen) => Ok(seen),
            Err(_) => Err(TimedOut { what: what.to_owned(), seen: Box::new(self.seen()) }),
        }
    }

    /// Waits until every webhook so far has been answered.
    ///
    /// # Errors
    /// [`TimedOut`] after 10 s.
    pub async fn wait_until_delivered(&self) -> Result<Seen, TimedOut> {
        self.wait_for("end of the webhooks", |seen| seen.pending == 0).await
    }
}

impl Drop for FakeOwncast {
    fn drop(&mut self) {
        for worker in &self.workers {
            worker.abort();
        }
        // Dropping the sender asks the server to stop; nobody waits for it here.
        drop(self.stop.take());
    }
}

impl fmt::Debug for FakeOwncast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeOwncast").field("address", &self.address).finish_non_exhaustive()
    }
}

fn owned(messages: &[&str]) -> Vec<String> {
    messages.iter().map(|&id| id.to_owned()).collect()
}

/// The address one can open: a server that listens everywhere is reached at this computer's own.
fn url_of(address: SocketAddr) -> String {
    let reachable = if address.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
    } else {
        address
    };
    format!("http://{reachable}")
}
