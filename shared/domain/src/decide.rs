//! The rules themselves: what a command leads to. Same inputs, same decision.

mod adjust_points;
mod clock;
mod ends;
mod give;
mod info;
mod panel;
mod presence;
mod redeem;
mod refund;
mod timers;
mod viewer_match;
mod watching;

pub use adjust_points::MAX_AT_ONCE;
pub use clock::{end_changed, recurring, settings_changed};
pub use ends::{MAX_GIVERS, end_reward, give_back};
pub use panel::{
    LinkRequest, SOON, TICKET_LIFE, Ticket, Via, invitation, link_code_instructions, sign_out_everywhere,
    take_back,
};
pub use presence::{follow, meet, retitle, start_stream, stop_stream};
pub use refund::{close, withdraw};
pub use viewer_match::ViewerMatch;

use crate::board::{BoardEntry, Order};
use crate::command::{Adjustment, Gift, TimerCommand};
use crate::settings::Answers;
use crate::text::{self, Text};
use crate::timer::Timers;
use crate::{
    Account, ClientId, Config, Decision, Effect, EventId, Person, Redemption, Reply, Reward, StreamState,
    Timestamp, Usage,
};

/// Everything a decision about a command may look at.
#[derive(Debug, Clone, Copy)]
pub struct CommandContext<'a> {
    /// What the streamer has set up.
    pub config: &'a Config,
    /// The broadcast.
    pub stream: &'a StreamState,
    /// The time.
    pub now: Timestamp,
    /// The event that carried the command.
    pub event: &'a EventId,
    /// Who asks.
    pub asker: &'a Person,
    /// The way to them.
    pub via: Via,
    /// What they have.
    pub account: &'a Account,
    /// Whether the streamer has confirmed them as a follower.
    pub follower: bool,
    /// What tells their sessions from those that they have ended; see [`crate::Profile::epoch`].
    pub epoch: u64,
    /// Whether others are getting in the way, so that no exact progress can be promised.
    pub contended: bool,
}

/// A command, with the facts that it needs.
#[derive(Debug, Clone)]
pub enum CommandInput<'a> {
    /// How does this work?
    Help,
    /// What do I have?
    Points,
    /// What is there?
    Rewards {
        /// In which category.
        category: Option<&'a str>,
    },
    /// What is waiting?
    Queue {
        /// The queue, the oldest first.
        waiting: &'a [Redemption],
    },
    /// Give or take somebody's points.
    Adjust {
        /// What was asked.
        adjustment: &'a Adjustment,
        /// Who it may mean.
        matches: &'a [ViewerMatch],
    },
    /// How is that written?
    AdjustHowTo {
        /// The command.
        command: &'a str,
    },
    /// How long is the stream live?
    Uptime,
    /// How long have I watched?
    Watchtime,
    /// How many streams in a row have I watched?
    Streak,
    /// Who is first?
    Top {
        /// In what.
        order: Order,
        /// Those who may be.
        entries: &'a [BoardEntry],
    },
    /// Show me on boards, or do not.
    OnBoards {
        /// Whether to be shown.
        shown: bool,
    },
    /// What boards are there?
    TopHowTo,
    /// Give some of my points to somebody.
    Give {
        /// What was asked.
        present: &'a Gift,
        /// Who it may mean.
        matches: &'a [ViewerMatch],
    },
    /// How are points given?
    GiveHowTo,
    /// Set, show or cancel timers.
    Timer {
        /// What was asked.
        command: &'a TimerCommand,
        /// Those that run.
        timers: &'a Timers,
    },
    /// I want this.
    Use {
        /// What.
        reward: &'a Reward,
        /// With what.
        argument: &'a str,
        /// How much it has been used by all.
        everybody: &'a Usage,
        /// And by this viewer.
        own: &'a Usage,
    },
    /// Let me into the panel.
    Panel {
        /// What would let them in; nothing where the panel is not set up.
        ticket: Option<&'a Ticket>,
        /// When they asked.
        asked_at: Timestamp,
    },
    /// The panel that shows this code is mine.
    Link {
        /// What the panel waits for; nothing when no panel shows this code.
        request: Option<&'a LinkRequest>,
    },
    /// How is a panel linked?
    LinkHowTo,
    /// Sign my panels out.
    Unlink,
    /// Nobody knows this command, but there is one like it.
    Mistyped {
        /// The one like it.
        suggestion: &'a str,
    },
}

/// Decides what a command leads to. Refusals are decisions too: nothing changes and a sentence says why.
#[must_use]
pub fn decide(context: &CommandContext<'_>, ask: &CommandInput<'_>) -> Decision {
    // Owncast lets neither write; if it ever did, silence is the answer.
    if context.asker.banned || context.asker.bot {
        return Decision::default();
    }
    match ask {
        CommandInput::Help => context.answer(&info::help(context)),
        CommandInput::Points => context.answer(&text::points(context.name(), context.account.balance)),
        CommandInput::Rewards { category } => context.answer(&info::rewards(context.config, *category)),
        CommandInput::Queue { waiting } => context.answer(&info::queue(waiting, context.asker)),
        CommandInput::Adjust { adjustment, matches } => adjust_points::decide(context, adjustment, matches),
        CommandInput::AdjustHowTo { command } => context.answer(&adjust_points::how_to(context, command)),
        CommandInput::Uptime => context.answer(&watching::uptime(context)),
        CommandInput::Watchtime => context.answer(&watching::watchtime(context)),
        CommandInput::Streak => context.answer(&watching::streak(context)),
        CommandInput::Top { order, entries } => context.answer(&watching::board(context, *order, entries)),
        CommandInput::OnBoards { shown } => watching::on_boards(context, *shown),
        CommandInput::TopHowTo => context.answer(&text::top_howto(context.prefix())),
        CommandInput::Give { present, matches } => give::decide(context, present, matches),
        CommandInput::GiveHowTo => context.answer(&text::give_howto(context.prefix())),
        CommandInput::Timer { command, timers } => timers::decide(context, command, timers),
        CommandInput::Use { reward, argument, everybody, own } => {
            redeem::decide(context, reward, argument, everybody, own)
        }
        CommandInput::Panel { ticket, asked_at } => panel::open(context, *ticket, *asked_at),
        CommandInput::Link { request } => panel::link(context, *request),
        CommandInput::LinkHowTo => context.answer(&text::link_howto(context.name(), context.prefix())),
        CommandInput::Unlink => panel::unlink(context),
        CommandInput::Mistyped { suggestion } => {
            context.answer(&text::suggestion(context.prefix(), suggestion))
        }
    }
}

impl CommandContext<'_> {
    fn name(&self) -> &str {
        &self.asker.name
    }

    fn prefix(&self) -> &str {
        self.config.settings.chat.prefix.as_str()
    }

    /// The asker's connection in chat.
    const fn client(&self) -> Option<ClientId> {
        match self.via {
            Via::Chat(client) => client,
            Via::Panel => None,
        }
    }

    /// The effect that tells the asker, and only them if the settings and Owncast allow.
    fn tell(&self, text: &Text) -> Effect {
        match (self.via, self.config.settings.chat.answers) {
            (Via::Panel, _) => Effect::Reply(Reply::done(text)),
            (Via::Chat(Some(client)), Answers::Whispered) => Effect::Whisper { client, line: text.chat() },
            (Via::Chat(_), _) => Effect::Say(text.chat()),
        }
    }

    /// What the panel says to whoever has just clicked. In chat everybody is told, so nothing more is said.
    fn confirm(&self, text: &Text) -> Option<Effect> {
        (self.via == Via::Panel).then(|| Effect::Reply(Reply::done(text)))
    }

    fn answer(&self, text: &Text) -> Decision {
        Decision { changes: Vec::new(), effects: vec![self.tell(text)] }
    }

    /// An answer that says why nothing happened.
    fn refuse(&self, text: &Text) -> Decision {
        match self.via {
            Via::Panel => {
                Decision { changes: Vec::new(), effects: vec![Effect::Reply(Reply::refused(text))] }
            }
            Via::Chat(_) => self.answer(text),
        }
    }
}

#[cfg(test)]
pub(crate) mod testing;
