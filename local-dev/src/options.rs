//! The command line. Other tools rely on these options: they change only with a note in the change log.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use ownchatbot_domain::Span;
use ownchatbot_owncast::{AccessToken, BaseUrl, WebhookSecret};
use ownchatbot_simulator::Version;

/// The whole of OwnchatBot on this computer: the bot, its database, and an Owncast simulator to chat in.
///
/// Without options it starts the simulator, adds demo rewards, and prints where to click. All data is in the
/// data folder; delete the folder to start from scratch.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, args_override_self = true)]
pub(crate) struct Options {
    /// Port of the bot's pages and hooks; 0 chooses a free port
    #[arg(long, default_value_t = 8081, value_name = "PORT")]
    pub(crate) port: u16,

    /// Port of the Owncast simulator; 0 chooses a free port
    #[arg(long, default_value_t = 8080, value_name = "PORT")]
    pub(crate) simulator_port: u16,

    /// IP address to listen on; 0.0.0.0 lets other computers connect
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDR")]
    pub(crate) bind: IpAddr,

    /// The URL at which Owncast and browsers reach the bot, if it differs from the address it listens on
    #[arg(long, value_name = "URL", value_parser = public_url)]
    pub(crate) public_url: Option<String>,

    /// Folder for the database, the schedules and the secrets; created if necessary
    #[arg(long, default_value = "ownchatbot-data", value_name = "DIR")]
    pub(crate) data_dir: PathBuf,

    /// Keep nothing: the database is in memory and ends with the program
    #[arg(long, conflicts_with = "data_dir")]
    pub(crate) memory: bool,

    /// Use another DynamoDB instead of the embedded one: DynamoDB Local, or AWS (with the usual AWS
    /// variables)
    #[arg(long, value_name = "URL", conflicts_with = "memory")]
    pub(crate) dynamodb_endpoint: Option<String>,

    /// URL of a real Owncast to use instead of the simulator
    #[arg(long, value_name = "URL", requires = "owncast_token", value_parser = BaseUrl::parse)]
    pub(crate) owncast_url: Option<BaseUrl>,

    /// Owncast's access token (Admin, Integrations, Access Tokens), with all three permissions
    #[arg(long, value_name = "TOKEN", requires = "owncast_url", value_parser = AccessToken::parse)]
    pub(crate) owncast_token: Option<AccessToken>,

    /// The secret that Owncast (0.3.0 and later) signs its webhooks with. With a secret, unsigned events are
    /// refused; without one, only the token in the hook's URL protects it. The simulator gets a secret by
    /// itself
    #[arg(long, value_name = "SECRET", value_parser = |text: &str| WebhookSecret::parse(text).map(|_| text.to_owned()))]
    pub(crate) webhook_secret: Option<String>,

    /// The version of Owncast to simulate. Webhooks are signed since 0.3.0
    #[arg(long, value_enum, default_value_t = Simulated::V030, value_name = "VERSION", conflicts_with = "owncast_url")]
    pub(crate) simulator_version: Simulated,

    /// Add demo rewards if there are no rewards yet [default: true with the simulator]
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub(crate) demo_rewards: Option<bool>,

    /// How often viewers are paid for watching, such as 10m or 5s; saved in the settings
    #[arg(long, value_name = "TIME", value_parser = interval)]
    pub(crate) points_interval: Option<Span>,

    /// When ready, print one JSON object on one line instead of the text for people
    #[arg(long)]
    pub(crate) json: bool,

    /// Show every text lengthened and in brackets, to find sentences and layouts that cannot be translated
    #[arg(long)]
    pub(crate) pseudo_language: bool,
}

impl Options {
    /// Whether to add demo rewards, if there are none yet.
    pub(crate) fn wants_demo(&self) -> bool {
        self.demo_rewards.unwrap_or(self.owncast_url.is_none())
    }
}

/// The version of Owncast that the simulator behaves like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Simulated {
    /// Signed webhooks
    #[value(name = "0.3.0")]
    V030,
    /// The same payloads, unsigned
    #[value(name = "0.2.5")]
    V025,
    /// Older payloads, unsigned
    #[value(name = "0.1.3")]
    V013,
}

impl From<Simulated> for Version {
    fn from(simulated: Simulated) -> Self {
        match simulated {
            Simulated::V030 => Self::V0_3_0,
            Simulated::V025 => Self::V0_2_5,
            Simulated::V013 => Self::V0_1_3,
        }
    }
}

fn interval(text: &str) -> Result<Span, String> {
    match Span::parse(text) {
        Ok(span) if span.ms() >= 1000 => Ok(span),
        Ok(_) => Err("the shortest interval is 1s".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn public_url(text: &str) -> Result<String, String> {
    let url = BaseUrl::parse(text).map_err(|_| "write it as https://bot.example".to_owned())?;
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn command_line_is_consistent() {
        Options::command().debug_assert();
    }

    #[test]
    fn demo_rewards_are_on_by_default_with_the_simulator() {
        let demo =
            |arguments: &[&str]| Options::try_parse_from(["x"].iter().chain(arguments)).unwrap().wants_demo();
        assert!(demo(&[]));
        assert!(!demo(&["--demo-rewards", "false"]));
        assert!(!demo(&["--owncast-url", "http://o", "--owncast-token", "t"]));
        assert!(demo(&["--owncast-url", "http://o", "--owncast-token", "t", "--demo-rewards"]));
    }

    #[test]
    fn weak_secrets_and_invalid_values_are_refused() {
        for bad in [
            ["--webhook-secret", "abc123"],
            ["--webhook-secret", ""],
            ["--points-interval", "0"],
            ["--points-interval", "soon"],
            ["--owncast-url", "http://o"],
            ["--public-url", "bot"],
        ] {
            assert!(Options::try_parse_from(["x"].iter().chain(&bad)).is_err(), "{bad:?}");
        }
    }
}
