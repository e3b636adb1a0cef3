//! The external action that a streamer would set up: a button on Owncast's page that opens the bot's panel in
//! a frame.

use reqwest::Url;
use serde_json::{Value, json};

use crate::options::Version;

/// The text on the button and above the frame.
const TITLE: &str = "Points and rewards";

/// The action that opens the bot's panel.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Action {
    url: Url,
}

impl Action {
    /// The action for the bot whose pages are at `bot_url`; `None` if that is not an http URL that a page can
    /// frame.
    pub(crate) fn of(bot_url: Option<&str>) -> Option<Self> {
        let mut url = Url::parse(bot_url?).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        // Such a host could add a rule to the page's policy.
        if url.host_str()?.contains([';', ',', '\'']) {
            return None;
        }
        url.path_segments_mut().ok()?.pop_if_empty().push("userpanel");
        Some(Self { url })
    }

    /// The bot's origin, which the page that shows the frame must allow in its policy.
    pub(crate) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The action as Owncast's configuration lists it.
    pub(crate) fn listed(&self) -> Value {
        json!({
            "url": self.url.as_str(), "html": "", "title": TITLE, "description": "", "icon": "", "color": "",
            "openExternally": false,
        })
    }

    /// The action for the page. Since 0.3.0, Owncast passes the viewer's id to the framed page.
    pub(crate) fn shown(&self, version: Version) -> Value {
        json!({ "url": self.url.as_str(), "title": TITLE, "tells_id": version >= Version::V0_3_0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn action_opens_the_panel_of_http_urls_only() {
        for (bot, url, origin) in [
            ("http://127.0.0.1:8081", "http://127.0.0.1:8081/userpanel", "http://127.0.0.1:8081"),
            ("http://127.0.0.1:8081/", "http://127.0.0.1:8081/userpanel", "http://127.0.0.1:8081"),
            ("https://bot.example:443/a/", "https://bot.example/a/userpanel", "https://bot.example"),
            ("http://[::1]:80", "http://[::1]/userpanel", "http://[::1]"),
        ] {
            let action = Action::of(Some(bot)).unwrap();
            assert_eq!((&*action.origin(), action.url.as_str()), (origin, url), "{bot}");
        }
        for bot in ["", "bot.example", "javascript:alert(1)", "file:///etc", "http://", "http://a;script-src"]
        {
            assert_eq!(Action::of(Some(bot)), None, "{bot}");
        }
        assert_eq!(Action::of(None), None);
    }
}
