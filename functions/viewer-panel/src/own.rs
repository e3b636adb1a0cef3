//! The viewer's own data: its export and its erasure.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::Response;
use ownchatbot_app::erasure::erase_viewer;
use ownchatbot_app::own_data::{OwnData, own_data};
use ownchatbot_app::ports::Clock;
use ownchatbot_domain::{Cause, LedgerRow, Redemption, Status, Timestamp};
use ownchatbot_texts::Words;
use ownchatbot_web::form::SignedForm;
use ownchatbot_web::words::Moment;
use ownchatbot_web::{Browser, PanelError, Session};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Deps;

/// The data as text in the page, for frames in which nothing can be downloaded.
#[derive(Template)]
#[template(path = "viewer/parts/data.html")]
struct DataPart {
    t: Words,
    json: String,
}

/// Everything that is stored about the viewer, as a file or as a part of the page.
pub(crate) async fn data<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    browser: Browser,
    session: Session,
) -> Result<Response, PanelError> {
    let viewer = &session.viewer().person.id;
    let data = own_data(&deps.context, viewer).await?.ok_or(PanelError::SignedOut)?;
    let t = deps.words().await?;
    let json = serde_json::to_string_pretty(&as_json(&data, &t)).unwrap_or_default();
    if browser.partial {
        return Ok(browser.html(DataPart { t, json }.render()?));
    }
    let mut response = browser.json(json);
    let file = HeaderValue::from_static("attachment; filename=\"my-points.json\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, file);
    Ok(response)
}

fn time(at: Timestamp) -> String {
    Moment::from(at).exact
}

/// The data as JSON. Times are in RFC 3339, points are whole numbers.
fn as_json(data: &OwnData, words: &Words) -> Value {
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
        "also_kept": words.get("own-data-also-kept"),
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

/// The field of the form that erases the viewer.
#[derive(Debug, Deserialize)]
pub(crate) struct EraseForm {
    /// The checkbox that the form requires.
    #[serde(default)]
    sure: String,
}

/// Erases the viewer: deletes everything that is stored about them.
pub(crate) async fn erase<C: Clock + 'static>(
    State(deps): State<Arc<Deps<C>>>,
    form: SignedForm<EraseForm>,
) -> Result<Response, PanelError> {
    // The form requires this field, so a request without it was not made with the form.
    if form.fields.sure != "true" {
        return Err(PanelError::BadForm);
    }
    erase_viewer(&deps.context, &form.event, &form.session.viewer().person.id).await?;
    deps.signed_out_response(form.browser, "forgotten").await
}
