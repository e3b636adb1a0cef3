//! Response bodies that are compressed once and sent often. Function URLs do not compress, and CloudFront
//! does not compress what it has cached uncompressed.

use std::io::Write;

use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;

/// The smallest body that is compressed, in bytes. A smaller one fits into one packet anyway.
const MIN_COMPRESSED: usize = 1024;

/// A body with its type, plain and compressed.
#[derive(Debug, Clone)]
pub struct Packed {
    content_type: &'static str,
    plain: Bytes,
    gzip: Option<Bytes>,
}

impl Packed {
    /// Compresses `plain`, and keeps both forms.
    #[must_use]
    pub fn new(content_type: &'static str, plain: impl Into<Bytes>) -> Self {
        let plain = plain.into();
        let gzip = gzip(&plain).filter(|packed| packed.len() < plain.len());
        Self { content_type, plain, gzip }
    }

    /// The uncompressed body.
    #[must_use]
    pub const fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// The response (200) to a request with `headers`, compressed where `accept-encoding` allows it.
    #[must_use]
    pub fn response(&self, headers: &HeaderMap) -> Response {
        self.encoded(accepts_gzip(headers))
    }

    /// The response (200) to a client that accepts `gzip`, or not.
    pub(crate) fn encoded(&self, gzip: bool) -> Response {
        let gzip = self.gzip.as_ref().filter(|_| gzip);
        let mut response = Response::new(Body::from(gzip.unwrap_or(&self.plain).clone()));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if gzip.is_some() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

fn gzip(plain: &[u8]) -> Option<Bytes> {
    if plain.len() < MIN_COMPRESSED {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 2), Compression::default());
    // Writing to memory cannot fail; if it did, the uncompressed body would be sent.
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// Whether `accept-encoding` names gzip, or everything, and does not rule it out.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let named: Vec<&str> =
        headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).collect();
    let quality = |wanted: &str| {
        named.iter().flat_map(|value| value.split(',')).find_map(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let name = parts.next()?;
            name.eq_ignore_ascii_case(wanted).then(|| !parts.any(is_zero))
        })
    };
    quality("gzip").or_else(|| quality("*")).unwrap_or_default()
}

/// Whether a parameter rules a coding out: `q=0`, `q=0.000`.
fn is_zero(parameter: &str) -> bool {
    let value = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
    value.is_some_and(|value| !value.is_empty() && value.chars().all(|c| matches!(c, '0' | '.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::io::Read;

    use sha2::{Digest, Sha256};

    fn accepting(values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (ACCEPT_ENCODING, HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn accepts_gzip_reads_names_wildcards_and_weights() {
        for yes in
            ["gzip", "GZIP", "br, gzip", "gzip;q=0.1, br", "*", "br;q=1.0, *;q=0.5", "deflate, gzip ; q=1"]
        {
            assert!(accepts_gzip(&accepting(&[yes])), "{yes}");
        }
        for no in ["", "br", "identity", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "gzipped", "x-gzip;q=1"] {
            assert!(!accepts_gzip(&accepting(&[no])), "{no}");
        }
        assert!(accepts_gzip(&accepting(&["br", "gzip"])) && !accepts_gzip(&accepting(&[])));
    }

    #[test]
    fn gzip_unpacks_to_the_plain_body() {
        let text = "All work and no play. ".repeat(100);
        let packed = Packed::new("text/plain", text.clone());
        let mut unpacked = String::new();
        let mut decoder = flate2::read::GzDecoder::new(packed.gzip.as_deref().unwrap());
        decoder.read_to_string(&mut unpacked).unwrap();
        assert_eq!((unpacked, packed.plain()), (text.clone(), &Bytes::from(text)));
        let response = packed.response(&accepting(&["gzip"]));
        assert_eq!(
            (&response.headers()[CONTENT_ENCODING], &response.headers()[VARY]),
            (&HeaderValue::from_static("gzip"), &HeaderValue::from_static("accept-encoding"))
        );
        let plain = packed.response(&accepting(&[]));
        assert!(!plain.headers().contains_key(CONTENT_ENCODING) && plain.headers().contains_key(VARY));
    }

    #[test]
    fn small_and_incompressible_bodies_are_not_compressed() {
        assert!(Packed::new("text/plain", "short").gzip.is_none());
        let noise: Vec<u8> = (0..2000_u32).flat_map(|n| Sha256::digest(n.to_be_bytes()).to_vec()).collect();
        assert!(Packed::new("application/octet-stream", noise).gzip.is_none());
    }
}
