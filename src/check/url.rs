//! Whether two references name the same URL.
//! Must not judge syntax: that is `schema::uri`.

use url::Url;

use crate::http::encode::percent_decode;

/// Whether `a` and `b` are the same URL once both are resolved, fragments aside.
///
/// A relative reference resolves against `base` with a slash behind it; a path such as `/Users/1` also as a path
/// below the base, as endpoints are written in RFC 7643 §6. A segment such as `v2` does not count: RFC 7644 §3.13 lets
/// a server leave the version out.
pub fn same(a: &str, b: &str, base: &str) -> bool {
    let (a, b) = (readings(a, base), readings(b, base));
    a.iter()
        .any(|a| b.iter().any(|b| a == b || without_version(&unescaped(a)) == without_version(&unescaped(b))))
}

/// The URL as text, with no more escapes than tell it from another: `%3D` is `=`, `%2F` stays (RFC 3986 §6.2.2).
fn unescaped(url: &Url) -> String {
    let kept = url.as_str().replace("%2F", "%252F").replace("%2f", "%252F").replace("%3F", "%253F");
    percent_decode(&kept.replace("%23", "%2523"))
}

fn without_version(url: &str) -> String {
    let is_version = |segment: &str| {
        segment
            .strip_prefix(['v', 'V'])
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    url.split('/').filter(|segment| !is_version(segment)).collect::<Vec<_>>().join("/")
}

/// `reference` as an absolute URL, resolved against the URL `against` by RFC 3986 §5; `None` where that fails.
pub fn resolve(reference: &str, against: &str) -> Option<String> {
    Some(Url::parse(against).ok()?.join(reference).ok()?.into())
}

/// The values of the query parameter `name` in `url`, decoded.
pub fn query_values(url: &str, name: &str) -> Vec<String> {
    let Ok(url) = Url::parse(url) else { return Vec::new() };
    let pairs = url.query_pairs().filter(|(n, _)| n.eq_ignore_ascii_case(name));
    pairs.map(|(_, value)| value.into_owned()).collect()
}

fn readings(reference: &str, base: &str) -> Vec<Url> {
    let base = format!("{}/", base.trim_end_matches('/'));
    let Ok(base) = Url::parse(&base) else { return Vec::new() };
    let below = reference.strip_prefix('/').filter(|rest| !rest.starts_with('/'));
    let below = below.and_then(|rest| base.join(&format!("./{rest}")).ok());
    let mut urls: Vec<Url> = base.join(reference).ok().into_iter().chain(below).collect();
    for url in &mut urls {
        url.set_fragment(None);
    }
    urls
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://scim.example/v2";

    #[test]
    fn resolves_both_sides() {
        assert!(same("https://scim.example/v2/Users/1", "Users/1", BASE));
        assert!(same("/v2/Users/1", "https://scim.example:443/v2/Users/1", BASE));
        assert!(same("/Users/1", "https://SCIM.example/v2/Users/1", BASE));
        assert!(same("../v2/Users/1", "Users/1", BASE));
        assert!(same("https://scim.example/Users/1", "Users/1", BASE));
        assert!(same("Users/a=1,b", "https://scim.example/v2/Users/%61%3D1%2Cb", BASE));
        assert!(!same("Users/a/b", "Users/a%2Fb", BASE));
    }

    #[test]
    fn tells_others_apart() {
        assert!(!same("https://scim.example/v2/Users/1", "https://scim.example/v2/Users/2", BASE));
        assert!(!same("http://scim.example/v2/Users/1", "https://scim.example/v2/Users/1", BASE));
        assert!(!same("//other.example/Users/1", "Users/1", BASE));
        assert!(!same("", "https://[", BASE));
    }
}
