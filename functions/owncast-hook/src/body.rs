//! Reads the body. A sender whose body is not read to its end sees a broken connection instead of the status,
//! so a body that is too large is still read.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

use crate::error::HookError;

/// The largest body that is accepted, in bytes. Owncast's largest are chat messages, of 2 KiB as typed.
const MAX_BODY: usize = 256 * 1024;
/// The most bytes that are read of a body that is too large. Lambda accepts no more anyway.
const MAX_READ: usize = 6 * 1024 * 1024;

/// Reads the whole of `body`.
///
/// # Errors
/// [`HookError::TooLarge`] above 256 KiB; [`HookError::CutOff`] when the connection breaks.
pub(crate) async fn read(mut body: Body) -> Result<Bytes, HookError> {
    let (mut bytes, mut length) = (BytesMut::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| HookError::CutOff)?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length > MAX_READ {
            break;
        }
        if length <= MAX_BODY {
            bytes.extend_from_slice(&data);
        }
    }
    if length > MAX_BODY { Err(HookError::TooLarge { max_kib: MAX_BODY / 1024 }) } else { Ok(bytes.freeze()) }
}
