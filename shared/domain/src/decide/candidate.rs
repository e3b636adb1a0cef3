//! Finding the viewer that somebody means.

use crate::command::ViewerRef;
use crate::text::{self, Text};
use crate::{Points, ViewerId};

/// As many are listed when a name is ambiguous.
const MOST_LISTED: usize = 5;

/// A viewer whom a name may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
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

/// The one of `candidates` that is meant, or the sentence that asks back. What hidden viewers have is told to moderators
/// only.
pub(super) fn the_one<'a>(
    meant: &ViewerRef,
    candidates: &[&'a Candidate],
    for_moderator: bool,
) -> Result<&'a Candidate, Text> {
    match candidates {
        [] => Err(text::viewer_unknown(meant)),
        [one] => Ok(one),
        several => {
            let told = |candidate: &&Candidate| match candidate.hidden && !for_moderator {
                true => format!("id:{}", candidate.viewer),
                false => format!("id:{} with {}", candidate.viewer, candidate.balance),
            };
            let list: Vec<String> = several.iter().take(MOST_LISTED).map(told).collect();
            Err(text::viewer_ambiguous(meant, list.join(", ")))
        }
    }
}
