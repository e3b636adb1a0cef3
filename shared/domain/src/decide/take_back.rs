//! A viewer takes back a redemption of their own while it waits in the queue.

use super::{CommandContext, close};
use crate::{Decision, Effect, Redemption, Reply, Status, Usage, message};

pub(super) fn decide(
    context: &CommandContext<'_>,
    redemption: &Redemption,
    everybody: &Usage,
    own: &Usage,
) -> Decision {
    let reward = &redemption.reward_name;
    if !context.config.settings.panel.take_back {
        return context.refuse(message::take_back_off());
    }
    let closed = close(redemption, Status::Refunded, everybody, own);
    let takes_own = redemption.viewer == context.asker.id && redemption.status == Status::Waiting;
    let Some(Decision { changes, .. }) = closed.filter(|_| takes_own) else {
        return context.refuse(message::take_back_late(reward));
    };
    let line = message::taken_back(&redemption.viewer_name, reward);
    let reply = Reply::done(message::you_took_back(reward, redemption.price));
    Decision { changes, effects: vec![Effect::Say(line), Effect::Reply(reply)] }
}
