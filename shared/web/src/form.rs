//! Forms: typed fields, checks of where a form comes from, and what a refused form shows.
//!
//! A form that changes something is a [`SignedForm`]; a form that signs in, before there is a session, is an
//! [`OpenForm`]. Their fields are text (`String`, `Option<String>`) and `Vec<String>` for fields that may
//! repeat. Domain types are made from them by a function that collects all [`FormErrors`]; a refused form is
//! shown again with its [`TextField`]s, as a 422.

mod errors;
mod extract;
mod tokens;

pub use errors::{FormErrors, TextField};
pub use extract::{NoFields, OpenForm, Query, SignedForm};
pub use tokens::{Button, FormTokens, PageForms};
