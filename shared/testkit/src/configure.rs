//! Saves a test's configuration in the same way as the deploy script and a first local start.

use ownchatbot_domain::config::{Category, Section};
use ownchatbot_domain::{
    Change, Configure, Decision, EditTarget, Editor, EventId, Reward, Settings, Timestamp,
};
use ownchatbot_store::{Commit, Store, StoreError};

/// Saves a section of the settings. `seen` is the version that was read, 0 if there was none. Returns
/// [`Commit::Stale`] if the stored version is another one.
///
/// # Errors
/// [`StoreError`] when it is unknown whether the section was saved.
pub async fn save_section(store: &Store, section: &Section, seen: u64) -> Result<Commit, StoreError> {
    let before = Section::same_of(&Settings::default(), section);
    save(store, seen, EditTarget::Settings { before, after: section.clone() }).await
}

/// Saves a category. `seen` is the version that was read, 0 for a new one.
///
/// # Errors
/// [`StoreError`] when it is unknown whether the category was saved.
pub async fn save_category(store: &Store, category: &Category, seen: u64) -> Result<Commit, StoreError> {
    save(store, seen, EditTarget::Category { before: None, after: Some(category.clone()) }).await
}

/// Saves a reward. `before` is the reward that was read, with its version; `None` for a new one.
///
/// # Errors
/// [`StoreError`] when it is unknown whether the reward was saved.
pub async fn save_reward(
    store: &Store,
    reward: &Reward,
    before: Option<(&Reward, u64)>,
) -> Result<Commit, StoreError> {
    let (before, seen) = before.map_or((None, 0), |(before, seen)| (Some(before.clone()), seen));
    save(store, seen, EditTarget::Reward { before, after: Some(reward.clone()) }).await
}

/// Saves one part of the configuration, as an event of its own.
///
/// # Errors
/// [`StoreError`] when it is unknown whether the part was saved.
pub async fn save(store: &Store, seen: u64, target: EditTarget) -> Result<Commit, StoreError> {
    let event = EventId::by_bot("setup", format_args!("{:x}", fastrand::u128(..)));
    let change = Change::Configure(Configure::one(Editor::Setup, seen, target));
    let decision = Decision::change(change);
    store.commit(Some(&event), Timestamp::from_ms(0), &decision).await
}
