//! Resolving a viewer that was named in a command.

use crate::command::ViewerRef;
use crate::message::{self, Message};
use crate::{Points, ViewerId};

/// The most viewers that are listed when a name is ambiguous.
const MAX_LISTED: usize = 5;

/// A viewer who may be the one that was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewerMatch {
    /// Their id.
    pub viewer: ViewerId,
    /// Their name.
    pub name: String,
    /// Their points.
    pub balance: Points,
    /// Whether Owncast has banned them.
    pub banned: bool,
    /// Whether other viewers must not see their points.
    pub hidden: bool,
}

/// The only viewer of `matches`, or the text that says that there is none or asks which one is meant. The
/// points of hidden viewers are shown to moderators only.
pub(super) fn the_one<'a>(
    meant: &ViewerRef,
    matches: &[&'a ViewerMatch],
    for_moderator: bool,
) -> Result<&'a ViewerMatch, Message> {
    match matches {
        [] => Err(message::viewer_unknown(meant)),
        [one] => Ok(one),
        several => {
            let describe = |viewer_match: &&ViewerMatch| match viewer_match.hidden && !for_moderator {
                true => message::viewer_item(viewer_match.viewer.as_str()),
                false => message::viewer_item_with(viewer_match.viewer.as_str(), viewer_match.balance),
            };
            let list: Vec<Message> = several.iter().take(MAX_LISTED).map(describe).collect();
            Err(message::viewer_ambiguous(meant, list))
        }
    }
}
