//! Why a target cannot be judged at all, with what a person may do about it.
//! Asks nobody.

use serde_json::Value;

use crate::http::{Redactor, Response, TransportError};
use crate::target::NotSent;

/// Why a target cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("the target cannot be reached: {0}{hint}", hint = hint(.0))]
    Unreachable(TransportError),
    #[error("{0}")]
    NotSent(NotSent),
    #[error("the target refuses every request as unauthorised ({0})")]
    Unauthorised(u16),
    /// It is busy with each request, after the pauses that it asked for too.
    #[error("the target answers every request with {0}, after the pauses that it asks for too")]
    Busy(u16),
    /// Answers came, and none of them is one of SCIM.
    #[error(
        "nothing at this base URL answers as SCIM ({told}); {}",
        .meant.as_ref().map_or(
            "the base URL is what stands before /Users, often https://HOST/scim/v2".to_owned(),
            |meant| format!("did you mean `{meant}`?"),
        )
    )]
    NotScim {
        /// What came instead.
        told: String,
        /// The base URL that was probably meant.
        meant: Option<String>,
    },
}

/// What to do about a connection that does not come about.
fn hint(error: &TransportError) -> &'static str {
    match error {
        TransportError::Tls(why) if why.contains("InvalidContentType") => {
            "; does the target speak plain http://?"
        }
        TransportError::Tls(why) if why.contains("certificate") => {
            "; --cacert FILE trusts its authority, --insecure any certificate"
        }
        TransportError::Malformed(_) => "; does the target speak https://?",
        _ => "",
    }
}

/// The endpoints that RFC 7644 §3.2 has below a base URL.
const ENDPOINTS: &[&str] =
    &["/Users", "/Groups", "/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/Me", "/Bulk"];

/// Whether an answer can only come from something that knows SCIM, or at least serves JSON where SCIM has its endpoints.
pub(super) fn is_scim(response: &Response) -> bool {
    if matches!(response.status, 401 | 403) {
        // Something is there, and is guarded.
        return true;
    }
    let Some(document) = response.json().filter(|body| body.is_object() || body.is_array()) else {
        return false;
    };
    let named = document.get("schemas").and_then(Value::as_array).into_iter().flatten();
    let mut named = named.filter_map(Value::as_str);
    match response.status {
        200..=299 => true,
        // Whoever has no such endpoint says so in SCIM's words too, also at the base of something else.
        404 => false,
        _ => named.any(|schema| schema.starts_with("urn:ietf:params:scim:")),
    }
}

/// Why nothing is SCIM here: what the first request, which was for `path` below `base`, was answered with.
pub(super) fn not_scim(base: &str, path: &str, response: &Response, redactor: &Redactor) -> Unusable {
    let location = response.headers.get("location").filter(|_| (300..400).contains(&response.status));
    let what = match (location, response.status) {
        (Some(location), _) => format!(" and leads to {location}"),
        (None, 200..=299) => " with a body that is not JSON".to_owned(),
        (None, _) => String::new(),
    };
    let elsewhere = location.and_then(|url| url.strip_suffix(path)).filter(|url| url.contains("://"));
    let ending = |end: &&&str| {
        base.len() > end.len() && base.to_ascii_lowercase().ends_with(&end.to_ascii_lowercase())
    };
    let shorter = ENDPOINTS.iter().find(ending).and_then(|end| base.get(..base.len() - end.len()));
    Unusable::NotScim {
        told: redactor.text(&format!("GET {path} answers {}{what}", response.status)),
        meant: elsewhere.or(shorter).map(|meant| redactor.text(meant)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Response {
        let mut response = Response::new(status);
        response.body = body.as_bytes().to_vec().into();
        response
    }

    #[test]
    fn json_with_success_and_errors_of_scim_are_scim() {
        let error = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"x"}"#;
        for (status, body, expected) in [
            (200, "{}", true),
            (200, "[]", true),
            (200, "<html>", false),
            (200, "\"text\"", false),
            (501, error, true),
            (501, "{}", false),
            (404, error, false),
            (302, "", false),
            (401, "", true),
        ] {
            assert_eq!(is_scim(&answer(status, body)), expected, "{status} {body}");
        }
    }

    #[test]
    fn the_base_that_was_meant_is_told_where_it_can_be_seen() {
        let told = |base: &str, response: &Response| {
            not_scim(base, "/ServiceProviderConfig", response, &Redactor::default()).to_string()
        };
        let text = told("https://h", &answer(404, ""));
        assert!(
            text.contains("GET /ServiceProviderConfig answers 404") && text.contains("before /Users"),
            "{text}"
        );
        assert!(told("https://h/scim/Users", &answer(404, "")).ends_with("did you mean `https://h/scim`?"));
        let mut moved = answer(308, "");
        moved.headers.set("Location", "https://h/v2/ServiceProviderConfig".to_owned());
        assert!(told("https://h", &moved).ends_with("did you mean `https://h/v2`?"));
        let mut login = answer(302, "");
        login.headers.set("Location", "/login".to_owned());
        assert!(told("https://h", &login).contains("answers 302 and leads to /login"));
    }
}
