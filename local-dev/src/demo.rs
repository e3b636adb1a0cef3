//! Rewards to play with.

use ownchatbot_domain::reward::{
    CommandName, Cooldown, Goal, Kind, Milestone, Note, Redeem, Scope, Special, Vote,
};
use ownchatbot_domain::{Action, Points, Reward, RewardId, Span};

/// One reward of each kind, and some more.
pub(crate) fn rewards() -> Vec<Reward> {
    let confetti = Kind::Special(Special { action: Action::Alert("confetti".to_owned()) });
    let vote = || Kind::Vote(Vote::default());
    let all = [
        reward(
            "hydrate",
            50,
            Kind::Redeem(Redeem::default()),
            "The streamer drinks a glass of water, right now.",
        ),
        reward("song", 100, Kind::Redeem(Redeem::default()), "Write the title. Nothing over ten minutes.")
            .map(|song| {
                let cooldown = Some(Cooldown { length: Span::minutes(5), scope: Scope::Everybody });
                Reward { note: Note::Required, cooldown, ..song }
            }),
        reward("red", 10, vote(), "Vote for the red team."),
        reward("blue", 10, vote(), "Vote for the blue team."),
        goal().and_then(|goal| {
            reward("charity", 0, Kind::Goal(goal), "A stream of 24 hours for a good cause.")
        }),
        reward("confetti", 75, confetti, "Fires on stream at once."),
    ];
    all.into_iter().flatten().collect()
}

fn reward(name: &str, price: i64, kind: Kind, description: &str) -> Option<Reward> {
    let (id, command) = (RewardId::new(name).ok()?, CommandName::new(name).ok()?);
    let reward = Reward::new(id, command, Points::new(price)?, kind);
    Some(Reward { description: description.to_owned(), ..reward })
}

fn goal() -> Option<Goal> {
    let milestone = |at, text: &str| Some(Milestone { at: Points::new(at)?, text: text.to_owned() });
    let milestones = [milestone(250, "karaoke"), milestone(500, "a costume, chosen by chat")];
    Goal::new(Points::new(1000)?, milestones.into_iter().flatten().collect()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_demo_rewards_are_there() {
        let names: Vec<String> = rewards().iter().map(|reward| reward.name.to_string()).collect();
        assert_eq!(names, ["hydrate", "song", "red", "blue", "charity", "confetti"]);
    }
}
