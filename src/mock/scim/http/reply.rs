//! What the service answers, before and after it becomes bytes.
//! Knows no endpoint.

use bytes::Bytes;
use serde_json::Value;

use crate::http::{Headers, Request, Response};
use crate::mock::scim::error::ScimError;

const SCIM_JSON: &str = "application/scim+json";
const JSON: &str = "application/json";

/// An answer whose body is still JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<Value>,
}

impl Reply {
    pub fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None }
    }

    pub fn json(status: u16, body: Value) -> Self {
        Self { body: Some(body), ..Self::new(status) }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The value of a header field that the reply has.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }

    /// The response to a request, in the media type that it asks for.
    pub fn into_response(self, request: &Request) -> Response {
        let mut response = Response::new(self.status);
        let fields = self.headers.into_iter();
        response.headers = fields.collect::<Headers>();
        if let Some(body) = self.body {
            response.headers.set("Content-Type", media_type(&request.headers));
            if request.method != "HEAD" {
                response.body = Bytes::from(body.to_string());
            }
        }
        response
    }
}

impl From<ScimError> for Reply {
    fn from(error: ScimError) -> Self {
        let body = error.to_json();
        Self { status: error.status, headers: error.headers, body: Some(body) }
    }
}

/// `application/json` only for clients that accept it and not SCIM's own type (RFC 7644 §3.8).
fn media_type(headers: &Headers) -> &'static str {
    let accepted: Vec<&str> = headers.get_all("Accept").flat_map(|value| value.split(',')).collect();
    let accepts = |media_type: &str| {
        accepted.iter().any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let is_it = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(media_type));
            is_it && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    };
    let accepts_scim = [SCIM_JSON, "application/*", "*/*"].iter().any(|range| accepts(range));
    if !accepts_scim && accepts(JSON) { JSON } else { SCIM_JSON }
}
