//! Changes of the configuration.

use super::{end_changed, settings_changed};
use crate::{Change, Configure, Decision, EditTarget, Settings, Timestamp};

/// Decides a change of the configuration: the edits, and the schedules that change with them. `settings` are
/// the current settings, and `live` is whether the stream is live.
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
