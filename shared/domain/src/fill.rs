//! Replaces the placeholders in the streamer's own lines: `{title}` becomes the stream's title.

use crate::reward::Kind;
use crate::settings::PointsSettings;
use crate::text::{escape, escape_line_start};
use crate::{Config, Points, Reward, Span, StreamState, Timestamp};

/// The values of the placeholders at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The state of the stream.
    pub stream: &'a StreamState,
    /// The current time.
    pub now: Timestamp,
    /// The next goal and its progress; see [`next_goal`].
    pub goal: Option<(&'a Reward, Points)>,
    /// The name of the viewer whom the bot answers, if any.
    pub name: Option<&'a str>,
}

/// `line` with its placeholders replaced, in chat markup: the line's own Markdown stays, and inserted values
/// are escaped. HTML tags are escaped everywhere.
#[must_use]
pub fn fill(line: &str, values: &Values<'_>) -> String {
    let mut filled = String::with_capacity(line.len() + 32);
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(&literal(before));
        let word = after.split_once('}').and_then(|(word, after)| Some((value(word, values)?, after)));
        rest = match word {
            Some((value, after)) => {
                filled.push_str(&escape(&value));
                after
            }
            None => {
                filled.push('{');
                after
            }
        };
    }
    filled.push_str(&literal(rest));
    // An inserted title may start like a list item.
    escape_line_start(filled)
}

fn literal(text: &str) -> String {
    text.replace('<', "&lt;")
}

fn value(word: &str, values: &Values<'_>) -> Option<String> {
    let settings = &values.config.settings;
    Some(match word {
        "prefix" => settings.chat.prefix.to_string(),
        "points" => settings.points.name.clone(),
        "earn" => {
            let PointsSettings { name, per_tick, interval, .. } = &settings.points;
            format!("{per_tick} {name} every {}", spoken(*interval))
        }
        "title" => values.stream.title.clone(),
        "uptime" => {
            let began = values.stream.began.filter(|_| values.stream.live);
            began.map_or_else(|| "offline".to_owned(), |began| spoken(values.now.since(began)))
        }
        "goal" => values.goal.map_or_else(
            || "no goal".to_owned(),
            |(reward, progress)| match &reward.kind {
                Kind::Goal(goal) => format!("{}: {progress} of {}", reward.name, goal.target()),
                _ => reward.name.to_string(),
            },
        ),
        "name" => values.name.unwrap_or("you").to_owned(),
        _ => return None,
    })
}

/// A duration in words, rounded down to the smallest unit shown: `2 h 5 min`, `10 min`, `45 s`.
#[must_use]
pub fn spoken(span: Span) -> String {
    let seconds = span.whole_seconds();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// The goal that is closest to its target, in proportion, of those that are live, have not ended and are not
/// reached, with its progress. `progress` returns the points that a goal has.
#[must_use]
pub fn next_goal(
    config: &Config,
    now: Timestamp,
    progress: impl Fn(&Reward) -> Points,
) -> Option<(&Reward, Points)> {
    let open = config.live_rewards().filter_map(|reward| {
        let Kind::Goal(goal) = &reward.kind else { return None };
        let done = progress(reward);
        (!reward.is_over(now) && done < goal.target()).then_some((reward, done, goal.target()))
    });
    let part = |done: Points, target: Points| i128::from(done.get()) * 1_000_000 / i128::from(target.get());
    let next = open.max_by(|(_, a, of_a), (_, b, of_b)| part(*a, *of_a).cmp(&part(*b, *of_b)));
    next.map(|(reward, done, _)| (reward, done))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RewardId;
    use crate::reward::{CommandName, Goal};

    fn goal(name: &str, target: i64) -> Reward {
        let (id, command) = (RewardId::new(name).unwrap(), CommandName::new(name).unwrap());
        let goal = Goal::new(Points::new(target).unwrap(), Vec::new()).unwrap();
        Reward::new(id, command, Points::ZERO, Kind::Goal(goal))
    }

    fn filled(line: &str, stream: &StreamState) -> String {
        let config = Config { rewards: vec![goal("charity", 1000)], ..Config::default() };
        let now = Timestamp::from_ms(3_900_000);
        let goal = next_goal(&config, now, |_| Points::new(250).unwrap());
        fill(line, &Values { config: &config, stream, now, goal, name: Some("Ann") })
    }

    #[test]
    fn placeholders_are_replaced_and_the_rest_stays() {
        let live = StreamState {
            live: true,
            began: Some(Timestamp::from_ms(0)),
            title: "*Hi* <b>".to_owned(),
            ..StreamState::default()
        };
        let all = "{prefix}help **{name}**: {earn}; {uptime}, {goal} {points} {x} {";
        let expect = "!help **Ann**: 10 points every 10 min; 1 h 5 min, charity: 250 of 1000 points {x} {";
        assert_eq!(filled(all, &live), expect);
        assert_eq!(filled("{title}", &live), r"\*Hi\* &lt;b\>", "inserted values are escaped");
        assert_eq!(filled("<i>{uptime}", &StreamState::default()), "&lt;i>offline");
    }

    /// Owncast renders messages of bots as Markdown, sanitizes them, and renders the result a second time.
    fn rendered(line: &str) -> String {
        let once = |text: &str| {
            let mut html = String::new();
            pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(text));
            html.trim().to_owned()
        };
        once(&once(line))
    }

    #[test]
    fn filled_lines_render_as_intended() {
        let title = |title: &str| StreamState { title: title.to_owned(), ..StreamState::default() };
        for (line, stream, html) in [
            (
                "**Hi** *you*, `{prefix}help` :wave:",
                title(""),
                "<strong>Hi</strong> <em>you</em>, <code>!help</code> :wave:",
            ),
            ("[docs](https://a.example/x) <3", title(""), r#"<a href="https://a.example/x">docs</a> &lt;3"#),
            ("{title}", title("- *x* <script>1</script> # y"), "- *x* &lt;script&gt;1&lt;/script&gt; # y"),
            ("{title}", title("1. x"), "1. x"),
        ] {
            assert_eq!(rendered(&filled(line, &stream)), format!("<p>{html}</p>"), "{line}");
        }
    }

    #[test]
    fn next_goal_has_the_largest_share_done() {
        let config =
            Config { rewards: vec![goal("a", 1000), goal("b", 10), goal("c", 10)], ..Config::default() };
        let progress = |reward: &Reward| {
            let done = match reward.name.as_str() {
                "a" => 500,
                "b" => 6,
                _ => 10,
            };
            Points::new(done).unwrap()
        };
        let next = next_goal(&config, Timestamp::from_ms(0), progress);
        assert_eq!(next.map(|(reward, _)| reward.name.as_str()), Some("b"));
    }
}
