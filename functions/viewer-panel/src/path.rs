//! The paths of this function, and concrete paths for templates and redirects.

use ownchatbot_domain::EventId;
use ownchatbot_web::path::{fill, with_query};

/// The whole page.
pub const PAGE: &str = "/userpanel";
/// The personal parts of the page.
pub const ME: &str = "/userpanel/me";
/// An older page of the statement.
pub const HISTORY: &str = "/userpanel/history";
/// Uses a reward.
pub const USE: &str = "/userpanel/use/{reward}";
/// Takes a redemption back.
pub const TAKE_BACK: &str = "/userpanel/take-back";
/// Shows the viewer on the boards, or hides them there.
pub const BOARDS: &str = "/userpanel/boards";
/// Signs in by a whispered code.
pub const SIGN_IN: &str = "/userpanel/sign-in";
/// The page of a sign-in link, and its button.
pub const ENTER: &str = "/userpanel/enter/{token}";
/// Makes a code that the visitor writes in chat.
pub const CODE: &str = "/userpanel/code";
/// Signs in once that code was written in chat.
pub const CODE_WAIT: &str = "/userpanel/code/wait";
/// Signs out.
pub const SIGN_OUT: &str = "/userpanel/sign-out";
/// Exports the viewer's data.
pub const DATA: &str = "/userpanel/data.json";
/// Erases the viewer's data.
pub const FORGET: &str = "/userpanel/forget";
/// Owncast's emoji.
pub const EMOJI: &str = "/userpanel/emoji.json";

/// All of them.
pub const ALL: [&str; 14] = [
    PAGE, ME, HISTORY, USE, TAKE_BACK, BOARDS, SIGN_IN, ENTER, CODE, CODE_WAIT, SIGN_OUT, DATA, FORGET, EMOJI,
];

/// [`USE`] for the reward with this id.
#[must_use]
pub fn to_use(reward: &str) -> String {
    fill(USE, reward)
}

/// [`ENTER`] for the link with this token.
#[must_use]
pub fn to_enter(token: &str) -> String {
    fill(ENTER, token)
}

/// [`HISTORY`] after the pagination cursor `before`.
#[must_use]
pub fn to_older(before: &str) -> String {
    with_query(HISTORY, "before", before)
}

/// [`PAGE`], at the history.
#[must_use]
pub fn to_history() -> String {
    format!("{PAGE}#history")
}

/// [`PAGE`] with the notice called `name`.
#[must_use]
pub fn to_notice(name: &str) -> String {
    with_query(PAGE, "note", name) + "#said"
}

/// [`PAGE`] with the reply to the click `event`.
#[must_use]
pub fn to_reply(event: &EventId) -> String {
    with_query(PAGE, "said", &event.to_string()) + "#said"
}
