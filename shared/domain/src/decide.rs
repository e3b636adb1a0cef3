//! The rules: pure functions that decide what a command or an event leads to. The same inputs give the same
//! decision.

mod adjust_points;
mod attempt;
mod clock;
mod configure;
mod contribute;
mod ends;
mod give;
mod info;
mod panel;
mod presence;
mod redeem;
mod refund;
mod take_back;
mod timers;
mod viewer_match;
mod vote;
mod watching;

pub use adjust_points::MAX_AT_ONCE;
pub use clock::{end_changed, recurring, settings_changed};
pub use configure::configure;
pub use ends::{MAX_GIVERS, end_reward, give_back};
pub use panel::{LinkRequest, SOON, TICKET_LIFE, Ticket, Via, invitation, link_code_instructions};
pub use presence::{follow, meet, retitle, start_stream, stop_stream};
pub use refund::{close, withdraw};
pub use viewer_match::ViewerMatch;

use crate::board::{BoardEntry, Order};
use crate::command::{Adjustment, Gift, SimpleCommand, TimerCommand, UsageOf};
use crate::message::{self, Message};
use crate::settings::Answers;
use crate::timer::Timers;
use crate::{
    Account, ClientId, Config, Decision, Effect, EventId, Person, Redemption, Reply, Reward, StreamState,
    Timestamp, Usage,
};

/// What the decision of every command depends on.
#[derive(Debug, Clone, Copy)]
pub struct CommandContext<'a> {
    /// Settings, categories and rewards.
    pub config: &'a Config,
    /// Whether the stream is live, and which one.
    pub stream: &'a StreamState,
    /// The moment of the decision; what it changes is written with this time.
    pub now: Timestamp,
    /// The event that carried the command, which is the idempotency key of its changes and effects.
    pub event: &'a EventId,
    /// The viewer who asks, as chat or their session describes them.
    pub asker: &'a Person,
    /// Where they asked, which is also where they get the answer.
    pub via: Via,
    /// Their balance and the state that is stored with it.
    pub account: &'a Account,
    /// Whether the streamer has confirmed them as a follower.
    pub follower: bool,
    /// The generation of their sessions; see [`crate::Profile::epoch`].
    pub epoch: u64,
    /// Whether concurrent changes made an earlier attempt fail, so that a contribution should not depend on a
    /// goal's exact progress.
    pub contended: bool,
}

/// A command with everything that was loaded to decide it.
#[derive(Debug, Clone)]
pub enum CommandInput {
    /// A command that needs nothing but the viewer who asks.
    Simple(SimpleCommand),
    /// The usage of a command that was typed without what it needs.
    Usage(UsageOf),
    /// There is no such command, but one with a similar name.
    Suggestion(String),
    /// `!queue`
    Queue {
        /// The queue, the oldest first.
        waiting: Vec<Redemption>,
    },
    /// `!addpoints`, `!removepoints`
    Adjust {
        /// The command as parsed.
        adjustment: Adjustment,
        /// The viewers that the name may mean.
        matches: Vec<ViewerMatch>,
    },
    /// `!top`
    Top {
        /// What the board is ordered by.
        order: Order,
        /// The viewers on the board, in no order.
        entries: Vec<BoardEntry>,
    },
    /// `!give`
    Give {
        /// The command as parsed.
        gift: Gift,
        /// The viewers that the name may mean.
        matches: Vec<ViewerMatch>,
    },
    /// `!timer`
    Timer {
        /// The command as parsed.
        command: TimerCommand,
        /// The running timers.
        timers: Timers,
    },
    /// `!panel`
    Panel {
        /// The proofs that sign the viewer in; `None` where the panel is not set up.
        ticket: Option<Ticket>,
        /// When they asked.
        asked_at: Timestamp,
    },
    /// `!link`
    Link {
        /// The pending request of the panel that shows the code; `None` when no panel shows it.
        request: Option<LinkRequest>,
    },
    /// A use of a reward.
    Use {
        /// The reward.
        reward: Reward,
        /// The note, or the amount for a goal.
        argument: String,
        /// How much all viewers have used it.
        everybody: Usage,
        /// How much this viewer has used it.
        own: Usage,
    },
    /// A viewer takes a redemption back.
    TakeBack {
        /// The redemption.
        redemption: Redemption,
        /// How much all viewers have used its reward.
        everybody: Usage,
        /// How much this viewer has used it.
        own: Usage,
    },
    /// The reward of the command has been deleted since.
    Gone,
}

/// Decides a command. A refusal is a decision without changes, with an answer that gives the reason.
#[must_use]
pub fn decide(context: &CommandContext<'_>, input: CommandInput) -> Decision {
    if context.asker.banned || context.asker.bot {
        return decide_for_banned(context, input);
    }
    match input {
        CommandInput::Simple(command) => simple(context, command),
        CommandInput::Usage(command) => context.answer(info::usage(context, command)),
        CommandInput::Suggestion(name) => context.answer(message::suggestion(context.prefix(), &name)),
        CommandInput::Queue { waiting } => context.answer(info::queue(&waiting, context.asker)),
        CommandInput::Adjust { adjustment, matches } => adjust_points::decide(context, &adjustment, &matches),
        CommandInput::Top { order, entries } => context.answer(watching::board(context, order, &entries)),
        CommandInput::Give { gift, matches } => give::decide(context, &gift, &matches),
        CommandInput::Timer { command, timers } => timers::decide(context, &command, &timers),
        CommandInput::Panel { ticket, asked_at } => panel::open(context, ticket, asked_at),
        CommandInput::Link { request } => panel::link(context, request),
        CommandInput::Use { reward, argument, everybody, own } => {
            redeem::decide(context, &reward, &argument, &everybody, &own)
        }
        CommandInput::TakeBack { redemption, everybody, own } => {
            take_back::decide(context, &redemption, &everybody, &own)
        }
        CommandInput::Gone => match context.via {
            Via::Panel => context.refuse(message::reward_gone()),
            Via::Chat(_) => Decision::default(),
        },
    }
}

/// Owncast does not let banned viewers write, and bots must not use commands, so both are ignored in chat.
/// The panel gives the reason, and still lets them take a redemption back and sign out.
fn decide_for_banned(context: &CommandContext<'_>, input: CommandInput) -> Decision {
    match (context.via, input) {
        (Via::Chat(_), _) => Decision::default(),
        (Via::Panel, CommandInput::Simple(SimpleCommand::Unlink)) => panel::unlink(context),
        (Via::Panel, CommandInput::TakeBack { redemption, everybody, own }) => {
            take_back::decide(context, &redemption, &everybody, &own)
        }
        (Via::Panel, _) => context.refuse(message::you_are_banned()),
    }
}

fn simple(context: &CommandContext<'_>, command: SimpleCommand) -> Decision {
    let answer = match command {
        SimpleCommand::Help => info::help(context),
        SimpleCommand::Points => message::points(context.name(), context.account.balance),
        SimpleCommand::Rewards { category } => info::rewards(context.config, category.as_deref()),
        SimpleCommand::Uptime => watching::uptime(context),
        SimpleCommand::Watchtime => watching::watchtime(context),
        SimpleCommand::Streak => watching::streak(context),
        SimpleCommand::OnBoards { shown } => return watching::on_boards(context, shown),
        SimpleCommand::Unlink => return panel::unlink(context),
    };
    context.answer(answer)
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

    /// The effect that answers the asker: as a whisper where the settings and Owncast allow it.
    fn answer_effect(&self, line: Message) -> Effect {
        match (self.via, self.config.settings.chat.answers) {
            (Via::Panel, _) => Effect::Reply(Reply::done(line)),
            (Via::Chat(Some(client)), Answers::Whispered) => Effect::Whisper { client, line },
            (Via::Chat(_), _) => Effect::Say(line),
        }
    }

    /// The notice that confirms a click in the panel. In chat the public message is the confirmation.
    fn confirm(&self, line: Message) -> Option<Effect> {
        (self.via == Via::Panel).then(|| Effect::Reply(Reply::done(line)))
    }

    /// A decision that changes nothing and answers the asker.
    fn answer(&self, line: Message) -> Decision {
        Decision::effect(self.answer_effect(line))
    }

    /// A decision that changes nothing and gives the asker the reason.
    fn refuse(&self, line: Message) -> Decision {
        match self.via {
            Via::Panel => Decision::effect(Effect::Reply(Reply::refused(line))),
            Via::Chat(_) => self.answer(line),
        }
    }
}

#[cfg(test)]
pub(crate) mod testing;
