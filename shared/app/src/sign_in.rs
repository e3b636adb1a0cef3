//! Signing in to the panel. Who somebody is, only chat can tell, so every way in leads through it: a link and a code that
//! are whispered, or a code that the panel shows and that is typed in chat.
//!
//! Codes and links are made with the signing key from the event that asked, so nothing has to be kept but their hashes, and
//! the same event always makes the same.

mod invite;

use ownchatbot_domain::decide::{TICKET_LIFE, Ticket};
use ownchatbot_domain::{EventId, KeyedHash, Person, Span, Timestamp, ViewerId};

pub(crate) use invite::invite;

use crate::SigningKey;
use crate::context::Context;
use crate::ports::Clock;
use crate::retry::{AppError, retry_until_deadline};
use crate::signing::{Purpose, typed_code};
use ownchatbot_store::{Commit, LoadedViewer, Session, SignInProof, StoreError};

/// For so long a session lasts after it was last used.
pub const SESSION_LIFE: Span = Span::days(30);
/// A session that was made to last longer less than this ago is left as it is.
const RENEWED: Span = Span::days(1);

/// Wrong codes are counted for so long, and then anew.
const WINDOW: Span = Span::minutes(10);
/// As many wrong codes are taken from one address.
const MAX_FROM_ONE: u64 = 10;
/// As many wrong codes are taken from everywhere. With a hundred codes that are good at the time, a guesser has one chance
/// in five million.
const MAX_FROM_ALL: u64 = 2_000;

/// What came of a try to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// It worked.
    Done(Session),
    /// The code or the link is wrong, too old, or was used.
    Unknown,
    /// Too many wrong codes; after so long it can be tried again.
    TooMany(Span),
    /// Nobody has typed the code in chat so far.
    Waiting,
}

/// What `event` lets its viewer in with.
pub(crate) fn ticket(key: &SigningKey, event: &EventId, now: Timestamp) -> Ticket {
    let secrets = secrets(key, event);
    let (code, link) =
        (key.hash(Purpose::CodeProof, &secrets.code), key.hash(Purpose::LinkProof, &secrets.token));
    Ticket { proof_hashes: [code, link], until: now.saturating_add(TICKET_LIFE) }
}

/// The hash of a code that was typed, however it was typed.
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

/// Signs in by the code that was whispered. `from` is the network address that it was typed at, where it is known; `id`
/// the id of the session that is to be opened, which nobody has had before.
///
/// # Errors
/// [`AppError`] when the table is in the way.
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
    // No address is taken for everywhere, whatever a proxy says.
    let who = ["everywhere".to_owned()].into_iter().chain(from.map(|from| format!("from {from}")));
    let who: Vec<KeyedHash> = who.map(|who| key.hash(Purpose::Address, &who)).collect();
    let counted = ctx.store.wrong_codes(&who, window).await?;
    let limit = [MAX_FROM_ALL, MAX_FROM_ONE];
    if counted.iter().zip(limit).any(|(count, limit)| *count >= limit) {
        return Ok(SignIn::TooMany(window.saturating_add(WINDOW).since(now)));
    }
    let signed_in = match code_hash(key, typed) {
        Some(proof) => redeem_offer(ctx, key, &proof, id).await?,
        None => SignIn::Unknown,
    };
    if signed_in == SignIn::Unknown {
        ctx.store.count_wrong_code(&who, window).await?;
    }
    Ok(signed_in)
}

/// Signs in by the link that was whispered, of which `token` is the end.
///
/// # Errors
/// [`AppError`] when the table is in the way.
pub async fn by_link<C>(ctx: &Context<C>, key: &SigningKey, token: &str, id: &str) -> Result<SignIn, AppError>
where
    C: Clock,
{
    redeem_offer(ctx, key, &key.hash(Purpose::LinkProof, token), id).await
}

/// Whom the link that ends with `token` would sign in; nothing when it is wrong, too old, or was used.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
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

/// Opens a session for whom an offer is for, and uses it up.
async fn redeem_offer<C>(
    ctx: &Context<C>,
    key: &SigningKey,
    proof: &KeyedHash,
    id: &str,
) -> Result<SignIn, AppError>
where
    C: Clock,
{
    retry_until_deadline(ctx.deadline, |tries| async move {
        if let Some(session) = opened_before(ctx, key, id, tries).await? {
            return Ok(Some(SignIn::Done(session)));
        }
        let offer = ctx.store.offer(proof).await?;
        let Some(offer) = offer.filter(|offer| ctx.clock.now() < offer.until) else {
            return Ok(Some(SignIn::Unknown));
        };
        open(ctx, key, SignInProof::Offered(proof), (&offer.viewer, offer.epoch), id).await
    })
    .await
}

/// The code that a panel shows, to be typed in chat; made from `seed`, which that panel keeps to itself.
///
/// # Errors
/// [`StoreError`] when it is not known to be noted.
pub async fn code_to_type<C>(ctx: &Context<C>, key: &SigningKey, seed: &str) -> Result<String, StoreError>
where
    C: Clock,
{
    let code = key.code(Purpose::CodeToType, seed);
    let proof = key.hash(Purpose::CodeProof, &code);
    ctx.store.request_link(&proof, ctx.clock.now().saturating_add(TICKET_LIFE)).await?;
    Ok(code)
}

/// Signs in the panel that keeps `seed`, once its code was typed in chat.
///
/// # Errors
/// [`AppError`] when the table is in the way.
pub async fn confirm_link_code<C>(
    ctx: &Context<C>,
    key: &SigningKey,
    seed: &str,
    id: &str,
) -> Result<SignIn, AppError>
where
    C: Clock,
{
    let proof = &key.hash(Purpose::CodeProof, &key.code(Purpose::CodeToType, seed));
    retry_until_deadline(ctx.deadline, |tries| async move {
        if let Some(session) = opened_before(ctx, key, id, tries).await? {
            return Ok(Some(SignIn::Done(session)));
        }
        let Some(request) = ctx.store.link_request(proof).await? else { return Ok(Some(SignIn::Unknown)) };
        let Some(viewer) = request.viewer else {
            let over = request.until <= ctx.clock.now();
            return Ok(Some(if over { SignIn::Unknown } else { SignIn::Waiting }));
        };
        open(ctx, key, SignInProof::Linked(proof), (&viewer, request.epoch), id).await
    })
    .await
}

/// The session that an earlier try has opened without hearing of it; at the first there was none.
async fn opened_before<C>(
    ctx: &Context<C>,
    key: &SigningKey,
    id: &str,
    tries: u32,
) -> Result<Option<Session>, StoreError> {
    if tries == 0 { Ok(None) } else { ctx.store.session(&key.hash(Purpose::Session, id)).await }
}

/// Opens a session for a viewer whom `proof` was opened to in an epoch.
async fn open<C>(
    ctx: &Context<C>,
    key: &SigningKey,
    proof: SignInProof<'_>,
    (viewer, epoch): (&ViewerId, u64),
    id: &str,
) -> Result<Option<SignIn>, StoreError>
where
    C: Clock,
{
    // Whoever was forgotten meanwhile has nothing to sign in to, and whoever has ended everything meanwhile meant this too.
    let profile = ctx.store.load(viewer, None).await?.profile;
    let Some(profile) = profile.filter(|profile| profile.epoch == epoch) else {
        return Ok(Some(SignIn::Unknown));
    };
    let until = ctx.clock.now().saturating_add(SESSION_LIFE);
    let session = Session { viewer: profile.person.id, epoch, until };
    let opened = ctx.store.open_session(proof, &key.hash(Purpose::Session, id), &session).await?;
    Ok((opened == Commit::Applied).then_some(SignIn::Done(session)))
}

/// Somebody who is signed in, and what they have.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who.
    pub person: Person,
    /// Everything about them, and the stream.
    pub loaded: LoadedViewer,
}

/// Who is signed in by the session with this id; nothing when it is over.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
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

/// Ends the session with this id.
///
/// # Errors
/// [`StoreError`] when it is not known to be ended.
pub async fn sign_out<C>(ctx: &Context<C>, key: &SigningKey, id: &str) -> Result<(), StoreError> {
    ctx.store.end_session(&key.hash(Purpose::Session, id)).await
}
