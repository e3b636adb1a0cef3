//! The hidden fields of forms.

use ownchatbot_app::SigningKey;

use crate::session::{RandomnessUnavailable, SessionId, secret};

/// The CSRF token and the one-time keys of a page's forms.
#[derive(Debug, Clone)]
pub struct PageForms {
    csrf: String,
    nonce: String,
}

impl PageForms {
    /// Those of a page that `session` gets.
    ///
    /// # Errors
    /// [`RandomnessUnavailable`] when the system cannot provide random bytes.
    pub fn new(key: &SigningKey, session: &SessionId) -> Result<Self, RandomnessUnavailable> {
        Ok(Self { csrf: session.form_token(key), nonce: secret()? })
    }

    /// The hidden fields of the form for `what`, such as a reward's id. Each form of a page has a one-time
    /// key of its own, which makes sending it idempotent.
    #[must_use]
    pub fn tokens(&self, what: &str) -> FormTokens {
        FormTokens { csrf: self.csrf.clone(), key: format!("{}-{what}", self.nonce) }
    }
}

/// The hidden fields that every [`SignedForm`](super::SignedForm) has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormTokens {
    /// The session's CSRF token.
    pub csrf: String,
    /// The form's one-time key: its idempotency key.
    pub key: String,
}

/// A form that is only a button: its fields are hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// The path to which it is sent.
    pub action: &'static str,
    /// Its token and key.
    pub tokens: FormTokens,
    /// Its other field: the name and the value.
    pub field: (&'static str, String),
    /// What is written on it.
    pub text: String,
}
