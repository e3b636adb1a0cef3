//! Whispering the way in.

use ownchatbot_domain::decide::{invitation, link_code_instructions};
use ownchatbot_domain::{ClientId, EventId, ViewerId};

use super::secrets;
use crate::context::Context;
use crate::error_chain::ErrorChain;
use crate::ports::{Clock, Owncast, Ownership};

/// Whispers the code and the link that `event` has offered to `client`, if Owncast confirms that this connection is
/// `viewer`'s. Where it cannot tell, it whispers how to sign in without a secret.
///
/// # Errors
/// Why it was not whispered, fit for the log.
pub(crate) async fn invite<C, O>(
    ctx: &Context<C>,
    owncast: &O,
    event: &EventId,
    client: ClientId,
    viewer: &ViewerId,
) -> Result<(), String>
where
    C: Clock,
    O: Owncast,
{
    let key = ctx.signing.as_ref().ok_or("there is no signing key to make a code with")?;
    let settings = &ctx.config().await.map_err(|error| ErrorChain(&error).to_string())?.settings;
    let text = match owncast.owner(client, viewer).await.map_err(|error| error.to_string())? {
        Ownership::Theirs => {
            let secrets = secrets(key, event);
            invitation(settings.public_url.as_deref(), &secrets.token, &secrets.code)
        }
        Ownership::Unknown => link_code_instructions(settings.chat.prefix.as_str()),
        Ownership::Foreign => return Err("the connection is not, or no longer, theirs".to_owned()),
    };
    owncast.whisper(client, &text.chat()).await.map_err(|error| error.to_string())
}
