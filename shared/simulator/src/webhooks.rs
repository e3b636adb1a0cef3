//! The delivery of webhooks by a few workers, without timeouts and retries; responses are ignored.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use tokio::sync::{Mutex, mpsc};
use tokio::time::Instant;

use crate::fault::WebhookFault;
use crate::job::Job;
use crate::options::{Version, Webhook};
use crate::seen::{Delivery, Outcome};
use crate::simulation::Simulation;

/// A worker, which delivers webhooks until the simulator stops.
pub(crate) async fn work(simulation: Arc<Simulation>, queue: Arc<Mutex<mpsc::Receiver<Job>>>) {
    loop {
        let Some(job) = queue.lock().await.recv().await else { return };
        let webhook = simulation.state().webhook.clone();
        if let Some(webhook) = webhook {
            deliver(&simulation, &webhook, &job).await;
        }
        simulation.change(|state| state.pending = state.pending.saturating_sub(1));
    }
}

async fn deliver(simulation: &Simulation, webhook: &Webhook, job: &Job) {
    let link = simulation.state().link;
    let begun = Instant::now();
    if let WebhookFault::Slow(wait) = link {
        tokio::time::sleep(wait).await;
    }
    let at = simulation.now();
    let mut delivery = Delivery {
        number: 0,
        kind: job.kind,
        body: job.body.clone(),
        signature: signature(simulation.options.version, webhook, at, &job.body),
        at,
        took: begun.elapsed(),
        outcome: Outcome::Dropped,
    };
    if link == WebhookFault::Dropped {
        simulation.change(|state| state.record(delivery));
        return;
    }
    let once = || send(simulation, webhook, &delivery);
    let second = if link == WebhookFault::Duplicated {
        let (first, second) = tokio::join!(once(), once());
        delivery.outcome = first;
        Some(second)
    } else {
        delivery.outcome = once().await;
        None
    };
    delivery.took = begun.elapsed();
    simulation.change(|state| {
        if let Some(outcome) = second {
            state.record(Delivery { outcome, ..delivery.clone() });
        }
        state.record(delivery);
    });
}

/// Sends a delivery's bytes as they are and waits for the response, however long it takes.
pub(crate) async fn send(simulation: &Simulation, webhook: &Webhook, delivery: &Delivery) -> Outcome {
    let mut request = simulation
        .http
        .post(&webhook.url)
        .header("content-type", "application/json")
        .header("user-agent", "Go-http-client/1.1")
        .body(delivery.body.clone());
    if let Some(signature) = &delivery.signature {
        request = request.header("owncast-signature", signature);
    }
    match request.send().await {
        Ok(response) => {
            let status = response.status().as_u16();
            // The body is read to its end so that the connection can be reused.
            let _ = response.bytes().await;
            Outcome::Status(status)
        }
        // The URL contains a token.
        Err(error) => Outcome::Failed(error.without_url().to_string()),
    }
}

/// The value of the signature header. It is computed here, not by the bot's own code, so that a mistake in
/// one is not hidden by the other. Like Owncast, it signs with keys that the bot refuses, such as an empty
/// one.
fn signature(version: Version, webhook: &Webhook, now: Timestamp, body: &[u8]) -> Option<String> {
    if version < Version::V0_3_0 {
        return None;
    }
    let key = webhook.secret.as_deref().unwrap_or_default();
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    mac.update(format!("{}.", now.as_second()).as_bytes());
    mac.update(body);
    Some(format!("t={}.s={}", now.as_second(), hex::encode(mac.finalize().into_bytes())))
}
