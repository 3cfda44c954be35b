//! Answers in the shapes that GitLab gives them: resources, three kinds of error, pages.
//! Knows no endpoint.

use serde_json::{Value, json};

use crate::http::{Request, Response};
use crate::scim::urn;

use super::body::Api;

/// An answer before it becomes bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub status: u16,
    headers: Vec<(&'static str, String)>,
    body: Body,
}

#[derive(Debug, Clone, PartialEq)]
enum Body {
    Nothing,
    /// JSON, in the media type of the API.
    Json(Value),
    Text {
        media_type: &'static str,
        text: String,
    },
}

impl Reply {
    /// No body, as with a 204.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Body::Nothing }
    }

    pub fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: Body::Json(body) }
    }

    /// A plain text.
    pub fn text(status: u16, text: &str) -> Self {
        let text = text.to_owned();
        Self { status, headers: Vec::new(), body: Body::Text { media_type: "text/plain", text } }
    }

    /// A page for people.
    pub fn page(status: u16, title: &str) -> Self {
        let text = format!(
            "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>{title}</body></html>\n"
        );
        let media_type = "text/html; charset=utf-8";
        Self { status, headers: Vec::new(), body: Body::Text { media_type, text } }
    }

    /// An error of the framework: `{"error": …}`.
    pub fn error(status: u16, text: &str) -> Self {
        Self::json(status, json!({ "error": text }))
    }

    /// An error of GitLab's own: `{"message": …}`.
    pub fn message(status: u16, text: &str) -> Self {
        Self::json(status, json!({ "message": text }))
    }

    /// An error of SCIM.
    pub fn scim_error(status: u16, detail: &str) -> Self {
        Self::json(status, json!({ "schemas": [urn::ERROR], "detail": detail, "status": status }))
    }

    /// What is answered where nobody knows what GitLab answers: values of a wrong type.
    pub fn unsuitable() -> Self {
        Self::message(400, "400 Bad request")
    }

    /// An exception that nobody caught.
    pub fn broken() -> Self {
        Self::message(500, "500 Internal Server Error")
    }

    /// Null bytes, and what is no UTF-8.
    pub fn bad_request() -> Self {
        Self::text(400, "Bad Request")
    }

    pub fn unauthorized() -> Self {
        Self::message(401, "401 Unauthorized")
    }

    /// Without saying what there is not.
    pub fn not_found() -> Self {
        Self::message(404, "404 Not Found")
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The JSON of the body; null where it is none.
    #[cfg(test)]
    pub fn json_body(&self) -> Value {
        match &self.body {
            Body::Json(body) => body.clone(),
            _ => Value::Null,
        }
    }

    /// The response to a request to one of the APIs, or to a page.
    pub fn into_response(self, request: &Request, api: Option<Api>) -> Response {
        let mut response = Response::new(self.status);
        response.headers.set("X-Frame-Options", "SAMEORIGIN");
        response.headers.set("X-Content-Type-Options", "nosniff");
        for (name, value) in self.headers {
            response.headers.set(name, value);
        }
        let (media_type, text) = match self.body {
            Body::Nothing => return response,
            Body::Json(body) => (api.unwrap_or(Api::Rest).media_type(), body.to_string()),
            Body::Text { media_type, text } => (media_type, text),
        };
        response.headers.set("Content-Type", media_type);
        if request.method != "HEAD" {
            response.body = text.into();
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_an_error_is_a_number() {
        let reply = Reply::scim_error(404, "Resource nobody-1 not found");
        let text = reply.into_response(&Request::new("GET", "/"), Some(Api::Scim));
        assert_eq!(
            String::from_utf8_lossy(&text.body),
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"Resource nobody-1 not found","status":404}"#
        );
        assert_eq!(text.headers.get("Content-Type"), Some("application/scim+json"));
    }

    #[test]
    fn a_204_has_neither_body_nor_media_type() {
        let response = Reply::empty(204).into_response(&Request::new("PATCH", "/"), Some(Api::Scim));
        assert!(response.body.is_empty() && response.headers.get("Content-Type").is_none());
        assert_eq!(response.headers.get("X-Frame-Options"), Some("SAMEORIGIN"));
    }

    #[test]
    fn head_has_the_header_fields_of_get() {
        let response =
            Reply::error(405, "405 Not Allowed").into_response(&Request::new("HEAD", "/"), Some(Api::Scim));
        assert!(response.body.is_empty() && response.headers.get("Content-Type").is_some());
    }
}
