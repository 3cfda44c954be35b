//! URLs as places of resources: what lies below what, and which are the same.
//! Knows no request.

use crate::http::encode::{decode, path_encode};

/// Absolute URL of the resource `id` at an endpoint.
pub(super) fn child(endpoint: &str, id: &str) -> String {
    let endpoint = endpoint.split(['?', '#']).next().unwrap_or(endpoint).trim_end_matches('/');
    format!("{endpoint}/{}", path_encode(id))
}

/// `reference` as an absolute URL: an absolute one as it is, one with a path from the host on, any other below `base`.
pub(super) fn resolve(reference: &str, base: &str) -> Option<String> {
    if reference.starts_with("http://") || reference.starts_with("https://") {
        return Some(reference.to_owned());
    }
    if reference.is_empty() || reference.starts_with("//") || reference.contains("://") {
        return None;
    }
    let base = base.trim_end_matches('/');
    let (origin, path) = split(base);
    // Seen from a resource, as in RFC 7643 §8.
    let reference = reference.strip_prefix("../").unwrap_or(reference);
    match reference.strip_prefix('/') {
        // Servers give both `/scim/v2/Users/1` and `/Users/1`.
        Some(_) if is_at_or_below(reference, path) => Some(format!("{origin}{reference}")),
        Some(rest) => Some(format!("{base}/{rest}")),
        None => Some(format!("{base}/{reference}")),
    }
}

fn is_at_or_below(path: &str, base_path: &str) -> bool {
    !base_path.is_empty() && path.strip_prefix(base_path).is_some_and(|rest| rest.starts_with('/'))
}

/// `url` with the scheme and host of `base`.
pub(super) fn on_host_of(base: &str, url: &str) -> String {
    format!("{}{}", split(base).0, split(url).1)
}

/// Whether `url` lies below `base`, and not at it.
pub(super) fn is_below(url: &str, base: &str) -> bool {
    let (url, base) = (key(url), key(base));
    let below = url.strip_prefix(base.as_str()).and_then(|rest| rest.strip_prefix('/'));
    below.is_some_and(|rest| {
        !rest.is_empty() && !rest.split('/').any(|segment| segment == ".." || segment == ".")
    })
}

/// The path of `url` below `base`, still encoded: `/Users/1`. Without query.
pub(super) fn below(url: &str, base: &str) -> Option<String> {
    if !is_below(url, base) {
        return None;
    }
    let url = url.split(['?', '#']).next().unwrap_or(url);
    let (_, path) = split(url);
    let (_, base_path) = split(base.trim_end_matches('/'));
    // Encoded alike in all but odd cases; else the decoded form is as good.
    match path.strip_prefix(base_path) {
        Some(rest) => Some(rest.to_owned()),
        None => key(url).strip_prefix(&key(base)).map(str::to_owned),
    }
}

/// The same for all spellings of one place: decoded path, host in lower case, no query, no slash at the end.
pub(super) fn key(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/');
    let (origin, path) = split(url);
    let origin = origin.to_ascii_lowercase();
    let origin = match origin.split_once("://") {
        Some(("http", _)) => origin.strip_suffix(":80").unwrap_or(&origin),
        Some(("https", _)) => origin.strip_suffix(":443").unwrap_or(&origin),
        _ => &origin,
    };
    format!("{origin}{}", decode(path))
}

/// Scheme and authority, and the rest.
fn split(url: &str) -> (&str, &str) {
    let authority = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(authority..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| authority + at);
    url.split_at_checked(end).unwrap_or((url, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://Example.com/scim/v2";

    #[test]
    fn one_place_has_one_key() {
        let key_of = key("https://example.com/scim/v2/Users/a b");
        for same in [
            "https://EXAMPLE.com/scim/v2/Users/a%20b",
            "https://example.com:443/scim/v2/Users/a%20b/",
            "https://example.com/scim/v2/Users/a%20b?attributes=id",
        ] {
            assert_eq!(key(same), key_of, "{same}");
        }
        assert_ne!(key("https://example.com/scim/v2/Users/A%20B"), key_of);
    }

    #[test]
    fn references_resolve_against_host_or_base() {
        for (reference, url) in [
            ("/scim/v2/Users/1", "https://Example.com/scim/v2/Users/1"),
            ("/Users/1", "https://Example.com/scim/v2/Users/1"),
            ("Users/1", "https://Example.com/scim/v2/Users/1"),
            ("http://other/Users/1", "http://other/Users/1"),
        ] {
            assert_eq!(resolve(reference, BASE).as_deref(), Some(url));
        }
        assert_eq!(resolve("ftp://x/y", BASE), None);
        assert_eq!(resolve("//host/x", BASE), None);
    }

    #[test]
    fn only_what_lies_below_the_base_is_ours_to_ask() {
        assert!(is_below("https://example.com/scim/v2/Users/1", BASE));
        for no in [
            "https://example.com/scim/v2",
            "https://example.com/scim/v2/",
            "https://example.com/scim/v21/Users",
            "https://evil.example/scim/v2/Users/1",
            "https://example.com/scim/v2/../admin",
            "https://example.com/scim/v2/%2e%2e/admin",
        ] {
            assert!(!is_below(no, BASE), "{no}");
        }
        assert_eq!(
            below("https://example.com/scim/v2/Users/a%20b?x=1", BASE).as_deref(),
            Some("/Users/a%20b")
        );
    }
}
