//! The text or JSON that is printed when the program is ready, and when it ends.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "output for the user")]

use std::io::Write;

use serde::Serialize;

/// The URLs and secrets of a running bot. Other tools read this as JSON, so fields may be added but not
/// changed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Ready {
    /// The bot's URL, without a slash at the end.
    pub(crate) edge: String,
    /// The URL for Owncast's webhooks.
    pub(crate) chat_hook: String,
    /// The URL for Ko-fi's webhooks.
    pub(crate) kofi_hook: String,
    /// The secret that Owncast's webhooks are signed with; `None` if they are not signed.
    pub(crate) webhook_secret: Option<String>,
    /// The URL of the viewers' panel.
    pub(crate) viewer_panel: String,
    /// The URL of the streamer's panel.
    pub(crate) mgmt: String,
    /// The URL of the list of overlays.
    pub(crate) overlays: String,
    /// The URL of Owncast, simulated or real.
    pub(crate) owncast: String,
    /// The path of the data folder; `None` if the data is only in memory.
    pub(crate) data_dir: Option<String>,
    #[serde(skip)]
    pub(crate) simulated: bool,
}

impl Ready {
    /// Prints everything as one line of JSON, for a program.
    pub(crate) fn json(&self) {
        println!("{}", serde_json::to_string(self).unwrap_or_default());
        let _ = std::io::stdout().flush();
    }

    /// Prints what to do next, for a person.
    pub(crate) fn friendly(&self) {
        let kept = self.data_dir.as_deref().unwrap_or("in memory only, lost when the program ends");
        println!("\nOwnchatBot is running.\n");
        println!("  The bot      {}", self.edge);
        println!("  Owncast      {}{}", self.owncast, if self.simulated { "  (simulator)" } else { "" });
        println!("  Data         {kept}\n");
        if self.simulated {
            println!("Open {} and chat: !points, !rewards, !hydrate, !charity 50.", self.owncast);
            println!(
                "Press \"Go live\" there, and watching earns points. \"Points and rewards\" opens the viewers' panel."
            );
        } else {
            println!("In Owncast's admin, under Integrations, Webhooks, add this URL for all events:");
            println!("  {}", self.chat_hook);
            println!(
                "{}",
                match &self.webhook_secret {
                    Some(_) => "and the secret that you gave as --webhook-secret.",
                    None => "With Owncast 0.3.0 or later, pass the webhook's secret as --webhook-secret.",
                }
            );
            println!(
                "Then type !points in chat. For the viewers' panel, add an external action with this URL:"
            );
            println!("  {}", self.viewer_panel);
        }
        println!("Overlays for OBS: {0}/goals, {0}/votes and more at {1}", self.edge, self.overlays);
        println!("\nPress Ctrl-C to stop.");
        let _ = std::io::stdout().flush();
    }
}

/// Prints why the program could not start, and what to do about it.
pub(crate) fn failure(error: &str, advice: &str) {
    eprintln!("\nOwnchatBot could not start: {error}.\n{advice}");
}

/// Logs that the program has shut down.
pub(crate) fn goodbye() {
    tracing::info!("OwnchatBot has stopped");
}
