//! Reading the body. A sender that is cut off in the middle sees a broken connection instead of the status, so what is
//! too large is still read to its end.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

use crate::error::HookError;

/// The largest body taken. Owncast's largest are chat messages, of 2 KiB typed.
const MAX: usize = 256 * 1024;
/// Above this nothing is read any more; Lambda takes no more anyway.
const MAX_READ: usize = 6 * 1024 * 1024;

pub(crate) async fn read(mut body: Body) -> Result<Bytes, HookError> {
    let (mut kept, mut length) = (BytesMut::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| HookError::CutOff)?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length > MAX_READ {
            break;
        }
        if length <= MAX {
            kept.extend_from_slice(&data);
        }
    }
    if length > MAX { Err(HookError::TooLarge { max_kib: MAX / 1024 }) } else { Ok(kept.freeze()) }
}
