//! Demo rewards and announcements for a first start.

use ownchatbot_domain::config::Section;
use ownchatbot_domain::line::Line;
use ownchatbot_domain::phrase::{Find, Phrase};
use ownchatbot_domain::reward::{
    Access, CommandName, Cooldown, Goal, Kind, Milestone, Note, Redeem, Scope, Special, Vote,
};
use ownchatbot_domain::settings::AnnouncementSettings;
use ownchatbot_domain::{Action, PhraseId, Points, Reward, RewardId, Span};

/// Demo rewards of every kind.
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

/// Settings with demo announcements, and a phrase that the bot answers.
pub(crate) fn sections() -> Vec<Section> {
    let line = |text| Line::new(text).ok();
    let lines = [
        "Type {prefix}help to see what points are good for: {earn}.",
        "Our next goal is **{goal}**. Every point helps.",
        "Watch stream after stream: {prefix}streak shows how far you have come.",
    ];
    let lines = lines.into_iter().filter_map(line).collect();
    let phrase = || {
        Some(Phrase {
            id: PhraseId::new("good-night").ok()?,
            find: Find::words("good night").ok()?,
            cooldown: Span::minutes(1),
            access: Access::Everybody,
            answer: line("Sleep well, {name}!")?,
        })
    };
    vec![
        Section::Announcements(AnnouncementSettings { lines, ..AnnouncementSettings::default() }),
        Section::Phrases(phrase().into_iter().collect()),
    ]
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
    fn all_demo_rewards_and_lines_are_valid() {
        let names: Vec<String> = rewards().iter().map(|reward| reward.name.to_string()).collect();
        assert_eq!(names, ["hydrate", "song", "red", "blue", "charity", "confetti"]);
        let sections = sections();
        let [Section::Announcements(announcements), Section::Phrases(phrases)] = sections.as_slice() else {
            panic!("{sections:?}")
        };
        assert_eq!((announcements.lines.len(), phrases.len()), (3, 1));
    }
}
