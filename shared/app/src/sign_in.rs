//! Signing in to the panel. Only chat can prove who a viewer is, so every sign-in goes through it: the bot
//! whispers a link and a code to the viewer, or the panel shows a code that the viewer types in chat.
//!
//! Codes and links are derived with the signing key from the event that asked for them. So only their hashes
//! are stored, and a repeat of the event yields the same secrets.

mod invite;

use ownchatbot_domain::decide::{LinkRequest, TICKET_LIFE, Ticket};
use ownchatbot_domain::{EventId, KeyedHash, Person, Span, Timestamp};
use ownchatbot_store::{Commit, LoadedViewer, Session, SignInProof, StoreError};

pub(crate) use invite::invite;

use crate::SigningKey;
use crate::context::Context;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use crate::signing::{Purpose, typed_code};

/// How long a session lasts after its last use.
pub const SESSION_LIFE: Span = Span::days(30);
/// The shortest time between two extensions of a session, which saves a write on most requests.
const RENEWED: Span = Span::days(1);

/// The length of the windows in which wrong codes are counted for the rate limits.
const WINDOW: Span = Span::minutes(10);
/// The rate limit for one network address, in wrong codes per window.
const MAX_FROM_ONE: u64 = 10;
/// The rate limit for all addresses together, in wrong codes per window. While a hundred codes are valid, the
/// probability that somebody who guesses up to this limit finds one is one in five million.
const MAX_FROM_ALL: u64 = 2_000;

/// The result of an attempt to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// It succeeded and opened this session.
    Done(Session),
    /// The code or the link is wrong, has expired, or was used.
    Unknown,
    /// A rate limit of wrong codes is reached; another attempt is possible after this time.
    TooMany(Span),
    /// Nobody has typed the panel's code in chat yet.
    Waiting,
}

/// The ticket of `event`: the hashes of the code and the link token that it offers to its viewer.
pub(crate) fn ticket(key: &SigningKey, event: &EventId, now: Timestamp) -> Ticket {
    let secrets = secrets(key, event);
    let (code, link) =
        (key.hash(Purpose::CodeProof, &secrets.code), key.hash(Purpose::LinkProof, &secrets.token));
    Ticket { proof_hashes: [code, link], until: now.saturating_add(TICKET_LIFE) }
}

/// The hash of a typed code, regardless of case, whitespace and dashes. `None` if the text cannot be a code.
pub(crate) fn code_hash(key: &SigningKey, typed: &str) -> Option<KeyedHash> {
    typed_code(typed).map(|code| key.hash(Purpose::CodeProof, &code))
}

struct Secrets {
    code: String,
    token: String,
}

fn secrets(key: &SigningKey, event: &EventId) -> Secrets {
    let event = event.to_string();
    Secrets { code: key.code(Purpose::Code, &event), token: key.hash(Purpose::Link, &event).to_string() }
}

/// Signs in with the whispered code. `from` is the network address of the request, if known. `id` is the
/// random id of the session to open, and serves as the idempotency key.
///
/// # Errors
/// [`AppError`] when the table cannot be read or written.
pub async fn by_code<C>(
    ctx: &Context<C>,
    key: &SigningKey,
    typed: &str,
    from: Option<&str>,
    id: &str,
) -> Result<SignIn, AppError>
where
    C: Clock,
{
    let now = ctx.clock.now();
    let window = Timestamp::from_ms(now.ms() - now.ms().rem_euclid(WINDOW.ms()));
    // The prefix keeps an address apart from the counter of all addresses, whatever a proxy sends as the
    // address.
    let counters = ["everywhere".to_owned()].into_iter().chain(from.map(|from| format!("from {from}")));
    let counters: Vec<KeyedHash> = counters.map(|name| key.hash(Purpose::Address, &name)).collect();
    let counts = ctx.store.wrong_codes(&counters, window).await?;
    let limits = [MAX_FROM_ALL, MAX_FROM_ONE];
    if counts.iter().zip(limits).any(|(count, limit)| *count >= limit) {
        return Ok(SignIn::TooMany(window.saturating_add(WINDOW).since(now)));
    }
    let signed_in = match code_hash(key, typed) {
        Some(proof) => open_session(ctx, key, SignInProof::Offered(&proof), id).await?,
        None => SignIn::Unknown,
    };
    if signed_in == SignIn::Unknown {
        ctx.store.count_wrong_code(&counters, window).await?;
    }
    Ok(signed_in)
}

/// Signs in with the whispered link. `token` is the last part of its URL, and `id` as for [`by_code`].
///
/// # Errors
/// [`AppError`] when the table cannot be read or written.
pub async fn by_link<C>(ctx: &Context<C>, key: &SigningKey, token: &str, id: &str) -> Result<SignIn, AppError>
where
    C: Clock,
{
    open_session(ctx, key, SignInProof::Offered(&key.hash(Purpose::LinkProof, token)), id).await
}

/// The viewer whom the link with `token` would sign in; `None` when it is wrong, has expired, or was used.
///
/// # Errors
/// [`StoreError`] when the table cannot be read.
pub async fn preview_link<C>(
    ctx: &Context<C>,
    key: &SigningKey,
    token: &str,
) -> Result<Option<Person>, StoreError>
where
    C: Clock,
{
    let offer = ctx.store.offer(&key.hash(Purpose::LinkProof, token)).await?;
    let Some(offer) = offer.filter(|offer| ctx.clock.now() < offer.until) else { return Ok(None) };
    let profile = ctx.store.load(&offer.viewer, None).await?.profile;
    Ok(profile.filter(|profile| profile.epoch == offer.epoch).map(|profile| profile.person))
}

/// The code that a panel shows, to be typed in chat. It is derived from `seed`, a secret that only that
/// panel's browser holds.
///
/// # Errors
/// [`StoreError`] when it is unknown whether the code was saved.
pub async fn code_to_type<C>(ctx: &Context<C>, key: &SigningKey, seed: &str) -> Result<String, StoreError>
where
    C: Clock,
{
    let code = key.code(Purpose::CodeToType, seed);
    let proof = key.hash(Purpose::CodeProof, &code);
    ctx.store.request_link(&proof, ctx.clock.now().saturating_add(TICKET_LIFE)).await?;
    Ok(code)
}

/// Signs in the panel that holds `seed`, once its code was typed in chat. `id` is as for [`by_code`].
///
/// # Errors
/// [`AppError`] when the table cannot be read or written.
pub async fn confirm_link_code<C>(
    ctx: &Context<C>,
    key: &SigningKey,
    seed: &str,
    id: &str,
) -> Result<SignIn, AppError>
where
    C: Clock,
{
    let proof = key.hash(Purpose::CodeProof, &key.code(Purpose::CodeToType, seed));
    open_session(ctx, key, SignInProof::Linked(&proof), id).await
}

/// Opens the session `id` for the viewer whom `proof` belongs to, and uses the proof up.
async fn open_session<C>(
    ctx: &Context<C>,
    key: &SigningKey,
    proof: SignInProof<'_>,
    id: &str,
) -> Result<SignIn, AppError>
where
    C: Clock,
{
    let session_hash = &key.hash(Purpose::Session, id);
    retry_until_deadline(ctx.deadline, |tries| async move {
        // An earlier attempt may have opened the session although its response was lost.
        if tries > 0
            && let Some(session) = ctx.store.session(session_hash).await?
        {
            return Ok(Some(SignIn::Done(session)));
        }
        let (viewer, epoch) = match proof {
            SignInProof::Offered(hash) => match ctx.store.offer(hash).await? {
                Some(offer) if ctx.clock.now() < offer.until => (offer.viewer, offer.epoch),
                _ => return Ok(Some(SignIn::Unknown)),
            },
            SignInProof::Linked(hash) => match ctx.store.link_request(hash).await? {
                Some(LinkRequest { viewer: Some(viewer), epoch, .. }) => (viewer, epoch),
                Some(request) if ctx.clock.now() < request.until => return Ok(Some(SignIn::Waiting)),
                _ => return Ok(Some(SignIn::Unknown)),
            },
        };
        // Since the proof was made, the viewer may have been erased, or may have ended all their sessions,
        // which raises the epoch and must void this proof too.
        let profile = ctx.store.load(&viewer, None).await?.profile;
        if profile.is_none_or(|profile| profile.epoch != epoch) {
            return Ok(Some(SignIn::Unknown));
        }
        let session = Session { viewer, epoch, until: ctx.clock.now().saturating_add(SESSION_LIFE) };
        let opened = ctx.store.open_session(proof, session_hash, &session).await?;
        Ok((opened == Commit::Applied).then_some(SignIn::Done(session)))
    })
    .await
}

/// A viewer who is signed in.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Their id, name and rights, from their profile.
    pub person: Person,
    /// Their profile and account, and the state of the stream.
    pub loaded: LoadedViewer,
}

/// The viewer who is signed in with the session `id`; `None` when the session has ended or expired. A session
/// that is used is extended, at most once a day.
///
/// # Errors
/// [`StoreError`] when the table cannot be read, or the extension cannot be written.
pub async fn visitor<C>(ctx: &Context<C>, key: &SigningKey, id: &str) -> Result<Option<Visitor>, StoreError>
where
    C: Clock,
{
    let (hash, now) = (key.hash(Purpose::Session, id), ctx.clock.now());
    let session = ctx.store.session(&hash).await?;
    let Some(session) = session.filter(|session| now < session.until) else { return Ok(None) };
    let loaded = ctx.store.load(&session.viewer, None).await?;
    let Some(profile) = loaded.profile.as_ref().filter(|profile| profile.epoch == session.epoch) else {
        return Ok(None);
    };
    let until = now.saturating_add(SESSION_LIFE);
    if until.since(session.until) >= RENEWED {
        ctx.store.extend_session(&hash, until).await?;
    }
    Ok(Some(Visitor { person: profile.person.clone(), loaded }))
}

/// Ends the session `id`.
///
/// # Errors
/// [`StoreError`] when it is unknown whether the session has ended.
pub async fn sign_out<C>(ctx: &Context<C>, key: &SigningKey, id: &str) -> Result<(), StoreError> {
    ctx.store.end_session(&key.hash(Purpose::Session, id)).await
}
