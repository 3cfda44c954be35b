//! Request bodies: media type, size and JSON.
//! Knows no message.

use serde_json::Value;

use crate::http::Request;
use crate::mock::scim::error::{ScimError, ScimType};
use crate::mock::scim::resource::Attributes;

/// The JSON object in a request's body of at most `limit` bytes.
pub fn object(request: &Request, limit: usize, limit_name: &str) -> Result<Attributes, ScimError> {
    check_media_type(request)?;
    if request.body.len() > limit {
        let detail = format!("the body has {} bytes, {limit_name} is {limit}", request.body.len());
        return Err(ScimError::new(413, detail));
    }
    let syntax = |detail: String| ScimError::bad(ScimType::InvalidSyntax, detail);
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(syntax("the body must be a JSON object".to_owned())),
        Err(error) => Err(syntax(format!("the body is not valid JSON: {error}"))),
    }
}

/// SCIM's own media type, JSON's, or none at all; in UTF-8 (RFC 7644 §3.8).
fn check_media_type(request: &Request) -> Result<(), ScimError> {
    let Some(value) = request.headers.get("Content-Type") else { return Ok(()) };
    let mut parts = value.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let known = ["application/scim+json", "application/json"];
    let utf8 = parts.filter_map(|part| part.split_once('=')).all(|(name, charset)| {
        !name.trim().eq_ignore_ascii_case("charset")
            || charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
    });
    if utf8 && known.iter().any(|known| known.eq_ignore_ascii_case(media_type)) {
        return Ok(());
    }
    Err(ScimError::new(415, format!("{value:?} is not supported, send application/scim+json in UTF-8")))
}
