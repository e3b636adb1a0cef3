//! Configuration from environment variables. Problems are collected and reported together.

use std::fmt::Display;

use ownchatbot_app::SigningKey;
use ownchatbot_owncast::{AccessToken, BaseUrl};
use ownchatbot_schedules::{Stack, Targets};

type Read = dyn Fn(&str) -> Option<String>;

/// The variables of a process, and the problems with those read so far.
pub struct Environment {
    read: Box<Read>,
    problems: Vec<String>,
}

/// Environment variables are missing or invalid, with a text for each of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment is incomplete: {}", .0.join("; "))]
pub struct BadEnvironment(pub Vec<String>);

impl Environment {
    /// The variables of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }

    /// The variables that `read` returns.
    pub fn new(read: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self { read: Box::new(read), problems: Vec::new() }
    }

    /// A variable that must be set. `None` if it is missing or `parse` refuses it, which [`Self::problems`]
    /// and [`Self::done`] report.
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

    /// A variable that may be missing. An empty value counts as missing, because that is how a template omits
    /// a variable. `None` also if `parse` refuses the value, which [`Self::problems`] and [`Self::done`]
    /// report.
    pub fn optional<T, E: Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(String) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(name)?;
        self.parsed(name, text, parse)
    }

    /// `TABLE_NAME`: the name of the table.
    pub fn table(&mut self) -> Option<String> {
        self.required("TABLE_NAME", Ok::<_, BadEnvironment>)
    }

    /// `SIGNING_KEY`: the key for sessions, codes and keyed hashes.
    pub fn signing_key(&mut self) -> Option<SigningKey> {
        self.required("SIGNING_KEY", SigningKey::parse)
    }

    /// `OWNCAST_URL` and `OWNCAST_TOKEN`: the URL of Owncast, and the token for its integrations API.
    pub fn owncast(&mut self) -> Option<(BaseUrl, AccessToken)> {
        let url = self.required("OWNCAST_URL", |text| BaseUrl::parse(&text));
        let token = self.required("OWNCAST_TOKEN", |text| AccessToken::parse(&text));
        url.zip(token)
    }

    /// `SCHEDULE_GROUP`, `SCHEDULE_ROLE_ARN`, `SCHEDULE_DEAD_LETTERS_ARN`, `POINTS_TICK_ARN`,
    /// `ANNOUNCEMENTS_ARN` and `DEADLINES_ARN`: the group in which schedules are created, and the functions
    /// that they call.
    pub fn schedules(&mut self) -> Option<Stack> {
        let mut text = |name| self.required(name, Ok::<_, BadEnvironment>);
        // All are read before a missing one ends this function, so that every problem is reported.
        let [group, role_arn, dead_letters_arn] =
            ["SCHEDULE_GROUP", "SCHEDULE_ROLE_ARN", "SCHEDULE_DEAD_LETTERS_ARN"].map(&mut text);
        let [points_tick, announcements, deadlines] =
            ["POINTS_TICK_ARN", "ANNOUNCEMENTS_ARN", "DEADLINES_ARN"].map(text);
        let targets =
            Targets { points_tick: points_tick?, announcements: announcements?, deadlines: deadlines? };
        Some(Stack { group: group?, role_arn: role_arn?, dead_letters_arn: dead_letters_arn?, targets })
    }

    /// The problems so far, for callers that got `None` for a required variable.
    #[must_use]
    pub fn problems(self) -> BadEnvironment {
        BadEnvironment(self.problems)
    }

    /// Checks that every variable that was read is valid.
    ///
    /// # Errors
    /// [`BadEnvironment`] with every problem.
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
        // The value may be a secret, so it is not part of the text.
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
    fn all_problems_are_reported_at_once_without_values() {
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
    fn schedules_need_all_of_their_variables() {
        let mut env = environment(&[("SCHEDULE_GROUP", "bot"), ("DEADLINES_ARN", "arn")]);
        assert_eq!(env.schedules(), None);
        let BadEnvironment(problems) = env.problems();
        assert_eq!(problems.len(), 4, "{problems:?}");
    }

    #[test]
    fn empty_variable_counts_as_missing() {
        let mut env = environment(&[("SECRET", "")]);
        assert_eq!(env.optional("SECRET", Ok::<_, BadEnvironment>), None);
        assert_eq!(env.done(), Ok(()));
    }
}
