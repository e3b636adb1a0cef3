//! What forms were filled in with when they were refused.

use ownchatbot_domain::RewardId;
use ownchatbot_web::form::TextField;

/// The name of the field for a sign-in code.
pub(crate) const CODE: &str = "code";

/// What the page's forms were filled in with, where one comes back after it was refused.
#[derive(Debug)]
pub(crate) struct Filled {
    /// The reward whose form it was, and its field.
    pub(crate) use_of: Option<(RewardId, TextField)>,
    /// The field of the sign-in code.
    pub(crate) code: TextField,
}

impl Default for Filled {
    fn default() -> Self {
        Self { use_of: None, code: TextField::new(CODE, "") }
    }
}
