//! What is printed: where everything is, and what to do next.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is what the user came to read")]

use std::io::Write;

use serde::Serialize;

/// Where everything is. Other tools read this; fields are only ever added.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Ready {
    /// The bot's address, without a slash at its end.
    pub(crate) edge: String,
    /// Where Owncast sends its webhooks.
    pub(crate) chat_hook: String,
    /// Where Ko-fi will send its webhooks.
    pub(crate) kofi_hook: String,
    /// What webhooks are signed with, where they are.
    pub(crate) webhook_secret: Option<String>,
    /// The viewers' panel.
    pub(crate) viewer_panel: String,
    /// The streamer's panel.
    pub(crate) mgmt: String,
    /// The overlays.
    pub(crate) overlays: String,
    /// Owncast, simulated or real.
    pub(crate) owncast: String,
    /// The data folder, unless nothing is kept.
    pub(crate) data_dir: Option<String>,
    #[serde(skip)]
    pub(crate) simulated: bool,
}

impl Ready {
    /// One line for a program.
    pub(crate) fn json(&self) {
        println!("{}", serde_json::to_string(self).unwrap_or_default());
        let _ = std::io::stdout().flush();
    }

    /// Some lines for a person.
    pub(crate) fn friendly(&self) {
        let kept = self.data_dir.as_deref().unwrap_or("nowhere: it ends with the program");
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
            println!("In Owncast's admin, under Integrations, Webhooks, add this address for all events:");
            println!("  {}", self.chat_hook);
            println!(
                "{}",
                match &self.webhook_secret {
                    Some(_) => "with the secret you gave as --webhook-secret.",
                    None => "From Owncast 0.3.0 on, give the webhook's secret as --webhook-secret.",
                }
            );
            println!(
                "Then type !points in chat. For the viewers' panel, add an external action with this address:"
            );
            println!("  {}", self.viewer_panel);
        }
        println!("For OBS there are {0}/goals, {0}/votes and more: {1}", self.edge, self.overlays);
        println!("\nCtrl-C ends it.");
        let _ = std::io::stdout().flush();
    }
}

/// Says why it did not start, and what to do.
pub(crate) fn failure(error: &str, advice: &str) {
    eprintln!("\nOwnchatBot cannot run: {error}.\n{advice}");
}

/// Says goodbye.
pub(crate) fn goodbye() {
    tracing::info!("ended; everything is kept");
}
