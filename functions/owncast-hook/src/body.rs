//! Reading the body. A sender that is cut off in the middle sees a broken connection instead of the status, so what is
//! too large is still read to its end.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

use crate::answer::Refusal;

/// The largest body taken. Owncast's largest are chat messages, of 2 KiB typed.
pub(crate) const MOST: usize = 256 * 1024;
/// Above this nothing is read any more; Lambda takes no more anyway.
const MOST_READ: usize = 6 * 1024 * 1024;

pub(crate) async fn read(mut body: Body) -> Result<Bytes, Refusal> {
    let (mut kept, mut length) = (BytesMut::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refusal::CutOff)?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length > MOST_READ {
            break;
        }
        if length <= MOST {
            kept.extend_from_slice(&data);
        }
    }
    if length > MOST { Err(Refusal::TooLarge) } else { Ok(kept.freeze()) }
}
