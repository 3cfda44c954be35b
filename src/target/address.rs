//! Base URLs and what lies below them: where requests may go.
//! Sends nothing.

use url::{Position, Url};

use crate::http::encode::sendable;

/// A base URL without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    url: Url,
}

/// Why a base URL cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadBase {
    #[error("`{text}` is not a URL: {message}")]
    NotUrl { text: String, message: String },
    #[error("`{0}` is neither an http nor an https URL")]
    Scheme(String),
    #[error("a base URL has no query: `{0}`")]
    Query(String),
    #[error("a base URL has no fragment: `{0}`")]
    Fragment(String),
    #[error("a base URL holds no user name or password; give them as credentials")]
    UserInfo,
}

/// Why nothing is sent to an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("`{0}` lies on another host than the target, and is not asked")]
    OtherOrigin(String),
    #[error("`{0}` is not a URL")]
    NotUrl(String),
    #[error("the target has no base called `{0}`")]
    NoBase(String),
    #[error("the target has no credential called `{0}`")]
    NoCredential(String),
}

/// Where one request goes: a host, and a request target that is sent byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Scheme, host and port; its path does not count.
    pub origin: Url,
    /// Origin-form request target: `/scim/v2/Users?count=1`.
    pub target: String,
}

impl Address {
    /// The absolute URL, as it will be sent.
    pub fn url(&self) -> String {
        format!("{}{}", &self.origin[..Position::BeforePath], self.target)
    }

    /// Adds a query that is already encoded, behind the one that is there.
    pub fn with_query(mut self, query: &str) -> Self {
        if !query.is_empty() {
            self.target.push(if self.target.contains('?') { '&' } else { '?' });
            self.target.push_str(&sendable(query));
        }
        self
    }
}

impl Base {
    /// Reads a base URL; a slash at its end does not count.
    pub fn parse(text: &str) -> Result<Self, BadBase> {
        let text = text.trim();
        let mut url = Url::parse(text)
            .map_err(|error| BadBase::NotUrl { text: without_userinfo(text), message: error.to_string() })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadBase::UserInfo);
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BadBase::Scheme(text.to_owned()));
        }
        if url.query().is_some() {
            return Err(BadBase::Query(text.to_owned()));
        }
        if url.fragment().is_some() {
            return Err(BadBase::Fragment(text.to_owned()));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self { url })
    }

    /// The URL; one without a path ends in the slash that URLs need.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The URL as text, never with a slash at its end.
    pub fn text(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// Its path without a slash at the end: `/scim/v2`, or nothing.
    pub fn path(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    /// Servers give both `/scim/v2/Users/1` and `/Users/1`, and as RFC 7643 §8 does `../Users/1`, seen from a resource.
    fn below(&self, path: &str) -> Address {
        let path = path.strip_prefix("../").unwrap_or(path);
        let slash = if path.is_empty() || path.starts_with(['/', '?']) { "" } else { "/" };
        let from_host = !self.path().is_empty()
            && path.strip_prefix(self.path()).is_some_and(|rest| rest.starts_with('/'));
        let base = if from_host { "" } else { self.path() };
        let mut target = sendable(&format!("{base}{slash}{path}"));
        if !target.starts_with('/') {
            target.insert(0, '/');
        }
        Address { origin: self.url.clone(), target }
    }
}

/// The address of a path below `base`, or of an absolute URL on the host of one of `bases`.
pub(super) fn locate<'a>(
    base: &Base,
    mut bases: impl Iterator<Item = &'a Base>,
    path_or_url: &str,
) -> Result<Address, Refused> {
    let Some(rest) = after_scheme(path_or_url) else { return Ok(base.below(path_or_url)) };
    let url = Url::parse(path_or_url).map_err(|_| Refused::NotUrl(path_or_url.to_owned()))?;
    let known = bases.find(|known| known.url.origin() == url.origin());
    let Some(known) = known else { return Err(Refused::OtherOrigin(path_or_url.to_owned())) };
    let start = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let target = rest.get(start..).unwrap_or_default().split('#').next().unwrap_or_default();
    let slash = if target.starts_with('/') { "" } else { "/" };
    Ok(Address { origin: known.url.clone(), target: sendable(&format!("{slash}{target}")) })
}

/// What is no URL as it may be told: it may still hold a password.
fn without_userinfo(text: &str) -> String {
    text.rsplit_once('@').map_or_else(|| text.to_owned(), |(_, host)| format!("…@{host}"))
}

/// What follows `http://` or `https://`, where the text is an absolute URL.
fn after_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let name = !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    name.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn located(base: &str, path: &str) -> Result<String, Refused> {
        let base = Base::parse(base).expect("a base");
        locate(&base, std::iter::once(&base), path).map(|address| address.url())
    }

    #[test]
    fn a_slash_at_the_end_does_not_count() {
        for base in ["https://example.org/scim/v2", "https://example.org/scim/v2//"] {
            assert_eq!(located(base, "/Users").expect("below"), "https://example.org/scim/v2/Users");
            assert_eq!(located(base, "Users").expect("below"), "https://example.org/scim/v2/Users");
            assert_eq!(located(base, "").expect("below"), "https://example.org/scim/v2");
            assert_eq!(located(base, "?a=b").expect("below"), "https://example.org/scim/v2?a=b");
        }
        assert_eq!(located("http://h:8080", "").expect("below"), "http://h:8080/");
        assert_eq!(Base::parse("http://h:8080/").expect("a base").text(), "http://h:8080");
    }

    #[test]
    fn a_relative_reference_of_a_server_leads_below_the_base_however_it_is_written() {
        for reference in ["/scim/v2/Users/1", "/Users/1", "Users/1", "../Users/1"] {
            let url = located("https://h/scim/v2", reference).expect("below");
            assert_eq!(url, "https://h/scim/v2/Users/1", "{reference}");
        }
        assert_eq!(located("https://h/scim", "/scimmy/1").expect("below"), "https://h/scim/scimmy/1");
        assert_eq!(located("https://h", "/Users/1").expect("below"), "https://h/Users/1");
    }

    #[test]
    fn what_is_no_base_is_told() {
        assert!(matches!(Base::parse("example"), Err(BadBase::NotUrl { .. })));
        assert!(matches!(Base::parse("ftp://example.org"), Err(BadBase::Scheme(_))));
        assert!(matches!(Base::parse("http://example.org/?a"), Err(BadBase::Query(_))));
        assert!(matches!(Base::parse("http://example.org/#a"), Err(BadBase::Fragment(_))));
        for text in ["http://ada:hunter2@example.org/", "http://ada:hunter2@example.org:port/"] {
            let error = Base::parse(text).expect_err("refused");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn bytes_of_a_path_stay_as_they_are() {
        let url = located("http://h/v2", "/a/../%7euser//b?x=\"y\"&z=a+b").expect("below");
        assert_eq!(url, "http://h/v2/a/../%7euser//b?x=\"y\"&z=a+b");
        assert_eq!(located("http://h/v2", "/a b\r\nX: y").expect("below"), "http://h/v2/a%20b%0D%0AX:%20y");
    }

    #[test]
    fn absolute_urls_stay_on_the_host() {
        assert_eq!(
            located("https://h/v2", "https://H:443/v2/Users/1?a#b").expect("own"),
            "https://h/v2/Users/1?a"
        );
        assert_eq!(located("https://h/v2", "https://h").expect("own"), "https://h/");
        for other in [
            "https://evil/v2/Users/1",
            "http://h/v2/Users/1",
            "https://h:444/",
            "https://h@evil/",
            "https://h.evil/",
            "ftp://h/v2",
        ] {
            assert!(matches!(located("https://h/v2", other), Err(Refused::OtherOrigin(_))), "{other}");
        }
        assert!(matches!(located("https://h/v2", "https://"), Err(Refused::NotUrl(_))));
        assert_eq!(located("https://h/v2", "//evil/x").expect("a path"), "https://h/v2//evil/x");
        assert_eq!(located("https://h/v2", "https://h\\@evil/x").expect("own host"), "https://h/\\@evil/x");
    }

    #[test]
    fn a_query_is_added_behind_the_one_that_is_there() {
        let base = Base::parse("http://h").expect("a base");
        let address = base.below("/Users?a=b").with_query("c=d e").with_query("");
        assert_eq!(address.target, "/Users?a=b&c=d%20e");
    }

    proptest::proptest! {
        #[test]
        fn no_text_leads_away_or_breaks_the_request_line(text in "(https?://)?(h|H|evil|@)?[/\\\\:.?#@\\PC\r\n ]{0,30}") {
            if let Ok(url) = located("https://h/v2", &text) {
                proptest::prop_assert!(url.starts_with("https://h/"), "{}", url);
                proptest::prop_assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "{}", url);
            }
        }
    }
}
