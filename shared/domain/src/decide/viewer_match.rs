//! Finding the viewer that somebody means.

use crate::command::ViewerRef;
use crate::text::{self, Text};
use crate::{Points, ViewerId};

/// As many are listed when a name is ambiguous.
const MAX_LISTED: usize = 5;

/// A viewer whom a name may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewerMatch {
    /// Their id.
    pub viewer: ViewerId,
    /// Their name.
    pub name: String,
    /// What they have.
    pub balance: Points,
    /// Whether Owncast has banned them.
    pub banned: bool,
    /// Whether they do not want others to see what they have.
    pub hidden: bool,
}

/// The one of `matches` that is meant, or the sentence that asks back. What hidden viewers have is told to moderators
/// only.
pub(super) fn the_one<'a>(
    meant: &ViewerRef,
    matches: &[&'a ViewerMatch],
    for_moderator: bool,
) -> Result<&'a ViewerMatch, Text> {
    match matches {
        [] => Err(text::viewer_unknown(meant)),
        [one] => Ok(one),
        several => {
            let told = |viewer_match: &&ViewerMatch| match viewer_match.hidden && !for_moderator {
                true => format!("id:{}", viewer_match.viewer),
                false => format!("id:{} with {}", viewer_match.viewer, viewer_match.balance),
            };
            let list: Vec<String> = several.iter().take(MAX_LISTED).map(told).collect();
            Err(text::viewer_ambiguous(meant, list.join(", ")))
        }
    }
}
