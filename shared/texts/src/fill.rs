//! Replaces the placeholders in the streamer's own lines: `{title}` becomes the stream's title.

use ownchatbot_domain::message;
use ownchatbot_domain::message::Arg;
use ownchatbot_domain::reward::Kind;
use ownchatbot_domain::{Config, Message, Points, Reward, StreamState, Timestamp};

use crate::Texts;
use crate::markup::{escape, escape_line_start};

/// The values of the placeholders at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The state of the stream.
    pub stream: &'a StreamState,
    /// The current time.
    pub now: Timestamp,
    /// The next goal and its progress; see [`Config::next_goal`].
    pub goal: Option<(&'a Reward, Points)>,
    /// The name of the viewer whom the bot answers, if any.
    pub name: Option<&'a str>,
}

impl Texts {
    /// `line` with its placeholders replaced, in chat markup: the line's own Markdown stays, and inserted
    /// values are escaped. HTML tags are escaped everywhere.
    #[must_use]
    pub fn fill(&self, line: &str, values: &Values<'_>) -> String {
        let mut filled = String::with_capacity(line.len() + 32);
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(&literal(before));
            let word =
                after.split_once('}').and_then(|(word, after)| Some((self.value(word, values)?, after)));
            rest = match word {
                Some((value, after)) => {
                    filled.push_str(&value);
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

    /// The value of the placeholder `word`, escaped.
    fn value(&self, word: &str, values: &Values<'_>) -> Option<String> {
        let settings = &values.config.settings;
        let said = |message: Message| self.chat.message(&message, &settings.points.name);
        Some(match word {
            "prefix" => escape(settings.chat.prefix.as_str()),
            "points" => escape(&settings.points.name.other),
            "earn" => said(message::earn(settings.points.per_tick, Arg::Every(settings.points.interval))),
            "title" => escape(&values.stream.title),
            "uptime" => match values.stream.began.filter(|_| values.stream.live) {
                Some(began) => said(message::duration(Arg::About(values.now.since(began)))),
                None => said(message::offline()),
            },
            "goal" => match values.goal {
                None => said(message::no_goal()),
                Some((reward, progress)) => match &reward.kind {
                    Kind::Goal(goal) => said(message::goal_progress(&reward.name, progress, goal.target())),
                    _ => escape(reward.name.as_str()),
                },
            },
            "name" => values.name.map_or_else(|| said(message::you()), escape),
            _ => return None,
        })
    }
}

fn literal(text: &str) -> String {
    text.replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use ownchatbot_domain::RewardId;
    use ownchatbot_domain::reward::{CommandName, Goal};

    fn goal(name: &str, target: i64) -> Reward {
        let (id, command) = (RewardId::new(name).unwrap(), CommandName::new(name).unwrap());
        let goal = Goal::new(Points::new(target).unwrap(), Vec::new()).unwrap();
        Reward::new(id, command, Points::ZERO, Kind::Goal(goal))
    }

    fn filled(line: &str, stream: &StreamState) -> String {
        let config = Config { rewards: vec![goal("charity", 1000)], ..Config::default() };
        let now = Timestamp::from_ms(3_900_000);
        let goal = config.next_goal(now, |_| Points::new(250).unwrap());
        Texts::of(Language::English)
            .fill(line, &Values { config: &config, stream, now, goal, name: Some("Ann") })
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
        let expect =
            "!help **Ann**: 10 points every 10 minutes; 1 h 5 min, charity: 250 of 1,000 points {x} {";
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
}
