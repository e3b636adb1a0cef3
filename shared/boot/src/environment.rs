//! Configuration from environment variables. Every problem is found before any is reported.

use std::fmt::Display;

use ownchatbot_app::SigningKey;
use ownchatbot_owncast::{AccessToken, BaseUrl};
use ownchatbot_schedules::{Stack, Targets};

type Read = dyn Fn(&str) -> Option<String>;

/// The variables of a process, and what was wrong with those read so far.
pub struct Environment {
    read: Box<Read>,
    problems: Vec<String>,
}

/// The environment is not what a function needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment is incomplete: {}", .0.join("; "))]
pub struct BadEnvironment(pub Vec<String>);

impl Environment {
    /// The variables of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }

    /// Variables from elsewhere.
    pub fn new(read: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self { read: Box::new(read), problems: Vec::new() }
    }

    /// A variable that must be there. `None` when it is not, or not as `parse` wants it; [`Self::done`] tells.
    pub fn required<T, E: Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(String) -> Result<T, E>,
    ) -> Option<T> {
        match self.text(name) {
            Some(text) => self.parsed(name, text, parse),
            None => {
                self.problems.push(format!("{name} is not set"));
                None
            }
        }
    }

    /// A variable that may be missing. Empty counts as missing: that is how a template leaves one out.
    pub fn optional<T, E: Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(String) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(name)?;
        self.parsed(name, text, parse)
    }

    /// `TABLE_NAME`: the table.
    pub fn table(&mut self) -> Option<String> {
        self.required("TABLE_NAME", Ok::<_, BadEnvironment>)
    }

    /// `SIGNING_KEY`: what sessions, codes and keyed hashes are made with.
    pub fn signing_key(&mut self) -> Option<SigningKey> {
        self.required("SIGNING_KEY", SigningKey::parse)
    }

    /// `OWNCAST_URL` and `OWNCAST_TOKEN`: where Owncast is, and the token for its integrations API.
    pub fn owncast(&mut self) -> Option<(BaseUrl, AccessToken)> {
        let url = self.required("OWNCAST_URL", |text| BaseUrl::parse(&text));
        let token = self.required("OWNCAST_TOKEN", |text| AccessToken::parse(&text));
        url.zip(token)
    }

    /// `SCHEDULE_GROUP`, `SCHEDULE_ROLE_ARN`, `SCHEDULE_DEAD_LETTERS_ARN`, `POINTS_TICK_ARN`, `ANNOUNCEMENTS_ARN` and
    /// `DEADLINES_ARN`: where schedules are set up, and whom they call.
    pub fn schedules(&mut self) -> Option<Stack> {
        let mut text = |name| self.required(name, Ok::<_, BadEnvironment>);
        // All are asked for before the first that is missing ends it.
        let [group, role_arn, dead_letters_arn] =
            ["SCHEDULE_GROUP", "SCHEDULE_ROLE_ARN", "SCHEDULE_DEAD_LETTERS_ARN"].map(&mut text);
        let [points_tick, announcements, deadlines] =
            ["POINTS_TICK_ARN", "ANNOUNCEMENTS_ARN", "DEADLINES_ARN"].map(text);
        let targets =
            Targets { points_tick: points_tick?, announcements: announcements?, deadlines: deadlines? };
        Some(Stack { group: group?, role_arn: role_arn?, dead_letters_arn: dead_letters_arn?, targets })
    }

    /// The problems so far, for when a required variable came back as `None`.
    #[must_use]
    pub fn problems(self) -> BadEnvironment {
        BadEnvironment(self.problems)
    }

    /// Ends reading.
    ///
    /// # Errors
    /// [`BadEnvironment`] with everything that was wrong.
    pub fn done(self) -> Result<(), BadEnvironment> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems()) }
    }

    fn text(&self, name: &str) -> Option<String> {
        (self.read)(name).filter(|text| !text.trim().is_empty())
    }

    fn parsed<T, E: Display>(
        &mut self,
        name: &str,
        text: String,
        parse: impl FnOnce(String) -> Result<T, E>,
    ) -> Option<T> {
        // The value itself may be a secret and is not repeated.
        parse(text).map_err(|error| self.problems.push(format!("{name}: {error}"))).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &'static [(&str, &str)]) -> Environment {
        let find = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
        };
        Environment::new(find)
    }

    #[test]
    fn all_problems_come_at_once_and_show_no_secret() {
        let mut env = environment(&[("OWNCAST_URL", "ftp://hidden.example"), ("OWNCAST_TOKEN", " ")]);
        assert_eq!(env.table(), None);
        assert!(env.owncast().is_none());
        let BadEnvironment(problems) = env.problems();
        assert_eq!(problems.len(), 3);
        let all = problems.join("\n");
        for name in ["TABLE_NAME is not set", "OWNCAST_URL: ", "OWNCAST_TOKEN is not set"] {
            assert!(all.contains(name), "{all}");
        }
        assert!(!all.contains("hidden"));
    }

    #[test]
    fn the_schedules_need_all_of_their_variables() {
        let mut env = environment(&[("SCHEDULE_GROUP", "bot"), ("DEADLINES_ARN", "arn")]);
        assert_eq!(env.schedules(), None);
        let BadEnvironment(problems) = env.problems();
        assert_eq!(problems.len(), 4, "{problems:?}");
    }

    #[test]
    fn what_is_left_empty_is_missing() {
        let mut env = environment(&[("SECRET", "")]);
        assert_eq!(env.optional("SECRET", Ok::<_, BadEnvironment>), None);
        assert_eq!(env.done(), Ok(()));
    }
}
