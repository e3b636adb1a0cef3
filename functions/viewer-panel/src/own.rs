//! The viewer's own data: its export and its erasure.

use std::sync::Arc;

use askama::Template;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use axum::response::Response;
use ownchatbot_app::erasure::erase_viewer;
use ownchatbot_app::own_data::{OwnData, own_data};
use ownchatbot_app::ports::Clock;
use ownchatbot_domain::{Cause, LedgerRow, Redemption, Status, Timestamp};
use ownchatbot_web::Packed;
use ownchatbot_web::words::Moment;
use serde_json::{Value, json};

use crate::Deps;
use crate::error::PanelError;
use crate::request::PanelRequest;
use crate::response::html_response;

/// The data as text in the page, for frames in which nothing can be downloaded.
#[derive(Template)]
#[template(path = "viewer/parts/data.html")]
struct DataPart {
    json: String,
}

/// Everything that is stored about the viewer, as a file or as a part of the page.
pub(crate) async fn data<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let visitor = request.visit.visitor.ok_or(PanelError::SignedOut)?;
    let data = own_data(&deps.context, &visitor.person.id).await?.ok_or(PanelError::SignedOut)?;
    let json = serde_json::to_string_pretty(&as_json(&data)).unwrap_or_default();
    if request.visit.partial {
        return Ok(html_response(&request.headers, DataPart { json }.render()?));
    }
    let mut response = Packed::new("application/json", json).response(&request.headers);
    let headers = response.headers_mut();
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"my-points.json\""));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn time(at: Timestamp) -> String {
    Moment::from(at).exact
}

/// The data as JSON. Times are in RFC 3339, points are whole numbers.
fn as_json(data: &OwnData) -> Value {
    let OwnData { profile, account, rows, has_older_rows, uses, redemptions } = data;
    let person = &profile.person;
    let uses = uses.iter().map(|(reward, usage)| {
        json!({ "reward": reward.as_str(), "times": usage.count, "points": usage.points.get() })
    });
    json!({
        "viewer": {
            "id": person.id.as_str(),
            "name": person.name,
            "former_names": person.former_names,
            "authenticated": person.authenticated,
            "moderator": person.moderator,
            "banned": person.banned,
            "first_seen": time(profile.first_seen),
            "last_seen": time(profile.last_seen),
            "follower": profile.follower,
        },
        "account": {
            "balance": account.balance.get(),
            "watched_seconds": account.watched_seconds,
            "watching_now": account.open.as_ref().map(|open| json!({
                "stream": time(open.stream.began()),
                "points": open.points.get(),
                "seconds": open.seconds,
            })),
            "member_until": account.member_until.map(time),
            "streak": account.streak.length,
            "longest_streak": account.streak.best,
            "on_boards": !account.hidden,
        },
        "ledger": rows.iter().map(movement).collect::<Vec<_>>(),
        "older_ledger_rows_left_out": has_older_rows,
        "rewards_used": uses.collect::<Vec<_>>(),
        "redemptions": redemptions.iter().map(redemption).collect::<Vec<_>>(),
        "also_kept": "Sessions, for at most 30 days, and lines on their way into chat, for at most two days; neither can be \
                      found by who you are.",
    })
}

fn movement(row: &LedgerRow) -> Value {
    let (cause, what) = match &row.cause {
        Cause::Watching(stream) => ("watching", Some(time(stream.began()))),
        Cause::Redeem(reward) => ("redeem", Some(reward.to_string())),
        Cause::Vote(reward) => ("vote", Some(reward.to_string())),
        Cause::Contribution(reward) => ("contribution", Some(reward.to_string())),
        Cause::Refund(reward) => ("refund", Some(reward.to_string())),
        Cause::Donation => ("donation", None),
        Cause::Gift(other) => ("gift", other.as_ref().map(ToString::to_string)),
        Cause::Streak(length) => ("streak", Some(length.to_string())),
        // The moderator who adjusted the points is not named.
        Cause::Correction { reason, .. } => ("correction", reason.clone()),
    };
    json!({ "at": time(row.at), "points": row.delta.get(), "cause": cause, "what": what })
}

fn redemption(entry: &Redemption) -> Value {
    json!({
        "at": time(entry.at),
        "reward": entry.reward_name,
        "price": entry.price.get(),
        "note": entry.note,
        "status": match entry.status {
            Status::Waiting => "waiting",
            Status::Fulfilled => "fulfilled",
            Status::Refunded => "refunded",
        },
    })
}

/// Erases the viewer: deletes everything that is stored about them.
pub(crate) async fn erase<C: Clock>(
    deps: Arc<Deps<C>>,
    request: PanelRequest,
) -> Result<Response, PanelError> {
    let PanelRequest { headers, body, visit, .. } = request;
    let (partial, keeps_cookies) = (visit.partial, visit.keeps_cookies);
    let sender = deps.sender(&headers, visit, &body).await?;
    // The form requires this field, so a request without it was not made with the form.
    if sender.fields.text("sure") != "true" {
        return Err(PanelError::BadForm);
    }
    let event = sender.event(&deps.key)?;
    erase_viewer(&deps.context, &event, &sender.visitor.person.id).await?;
    deps.signed_out_response(&headers, partial, keeps_cookies, "forgotten").await
}
