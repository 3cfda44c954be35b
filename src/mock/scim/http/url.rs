//! The request target and the Host header: path segments, query parameters, base URL.
//! Knows no endpoint.

use crate::http::Request;
use crate::mock::scim::error::ScimError;
use crate::mock::scim::leniency::{Leniencies, Leniency};
use crate::mock::scim::settings::Settings;

/// A request target, decoded.
#[derive(Debug, PartialEq, Eq)]
pub struct Url {
    pub segments: Vec<String>,
    pub parameters: Vec<(String, String)>,
}

impl Url {
    /// One slash at the end does not count. A plus sign stands for itself unless the service is lenient. Malformed percent-encoding is a 400.
    pub fn parse(request: &Request, lenient: &Leniencies) -> Result<Self, ScimError> {
        let path = request.path().strip_prefix('/').unwrap_or(request.path());
        let path = path.strip_suffix('/').unwrap_or(path);
        let segments = match path {
            "" => Vec::new(),
            path => path.split('/').map(decode).collect::<Result<_, _>>()?,
        };
        let query = request.query().unwrap_or_default();
        let query = match lenient.has(Leniency::FormQueries) {
            true => query.replace('+', " "),
            false => query.to_owned(),
        };
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let parameters = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        });
        Ok(Self { segments, parameters: parameters.collect::<Result<_, ScimError>>()? })
    }

    /// The segments below the base path; `None` outside of it.
    pub fn below<'a>(&'a self, base_path: &str) -> Option<&'a [String]> {
        let base: Vec<&str> = base_path.split('/').filter(|segment| !segment.is_empty()).collect();
        let (head, rest) = self.segments.split_at_checked(base.len())?;
        (head == base).then_some(rest)
    }
}

/// Decodes `%xx`; a plus sign stands for itself (RFC 3986).
fn decode(text: &str) -> Result<String, ScimError> {
    let malformed = || ScimError::new(400, "the request URI is not properly percent-encoded UTF-8");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16)).ok_or_else(malformed);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).map_err(|_| malformed())?);
    }
    String::from_utf8(bytes).map_err(|_| malformed())
}

/// The absolute base URL, on the host that the client used.
pub fn base_url(request: &Request, settings: &Settings) -> Result<String, ScimError> {
    let host = request.headers.get("Host").map(str::trim).filter(|host| !host.is_empty());
    let host = host.unwrap_or(&settings.default_host);
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~:[]%".contains(&b);
    if !host.bytes().all(allowed) {
        return Err(ScimError::new(400, "the Host header is malformed"));
    }
    Ok(format!("{}://{host}{}", settings.scheme, settings.base_path.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(target: &str) -> Result<Url, u16> {
        Url::parse(&Request::new("GET", target), &Leniencies::default()).map_err(|error| error.status)
    }

    #[test]
    fn targets_are_decoded() {
        let parsed = url("/scim/v2/Users/a%2Fb/?filter=userName%20eq%20%22a+b%22&x&count=").unwrap();
        assert_eq!(parsed.segments, ["scim", "v2", "Users", "a/b"]);
        let pairs: Vec<(&str, &str)> =
            parsed.parameters.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(pairs, [("filter", r#"userName eq "a+b""#), ("x", ""), ("count", "")]);
        assert_eq!(parsed.below("/scim/v2").unwrap(), ["Users", "a/b"]);
        assert_eq!(parsed.below("/scim/v3"), None);
        assert_eq!(url("/scim").unwrap().below("/scim/v2"), None);
        for malformed in ["/%", "/%2", "/%zz", "/?a=%ff", "/%+1"] {
            assert_eq!(url(malformed), Err(400), "{malformed}");
        }
    }
}
