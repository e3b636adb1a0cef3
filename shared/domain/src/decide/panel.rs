//! Signing in to the viewer panel, and signing out.

use super::CommandContext;
use crate::message::{self, Message};
use crate::{AccessChange, Change, ClientId, Decision, Effect, KeyedHash, Span, Timestamp, ViewerId};

/// How long a sign-in link and its code are valid.
pub const TICKET_LIFE: Span = Span::minutes(5);
/// The longest time between `!panel` and the whisper with the link; after it no link is sent. Owncast numbers
/// connections from 0 again after a restart, so a late whisper could reach another viewer.
pub const SOON: Span = Span::seconds(10);

/// The proofs that sign a viewer in to the panel, each of them once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The keyed hashes of the code and of the link.
    pub proof_hashes: [KeyedHash; 2],
    /// When they expire.
    pub until: Timestamp,
}

/// A code that a panel shows and the viewer types in chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRequest {
    /// The keyed hash of the code.
    pub proof: KeyedHash,
    /// When it expires.
    pub until: Timestamp,
    /// The viewer who has typed it; `None` while it is pending.
    pub viewer: Option<ViewerId>,
    /// The generation of their sessions when they typed it; 0 while it is pending.
    pub epoch: u64,
}

/// `!panel`: whispers a link and a code to the connection that asked, and to no other.
pub(super) fn open(context: &CommandContext<'_>, ticket: Option<Ticket>, asked_at: Timestamp) -> Decision {
    let Some(ticket) = ticket else { return context.answer(message::panel_off(context.name())) };
    // Owncast's clock may be ahead of ours; that must not extend the time.
    let asked_at = asked_at.min(context.now);
    let in_time = context.now.since(asked_at) < SOON;
    let Some(client) = context.client().filter(|_| in_time) else {
        return context.answer(message::panel_again(context.name(), context.prefix()));
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
        return context.answer(message::link_unknown(context.name()));
    };
    let (proof, viewer) = (request.proof, context.asker.id.clone());
    let change = Change::Access(AccessChange::Link { proof, viewer, epoch: context.epoch });
    let Decision { effects, .. } = context.answer(message::linked(context.name(), context.prefix()));
    Decision { changes: vec![change], effects }
}

/// `!unlink`, or the button in the panel: signs out everywhere.
pub(super) fn unlink(context: &CommandContext<'_>) -> Decision {
    let Decision { effects, .. } = context.answer(message::unlinked(context.name()));
    Decision {
        changes: vec![Change::Access(AccessChange::EndSessions { viewer: context.asker.id.clone() })],
        effects,
    }
}

/// The whisper to the connection that asked for the panel: the code, and a link with `token` when
/// `public_url` is known.
#[must_use]
pub fn invitation(public_url: Option<&str>, token: &str, code: &str) -> Message {
    match public_url {
        Some(public_url) => message::panel_link(format!("{public_url}/userpanel/enter/{token}"), code),
        None => message::panel_code(code),
    }
}

/// The whisper where the owner of a connection is unknown (Owncast 0.1): how to sign in with a code that the
/// panel shows.
#[must_use]
pub fn link_code_instructions(prefix: &str) -> Message {
    message::panel_by_link(prefix)
}

/// Where a command came from, and where its answer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Chat, with the connection. Without a connection, answers are public messages.
    Chat(Option<ClientId>),
    /// The panel, which shows the answer on the page.
    Panel,
}

#[cfg(test)]
mod tests;
