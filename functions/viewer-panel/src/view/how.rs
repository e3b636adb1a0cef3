//! The section "How it works", with the numbers of the settings.

use std::iter::{once, repeat};

use ownchatbot_domain::Config;
use ownchatbot_web::words::{grouped, length};

/// The section "How it works".
#[derive(Debug)]
pub(crate) struct How {
    pub(crate) earning: Vec<String>,
    pub(crate) spending: Vec<String>,
    pub(crate) commands: Vec<(String, String)>,
}

impl How {
    pub(crate) fn of(config: &Config) -> Self {
        let settings = &config.settings;
        let (prefix, points) = (settings.chat.prefix.as_str(), &settings.points);
        let name = &points.name.other;
        let mut earning = vec![format!(
            "Be in chat while the stream is live: every {} of watching brings {} {name}.",
            length(points.interval),
            grouped(points.per_tick.get()),
        )];
        if !points.welcome.is_zero() {
            earning.push(format!("Everybody starts with {}.", grouped(points.welcome.get())));
        }
        let factors = [
            ("Members", points.multipliers.member),
            ("Viewers who have authenticated in chat", points.multipliers.authenticated),
            ("Moderators", points.multipliers.moderator),
        ];
        for (who, factor) in factors.into_iter().filter(|(_, factor)| factor.get() != 100) {
            earning.push(format!("{who} get {} % of that.", factor.get()));
        }
        if settings.streaks.on {
            let rows = &settings.streaks.rewards;
            let rows: Vec<String> = rows
                .iter()
                .zip(once(" streams in a row").chain(repeat("")))
                .map(|(row, unit)| format!("{} {name} from {}{unit}", grouped(row.points.get()), row.length))
                .collect();
            let brings =
                if rows.is_empty() { String::new() } else { format!(" brings more: {}", rows.join(", ")) };
            earning.push(format!(
                "Watching streams in a row, at least {} each,{}.",
                length(settings.streaks.watch),
                if brings.is_empty() { " is counted as your streak".to_owned() } else { brings },
            ));
        }
        let mut spending = vec![
            format!("Click here, or write {prefix} and the reward's name in chat. Both cost and do the same."),
            "A redeem waits in the queue until the streamer has done it. If it cannot be done, your points come back.".to_owned(),
            "A goal takes any amount, from everybody. You keep whatever it does not need.".to_owned(),
        ];
        if settings.panel.take_back {
            spending.push("You can take back here what is still in the queue.".to_owned());
        }
        let give = settings.give;
        if give.on {
            spending.push(format!(
                "Give {name} to others with {prefix}give and their name: {} to {} at once.",
                grouped(give.min.get()),
                grouped(give.limit.get())
            ));
        }
        let commands = [
            ("points", "how many you have"),
            ("rewards", "what you can get"),
            ("queue", "what is in the queue"),
            ("top", "who has the most"),
            ("streak", "your streams in a row"),
            ("watchtime", "how long you have watched"),
            ("panel", "a code for this page"),
            ("help", "how it works"),
        ];
        let commands = commands.map(|(name, what)| (format!("{prefix}{name}"), what.to_owned())).into();
        Self { earning, spending, commands }
    }
}
