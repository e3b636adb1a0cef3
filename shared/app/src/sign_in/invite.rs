//! The invitation to the panel, which is whispered to a viewer.

use ownchatbot_domain::decide::{invitation, link_code_instructions};
use ownchatbot_domain::{ClientId, EventId, ViewerId};

use super::secrets;
use crate::context::Context;
use crate::error_chain::ErrorChain;
use crate::ports::{Clock, Owncast, Ownership};

/// Whispers the code and the link of `event` to `client`, if Owncast confirms that this connection belongs to
/// `viewer`. If Owncast cannot tell, it whispers instructions for signing in that contain no secret.
///
/// # Errors
/// The reason why nothing was whispered, for the log and the outbox row. It contains no secret.
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
    let key = ctx.signing.as_ref().ok_or("the sign-in code cannot be made without a signing key")?;
    let settings = &ctx.config().await.map_err(|error| ErrorChain(&error).to_string())?.settings;
    let message = match owncast.owner(client, viewer).await.map_err(|error| error.to_string())? {
        Ownership::Theirs => {
            let secrets = secrets(key, event);
            invitation(settings.public_url.as_deref(), &secrets.token, &secrets.code)
        }
        Ownership::Unknown => link_code_instructions(settings.chat.prefix.as_str()),
        Ownership::Foreign => {
            return Err("the connection does not belong to the viewer, or is closed".to_owned());
        }
    };
    owncast
        .whisper(client, &ctx.texts.chat(&message, &settings.points.name))
        .await
        .map_err(|error| error.to_string())
}
