//! The state of a function's router.

use std::sync::Arc;

use axum::extract::FromRef;
use ownchatbot_app::{Context, SigningKey};

use crate::cookie::CookieSpec;

/// The state of a function's router: what the extractors of this crate need, and the function's own part `D`,
/// which handlers get as `State<Arc<D>>`.
#[derive(Debug)]
pub struct WebState<C, D> {
    context: Arc<Context<C>>,
    key: SigningKey,
    cookie: &'static CookieSpec,
    own: Arc<D>,
}

impl<C, D> WebState<C, D> {
    /// The state of a function whose sessions are kept in `cookie`. `key` signs sessions and forms.
    pub const fn new(
        context: Arc<Context<C>>,
        key: SigningKey,
        cookie: &'static CookieSpec,
        own: Arc<D>,
    ) -> Self {
        Self { context, key, cookie, own }
    }

    pub(crate) fn context(&self) -> &Context<C> {
        &self.context
    }

    pub(crate) const fn key(&self) -> &SigningKey {
        &self.key
    }

    pub(crate) const fn cookie(&self) -> &CookieSpec {
        self.cookie
    }
}

// Derived, it would require that the clock and the function's own part can be cloned.
impl<C, D> Clone for WebState<C, D> {
    fn clone(&self) -> Self {
        Self {
            context: Arc::clone(&self.context),
            key: self.key.clone(),
            cookie: self.cookie,
            own: Arc::clone(&self.own),
        }
    }
}

impl<C, D> FromRef<WebState<C, D>> for Arc<D> {
    fn from_ref(state: &WebState<C, D>) -> Self {
        Arc::clone(&state.own)
    }
}
