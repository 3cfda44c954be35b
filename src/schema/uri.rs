//! URI references by the syntax of RFC 3986, which RFC 7644 §1.2 asks of every URL in a message.
//! Must not resolve or mend: parsers for browsers do, and hide the mistake.

/// What makes `text` no URI reference, in a few words; `None` where it is one.
pub fn mistake(text: &str) -> Option<String> {
    if let Some(character) = text.chars().find(|c| !is_allowed(*c)) {
        return Some(format!("contains {character:?}, which must be percent-encoded"));
    }
    if has_bad_escape(text) {
        return Some("contains a % without two hexadecimal digits behind it".to_owned());
    }
    if text.matches('#').count() > 1 {
        return Some("contains # twice".to_owned());
    }
    let (scheme, rest) = split_scheme(text);
    if scheme.is_none() && first_segment(text).contains(':') {
        return Some("starts with what is no URI scheme".to_owned());
    }
    let Some(rest) = rest.strip_prefix("//") else {
        return rest.contains(['[', ']']).then(|| "contains a square bracket outside the host".to_owned());
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if path.contains(['[', ']']) {
        return Some("contains a square bracket outside the host".to_owned());
    }
    authority_mistake(authority, scheme)
}

/// Whether `text` is a URI or a relative reference.
pub fn is_reference(text: &str) -> bool {
    mistake(text).is_none()
}

/// Whether `text` is a URI with a scheme.
pub fn is_absolute(text: &str) -> bool {
    is_reference(text) && split_scheme(text).0.is_some()
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c)
}

fn has_bad_escape(text: &str) -> bool {
    text.split('%').skip(1).any(|part| {
        let mut bytes = part.bytes();
        !(0..2).all(|_| bytes.next().is_some_and(|b| b.is_ascii_hexdigit()))
    })
}

fn first_segment(text: &str) -> &str {
    text.split(['/', '?', '#']).next().unwrap_or_default()
}

fn split_scheme(text: &str) -> (Option<&str>, &str) {
    match text.split_once(':') {
        Some((scheme, rest))
            if scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) =>
        {
            (Some(scheme), rest)
        }
        _ => (None, text),
    }
}

fn authority_mistake(authority: &str, scheme: Option<&str>) -> Option<String> {
    let host_port = authority.rsplit_once('@').map_or(authority, |(_, rest)| rest);
    let (host, port) = match host_port.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((host, rest)) => (host, rest.strip_prefix(':').unwrap_or(rest)),
            None => return Some("contains a host without its closing bracket".to_owned()),
        },
        None => host_port.split_once(':').unwrap_or((host_port, "")),
    };
    if !port.bytes().all(|b| b.is_ascii_digit()) {
        return Some("contains a port that is no number".to_owned());
    }
    let web = scheme.is_some_and(|s| s.eq_ignore_ascii_case("http") || s.eq_ignore_ascii_case("https"));
    (web && host.is_empty()).then(|| "has no host".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_uris_and_references() {
        for text in [
            "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
            "https://[2001:db8::1]:8443/Users/a%20b?x=%22#f",
            "../Users/1",
            "/Users/1",
            "Users/1",
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "mailto:ada@example.com",
            "file:///etc/passwd",
            "",
        ] {
            assert_eq!(mistake(text), None, "{text}");
        }
    }

    #[test]
    fn tells_each_mistake() {
        for (text, word) in [
            ("https://example.com/a b", "' '"),
            ("https://example.com/\"x\"", "'\"'"),
            ("https://example.com/é", "'é'"),
            ("https://example.com/50%", "%"),
            ("https://example.com/%zz", "%"),
            ("https://example.com/a[0]", "square bracket"),
            ("/a[0]", "square bracket"),
            ("https://example.com:80a/", "port"),
            ("https:///Users/1", "no host"),
            ("https://[::1/", "closing bracket"),
            ("1a:b", "scheme"),
            ("a#b#c", "twice"),
        ] {
            assert!(mistake(text).is_some_and(|m| m.contains(word)), "{text}: {:?}", mistake(text));
        }
    }

    #[test]
    fn absolute_needs_a_scheme() {
        assert!(is_absolute("https://example.com/"));
        assert!(!is_absolute("/Users/1"));
    }
}
