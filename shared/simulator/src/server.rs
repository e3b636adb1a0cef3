//! Starts, stops and drives the simulator.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::fault::{ApiFault, WebhookFault};
use crate::listener::{Cut, CuttableListener};
use crate::options::{Options, Webhook};
use crate::seen::{Delivery, Outcome, Seen, TimedOut};
use crate::simulation::Simulation;
use crate::tab::Tab;
use crate::viewer::ViewerHandle;
use crate::{api, page, public, webhooks};

/// The timeout of [`Simulator::wait_for`]. A test that passes never waits that long, even on a busy machine.
const DEADLINE: Duration = Duration::from_secs(10);
/// The time that running requests have to end when the simulator shuts down.
const GRACE: Duration = Duration::from_secs(1);

/// A running Owncast simulator. It stops when it is dropped.
pub struct Simulator {
    simulation: Arc<Simulation>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    workers: Vec<JoinHandle<()>>,
}

impl Simulator {
    /// Starts a simulator and listens on `options.listen`.
    ///
    /// # Errors
    /// The error of the operating system when `options.listen` cannot be listened on.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        // There is no timeout, as in Owncast, and no proxy, because the bot is on this computer.
        // Without TLS, but reqwest panics if the process has no provider of cryptography.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().map_err(io::Error::other)?;
        // Owncast's channel has no capacity at all; tokio's has at least 1.
        let (queue, jobs) = mpsc::channel(1);
        let (workers, cast) = (options.workers.max(1), options.cast);
        let simulation = Arc::new(Simulation::new(options, url_of(address), http, queue));
        let jobs = Arc::new(Mutex::new(jobs));
        let workers = (0..workers)
            .map(|_| tokio::spawn(webhooks::work(Arc::clone(&simulation), Arc::clone(&jobs))))
            .collect();
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new()
            .merge(api::router(Arc::clone(&simulation)))
            .merge(public::router(Arc::clone(&simulation)))
            .merge(page::router(Arc::clone(&simulation)))
            .fallback(api::not_found);
        let service = router.into_make_service_with_connect_info::<Cut>();
        let server = tokio::spawn(async move {
            let stopped = async move {
                let _ = stopped.await;
            };
            let _ = axum::serve(CuttableListener(listener), service).with_graceful_shutdown(stopped).await;
        });
        let simulator = Self { simulation, address, stop: Some(stop), server, workers };
        if cast {
            simulator.bring_cast().await;
        }
        Ok(simulator)
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

    /// Shuts down: running requests get a second to end, webhooks that are being sent are cut.
    pub async fn shutdown(mut self) {
        for worker in &self.workers {
            worker.abort();
        }
        drop(self.stop.take());
        if tokio::time::timeout(GRACE, &mut self.server).await.is_err() {
            self.server.abort();
        }
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL for the integrations API and for a browser, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.simulation.server_url
    }

    /// The access token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.simulation.options.token
    }

    /// Sets the target of webhooks from now on; `None` sends none.
    pub fn set_webhook(&self, webhook: Option<Webhook>) {
        self.simulation.change(|state| state.webhook = webhook);
    }

    /// Sets the URL of the bot's pages, for the link and the action on the simulator's page. A page that is
    /// already open cannot frame another origin until it is reloaded.
    pub fn set_bot_url(&self, url: Option<String>) {
        self.simulation.change(|state| state.bot_url = url);
    }

    /// Sets the fault of the bot's calls from now on.
    pub fn set_api_fault(&self, fault: ApiFault) {
        self.simulation.change(|state| state.fault = fault);
    }

    /// Sets the fault of webhooks from now on, including those in the queue.
    pub fn set_webhook_fault(&self, fault: WebhookFault) {
        self.simulation.change(|state| state.link = fault);
    }

    /// The viewer with the name `name`, who is created if necessary. A new viewer's id is the name in lower
    /// case.
    #[must_use]
    pub fn viewer(&self, name: &str) -> ViewerHandle {
        let now = self.simulation.now();
        let id = self.simulation.change(|state| state.viewer_named(name, now));
        ViewerHandle { simulation: Arc::clone(&self.simulation), id }
    }

    /// The viewer with this `user.id`, who is created with this name if necessary. Two viewers may have one
    /// name.
    #[must_use]
    pub fn viewer_with_id(&self, id: &str, name: &str) -> ViewerHandle {
        let now = self.simulation.now();
        let id = self.simulation.change(|state| state.add_viewer(id.to_owned(), name, now));
        ViewerHandle { simulation: Arc::clone(&self.simulation), id }
    }

    /// Starts the stream, with a new title unless `title` is blank. No join webhooks are sent for viewers who
    /// are connected.
    pub async fn go_live(&self, title: &str) {
        self.simulation.go_live(title).await;
    }

    /// Ends the stream.
    pub async fn go_offline(&self) {
        self.simulation.go_offline().await;
    }

    /// Sets the stream's title; a blank one causes no webhook.
    pub async fn set_title(&self, title: &str) {
        self.simulation.set_title(title).await;
    }

    /// Adds a follower from the Fediverse, such as `@ann@social.example`.
    pub async fn follow(&self, handle: &str, name: &str) {
        self.simulation.follow(handle, name).await;
    }

    /// Hides messages as a moderator does.
    pub async fn hide(&self, messages: &[&str]) {
        self.simulation.set_visible(&owned(messages), false).await;
    }

    /// Shows hidden messages again.
    pub async fn unhide(&self, messages: &[&str]) {
        self.simulation.set_visible(&owned(messages), true).await;
    }

    /// The bodies received at `chat/send`, exactly as the bot sent them.
    #[must_use]
    pub fn said(&self) -> Vec<String> {
        self.seen().said
    }

    /// The whispers that reached one tab, exactly as the bot sent them.
    #[must_use]
    pub fn whispers(&self, tab: Tab) -> Vec<String> {
        self.seen().whispers.into_iter().filter(|w| w.tab == tab).map(|w| w.text).collect()
    }

    /// The webhooks that have ended.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.simulation.state().deliveries.clone()
    }

    /// The webhook that ended last.
    #[must_use]
    pub fn last_delivery(&self) -> Option<Delivery> {
        self.simulation.state().deliveries.last().cloned()
    }

    /// A copy of everything that has happened so far.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.simulation.state().seen()
    }

    /// Sends a delivery again, byte for byte and regardless of faults, and waits for the response. With it a
    /// test can deliver events that were [`Outcome::Dropped`] in any order.
    pub async fn deliver_again(&self, delivery: &Delivery) -> Outcome {
        let webhook = self.simulation.state().webhook.clone();
        let Some(webhook) = webhook else { return Outcome::Dropped };
        let outcome = webhooks::send(&self.simulation, &webhook, delivery).await;
        let again = Delivery { outcome: outcome.clone(), at: self.simulation.now(), ..delivery.clone() };
        self.simulation.change(|state| state.record(again));
        outcome
    }

    /// Waits until `ready` returns true. `what` names the condition in the error.
    ///
    /// # Errors
    /// [`TimedOut`] after 10 s, with what had happened by then.
    pub async fn wait_for(&self, what: &str, ready: impl Fn(&Seen) -> bool) -> Result<Seen, TimedOut> {
        let mut changes = self.simulation.changes();
        let waiting = async {
            loop {
                changes.borrow_and_update();
                let seen = self.seen();
                if ready(&seen) {
                    return seen;
                }
                // The sender lives as long as `self`.
                let _ = changes.changed().await;
            }
        };
        match tokio::time::timeout(DEADLINE, waiting).await {
            Ok(seen) => Ok(seen),
            Err(_) => Err(TimedOut { what: what.to_owned(), seen: Box::new(self.seen()) }),
        }
    }

    /// Waits until the delivery of every webhook so far has ended.
    ///
    /// # Errors
    /// [`TimedOut`] after 10 s.
    pub async fn wait_until_delivered(&self) -> Result<Seen, TimedOut> {
        self.wait_for("the end of the webhooks", |seen| seen.pending == 0).await
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        for worker in &self.workers {
            worker.abort();
        }
        // Dropping the sender asks the server to stop; this does not wait until it has.
        drop(self.stop.take());
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("address", &self.address).finish_non_exhaustive()
    }
}

fn owned(messages: &[&str]) -> Vec<String> {
    messages.iter().map(|&id| id.to_owned()).collect()
}

/// The URL to open: a server that listens on every address is reached at the loopback address.
fn url_of(address: SocketAddr) -> String {
    let reachable = if address.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
    } else {
        address
    };
    format!("http://{reachable}")
}
