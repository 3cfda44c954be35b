//! Bearer tokens (RFC 6750): who asks, in which tenant.
//! Knows no endpoint.

use crate::http::Request;
use crate::mock::scim::error::ScimError;
use crate::mock::scim::leniency::Leniency;
use crate::mock::scim::policy::Credentials;
use crate::mock::scim::settings::Settings;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub tenant: String,
    /// userName or id of the User behind `/Me`.
    pub user: Option<String>,
}

/// The caller that the Authorization header stands for; else 401 with a challenge, or 403 for a token that does not
/// allow the request (RFC 6750 §3.1).
pub fn caller(request: &Request, settings: &Settings) -> Result<Caller, ScimError> {
    let sent = request.headers.get("Authorization").map(str::trim);
    let is_read = matches!(request.method.as_str(), "GET" | "HEAD");
    let bearer = sent.and_then(|value| value.split_once(' ')).and_then(|(scheme, token)| {
        scheme.eq_ignore_ascii_case("Bearer").then_some(token.trim()).filter(|token| !token.is_empty())
    });
    let raw = sent.filter(|_| settings.policy.lenient.has(Leniency::RawToken));
    let raw = raw.filter(|sent| settings.tokens.iter().any(|token| token.value == *sent));
    match bearer.or(raw) {
        Some(bearer) => match settings.tokens.iter().find(|token| is_token(bearer, &token.value, settings)) {
            Some(token) if token.read_only && !reads(request, settings) => Err(forbidden()),
            Some(token) => Ok(Caller { tenant: token.tenant.clone(), user: token.user.clone() }),
            None if settings.policy.credentials == Credentials::AnyBearer => Ok(anybody()),
            None => Err(unauthorized("the bearer token is not valid", r#", error="invalid_token""#)),
        },
        None if sent.is_none() && !settings.require_auth => Ok(anybody()),
        None if settings.policy.credentials == Credentials::CheckedForReads && !is_read => Ok(anybody()),
        None if is_unchecked(request, settings) => Ok(anybody()),
        None => Err(unauthorized("a bearer token is required", "")),
    }
}

fn is_token(sent: &str, token: &str, settings: &Settings) -> bool {
    let is_beginning = || token.strip_prefix(sent).is_some_and(|rest| rest.chars().count() == 1);
    sent == token || (settings.policy.credentials == Credentials::Beginning && is_beginning())
}

fn is_unchecked(request: &Request, settings: &Settings) -> bool {
    matches!(settings.policy.credentials, Credentials::UncheckedAt(part) if request.path().contains(part))
}

fn reads(request: &Request, settings: &Settings) -> bool {
    match request.method.as_str() {
        "GET" | "HEAD" | "OPTIONS" => true,
        "PUT" => settings.policy.credentials == Credentials::ReadersReplace,
        "POST" => request.path().ends_with("/.search"),
        _ => false,
    }
}

fn anybody() -> Caller {
    Caller { tenant: Settings::DEFAULT_TENANT.to_owned(), user: None }
}

/// An error code only where a token was sent (RFC 6750 §3.1).
fn unauthorized(detail: &str, error: &str) -> ScimError {
    ScimError::new(401, detail).header("WWW-Authenticate", format!("Bearer realm=\"scim\"{error}"))
}

fn forbidden() -> ScimError {
    ScimError::new(403, "the bearer token is for reading only")
        .header("WWW-Authenticate", r#"Bearer realm="scim", error="insufficient_scope""#)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::scim::settings::Token;

    fn status(method: &str, target: &str) -> Option<u16> {
        let settings = Settings { tokens: vec![Token::new("t").read_only()], ..Settings::default() };
        let mut request = Request::new(method, target);
        request.headers.set("Authorization", "Bearer t");
        caller(&request, &settings).err().map(|error| error.status)
    }

    #[test]
    fn a_token_for_reading_does_not_write() {
        assert_eq!(status("GET", "/scim/v2/Users"), None);
        assert_eq!(status("POST", "/scim/v2/Users/.search"), None);
        assert_eq!(status("POST", "/scim/v2/Users"), Some(403));
        assert_eq!(status("DELETE", "/scim/v2/Users/1"), Some(403));
    }
}
