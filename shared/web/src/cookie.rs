//! Cookies: their attributes, and how they are found in a request.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// When browsers send a cookie along with requests that other sites cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    /// Only when the visitor follows a link to the page.
    Lax,
    /// Always; needed in a frame on another site's page. Browsers accept it only together with `Secure`.
    None,
}

/// The name and the attributes of a cookie. Every cookie is for this host and all of its paths, and is hidden
/// from scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CookieSpec {
    /// The name, without the prefix `__Host-`.
    pub name: &'static str,
    /// Whether the name begins with `__Host-` and the cookie is `Secure`. Browsers then refuse it over plain
    /// HTTP, and from any other host.
    pub host: bool,
    /// When it is sent along with requests that other sites cause.
    pub same_site: SameSite,
    /// Whether browsers keep one for each site that frames the page.
    pub partitioned: bool,
    /// How long browsers keep it, in seconds; `None` until the browser is closed.
    pub max_age: Option<u32>,
}

impl CookieSpec {
    const fn prefix(&self) -> &'static str {
        if self.host { "__Host-" } else { "" }
    }

    /// The `set-cookie` value that keeps `value` in the browser; `None` when it has characters that a header
    /// cannot have.
    #[must_use]
    pub fn set(&self, value: &str) -> Option<HeaderValue> {
        self.header(value, self.max_age)
    }

    /// The `set-cookie` value that removes the cookie.
    #[must_use]
    pub fn removed(&self) -> Option<HeaderValue> {
        self.header("", Some(0))
    }

    fn header(&self, value: &str, max_age: Option<u32>) -> Option<HeaderValue> {
        let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if self.host { "; Secure" } else { "" };
        let same_site = match self.same_site {
            SameSite::Lax => "Lax",
            SameSite::None => "None",
        };
        let partitioned = if self.partitioned { "; Partitioned" } else { "" };
        let (prefix, name) = (self.prefix(), self.name);
        HeaderValue::try_from(format!(
            "{prefix}{name}={value}{age}; Path=/{secure}; HttpOnly; SameSite={same_site}{partitioned}"
        ))
        .ok()
    }

    /// The values that a request with `headers` sends for this cookie. There may be several: sites of the
    /// same domain can set others of the same name.
    pub fn values<'a>(&self, headers: &'a HeaderMap) -> impl Iterator<Item = &'a str> {
        let (prefix, name) = (self.prefix(), self.name);
        let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        lines.flat_map(|line| line.split(';')).filter_map(move |cookie| {
            cookie.trim().strip_prefix(prefix)?.strip_prefix(name)?.strip_prefix('=')
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAMED: CookieSpec = CookieSpec {
        name: "panel",
        host: true,
        same_site: SameSite::None,
        partitioned: true,
        max_age: Some(60),
    };
    const PLAIN: CookieSpec =
        CookieSpec { name: "mgmt", host: false, same_site: SameSite::Lax, partitioned: false, max_age: None };

    #[test]
    fn attributes_follow_the_spec() {
        let text = |header: Option<HeaderValue>| header.unwrap().to_str().unwrap().to_owned();
        assert_eq!(
            text(FRAMED.set("x")),
            "__Host-panel=x; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
        );
        assert_eq!(text(PLAIN.set("x")), "mgmt=x; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(text(PLAIN.removed()), "mgmt=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(PLAIN.set("line\nbreak"), None);
    }

    #[test]
    fn all_values_of_the_cookie_are_found() {
        let line = HeaderValue::from_static("mgmt=a; x=1;mgmt=b ; mgmtx=c; __Host-mgmt=d");
        let headers = HeaderMap::from_iter([(COOKIE, line)]);
        assert_eq!(PLAIN.values(&headers).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(FRAMED.values(&headers).count(), 0);
    }
}
