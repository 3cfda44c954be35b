//! Requests taken apart and answers put together, as GitLab's frameworks do it.
//! Knows no account.

pub mod body;
pub mod nested;
pub mod path;
pub mod reply;
pub mod route;
pub mod ruby;

use serde_json::{Map, Value};

use crate::http::Request;

/// Parameters by name, in the order in which they came.
pub type Params = Map<String, Value>;

/// What a request asks for, decoded.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    pub request: &'a Request,
    /// Parameters of query and body, the body's in the place of those of the same name.
    pub params: Params,
}

impl Call<'_> {
    /// The method, HEAD as GET.
    pub fn method(&self) -> &str {
        match self.request.method.as_str() {
            "HEAD" => "GET",
            method => method,
        }
    }

    /// A parameter that is a text and not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.params.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// The origin that the client used: `http://host:port`.
    pub fn origin(&self, scheme: &str) -> String {
        let host = self.request.headers.get("Host").map(str::trim).unwrap_or_default();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:[]".contains(&byte);
        match !host.is_empty() && host.bytes().all(fits) {
            true => format!("{scheme}://{host}"),
            false => format!("{scheme}://localhost"),
        }
    }
}
