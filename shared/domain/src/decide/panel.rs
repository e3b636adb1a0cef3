//! Signing in to the panel, and what is clicked there.

use super::CommandContext;
use crate::text::{self, Text};
use crate::{AccessChange, Change, ClientId, Decision, Effect, KeyedHash, Span, Timestamp, ViewerId};

/// For so long a link and its code let somebody in.
pub const TICKET_LIFE: Span = Span::minutes(5);
/// A link that would come later than this after it was asked for is not sent: Owncast counts connections anew with each of
/// its starts, so that a late whisper could reach a stranger.
pub const SOON: Span = Span::seconds(10);

/// What lets a viewer into the panel, once for each door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The hashes of the code and of the link.
    pub proof_hashes: [KeyedHash; 2],
    /// Until when.
    pub until: Timestamp,
}

/// A code that the panel shows, to be typed in chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRequest {
    /// The hash of the code.
    pub proof: KeyedHash,
    /// Until when it can be typed.
    pub until: Timestamp,
    /// Who has typed it.
    pub viewer: Option<ViewerId>,
    /// The epoch of their sessions when they did; 0 while nobody has.
    pub epoch: u64,
}

/// `!panel`: whispers a link and a code to the connection that asked. Never to anybody else.
pub(super) fn open(context: &CommandContext<'_>, ticket: Option<Ticket>, asked_at: Timestamp) -> Decision {
    let Some(ticket) = ticket else { return context.answer(&text::panel_off(context.name())) };
    // Owncast's clock may be ahead of ours, and gives nobody more time.
    let asked_at = asked_at.min(context.now);
    let in_time = context.now.since(asked_at) < SOON;
    let Some(client) = context.client().filter(|_| in_time) else {
        return context.answer(&text::panel_again(context.name(), context.prefix()));
    };
    let viewer = context.asker.id.clone();
    let offer = Change::Access(AccessChange::OfferSignIn {
        viewer: viewer.clone(),
        epoch: context.epoch,
        proof_hashes: ticket.proof_hashes.to_vec(),
        until: ticket.until,
    });
    Decision {
        changes: vec![offer],
        effects: vec![Effect::SignIn { client, viewer, by: asked_at.saturating_add(SOON) }],
    }
}

/// `!link CODE`: signs in the panel that shows the code.
pub(super) fn link(context: &CommandContext<'_>, request: Option<LinkRequest>) -> Decision {
    let usable = |request: &LinkRequest| request.viewer.is_none() && context.now < request.until;
    let Some(request) = request.filter(usable) else {
        return context.answer(&text::link_unknown(context.name()));
    };
    let (proof, viewer) = (request.proof, context.asker.id.clone());
    let change = Change::Access(AccessChange::Link { proof, viewer, epoch: context.epoch });
    let Decision { effects, .. } = context.answer(&text::linked(context.name(), context.prefix()));
    Decision { changes: vec![change], effects }
}

/// `!unlink`, or the button in the panel: signs out everywhere.
pub(super) fn unlink(context: &CommandContext<'_>) -> Decision {
    let Decision { effects, .. } = context.answer(&text::unlinked(context.name()));
    Decision {
        changes: vec![Change::Access(AccessChange::EndSessions { viewer: context.asker.id.clone() })],
        effects,
    }
}

/// What is whispered to the connection that asked for the panel: with `address`, a link that ends with `token`, and the
/// code.
#[must_use]
pub fn invitation(address: Option<&str>, token: &str, code: &str) -> Text {
    match address {
        Some(address) => text::panel_link(format!("{address}/userpanel/enter/{token}"), code),
        None => text::panel_code(code),
    }
}

/// What is whispered where nobody can tell whose connection it is (Owncast 0.1): how to sign in without a secret.
#[must_use]
pub fn link_code_instructions(prefix: &str) -> Text {
    text::panel_by_link(prefix)
}

/// The way to somebody who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Chat. Without a connection, personal answers are said publicly.
    Chat(Option<ClientId>),
    /// The panel, which shows the answer itself.
    Panel,
}

#[cfg(test)]
mod tests;
