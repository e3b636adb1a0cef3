//! The delivery of webhooks: a few workers, no timeout, no second try, and nobody looks at the answer.

use std::sync::Arc;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use ownchatbot_domain::Timestamp;
use sha2::Sha256;
use tokio::sync::{Mutex, mpsc};
use tokio::time::Instant;

use crate::fault::LinkFault;
use crate::options::{Version, Webhook};
use crate::seen::{Delivery, Outcome};
use crate::stage::Stage;

/// An event on its way.
pub(crate) struct Job {
    pub(crate) kind: &'static str,
    pub(crate) body: Bytes,
}

/// One worker: takes events until the fake is gone.
pub(crate) async fn work(stage: Arc<Stage>, queue: Arc<Mutex<mpsc::Receiver<Job>>>) {
    loop {
        let Some(job) = queue.lock().await.recv().await else { return };
        let webhook = stage.state().webhook.clone();
        if let Some(webhook) = webhook {
            deliver(&stage, &webhook, &job).await;
        }
        stage.change(|state| state.pending = state.pending.saturating_sub(1));
    }
}

async fn deliver(stage: &Stage, webhook: &Webhook, job: &Job) {
    let link = stage.state().link;
    let begun = Instant::now();
    if let LinkFault::Slow(wait) = link {
        tokio::time::sleep(wait).await;
    }
    let at = stage.now();
    let mut delivery = Delivery {
        number: 0,
        kind: job.kind,
        body: job.body.clone(),
        signature: signature(stage.options.version, webhook, at, &job.body),
        at,
        took: begun.elapsed(),
        outcome: Outcome::Dropped,
    };
    if link == LinkFault::Dropped {
        stage.change(|state| state.record(delivery));
        return;
    }
    let once = || send(stage, webhook, &delivery);
    let second = if link == LinkFault::Duplicated {
        let (first, second) = tokio::join!(once(), once());
        delivery.outcome = first;
        Some(second)
    } else {
        delivery.outcome = once().await;
        None
    };
    delivery.took = begun.elapsed();
    stage.change(|state| {
        if let Some(outcome) = second {
            state.record(Delivery { outcome, ..delivery.clone() });
        }
        state.record(delivery);
    });
}

/// Sends a delivery's bytes as they are and waits for the answer, however long it takes.
pub(crate) async fn send(stage: &Stage, webhook: &Webhook, delivery: &Delivery) -> Outcome {
    let mut request = stage
        .http
        .post(&webhook.url)
        .header("content-type", "application/json")
        .header("user-agent", "Go-http-client/1.1")
        .body(delivery.body.clone());
    if let Some(signature) = &delivery.signature {
        request = request.header("owncast-signature", signature);
    }
    match request.send().await {
        Ok(answer) => {
            let status = answer.status().as_u16();
            // Reads to the end, so that the connection can serve the next one.
            let _ = answer.bytes().await;
            Outcome::Answered(status)
        }
        // The address holds a token.
        Err(error) => Outcome::Failed(error.without_url().to_string()),
    }
}

/// The header's value. Written from the contract and not with `ownchatbot_owncast::sign`, so that one cannot hide
/// the other's mistake; and it signs with what that refuses, as Owncast does: the public secret, or none.
fn signature(version: Version, webhook: &Webhook, now: Timestamp, body: &[u8]) -> Option<String> {
    if version < Version::V0_3_0 {
        return None;
    }
    let key = webhook.secret.as_deref().unwrap_or_default();
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    mac.update(format!("{}.", now.seconds()).as_bytes());
    mac.update(body);
    Some(format!("t={}.s={}", now.seconds(), hex::encode(mac.finalize().into_bytes())))
}
