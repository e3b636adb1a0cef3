//! Changes of what the streamer has set up.

use super::{end_changed, settings_changed};
use crate::{Change, Configure, Decision, EditTarget, Settings, Timestamp};

/// Decides a change of the configuration: the edits, and what they do to the schedules. `settings` are those of now, and
/// `live` tells whether the stream is.
#[must_use]
pub fn configure(settings: &Settings, live: bool, now: Timestamp, change: Configure) -> Decision {
    let (mut after, mut effects) = (settings.clone(), Vec::new());
    for edit in &change.edits {
        match &edit.target {
            EditTarget::Settings { after: section, .. } => after.set(section.clone()),
            EditTarget::Reward { before, after } => {
                effects.extend(end_changed(before.as_ref(), after.as_ref(), now));
            }
            EditTarget::Category { .. } => {}
        }
    }
    effects.extend(settings_changed(settings, &after, live, now));
    Decision { changes: vec![Change::Configure(change)], effects }
}
