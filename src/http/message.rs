//! The HTTP messages that scimspec sends, receives and records.
//! Knows no transport and no SCIM.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Header fields in the order in which they were sent, names as they were spelled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    pub fn new() -> Self {
        Self::default()
    }

    /// The first value of `name`, compared without regard to case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.get_all(name).next()
    }

    /// Every value of `name`, in order.
    pub fn get_all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let name = name.to_ascii_lowercase();
        self.0.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(&name)).map(|(_, v)| v.as_str())
    }

    /// Replaces every field called `name` with one.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// Adds a field and keeps those of the same name.
    pub fn append(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        Self(fields.into_iter().map(|(n, v)| (n.into(), v.into())).collect())
    }
}

/// A request as it goes onto the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Upper-case method token.
    pub method: String,
    /// Origin-form request target, already percent-encoded: `/scim/v2/Users?count=1`.
    pub target: String,
    pub headers: Headers,
    pub body: Bytes,
}

impl Request {
    pub fn new(method: impl Into<String>, target: impl Into<String>) -> Self {
        Self { method: method.into(), target: target.into(), headers: Headers::new(), body: Bytes::new() }
    }

    /// The target without its query, still encoded.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query without its question mark, still encoded.
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }
}

/// A response as it came off the wire, nothing decoded and nothing followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub headers: Headers,
    pub body: Bytes,
    /// Bytes that followed where the message allows none (a 204 or 304 with content);
    /// only the raw transport can see them.
    pub stray: Bytes,
}

impl Response {
    pub fn new(status: u16) -> Self {
        Self { status, headers: Headers::new(), body: Bytes::new(), stray: Bytes::new() }
    }

    /// The body as JSON, or `None` where it is empty or not JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The media type of Content-Type, lower case, without parameters.
    pub fn media_type(&self) -> Option<String> {
        let value = self.headers.get("content-type")?;
        Some(value.split(';').next()?.trim().to_ascii_lowercase())
    }
}

/// Why no response came: the world's mistake, not yet a verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// DNS, refused connection, proxy: nothing was reached.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The TLS handshake failed (certificate, version, client certificate).
    #[error("TLS failed: {0}")]
    Tls(String),
    #[error("no complete answer within {0:?}")]
    Timeout(Duration),
    /// The connection broke or closed before the response was whole.
    #[error("connection lost: {0}")]
    Lost(String),
    /// What came is not HTTP/1.1 or HTTP/2, or contradicts its own framing.
    #[error("malformed HTTP response: {0}")]
    Malformed(String),
    #[error("response larger than the limit of {0} bytes")]
    TooLarge(usize),
}

/// One request and what became of it, as recorded: secrets are already redacted.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub request: Request,
    /// Absolute URL of the request.
    pub url: String,
    pub outcome: Result<Response, TransportError>,
    pub elapsed: Duration,
}
